//! The console before the double of Flink: what one does the other sees.
//!
//! Invariant: the jobs of Flink are what is counted; the console's rows are only what it believes.

use std::sync::Arc;
use std::time::Duration;

use doubles::flink::Flink;
use doubles::flink::operation::Then;
use doubles::streampark::{Cluster, Profile, StreamPark};
use serde_json::{Value, json};

const ARGS: &str = "\"mysql_sync_database\" \"--warehouse\" \"file:///warehouse\" \"--database\" \"ods\" \"--including_tables\" \
                    \"orders|customers\" \"--mode\" \"divided\" \"--mysql_conf\" \"hostname=127.0.0.1\" \"--mysql_conf\" \
                    \"port=3306\" \"--mysql_conf\" \"username=cdc\" \"--mysql_conf\" \"password=secret\" \"--mysql_conf\" \
                    \"database-name=shop\" \"--mysql_conf\" \"server-id=5401-5404\" \"--table_conf\" \"bucket=1\" \
                    \"--table_conf\" \"sink.operator-uid.suffix=lk\"";

struct Both {
    flink: Arc<Flink>,
    console: StreamPark,
    client: reqwest::Client,
    token: String,
}

impl Both {
    async fn new() -> Self {
        rustls::crypto::ring::default_provider().install_default().ok();
        let flink = Arc::new(Flink::start().await);
        {
            let world = &mut flink.memory().world;
            world.add("shop", "orders", 1000);
            world.add("shop", "customers", 100);
        }
        flink.memory().cluster.savepoints = Some("file:/savepoints".to_owned());
        flink.memory().cluster.web_submit = false;
        let console = StreamPark::start(Profile::V216, flink.clone()).await;
        let template = console.template("paimon-template", "org.apache.paimon.flink.action.FlinkActions");
        assert_eq!(template, 100_001);
        let client = reqwest::Client::builder().no_proxy().build().expect("a client without TLS can be built");
        let mut both = Self { flink, console, client, token: String::new() };
        let form = [("username", "admin"), ("password", "streampark"), ("loginType", "PASSWORD")];
        let signed = both.call("/passport/signin", &form).await;
        signed["data"]["token"].as_str().expect("admin may sign in").clone_into(&mut both.token);
        both
    }

    async fn call(&self, path: &str, form: &[(&str, &str)]) -> Value {
        let request = self.client.post(format!("{}{path}", self.console.url())).header("Authorization", &self.token);
        let answer = request.form(form).send().await.expect("the console answers");
        answer.json().await.unwrap_or_default()
    }

    fn wait(&self, seconds: u64) {
        self.console.advance(Duration::from_secs(seconds));
    }

    async fn copied_and_started(&self, name: &str) -> String {
        let copied = self.call("/flink/app/copy", &[("id", "100001"), ("jobName", name), ("args", ARGS)]).await;
        let app = copied["data"]["id"].as_str().expect("copy answers an id").to_owned();
        self.call("/flink/pipe/build", &[("appId", &app)]).await;
        self.wait(3);
        self.call("/flink/app/start", &[("id", &app)]).await;
        app
    }

    async fn row(&self, app: &str) -> Value {
        self.call("/flink/app/get", &[("id", app)]).await["data"].clone()
    }

    async fn newest_log(&self, app: &str) -> Value {
        self.call("/flink/app/optionlog", &[("appId", app), ("pageSize", "1")]).await["data"]["records"][0].clone()
    }
}

#[tokio::test]
async fn a_copied_application_runs_as_a_job_of_its_name() {
    let both = Both::new().await;
    let app = both.copied_and_started("ing-shop").await;
    both.wait(20);
    let row = both.row(&app).await;
    assert_eq!(row["state"], 5);
    let living = both.flink.memory().live_named("ing-shop");
    assert_eq!(living, [row["jobId"].as_str().unwrap_or_default()]);
    assert_eq!(row["jobManagerUrl"], both.flink.url());
}

#[tokio::test]
async fn a_wrong_password_leaves_no_job_and_its_sentence_in_the_option_log() {
    let both = Both::new().await;
    both.flink.memory().world.password = Some("another".to_owned());
    let app = both.copied_and_started("denied").await;
    both.wait(5);
    assert_eq!((both.row(&app).await["state"].clone(), both.flink.jobs().len()), (json!(7), 0));
    let log = both.newest_log(&app).await;
    let why = log["exception"].as_str().unwrap_or_default();
    let last = why.lines().rev().find(|line| line.starts_with("Caused by: ")).unwrap_or_default();
    assert!(last.ends_with("Access denied for user 'cdc'@'localhost' (using password: YES)"), "{why}");
    assert!(!why.contains("secret"));
}

#[tokio::test]
async fn the_second_way_runs_a_job_of_a_foreign_name_when_the_cluster_is_open() {
    let both = Both::new().await;
    both.flink.memory().cluster.web_submit = true;
    both.flink.memory().trouble.starts_that_fail = vec!["the line to Flink broke".to_owned()];
    let app = both.copied_and_started("ing-shop").await;
    both.wait(20);
    assert_eq!(both.row(&app).await["state"], 5);
    assert_eq!(both.newest_log(&app).await["success"], true);
    assert!(both.flink.memory().live_named("ing-shop").is_empty());
    assert_eq!(both.flink.memory().live_named("MySQL-Paimon Database Sync: shop").len(), 1);
}

#[tokio::test]
async fn a_job_stopped_through_flink_is_finished_in_the_row_and_starts_from_its_savepoint() {
    let both = Both::new().await;
    let app = both.copied_and_started("ing-shop").await;
    both.wait(20);
    let job = both.row(&app).await["jobId"].as_str().unwrap_or_default().to_owned();
    let request = both.flink.memory().ask(&job, "file:/savepoints", Then::Stop);
    both.wait(10);
    assert_eq!(both.row(&app).await["state"], 10);
    let path = both.flink.savepoint(&job, &request).expect("it is over").expect("it went well");
    let form = [("id", app.as_str()), ("restoreOrTriggerSavepoint", "true"), ("savepointPath", path.as_str())];
    assert_eq!(both.call("/flink/app/start", &form).await["data"], true);
    both.wait(20);
    let job = both.row(&app).await["jobId"].as_str().unwrap_or_default().to_owned();
    let restored = both.flink.memory().job(&job).and_then(|job| job.checkpoints.restored.clone());
    assert!(restored.is_some_and(|restored| restored.savepoint));
}

#[tokio::test]
async fn a_cancel_with_savepoint_cancels_in_flink_and_keeps_a_row() {
    let both = Both::new().await;
    let app = both.copied_and_started("ing-shop").await;
    both.wait(20);
    both.call("/flink/app/cancel", &[("id", &app), ("restoreOrTriggerSavepoint", "true")]).await;
    both.wait(10);
    assert_eq!(both.row(&app).await["state"], 9);
    assert_eq!(both.flink.jobs()[0].state, "CANCELED");
    let history = both.call("/flink/savepoint/history", &[("appId", &app)]).await;
    assert_eq!(history["data"]["records"][0]["type"], 2);
}

#[tokio::test]
async fn a_savepoint_that_is_not_there_fails_after_a_good_submit() {
    let both = Both::new().await;
    let app = both.copied_and_started("ing-shop").await;
    both.wait(20);
    both.call("/flink/app/cancel", &[("id", &app)]).await;
    both.wait(10);
    let form = [("id", app.as_str()), ("restoreOrTriggerSavepoint", "true"), ("savepointPath", "file:/nowhere")];
    both.call("/flink/app/start", &form).await;
    both.wait(10);
    assert_eq!(both.row(&app).await["state"], 7);
    assert_eq!(both.newest_log(&app).await["success"], true, "only Flink knows the reason");
    let job = both.row(&app).await["jobId"].as_str().unwrap_or_default().to_owned();
    let why = both.flink.memory().job(&job).map(|job| job.failures[0].trace.clone()).unwrap_or_default();
    assert!(why.contains("Cannot find checkpoint or savepoint file/directory"), "{why}");
}

#[tokio::test]
async fn a_cluster_that_is_away_or_forgot_its_jobs_freezes_the_row() {
    let both = Both::new().await;
    let app = both.copied_and_started("ing-shop").await;
    both.wait(20);
    both.flink.stop_listening().await;
    both.wait(80);
    assert_eq!(both.row(&app).await["state"], 5);
    both.flink.restart();
    both.flink.listen_again().await;
    both.wait(300);
    assert_eq!((both.row(&app).await["state"].clone(), both.flink.jobs().len()), (json!(5), 0));
}

#[tokio::test]
async fn a_clock_that_is_moved_takes_the_other_along() {
    let both = Both::new().await;
    let app = both.copied_and_started("ing-shop").await;
    both.flink.advance(Duration::from_secs(20));
    assert_eq!(both.row(&app).await["jobId"].as_str().map(str::len), Some(32), "Flink's time was moved");
    both.console.advance(Duration::from_secs(5));
    assert_eq!(both.row(&app).await["state"], 5, "the console's time was moved");
}
