//! A double of a Flink 1.20.5 session cluster that runs Paimon's jobs from MySQL, as `real-stack.md` saw the real one.
//!
//! ```no_run
//! # async fn example() {
//! use std::time::Duration;
//! use doubles::flink::{Call, Fault, Flink};
//!
//! let flink = Flink::start().await;
//! flink.memory().world.add("shop", "orders", 200_000);
//! flink.fault(Call::Run, Fault::lost_after(), 1);
//! // … a client talks to flink.url() …
//! flink.advance(Duration::from_secs(60));
//! assert_eq!(flink.memory().live_named("lakegate-7").len(), 1);
//! # }
//! ```
//! * `memory` is all it remembers; `cluster` how it is set up and what is wrong with it; `world` what lies around it, `job` a job, `copying` one of its tables, `checkpoint` what
//!   survives, `operation` a savepoint that was asked for, `ran` what ever ran.
//! * `submission` begins jobs (`given` reads their arguments), `time` moves them, `failure` breaks them.
//! * `route` tells calls apart, `server` takes them, `answers` writes what they are answered; `plan` is a job's graph.
//!
//! Invariant: the world changes only by [`Memory`]'s methods and by time, and time only goes on by [`Flink::advance`] or, where
//! it follows the real clock, before every look.

pub mod answers;
pub mod checkpoint;
pub mod cluster;
pub mod copying;
mod failure;
pub mod given;
pub mod job;
pub mod memory;
pub mod operation;
pub mod plan;
pub mod ran;
pub mod refusal;
pub mod route;
mod server;
pub mod submission;
mod time;
pub mod world;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::JoinHandle;

pub use crate::faults::{Fault, Gate};
pub use cluster::Pace;
pub use memory::{Commit, Memory};
pub use refusal::Refusal;
pub use route::Call;
pub use submission::JobSubmission;
pub use world::{Break, Table};

use crate::clock::{Clock, MORNING};
use crate::serve::{Serving, Switch, serve};

/// What is called at every commit of a table. It runs in the thread that moved the time; it may not call the double.
pub type Hook = dyn Fn(&Commit) + Send + Sync;

/// The double; when it is dropped, its server ends.
#[derive(Debug)]
pub struct Flink {
    shared: Shared,
    serving: Serving,
    ticks: Option<JoinHandle<()>>,
}

/// What the server and its handle share.
#[derive(Clone)]
pub(crate) struct Shared {
    memory: Arc<Mutex<Memory>>,
    hook: Arc<Mutex<Option<Arc<Hook>>>>,
    switch: Switch,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

impl Flink {
    /// A double on a free port, with a clock that only tests move.
    pub async fn start() -> Self {
        let started = Self::begin(0, Memory::new(Clock::standing(MORNING))).await;
        started.expect("a free port of 127.0.0.1")
    }

    /// A double on this port that follows the real clock, so many times as fast: to be tried by hand.
    pub async fn start_at(port: u16, speed: u32) -> std::io::Result<Self> {
        let since = std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(MORNING, crate::clock::millis);
        let mut flink = Self::begin(port, Memory::new(Clock::running(since, speed))).await?;
        let shared = flink.shared.clone();
        flink.ticks = Some(tokio::spawn(async move {
            let mut tick = tokio::time::interval(Duration::from_millis(200));
            loop {
                tick.tick().await;
                shared.act(|_| ());
            }
        }));
        Ok(flink)
    }

    async fn begin(port: u16, memory: Memory) -> std::io::Result<Self> {
        let shared =
            Shared { memory: Arc::new(Mutex::new(memory)), hook: Arc::new(Mutex::new(None)), switch: Switch::new() };
        let serving = serve(port, server::router(shared.clone()), &shared.switch).await?;
        shared.lock().url = serving.url();
        Ok(Self { shared, serving, ticks: None })
    }

    /// Where it listens: `http://127.0.0.1:<port>`.
    pub fn url(&self) -> String {
        self.serving.url()
    }

    /// All it remembers, brought up to now. Drop it before the next `await`.
    pub fn memory(&self) -> MutexGuard<'_, Memory> {
        let mut memory = self.shared.lock();
        memory.catch_up();
        memory
    }

    /// Lets time go by.
    pub fn advance(&self, by: Duration) {
        self.shared.act(|memory| memory.advance(by));
    }

    /// From now on this is called at each commit of a table.
    pub fn on_commit(&self, hook: impl Fn(&Commit) + Send + Sync + 'static) {
        *self.shared.hook.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(hook));
    }

    /// The next `times` calls of this kind suffer a fault.
    pub fn fault(&self, call: Call, fault: Fault, times: u32) {
        self.shared.lock().faults.add(call, fault, times);
    }

    /// Submits a graph without a jar, as a console does that makes the graph itself.
    pub fn submit(&self, wanted: JobSubmission) -> Result<String, Refusal> {
        self.shared.act(|memory| memory.submit_graph(wanted))
    }

    /// The JobManager ends and another takes its place, which knows no job.
    pub fn restart(&self) {
        self.shared.act(Memory::restart);
    }

    /// Whether it listens, or is about to.
    pub fn listens(&self) -> bool {
        self.serving.listens()
    }

    /// Refuses connections from now on.
    pub async fn stop_listening(&self) {
        self.serving.stop_listening().await;
    }

    /// Listens again, at the same port.
    pub async fn listen_again(&self) {
        self.serving.listen_again().await;
    }
}

impl Drop for Flink {
    fn drop(&mut self) {
        if let Some(ticks) = &self.ticks {
            ticks.abort();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with the memory, brought up to now, and tells of the commits that came of it once nobody holds it.
    pub(crate) fn act<T>(&self, what: impl FnOnce(&mut Memory) -> T) -> T {
        let (done, commits, dies) = {
            let mut memory = self.lock();
            memory.catch_up();
            let done = what(&mut memory);
            (done, std::mem::take(&mut memory.commits), std::mem::take(&mut memory.dies))
        };
        if dies {
            self.switch.off();
        }
        let hook = self.hook.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(hook) = hook {
            for commit in &commits {
                hook(commit);
            }
        }
        done
    }
}
