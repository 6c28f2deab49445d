//! What happens by itself as time goes: tasks begin, tables are read, checkpoints complete, jobs break and come back.
//!
//! Invariant: events happen in the order of their times; two runs of the same script end alike.

use std::time::Duration;

use super::checkpoint::{Checkpoint, End, Saved, TIMEOUT};
use super::cluster::Pace;
use super::copying;
use super::job::{Job, Phase, State};
use super::memory::{Commit, Item, Memory};
use super::world::{LakeName, World};
use crate::clock::{Millis, millis};

/// How long an ended job stays known (→ jobs-overview-ended).
pub(super) const REMEMBERED: Millis = 3_600_000;

impl Memory {
    /// Lets time go by.
    pub(super) fn advance(&mut self, by: Duration) {
        self.clock.advance(by);
        self.catch_up();
    }

    /// Brings everything up to the clock.
    pub(super) fn catch_up(&mut self) {
        let to = self.clock.now().max(self.now);
        self.run_to(to);
        let (world, pace) = (&self.world, &self.pace);
        for job in self.jobs.values_mut() {
            read_to(job, world, to);
            if pace.refresh.is_zero() {
                show(job);
            }
        }
    }

    /// Lets happen what is due now.
    pub(super) fn settle(&mut self) {
        self.run_to(self.now);
    }

    fn run_to(&mut self, to: Millis) {
        while let Some((at, item)) = self.agenda.first().copied().filter(|(at, _)| *at <= to) {
            self.agenda.pop_first();
            self.now = self.now.max(at);
            match item {
                Item::Operation(seq) => self.complete(seq),
                Item::Job(seq) => self.step(seq),
            }
        }
        self.now = to;
    }

    /// Writes the next event of a job into the agenda.
    pub(super) fn plan(&mut self, id: &str) {
        let Some(seq) = self.by_id.get(id).copied() else { return };
        let Some(job) = self.jobs.get_mut(&seq) else { return };
        if let Some(old) = job.planned.take() {
            self.agenda.remove(&(old, Item::Job(seq)));
        }
        let next = job.next();
        if next < Millis::MAX {
            job.planned = Some(next);
            self.agenda.insert((next, Item::Job(seq)));
        }
    }

    /// One event of a job.
    fn step(&mut self, seq: u64) {
        let Some(job) = self.jobs.get_mut(&seq) else { return };
        job.planned = None;
        let (id, now) = (job.id.clone(), self.now);
        read_to(job, &self.world, now);
        if job.turns <= now {
            self.turn(seq);
        } else if job.breaks_at <= now {
            self.fail(&id);
        } else if job.refresh <= now {
            job.refresh = now + millis(self.pace.refresh).max(1);
            show(job);
        } else if job.checkpoints.next_event(job.stands()) <= now {
            self.checkpoint(seq);
        }
        self.plan(&id);
    }

    /// The phase of a job changes.
    fn turn(&mut self, seq: u64) {
        let free = self.free_slots();
        let Some(job) = self.jobs.get_mut(&seq) else { return };
        let (now, id) = (self.now, job.id.clone());
        job.turns = Millis::MAX;
        match job.phase {
            Phase::Created => {
                job.become_(State::Running, now);
                schedule(job, now, &self.pace);
            }
            Phase::Scheduled => {
                let missing = job.parallelism.saturating_sub(job.slots);
                if job.never_runs {
                    return;
                }
                let got = missing.min(free);
                job.slots += got;
                if got == missing {
                    job.phase = Phase::Deploying;
                    job.modified = now;
                    job.turns = now + millis(self.pace.deploy);
                } else if job.waits_since + millis(self.pace.slots) <= now {
                    self.no_slots(&id);
                } else {
                    job.turns = now + 1_000;
                }
            }
            Phase::Deploying => self.begin(&id),
            Phase::Backoff => {
                job.become_(State::Running, now);
                schedule(job, now, &self.pace);
            }
            Phase::Cancelling => self.end(&id),
            Phase::Ended => {
                self.jobs.remove(&seq);
                self.by_id.remove(&id);
            }
            Phase::Running => {}
        }
    }

    /// All tasks run.
    fn begin(&mut self, id: &str) {
        let (now, refresh) = (self.now, millis(self.pace.refresh).max(1));
        let broken = self.breaks_of(id);
        let Some(job) = self.job_mut(id) else { return };
        job.phase = Phase::Running;
        job.modified = now;
        job.tasks_since = Some(now);
        job.read_until = now;
        job.refresh = now + refresh;
        job.checkpoints.next_at = Some(now + job.checkpoints.interval);
        job.breaks_at = broken.as_ref().map_or(Millis::MAX, |(breaks, _)| now + millis(breaks.after).max(1));
        job.broken = broken;
        if job.tables.iter().any(|table| table.progress.dirty > 0) {
            // What a savepoint carried is committed first, and then the job begins once more (streampark-api §12.3).
            self.commit(id);
            self.intended_restart(id);
        }
    }

    /// A cancel has come to its end.
    fn end(&mut self, id: &str) {
        let Some(job) = self.job(id) else { return };
        let (ending, latest) = (job.ending, self.newest_checkpoint(id));
        if let Some(path) = latest.filter(|_| !self.cluster.retains) {
            self.disk.delete(&path);
        }
        self.finish(id, ending);
    }

    /// A checkpoint begins, completes or fails.
    fn checkpoint(&mut self, seq: u64) {
        let Some(job) = self.jobs.get_mut(&seq) else { return };
        let (now, id) = (self.now, job.id.clone());
        let stands = job.stands();
        match job.checkpoints.open.take() {
            None => {
                let tasks = u64::try_from(job.tables.len()).expect("few") + 1;
                let begun = job.checkpoints.begin(now, false, tasks);
                job.checkpoints.open = Some(begun);
                job.checkpoints.next_at = Some(now + job.checkpoints.interval);
            }
            Some(open) if stands && now < open.at + TIMEOUT => job.checkpoints.open = Some(open),
            Some(open) if stands => {
                job.checkpoints.open = Some(open);
                job.checkpoints.fail_open(now, "Checkpoint expired before completing.");
                self.checkpoint_expired(&id);
            }
            Some(open) => {
                let path = format!("{}/{id}/chk-{}", self.cluster.checkpoints, open.id);
                let older = job.checkpoints.latest.as_ref().and_then(Checkpoint::path).map(str::to_owned);
                let end = End::Completed { at: now, path: path.clone() };
                let number = open.id;
                job.checkpoints.close(Checkpoint { end, ..open });
                self.commit(&id);
                if let Some(job) = self.job_mut(&id) {
                    job.kept = job.tables.iter().map(|table| table.progress.clone()).collect();
                    let saved = saved(job, number, false);
                    self.disk.keep(&path, saved);
                }
                if let Some(older) = older {
                    self.disk.delete(&older);
                }
            }
        }
    }

    /// Commits what a job has read.
    pub(super) fn commit(&mut self, id: &str) {
        let now = self.now;
        let Some(job) = self.by_id.get(id).and_then(|seq| self.jobs.get_mut(seq)) else { return };
        let always = job.given.conf("table_conf", "commit.force-create-snapshot") == Some("true");
        let (warehouse, database) = (job.given.warehouse().to_owned(), job.given.database().to_owned());
        for table in &mut job.tables {
            if table.progress.dirty == 0 && !always {
                continue;
            }
            let name =
                LakeName { warehouse: warehouse.clone(), database: database.clone(), table: table.target.clone() };
            let lake = self.world.make(name);
            lake.snapshot += 1;
            // Rows merge by their key: a copy that begins again shows no fewer than before.
            let rows = table.progress.rows();
            lake.rows = if table.progress.done() { rows } else { rows.max(lake.rows) };
            if lake.commit_users.last() != Some(&table.commit_user) {
                lake.commit_users.push(table.commit_user.clone());
            }
            let delta = std::mem::take(&mut table.progress.dirty);
            self.commits.push(Commit {
                job: job.id.clone(),
                name: job.name.clone(),
                warehouse: warehouse.clone(),
                database: database.clone(),
                table: table.target.clone(),
                source_database: table.database.clone(),
                source_table: table.table.clone(),
                snapshot: lake.snapshot,
                rows: lake.rows,
                delta,
                user: table.commit_user.clone(),
                at: now,
            });
        }
    }

    pub(super) fn read_sources(&mut self, id: &str) {
        let now = self.now;
        if let Some(job) = self.by_id.get(id).and_then(|seq| self.jobs.get_mut(seq)) {
            read_to(job, &self.world, now);
        }
    }
}

/// Tasks wait for slots from now on.
fn schedule(job: &mut Job, now: Millis, pace: &Pace) {
    job.phase = Phase::Scheduled;
    job.waits_since = now;
    job.turns = now + millis(pace.schedule);
}

/// Reads the source up to a moment, if it is there and the job can.
fn read_to(job: &mut Job, world: &World, to: Millis) {
    let passed = to.saturating_sub(job.read_until);
    job.read_until = to;
    if !job.runs() || job.broken.is_some() || !world.reachable {
        return;
    }
    let budget = world.rows_per_second * passed + job.carry;
    job.carry = budget % 1_000;
    copying::read(&mut job.tables, world, budget / 1_000);
}

/// Brings the numbers that REST shows up to date.
fn show(job: &mut Job) {
    for table in &mut job.tables {
        table.shown = table.read;
    }
}

/// The state of a job as a checkpoint keeps it.
pub(super) fn saved(job: &Job, id: u64, savepoint: bool) -> Saved {
    let of = |table: &copying::Copying| (table.table.clone(), (table.progress.clone(), table.commit_user.clone()));
    let uid_suffix = job.given.uid_suffix().map(str::to_owned);
    Saved { id, savepoint, uid_suffix, tables: job.tables.iter().map(of).collect() }
}
