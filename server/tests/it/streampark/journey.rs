//! From a request to tables that are followed, through the console, and what becomes of their job when the list changes.

use api::requests::TendVerb;
use domain::run::Stage;

use super::console::Scene;

#[tokio::test]
async fn approved_tables_come_by_one_application_and_are_ready_when_the_counts_agree_twice() {
    for console in Scene::each().await {
        let (ana, request) = console.started(&["tenant", "contract"]).await;
        let live = console.live();
        assert_eq!(live.len(), 1);
        let row = console.row().await;
        assert_eq!(row.job.as_ref().map(ToString::to_string), live.first().cloned(), "the console shows that job");
        let args = row.args.expect("it has arguments");
        assert!(args.expose().contains("password=<lakegate:source>"), "what is kept there holds a placeholder");
        assert!(row.settings.expect("settings").contains("-Dexecution.checkpointing.interval=30s"));
        for (table, state) in ana.states(&request).await {
            assert_eq!(state, "copying", "{table} is not in the lake yet");
        }
        for (table, rows) in [("tenant", 3), ("contract", 2)] {
            let item = ana.item(&request, table).await;
            Box::pin(console.app.copy(&item.id, rows)).await;
        }
        console.pass(180).await;
        for (table, state) in ana.states(&request).await {
            assert_eq!(state, "ready", "{table}");
        }
        let [run] = &console.runs().await[..] else { panic!("one start") };
        assert_eq!((run.stage.clone(), run.engine_id.clone()), (Stage::Accepted, live.first().cloned()));
        assert!(!format!("{run:?}").contains("the word"), "no password is kept");
        assert!(run.checkpoint.is_some(), "there is something to start from");
    }
}

#[tokio::test]
async fn a_table_that_leaves_stops_the_job_through_the_cluster_and_the_others_go_on_from_its_savepoint() {
    for console in Scene::each().await {
        let (ana, request) = console.ready(&["tenant", "contract"]).await;
        let before = console.row().await.id;
        let contract = ana.item(&request, "contract").await;
        assert_eq!(ana.tend_one(TendVerb::LeaveOut, &contract.id).await, None);
        console.pass(30).await;
        assert_eq!(console.live().len(), 1);
        let [second, first] = &console.runs().await[..] else { panic!("two starts") };
        let Stage::Ended { savepoint: Some(savepoint), .. } = &first.stage else { panic!("{:?}", first.stage) };
        assert_eq!(second.restored.as_deref(), Some(savepoint.as_str()));
        assert!(second.leaves_state, "what is left of the table that left is not taken up");
        assert_eq!((first.tables.len(), second.tables.len()), (2, 1));
        assert_eq!(ana.item(&request, "tenant").await.state, "ready", "it never stopped being ready");
        let row = console.row().await;
        assert_eq!(row.id, before, "one application for the life of a job");
        assert!(!row.args.expect("arguments").expose().contains("contract"), "it holds the new list");
    }
}

#[tokio::test]
async fn when_the_last_table_leaves_neither_a_job_nor_an_application_is_left() {
    for console in Scene::each().await {
        let (ana, request) = console.started(&["tenant"]).await;
        console.pass(60).await;
        let tenant = ana.item(&request, "tenant").await;
        assert_eq!(ana.tend_one(TendVerb::LeaveOut, &tenant.id).await, None);
        console.pass(30).await;
        assert!(console.live().is_empty());
    }
}
