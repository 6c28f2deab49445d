//! The engine that drives a session cluster of Flink by its REST API.
//!
//! Invariant: a run is written down before the call that starts it, under the id that the engine is given too; what an
//! answer that was lost may have done is found by that id (real-stack §1.1). Its `state` proves nothing: a job is judged by
//! its tasks and checkpoints (§3).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use domain::engine::Flink;
use domain::ids::RunId;
use domain::run::{Run, Shows};
use domain::time::{Millis, SECOND};

use super::client::Client;
use super::look::{self, Look};
use super::runs::Runs;
use super::seen::{FlinkJobId, JobLine};
use crate::outside::engine::{Engine, EngineError, JobSeen, JobSpec, Phase, SourcePlace, TableSeen};
use crate::outside::source::Opener;
use crate::state::{Clock, Ids};

/// How long one look may take.
const LOOK_LIMIT: Duration = Duration::from_secs(10);
/// How long a list of all jobs stands.
const LISTED: i64 = 5 * SECOND;

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
    /// The same cluster, asked by who must not wait long: a round of work looks at all jobs, this cluster's or not.
    looking: Client,
    pub(in crate::outside::engine) tools: Tools,
    /// The launcher jar at the cluster, once it was found or brought there.
    pub(super) jar: tokio::sync::Mutex<Option<String>>,
    /// What was seen of each run last.
    looks: Mutex<BTreeMap<RunId, Arc<Look>>>,
    /// All jobs of the cluster as they were listed last: one call for all of ours.
    listed: tokio::sync::Mutex<Option<(Millis, Arc<Vec<JobLine>>)>>,
}

impl FlinkEngine {
    /// The engine of a cluster; nothing is asked yet.
    pub fn new(set_up: Flink, tools: Tools) -> Result<Self, EngineError> {
        let address = set_up.address.as_str();
        let client = Client::new(address)?.guarded(tools.clock.clone());
        let looking = Client::with_limit(address, LOOK_LIMIT)?.guarded(tools.clock.clone());
        let (jar, looks, listed) = Default::default();
        Ok(Self { set_up, client, looking, tools, jar, looks, listed })
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
        let beside = self.beside(run, now).await?;
        let look = Arc::new(Look::take(&self.looking, run, beside, now).await?);
        let mut looks = self.looks();
        // Runs that are over are never looked at again.
        looks.retain(|_, look| now.since(look.at) < look::FORGET);
        looks.insert(run.id.clone(), Arc::clone(&look));
        drop(looks);
        Ok(look)
    }

    /// A job of the same name that lives beside a run: started by hand, or from another console.
    async fn beside(&self, run: &Run, now: Millis) -> Result<Option<FlinkJobId>, EngineError> {
        let mut listed = self.listed.lock().await;
        let jobs = match &*listed {
            Some((at, jobs)) if (0..LISTED).contains(&now.since(*at)) => Arc::clone(jobs),
            _ => {
                let jobs = Arc::new(self.looking.jobs().await?);
                *listed = Some((now, Arc::clone(&jobs)));
                jobs
            }
        };
        let other = |job: &&JobLine| job.name == run.job && job.id.as_str() != run.id_there() && !job.state.ended();
        Ok(jobs.iter().find(other).map(|job| job.id.clone()))
    }

    fn looks(&self) -> std::sync::MutexGuard<'_, BTreeMap<RunId, Arc<Look>>> {
        self.looks.lock().expect("no code panics while it holds the looks")
    }

    /// After something was done, nothing that was seen before counts.
    pub(super) fn forget(&self, run: &RunId) {
        self.looks().remove(run);
        // Who lists the jobs just now sees them as they are anyway.
        if let Ok(mut listed) = self.listed.try_lock() {
            *listed = None;
        }
    }
}

/// The id of a run as Flink knows it.
pub(in crate::outside::engine) fn id_of(run: &Run) -> FlinkJobId {
    run.id_there().parse().expect("the id of a run is 32 hex digits, and what Flink drew was read as one")
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
