//! The engine inside: copies whole tables in-process into a Paimon warehouse on local disk, on the tier's schedule.
//!
//! Why it exists: nothing to install for a first run, a laptop, a small team. Beyond one machine data is moved by Flink.
//! Invariants: one writer a table (a lock here, a lease in the ledger); counted before the commit, and on a mismatch
//! nothing is committed; what must survive a `kill -9` stands in the ledger and in the lake, never only here.

mod copy;
mod job;
pub mod ledger;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use domain::ids::SourceId;
use domain::time::Millis;
use lake::Warehouse;
use tokio::sync::Semaphore;

use self::job::RunningJob;
use self::ledger::Ledger;
use super::{Engine, EngineError, JobSeen, JobSpec, SourcePlace, TableSeen};
use crate::outside::source::Opener;
use crate::state::{Clock, Ids};

/// How many tables are copied at a time.
const AT_A_TIME: usize = 2;

/// The promise's zone: milliseconds east of UTC at a moment, since it may change with the season.
pub type Zone = Arc<dyn Fn(Millis) -> i64 + Send + Sync>;

/// All that a copy needs.
pub(crate) struct Tools {
    pub(crate) lake: Warehouse,
    pub(crate) ledger: Arc<dyn Ledger>,
    pub(crate) sources: Opener,
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) zone: Zone,
    pub(crate) places: Semaphore,
    /// How many copies each source still takes, with the limit that this was made by.
    at_source: Mutex<BTreeMap<SourceId, (usize, Arc<Semaphore>)>>,
}

impl Tools {
    /// The copies that a source takes at a time, whichever job they are of.
    fn at_source(&self, source: &SourcePlace) -> Arc<Semaphore> {
        let limit = source.place.copies();
        let mut all = self.at_source.lock().expect("no code panics while it holds the limits");
        let new = || (limit, Arc::new(Semaphore::new(limit)));
        let known = all.entry(source.id.clone()).or_insert_with(new);
        if known.0 != limit {
            *known = new();
        }
        known.1.clone()
    }
}

/// The embedded engine.
pub struct Embedded {
    tools: Arc<Tools>,
    jobs: Mutex<BTreeMap<String, RunningJob>>,
}

impl Embedded {
    /// An engine without jobs.
    pub fn new(lake: Warehouse, ledger: Arc<dyn Ledger>, sources: Opener, clock: Clock, ids: Ids, zone: Zone) -> Self {
        let places = Semaphore::new(AT_A_TIME);
        Self {
            tools: Arc::new(Tools { lake, ledger, sources, clock, ids, zone, places, at_source: Mutex::default() }),
            jobs: Mutex::new(BTreeMap::new()),
        }
    }

    fn jobs(&self) -> MutexGuard<'_, BTreeMap<String, RunningJob>> {
        self.jobs.lock().expect("no code panics while it holds the jobs")
    }
}

#[async_trait]
impl Engine for Embedded {
    async fn find(&self, job: &str) -> Result<Option<JobSeen>, EngineError> {
        Ok(self.jobs().get(job).map(RunningJob::seen))
    }

    async fn create(&self, spec: &JobSpec) -> Result<(), EngineError> {
        self.jobs().entry(spec.name.clone()).or_insert_with(|| RunningJob::new(spec.clone()));
        Ok(())
    }

    async fn start(&self, spec: &JobSpec) -> Result<(), EngineError> {
        // Jobs live in this process only: one that was made by a process before is made again under its name.
        let mut jobs = self.jobs();
        let job = jobs.entry(spec.name.clone()).or_insert_with(|| RunningJob::new(spec.clone()));
        job.start(spec.clone(), &self.tools);
        Ok(())
    }

    async fn stop(&self, job: &str) -> Result<(), EngineError> {
        if let Some(job) = self.jobs().get_mut(job) {
            job.stop();
        }
        Ok(())
    }

    async fn remove(&self, job: &str) -> Result<(), EngineError> {
        if let Some(mut job) = self.jobs().remove(job) {
            job.stop();
        }
        Ok(())
    }

    async fn observe(&self, job: &str) -> Result<Vec<TableSeen>, EngineError> {
        Ok(self.jobs().get(job).map(RunningJob::tables).unwrap_or_default())
    }
}
