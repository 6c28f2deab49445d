//! One call over HTTP and all that can go wrong with it, seen through the client of Flink.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::time::{Millis, SECOND};
use lakegate::outside::engine::EngineError;
use lakegate::outside::engine::flink::client::{Client, Run};
use lakegate::outside::engine::flink::jar;
use lakegate::outside::engine::flink::seen::{FlinkJobId, Ran};
use lakegate::state::Clock;
use tokio::net::TcpListener;

use super::arguments;
use super::scripted::{Does, Scripted};

const SOON: Duration = Duration::from_millis(300);

fn client(address: &str) -> Client {
    rustls::crypto::ring::default_provider().install_default().ok();
    Client::with_limit(address, SOON).expect("an address")
}

/// For what answers: the time of a busy machine does not matter.
fn patient(address: &str) -> Client {
    Client::new(address).expect("an address")
}

fn id() -> FlinkJobId {
    FlinkJobId::new(0xaa)
}

fn run(password: &str) -> Run {
    Run {
        job_id: id(),
        name: "lakegate-job-1".to_owned(),
        entry_class: jar::ENTRY_CLASS.to_owned(),
        args: arguments(password),
        settings: BTreeMap::from([("execution.checkpointing.interval".to_owned(), "10s".to_owned())]),
        savepoint: Some("file:/savepoints/savepoint-1".to_owned()),
        allow_non_restored: true,
        parallelism: 1,
    }
}

#[track_caller]
fn retry<T: std::fmt::Debug>(result: Result<T, EngineError>) -> String {
    match result {
        Err(EngineError::Retry(why)) => why,
        other => panic!("not a Retry: {other:?}"),
    }
}

#[track_caller]
fn fail<T: std::fmt::Debug>(result: Result<T, EngineError>) -> String {
    match result {
        Err(EngineError::Fail(why)) => why,
        other => panic!("not a Fail: {other:?}"),
    }
}

#[tokio::test]
async fn nobody_there_is_told_as_such() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let why = retry(client(&address).overview().await);
    assert!(why.starts_with("cannot connect to Flink: ") && why.contains("refused"), "{why}");
    assert!(!why.contains(&address), "no address in it: {why}");
}

#[tokio::test]
async fn silence_ends_after_the_limit() {
    let flink = Scripted::always(Does::IsSilent).await;
    assert_eq!(retry(client(&flink.address).jobs().await), "Flink did not answer within 300ms");
}

#[tokio::test]
async fn half_an_answer_is_none() {
    let flink = Scripted::always(Does::HalfAnswers).await;
    let why = retry(patient(&flink.address).jobs().await);
    assert!(why.starts_with("the connection to Flink broke"), "{why}");
}

#[tokio::test]
async fn a_call_whose_answer_is_lost_is_not_made_again() {
    let flink = Scripted::always(Does::HangsUp).await;
    let client = patient(&flink.address);
    retry(client.run("1_a.jar", &run("hush hush")).await);
    retry(client.stop(&id(), None).await);
    retry(client.cancel(&id()).await);
    retry(client.upload("a.jar", jar::bytes()).await);
    let path = |path: &str| path.replace("{}", id().as_str());
    assert_eq!(flink.paths(), ["/jars/1_a.jar/run", "/jobs/{}/stop", "/jobs/{}?mode=cancel", "/jars/upload"].map(path));
}

#[tokio::test]
async fn a_page_of_a_proxy_is_not_taken_for_flink() {
    for status in [200, 404, 502, 503] {
        let proxy = Scripted::always(Does::html(status)).await;
        let client = patient(&proxy.address);
        retry(client.job(&id()).await);
        retry(client.run("a.jar", &run("hush hush")).await);
    }
    for status in [401, 403] {
        let proxy = Scripted::always(Does::html(status)).await;
        fail(patient(&proxy.address).job(&id()).await);
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Scripted::always(Does::json(200, r#"{"jobs":[]}"#)).await;
    let location: &'static str =
        Box::leak(format!("Location: {}/jobs/overview\r\n", elsewhere.address).into_boxed_str());
    let proxy = Scripted::always(Does::Answers(302, location, Vec::new())).await;
    assert!(fail(patient(&proxy.address).jobs().await).contains("leads elsewhere"));
    assert_eq!(elsewhere.calls().len(), 0);
}

#[tokio::test]
async fn an_answer_without_end_is_given_up() {
    let flink = Scripted::always(Does::Answers(200, "", vec![b' '; 17 * 1024 * 1024])).await;
    assert!(retry(patient(&flink.address).jobs().await).contains("larger than 16 MB"));
}

#[tokio::test]
async fn a_run_says_everything_and_its_password_is_nowhere_else() {
    let body = r#"{"errors":["a.BException: x\nCaused by: a.CException: Bad argument password=hush hush"]}"#;
    let flink = Scripted::always(Does::json(400, body)).await;
    let run = run("hush hush");
    let ran = patient(&flink.address).run("1_a b.jar", &run).await;
    assert_eq!(ran, Ok(Ran::Refused("Bad argument password=<redacted>".to_owned())));
    assert!(!format!("{run:?}").contains("hush"));
    let [call] = &flink.calls()[..] else { panic!("one call") };
    assert_eq!((call.method.as_str(), call.path.as_str()), ("POST", "/jars/1_a%20b.jar/run"));
    let said: serde_json::Value = serde_json::from_str(&call.body).expect("JSON");
    assert_eq!(said["jobId"], id().as_str());
    assert_eq!(said["entryClass"], "org.apache.paimon.flink.action.FlinkActions");
    assert_eq!(said["flinkConfiguration"]["pipeline.name"], "lakegate-job-1");
    assert_eq!(said["flinkConfiguration"]["execution.checkpointing.interval"], "10s");
    assert_eq!(
        (&said["savepointPath"], &said["allowNonRestoredState"]),
        (&"file:/savepoints/savepoint-1".into(), &true.into())
    );
    let args = said["programArgsList"].as_array().expect("a list");
    assert_eq!(args[0], "mysql_sync_database");
    assert!(args.contains(&"password=hush hush".into()), "the real one goes with the start");
}

#[tokio::test]
async fn a_stop_never_drains_and_an_upload_is_a_file() {
    let flink = Scripted::new(|call| match call.path.as_str() {
        "/jars/upload" => Does::json(200, r#"{"filename":"/upload/7_a.jar","status":"success"}"#),
        _ => Does::json(202, r#"{"request-id":"9b0dc2ccd0f2b61172640ccc046c28a7"}"#),
    })
    .await;
    let client = patient(&flink.address);
    client.stop(&id(), Some("file:///savepoints")).await.expect("a trigger");
    assert_eq!(client.upload("a.jar", jar::bytes()).await, Ok("7_a.jar".to_owned()));
    let calls = flink.calls();
    assert_eq!(calls[0].body, r#"{"targetDirectory":"file:///savepoints","drain":false}"#);
    assert!(calls[1].head.contains("content-type: multipart/form-data"));
    assert!(
        calls[1].body.contains(r#"name="jarfile"; filename="a.jar""#) && calls[1].body.contains("META-INF/MANIFEST.MF")
    );
}

#[tokio::test]
async fn a_system_that_is_away_is_left_alone_and_tried_with_one_call() {
    let flink = Scripted::always(Does::HangsUp).await;
    let clock = Clock::standing(Millis(1_000_000));
    let client = patient(&flink.address).guarded(clock.clone());
    for _ in 0..5 {
        retry(client.overview().await);
    }
    assert!(retry(client.overview().await).contains("left alone for 1 s"));
    assert_eq!(flink.calls().len(), 5, "the sixth was not made");
    clock.advance(SECOND);
    assert!(retry(client.overview().await).contains("broke"), "the probe is made");
    assert!(retry(client.clone().jobs().await).contains("left alone"), "clones share it");
    assert_eq!(flink.calls().len(), 6);
}

#[tokio::test]
async fn a_no_with_a_reason_leaves_the_breaker_closed() {
    let flink = Scripted::always(Does::json(400, r#"{"errors":["a.BException: No"]}"#)).await;
    let client = patient(&flink.address).guarded(Clock::standing(Millis(1_000_000)));
    for _ in 0..7 {
        assert_eq!(fail(client.overview().await), "No");
    }
    assert_eq!(flink.calls().len(), 7);
}
