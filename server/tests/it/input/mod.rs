//! Bad input: each gets its problem in words, and nothing is half done.

mod fuzz;
mod ids;

use api::paths;
use api::problem::Code;
use axum::body::Body;
use axum::http::{Method, header};
use serde_json::json;

use crate::client::{Client, ask};
use crate::harness::TestApp;

async fn post_text(client: &Client, path: &str, media_type: &str, body: String) -> crate::client::Answer {
    let call = client.to(Method::POST, path).header(header::CONTENT_TYPE, media_type);
    client.send(call.header("idempotency-key", "key-of-this-test"), body).await
}

#[tokio::test]
async fn a_body_that_is_no_json_of_ours_is_refused_and_nothing_is_half_done() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    let lines = app.lines().await;
    let post = |media_type: &'static str, body: String| {
        let ana = ana.clone();
        async move { post_text(&ana, paths::REQUESTS, media_type, body).await }
    };
    post("text/plain", "{}".into()).await.problem(Code::NotJson);
    post("application/json", "{\"title\": ".into()).await.problem(Code::BadInput);
    post("application/json", "[]".into()).await.problem(Code::BadInput);
    post("application/json", "{\"title\": 7}".into()).await.problem(Code::BadInput);
    post("application/json", format!("\"{}\"", "x".repeat(5 * 1024 * 1024))).await.problem(Code::TooLarge);
    assert_eq!(app.lines().await, lines);
    assert!(ana.get(paths::REQUESTS).await.json["rows"].as_array().expect("rows").is_empty());
}

#[tokio::test]
async fn a_name_or_an_id_that_is_none_is_refused_in_words() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    let good = serde_json::to_value(ask(&["contract"])).expect("serialises");
    let spoiled = |place: &str, value: serde_json::Value| {
        let mut body = good.clone();
        *body.pointer_mut(place).expect("such a place") = value;
        body.to_string()
    };
    for (place, value) in [
        ("/tables/0/table/table", json!("../contract")),
        ("/tables/0/table/table", json!("a\u{7}b")),
        ("/tables/0/table/database", json!("")),
        ("/tables/0/table/database", json!("x".repeat(200))),
        ("/tables/0/source", json!("no id")),
        ("/tables/0/table", json!(null)),
        ("/route", json!("../lake")),
        ("/tier", json!("hourly")),
    ] {
        let answer = post_text(&ana, paths::REQUESTS, "application/json", spoiled(place, value.clone())).await;
        let problem = answer.problem(Code::BadInput);
        assert!(problem.detail.len() < 300, "{place} {value}: {}", problem.detail);
    }
    let paths_to_nothing = [
        paths::fill(paths::REQUEST_ONE, &["no id"]),
        paths::fill(paths::REQUEST_ONE, &["nobody-knows-it"]),
        paths::fill(paths::REQUEST_ITEMS, &["nobody-knows-it"]),
        paths::fill(paths::REQUEST_TIMELINE, &["nobody-knows-it"]),
        paths::fill(paths::INBOX_ONE, &["nobody-knows-it"]),
        paths::fill(paths::TABLE_ONE, &["lease", "lease", "nothing"]),
        paths::fill(paths::TABLE_ONE, &["nothing", "lease", "contract"]),
        paths::fill(paths::TABLE_ONE, &["lease", "..", "contract"]),
        paths::fill(paths::LAKE_ONE, &["ods_lease", "nothing"]),
        paths::fill(paths::LAKE_ROWS, &["..", "..\0"]),
        format!("{}no/such/path", paths::ROOT),
    ];
    for path in paths_to_nothing {
        ana.get(&path).await.problem(Code::NotFound);
    }
}

#[tokio::test]
async fn a_parameter_or_a_method_that_is_none_is_refused_in_words() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    for query in ["?limit=x", "?limit=-1", "?after=x", "?mine=perhaps"] {
        ana.get(&format!("{}{query}", paths::REQUESTS)).await.problem(Code::BadInput);
    }
    for query in ["?after=x", "?lake=perhaps", "?limit=x"] {
        ana.get(&format!("{}{query}", paths::TABLES)).await.problem(Code::BadInput);
    }
    let request = ana.ask(&["contract"]).await.row.id;
    let items = paths::fill(paths::REQUEST_ITEMS, &[request.as_str()]);
    ana.get(&format!("{items}?part=some")).await.problem(Code::BadInput);
    ana.get(&format!("{}?after=x", paths::EVENTS)).await.problem(Code::BadInput);
    ana.delete(paths::REQUESTS).await.problem(Code::WrongMethod);
    ana.get(paths::ITEMS_TEND).await.problem(Code::WrongMethod);
}

#[tokio::test]
async fn who_is_not_signed_in_sees_nothing_and_does_nothing() {
    let app = TestApp::new().await;
    let request = app.requester("ana").await.ask(&["contract"]).await.row.id;
    let lines = app.lines().await;
    let nobody = app.anonymous();
    let strangers = [nobody.clone(), nobody.with_cookie("session=nonsense"), nobody.with_cookie("session=;;==, x")];
    for client in strangers {
        for path in [
            paths::ME,
            paths::SESSIONS,
            paths::TABLES,
            paths::CHOICES,
            paths::REQUESTS,
            paths::INBOX,
            paths::LAKE,
            paths::EVENTS,
            &paths::fill(paths::REQUEST_ONE, &[request.as_str()]),
            &paths::fill(paths::LAKE_ROWS, &["ods_lease", "contract"]),
        ] {
            client.get(path).await.problem(Code::SignInFirst);
        }
        client.submit("key-of-this-test", &ask(&["tenant"])).await.problem(Code::SignInFirst);
        client.act(paths::REQUEST_WITHDRAW, &request).await.problem(Code::SignInFirst);
        client.delete(paths::SESSION).await.problem(Code::SignInFirst);
    }
    assert_eq!(app.lines().await, lines);
}

#[tokio::test]
async fn what_another_site_sends_changes_nothing() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    let request = ana.ask(&["contract"]).await.row.id;
    let path = paths::fill(paths::REQUEST_WITHDRAW, &[request.as_str()]);
    let from = |headers: &[(&'static str, &'static str)]| {
        headers.iter().fold(ana.to(Method::POST, &path), |call, (name, value)| call.header(*name, *value))
    };
    for foreign in [
        &[("origin", "https://evil.test"), ("sec-fetch-site", "cross-site")][..],
        &[("origin", "https://evil.test")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "null")],
    ] {
        ana.send(from(foreign), Body::empty()).await.problem(Code::ForeignOrigin);
    }
    assert_eq!(ana.item(&request, "contract").await.state, "submitted");
    let own = from(&[("origin", "http://lakegate.test"), ("sec-fetch-site", "same-origin")]);
    assert_eq!(ana.send(own, Body::empty()).await.status, 200);
}

#[tokio::test]
async fn every_answer_of_the_api_forbids_storing_and_framing() {
    let app = TestApp::new().await;
    for answer in [app.anonymous().get(paths::SESSION).await, app.anonymous().get(paths::ME).await] {
        let header = |name: &str| answer.headers.get(name).expect(name).to_str().expect("text").to_owned();
        assert_eq!(header("cache-control"), "no-store");
        assert!(header("content-security-policy").contains("frame-ancestors 'none'"));
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert!(!header("x-request-id").is_empty());
    }
}
