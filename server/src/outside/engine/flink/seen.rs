//! What is seen of Flink, in our words.
//!
//! Why it exists: the engine thinks in these; how Flink spells them is [`super::wire`]'s matter.
//! Invariant: a word of Flink that we do not know is kept as it is, and a count that is not there yet is `None`, not 0.

use std::fmt;
use std::str::FromStr;

use domain::time::Millis;

/// Flink's own id of a job: 32 hex digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlinkJobId(String);

/// Flink's id of one stop or savepoint that was asked for: 32 hex digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TriggerId(String);

/// An id that is not 32 hex digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an id of Flink is 32 hex digits")]
pub struct BadId;

macro_rules! hex_id {
    ($id:ident) => {
        impl $id {
            /// From 128 bits of chance.
            pub fn new(random: u128) -> Self {
                Self(format!("{random:032x}"))
            }

            /// The digits.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $id {
            type Err = BadId;

            fn from_str(text: &str) -> Result<Self, BadId> {
                let fits = text.len() == 32 && text.bytes().all(|digit| digit.is_ascii_hexdigit());
                if fits { Ok(Self(text.to_ascii_lowercase())) } else { Err(BadId) }
            }
        }

        impl fmt::Display for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

hex_id!(FlinkJobId);
hex_id!(TriggerId);

/// Defines an enum of Flink's words, with what is not among them kept.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $name {
            $($(#[$of])* $variant,)+
            /// A word that we do not know.
            Other(String),
        }

        impl $name {
            /// What the word means.
            pub fn of(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)+
                    other => Self::Other(other.to_owned()),
                }
            }

            /// Flink's word.
            pub fn word(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }
    };
}

words! {
    /// The state of a job (`JobStatus`). RUNNING says nothing of its tasks: see [`Vertex::status`] (real-stack §3).
    JobState {
        /// Being set up.
        Initializing = "INITIALIZING",
        /// Set up, nothing asked for yet.
        Created = "CREATED",
        /// Taken on; its tasks may still wait for slots.
        Running = "RUNNING",
        /// Being ended after a failure.
        Failing = "FAILING",
        /// Ended by a failure, for good.
        Failed = "FAILED",
        /// Being cancelled.
        Cancelling = "CANCELLING",
        /// Ended because somebody cancelled it.
        Canceled = "CANCELED",
        /// Ended by itself: what a stop with savepoint leads to.
        Finished = "FINISHED",
        /// Between a failure and the next attempt.
        Restarting = "RESTARTING",
        /// Put aside by a JobManager that goes; another may take it up.
        Suspended = "SUSPENDED",
        /// Taken up again by a JobManager.
        Reconciling = "RECONCILING",
    }
}

words! {
    /// The state of a vertex, which is that of its least advanced task (`ExecutionState`).
    TaskState {
        /// Not begun: also for want of slots.
        Created = "CREATED",
        /// Asks for a slot.
        Scheduled = "SCHEDULED",
        /// On its way to a TaskManager.
        Deploying = "DEPLOYING",
        /// Takes up its state.
        Initializing = "INITIALIZING",
        /// Works.
        Running = "RUNNING",
        /// Done.
        Finished = "FINISHED",
        /// Being cancelled.
        Canceling = "CANCELING",
        /// Cancelled.
        Canceled = "CANCELED",
        /// Failed.
        Failed = "FAILED",
        /// Taken up again.
        Reconciling = "RECONCILING",
    }
}

impl JobState {
    /// Whether it ended for good and will never run again under this id. A word that we do not know has not.
    pub fn ended(&self) -> bool {
        matches!(self, Self::Failed | Self::Canceled | Self::Finished)
    }
}

/// The cluster (`GET /overview`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// Its version.
    pub version: String,
    /// Slots of all TaskManagers.
    pub slots_total: u64,
    /// Slots that no job holds.
    pub slots_free: u64,
    /// TaskManagers that are there.
    pub task_managers: u64,
}

/// A job in the list (`GET /jobs/overview`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobLine {
    /// Its id.
    pub id: FlinkJobId,
    /// Its name; several jobs may have one.
    pub name: String,
    /// Its state.
    pub state: JobState,
    /// When it was submitted.
    pub started_at: Millis,
    /// When its state or that of a task last changed.
    pub modified_at: Millis,
    /// Tasks that work.
    pub tasks_running: u64,
    /// All its tasks.
    pub tasks_total: u64,
}

/// A job (`GET /jobs/:id`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobDetail {
    /// Its id.
    pub id: FlinkJobId,
    /// Its name.
    pub name: String,
    /// Its state.
    pub state: JobState,
    /// When it was submitted.
    pub started_at: Millis,
    /// What time it is for Flink.
    pub now: Millis,
    /// Its vertices, in Flink's order.
    pub vertices: Vec<Vertex>,
}

/// A vertex of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vertex {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its state.
    pub status: TaskState,
    /// How many tasks it has.
    pub parallelism: u64,
    /// Records that reached it since this attempt began; an update counts twice. `None` until all its tasks have told.
    pub read_records: Option<u64>,
    /// Records that left it, as above.
    pub written_records: Option<u64>,
    /// The table that it writes, when it is the writer of one.
    pub table: Option<String>,
    /// Whether it reads the source.
    pub source: bool,
}

/// What went wrong in a job (`GET /jobs/:id/exceptions`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thrown {
    /// When.
    pub at: Millis,
    /// In which task; missing when it was none of a task.
    pub task: Option<String>,
    /// The table that the task writes, when it writes one.
    pub table: Option<String>,
    /// What to tell a person: no row's data, no password.
    pub sentence: String,
}

/// A job's checkpoints (`GET /jobs/:id/checkpoints`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checkpoints {
    /// How many were completed since the job was submitted.
    pub completed: u64,
    /// How many failed.
    pub failed: u64,
    /// The newest that was completed, checkpoint or savepoint.
    pub newest: Option<Completed>,
    /// What the job last took its state from.
    pub restored: Option<Restored>,
}

/// A completed checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completed {
    /// Its number.
    pub id: u64,
    /// Where it lies, to start from; `None` when nothing can start from it because the cluster keeps them in memory.
    pub path: Option<String>,
    /// When it was begun.
    pub triggered_at: Millis,
    /// When the last task had answered.
    pub acknowledged_at: Millis,
    /// Whether somebody asked for it as a savepoint.
    pub savepoint: bool,
}

/// What a job took its state from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Where it lies.
    pub path: Option<String>,
    /// When.
    pub at: Millis,
}

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ran {
    /// Flink took it on. Whether it works is seen in its vertices and checkpoints.
    Accepted,
    /// A job of this id was submitted before, and may have ended since.
    AlreadyThere,
    /// It said no, and why: a sentence for a person. A FAILED job of the name may stand in the list all the same.
    Refused(String),
    /// The jar is not there any more: upload it again.
    JarGone,
}

/// What became of a stop or a savepoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Savepoint {
    /// Not done yet.
    Running,
    /// Written.
    Done {
        /// Where it lies.
        path: String,
    },
    /// Not written; the job goes on as before.
    Failed {
        /// Why.
        sentence: String,
    },
    /// Nobody knows of such a trigger: it is too old, or the JobManager restarted.
    Unknown,
}

/// A jar that was uploaded (`GET /jars`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jar {
    /// What a run names it by.
    pub id: String,
    /// The name it was uploaded by.
    pub name: String,
    /// When.
    pub uploaded_at: Millis,
}
