//! Brings a job to what is wanted of it, or to its end, one move after the other; what to do next is decided purely
//! ([`domain::run::next_move`]).

use std::collections::BTreeMap;
use std::time::Duration;

use domain::args::secret::{Filled, Place as Word, Secret, Secrets};
use domain::args::{Argv, finding};
use domain::cause::{Cause, CauseCode};
use domain::engine::checkpoint_seconds;
use domain::run::{Move, Run, Shows, Stage, next_move};
use domain::source::{Mysql, Place};
use domain::tier::Tier;
use domain::time::MINUTE;
use secrecy::ExposeSecret;

use super::client;
use super::engine::{FlinkEngine, id_of};
use super::jar;
use super::seen::{JobLine, Ran, Savepoint};
use crate::crash;
use crate::outside::engine::{EngineError, JobSpec, SourcePlace};
use crate::outside::source::source_cause;

/// From any stage to any other there are fewer moves.
pub(in crate::outside::engine) const MOVES: usize = 12;
/// A call whose answer was lost may arrive this late: a first start takes 17 s, our patience 90 s.
const ARRIVES: i64 = 3 * MINUTE;
/// How often a stop is asked for, and how long.
const ASK_EVERY: Duration = Duration::from_millis(300);
const ASKS: usize = 100;

impl FlinkEngine {
    /// Moves until the job runs with these tables.
    pub(super) async fn bring(&self, spec: &JobSpec) -> Result<(), EngineError> {
        for _ in 0..MOVES {
            let run = self.tools.runs.newest(&spec.name).await?;
            let shows = self.shown(run.as_ref()).await?;
            let fits = run.as_ref().is_some_and(|run| run.tables == spec.tables && run.place == spec.source.place);
            match (next_move(run.as_ref(), shows, fits), run) {
                (Move::Stay, _) => return Ok(()),
                (Move::Begin { from }, before) => self.begin(spec, before.as_ref(), from).await?,
                (Move::Submit, Some(run)) => self.submit(run, spec).await?,
                (next, Some(run)) => self.step(next, run, false).await?,
                (_, None) => break,
            }
        }
        Err(EngineError::Retry(format!("the job {} was not brought to what is wanted", spec.name)))
    }

    /// Moves until no run of the job is left.
    pub(super) async fn end(&self, job: &str) -> Result<(), EngineError> {
        for _ in 0..MOVES {
            let Some(run) = self.tools.runs.newest(job).await?.filter(|run| !run.is_over()) else { return Ok(()) };
            let shows = self.shown(Some(&run)).await?;
            match next_move(Some(&run), shows, false) {
                Move::Submit if self.tools.clock.now().since(run.begun_at) < ARRIVES => {
                    return Err(EngineError::Retry(format!("whether the start of {job} arrives is not known yet")));
                }
                Move::Submit => self.step(Move::End, run, true).await?,
                next => self.step(next, run, true).await?,
            }
        }
        Err(EngineError::Retry(format!("the job {job} does not end")))
    }

    /// What the cluster shows of a run that is not over.
    pub(in crate::outside::engine) async fn shown(&self, run: Option<&Run>) -> Result<Shows, EngineError> {
        match run {
            Some(run) if !run.is_over() => self.shows(run).await,
            _ => Ok(Shows::Nothing),
        }
    }

    /// One move of a run that was submitted. At its very `last` a run that cannot be stopped is cancelled.
    pub(in crate::outside::engine) async fn step(&self, next: Move, run: Run, last: bool) -> Result<(), EngineError> {
        self.forget(&run.id);
        match next {
            Move::Stay | Move::Begin { .. } | Move::Submit => Ok(()),
            Move::Accept => self.save(Run { stage: Stage::Accepted, ..run }).await,
            Move::Stop => {
                crash::point("flink.stop");
                let trigger = self.client.stop(&id_of(&run), None).await?;
                crash::point("flink.stop.done");
                self.save(Run { stage: Stage::Stopping { trigger: trigger.to_string() }, ..run }).await
            }
            Move::AskForStop => self.ask(run, last).await,
            Move::End => self.over(run).await,
        }
    }

    /// Writes how far a run is.
    pub(in crate::outside::engine) async fn save(&self, run: Run) -> Result<(), EngineError> {
        Ok(self.tools.runs.save(&run).await?)
    }

    /// Asks what became of a stop. A poll that says "completed" may be a failure (real-stack §1.7); then the job goes on.
    async fn ask(&self, run: Run, last: bool) -> Result<(), EngineError> {
        let Stage::Stopping { trigger } = &run.stage else { return Ok(()) };
        let Ok(trigger) = trigger.parse() else { return self.save(Run { stage: Stage::Accepted, ..run }).await };
        for _ in 0..ASKS {
            match self.client.savepoint(&id_of(&run), &trigger).await? {
                Savepoint::Running => tokio::time::sleep(ASK_EVERY).await,
                Savepoint::Done { path } => return self.ended(run, Some(path), None).await,
                Savepoint::Unknown => return self.save(Run { stage: Stage::Accepted, ..run }).await,
                Savepoint::Failed { sentence } => return self.not_stopped(run, sentence, last).await,
            }
        }
        Err(EngineError::Retry(format!("the savepoint of {} takes long", run.job)))
    }

    /// A job that stops again and again gives no savepoint: it is cancelled, and the next run starts from its newest
    /// checkpoint (real-stack §4).
    async fn not_stopped(&self, run: Run, sentence: String, last: bool) -> Result<(), EngineError> {
        let id = id_of(&run);
        let restarts = self.client.restarts(&id).await?.is_some_and(|restarts| restarts > 0);
        if !last && !restarts {
            self.save(Run { stage: Stage::Accepted, ..run }).await?;
            return Err(EngineError::Fail(sentence));
        }
        let newest = self.client.checkpoints(&id).await?.and_then(|all| all.newest);
        self.client.cancel(&id).await?;
        let checkpoint =
            newest.and_then(|newest| Some(domain::run::Checkpoint { path: newest.path?, at: newest.triggered_at }));
        let checkpoint = checkpoint.or_else(|| run.checkpoint.clone());
        self.save(Run { stage: Stage::Accepted, checkpoint, ..run.clone() }).await?;
        for _ in 0..ASKS {
            if self.shows(&run).await? != Shows::Live {
                return Ok(());
            }
            tokio::time::sleep(ASK_EVERY).await;
        }
        Err(EngineError::Retry(format!("the job {} does not end", run.job)))
    }

    /// A run that the cluster shows as over, or does not know any more: what it left is written down.
    async fn over(&self, run: Run) -> Result<(), EngineError> {
        let id = id_of(&run);
        let newest = self.client.checkpoints(&id).await?.and_then(|all| all.newest);
        let thrown = self.client.exceptions(&id).await?.unwrap_or_default();
        let why = thrown.into_iter().next().map(|thrown| thrown.sentence);
        self.ended(run, newest.and_then(|newest| newest.path), why).await
    }

    /// Writes that a run is over.
    pub(in crate::outside::engine) async fn ended(
        &self,
        run: Run,
        savepoint: Option<String>,
        why: Option<String>,
    ) -> Result<(), EngineError> {
        self.forget(&run.id);
        let at = self.tools.clock.now();
        self.save(Run { stage: Stage::Ended { at, savepoint, why }, ..run }).await
    }

    /// Writes the next run down: after this, and not before, a call may be made.
    async fn begin(&self, spec: &JobSpec, before: Option<&Run>, from: Option<String>) -> Result<(), EngineError> {
        let argv = self.arguments(spec).await?;
        self.alone(&[&spec.name]).await?;
        self.room().await?;
        self.written(spec, before, from, &argv).await.map(drop)
    }

    /// A new run, written down.
    pub(in crate::outside::engine) async fn written(
        &self,
        spec: &JobSpec,
        before: Option<&Run>,
        from: Option<String>,
        argv: &Argv,
    ) -> Result<Run, EngineError> {
        let run = Run {
            id: self.tools.ids.run(),
            engine_id: None,
            job: spec.name.clone(),
            number: before.map_or(1, |before| before.number + 1),
            source: spec.source.id.clone(),
            place: spec.source.place.clone(),
            tables: spec.tables.clone(),
            args: argv.texts(),
            leaves_state: before.is_some_and(|before| before.leaves_state || before.leaves_out(&spec.tables)),
            restored: from,
            begun_at: self.tools.clock.now(),
            stage: Stage::Begun,
            checkpoint: None,
        };
        if self.tools.runs.begin(&run).await? {
            return Ok(run);
        }
        Err(EngineError::Retry(format!("somebody else starts {} at this moment", spec.name)))
    }

    /// No job of these names runs: StreamPark's page, a person or another Lakegate may have started one.
    pub(in crate::outside::engine) async fn alone(&self, names: &[&str]) -> Result<(), EngineError> {
        match self.live(names).await?.first() {
            Some(other) => Err(foreign(other)),
            None => Ok(()),
        }
    }

    /// The jobs of these names that are not over.
    pub(in crate::outside::engine) async fn live(&self, names: &[&str]) -> Result<Vec<JobLine>, EngineError> {
        let jobs = self.client.jobs().await?;
        Ok(jobs.into_iter().filter(|job| names.contains(&job.name.as_str()) && !job.state.ended()).collect())
    }

    /// There are slots: a job without them holds those that are free, and every later one waits too (real-stack §5).
    /// Those of a run that has just ended come free a moment later.
    pub(in crate::outside::engine) async fn room(&self) -> Result<(), EngineError> {
        let needed = u64::from(self.set_up.readers.get());
        let mut free = 0;
        for _ in 0..ASKS / 10 {
            free = self.client.overview().await?.slots_free;
            if free >= needed {
                return Ok(());
            }
            tokio::time::sleep(ASK_EVERY).await;
        }
        Err(EngineError::Later(Cause::new(CauseCode::NoSlots).count("needed", needed).count("free", free)))
    }

    /// Tells the cluster to start a run: for the first time, or again by the same id.
    async fn submit(&self, run: Run, spec: &JobSpec) -> Result<(), EngineError> {
        let argv = Argv::kept(&run.args).map_err(|why| EngineError::Fail(format!("its arguments: {why}")))?;
        let filled = self.filled(&argv, &spec.source).await?;
        let jar = self.launcher().await?;
        let call = client::Run {
            job_id: id_of(&run),
            name: run.job.clone(),
            entry_class: jar::ENTRY_CLASS.to_owned(),
            args: filled,
            settings: settings(spec.tier),
            savepoint: run.restored.clone(),
            allow_non_restored: run.leaves_state,
            parallelism: self.set_up.readers.get(),
        };
        crash::point("flink.run");
        let ran = self.client.run(&jar, &call).await?;
        crash::point("flink.run.done");
        self.forget(&run.id);
        match ran {
            Ran::Accepted | Ran::AlreadyThere => self.save(Run { stage: Stage::Accepted, ..run }).await,
            Ran::JarGone => {
                *self.jar.lock().await = None;
                Ok(())
            }
            Ran::Refused(sentence) => self.refused(run, sentence).await,
        }
    }

    /// Nothing runs after a refusal only if the cluster says so (real-stack §8).
    async fn refused(&self, run: Run, sentence: String) -> Result<(), EngineError> {
        if self.shows(&run).await? == Shows::Live {
            return self.save(Run { stage: Stage::Accepted, ..run }).await;
        }
        self.ended(run, None, Some(sentence.clone())).await?;
        Err(refusal(sentence))
    }

    /// The arguments with the passwords in them.
    pub(in crate::outside::engine) async fn filled(
        &self,
        argv: &Argv,
        source: &SourcePlace,
    ) -> Result<Filled, EngineError> {
        let secrets = Secrets::default().with(Word::Source, self.password(source).await?);
        argv.fill(&secrets).map_err(not_fit)
    }

    async fn password(&self, source: &SourcePlace) -> Result<Secret, EngineError> {
        let secret = self.tools.sources.secret(source, mysql_of(source)?).await;
        let problem = |problem: &_| EngineError::Cannot(source_cause(problem, &nameless()));
        Ok(Secret::new(secret.map_err(|why| problem(&why))?.expose_secret()))
    }

    /// The launcher jar at the cluster: found again, or brought there.
    pub(super) async fn launcher(&self) -> Result<String, EngineError> {
        let mut known = self.jar.lock().await;
        if let Some(jar) = known.as_ref() {
            return Ok(jar.clone());
        }
        let there = jar::find(&self.client.jars().await?).map(|jar| jar.id.clone());
        let jar = match there {
            Some(jar) => jar,
            None => self.client.upload(&jar::name(), jar::bytes()).await?,
        };
        *known = Some(jar.clone());
        Ok(jar)
    }
}

/// What each job is given: how often what it read becomes visible, and that something is left to start from.
pub(in crate::outside::engine) fn settings(tier: Tier) -> BTreeMap<String, String> {
    [
        ("execution.checkpointing.interval", format!("{}s", checkpoint_seconds(tier))),
        ("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION".to_owned()),
        ("execution.checkpointing.num-retained", "3".to_owned()),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value))
    .collect()
}

/// The server of a source; this engine follows nothing else.
pub(super) fn mysql_of(source: &SourcePlace) -> Result<&Mysql, EngineError> {
    match &source.place {
        Place::Mysql(server) => Ok(server),
        Place::Sqlite(_) => {
            Err(EngineError::Fail("it follows the changes of MySQL and MariaDB; this source is a file".into()))
        }
    }
}

/// Arguments that are refused before any call: with the worst finding's own sentence.
pub(in crate::outside::engine) fn not_fit(found: Vec<finding::Finding>) -> EngineError {
    let said = found.into_iter().next().map(|found| found.said);
    let cause = Cause::new(CauseCode::NotFit);
    EngineError::Cannot(Cause { said: said.unwrap_or_else(|| cause.said.clone()), ..cause })
}

/// A job of our name that we did not start.
pub(in crate::outside::engine) fn foreign(job: &JobLine) -> EngineError {
    EngineError::Cannot(Cause::new(CauseCode::JobForeign).text("job", &job.name).text("id", &job.id))
}

/// What Paimon's program says when it refuses (real-stack §5), as the cause it is.
pub(in crate::outside::engine) fn refusal(sentence: String) -> EngineError {
    let has = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
    if has(&["Access denied for user"]) {
        return EngineError::Cannot(Cause::new(CauseCode::SourceDenied).text("what", sentence));
    }
    if has(&["Communications link failure", "Connection refused", "UnknownHostException"]) {
        return EngineError::Later(Cause::new(CauseCode::SourceAway).text("what", sentence));
    }
    EngineError::Fail(sentence)
}

fn nameless() -> domain::name::TableName {
    domain::name::TableName::parse("source", "account").expect("it is a name")
}
