//! The live stream: replay, rights, the gap that cannot be filled, and the end.

use std::time::Duration;

use api::changes::{CHANGE, ChangeView, GOODBYE, PROGRESS, RESET};
use api::paths;
use axum::body::{Body, BodyDataStream};
use axum::http::Method;
use domain::change::{Actor, Change, Happened, Topic};
use domain::ids::RequestId;
use domain::time::MINUTE;
use futures::StreamExt;
use lakegate::outside::engine::Phase;
use serde_json::Value;

use crate::client::Client;
use crate::harness::TestApp;

/// An open stream.
struct Live {
    body: BodyDataStream,
    text: String,
}

#[derive(Debug)]
struct Event {
    name: String,
    id: Option<i64>,
    data: Value,
}

impl Live {
    /// Opens the stream after a number of the log, or now.
    async fn open(client: &Client, after: Option<i64>) -> Self {
        let path = after.map_or_else(|| paths::EVENTS.to_owned(), |after| format!("{}?after={after}", paths::EVENTS));
        Self::answered(client.open(client.to(Method::GET, &path), Body::empty()).await)
    }

    /// As a browser comes back: with the address of before and the last number it saw.
    async fn reopen(client: &Client, after: i64, last: i64) -> Self {
        let call = client.to(Method::GET, &format!("{}?after={after}", paths::EVENTS));
        Self::answered(client.open(call.header("last-event-id", last.to_string()), Body::empty()).await)
    }

    fn answered(response: axum::http::Response<Body>) -> Self {
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { body: response.into_body().into_data_stream(), text: String::new() }
    }

    /// The next event; `None` when the stream has ended.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((head, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (parse(head), rest.to_owned());
                self.text = rest;
                if event.is_some() {
                    return event;
                }
                continue;
            }
            let more = tokio::time::timeout(Duration::from_secs(10), self.body.next()).await;
            let bytes = more.expect("an event, or the end, within ten seconds")?.expect("the stream goes on");
            self.text.push_str(std::str::from_utf8(&bytes).expect("text"));
        }
    }

    async fn change(&mut self) -> ChangeView {
        let event = self.next().await.expect("the stream goes on");
        assert_eq!(event.name, CHANGE, "{event:?}");
        let change: ChangeView = serde_json::from_value(event.data).expect("a change");
        assert_eq!(event.id, Some(change.seq));
        change
    }
}

fn parse(text: &str) -> Option<Event> {
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    let data = serde_json::from_str(field("data")?).expect("JSON");
    let id = field("id").map(|id| id.parse().expect("a number"));
    Some(Event { name: field("event").expect("a name").to_owned(), id, data })
}

async fn newest(app: &TestApp) -> i64 {
    app.state.store.read().await.expect("answers").changes().newest().await.expect("answers")
}

#[tokio::test]
async fn a_stream_tells_what_happens_from_now_on() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    let mut live = Live::open(&ana, None).await;
    let request = ana.ask(&["contract"]).await.row.id;
    let change = live.change().await;
    assert_eq!((change.topic, change.seq), (Topic::Request, newest(&app).await));
    assert_eq!((change.id.as_str(), change.request.as_ref()), (request.as_str(), Some(&request)));
    app.approver("bo").await.approve(&request).await;
    assert_eq!(live.change().await.request, Some(request));
}

#[tokio::test]
async fn a_stream_goes_on_where_it_broke_off() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    let before = newest(&app).await;
    for table in ["contract", "tenant", "visit"] {
        ana.ask(&[table]).await;
    }
    let mut live = Live::open(&ana, Some(before)).await;
    let seen = [live.change().await.seq, live.change().await.seq, live.change().await.seq];
    assert_eq!(seen, [before + 1, before + 2, before + 3], "each once, in order");
    drop(live);
    let mut live = Live::reopen(&ana, before, before + 2).await;
    assert_eq!(live.change().await.seq, before + 3, "the last number seen beats the address");
    let fourth = ana.ask(&["vacant"]).await.row.id;
    assert_eq!(live.change().await.request, Some(fourth));
}

#[tokio::test]
async fn a_stream_holds_only_what_its_reader_may_see() {
    let app = TestApp::new().await;
    let (ana, xi, bo) = (app.requester("ana").await, app.stranger("xi").await, app.approver("bo").await);
    let before = newest(&app).await;
    let (mut to_xi, mut to_bo) = (Live::open(&xi, Some(before)).await, Live::open(&bo, Some(before)).await);
    let anas = ana.ask(&["contract"]).await.row.id;
    let xis = xi.ask(&["tenant"]).await.row.id;
    assert_eq!(to_xi.change().await.request, Some(xis.clone()), "nothing of ana's came before it");
    assert_eq!(to_bo.change().await.request, Some(anas));
    assert_eq!(to_bo.change().await.request, Some(xis));
    // A sign-in is seen by oneself and by operators.
    let mut to_ops = Live::open(&app.operator("ops").await, Some(newest(&app).await)).await;
    app.requester("ana").await;
    app.stranger("xi").await;
    assert_eq!((to_ops.change().await.id, to_ops.change().await.id), ("ana".to_owned(), "xi".to_owned()));
    assert_eq!(to_xi.change().await.id, "xi");
}

#[tokio::test]
async fn a_gap_that_cannot_be_filled_is_answered_by_reset() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    let from_the_future = newest(&app).await + 1;
    let mut live = Live::open(&ana, Some(from_the_future)).await;
    let reset = live.next().await.expect("the stream goes on");
    assert_eq!((reset.name.as_str(), reset.id), (RESET, Some(newest(&app).await)));
    let request = ana.ask(&["contract"]).await.row.id;
    assert_eq!(live.change().await.request, Some(request.clone()), "after a reset it goes on");

    let mut tx = app.state.store.begin().await.expect("the store answers");
    for _ in 0..1_001 {
        let read = Happened::CatalogueRead { tables: 1, appeared: 0, changed: 0, vanished: 0 };
        tx.log(Change::of(Topic::Source, "lease", Actor::Lakegate, read));
    }
    let before = newest(&app).await;
    tx.commit(app.now()).await.expect("the store answers");
    let mut live = Live::reopen(&ana, 0, before).await;
    assert_eq!(live.next().await.expect("the stream goes on").name, RESET);
    app.stranger("xi").await;
    ana.act(paths::REQUEST_WITHDRAW, &request).await.read::<api::requests::RequestView>();
    assert_eq!(live.change().await.request, Some(request));
}

#[tokio::test]
async fn a_stream_says_goodbye_when_its_session_ends() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    let mut live = Live::open(&ana, None).await;
    ana.ask(&["contract"]).await;
    live.change().await;
    assert_eq!(ana.delete(paths::SESSION).await.status, 204);
    // The session is looked at with the next line, at most each quarter of a minute.
    app.state.clock.advance(MINUTE);
    app.stranger("xi").await;
    let mut last = live.next().await.expect("the stream goes on");
    if last.name == CHANGE {
        last = live.next().await.expect("the stream goes on");
    }
    assert_eq!(last.name, GOODBYE);
    assert!(live.next().await.is_none());
}

#[tokio::test]
async fn a_right_that_ends_ends_in_the_stream_too() {
    let app = TestApp::new().await;
    let (ana, tom) = (app.requester("ana").await, app.requester("tom").await);
    let request = ana.ask(&["contract"]).await.row.id;
    let mut to_tom = Live::open(&tom, None).await;
    ana.act(paths::REQUEST_WITHDRAW, &request).await.read::<api::requests::RequestView>();
    to_tom.change().await;
    app.disable("tom").await;
    app.state.clock.advance(MINUTE);
    app.stranger("xi").await;
    assert_eq!(to_tom.next().await.expect("a last word").name, GOODBYE);
}

#[tokio::test]
async fn progress_rings_without_a_number_and_only_for_those_who_may_see_it() {
    let app = TestApp::new().await;
    let (ana, request) = app.started(&["contract"]).await;
    let xi = app.stranger("xi").await;
    let item = ana.item(&request, "contract").await.id;
    app.says(&item, Phase::Copying { rows: 1, of: None });
    app.settle().await;
    let (mut to_ana, mut to_xi) = (Live::open(&ana, None).await, Live::open(&xi, None).await);
    // Both have begun to listen once they tell a first line.
    let first: RequestId = xi.ask(&["tenant"]).await.row.id;
    let second: RequestId = ana.ask(&["visit"]).await.row.id;
    assert_eq!((to_xi.change().await.request, to_ana.change().await.request), (Some(first), Some(second)));
    app.says(&item, Phase::Copying { rows: 2, of: None });
    app.advance(MINUTE).await;
    let event = to_ana.next().await.expect("the stream goes on");
    assert_eq!((event.name.as_str(), event.id), (PROGRESS, None));
    assert_eq!(event.data, serde_json::json!({ "requests": [request.as_str()] }));
    let third = xi.ask(&["vacant"]).await.row.id;
    assert_eq!(to_xi.change().await.request, Some(third), "no progress came before it");
}

#[tokio::test]
async fn a_stream_ends_when_the_server_stops() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    let mut live = Live::open(&ana, None).await;
    app.state.stop.cancel();
    assert!(live.next().await.is_none());
}
