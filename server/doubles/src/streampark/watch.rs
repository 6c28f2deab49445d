//! The watcher: looks at the jobs in Flink and writes what it sees (streampark-api §7.5).
//!
//! Invariant: what it cannot see stays as it was, and what is as it was is not written; so rows freeze and stick.

use std::collections::BTreeMap;

use super::app::{App, Seen};
use super::cluster::Job;
use super::world::{Event, World};

impl World {
    /// One look at every job that is tracked.
    pub(super) fn watch(&mut self) {
        let tracked = self.apps.values().filter(|app| app.tracking).map(|app| app.id);
        let tracked: Vec<u64> = tracked.collect();
        if tracked.is_empty() {
            return;
        }
        self.after(self.times.watch, Event::Watch);
        if !self.cluster.reachable() {
            return;
        }
        let jobs: BTreeMap<String, Job> = self.cluster.jobs().into_iter().map(|job| (job.id.clone(), job)).collect();
        for id in tracked {
            let Some(job) = self.apps.get(&id).and_then(|app| jobs.get(app.job.as_deref()?)) else { continue };
            self.look(id, job);
        }
    }

    fn look(&mut self, id: u64, job: &Job) {
        let Some(state) = state_of(&job.state) else { return };
        let keeps_end = self.profile == super::Profile::V217;
        let Some(app) = self.apps.get_mut(&id) else { return };
        if app.ended.as_deref() == Some(&job.id)
            || (app.state == 8 && job.end.is_none())
            || (app.state == 3 && app.url.is_none())
        {
            return;
        }
        let option = if job.end.is_some() { 0 } else { app.option };
        let seen = Seen { job: job.id.clone(), state, option, url: app.url.clone() };
        if app.seen.as_ref() == Some(&seen) {
            self.note_checkpoint(id, job);
            return;
        }
        let (was, by_console) = (app.state, app.option != 0);
        app.seen = Some(seen);
        app.start = Some(job.start);
        if job.end.is_none() {
            app.to(state);
            app.tasks = Some(job.tasks);
            self.note_checkpoint(id, job);
            return;
        }
        let with_savepoint = app.option == 4;
        app.end = if with_savepoint && !keeps_end { None } else { job.end };
        app.duration = job.end.map(|end| end - job.start);
        app.ended = Some(job.id.clone());
        app.seen = None;
        app.end_in(state);
        let again = app.settings.restart_size.is_some_and(|size| size > 0 && app.restarts.unwrap_or_default() <= size);
        let epoch = app.epoch;
        if state == 7 && was == 5 && again {
            self.after(900, Event::Again(id, epoch));
        }
        if !by_console && state == 9 {
            self.expire_savepoints(id);
        }
    }

    fn note_checkpoint(&mut self, id: u64, job: &Job) {
        let Some(app) = self.apps.get(&id) else { return };
        if job.state == "RUNNING"
            && keeps(self, app)
            && let Some(checkpoint) = self.cluster.checkpoint(&job.id)
        {
            self.keep_checkpoint(id, checkpoint);
        }
    }
}

fn keeps(world: &World, app: &App) -> bool {
    world.profile.keeps_savepoints(app.settings.dynamic_properties.as_deref().unwrap_or_default())
}

/// The console's number for Flink's word; a restarting job is not looked at (140).
fn state_of(word: &str) -> Option<i64> {
    Some(match word {
        "INITIALIZING" => 1,
        "CREATED" => 2,
        "RUNNING" => 5,
        "FAILING" => 6,
        "FAILED" => 7,
        "CANCELLING" => 8,
        "CANCELED" => 9,
        "FINISHED" => 10,
        "SUSPENDED" => 11,
        "RECONCILING" => 12,
        "RESTARTING" => return None,
        _ => 15,
    })
}
