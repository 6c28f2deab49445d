//! What became of a start: a job in Flink, a reason in the console's log, or nothing within its time.
//!
//! Invariant: a run is taken for running only when exactly one job of its names lives and it took up the state that it was
//! told to (streampark-api §12.3, §12.4); only what is over is written down as over.

use std::collections::BTreeSet;

use domain::ids::RunId;
use domain::run::{Run, Shows, Stage};

use super::client::Client;
use super::engine::StreamparkEngine;
use super::row::START;
use super::seen::{App, AppState, Operation};
use super::start::{names_of, refused};
use crate::outside::engine::EngineError;
use crate::outside::engine::flink::engine::id_of;
use crate::outside::engine::flink::seen::FlinkJobId;
use crate::outside::engine::flink::start::foreign;

impl StreamparkEngine {
    /// Looks for what became of a run's start. `true` when that is known and written down.
    pub(super) async fn arrived(&self, console: &Client, run: &Run) -> Result<bool, EngineError> {
        let known = self.known(run).await?;
        let names = names_of(&run.job, &run.tables);
        let mut live = self.flink.live(&names.each_ref().map(String::as_str)).await?;
        live.retain(|job| !known.contains(job.id.as_str()));
        let app = self.row(console, &run.job).await?;
        let told = app.as_ref().and_then(|app| job_of(app, &known));
        let (ours, strangers): (Vec<_>, Vec<_>) = live.iter().partition(|job| job.name == run.job);
        // Where there are two, the one that the console shows is taken for ours: that one can be stopped.
        let one = ours.iter().find(|job| told.as_ref() == Some(&job.id)).or(ours.first());
        let beside = strangers.first().or_else(|| ours.iter().find(|job| one.is_some_and(|one| one.id != job.id)));
        let arrived = match (one, told, beside) {
            (Some(job), ..) => self.accept(run, &job.id).await?,
            (None, Some(job), None) => self.accept(run, &job).await?,
            (None, None, None) => self.nothing(console, run, app).await?,
            (None, _, Some(stranger)) => {
                let why = format!("a job named {} runs instead", stranger.name);
                self.flink.ended(run.clone(), None, Some(why)).await?;
                true
            }
        };
        match beside {
            Some(other) => Err(foreign(other)),
            None => Ok(arrived),
        }
    }

    /// The jobs of the runs before.
    async fn known(&self, run: &Run) -> Result<BTreeSet<String>, EngineError> {
        let runs = self.flink.tools.runs.of_job(&run.job).await?;
        Ok(runs.iter().filter(|other| other.id != run.id).map(|other| other.id_there().to_owned()).collect())
    }

    /// This job is that of the run, once it is seen where it began.
    async fn accept(&self, run: &Run, job: &FlinkJobId) -> Result<bool, EngineError> {
        let run = Run { engine_id: Some(job.to_string()), ..run.clone() };
        match self.began_as_told(&run).await? {
            Some(true) => {
                self.forget_line(&run.id);
                self.flink.save(Run { stage: Stage::Accepted, ..run }).await?;
                Ok(true)
            }
            Some(false) => {
                self.flink.client().cancel(job).await?;
                let why = "StreamPark started the job without the state that it was told to go on from";
                self.flink.ended(run, None, Some(why.to_owned())).await?;
                Err(EngineError::Fail(why.to_owned()))
            }
            None => Ok(false),
        }
    }

    /// Whether a job took up the state that its run was told to; `None` while that is not seen yet.
    async fn began_as_told(&self, run: &Run) -> Result<Option<bool>, EngineError> {
        let Some(asked) = run.restored.as_deref() else { return Ok(Some(true)) };
        if self.flink.shown(Some(run)).await? != Shows::Live {
            return Ok(Some(true));
        }
        let seen = self.flink.client().checkpoints(&id_of(run)).await?.unwrap_or_default();
        let path = seen.restored.and_then(|restored| restored.path);
        // A job that was restarted in between goes on from its own newest.
        let own = |path: &String| path.contains(run.id_there());
        Ok(match path {
            Some(path) => Some(plain(&path) == plain(asked) || own(&path)),
            None if seen.completed > 0 => Some(false),
            None => None,
        })
    }

    /// No job is there. The log says why not; or its time is over, and what is stuck is freed.
    async fn nothing(&self, console: &Client, run: &Run, app: Option<App>) -> Result<bool, EngineError> {
        if let Some(app) = &app
            && let Some(why) = self.failed(console, run, app).await?
        {
            self.forget_line(&run.id);
            self.flink.ended(run.clone(), None, Some(why.clone())).await?;
            return Err(refused(why));
        }
        if self.flink.tools.clock.now().since(run.begun_at) < START {
            return Ok(false);
        }
        if let Some(app) = app.filter(|app| app.state.can_be_stuck()) {
            console.abort(&app.id).await?;
        }
        let why = "nothing came of its start".to_owned();
        self.flink.ended(run.clone(), None, Some(why)).await?;
        Ok(true)
    }

    /// What the log says of this start, when it failed: only lines that came after it count.
    async fn failed(&self, console: &Client, run: &Run, app: &App) -> Result<Option<String>, EngineError> {
        let Some(before) = self.line(&run.id) else { return Ok(None) };
        let lines = console.log(&app.id).await?;
        let after = lines.into_iter().find(|line| line.operation == Operation::Start && line.id > before);
        let failed = after.filter(|line| !line.success);
        Ok(failed.map(|line| line.sentence.unwrap_or_else(|| "StreamPark gives no reason".to_owned())))
    }

    /// Notes the newest line of the log before a start.
    pub(super) fn note_line(&self, run: &RunId, line: u64) {
        self.lines.lock().expect("no code panics while it holds the lines").insert(run.clone(), line);
    }

    fn line(&self, run: &RunId) -> Option<u64> {
        self.lines.lock().expect("no code panics while it holds the lines").get(run).copied()
    }

    fn forget_line(&self, run: &RunId) {
        self.lines.lock().expect("no code panics while it holds the lines").remove(run);
    }
}

/// The job that a row names, unless it is one of before: at a start the old one stands there until the new one is there.
fn job_of(app: &App, known: &BTreeSet<String>) -> Option<FlinkJobId> {
    let settled = app.state != AppState::Starting || app.flink.is_some();
    app.job.clone().filter(|job| settled && !known.contains(job.as_str()))
}

/// A path without its scheme: both `file:/a` and `file:///a` are written (streampark-api §12.3).
fn plain(path: &str) -> &str {
    let path = path.strip_prefix("file:").unwrap_or(path);
    let path = path.strip_prefix("//").unwrap_or(path);
    path.trim_end_matches('/')
}
