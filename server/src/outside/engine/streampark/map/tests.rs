//! StreamPark's recorded answers, as we read them.

use serde_json::json;

use super::*;
use crate::outside::engine::streampark::seen::AppState;
use crate::outside::engine::streampark::session::signed_in;

/// A recording of the real StreamPark: of those beside its double, or, where long texts matter, in full beside this module.
fn recording(name: &str) -> Value {
    let folders = ["/src/outside/engine/streampark/samples", "/doubles/tests/recorded/streampark"];
    let paths = folders.map(|folder| format!("{}{folder}/{name}.json", env!("CARGO_MANIFEST_DIR")));
    let text = paths.iter().find_map(|path| std::fs::read_to_string(path).ok()).expect(name);
    serde_json::from_str(&text).expect("a recording")
}

/// What it answered.
fn recorded(name: &str) -> Answer {
    let response = &recording(name)["response"];
    let status = response["status"].as_u64().and_then(|status| u16::try_from(status).ok()).expect("a status");
    Answer { status, body: serde_json::to_vec(&response["body"]).expect("JSON") }
}

fn answer(status: u16, body: &str) -> Answer {
    Answer { status, body: body.as_bytes().to_vec() }
}

fn id(text: &str) -> AppId {
    text.parse().expect("an id")
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
fn a_sign_in_is_a_token_and_each_refusal_says_its_reason() {
    assert!(signed_in(&recorded("001-signin-ok")).is_ok_and(|token| !token.is_empty()));
    let said = [
        ("002-signin-bad-password", "name or password are wrong"),
        ("003-signin-unknown-user", "does not exist or can not login with PASSWORD"),
        ("004-signin-missing-logintype", "the login type is null."),
        ("006-signin-empty-user", "name or password are wrong"),
        ("010-signin-ldap-when-disabled", "ldap is not enabled"),
        ("717-v217-bad-password", "name or password are wrong"),
    ];
    for (name, words) in said {
        let why = failed(signed_in(&recorded(name)));
        assert!(why.contains(words), "{name}: {why}");
    }
    assert!(failed(signed_in(&answer(200, r#"{"status":"success","code":1}"#))).contains("locked"));
    assert!(failed(signed_in(&answer(200, r#"{"status":"success","code":"403","data":"7"}"#))).contains("no team"));
    retry(signed_in(&answer(200, "<html>sign in here</html>")));
    retry(signed_in(&answer(200, r#"{"data":{"token":""}}"#)));
    retry(signed_in(&answer(502, "<html>")));
}

#[test]
fn a_page_has_its_rows_and_ids_are_texts() {
    let page = page(&recorded("094-list-running")).expect("a page");
    let [app] = &page.apps[..] else { panic!("one row") };
    assert_eq!((page.total, app.id.as_str(), app.name.as_str(), app.team.as_str()), (1, "100020", "life-1", "100000"));
    assert_eq!((app.state, app.release, app.build), (AppState::Running, Release::Done, Some(BuildStatus::Success)));
    assert_eq!(app.job.as_ref().map(ToString::to_string).as_deref(), Some("c75c529a86b043285a22e7cd75a4b19c"));
    assert!(!app.can_start && app.kind == 1 && app.mode == 1 && app.restarts_itself == 0);
    // 21:59:12 of GMT+8
    assert_eq!(app.started_at, Some(Millis(1_795_355_952_000)));
    let numbers = json!({"code": 200, "data": {"records": [{"id": 7, "teamId": 1, "state": "5"}], "total": 1}});
    let page = super::page(&answer(200, &numbers.to_string())).expect("numbers do as well");
    assert_eq!((page.apps[0].id.as_str(), page.apps[0].state), ("7", AppState::Running));
}

#[test]
fn arguments_of_an_application_are_not_shown() {
    let page = page(&recorded("094-list-running")).expect("a page");
    assert_eq!(
        page.apps[0].args.as_ref().map(Secret::expose),
        Some("--who life-1 --checkpoint 2000 --job-name life-1")
    );
    assert!(!format!("{page:?}").contains("--checkpoint"));
}

#[test]
fn a_list_without_its_team_is_refused_and_one_that_breaks_is_asked_again() {
    assert!(failed(page(&recorded("017-list-missing-team"))).contains("team"));
    assert_eq!(page(&recorded("018-list-unknown-team")).map(|page| page.total), Ok(0));
    let why = retry(page(&recorded("127-list-after-cancel-never-started")));
    assert!(why.len() < 400 && !why.contains("\tat "), "{why}");
}

#[test]
fn names_are_compared_letter_by_letter() {
    let apps = || page(&recorded("046-list-by-name")).expect("a page").apps;
    assert_eq!(named(apps(), "template-probe").count(), 2, "two of one name are two");
    assert_eq!(named(apps(), "template_probe").count(), 0);
    assert_eq!(named(apps(), "Template-probe").count(), 0);
}

#[test]
fn an_application_that_is_not_there_is_none() {
    for name in ["025-get-unknown-id", "150-get-deleted", "195-nonadmin-get-unknown"] {
        assert_eq!(whole(&recorded(name)), Ok(None), "{name}");
    }
    let java8 = |class: &str| {
        let message = format!("internal server error: java.lang.NullPointerException\n\tat {class}.getApp(X.java:1)");
        answer(500, &json!({"code": "500", "message": message, "data": null}).to_string())
    };
    let service = "org.apache.streampark.console.core.service.impl.ApplicationServiceImpl";
    assert_eq!(whole(&java8(service)), Ok(None));
    retry(whole(&java8("org.apache.streampark.console.core.service.impl.FlinkEnvServiceImpl")));
    retry(whole(&answer(404, "<html>")));
    failed(whole(&recorded("024-bad-id-type")));
    assert!(failed(whole(&recorded("202-otherteam-get"))).contains("may not"));
    let app = whole(&recorded("415-e2e-get-running")).and_then(|whole| app_of(whole.expect("there")));
    assert_eq!(app.map(|app| (app.state, app.build)), Ok((AppState::Running, None)), "a get knows no build");
}

#[test]
fn a_copy_has_an_id_or_says_why_there_is_none() {
    assert_eq!(copied(&recorded("050-copy-ok")), Ok(Copied::As(id("100003"))));
    assert_eq!(copied(&recorded("052-copy-name-in-use")), Ok(Copied::NameInUse));
    for name in ["053-copy-template-missing", "054-copy-without-id"] {
        assert_eq!(copied(&recorded(name)), Ok(Copied::NoTemplate), "{name}");
    }
    assert!(failed(copied(&recorded("203-otherteam-copy"))).contains("may not"));
    retry(copied(&answer(200, r#"{"status":"success","code":"200"}"#)));
    retry(copied(&recorded("068-copy-name-256")));
}

#[test]
fn an_update_sends_all_back_and_changes_only_what_it_should() {
    let before = whole(&recorded("415-e2e-get-running")).expect("an answer").expect("there");
    let change = Change { settings: Some("-Dexecution.checkpointing.interval=5s".to_owned()), ..Change::default() };
    let form: std::collections::BTreeMap<_, _> = update(&before, &change).expect("a jar").into_iter().collect();
    assert_eq!(form["dynamicProperties"], "-Dexecution.checkpointing.interval=5s");
    let sent = recording("425-e2e-update")["request"]["form"].clone();
    for (key, value) in sent.as_object().expect("a form") {
        let value = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        if key != "dynamicProperties" {
            assert_eq!(form.get(key.as_str()), Some(&value), "what was sent to the real one: {key}");
        }
    }
    assert!(!form.contains_key("alertId") && !form.contains_key("state") && !form.contains_key("release"));

    let mut after = before.clone();
    after.insert("dynamicProperties".to_owned(), json!("-Dexecution.checkpointing.interval=5s"));
    after.insert("release".to_owned(), json!(1));
    assert_eq!(astray(&before, &after, &change), None);
    after.insert("tags".to_owned(), Value::Null);
    assert_eq!(astray(&before, &after, &change).as_deref(), Some("tags"));
    assert_eq!(astray(&before, &before, &change).as_deref(), Some("dynamicProperties"), "it was not taken");
    let mut sql = before.clone();
    sql.insert("jobType".to_owned(), json!(2));
    failed(update(&sql, &change));
}

#[test]
fn a_build_is_accepted_or_refused_and_its_steps_are_seen() {
    assert_eq!(built(&recorded("083-build")), Ok(Built::Accepted));
    assert_eq!(built(&recorded("157-build-unknown")), Ok(Built::Refused(NO_APP.to_owned())));
    assert!(
        retry(built(&recorded("285-build-flink-down"))).ends_with("the target cluster is unavailable, please check!")
    );
    assert!(failed(built(&recorded("205-otherteam-build"))).contains("may not"));
    let running = json!({"code": "501", "message": "[StreamPark] The job is invalid, or the job cannot be built while it is running"});
    assert_eq!(built(&answer(500, &running.to_string())), Ok(Built::Running));
    let of = |name| pipeline(&recorded(name)).expect("an answer");
    assert_eq!(of("081-detail-never-built"), None);
    assert_eq!(of("158-detail-unknown"), None);
    let pending = of("084-detail-while-building").expect("a build");
    assert_eq!((pending.status, pending.step, pending.steps), (BuildStatus::Pending, 0, 2));
    assert_eq!(
        of("086-detail-after-success").map(|build| (build.status, build.sentence)),
        Some((BuildStatus::Success, None))
    );
    let failure = of("256-detail-after-failure").expect("a build");
    assert_eq!(failure.status, BuildStatus::Failure);
    let why = failure.sentence.expect("a reason");
    assert!(why.starts_with("Could not find artifact com.example.nosuch:nosuch:jar:9.9.9"), "{why}");
}

#[test]
fn a_start_is_accepted_or_says_no_with_200() {
    assert_eq!(started(&recorded("090-start"), &[]), Ok(Started::Accepted));
    for name in ["091-start-while-starting", "092-start-while-running", "123-start-when-stuck-cancelling"] {
        assert_eq!(started(&recorded(name), &[]), Ok(Started::NotNow), "{name}");
    }
    let refused = |name| match started(&recorded(name), &[]) {
        Ok(Started::Refused(why)) => why,
        other => panic!("{name}: {other:?}"),
    };
    assert!(refused("082-start-never-built").contains("is it built?"));
    assert_eq!(refused("154-start-unknown"), NO_APP);
    for name in ["284-start-flink-down", "484-e2e-start-flink-down"] {
        assert_eq!(retry(started(&recorded(name), &[])), "the target cluster is unavailable, please check!", "{name}");
    }
    let echo = json!({"code": "200", "data": false, "message": "odd: it's me"}).to_string();
    assert_eq!(started(&answer(200, &echo), &["it's me"]), Ok(Started::Refused("odd: <redacted>".to_owned())));
}

#[test]
fn acts_without_an_answer_of_their_own_are_done_or_of_nothing() {
    for name in ["124-abort-stuck-cancelling", "130-abort-never-started", "133-delete-never-started", "296-mapping"] {
        assert_eq!(done(&recorded(name)), Ok(true), "{name}");
    }
    for name in ["151-delete-unknown", "156-abort-unknown"] {
        assert_eq!(done(&recorded(name)), Ok(false), "{name}");
    }
    let why = failed(done(&recorded("200-developer-delete")));
    assert!(why.contains("may not") && why.contains("[app:delete]"), "{why}");
}

#[test]
fn the_log_tells_why_a_start_failed_in_one_sentence() {
    let lines = logged(&recorded("095-optionlog")).expect("lines");
    assert!(lines.is_sorted_by_key(|line| Reverse(line.id)) && lines.iter().any(|line| line.success));
    let newest = |name: &str| logged(&recorded(name)).expect("lines").remove(0);
    let threw = newest("136-optionlog-main-throws");
    assert_eq!((threw.operation, threw.success), (Operation::Start, false));
    assert_eq!(threw.sentence.as_deref(), Some("probe main failed: boom"));
    let build = newest("257-optionlog-after-failure");
    assert!(
        build.operation == Operation::Release
            && build.sentence.is_some_and(|why| why.starts_with("Could not find artifact"))
    );
    for name in ["470-e2e-timeline-fail-password", "496-e2e-fail-password-fallback-closed"] {
        let why = newest(name).sentence;
        assert_eq!(why.as_deref(), Some("Access denied for user 'cdc'@'localhost' (using password: YES)"), "{name}");
    }
    let twice = newest("489-e2e-optionlog-duplicate-submission");
    assert!(twice.duplicate && twice.sentence.as_deref() == Some("Job has already been submitted."));
    assert!(newest("121-optionlog-bad-savepoint").success, "what fails after the submit is not here");
}

#[test]
fn kept_states_are_told_newest_first_whatever_is_marked() {
    let rows = kept(&recorded("103-savepoint-history-after-trigger")).expect("rows");
    assert_eq!(rows.iter().map(|row| (row.savepoint, row.latest)).collect::<Vec<_>>(), [(false, false), (true, true)]);
    let rows = kept(&recorded("422-e2e-savepoint-history")).expect("rows");
    assert_eq!(rows[0].path, "file:/savepoints/savepoint-557514-1ae858c87071");
    assert_eq!(kept(&recorded("710-v217-savepoint-history-after")), Ok(Vec::new()), "2.1.7 keeps none");
}

#[test]
fn clusters_are_seen() {
    let theirs: Vec<wire::Cluster> = answer::read(&recorded("404-e2e-cluster-list")).expect("clusters");
    let seen: Vec<_> = theirs.into_iter().map(cluster).collect();
    assert_eq!(
        (seen[0].id.as_str(), seen[0].name.as_str(), seen[0].mode, seen[0].started),
        ("1", "session-paimon", 1, true)
    );
}

#[test]
fn the_console_is_told_by_what_it_has() {
    let envs = |name| {
        let theirs: Vec<wire::Env> = answer::read(&recorded(name)).expect("versions");
        theirs.into_iter().map(env).collect::<Vec<_>>()
    };
    let (schema, check) = (recorded("182-openapi-schema"), recorded("071-checkname-free"));
    let gone = recorded("021-unknown-path");
    for name in ["033-env-list", "402-e2e-env-list"] {
        assert_eq!(version(&schema, &check, &envs(name)), Ok(Version::V216), "{name}");
    }
    assert_eq!(version(&schema, &check, &envs("701-v217-env-list")), Ok(Version::V217));
    assert_eq!(version(&schema, &check, &[]), Ok(Version::Unknown(Unknown::NoEnv)));
    assert_eq!(version(&gone, &check, &[]), Ok(Version::Unknown(Unknown::Older)));
    assert_eq!(version(&schema, &gone, &[]), Ok(Version::Unknown(Unknown::Newer)));
    retry(version(&schema, &answer(502, "<html>"), &[]));
}

#[test]
fn what_is_no_answer_of_streampark_is_told_by_whether_it_may_pass() {
    let page = "<html>Bad Gateway hush</html>";
    for status in [200, 404, 408, 429, 500, 502, 503] {
        assert!(!retry(done(&answer(status, page))).contains("hush"));
    }
    for status in [302, 400, 403, 407, 413] {
        assert!(!failed(done(&answer(status, page))).contains("hush"));
    }
    failed(done(&recorded("021-unknown-path")));
    retry(done(&answer(500, r#"{"status":"error","code":"500","message":"internal server error: x"}"#)));
}

#[test]
fn an_id_is_made_of_digits() {
    for bad in ["", "7a", "-7", "123456789012345678901"] {
        assert!(bad.parse::<AppId>().is_err(), "{bad}");
    }
    assert_eq!(AppState::of(99), AppState::Other(99));
    assert!(!AppState::of(99).takes_start() && !AppState::Running.takes_start() && AppState::Failed.takes_start());
    assert!(AppState::Starting.can_be_stuck() && !AppState::Running.can_be_stuck());
    assert!(Release::NeedsRestart.is_built() && !Release::Needed.is_built());
}
