//! How jobs break and begin again.
//!
//! Invariant: a broken job restarts for ever, from its newest checkpoint; only a cancel ends it (real-stack §5).

use std::time::Duration;

use domain::args::secret::Secret;

use super::checkpoint::{End, Restored};
use super::job::{Failure, Job, Phase, State};
use super::memory::Memory;
use super::plan::{self, SOURCE_ID};
use super::refusal::trace;
use super::world::{Break, Place};
use crate::clock::{Millis, millis};

/// How many failures a job remembers (`web.exception-history-size`).
const REMEMBERED: usize = 16;

impl Memory {
    /// What breaks a job in this attempt, and the place of the table at which: what a test said, a database that does not let
    /// it in, another zone, numbers that another job has, a table.
    pub(super) fn breaks_of(&mut self, id: &str) -> Option<(Break, usize)> {
        let clash = self.clash(id);
        let job = self.job(id)?;
        let told = job.given.conf("mysql_conf", "server-time-zone");
        let zone = self.world.zone.as_deref().filter(|zone| told.is_some_and(|told| told != *zone));
        let zone = zone.and(told).map(wrong_zone);
        let first = job.breaks.clone().or_else(|| self.shut_out(job)).or(zone).or(clash).map(|breaks| (breaks, 0));
        first.or_else(|| {
            let mut tables = job.tables.iter().enumerate();
            tables.find_map(|(at, table)| {
                let breaks = self.world.table(&table.database, &table.table)?.breaks.clone()?;
                Some((breaks, at))
            })
        })
    }

    /// A job that begins again asks the database first, and fails while it does not answer or lets it in no more; one that
    /// runs already notices neither (real-stack §5). Not recorded: the code of the source's coordinator says so.
    fn shut_out(&self, job: &Job) -> Option<Break> {
        let password = job.given.password.as_ref().map(Secret::expose);
        let message = if !self.world.reachable {
            "Communications link failure".to_owned()
        } else if self.world.password.as_deref().is_some_and(|right| password != Some(right)) {
            let login = job.given.conf("mysql_conf", "username").unwrap_or_default();
            format!("Access denied for user '{login}'@'localhost' (using password: YES)")
        } else {
            return None;
        };
        let class = "org.apache.flink.table.api.ValidationException".into();
        Some(Break { class, message, place: Place::Coordinator, after: Duration::from_secs(1) })
    }

    /// Another job that runs and has some of the same numbers at the server: both are cut off.
    fn clash(&mut self, id: &str) -> Option<Break> {
        let now = self.now;
        let given = self.job(id)?.given.clone();
        let others = self.jobs().filter(|other| other.id != id && other.runs() && other.given.meets(&given));
        let others: Vec<_> = others.map(|other| other.id.clone()).collect();
        for other in &others {
            if let Some(other) = self.job_mut(other) {
                let breaks = same_number();
                other.breaks_at = other.breaks_at.min(now + millis(breaks.after));
                other.broken.get_or_insert((breaks, 0));
            }
            self.plan(other);
        }
        (!others.is_empty()).then(same_number)
    }

    /// A job breaks as it was bound to.
    pub(super) fn fail(&mut self, id: &str) {
        let Some(job) = self.job(id) else { return };
        let Some((breaks, at)) = job.broken.clone() else { return };
        let failure = failure(job, &breaks, at, self.now);
        self.begin_again(id, failure);
    }

    /// No slots came in time (real-stack §5).
    pub(super) fn no_slots(&mut self, id: &str) {
        let class = "org.apache.flink.runtime.jobmanager.scheduler.NoResourceAvailableException";
        let cause = "org.apache.flink.runtime.jobmaster.slotpool.DeclarativeSlotPoolBridge$AllocationTimeout: \
                     Could not acquire the minimum required resources.";
        let trace = trace(&[&format!("{class}: Could not acquire the minimum required resources."), cause]);
        let failure = Failure { at: self.now, class: class.into(), trace, task: None };
        if let Some(job) = self.job_mut(id) {
            job.slots = 0;
        }
        self.begin_again(id, failure);
    }

    /// A checkpoint took too long: none may fail (→ job-checkpoints-config), so the job begins again. Not recorded.
    pub(super) fn checkpoint_expired(&mut self, id: &str) {
        let class = "org.apache.flink.util.FlinkRuntimeException";
        let said = "Exceeded checkpoint tolerable failure threshold. The latest checkpoint failed due to Checkpoint expired \
                    before completing., view the Checkpoint History tab or the Job Manager log to find out why continuous \
                    checkpoints failed.";
        let failure =
            Failure { at: self.now, class: class.into(), trace: trace(&[&format!("{class}: {said}")]), task: None };
        self.begin_again(id, failure);
    }

    /// The one restart that Paimon means (streampark-api §12.3).
    pub(super) fn intended_restart(&mut self, id: &str) {
        let class = "java.lang.RuntimeException";
        let said = "This exception is intentionally thrown after committing the restored checkpoints. By restarting the job we \
                    hope that writers can start writing based on these new commits.";
        let Some(job) = self.job_mut(id) else { return };
        job.kept = job.tables.iter().map(|table| table.progress.clone()).collect();
        let task = Some(task_name(&plan::writer_name(job, 0), job));
        let failure = Failure { at: self.now, class: class.into(), trace: trace(&[&format!("{class}: {said}")]), task };
        self.begin_again(id, failure);
    }

    fn begin_again(&mut self, id: &str, failure: Failure) {
        let (now, pause) = (self.now, millis(self.pace.backoff));
        let Some(job) = self.job_mut(id) else { return };
        job.failures.push(failure);
        let forgotten = job.failures.len().saturating_sub(REMEMBERED);
        job.failures.drain(..forgotten);
        job.restarts += 1;
        job.become_(State::Restarting, now);
        job.phase = Phase::Backoff;
        job.turns = now + pause;
        job.breaks_at = Millis::MAX;
        job.broken = None;
        job.tasks_since = None;
        job.checkpoints.fail_open(now, "Checkpoint Coordinator is suspending.");
        job.checkpoints.next_at = None;
        restore(job, now);
        self.plan(id);
    }
}

/// Puts a job back to its newest checkpoint, or to where it began.
fn restore(job: &mut Job, now: Millis) {
    for (table, kept) in job.tables.iter_mut().zip(&job.kept) {
        table.begin_at(kept.clone());
    }
    let Some(latest) = &job.checkpoints.latest else { return };
    if let End::Completed { path, .. } = &latest.end {
        job.checkpoints.restored = Some(Restored { id: latest.id, at: now, savepoint: false, path: path.clone() });
        job.checkpoints.restores += 1;
    }
}

fn failure(job: &Job, breaks: &Break, at: usize, now: Millis) -> Failure {
    let inner = format!("{}: {}", breaks.class, breaks.message);
    let (class, trace, task) = match breaks.place {
        Place::Writer => (breaks.class.as_str(), trace(&[&inner]), Some(plan::writer_name(job, at))),
        Place::Source => (breaks.class.as_str(), trace(&[&inner]), Some(plan::source_name(job))),
        Place::Coordinator => {
            let class = "org.apache.flink.util.FlinkException";
            let source = plan::source_name(job);
            let outer = format!(
                "{class}: Global failure triggered by OperatorCoordinator for '{source}' (operator {SOURCE_ID})."
            );
            (class, trace(&[&outer, &inner]), None)
        }
    };
    Failure { at: now, class: class.to_owned(), trace, task: task.map(|vertex| task_name(&vertex, job)) }
}

fn task_name(vertex: &str, job: &Job) -> String {
    format!("{vertex} (1/{}) - execution #{}", job.parallelism, job.restarts)
}

fn wrong_zone(told: &str) -> Break {
    Break {
        class: "org.apache.flink.table.api.ValidationException".into(),
        message: format!(
            "The MySQL server has a timezone offset (0 seconds ahead of UTC) which does not match the configured timezone \
             {told}. Specify the right server-time-zone to avoid inconsistencies for time-related fields."
        ),
        place: Place::Coordinator,
        after: Duration::from_secs(1),
    }
}

fn same_number() -> Break {
    Break {
        class: "io.debezium.DebeziumException".into(),
        message:
            "A slave with the same server_uuid/server_id is already connected; the first event '' at 4, the last event \
                  read from 'binlog.000002' at 4. Error code: 1236; SQLSTATE: HY000."
                .into(),
        place: Place::Source,
        after: Duration::from_secs(5),
    }
}
