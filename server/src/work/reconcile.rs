//! Follows the world: what is wanted of each job, what its engine shows, and from that the state of every item.
//!
//! Takes no input, is safe to repeat, and is the one place that finishes things.

use std::collections::{BTreeMap, BTreeSet};

use domain::cause::{Cause, CauseCode};
use domain::change::{Actor, Change, Happened, Topic};
use domain::ids::{ItemId, JobId, RequestId, SourceId};
use domain::item::{Item, State};
use domain::job::{Job, Wanted};
use domain::proof::{Landed, Proof};
use domain::time::{MINUTE, Millis, SECOND};

use super::count::Counts;
use super::follow::Followed;
use super::look;
use super::provision::{log_failure, told};
use crate::outside::engine::{Engine, EngineError, JobSpec, Phase, SourcePlace, TableSeen};
use crate::state::AppState;
use crate::store::items::ItemRecord;
use crate::store::{StoreError, Tx};

/// How often the lake is looked at for a table whose state stands.
pub const LOOK_EVERY: i64 = MINUTE;
/// How long a job is left alone after its engine did not do what is wanted.
const REST: i64 = 5 * SECOND;
/// Progress is written at most this often for a job.
const PROGRESS_EVERY: i64 = 2 * SECOND;

/// From when on a look counts: what was not looked at for two rounds is not known any more.
pub fn fresh_since(now: Millis) -> Millis {
    now.plus(-2 * LOOK_EVERY)
}

/// Whether what is shown of an item is not too old.
pub fn known(record: &ItemRecord, now: Millis) -> bool {
    record.looked_at.is_some_and(|looked| looked >= fresh_since(now))
}

/// The reconciler of this process.
pub struct Reconciler {
    pub(super) app: AppState,
    /// What is counted beside the rounds.
    pub(super) counts: Counts,
    /// When progress of a job was last written.
    written: BTreeMap<JobId, Millis>,
    /// Jobs whose engine did not do what is wanted, and until when they are left alone.
    resting: BTreeMap<JobId, Millis>,
}

impl Reconciler {
    /// A reconciler that has seen nothing.
    pub fn new(app: AppState) -> Self {
        Self { app, counts: Counts::default(), written: BTreeMap::new(), resting: BTreeMap::new() }
    }

    /// One look at every job. `true` when a state changed.
    pub async fn round(&mut self) -> Result<bool, StoreError> {
        let mut changed = self.counts.reap();
        let jobs = self.app.store.read().await?.jobs().all().await?;
        let mut followed = BTreeMap::new();
        for job in jobs.into_iter().filter(|job| job.wanted == Wanted::Running) {
            changed |= self.job(&job, &mut followed).await?;
        }
        self.counts.jobs(followed);
        Ok(changed)
    }

    /// Waits for what goes on beside the rounds.
    pub async fn rest(&mut self) {
        self.counts.rest().await;
    }

    /// One look at a job. Those that ought to be attached to their source are counted in `followed`.
    async fn job(&mut self, job: &Job, followed: &mut BTreeMap<SourceId, u64>) -> Result<bool, StoreError> {
        if self.resting.get(&job.id).is_some_and(|until| self.now() < *until) {
            return Ok(false);
        }
        let mut tx = self.app.store.read().await?;
        let records = tx.items().of_job(&job.id).await?;
        let source = tx.sources().get(&job.source).await?;
        let route = tx.routes().get(&job.route).await?;
        drop(tx);
        let (engine, spec) = told(&self.app, job, &source, &route, &records).await?;
        let placed: BTreeSet<_> = records
            .iter()
            .filter(|record| matches!(record.item.state, State::Placed { .. }))
            .map(|record| record.item.id.clone())
            .collect();
        if let Err(problem) = align(engine.as_ref(), &spec, &placed).await {
            tracing::warn!(job.name = job.name, error = %problem, "the job could not be brought to what is wanted");
            self.resting.insert(job.id.clone(), self.now().plus(REST));
            return self.not_aligned(records, problem).await;
        }
        self.resting.remove(&job.id);
        if spec.tables.is_empty() {
            return self.gone(job).await;
        }
        let proven = |record: &ItemRecord| matches!(record.item.state, State::Ready { .. } | State::Late { .. });
        if route.engine.follows() && records.iter().filter(|record| record.item.state.wants_job()).all(proven) {
            *followed.entry(job.source.clone()).or_default() += 1;
        }
        match engine.observe(&job.name).await {
            Ok(seen) => self.follow(job, &spec.source, records, seen).await,
            Err(problem) => {
                tracing::warn!(job.name = job.name, error = %problem, "the engine did not answer; looked at again");
                Ok(false)
            }
        }
    }

    /// An engine that will not: what is on its way failed, what was proven shows the trouble. What may pass is looked at
    /// again, and the deadlines see to it that it does not do so for ever.
    async fn not_aligned(&self, records: Vec<ItemRecord>, problem: EngineError) -> Result<bool, StoreError> {
        let (cause, false) = problem.cause() else { return Ok(false) };
        let mut changed = false;
        for record in records {
            changed |= match &record.item.state {
                State::Starting { .. } | State::Copying { .. } | State::Verifying { .. } => {
                    self.fail(&record.item, cause.clone()).await?
                }
                State::Ready { .. } | State::Late { .. } => self.note(&record.item, Some(cause.clone())).await?,
                _ => false,
            };
        }
        Ok(changed)
    }

    /// A job that no item wants any more, not even one that is tried again later.
    async fn gone(&self, job: &Job) -> Result<bool, StoreError> {
        if !self.app.store.read().await?.items().of_job(&job.id).await?.is_empty() {
            return Ok(false);
        }
        let now = self.app.clock.now();
        let mut tx = self.app.store.begin().await?;
        // Read anew where it is written: an item may have been placed since.
        if !tx.items().of_job(&job.id).await?.is_empty() {
            return Ok(false);
        }
        tx.jobs().save(&Job { wanted: Wanted::Gone, ..job.clone() }).await?;
        let gone = Happened::JobGone { job: job.name.clone() };
        tx.log(Change::of(Topic::Job, &job.id, Actor::Lakegate, gone));
        tx.commit(now).await?;
        Ok(true)
    }

    async fn follow(
        &mut self,
        job: &Job,
        source: &SourcePlace,
        records: Vec<ItemRecord>,
        seen: Vec<TableSeen>,
    ) -> Result<bool, StoreError> {
        let phases: BTreeMap<ItemId, Phase> = seen.into_iter().map(|seen| (seen.item, seen.phase)).collect();
        let (mut changed, mut moved, mut queued) = (false, Vec::new(), Vec::new());
        for record in records {
            let Some(phase) = phases.get(&record.item.id) else { continue };
            if let (State::Starting { .. } | State::Copying { .. }, Phase::Copying { rows, of }) =
                (&record.item.state, phase)
            {
                moved.push((record.item.id.clone(), *rows, *of));
            }
            if let (State::Copying { .. } | State::Verifying { .. }, Phase::Following { read: Some(read), .. }) =
                (&record.item.state, phase)
            {
                let of = self.counts.rows(&record.item.id);
                // A change counts twice, and what is copied is never more than there is.
                moved.push((record.item.id.clone(), of.map_or(*read, |of| of.min(*read)), of));
            }
            if let (State::Starting { at, .. }, Phase::Queued) = (&record.item.state, phase)
                && self.now().since(record.moved_at.unwrap_or(*at)) >= LOOK_EVERY
            {
                queued.push(record.item.id.clone());
            }
            match self.item(source, &record, phase).await {
                Ok(this) => changed |= this,
                // Somebody was faster; the next round sees what they did.
                Err(StoreError::Stale { .. }) => changed = true,
                Err(problem) => return Err(problem),
            }
        }
        self.progress(job, moved).await?;
        self.in_line(queued).await?;
        Ok(changed)
    }

    /// Tables in line behind others are not overdue; noted once a minute.
    async fn in_line(&self, items: Vec<ItemId>) -> Result<(), StoreError> {
        if items.is_empty() {
            return Ok(());
        }
        let now = self.now();
        let mut tx = self.app.store.begin().await?;
        for item in &items {
            tx.items().in_line(item, now).await?;
        }
        tx.commit(now).await.map(drop)
    }

    /// At most one write per job in 2 s, rung as a bell, without a line or an event id.
    async fn progress(&mut self, job: &Job, moved: Vec<(ItemId, u64, Option<u64>)>) -> Result<(), StoreError> {
        let now = self.app.clock.now();
        let due = self.written.get(&job.id).is_none_or(|written| now.since(*written) >= PROGRESS_EVERY);
        if moved.is_empty() || !due {
            return Ok(());
        }
        self.written.insert(job.id.clone(), now);
        let mut tx = self.app.store.begin().await?;
        let mut requests = BTreeSet::<RequestId>::new();
        for (item, rows, of) in &moved {
            tx.items().progress(item, *rows, *of, now).await?;
            requests.extend(tx.items().shown_in(item).await?);
        }
        tx.commit(now).await?;
        self.app.store.bell().progress(requests);
        Ok(())
    }

    /// Moves one item one step toward what its phase shows. `true` when its state changed.
    async fn item(&mut self, source: &SourcePlace, record: &ItemRecord, phase: &Phase) -> Result<bool, StoreError> {
        let item = &record.item;
        match (&item.state, phase) {
            (_, Phase::Following { read, through, trouble }) => {
                let seen = Followed { read: *read, through: *through, trouble: trouble.clone() };
                self.follow_table(source, record, &seen).await
            }
            (State::Ready { .. } | State::Late { .. }, Phase::Failed { cause }) => {
                self.note(item, Some(cause.clone())).await
            }
            (State::Starting { .. }, Phase::Copying { .. }) => self.write(item.clone().copy(self.now()), &[]).await,
            (State::Starting { .. } | State::Copying { .. }, Phase::Landed { landed, .. }) => {
                let rows = landed.rows;
                self.write(item.clone().verify(landed.clone(), self.now()), &[Happened::Copied { rows }]).await
            }
            (State::Starting { .. } | State::Copying { .. }, Phase::Failed { cause }) => {
                self.fail(item, cause.clone()).await
            }
            (State::Verifying { .. }, _) => self.verify(item).await,
            (State::Ready { proof, .. } | State::Late { proof, .. }, phase) => {
                self.keep_proving(record, proof, phase).await
            }
            _ => Ok(false),
        }
    }

    pub(super) fn now(&self) -> Millis {
        self.app.clock.now()
    }

    async fn verify(&self, item: &Item) -> Result<bool, StoreError> {
        let Some(landed) = &item.landed else {
            return self.fail(item, Cause::new(CauseCode::Ours).text("what", "nothing was noted of its copy")).await;
        };
        match look::prove(&self.app, &item.target, landed).await {
            Ok(proof) => {
                let ready = Happened::Ready { rows: proof.lake_rows };
                self.write(item.clone().prove(proof, self.now()), &[ready]).await
            }
            Err(cause) => self.fail(item, cause).await,
        }
    }

    /// A table that was proven: newer copies are proven too, a broken promise is late, a broken proof is failed.
    async fn keep_proving(&self, record: &ItemRecord, proof: &Proof, phase: &Phase) -> Result<bool, StoreError> {
        let item = &record.item;
        let zone = self.app.config.zone_offset(self.now());
        if let Phase::Landed { landed, trouble, .. } = phase {
            if landed.snapshot != proof.snapshot {
                return self.prove_anew(item, landed).await;
            }
            if *trouble != item.trouble {
                return self.note_trouble(item, trouble.clone()).await;
            }
        }
        if matches!(item.state, State::Ready { .. }) && self.now() >= item.tier.late_at(proof.read_at, zone) {
            return self.write(item.clone().be_late(self.now()), &[Happened::Late]).await;
        }
        if record.looked_at.is_none_or(|looked| self.now().since(looked) >= LOOK_EVERY / 2) {
            return self.look_again(item, proof).await;
        }
        Ok(false)
    }

    async fn prove_anew(&self, item: &Item, landed: &Landed) -> Result<bool, StoreError> {
        let proof = match look::prove(&self.app, &item.target, landed).await {
            Ok(proof) => proof,
            Err(cause) => return self.fail(item, cause).await,
        };
        let late = matches!(item.state, State::Late { .. });
        let fresh: &[Happened] = if late { &[Happened::FreshAgain] } else { &[] };
        let item = Item { landed: Some(landed.clone()), trouble: None, ..item.clone() };
        self.write(item.prove(proof, self.now()), fresh).await
    }

    pub(super) async fn note_trouble(&self, item: &Item, trouble: Option<Cause>) -> Result<bool, StoreError> {
        let now = self.now();
        let mut tx = self.app.store.begin().await?;
        tx.items().save(&Item { trouble: trouble.clone(), ..item.clone() }).await?;
        if let Some(cause) = trouble {
            let line = Happened::RefreshFailed { cause };
            tx.log(Change::of_request(&item.request, vec![item.id.clone()], Actor::Lakegate, line));
        }
        tx.commit(now).await?;
        Ok(true)
    }

    /// Notes that it was looked at and stands.
    pub(super) async fn looked(&self, item: &Item) -> Result<bool, StoreError> {
        let now = self.now();
        let mut tx = self.app.store.begin().await?;
        tx.items().looked(&item.id, now).await?;
        tx.commit(now).await?;
        Ok(false)
    }

    async fn look_again(&self, item: &Item, proof: &Proof) -> Result<bool, StoreError> {
        match look::still_there(&self.app, &item.target, proof).await {
            Ok(true) => self.looked(item).await,
            // Another snapshot: the embedded engine may just have committed; the next rounds see it land, or not.
            Ok(false) => match &item.landed {
                Some(landed) => match look::prove(&self.app, &item.target, landed).await {
                    Ok(_) => Ok(false),
                    Err(cause) if cause.code == CauseCode::LakeTableGone => self.fail(item, cause).await,
                    Err(_) => Ok(false),
                },
                None => Ok(false),
            },
            Err(cause) if cause.code == CauseCode::LakeTableGone => self.fail(item, cause).await,
            // The lake did not answer: what is shown grows old and becomes "not known yet" by itself.
            Err(_) => Ok(false),
        }
    }

    pub(super) async fn fail(&self, item: &Item, cause: Cause) -> Result<bool, StoreError> {
        let again_at = self.now().plus(self.app.config.deadlines.again);
        self.write(item.clone().fail(cause, self.now(), again_at), &[]).await
    }

    /// Saves a transition with its line.
    pub(super) async fn write(
        &self,
        moved: Result<Item, domain::item::Refusal>,
        lines: &[Happened],
    ) -> Result<bool, StoreError> {
        let Ok(item) = moved else { return Ok(false) };
        let now = self.now();
        let mut tx = self.app.store.begin().await?;
        tx.items().save(&item).await?;
        tx.items().looked(&item.id, now).await?;
        log_state(&mut tx, &item, lines);
        let requests = tx.items().shown_in(&item.id).await?;
        // A line rings for its own request only; others show the item too.
        if tx.commit(now).await?.is_none() || requests.len() > 1 {
            self.app.store.bell().progress(requests);
        }
        Ok(true)
    }
}

fn log_state(tx: &mut Tx, item: &Item, lines: &[Happened]) {
    if matches!(item.state, State::Copying { .. }) {
        tx.log(Change::of_request(&item.request, vec![item.id.clone()], Actor::Lakegate, Happened::Copying));
    }
    log_failure(tx, item, vec![item.id.clone()]);
    for happened in lines {
        tx.log(Change::of_request(&item.request, vec![item.id.clone()], Actor::Lakegate, happened.clone()));
    }
}

/// Brings the engine's job to what is wanted; a job lost with its process is made again under the same name.
///
/// Items just placed are the saga's to bring; here they are only not thrown out.
async fn align(engine: &dyn Engine, spec: &JobSpec, placed: &BTreeSet<ItemId>) -> Result<(), EngineError> {
    let seen = engine.find(&spec.name).await?;
    let wanted: BTreeSet<_> = spec.tables.iter().map(|table| table.item.clone()).collect();
    if wanted.is_empty() {
        return if seen.is_some() { engine.remove(&spec.name).await } else { Ok(()) };
    }
    if wanted.iter().all(|item| placed.contains(item)) {
        return Ok(());
    }
    let fits = seen.as_ref().is_some_and(|seen| {
        let mut missing = wanted.difference(&seen.tables);
        let tables = missing.all(|item| placed.contains(item)) && seen.tables.is_subset(&wanted);
        seen.running && tables && seen.source.id == spec.source.id && seen.source.place == spec.source.place
    });
    if fits {
        return Ok(());
    }
    let known = seen.as_ref().map(|seen| seen.tables.clone()).unwrap_or_default();
    let mut spec = spec.clone();
    spec.tables.retain(|table| !placed.contains(&table.item) || known.contains(&table.item));
    if seen.is_none() {
        engine.create(&spec).await?;
    }
    engine.start(&spec).await
}
