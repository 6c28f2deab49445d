//! A folder of `SQLite` files as a source: each file is a database.
//!
//! Why it exists: the bundled sample is one, and small systems keep their data so.
//! Invariant: read-only, below the one folder that the settings name, never a file of our own.

use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use domain::column::TableShape;
use domain::name::{Name, TableName};
use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use self::folder::Folder;
use self::read::SqliteRead;
use super::{Severity, Source, SourceCheck, SourceError, SourceFinding, TableEntry, TableRead};

mod error;
mod folder;
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

    async fn connect(&self, database: &Name) -> Result<SqliteConnection, SourceError> {
        connect(&self.folder.file(database)?, database).await
    }
}

#[async_trait]
impl Source for SqliteSource {
    async fn test(&self) -> Vec<SourceFinding> {
        let listing = match self.folder.databases() {
            Ok(listing) => listing,
            Err(error) => return vec![finding(&error, None)],
        };
        let mut findings: Vec<SourceFinding> = listing.refused.iter().map(|file| unnamed(file)).collect();
        let (mut databases, mut tables) = (0_usize, 0);
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
            findings.push(SourceFinding {
                code: SourceCheck::NoDatabases,
                severity: Severity::Blocker,
                params: Vec::new(),
            });
        }
        if findings.iter().all(|finding| finding.severity < Severity::Blocker) {
            let params = vec![("databases", databases.to_string()), ("tables", tables.to_string())];
            findings.push(SourceFinding { code: SourceCheck::Readable, severity: Severity::Note, params });
        }
        findings
    }

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
        Ok(Box::new(SqliteRead::open(connection, table).await?))
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
    let mut entries = Vec::new();
    for table in names.tables.into_iter().filter(|name| after.is_none_or(|after| name > after)).take(limit) {
        entries.push(shape::entry(&mut connection, &table).await?);
    }
    Ok(entries)
}

/// What one database makes us say, and how many tables it has.
async fn survey(path: &Path, database: &Name) -> (Vec<SourceFinding>, usize) {
    let names = match connect(path, database).await {
        Ok(mut connection) => shape::names(&mut connection, database).await,
        Err(error) => Err(error),
    };
    match names {
        Ok(names) => {
            let refused = names.refused.into_iter().map(|table| {
                let params = vec![("database", database.to_string()), ("table", table)];
                SourceFinding { code: SourceCheck::NameRefused, severity: Severity::Warning, params }
            });
            (refused.collect(), names.tables.len())
        }
        Err(error) => (vec![finding(&error, Some(database))], 0),
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

fn unnamed(file: &str) -> SourceFinding {
    let params = vec![("database", file.to_owned()), ("table", String::new())];
    SourceFinding { code: SourceCheck::NameRefused, severity: Severity::Warning, params }
}

fn finding(error: &SourceError, database: Option<&Name>) -> SourceFinding {
    let code = match error {
        SourceError::Denied { .. } => SourceCheck::Denied,
        SourceError::Outside { .. } => SourceCheck::Outside,
        SourceError::Damaged { .. } => SourceCheck::Damaged,
        SourceError::Away { .. }
        | SourceError::Gone { .. }
        | SourceError::Changed { .. }
        | SourceError::Value { .. }
        | SourceError::Type { .. }
        | SourceError::Other { .. } => SourceCheck::Away,
    };
    let mut params = vec![("detail", error.to_string())];
    params.extend(database.map(|name| ("database", name.to_string())));
    SourceFinding { code, severity: Severity::Blocker, params }
}
