//! Where the store of a test is: a file, or a database of its own on the PostgreSQL server.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::{AssertSqlSafe, Connection, Executor};

/// Where the store is.
#[derive(Clone)]
pub enum Database {
    Sqlite,
    Postgres { server: String, name: String },
}

impl Database {
    /// Makes a database of its own on the server.
    pub async fn make_postgres(server: &str) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        sqlx::any::install_default_drivers();
        let name = format!("it_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        let mut connection = sqlx::AnyConnection::connect(server).await.expect("the server answers");
        connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.expect("a new database");
        Self::Postgres { server: server.to_owned(), name }
    }

    pub fn url(&self, folder: &Path) -> String {
        match self {
            Self::Sqlite => format!("sqlite://{}", sqlite_file(folder).display()),
            Self::Postgres { server, name } => {
                let (before, _) = server.rsplit_once('/').expect("the address names a database");
                format!("{before}/{name}")
            }
        }
    }

    pub async fn remove(&self) {
        if let Self::Postgres { server, name } = self {
            let mut connection = sqlx::AnyConnection::connect(server).await.expect("the server answers");
            let drop = AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"));
            connection.execute(drop).await.expect("the database goes");
        }
    }
}

/// The file of the store on SQLite.
pub fn sqlite_file(folder: &Path) -> PathBuf {
    folder.join("lakegate.db")
}
