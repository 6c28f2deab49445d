//! Fills the index from the store and keeps it up with it: sources that were read anew, items that came and went.
//!
//! A look that finds nothing new costs three short reads.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use domain::ids::SourceId;
use domain::name::TableName;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::shard::{Entry, Numbered, Shard, Told};
use super::vocabulary::Growing;
use super::{Marks, Snapshot, Stand, Texts};
use crate::state::AppState;
use crate::store::readings::Standing;
use crate::store::sources::Source;
use crate::store::tables::Raw;
use crate::store::{StoreError, Tx};

/// The index is looked after at least this often; on PostgreSQL other replicas write too.
const EVERY: Duration = Duration::from_secs(1);
/// How long somebody waits for an index that is behind.
const MOMENT: Duration = Duration::from_millis(150);
/// Tables read at a time.
const PAGE: i64 = 500;

/// What makes texts.
#[derive(Default)]
pub(super) struct Follower {
    growing: Growing,
}

/// Follows the store until the server stops.
pub async fn run(app: AppState) {
    let mut bell = app.store.bell().lines();
    loop {
        bell.mark_unchanged();
        if let Err(problem) = catch_up(&app).await {
            tracing::warn!(error = ?problem, "the search could not look at the store; it looks again");
        }
        tokio::select! {
            () = app.stop.cancelled() => return,
            _ = bell.changed() => {}
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// Whether the index knows all that was written up to now; one that is behind gets a moment to catch up.
///
/// Whoever hears of a line reads anew at once, and must not be answered with what was before it. Nobody waits for tables
/// that are read for longer than that moment.
pub async fn reach(app: &AppState) -> bool {
    let (index, newest) = (&app.search.0, *app.store.bell().lines().borrow());
    let long =
        u128::from(index.took.load(Ordering::Relaxed)) > MOMENT.as_millis() && index.follower.try_lock().is_err();
    if index.seq.load(Ordering::Relaxed) >= newest {
        return true;
    }
    if long && index.marked.load(Ordering::Relaxed) >= newest {
        return false;
    }
    // It goes on when nobody waits any more.
    let app = app.clone();
    let task = tokio::spawn(async move { if long { mark(&app).await } else { catch_up(&app).await.map(|()| true) } });
    matches!(tokio::time::timeout(MOMENT, task).await, Ok(Ok(Ok(true))))
}

/// How many tables each of these sources has: as the index knows it, and counted where one was read since.
pub async fn counts(
    app: &AppState,
    tx: &mut Tx,
    sources: &[Source],
    standings: &[Standing],
) -> Result<BTreeMap<SourceId, u64>, StoreError> {
    let index = app.search.now();
    let mut counts = BTreeMap::new();
    for source in sources {
        let standing = standings.iter().find(|standing| standing.source == source.id);
        let changed_at = standing.and_then(|standing| standing.changed_at);
        let known = index.as_ref().and_then(|index| index.count(&source.id, changed_at));
        let count = match known {
            Some(count) => count,
            None => tx.tables().count(&source.id).await?,
        };
        counts.insert(source.id.clone(), count);
    }
    Ok(counts)
}

/// Brings the index up to what the store holds now.
pub async fn catch_up(app: &AppState) -> Result<(), StoreError> {
    if mark(app).await? {
        return Ok(());
    }
    let mut follower = app.search.0.follower.lock().await;
    // Somebody else may have done it meanwhile.
    if mark(app).await? {
        return Ok(());
    }
    let begun = Instant::now();
    let texts = follower.read(app).await?;
    *app.search.0.texts.lock().await = Some(Arc::new(texts));
    let took = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    app.search.0.took.store(took, Ordering::Relaxed);
    mark(app).await.map(drop)
}

/// Publishes the newest texts with what is in the lake now. `false` when these texts are not those of now.
async fn mark(app: &AppState) -> Result<bool, StoreError> {
    let index = &app.search;
    let texts = index.0.texts.lock().await;
    let Some(texts) = &*texts else { return Ok(false) };
    let mut tx = app.store.read().await?;
    let seq = tx.changes().newest().await?;
    let published = index.now().is_some_and(|now| Arc::ptr_eq(&now.texts, texts));
    let current = stands(&mut tx).await? == texts.stands;
    if !published || index.0.marked.load(Ordering::Relaxed) != seq {
        let marks = tx.items().marks().await?.into_iter().collect::<Marks>();
        index.publish(Arc::new(Snapshot::new(texts.clone(), &marks)));
        index.0.marked.store(seq, Ordering::Relaxed);
    }
    if current {
        index.0.seq.store(seq, Ordering::Relaxed);
    }
    Ok(current)
}

/// What the sources in use are now.
async fn stands(tx: &mut Tx) -> Result<Vec<Stand>, StoreError> {
    let (sources, standings) = (tx.sources().all().await?, tx.readings().all().await?);
    let stand = |source: Source| {
        let changed_at = standings.iter().find(|now| now.source == source.id).and_then(|now| now.changed_at);
        Stand { source: source.id, name: source.name, changed_at }
    };
    Ok(sources.into_iter().filter(|source| source.retired.is_none()).map(stand).collect())
}

impl Follower {
    /// Reads the sources that are others than before.
    async fn read(&mut self, app: &AppState) -> Result<Texts, StoreError> {
        let (index, before) = (&app.search.0, app.search.0.texts.lock().await.clone());
        let kept = |stand: &Stand| {
            let before = before.as_ref()?;
            let at = before.stands.iter().position(|known| known == stand)?;
            Some(before.shards[at].clone())
        };
        let mut tx = app.store.read().await?;
        let stands = stands(&mut tx).await?;
        let kept: Vec<_> = stands.iter().map(kept).collect();
        let (mut of, mut done) = (0, 0);
        for (stand, kept) in stands.iter().zip(&kept) {
            of += match kept {
                Some(shard) => shard.len() as u64,
                None => tx.tables().count(&stand.source).await?,
            };
        }
        drop(tx);
        index.of.store(of, Ordering::Relaxed);
        let mut shards = Vec::with_capacity(stands.len());
        for (stand, kept) in stands.iter().zip(kept) {
            let shard = match kept {
                Some(shard) => shard,
                None => self.shard(app, stand).await?,
            };
            done += shard.len() as u64;
            index.done.store(done, Ordering::Relaxed);
            shards.push(shard);
        }
        let vocabulary = self.growing.close();
        let texts = tokio::task::spawn_blocking(move || Texts::new(stands, shards, vocabulary)).await;
        Ok(texts.expect("putting tables in order does not panic"))
    }

    async fn shard(&mut self, app: &AppState, stand: &Stand) -> Result<Arc<Shard>, StoreError> {
        let mut tables: Vec<Numbered> = Vec::new();
        let mut after = None;
        // All pages are of one moment.
        let mut tx = app.store.read().await?;
        loop {
            let page = tx.tables().raw(&stand.source, after.as_ref(), PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some((last.database.clone(), last.table.clone()));
            let mut growing = std::mem::take(&mut self.growing);
            // Off the threads that answer people.
            let numbered = tokio::task::spawn_blocking(move || {
                let read = |raw| told(raw).map(|told| told.numbered(&mut growing));
                let tables = page.into_iter().map(read).collect::<Result<Vec<_>, _>>();
                (tables, growing)
            });
            let (page, growing) = numbered.await.expect("reading columns does not panic");
            self.growing = growing;
            tables.extend(page?);
        }
        drop(tx);
        let (source, name) = (stand.source.clone(), stand.name.clone());
        let shard = tokio::task::spawn_blocking(move || Shard::new(source, name, tables, lake::LIMIT_BYTES)).await;
        Ok(Arc::new(shard.expect("putting tables in order does not panic")))
    }
}

/// A column, as far as it is searched for.
#[derive(Deserialize)]
struct Column {
    name: String,
    comment: String,
    source_type: String,
    lake_type: Option<IgnoredAny>,
}

fn told(raw: Raw) -> Result<Told, StoreError> {
    let odd = |what: String| StoreError::Inconsistent { table: "tables", id: raw.table.clone(), what };
    let columns: Vec<Column> = serde_json::from_str(&raw.columns).map_err(|problem| odd(problem.to_string()))?;
    let name = TableName::parse(&raw.database, &raw.table).map_err(|problem| odd(problem.to_string()))?;
    let refused = columns.iter().find(|column| column.lake_type.is_none());
    let refused = refused.map(|column| (column.name.clone(), column.source_type.clone()));
    let entry = Entry {
        table: raw.table.as_str().into(),
        comment: raw.comment.as_str().into(),
        rows: raw.rows,
        bytes: raw.bytes,
        counted_at: raw.counted_at,
        columns: u32::try_from(columns.len()).unwrap_or(u32::MAX),
        keyed: raw.primary_key != "[]",
    };
    let columns = columns.into_iter().map(|column| (column.name, column.comment)).collect();
    Ok(Told { name, entry, columns, refused })
}
