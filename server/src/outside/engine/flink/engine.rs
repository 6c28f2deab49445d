//! The engine that drives a session cluster of Flink by its REST API.
//!
//! Invariant: a run is written down before the call that starts it, under the id that the engine is given too; what an
//! answer that was lost may have done is found by that id (real-stack §1.1). Its `state` proves nothing: a job is judged by
//! its tasks and checkpoints (§3).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::engine::Flink;
use domain::ids::RunId;
use domain::run::{Run, Shows};

use super::client::Client;
use super::look::{self, Look};
use super::runs::Runs;
use super::seen::FlinkJobId;
use crate::outside::engine::{Engine, EngineError, JobSeen, JobSpec, Phase, SourcePlace, TableSeen};
use crate::outside::source::Opener;
use crate::state::{Clock, Ids};

/// What every cluster's engine needs.
#[derive(Clone)]
pub struct Tools {
    /// The memory of runs.
    pub runs: Arc<dyn Runs>,
    /// What opens sources.
    pub sources: Opener,
    /// The clock.
    pub clock: Clock,
    /// Ids.
    pub ids: Ids,
}

/// The engine of one cluster.
pub struct FlinkEngine {
    pub(super) set_up: Flink,
    pub(super) client: Client,
    pub(super) tools: Tools,
    /// The launcher jar at the cluster, once it was found or brought there.
    pub(super) jar: tokio::sync::Mutex<Option<String>>,
    /// What was seen of each run last.
    looks: Mutex<BTreeMap<RunId, Arc<Look>>>,
}

impl FlinkEngine {
    /// The engine of a cluster; nothing is asked yet.
    pub fn new(set_up: Flink, tools: Tools) -> Result<Self, EngineError> {
        let client = Client::new(set_up.address.as_str())?;
        Ok(Self { set_up, client, tools, jar: tokio::sync::Mutex::default(), looks: Mutex::default() })
    }

    /// The cluster's client.
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// What the engine shows of a run now.
    pub(super) async fn shows(&self, run: &Run) -> Result<Shows, EngineError> {
        Ok(match self.client.job(&id_of(run)).await? {
            None => Shows::Nothing,
            Some(job) if job.state.ended() => Shows::Over,
            Some(_) => Shows::Live,
        })
    }

    /// What is seen of a run, not older than a moment ago.
    async fn look(&self, run: &Run) -> Result<Arc<Look>, EngineError> {
        let now = self.tools.clock.now();
        let known = self.looks().get(&run.id).filter(|look| look.stands(run, now)).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let look = Arc::new(Look::take(&self.client, run, now).await?);
        let mut looks = self.looks();
        // Runs that are over are never looked at again.
        looks.retain(|_, look| now.since(look.at) < look::FORGET);
        looks.insert(run.id.clone(), Arc::clone(&look));
        drop(looks);
        Ok(look)
    }

    fn looks(&self) -> std::sync::MutexGuard<'_, BTreeMap<RunId, Arc<Look>>> {
        self.looks.lock().expect("no code panics while it holds the looks")
    }

    /// After something was done, nothing that was seen before counts.
    pub(super) fn forget(&self, run: &RunId) {
        self.looks().remove(run);
    }
}

/// The id of a run as Flink knows it.
pub(super) fn id_of(run: &Run) -> FlinkJobId {
    run.id.as_str().parse().expect("the id of a run is 32 hex digits")
}

#[async_trait]
impl Engine for FlinkEngine {
    async fn find(&self, job: &str) -> Result<Option<JobSeen>, EngineError> {
        let Some(run) = self.tools.runs.newest(job).await? else { return Ok(None) };
        // What is on its way into life or out of it is brought on by a start.
        let running = run.is_accepted() && self.look(&run).await?.is_live();
        let source = SourcePlace { id: run.source.clone(), name: String::new(), place: run.place.clone() };
        let tables = run.tables.iter().map(|table| table.item.clone()).collect();
        Ok(Some(JobSeen { running, source, tables }))
    }

    async fn create(&self, _: &JobSpec) -> Result<(), EngineError> {
        self.launcher().await.map(drop)
    }

    async fn start(&self, spec: &JobSpec) -> Result<(), EngineError> {
        self.bring(spec).await
    }

    async fn stop(&self, job: &str) -> Result<(), EngineError> {
        self.end(job).await
    }

    async fn remove(&self, job: &str) -> Result<(), EngineError> {
        self.end(job).await
    }

    async fn observe(&self, job: &str) -> Result<Vec<TableSeen>, EngineError> {
        let Some(run) = self.tools.runs.newest(job).await? else { return Ok(Vec::new()) };
        if !run.is_accepted() {
            let waits = |table: &domain::job::JobTable| TableSeen { item: table.item.clone(), phase: Phase::Waiting };
            return Ok(run.tables.iter().map(waits).collect());
        }
        let look = self.look(&run).await?;
        if let Some(checkpoint) = look.checkpoint().filter(|newest| run.checkpoint.as_ref() != Some(newest)) {
            self.tools.runs.save(&Run { checkpoint: Some(checkpoint), ..run.clone() }).await?;
        }
        Ok(look.tables(&run))
    }
}
