//! The traps of the real console (streampark-api §0.1) that concern the engine, each sprung.

use domain::cause::CauseCode;
use domain::run::Stage;
use doubles::streampark::Fault;
use lakegate::outside::engine::streampark::seen::{AppState, Change, Copied};

use super::console::Scene;

const START: &str = "/flink/app/start";

#[tokio::test]
async fn a_start_that_never_comes_to_anything_is_freed_after_its_time_and_made_again() {
    for console in Scene::each().await {
        console.console.fault(START, Fault::NeverRuns, 1);
        console.started(&["tenant"]).await;
        assert!(console.live().is_empty());
        assert_eq!(console.row().await.state, AppState::Starting);
        console.pass(240).await;
        assert_eq!(console.runs().await.len(), 1, "within its time nothing else is started");
        console.pass(600).await;
        assert_eq!(console.live().len(), 1, "{:?}", console.runs().await);
    }
}

#[tokio::test]
async fn a_cluster_that_forgot_gets_the_job_again_though_the_row_says_that_it_runs() {
    for console in Scene::each().await {
        let (ana, request) = console.ready(&["tenant"]).await;
        let path = console.runs().await[0].checkpoint.clone().expect("a checkpoint was noted").path;
        console.flink.restart();
        assert_eq!(console.row().await.state, AppState::Running);
        console.pass(60).await;
        let live = console.live();
        let runs = console.runs().await;
        assert_eq!(live.len(), 1, "{runs:?} {:?}", console.row().await);
        assert_eq!(runs[0].restored.as_deref(), Some(path.as_str()));
        assert_eq!(runs[0].engine_id.as_ref(), live.first());
        assert_eq!(ana.item(&request, "tenant").await.state, "ready");
    }
}

#[tokio::test]
async fn a_row_that_says_canceled_while_its_job_lives_is_left_alone() {
    for console in Scene::each().await {
        let (ana, request) = console.ready(&["tenant"]).await;
        let row = console.row().await.id;
        assert!(console.api.abort(&row).await.expect("the console answers"));
        console.pass(120).await;
        assert_eq!(console.live().len(), 1);
        assert_eq!(console.runs().await.len(), 1, "nothing was started beside it");
        assert_eq!(ana.item(&request, "tenant").await.state, "ready");
    }
}

#[tokio::test]
async fn a_jar_that_is_gone_is_told_though_its_build_succeeds() {
    for console in Scene::each_with(|console, _| console.lose_jar("paimon.jar")).await {
        let (ana, request) = console.started(&["tenant"]).await;
        console.pass(60).await;
        assert_eq!(ana.item(&request, "tenant").await.state, "failed");
        let problem = format!("{:?}", ana.request(&request).await.problems);
        assert!(problem.contains("the jar of the template is gone"), "{problem}");
        assert!(console.live().is_empty());
    }
}

#[tokio::test]
async fn arguments_that_somebody_edits_in_the_console_change_nothing() {
    for console in Scene::each().await {
        let (_, _) = console.ready(&["tenant"]).await;
        let row = console.row().await;
        let ours = row.args.expect("arguments").expose().to_owned();
        let change = Change { args: Some("mysql_sync_database --warehouse elsewhere".into()), ..Change::default() };
        assert!(console.api.update(&row.id, &change).await.expect("the console answers"));
        let live = console.live().remove(0);
        assert!(console.flink.memory().cancel(&live));
        console.pass(60).await;
        assert_eq!(console.live().len(), 1);
        let now = console.row().await.args.expect("arguments").expose().to_owned();
        assert_eq!(now, ours, "the next start puts them right");
    }
}

#[tokio::test]
async fn a_console_that_restarts_while_jobs_run_loses_none() {
    for console in Scene::each().await {
        let (ana, request) = console.ready(&["tenant"]).await;
        console.console.restart();
        console.pass(60).await;
        let live = console.live().remove(0);
        assert!(console.flink.memory().cancel(&live));
        console.pass(60).await;
        assert_eq!(console.live().len(), 1);
        assert_eq!(console.runs().await.len(), 2);
        assert_eq!(ana.item(&request, "tenant").await.state, "ready");
    }
}

#[tokio::test]
async fn a_console_that_restarts_in_the_middle_of_a_start_is_waited_for_then_the_row_is_freed() {
    for console in Scene::each_with(|console, _| console.set_times(|times| times.submit = 60_000_000)).await {
        console.started(&["tenant"]).await;
        console.console.restart();
        console.console.set_times(|times| times.submit = 900);
        console.pass(900).await;
        assert_eq!(console.live().len(), 1, "{:?}", console.runs().await);
    }
}

#[tokio::test]
async fn of_two_applications_of_our_name_none_is_started_and_that_is_told() {
    for console in Scene::each().await {
        let (ana, request) = console.ready(&["tenant"]).await;
        let (job, row) = (console.job().await, console.row().await.id);
        let template = console.api.find("paimon").await.expect("the console answers").remove(0).id;
        assert!(console.api.delete(&row).await.expect("the console answers"));
        console.console.fault("/flink/app/copy", Fault::Together(2), 2);
        let copies = tokio::join!(console.api.copy(&template, &job, ""), console.api.copy(&template, &job, ""));
        assert!(matches!(copies, (Ok(Copied::As(_)), Ok(Copied::As(_)))), "a copy is not atomic: {copies:?}");
        let live = console.live().remove(0);
        assert!(console.flink.memory().cancel(&live));
        console.pass(60).await;
        assert!(console.live().is_empty());
        let item = ana.item(&request, "tenant").await.id;
        assert_eq!(console.trouble(&item).await, Some(CauseCode::EngineRefused));
    }
}

#[tokio::test]
async fn a_start_that_becomes_two_jobs_is_told() {
    for console in Scene::each().await {
        console.console.fault(START, Fault::Twice, 1);
        let (ana, request) = console.started(&["tenant"]).await;
        console.pass(30).await;
        assert_eq!(console.runs().await.len(), 1, "nothing more is started");
        let item = ana.item(&request, "tenant").await;
        assert_eq!(item.state, "failed");
        let problem = ana.request(&request).await.problems.remove(0);
        assert_eq!(problem.next.key, "next.job_foreign");
    }
}

#[tokio::test]
async fn the_second_try_of_a_failed_start_runs_under_another_name_and_is_told_and_not_started_beside() {
    for console in Scene::each_with(|_, flink| {
        let mut memory = flink.memory();
        memory.cluster.web_submit = true;
        memory.world.password = None;
        memory.trouble.starts_that_fail.push("the way to the database was cut".into());
    })
    .await
    {
        let (ana, request) = console.started(&["tenant"]).await;
        console.pass(60).await;
        let names: Vec<_> = {
            let memory = console.flink.memory();
            memory.jobs().filter(|job| job.lives()).map(|job| job.name.clone()).collect()
        };
        assert_eq!(names, [format!("MySQL-Paimon Database Sync: {}", console.server.database)]);
        assert_eq!(console.runs().await.len(), 1);
        let next = ana.request(&request).await.problems.remove(0).next.key;
        assert_eq!(next, "next.job_foreign");
        let item = ana.item(&request, "tenant").await;
        assert_eq!(item.state, "failed");
    }
}

#[tokio::test]
async fn a_wrong_password_at_the_source_is_told_by_the_console_s_log() {
    for console in Scene::each_with(|_, flink| flink.memory().world.password = Some("another".into())).await {
        let (ana, request) = console.started(&["tenant"]).await;
        console.pass(60).await;
        let problem = ana.request(&request).await.problems.remove(0);
        assert_eq!(problem.next.key, "next.source_denied");
        assert!(!format!("{problem:?}").contains("the word"));
        let runs = console.runs().await;
        assert!(matches!(runs[0].stage, Stage::Ended { .. }), "{runs:?}");
        assert!(console.live().is_empty());
    }
}

#[tokio::test]
async fn a_job_of_our_name_that_somebody_started_in_the_console_is_told_and_nothing_is_started_beside() {
    for console in Scene::each().await {
        let (ana, request) = console.ready(&["tenant"]).await;
        console.flink.memory().world.password = None;
        let row = console.row().await.id;
        let live = console.live().remove(0);
        assert!(console.flink.memory().cancel(&live));
        let from = lakegate::outside::engine::streampark::seen::From::default();
        console.console.advance(std::time::Duration::from_secs(5));
        console.api.start(&row, &from, None).await.expect("somebody starts it by hand");
        console.console.advance(std::time::Duration::from_secs(5));
        console.pass(60).await;
        assert_eq!(console.live().len(), 1);
        let item = ana.item(&request, "tenant").await.id;
        assert_eq!(console.trouble(&item).await, Some(CauseCode::JobForeign));
    }
}
