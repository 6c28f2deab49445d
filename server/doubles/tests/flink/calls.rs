//! The double of Flink over HTTP: a job's life, its faults, and what it does to the lake.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use doubles::flink::{Call, Fault, Flink, Gate};

use serde_json::json;

use crate::client::{Client, rows, shop};

const MINUTE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn a_job_runs_copies_table_by_table_and_commits_at_checkpoints() {
    let flink = Flink::start().await;
    shop(&flink);
    let commits = Arc::new(Mutex::new(Vec::new()));
    flink.on_commit({
        let commits = commits.clone();
        move |commit| {
            commits.lock().expect("nobody panicked").push((commit.table.clone(), commit.snapshot, commit.rows));
        }
    });
    let client = Client::of(&flink).await;
    let id = client.start("lakegate-1", &["customers", "orders"], &json!({})).await;
    let job = client.get(&format!("/jobs/{id}")).await;
    assert_eq!((job["state"].as_str(), job["vertices"][0]["status"].as_str()), (Some("CREATED"), Some("CREATED")));
    flink.advance(Duration::from_millis(400));
    let job = client.get(&format!("/jobs/{id}")).await;
    assert_eq!((job["state"].as_str(), job["vertices"][0]["status"].as_str()), (Some("RUNNING"), Some("CREATED")));
    flink.advance(Duration::from_secs(15));
    // 20,000 customers in 4 s, then orders; REST shows numbers that are up to 10 s old.
    assert_eq!(client.read_records(&id).await, [("customers".into(), 20_000), ("orders".into(), 30_000)]);
    flink.advance(MINUTE);
    assert_eq!(client.read_records(&id).await, [("customers".into(), 20_000), ("orders".into(), 200_000)]);
    let seen = commits.lock().expect("nobody panicked").clone();
    assert_eq!(seen.first(), Some(&("customers".to_owned(), 1, 20_000)));
    assert_eq!(seen.last(), Some(&("orders".to_owned(), 5, 200_000)));
    let idle = seen.len();
    flink.advance(MINUTE);
    assert_eq!(commits.lock().expect("nobody panicked").len(), idle, "an idle table commits nothing");
    let checkpoints = client.get(&format!("/jobs/{id}/checkpoints")).await;
    assert_eq!(checkpoints["counts"]["completed"], 13);
    assert_eq!(checkpoints["latest"]["completed"]["external_path"], format!("file:/checkpoints/{id}/chk-13"));
}

#[tokio::test]
async fn a_stop_commits_and_its_savepoint_carries_a_longer_list_on() {
    let flink = Flink::start().await;
    shop(&flink);
    let client = Client::of(&flink).await;
    let id = client.start("lakegate-1", &["customers"], &json!({})).await;
    flink.advance(MINUTE);
    flink.memory().world.table_mut("shop", "customers").expect("a table").insert(5);
    flink.advance(Duration::from_millis(10));
    let path = client.stop(&flink, &id).await.expect("a savepoint");
    assert_eq!(client.get(&format!("/jobs/{id}")).await["state"], "FINISHED");
    assert_eq!(rows(&flink, "customers"), Some(20_005));
    let second = client.start("lakegate-1", &["customers", "products"], &json!({ "savepointPath": path })).await;
    flink.advance(MINUTE);
    assert_eq!(client.read_records(&second).await, [("customers".into(), 0), ("products".into(), 5_000)]);
    let restored = client.get(&format!("/jobs/{second}/checkpoints")).await["latest"]["restored"].clone();
    assert_eq!(
        (restored["external_path"].as_str(), restored["is_savepoint"].as_bool()),
        (Some(path.as_str()), Some(true))
    );
    let memory = flink.memory();
    let users = &memory.world.lake("file:///warehouse", "ods", "customers").expect("a table").commit_users;
    assert_eq!(users.len(), 1, "with the suffix the writers keep their state");
    assert!(memory.doubled_names().is_empty() && memory.ever_doubled().next().is_none());
    assert_eq!(memory.ran().len(), 2);
}

#[tokio::test]
async fn a_lost_reply_tells_nothing_about_the_act() {
    let flink = Flink::start().await;
    shop(&flink);
    let client = Client::of(&flink).await;
    let id = json!({ "jobId": "aaaabbbbccccddddeeeeffff00001111" });
    flink.fault(Call::Run, Fault::lost_before(), 1);
    assert!(client.try_start("lakegate-1", &["customers"], &id).await.is_none());
    assert!(flink.memory().ran().is_empty());
    flink.fault(Call::Run, Fault::lost_after(), 1);
    assert!(client.try_start("lakegate-1", &["customers"], &id).await.is_none());
    assert_eq!(flink.memory().ran().len(), 1);
    let (status, body) = client.try_start("lakegate-1", &["customers"], &id).await.expect("an answer");
    assert_eq!(status, 400);
    assert!(body["errors"][0].as_str().is_some_and(|text| text.contains("Job has already been submitted.")));
    flink.fault(Call::Run, Fault::error_after(500), 1);
    let (status, _) = client.try_start("lakegate-2", &["products"], &json!({})).await.expect("an answer");
    assert_eq!((status, flink.memory().ran().len()), (500, 2));
}

#[tokio::test]
async fn a_held_call_waits_for_its_gate_and_a_proxy_answers_a_page() {
    let flink = Flink::start().await;
    let client = Client::of(&flink).await;
    let gate = Gate::default();
    flink.fault(Call::Jobs, Fault::held_after(&gate), 1);
    let look = client.clone();
    let held = tokio::spawn(async move { look.get("/jobs/overview").await });
    gate.reached().await;
    assert!(!held.is_finished());
    gate.open();
    assert_eq!(held.await.expect("it ends"), json!({ "jobs": [] }));
    flink.fault(Call::Any, Fault::html(200), 1);
    assert!(client.text("/overview").await.expect("an answer").starts_with("<html>"));
}

#[tokio::test]
async fn a_cluster_that_does_not_listen_refuses_also_who_was_connected_and_comes_back_with_its_memory() {
    let flink = Flink::start().await;
    shop(&flink);
    let client = Client::of(&flink).await;
    let id = client.start("lakegate-1", &["customers"], &json!({})).await;
    flink.stop_listening().await;
    assert!(client.text("/overview").await.is_none());
    flink.listen_again().await;
    assert_eq!(client.get("/jobs/overview").await["jobs"][0]["jid"], id);
    flink.restart();
    assert_eq!(client.get("/jobs/overview").await, json!({ "jobs": [] }));
    assert_eq!(client.get("/jars").await["files"].as_array().map(Vec::len), Some(1));
    assert_eq!(flink.memory().ran().len(), 1);
}
