//! Fills the index from the store and keeps it up with it: sources that were read anew, items that came and went.
//!
//! A look that finds nothing new costs two short reads.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use domain::ids::SourceId;
use domain::name::TableName;
use domain::time::Millis;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::shard::{Entry, Numbered, Shard, Told};
use super::vocabulary::Growing;
use super::{Index, Marks, Snapshot, Texts};
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

/// What the index was made of.
#[derive(Default)]
pub(super) struct Follower {
    growing: Growing,
    shards: Vec<(Stand, Arc<Shard>)>,
    texts: Option<Arc<Texts>>,
}

/// What a source was when it was put into the index.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stand {
    source: SourceId,
    name: String,
    changed_at: Option<Millis>,
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
/// Whoever hears of a line reads anew at once, and must not be answered with what was before it.
pub async fn reach(app: &AppState) -> bool {
    let newest = *app.store.bell().lines().borrow();
    if app.search.0.seq.load(Ordering::Relaxed) >= newest {
        return true;
    }
    // It goes on when nobody waits any more.
    let app = app.clone();
    let task = tokio::spawn(async move { catch_up(&app).await });
    matches!(tokio::time::timeout(MOMENT, task).await, Ok(Ok(Ok(()))))
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
    let index = &app.search;
    let mut follower = index.0.follower.lock().await;
    let mut tx = app.store.read().await?;
    let seq = tx.changes().newest().await?;
    if index.now().is_some() && index.0.seq.load(Ordering::Relaxed) == seq {
        // Without a line of the log only counts can have changed: those of a reading that met nothing else.
        let standings = tx.readings().all().await?;
        let changed = |(stand, _): &(Stand, Arc<Shard>)| {
            standings.iter().any(|now| now.source == stand.source && now.changed_at != stand.changed_at)
        };
        if !follower.shards.iter().any(changed) {
            return Ok(());
        }
    }
    let sources = tx.sources().all().await?;
    let used = sources.iter().filter(|source| source.retired.is_none());
    let standings = tx.readings().all().await?;
    let marks = tx.items().marks().await?.into_iter().collect::<Marks>();
    drop(tx);
    let stand = |source: &Source| Stand {
        source: source.id.clone(),
        name: source.name.clone(),
        changed_at: standings.iter().find(|standing| standing.source == source.id).and_then(|now| now.changed_at),
    };
    let stands: Vec<_> = used.map(stand).collect();
    let same = follower.texts.is_some() && follower.shards.iter().map(|(stand, _)| stand).eq(&stands);
    if !same {
        follower.read(app, index, stands).await?;
    }
    let texts = follower.texts.clone().expect("it was just read");
    let as_of = follower.shards.iter().map(|(stand, _)| stand.changed_at).collect();
    index.publish(Arc::new(Snapshot::new(texts, as_of, &marks)), seq);
    Ok(())
}

impl Follower {
    /// Reads the sources that are others than before.
    async fn read(&mut self, app: &AppState, index: &Index, stands: Vec<Stand>) -> Result<(), StoreError> {
        let kept =
            |stand: &Stand| self.shards.iter().find(|(before, _)| before == stand).map(|(_, shard)| shard.clone());
        let kept: Vec<_> = stands.iter().map(kept).collect();
        let (mut of, mut done) = (0, 0);
        let mut tx = app.store.read().await?;
        for (stand, kept) in stands.iter().zip(&kept) {
            of += match kept {
                Some(shard) => shard.len() as u64,
                None => tx.tables().count(&stand.source).await?,
            };
        }
        drop(tx);
        index.0.of.store(of, Ordering::Relaxed);
        let mut shards = Vec::with_capacity(stands.len());
        for (stand, kept) in stands.into_iter().zip(kept) {
            let shard = match kept {
                Some(shard) => shard,
                None => self.shard(app, &stand).await?,
            };
            done += shard.len() as u64;
            index.0.done.store(done, Ordering::Relaxed);
            shards.push((stand, shard));
        }
        let vocabulary = self.growing.close();
        let of = shards.iter().map(|(_, shard)| shard.clone()).collect::<Vec<_>>();
        let texts = tokio::task::spawn_blocking(move || Texts::new(of, vocabulary)).await;
        self.texts = Some(Arc::new(texts.expect("putting tables in order does not panic")));
        self.shards = shards;
        Ok(())
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
