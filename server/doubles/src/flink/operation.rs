//! Savepoints that somebody asked for, with or without the end of the job.
//!
//! A request is always taken, also for a job that ended or never was; only the poll tells (real-stack §1.8), and a poll that
//! says COMPLETED may be a failure (§1.7).
//! Invariant: a stop commits what was read before the job ends; a cancel with savepoint does not (real-stack §4).

use super::checkpoint::{Checkpoint, End};
use super::job::State;
use super::memory::{Item, Memory};
use super::ran::Ran;
use super::refusal::trace;
use crate::clock::{Millis, millis};

/// What becomes of the job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It goes on.
    GoOn,
    /// It is cancelled, and nothing is committed.
    Cancel,
    /// It finishes, and what was read is committed.
    Stop,
    /// It finishes as if its source had ended: what a later savepoint carries counts as committed (streampark-api §12.3).
    Drain,
}

/// A savepoint that was asked for.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its id.
    pub id: String,
    /// The job's id.
    pub job: String,
    /// The folder.
    pub folder: String,
    /// What becomes of the job.
    pub then: Then,
    /// Tasks did not all run when it was asked for.
    pub(super) doomed: bool,
    /// How it ended; none while it goes on.
    pub outcome: Option<Outcome>,
}

/// How it ended. The word of its poll is COMPLETED for both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The savepoint lies there.
    Location(String),
    /// It came to nothing.
    Failure(String),
}

const CHECKPOINT: &str = "org.apache.flink.runtime.checkpoint.CheckpointException";

impl Memory {
    /// Takes a request; its id.
    pub fn ask(&mut self, job: &str, folder: &str, then: Then) -> String {
        let id = self.hex(32);
        let doomed = self.job(job).is_some_and(|job| !job.runs() || job.stands());
        let operation =
            Operation { id: id.clone(), job: job.into(), folder: folder.into(), then, doomed, outcome: None };
        let seq = self.count;
        self.operations.insert(seq, operation);
        self.agenda.insert((self.now + millis(self.pace.savepoint), Item::Operation(seq)));
        self.settle();
        id
    }

    /// A request by its id, if it was for this job.
    pub fn operation(&self, job: &str, id: &str) -> Option<&Operation> {
        self.operations.values().rev().find(|operation| operation.id == id && operation.job == job)
    }

    /// Everything that was asked for in the life of this JobManager, the oldest first.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.operations.values()
    }

    /// It is time for a savepoint.
    pub(super) fn complete(&mut self, seq: u64) {
        let Some(operation) = self.operations.get(&seq).cloned() else { return };
        let outcome = match self.try_savepoint(&operation) {
            Ok(path) => Outcome::Location(path),
            Err(chain) => {
                let outer = format!("java.util.concurrent.CompletionException: {}", chain[0]);
                let chain: Vec<_> = [&outer].into_iter().chain(&chain).map(String::as_str).collect();
                Outcome::Failure(trace(&chain))
            }
        };
        if let Some(operation) = self.operations.get_mut(&seq) {
            operation.outcome = Some(outcome);
        }
    }

    /// Where it lies, or the exceptions that say why not.
    fn try_savepoint(&mut self, asked: &Operation) -> Result<String, Vec<String>> {
        let now = self.now;
        let Some(job) = self.job(&asked.job).filter(|job| job.lives()) else {
            let what = format!("Could not find Flink job ({})", asked.job);
            return Err(vec![format!("org.apache.flink.runtime.messages.FlinkJobNotFoundException: {what}")]);
        };
        if asked.doomed || !job.runs() {
            let source = super::plan::source_name(job);
            return Err(vec![format!(
                "{CHECKPOINT}: Checkpoint triggering task {source} (1/{}) of job {} is not being executed at the moment. \
                 Aborting checkpoint. Failure reason: Not all required tasks are currently running.",
                job.parallelism, job.id
            )]);
        }
        if self.world.cannot_write(&asked.folder) {
            let folder = super::checkpoint::plain(&asked.folder);
            return Err(vec![
                format!("{CHECKPOINT}: An Exception occurred while triggering the checkpoint. IO-problem detected."),
                format!("java.io.IOException: Failed to create savepoint directory at {folder}"),
            ]);
        }
        if let Some(why) = &self.trouble.savepoints_fail {
            return Err(vec![format!("{CHECKPOINT}: The job has failed."), format!("java.io.IOException: {why}")]);
        }
        let path =
            format!("{}/savepoint-{}-{}", super::checkpoint::plain(&asked.folder), &asked.job[..6], self.hex(12));
        self.save(asked, &path, now);
        Ok(path)
    }

    fn save(&mut self, asked: &Operation, path: &str, now: Millis) {
        self.read_sources(&asked.job);
        if matches!(asked.then, Then::Stop | Then::Drain) {
            self.commit(&asked.job);
        }
        let Some(job) = self.job_mut(&asked.job) else { return };
        let tasks = u64::try_from(job.tables.len()).expect("few") + 1;
        let begun = job.checkpoints.begin(now, true, tasks);
        let end = End::Completed { at: now, path: path.to_owned() };
        let saved = super::time::saved(job, begun.id, true);
        job.checkpoints.close(Checkpoint { end, ..begun });
        self.disk.keep(path, saved);
        match asked.then {
            Then::GoOn => {}
            Then::Stop | Then::Drain => self.finish(&asked.job, State::Finished),
            Then::Cancel => self.finish(&asked.job, State::Canceled),
        }
    }

    /// Ends a job at once.
    pub(super) fn finish(&mut self, id: &str, state: State) {
        let now = self.now;
        if let Some(job) = self.job_mut(id) {
            job.end(state, now);
            job.turns = now + super::time::REMEMBERED;
        }
        Ran::ended_by(&mut self.ran, id, now, state.word());
        self.plan(id);
    }
}
