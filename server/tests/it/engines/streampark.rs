//! What the client of StreamPark says and does not say, call by call.

use std::sync::atomic::{AtomicUsize, Ordering};

use lakegate::outside::engine::EngineError;
use lakegate::outside::engine::streampark::client::Client;
use lakegate::outside::engine::streampark::seen::{AppId, Change, Copied, From, Started, Unknown, Version};
use lakegate::outside::engine::streampark::session::{Account, Kind};
use secrecy::SecretString;

use super::arguments;
use super::scripted::{Call, Does, Scripted};

/// A console of version 2.1.6 that lets the account in; `script` answers what is asked then.
async fn console(script: impl Fn(&Call) -> Does + Send + Sync + 'static) -> Scripted {
    let count = AtomicUsize::new(1);
    Scripted::new(move |call| match call.path.as_str() {
        "/passport/signin" => {
            let token = format!(r#"{{"data":{{"token":"token-{}"}}}}"#, count.fetch_add(1, Ordering::SeqCst));
            Does::Answers(200, "Set-Cookie: JSESSIONID=hush; path=/\r\n", token.into_bytes())
        }
        "/openapi/schema" => Does::json(200, r#"{"code":"200","data":{}}"#),
        "/flink/app/checkName" => Does::json(200, r#"{"code":"200","data":0}"#),
        "/flink/env/list" => Does::json(
            200,
            r#"{"code":"200","data":[{"id":"1","flinkName":"f","version":"1.20.5","flinkConf":"eNqd"}]}"#,
        ),
        _ => script(call),
    })
    .await
}

fn client(at: &Scripted) -> Client {
    let password = SecretString::from("pass word");
    Client::new(&at.address, Account { user: "lakegate".to_owned(), password, kind: Kind::Own }, "100000")
        .expect("an address")
}

fn id() -> AppId {
    "100020".parse().expect("an id")
}

fn sign_ins(at: &Scripted) -> usize {
    at.paths().iter().filter(|path| *path == "/passport/signin").count()
}

fn yes() -> Does {
    Does::json(200, r#"{"code":"200","data":true,"status":"success"}"#)
}

/// What the console does with a call by the first token, after it ended.
fn first_token_ended(call: &Call) -> Option<Does> {
    call.head.contains("authorization: token-1").then(|| Does::Answers(401, "", Vec::new()))
}

#[tokio::test]
async fn one_sign_in_serves_many_calls_without_bearer_and_without_cookies() {
    let at = console(|_| Does::json(200, r#"{"code":"200","data":[]}"#)).await;
    let client = client(&at);
    for _ in 0..3 {
        client.clusters().await.expect("an answer");
    }
    let calls = at.calls();
    assert_eq!(calls.len(), 4);
    assert_eq!(calls[0].field("password").as_deref(), Some("pass word"));
    assert_eq!(calls[0].field("loginType").as_deref(), Some("PASSWORD"));
    for call in &calls[1..] {
        assert!(call.head.contains("\r\nauthorization: token-1\r\n") && !call.head.contains("cookie"), "{}", call.head);
        assert!(call.head.contains("content-type: application/x-www-form-urlencoded"), "{}", call.head);
    }
    assert!(!format!("{client:?}").contains("pass word"));
}

#[tokio::test]
async fn a_token_that_ended_is_replaced_once_and_the_call_made_once_more() {
    let at = console(|call| first_token_ended(call).unwrap_or_else(yes)).await;
    assert_eq!(client(&at).abort(&id()).await.map_err(|problem| problem.to_string()), Ok(true));
    let aborts = at.paths().iter().filter(|path| *path == "/flink/app/abort").count();
    assert_eq!((sign_ins(&at), aborts), (2, 2));
}

#[tokio::test]
async fn a_new_token_that_is_refused_too_is_not_replaced_for_ever() {
    let at = console(|_| Does::Answers(401, "", Vec::new())).await;
    let client = client(&at);
    let answer = client.clusters().await;
    assert!(matches!(&answer, Err(EngineError::Retry(why)) if why.contains("token")), "{answer:?}");
    assert_eq!(sign_ins(&at), 2);
}

#[tokio::test]
async fn callers_whose_token_ended_at_once_share_one_sign_in() {
    let none = || Does::json(200, r#"{"code":"200","data":[]}"#);
    let at = console(move |call| first_token_ended(call).unwrap_or_else(none)).await;
    let client = client(&at);
    let (one, two, three) = tokio::join!(client.clusters(), client.clusters(), client.clusters());
    assert!(one.is_ok() && two.is_ok() && three.is_ok());
    assert_eq!(sign_ins(&at), 2);
}

#[tokio::test]
async fn a_wrong_password_is_tried_once_and_then_left_alone() {
    let at = Scripted::always(Does::json(200, r#"{"status":"success","code":0}"#)).await;
    let client = client(&at);
    for _ in 0..3 {
        let answer = client.clusters().await;
        assert!(matches!(&answer, Err(EngineError::Fail(why)) if why.contains("name or password")), "{answer:?}");
    }
    assert_eq!(at.calls().len(), 1, "an account of a directory could be locked");
}

#[tokio::test]
async fn a_console_that_is_not_known_is_only_read() {
    let at = Scripted::new(|call| match call.path.as_str() {
        "/passport/signin" => Does::json(200, r#"{"data":{"token":"t"}}"#),
        "/flink/app/checkName" => Does::json(404, r#"{"timestamp":"x","status":404,"error":"Not Found","path":"/"}"#),
        "/flink/env/list" | "/flink/cluster/list" => Does::json(200, r#"{"code":"200","data":[]}"#),
        _ => yes(),
    })
    .await;
    let client = client(&at);
    assert_eq!(client.version().await, Ok(Version::Unknown(Unknown::Newer)));
    let why = |answer: Result<(), EngineError>| match answer {
        Err(EngineError::Fail(why)) => assert!(why.contains("only read: it is newer than 2.1"), "{why}"),
        other => panic!("{other:?}"),
    };
    why(client.copy(&id(), "a", "").await.map(drop));
    why(client.update(&id(), &Change::default()).await.map(drop));
    why(client.build(&id(), false).await.map(drop));
    why(client.start(&id(), &From::default(), None).await.map(drop));
    why(client.abort(&id()).await.map(drop));
    why(client.delete(&id()).await.map(drop));
    assert_eq!(client.clusters().await, Ok(Vec::new()), "reading goes on");
    let acts = ["copy", "update", "build", "start", "abort", "delete"];
    assert!(at.paths().iter().all(|path| !acts.iter().any(|act| path.ends_with(act))), "{:?}", at.paths());
}

#[tokio::test]
async fn an_act_whose_answer_is_lost_is_not_made_again() {
    let at = console(|_| Does::HangsUp).await;
    let client = client(&at);
    assert!(matches!(client.copy(&id(), "a", "").await, Err(EngineError::Retry(_))));
    assert!(matches!(client.start(&id(), &From::default(), None).await, Err(EngineError::Retry(_))));
    let acts: Vec<_> =
        at.paths().into_iter().filter(|path| path.starts_with("/flink/app/") && !path.ends_with("Name")).collect();
    assert_eq!(acts, ["/flink/app/copy", "/flink/app/start"]);
    assert_eq!(at.paths().iter().filter(|path| *path == "/openapi/schema").count(), 1, "its version is asked once");
}

#[tokio::test]
async fn a_name_is_found_over_all_pages_by_comparing_it_whole() {
    let at = console(|call| {
        let page: usize = call.field("pageNum").and_then(|page| page.parse().ok()).expect("a page");
        let row = |id: usize, name: &str| format!(r#"{{"id":"{id}","jobName":"{name}","state":0,"release":1}}"#);
        let rows: Vec<_> = match page {
            1 => (0..500).map(|id| row(id, "lk-job_10")).collect(),
            _ => vec![row(500, "lk-job_1"), row(501, "lk-job-1"), row(502, "lk-job_1")],
        };
        Does::json(200, &format!(r#"{{"code":"200","data":{{"records":[{}],"total":"503"}}}}"#, rows.join(",")))
    })
    .await;
    let client = client(&at);
    let found = client.find("lk-job_1").await.expect("an answer");
    assert_eq!(found.iter().map(|app| app.id.as_str()).collect::<Vec<_>>(), ["500", "502"], "two of one name are two");
    let lists: Vec<_> = at.calls().into_iter().filter(|call| call.path == "/flink/app/list").collect();
    assert_eq!(lists.len(), 2);
    for call in lists {
        let of = |key| call.field(key).unwrap_or_default();
        assert_eq!(
            [of("sortField"), of("sortOrder"), of("teamId"), of("jobName")],
            ["id", "asc", "100000", "lk-job_1"]
        );
    }
    for name in ["", r"a\b"] {
        assert!(matches!(client.find(name).await, Err(EngineError::Fail(_))));
    }
}

#[tokio::test]
async fn a_start_names_its_savepoint_and_its_password_goes_with_it_only() {
    let at = console(|call| match call.path.as_str() {
        "/flink/app/copy" => Does::json(200, r#"{"code":"200","data":{"id":"100021"}}"#),
        _ => Does::json(200, r#"{"code":"200","data":false,"message":"[StreamPark] odd: pass'word"}"#),
    })
    .await;
    let client = client(&at);
    let args = arguments("pass'word");
    let stored = args.argv().streampark().expect("it can be written");
    assert!(matches!(client.copy(&id(), "lk", &stored).await, Ok(Copied::As(_))));
    let from = From { savepoint: Some("file:/savepoints/1".to_owned()), allow_non_restored: false };
    let answer = client.start(&id(), &from, Some(&args)).await;
    assert_eq!(answer, Ok(Started::Refused("odd: <redacted>".to_owned())));
    let calls = at.calls();
    let call = |path: &str| calls.iter().find(|call| call.path == path).expect("the call").clone();
    let stored = call("/flink/app/copy").field("args").expect("arguments");
    assert!(stored.contains("password=<lakegate:source>") && !stored.contains("pass'word"), "{stored}");
    let start = call("/flink/app/start");
    assert!(start.field("args").is_some_and(|args| args.contains(r#""password=pass'word""#)));
    assert_eq!(start.field("restoreOrTriggerSavepoint").as_deref(), Some("true"));
    assert_eq!(start.field("savepointPath").as_deref(), Some("file:/savepoints/1"));
    assert_eq!(start.field("allowNonRestored").as_deref(), Some("false"));
    client.start(&id(), &From::default(), None).await.expect("an answer");
    let bare = at.calls().pop().expect("the call");
    assert_eq!((bare.field("restoreOrTriggerSavepoint").as_deref(), bare.field("args")), (Some("false"), None));
}

#[tokio::test]
async fn an_update_that_loses_something_is_noticed() {
    let reads = AtomicUsize::new(0);
    let at = console(move |call| match call.path.as_str() {
        "/flink/app/get" => {
            let (args, tags) = match reads.fetch_add(1, Ordering::SeqCst) {
                0 => ("old", r#""ours""#),
                1 => ("new", r#""ours""#),
                2 => ("new", r#""ours""#),
                _ => ("newer", "null"),
            };
            let app = format!(
                r#"{{"id":"100020","jobType":1,"args":"{args}","tags":{tags},"executionMode":1,"alertId":null}}"#
            );
            Does::json(200, &format!(r#"{{"code":"200","data":{app}}}"#))
        }
        _ => yes(),
    })
    .await;
    let client = client(&at);
    let change = |args: &str| Change { args: Some(args.to_owned()), ..Change::default() };
    assert_eq!(client.update(&id(), &change("new")).await, Ok(true));
    let lost = client.update(&id(), &change("newer")).await;
    assert!(matches!(&lost, Err(EngineError::Retry(why)) if why.contains("tags")), "{lost:?}");
    let update = at.calls().into_iter().find(|call| call.path == "/flink/app/update").expect("the call");
    assert_eq!(
        [update.field("args"), update.field("tags"), update.field("alertId")],
        [Some("new".to_owned()), Some("ours".to_owned()), None]
    );
}
