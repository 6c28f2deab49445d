//! Databases that tables come from, in our words.
//!
//! Why it exists: the catalogue and the copying ask every kind of source the same three questions.
//! Invariant: a source is only ever read; a value that does not fit its declared type is an error, never a guess.
//!
//! Another kind of source is a folder beside `sqlite/` and `mysql/` with one implementation of [`Source`]. It hands out values in
//! the form of their [`domain::types::LakeType`]; `text.rs` reads them from text.

use async_trait::async_trait;
use domain::args::from::Zone;
use domain::column::TableShape;
use domain::name::TableName;
use domain::value::Row;

pub mod mysql;
pub mod opener;
mod reading;
pub mod sample;
pub mod sqlite;
pub mod text;

pub use opener::{Given, Opener, Passwords, source_cause};

/// At most so many rows come in one chunk.
pub const CHUNK_ROWS: usize = 4_000;

/// A chunk ends with the row that takes it past this many bytes.
pub const CHUNK_BYTES: usize = 4 * 1024 * 1024;

/// A place that tables come from.
#[async_trait]
pub trait Source: Send + Sync {
    /// The catalogue in pages, ordered by database and table; `after` itself is left out.
    async fn tables(&self, after: Option<&TableName>, limit: usize) -> Result<Vec<TableEntry>, SourceError>;

    /// One table as it is now; [`SourceError::Gone`] when it is absent.
    async fn shape(&self, table: &TableName) -> Result<TableShape, SourceError>;

    /// Opens one consistent read; its shape and its count are taken inside the same transaction.
    async fn open(&self, table: &TableName) -> Result<Box<dyn TableRead>, SourceError>;

    /// How many rows one table has now, counted.
    async fn count(&self, table: &TableName) -> Result<u64, SourceError> {
        Ok(self.open(table).await?.rows())
    }

    /// What one who follows its changes must know; `None` for a source that keeps no changes.
    async fn binlog(&self) -> Result<Option<Binlog>, SourceError> {
        Ok(None)
    }
}

/// What one who follows the changes of a source must know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binlog {
    /// The server's own number, which no reader may have.
    pub server_id: u32,
    /// The zone in which it tells times.
    pub zone: Zone,
    /// How far its clock is east of UTC now, in seconds.
    pub offset: i32,
    /// How many readers by our account are sent changes just now.
    pub readers: u64,
}

/// All rows of one table at one moment.
#[async_trait]
pub trait TableRead: Send {
    /// The table as this read sees it, which may differ from what the catalogue remembers.
    fn shape(&self) -> &TableShape;

    /// How many rows this read will give.
    fn rows(&self) -> u64;

    /// The next chunk in the order of the primary key; `None` at the end, and ever after.
    ///
    /// At most [`CHUNK_ROWS`] rows and about [`CHUNK_BYTES`]. Without a primary key the order is the source's own.
    async fn next(&mut self) -> Result<Option<Vec<Row>>, SourceError>;
}

/// A table in the catalogue of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableEntry {
    /// Columns, key and comments.
    pub shape: TableShape,
    /// About how many rows; `None` when the source does not know without counting.
    pub rows: Option<u64>,
    /// About how many bytes at the source; `None` when it does not know.
    pub bytes: Option<u64>,
}

/// Why a source did not give what we asked for.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// It is not there or busy now; trying again may help.
    #[error("cannot reach {what}: it is missing, busy or does not answer")]
    Away {
        /// What we tried to read.
        what: String,
        /// What the system said.
        #[source]
        cause: Option<Cause>,
    },
    /// The table is no longer there.
    #[error("table {table} is no longer at the source")]
    Gone {
        /// The table we looked for.
        table: TableName,
    },
    /// The table is not what it was when the read began.
    #[error("table {table} changed while it was read: {what}")]
    Changed {
        /// The table that was read.
        table: TableName,
        /// What is different.
        what: String,
    },
    /// A value does not fit the type its column declares.
    #[error("table {table}, column {column}: {what}")]
    Value {
        /// The table that was read.
        table: TableName,
        /// The column that holds the value.
        column: String,
        /// What does not fit, without the value itself: it may be somebody's.
        what: String,
    },
    /// The lake has no type for a column.
    #[error("table {table}, column {column}: the lake has no type for `{declared}`")]
    Type {
        /// The table that was to be read.
        table: TableName,
        /// The column.
        column: String,
        /// Its type, as the source spells it.
        declared: String,
    },
    /// We may not read it.
    #[error("may not read {what}")]
    Denied {
        /// What we tried to read.
        what: String,
        /// What the system said.
        #[source]
        cause: Option<Cause>,
    },
    /// The data is broken.
    #[error("{what} is damaged, or not a database at all")]
    Damaged {
        /// What we tried to read.
        what: String,
        /// What the system said.
        #[source]
        cause: Option<Cause>,
    },
    /// The path leads out of the folder that the settings name.
    #[error("{what} lies outside the folder for sources")]
    Outside {
        /// The path as it was given.
        what: String,
    },
    /// Anything else.
    #[error("cannot read {what}")]
    Other {
        /// What we tried to read, and why it failed when there is no cause.
        what: String,
        /// What the system said.
        #[source]
        cause: Option<Cause>,
    },
}

/// What the system below said.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

impl SourceError {
    /// Can waiting help.
    pub const fn is_retry(&self) -> bool {
        match self {
            Self::Away { .. } | Self::Changed { .. } => true,
            Self::Gone { .. }
            | Self::Value { .. }
            | Self::Type { .. }
            | Self::Denied { .. }
            | Self::Damaged { .. }
            | Self::Outside { .. }
            | Self::Other { .. } => false,
        }
    }
}
