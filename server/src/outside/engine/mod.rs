//! Engines that bring tables into the lake, in our words. An engine knows jobs, not items.
//!
//! Why it exists: the saga and the reconciler speak to every engine alike.
//! Invariant: an engine is asked and told; it never decides what is wanted. Names are ours and deterministic, so a job
//! can be found again by whoever lost an answer.

pub mod call;
#[cfg(feature = "embedded")]
pub mod embedded;
mod engines;
pub mod fake;
pub mod flink;
pub mod streampark;

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::args::from::ServerIds;
use domain::cause::{Cause, CauseCode};
use domain::ids::{ItemId, JobId, SourceId};
use domain::job::JobTable;
use domain::proof::Landed;
use domain::source::Place;
use domain::tier::Tier;
use domain::time::Millis;

pub use self::engines::Engines;

/// Something that runs jobs.
#[async_trait]
pub trait Engine: Send + Sync {
    /// The job of that name, if there is one.
    async fn find(&self, job: &str) -> Result<Option<JobSeen>, EngineError>;

    /// Makes a job, not yet running. A job of that name that is there already is the same job.
    async fn create(&self, spec: &JobSpec) -> Result<(), EngineError>;

    /// Starts a job, or brings a running one to this list of tables. Tables that failed are tried anew.
    async fn start(&self, spec: &JobSpec) -> Result<(), EngineError>;

    /// Stops a job and keeps what it knows.
    async fn stop(&self, job: &str) -> Result<(), EngineError>;

    /// Removes a job; nothing happens when there is none.
    async fn remove(&self, job: &str) -> Result<(), EngineError>;

    /// What the job does just now, table by table.
    async fn observe(&self, job: &str) -> Result<Vec<TableSeen>, EngineError>;
}

/// A job as an engine is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobSpec {
    /// The id: by it its parts are known after a restart.
    pub id: JobId,
    /// Its name.
    pub name: String,
    /// The source it reads.
    pub source: SourcePlace,
    /// What is promised.
    pub tier: Tier,
    /// Its tables.
    pub tables: Vec<JobTable>,
    /// The numbers of its readers at the source, where it follows changes.
    pub ids: Option<ServerIds>,
}

/// Where a source is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourcePlace {
    /// The id.
    pub id: SourceId,
    /// Its name, for sentences.
    pub name: String,
    /// Where it is and how it is reached, without passwords.
    pub place: Place,
}

/// A job as an engine has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobSeen {
    /// Whether it was told to run. Says nothing of its tables.
    pub running: bool,
    /// The source it was told to read.
    pub source: SourcePlace,
    /// The tables it has.
    pub tables: BTreeSet<ItemId>,
}

/// What is seen of one table of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSeen {
    /// The item it is brought for.
    pub item: ItemId,
    /// How far it is.
    pub phase: Phase,
}

/// How far one table of a job is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// Not begun.
    Waiting,
    /// Not begun, but in line behind other copies: it begins by itself.
    Queued,
    /// Being copied for the first time.
    Copying {
        /// Rows so far.
        rows: u64,
        /// Of how many, once counted.
        of: Option<u64>,
    },
    /// There, at least once.
    Landed {
        /// The newest that landed.
        landed: Landed,
        /// What is wrong with the newest refresh.
        trouble: Option<Cause>,
        /// When it is copied anew.
        next_at: Millis,
    },
    /// Being followed: copied first, then every change; where the one ends the engine does not tell (real-stack §6).
    Following {
        /// Rows read since the job was started last; a change counts twice.
        read: Option<u64>,
        /// What changed before this moment is committed, if the job is attached to its source.
        through: Option<Millis>,
        /// What is wrong with the job though it goes on.
        trouble: Option<Cause>,
    },
    /// Cannot be brought.
    Failed {
        /// Why.
        cause: Cause,
    },
}

/// Why an engine did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// Busy, or the outcome is not known: look, then act again.
    #[error("the engine did not answer: {0}")]
    Retry(String),
    /// It said no, and why.
    #[error("the engine refused: {0}")]
    Fail(String),
    /// It was not told, for a reason that may pass.
    #[error("the engine was not told: {}", .0.code.word())]
    Later(Cause),
    /// It was not told, for a reason that stays.
    #[error("the engine cannot be told: {}", .0.code.word())]
    Cannot(Cause),
}

impl EngineError {
    /// Why, as the cause that an item shows, and whether it may pass by itself.
    pub fn cause(self) -> (Cause, bool) {
        match self {
            Self::Retry(what) => (Cause::new(CauseCode::EngineAway).text("what", what), true),
            Self::Fail(what) => (Cause::new(CauseCode::EngineRefused).text("what", what), false),
            Self::Later(cause) => (cause, true),
            Self::Cannot(cause) => (cause, false),
        }
    }
}
