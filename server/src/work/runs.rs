//! Keeps the memory of runs in the store.

use async_trait::async_trait;
use domain::run::Run;

use crate::outside::engine::flink::runs::{Runs, RunsAway};
use crate::state::Clock;
use crate::store::{Store, StoreError};

/// Runs in our store.
pub struct StoreRuns {
    store: Store,
    clock: Clock,
}

impl StoreRuns {
    /// Over a store.
    pub const fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }
}

impl From<StoreError> for RunsAway {
    fn from(problem: StoreError) -> Self {
        Self(Box::new(problem))
    }
}

#[async_trait]
impl Runs for StoreRuns {
    async fn newest(&self, job: &str) -> Result<Option<Run>, RunsAway> {
        Ok(self.store.read().await?.runs().newest(job).await?)
    }

    async fn of_job(&self, job: &str) -> Result<Vec<Run>, RunsAway> {
        Ok(self.store.read().await?.runs().of_job(job).await?)
    }

    async fn begin(&self, run: &Run) -> Result<bool, RunsAway> {
        let mut tx = self.store.begin().await?;
        match tx.runs().begin(run).await {
            Ok(()) => tx.commit(self.clock.now()).await.map(|_| true).map_err(RunsAway::from),
            Err(StoreError::Taken { .. }) => Ok(false),
            Err(problem) => Err(problem.into()),
        }
    }

    async fn save(&self, run: &Run) -> Result<(), RunsAway> {
        let mut tx = self.store.begin().await?;
        tx.runs().save(run).await?;
        tx.commit(self.clock.now()).await.map(drop).map_err(RunsAway::from)
    }
}
