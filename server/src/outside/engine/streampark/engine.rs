//! The engine that drives jobs through StreamPark's console, and believes Flink.
//!
//! Invariants: a run is written down before the call that starts it, and that call is made once, by who wrote it down; a job
//! is known by the id that Flink drew for it, never by its row's state; it is stopped through Flink (streampark-api §12.3,
//! §12.4).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::engine::Streampark;
use domain::ids::{RouteId, RunId};
use domain::time::Millis;
use secrecy::{ExposeSecret, SecretString};

use super::client::Client;
use super::logins::Logins;
use super::seen::AppId;
use super::session::{Account, Kind};
use crate::outside::engine::flink::FlinkEngine;
use crate::outside::engine::{Engine, EngineError, JobSeen, JobSpec, TableSeen};

/// The engine of one route.
pub struct StreamparkEngine {
    route: RouteId,
    pub(super) set_up: Streampark,
    /// The cluster behind the console: what lives there, what its tables do, and how a job is stopped.
    pub(super) flink: FlinkEngine,
    logins: Arc<dyn Logins>,
    /// The console's client, with the password that it was made with.
    console: tokio::sync::Mutex<Option<(SecretString, Client)>>,
    /// The newest line of an application's log before a start of ours: what comes after is about that start.
    pub(super) lines: Mutex<BTreeMap<RunId, u64>>,
    /// Since when an application is not yet as it must be for a start.
    pub(super) waits: Mutex<BTreeMap<AppId, Millis>>,
}

impl StreamparkEngine {
    /// The engine of a route; nothing is asked yet.
    pub fn new(route: RouteId, set_up: Streampark, flink: FlinkEngine, logins: Arc<dyn Logins>) -> Self {
        let (console, lines, waits) = Default::default();
        Self { route, set_up, flink, logins, console, lines, waits }
    }

    /// The console's client, by the password as it is now.
    pub(super) async fn console(&self) -> Result<Client, EngineError> {
        let none = || EngineError::Fail("no password was given for the account at StreamPark".into());
        let password = self.logins.password(&self.route).await?.ok_or_else(none)?;
        let mut known = self.console.lock().await;
        let same = |(of, _): &&(SecretString, Client)| of.expose_secret() == password.expose_secret();
        if let Some((_, client)) = known.as_ref().filter(same) {
            return Ok(client.clone());
        }
        let account = Account { user: self.set_up.login.clone(), password: password.clone(), kind: Kind::Own };
        let client = Client::new(self.set_up.console.as_str(), account, self.set_up.team.as_str())?;
        *known = Some((password, client.clone()));
        Ok(client)
    }

    /// Since when this application was waited for; from now on, if it was not.
    pub(super) fn waited(&self, app: &AppId) -> i64 {
        let now = self.flink.tools.clock.now();
        let mut waits = self.waits.lock().expect("no code panics while it holds the waits");
        now.since(*waits.entry(app.clone()).or_insert(now))
    }

    /// This application is as it must be.
    pub(super) fn waited_enough(&self, app: &AppId) {
        self.waits.lock().expect("no code panics while it holds the waits").remove(app);
    }
}

#[async_trait]
impl Engine for StreamparkEngine {
    async fn find(&self, job: &str) -> Result<Option<JobSeen>, EngineError> {
        self.flink.find(job).await
    }

    async fn create(&self, spec: &JobSpec) -> Result<(), EngineError> {
        let argv = self.flink.arguments(spec).await?;
        self.application(&self.console().await?, spec, &argv).await.map(drop)
    }

    async fn start(&self, spec: &JobSpec) -> Result<(), EngineError> {
        self.bring(spec).await
    }

    async fn stop(&self, job: &str) -> Result<(), EngineError> {
        self.end(job).await
    }

    async fn remove(&self, job: &str) -> Result<(), EngineError> {
        self.end(job).await?;
        self.take_away(job).await
    }

    async fn observe(&self, job: &str) -> Result<Vec<TableSeen>, EngineError> {
        self.flink.observe(job).await
    }
}
