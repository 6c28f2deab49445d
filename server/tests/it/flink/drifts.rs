//! What happens behind our back is healed or told within 30 seconds.

use std::collections::BTreeMap;

use domain::cause::CauseCode;
use domain::run::{Run, Stage};
use doubles::flink::{Break, JobSubmission};

use super::cluster::Cluster;

/// The newest checkpoint that was noted, before what happens.
async fn noted(cluster: &Cluster) -> String {
    cluster.runs().await[0].checkpoint.clone().expect("a checkpoint was noted").path
}

/// Somebody starts a run's arguments once more, under an id of the cluster's choice.
fn by_hand(cluster: &Cluster, run: &Run) -> String {
    let submission = JobSubmission {
        id: None,
        args: run.args.iter().map(|arg| arg.replace("<lakegate:source>", "the word")).collect(),
        settings: BTreeMap::from([("pipeline.name".to_owned(), run.job.clone())]),
        savepoint: None,
        may_drop_state: false,
        parallelism: None,
    };
    cluster.flink.submit(submission).expect("nothing keeps them from it")
}

#[tokio::test]
async fn a_cluster_that_forgot_its_jobs_gets_them_again_from_the_noted_checkpoint() {
    for cluster in Cluster::each().await {
        let (ana, request) = cluster.ready(&["tenant"]).await;
        let path = noted(&cluster).await;
        cluster.flink.restart();
        assert!(cluster.live().is_empty());
        cluster.pass(30).await;
        assert_eq!(cluster.live().len(), 1);
        let runs = cluster.runs().await;
        assert_eq!(runs[0].restored.as_deref(), Some(path.as_str()));
        assert_eq!(ana.item(&request, "tenant").await.state, "ready");
    }
}

#[tokio::test]
async fn a_job_that_somebody_cancelled_at_the_cluster_runs_again() {
    for cluster in Cluster::each().await {
        cluster.ready(&["tenant"]).await;
        let first = cluster.runs().await[0].id.to_string();
        assert!(cluster.flink.memory().cancel(&first));
        cluster.pass(30).await;
        assert_eq!(cluster.live().len(), 1);
        let runs = cluster.runs().await;
        assert!(matches!(runs[1].stage, Stage::Ended { .. }) && runs[0].restored.is_some(), "{runs:?}");
    }
}

#[tokio::test]
async fn a_table_that_the_cluster_leaves_out_without_a_word_failed_and_the_others_go_on() {
    for cluster in Cluster::each().await {
        let database = cluster.server.database.as_str().to_owned();
        cluster.flink.memory().world.table_mut(&database, "contract").expect("it is there").primary_key = false;
        let (ana, request) = cluster.started(&["tenant", "contract"]).await;
        cluster.pass(30).await;
        assert_eq!(ana.item(&request, "contract").await.state, "failed");
        let problems = ana.request(&request).await.problems;
        assert_eq!(problems[0].next.key, "next.left_out");
        assert_eq!(ana.item(&request, "tenant").await.state, "copying");
        assert_eq!(cluster.live().len(), 1);
    }
}

#[tokio::test]
async fn a_job_that_somebody_started_beside_ours_is_told() {
    for cluster in Cluster::each().await {
        let (ana, request) = cluster.ready(&["tenant"]).await;
        let item = ana.item(&request, "tenant").await.id;
        let foreign = by_hand(&cluster, &cluster.runs().await[0]);
        cluster.pass(30).await;
        assert_eq!(cluster.trouble(&item).await, Some(CauseCode::JobForeign));
        assert!(cluster.flink.memory().cancel(&foreign));
        cluster.pass(60).await;
        assert_ne!(cluster.trouble(&item).await, Some(CauseCode::JobForeign));
    }
}

#[tokio::test]
async fn beside_a_job_of_our_name_that_is_not_ours_nothing_is_started() {
    for cluster in Cluster::each().await {
        let (ana, request) = cluster.ready(&["tenant"]).await;
        let run = cluster.runs().await[0].clone();
        assert!(cluster.flink.memory().cancel(run.id.as_str()));
        let foreign = by_hand(&cluster, &run);
        cluster.pass(60).await;
        assert_eq!(cluster.flink.memory().live_named(&run.job), [foreign]);
        let item = ana.item(&request, "tenant").await.id;
        assert_eq!(cluster.trouble(&item).await, Some(CauseCode::JobForeign));
    }
}

#[tokio::test]
async fn a_job_that_stops_again_and_again_says_why() {
    for cluster in Cluster::each().await {
        let (ana, request) = cluster.ready(&["tenant"]).await;
        let run = cluster.runs().await[0].id.to_string();
        cluster.flink.memory().break_job(&run, Break::incompatible_alter("n", "BIGINT", "VARCHAR(30)", "ods.tenant"));
        cluster.pass(120).await;
        let item = ana.item(&request, "tenant").await.id;
        assert_eq!(cluster.trouble(&item).await, Some(CauseCode::JobBroken));
        cluster.flink.memory().heal(&run);
        cluster.pass(120).await;
        assert_eq!(ana.item(&request, "tenant").await.state, "ready");
    }
}
