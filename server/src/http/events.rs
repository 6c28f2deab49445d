//! The live stream: every line of the log the caller may see, replayed from where they left off, then as it is written.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::Duration;

use api::changes::{CHANGE, ChangeView, GOODBYE, PROGRESS, ProgressView, RESET};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use domain::change::Topic;
use domain::ids::RequestId;
use domain::time::{MINUTE, Millis};
use serde::Deserialize;
use tokio::sync::mpsc;

use super::caller::Caller;
use super::input::Query;
use super::problem::Answer;
use super::views::may_see;
use crate::state::AppState;
use crate::store::changes::Line;
use crate::store::{StoreError, Tx};

/// More lines than this are not replayed: the page reads everything anew.
const REPLAY: i64 = 1_000;
/// How often a stream looks whether its session still is.
const SESSION_EVERY: i64 = MINUTE / 4;

/// Where to begin.
#[derive(Debug, Deserialize)]
pub struct Begin {
    after: Option<i64>,
}

/// Opens the stream. `Last-Event-ID` beats `?after=`; without both it begins now.
pub async fn events(
    State(app): State<AppState>,
    by: Caller,
    headers: HeaderMap,
    Query(from): Query<Begin>,
) -> Answer<Response> {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.parse().ok());
    let newest = app.store.read().await?.changes().newest().await?;
    let after = last.or(from.after).unwrap_or(newest);
    let (sender, receiver) = mpsc::channel(64);
    let stream = Stream { app, by, sender, seen: BTreeMap::new(), after, looked: Millis(0) };
    tokio::spawn(stream.run(newest));
    let events = tokio_stream::wrappers::ReceiverStream::new(receiver);
    let keep = KeepAlive::new().interval(Duration::from_secs(15)).text("");
    let mut response = Sse::new(events).keep_alive(keep).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform"));
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

/// One open stream.
struct Stream {
    app: AppState,
    by: Caller,
    sender: mpsc::Sender<Result<Event, Infallible>>,
    /// Which requests the caller may see: asked once a request, forgotten when the right may have changed.
    seen: BTreeMap<RequestId, bool>,
    after: i64,
    looked: Millis,
}

/// Why a stream ends.
enum End {
    /// The browser went away.
    Gone,
    /// The session ended, or the right it was opened by.
    Session,
    /// The store did not answer: the browser reconnects.
    Store(StoreError),
}

impl From<StoreError> for End {
    fn from(problem: StoreError) -> Self {
        Self::Store(problem)
    }
}

impl Stream {
    async fn run(mut self, newest: i64) {
        let stop = self.app.stop.clone();
        let end = tokio::select! {
            () = stop.cancelled() => return,
            end = self.follow(newest) => end,
        };
        match end {
            Err(End::Session) => drop(self.sender.send(Ok(Event::default().event(GOODBYE).data("{}"))).await),
            Err(End::Store(problem)) => tracing::warn!(error = ?problem, "a stream ends; the browser reconnects"),
            Err(End::Gone) | Ok(()) => {}
        }
    }

    async fn follow(&mut self, newest: i64) -> Result<(), End> {
        // Subscribed before the first look, so no line falls between.
        let mut lines = self.app.store.bell().lines();
        let mut moved = self.app.store.bell().moved();
        if newest.saturating_sub(self.after) > REPLAY || self.after > newest {
            self.after = newest;
            self.send(Event::default().event(RESET).id(newest.to_string()).data("{}")).await?;
        }
        loop {
            lines.mark_unchanged();
            self.replay().await?;
            self.check_session().await?;
            tokio::select! {
                changed = lines.changed() => changed.map_err(|_| End::Gone)?,
                requests = moved.recv() => if let Ok(requests) = requests { self.progress(requests.into_iter().collect()).await? },
                () = tokio::time::sleep(Duration::from_secs(5)) => {}
                () = self.sender.closed() => return Err(End::Gone),
            }
        }
    }

    async fn send(&self, event: Event) -> Result<(), End> {
        self.sender.send(Ok(event)).await.map_err(|_| End::Gone)
    }

    async fn replay(&mut self) -> Result<(), End> {
        loop {
            let mut tx = self.app.store.read().await?;
            let lines = tx.changes().after(self.after, 200).await?;
            let Some(last) = lines.last().map(|line| line.seq) else { return Ok(()) };
            let mut views = Vec::new();
            for line in lines {
                if self.may(&mut tx, &line).await? {
                    views.push(view(line));
                }
            }
            drop(tx);
            for view in views {
                let data = serde_json::to_string(&view).expect("a change always serialises");
                self.send(Event::default().event(CHANGE).id(view.seq.to_string()).data(data)).await?;
            }
            self.after = last;
        }
    }

    /// Whether the caller may see a line.
    async fn may(&mut self, tx: &mut Tx, line: &Line) -> Result<bool, StoreError> {
        match (&line.change.request, line.change.topic) {
            (Some(request), _) => {
                let request = request.clone();
                self.may_request(tx, &request).await
            }
            (None, Topic::Person) => Ok(self.by.viewer.operator || line.change.thing == self.by.person.id.as_str()),
            (None, Topic::Source) => Ok(true),
            (None, Topic::Request | Topic::Lake | Topic::Job) => Ok(self.by.viewer.operator),
        }
    }

    async fn may_request(&mut self, tx: &mut Tx, id: &RequestId) -> Result<bool, StoreError> {
        if let Some(seen) = self.seen.get(id) {
            return Ok(*seen);
        }
        let request = tx.requests().get(id).await?;
        let sources = tx.items().sources_of(id).await?;
        let may = may_see(&self.by, &request, &sources);
        self.seen.insert(id.clone(), may);
        Ok(may)
    }

    async fn progress(&mut self, requests: Vec<RequestId>) -> Result<(), End> {
        let mut tx = self.app.store.read().await?;
        let mut shown = Vec::new();
        for request in requests {
            if self.may_request(&mut tx, &request).await? {
                shown.push(request);
            }
        }
        drop(tx);
        if shown.is_empty() {
            return Ok(());
        }
        let data = serde_json::to_string(&ProgressView { requests: shown }).expect("ids always serialise");
        self.send(Event::default().event(PROGRESS).data(data)).await
    }

    /// A stream ends with its session, and with the right it was opened by.
    async fn check_session(&mut self) -> Result<(), End> {
        let now = self.app.clock.now();
        if now.since(self.looked) < SESSION_EVERY {
            return Ok(());
        }
        self.looked = now;
        let mut tx = self.app.store.read().await?;
        let alive_since = now.plus(-self.app.config.session_idle);
        let open = tx.sessions().still_open(&self.by.session.id, alive_since).await?;
        let person = tx.people().get(&self.by.person.id).await?;
        if !open || person.disabled {
            return Err(End::Session);
        }
        let viewer = tx.people().viewer(&person).await?;
        if viewer != self.by.viewer {
            self.by.viewer = viewer;
            self.seen.clear();
        }
        Ok(())
    }
}

fn view(line: Line) -> ChangeView {
    ChangeView { seq: line.seq, topic: line.change.topic, id: line.change.thing, request: line.change.request }
}
