//! Keeps the catalogue: each source is read whole, in pages, on a schedule. A reading that dies half-way leaves what
//! was known before and says so.

use domain::change::{Actor, Change, Happened, Topic};
use domain::name::TableName;
use domain::said::Said;
use domain::time::{MINUTE, Millis};

use super::provision::place_of;
use crate::outside::source::{SourceError, TableEntry, source_cause};
use crate::state::AppState;
use crate::store::StoreError;
use crate::store::sources::Source;
use crate::store::tables::Table;

/// How often a source's catalogue is read.
const EVERY: i64 = 15 * MINUTE;
/// How often it is tried again after a reading that failed.
const AGAIN: i64 = MINUTE;
/// Tables read at a time.
const PAGE: usize = 200;

/// When each source was last tried, in this process.
#[derive(Debug, Default)]
pub struct Schedule {
    tried: std::collections::BTreeMap<domain::ids::SourceId, Millis>,
}

impl Schedule {
    /// Reads the sources that are due. `true` when one was read.
    pub async fn round(&mut self, app: &AppState) -> Result<bool, StoreError> {
        let now = app.clock.now();
        let sources = app.store.read().await?.sources().all().await?;
        let mut did = false;
        for source in sources {
            let pause = if source.trouble.is_some() { AGAIN } else { EVERY };
            let last = self.tried.get(&source.id).copied().max(source.read_at);
            if last.is_some_and(|last| now.since(last) < pause) {
                continue;
            }
            self.tried.insert(source.id.clone(), now);
            read(app, &source).await?;
            did = true;
        }
        Ok(did)
    }
}

/// Reads one source's catalogue whole and keeps it; a failure is noted beside what was known before.
pub async fn read(app: &AppState, source: &Source) -> Result<(), StoreError> {
    let begun = app.clock.now();
    match entries(app, source).await {
        Ok(entries) => keep(app, source, entries, begun).await,
        Err(problem) => {
            let name = TableName::parse("-", "-").expect("a dash is a name");
            let said: Said = source_cause(&problem, &name).said;
            tracing::warn!(source.name = source.name, error = %problem, "the catalogue cannot be read");
            let mut tx = app.store.begin().await?;
            tx.sources().looked(&source.id, None, Some(&said)).await?;
            tx.commit(app.clock.now()).await.map(drop)
        }
    }
}

async fn entries(app: &AppState, source: &Source) -> Result<Vec<TableEntry>, SourceError> {
    let reader = app.outside.sources.open(&place_of(source))?;
    let mut entries: Vec<TableEntry> = Vec::new();
    loop {
        let after = entries.last().map(|entry| entry.shape.name.clone());
        let page = reader.tables(after.as_ref(), PAGE).await?;
        if page.is_empty() {
            return Ok(entries);
        }
        entries.extend(page);
    }
}

async fn keep(app: &AppState, source: &Source, entries: Vec<TableEntry>, begun: Millis) -> Result<(), StoreError> {
    let tables = entries.len() as u64;
    let mut tx = app.store.begin().await?;
    for entry in entries {
        let table = Table {
            source: source.id.clone(),
            shape: entry.shape,
            rows: entry.rows,
            bytes: entry.bytes,
            counted_at: begun,
        };
        tx.tables().put(&table).await?;
    }
    tx.tables().mark_gone(&source.id, begun).await?;
    tx.sources().looked(&source.id, Some(begun), None).await?;
    tx.log(Change::of(Topic::Source, &source.id, Actor::Lakegate, Happened::CatalogueRead { tables }));
    tx.commit(app.clock.now()).await.map(drop)
}
