//! Every recorded course of states: the same steps, and the row goes through the same states.
//!
//! Invariant: each state that was recorded comes here too, in that order; between them only what polls may miss.

use doubles::streampark::Cluster;
use serde_json::Value;

use super::exchanges::{numbers, spelled};
use super::recording::Recording;
use super::stage::{Stage, time};

/// What happened before, a bar, and what happened while the row was watched.
pub const TABLE: &[(&str, &str)] = &[
    ("| copy 5s build 3s start 4s", "098 414"),
    ("running 5s | trigger 3s", "102"),
    ("running trigger 3s | cancel 4s", "107"),
    ("running trigger 3s cancel 5s cancel | 60s", "109"),
    ("running 3s | cancel-savepoint 4s", "112 421"),
    ("running cancel-savepoint 3s | restore 4s", "115 429"),
    ("running | drain 4s", "118"),
    ("built | start 4s drain-savepoint 4s restore 4s cancel-savepoint 4s restore 4s", "481"),
    ("running cancel-savepoint 4s | restore 4s drain-savepoint 4s restore 4s cancel-savepoint 4s restore 4s", "482"),
    ("running drain 4s fails-at-once | start 4s", "120"),
    ("built fails-at-once | start 5s", "473 474"),
    ("running trigger 3s cancel 5s cancel 5s | abort 20s", "125"),
    ("copy | cancel 4s abort 3s", "131"),
    ("built throws | start 5s", "135 470 471 472 475"),
    ("built finishes | start 6s", "137"),
    ("built fails | start 6s", "138"),
    ("built loops | start 10s", "140"),
    ("built slow-main | start 2s cancel 15s", "142"),
    ("built slow-main | start 2s abort 15s", "144"),
    ("running | abort 8s start 4s", "147"),
    ("copy lose-jar | build 3s", "251"),
    ("copy bad-dependency | build 3s", "255"),
    ("running | job-canceled 5s", "266"),
    ("running | forget 60s", "280"),
    ("running | down 80s forget up 20s", "291"),
    ("running abort 2s | map 45s cancel 5s", "297"),
    ("running cancel 4s | map-unknown 20s", "299"),
    ("built slow-main | start 2s cancel 6300ms start 20s", "314"),
    ("copy restarts-2 build 2s fails fails fails fails | start 40s", "316"),
    ("running abort 2s map other | 1s map-other 3s map-own 3s", "433"),
    ("running | abort map 12s map 6s", "434"),
    ("built | start 4s cancel-savepoint 5s update build restore 8s", "440"),
    ("running | cancel-savepoint 5s update build restore 8s", "446"),
    ("running | job-finished 5s", "452"),
    ("| copy build 2s start 5s", "456"),
    ("running | forget 10s abort 2s start 8s", "486"),
    ("running | job-finished 5s start 8s", "494"),
    ("copy | build 3s start 4s cancel-savepoint 5s", "709"),
];

/// States a poll may miss, because the row is in them for a moment only.
const SHORT: [i64; 3] = [1, 3, 8];

#[tokio::test]
async fn rows_go_through_the_recorded_states() {
    let mut found = Vec::new();
    let all = Recording::all();
    for (steps, number) in numbers(TABLE) {
        let recording = all.iter().find(|recording| recording.number() == number);
        let recording = recording.unwrap_or_else(|| panic!("{number} is no recording"));
        let recorded = recorded_course(&recording.file);
        let ours = course(recording, steps).await;
        if let Some(difference) = differ(&recorded, &ours) {
            found.push(format!("{}: {difference}\n  recorded {recorded:?}\n  here     {ours:?}", recording.name));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// State, release, what is asked of it, tracked, kind of build.
type Moment = [i64; 5];

fn differ(recorded: &[Moment], ours: &[Moment]) -> Option<String> {
    let state = |course: &[Moment]| {
        let mut states: Vec<i64> = course.iter().map(|moment| moment[0]).collect();
        states.dedup();
        states
    };
    let theirs = state(recorded);
    let begun = ours.iter().position(|moment| Some(&moment[0]) == theirs.first()).unwrap_or_default();
    let here = state(&ours[begun..]);
    let mut left = here.iter();
    if let Some(missed) = theirs.iter().filter(|state| **state != 1).find(|state| !left.any(|one| one == *state)) {
        return Some(format!("state {missed} is missing"));
    }
    if let Some(new) = here.iter().find(|state| !theirs.contains(state) && !SHORT.contains(state)) {
        return Some(format!("state {new} was never recorded"));
    }
    (recorded.last() != ours.last()).then(|| "it ends otherwise".to_owned())
}

fn moment(row: &Value, before: Moment) -> Moment {
    let keys = ["state", "release", "optionState", "tracking", "buildStatus"];
    let mut now = before;
    for (at, key) in keys.iter().enumerate() {
        match row.get(key) {
            Some(Value::Number(number)) => now[at] = number.as_i64().unwrap_or_default(),
            Some(Value::Null) => now[at] = -100,
            _ => {}
        }
    }
    now
}

fn recorded_course(file: &Value) -> Vec<Moment> {
    let lines = ["timeline", "after_cancel", "after_abort"].iter().filter_map(|key| file[*key].as_array()).flatten();
    let mut course: Vec<Moment> = Vec::new();
    for line in lines.filter(|line| {
        line.get("state").is_some() || line.get("release").is_some() || line.get("optionState").is_some()
    }) {
        let before = course.last().copied().unwrap_or([-100; 5]);
        course.push(moment(line, before));
    }
    course
}

/// The moments of the row while the steps behind the bar are done.
async fn course(recording: &Recording, steps: &str) -> Vec<Moment> {
    let mut stage = Stage::new(recording.profile()).await;
    let (before, during) = steps.split_once('|').unwrap_or(("", steps));
    let app = "100020";
    for step in spelled(before).split_whitespace() {
        act(&mut stage, app, step).await;
    }
    let mut course = Vec::new();
    look(&stage, app, &mut course).await;
    for step in during.split_whitespace() {
        match time(step) {
            Some(millis) => {
                let between = if millis > 20_000 { 1000 } else { 200 };
                for _ in 0..millis / between {
                    stage.wait(between);
                    look(&stage, app, &mut course).await;
                }
            }
            None => {
                act(&mut stage, app, step).await;
                look(&stage, app, &mut course).await;
            }
        }
    }
    course.dedup();
    course
}

/// A step; those of mapping between two jobs are told here.
async fn act(stage: &mut Stage, app: &str, step: &str) {
    let jobs: Vec<String> = stage.flink.jobs().into_iter().map(|job| job.id).collect();
    let map = |job: String| vec![("id", app.to_owned()), ("jobId", job)];
    let form = match step {
        "other" => {
            stage.steps("100021", &spelled("running")).await;
            return;
        }
        "map-other" => map(jobs[1].clone()),
        "map-own" => map(jobs[0].clone()),
        step => {
            stage.step(app, step).await;
            return;
        }
    };
    let form: Vec<(&str, &str)> = form.iter().map(|(key, value)| (*key, value.as_str())).collect();
    assert_eq!(stage.call("/flink/app/mapping", &form).await.1["data"], true);
}

async fn look(stage: &Stage, app: &str, course: &mut Vec<Moment>) {
    let row = stage.row(app).await;
    if row.is_object() {
        course.push(moment(&row, [-100; 5]));
    }
}
