//! One connection, set up so that values come exactly as they are stored, and with an end to every wait.

use std::time::Duration;

use domain::name::Name;
use domain::source::{Account, Mysql, Tls};
use futures::{StreamExt, TryStreamExt};
use secrecy::{ExposeSecret, SecretString};
use sqlx::mysql::{MySql, MySqlConnectOptions, MySqlConnection, MySqlRow, MySqlSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Decode, Row, ValueRef};
use tokio_util::task::AbortOnDropHandle;

/// Why a server did not answer.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// Not within the time allowed.
    #[error("no answer within {} s", .0.as_secs())]
    Silent(Duration),
    /// The driver says why.
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    /// An answer is not what was asked for.
    #[error("an odd answer: {0}")]
    Odd(String),
    /// It is so old that it does not know what we ask of it: its version, and the least that we read.
    #[error("{0} is too old, {1} is the least")]
    Old(String, &'static str),
}

/// A connection of one account.
pub struct Session {
    connection: MySqlConnection,
    silence: Duration,
    /// MariaDB, or MySQL and what behaves like it.
    pub flavour: Flavour,
    /// The version, as the server tells it.
    pub version: String,
    /// Did the server let us lift its limit on the time of a query.
    pub unlimited: bool,
}

/// The oldest we read.
const LEAST_MYSQL: (u32, u32) = (5, 7);
const LEAST_MARIADB: (u32, u32) = (10, 5);

/// Which of the two families.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// MariaDB.
    MariaDb,
    /// MySQL, Percona, and others.
    MySql,
}

/// What every session is: no mode that changes how a value is told, no write, no rest of a server's settings that cuts
/// an answer short. The zone stays the server's: a `timestamp` is told as people at the server read it.
const USUAL: &str = "SET SESSION sql_mode = '', sql_big_selects = 1, sql_select_limit = 18446744073709551615, \
                     net_write_timeout = 600, net_read_timeout = 600";
const READ_ONLY: &str = "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";

impl Session {
    /// Connects; the server may stay silent for so long at each later question.
    pub async fn open(
        server: &Mysql,
        account: Account,
        password: &SecretString,
        silence: Duration,
    ) -> Result<Self, Trouble> {
        let limit = Duration::from_secs(server.limits.connect_seconds.get().into());
        let options = options(server, account, password);
        let connecting = async move {
            let connection = options.connect().await?;
            let (flavour, version) = (Flavour::MySql, String::new());
            let mut session = Self { connection, silence: limit, flavour, version, unlimited: false };
            session.set_up(silence).await?;
            Ok(session)
        };
        // In a task of its own: the driver panics over answers that no server gives.
        let connecting = AbortOnDropHandle::new(tokio::spawn(connecting));
        match tokio::time::timeout(limit, connecting).await {
            Err(_) => Err(Trouble::Silent(limit)),
            Ok(Err(_)) => Err(Trouble::Odd("what answers does not speak as MySQL does".into())),
            Ok(Ok(opened)) => opened,
        }
    }

    async fn set_up(&mut self, silence: Duration) -> Result<(), Trouble> {
        let row = self.row("SELECT VERSION()").await?;
        self.version = row.and_then(|row| text(&row, 0).ok().flatten()).unwrap_or_default();
        if self.version.to_lowercase().contains("mariadb") {
            self.flavour = Flavour::MariaDb;
        }
        match (self.be_usual(silence).await, self.too_old()) {
            (Err(Trouble::Sql(sqlx::Error::Database(_))), Some((told, least))) => {
                return Err(Trouble::Old(told.to_owned(), least));
            }
            (usual, _) => usual?,
        }
        self.silence = silence;
        self.unlimited = self.limit(Some(silence)).await.is_ok();
        Ok(())
    }

    async fn be_usual(&mut self, silence: Duration) -> Result<(), Trouble> {
        self.run(USUAL).await?;
        self.run(READ_ONLY).await?;
        // Who alters a table makes others wait; we do not wait longer than we were told.
        self.run(&format!("SET SESSION lock_wait_timeout = {}", silence.as_secs().max(1))).await
    }

    /// The server's version and the least that we read, when it is older.
    pub fn too_old(&self) -> Option<(&str, &'static str)> {
        let (least, name) = match self.flavour {
            Flavour::MariaDb => (LEAST_MARIADB, "MariaDB 10.5"),
            Flavour::MySql => (LEAST_MYSQL, "MySQL 5.7"),
        };
        // MariaDB once put `5.5.5-` in front, for readers that knew no 10.
        let told = self.version.strip_prefix("5.5.5-").unwrap_or(&self.version);
        let mut parts = told.split(|letter: char| !letter.is_ascii_digit()).map(|part| part.parse().unwrap_or(0));
        let version = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
        (version < least).then_some((told, name))
    }

    /// Lets the server itself end our queries after so long, or never: a query that nobody waits for any more ends too.
    pub async fn limit(&mut self, span: Option<Duration>) -> Result<(), Trouble> {
        let seconds = span.map_or(0, |span| span.as_secs());
        match self.flavour {
            Flavour::MariaDb => self.run(&format!("SET SESSION max_statement_time = {seconds}")).await,
            Flavour::MySql => self.run(&format!("SET SESSION max_execution_time = {}", seconds * 1_000)).await,
        }
    }

    /// Runs a statement whose answer does not matter.
    pub async fn run(&mut self, sql: &str) -> Result<(), Trouble> {
        self.rows(sql).await.map(drop)
    }

    /// The one row of an answer, if there is one.
    pub async fn row(&mut self, sql: &str) -> Result<Option<MySqlRow>, Trouble> {
        Ok(self.rows(sql).await?.into_iter().next())
    }

    /// All rows of an answer that is small.
    pub async fn rows(&mut self, sql: &str) -> Result<Vec<MySqlRow>, Trouble> {
        let silence = self.silence;
        let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch(&mut self.connection).try_collect();
        tokio::time::timeout(silence, rows).await.map_err(|_| Trouble::Silent(silence))?.map_err(Trouble::Sql)
    }

    /// The rows of an answer of any size, one by one.
    pub fn stream<'s>(
        &'s mut self,
        sql: &'s str,
    ) -> impl futures::Stream<Item = Result<MySqlRow, Trouble>> + Send + 's {
        let silence = self.silence;
        let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch(&mut self.connection);
        futures::stream::unfold(Some(rows), move |rows| async move {
            let mut rows = rows?;
            match tokio::time::timeout(silence, rows.next()).await {
                Err(_) => Some((Err(Trouble::Silent(silence)), None)),
                Ok(None) => None,
                Ok(Some(Err(error))) => Some((Err(Trouble::Sql(error)), None)),
                Ok(Some(Ok(row))) => Some((Ok(row), Some(rows))),
            }
        })
    }
}

fn options(server: &Mysql, account: Account, password: &SecretString) -> MySqlConnectOptions {
    let options = MySqlConnectOptions::new()
        .host(server.host.as_str())
        .port(u16::try_from(server.port.get()).expect("a port has 16 bits"))
        .username(server.login(account).as_str())
        .charset("utf8mb4")
        .timezone(None)
        .pipes_as_concat(false)
        .no_engine_substitution(false)
        .disable_statement_logging();
    let options = match &server.tls {
        Tls::Off => options.ssl_mode(MySqlSslMode::Disabled),
        Tls::Preferred => options.ssl_mode(MySqlSslMode::Preferred),
        Tls::Required => options.ssl_mode(MySqlSslMode::Required),
        Tls::VerifyCa { ca: None } => options.ssl_mode(MySqlSslMode::VerifyCa),
        Tls::VerifyCa { ca: Some(ca) } => {
            options.ssl_mode(MySqlSslMode::VerifyCa).ssl_ca_from_pem(ca.as_str().as_bytes().to_vec())
        }
    };
    // An account without a password is another thing than one with an empty one.
    match password.expose_secret() {
        "" => options,
        password => options.password(password),
    }
}

/// The bytes in a column, as the server sent them.
pub fn bytes(row: &MySqlRow, index: usize) -> Result<Option<&[u8]>, Trouble> {
    let raw = row.try_get_raw(index)?;
    if raw.is_null() {
        return Ok(None);
    }
    <&[u8] as Decode<MySql>>::decode(raw).map(Some).map_err(|problem| Trouble::Odd(problem.to_string()))
}

/// The text in a column of an answer about the server, not of somebody's table.
pub fn text(row: &MySqlRow, index: usize) -> Result<Option<String>, Trouble> {
    Ok(bytes(row, index)?.map(|bytes| String::from_utf8_lossy(bytes).into_owned()))
}

/// A count in a column; `None` when it is not known.
pub fn count(row: &MySqlRow, index: usize) -> Result<Option<u64>, Trouble> {
    Ok(text(row, index)?.and_then(|text| text.parse().ok()))
}

/// A name inside SQL.
pub fn quoted(name: &Name) -> String {
    format!("`{}`", name.as_str().replace('`', "``"))
}

/// A statement that is refused unless every column of a table may be read; it answers nothing.
pub fn every_column(database: &Name, table: &Name) -> String {
    format!("SELECT 1 FROM (SELECT * FROM {}.{} LIMIT 0) every_column", quoted(database), quoted(table))
}

/// A text inside SQL. A session knows no mode in which a backslash is anything but an escape.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leaves_its_quotes() {
        let name: Name = "a`b'c\"; DROP TABLE t -- %_".parse().expect("a name");
        assert_eq!(quoted(&name), "`a``b'c\"; DROP TABLE t -- %_`");
        assert_eq!(literal("a'b\\' OR 1=1 -- "), "'a''b\\\\'' OR 1=1 -- '");
    }
}
