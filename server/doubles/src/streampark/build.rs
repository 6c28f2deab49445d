//! Builds: accepted at once, made one at a time (streampark-api §6; 083–089, 250–260).
//!
//! Invariant: the pipeline says success before the row is released, and a jar that is gone is no failure.

use serde_json::{Value, json};

use super::answer::{Refusal, Reply, Said};
use super::clock::china;
use super::fault::Fault;
use super::form::Form;
use super::world::{Event, Notice, World};

const BUILD: &str = "/flink/pipe/build";

/// How far a build is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stage {
    /// It waits for those before it.
    Pending,
    /// It makes its folder.
    Folder,
    /// It makes the jar.
    Jar,
    Done,
    Failed(String),
}

/// The build record of an application.
#[derive(Debug, Clone)]
pub(super) struct Pipeline {
    pub(super) stage: Stage,
    pub(super) begun: i64,
    pub(super) changed: i64,
    /// What a test wants of this build.
    fault: Option<Fault>,
}

impl Pipeline {
    /// 1 waits, 2 runs, 3 done, 4 failed.
    pub(super) const fn status(&self) -> i64 {
        match self.stage {
            Stage::Pending => 1,
            Stage::Folder | Stage::Jar => 2,
            Stage::Done => 3,
            Stage::Failed(_) => 4,
        }
    }

    fn json(&self, app: u64) -> Value {
        let (step, percent, steps, error) = match &self.stage {
            Stage::Pending => (0, -50.0, [1, 1], ""),
            Stage::Folder => (1, 0.0, [2, 1], ""),
            Stage::Jar => (2, 50.0, [3, 2], ""),
            Stage::Done => (2, 100.0, [3, 3], ""),
            Stage::Failed(why) => (2, 100.0, [3, 4], why.as_str()),
        };
        let stack =
            if error.is_empty() { "" } else { "java.base/java.util.concurrent.FutureTask.get(FutureTask.java:205)" };
        let step_json = |seq: usize, desc: &str| json!({"seq": seq, "desc": desc, "status": steps[seq - 1], "ts": china(self.changed)});
        json!({
            "appId": app.to_string(), "pipeType": 3, "pipeStatus": self.status(), "curStep": step, "totalStep": 2,
            "percent": percent, "costSec": ((self.changed - self.begun) / 1000).to_string(),
            "steps": [step_json(1, "Create building workspace"), step_json(2, "Build shaded flink app jar")],
            "hasError": !error.is_empty(), "errorSummary": error, "errorStack": stack, "updateTime": china(self.changed),
        })
    }
}

/// What is thrown when the cluster does not answer (284 285).
pub(super) const UNAVAILABLE: &str = "org.apache.streampark.console.base.exception.ApiAlertException: the target cluster \
                                      is unavailable, please check!";

impl World {
    /// `POST /flink/pipe/build`.
    pub(super) fn build(&mut self, form: &Form) -> Said {
        let app = form.id("appId").and_then(|id| self.apps.get(&id));
        let app = app.ok_or_else(|| Refusal::null("Application.getVersionId()", "app"))?;
        let (id, running, pack) = (app.id, app.state == 5, app.build);
        if app.settings.version.is_none() {
            return Err(Refusal::Alert("Please bind a Flink version to the current flink job.".to_owned()));
        }
        if !self.cluster.reachable() {
            return Err(Refusal::Detail(UNAVAILABLE.to_owned()));
        }
        let under_way = app.pipeline.as_ref().is_some_and(|pipeline| pipeline.status() == 2);
        if under_way && !form.yes("forceBuild") {
            let what = "The job is invalid, or the job cannot be built while it is running";
            return Err(Refusal::Alert(what.to_owned()));
        }
        if pack {
            let wished = |fault: &Fault| {
                matches!(fault, Fault::EmptyJar | Fault::BuildPending | Fault::BuildRunning | Fault::BuildFails(_))
            };
            let fault = self.faults.take(self.now, BUILD, wished);
            self.queue_build(id, fault);
        } else if let Some(app) = self.apps.get_mut(&id) {
            app.release = if running { 3 } else { 0 };
        }
        Ok(Reply::Data(Value::Bool(true)))
    }

    fn queue_build(&mut self, id: u64, fault: Option<Fault>) {
        let now = self.now;
        if let Some(app) = self.apps.get_mut(&id) {
            app.pipeline = Some(Pipeline { stage: Stage::Pending, begun: now, changed: now, fault });
        }
        self.queue.push_back(id);
        self.next_build();
    }

    /// The next in the queue begins when none is made.
    fn next_build(&mut self) {
        if self.building.is_none()
            && let Some(id) = self.queue.pop_front()
        {
            self.building = Some(id);
            self.after(self.times.build, Event::Build(id, 1));
        }
    }

    /// One step further with the build that is made.
    pub(super) fn build_on(&mut self, id: u64, step: u8) {
        let now = self.now;
        let fault =
            self.apps.get(&id).and_then(|app| app.pipeline.as_ref()).and_then(|pipeline| pipeline.fault.clone());
        let stuck =
            (step == 1 && fault == Some(Fault::BuildPending)) || (step == 2 && fault == Some(Fault::BuildRunning));
        let Some(app) = self.apps.get_mut(&id).filter(|_| !stuck) else {
            self.building = None;
            self.next_build();
            return;
        };
        let dependency = app.settings.dependency.clone();
        let Some(pipeline) = app.pipeline.as_mut() else { return };
        pipeline.changed = now;
        match step {
            1 => {
                pipeline.stage = Stage::Folder;
                app.release = 2;
            }
            2 => pipeline.stage = Stage::Jar,
            3 => {
                let failure = match &fault {
                    Some(Fault::BuildFails(why)) => Some(why.clone()),
                    _ => missing_artifact(dependency.as_deref()),
                };
                if let Some(why) = failure {
                    self.build_failed(id, why);
                    return;
                }
                pipeline.stage = Stage::Done;
                let whole = self.jars.contains_key(app.settings.jar.as_deref().unwrap_or_default());
                app.jar_full = whole && fault != Some(Fault::EmptyJar);
            }
            _ => {
                app.release = if app.state == 5 { 3 } else { 0 };
                app.build = false;
                let app = app.clone();
                self.log(&app, 0, now, None);
                self.building = None;
                self.next_build();
                return;
            }
        }
        let wait = if step == 3 { 60 } else { self.times.build };
        self.after(wait, Event::Build(id, step + 1));
    }

    fn build_failed(&mut self, id: u64, why: String) {
        let now = self.now;
        if let Some(app) = self.apps.get_mut(&id) {
            app.release = -1;
            app.build = true;
            if let Some(pipeline) = app.pipeline.as_mut() {
                pipeline.stage = Stage::Failed(why.clone());
            }
            let thrown = format!("java.util.concurrent.ExecutionException: {why}\nCaused by: {why}");
            let app = app.clone();
            let title = format!("{} release failed", app.name());
            self.notices.push(Notice { app: id, user: app.user, title, text: thrown.clone(), made: now });
            self.log(&app, 0, now, Some(thrown));
        }
        self.building = None;
        self.next_build();
    }

    /// `POST /flink/pipe/detail`: null when never built, deleted or unknown.
    pub(super) fn detail(&self, form: &Form) -> Reply {
        let app = form.id("appId").and_then(|id| self.apps.get(&id));
        let pipeline = app.and_then(|app| app.pipeline.as_ref().map(|pipeline| pipeline.json(app.id)));
        Reply::Data(json!({"pipeline": pipeline}))
    }
}

/// A dependency from Maven is never found: the double has no network (256).
fn missing_artifact(dependency: Option<&str>) -> Option<String> {
    let dependency: Value = serde_json::from_str(dependency?).ok()?;
    let pom = dependency["pom"].as_array()?.first()?;
    let part = |key: &str| pom[key].as_str().unwrap_or_default().to_owned();
    let (group, artifact, version) = (part("groupId"), part("artifactId"), part("version"));
    Some(format!(
        "org.eclipse.aether.resolution.ArtifactResolutionException: Could not find artifact \
         {group}:{artifact}:jar:{version} in central (https://repo1.maven.org/maven2/)"
    ))
}
