//! A console with its cluster, and the steps that bring an application into a state.
//!
//! Invariant: states come about by calls of the API and by time, as they did when they were recorded.

use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use doubles::streampark::{Cluster, Fate, Fault, Memory, Profile, StreamPark};
use reqwest::Response;
use serde_json::Value;

thread_local! {
    /// One client a test: making one is slow, and it cannot leave its runtime.
    static CLIENT: LazyCell<reqwest::Client> = LazyCell::new(|| {
        rustls::crypto::ring::default_provider().install_default().ok();
        reqwest::Client::builder().no_proxy().build().expect("a client without TLS can be built")
    });
}

/// A console on which a test acts.
pub struct Stage {
    pub console: StreamPark,
    pub flink: Arc<Memory>,
    pub client: reqwest::Client,
    pub token: String,
    /// The name of the application that `copy` makes, if it matters.
    pub name: String,
    cookie: String,
    access: BTreeMap<String, String>,
}

/// A status and a body.
pub type Answered = (u16, Value);

impl Stage {
    /// A console with a template, 100001, and an administrator signed in.
    pub async fn new(profile: Profile) -> Self {
        let flink = Arc::new(Memory::default());
        let console = StreamPark::start(profile, flink.clone()).await;
        console.template("paimon-launcher", "org.apache.paimon.flink.action.FlinkActions");
        console.template("probe-job", "lakegate.probe.ProbeJob");
        console.forget(100_001);
        console.forget(100_002);
        console.next_id(100_001);
        let client = CLIENT.with(|client| (**client).clone());
        let mut stage = Self {
            console,
            flink,
            client,
            token: String::new(),
            name: String::new(),
            cookie: String::new(),
            access: BTreeMap::new(),
        };
        stage.token = stage.sign_in("admin").await;
        let template = [
            ("teamId", "100000"),
            ("jobType", "1"),
            ("executionMode", "1"),
            ("appType", "2"),
            ("resourceFrom", "2"),
            ("versionId", "1"),
            ("flinkClusterId", "1"),
            ("jobName", "template-probe"),
            ("jar", "probe-job.jar"),
            ("mainClass", "lakegate.probe.ProbeJob"),
            ("args", "--checkpoint 2000 --who template"),
            ("options", "{\"parallelism.default\":1}"),
            ("dynamicProperties", "-Da.b=c"),
            ("resolveOrder", "0"),
            ("restartSize", "0"),
            ("description", "template of the probes"),
            ("tags", "template"),
        ];
        let made = stage.call("/flink/app/create", &template).await;
        assert_eq!(made.1["data"], true);
        stage
    }

    /// The token of a user of the seed.
    pub async fn sign_in(&self, user: &str) -> String {
        let form = [("username", user), ("password", "streampark"), ("loginType", "PASSWORD")];
        let answer = self.client.post(format!("{}/passport/signin", self.console.url())).form(&form).send().await;
        let body: Value = answer.expect("sign-in answers").json().await.expect("sign-in answers JSON");
        body["data"]["token"].as_str().expect("the seed's users may sign in").to_owned()
    }

    /// A call with the administrator's token.
    pub async fn call(&self, path: &str, form: &[(&str, &str)]) -> Answered {
        answered(self.send(path, form).await.expect("the console answers")).await
    }

    /// The same, when there may be no answer.
    pub async fn send(&self, path: &str, form: &[(&str, &str)]) -> reqwest::Result<Response> {
        let request = self.client.post(format!("{}{path}", self.console.url())).header("Authorization", &self.token);
        request.form(form).send().await
    }

    /// The row of an application as `list` shows it.
    pub async fn row(&self, app: &str) -> Value {
        let form =
            [("teamId", "100000"), ("pageNum", "1"), ("pageSize", "500"), ("sortField", "id"), ("sortOrder", "asc")];
        let (_, body) = self.call("/flink/app/list", &form).await;
        let rows = body["data"]["records"].as_array().cloned().unwrap_or_default();
        rows.into_iter().find(|row| row["id"] == app).unwrap_or_default()
    }

    /// Copies, builds and starts an application of this name; its id. It runs.
    pub async fn running(&mut self, name: &str) -> String {
        let app = self.built(name).await;
        self.steps(&app, "start 3s").await;
        app
    }

    /// Copies and builds an application of this name; its id.
    pub async fn built(&mut self, name: &str) -> String {
        let (_, body) = self.call("/flink/app/copy", &[("id", "100001"), ("jobName", name)]).await;
        let app = body["data"]["id"].as_str().expect("copy answers an id").to_owned();
        self.steps(&app, "build 2s").await;
        app
    }

    /// Time goes by.
    pub fn wait(&self, millis: u64) {
        self.console.advance(Duration::from_millis(millis));
    }

    /// Does one step after the other; each is a word of the table in `step`, or a time.
    pub async fn steps(&mut self, app: &str, steps: &str) {
        for step in steps.split_whitespace() {
            self.step(app, step).await;
        }
    }

    /// One step.
    pub async fn step(&mut self, app: &str, step: &str) {
        if let Some(millis) = time(step) {
            self.wait(millis);
            return;
        }
        let id = [("id", app), ("teamId", "100000")];
        let of_app = [("appId", app)];
        match step {
            "copy" => {
                self.console.next_id(app.parse().expect("ids of the table are numbers"));
                let name = if self.name.is_empty() { format!("app-{app}") } else { self.name.clone() };
                self.call("/flink/app/copy", &[("id", "100001"), ("jobName", &name)]).await;
            }
            "build" => drop(self.call("/flink/pipe/build", &of_app).await),
            "start" => drop(self.call("/flink/app/start", &id).await),
            "restore" => drop(self.call("/flink/app/start", &[id[0], ("restoreOrTriggerSavepoint", "true")]).await),
            "cancel" => drop(self.call("/flink/app/cancel", &id).await),
            "cancel-savepoint" => {
                drop(self.call("/flink/app/cancel", &[id[0], ("restoreOrTriggerSavepoint", "true")]).await);
            }
            "drain" => drop(self.call("/flink/app/cancel", &[id[0], ("drain", "true")]).await),
            "drain-savepoint" => {
                let form = [id[0], ("restoreOrTriggerSavepoint", "true"), ("drain", "true")];
                self.call("/flink/app/cancel", &form).await;
            }
            "abort" => drop(self.call("/flink/app/abort", &id).await),
            "delete" => drop(self.call("/flink/app/delete", &id).await),
            "trigger" => drop(self.call("/flink/savepoint/trigger", &of_app).await),
            "map" => drop(self.call("/flink/app/mapping", &id).await),
            "map-unknown" => drop(self.call("/flink/app/mapping", &[id[0], ("jobId", &"0".repeat(32))]).await),
            "update" => self.update(app, &[]).await,
            "restarts-2" => self.update(app, &[("restartSize", "2")]).await,
            "bad-dependency" => self.update(app, &[("dependency", BAD_DEPENDENCY)]).await,
            "keeps-one" => self.update(app, &[("dynamicProperties", "-Dstate.checkpoints.num-retained=1")]).await,
            "partial" => {
                let form = [id[0], ("executionMode", "1"), ("jar", "probe-job.jar"), ("args", "--partial")];
                self.call("/flink/app/update", &form).await;
            }
            "again" => self.token = self.sign_in("admin").await,
            "demo" => {
                self.call("/flink/app/delete", &[("id", "100001")]).await;
                let form = [
                    ("teamId", "100000"),
                    ("jobType", "2"),
                    ("executionMode", "4"),
                    ("appType", "1"),
                    ("jobName", "demo"),
                    ("resolveOrder", "0"),
                    ("restartSize", "0"),
                    ("tags", "streampark,test"),
                ];
                self.call("/flink/app/create", &form).await;
            }
            "named" => drop(self.call("/flink/app/copy", &[("id", "100001"), ("jobName", "copy-ok")]).await),
            "token" => drop(self.filled("<access-token>").await),
            "token-off" => drop(self.call("/token/toggle", &[("tokenId", "1")]).await),
            "session" => drop(self.filled("<session>").await),
            "mix" => {
                let (token, cookie) = (self.filled("<access-token>").await, format!("JSESSIONID={}", self.cookie));
                let request = self.client.post(format!("{}/flink/app/list", self.console.url()));
                let request = request.header("Authorization", token).header("Cookie", cookie);
                request.form(&[("teamId", "100000")]).send().await.expect("the console answers");
            }
            "variable" => {
                let form = [
                    ("teamId", "100000"),
                    ("variableCode", "secret_pw"),
                    ("variableValue", "p@ss word"),
                    ("description", "probe"),
                    ("desensitization", "true"),
                ];
                self.call("/variable/post", &form).await;
            }
            "alert" => {
                let request = self.client.post(format!("{}/flink/alert/add", self.console.url()));
                let body = r#"{"alertName":"hook","alertType":8,"httpCallbackParams":{"url":"http://127.0.0.1:9/"}}"#;
                let request = request.header("Authorization", &self.token).header("Content-Type", "application/json");
                request.body(body).send().await.expect("the console answers");
            }
            step => self.happening(step),
        }
    }

    /// A recorded text with this console's tokens and addresses in it.
    pub async fn filled(&mut self, text: &str) -> String {
        let mut text = text.replace("<token>", &self.token).replace("http://<flink-rest>", &self.flink.address());
        for user in ["test1", "test2", "test3"] {
            let place = format!("<token-of-{user}>");
            if text.contains(&place) {
                text = text.replace(&place, &self.sign_in(user).await);
            }
            let place = format!("<access-token-of-{user}>");
            if text.contains(&place) {
                text = text.replace(&place, &self.access_token(&user.replace("test", "10000")).await);
            }
        }
        if text.contains("<access-token>") {
            text = text.replace("<access-token>", &self.access_token("100000").await);
        }
        if text.contains("<session>") {
            if self.cookie.is_empty() {
                self.cookie = self.new_session().await;
            }
            text = text.replace("<session>", &self.cookie);
        }
        text
    }

    async fn access_token(&mut self, user: &str) -> String {
        if let Some(token) = self.access.get(user) {
            return token.clone();
        }
        self.call("/token/create", &[("userId", user), ("description", "probe")]).await;
        let (_, body) = self.call("/token/list", &[("pageSize", "50")]).await;
        let rows = body["data"]["records"].as_array().cloned().unwrap_or_default();
        let own = rows.iter().find(|row| row["userId"] == user).expect("a token was made");
        let token = own["token"].as_str().unwrap_or_default().to_owned();
        self.access.insert(user.to_owned(), token.clone());
        token
    }

    async fn new_session(&self) -> String {
        let answer = self.send("/flink/app/list", &[("teamId", "100000")]).await.expect("the console answers");
        let mut cookies = answer.headers().get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
        let session = cookies.find_map(|cookie| cookie.strip_prefix("JSESSIONID=")).unwrap_or_default();
        session.split(';').next().unwrap_or_default().to_owned()
    }

    /// What happens without a call.
    fn happening(&self, step: &str) {
        let throws = |what: &str| self.flink.next(Fate::Throws(what.to_owned()));
        match step {
            "throws" => throws("java.lang.IllegalStateException: probe main failed: boom"),
            "access-denied" => {
                throws("java.sql.SQLException: Access denied for user 'cdc'@'localhost' (using password: YES)");
            }
            "finishes" => self.flink.next(Fate::Finishes(Duration::from_secs(2))),
            "fails" => self.flink.next(Fate::Fails(Duration::from_millis(2500))),
            "loops" => self.flink.next(Fate::Loops),
            "fails-at-once" => self.flink.next(Fate::FailsAtOnce),
            "jars-open" => self.flink.set_jars(true),
            "down" => self.flink.set_reachable(false),
            "up" => self.flink.set_reachable(true),
            "forget" => self.flink.forget(),
            "job-canceled" => self.end_jobs("CANCELED"),
            "job-finished" => self.end_jobs("FINISHED"),
            "job-restarting" | "job-restarts" => self.end_jobs("RESTARTING"),
            "slow-main" => self.console.set_times(|times| times.submit = 12_000),
            "lose-jar" => self.console.lose_jar("probe-job.jar"),
            "restart" => self.console.restart(),
            "expire" => self.console.expire_sessions(),
            "build-stays" => self.console.fault("/flink/pipe/build", Fault::BuildRunning, 1),
            "white-list" => self.console.set_white_list(&[
                "/flink/app/list",
                "/flink/app/copy",
                "/flink/pipe/build",
                "/flink/pipe/detail",
                "/flink/app/get",
            ]),
            other => panic!("no step is called {other}"),
        }
    }

    fn end_jobs(&self, state: &str) {
        for job in self.flink.jobs() {
            self.flink.set_state(&job.id, state);
        }
    }

    /// The recipe of the reference: get, change, send every field back.
    pub async fn update(&self, app: &str, changes: &[(&str, &str)]) {
        let (_, body) = self.call("/flink/app/get", &[("id", app)]).await;
        let row = body["data"].as_object().cloned().unwrap_or_default();
        let keys = [
            "id",
            "jobName",
            "versionId",
            "executionMode",
            "jar",
            "mainClass",
            "args",
            "options",
            "dynamicProperties",
            "resolveOrder",
            "restartSize",
            "flinkClusterId",
            "dependency",
            "tags",
            "description",
        ];
        let mut form: Vec<(&str, String)> = Vec::new();
        for key in keys.iter().filter(|key| !changes.iter().any(|(changed, _)| changed == *key)) {
            match row.get(*key) {
                Some(Value::String(text)) => form.push((key, text.clone())),
                Some(Value::Number(number)) => form.push((key, number.to_string())),
                _ => {}
            }
        }
        form.extend(changes.iter().map(|(key, value)| (*key, (*value).to_owned())));
        let form: Vec<(&str, &str)> = form.iter().map(|(key, value)| (*key, value.as_str())).collect();
        assert_eq!(self.call("/flink/app/update", &form).await.1["data"], true);
    }
}

const BAD_DEPENDENCY: &str =
    r#"{"pom":[{"groupId":"com.example.nosuch","artifactId":"nosuch","version":"9.9.9"}],"jar":[]}"#;

/// `3s` or `400ms`.
pub fn time(step: &str) -> Option<u64> {
    let millis = step.strip_suffix("ms").and_then(|number| number.parse().ok());
    millis
        .or_else(|| step.strip_suffix('s').and_then(|number| number.parse::<u64>().ok()).map(|seconds| seconds * 1000))
}

/// Status and body of an answer.
pub async fn answered(response: Response) -> Answered {
    let status = response.status().as_u16();
    let text = response.text().await.expect("the body comes whole");
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    (status, body)
}
