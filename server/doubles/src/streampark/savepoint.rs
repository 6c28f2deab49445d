//! Savepoints and checkpoints as rows (streampark-api §3.7, §6; 100–119, 432 442, 707 723).
//!
//! Invariant: the row with `latest` need not be the newest one, and on 2.1.7 there is none at all.

use serde_json::{Value, json};

use super::answer::{Refusal, Reply, Said};
use super::app::App;
use super::clock::china;
use super::cluster::Checkpoint;
use super::form::Form;
use super::list::page;
use super::world::{Event, World};
use crate::flink::operation::Then;

/// One row: 1 a checkpoint, 2 a savepoint.
#[derive(Debug, Clone)]
pub(super) struct Savepoint {
    id: u64,
    pub(super) app: u64,
    checkpoint: Option<u64>,
    latest: bool,
    kind: i64,
    path: String,
    triggered: i64,
    made: i64,
}

/// A savepoint of a running job that was asked for.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    app: u64,
    epoch: u64,
    folder: Option<String>,
    request: Option<String>,
}

/// Where an application's own settings put its savepoints.
pub(super) fn folder_of(app: &App) -> Option<String> {
    let properties = app.settings.dynamic_properties.as_deref()?;
    let keys = ["state.savepoints.dir=", "execution.checkpointing.savepoint-dir="];
    let found = properties.split("-D").find_map(|property| keys.iter().find_map(|key| property.strip_prefix(key)));
    found.map(|folder| folder.trim().to_owned())
}

impl World {
    fn keeps(&self, app: u64) -> bool {
        let properties = self.apps.get(&app).and_then(|app| app.settings.dynamic_properties.as_deref());
        self.profile.keeps_savepoints(properties.unwrap_or_default())
    }

    fn add_savepoint(&mut self, app: u64, kind: i64, checkpoint: Option<u64>, path: String, triggered: i64) {
        if !self.keeps(app) {
            return;
        }
        for row in self.savepoints.iter_mut().filter(|row| row.app == app) {
            row.latest = false;
        }
        let id = self.draw();
        let made = self.now;
        self.savepoints.push(Savepoint { id, app, checkpoint, latest: true, kind, path, triggered, made });
    }

    /// A savepoint that ended a job.
    pub(super) fn keep_savepoint(&mut self, app: &App, path: String, at: i64) {
        self.add_savepoint(app.id, 2, None, path, at);
    }

    /// The newest checkpoint takes the place of the one before.
    pub(super) fn keep_checkpoint(&mut self, app: u64, checkpoint: Checkpoint) {
        if self.savepoints.iter().any(|row| row.app == app && row.path == checkpoint.path) {
            return;
        }
        self.savepoints.retain(|row| row.app != app || row.kind == 2);
        self.add_savepoint(app, 1, Some(checkpoint.id), checkpoint.path, checkpoint.triggered);
    }

    /// A job that was cancelled outside of the console has none to go on from any more.
    pub(super) fn expire_savepoints(&mut self, app: u64) {
        for row in self.savepoints.iter_mut().filter(|row| row.app == app) {
            row.latest = false;
        }
    }

    /// What `start` goes on from when it is given no path; nothing at all is no error (721).
    pub(super) fn latest_savepoint(&self, app: u64) -> Option<String> {
        self.savepoints.iter().rev().find(|row| row.app == app && row.latest).map(|row| row.path.clone())
    }

    /// `POST /flink/savepoint/history`.
    pub(super) fn savepoint_history(&self, form: &Form) -> Reply {
        let mut rows: Vec<_> = self.savepoints.iter().filter(|row| Some(row.app) == form.id("appId")).collect();
        rows.sort_by_key(|row| std::cmp::Reverse((row.triggered, row.id)));
        let rows = rows.into_iter().map(|row| {
            json!({
                "id": row.id.to_string(), "appId": row.app.to_string(),
                "chkId": row.checkpoint.map(|id| id.to_string()), "latest": row.latest, "type": row.kind,
                "path": row.path, "triggerTime": china(row.triggered), "createTime": china(row.made), "teamId": null,
            })
        });
        Reply::Data(page(rows.collect(), form, "trigger_time", false))
    }

    /// `POST /flink/savepoint/trigger`: accepted in any state; a stopped one stays SAVEPOINTING (315).
    pub(super) fn trigger_savepoint(&mut self, form: &Form) -> Said {
        let now = self.now;
        let given = form.text("savepointPath").filter(|path| !path.is_empty()).map(str::to_owned);
        let app = form.id("appId").and_then(|id| self.apps.get_mut(&id));
        let app = app.ok_or_else(|| Refusal::null("Application.getVersionId()", "application"))?;
        app.option = 4;
        app.optioned = Some(now);
        let folder = given.or_else(|| folder_of(app));
        let asked = Asked { app: app.id, epoch: app.epoch, folder, request: None };
        self.after(600, Event::Savepoint(asked));
        Ok(Reply::Data(Value::Bool(true)))
    }

    /// Flink is asked, then looked at until it is there; either way the row wants to be released again (102).
    pub(super) fn savepoint_on(&mut self, mut asked: Asked) {
        let Some(app) = self.apps.get_mut(&asked.app).filter(|app| app.epoch == asked.epoch) else { return };
        app.release = 1;
        let (at, job) = (app.optioned.unwrap_or_default(), app.job.clone());
        let Some(job) = job.filter(|_| app.state == 5) else { return };
        let Some(request) = asked.request.clone() else {
            let folder = asked.folder.clone().or_else(|| self.cluster.savepoint_folder()).unwrap_or_default();
            asked.request = Some(self.cluster.ask_savepoint(&job, &folder, Then::GoOn));
            return self.savepoint_on(asked);
        };
        let Some(done) = self.cluster.savepoint(&job, &request) else {
            return self.after(200, Event::Savepoint(asked));
        };
        let number = self.cluster.checkpoint(&job).map_or(1, |checkpoint| checkpoint.id);
        let Some(app) = self.apps.get_mut(&asked.app) else { return };
        app.option = 0;
        let app = app.clone();
        match done {
            Ok(path) => {
                self.add_savepoint(app.id, 2, Some(number), path, at);
                self.log(&app, 2, at, None);
            }
            Err(why) => self.log(&app, 2, at, Some(why)),
        }
    }

    /// `POST /flink/app/checkSavepointPath` (104 424).
    pub(super) fn check_savepoint_path(&self, form: &Form) -> Reply {
        let given = form.text("savepointPath").filter(|path| !path.is_empty()).map(str::to_owned);
        let own = form.id("id").and_then(|id| self.apps.get(&id)).and_then(folder_of);
        if given.or(own).or_else(|| self.cluster.savepoint_folder()).is_some() {
            return Reply::Data(Value::Bool(true));
        }
        Reply::Soft(Some("The savepoint path cannot be null".to_owned()))
    }

    /// `POST /flink/savepoint/delete`.
    pub(super) fn delete_savepoint(&mut self, form: &Form) -> Reply {
        let before = self.savepoints.len();
        self.savepoints.retain(|row| Some(row.id) != form.id("id"));
        Reply::Data(Value::Bool(self.savepoints.len() < before))
    }
}
