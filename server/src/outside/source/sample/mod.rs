//! The bundled sample: a company that lets flats, as three databases of a source.
//!
//! Why it exists: everybody can try the whole journey without a database server, and tests have rows of every kind.
//! Invariant: the same rows on every machine; a killed generation leaves nothing half behind.
//!
//! One more table is one more `table(…)` in the file of its database, and a higher [`VERSION`].

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use domain::name::TableName;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

use self::table::Table;

mod billing;
mod fill;
mod lease;
mod member;
mod random;
mod table;

/// Goes up with every change of the sample, so that an older one is replaced.
const VERSION: &str = "2";

/// The file that says that the sample is complete.
const MARKER: &str = "sample-version";

/// What [`write_sample`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleReport {
    /// False when it was there already.
    pub written: bool,
    /// How many databases it has.
    pub databases: usize,
    /// How many tables it has.
    pub tables: usize,
    /// How many rows it has.
    pub rows: u64,
}

/// Why the sample could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// A file could not be written.
    #[error("cannot write the sample's file {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// A table could not be filled.
    #[error("cannot fill the sample's table {table}")]
    Fill {
        /// The table, or the database.
        table: String,
        /// What the database said.
        #[source]
        cause: sqlx::Error,
    },
}

/// Writes the sample into `folder`, unless it is there already.
pub async fn write_sample(folder: &Path) -> Result<SampleReport, SampleError> {
    let databases = databases();
    let complete = fs::read_to_string(folder.join(MARKER)).is_ok_and(|version| version.trim() == VERSION)
        && databases.iter().all(|(name, _)| folder.join(file_of(name)).exists());
    if !complete {
        io(folder, fs::create_dir_all(folder))?;
        sweep(folder)?;
        for (name, tables) in &databases {
            write_database(folder, name, tables).await?;
        }
        write_marker(folder)?;
    }
    let all = || databases.iter().flat_map(|(_, tables)| tables);
    Ok(SampleReport {
        written: !complete,
        databases: databases.len(),
        tables: all().count(),
        rows: all().map(|table| table.rows).sum(),
    })
}

/// Every table of the sample with its number of rows, in the catalogue's order.
pub fn expected() -> Vec<(TableName, u64)> {
    let mut tables: Vec<(TableName, u64)> = Vec::new();
    for (database, list) in databases() {
        tables.extend(
            list.iter().map(|table| {
                (TableName::parse(database, table.name).expect("the sample's names are names"), table.rows)
            }),
        );
    }
    tables.sort();
    tables
}

fn databases() -> [(&'static str, Vec<Table>); 3] {
    [("billing", billing::tables()), ("lease", lease::tables()), ("member", member::tables())]
}

fn file_of(database: &str) -> String {
    format!("{database}.db")
}

/// Fills a file under another name, then gives it its own.
async fn write_database(folder: &Path, name: &str, tables: &[Table]) -> Result<(), SampleError> {
    let part = part(folder, &file_of(name));
    let told = |cause| SampleError::Fill { table: name.to_owned(), cause };
    let written = async {
        let mut connection = SqliteConnectOptions::new()
            .filename(&part)
            .create_if_missing(true)
            // Nobody reads the file before it is whole, and whoever is killed starts again.
            .synchronous(SqliteSynchronous::Off)
            .journal_mode(SqliteJournalMode::Off)
            .disable_statement_logging()
            .connect()
            .await
            .map_err(told)?;
        let comments = "CREATE TABLE _comments (table_name TEXT, column_name TEXT, comment TEXT)";
        connection.execute(comments).await.map_err(told)?;
        for table in tables {
            write_table(&mut connection, name, table).await?;
        }
        connection.execute("ANALYZE").await.map_err(told)?;
        connection.close().await.map_err(told)?;
        io(&part, fs::File::open(&part).and_then(|file| file.sync_all()))?;
        io(&part, fs::rename(&part, folder.join(file_of(name))))
    };
    written.await.inspect_err(|_| drop(fs::remove_file(&part)))
}

async fn write_table(connection: &mut SqliteConnection, database: &str, table: &Table) -> Result<(), SampleError> {
    let written = async {
        let mut transaction = connection.begin().await?;
        transaction.execute(AssertSqlSafe(table.create())).await?;
        if let Some(insert) = table.insert(database) {
            transaction.execute(AssertSqlSafe(insert)).await?;
        }
        for (column, comment) in table.comments() {
            let sql = "INSERT INTO _comments VALUES (?1, ?2, ?3)";
            sqlx::query(sql).bind(table.name).bind(column).bind(comment).execute(&mut *transaction).await?;
        }
        transaction.commit().await
    };
    written.await.map_err(|cause| SampleError::Fill { table: format!("{database}.{}", table.name), cause })
}

fn write_marker(folder: &Path) -> Result<(), SampleError> {
    let part = part(folder, MARKER);
    io(&part, fs::write(&part, VERSION))?;
    io(&part, fs::rename(&part, folder.join(MARKER)))
}

/// A name of its own for every attempt, also of two at once.
fn part(folder: &Path, file: &str) -> PathBuf {
    static ATTEMPT: AtomicU64 = AtomicU64::new(0);
    let attempt = ATTEMPT.fetch_add(1, Ordering::Relaxed);
    folder.join(format!("{file}.{}-{attempt}.part", std::process::id()))
}

/// Removes what a killed process left behind.
fn sweep(folder: &Path) -> Result<(), SampleError> {
    let ours = format!(".{}-", std::process::id());
    for entry in io(folder, fs::read_dir(folder))? {
        let path = io(folder, entry)?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let is_sample =
            name.starts_with(MARKER) || databases().iter().any(|(known, _)| name.starts_with(&file_of(known)));
        if is_sample && path.extension().is_some_and(|end| end == "part") && !name.contains(&ours) {
            io(&path, fs::remove_file(&path))?;
        }
    }
    Ok(())
}

fn io<T>(path: &Path, result: std::io::Result<T>) -> Result<T, SampleError> {
    result.map_err(|cause| SampleError::File { path: path.to_owned(), cause })
}

#[cfg(test)]
mod tests;
