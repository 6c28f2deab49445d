//! Each trap of streampark-api §0.1, sprung: the client's rules are tested against these.
//!
//! Invariant: the name of a test says what the real console was seen to do.

use std::time::Duration;

use doubles::streampark::{Cluster, Fate, Fault, Profile};
use futures::future::join_all;
use serde_json::json;

use super::stage::Stage;

async fn stage() -> Stage {
    Stage::new(Profile::V216).await
}

impl Stage {
    /// How many jobs live in Flink.
    fn living(&self) -> usize {
        self.flink.jobs().iter().filter(|job| job.end.is_none()).count()
    }

    async fn state(&self, app: &str) -> i64 {
        self.row(app).await["state"].as_i64().unwrap_or(-100)
    }
}

/// No. 1 (160 722).
#[tokio::test]
async fn two_equal_copies_at_the_same_moment_both_succeed() {
    for profile in [Profile::V216, Profile::V217] {
        let stage = Stage::new(profile).await;
        stage.console.fault("/flink/app/copy", Fault::Together(2), 2);
        let form = [("id", "100001"), ("jobName", "race")];
        let answers = join_all([stage.call("/flink/app/copy", &form), stage.call("/flink/app/copy", &form)]).await;
        assert!(answers.iter().all(|(status, _)| *status == 200), "{answers:?}");
        assert_eq!(stage.console.apps().iter().filter(|(_, name)| name == "race").count(), 2);
        let (status, body) = stage.call("/flink/app/copy", &form).await;
        assert_eq!((status, &body["code"]), (500, &json!("501")));
    }
}

/// No. 2 (162).
#[tokio::test]
async fn four_starts_at_the_same_moment_are_four_jobs() {
    let mut stage = stage().await;
    let app = stage.built("race").await;
    stage.console.fault("/flink/app/start", Fault::Together(4), 4);
    let form = [("id", app.as_str())];
    let answers = join_all((0..4).map(|_| stage.call("/flink/app/start", &form))).await;
    assert!(answers.iter().all(|(_, body)| body["data"] == true), "{answers:?}");
    stage.wait(8000);
    assert_eq!(stage.living(), 4);
    let row = stage.row(&app).await;
    assert_eq!(row["state"], 5);
    assert!(stage.flink.jobs().iter().any(|job| row["jobId"] == job.id));
}

/// No. 3 (142 314).
#[tokio::test]
async fn a_cancel_while_starting_breaks_the_list_and_the_job_comes_all_the_same() {
    let mut stage = stage().await;
    let app = stage.built("hasty").await;
    stage.steps(&app, "slow-main start 2s cancel").await;
    let (status, body) = stage.call("/flink/app/list", &[("teamId", "100000")]).await;
    assert_eq!((status, &body["code"]), (500, &json!("500")));
    stage.wait(1000);
    assert_eq!(stage.state(&app).await, 7);
    stage.step(&app, "start").await;
    stage.wait(20_000);
    assert_eq!((stage.state(&app).await, stage.living()), (5, 2));
}

/// No. 4 (144 147).
#[tokio::test]
async fn an_abort_leaves_the_job_and_the_next_start_is_a_second_one() {
    let mut stage = stage().await;
    let app = stage.running("aborted").await;
    stage.steps(&app, "abort 5s").await;
    assert_eq!((stage.state(&app).await, stage.living()), (9, 1));
    stage.steps(&app, "start 5s").await;
    assert_eq!((stage.state(&app).await, stage.living()), (5, 2));
}

/// No. 4, while STARTING (144).
#[tokio::test]
async fn an_abort_while_starting_leaves_a_job_that_nobody_tracks() {
    let mut stage = stage().await;
    let app = stage.built("aborted").await;
    stage.steps(&app, "slow-main start 2s abort 15s").await;
    let row = stage.row(&app).await;
    assert_eq!((&row["state"], &row["tracking"], &row["jobId"]), (&json!(9), &json!(0), &json!(null)));
    assert_eq!(stage.living(), 1);
}

/// No. 5 (109 123 125).
#[tokio::test]
async fn a_cancel_of_a_canceled_row_sticks_until_it_is_aborted() {
    for profile in [Profile::V216, Profile::V217] {
        let mut stage = Stage::new(profile).await;
        let app = stage.running("stuck").await;
        stage.steps(&app, "cancel 5s cancel 120s").await;
        assert_eq!(stage.state(&app).await, 8);
        assert_eq!(stage.call("/flink/app/start", &[("id", &app)]).await.1["data"], false);
        stage.steps(&app, "abort 20s").await;
        assert_eq!(stage.state(&app).await, 9);
    }
}

/// No. 6 (127 131).
#[tokio::test]
async fn a_cancel_of_a_row_that_never_started_breaks_the_list_of_the_team() {
    let mut stage = stage().await;
    stage.steps("100020", "copy cancel").await;
    assert_eq!(stage.call("/flink/app/list", &[("teamId", "100000")]).await.0, 500);
    stage.wait(2000);
    assert_eq!(stage.state("100020").await, 7);
}

/// No. 7 (286 288 291 294).
#[tokio::test]
async fn while_flink_is_away_rows_stay_running_and_a_cancel_sticks() {
    let mut stage = stage().await;
    let app = stage.running("down").await;
    let other = stage.running("other").await;
    stage.steps(&app, "down 80s").await;
    assert_eq!(stage.state(&app).await, 5);
    assert_eq!(stage.call("/flink/cluster/list", &[]).await.1["data"][0]["clusterState"], 1);
    assert_eq!(stage.call("/flink/app/cancel", &[("id", &other)]).await.0, 500);
    stage.steps(&app, "up 240s").await;
    assert_eq!((stage.state(&app).await, stage.state(&other).await), (5, 8));
}

/// No. 8 (280 283).
#[tokio::test]
async fn a_job_flink_forgot_stays_running_in_the_row() {
    let mut stage = stage().await;
    let app = stage.running("lost").await;
    stage.steps(&app, "forget 300s").await;
    assert_eq!((stage.state(&app).await, stage.living()), (5, 0));
    stage.steps(&app, "cancel 10s").await;
    assert_eq!(stage.state(&app).await, 7);
}

/// No. 9 (140).
#[tokio::test]
async fn a_job_that_restarts_for_ever_says_running() {
    let mut stage = stage().await;
    let app = stage.built("loop").await;
    stage.steps(&app, "loops start 4s").await;
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..40 {
        stage.wait(500);
        assert_eq!(stage.state(&app).await, 5);
        seen.extend(stage.flink.jobs().into_iter().map(|job| job.state));
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["RESTARTING", "RUNNING"]);
}

/// No. 10 (120–122 139).
#[tokio::test]
async fn a_job_that_fails_after_a_good_submit_leaves_a_clean_option_log() {
    let mut stage = stage().await;
    let app = stage.built("crash").await;
    stage.steps(&app, "fails start 8s").await;
    assert_eq!(stage.state(&app).await, 7);
    let (_, log) = stage.call("/flink/app/optionlog", &[("appId", &app), ("pageSize", "1")]).await;
    let newest = &log["data"]["records"][0];
    assert_eq!(
        (&newest["optionName"], &newest["success"], &newest["exception"]),
        (&json!(1), &json!(true), &json!(null))
    );
}

/// No. 11 (251 262).
#[tokio::test]
async fn a_build_without_its_jar_succeeds_and_the_start_fails() {
    let mut stage = stage().await;
    stage.steps("100020", "copy lose-jar build 3s").await;
    let (_, detail) = stage.call("/flink/pipe/detail", &[("appId", "100020")]).await;
    assert_eq!(detail["data"]["pipeline"]["pipeStatus"], 3);
    stage.steps("100020", "start 3s").await;
    assert_eq!((stage.state("100020").await, stage.living()), (7, 0));
    let (_, log) = stage.call("/flink/app/optionlog", &[("appId", "100020"), ("pageSize", "1")]).await;
    let why = log["data"]["records"][0]["exception"].as_str().unwrap_or_default();
    assert!(why.contains("The program's entry point class 'lakegate.probe.ProbeJob' was not found in the jar file."));
}

/// No. 12 (270–274).
#[tokio::test]
async fn a_restart_of_the_console_leaves_a_starting_row_where_it_was() {
    let mut stage = stage().await;
    let running = stage.running("surv-1").await;
    stage.flink.next(Fate::Finishes(Duration::from_secs(5)));
    let finite = stage.running("surv-fin").await;
    let starting = stage.built("surv-slow").await;
    stage.steps(&starting, "slow-main start 1s").await;
    let later = stage.flink.now() + 10_000;
    stage.flink.go_on(later);
    stage.console.restart();
    assert_eq!(stage.call("/flink/app/list", &[("teamId", "100000")]).await.0, 401);
    stage.token = stage.sign_in("admin").await;
    stage.wait(40_000);
    assert_eq!((stage.state(&running).await, stage.state(&finite).await, stage.state(&starting).await), (5, 10, 3));
    assert_eq!(stage.call("/flink/app/start", &[("id", &starting)]).await.1["data"], false);
    stage.step(&starting, "abort").await;
    assert_eq!(stage.state(&starting).await, 9);
}

/// No. 14 (297 433 434).
#[tokio::test]
async fn a_mapping_right_after_an_abort_sticks_and_one_to_another_job_frees_it() {
    let mut stage = stage().await;
    let app = stage.running("mapped").await;
    let other = stage.running("other").await;
    let (own, others) = (stage.row(&app).await["jobId"].clone(), stage.row(&other).await["jobId"].clone());
    stage.steps(&app, "abort map 60s").await;
    assert_eq!(stage.state(&app).await, 14);
    for job in [others, own] {
        let job = job.as_str().expect("both run").to_owned();
        stage.call("/flink/app/mapping", &[("id", &app), ("jobId", &job)]).await;
        stage.wait(2000);
        assert_eq!(stage.state(&app).await, 5);
    }
}

/// No. 15 (315).
#[tokio::test]
async fn a_savepoint_asked_of_a_stopped_application_never_ends() {
    let mut stage = stage().await;
    let app = stage.built("stopped").await;
    assert_eq!(stage.call("/flink/savepoint/trigger", &[("appId", &app)]).await.1["data"], true);
    stage.wait(480_000);
    let row = stage.row(&app).await;
    assert_eq!((&row["optionState"], &row["release"]), (&json!(4), &json!(1)));
}

/// No. 16 (421 440): it is Flink's cancel-with-savepoint, not its stop.
#[tokio::test]
async fn a_cancel_with_savepoint_cancels_the_job_and_does_not_stop_it() {
    let mut stage = stage().await;
    let app = stage.running("savepoint").await;
    stage.steps(&app, "cancel-savepoint 5s").await;
    assert_eq!(stage.flink.jobs()[0].state, "CANCELED");
    let row = stage.row(&app).await;
    assert_eq!((&row["state"], &row["endTime"]), (&json!(9), &json!(null)));
}

/// No. 17 (462 464 466).
#[tokio::test]
async fn the_second_way_submits_again_under_another_name() {
    let mut stage = stage().await;
    let app = stage.built("ing-shop").await;
    stage.steps(&app, "jars-open throws").await;
    let args = "\"--only\" \"customers|reviews\" \"two words\" \"it's\" \"\" \"password=x y\" \"客户\"";
    stage.call("/flink/app/start", &[("id", &app), ("args", args)]).await;
    stage.wait(5000);
    assert_eq!(stage.state(&app).await, 5);
    let plan = stage.flink.plans().pop().expect("a job runs");
    assert_ne!(plan.name, "ing-shop");
    assert_eq!(plan.args, ["--only", "customers|reviews", "two", "words", "its", "password=x", "y", "??"]);
    let (_, log) = stage.call("/flink/app/optionlog", &[("appId", &app), ("pageSize", "1")]).await;
    assert_eq!(log["data"]["records"][0]["success"], true);
}

/// §6 (148 149).
#[tokio::test]
async fn a_deleted_application_leaves_its_job() {
    let mut stage = stage().await;
    let app = stage.running("deleted").await;
    stage.steps(&app, "delete 5s").await;
    assert!(stage.row(&app).await.is_null());
    assert_eq!(stage.living(), 1);
    let again = stage.call("/flink/app/copy", &[("id", "100001"), ("jobName", "deleted")]).await;
    assert_eq!(again.0, 200, "the name is free at once");
}

/// §12.5 (479).
#[tokio::test]
async fn a_savepoint_that_fails_leaves_the_job_and_a_failed_row() {
    let mut stage = stage().await;
    let app = stage.running("restarting").await;
    stage.flink.next(Fate::Runs);
    stage.steps(&app, "job-restarts cancel-savepoint 30s").await;
    assert_eq!(stage.state(&app).await, 8);
    stage.wait(35_000);
    assert_eq!((stage.state(&app).await, stage.living()), (7, 1));
}
