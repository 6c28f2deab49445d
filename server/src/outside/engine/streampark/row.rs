//! The application of a job at the console: one row of its name, with our arguments and settings, built.
//!
//! Invariant: before anything is made it is looked for by its exact name, so what an answer that was lost had done is found
//! (streampark-api §0.1 no. 1); of two rows of one name none is touched.

use std::time::Duration;

use domain::args::Argv;
use domain::time::{MINUTE, SECOND};

use super::client::Client;
use super::engine::StreamparkEngine;
use super::seen::{App, AppState, BuildStatus, Built, Change, Copied};
use crate::crash;
use crate::outside::engine::flink::start::{not_fit, settings};
use crate::outside::engine::{EngineError, JobSpec};

/// How often something is looked at that goes on at the console, and how many times in one go.
pub(super) const EVERY: Duration = Duration::from_millis(200);
const LOOKS: usize = 30;
/// A row follows Flink within 5 s (streampark-api §7.5); one that does not is stuck.
const FOLLOWS: i64 = 10 * SECOND;
/// A start comes to something within this time (streampark-api §6).
pub(super) const START: i64 = 5 * MINUTE;
/// A build ends within 20 minutes of its turn; after this it was left behind by a restart of the console (§6).
const BUILD: i64 = 25 * MINUTE;

impl StreamparkEngine {
    /// The application of a job, copied from the template if need be, as it must be for a start.
    pub(super) async fn application(&self, console: &Client, spec: &JobSpec, argv: &Argv) -> Result<App, EngineError> {
        let stored = argv.streampark().map_err(not_fit)?;
        let app = match self.row(console, &spec.name).await? {
            Some(app) => app,
            None => self.copied(console, spec, &stored).await?,
        };
        fits(&app)?;
        let app = self.told(console, spec, app, stored).await?;
        self.built(console, app).await
    }

    /// The one application of this name.
    pub(super) async fn row(&self, console: &Client, name: &str) -> Result<Option<App>, EngineError> {
        let mut apps = console.find(name).await?;
        if apps.len() > 1 {
            let many = apps.len();
            let why =
                format!("StreamPark has {many} applications named {name}: only one may be, delete the others there");
            return Err(EngineError::Fail(why));
        }
        Ok(apps.pop())
    }

    async fn copied(&self, console: &Client, spec: &JobSpec, args: &str) -> Result<App, EngineError> {
        let template = self.template(console).await?;
        fits(&template)?;
        crash::point("streampark.copy");
        let copied = console.copy(&template.id, &spec.name, args).await?;
        crash::point("streampark.copy.done");
        if copied == Copied::NoTemplate {
            return Err(self.no_template());
        }
        let name = &spec.name;
        let gone = || EngineError::Fail(format!("the name {name} is in use in another team of StreamPark"));
        self.row(console, name).await?.ok_or_else(gone)
    }

    /// What applications are copied from: by its id, else by its exact name.
    async fn template(&self, console: &Client) -> Result<App, EngineError> {
        let named = self.set_up.template.as_str();
        if let Ok(id) = named.parse()
            && let Some(app) = console.get(&id).await?
        {
            let ours = app.team == self.set_up.team.as_str();
            return if ours { Ok(app) } else { Err(self.no_template()) };
        }
        self.row(console, named).await?.ok_or_else(|| self.no_template())
    }

    fn no_template(&self) -> EngineError {
        let template = self.set_up.template.as_str();
        EngineError::Fail(format!("the team of StreamPark has no application {template} to copy from"))
    }

    /// The application with these arguments and our settings: people may have changed them there.
    async fn told(&self, console: &Client, spec: &JobSpec, app: App, args: String) -> Result<App, EngineError> {
        let wanted = self.settings(spec, app.settings.as_deref().unwrap_or_default());
        let holds = app.args.as_ref().is_some_and(|stored| stored.expose() == args);
        if holds && app.settings.as_ref() == Some(&wanted) {
            return Ok(app);
        }
        let change = Change { args: Some(args), settings: Some(wanted), description: None };
        let gone = || EngineError::Retry(format!("the application {} went away", spec.name));
        if !console.update(&app.id, &change).await? {
            return Err(gone());
        }
        self.row(console, &spec.name).await?.ok_or_else(gone)
    }

    /// The settings of a job: what the template says, and on top what a job of ours cannot do without. The cluster's own do
    /// not count here (streampark-api §12.2).
    fn settings(&self, spec: &JobSpec, theirs: &str) -> String {
        let mut ours = settings(spec.tier);
        ours.insert("parallelism.default".into(), self.set_up.flink.readers.get().to_string());
        let theirs = theirs.split("-D").map(str::trim).filter(|item| !item.is_empty());
        let kept = theirs.filter(|item| !ours.contains_key(item.split('=').next().unwrap_or_default().trim()));
        let kept = kept.map(|item| format!("-D{item}"));
        kept.chain(ours.iter().map(|(key, value)| format!("-D{key}={value}"))).collect::<Vec<_>>().join(" ")
    }

    /// The application, built. One build is asked for at a time; they wait for each other (streampark-api §6).
    async fn built(&self, console: &Client, mut app: App) -> Result<App, EngineError> {
        let mut asked = false;
        for _ in 0..LOOKS {
            if app.build == Some(BuildStatus::Success) && app.release.is_built() {
                return Ok(app);
            }
            let goes_on = matches!(app.build, Some(BuildStatus::Pending | BuildStatus::Running));
            let late = self.waited(&app.id) >= BUILD;
            if !asked && (!goes_on || late) {
                crash::point("streampark.build");
                if let Built::Refused(why) = console.build(&app.id, late).await? {
                    return Err(EngineError::Fail(format!("StreamPark does not build {}: {why}", app.name)));
                }
                asked = true;
            } else if let Some(why) = self.build_failed(console, &app).await? {
                return Err(EngineError::Fail(why));
            }
            tokio::time::sleep(EVERY).await;
            let name = app.name;
            let gone = || EngineError::Retry(format!("the application {name} went away"));
            app = self.row(console, &name).await?.ok_or_else(gone)?;
        }
        Err(EngineError::Retry(format!("the build of {} takes long", app.name)))
    }

    /// Why the newest build failed, whatever the release says (streampark-api §6).
    async fn build_failed(&self, console: &Client, app: &App) -> Result<Option<String>, EngineError> {
        let pipeline = console.pipeline(&app.id).await?;
        let failed = pipeline.filter(|pipeline| pipeline.status == BuildStatus::Failure);
        let why = |pipeline: super::seen::Pipeline| pipeline.sentence.unwrap_or_else(|| "it gives no reason".into());
        Ok(failed.map(|pipeline| format!("StreamPark could not build {}: {}", app.name, why(pipeline))))
    }

    /// The application in a state that takes a start. Called when Flink says that no job of it lives: what does not follow is
    /// freed (streampark-api §0.1 no. 5, 7, 8, 12).
    pub(super) async fn free(&self, console: &Client, mut app: App) -> Result<App, EngineError> {
        for _ in 0..LOOKS / 3 {
            if app.state.takes_start() {
                self.waited_enough(&app.id);
                return Ok(app);
            }
            // Somebody may be starting it there just now.
            let limit = if app.state == AppState::Starting { START } else { FOLLOWS };
            if self.waited(&app.id) >= limit {
                tracing::warn!(app.name = app.name, state = ?app.state, "a row of StreamPark is stuck; it is freed");
                console.abort(&app.id).await?;
            }
            tokio::time::sleep(EVERY).await;
            let name = app.name;
            let gone = || EngineError::Retry(format!("the application {name} went away"));
            app = self.row(console, &name).await?.ok_or_else(gone)?;
        }
        Err(EngineError::Retry(format!("StreamPark does not show yet that {} is over", app.name)))
    }

    /// Takes away the application of a job that is over; an account without the right leaves it there, with placeholders for
    /// passwords it cannot run.
    pub(super) async fn take_away(&self, job: &str) -> Result<(), EngineError> {
        let console = self.console().await?;
        let Some(app) = self.row(&console, job).await? else { return Ok(()) };
        if !self.flink.live(&[job]).await?.is_empty() {
            tracing::warn!(
                app.name = job,
                "the application stays at StreamPark: a job that is not ours runs by its name"
            );
            return Ok(());
        }
        match console.delete(&app.id).await {
            Ok(_) => Ok(()),
            Err(EngineError::Fail(why)) => {
                tracing::warn!(app.name = job, why, "the application stays at StreamPark");
                Ok(())
            }
            Err(problem) => Err(problem),
        }
    }
}

/// Whether an application can be one of ours: a jar on a cluster by its address, that nobody restarts behind our back.
fn fits(app: &App) -> Result<(), EngineError> {
    let refuse = |why: &str| Err(EngineError::Fail(format!("the application {} at StreamPark {why}", app.name)));
    let empty = |text: &Option<String>| text.as_deref().unwrap_or_default().is_empty();
    match () {
        () if app.kind != 1 => refuse("is no jar"),
        () if app.mode != 1 => refuse("does not run on a session cluster by its address"),
        () if app.version.is_none() || app.cluster.is_none() => refuse("names no Flink version or no cluster"),
        () if empty(&app.jar) || empty(&app.main_class) => refuse("has no jar or no class to begin with"),
        () if app.restarts_itself != 0 => {
            refuse("starts itself anew after a failure, with stored arguments: its restart size must be 0")
        }
        () => Ok(()),
    }
}
