//! What a server says, in our words.

use domain::name::TableName;
use sqlx::mysql::MySqlDatabaseError;

use super::super::SourceError;
use super::session::Trouble;

/// The error for what we tried, when no table is at stake.
pub fn of(trouble: Trouble, what: &str) -> SourceError {
    told(trouble, what, None)
}

/// The error for what we tried with a table.
pub fn of_table(trouble: Trouble, table: &TableName) -> SourceError {
    told(trouble, &format!("table {table}"), Some(table))
}

fn told(trouble: Trouble, what: &str, table: Option<&TableName>) -> SourceError {
    let kind = kind(&trouble);
    // What a server says of an account, a table or a limit holds no value of a row.
    let what = match said(&trouble) {
        Some(said) => format!("{what}: {said}"),
        None => what.to_owned(),
    };
    let cause = Some(trouble.into());
    match (kind, table) {
        (Kind::Gone, Some(table)) => SourceError::Gone { table: table.clone() },
        (Kind::Changed, Some(table)) => SourceError::Changed { table: table.clone(), what },
        (Kind::Away | Kind::Changed, _) => SourceError::Away { what, cause },
        (Kind::Denied, _) => SourceError::Denied { what, cause },
        (Kind::Damaged, _) => SourceError::Damaged { what, cause },
        (Kind::Gone | Kind::Other, _) => SourceError::Other { what, cause },
    }
}

/// The error's number and sentence, when the server itself answered.
pub fn answer(trouble: &Trouble) -> Option<(u16, &str)> {
    let Trouble::Sql(sqlx::Error::Database(error)) = trouble else { return None };
    error.try_downcast_ref::<MySqlDatabaseError>().map(|error| (error.number(), error.message()))
}

/// What to tell people of it.
pub fn said(trouble: &Trouble) -> Option<String> {
    match trouble {
        Trouble::Silent(_) | Trouble::Odd(_) | Trouble::Old(..) => Some(trouble.to_string()),
        Trouble::Sql(sqlx::Error::Io(problem)) => Some(problem.to_string()),
        Trouble::Sql(sqlx::Error::Tls(problem)) => Some(problem.to_string()),
        Trouble::Sql(_) => answer(trouble).map(|(_, message)| message.to_owned()),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Away,
    Denied,
    Gone,
    Changed,
    Damaged,
    Other,
}

fn kind(trouble: &Trouble) -> Kind {
    match trouble {
        Trouble::Silent(_) => Kind::Away,
        Trouble::Odd(_) | Trouble::Old(..) => Kind::Other,
        Trouble::Sql(sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_)) => Kind::Away,
        Trouble::Sql(_) => answer(trouble).map_or(Kind::Other, |(number, _)| by_number(number)),
    }
}

/// By the numbers of <https://dev.mysql.com/doc/mysql-errors/9.0/en/server-error-reference.html> and of
/// <https://mariadb.com/kb/en/mariadb-error-code-reference/>.
const fn by_number(number: u16) -> Kind {
    match number {
        // the account, its rights, its host, its password's age, encryption it must use
        1044 | 1045 | 1129 | 1130 | 1142 | 1143 | 1227 | 1370 | 1698 | 1820 | 1862 | 3118 | 3159 | 4151 => Kind::Denied,
        // full, shutting down, killed, waited too long, ended by a limit of time
        1040 | 1053 | 1077 | 1078 | 1079 | 1080 | 1159 | 1160 | 1161 | 1203 | 1205 | 1213 | 1226 | 1317 | 1927
        | 1969 | 3024 | 3168 | 4031 => Kind::Away,
        // no such database or table, or one with letters that no name has
        1049 | 1051 | 1146 | 1300 | 1932 => Kind::Gone,
        // the table was altered behind the read; a column we knew is no more
        1054 | 1072 | 1176 | 1412 => Kind::Changed,
        // files of the table are broken
        1033 | 1034 | 1035 | 1194 | 1195 | 1712 | 1877 | 126 | 127 | 134 | 144 | 145 => Kind::Damaged,
        _ => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_say_who_must_act() {
        assert_eq!(by_number(1045), Kind::Denied, "wrong password");
        assert_eq!(by_number(1142), Kind::Denied, "no right to read a table");
        assert_eq!(by_number(1040), Kind::Away, "too many connections");
        assert_eq!(by_number(3024), Kind::Away, "max_execution_time");
        assert_eq!(by_number(1969), Kind::Away, "max_statement_time");
        assert_eq!(by_number(1146), Kind::Gone);
        assert_eq!(by_number(1412), Kind::Changed);
        assert_eq!(by_number(1034), Kind::Damaged);
        assert_eq!(by_number(1064), Kind::Other, "our own SQL is wrong");
    }
}
