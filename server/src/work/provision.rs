//! Provisioning: approved items find their job, the job is made if need be, and the engine is told.

use std::sync::Arc;

use async_trait::async_trait;
use domain::args::from::ServerIds;
use domain::brake::brake_of;
use domain::cause::{Cause, CauseCode};
use domain::change::{Actor, Change, Happened, Topic};
use domain::ids::{ItemId, RequestId};
use domain::item::{Item, State, TRIES};
use domain::job::{Job, JobTable, Wanted, job_name, own_job_name};
use domain::route::Route;
use domain::source::Place;
use domain::time::HOUR;

use super::queue::{self, Ended, Provision};
use super::saga::{self, End, Mark, Memory, Step, StepError};
use crate::outside::engine::{Engine, EngineError, JobSpec, Phase, SourcePlace};
use crate::state::AppState;
use crate::store::items::ItemRecord;
use crate::store::sources::Source;
use crate::store::tasks::Task;
use crate::store::{StoreError, Tx};

/// Runs the task from where it stands.
pub async fn run(app: &AppState, task: &mut Task, payload: &Provision) -> Result<Ended, StoreError> {
    let Some(work) = place(app, payload).await? else { return Ok(Ended::Done) };
    let steps: [Box<dyn Step>; 2] = [Box::new(CreateJob(work.clone())), Box::new(StartJob(work.clone()))];
    if let Some(waits) = braked(app, task, &work).await? {
        return Ok(waits);
    }
    let attempt = task.attempt - waited(task);
    let mut memory = TaskMemory { app, task };
    match saga::run(&steps, &mut memory).await? {
        End::Done => started(app, &work).await.map(|()| Ended::Done),
        End::Unwound(cause) => failed(app, &work, &cause).await.map(|()| Ended::Done),
        End::Again(cause) if attempt > i64::from(TRIES) && matches!(memory.mark(), Mark::Forward(_)) => {
            memory.note(Mark::Back(steps.len(), cause)).await?;
            Ok(Ended::Later(queue::backoff(1), "given up; what was made is taken away".into()))
        }
        End::Again(cause) => Ok(Ended::Later(queue::backoff(attempt), format!("{:?}", cause.code))),
    }
}

/// Why a task waits under the brake: by this it is found when the brake is lifted.
pub const BRAKED: &str = "no new starts";

/// How often it was claimed only to find the brake pulled: that is no try.
fn waited(task: &Task) -> i64 {
    task.outputs.get("waited").and_then(|waited| waited.parse().ok()).unwrap_or(0)
}

/// Waits when operators allow no new starts; what is being taken away goes on.
async fn braked(app: &AppState, task: &mut Task, work: &Work) -> Result<Option<Ended>, StoreError> {
    let now = app.clock.now();
    let brakes = app.store.read().await?.brakes().all().await?;
    let Some(brake) = brake_of(&brakes, &work.spec.source.id, now).filter(|_| !task.step.starts_with("undo ")) else {
        return Ok(None);
    };
    task.outputs.insert("waited".into(), task.attempt.to_string());
    let mut tx = app.store.begin().await?;
    tx.tasks().step(task, now.plus(queue::LEASE)).await?;
    tx.commit(now).await?;
    let span = brake.until.map_or(HOUR, |until| until.since(now));
    Ok(Some(Ended::Later(span, BRAKED.into())))
}

/// What the steps work on.
#[derive(Clone)]
struct Work {
    engine: Arc<dyn Engine>,
    /// The job with all its tables, newcomers included.
    spec: JobSpec,
    newcomers: Vec<ItemId>,
}

impl Work {
    /// The job without the newcomers.
    fn without(&self) -> JobSpec {
        let mut spec = self.spec.clone();
        spec.tables.retain(|table| !self.newcomers.contains(&table.item));
        spec
    }
}

/// Where a source is, as engines are told.
pub fn place_of(source: &Source) -> SourcePlace {
    SourcePlace { id: source.id.clone(), name: source.name.clone(), place: source.place.clone() }
}

/// The tables of a job's items.
pub fn tables_of<'i>(items: impl IntoIterator<Item = &'i Item>) -> Vec<JobTable> {
    items
        .into_iter()
        .map(|item| JobTable { item: item.id.clone(), table: item.table.clone(), target: item.target.clone() })
        .collect()
}

/// Chooses the job of all approved items whose time has come; the intent is committed before any call.
async fn place(app: &AppState, payload: &Provision) -> Result<Option<Work>, StoreError> {
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let mut newcomers: Vec<ItemRecord> = Vec::new();
    for id in &payload.items {
        let record = tx.items().get(id).await?;
        let due = match record.item.state {
            State::Approved { starts_at, .. } => starts_at <= now,
            State::Placed { .. } => true,
            _ => false,
        };
        if due {
            newcomers.push(record);
        }
    }
    let Some(first) = newcomers.first().map(|record| record.item.clone()) else { return Ok(None) };
    let source = tx.sources().get(&first.source).await?;
    let route = tx.routes().get(&first.route).await?;
    let job = ensure_job(app, &mut tx, &first, &source, &route).await?;
    place_items(&mut tx, newcomers.iter(), &job, now).await?;
    let all = tx.items().of_job(&job.id).await?;
    tx.commit(now).await?;
    let (engine, spec) = told(app, &job, &source, &route, &all).await?;
    let newcomers = newcomers.into_iter().map(|record| record.item.id).collect();
    Ok(Some(Work { engine, spec, newcomers }))
}

/// The engine of a job, and what it is told of it.
pub async fn told(
    app: &AppState,
    job: &Job,
    source: &Source,
    route: &Route,
    items: &[ItemRecord],
) -> Result<(Arc<dyn Engine>, JobSpec), StoreError> {
    let engine = app.outside.engines.of(&route.id, &route.engine).map_err(|problem| StoreError::Inconsistent {
        table: "routes",
        id: route.id.as_str().to_owned(),
        what: problem.to_string(),
    })?;
    let wanted = items.iter().map(|record| &record.item).filter(|item| item.state.wants_job());
    let spec = JobSpec {
        id: job.id.clone(),
        name: job.name.clone(),
        source: place_of(source),
        tier: job.tier,
        tables: tables_of(wanted),
        ids: numbers(app, job, source, route).await?,
    };
    Ok((engine, spec))
}

/// The numbers of a job's readers at its server, where it follows changes: given once, and kept over its restarts.
async fn numbers(app: &AppState, job: &Job, source: &Source, route: &Route) -> Result<Option<ServerIds>, StoreError> {
    let (Some(flink), Place::Mysql(server)) = (route.engine.flink(), &source.place) else { return Ok(None) };
    let readers = flink.readers.get();
    let had = app.store.read().await?.runs().ids_of(&job.id).await?;
    if had.is_some_and(|had| had.count() == u64::from(readers)) {
        return Ok(had);
    }
    let mut tx = app.store.begin().await?;
    let at = format!("{}:{}", server.host.as_str().to_lowercase(), server.port.get());
    let given = tx.runs().give_ids(&at, &job.id, readers).await?;
    tx.commit(app.clock.now()).await?;
    Ok(Some(given))
}

/// The job that brings an item: the one it had, the one of its source, tier and route, or, where an engine follows changes,
/// one of its own for all that are approved at once.
async fn ensure_job(
    app: &AppState,
    tx: &mut Tx,
    first: &Item,
    source: &Source,
    route: &Route,
) -> Result<Job, StoreError> {
    let id = app.ids.job();
    let name = match &first.job {
        Some(had) if route.engine.follows() => tx.jobs().get(had).await?.name,
        None if route.engine.follows() => own_job_name(&source.name, first.tier, &first.route, &id),
        _ => job_name(&source.name, first.tier, &first.route),
    };
    let wanted = Job {
        id,
        name,
        source: first.source.clone(),
        route: first.route.clone(),
        tier: first.tier,
        wanted: Wanted::Running,
        version: 1,
    };
    let (job, new) = tx.jobs().ensure(&wanted).await?;
    if new {
        let made = Happened::JobMade { job: job.name.clone() };
        tx.log(Change::of(Topic::Job, &job.id, Actor::Lakegate, made));
    } else if job.wanted == Wanted::Gone {
        let job = Job { wanted: Wanted::Running, ..job };
        tx.jobs().save(&job).await?;
        return Ok(Job { version: job.version + 1, ..job });
    }
    Ok(job)
}

async fn place_items<'i>(
    tx: &mut Tx,
    records: impl Iterator<Item = &'i ItemRecord>,
    job: &Job,
    now: domain::time::Millis,
) -> Result<(), StoreError> {
    let mut placed: Vec<(RequestId, Vec<ItemId>)> = Vec::new();
    for record in records {
        // An item placed before (tried again) keeps its place.
        let Ok(item) = record.item.clone().place(&job.id, now) else { continue };
        tx.items().save(&item).await?;
        group(&mut placed, &item);
    }
    for (request, items) in placed {
        let happened = Happened::Placed { tables: items.len() as u64, job: job.name.clone() };
        tx.log(Change::of_request(&request, items, Actor::Lakegate, happened));
    }
    Ok(())
}

/// Sorts an item to its request: a bulk act is one line per request.
pub fn group(groups: &mut Vec<(RequestId, Vec<ItemId>)>, item: &Item) {
    match groups.iter_mut().find(|(request, _)| *request == item.request) {
        Some((_, items)) => items.push(item.id.clone()),
        None => groups.push((item.request.clone(), vec![item.id.clone()])),
    }
}

async fn started(app: &AppState, work: &Work) -> Result<(), StoreError> {
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let mut groups = Vec::new();
    for id in &work.newcomers {
        let record = tx.items().get(id).await?;
        let Ok(item) = record.item.start(now) else { continue };
        tx.items().save(&item).await?;
        tx.items().forget_progress(id).await?;
        group(&mut groups, &item);
    }
    for (request, items) in groups {
        let happened = Happened::Started { tables: items.len() as u64, job: work.spec.name.clone() };
        tx.log(Change::of_request(&request, items, Actor::Lakegate, happened));
    }
    tx.commit(now).await.map(drop)
}

async fn failed(app: &AppState, work: &Work, cause: &Cause) -> Result<(), StoreError> {
    let now = app.clock.now();
    let again_at = now.plus(app.config.deadlines.again);
    let mut tx = app.store.begin().await?;
    let mut groups: Vec<(Item, Vec<ItemId>)> = Vec::new();
    for id in &work.newcomers {
        let record = tx.items().get(id).await?;
        // A start that failed counts as a try.
        let Ok(item) = record.item.start(now).and_then(|item| item.fail(cause.clone(), now, again_at)) else {
            continue;
        };
        tx.items().save(&item).await?;
        match groups.iter_mut().find(|(first, _)| first.request == item.request && first.state == item.state) {
            Some((_, items)) => items.push(item.id),
            None => groups.push((item.clone(), vec![item.id])),
        }
    }
    for (first, items) in groups {
        log_failure(&mut tx, &first, items);
    }
    tx.commit(now).await.map(drop)
}

/// Writes the line of items that have just failed as the first of them did.
pub fn log_failure(tx: &mut Tx, first: &Item, items: Vec<ItemId>) {
    if let State::Failed { cause, again_at, .. } = &first.state {
        let happened = Happened::Failed { cause: cause.clone(), again_at: *again_at };
        tx.log(Change::of_request(&first.request, items, Actor::Lakegate, happened));
    }
}

/// Makes the job.
struct CreateJob(Work);

#[async_trait]
impl Step for CreateJob {
    fn name(&self) -> &'static str {
        "create"
    }

    async fn find(&self) -> Result<bool, StepError> {
        Ok(self.0.engine.find(&self.0.spec.name).await.map_err(step_error)?.is_some())
    }

    async fn act(&self) -> Result<(), StepError> {
        self.0.engine.create(&self.0.spec).await.map_err(step_error)
    }

    async fn undo(&self) -> Result<(), StepError> {
        if self.0.without().tables.is_empty() {
            self.0.engine.remove(&self.0.spec.name).await.map_err(step_error)?;
        }
        Ok(())
    }
}

/// Starts the job, or brings it to the longer list.
struct StartJob(Work);

#[async_trait]
impl Step for StartJob {
    fn name(&self) -> &'static str {
        "start"
    }

    async fn find(&self) -> Result<bool, StepError> {
        let seen = self.0.engine.find(&self.0.spec.name).await.map_err(step_error)?;
        let there = seen
            .is_some_and(|seen| seen.running && self.0.newcomers.iter().all(|newcomer| seen.tables.contains(newcomer)));
        if !there {
            return Ok(false);
        }
        let tables = self.0.engine.observe(&self.0.spec.name).await.map_err(step_error)?;
        let broken = |phase: &Phase| matches!(phase, Phase::Failed { .. });
        Ok(!tables.iter().any(|table| self.0.newcomers.contains(&table.item) && broken(&table.phase)))
    }

    async fn act(&self) -> Result<(), StepError> {
        self.0.engine.start(&self.0.spec).await.map_err(step_error)
    }

    async fn undo(&self) -> Result<(), StepError> {
        let without = self.0.without();
        let undone = if without.tables.is_empty() {
            self.0.engine.stop(&without.name).await
        } else {
            self.0.engine.start(&without).await
        };
        undone.map_err(step_error)
    }
}

fn step_error(problem: EngineError) -> StepError {
    match problem.cause() {
        (cause, true) => StepError::Retry(cause),
        (cause, false) => StepError::Fail(cause),
    }
}

/// The memory of a saga that runs as a task.
struct TaskMemory<'t> {
    app: &'t AppState,
    task: &'t mut Task,
}

#[async_trait]
impl Memory for TaskMemory<'_> {
    fn mark(&self) -> Mark {
        let number = |text: &str| text.parse().unwrap_or(0);
        match self.task.step.strip_prefix("undo ") {
            Some(step) => {
                let cause = self.task.outputs.get("cause").and_then(|cause| serde_json::from_str(cause).ok());
                Mark::Back(number(step), cause.unwrap_or_else(|| Cause::new(CauseCode::Ours)))
            }
            None => Mark::Forward(number(&self.task.step)),
        }
    }

    async fn note(&mut self, mark: Mark) -> Result<(), StoreError> {
        match mark {
            Mark::Forward(step) => self.task.step = step.to_string(),
            Mark::Back(step, cause) => {
                self.task.step = format!("undo {step}");
                let cause = serde_json::to_string(&cause).expect("a cause always serialises");
                self.task.outputs.insert("cause".into(), cause);
            }
        }
        let now = self.app.clock.now();
        let mut tx = self.app.store.begin().await?;
        tx.tasks().step(self.task, now.plus(queue::LEASE)).await?;
        tx.commit(now).await.map(drop)
    }
}
