//! Counts beside the rounds: rows of tables at their source and in the lake, and the readers of a source.
//!
//! Invariant: of one source one thing is counted at a time, and a table takes at most a twentieth of the time; a round never
//! waits for a count.

use std::collections::{BTreeMap, BTreeSet};

use domain::cause::Cause;
use domain::ids::{ItemId, SourceId};
use domain::item::Item;
use domain::name::{Name, TableName};
use domain::proof::{Between, Seen};
use domain::source::Account;
use domain::time::{MINUTE, Millis, SECOND};
use tokio::task::{JoinError, JoinSet};

use super::look;
use crate::outside::engine::SourcePlace;
use crate::outside::lake_cause;
use crate::outside::source::{SourceError, source_cause};
use crate::state::AppState;

/// A table is counted at most this often.
const EVERY: i64 = 5 * SECOND;
/// And the pause after a count is so many times as long as the count was.
const PAUSE: i64 = 20;
/// Nothing read for so long: the copy is over, or stands still. The cluster tells every 10 s how much was read.
const STILL: i64 = 25 * SECOND;
/// How often the readers of a source are counted, and how long that counts.
const READERS_EVERY: i64 = MINUTE / 2;
const READERS_STAND: i64 = 2 * MINUTE;

/// How far a table's count is.
#[derive(Debug, Clone, Default)]
pub enum Count {
    /// None goes on.
    #[default]
    None,
    /// It goes on.
    Running,
    /// The source was counted; a commit of what came before must follow.
    Before {
        /// Rows.
        rows: u64,
        /// When the count was over.
        at: Millis,
    },
    /// All three were counted.
    Done(Result<(Between, Seen), Cause>),
}

/// What is known of one table.
#[derive(Debug, Clone, Default)]
struct Table {
    count: Count,
    /// Rows read, and since when so many.
    read: Option<(u64, Millis)>,
    /// When the last count ended, and how long it took.
    counted: Option<(Millis, i64)>,
    /// Rows at the source by the last count.
    of: Option<u64>,
    /// Agreements running.
    agreed: u32,
}

/// The readers of a source by our account.
#[derive(Debug, Clone, Copy)]
struct Readers {
    at: Millis,
    count: Option<u64>,
}

/// What a count came to.
enum Ended {
    Table { item: ItemId, source: SourceId, count: Count, at: Millis, took: i64 },
    Readers { source: SourceId, readers: Readers },
}

/// All counts of this process.
#[derive(Default)]
pub struct Counts {
    tables: BTreeMap<ItemId, Table>,
    readers: BTreeMap<SourceId, Readers>,
    /// How many jobs of a source ought to be attached to it.
    jobs: BTreeMap<SourceId, u64>,
    /// Sources at which something is counted.
    busy: BTreeSet<SourceId>,
    counting: JoinSet<Ended>,
}

impl Counts {
    /// Takes in what was counted. `true` when something was.
    pub fn reap(&mut self) -> bool {
        let mut did = false;
        while let Some(ended) = self.counting.try_join_next() {
            self.take(ended);
            did = true;
        }
        did
    }

    /// Waits for all counts that go on.
    pub async fn rest(&mut self) {
        while let Some(ended) = self.counting.join_next().await {
            self.take(ended);
        }
    }

    fn take(&mut self, ended: Result<Ended, JoinError>) {
        match ended {
            Ok(Ended::Table { item, source, count, at, took }) => {
                self.busy.remove(&source);
                let table = self.tables.entry(item).or_default();
                if let Count::Before { rows, .. } = &count {
                    table.of = Some(*rows);
                }
                table.counted = Some((at, took));
                table.count = count;
            }
            Ok(Ended::Readers { source, readers }) => {
                self.busy.remove(&source);
                self.readers.insert(source, readers);
            }
            Err(broken) => {
                tracing::error!(error = %broken, "a count broke off; all begin anew");
                self.counting.abort_all();
                (self.busy, self.tables) = (BTreeSet::new(), BTreeMap::new());
            }
        }
    }

    /// How far the count of a table is.
    pub fn of(&self, item: &ItemId) -> Count {
        self.tables.get(item).map(|table| table.count.clone()).unwrap_or_default()
    }

    /// Rows at the source by the last count.
    pub fn rows(&self, item: &ItemId) -> Option<u64> {
        self.tables.get(item).and_then(|table| table.of)
    }

    /// The count of a table was used.
    pub fn forget(&mut self, item: &ItemId) {
        if let Some(table) = self.tables.get_mut(item) {
            table.count = Count::None;
        }
    }

    /// Nothing of a table matters any more.
    pub fn drop(&mut self, item: &ItemId) {
        self.tables.remove(item);
    }

    /// Notes how many rows were read of a table.
    pub fn read(&mut self, item: &ItemId, read: Option<u64>, now: Millis) {
        let table = self.tables.entry(item.clone()).or_default();
        let Some(read) = read else { return };
        if table.read.is_none_or(|(before, _)| before != read) {
            table.read = Some((read, now));
        }
    }

    /// Whether all rows were read, as far as can be told: as many as the source has, or none for a while.
    pub fn is_all_read(&self, item: &ItemId, now: Millis) -> bool {
        let Some(table) = self.tables.get(item) else { return false };
        table.read.is_some_and(|(read, since)| table.of.is_some_and(|of| read >= of) || now.since(since) >= STILL)
    }

    /// Counts an agreement or its end; how many there are running.
    pub fn agreed(&mut self, item: &ItemId, agrees: bool) -> u32 {
        let table = self.tables.entry(item.clone()).or_default();
        table.agreed = if agrees { table.agreed + 1 } else { 0 };
        table.agreed
    }

    /// Begins to count a table at its source, if it is time: the first time at once, then when all was read. `true` when
    /// it was begun.
    pub fn count_before(&mut self, app: &AppState, source: &SourcePlace, item: &Item, now: Millis) -> bool {
        let table = self.tables.entry(item.id.clone()).or_default();
        let paused = table.counted.is_some_and(|(at, took)| now.since(at) < EVERY.max(took * PAUSE));
        let worth = table.of.is_none() || self.is_all_read(&item.id, now);
        if paused || !worth || self.busy.contains(&source.id) {
            return false;
        }
        let (place, name, on) = (source.clone(), item.table.clone(), app.clone());
        self.begin(app, source, item, async move {
            match rows_at(&on, &place, &name).await {
                Ok((rows, _)) => Count::Before { rows, at: on.clock.now() },
                Err(problem) => Count::Done(Err(source_cause(&problem, &name))),
            }
        });
        true
    }

    /// Begins to count the lake and then the source, after a commit of what came before the first count. `true` when it
    /// was begun.
    pub fn count_after(&mut self, app: &AppState, source: &SourcePlace, item: &Item, through: Millis) -> bool {
        let Some(before) = self.rows(&item.id).filter(|_| !self.busy.contains(&source.id)) else { return false };
        let (place, of, on) = (source.clone(), item.clone(), app.clone());
        self.begin(app, source, item, async move { Count::Done(between(&on, &place, &of, before, through).await) });
        true
    }

    fn begin(
        &mut self,
        app: &AppState,
        source: &SourcePlace,
        item: &Item,
        count: impl Future<Output = Count> + Send + 'static,
    ) {
        self.busy.insert(source.id.clone());
        self.tables.entry(item.id.clone()).or_default().count = Count::Running;
        let (item, source, clock) = (item.id.clone(), source.id.clone(), app.clock.clone());
        self.counting.spawn(async move {
            let begun = clock.now();
            let count = count.await;
            let at = clock.now();
            Ended::Table { item, source, count, at, took: at.since(begun) }
        });
    }

    /// Notes how many jobs ought to be attached to each source.
    pub fn jobs(&mut self, jobs: BTreeMap<SourceId, u64>) {
        self.jobs = jobs;
    }

    /// Counts the readers of a source anew, if it is time. `true` when it was begun.
    pub fn count_readers(&mut self, app: &AppState, source: &SourcePlace, now: Millis) -> bool {
        let known = self.readers.get(&source.id).is_some_and(|readers| now.since(readers.at) < READERS_EVERY);
        if known || self.busy.contains(&source.id) {
            return false;
        }
        self.busy.insert(source.id.clone());
        let (app, place) = (app.clone(), source.clone());
        self.counting.spawn(async move {
            let count = readers_at(&app, &place).await;
            Ended::Readers { source: place.id, readers: Readers { at: app.clock.now(), count } }
        });
        true
    }

    /// Whether all jobs of a source are attached to it.
    pub fn attached(&self, source: &SourceId, now: Millis) -> Attached {
        let jobs = self.jobs.get(source).copied().unwrap_or(0);
        match self.readers.get(source).filter(|readers| now.since(readers.at) < READERS_STAND) {
            Some(Readers { at, count: Some(count) }) if *count >= jobs => Attached::At(*at),
            Some(Readers { count: Some(_), .. }) => Attached::CutOff,
            Some(Readers { count: None, .. }) | None => Attached::NotKnown,
        }
    }
}

/// Whether jobs are attached to their source. That a reader is there proves little: a server keeps one for a while after
/// its job ended; that none is there proves that nothing arrives (measured on the real one).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attached {
    /// They were at that moment; of later ones nothing is known yet.
    At(Millis),
    /// They are not.
    CutOff,
    /// The source did not say.
    NotKnown,
}

/// The rows of a table at its source, and its columns.
async fn rows_at(app: &AppState, place: &SourcePlace, table: &TableName) -> Result<(u64, Vec<Name>), SourceError> {
    let source = app.outside.sources.open(place, Account::Copying).await?;
    let shape = source.shape(table).await?;
    let columns = shape.columns.into_iter().map(|column| column.name).collect();
    Ok((source.count(table).await?, columns))
}

/// The readers by our account; a source that does not answer has none: whoever follows it is cut off too.
async fn readers_at(app: &AppState, place: &SourcePlace) -> Option<u64> {
    let opened = app.outside.sources.open(place, Account::Copying).await.ok()?;
    opened.binlog().await.ok()?.map(|binlog| binlog.readers)
}

async fn between(
    app: &AppState,
    place: &SourcePlace,
    item: &Item,
    before: u64,
    through: Millis,
) -> Result<(Between, Seen), Cause> {
    let seen = look::see(app, &item.target).await.map_err(|problem| lake_cause(&problem, &item.target))?;
    let counted = rows_at(app, place, &item.table).await.map_err(|problem| source_cause(&problem, &item.table))?;
    let (after, columns) = counted;
    Ok((Between { before, after, columns, through }, seen))
}
