//! The calls to StreamPark (streampark-api §3). The only I/O with it.
//!
//! Why it exists: to ask and to tell, with a rule for each of its traps (§0.1):
//!
//! | trap | rule here |
//! |---|---|
//! | 1 two copies of one name at once both succeed | never called twice for one wish; [`Client::find`] shows all of a name, two are two |
//! | 2 parallel starts start several jobs | never repeated here; who calls holds the lock of the name, and asks Flink before and after |
//! | 3, 5, 6, 16 its cancel breaks the list, sticks, or loses rows | **there is no cancel and no savepoint here**: jobs are stopped through Flink |
//! | 3 a failed row may be a living job | [`App::state`] is a hint; a list that fails with 500 is `Retry` |
//! | 4 an abort leaves the job alive | [`Client::abort`] only frees a row; says so |
//! | 7, 8, 9 the row stays RUNNING whatever happens | nothing here calls a job healthy |
//! | 10 failures after the submit are not in its log | [`Logged::success`] is its own word; Flink has the reason |
//! | 11 a build of a jar that is gone succeeds | a start then fails by "entry point class": see the log |
//! | 12 a restart leaves rows in STARTING; tokens end | [`AppState::can_be_stuck`]; one new sign-in at a 401 ([`super::session`]) |
//! | 13 its sort is not stable | every list is sorted by id, ascending |
//! | 14 a mapping may stick | [`Client::remap`], for a row whose job lives |
//! | 15 a savepoint of a stopped job sticks | not called |
//! | 17 a failed start is run again inside Flink under another name | not seen here: who calls asks Flink for both names |
//!
//! And of §0: ids are texts or numbers; forms only; no `Bearer`; no cookies; a business failure may be 200 or 500; `get`
//! knows no build; `update` replaces everything, so all is read, sent back and compared.
//!
//! Invariants: nothing is tried twice here, save after a 401, which did nothing; an unknown version is only read;
//! arguments with passwords go with a start and never into a row, an error or a log line.
//!
//! [`App::state`]: super::seen::App::state
//! [`AppState::can_be_stuck`]: super::seen::AppState::can_be_stuck

use std::sync::Arc;
use std::time::Duration;

use domain::args::secret::Filled;
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;

use super::seen::{
    App, AppId, Built, Change, Cluster, Copied, Env, From, Kept, Logged, Page, Pipeline, Started, Version,
};
use super::session::{Account, Session};
use super::{answer, map};
use crate::outside::engine::EngineError;
use crate::outside::engine::call::Caller;
use crate::outside::engine::flink::seen::FlinkJobId;
use crate::outside::engine::flink::sentence::passwords;
use crate::state::Clock;

/// A call that builds checks the cluster first; six at once took 3 s each, a cold one more.
const LIMIT: Duration = Duration::from_mins(1);

/// How many rows are asked for at a time: 500 are 1.2 MB.
const ROWS: usize = 500;

/// More pages than this of one name are not a console.
const PAGES: usize = 100;

/// Calls one console for one team. Cheap to clone; clones share the token.
#[derive(Debug, Clone)]
pub struct Client {
    session: Session,
    team: Arc<str>,
    /// Which console it was at which sign-in.
    version: Arc<Mutex<Option<(u64, Version)>>>,
}

impl Client {
    /// For `http(s)://host:port[/path]`, an account and the id of a team.
    pub fn new(address: &str, account: Account, team: &str) -> Result<Self, EngineError> {
        Self::with_limit(address, account, team, LIMIT)
    }

    /// The same with another time limit for a call.
    pub fn with_limit(address: &str, account: Account, team: &str, limit: Duration) -> Result<Self, EngineError> {
        let session = Session::new(Caller::new("StreamPark", address, limit)?, account);
        Ok(Self { session, team: team.into(), version: Arc::default() })
    }

    /// The same with a circuit breaker for the console, whose pauses go by this clock.
    #[must_use]
    pub fn guarded(self, clock: Clock) -> Self {
        Self { session: self.session.guarded(clock), ..self }
    }

    /// Which console it is; asked once a sign-in, for a restart may bring another one (streampark-api §7.2, §9).
    pub async fn version(&self) -> Result<Version, EngineError> {
        let mut known = self.version.lock().await;
        let count = self.session.count().await?;
        if let Some((_, version)) = known.filter(|(at, _)| *at == count) {
            return Ok(version);
        }
        let schema = self.session.post(&["openapi", "schema"], &[("name", "flinkStart")]).await?;
        let name = [("jobName", "lakegate"), ("teamId", &*self.team)];
        let check = self.session.post(&["flink", "app", "checkName"], &name).await?;
        let version = map::version(&schema, &check, &self.envs().await?)?;
        // A sign-in in between belongs to the same answers or makes the next look ask again.
        *known = Some((count, version));
        Ok(version)
    }

    /// An application (`get`); `None` when there is none. Its build is not known here: see [`Client::find`].
    pub async fn get(&self, id: &AppId) -> Result<Option<App>, EngineError> {
        let answer = self.session.post(&["flink", "app", "get"], &[map::id(id), self.team()]).await?;
        map::whole(&answer)?.map(map::app_of).transpose()
    }

    /// A page of the team's applications, the first is 1, sorted by id (`list`). `like` is a part of the name, in which
    /// `_` and `%` stand for anything: what comes back must be compared.
    pub async fn list(&self, like: &str, page: usize) -> Result<Page, EngineError> {
        let (page, rows) = (page.to_string(), ROWS.to_string());
        let mut form = vec![
            self.team(),
            ("pageNum", page.as_str()),
            ("pageSize", rows.as_str()),
            ("sortField", "id"),
            ("sortOrder", "asc"),
        ];
        if !like.is_empty() {
            form.push(("jobName", like));
        }
        map::page(&self.session.post(&["flink", "app", "list"], &form).await?)
    }

    /// All applications of exactly this name in the team: none, one, or more, since names are not unique (trap 1).
    pub async fn find(&self, name: &str) -> Result<Vec<App>, EngineError> {
        // A backslash escapes in a LIKE, so such a name would not find itself.
        if name.is_empty() || name.contains('\\') {
            return Err(EngineError::Fail("an application of that name cannot be looked for".to_owned()));
        }
        let (mut found, mut seen) = (Vec::new(), 0);
        for page in 1..=PAGES {
            let next = self.list(name, page).await?;
            seen += next.apps.len();
            let last = next.apps.len() < ROWS || u64::try_from(seen).is_ok_and(|seen| seen >= next.total);
            found.extend(map::named(next.apps, name));
            if last {
                return Ok(found);
            }
        }
        Err(EngineError::Fail("StreamPark has too many applications of such a name".to_owned()))
    }

    /// Copies a template under a name, with arguments that hold placeholders (`copy`). Not safe to repeat: after a `Retry`
    /// look with [`Client::find`] (§3.3).
    pub async fn copy(&self, template: &AppId, name: &str, args: &str) -> Result<Copied, EngineError> {
        self.acts().await?;
        let form = [map::id(template), ("jobName", name), ("args", args), self.team()];
        map::copied(&self.session.post(&["flink", "app", "copy"], &form).await?)
    }

    /// Changes an application and nothing else of it (`update`): reads it, sends all of it back, and compares. `false` when
    /// it is not there.
    pub async fn update(&self, id: &AppId, change: &Change) -> Result<bool, EngineError> {
        self.acts().await?;
        let Some(before) = self.whole(id).await? else { return Ok(false) };
        let form = map::update(&before, change)?;
        let form: Vec<_> = form.iter().map(|(key, value)| (*key, value.as_str())).collect();
        if !map::done(&self.session.post(&["flink", "app", "update"], &form).await?)? {
            return Ok(false);
        }
        let Some(after) = self.whole(id).await? else { return Ok(false) };
        match map::astray(&before, &after, change) {
            None => Ok(true),
            Some(key) => Err(EngineError::Retry(format!("after the change StreamPark holds another {key}"))),
        }
    }

    /// Asks for a build (`pipe/build`); it goes on by itself: [`Client::pipeline`]. `past_stuck` goes past a build that a
    /// restart of the console left behind; it builds no more than otherwise (§3.6).
    pub async fn build(&self, id: &AppId, past_stuck: bool) -> Result<Built, EngineError> {
        self.acts().await?;
        let form = [("appId", id.as_str()), ("forceBuild", word(past_stuck)), self.team()];
        map::built(&self.session.post(&["flink", "pipe", "build"], &form).await?)
    }

    /// Its newest build (`pipe/detail`); `None` when it was never built or is not there.
    pub async fn pipeline(&self, id: &AppId) -> Result<Option<Pipeline>, EngineError> {
        map::pipeline(&self.session.post(&["flink", "pipe", "detail"], &[("appId", id.as_str()), self.team()]).await?)
    }

    /// Starts it, with arguments for this once (`start`, recording 497). **Never repeated without a look at Flink**: two
    /// starts at once are two jobs (trap 2), and a lost answer may be a job.
    pub async fn start(&self, id: &AppId, from: &From, args: Option<&Filled>) -> Result<Started, EngineError> {
        self.acts().await?;
        let Ok(text) = args.map(Filled::streampark).transpose() else {
            return Ok(Started::Refused("its arguments cannot be written for StreamPark".to_owned()));
        };
        let mut form = vec![
            map::id(id),
            self.team(),
            ("restoreOrTriggerSavepoint", word(from.savepoint.is_some())),
            ("allowNonRestored", word(from.allow_non_restored)),
        ];
        form.extend(from.savepoint.as_deref().map(|path| ("savepointPath", path)));
        form.extend(text.as_ref().map(|text| ("args", text.expose())));
        let answer = self.session.post(&["flink", "app", "start"], &form).await?;
        map::started(&answer, &args.map(passwords).unwrap_or_default())
    }

    /// The newest lines of its log of operations (`optionlog`), newest first.
    pub async fn log(&self, id: &AppId) -> Result<Vec<Logged>, EngineError> {
        map::logged(&self.session.post(&["flink", "app", "optionlog"], &self.paged(id)).await?)
    }

    /// Frees a row that is stuck (`abort`). **Its job lives on in Flink** and may even come up afterwards (trap 4): look
    /// there. `false` when it is not there.
    pub async fn abort(&self, id: &AppId) -> Result<bool, EngineError> {
        self.acts().await?;
        map::done(&self.session.post(&["flink", "app", "abort"], &[map::id(id), self.team()]).await?)
    }

    /// Ties its row to a living job again (`mapping`; wants the right `app:mapping`). May stick: look again (trap 14).
    pub async fn remap(&self, id: &AppId, job: &FlinkJobId) -> Result<bool, EngineError> {
        self.acts().await?;
        let form = [map::id(id), ("jobId", job.as_str()), self.team()];
        map::done(&self.session.post(&["flink", "app", "mapping"], &form).await?)
    }

    /// Removes its row (`delete`). **Its job lives on in Flink** (§6): stop it before. `false` when it was not there.
    pub async fn delete(&self, id: &AppId) -> Result<bool, EngineError> {
        self.acts().await?;
        map::done(&self.session.post(&["flink", "app", "delete"], &[map::id(id), self.team()]).await?)
    }

    /// The newest checkpoints and savepoints that StreamPark knows of it, newest first (`savepoint/history`).
    pub async fn savepoints(&self, id: &AppId) -> Result<Vec<Kept>, EngineError> {
        map::kept(&self.session.post(&["flink", "savepoint", "history"], &self.paged(id)).await?)
    }

    /// The clusters that the console knows (`cluster/list`).
    pub async fn clusters(&self) -> Result<Vec<Cluster>, EngineError> {
        Ok(self.all(&["flink", "cluster", "list"]).await?.into_iter().map(map::cluster).collect())
    }

    /// The Flink versions that the console knows (`env/list`).
    pub async fn envs(&self) -> Result<Vec<Env>, EngineError> {
        Ok(self.all(&["flink", "env", "list"]).await?.into_iter().map(map::env).collect())
    }

    /// Whether we may act at all: not on a console that we do not know.
    async fn acts(&self) -> Result<(), EngineError> {
        match self.version().await? {
            Version::V216 | Version::V217 => Ok(()),
            Version::Unknown(why) => Err(EngineError::Fail(format!("this StreamPark is only read: {why}"))),
        }
    }

    async fn whole(&self, id: &AppId) -> Result<Option<serde_json::Map<String, serde_json::Value>>, EngineError> {
        map::whole(&self.session.post(&["flink", "app", "get"], &[map::id(id), self.team()]).await?)
    }

    async fn all<T: DeserializeOwned>(&self, path: &[&str]) -> Result<Vec<T>, EngineError> {
        let all: Option<Vec<T>> = answer::read(&self.session.post(path, &[]).await?)?;
        Ok(all.unwrap_or_default())
    }

    fn team(&self) -> (&'static str, &str) {
        ("teamId", &self.team)
    }

    fn paged<'a>(&'a self, id: &'a AppId) -> [(&'static str, &'a str); 4] {
        [("appId", id.as_str()), self.team(), ("pageNum", "1"), ("pageSize", "50")]
    }
}

const fn word(yes: bool) -> &'static str {
    if yes { "true" } else { "false" }
}
