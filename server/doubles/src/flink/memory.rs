//! All that the double remembers: the cluster, its jobs, and the world around it.
//!
//! Invariant: `ran` forgets nothing, whatever the cluster forgets; it is what tests judge by.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::checkpoint::{Checkpoints, Disk, End};
use super::cluster::{Cluster, Pace, Trouble};
use super::job::{Job, Phase, State};
use super::operation::Operation;
use super::ran::Ran;
use super::route::Call;
use super::world::{Break, World};
use crate::clock::{Clock, MORNING, Millis, millis};
use crate::faults::Faults;

/// A jar that somebody uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jar {
    /// Its id: a number that is never given twice, `_`, its name.
    pub id: String,
    /// Its name.
    pub name: String,
    /// When it came.
    pub uploaded: Millis,
    /// The class that it says to run; none in its manifest for `None`.
    pub entry: Option<String>,
}

/// A commit of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// The job.
    pub job: String,
    /// The job's name.
    pub name: String,
    /// The warehouse, as the job was told.
    pub warehouse: String,
    /// The database in the lake.
    pub database: String,
    /// The table in the lake.
    pub table: String,
    /// The database at the source.
    pub source_database: String,
    /// The table at the source.
    pub source_table: String,
    /// The number of the snapshot.
    pub snapshot: u64,
    /// Rows that a reader sees from now on.
    pub rows: u64,
    /// Records that came with it.
    pub delta: u64,
    /// Who committed.
    pub user: String,
    /// When.
    pub at: Millis,
}

/// Everything.
#[derive(Debug)]
pub struct Memory {
    /// The database server and the lake.
    pub world: World,
    /// The cluster's settings.
    pub cluster: Cluster,
    /// How long things take.
    pub pace: Pace,
    /// Its troubles.
    pub trouble: Trouble,
    /// Faults of the way to it.
    pub faults: Faults<Call>,
    /// Folders with states: they outlive jobs and the JobManager.
    pub disk: Disk,
    /// The jars.
    pub jars: Vec<Jar>,
    /// Where it says it listens.
    pub url: String,
    /// How many calls came, faulty ones included.
    pub calls: BTreeMap<Call, u64>,
    pub(super) clock: Clock,
    pub(super) now: Millis,
    pub(super) jobs: BTreeMap<u64, Job>,
    pub(super) by_id: BTreeMap<String, u64>,
    pub(super) operations: BTreeMap<u64, Operation>,
    pub(super) agenda: BTreeSet<(Millis, Item)>,
    pub(super) ran: Vec<Ran>,
    pub(super) commits: Vec<Commit>,
    /// Ids of the jobs that this JobManager took, ended ones too: none is taken twice.
    pub(super) taken: BTreeSet<String>,
    pub(super) count: u64,
    pub(super) dies: bool,
}

/// What an entry of the agenda means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Item {
    /// A job has an event.
    Job(u64),
    /// A savepoint is there.
    Operation(u64),
}

impl Default for Memory {
    fn default() -> Self {
        Self::new(Clock::standing(MORNING))
    }
}

impl Memory {
    /// An empty cluster with this clock.
    pub fn new(clock: Clock) -> Self {
        Self {
            world: World::default(),
            cluster: Cluster::default(),
            pace: Pace::REAL,
            trouble: Trouble::default(),
            faults: Faults::default(),
            disk: Disk::default(),
            jars: Vec::new(),
            url: String::new(),
            calls: BTreeMap::new(),
            now: clock.now(),
            clock,
            jobs: BTreeMap::new(),
            by_id: BTreeMap::new(),
            operations: BTreeMap::new(),
            agenda: BTreeSet::new(),
            ran: Vec::new(),
            commits: Vec::new(),
            taken: BTreeSet::new(),
            count: 0,
            dies: false,
        }
    }

    /// What time it is.
    pub const fn now(&self) -> Millis {
        self.now
    }

    /// A number that never comes twice, spread over all digits: ids that look like Flink's, the same in every run.
    pub(super) fn hex(&mut self, digits: usize) -> String {
        self.count += 1;
        hex_of(&self.count.to_string(), digits)
    }

    /// A job that the cluster still knows.
    pub fn job(&self, id: &str) -> Option<&Job> {
        self.by_id.get(id).and_then(|seq| self.jobs.get(seq))
    }

    pub(super) fn job_mut(&mut self, id: &str) -> Option<&mut Job> {
        self.by_id.get(id).and_then(|seq| self.jobs.get_mut(seq))
    }

    /// All jobs that the cluster still knows, the oldest first.
    pub fn jobs(&self) -> impl Iterator<Item = &Job> {
        self.jobs.values()
    }

    /// Slots that no job holds.
    pub fn free_slots(&self) -> u32 {
        self.cluster.slots.saturating_sub(self.jobs.values().map(|job| job.slots).sum())
    }

    /// The JobManager ends and another takes its place, which knows no job (real-stack §1.6).
    pub fn restart(&mut self) {
        self.catch_up();
        let now = self.now;
        for job in self.jobs.values().filter(|job| job.lives()) {
            Ran::ended_by(&mut self.ran, &job.id, now, "the JobManager ended");
        }
        self.jobs.clear();
        self.by_id.clear();
        self.operations.clear();
        self.agenda.clear();
        self.taken.clear();
        if !self.cluster.keeps_jars {
            self.jars.clear();
        }
    }

    /// From now on this job breaks in every attempt, until [`Memory::heal`].
    pub fn break_job(&mut self, id: &str, breaks: Break) {
        let now = self.now;
        if let Some(job) = self.job_mut(id) {
            if job.phase == Phase::Running {
                job.breaks_at = now + millis(breaks.after);
                job.broken = Some((breaks.clone(), 0));
            }
            job.breaks = Some(breaks);
        }
        self.plan(id);
    }

    /// The job breaks no more.
    pub fn heal(&mut self, id: &str) {
        if let Some(job) = self.job_mut(id) {
            job.breaks = None;
            job.broken = None;
            job.breaks_at = Millis::MAX;
        }
        self.plan(id);
    }

    /// Checkpoints of this job complete no more, or do again.
    pub fn stop_checkpoints(&mut self, id: &str, stopped: bool) {
        if let Some(job) = self.job_mut(id) {
            job.checkpoints.stopped = stopped;
        }
        self.plan(id);
    }

    /// Somebody cancels a job on the Flink page; whether there was one that lived.
    pub fn cancel(&mut self, id: &str) -> bool {
        let (now, takes) = (self.now, millis(self.pace.cancel));
        let Some(job) = self.job_mut(id).filter(|job| job.lives()) else { return false };
        job.phase = Phase::Cancelling;
        job.ending = State::Canceled;
        job.turns = now + takes;
        job.become_(State::Cancelling, now);
        let open = "Checkpoint Coordinator is suspending.";
        job.checkpoints.fail_open(now, open);
        self.plan(id);
        self.settle();
        true
    }

    /// Where the newest complete checkpoint of a job lies.
    pub fn newest_checkpoint(&self, id: &str) -> Option<String> {
        let Checkpoints { latest, .. } = &self.job(id)?.checkpoints;
        match &latest.as_ref()?.end {
            End::Completed { path, .. } => Some(path.clone()),
            End::Open | End::Failed { .. } => None,
        }
    }
}

/// Digits that follow from a text, the same in every run, and look like chance.
pub(super) fn hex_of(text: &str, digits: usize) -> String {
    let mut hex = String::with_capacity(digits + 16);
    let mut state = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    while hex.len() < digits {
        // SplitMix64: neighbours in, strangers out.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        write!(hex, "{:016x}", mixed ^ (mixed >> 31)).expect("a text takes all");
    }
    hex.truncate(digits);
    hex
}
