//! Flink's recorded answers, as we read them.

use super::*;

/// What the real Flink answered, from the recordings beside its double.
pub fn recorded(name: &str) -> Answer {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/doubles/tests/recorded/flink");
    let text = std::fs::read_to_string(format!("{folder}/{name}.json")).expect(name);
    let exchange: serde_json::Value = serde_json::from_str(&text).expect("a recorded exchange");
    let status = exchange["status"].as_u64().and_then(|status| u16::try_from(status).ok()).expect("a status");
    Answer { status, body: serde_json::to_vec(&exchange["body"]).expect("JSON") }
}

fn answer(status: u16, body: &str) -> Answer {
    Answer { status, body: body.as_bytes().to_vec() }
}

fn id() -> FlinkJobId {
    "aaaabbbbccccddddeeeeffff00001111".parse().expect("an id")
}

fn job_of(name: &str) -> JobDetail {
    read_of_job(&recorded(name)).and_then(|theirs| theirs.map(job).transpose()).expect("an answer").expect("a job")
}

fn failed<T: std::fmt::Debug>(result: Result<T, EngineError>) -> String {
    match result {
        Err(EngineError::Fail(why)) => why,
        other => panic!("not a Fail: {other:?}"),
    }
}

fn retry<T: std::fmt::Debug>(result: Result<T, EngineError>) -> String {
    match result {
        Err(EngineError::Retry(why)) => why,
        other => panic!("not a Retry: {other:?}"),
    }
}

#[test]
fn the_cluster_says_its_slots() {
    let seen = overview(read(&recorded("overview-one-job-running")).expect("an answer"));
    assert_eq!(seen, Overview { version: "1.20.5".to_owned(), slots_total: 8, slots_free: 7, task_managers: 1 });
    assert_eq!(overview(read(&recorded("overview-no-free-slot")).expect("an answer")).slots_free, 0);
    assert!(takes_jars(&read(&recorded("config")).expect("an answer")));
    assert!(!takes_jars(&read(&answer(200, r#"{"features":{"web-submit":false}}"#)).expect("an answer")));
}

#[test]
fn the_list_has_running_and_ended_jobs_and_is_empty_after_a_restart() {
    let list = |name| {
        let jobs: wire::Jobs = read(&recorded(name)).expect("an answer");
        jobs.jobs.into_iter().map(|line| job_line(line).expect("a job")).collect::<Vec<_>>()
    };
    let running = &list("jobs-overview")[0];
    assert_eq!((running.id.as_str(), running.name.as_str()), ("cd96201f8297f8eb3f0ed117421d8150", "lakegate-req-1"));
    assert_eq!((&running.state, running.tasks_running, running.tasks_total), (&JobState::Running, 4, 4));
    assert_eq!((running.started_at, running.modified_at), (Millis(1_795_355_500_888), Millis(1_795_355_505_528)));
    assert!(list("jobs-overview-ended").iter().any(|job| job.state.ended()));
    assert_eq!(list("jobs-overview-after-jm-restart"), []);
}

#[test]
fn a_job_has_one_vertex_a_table_and_one_that_reads() {
    let job = job_of("job-detail");
    let tables: Vec<_> =
        job.vertices.iter().map(|vertex| (vertex.table.as_deref(), vertex.source, vertex.read_records)).collect();
    assert_eq!(
        tables,
        [
            (None, true, Some(0)),
            (Some("orders"), false, Some(200_010)),
            (Some("customers"), false, Some(20_000)),
            (Some("products"), false, Some(5_000)),
        ]
    );
    assert_eq!((job.state, job.now), (JobState::Running, Millis(1_795_356_310_506)));
}

#[test]
fn a_count_that_is_not_there_yet_is_not_nought() {
    for name in ["job-detail-just-submitted", "job-detail-restart-loop", "job-detail-waiting-for-slots"] {
        let job = job_of(name);
        assert_eq!(job.state, JobState::Running, "{name}");
        assert!(job.vertices.iter().all(|vertex| vertex.read_records.is_none()), "{name}");
    }
}

#[test]
fn a_writer_without_its_committer_is_still_the_tables() {
    let job = job_of("job-detail-waiting-for-slots");
    let tables: Vec<_> = job.vertices.iter().filter_map(|vertex| vertex.table.as_deref()).collect();
    assert_eq!(tables, ["reviews"]);
    assert!(job.vertices.iter().all(|vertex| vertex.status == TaskState::Created));
    assert_eq!(
        table("Writer : a (b) -> Global Committer : a (b) -> end: Writer (1/1) - execution #0").as_deref(),
        Some("a (b)")
    );
    assert_eq!(table("Writer : a (b) (1/2) - execution #10").as_deref(), Some("a (b)"));
    assert_eq!(table("Global Committer : a -> end: Writer"), None);
}

#[test]
fn ended_jobs_are_ended_and_unknown_words_are_kept() {
    assert!(job_of("job-detail-canceled").state.ended());
    assert!(job_of("job-detail-finished-after-stop").state.ended());
    assert_eq!(JobState::of("NAPPING"), JobState::Other("NAPPING".to_owned()));
    assert!(!JobState::of("NAPPING").ended() && !JobState::of("SUSPENDED").ended());
    assert_eq!(TaskState::of("NAPPING").word(), "NAPPING");
}

#[test]
fn only_flink_itself_can_say_that_a_job_is_gone() {
    for name in ["job-not-found", "job-lost-after-jm-restart"] {
        assert_eq!(read_of_job::<wire::Job>(&recorded(name)).map(|job| job.is_none()), Ok(true), "{name}");
    }
    retry(read_of_job::<wire::Job>(&answer(404, "<html>no such host</html>")).map(|_| ()));
    retry(read_of_job::<wire::Job>(&answer(404, "default backend - 404")).map(|_| ()));
    failed(read_of_job::<wire::Job>(&answer(404, r#"{"errors":["Not found: /flink/jobs/1"]}"#)).map(|_| ()));
    failed(
        read_of_job::<wire::Job>(&answer(404, r#"{"errors":["x.RestHandlerException: Something else"]}"#)).map(|_| ()),
    );
}

#[test]
fn what_is_no_answer_of_flink_is_told_by_whether_it_may_pass() {
    let page = "<html>Bad Gateway password=hush</html>";
    for status in [200, 202, 404, 408, 429, 500, 502, 503, 504] {
        let why = retry(read::<wire::Jobs>(&answer(status, page)).map(|_| ()));
        assert!(!why.contains("hush"), "{why}");
    }
    for status in [301, 302, 307, 400, 401, 403, 405, 413] {
        let why = failed(read::<wire::Jobs>(&answer(status, page)).map(|_| ()));
        assert!(!why.contains("hush"), "{why}");
    }
    let leader = r#"{"errors":["Service temporarily unavailable due to an ongoing leader election. Please refresh."]}"#;
    assert!(retry(read::<wire::Jobs>(&answer(503, leader)).map(|_| ())).contains("leader election"));
    retry(read::<wire::Jobs>(&answer(200, r#"{"jobs":[{"jid":1}]}"#)).map(|_| ()));
    assert!(failed(read::<wire::Uploaded>(&recorded("jars-upload-not-a-jar")).map(|_| ())).contains("Only Jar files"));
}

#[test]
fn a_run_is_accepted_under_the_id_that_was_asked_for() {
    assert_eq!(ran(&recorded("jars-run-with-jobid"), &id(), &[]), Ok(Ran::Accepted));
    assert!(failed(ran(&recorded("jars-run"), &id(), &[])).contains("43c29caa8f10467bf6a86a23532d0767"));
}

#[test]
fn a_second_run_of_one_id_was_there_already() {
    for name in ["jars-run-same-jobid-again", "jars-run-same-jobid-after-end"] {
        assert_eq!(ran(&recorded(name), &id(), &[]), Ok(Ran::AlreadyThere), "{name}");
    }
}

#[test]
fn a_run_that_failed_says_why_in_one_sentence() {
    let said = [
        ("wrong-password", "Access denied for user 'cdc'@'localhost' (using password: YES)"),
        ("mysql-unreachable", "Connection refused"),
        ("no-database", "No tables found in MySQL database nosuch, or MySQL database does not exist."),
        ("no-table", "No tables found in MySQL database shop, or MySQL database does not exist."),
        ("only-table-without-pk", "No tables found in MySQL database shop, or MySQL database does not exist."),
        ("unsupported-type", "Don't support MySQL type 'UNKNOWN' yet."),
        (
            "warehouse-unwritable",
            "Create database location failed, database: default, location: file:/proc/wh/default.db",
        ),
        ("unknown-action", "Unknown action \"mysql_sync_databaze\"."),
        ("help-intercepted", "Flink user code attempted to exit JVM."),
        (
            "savepoint-missing",
            "Cannot find checkpoint or savepoint file/directory 'file:///savepoints/none' on file system 'file'.",
        ),
    ];
    for (name, sentence) in said {
        let ran = ran(&recorded(&format!("jars-run-failed-{name}")), &id(), &[]);
        assert_eq!(ran, Ok(Ran::Refused(sentence.to_owned())), "{name}");
    }
    match ran(&recorded("jars-run-failed-state-not-mapped"), &id(), &[]) {
        Ok(Ran::Refused(why)) => assert!(why.starts_with("Failed to rollback to checkpoint/savepoint file:/"), "{why}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_run_without_its_jar_says_so_and_other_troubles_are_not_known() {
    assert_eq!(ran(&recorded("jars-run-failed-no-such-jar"), &id(), &[]), Ok(Ran::JarGone));
    retry(ran(&answer(500, r#"{"errors":["Internal server error."]}"#), &id(), &[]));
    retry(ran(&answer(502, "<html>"), &id(), &[]));
    failed(ran(&answer(404, r#"{"errors":["Not found: /jars/x/run"]}"#), &id(), &[]));
}

#[test]
fn a_password_that_went_with_a_run_does_not_come_back() {
    let body = serde_json::json!({"errors": ["a.BException: x\nCaused by: a.CException: Bad argument it's me, hush"]});
    let ran = ran(&answer(400, &body.to_string()), &id(), &["it's me"]);
    assert_eq!(ran, Ok(Ran::Refused("Bad argument <redacted>, hush".to_owned())));
}

#[test]
fn exceptions_name_the_table_and_no_data_of_rows() {
    let of = |name: &str| thrown(read(&recorded(name)).expect("an answer"));
    let [bad] = &of("job-exceptions-restart-loop")[..] else { panic!("one exception") };
    assert_eq!(bad.sentence, "Unable to process element. Possibly a corrupt record: <redacted>");
    assert_eq!((bad.table.as_deref(), bad.at), (Some("payments"), Millis(1_795_356_510_655)));
    assert!(bad.task.as_deref().is_some_and(|task| task.ends_with("(1/1) - execution #0")));
    let altered = of("job-exceptions-incompatible-alter");
    assert!(altered.is_sorted_by_key(|thrown| Reverse(thrown.at)) && altered.len() == 3);
    assert_eq!(altered[0].sentence, "Cannot convert field n from type BIGINT to VARCHAR(30) of Paimon table al.a1.");
    let zone = of("job-exceptions-source-global-failure");
    assert!(zone[0].sentence.starts_with("The MySQL server has a timezone offset"), "{}", zone[0].sentence);
    assert_eq!((&zone[0].task, &zone[0].table), (&None, &None));
    for quiet in ["access-denied", "grant-lost", "mysql-down", "canceled", "none"] {
        assert_eq!(of(&format!("job-exceptions-{quiet}")), [], "{quiet}");
    }
}

#[test]
fn a_root_exception_stands_in_for_a_history() {
    let root = serde_json::json!({"root-exception": "a.BException: Broke", "timestamp": 7}).to_string();
    let thrown = thrown(read(&answer(200, &root)).expect("an answer"));
    assert_eq!((thrown.len(), thrown[0].at, thrown[0].sentence.as_str()), (1, Millis(7), "Broke"));
}

#[test]
fn the_newest_checkpoint_and_what_was_restored_are_seen() {
    let of = |name| checkpoints(read(&recorded(name)).expect("an answer"));
    let seen = of("job-checkpoints");
    assert_eq!((seen.completed, seen.failed), (81, 0));
    let newest = Completed {
        id: 81,
        path: Some("file:/checkpoints/cd96201f8297f8eb3f0ed117421d8150/chk-81".to_owned()),
        triggered_at: Millis(1_795_356_308_010),
        acknowledged_at: Millis(1_795_356_308_040),
        savepoint: false,
    };
    assert_eq!(seen.newest, Some(newest));
    let seen = of("job-checkpoints-restored");
    let restored = Restored {
        path: Some("file:/savepoints/savepoint-cd9620-46cb4ecf400e".to_owned()),
        at: Millis(1_795_356_455_339),
    };
    assert_eq!((seen.newest, seen.restored), (None, Some(restored)));
    assert_eq!(path(Some(IN_MEMORY.to_owned())), None);
}

#[test]
fn restarts_are_counted_or_not_known() {
    let of = |name| restarts(&read::<Vec<wire::Metric>>(&recorded(name)).expect("an answer"), "numRestarts");
    assert_eq!(of("job-metrics"), Some(0));
    assert_eq!(of("job-metrics-restart-loop"), Some(1));
    assert_eq!(restarts(&[], "numRestarts"), None);
}

#[test]
fn a_completed_savepoint_may_have_failed() {
    let of = |name| savepoint(&recorded(name)).expect("an answer");
    assert_eq!(of("stop-with-savepoint-poll-in-progress"), Savepoint::Running);
    let path = "file:/savepoints/savepoint-cd9620-46cb4ecf400e".to_owned();
    assert_eq!(of("stop-with-savepoint-poll-completed"), Savepoint::Done { path });
    let failed = [
        ("stop-with-savepoint-poll-failed-target", "Failed to create savepoint directory at file:/proc/nowhere"),
        ("stop-of-ended-job-poll", "Could not find Flink job (43c29caa8f10467bf6a86a23532d0767)"),
        ("stop-with-savepoint-poll-failed", "Checkpoint triggering task Source: MySQL Source -> Parse"),
    ];
    for (name, begins) in failed {
        match of(name) {
            Savepoint::Failed { sentence } => assert!(sentence.starts_with(begins), "{sentence}"),
            other => panic!("{name}: {other:?}"),
        }
    }
    assert_eq!(of("savepoint-poll-unknown-trigger"), Savepoint::Unknown);
    retry(savepoint(&answer(404, "<html>")));
    retry(savepoint(&answer(200, r#"{"status":{"id":"COMPLETED"},"operation":{}}"#)));
}

#[test]
fn a_stop_has_an_id_and_a_cancel_always_wants_a_look() {
    for name in ["stop-with-savepoint-trigger", "stop-of-ended-job", "stop-trigger-bad-target"] {
        trigger(&read(&recorded(name)).expect("an answer")).expect(name);
    }
    for name in ["job-cancel", "job-cancel-again", "job-cancel-of-ended-job", "job-not-found"] {
        assert_eq!(cancelled(&recorded(name)), Ok(()), "{name}");
    }
    assert_eq!(cancelled(&answer(409, r#"{"errors":["Job is finished."]}"#)), Ok(()));
    assert_eq!(cancelled(&answer(404, r#"{"errors":["Job could not be found."]}"#)), Ok(()));
    failed(cancelled(&answer(404, r#"{"errors":["Not found: /jobs/x"]}"#)));
    retry(cancelled(&answer(404, "<html>")));
    failed(cancelled(&answer(403, "<html>")));
}

#[test]
fn jars_are_listed_and_an_upload_says_its_id() {
    let jars: wire::Jars = read(&recorded("jars-list")).expect("an answer");
    let jars: Vec<_> = jars.files.into_iter().map(jar).collect();
    assert_eq!((jars.len(), jars[0].name.as_str()), (2, "paimon-launcher.jar"));
    let id = jar_id(&read(&recorded("jars-upload")).expect("an answer"));
    assert_eq!(id, Ok("9344810b-4ea6-4ca4-a49a-ae50f599c183_paimon-launcher.jar".to_owned()));
    let windows = wire::Uploaded { filename: r"C:\flink\upload\1_a.jar".to_owned() };
    assert_eq!(jar_id(&windows), Ok("1_a.jar".to_owned()));
    retry(jar_id(&wire::Uploaded { filename: "/upload/".to_owned() }));
}

#[test]
fn an_id_is_32_hex_digits() {
    assert_eq!(FlinkJobId::new(0x1f).as_str(), "0000000000000000000000000000001f");
    assert_eq!("AAAABBBBCCCCDDDDEEEEFFFF00001111".parse(), Ok(id()));
    for bad in ["", "1f", "aaaabbbbccccddddeeeeffff0000111g", "aaaabbbbccccddddeeeeffff000011112"] {
        assert!(bad.parse::<FlinkJobId>().is_err(), "{bad}");
    }
}
