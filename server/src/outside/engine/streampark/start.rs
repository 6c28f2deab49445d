//! Brings a job to what is wanted of it, or to its end, one move after the other; what to do next is decided purely
//! ([`domain::run::next_move`]).
//!
//! Invariant: a start is called by who has just written its run down, at once, and by nobody else: two at the same moment
//! are two jobs, and one whose answer was lost may still arrive (streampark-api §0.1 no. 2).

use domain::args::secret::Filled;
use domain::run::{Move, Run, Stage, next_move};
use domain::time::MINUTE;

use super::client::Client;
use super::engine::StreamparkEngine;
use super::row::EVERY;
use super::seen::{App, From, Started};
use crate::crash;
use crate::outside::engine::flink::start::{MOVES, not_fit, refusal};
use crate::outside::engine::{EngineError, JobSpec};

/// How often a start is looked for before its caller comes again later: the first one of a console takes 9 s (§12.6).
const LOOKS: usize = 60;
/// Who was held up so long after writing a run down calls no more: others may have given it up.
const PROMPT: i64 = MINUTE;

impl StreamparkEngine {
    /// Moves until the job runs with these tables.
    pub(super) async fn bring(&self, spec: &JobSpec) -> Result<(), EngineError> {
        let mut begun = false;
        for _ in 0..MOVES {
            let run = self.flink.tools.runs.newest(&spec.name).await?;
            if let Some(run) = run.as_ref().filter(|run| run.stage == Stage::Begun) {
                self.arrive(run).await?;
                continue;
            }
            let shows = self.flink.shown(run.as_ref()).await?;
            let fits = run.as_ref().is_some_and(|run| run.tables == spec.tables && run.place == spec.source.place);
            match (next_move(run.as_ref(), shows, fits), run) {
                (Move::Stay, _) => return Ok(()),
                (Move::Begin { .. }, Some(run)) if begun => return Err(ended_at_once(run)),
                (Move::Begin { from }, before) => {
                    begun = true;
                    self.begin(spec, before.as_ref(), from).await?;
                }
                (next, Some(run)) => self.flink.step(next, run, false).await?,
                (_, None) => break,
            }
        }
        Err(EngineError::Retry(format!("the job {} was not brought to what is wanted", spec.name)))
    }

    /// Moves until no run of the job is left.
    pub(super) async fn end(&self, job: &str) -> Result<(), EngineError> {
        for _ in 0..MOVES {
            let run = self.flink.tools.runs.newest(job).await?.filter(|run| !run.is_over());
            let Some(run) = run else { return Ok(()) };
            if run.stage == Stage::Begun {
                self.arrive(&run).await?;
                continue;
            }
            let shows = self.flink.shown(Some(&run)).await?;
            self.flink.step(next_move(Some(&run), shows, false), run, true).await?;
        }
        Err(EngineError::Retry(format!("the job {job} does not end")))
    }

    /// What became of a start is written down, or not known yet.
    async fn arrive(&self, run: &Run) -> Result<(), EngineError> {
        if self.arrived(&self.console().await?, run).await? {
            return Ok(());
        }
        Err(EngineError::Retry(format!("whether the start of {} arrives is not known yet", run.job)))
    }

    /// All that must be so before a start, then the start.
    async fn begin(&self, spec: &JobSpec, before: Option<&Run>, from: Option<String>) -> Result<(), EngineError> {
        let argv = self.flink.arguments(spec).await?;
        let filled = self.flink.filled(&argv, &spec.source).await?;
        // What cannot arrive as it is written is refused before anything is made.
        filled.streampark().map_err(not_fit)?;
        let console = self.console().await?;
        let app = self.application(&console, spec, &argv).await?;
        let names = names(spec);
        self.flink.alone(&names.each_ref().map(String::as_str)).await?;
        let app = self.free(&console, app).await?;
        self.flink.room().await?;
        let line = console.log(&app.id).await?.first().map_or(0, |line| line.id);
        let run = self.flink.written(spec, before, from, &argv).await?;
        self.note_line(&run.id, line);
        self.call(&console, &app, run, &filled).await
    }

    /// The one call that starts a run.
    async fn call(&self, console: &Client, app: &App, run: Run, filled: &Filled) -> Result<(), EngineError> {
        if self.flink.tools.clock.now().since(run.begun_at) >= PROMPT {
            return Err(EngineError::Retry(format!("the start of {} was held up", run.job)));
        }
        let from = From { savepoint: run.restored.clone(), allow_non_restored: run.leaves_state };
        crash::point("streampark.start");
        let started = console.start(&app.id, &from, Some(filled)).await;
        crash::point("streampark.start.done");
        let why = match started {
            Ok(Started::Accepted) => return self.watch(console, &run).await,
            // It may have been done: it is looked for until its time is over.
            Err(EngineError::Retry(why)) => return Err(EngineError::Retry(why)),
            Ok(Started::NotNow) => EngineError::Retry(format!("somebody else starts {} in StreamPark", run.job)),
            Ok(Started::Refused(why)) => refused(why),
            Err(problem) => problem,
        };
        self.flink.ended(run, None, Some(why.to_string())).await?;
        Err(why)
    }

    /// Looks for what becomes of a start that was accepted.
    async fn watch(&self, console: &Client, run: &Run) -> Result<(), EngineError> {
        for _ in 0..LOOKS {
            if self.arrived(console, run).await? {
                return Ok(());
            }
            tokio::time::sleep(EVERY).await;
        }
        Ok(())
    }
}

/// The names under which a job of ours may run: its own, and the one that it gets when the console's first try failed and it
/// has its jar run by Flink (streampark-api §0.1 no. 17).
pub(super) fn names_of(job: &str, tables: &[domain::job::JobTable]) -> [String; 2] {
    let database = tables.first().map(|table| table.table.database.as_str()).unwrap_or_default();
    [job.to_owned(), format!("MySQL-Paimon Database Sync: {database}")]
}

fn names(spec: &JobSpec) -> [String; 2] {
    names_of(&spec.name, &spec.tables)
}

/// A start that was refused, by the console or by the program.
pub(super) fn refused(sentence: String) -> EngineError {
    if sentence.contains("entry point class") {
        let why = format!("the jar of the template is gone from StreamPark or is another one: {sentence}");
        return EngineError::Fail(why);
    }
    refusal(sentence)
}

/// A job that was taken on and ended before it was looked at again is not begun once more by itself.
fn ended_at_once(run: Run) -> EngineError {
    let why = match run.stage {
        Stage::Ended { why, .. } => why,
        Stage::Begun | Stage::Accepted | Stage::Stopping { .. } => None,
    };
    why.map_or_else(|| EngineError::Retry(format!("the job {} ended just after its start", run.job)), refusal)
}
