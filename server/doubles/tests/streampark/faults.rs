//! What can be switched on: each fault does what it says, as often as it was told, and to no other path.
//!
//! Invariant: after a fault is used up the console answers as before.

use std::time::Duration;

use doubles::streampark::{Cluster, Fault, Profile, Role};
use serde_json::json;

use super::stage::Stage;

const COPY: &str = "/flink/app/copy";

fn copies(stage: &Stage, name: &str) -> usize {
    stage.console.apps().iter().filter(|(_, other)| other == name).count()
}

#[tokio::test]
async fn an_answer_is_lost_before_or_after_the_act() {
    let stage = Stage::new(Profile::V216).await;
    for (fault, made) in [(Fault::LostBefore, 0), (Fault::LostAfter, 1)] {
        stage.console.fault(COPY, fault, 1);
        let sent = stage.send(COPY, &[("id", "100001"), ("jobName", "lost")]).await;
        assert!(sent.is_err(), "no byte of an answer came");
        assert_eq!(copies(&stage, "lost"), made);
    }
    assert_eq!(stage.call(COPY, &[("id", "100001"), ("jobName", "other")]).await.0, 200);
}

#[tokio::test]
async fn http_500_comes_without_the_act_or_after_it() {
    let stage = Stage::new(Profile::V216).await;
    for (fault, made) in [(Fault::Error, 0), (Fault::ErrorAfter, 1)] {
        stage.console.fault(COPY, fault, 1);
        assert_eq!(stage.call(COPY, &[("id", "100001"), ("jobName", "broken")]).await.0, 500);
        assert_eq!(copies(&stage, "broken"), made);
    }
}

#[tokio::test]
async fn a_token_dies_in_the_middle_and_a_proxy_answers_with_a_page() {
    let stage = Stage::new(Profile::V216).await;
    stage.console.fault("/flink/app/list", Fault::Unauthorised, 1);
    assert_eq!(stage.call("/flink/app/list", &[("teamId", "100000")]).await, (401, json!("")));
    stage.console.fault("/flink/app/list", Fault::Html(502), 1);
    let answer = stage.send("/flink/app/list", &[("teamId", "100000")]).await.expect("an answer comes");
    assert_eq!(answer.headers()["content-type"], "text/html");
    assert_eq!(stage.call("/flink/app/list", &[("teamId", "100000")]).await.0, 200);
}

#[tokio::test]
async fn a_list_is_away_for_seconds() {
    let stage = Stage::new(Profile::V216).await;
    stage.console.fault_for("/flink/app/list", Fault::Error, Duration::from_secs(3));
    for _ in 0..3 {
        assert_eq!(stage.call("/flink/app/list", &[("teamId", "100000")]).await.0, 500);
        stage.wait(1000);
    }
    assert_eq!(stage.call("/flink/app/list", &[("teamId", "100000")]).await.0, 200);
}

#[tokio::test]
async fn a_slow_answer_comes_in_the_end() {
    let stage = Stage::new(Profile::V216).await;
    stage.console.fault(COPY, Fault::Slow(Duration::from_millis(30)), 1);
    let begun = std::time::Instant::now();
    assert_eq!(stage.call(COPY, &[("id", "100001"), ("jobName", "slow")]).await.0, 200);
    assert!(begun.elapsed() >= Duration::from_millis(30));
}

#[tokio::test]
async fn a_state_jumps_back_in_one_answer() {
    let mut stage = Stage::new(Profile::V216).await;
    let app = stage.running("jumps").await;
    stage.steps(&app, "cancel 5s").await;
    stage.console.fault("/flink/app/get", Fault::Older, 1);
    let states =
        [stage.call("/flink/app/get", &[("id", &app)]).await, stage.call("/flink/app/get", &[("id", &app)]).await];
    assert_eq!(states.map(|(_, body)| body["data"]["state"].clone()), [json!(8), json!(9)]);
}

#[tokio::test]
async fn a_start_is_accepted_and_never_runs_or_runs_twice() {
    let mut stage = Stage::new(Profile::V216).await;
    let app = stage.built("never").await;
    stage.console.fault("/flink/app/start", Fault::NeverRuns, 1);
    stage.steps(&app, "start 600s").await;
    assert_eq!((stage.row(&app).await["state"].clone(), stage.flink.jobs().len()), (json!(3), 0));
    stage.step(&app, "abort").await;
    stage.console.fault("/flink/app/start", Fault::Twice, 1);
    stage.steps(&app, "start 5s").await;
    assert_eq!((stage.row(&app).await["state"].clone(), stage.flink.jobs().len()), (json!(5), 2));
}

#[tokio::test]
async fn a_build_stays_pending_or_running_or_fails_or_is_empty() {
    let mut stage = Stage::new(Profile::V216).await;
    let faults = [
        ("100020", Fault::BuildPending, 1),
        ("100021", Fault::BuildRunning, 2),
        ("100022", Fault::BuildFails("java.io.IOException: No space left on device".to_owned()), 4),
        ("100023", Fault::EmptyJar, 3),
    ];
    for (app, fault, status) in faults {
        stage.console.fault("/flink/pipe/build", fault, 1);
        stage.steps(app, "copy build 600s").await;
        assert_eq!(stage.row(app).await["buildStatus"], status, "{app}");
    }
    let (status, body) = stage.call("/flink/pipe/build", &[("appId", "100021")]).await;
    assert_eq!((status, &body["code"]), (500, &json!("501")), "it is built already");
    assert_eq!(stage.call("/flink/pipe/build", &[("appId", "100021"), ("forceBuild", "true")]).await.0, 200);
    stage.steps("100023", "start 3s").await;
    assert_eq!(stage.row("100023").await["state"], 7);
}

#[tokio::test]
async fn a_restart_in_the_middle_of_a_build_leaves_it_running_for_ever() {
    let mut stage = Stage::new(Profile::V216).await;
    stage.steps("100020", "copy build 400ms restart again 60s").await;
    assert_eq!(stage.row("100020").await["buildStatus"], 2);
    assert_eq!(stage.call("/flink/pipe/build", &[("appId", "100020")]).await.0, 500);
    stage.call("/flink/pipe/build", &[("appId", "100020"), ("forceBuild", "true")]).await;
    stage.wait(3000);
    assert_eq!(stage.row("100020").await["buildStatus"], 3);
}

#[tokio::test]
async fn a_session_ends_and_a_user_is_locked() {
    let stage = Stage::new(Profile::V216).await;
    stage.wait(2 * 60 * 60 * 1000);
    assert_eq!(stage.call("/flink/app/list", &[("teamId", "100000")]).await.0, 401);
    stage.console.add_user("portal", &[(100_000, Role::Developer)]);
    let token = stage.sign_in("portal").await;
    assert!(!token.is_empty());
    stage.console.lock_user("portal", true);
    let form = [("username", "portal"), ("password", "streampark"), ("loginType", "PASSWORD")];
    let (status, body) = stage.call("/passport/signin", &form).await;
    assert_eq!((status, body), (200, json!({"status": "success", "code": 1})));
}
