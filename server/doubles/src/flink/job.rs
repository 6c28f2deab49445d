//! A job of the cluster: its states, its tasks, its attempts, its failures.
//!
//! Invariant: what `state` says follows Flink, not the truth: RUNNING is said while tasks wait, and while they fail again and
//! again (real-stack §1.3, §3).

use std::collections::{BTreeMap, BTreeSet};

use super::checkpoint::Checkpoints;
use super::copying::{Copying, Progress};
use super::given::Given;
use super::world::Break;
use crate::clock::Millis;

/// The state of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "Flink's own words")]
pub enum State {
    Initializing,
    Created,
    Running,
    Restarting,
    Cancelling,
    Canceled,
    Failing,
    Failed,
    Finished,
    Suspended,
    Reconciling,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Initializing,
        Self::Created,
        Self::Running,
        Self::Restarting,
        Self::Cancelling,
        Self::Canceled,
        Self::Failing,
        Self::Failed,
        Self::Finished,
        Self::Suspended,
        Self::Reconciling,
    ];

    /// Flink's word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Initializing => "INITIALIZING",
            Self::Created => "CREATED",
            Self::Running => "RUNNING",
            Self::Restarting => "RESTARTING",
            Self::Cancelling => "CANCELLING",
            Self::Canceled => "CANCELED",
            Self::Failing => "FAILING",
            Self::Failed => "FAILED",
            Self::Finished => "FINISHED",
            Self::Suspended => "SUSPENDED",
            Self::Reconciling => "RECONCILING",
        }
    }

    /// Whether nothing of the job runs any more, or ever will.
    pub const fn ended(self) -> bool {
        matches!(self, Self::Canceled | Self::Failed | Self::Finished)
    }
}

/// Where the tasks of a job are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The job was accepted.
    Created,
    /// Tasks wait for slots.
    Scheduled,
    /// Tasks have slots and are sent to them.
    Deploying,
    /// Tasks run.
    Running,
    /// A failure ended them; after a pause they begin again.
    Backoff,
    /// They are being cancelled.
    Cancelling,
    /// They are gone.
    Ended,
}

impl Phase {
    /// The word for each task, and the one for a vertex: while tasks are SCHEDULED the vertex is still CREATED
    /// (→ job-detail-just-submitted).
    pub const fn words(self, end: State) -> (&'static str, &'static str) {
        match self {
            Self::Created => ("CREATED", "CREATED"),
            Self::Scheduled => ("SCHEDULED", "CREATED"),
            Self::Deploying => ("DEPLOYING", "DEPLOYING"),
            Self::Running => ("RUNNING", "RUNNING"),
            Self::Backoff => ("CANCELED", "CANCELED"),
            Self::Cancelling => ("CANCELING", "CANCELING"),
            Self::Ended => match end {
                State::Finished => ("FINISHED", "FINISHED"),
                State::Failed => ("FAILED", "FAILED"),
                _ => ("CANCELED", "CANCELED"),
            },
        }
    }
}

/// A failure in the history of a job.
#[derive(Debug, Clone)]
pub struct Failure {
    /// When.
    pub at: Millis,
    /// The class of the outermost exception.
    pub class: String,
    /// The whole trace.
    pub trace: String,
    /// The task; none when it was the source's coordinator.
    pub task: Option<String>,
}

/// A job.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its id, 32 hexadecimal digits.
    pub id: String,
    /// Its name (`pipeline.name`).
    pub name: String,
    /// What Flink says of it.
    pub state: State,
    /// When it was last in each state; a state it never was in is not there.
    pub since: BTreeMap<State, Millis>,
    /// When it was accepted.
    pub started: Millis,
    /// When something of it last changed.
    pub modified: Millis,
    /// How many tasks of each kind.
    pub parallelism: u32,
    /// Slots it holds now.
    pub slots: u32,
    /// What it was told.
    pub given: Given,
    /// Its tables, in the order in which they are copied.
    pub tables: Vec<Copying>,
    /// How far its tasks are.
    pub phase: Phase,
    /// When the phase changes by itself; `Millis::MAX` for never.
    pub turns: Millis,
    /// When the tasks began to run in this attempt.
    pub tasks_since: Option<Millis>,
    /// How often it began again.
    pub restarts: u32,
    /// What went wrong, the oldest first.
    pub failures: Vec<Failure>,
    /// Its checkpoints.
    pub checkpoints: Checkpoints,
    /// What breaks it in every attempt, because a test said so.
    pub breaks: Option<Break>,
    /// What breaks it in this attempt, and the place of the table at which.
    pub broken: Option<(Break, usize)>,
    /// When it breaks in this attempt.
    pub breaks_at: Millis,
    /// It was accepted and gets no slots, however many there are.
    pub never_runs: bool,
    /// It ends so when its phase turns: the end that was asked for.
    pub ending: State,
    /// Since when its tasks wait for slots.
    pub waits_since: Millis,
    /// What the newest checkpoint keeps of each table: the next attempt begins there.
    pub kept: Vec<Progress>,
    /// Up to when its source was read.
    pub read_until: Millis,
    /// Thousandths of a row that are left over.
    pub carry: u64,
    /// When the numbers that REST shows are brought up to date (every 10 s, real-stack §6).
    pub refresh: Millis,
    /// Metrics that somebody asked for; the first question is answered `[]` (real-stack §6).
    pub asked: BTreeSet<String>,
    /// When its next event is, as the agenda has it.
    pub(super) planned: Option<Millis>,
}

impl Job {
    /// Whether it lives: it is there and has not ended.
    pub const fn lives(&self) -> bool {
        !self.state.ended()
    }

    /// Puts it into a state.
    pub fn become_(&mut self, state: State, at: Millis) {
        self.state = state;
        self.since.insert(state, at);
        self.modified = at;
    }

    /// When it ended.
    pub fn ended(&self) -> Option<Millis> {
        self.state.ended().then(|| self.since.get(&self.state).copied()).flatten()
    }

    /// Ends it.
    pub fn end(&mut self, state: State, at: Millis) {
        self.phase = Phase::Ended;
        self.slots = 0;
        self.become_(state, at);
    }

    /// Whether all its tasks run.
    pub fn runs(&self) -> bool {
        self.phase == Phase::Running && self.state == State::Running
    }

    /// Whether it reads the binlog: only then it is seen among the server's `Binlog Dump` threads (real-stack §6).
    pub fn streams(&self) -> bool {
        self.runs() && self.broken.is_none() && self.tables.iter().all(|table| table.done)
    }

    /// Whether no checkpoint of it completes.
    pub const fn stands(&self) -> bool {
        self.checkpoints.stopped || self.broken.is_some()
    }

    /// The next moment at which something happens to it by itself.
    pub(super) fn next(&self) -> Millis {
        let running = [self.checkpoints.next_event(self.stands()), self.breaks_at, self.refresh];
        let running = if self.phase == Phase::Running { running.into_iter().min() } else { None };
        self.turns.min(running.unwrap_or(Millis::MAX))
    }
}
