//! Ids of another kind, or of what is somebody else's: each answers like an id that nobody ever gave out.

use api::paths;
use api::problem::Code;
use axum::http::Method;
use domain::ids::{ItemId, RequestId};
use serde_json::{Value, json};

use crate::client::{Client, verdict};
use crate::drafts::{contents, make};
use crate::harness::TestApp;

/// Every path with an id of ours: the kind, the verb, and a body that would be taken.
fn paths_with_an_id() -> Vec<(&'static str, Method, &'static str, Value)> {
    let nothing = || json!({});
    let draft = || json!({ "version": 1, "contents": contents(&["tenant"]) });
    vec![
        ("request", Method::GET, paths::REQUEST_ONE, nothing()),
        ("request", Method::GET, paths::REQUEST_ITEMS, nothing()),
        ("request", Method::GET, paths::REQUEST_TIMELINE, nothing()),
        ("request", Method::POST, paths::REQUEST_DECISION, json!(verdict(api::inbox::Verdict::Approve, ""))),
        ("request", Method::POST, paths::REQUEST_TAKE_BACK, nothing()),
        ("request", Method::POST, paths::REQUEST_WITHDRAW, nothing()),
        ("request", Method::POST, paths::REQUEST_RESUBMIT, nothing()),
        ("request", Method::POST, paths::REQUEST_EDIT, nothing()),
        ("request", Method::GET, paths::INBOX_ONE, nothing()),
        ("request", Method::POST, paths::INBOX_LOOK, nothing()),
        ("draft", Method::GET, paths::DRAFT_ONE, nothing()),
        ("draft", Method::PUT, paths::DRAFT_ONE, draft()),
        ("draft", Method::DELETE, paths::DRAFT_ONE, nothing()),
        ("draft", Method::GET, paths::DRAFT_CHECKS, nothing()),
        ("draft", Method::POST, paths::DRAFT_SPLIT, json!({ "version": 1 })),
        ("draft", Method::POST, paths::DRAFT_SUBMIT, json!({ "version": 1 })),
        ("source", Method::GET, paths::SOURCE_ONE, nothing()),
        ("source", Method::POST, paths::TABLES_READ, nothing()),
        ("source", Method::GET, paths::TABLES_CHANGES, nothing()),
        ("person", Method::POST, paths::PERSON_LINK, nothing()),
        ("session", Method::DELETE, paths::SESSION_ONE, nothing()),
    ]
}

async fn call(client: &Client, method: &Method, path: &str, id: &str, body: &Value) -> crate::client::Answer {
    let path = paths::fill(path, &[id]);
    match *method {
        Method::GET => client.get(&path).await,
        Method::PUT => client.put(&path, body).await,
        Method::DELETE => client.delete(&path).await,
        _ => client.post(&path, body).await,
    }
}

/// One id of each kind, all of them Ana's or known to her.
async fn ids(ana: &Client) -> (RequestId, ItemId, Vec<(&'static str, String)>) {
    let request = ana.ask(&["contract"]).await.row.id;
    let item = ana.item(&request, "contract").await.id;
    let draft = make(ana, &contents(&["tenant"])).await.id;
    let sessions: Vec<api::me::SessionView> = ana.get(paths::SESSIONS).await.read();
    let session = sessions.first().expect("her own").id.to_string();
    let ids = vec![
        ("request", request.to_string()),
        ("item", item.to_string()),
        ("draft", draft.to_string()),
        ("source", "lease".to_owned()),
        ("route", "nightly".to_owned()),
        ("person", "bo".to_owned()),
        ("session", session),
        ("nothing", "nobody-knows-it".to_owned()),
    ];
    (request, item, ids)
}

#[tokio::test]
async fn an_id_of_another_kind_names_nothing() {
    let app = TestApp::new().await;
    let (ana, ops) = (app.requester("ana").await, app.operator("ops").await);
    let (_, _, ids) = ids(&ana).await;
    let before = app.lines().await;
    for (kind, method, path, body) in paths_with_an_id() {
        for (_, id) in ids.iter().filter(|(other, _)| *other != kind) {
            for client in [&ana, &ops] {
                let answer = call(client, &method, path, id, &body).await;
                assert_eq!(answer.status, Code::NotFound.status(), "{method} {path} {id}: {}", answer.json);
            }
        }
    }
    assert_eq!(app.lines().await, before, "nothing was done");
}

#[tokio::test]
async fn what_is_somebody_elses_names_nothing_either() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    let (_, item, ids) = ids(&ana).await;
    let stranger = app.stranger("xi").await;
    let before = app.lines().await;
    for (kind, method, path, body) in paths_with_an_id() {
        // What a source holds is there for all.
        if matches!(path, paths::TABLES_READ | paths::TABLES_CHANGES) {
            continue;
        }
        let (_, id) = ids.iter().find(|(other, _)| *other == kind).expect("one of each");
        let answer = call(&stranger, &method, path, id, &body).await;
        assert_eq!(answer.status, Code::NotFound.status(), "{method} {path} {id}: {}", answer.json);
    }
    let refused = stranger.tend_one(api::requests::TendVerb::TryAgain, &item).await;
    let unknown =
        stranger.tend_one(api::requests::TendVerb::TryAgain, &"nobody-knows-it".parse().expect("an id")).await;
    assert!(refused.is_some() && refused == unknown, "{refused:?} {unknown:?}");
    assert_eq!(app.lines().await, before, "nothing was done");
}
