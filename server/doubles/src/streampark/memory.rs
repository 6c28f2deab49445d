//! The smallest cluster there is: jobs in memory, each with the fate a test gives it.
//!
//! Invariant: an ended job stays, until the cluster restarts and has forgotten them all.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::clock::millis;
use super::cluster::{Checkpoint, Cluster, Job, Plan, Thrown};
use crate::flink::operation::Then;

/// What becomes of the next job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It runs until somebody ends it.
    Runs,
    /// The program throws this before there is a job.
    Throws(String),
    /// It is done after this time.
    Finishes(Duration),
    /// It fails after this time.
    Fails(Duration),
    /// Flink restarts it for ever.
    Loops,
    /// It is accepted and fails while it is being set up (a savepoint that is not there).
    FailsAtOnce,
}

#[derive(Debug, Clone)]
struct Running {
    job: Job,
    plan: Plan,
    fate: Fate,
    /// A test said how it is: it stays so.
    held: bool,
}

#[derive(Debug)]
struct Inside {
    now: i64,
    up: bool,
    jars: bool,
    made: u64,
    jobs: Vec<Running>,
    fates: VecDeque<Fate>,
    savepoints: Vec<Result<String, String>>,
}

/// Jobs in memory.
#[derive(Debug)]
pub struct Memory(Mutex<Inside>);

impl Default for Memory {
    fn default() -> Self {
        let now = super::clock::morning();
        let jobs = Vec::new();
        Self(Mutex::new(Inside {
            now,
            up: true,
            jars: false,
            made: 0,
            jobs,
            fates: VecDeque::new(),
            savepoints: Vec::new(),
        }))
    }
}

impl Memory {
    /// What becomes of the job after those already spoken for.
    pub fn next(&self, fate: Fate) {
        self.inside().fates.push_back(fate);
    }

    /// Goes away, or comes back with all its jobs.
    pub fn set_reachable(&self, up: bool) {
        self.inside().up = up;
    }

    /// Restarts without high availability: no job is known any more.
    pub fn forget(&self) {
        self.inside().jobs.clear();
    }

    /// Opens or closes `/jars/*`.
    pub fn set_jars(&self, open: bool) {
        self.inside().jars = open;
    }

    /// Changes the state of a job behind the console's back.
    pub fn set_state(&self, job: &str, state: &str) {
        let mut inside = self.inside();
        let now = inside.now;
        if let Some(running) = inside.jobs.iter_mut().find(|running| running.job.id == job) {
            running.held = true;
            running.to(state, now);
        }
    }

    /// What each job was started with, the oldest first.
    pub fn plans(&self) -> Vec<Plan> {
        self.inside().jobs.iter().map(|running| running.plan.clone()).collect()
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    fn to(&mut self, state: &str, now: i64) {
        state.clone_into(&mut self.job.state);
        let over = ["FINISHED", "FAILED", "CANCELED"].contains(&state);
        self.job.end = over.then_some(now);
    }

    fn alive(&self) -> bool {
        self.job.end.is_none()
    }

    fn live(&mut self, now: i64) {
        let age = now - self.job.start;
        match self.fate {
            Fate::Finishes(after) if age >= millis(after) => self.to("FINISHED", self.job.start + millis(after)),
            Fate::Fails(after) if age >= millis(after) => self.to("FAILED", self.job.start + millis(after)),
            Fate::FailsAtOnce if age >= 900 => self.to("FAILED", self.job.start + 900),
            Fate::FailsAtOnce => self.to("INITIALIZING", now),
            Fate::Loops if (age / 1500) % 2 == 1 => self.to("RESTARTING", now),
            _ => self.to("RUNNING", now),
        }
    }
}

impl Inside {
    fn start(&mut self, plan: &Plan) -> Result<String, String> {
        let fate = self.fates.pop_front().unwrap_or(Fate::Runs);
        if let Fate::Throws(thrown) = fate {
            return Err(thrown);
        }
        self.made += 1;
        let id = format!("{:032x}", 0x00c7_5c52_9a86_b043_u128 * u128::from(self.made));
        let tasks = i64::from(fate != Fate::FailsAtOnce);
        let state = if fate == Fate::FailsAtOnce { "INITIALIZING" } else { "RUNNING" };
        let job =
            Job { id: id.clone(), name: plan.name.clone(), state: state.to_owned(), tasks, start: self.now, end: None };
        self.jobs.push(Running { job, plan: plan.clone(), fate, held: false });
        Ok(id)
    }

    fn take_savepoint(&mut self, job: &str, folder: &str, then: Then) -> Result<String, String> {
        let now = self.now;
        let running = self.alive(job)?;
        if running.job.state == "RESTARTING" {
            return Err("Checkpoint triggering task is not being executed at the moment.".to_owned());
        }
        match then {
            Then::GoOn => {}
            Then::Cancel => running.to("CANCELED", now),
            Then::Stop | Then::Drain => running.to("FINISHED", now),
        }
        Ok(format!("{folder}/savepoint-{}-{now:x}", &job[..6]))
    }

    fn alive(&mut self, job: &str) -> Result<&mut Running, String> {
        let lost = || "Job could not be found.".to_owned();
        self.jobs.iter_mut().find(|running| running.job.id == job && running.alive()).ok_or_else(lost)
    }
}

impl Cluster for Memory {
    fn address(&self) -> String {
        "http://127.0.0.1:8081".to_owned()
    }

    fn reachable(&self) -> bool {
        self.inside().up
    }

    fn now(&self) -> i64 {
        self.inside().now
    }

    fn go_on(&self, until: i64) {
        let mut inside = self.inside();
        inside.now = inside.now.max(until);
        let now = inside.now;
        inside.jobs.iter_mut().filter(|running| running.alive() && !running.held).for_each(|running| running.live(now));
    }

    fn submit(&self, plan: &Plan) -> Result<String, Thrown> {
        self.inside().start(plan).map_err(|thrown| vec![thrown])
    }

    fn run_jar(&self, plan: &Plan) -> Result<String, String> {
        let mut inside = self.inside();
        if inside.jars { inside.start(plan) } else { Err("Not found: /jars/upload".to_owned()) }
    }

    fn jobs(&self) -> Vec<Job> {
        self.inside().jobs.iter().map(|running| running.job.clone()).collect()
    }

    fn cancel(&self, job: &str) -> Result<(), String> {
        let mut inside = self.inside();
        let now = inside.now;
        inside.alive(job)?.to("CANCELED", now);
        Ok(())
    }

    fn ask_savepoint(&self, job: &str, folder: &str, then: Then) -> String {
        let mut inside = self.inside();
        let outcome = inside.take_savepoint(job, folder, then);
        inside.savepoints.push(outcome);
        (inside.savepoints.len() - 1).to_string()
    }

    fn savepoint(&self, _job: &str, request: &str) -> Option<Result<String, String>> {
        let at: usize = request.parse().ok()?;
        self.inside().savepoints.get(at).cloned()
    }

    fn savepoint_folder(&self) -> Option<String> {
        Some("file:/savepoints".to_owned())
    }

    fn checkpoint(&self, job: &str) -> Option<Checkpoint> {
        let mut inside = self.inside();
        let now = inside.now;
        let running = inside.alive(job).ok()?;
        let id = u64::try_from((now - running.job.start) / 2000).ok().filter(|id| *id > 0)?;
        let triggered = running.job.start + 2000 * i64::try_from(id).unwrap_or_default();
        Some(Checkpoint { id, path: format!("file:/checkpoints/{job}/chk-{id}"), triggered })
    }
}
