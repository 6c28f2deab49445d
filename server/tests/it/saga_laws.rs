//! The laws of every saga, as one test that breaks it everywhere: at each call to the world and at each write to memory.
//!
//! A failure at any step leaves a clean slate; a call repeated gives the same end, done or undone; killed before a call,
//! after it, or before its outcome was noted, a new process ends with exactly one effect; so do two runners, also when one
//! of them wakes after the other has finished.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use lakegate::outside::engine::EngineError;
use lakegate::store::StoreError;
use lakegate::work::saga::{self, End, Mark, Memory, Step, StepError};
use tokio::sync::Notify;

// ── the laws ──

/// A saga that is due and of which nothing is done, over a world that can be broken.
pub trait Subject {
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
pub struct Ending {
    pub done: bool,
    pub told: Vec<String>,
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
pub async fn to_the_end(subject: &impl Subject) -> Ending {
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
pub async fn laws<S: Subject>(make: impl AsyncFn() -> S) {
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
pub enum Break {
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
pub struct Wire {
    calls: Mutex<usize>,
    breaks: Mutex<BTreeMap<usize, Break>>,
    stuck: Notify,
    released: Notify,
}

impl Wire {
    pub fn calls(&self) -> usize {
        *lock(&self.calls)
    }

    /// Breaks the call of that number, counted over all runs; the first is 0.
    pub fn break_call(&self, number: usize, broken: Break) {
        lock(&self.breaks).insert(number, broken);
    }

    pub async fn call<T>(&self, act: impl Future<Output = T>) -> Result<T, EngineError> {
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
    match problem.cause() {
        (cause, true) => StepError::Retry(cause),
        (cause, false) => StepError::Fail(cause),
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
