//! The laws of every saga, as one test that breaks it everywhere: at each call to the world and at each write to memory.
//!
//! A failure at any step leaves a clean slate; a call repeated gives the same end, done or undone; killed before a call,
//! after it, or before its outcome was noted, a new process ends with exactly one effect; so do two runners, also when one
//! of them wakes after the other has finished.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use domain::cause::{Cause, CauseCode};
use domain::ids::ItemId;
use domain::item::TRIES;
use domain::time::SECOND;
use lakegate::outside::Outside;
use lakegate::outside::engine::fake::FakeEngine;
use lakegate::outside::engine::{Engine, EngineError, JobSeen, JobSpec, TableSeen};
use lakegate::state::AppState;
use lakegate::store::StoreError;
use lakegate::work::queue;
use lakegate::work::saga::{self, End, Mark, Memory, Step, StepError};
use sqlx::{AnyConnection, Connection, Executor};
use tokio::sync::Notify;

use crate::harness::TestApp;

// ── the laws ──

/// A saga that is due and of which nothing is done, over a world that can be broken.
trait Subject {
    /// What is there in the world.
    type Effects: PartialEq + std::fmt::Debug;

    /// One run by one runner, as far as it comes.
    async fn turn(&self);
    /// Lets so much time pass that it is due again, and that a dead runner holds nothing any more.
    async fn wait(&self);
    /// How it ended; `None` while it has not.
    async fn ended(&self) -> Option<Ending>;
    /// What is there; an effect that is there twice fails the test.
    fn effects(&self) -> Self::Effects;
    /// The way to the world.
    fn wire(&self) -> &Wire;
    /// How often its memory was written.
    async fn writes(&self) -> i64;
    /// Lets its memory fail after so many more writes, until it is mended.
    async fn break_memory(&self, after: i64);
    async fn mend_memory(&self);
}

/// How a saga ended, with what people were told meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Ending {
    done: bool,
    told: Vec<String>,
}

/// A run to compare others with.
struct Run<E> {
    ending: Ending,
    effects: E,
    calls: usize,
    writes: i64,
}

impl<E: PartialEq + std::fmt::Debug> Run<E> {
    async fn of(subject: &impl Subject<Effects = E>) -> Self {
        let ending = to_the_end(subject).await;
        Self { ending, effects: subject.effects(), calls: subject.wire().calls(), writes: subject.writes().await }
    }

    async fn ends_alike(&self, subject: &impl Subject<Effects = E>, broken: &str) {
        let ending = to_the_end(subject).await;
        assert_eq!(subject.effects(), self.effects, "{broken}");
        assert_eq!(ending, self.ending, "{broken}");
    }
}

/// Runs it, process after process, until it has ended. Who is stuck is killed; a memory that broke is mended.
async fn to_the_end(subject: &impl Subject) -> Ending {
    for _ in 0..20 {
        tokio::select! {
            () = subject.turn() => {}
            () = subject.wire().stuck.notified() => {}
        }
        subject.mend_memory().await;
        if let Some(ending) = subject.ended().await {
            return ending;
        }
        subject.wait().await;
    }
    panic!("it never comes to an end");
}

/// One runner gets stuck; another takes over and finishes; then the first goes on.
async fn wakes_too_late(subject: &impl Subject) {
    let mut slow = pin!(subject.turn());
    tokio::select! {
        () = &mut slow => panic!("it was to get stuck"),
        () = subject.wire().stuck.notified() => {}
    }
    subject.wait().await;
    to_the_end(subject).await;
    subject.wire().released.notify_one();
    slow.await;
}

/// Breaks the saga everywhere.
async fn laws<S: Subject>(make: impl AsyncFn() -> S) {
    let subject = make().await;
    let before = subject.effects();
    let done = Run::of(&subject).await;
    assert!(done.ending.done);
    assert_ne!(done.effects, before);
    for call in 0..done.calls {
        for broken in [Break::Busy, Break::LostReply, Break::KilledBefore, Break::KilledAfter] {
            let subject = make().await;
            subject.wire().break_call(call, broken);
            done.ends_alike(&subject, &format!("{broken:?} at call {call}")).await;
        }
        let subject = make().await;
        subject.wire().break_call(call, Break::KilledAfter);
        wakes_too_late(&subject).await;
        done.ends_alike(&subject, &format!("the reply of call {call} comes when all is over")).await;
        unwinds(&make, call, &before, &done).await;
    }
    for write in 0..done.writes {
        let subject = make().await;
        subject.break_memory(write).await;
        done.ends_alike(&subject, &format!("write {write} fails")).await;
    }
    let subject = make().await;
    tokio::join!(subject.turn(), subject.turn(), subject.turn());
    done.ends_alike(&subject, "three runners at once").await;
}

/// Refuses a call, and breaks the way back everywhere.
async fn unwinds<S: Subject>(make: &impl AsyncFn() -> S, refused: usize, before: &S::Effects, done: &Run<S::Effects>) {
    let refuse = async || {
        let subject = make().await;
        subject.wire().break_call(refused, Break::Refuse);
        subject
    };
    let subject = refuse().await;
    let undone = Run::of(&subject).await;
    assert!(!undone.ending.done);
    assert_eq!(&undone.effects, before, "call {refused} was refused: a clean slate");
    for call in refused + 1..undone.calls {
        for broken in [Break::Busy, Break::LostReply, Break::Refuse, Break::KilledBefore, Break::KilledAfter] {
            let subject = refuse().await;
            subject.wire().break_call(call, broken);
            undone.ends_alike(&subject, &format!("call {refused} refused, then {broken:?} at call {call}")).await;
        }
        let subject = refuse().await;
        subject.wire().break_call(call, Break::KilledAfter);
        wakes_too_late(&subject).await;
        undone.ends_alike(&subject, &format!("call {refused} refused, the reply of call {call} comes too late")).await;
    }
    for write in 0..undone.writes {
        let subject = refuse().await;
        subject.break_memory(write).await;
        let broken = format!("call {refused} refused, then write {write} fails");
        let ending = to_the_end(&subject).await;
        // A refusal that could not be noted is forgotten: the next process asks again, and is not refused.
        let alike = if ending.done { done } else { &undone };
        assert_eq!((&subject.effects(), &ending), (&alike.effects, &alike.ending), "{broken}");
    }
}

// ── a way to the world that breaks ──

/// What happens to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Break {
    /// Nothing is done, and the answer says so.
    Busy,
    /// It is done, and the answer is lost.
    LostReply,
    /// The answer is no.
    Refuse,
    /// The caller gets stuck before it is done: to be killed.
    KilledBefore,
    /// The caller gets stuck after it was done: to be killed, or released when it is too late.
    KilledAfter,
}

/// Counts calls to the world, and breaks those it was told to.
#[derive(Default)]
struct Wire {
    calls: Mutex<usize>,
    breaks: Mutex<BTreeMap<usize, Break>>,
    stuck: Notify,
    released: Notify,
}

impl Wire {
    fn calls(&self) -> usize {
        *lock(&self.calls)
    }

    /// Breaks the call of that number, counted over all runs; the first is 0.
    fn break_call(&self, number: usize, broken: Break) {
        lock(&self.breaks).insert(number, broken);
    }

    async fn call<T>(&self, act: impl Future<Output = T>) -> Result<T, EngineError> {
        tokio::task::yield_now().await;
        let broken = {
            let mut calls = lock(&self.calls);
            *calls += 1;
            lock(&self.breaks).remove(&(*calls - 1))
        };
        match broken {
            None => Ok(act.await),
            Some(Break::Busy) => Err(EngineError::Retry("busy".into())),
            Some(Break::Refuse) => Err(EngineError::Fail("no".into())),
            Some(Break::LostReply) => {
                act.await;
                Err(EngineError::Retry("the answer was lost".into()))
            }
            Some(Break::KilledBefore) => {
                self.stick().await;
                Ok(act.await)
            }
            Some(Break::KilledAfter) => {
                let outcome = act.await;
                self.stick().await;
                Ok(outcome)
            }
        }
    }

    async fn stick(&self) {
        self.stuck.notify_one();
        self.released.notified().await;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no test panics while it holds it")
}

// ── a small saga ──

/// Three effects whose making is not idempotent, and a memory with a lease.
#[derive(Default)]
struct Toy {
    wire: Wire,
    there: Mutex<BTreeMap<&'static str, u32>>,
    memory: Mutex<ToyMemory>,
}

#[derive(Default)]
struct ToyMemory {
    mark: Option<Mark>,
    attempt: u32,
    leased: bool,
    end: Option<End>,
    written: i64,
    /// Writes until it fails; below 0 never.
    left: i64,
}

struct ToyStep<'t>(&'t Toy, &'static str);

fn toy_error(problem: EngineError) -> StepError {
    match problem {
        EngineError::Retry(_) => StepError::Retry(Cause::new(CauseCode::EngineAway)),
        EngineError::Fail(_) => StepError::Fail(Cause::new(CauseCode::EngineRefused)),
    }
}

#[async_trait]
impl Step for ToyStep<'_> {
    fn name(&self) -> &'static str {
        self.1
    }

    async fn find(&self) -> Result<bool, StepError> {
        self.0.wire.call(async { lock(&self.0.there).contains_key(self.1) }).await.map_err(toy_error)
    }

    async fn act(&self) -> Result<(), StepError> {
        self.0.wire.call(async { *lock(&self.0.there).entry(self.1).or_default() += 1 }).await.map_err(toy_error)
    }

    async fn undo(&self) -> Result<(), StepError> {
        self.0.wire.call(async { lock(&self.0.there).remove(self.1) }).await.map(drop).map_err(toy_error)
    }
}

/// What one runner has of the memory.
struct Claimed<'t>(&'t Toy, u32);

impl Claimed<'_> {
    fn write(&self, write: impl FnOnce(&mut ToyMemory)) -> Result<(), StoreError> {
        let mut memory = lock(&self.0.memory);
        let stale = || StoreError::Stale { table: "tasks", id: "toy".into() };
        if memory.attempt != self.1 || memory.left == 0 {
            return Err(stale());
        }
        (memory.left, memory.written) = (memory.left - 1, memory.written + 1);
        write(&mut memory);
        Ok(())
    }
}

#[async_trait]
impl Memory for Claimed<'_> {
    fn mark(&self) -> Mark {
        lock(&self.0.memory).mark.clone().unwrap_or(Mark::Forward(0))
    }

    async fn note(&mut self, mark: Mark) -> Result<(), StoreError> {
        tokio::task::yield_now().await;
        self.write(|memory| memory.mark = Some(mark))
    }
}

impl Toy {
    fn new() -> Self {
        let toy = Self::default();
        lock(&toy.memory).left = -1;
        toy
    }

    fn claim(&self) -> Option<Claimed<'_>> {
        let mut memory = lock(&self.memory);
        if memory.leased || memory.end.is_some() {
            return None;
        }
        memory.leased = true;
        memory.attempt += 1;
        Some(Claimed(self, memory.attempt))
    }
}

impl Subject for Toy {
    type Effects = BTreeMap<&'static str, u32>;

    async fn turn(&self) {
        let Some(mut claimed) = self.claim() else { return };
        let steps: Vec<Box<dyn Step + '_>> =
            ["reserve", "build", "announce"].map(|name| Box::new(ToyStep(self, name)) as _).into();
        let Ok(end) = saga::run(&steps, &mut claimed).await else { return };
        let over = (!matches!(end, End::Again(_))).then_some(end);
        // Nobody is told of a write that comes too late.
        let _ = claimed.write(|memory| (memory.leased, memory.end) = (false, over));
    }

    async fn wait(&self) {
        lock(&self.memory).leased = false;
    }

    async fn ended(&self) -> Option<Ending> {
        let end = lock(&self.memory).end.clone()?;
        Some(Ending { done: end == End::Done, told: Vec::new() })
    }

    fn effects(&self) -> Self::Effects {
        let there = lock(&self.there).clone();
        assert!(there.values().all(|count| *count == 1), "{there:?}");
        there
    }

    fn wire(&self) -> &Wire {
        &self.wire
    }

    async fn writes(&self) -> i64 {
        lock(&self.memory).written
    }

    async fn break_memory(&self, after: i64) {
        lock(&self.memory).left = after;
    }

    async fn mend_memory(&self) {
        lock(&self.memory).left = -1;
    }
}

#[tokio::test]
async fn a_small_saga_keeps_the_laws() {
    laws(async || Toy::new()).await;
}

// ── provisioning ──

/// The engine that remembers, over a wire.
struct Wired(Arc<FakeEngine>, Arc<Wire>);

#[async_trait]
impl Engine for Wired {
    async fn find(&self, job: &str) -> Result<Option<JobSeen>, EngineError> {
        self.1.call(self.0.find(job)).await?
    }

    async fn create(&self, spec: &JobSpec) -> Result<(), EngineError> {
        self.1.call(self.0.create(spec)).await?
    }

    async fn start(&self, spec: &JobSpec) -> Result<(), EngineError> {
        self.1.call(self.0.start(spec)).await?
    }

    async fn stop(&self, job: &str) -> Result<(), EngineError> {
        self.1.call(self.0.stop(job)).await?
    }

    async fn remove(&self, job: &str) -> Result<(), EngineError> {
        self.1.call(self.0.remove(job)).await?
    }

    async fn observe(&self, job: &str) -> Result<Vec<TableSeen>, EngineError> {
        self.1.call(self.0.observe(job)).await?
    }
}

/// Provisioning of one approved table, as the queue runs it on the real store.
struct Provisioning {
    app: TestApp,
    /// The same, with the engine over a wire.
    state: AppState,
    wire: Arc<Wire>,
    item: ItemId,
    /// A way past the store, to break it.
    past: tokio::sync::Mutex<AnyConnection>,
}

/// Counts what the saga writes of tasks and items, and fails when it is told to.
const BREAKABLE: &str = "
    CREATE TABLE broken (left_over BIGINT, written BIGINT);
    INSERT INTO broken VALUES (-1, 0);
    CREATE TRIGGER break_tasks BEFORE UPDATE OF step, problem ON tasks BEGIN
        SELECT RAISE(ABORT, 'the disk is full') FROM broken WHERE left_over = 0;
        UPDATE broken SET left_over = left_over - 1, written = written + 1;
    END;
    CREATE TRIGGER break_items BEFORE UPDATE OF state ON items BEGIN
        SELECT RAISE(ABORT, 'the disk is full') FROM broken WHERE left_over = 0;
        UPDATE broken SET left_over = left_over - 1, written = written + 1;
    END;
";

impl Provisioning {
    /// The only table of its job.
    async fn alone() -> Self {
        Self::new(TestApp::new().await).await
    }

    /// A table that joins the job of another.
    async fn joining() -> Self {
        let app = TestApp::new().await;
        app.started(&["contract"]).await;
        Self::new(app).await
    }

    async fn new(app: TestApp) -> Self {
        let (ana, request) = app.approved(&["tenant"]).await;
        app.state.clock.advance(app.state.config.deadlines.approved);
        let item = ana.item(&request, "tenant").await.id;
        let wire = Arc::new(Wire::default());
        let engine: Arc<dyn Engine> = Arc::new(Wired(app.engine.clone(), wire.clone()));
        let of = &app.state;
        let outside = Outside { engines: BTreeMap::from([("embedded", engine)]), ..of.outside.clone() };
        let state = AppState::new(of.store.clone(), outside, of.clock.clone(), of.ids.clone(), of.config.clone());
        let url = format!("sqlite://{}", app.folder.path().join("lakegate.db").display());
        let mut past = AnyConnection::connect(&url).await.expect("the database answers");
        past.execute(BREAKABLE).await.expect("breakable");
        Self { app, state, wire, item, past: tokio::sync::Mutex::new(past) }
    }

    async fn leave(&self, left: i64) {
        let mut past = self.past.lock().await;
        let leave = sqlx::query("UPDATE broken SET left_over = $1").bind(left);
        leave.execute(&mut *past).await.expect("the database answers");
    }
}

impl Subject for Provisioning {
    /// Jobs by name: whether they run, and their tables.
    type Effects = BTreeMap<String, (bool, Vec<ItemId>)>;

    async fn turn(&self) {
        // A run that broke off is taken up by the next.
        if let Err(problem) = queue::run_one(&self.state).await {
            tracing::debug!(error = ?problem, "broke off");
        }
    }

    async fn wait(&self) {
        self.state.clock.advance(queue::LEASE + SECOND);
    }

    async fn ended(&self) -> Option<Ending> {
        let mut tx = self.state.store.read().await.expect("the store answers");
        if tx.tasks().queued().await.expect("answers") > 0 {
            return None;
        }
        let item = tx.items().get(&self.item).await.expect("is there").item;
        let lines = tx.changes().of_request(&item.request, i64::MAX, 100).await.expect("answers");
        let told = lines.into_iter().map(|line| line.change.happened.say("").key).collect();
        assert!(["starting", "failed"].contains(&item.state.word()), "{:?}", item.state);
        assert_eq!(tx.changes().first_broken().await.expect("answers"), None);
        Some(Ending { done: item.state.word() == "starting", told })
    }

    fn effects(&self) -> Self::Effects {
        let memory = self.app.engine.memory();
        assert_eq!(memory.doubled, 0);
        let tables = |spec: &JobSpec| spec.tables.iter().map(|table| table.item.clone()).collect();
        memory.jobs.iter().map(|(name, job)| (name.clone(), (job.running, tables(&job.spec)))).collect()
    }

    fn wire(&self) -> &Wire {
        &self.wire
    }

    async fn writes(&self) -> i64 {
        let mut past = self.past.lock().await;
        let written = sqlx::query_scalar("SELECT written FROM broken").fetch_one(&mut *past).await;
        written.expect("the database answers")
    }

    async fn break_memory(&self, after: i64) {
        self.leave(after).await;
    }

    async fn mend_memory(&self) {
        self.leave(-1).await;
    }
}

#[tokio::test]
async fn provisioning_the_only_table_of_a_job_keeps_the_laws() {
    laws(Provisioning::alone).await;
}

#[tokio::test]
async fn provisioning_a_table_that_joins_a_job_keeps_the_laws() {
    laws(Provisioning::joining).await;
}

#[tokio::test]
async fn an_engine_that_stays_busy_is_given_up_and_nothing_stays() {
    for make in [true, false] {
        let subject = if make { Provisioning::alone().await } else { Provisioning::joining().await };
        let before = subject.effects();
        for call in 0..=usize::try_from(TRIES).expect("few") {
            subject.wire().break_call(call, Break::Busy);
        }
        let ending = to_the_end(&subject).await;
        assert!(!ending.done);
        assert_eq!(subject.effects(), before);
        assert_eq!(ending.told.first().map(String::as_str), Some("cause.engine_away"), "{:?}", ending.told);
    }
}
