//! Ending: `cancel`, `abort`, `mapping` (streampark-api §0.1 no. 3 to 7 and 14, §6).
//!
//! Invariant: `cancel` marks the row before it looks at anything, and `abort` never touches the job in Flink.

use serde_json::Value;

use super::answer::{Refusal, Reply, Said};
use super::form::Form;
use super::savepoint::folder_of;
use super::world::{Event, World};
use crate::flink::operation::Then;

/// A cancel that was accepted.
#[derive(Debug, Clone)]
pub(super) struct Ending {
    app: u64,
    epoch: u64,
    at: i64,
    job: Option<String>,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Cancel,
    Savepoint(String, Then),
    /// Flink was asked for the savepoint.
    Asked(String),
    /// It was tried and failed; the row says so a minute later (479).
    Failed(String),
}

impl World {
    /// `POST /flink/app/cancel`: no look at the state.
    pub(super) fn cancel(&mut self, form: &Form) -> Said {
        let now = self.now;
        let with_savepoint = form.yes("restoreOrTriggerSavepoint");
        let drain = form.yes("drain");
        let app = form.id("id").and_then(|id| self.apps.get_mut(&id));
        let app = app.ok_or_else(|| Refusal::null("Application.setState(java.lang.Integer)", "application"))?;
        app.to(8);
        app.tracking = true;
        app.option = if with_savepoint { 4 } else { 2 };
        app.optioned = Some(now);
        let (id, epoch, job) = (app.id, app.epoch, app.job.clone());
        let given = form.text("savepointPath").filter(|path| !path.is_empty()).map(str::to_owned);
        let folder = given.or_else(|| folder_of(app));
        self.watch_soon();
        if !self.cluster.reachable() {
            let what = "java.lang.NullPointerException: Cannot invoke \"java.net.URI.getHost()\" because \"activeAddress\" is null";
            return Err(Refusal::Thrown(what.to_owned()));
        }
        let folder = folder.or_else(|| self.cluster.savepoint_folder());
        if with_savepoint && folder.is_none() {
            let what = "java.lang.IllegalArgumentException: [StreamPark] executionMode: REMOTE, savePoint path is null or invalid.";
            return Err(Refusal::Thrown(what.to_owned()));
        }
        let then = if drain { Then::Drain } else { Then::Cancel };
        let kind = match folder.filter(|_| with_savepoint || drain) {
            Some(folder) => Kind::Savepoint(folder, then),
            None => Kind::Cancel,
        };
        self.after(self.times.cancel, Event::End(Ending { app: id, epoch, at: now, job, kind }));
        Ok(Reply::Nothing)
    }

    /// What was accepted is done, or fails.
    pub(super) fn end(&mut self, ending: Ending) {
        let now = self.now;
        let known = ending.job.as_deref().and_then(|job| self.cluster.job(job));
        let done = match (&ending.kind, &ending.job, known) {
            (Kind::Failed(why), _, _) => Err(why.clone()),
            (_, None, _) => {
                Err("java.lang.IllegalArgumentException: Cannot parse JobID from \"null\". The expected format is \
                                 [0-9a-fA-F]{32}, e.g. fd72014d4c864993a2e5a9287b4a9c5d."
                    .to_owned())
            }
            (Kind::Asked(request), Some(job), _) => match self.cluster.savepoint(job, request) {
                None => return self.after(200, Event::End(ending)),
                Some(Ok(path)) => Ok(Some(path)),
                Some(Err(why)) => {
                    let failed = Ending { kind: Kind::Failed(lost_reason(&why)), ..ending };
                    return self.after(60_000, Event::End(failed));
                }
            },
            (_, Some(job), None) => Err(format!(
                "org.apache.flink.runtime.messages.FlinkJobNotFoundException: Could not find Flink job ({job})"
            )),
            (_, _, Some(job)) if job.end.is_some() => Ok(None),
            (Kind::Cancel, Some(job), Some(_)) => self.cluster.cancel(job).map(|()| None),
            (Kind::Savepoint(folder, then), Some(job), Some(_)) => {
                let request = self.cluster.ask_savepoint(job, folder, *then);
                return self.end(Ending { kind: Kind::Asked(request), ..ending });
            }
        };
        let Some(app) = self.apps.get_mut(&ending.app).filter(|app| app.epoch == ending.epoch) else { return };
        let failure = match &done {
            Ok(_) => None,
            Err(why) => {
                if app.state == 8 {
                    app.end_in(7);
                }
                Some(thrown(why))
            }
        };
        let app = app.clone();
        if let Ok(Some(path)) = done {
            self.keep_savepoint(&app, path, now);
        }
        self.log(&app, 3, ending.at, failure);
        self.watch_soon();
    }

    /// `POST /flink/app/abort`: frees the row, whatever the job does (144 147).
    pub(super) fn abort(&mut self, form: &Form) -> Said {
        let now = self.now;
        let app = form.id("id").and_then(|id| self.apps.get_mut(&id));
        let app = app.ok_or_else(|| Refusal::null("Application.isKubernetesModeJob()", "application"))?;
        let tasks = app.tasks;
        app.end_in(9);
        app.tasks = tasks;
        app.optioned = Some(now);
        app.epoch += 1;
        Ok(Reply::Nothing)
    }

    /// `POST /flink/app/mapping`: on to the watcher, which may find nothing new (297 433).
    pub(super) fn mapping(&mut self, form: &Form) -> Said {
        let app = form.id("id").and_then(|id| self.apps.get_mut(&id));
        let app = app.ok_or_else(|| Refusal::null("Application.setState(java.lang.Integer)", "application"))?;
        if let Some(job) = form.text("jobId").filter(|job| !job.is_empty()) {
            app.job = Some(job.to_owned());
        }
        app.to(14);
        app.tracking = true;
        app.end = None;
        self.watch_soon();
        Ok(Reply::Data(Value::Bool(true)))
    }
}

/// The reason of a savepoint that failed does not survive the console (479).
fn lost_reason(_why: &str) -> String {
    "java.lang.ClassCastException: class org.apache.flink.util.SerializedThrowable cannot be cast to class \
     org.apache.flink.util.SerializedThrowable (in unnamed module of loader \
     org.apache.streampark.flink.proxy.ChildFirstClassLoader)"
        .to_owned()
}

fn thrown(why: &str) -> String {
    format!(
        "java.util.concurrent.CompletionException: java.lang.reflect.InvocationTargetException\n\tat \
         java.base/java.util.concurrent.CompletableFuture.encodeThrowable(CompletableFuture.java:315)\nCaused by: \
         java.lang.reflect.InvocationTargetException\n\tat java.base/java.lang.reflect.Method.invoke(Method.java:569)\nCaused \
         by: {why}"
    )
}
