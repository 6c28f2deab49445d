//! Every recorded exchange: the state is brought about, the same request sent, the answers compared.
//!
//! Invariant: `TABLE`, `ROWS`, the tables of `timelines` and `ELSEWHERE` together name every file, each once.

use doubles::streampark::Cluster;
use serde_json::Value;

use super::compare::differences;
use super::recording::Recording;
use super::stage::{Answered, Stage};
use super::timelines;

const BUILT: &str = "copy build 2s";
const RUNNING: &str = "2s copy build 2s start 3s";

/// What is done before the request, and the files it is done for. `built` and `running` stand for their steps.
const TABLE: &[(&str, &str)] = &[
    ("", "001 002 003 004 005 006 007 008 009 010 011 012 013 014 016 017 018 019 020 021 022 023 024 025 026 027 029"),
    (
        "",
        "030 031 032 032a 033 034 035 036 037 038 039 040 041 042 043 044 045 046 048 050 053 054 055 056 057 058 059",
    ),
    ("", "060 061 062 063 064 065 066 067 068 069 070 071 073 080 097 151 154 155 156 157 158 159 170 172 180 182 183"),
    (
        "",
        "189 190 192 194 195 196 197 198 199 203 204 211 212 240 263 265 288 292 300 303 311 400 401 402 403 404 405 406",
    ),
    ("", "407 410 700 701 702 703 704 712 713 715 716 717"),
    ("2s demo", "015 028"),
    (
        "running",
        "015b 092 093 094 095 096 101 104 105 111 117 145 148 177 178 185 191 222 234 415 416 420 424 441 480 708",
    ),
    ("copy", "047 051 081 082 083 126 133 193 200 202 205 206 207 208 209 225 227 228 230 232 308 411 425 443 454 705"),
    ("copy", "201 210 213 217 221"),
    ("named", "052 072"),
    ("2s named", "074"),
    ("copy named", "231"),
    ("copy build", "084 085"),
    ("built", "086 087 089 090 119 179 181 315 412 413 428 445 455 460 493 497 706"),
    ("built build", "088"),
    ("built start", "091"),
    ("running 4s", "100 707"),
    ("running 2s trigger 3s", "103"),
    ("running cancel", "106"),
    ("running cancel 5s", "108 718"),
    ("running cancel cancel 5s cancel 2s", "110"),
    ("running 3s cancel-savepoint 3s", "113 114 422 423 710 711 720"),
    ("built fails-at-once start 5s", "121"),
    ("running cancel 5s cancel 5s", "123 124"),
    ("copy cancel", "127"),
    ("2s copy cancel 5s", "128 129 130"),
    ("2s copy cancel 5s abort", "132"),
    ("built throws", "134"),
    ("built throws start 3s", "136"),
    ("built fails start 8s", "139"),
    ("built slow-main start 2s", "141 143"),
    ("running abort", "146"),
    ("copy delete", "150 152 153"),
    ("token", "171 173 174 184 186"),
    ("token", "175 176"),
    ("token token-off", "187 188"),
    ("copy session", "214 215 216 218 219 220"),
    ("running session", "223"),
    ("running session mix", "224"),
    ("running cancel 3s update", "233"),
    ("running update", "235 427"),
    ("variable", "241"),
    ("copy lose-jar", "250"),
    ("copy lose-jar build 3s", "252 253 261"),
    ("copy lose-jar build 3s start 3s", "262"),
    ("copy bad-dependency", "254"),
    ("copy bad-dependency build 3s", "256 257 258 260"),
    ("alert", "264"),
    ("restart", "270"),
    ("running token restart", "271"),
    ("built slow-main start 2s restart again", "273 274"),
    ("running forget", "281"),
    ("running forget cancel 12s", "282"),
    ("built down", "284 484 485"),
    ("copy down", "285"),
    ("running down", "286 289"),
    ("running down cancel", "287"),
    ("running down cancel 5s", "290"),
    ("running down 80s forget up", "293"),
    ("running down cancel forget up 5s", "295"),
    ("running abort", "296"),
    ("running cancel 3s", "298"),
    ("white-list 2s copy", "304 305 306"),
    ("white-list 2s copy build 2s token expire", "310"),
    ("white-list copy build 3s", "307"),
    ("expire", "309"),
    ("2s copy", "312 313"),
    ("running 3s trigger 2s cancel-savepoint 3s", "442"),
    ("running 5s job-finished 3s", "453"),
    ("running cancel-savepoint 3s", "714"),
    ("copy keeps-one build 2s start 3s cancel-savepoint 3s", "723"),
];

/// Rows that were noted after some steps.
const ROWS: &[(&str, &str)] = &[
    ("running cancel 3s update", "226"),
    ("running cancel 3s partial", "229"),
    ("running update build", "236"),
    ("copy bad-dependency build 3s start 3s", "259"),
    ("running forget cancel 12s", "283"),
    ("running down cancel 60s forget up 60s", "294"),
    ("running job-restarting 5s", "478"),
    ("running cancel 3s cancel 6s", "719"),
];

/// Files that are replayed by a test of their own, or not at all, and why.
pub const ELSEWHERE: &[(&str, &str)] = &[
    (
        "116 122 417 418 419 430 431 450 451 457 467 476 477 483 487",
        "Flink answers: replayed against the double of Flink",
    ),
    ("160 722", "two equal copies at the same moment: traps::two_equal_copies_at_the_same_moment_both_succeed"),
    ("161", "the recorder left most of the row out: traps::a_copy_whose_answer_was_lost_is_there"),
    ("162", "starts at the same moment: traps::four_starts_at_the_same_moment_are_four_jobs"),
    ("163", "builds at the same moment: habits::builds_are_made_one_at_a_time"),
    ("164 495", "other applications started at the same moment: habits::other_applications_start_side_by_side"),
    ("149", "traps::a_deleted_application_leaves_its_job"),
    ("242 461", "habits::arguments_arrive_as_recorded"),
    ("462 464", "traps::the_second_way_submits_again_under_another_name"),
    ("463", "habits::a_name_or_an_id_among_the_settings_is_not_taken"),
    ("272", "traps::a_restart_of_the_console_leaves_a_starting_row_where_it_was"),
    ("301", "habits::lists_filter_as_recorded"),
    ("302", "habits::without_a_second_sort_key_rows_are_lost_between_pages"),
    ("426 444", "habits::the_recipe_of_an_update_changes_only_what_was_changed"),
    ("432 721", "traps::a_start_without_a_path_goes_on_from_the_row_with_latest_or_from_nothing"),
    ("479", "traps::a_savepoint_that_fails_leaves_the_job_and_a_failed_row"),
    ("496", "habits::a_program_that_throws_leaves_its_sentence_in_the_option_log"),
    ("499", "habits::changed_arguments_count_without_a_build"),
    ("267", "alerts: the double calls nobody back, the product does not use them"),
    (
        "465 466 488 489 490 491",
        "a main class that carries a job id: no program of that kind runs on the cluster of these tests",
    ),
    ("492", "how fast a real machine was"),
    ("498", "a program that ends the process: it throws, as in 496"),
];

/// Parts of an answer that the recorder left out.
const LEFT_OUT: &[(&str, &str)] = &[("303", ".data.permissions")];

#[tokio::test]
async fn every_recorded_exchange_is_answered_alike() {
    let mut found = Vec::new();
    let all = Recording::all();
    for (steps, number) in numbers(TABLE) {
        let recording = all.iter().find(|recording| recording.number() == number);
        let recording = recording.unwrap_or_else(|| panic!("{number} is no recording"));
        let differences = replayed(recording, steps).await;
        found.extend(differences.into_iter().map(|difference| format!("{}: {difference}", recording.name)));
    }
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
}

#[tokio::test]
async fn rows_are_as_they_were_noted() {
    let mut found = Vec::new();
    let all = Recording::all();
    for (steps, number) in numbers(ROWS) {
        let recording = all.iter().find(|recording| recording.number() == number).expect("it is in the table");
        let mut stage = Stage::new(recording.profile()).await;
        stage.steps("100020", &spelled(steps)).await;
        let row = stage.row("100020").await;
        let noted = recording.file["row"].as_object().cloned().unwrap_or_default();
        let here: serde_json::Map<_, _> = noted.keys().map(|key| (key.clone(), row[key].clone())).collect();
        let differences = differences(&Value::Object(noted), &Value::Object(here));
        found.extend(differences.into_iter().map(|difference| format!("{}: {difference}", recording.name)));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_recording_is_replayed_or_listed_with_its_reason() {
    let tables = [numbers(TABLE), numbers(ROWS), numbers(timelines::TABLE)];
    let listed = ELSEWHERE.iter().flat_map(|(files, reason)| files.split(' ').map(move |file| (*reason, file)));
    let mut named: Vec<&str> = tables.concat().into_iter().chain(listed).map(|(_, number)| number).collect();
    named.sort_unstable();
    let twice: Vec<&str> = named.windows(2).filter(|two| two[0] == two[1]).map(|two| two[0]).collect();
    let all = Recording::all();
    let missing: Vec<&str> = all.iter().map(Recording::number).filter(|number| !named.contains(number)).collect();
    assert!(missing.is_empty() && twice.is_empty(), "neither replayed nor listed: {missing:?}; twice: {twice:?}");
    let replayed = tables.concat().len();
    assert!(replayed * 10 > all.len() * 8, "only {replayed} of {} files are replayed", all.len());
}

/// Each number of a table with its steps.
pub fn numbers(table: &'static [(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    table.iter().flat_map(|(steps, files)| files.split(' ').map(move |file| (*steps, file))).collect()
}

/// The steps with `built` and `running` spelled out.
pub fn spelled(steps: &str) -> String {
    let words = steps.split_whitespace().map(|step| match step {
        "built" => BUILT,
        "running" => RUNNING,
        step => step,
    });
    words.collect::<Vec<_>>().join(" ")
}

async fn replayed(recording: &Recording, steps: &str) -> Vec<String> {
    let mut stage = Stage::new(recording.profile()).await;
    let app = recording.field("appId").or_else(|| recording.field("id")).filter(|app| app != "100001");
    let path = recording.file["request"]["path"].as_str().unwrap_or_default();
    let proxied = path.strip_prefix("/proxy/flink/").map(|rest| rest.split('/').next().unwrap_or_default().to_owned());
    let app = app.or(proxied.filter(|app| app != "999999")).unwrap_or_else(|| "100020".to_owned());
    stage.name = recording.field("jobName").filter(|_| path.ends_with("/list")).unwrap_or_default();
    stage.steps(&app, &spelled(steps)).await;
    let headers_before = recording.file["response"]["content_type"].as_str().map(str::to_owned);
    let (kind, (status, body)) = sent(&mut stage, recording).await;
    let mut found = Vec::new();
    let recorded = &recording.file["response"];
    if recorded["status"] != status {
        found.push(format!("status {} recorded, {status} here: {body}", recorded["status"]));
        return found;
    }
    if headers_before != kind {
        found.push(format!("content type {headers_before:?} recorded, {kind:?} here"));
    }
    if recorded["body"].is_string() && kind.as_deref() == Some("text/html") {
        return found;
    }
    let left_out = |difference: &String| {
        LEFT_OUT.iter().any(|(number, place)| *number == recording.number() && difference.starts_with(place))
    };
    found.extend(differences(&recorded["body"], &body).into_iter().filter(|difference| !left_out(difference)));
    found
}

/// Sends the recorded request with the tokens of this console.
async fn sent(stage: &mut Stage, recording: &Recording) -> (Option<String>, Answered) {
    let request = &recording.file["request"];
    let method = request["method"].as_str().unwrap_or_default().parse().expect("recorded methods are methods");
    let path = stage.filled(request["path"].as_str().unwrap_or_default()).await;
    let mut builder = stage.client.request(method, format!("{}{path}", stage.console.url()));
    for (name, value) in request["headers"].as_object().into_iter().flatten() {
        let value = stage.filled(value.as_str().unwrap_or_default()).await;
        if name != "Content-Type" || !value.starts_with("multipart") {
            builder = builder.header(name, value);
        }
    }
    if let Some(form) = recording.form() {
        let mut filled = Vec::new();
        for (key, value) in form {
            filled.push((key, value.replace("http://<flink-rest>", &stage.flink.address())));
        }
        builder = builder.form(&filled);
    } else if path.ends_with("/upload") {
        let (name, bytes) = match recording.number() {
            "041" => ("notes.txt", &b"just a text"[..]),
            "405" => ("paimon-launcher.jar", &b"PK\x03\x04 Main-Class: a.B\n"[..]),
            _ => ("probe-job.jar", &b"PK\x03\x04 Main-Class: a.B\n"[..]),
        };
        let part = reqwest::multipart::Part::bytes(bytes.to_vec()).file_name(name);
        builder = builder.multipart(reqwest::multipart::Form::new().part("file", part));
    } else if let Some(body) = request["body"].as_str() {
        builder = builder.body(body.to_owned());
    }
    let response = builder.send().await.expect("the console answers");
    let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok()).map(str::to_owned);
    (kind, super::stage::answered(response).await)
}
