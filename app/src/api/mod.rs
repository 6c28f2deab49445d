//! Every call to the server: one function per endpoint.
//!
//! Why it exists: nothing else fetches, so nothing else can forget the problem document, the clock or the sign-in page.
//! Invariant: a read that nobody waits for any more is aborted; an act, once sent, is not.

mod drafts;
mod search;
mod set_up;

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;

use api::domain::ids::{RequestId, SessionId, SourceId};
use api::domain::name::TableName;
use api::domain::time::Millis;
use api::inbox::{Batch, Batched, Card, Decide, InboxRow, Looking};
use api::lake::{LakePage, LakeRow, LakeTally, LakeView, Rows};
use api::me::{Gate, Me, SessionView, Setup, SignIn};
use api::paths::{self, fill};
use api::problem::{Code, Problem};
use api::requests::{ItemRow, Line, RequestRow, RequestView, Resubmit, Tend, Tended};
use api::tables::{Choices, TableView};
use api::{Page, Read};
use gloo_net::http::{Request, RequestBuilder, Response};
use json::FromJson;
use leptos::prelude::*;
use serde::Serialize;

pub use self::drafts::{
    checks, discard_draft, draft, drafts, edit, lookup, make_draft, save_draft, split_draft, submit_draft,
};
pub use self::search::{find, find_tables, read_source, table_changes};
pub use self::set_up::{
    add_person, brakes, change_person, lift_brake, password_link, people, pull_brake, rename_team, retire_source,
    routes, save_route, save_source, set_password, source, sources, test_route, test_source,
};
use crate::clock;
use crate::words::Lang;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Trouble {
    /// The server said no, and why.
    Problem(Box<Problem>),
    /// The server was not reached.
    Away,
    /// The server answered what this page cannot read.
    Odd,
}

impl Trouble {
    /// The code of the problem, if the server gave one.
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Problem(problem) => Some(problem.code),
            Self::Away | Self::Odd => None,
        }
    }
}

/// What a call gives.
pub type Answer<T> = Result<T, Trouble>;

thread_local! {
    static DOOR: Cell<fn()> = const { Cell::new(|| {}) };
}

/// Says what happens when the server asks to sign in first.
pub fn on_signed_out(leave: fn()) {
    DOOR.set(leave);
}

/// What anybody may know before signing in.
pub fn gate() -> Asking<Gate> {
    get(paths::SESSION)
}

/// Signs in.
pub fn sign_in(who: &SignIn) -> Asking<Me> {
    send(Request::post(paths::SESSION), who)
}

/// Ends one's own session.
pub async fn sign_out() -> Answer<()> {
    text(Request::delete(paths::SESSION)).await.map(drop)
}

/// Makes the first operator.
pub fn set_up(setup: &Setup) -> Asking<Me> {
    send(Request::post(paths::SETUP), setup)
}

/// Who is signed in, and the line of the log after which the live stream opens.
pub fn me() -> Asking<Read<Me>> {
    get_read(paths::ME)
}

/// One's open sessions.
pub fn sessions() -> Asking<Vec<SessionView>> {
    get(paths::SESSIONS)
}

/// Ends one of one's sessions.
pub async fn end_session(id: &SessionId) -> Answer<()> {
    text(Request::delete(&fill(paths::SESSION_ONE, &[id.as_str()]))).await.map(drop)
}

/// One table with its columns.
pub fn table(source: &SourceId, name: &TableName) -> Asking<TableView> {
    get(&fill(paths::TABLE_ONE, &[source.as_str(), name.database.as_str(), name.table.as_str()]))
}

/// Sources and routes one may choose.
pub fn choices() -> Asking<Choices> {
    get(paths::CHOICES)
}

/// Requests one may see, or only one's own; `steps` pages of them.
pub fn requests(mine: bool, steps: usize) -> Asking<Page<RequestRow>> {
    let mine = if mine { "true" } else { "false" };
    pages(steps, move |after| paths::with(paths::REQUESTS, &[("mine", mine), ("after", after)]))
}

/// One request.
pub fn request(id: &RequestId) -> Asking<RequestView> {
    get_thing(&fill(paths::REQUEST_ONE, &[id.as_str()]))
}

/// The items of a request; `steps` pages of them.
pub fn items(id: &RequestId, part: String, q: String, steps: usize) -> Asking<Page<ItemRow>> {
    let path = fill(paths::REQUEST_ITEMS, &[id.as_str()]);
    pages(steps, move |after| paths::with(&path, &[("part", &part), ("q", &q), ("after", after)]))
}

/// The timeline of a request, newest first; `steps` pages of it.
pub fn timeline(id: &RequestId, steps: usize) -> Asking<Page<Line>> {
    let path = fill(paths::REQUEST_TIMELINE, &[id.as_str()]);
    pages(steps, move |after| paths::with(&path, &[("after", after)]))
}

/// Decides about a request.
pub fn decide(id: &RequestId, decision: &Decide) -> Asking<RequestView> {
    send(Request::post(&fill(paths::REQUEST_DECISION, &[id.as_str()])), decision)
}

/// Takes one's own approval back.
pub fn take_back(id: &RequestId) -> Asking<RequestView> {
    act(paths::REQUEST_TAKE_BACK, id)
}

/// Withdraws a request.
pub fn withdraw(id: &RequestId) -> Asking<RequestView> {
    act(paths::REQUEST_WITHDRAW, id)
}

/// Sends a request again, with an answer.
pub fn resubmit(id: &RequestId, answer: String) -> Asking<RequestView> {
    send(Request::post(&fill(paths::REQUEST_RESUBMIT, &[id.as_str()])), &Resubmit { answer })
}

/// Tries items again or leaves them out.
pub fn tend(what: &Tend) -> Asking<Tended> {
    send(Request::post(paths::ITEMS_TEND), what)
}

/// What waits for one's decision; `steps` pages of it.
pub fn inbox(steps: usize) -> Asking<Page<InboxRow>> {
    pages(steps, |after| paths::with(paths::INBOX, &[("after", after)]))
}

/// The card of a request.
pub fn card(id: &RequestId) -> Asking<Card> {
    get_thing(&fill(paths::INBOX_ONE, &[id.as_str()]))
}

/// Approves several requests at once: a result for each.
pub fn batch(requests: Vec<RequestId>) -> Asking<Batched> {
    send(Request::post(paths::INBOX_BATCH), &Batch { requests })
}

/// Says that one has a card open, and hears who else has.
pub fn look(id: &RequestId) -> Asking<Looking> {
    read(Request::post(&fill(paths::INBOX_LOOK, &[id.as_str()])))
}

/// Says that one has closed a card.
pub fn leave(id: &RequestId) -> Asking<Looking> {
    read(Request::delete(&fill(paths::INBOX_LOOK, &[id.as_str()])))
}

/// Tables in the lake with their sum; `steps` pages of them.
pub fn lake(q: String, part: String, steps: usize) -> Asking<(LakeTally, Page<LakeRow>)> {
    let abort = Abort::on_cleanup();
    Box::pin(async move {
        let step = |after: &str| {
            let address = paths::with(paths::LAKE, &[("q", &q), ("part", &part), ("after", after)]);
            read::<LakePage>(abort.to(Request::get(&address)))
        };
        let LakePage { tally, mut page } = step("").await?;
        for _ in 1..steps {
            let Some(after) = page.next.take() else { break };
            append(&mut page, step(&after).await?.page);
        }
        Ok((tally, settled(page)))
    })
}

/// One table of the lake.
pub fn lake_table(name: &TableName) -> Asking<LakeView> {
    get_thing(&fill(paths::LAKE_ONE, &[name.database.as_str(), name.table.as_str()]))
}

/// Its first rows; each look is a line of the log.
pub fn rows(name: &TableName) -> Asking<Rows> {
    read(Request::get(&fill(paths::LAKE_ROWS, &[name.database.as_str(), name.table.as_str()])))
}

/// The words of a language; the page names the address of each.
pub fn words(lang: Lang) -> Asking<String> {
    let html = document().document_element();
    let address = html.and_then(|html| html.get_attribute(&format!("data-{}", lang.tag())));
    text(Request::get(&address.unwrap_or_default()))
}

/// The address of the live stream.
pub fn events(after: i64) -> String {
    paths::with(paths::EVENTS, &[("after", &after.to_string())])
}

/// Aborts what was sent with it when the owner it was made in goes.
#[derive(Clone, Copy)]
struct Abort(Option<StoredValue<web_sys::AbortController, LocalStorage>>);

impl Abort {
    fn on_cleanup() -> Self {
        let abort = web_sys::AbortController::new().ok().map(StoredValue::new_local);
        if let Some(abort) = abort {
            on_cleanup(move || {
                abort.try_with_value(web_sys::AbortController::abort);
            });
        }
        Self(abort)
    }

    fn to(self, request: RequestBuilder) -> RequestBuilder {
        let signal = self.0.and_then(|abort| abort.try_with_value(web_sys::AbortController::signal));
        request.abort_signal(signal.as_ref())
    }
}

/// What will be answered. Boxed, so that calls of one kind are one type.
pub type Asking<T> = Pin<Box<dyn Future<Output = Answer<T>>>>;

fn get<T: FromJson + 'static>(url: &str) -> Asking<T> {
    read(Abort::on_cleanup().to(Request::get(url)))
}

fn get_read<T: FromJson + 'static>(url: &str) -> Asking<Read<T>> {
    let answer = get::<Read<T>>(url);
    Box::pin(async move { answer.await.inspect(|read| clock::hear(read.now)) })
}

fn get_thing<T: FromJson + 'static>(url: &str) -> Asking<T> {
    let answer = get::<Read<T>>(url);
    Box::pin(async move {
        let Read { thing, now, .. } = answer.await?;
        clock::hear(now);
        Ok(thing)
    })
}

/// The first `steps` pages of a list as one page.
fn pages<T: FromJson + 'static>(steps: usize, address: impl Fn(&str) -> String + 'static) -> Asking<Page<T>> {
    let abort = Abort::on_cleanup();
    let address: Box<dyn Fn(&str) -> String> = Box::new(address);
    Box::pin(async move {
        let mut page = read::<Page<T>>(abort.to(Request::get(&address("")))).await?;
        for _ in 1..steps {
            let Some(after) = page.next.take() else { break };
            append(&mut page, read(abort.to(Request::get(&address(&after)))).await?);
        }
        Ok(settled(page))
    })
}

/// A page whose time was heard. Without it two readings of the same rows are the same.
fn settled<T>(page: Page<T>) -> Page<T> {
    clock::hear(page.now);
    Page { seq: 0, now: Millis(0), ..page }
}

fn append<T>(page: &mut Page<T>, more: Page<T>) {
    page.rows.extend(more.rows);
    page.next = more.next;
    page.now = more.now;
}

fn act(path: &str, id: &RequestId) -> Asking<RequestView> {
    read(Request::post(&fill(path, &[id.as_str()])))
}

fn send<T: FromJson + 'static>(request: RequestBuilder, body: &impl Serialize) -> Asking<T> {
    let request = serde_json::to_string(body).ok().and_then(|text| with_body(request, text));
    parsed(Box::pin(async move { text_of(request.ok_or(Trouble::Odd)?.send().await).await }))
}

fn with_body(request: RequestBuilder, text: String) -> Option<Request> {
    request.header("Content-Type", "application/json").body(text).ok()
}

fn read<T: FromJson + 'static>(request: RequestBuilder) -> Asking<T> {
    parsed(text(request))
}

fn parsed<T: FromJson + 'static>(text: Asking<String>) -> Asking<T> {
    Box::pin(async move { json::read(&text.await?).ok_or(Trouble::Odd) })
}

fn text(request: RequestBuilder) -> Asking<String> {
    Box::pin(async move { text_of(request.send().await).await })
}

/// The text of an answer that went well; else what the problem document says.
async fn text_of(sent: Result<Response, gloo_net::Error>) -> Answer<String> {
    let response = sent.map_err(|_| Trouble::Away)?;
    let text = response.text().await.map_err(|_| Trouble::Away)?;
    if response.ok() {
        return Ok(text);
    }
    // What stands before the server answers in its own words when the server is gone.
    let odd = if response.status() < 500 { Trouble::Odd } else { Trouble::Away };
    let problem: Problem = json::read(&text).ok_or(odd)?;
    if problem.code == Code::SignInFirst {
        DOOR.get()();
    }
    Err(Trouble::Problem(Box::new(problem)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_only_what_was_asked_for() {
        assert_eq!(paths::with("/x", &[("q", ""), ("after", "a b"), ("part", "late")]), "/x?after=a%20b&part=late");
    }
}
