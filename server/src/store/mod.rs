//! Remembers: SQLite (the default, one process) or PostgreSQL (several replicas), by one SQL.
//!
//! Why it exists: everything that must survive a `kill -9` is written here, in one transaction with its line of the log.
//! Invariant: knows `domain` only; never http, never what travels; nobody else writes SQL (sources apart).

pub mod acts;
pub mod alike;
pub mod bell;
pub mod brakes;
pub mod bulk;
pub mod changes;
pub mod copies;
pub mod decided;
pub mod drafts;
pub mod items;
pub mod jobs;
pub mod leases;
pub mod looks;
pub mod people;
pub mod readers;
pub mod readings;
pub mod requests;
pub mod routes;
pub mod rows;
pub mod runs;
pub mod secrets;
pub mod sessions;
pub mod sources;
pub mod tables;
pub mod tasks;
pub mod tx;

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions, AnyQueryResult};
use sqlx::migrate::Migrator;
use sqlx::{AnyPool, Executor};

pub use bell::Bell;
pub use tx::Tx;

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else changed the row meanwhile.
    #[error("{table} {id} was changed by somebody else meanwhile")]
    Stale {
        /// The table.
        table: &'static str,
        /// The row.
        id: String,
    },
    /// The row is not there.
    #[error("there is no {table} {id}")]
    Missing {
        /// The table.
        table: &'static str,
        /// The row.
        id: String,
    },
    /// A row holds what no version of Lakegate writes.
    #[error("{table} {id} holds what cannot be understood: {what}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The row.
        id: String,
        /// The column or the value.
        what: String,
    },
    /// Something unique is there already.
    #[error("{what} is taken")]
    Taken {
        /// What.
        what: &'static str,
    },
    /// Another process holds the SQLite file.
    #[error("another lakegate works on {path} already; stop it first, or give this one its own data folder")]
    InUse {
        /// The lock file.
        path: String,
    },
    /// The database cannot be opened.
    #[error("cannot open the database {url}")]
    Open {
        /// Its address, without a password.
        url: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A statement failed, or the database is away.
    #[error("the database did not answer as it should")]
    Away(#[from] sqlx::Error),
}

impl StoreError {
    /// What it means that a statement failed which writes something unique: `what` is taken, or the database is away.
    fn taken(what: &'static str) -> impl Fn(sqlx::Error) -> Self {
        move |problem| match problem {
            sqlx::Error::Database(problem) if problem.is_unique_violation() => Self::Taken { what },
            problem => problem.into(),
        }
    }
}

/// [`StoreError::Stale`] unless a write over a version met its one row.
fn one(done: &AnyQueryResult, table: &'static str, id: &str) -> Result<(), StoreError> {
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Stale { table, id: id.to_owned() }) }
}

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// One file, one process.
    Sqlite,
    /// A server, several replicas.
    Postgres,
}

/// The store. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    write: AnyPool,
    read: AnyPool,
    dialect: Dialect,
    bell: Bell,
    /// Held as long as the store lives; a second process is refused.
    _lock: Option<Arc<std::fs::File>>,
}

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations");

impl Store {
    /// Opens the database of a `sqlite:` or `postgres:` address and brings it to the newest migration.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let dialect = if url.starts_with("postgres") { Dialect::Postgres } else { Dialect::Sqlite };
        let shown = shown(url);
        let fail = |source: sqlx::Error| StoreError::Open { url: shown.clone(), source: Box::new(source) };
        let (lock, options) = match dialect {
            Dialect::Sqlite => {
                let path = sqlite_path(url);
                let lock = take_lock(&path)?;
                (Some(Arc::new(lock)), AnyConnectOptions::from_str(&format!("sqlite://{}?mode=rwc", path.display())))
            }
            Dialect::Postgres => (None, AnyConnectOptions::from_str(url)),
        };
        let options = options.map_err(fail)?;
        let write = pool(dialect, true).connect_with(options.clone()).await.map_err(fail)?;
        MIGRATIONS
            .run(&write)
            .await
            .map_err(|source| StoreError::Open { url: shown.clone(), source: Box::new(source) })?;
        let read = match dialect {
            Dialect::Sqlite => pool(dialect, false).connect_with(options).await.map_err(fail)?,
            Dialect::Postgres => write.clone(),
        };
        let store = Self { write, read, dialect, bell: Bell::default(), _lock: lock };
        let seq = store.read().await?.changes().newest().await?;
        store.bell.ring(seq);
        Ok(store)
    }

    /// Begins a transaction that writes. Dropping it rolls back.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let tx = match self.dialect {
            Dialect::Sqlite => self.write.begin_with("BEGIN IMMEDIATE").await?,
            Dialect::Postgres => self.write.begin().await?,
        };
        Ok(Tx::new(tx, self.bell.clone()))
    }

    /// Begins a transaction that only reads: everything in it is of one moment, the number of the newest line too.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        let tx = match self.dialect {
            Dialect::Sqlite => self.read.begin().await?,
            Dialect::Postgres => self.read.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?,
        };
        Ok(Tx::new(tx, self.bell.clone()))
    }

    /// The bell that rings after each commit that wrote a line.
    pub const fn bell(&self) -> &Bell {
        &self.bell
    }

    /// Which database it is.
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Takes what was committed from the log of writes over into the file, beside those who read and write.
    ///
    /// `SQLite` would do that at the end of somebody's commit, while everybody else waits to write.
    pub async fn settle(&self) -> Result<(), StoreError> {
        if self.dialect == Dialect::Sqlite {
            sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&self.read).await?;
        }
        Ok(())
    }

    /// Closes all connections.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

fn pool(dialect: Dialect, writes: bool) -> AnyPoolOptions {
    let options = AnyPoolOptions::new().acquire_timeout(Duration::from_secs(10));
    match dialect {
        Dialect::Postgres => options.max_connections(16),
        Dialect::Sqlite => {
            let size = if writes { 1 } else { 4 };
            options.max_connections(size).after_connect(move |connection, _| {
                Box::pin(async move {
                    connection.execute("PRAGMA journal_mode = WAL").await?;
                    connection.execute("PRAGMA synchronous = FULL").await?;
                    connection.execute("PRAGMA foreign_keys = ON").await?;
                    connection.execute("PRAGMA busy_timeout = 5000").await?;
                    // Who writes does not wait for the file to take its pages over; see `settle`. Only a far too long
                    // log is taken over at once.
                    connection.execute("PRAGMA wal_autocheckpoint = 16000").await?;
                    if !writes {
                        connection.execute("PRAGMA query_only = ON").await?;
                    }
                    Ok(())
                })
            })
        }
    }
}

/// The file of a `sqlite:` address.
pub fn sqlite_path(url: &str) -> PathBuf {
    let path = url.trim_start_matches("sqlite://").trim_start_matches("sqlite:");
    PathBuf::from(path.split('?').next().unwrap_or(path))
}

/// The address without its password.
pub fn shown(url: &str) -> String {
    let url = url.split('?').next().unwrap_or(url);
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => {
            let user = url[scheme + 3..at].split(':').next().unwrap_or_default();
            format!("{}://{user}@{}", &url[..scheme], &url[at + 1..])
        }
        _ => url.to_owned(),
    }
}

fn take_lock(database: &Path) -> Result<std::fs::File, StoreError> {
    let path = database.with_extension("lock");
    let open = |source: std::io::Error| StoreError::Open { url: path.display().to_string(), source: Box::new(source) };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(open)?;
    }
    let file = std::fs::File::options().create(true).truncate(false).write(true).open(&path).map_err(open)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(StoreError::InUse { path: path.display().to_string() }),
        Err(std::fs::TryLockError::Error(source)) => Err(open(source)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(shown("postgres://lg:se:cr@et@db/lakegate"), "postgres://lg@db/lakegate");
        assert_eq!(shown("postgres://db/lakegate?password=secret"), "postgres://db/lakegate");
        assert_eq!(shown("sqlite:///data/lakegate.db"), "sqlite:///data/lakegate.db");
    }
}
