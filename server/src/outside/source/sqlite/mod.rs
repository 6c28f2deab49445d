//! A folder of `SQLite` files as a source: each file is a database.
//!
//! Why it exists: the bundled sample is one, and small systems keep their data so.
//! Invariant: read-only, below the one folder that the settings name, never a file of our own.

use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use domain::column::TableShape;
use domain::name::{Name, TableName};
use domain::source::finding::{Finding, FindingCode, Severity};
use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use self::folder::Folder;
use super::{Source, SourceError, TableEntry, TableRead};

mod error;
mod folder;
mod page;
mod read;
mod shape;
mod value;

/// How long we wait for somebody who writes to the file.
const BUSY: Duration = Duration::from_secs(5);

/// A folder of `SQLite` files; `lease.db` is the database `lease`.
#[derive(Debug)]
pub struct SqliteSource {
    folder: Folder,
}

impl SqliteSource {
    /// A source in the folder `below` the `root` that the settings name; `forbidden` are files and folders of our own.
    ///
    /// The folder need not be there yet: it is looked for at every use.
    pub fn new(root: &Path, below: &str, forbidden: &[PathBuf]) -> Result<Self, SourceError> {
        Ok(Self { folder: Folder::new(root, below, forbidden)? })
    }

    /// Can it be read: every finding at once.
    pub async fn test(&self) -> Vec<Finding> {
        let listing = match self.folder.databases() {
            Ok(listing) => listing,
            Err(error) => return vec![finding(&error, None)],
        };
        let mut findings: Vec<Finding> = unnamed(&listing.refused).into_iter().collect();
        let (mut databases, mut tables) = (0_u64, 0);
        for (database, file) in &listing.files {
            match file {
                Ok(path) => {
                    let (found, count) = survey(path, database).await;
                    findings.extend(found);
                    databases += 1;
                    tables += count;
                }
                Err(left_out) => findings.push(left_out.finding(database)),
            }
        }
        if databases == 0 {
            findings.push(Finding::new(FindingCode::NoDatabases));
        }
        if findings.iter().all(|finding| finding.severity() < Severity::Fix) {
            findings.push(Finding::new(FindingCode::Readable).count("databases", databases).count("tables", tables));
        }
        findings
    }

    async fn connect(&self, database: &Name) -> Result<SqliteConnection, SourceError> {
        connect(&self.folder.file(database)?, database).await
    }
}

#[async_trait]
impl Source for SqliteSource {
    async fn tables(&self, after: Option<&TableName>, limit: usize) -> Result<Vec<TableEntry>, SourceError> {
        let mut entries = Vec::new();
        for (database, file) in self.folder.databases()?.files {
            let passed = after.is_some_and(|after| database < after.database);
            // What is left out is named by the test; it is no table of this source.
            let Ok(path) = file else { continue };
            if !passed && entries.len() < limit {
                entries.extend(page(&path, &database, after, limit - entries.len()).await?);
            }
        }
        Ok(entries)
    }

    async fn shape(&self, table: &TableName) -> Result<TableShape, SourceError> {
        let mut connection = begin(self.connect(&table.database).await?, &table.database).await?;
        shape::shape(&mut connection, table).await
    }

    async fn open(&self, table: &TableName) -> Result<Box<dyn TableRead>, SourceError> {
        let connection = begin(self.connect(&table.database).await?, &table.database).await?;
        Ok(Box::new(read::open(connection, table).await?))
    }
}

/// A page of one database's tables.
async fn page(
    path: &Path,
    database: &Name,
    after: Option<&TableName>,
    limit: usize,
) -> Result<Vec<TableEntry>, SourceError> {
    let mut connection = begin(connect(path, database).await?, database).await?;
    let names = shape::names(&mut connection, database).await?;
    let tables = names.tables.into_iter().filter(|name| after.is_none_or(|after| name > after)).take(limit);
    let bytes = std::fs::metadata(path).map_or(u64::MAX, |status| status.len());
    page::entries(&mut connection, database, tables.collect(), bytes).await
}

/// What one database makes us say, and how many tables it has.
async fn survey(path: &Path, database: &Name) -> (Option<Finding>, u64) {
    let names = match connect(path, database).await {
        Ok(mut connection) => shape::names(&mut connection, database).await,
        Err(error) => Err(error),
    };
    match names {
        Ok(names) => {
            let refused: Vec<_> = names.refused.iter().map(|table| format!("{database}.{table}")).collect();
            (unnamed(&refused), names.tables.len() as u64)
        }
        Err(error) => (Some(finding(&error, Some(database))), 0),
    }
}

async fn connect(path: &Path, database: &Name) -> Result<SqliteConnection, SourceError> {
    // SQLite takes an empty file for an empty database; we take it for the rest of a broken one.
    if std::fs::metadata(path).is_ok_and(|status| status.len() == 0) {
        return Err(SourceError::Damaged { what: error::database(database), cause: None });
    }
    SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .busy_timeout(BUSY)
        // The file is somebody else's: its views and triggers get no rights, its pages no trust.
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        // Rows waiting between the reader's thread and ours; they may be large.
        .row_buffer_size(16)
        .disable_statement_logging()
        .connect()
        .await
        .map_err(|error| error::of(error, &error::database(database)))
}

/// Everything that follows on this connection sees one moment.
async fn begin(mut connection: SqliteConnection, database: &Name) -> Result<SqliteConnection, SourceError> {
    match sqlx::query("BEGIN").execute(&mut connection).await {
        Ok(_) => Ok(connection),
        Err(error) => Err(error::of(error, &error::database(database))),
    }
}

/// Names that the lake could not hold.
fn unnamed(names: &[String]) -> Option<Finding> {
    let first = names.first()?;
    Some(Finding::new(FindingCode::NamesRefused).count("n", names.len() as u64).text("name", first))
}

/// What a test says about an error, of the whole source or of one of its databases.
pub fn finding(error: &SourceError, database: Option<&Name>) -> Finding {
    let code = match error {
        SourceError::Denied { .. } => FindingCode::Denied,
        SourceError::Outside { .. } => FindingCode::Outside,
        SourceError::Damaged { .. } => FindingCode::Damaged,
        SourceError::Away { .. }
        | SourceError::Gone { .. }
        | SourceError::Changed { .. }
        | SourceError::Value { .. }
        | SourceError::Type { .. }
        | SourceError::Other { .. } => FindingCode::Away,
    };
    let database = database.map(Name::as_str).unwrap_or_default();
    Finding::new(code).text("what", error).text("database", database)
}
