//! What the engine must not forget: each start of a job, written down before the call that makes it.
//!
//! The engine says what it needs; the room that works unasked keeps it in the store.

use async_trait::async_trait;
use domain::run::Run;

use crate::outside::engine::EngineError;

/// The memory of runs.
#[async_trait]
pub trait Runs: Send + Sync {
    /// The newest run of a job, if it was ever started.
    async fn newest(&self, job: &str) -> Result<Option<Run>, RunsAway>;

    /// All runs of a job, the newest first.
    async fn of_job(&self, job: &str) -> Result<Vec<Run>, RunsAway>;

    /// Writes a run down; `false` when somebody else wrote the job's run of that number.
    async fn begin(&self, run: &Run) -> Result<bool, RunsAway>;

    /// Writes how far a run is known to be, and its newest checkpoint.
    async fn save(&self, run: &Run) -> Result<(), RunsAway>;
}

/// The memory does not answer.
#[derive(Debug, thiserror::Error)]
#[error("the memory of runs does not answer")]
pub struct RunsAway(#[source] pub Box<dyn std::error::Error + Send + Sync>);

impl From<RunsAway> for EngineError {
    fn from(away: RunsAway) -> Self {
        Self::Retry(away.to_string())
    }
}
