//! The calls to Flink's REST (real-stack §3). The only I/O with it.
//!
//! Why it exists: to ask and to tell, and to say of everything that is no answer whether it may have been done.
//!
//! | what came | means | why |
//! |---|---|---|
//! | no connection, no or half an answer, too late, too large | `Retry` | it may have been done, or comes back by itself |
//! | 2xx that is not Flink's JSON: HTML of a proxy | `Retry` | whether Flink got the call is not known |
//! | 5xx, 408, 425, 429, whoever says it | `Retry` | busy or electing a leader; it may have been done |
//! | 404 that is not Flink's JSON | `Retry` | a proxy whose way is cut for the moment: **not** "no such job" |
//! | 404 `Not found: /…` of Flink | `Fail` | not offered there: wrong path, or `web.submit.enable` is off |
//! | 404 of Flink about a job or a trigger | an answer | `None`, `Unknown` |
//! | 401, 403, 407, 3xx | `Fail` | something before Flink wants a person to act; Flink got nothing |
//! | 400 to a run, with Flink's errors | an answer | `AlreadyThere`, `Refused` |
//! | 500 to a run, "Jar file … does not exist" | an answer | `JarGone` |
//! | any other 4xx | `Fail` | the call itself is wrong and stays so |
//!
//! Invariants: nothing is tried twice here, since only who knows the intent may repeat; arguments never reach an error, a
//! log line or a `Debug`; `drain` is never asked for.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::args::secret::Filled;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde::de::DeserializeOwned;

use super::seen::{Checkpoints, FlinkJobId, Jar, JobDetail, JobLine, Overview, Ran, Savepoint, Thrown, TriggerId};
use super::sentence::passwords;
use super::{map, settings, wire};
use crate::outside::engine::EngineError;
use crate::outside::engine::call::{Answer, Caller};
use crate::state::Clock;

/// The first run after a JobManager's start took 17 s while it loaded classes (real-stack §3).
const LIMIT: Duration = Duration::from_secs(90);

/// How many exceptions are asked for.
const EXCEPTIONS: &str = "20";

/// The job's counter of restarts.
const RESTARTS: &str = "numRestarts";

/// Calls one Flink cluster. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    caller: Caller,
}

/// A job to be run.
pub struct Run {
    /// The id it shall have, chosen and written down before: the same for every try of one start.
    pub job_id: FlinkJobId,
    /// Its name (`pipeline.name`).
    pub name: String,
    /// The class that begins.
    pub entry_class: String,
    /// Its arguments, passwords and all.
    pub args: Filled,
    /// Settings of this job alone.
    pub settings: BTreeMap<String, String>,
    /// The savepoint or checkpoint to begin from.
    pub savepoint: Option<String>,
    /// Whether state that no vertex takes up is thrown away.
    pub allow_non_restored: bool,
    /// How many tasks a vertex has.
    pub parallelism: u32,
}

/// Settings may hold secrets too: only who it is.
impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run").field("job_id", &self.job_id).field("name", &self.name).finish_non_exhaustive()
    }
}

impl Client {
    /// For `http(s)://host:port[/path]`.
    pub fn new(address: &str) -> Result<Self, EngineError> {
        Self::with_limit(address, LIMIT)
    }

    /// The same with another time limit for a call.
    pub fn with_limit(address: &str, limit: Duration) -> Result<Self, EngineError> {
        Ok(Self { caller: Caller::new("Flink", address, limit)? })
    }

    /// The same with a circuit breaker for the cluster, whose pauses go by this clock.
    #[must_use]
    pub fn guarded(self, clock: Clock) -> Self {
        Self { caller: self.caller.guarded(clock) }
    }

    /// The cluster (`GET /overview`).
    pub async fn overview(&self) -> Result<Overview, EngineError> {
        Ok(map::overview(self.get(&["overview"]).await?))
    }

    /// Whether jars may be uploaded and run (`web.submit.enable`, `GET /config`): must be so where we run jobs ourselves,
    /// and must not where StreamPark does (streampark-api §12.2).
    pub async fn takes_jars(&self) -> Result<bool, EngineError> {
        Ok(map::takes_jars(&self.get(&["config"]).await?))
    }

    /// All jobs that it knows, ended ones too (`GET /jobs/overview`). A JobManager that restarted knows none.
    pub async fn jobs(&self) -> Result<Vec<JobLine>, EngineError> {
        let jobs: wire::Jobs = self.get(&["jobs", "overview"]).await?;
        jobs.jobs.into_iter().map(map::job_line).collect()
    }

    /// A job (`GET /jobs/:id`); `None` when Flink does not know it.
    pub async fn job(&self, id: &FlinkJobId) -> Result<Option<JobDetail>, EngineError> {
        self.of_job(id, &[], &[]).await?.map(map::job).transpose()
    }

    /// What went wrong in it, newest first (`GET /jobs/:id/exceptions`).
    pub async fn exceptions(&self, id: &FlinkJobId) -> Result<Option<Vec<Thrown>>, EngineError> {
        let theirs = self.of_job(id, &["exceptions"], &[("maxExceptions", EXCEPTIONS)]).await?;
        Ok(theirs.map(map::thrown))
    }

    /// Its checkpoints (`GET /jobs/:id/checkpoints`).
    pub async fn checkpoints(&self, id: &FlinkJobId) -> Result<Option<Checkpoints>, EngineError> {
        Ok(self.of_job(id, &["checkpoints"], &[]).await?.map(map::checkpoints))
    }

    /// How often it was restarted (`GET /jobs/:id/metrics`); `None` when not known, as just after its start.
    pub async fn restarts(&self, id: &FlinkJobId) -> Result<Option<u64>, EngineError> {
        let theirs: Option<Vec<wire::Metric>> = self.of_job(id, &["metrics"], &[("get", RESTARTS)]).await?;
        Ok(theirs.and_then(|metrics| map::restarts(&metrics, RESTARTS)))
    }

    /// Runs a job (`POST /jars/:id/run`). After a `Retry`, look for the id: 404 means that the same run may be sent again.
    pub async fn run(&self, jar: &str, run: &Run) -> Result<Ran, EngineError> {
        let mut settings: BTreeMap<_, _> =
            run.settings.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        settings.insert("pipeline.name", &run.name);
        let body = wire::Run {
            entry_class: &run.entry_class,
            program_args_list: run.args.expose(),
            flink_configuration: settings,
            job_id: run.job_id.as_str(),
            parallelism: run.parallelism,
            allow_non_restored_state: run.allow_non_restored,
            savepoint_path: run.savepoint.as_deref(),
        };
        let answer = self.caller.send(self.caller.call(Method::POST, &["jars", jar, "run"]).json(&body)).await?;
        map::ran(&answer, &run.job_id, &passwords(&run.args))
    }

    /// Asks for a stop with savepoint (`POST /jobs/:id/stop`). Taken on even for a job that never was: only
    /// [`Client::savepoint`] tells.
    pub async fn stop(&self, id: &FlinkJobId, target: Option<&str>) -> Result<TriggerId, EngineError> {
        let body = wire::Stop { target_directory: target, drain: false };
        let call = self.caller.call(Method::POST, &["jobs", id.as_str(), "stop"]).json(&body);
        map::trigger(&map::read(&self.caller.send(call).await?)?)
    }

    /// What became of a stop (`GET /jobs/:id/savepoints/:trigger`).
    pub async fn savepoint(&self, id: &FlinkJobId, trigger: &TriggerId) -> Result<Savepoint, EngineError> {
        let path = ["jobs", id.as_str(), "savepoints", trigger.as_str()];
        map::savepoint(&self.caller.send(self.caller.call(Method::GET, &path)).await?)
    }

    /// Asks for an end without savepoint (`PATCH /jobs/:id?mode=cancel`). Whether it ended, was over, or never was: look.
    pub async fn cancel(&self, id: &FlinkJobId) -> Result<(), EngineError> {
        let call = self.caller.call(Method::PATCH, &["jobs", id.as_str()]).query(&[("mode", "cancel")]);
        map::cancelled(&self.caller.send(call).await?)
    }

    /// The jars that were uploaded (`GET /jars`).
    pub async fn jars(&self) -> Result<Vec<Jar>, EngineError> {
        let jars: wire::Jars = self.get(&["jars"]).await?;
        Ok(jars.files.into_iter().map(map::jar).collect())
    }

    /// Uploads a jar (`POST /jars/upload`) and says what a run names it by. Every upload is a new one.
    pub async fn upload(&self, name: &str, jar: Vec<u8>) -> Result<String, EngineError> {
        let part = Part::bytes(jar).file_name(name.to_owned()).mime_str("application/x-java-archive");
        let part = part.map_err(|_| EngineError::Fail("the jar could not be put into a call".to_owned()))?;
        let call = self.caller.call(Method::POST, &["jars", "upload"]).multipart(Form::new().part("jarfile", part));
        map::jar_id(&map::read(&self.caller.send(call).await?)?)
    }

    /// The cluster's settings without secrets (`GET /jobmanager/config`), for [`settings::settings_missing`].
    pub async fn config(&self) -> Result<BTreeMap<String, String>, EngineError> {
        Ok(settings::settings(self.get(&["jobmanager", "config"]).await?))
    }

    async fn get<T: DeserializeOwned>(&self, path: &[&str]) -> Result<T, EngineError> {
        map::read(&self.caller.send(self.caller.call(Method::GET, path)).await?)
    }

    async fn of_job<T: DeserializeOwned>(
        &self,
        id: &FlinkJobId,
        below: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Option<T>, EngineError> {
        let path = [&["jobs", id.as_str()], below].concat();
        let answer: Answer = self.caller.send(self.caller.call(Method::GET, &path).query(query)).await?;
        map::read_of_job(&answer)
    }
}
