//! What `SQLite` says, in our words.

use domain::name::Name;

use super::super::SourceError;

/// How we call a database in an error.
pub fn database(name: &Name) -> String {
    format!("database {name}")
}

/// The error for what we tried.
pub fn of(error: sqlx::Error, what: &str) -> SourceError {
    let what = what.to_owned();
    let kind = match &error {
        sqlx::Error::Io(io) if io.kind() == std::io::ErrorKind::PermissionDenied => Kind::Denied,
        sqlx::Error::Io(_) => Kind::Away,
        sqlx::Error::Database(told) => told.code().and_then(|code| code.parse().ok()).map_or(Kind::Other, kind),
        _ => Kind::Other,
    };
    let cause = Some(error.into());
    match kind {
        Kind::Away => SourceError::Away { what, cause },
        Kind::Denied => SourceError::Denied { what, cause },
        Kind::Damaged => SourceError::Damaged { what, cause },
        Kind::Other => SourceError::Other { what, cause },
    }
}

enum Kind {
    Away,
    Denied,
    Damaged,
    Other,
}

/// By the result codes of <https://sqlite.org/rescode.html>; the low byte is the family.
fn kind(code: i32) -> Kind {
    const SHORT_READ: i32 = 522;
    match (code, code & 0xff) {
        (SHORT_READ, _) | (_, 11 | 26) => Kind::Damaged,
        // busy, locked, i/o, full, cannot open, protocol, schema changed
        (_, 5 | 6 | 10 | 13 | 14 | 15 | 17) => Kind::Away,
        // permission, read-only (a writer's leftovers need a right to write), not authorised
        (_, 3 | 8 | 23) => Kind::Denied,
        _ => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_families_of_result_codes_say_who_must_act() {
        assert!(matches!(kind(5), Kind::Away));
        assert!(matches!(kind(261), Kind::Away), "busy recovery");
        assert!(matches!(kind(266), Kind::Away), "i/o read");
        assert!(matches!(kind(522), Kind::Damaged), "short read");
        assert!(matches!(kind(26), Kind::Damaged));
        assert!(matches!(kind(776), Kind::Denied), "read-only, rollback needed");
        assert!(matches!(kind(1), Kind::Other));
    }
}
