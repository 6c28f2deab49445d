//! Answers that are lost, late or lies: never a second row, never a second job.

use doubles::streampark::Fault;

use super::console::Scene;

const FAULTS: [Fault; 5] = [Fault::LostBefore, Fault::LostAfter, Fault::Error, Fault::ErrorAfter, Fault::Html(502)];

/// Whatever becomes of the first answer of a call, in the end there is one row and one job.
async fn one_in_the_end(path: &str) {
    for fault in FAULTS {
        for console in Scene::each().await {
            console.console.fault(path, fault.clone(), 1);
            console.started(&["tenant"]).await;
            console.pass(600).await;
            assert_eq!(console.live().len(), 1, "{path} {fault:?}: {:?}", console.runs().await);
            console.row().await;
        }
    }
}

#[tokio::test]
async fn whatever_becomes_of_the_answer_to_a_copy_there_is_one_application_and_one_job() {
    one_in_the_end("/flink/app/copy").await;
}

#[tokio::test]
async fn whatever_becomes_of_the_answer_to_a_build_there_is_one_application_and_one_job() {
    one_in_the_end("/flink/pipe/build").await;
}

#[tokio::test]
async fn whatever_becomes_of_the_answer_to_a_start_there_is_one_job() {
    one_in_the_end("/flink/app/start").await;
}

#[tokio::test]
async fn a_token_that_dies_in_the_middle_is_replaced_and_nothing_is_done_twice() {
    for path in ["/flink/app/list", "/flink/app/copy", "/flink/pipe/build", "/flink/app/start"] {
        for console in Scene::each().await {
            console.console.fault(path, Fault::Unauthorised, 1);
            console.started(&["tenant"]).await;
            assert_eq!(console.live().len(), 1, "{path}");
            assert_eq!(console.runs().await.len(), 1, "{path}");
            console.row().await;
        }
    }
}
