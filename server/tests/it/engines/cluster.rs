//! The client of Flink against Flink's double: what its answers mean, whatever happens to them on the way.

use std::collections::BTreeMap;
use std::time::Duration;

use doubles::flink::{Break, Call, Fault, Flink, Gate};
use lakegate::outside::engine::EngineError;
use lakegate::outside::engine::flink::client::{Client, Run};
use lakegate::outside::engine::flink::jar;
use lakegate::outside::engine::flink::seen::{FlinkJobId, JobState, Ran, Savepoint, TaskState, TriggerId};
use lakegate::outside::engine::flink::settings::{Missing, settings_missing};

use super::arguments;

/// A cluster with the table that [`arguments`] name, a client of it, and the jar.
async fn cluster() -> (Flink, Client, String) {
    rustls::crypto::ring::default_provider().install_default().ok();
    let flink = Flink::start().await;
    flink.memory().world.add("shop", "orders", 30_000);
    let client = Client::new(&flink.url()).expect("an address");
    let jar = client.upload(&jar::name(), jar::bytes()).await.expect("it is taken");
    (flink, client, jar)
}

fn id(number: u128) -> FlinkJobId {
    FlinkJobId::new(number)
}

fn run(number: u128) -> Run {
    Run {
        job_id: id(number),
        name: "lakegate-job-1".to_owned(),
        entry_class: jar::ENTRY_CLASS.to_owned(),
        args: arguments("it's hush"),
        settings: BTreeMap::from([("execution.checkpointing.interval".to_owned(), "10s".to_owned())]),
        savepoint: None,
        allow_non_restored: false,
        parallelism: 1,
    }
}

/// How many jobs live.
fn living(flink: &Flink) -> usize {
    flink.memory().live_named("lakegate-job-1").len()
}

#[track_caller]
fn retry<T: std::fmt::Debug>(result: Result<T, EngineError>) -> String {
    match result {
        Err(EngineError::Retry(why)) => why,
        other => panic!("not a Retry: {other:?}"),
    }
}

#[tokio::test]
async fn a_job_is_run_watched_stopped_and_goes_on_from_its_savepoint() {
    let (flink, client, jar) = cluster().await;
    let jars = client.jars().await.expect("jars");
    assert_eq!(jar::find(&jars).map(|found| &found.id), Some(&jar), "it is found again by its name");
    assert_eq!(client.run(&jar, &run(1)).await, Ok(Ran::Accepted));
    flink.advance(Duration::from_mins(1));

    let job = client.job(&id(1)).await.expect("an answer").expect("a job");
    assert_eq!((job.name.as_str(), &job.state), ("lakegate-job-1", &JobState::Running));
    assert!(job.vertices.iter().any(|vertex| vertex.source));
    let writer = job.vertices.iter().find(|vertex| vertex.table.as_deref() == Some("orders")).expect("a writer");
    assert_eq!((&writer.status, writer.read_records), (&TaskState::Running, Some(30_000)));
    let seen = client.checkpoints(&id(1)).await.expect("an answer").expect("a job");
    assert!(seen.completed > 0 && seen.restored.is_none() && seen.newest.is_some_and(|newest| newest.path.is_some()));
    assert_eq!(client.restarts(&id(1)).await, Ok(None), "the first question is answered with nothing");
    assert_eq!(client.restarts(&id(1)).await, Ok(Some(0)));
    assert_eq!(client.exceptions(&id(1)).await, Ok(Some(Vec::new())));
    let overview = client.overview().await.expect("an answer");
    assert_eq!((overview.slots_total, overview.slots_free), (8, 7));

    let trigger = client.stop(&id(1), None).await.expect("a trigger");
    assert_eq!(client.savepoint(&id(1), &trigger).await, Ok(Savepoint::Running));
    flink.advance(Duration::from_secs(5));
    let Ok(Savepoint::Done { path }) = client.savepoint(&id(1), &trigger).await else { panic!("a savepoint") };
    let lines = client.jobs().await.expect("jobs");
    assert_eq!((lines.len(), &lines[0].state), (1, &JobState::Finished));

    let again = Run { savepoint: Some(path.clone()), ..run(2) };
    assert_eq!(client.run(&jar, &again).await, Ok(Ran::Accepted));
    flink.advance(Duration::from_secs(10));
    let restored = client.checkpoints(&id(2)).await.expect("an answer").expect("a job").restored.expect("a state");
    assert_eq!(restored.path, Some(path));
    client.cancel(&id(2)).await.expect("taken");
    flink.advance(Duration::from_secs(5));
    client.cancel(&id(2)).await.expect("a second one is no trouble");
    client.cancel(&id(3)).await.expect("nor one of a job that never was");
    assert_eq!(living(&flink), 0);
}

#[tokio::test]
async fn one_start_is_one_job_however_its_answer_is_lost() {
    for (fault, done) in [
        (Fault::lost_before(), false),
        (Fault::lost_after(), true),
        (Fault::error_before(500), false),
        (Fault::error_after(500), true),
        (Fault::html(502), false),
        (Fault::html(200), false),
    ] {
        let (flink, client, jar) = cluster().await;
        flink.fault(Call::Run, fault.clone(), 1);
        retry(client.run(&jar, &run(1)).await);
        let there = client.job(&id(1)).await.expect("an answer").is_some();
        assert_eq!(there, done, "{fault:?}");
        let expected = if done { Ran::AlreadyThere } else { Ran::Accepted };
        assert_eq!(client.run(&jar, &run(1)).await, Ok(expected), "{fault:?}");
        assert_eq!(client.run(&jar, &run(1)).await, Ok(Ran::AlreadyThere));
        assert_eq!(living(&flink), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn an_answer_that_comes_too_late_was_an_act_all_the_same() {
    let (flink, _, jar) = cluster().await;
    let hasty = Client::with_limit(&flink.url(), Duration::from_millis(500)).expect("an address");
    let gate = Gate::default();
    flink.fault(Call::Run, Fault::held_after(&gate), 1);
    assert_eq!(retry(hasty.run(&jar, &run(1)).await), "Flink did not answer within 500ms");
    gate.open();
    assert_eq!(living(&flink), 1);
}

#[tokio::test]
async fn a_job_is_not_gone_because_a_proxy_or_nobody_answers() {
    let (flink, client, jar) = cluster().await;
    assert_eq!(client.run(&jar, &run(1)).await, Ok(Ran::Accepted));
    for fault in [Fault::html(404), Fault::html(200), Fault::html(503), Fault::lost_before(), Fault::error_before(500)]
    {
        flink.fault(Call::Job, fault, 1);
        retry(client.job(&id(1)).await);
    }
    flink.stop_listening().await;
    assert!(retry(client.job(&id(1)).await).starts_with("cannot connect to Flink"));
    flink.listen_again().await;
    assert!(client.job(&id(1)).await.expect("an answer").is_some());
    flink.restart();
    assert_eq!(client.job(&id(1)).await, Ok(None), "now Flink itself says so");
    assert_eq!(client.exceptions(&id(1)).await, Ok(None));
    assert_eq!(client.checkpoints(&id(1)).await, Ok(None));
    assert_eq!(client.restarts(&id(1)).await, Ok(None));
    let never = TriggerId::new(7);
    assert_eq!(client.savepoint(&id(1), &never).await, Ok(Savepoint::Unknown));
}

#[tokio::test]
async fn a_jar_that_went_with_the_job_manager_is_missed() {
    let (flink, client, jar) = cluster().await;
    flink.memory().cluster.keeps_jars = false;
    flink.restart();
    assert_eq!(client.run(&jar, &run(1)).await, Ok(Ran::JarGone));
    assert_eq!(client.jars().await, Ok(Vec::new()));
    assert_eq!(client.takes_jars().await, Ok(true));
    flink.memory().cluster.web_submit = false;
    assert_eq!(client.takes_jars().await, Ok(false));
    match client.run(&jar, &run(1)).await {
        Err(EngineError::Fail(why)) => assert!(why.contains("web.submit.enable"), "{why}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_run_that_is_refused_says_why_and_no_job_is_there() {
    let (flink, client, jar) = cluster().await;
    flink.memory().world.password = Some("another".to_owned());
    match client.run(&jar, &run(1)).await {
        Ok(Ran::Refused(why)) => assert!(why.starts_with("Access denied for user") && !why.contains("hush"), "{why}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(client.job(&id(1)).await, Ok(None));
}

#[tokio::test]
async fn a_stop_that_fails_leaves_the_job_and_says_why() {
    let (flink, client, jar) = cluster().await;
    client.run(&jar, &run(1)).await.expect("accepted");
    flink.advance(Duration::from_secs(20));
    flink.memory().world.unwritable.insert("file:///proc".to_owned());
    let trigger = client.stop(&id(1), Some("file:///proc/nowhere")).await.expect("a trigger");
    flink.advance(Duration::from_secs(5));
    match client.savepoint(&id(1), &trigger).await {
        Ok(Savepoint::Failed { sentence }) => assert!(sentence.contains("/proc/nowhere"), "{sentence}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(living(&flink), 1);
    let of_none = client.stop(&id(9), None).await.expect("a stop of a job that never was is taken as well");
    flink.advance(Duration::from_secs(5));
    assert!(matches!(client.savepoint(&id(9), &of_none).await, Ok(Savepoint::Failed { .. })));
}

#[tokio::test]
async fn a_bad_row_is_told_by_its_table_and_without_its_data() {
    let (flink, client, jar) = cluster().await;
    client.run(&jar, &run(1)).await.expect("accepted");
    flink.advance(Duration::from_secs(20));
    flink.memory().break_job(id(1).as_str(), Break::corrupt_record("+I {id=7, salary=4711}"));
    flink.advance(Duration::from_mins(2));
    let thrown = client.exceptions(&id(1)).await.expect("an answer").expect("a job");
    assert!(!thrown.is_empty(), "it broke");
    assert_eq!(thrown[0].table.as_deref(), Some("orders"));
    assert_eq!(thrown[0].sentence, "Unable to process element. Possibly a corrupt record: <redacted>");
    client.restarts(&id(1)).await.expect("the first question is answered with nothing");
    assert!(client.restarts(&id(1)).await.expect("an answer").is_some_and(|count| count > 0));
}

#[tokio::test]
async fn what_the_cluster_lacks_is_read_from_its_settings() {
    let (flink, client, _) = cluster().await;
    {
        let mut memory = flink.memory();
        memory.cluster.intercepts_exit = false;
        memory.cluster.keeps_jars = false;
        memory.cluster.retains = false;
        memory.cluster.savepoints = None;
    }
    let missing = settings_missing(&client.config().await.expect("settings"));
    for lacks in [Missing::ExitIntercept, Missing::UploadFolder, Missing::CheckpointsKept, Missing::SavepointFolder] {
        assert!(missing.contains(&lacks), "{lacks:?} of {missing:?}");
    }
}
