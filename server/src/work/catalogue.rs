//! Keeps the catalogue: each source is read in pages, on a schedule and on demand, beside all other work.
//!
//! Pages are kept aside in short transactions; once a source was read whole, one switch makes them the catalogue. A
//! reading that fails or dies half-way leaves what was known before, with its age. One reading a source at a time, by a
//! lease that each page prolongs.

use std::time::Duration;

use domain::change::{Actor, Change, Happened, Topic};
use domain::difference::Difference;
use domain::name::TableName;
use domain::source::Account;
use domain::time::{MINUTE, Millis};

use super::beside::Beside;
use super::provision::place_of;
use crate::outside::source::{self, SourceError, TableEntry, source_cause};
use crate::state::AppState;
use crate::store::readings::{Fate, Known, Standing};
use crate::store::sources::{Settings, Source};
use crate::store::tables::Table;
use crate::store::{StoreError, Tx};

/// How often it is tried again after a reading that failed.
const AGAIN: i64 = MINUTE;
/// Tables read at a time.
const PAGE: usize = 200;
/// Sources read at a time.
const AT_A_TIME: usize = 4;
/// How long a source may take to answer with a page.
pub const PATIENCE: Duration = Duration::from_mins(1);
/// How long the lease on a source lasts without a page.
const LEASE: i64 = 3 * MINUTE;

/// The readings under way in this process.
#[derive(Debug)]
pub struct Readings(Beside);

impl Default for Readings {
    fn default() -> Self {
        Self(Beside::none("a reading"))
    }
}

impl Readings {
    /// Begins the readings that are due. `true` when one began or ended.
    pub async fn round(&mut self, app: &AppState) -> Result<bool, StoreError> {
        let mut did = self.0.reap();
        let mut tx = app.store.read().await?;
        let (sources, standings) = (tx.sources().all().await?, tx.readings().all().await?);
        let settings = tx.sources().settings().await?;
        drop(tx);
        for source in sources.into_iter().filter(|source| source.retired.is_none()) {
            let standing = standings.iter().find(|standing| standing.source == source.id);
            let due = is_due(app, &source, standing, every(app, &settings, &source));
            if due && self.0.count() < AT_A_TIME && !self.0.is_at(&source.id) {
                let app = app.clone();
                self.0.begin(source.id.clone(), async move { read(&app, &source).await });
                did = true;
            }
        }
        Ok(did)
    }

    /// Waits for the readings under way.
    pub async fn rest(&mut self) {
        self.0.rest().await;
    }
}

/// How often a source is read: as it says itself, else as the settings say.
fn every(app: &AppState, settings: &[Settings], source: &Source) -> i64 {
    let own = settings.iter().find(|settings| settings.source == source.id).and_then(|settings| settings.read_every);
    own.map_or(app.config.catalogue_every, |minutes| i64::from(minutes) * MINUTE)
}

/// Whether a source is to be read: somebody wants it, a reading died, or it is time.
fn is_due(app: &AppState, source: &Source, standing: Option<&Standing>, every: i64) -> bool {
    let Some(standing) = standing else { return true };
    if standing.wanted_at.is_some() || standing.begun_at.is_some() {
        return true;
    }
    let pause = if source.trouble.is_some() { AGAIN } else { every };
    standing.ended_at.max(source.read_at).is_none_or(|last| app.clock.now().since(last) >= pause)
}

/// Reads one source's catalogue; a failure is noted beside what was known before.
pub async fn read(app: &AppState, source: &Source) -> Result<(), StoreError> {
    let opened = app.outside.sources.open(&place_of(source), Account::Catalogue).await;
    read_from(app, source, opened, PATIENCE).await
}

/// Reads a source that was opened, and waits at most so long for each page.
pub async fn read_from(
    app: &AppState,
    source: &Source,
    opened: Result<Box<dyn source::Source>, SourceError>,
    patience: Duration,
) -> Result<(), StoreError> {
    let (begun, holder) = (app.clock.now(), app.ids.task().to_string());
    let mut reading = Under { app, source, lease: format!("catalogue/{}", source.id), holder };
    if !reading.begin(begun).await? {
        return Ok(());
    }
    let outcome = match opened {
        Ok(reader) => reading.pages(&*reader, patience, begun).await?,
        Err(problem) => Err(problem),
    };
    match outcome {
        Ok(true) => reading.switch(begun).await?,
        // Another process took the lease over, and with it the reading.
        Ok(false) => return Ok(()),
        Err(problem) => reading.note(begun, &problem).await?,
    }
    reading.forget().await
}

/// One reading under way.
struct Under<'a> {
    app: &'a AppState,
    source: &'a Source,
    lease: String,
    holder: String,
}

impl Under<'_> {
    /// Takes the lease and forgets what a reading before left aside. `false` when somebody else reads.
    async fn begin(&mut self, begun: Millis) -> Result<bool, StoreError> {
        let mut tx = self.app.store.begin().await?;
        if !tx.leases().take(&self.lease, &self.holder, begun, begun.plus(LEASE)).await? {
            return Ok(false);
        }
        tx.readings().begin(&self.source.id, begun).await?;
        tx.commit(begun).await?;
        Ok(true)
    }

    /// Keeps page after page aside. `false` when the lease was lost.
    async fn pages(
        &mut self,
        reader: &dyn source::Source,
        patience: Duration,
        begun: Millis,
    ) -> Result<Result<bool, SourceError>, StoreError> {
        let mut after: Option<TableName> = None;
        loop {
            let page = tokio::time::timeout(patience, reader.tables(after.as_ref(), PAGE)).await;
            let page = match page.unwrap_or_else(|_| Err(self.hangs())) {
                Ok(page) => page,
                Err(problem) => return Ok(Err(problem)),
            };
            let Some(last) = page.last() else { return Ok(Ok(true)) };
            after = Some(last.shape.name.clone());
            if !self.keep(page, begun).await? {
                return Ok(Ok(false));
            }
            crate::crash::point("catalogue.page");
        }
    }

    fn hangs(&self) -> SourceError {
        SourceError::Away { what: format!("the catalogue of {}", self.source.name), cause: None }
    }

    async fn keep(&mut self, page: Vec<TableEntry>, begun: Millis) -> Result<bool, StoreError> {
        let names: Vec<_> = page.iter().map(|entry| entry.shape.name.clone()).collect();
        let mut known = self.app.store.read().await?.readings().known(&self.source.id, &names).await?;
        let fate = |entry: TableEntry| self.fate(known.remove(&entry.shape.name).as_ref(), entry, begun);
        let fates = page.into_iter().map(fate).collect::<Result<Vec<_>, _>>()?;
        let now = self.app.clock.now();
        let mut tx = self.app.store.begin().await?;
        if !tx.leases().take(&self.lease, &self.holder, now, now.plus(LEASE)).await? {
            return Ok(false);
        }
        tx.readings().page(&self.source.id, &fates).await?;
        tx.commit(now).await?;
        Ok(true)
    }

    fn fate(&self, before: Option<&Known>, entry: TableEntry, begun: Millis) -> Result<Fate, StoreError> {
        let difference = match before {
            Some(known) if known.is(&entry.shape) => None,
            Some(known) => Difference::between(Some(&known.shape()?), known.gone, &entry.shape),
            None => Difference::between(None, false, &entry.shape),
        };
        let counted = before.is_some_and(|known| (known.raw.rows, known.raw.bytes) != (entry.rows, entry.bytes));
        if difference.is_none() && !counted {
            return Ok(Fate::Same(entry.shape.name));
        }
        let table = Table {
            source: self.source.id.clone(),
            shape: entry.shape,
            rows: entry.rows,
            bytes: entry.bytes,
            counted_at: begun,
        };
        Ok(match difference {
            Some(difference) => Fate::Different(table, difference),
            None => Fate::Counted(table),
        })
    }

    /// Makes the pages the catalogue. A line is written when there is news for somebody.
    async fn switch(&mut self, begun: Millis) -> Result<(), StoreError> {
        let now = self.app.clock.now();
        let mut tx = self.app.store.begin().await?;
        if !tx.leases().take(&self.lease, &self.holder, now, now.plus(LEASE)).await? {
            return Ok(());
        }
        let source = tx.sources().get(&self.source.id).await?;
        if source.retired.is_some() {
            return self.leave(tx, begun).await;
        }
        let standing = tx.readings().all().await?.into_iter().find(|standing| standing.source == self.source.id);
        let wanted = standing.and_then(|standing| standing.wanted_at).is_some();
        let first = source.read_at.is_none();
        let sums = tx.readings().switch(&self.source.id, begun, first).await?;
        tx.readings().end(&self.source.id, begun, now).await?;
        tx.sources().looked(&self.source.id, Some(begun), None).await?;
        if first || wanted || source.trouble.is_some() || sums.appeared + sums.changed + sums.vanished > 0 {
            let (appeared, changed) = if first { (0, 0) } else { (sums.appeared, sums.changed) };
            let read = Happened::CatalogueRead { tables: sums.tables, appeared, changed, vanished: sums.vanished };
            tx.log(Change::of(Topic::Source, &self.source.id, Actor::Lakegate, read));
        }
        tx.commit(now).await.map(drop)
    }

    /// The source was retired meanwhile: what was read of it is dropped, the catalogue stays as it was.
    async fn leave(&self, mut tx: Tx, begun: Millis) -> Result<(), StoreError> {
        let now = self.app.clock.now();
        tx.readings().end(&self.source.id, begun, now).await?;
        tx.commit(now).await.map(drop)
    }

    /// Forgets the pages kept aside, a few at a time, and gives the lease back: who reads next finds none of them.
    async fn forget(&self) -> Result<(), StoreError> {
        loop {
            let now = self.app.clock.now();
            let mut tx = self.app.store.begin().await?;
            if !tx.leases().take(&self.lease, &self.holder, now, now.plus(LEASE)).await? {
                return Ok(());
            }
            let more = tx.readings().forget_some(&self.source.id).await?;
            if !more {
                tx.leases().give_back(&self.lease, &self.holder).await?;
            }
            tx.commit(now).await?;
            if !more {
                return Ok(());
            }
        }
    }

    /// Notes why it cannot be read. A line is written when that is new.
    async fn note(&mut self, begun: Millis, problem: &SourceError) -> Result<(), StoreError> {
        let name = TableName::parse("-", "-").expect("a dash is a name");
        let cause = source_cause(problem, &name);
        tracing::warn!(source.name = self.source.name, error = %problem, "the catalogue cannot be read");
        let now = self.app.clock.now();
        let mut tx = self.app.store.begin().await?;
        let source = tx.sources().get(&self.source.id).await?;
        if source.retired.is_some() {
            return self.leave(tx, begun).await;
        }
        let news = source.trouble.as_ref() != Some(&cause.said);
        tx.sources().looked(&self.source.id, None, Some(&cause.said)).await?;
        tx.readings().end(&self.source.id, begun, now).await?;
        if news {
            let unread = Happened::CatalogueUnread { cause };
            tx.log(Change::of(Topic::Source, &self.source.id, Actor::Lakegate, unread));
        }
        tx.commit(now).await.map(drop)
    }
}
