//! What else is odd about the console, as recorded.
//!
//! Invariant: where a recording holds cases, the cases themselves are read from it.

use std::collections::BTreeSet;

use doubles::streampark::{Cluster, Profile};
use futures::future::join_all;
use serde_json::{Value, json};

use super::recording::Recording;
use super::stage::Stage;

fn recording(number: &str) -> Value {
    let all = Recording::all();
    all.into_iter().find(|one| one.number() == number).expect("it is recorded").file
}

/// 161.
#[tokio::test]
async fn a_copy_whose_answer_was_lost_is_there() {
    let stage = Stage::new(Profile::V216).await;
    stage.console.fault("/flink/app/copy", doubles::streampark::Fault::LostAfter, 1);
    let form = [("id", "100001"), ("jobName", "lost-1"), ("args", "x")];
    assert!(stage.send("/flink/app/copy", &form).await.is_err());
    assert_eq!(stage.console.apps().iter().filter(|(_, name)| name == "lost-1").count(), 1);
    let (status, body) = stage.call("/flink/app/copy", &form).await;
    assert_eq!((status, &body["code"]), (500, &recording("161")["retry"]["response"]["body"]["code"]));
}

/// 163.
#[tokio::test]
async fn builds_are_made_one_at_a_time() {
    let mut stage = Stage::new(Profile::V216).await;
    let apps: Vec<String> = (100_010..100_016).map(|app| app.to_string()).collect();
    for app in &apps {
        stage.step(app, "copy").await;
    }
    let forms: Vec<_> = apps.iter().map(|app| [("appId", app.as_str())]).collect();
    let answers = join_all(forms.iter().map(|form| stage.call("/flink/pipe/build", form))).await;
    assert!(answers.iter().all(|(_, body)| body["data"] == true));
    for _ in 0..100 {
        stage.wait(100);
        let mut building = 0;
        for app in &apps {
            building += usize::from(stage.row(app).await["buildStatus"] == 2);
        }
        assert!(building <= 1, "{building} are built at once");
    }
    for app in &apps {
        assert_eq!(stage.row(app).await["buildStatus"], 3);
    }
}

/// 164 495.
#[tokio::test]
async fn other_applications_start_side_by_side() {
    let mut stage = Stage::new(Profile::V216).await;
    let mut apps = Vec::new();
    for name in ["par-0", "par-1", "par-2", "par-3", "par-4", "par-5"] {
        apps.push(stage.built(name).await);
    }
    let forms: Vec<_> = apps.iter().map(|app| [("id", app.as_str())]).collect();
    join_all(forms.iter().map(|form| stage.call("/flink/app/start", form))).await;
    stage.wait(4000);
    for app in &apps {
        assert_eq!(stage.row(app).await["state"], 5);
    }
    assert_eq!(stage.flink.jobs().len(), 6);
}

/// 242 461: what the program was given of each text.
#[tokio::test]
async fn arguments_arrive_as_recorded() {
    let spoken = |value: &Value| {
        value
            .as_array()
            .map(|words| words.iter().map(|word| word.as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>())
    };
    let mut cases: Vec<(String, Option<Vec<String>>)> = Vec::new();
    for case in recording("242")["cases"].as_array().into_iter().flatten() {
        let arrived = spoken(&case["main_got"]);
        cases.push((format!("{} --finite 1", case["args"].as_str().unwrap_or_default()), arrived));
    }
    for case in recording("461")["cases"].as_object().into_iter().flatten().map(|(_, case)| case) {
        cases.push((case["args"].as_str().unwrap_or_default().to_owned(), spoken(&case["main_got"])));
    }
    assert!(cases.len() > 20);
    for (args, arrived) in cases.iter().filter(|(args, _)| !args.contains("…[shortened]") && !args.is_empty()) {
        let mut stage = Stage::new(Profile::V216).await;
        for (code, value) in [("secret_pw", "p@ss word"), ("shop_pw", "v$1\\x\"y z")] {
            let form = [("teamId", "100000"), ("variableCode", code), ("variableValue", value)];
            stage.call("/variable/post", &form).await;
        }
        let app = stage.built("argv").await;
        stage.call("/flink/app/start", &[("id", &app), ("args", args)]).await;
        stage.wait(3000);
        let mut ours = stage.flink.plans().pop().map(|plan| plan.args);
        if let Some(words) = ours.as_mut().filter(|words| words.ends_with(&["--finite".to_owned(), "1".to_owned()])) {
            words.truncate(words.len() - 2);
        }
        assert_eq!(&ours, arrived, "of {args:?}");
    }
}

/// 463.
#[tokio::test]
async fn a_name_or_an_id_among_the_settings_is_not_taken() {
    let mut stage = Stage::new(Profile::V216).await;
    let app = stage.built("argv-probe").await;
    let properties =
        "-Dpipeline.name=another-name -D$internal.pipeline.job-id=abcdef0123456789abcdef0123456789 -Da.b=5s";
    stage.update(&app, &[("dynamicProperties", properties)]).await;
    stage.steps(&app, "start 3s").await;
    let plan = stage.flink.plans().pop().expect("a job runs");
    assert_eq!(plan.name, "argv-probe");
    assert_eq!(plan.settings.get("a.b").map(String::as_str), Some("5s"));
    assert_eq!(plan.settings.get("parallelism.default").map(String::as_str), Some("1"));
    assert!(!plan.settings.contains_key("$internal.pipeline.job-id"));
}

/// 426 444.
#[tokio::test]
async fn the_recipe_of_an_update_changes_only_what_was_changed() {
    let mut stage = Stage::new(Profile::V216).await;
    let app = stage.built("updated").await;
    stage.wait(5000);
    let before = stage.call("/flink/app/get", &[("id", &app)]).await.1["data"].clone();
    stage.update(&app, &[("args", "--changed")]).await;
    let after = stage.call("/flink/app/get", &[("id", &app)]).await.1["data"].clone();
    let keys = before.as_object().into_iter().flatten().filter(|(key, value)| after[*key] != **value);
    let changed: Vec<&str> = keys.map(|(key, _)| key.as_str()).collect();
    assert_eq!(changed, ["args", "modifyTime", "release"]);
}

/// 432 721.
#[tokio::test]
async fn a_start_without_a_path_goes_on_from_the_row_with_latest_or_from_nothing() {
    for (profile, restored) in [(Profile::V216, true), (Profile::V217, false)] {
        let mut stage = Stage::new(profile).await;
        let app = stage.running("restored").await;
        stage.steps(&app, "5s cancel-savepoint 5s restore 5s").await;
        assert_eq!(stage.row(&app).await["state"], 5);
        assert_eq!(stage.flink.plans().pop().is_some_and(|plan| plan.savepoint.is_some()), restored);
    }
}

/// 136 496: the last `Caused by` of the first part is the sentence.
#[tokio::test]
async fn a_program_that_throws_leaves_its_sentence_in_the_option_log() {
    let mut stage = Stage::new(Profile::V216).await;
    let app = stage.built("denied").await;
    stage.steps(&app, "access-denied start 3s").await;
    let (_, log) = stage.call("/flink/app/optionlog", &[("appId", &app), ("pageSize", "1")]).await;
    let why = log["data"]["records"][0]["exception"].as_str().unwrap_or_default().to_owned();
    let causes: Vec<&str> = why.lines().filter(|line| line.starts_with("Caused by:")).collect();
    let recorded: Vec<String> = serde_json::from_value(recording("496")["caused_by"].clone()).expect("texts");
    assert_eq!(causes, recorded);
}

/// 497 499.
#[tokio::test]
async fn changed_arguments_count_without_a_build() {
    let mut stage = Stage::new(Profile::V216).await;
    let app = stage.built("changed").await;
    stage.update(&app, &[("args", "z1 z2")]).await;
    stage.steps(&app, "finishes start 6s").await;
    assert_eq!(stage.flink.plans()[0].args, ["z1", "z2"]);
    let row = stage.row(&app).await;
    assert_eq!((&row["state"], &row["release"]), (&json!(10), &json!(1)));
    stage.call("/flink/app/start", &[("id", &app), ("args", "secret")]).await;
    stage.wait(3000);
    assert_eq!(stage.flink.plans()[1].args, ["secret"]);
    assert_eq!(stage.row(&app).await["args"], "z1 z2", "what was given for one start is not kept");
}

/// 301.
#[tokio::test]
async fn lists_filter_as_recorded() {
    let mut stage = Stage::new(Profile::V216).await;
    for at in 0..12 {
        stage.call("/flink/app/copy", &[("id", "100001"), ("jobName", &format!("copy-{at}"))]).await;
    }
    stage.call("/flink/app/copy", &[("id", "100001"), ("jobName", "copy-ok")]).await;
    stage.call("/flink/app/copy", &[("id", "100001"), ("jobName", "COPY-OK")]).await;
    for (name, steps) in [("a", "cancel 3s"), ("b", "drain 3s")] {
        let app = stage.running(name).await;
        stage.steps(&app, steps).await;
    }
    let file = recording("301");
    for case in file["cases"].as_array().into_iter().flatten() {
        let pairs: Vec<(String, String)> = serde_json::from_value(case["form"].clone()).expect("pairs of texts");
        let form: Vec<(&str, &str)> = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let (status, body) = stage.call("/flink/app/list", &form).await;
        assert_eq!(case["status"], status, "{case}");
        let data = &body["data"];
        for key in ["size", "current"].iter().filter(|key| case.get(**key).is_some()) {
            assert_eq!(data[*key], case[*key], "{case}");
        }
        let empty = |total: &Value| total == "0";
        if status == 200 {
            assert_eq!(empty(&data["total"]), empty(&case["total"]) || form.contains(&("userId", "100001")), "{case}");
        }
    }
}

/// 302.
#[tokio::test]
async fn without_a_second_sort_key_rows_are_lost_between_pages() {
    let stage = Stage::new(Profile::V216).await;
    for at in 0..119 {
        stage.call("/flink/app/copy", &[("id", "100001"), ("jobName", &format!("many-{at}"))]).await;
    }
    for (sorted, whole) in [(&[][..], false), (&[("sortField", "id"), ("sortOrder", "asc")][..], true)] {
        let mut ids = BTreeSet::new();
        for page in ["1", "2", "3", "4", "5", "6"] {
            let form = [&[("teamId", "100000"), ("pageSize", "20"), ("pageNum", page)][..], sorted].concat();
            let (_, body) = stage.call("/flink/app/list", &form).await;
            assert_eq!(body["data"]["total"], "120");
            ids.extend(body["data"]["records"].as_array().into_iter().flatten().map(|row| row["id"].to_string()));
        }
        assert_eq!(ids.len() == 120, whole, "{} of 120", ids.len());
    }
}
