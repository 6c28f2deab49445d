//! What goes wrong at a cluster, and how little of it Flink shows (real-stack §1, §4, §5).

use std::time::Duration;

use doubles::flink::{Break, Flink, JobSubmission, Pace};
use serde_json::{Value, json};

use crate::client::{Client, args, rows, shop};

async fn cluster() -> (Flink, Client) {
    let flink = Flink::start().await;
    shop(&flink);
    let client = Client::of(&flink).await;
    (flink, client)
}

fn seconds(number: u64) -> Duration {
    Duration::from_secs(number)
}

impl Client {
    async fn state(&self, id: &str) -> String {
        self.get(&format!("/jobs/{id}/status")).await["status"].as_str().expect("a word").to_owned()
    }

    /// The newest failure: its task, and the sentence of its trace.
    async fn failure(&self, id: &str) -> (Option<String>, String) {
        let all = self.get(&format!("/jobs/{id}/exceptions")).await;
        let newest = &all["exceptionHistory"]["entries"][0];
        (newest["taskName"].as_str().map(str::to_owned), crate::shape::sentence(&newest["stacktrace"]))
    }

    async fn completed(&self, id: &str) -> u64 {
        self.get(&format!("/jobs/{id}/checkpoints")).await["counts"]["completed"].as_u64().expect("a number")
    }
}

#[tokio::test]
async fn one_bad_table_stops_all_tables_and_can_be_taken_out_from_the_last_checkpoint() {
    let (flink, client) = cluster().await;
    let id = client.start("lakegate-1", &["customers", "payments"], &json!({})).await;
    flink.advance(seconds(60));
    let path = flink.memory().newest_checkpoint(&id).expect("a checkpoint");
    let before = client.completed(&id).await;
    let bad = Break::corrupt_record("+I {id=1}");
    flink.memory().world.table_mut("shop", "payments").expect("a table").breaks = Some(bad.clone());
    flink.memory().break_job(&id, bad);
    flink.memory().world.table_mut("shop", "customers").expect("a table").insert(9);
    flink.advance(seconds(40));
    assert_eq!((client.state(&id).await.as_str(), client.failure(&id).await.0), ("RUNNING", None));
    assert_eq!((client.completed(&id).await, rows(&flink, "customers")), (before, Some(20_000)));
    flink.advance(seconds(12));
    let (task, said) = client.failure(&id).await;
    assert!(task.is_some_and(|task| task.starts_with("Writer : ")) && said.starts_with("Unable to process element."));
    flink.memory().heal(&id);
    flink.advance(seconds(200));
    assert!(client.failure(&id).await.0.is_some_and(|task| task.starts_with("Writer : payments -> ")));
    assert!(client.stop(&flink, &id).await.is_err(), "a job in a loop cannot be stopped");
    flink.memory().cancel(&id);
    flink.advance(seconds(5));
    let more = json!({ "savepointPath": path, "allowNonRestoredState": true });
    let second = client.start("lakegate-1", &["customers"], &more).await;
    flink.advance(seconds(60));
    assert_eq!((client.state(&second).await.as_str(), rows(&flink, "customers")), ("RUNNING", Some(20_009)));
}

#[tokio::test]
async fn a_job_that_gets_no_slots_says_running_and_holds_what_is_free() {
    let (flink, client) = cluster().await;
    let wide = client.start("wide", &["customers"], &json!({ "parallelism": 9 })).await;
    flink.advance(seconds(5));
    let later = client.start("later", &["products"], &json!({})).await;
    flink.advance(seconds(20));
    for id in [&wide, &later] {
        let job = client.get(&format!("/jobs/{id}")).await;
        assert_eq!((job["state"].as_str(), job["vertices"][0]["status"].as_str()), (Some("RUNNING"), Some("CREATED")));
    }
    assert_eq!(client.get("/overview").await["slots-available"], 0);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..700 {
        flink.advance(Duration::from_millis(100));
        seen.insert(client.state(&wide).await);
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["RESTARTING", "RUNNING"]);
    assert_eq!(client.failure(&wide).await.1, "Could not acquire the minimum required resources.");
}

#[tokio::test]
async fn a_job_that_was_accepted_may_never_run() {
    let (flink, client) = cluster().await;
    flink.memory().trouble.starts_that_never_run = 1;
    let id = client.start("lakegate-1", &["customers"], &json!({})).await;
    flink.advance(seconds(600));
    assert_eq!((client.state(&id).await.as_str(), client.completed(&id).await), ("RUNNING", 0));
    assert_eq!(client.get(&format!("/jobs/{id}")).await["vertices"][1]["status"], "CREATED");
}

#[tokio::test]
async fn a_database_that_is_away_shows_nowhere_and_its_changes_come_after_it_returned() {
    let (flink, client) = cluster().await;
    let id = client.start("lakegate-1", &["customers"], &json!({})).await;
    flink.advance(seconds(60));
    flink.memory().world.reachable = false;
    flink.memory().world.table_mut("shop", "customers").expect("a table").insert(3);
    let before = client.completed(&id).await;
    flink.advance(seconds(60));
    assert_eq!((client.state(&id).await.as_str(), client.failure(&id).await.1), ("RUNNING", String::new()));
    assert_eq!((client.completed(&id).await, rows(&flink, "customers")), (before + 6, Some(20_000)));
    flink.memory().world.reachable = true;
    flink.advance(seconds(20));
    assert_eq!(rows(&flink, "customers"), Some(20_003));
}

#[tokio::test]
async fn a_cancel_with_savepoint_loses_rows_where_operators_have_no_suffix() {
    for (suffix, left, restarts) in [(true, 20_007, 1), (false, 20_000, 0)] {
        let (flink, client) = cluster().await;
        let list = |tables: &[&str]| {
            let all = args("lakegate-1", tables);
            let end = if suffix { all.len() } else { all.len() - 2 };
            all[..end].to_vec()
        };
        let first = json!({ "programArgsList": list(&["customers"]) });
        let id = client.start("lakegate-1", &["customers"], &first).await;
        flink.advance(seconds(60));
        flink.memory().world.table_mut("shop", "customers").expect("a table").insert(7);
        flink.advance(Duration::from_millis(10));
        let body = json!({ "cancel-job": true });
        let answer = client.call("POST", &format!("/jobs/{id}/savepoints"), Some(&body)).await.expect("an answer");
        let request = answer.json::<Value>().await.expect("JSON")["request-id"].as_str().expect("an id").to_owned();
        flink.advance(seconds(3));
        let poll = client.get(&format!("/jobs/{id}/savepoints/{request}")).await;
        assert_eq!((client.state(&id).await.as_str(), rows(&flink, "customers")), ("CANCELED", Some(20_000)));
        let more = json!({
            "savepointPath": poll["operation"]["location"],
            "allowNonRestoredState": true,
            "programArgsList": list(&["customers", "products"]),
        });
        let second = client.start("lakegate-1", &[], &more).await;
        flink.advance(seconds(60));
        assert_eq!(rows(&flink, "customers"), Some(left));
        assert_eq!(flink.memory().job(&second).map(|job| job.restarts), Some(restarts), "one restart is meant");
    }
}

#[tokio::test]
async fn savepoints_and_checkpoints_can_fail_while_the_job_goes_on() {
    let (flink, client) = cluster().await;
    let id = client.start("lakegate-1", &["customers"], &json!({})).await;
    flink.advance(seconds(30));
    flink.memory().trouble.savepoints_fail = Some("No space left on device".into());
    let why = client.stop(&flink, &id).await.expect_err("the disk is full");
    assert_eq!(crate::shape::sentence(&why.into()), "No space left on device");
    assert_eq!(client.state(&id).await, "RUNNING");
    flink.memory().stop_checkpoints(&id, true);
    let before = client.completed(&id).await;
    flink.advance(seconds(120));
    assert_eq!((client.completed(&id).await, client.state(&id).await.as_str()), (before, "RUNNING"));
    flink.advance(seconds(600));
    assert!(client.failure(&id).await.1.starts_with("Exceeded checkpoint tolerable failure threshold."));
}

#[tokio::test]
async fn two_jobs_with_the_same_numbers_cut_each_other_off() {
    let (flink, client) = cluster().await;
    let one = client.start("lakegate-1", &["customers"], &json!({})).await;
    flink.advance(seconds(30));
    let wanted = JobSubmission { args: args("lakegate-1", &["customers"]), ..JobSubmission::default() };
    let two = flink.submit(wanted).expect("it is taken");
    flink.advance(seconds(30));
    for id in [&one, &two] {
        assert!(client.failure(id).await.1.starts_with("A slave with the same server_uuid/server_id"), "{id}");
    }
    assert_eq!(flink.memory().doubled_server_ids().len(), 1);
    flink.memory().cancel(&two);
    flink.advance(seconds(60));
    let restarts = flink.memory().job(&one).map(|job| job.restarts);
    flink.advance(seconds(60));
    assert_eq!(flink.memory().job(&one).map(|job| job.restarts), restarts, "alone again it goes on");
}

#[tokio::test]
async fn a_second_job_of_one_name_is_written_down_also_when_it_is_over_soon() {
    let (flink, client) = cluster().await;
    let first = client.start("lakegate-1", &["customers"], &json!({})).await;
    let second = client.start("lakegate-1", &["products"], &json!({})).await;
    assert_eq!(flink.memory().doubled_names(), ["lakegate-1"]);
    flink.memory().cancel(&second);
    flink.advance(seconds(3_700));
    let memory = flink.memory();
    assert!(memory.job(&second).is_none(), "ended jobs are known for an hour");
    assert_eq!((memory.live_named("lakegate-1"), memory.doubled_names()), (vec![first.clone()], Vec::new()));
    assert_eq!(memory.ever_doubled().map(|ran| ran.beside.clone()).collect::<Vec<_>>(), [vec![first]]);
}

#[tokio::test]
async fn help_ends_the_job_manager_unless_that_is_intercepted() {
    let (flink, client) = cluster().await;
    client.start("lakegate-1", &["customers"], &json!({})).await;
    let help = json!({ "programArgsList": ["mysql_sync_database", "--help"] });
    let (status, _) = client.try_start("help", &[], &help).await.expect("an answer");
    assert_eq!((status, flink.memory().live_named("lakegate-1").len()), (400, 1));
    flink.memory().cluster.intercepts_exit = false;
    assert!(client.try_start("help", &[], &help).await.is_none());
    assert!(client.text("/overview").await.is_none(), "it is gone");
    flink.listen_again().await;
    assert_eq!(client.get("/jobs/overview").await, json!({ "jobs": [] }));
}

#[tokio::test]
async fn a_cluster_without_submissions_takes_no_jar_but_a_graph() {
    let (flink, client) = cluster().await;
    flink.memory().cluster.web_submit = false;
    for (method, path) in [("GET", "/jars"), ("POST", "/jars/upload"), ("POST", "/jars/a/run")] {
        let answer = client.call(method, path, None).await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 404, "{path}");
    }
    assert_eq!(client.get("/config").await["features"]["web-submit"], false);
    flink.memory().pace = Pace::AT_ONCE;
    let wanted = JobSubmission { args: args("lakegate-1", &["customers"]), ..JobSubmission::default() };
    let id = flink.submit(wanted).expect("it is taken");
    assert_eq!(client.get(&format!("/jobs/{id}")).await["vertices"][1]["status"], "RUNNING");
}

#[tokio::test]
async fn a_table_without_a_key_is_left_out_in_silence_and_odd_ones_stop_all() {
    let (flink, client) = cluster().await;
    let id = client.start("lakegate-1", &["customers", "events_nopk"], &json!({})).await;
    assert_eq!(client.read_records(&id).await, [("customers".into(), 0)]);
    flink.memory().world.add("shop", "odd$name", 1);
    let (status, body) =
        client.try_start("lakegate-2", &["customer_tags", "odd\\$name"], &json!({})).await.expect("one");
    let said = crate::shape::sentence(&body["errors"][0]);
    assert!(status == 400 && said.starts_with("Cannot 'createTable' for system table"), "{said}");
    assert_eq!(rows(&flink, "customer_tags"), Some(0), "the table before it was made and stays");
    assert_eq!(flink.memory().ran().len(), 1);
}

#[tokio::test]
async fn arguments_are_remembered_with_a_placeholder_for_the_password() {
    let (flink, client) = cluster().await;
    let id = client.start("lakegate-1", &["customers"], &json!({})).await;
    let given = flink.memory().job(&id).expect("it is there").given.clone();
    assert!(given.list.contains(&"password=<lakegate:source>".to_owned()), "{:?}", given.list);
    assert!(!format!("{given:?}").contains("secret"), "no password is shown");
}
