//! All the console remembers, and what is still to happen.
//!
//! Invariant: what is due happens in the order of its time, each with the clocks of console and cluster at that moment.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::app::App;
use super::cancel::Ending;
use super::cluster::Cluster;
use super::fault::Faults;
use super::profile::Profile;
use super::savepoint::{Asked, Savepoint};
use super::setup::{Env, Jar, Target};
use super::start::Begun;
use super::token::Tokens;
use super::user::{self, User};

/// Something that happens at its time.
#[derive(Debug, Clone)]
pub(super) enum Event {
    /// A step of the build that runs.
    Build(u64, u8),
    /// The submit of a start that was accepted.
    Submit(Box<Begun>),
    /// The end of a cancel that was accepted.
    End(Ending),
    /// The end of a savepoint that was asked for.
    Savepoint(Asked),
    /// The watcher looks at all jobs.
    Watch,
    /// The console starts a failed job again by itself.
    Again(u64, u64),
}

/// How long things take, in milliseconds; as recorded (098 107 255), for a test to change.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// From `start` to the job in Flink: the program runs in between.
    pub submit: i64,
    /// Each step of a build.
    pub build: i64,
    /// From `cancel` to its effect.
    pub cancel: i64,
    /// Between two looks of the watcher.
    pub watch: i64,
    /// How long a session lives.
    pub session: i64,
}

/// A row of the option log: what was asked, and how it went as far as the console knows.
#[derive(Debug, Clone)]
pub(super) struct Log {
    pub(super) id: u64,
    pub(super) app: u64,
    pub(super) url: Option<String>,
    pub(super) what: i64,
    pub(super) at: i64,
    pub(super) failure: Option<String>,
}

/// A variable of a team.
#[derive(Debug, Clone)]
pub(super) struct Variable {
    pub(super) team: u64,
    pub(super) user: u64,
    pub(super) code: String,
    pub(super) value: String,
    pub(super) description: Option<String>,
    pub(super) masked: bool,
    pub(super) made: i64,
}

/// A message about a build that failed.
#[derive(Debug, Clone)]
pub(super) struct Notice {
    pub(super) app: u64,
    pub(super) user: u64,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) made: i64,
}

/// The console's database and memory.
pub(super) struct World {
    pub(super) profile: Profile,
    pub(super) now: i64,
    pub(super) born: i64,
    pub(super) times: Times,
    pub(super) cluster: Arc<dyn Cluster>,
    pub(super) faults: Faults,
    pub(super) users: Vec<User>,
    pub(super) tokens: Tokens,
    pub(super) apps: BTreeMap<u64, App>,
    pub(super) next_app: u64,
    pub(super) logs: Vec<Log>,
    pub(super) savepoints: Vec<Savepoint>,
    pub(super) notices: Vec<Notice>,
    pub(super) variables: Vec<Variable>,
    pub(super) alerts: Vec<serde_json::Value>,
    pub(super) envs: Vec<Env>,
    pub(super) targets: Vec<Target>,
    pub(super) jars: BTreeMap<String, Jar>,
    pub(super) white_list: Vec<String>,
    pub(super) building: Option<u64>,
    pub(super) queue: VecDeque<u64>,
    events: BTreeMap<(i64, u64), Event>,
    sequence: u64,
}

impl World {
    pub(super) fn new(profile: Profile, cluster: Arc<dyn Cluster>, now: i64) -> Self {
        let times = Times { submit: 900, build: 250, cancel: 800, watch: 1000, session: 2 * 60 * 60 * 1000 };
        Self {
            profile,
            now,
            born: now,
            times,
            cluster,
            faults: Faults::default(),
            users: user::seed(),
            tokens: Tokens::default(),
            apps: BTreeMap::new(),
            next_app: 100_001,
            logs: Vec::new(),
            savepoints: Vec::new(),
            notices: Vec::new(),
            variables: Vec::new(),
            alerts: Vec::new(),
            envs: Vec::new(),
            targets: Vec::new(),
            jars: BTreeMap::new(),
            white_list: Vec::new(),
            building: None,
            queue: VecDeque::new(),
            events: BTreeMap::new(),
            sequence: 0,
        }
    }

    /// A number no other thing of this console has.
    pub(super) const fn draw(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence
    }

    pub(super) fn after(&mut self, wait: i64, event: Event) {
        let sequence = self.draw();
        self.events.insert((self.now + wait, sequence), event);
    }

    /// Lets everything happen that is due until then.
    pub(super) fn go_on(&mut self, until: i64) {
        while let Some(due) = self.events.first_key_value().map(|(key, _)| *key).filter(|(at, _)| *at <= until) {
            self.move_to(due.0);
            if let Some(event) = self.events.remove(&due) {
                self.happen(event);
            }
        }
        self.move_to(until);
    }

    fn move_to(&mut self, moment: i64) {
        if moment > self.now {
            self.cluster.go_on(moment);
            self.now = moment;
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Build(app, step) => self.build_on(app, step),
            Event::Submit(begun) => self.submit(*begun),
            Event::End(ending) => self.end(ending),
            Event::Savepoint(asked) => self.savepoint_on(asked),
            Event::Watch => self.watch(),
            Event::Again(app, epoch) => self.start_again(app, epoch),
        }
    }

    /// The watcher looks, unless it is about to already.
    pub(super) fn watch_soon(&mut self) {
        if !self.events.values().any(|event| matches!(event, Event::Watch)) {
            self.after(self.times.watch, Event::Watch);
        }
    }

    /// Down and up again: sessions and what was under way are gone, the rows stay (270–274).
    pub(super) fn restart(&mut self) {
        self.events.clear();
        self.tokens.restart(self.now);
        self.building = None;
        self.queue.clear();
        for app in self.apps.values_mut() {
            app.option = 0;
            app.seen = None;
        }
        self.after(200, Event::Watch);
    }

    pub(super) fn log(&mut self, app: &App, what: i64, at: i64, failure: Option<String>) {
        let id = u64::try_from(self.logs.len()).unwrap_or_default() + 1;
        self.logs.push(Log { id, app: app.id, url: app.url.clone(), what, at, failure });
    }
}
