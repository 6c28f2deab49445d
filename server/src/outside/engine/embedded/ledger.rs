//! What the embedded engine must not forget, and the lease that keeps a second writer away, across processes.
//!
//! The engine says what it needs; the room that works unasked keeps it in the store.

use async_trait::async_trait;
use domain::cause::Cause;
use domain::ids::{CopyId, ItemId};
use domain::name::{Name, TableName};
use domain::proof::Landed;
use domain::time::Millis;

/// The memory of copies.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Takes the table's lease and writes the intent to copy; `false` when somebody else holds the lease.
    async fn begin(&self, copy: &CopyId, item: &ItemId, target: &TableName) -> Result<bool, LedgerAway>;

    /// Keeps the lease.
    async fn keep(&self, copy: &CopyId, target: &TableName) -> Result<bool, LedgerAway>;

    /// Writes the count of the read, before the commit.
    async fn counted(&self, copy: &CopyId, rows: u64, read_at: Millis, columns: &[Name]) -> Result<(), LedgerAway>;

    /// Writes that it was committed, and gives the lease back.
    async fn landed(&self, copy: &CopyId, target: &TableName, landed: &Landed) -> Result<(), LedgerAway>;

    /// Writes that it ended without a commit, and gives the lease back.
    async fn failed(&self, copy: &CopyId, target: &TableName, cause: &Cause) -> Result<(), LedgerAway>;

    /// What the newest copy of an item left.
    async fn newest(&self, item: &ItemId) -> Result<Option<Remembered>, LedgerAway>;
}

/// What the newest copy of an item left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remembered {
    /// It was begun, and nobody wrote its end.
    Begun {
        /// The copy.
        copy: CopyId,
        /// The newest that landed before, if any.
        before: Option<Landed>,
    },
    /// It was counted; whether it was committed only the lake knows.
    Counted {
        /// The copy.
        copy: CopyId,
        /// Rows counted.
        rows: u64,
        /// When the read began.
        read_at: Millis,
        /// Columns of the read.
        columns: Vec<Name>,
        /// The newest that landed before, if any.
        before: Option<Landed>,
    },
    /// It landed.
    Landed(Landed),
    /// It failed; the newest that landed before, if any.
    Failed(Option<Landed>),
}

/// The ledger does not answer.
#[derive(Debug, thiserror::Error)]
#[error("the ledger of copies does not answer")]
pub struct LedgerAway(#[source] pub Box<dyn std::error::Error + Send + Sync>);
