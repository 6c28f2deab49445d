//! From a request to tables that are followed, and what becomes of their job when the list changes.

use api::requests::TendVerb;
use domain::run::Stage;

use super::cluster::Cluster;

#[tokio::test]
async fn approved_tables_come_by_one_job_and_are_ready_when_the_counts_agree_twice() {
    for cluster in Cluster::each().await {
        let (ana, request) = cluster.started(&["tenant", "contract"]).await;
        assert_eq!(cluster.live().len(), 1);
        cluster.pass(30).await;
        for (table, state) in ana.states(&request).await {
            assert_eq!(state, "copying", "{table} is not in the lake yet");
        }
        for (table, rows) in [("tenant", 3), ("contract", 2)] {
            let item = ana.item(&request, table).await;
            Box::pin(cluster.app.copy(&item.id, rows)).await;
        }
        cluster.pass(180).await;
        for (table, state) in ana.states(&request).await {
            assert_eq!(state, "ready", "{table}");
        }
        let [run] = &cluster.runs().await[..] else { panic!("one start") };
        assert_eq!(run.stage, Stage::Accepted);
        assert!(run.args.iter().any(|arg| arg == "password=<lakegate:source>"));
        assert!(!format!("{run:?}").contains("the word"), "no password is kept");
        assert!(run.checkpoint.is_some(), "there is something to start from");
    }
}

#[tokio::test]
async fn fewer_rows_in_the_lake_than_at_the_source_are_never_ready() {
    for cluster in Cluster::each().await {
        let (ana, request) = cluster.started(&["tenant"]).await;
        let item = ana.item(&request, "tenant").await;
        Box::pin(cluster.app.copy(&item.id, 2)).await;
        cluster.pass(180).await;
        let item = ana.item(&request, "tenant").await;
        assert_eq!(item.state, "verifying");
        Box::pin(cluster.app.copy(&item.id, 3)).await;
        cluster.pass(180).await;
        assert_eq!(ana.item(&request, "tenant").await.state, "ready");
    }
}

#[tokio::test]
async fn a_table_that_leaves_stops_the_job_with_a_savepoint_and_the_others_go_on_from_it() {
    for cluster in Cluster::each().await {
        let (ana, request) = cluster.ready(&["tenant", "contract"]).await;
        let contract = ana.item(&request, "contract").await;
        assert_eq!(ana.tend_one(TendVerb::LeaveOut, &contract.id).await, None);
        cluster.pass(30).await;
        assert_eq!(cluster.live().len(), 1);
        let [second, first] = &cluster.runs().await[..] else { panic!("two starts") };
        let Stage::Ended { savepoint: Some(savepoint), .. } = &first.stage else { panic!("{:?}", first.stage) };
        assert_eq!(second.restored.as_deref(), Some(savepoint.as_str()));
        assert!(second.leaves_state, "what is left of the table that left is not taken up");
        assert_eq!((first.tables.len(), second.tables.len()), (2, 1));
        assert_eq!(ana.item(&request, "tenant").await.state, "ready", "it never stopped being ready");
    }
}

#[tokio::test]
async fn when_the_last_table_leaves_no_job_is_left() {
    for cluster in Cluster::each().await {
        let (ana, request) = cluster.started(&["tenant"]).await;
        cluster.pass(60).await;
        let tenant = ana.item(&request, "tenant").await;
        assert_eq!(ana.tend_one(TendVerb::LeaveOut, &tenant.id).await, None);
        cluster.pass(30).await;
        assert!(cluster.live().is_empty());
    }
}

#[tokio::test]
async fn tables_of_two_approvals_have_a_job_each() {
    for cluster in Cluster::each().await {
        cluster.started(&["tenant"]).await;
        cluster.started(&["contract"]).await;
        let mut live = cluster.live();
        live.dedup();
        assert_eq!(live.len(), 2);
    }
}
