//! Answers that are lost, late or lies: never a second job, never one that nobody knows of.

use api::looks::{Outcome, Tested};
use api::paths;
use api::requests::TendVerb;
use api::routes::RouteForm;
use doubles::flink::{Call, Fault};

use super::cluster::Cluster;

/// The cluster reads the table; none of it is in the lake.
fn on_its_way(state: &str) -> bool {
    ["copying", "verifying"].contains(&state)
}

#[tokio::test]
async fn whatever_becomes_of_the_answer_to_a_start_there_is_one_job() {
    for fault in
        [Fault::lost_before(), Fault::lost_after(), Fault::error_after(500), Fault::html(200), Fault::html(502)]
    {
        for cluster in Cluster::each().await {
            cluster.flink.fault(Call::Run, fault.clone(), 1);
            let (ana, request) = cluster.started(&["tenant"]).await;
            cluster.pass(60).await;
            assert_eq!(cluster.live().len(), 1, "{fault:?}");
            assert!(on_its_way(&ana.item(&request, "tenant").await.state), "{fault:?}");
            assert_eq!(cluster.runs().await.len(), 1, "{fault:?}: it is told again by the same id");
        }
    }
}

#[tokio::test]
async fn whatever_becomes_of_the_answers_to_other_calls_there_is_one_job() {
    for call in [Call::Jars, Call::Upload, Call::Jobs, Call::Overview, Call::Job, Call::Checkpoints] {
        for cluster in Cluster::each().await {
            cluster.flink.fault(call, Fault::lost_after(), 2);
            cluster.started(&["tenant"]).await;
            cluster.pass(60).await;
            assert_eq!(cluster.live().len(), 1, "{call:?}");
        }
    }
}

#[tokio::test]
async fn a_cluster_that_is_away_is_waited_for() {
    for cluster in Cluster::each().await {
        cluster.flink.stop_listening().await;
        let (ana, request) = cluster.started(&["tenant"]).await;
        cluster.pass(30).await;
        let state = ana.item(&request, "tenant").await.state;
        assert!(["placed", "failed"].contains(&state.as_str()), "{state}");
        cluster.flink.listen_again().await;
        cluster.pass(300).await;
        assert_eq!(cluster.live().len(), 1);
        assert!(on_its_way(&ana.item(&request, "tenant").await.state));
    }
}

#[tokio::test]
async fn a_wrong_password_is_told_to_the_owner_of_the_source_and_nothing_is_left() {
    for cluster in Cluster::each().await {
        cluster.flink.memory().world.password = Some("another".into());
        let (ana, request) = cluster.started(&["tenant"]).await;
        cluster.pass(60).await;
        assert_eq!(ana.item(&request, "tenant").await.state, "failed");
        let problem = ana.request(&request).await.problems.remove(0);
        assert_eq!(problem.next.key, "next.source_denied");
        assert!(!format!("{problem:?}").contains("the word"));
        assert!(cluster.live().is_empty());
    }
}

#[tokio::test]
async fn a_stop_that_is_told_twice_or_whose_savepoint_fails_loses_no_job() {
    for fault in [Fault::lost_before(), Fault::lost_after(), Fault::error_after(500)] {
        for cluster in Cluster::each().await {
            let (ana, request) = cluster.ready(&["tenant", "contract"]).await;
            cluster.flink.fault(Call::Stop, fault.clone(), 1);
            let contract = ana.item(&request, "contract").await;
            assert_eq!(ana.tend_one(TendVerb::LeaveOut, &contract.id).await, None);
            cluster.pass(60).await;
            assert_eq!(cluster.live().len(), 1, "{fault:?}");
            assert_eq!(cluster.runs().await[0].tables.len(), 1, "{fault:?}");
        }
    }
}

#[tokio::test]
async fn without_room_at_the_cluster_a_job_waits_and_holds_nothing() {
    for cluster in Cluster::each().await {
        cluster.flink.memory().cluster.slots = 0;
        let (ana, request) = cluster.started(&["tenant"]).await;
        cluster.pass(60).await;
        assert!(cluster.live().is_empty());
        cluster.flink.memory().cluster.slots = 4;
        cluster.pass(300).await;
        assert_eq!(cluster.live().len(), 1);
        assert!(on_its_way(&ana.item(&request, "tenant").await.state));
    }
}

#[tokio::test]
async fn the_test_of_a_route_finds_everything_about_its_cluster_at_once() {
    for cluster in Cluster::each().await {
        let ops = cluster.app.operator("ops").await;
        let form = crate::routes::one(&ops, "cluster").await.form;
        let test = async |form: &RouteForm| {
            let tested = ops.post(paths::ROUTE_TEST, form).await.read::<Tested>();
            tested.looks.into_iter().map(|look| (look.said.key, look.outcome)).collect::<Vec<_>>()
        };
        let looks = test(&form).await;
        assert!(looks.contains(&("test.cluster".into(), Outcome::Fine)), "{looks:?}");
        assert!(looks.contains(&("test.cluster_slots".into(), Outcome::Fine)), "{looks:?}");
        {
            let mut memory = cluster.flink.memory();
            memory.cluster.slots = 0;
            memory.cluster.intercepts_exit = false;
            memory.cluster.savepoints = None;
            memory.cluster.web_submit = false;
        }
        let looks = test(&form).await;
        for wanted in ["full", "exit", "savepoints", "closed"] {
            assert!(looks.contains(&(format!("test.cluster_{wanted}"), Outcome::Fix)), "{wanted}: {looks:?}");
        }
        cluster.flink.stop_listening().await;
        let looks = test(&form).await;
        assert!(looks.contains(&("test.cluster_away".into(), Outcome::Fix)), "{looks:?}");
    }
}
