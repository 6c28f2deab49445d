//! Every recorded exchange, sent again: the same status, content type and shape of the body (`recorded/flink`, see
//! `shape.rs` for what "the same" means).
//!
//! A new recording, by example: put its file there and a line into [`REPLAYED`] with the steps that bring the double there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use doubles::flink::{Break, Memory};

use crate::shape::differences;
use crate::stage::Step::{
    Before, Cancel, Do, Other, Restart, Resumed, Save, Sent, Start, Stop, Upload, Wait, Wide, Zone,
};
use crate::stage::{Recording, Stage, Step, corrupt};

/// All tasks run.
const UP: u64 = 4_000;
const MINUTE: u64 = 60_000;
const THREE: &[&str] = &["orders", "customers", "products"];
const FIVE: &[&str] = &["orders", "customers", "products", "payments", "customer_tags"];
const TWO: &[&str] = &["customers", "reviews"];
const HERE: &str = "file:///savepoints";
const NOWHERE: &str = "file:///proc/nowhere";

/// File and steps.
const REPLAYED: &[(&str, &[Step])] = &[
    ("config", &[]),
    ("jar-delete", &[]),
    ("jars-list", &[Upload]),
    ("jars-run", &[]),
    ("jars-run-failed-help-intercepted", &[]),
    ("jars-run-failed-mysql-unreachable", &[Do(|memory| memory.world.reachable = false)]),
    ("jars-run-failed-no-database", &[]),
    ("jars-run-failed-no-such-jar", &[]),
    ("jars-run-failed-no-table", &[]),
    ("jars-run-failed-only-table-without-pk", &[]),
    ("jars-run-failed-savepoint-missing", &[]),
    ("jars-run-failed-state-not-mapped", &[Before(THREE)]),
    ("jars-run-failed-unknown-action", &[]),
    ("jars-run-failed-unsupported-type", &[]),
    ("jars-run-failed-warehouse-unwritable", &[Do(proc_is_not_writable)]),
    ("jars-run-failed-wrong-password", &[Do(|memory| memory.world.password = Some("***PASSWORD***".into()))]),
    ("jars-run-from-savepoint", &[Before(THREE)]),
    ("jars-run-from-savepoint-uid-suffix", &[Before(TWO)]),
    ("jars-run-ok-table-without-pk-left-out", &[]),
    ("jars-run-same-jobid-after-end", &[Sent, Wait(UP), Cancel, Wait(UP)]),
    ("jars-run-same-jobid-again", &[Sent, Wait(UP)]),
    ("jars-run-with-jobid", &[]),
    ("jars-upload", &[]),
    ("jars-upload-not-a-jar", &[]),
    ("job-cancel", &[Start(FIVE), Wait(UP)]),
    ("job-cancel-again", &[Start(FIVE), Wait(UP), Cancel, Wait(UP)]),
    ("job-cancel-of-ended-job", &[Start(TWO), Wait(UP), Cancel, Wait(UP)]),
    ("job-checkpoints", &[Start(THREE), Wait(10 * MINUTE)]),
    ("job-checkpoints-config", &[Start(THREE), Wait(UP)]),
    ("job-checkpoints-restored", &[Resumed(FIVE, "file:/savepoints/savepoint-cd9620-46cb4ecf400e"), Wait(13_010)]),
    ("job-config", &[Start(THREE), Wait(UP)]),
    ("job-detail", &[Start(THREE), Wait(13 * MINUTE)]),
    ("job-detail-canceled", &[Start(TWO), Wait(MINUTE), Cancel, Wait(UP)]),
    ("job-detail-finished-after-stop", &[Start(THREE), Wait(MINUTE), Stop(HERE), Wait(UP)]),
    ("job-detail-just-submitted", &[Start(TWO), Wait(400)]),
    ("job-detail-restart-loop", &[Do(bad_payments), Start(FIVE), Wait(90_000)]),
    ("job-detail-waiting-for-slots", &[Wide(&["reviews"], 9), Wait(12_000)]),
    ("job-exceptions-access-denied", &[Start(TWO), Wait(UP), Do(other_password), Wait(MINUTE)]),
    ("job-exceptions-canceled", &[Start(TWO), Wait(UP), Cancel, Wait(UP)]),
    // Grants are not modelled one by one; what Flink shows of a lost one is the same nothing.
    ("job-exceptions-grant-lost", &[Start(TWO), Wait(UP), Do(other_password), Wait(MINUTE)]),
    ("job-exceptions-incompatible-alter", &[Start(TWO), Wait(UP), Do(altered), Wait(MINUTE)]),
    ("job-exceptions-mysql-down", &[Start(TWO), Wait(UP), Do(|memory| memory.world.reachable = false), Wait(MINUTE)]),
    ("job-exceptions-none", &[Start(THREE), Wait(MINUTE)]),
    ("job-exceptions-restart-loop", &[Do(bad_payments), Start(FIVE), Wait(90_000)]),
    (
        "job-exceptions-source-global-failure",
        &[
            Do(|memory| memory.world.zone = Some("UTC".into())),
            Zone("Asia/Shanghai"),
            Start(&["reviews"]),
            Wait(MINUTE),
        ],
    ),
    ("job-lost-after-jm-restart", &[Start(TWO), Wait(UP), Restart]),
    ("job-metrics", &[Start(THREE), Wait(MINUTE), Sent]),
    ("job-metrics-restart-loop", &[Do(bad_payments), Start(FIVE), Wait(90_000), Sent]),
    ("job-not-found", &[]),
    ("job-plan", &[Start(THREE), Wait(UP)]),
    ("job-status", &[Start(TWO), Wait(UP)]),
    ("jobmanager-config", &[]),
    ("jobs-overview", &[Start(THREE), Wait(MINUTE)]),
    ("jobs-overview-after-jm-restart", &[Start(THREE), Wait(UP), Restart]),
    (
        "jobs-overview-ended",
        &[Start(TWO), Wait(MINUTE), Cancel, Wait(UP), Other("cdc35", "1e8512ea4d3e65d97fc84fde02f10e80"), Wait(UP)],
    ),
    (
        "overview-no-free-slot",
        &[Other("first", "0123456789abcdef0123456789abcdef"), Wait(UP), Wide(&["reviews"], 9), Wait(UP)],
    ),
    ("overview-one-job-running", &[Start(THREE), Wait(MINUTE)]),
    ("savepoint-poll-unknown-trigger", &[Start(TWO), Wait(UP)]),
    ("savepoint-without-stop-poll", &[Start(TWO), Wait(UP), Save, Wait(1_000)]),
    ("stop-of-ended-job", &[Start(TWO), Wait(UP), Cancel, Wait(UP)]),
    ("stop-of-ended-job-poll", &[Start(TWO), Wait(UP), Cancel, Wait(UP), Stop(HERE), Wait(1_000)]),
    ("stop-trigger-bad-target", &[Do(proc_is_not_writable), Start(TWO), Wait(UP)]),
    ("stop-with-savepoint-poll-completed", &[Start(THREE), Wait(UP), Stop(HERE), Wait(1_000)]),
    ("stop-with-savepoint-poll-failed", &[Start(TWO), Wait(UP), Do(altered), Wait(4_000), Stop(HERE), Wait(600)]),
    (
        "stop-with-savepoint-poll-failed-target",
        &[Do(proc_is_not_writable), Start(TWO), Wait(UP), Stop(NOWHERE), Wait(1_000)],
    ),
    ("stop-with-savepoint-poll-in-progress", &[Start(THREE), Wait(UP), Stop(HERE), Wait(100)]),
    ("stop-with-savepoint-trigger", &[Start(THREE), Wait(UP)]),
    ("taskmanagers", &[Start(THREE), Wait(UP)]),
    ("vertex-metrics-source", &[Start(THREE), Wait(MINUTE), Sent]),
    ("vertex-metrics-writer", &[Start(THREE), Wait(MINUTE), Sent]),
    ("vertex-subtasks-metrics", &[Start(THREE), Wait(MINUTE), Sent]),
];

/// Files that are not replayed, each with its reason.
const NOT_REPLAYED: &[(&str, &str)] = &[];

/// Differences that are meant: file, the beginning of the place, why.
const MAY_DIFFER: &[(&str, &str, &str)] = &[];

fn proc_is_not_writable(memory: &mut Memory) {
    memory.world.unwritable.insert("file:///proc".into());
}

fn bad_payments(memory: &mut Memory) {
    memory.world.table_mut("shop", "payments").expect("a table").breaks = Some(corrupt());
}

fn other_password(memory: &mut Memory) {
    memory.world.password = Some("another".into());
}

fn altered(memory: &mut Memory) {
    let id = memory.jobs().next().expect("a job").id.clone();
    memory.break_job(&id, Break::incompatible_alter("n", "BIGINT", "VARCHAR(30)", "al.a1"));
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded/flink")
}

#[test]
fn every_recording_is_replayed_or_listed_with_its_reason() {
    let files: BTreeSet<_> = fs::read_dir(folder())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path().file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    let replayed: Vec<_> = REPLAYED.iter().map(|(file, _)| (*file).to_owned()).collect();
    let listed: Vec<_> = NOT_REPLAYED.iter().map(|(file, _)| (*file).to_owned()).collect();
    let known: BTreeSet<_> = replayed.iter().chain(&listed).cloned().collect();
    assert_eq!(known.len(), replayed.len() + listed.len(), "a file is there twice");
    assert_eq!(files, known);
    assert!(NOT_REPLAYED.iter().all(|(_, why)| !why.is_empty()));
}

#[tokio::test]
async fn every_recorded_exchange_comes_out_as_it_was_recorded() {
    let mut wrong = Vec::new();
    let mut used = BTreeSet::new();
    for (file, steps) in REPLAYED {
        let text = fs::read_to_string(folder().join(format!("{file}.json"))).expect("a recording");
        let recording = Recording::read(&text);
        let stage = Stage::of(&recording, steps).await;
        let (status, kind, body) = stage.send(&recording).await;
        if (status, kind.as_str()) != (recording.status, "application/json; charset=UTF-8") {
            wrong.push(format!("{file}: {status} {kind}, {} was recorded", recording.status));
        }
        for what in differences(&recording.answer, &body) {
            let meant = MAY_DIFFER.iter().position(|(of, place, _)| of == file && what.starts_with(place));
            match meant {
                Some(at) => drop(used.insert(at)),
                None => wrong.push(format!("{file}{what}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(used.len(), MAY_DIFFER.len(), "a difference that is meant does not show any more");
}
