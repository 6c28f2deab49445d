//! Keeps the embedded engine's memory of copies in the store.

use async_trait::async_trait;
use domain::cause::Cause;
use domain::ids::{CopyId, ItemId};
use domain::name::{Name, TableName};
use domain::proof::Landed;
use domain::time::{MINUTE, Millis};

use crate::outside::engine::embedded::ledger::{Ledger, LedgerAway, Remembered};
use crate::state::Clock;
use crate::store::copies::CopyEnd;
use crate::store::{Store, StoreError};

/// How long a table's lease lasts without being kept.
const LEASE: i64 = 2 * MINUTE;
/// The lease is prolonged when this much of it is gone.
const KEEP_AFTER: i64 = MINUTE / 2;

/// The ledger in our store.
pub struct StoreLedger {
    store: Store,
    clock: Clock,
    /// This process, as the holder of leases.
    process: String,
    kept: std::sync::Mutex<std::collections::BTreeMap<CopyId, Millis>>,
}

impl From<StoreError> for LedgerAway {
    fn from(problem: StoreError) -> Self {
        Self(Box::new(problem))
    }
}

fn lease_name(target: &TableName) -> String {
    format!("lake:{target}")
}

impl StoreLedger {
    /// A ledger over a store; `process` is the holder of its leases.
    pub fn new(store: Store, clock: Clock, process: String) -> Self {
        Self { store, clock, process, kept: std::sync::Mutex::default() }
    }

    fn forget(&self, copy: &CopyId) {
        self.kept.lock().expect("nobody panics while holding it").remove(copy);
    }
}

#[async_trait]
impl Ledger for StoreLedger {
    async fn begin(&self, copy: &CopyId, item: &ItemId, target: &TableName) -> Result<bool, LedgerAway> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        if !tx.leases().take(&lease_name(target), &self.process, now, now.plus(LEASE)).await? {
            return Ok(false);
        }
        tx.copies().begin(copy, item, now).await?;
        tx.commit(now).await?;
        self.kept.lock().expect("nobody panics while holding it").insert(copy.clone(), now);
        Ok(true)
    }

    async fn keep(&self, copy: &CopyId, target: &TableName) -> Result<bool, LedgerAway> {
        let now = self.clock.now();
        let kept = self.kept.lock().expect("nobody panics while holding it").get(copy).copied();
        if kept.is_some_and(|kept| now.since(kept) < KEEP_AFTER) {
            return Ok(true);
        }
        let mut tx = self.store.begin().await?;
        let mine = tx.leases().take(&lease_name(target), &self.process, now, now.plus(LEASE)).await?;
        tx.commit(now).await?;
        self.kept.lock().expect("nobody panics while holding it").insert(copy.clone(), now);
        Ok(mine)
    }

    async fn counted(&self, copy: &CopyId, rows: u64, read_at: Millis, columns: &[Name]) -> Result<(), LedgerAway> {
        let mut tx = self.store.begin().await?;
        tx.copies().counted(copy, rows, read_at, columns).await?;
        tx.commit(self.clock.now()).await?;
        Ok(())
    }

    async fn landed(&self, copy: &CopyId, target: &TableName, landed: &Landed) -> Result<(), LedgerAway> {
        self.forget(copy);
        let mut tx = self.store.begin().await?;
        tx.copies().landed(copy, landed).await?;
        tx.leases().give_back(&lease_name(target), &self.process).await?;
        tx.commit(self.clock.now()).await?;
        Ok(())
    }

    async fn failed(&self, copy: &CopyId, target: &TableName, cause: &Cause) -> Result<(), LedgerAway> {
        self.forget(copy);
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        tx.copies().failed(copy, cause, now).await?;
        tx.leases().give_back(&lease_name(target), &self.process).await?;
        tx.commit(now).await?;
        Ok(())
    }

    async fn newest(&self, item: &ItemId) -> Result<Option<Remembered>, LedgerAway> {
        let mut tx = self.store.read().await?;
        let Some(newest) = tx.copies().newest(item).await? else { return Ok(None) };
        let before = tx.copies().landed_of(item, 1).await?.into_iter().find_map(|copy| match copy.end {
            CopyEnd::Landed(landed) => Some(landed),
            CopyEnd::Begun | CopyEnd::Counted { .. } | CopyEnd::Failed { .. } => None,
        });
        Ok(Some(match newest.end {
            CopyEnd::Begun => Remembered::Begun { copy: newest.id, before },
            CopyEnd::Counted { rows, read_at, columns } => {
                Remembered::Counted { copy: newest.id, rows, read_at, columns, before }
            }
            CopyEnd::Landed(landed) => Remembered::Landed(landed),
            CopyEnd::Failed { .. } => Remembered::Failed(before),
        }))
    }
}
