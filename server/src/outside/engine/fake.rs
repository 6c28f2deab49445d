//! An engine with memory and with faults to switch on: for sagas and rules, in-process only.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use domain::ids::ItemId;

use super::{Engine, EngineError, JobSeen, JobSpec, Phase, TableSeen};

/// What goes wrong with the next call of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is done and the answer says "busy".
    Busy,
    /// It is done, but the answer is lost.
    LostReply,
    /// It says no.
    Refuse,
}

/// An engine that remembers.
#[derive(Default)]
pub struct FakeEngine {
    memory: Mutex<Memory>,
}

/// What the fake remembers: tests assert on this, not on calls.
#[derive(Debug, Default, Clone)]
pub struct Memory {
    /// Jobs by name.
    pub jobs: BTreeMap<String, FakeJob>,
    /// Faults waiting, by the name of the call.
    pub faults: BTreeMap<&'static str, Vec<Fault>>,
    /// How often a job was made although one of its name was there: must stay 0.
    pub doubled: u32,
}

/// A job of the fake.
#[derive(Debug, Clone)]
pub struct FakeJob {
    /// As it was told.
    pub spec: JobSpec,
    /// Whether it was told to run.
    pub running: bool,
    /// What its tables are said to do.
    pub phases: BTreeMap<ItemId, Phase>,
}

impl FakeEngine {
    /// What it remembers.
    pub fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().expect("no test panics while it holds the memory")
    }

    /// Lets the next call of that name go wrong.
    pub fn fault(&self, call: &'static str, fault: Fault) {
        self.memory().faults.entry(call).or_default().push(fault);
    }

    fn act(&self, call: &'static str, act: impl FnOnce(&mut Memory)) -> Result<(), EngineError> {
        let mut memory = self.memory();
        let fault = memory.faults.get_mut(call).and_then(Vec::pop);
        match fault {
            Some(Fault::Busy) => Err(EngineError::Retry("busy".into())),
            Some(Fault::Refuse) => Err(EngineError::Fail("no".into())),
            Some(Fault::LostReply) => {
                act(&mut memory);
                Err(EngineError::Retry("the answer was lost".into()))
            }
            None => {
                act(&mut memory);
                Ok(())
            }
        }
    }
}

#[async_trait]
impl Engine for FakeEngine {
    async fn find(&self, job: &str) -> Result<Option<JobSeen>, EngineError> {
        self.act("find", |_| ())?;
        Ok(self.memory().jobs.get(job).map(|job| JobSeen {
            running: job.running,
            source: job.spec.source.clone(),
            tables: job.spec.tables.iter().map(|table| table.item.clone()).collect::<BTreeSet<_>>(),
        }))
    }

    async fn create(&self, spec: &JobSpec) -> Result<(), EngineError> {
        self.act("create", |memory| {
            let job = FakeJob { spec: spec.clone(), running: false, phases: BTreeMap::new() };
            if memory.jobs.insert(spec.name.clone(), job).is_some() {
                memory.doubled += 1;
            }
        })
    }

    async fn start(&self, spec: &JobSpec) -> Result<(), EngineError> {
        self.act("start", |memory| {
            if let Some(job) = memory.jobs.get_mut(&spec.name) {
                job.phases.retain(|_, phase| !matches!(phase, Phase::Failed { .. }));
                job.spec = spec.clone();
                job.running = true;
            }
        })
    }

    async fn stop(&self, job: &str) -> Result<(), EngineError> {
        self.act("stop", |memory| {
            if let Some(job) = memory.jobs.get_mut(job) {
                job.running = false;
            }
        })
    }

    async fn remove(&self, job: &str) -> Result<(), EngineError> {
        self.act("remove", |memory| {
            memory.jobs.remove(job);
        })
    }

    async fn observe(&self, job: &str) -> Result<Vec<TableSeen>, EngineError> {
        self.act("observe", |_| ())?;
        let memory = self.memory();
        let Some(job) = memory.jobs.get(job) else { return Ok(Vec::new()) };
        Ok(job
            .spec
            .tables
            .iter()
            .map(|table| TableSeen {
                item: table.item.clone(),
                phase: job.phases.get(&table.item).cloned().unwrap_or(Phase::Waiting),
            })
            .collect())
    }
}
