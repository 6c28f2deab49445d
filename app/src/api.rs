//! Every call to the server: one function per endpoint.
//!
//! Why it exists: nothing else fetches, so nothing else can forget the problem document, the clock or the sign-in page.
//! Invariant: a read that nobody waits for any more is aborted; an act, once sent, is not.

use std::cell::Cell;
use std::future::Future;

use api::domain::ids::{RequestId, SessionId, SourceId};
use api::domain::name::TableName;
use api::domain::time::Millis;
use api::inbox::{Card, Decide, InboxRow};
use api::lake::{LakePage, LakeRow, LakeTally, LakeView, Rows};
use api::me::{Gate, Me, SessionView, Setup, SignIn};
use api::paths::{self, encode, fill};
use api::problem::{Code, Problem};
use api::requests::{Ask, ItemRow, Line, RequestRow, RequestView, Tend, Tended};
use api::tables::{Choices, TableRow, TableView};
use api::{Page, Read};
use gloo_net::http::{Request, RequestBuilder, Response};
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::clock;

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
pub fn gate() -> impl Future<Output = Answer<Gate>> {
    get(paths::SESSION.to_owned())
}

/// Signs in.
pub async fn sign_in(who: &SignIn) -> Answer<Me> {
    send(Request::post(paths::SESSION), who).await
}

/// Ends one's own session.
pub async fn sign_out() -> Answer<()> {
    done(Request::delete(paths::SESSION)).await
}

/// Makes the first operator.
pub async fn set_up(setup: &Setup) -> Answer<Me> {
    send(Request::post(paths::SETUP), setup).await
}

/// Who is signed in, and the line of the log after which the live stream opens.
pub fn me() -> impl Future<Output = Answer<Read<Me>>> {
    heard(get(paths::ME.to_owned()))
}

/// One's open sessions.
pub fn sessions() -> impl Future<Output = Answer<Vec<SessionView>>> {
    get(paths::SESSIONS.to_owned())
}

/// Ends one of one's sessions.
pub async fn end_session(id: &SessionId) -> Answer<()> {
    done(Request::delete(&fill(paths::SESSION_ONE, &[id.as_str()]))).await
}

/// Tables of all sources that match; `steps` pages of them.
pub fn tables(q: String, source: String, steps: usize) -> impl Future<Output = Answer<Page<TableRow>>> {
    pages(steps, move |after| address(paths::TABLES, &[("q", &q), ("source", &source), ("after", after)]))
}

/// One table with its columns.
pub fn table(source: &SourceId, name: &TableName) -> impl Future<Output = Answer<TableView>> + use<> {
    get(fill(paths::TABLE_ONE, &[source.as_str(), name.database.as_str(), name.table.as_str()]))
}

/// Sources and routes one may choose.
pub fn choices() -> impl Future<Output = Answer<Choices>> {
    get(paths::CHOICES.to_owned())
}

/// Requests one may see, or only one's own; `steps` pages of them.
pub fn requests(mine: bool, steps: usize) -> impl Future<Output = Answer<Page<RequestRow>>> {
    let mine = if mine { "true" } else { "false" };
    pages(steps, move |after| address(paths::REQUESTS, &[("mine", mine), ("after", after)]))
}

/// Asks for tables. The same key and body give the same request.
pub async fn ask(what: &Ask, key: &str) -> Answer<RequestView> {
    send(Request::post(paths::REQUESTS).header("Idempotency-Key", key), what).await
}

/// One request.
pub fn request(id: &RequestId) -> impl Future<Output = Answer<RequestView>> + use<> {
    get_thing(fill(paths::REQUEST_ONE, &[id.as_str()]))
}

/// The items of a request; `steps` pages of them.
pub fn items(
    id: &RequestId,
    part: String,
    q: String,
    steps: usize,
) -> impl Future<Output = Answer<Page<ItemRow>>> + use<> {
    let path = fill(paths::REQUEST_ITEMS, &[id.as_str()]);
    pages(steps, move |after| address(&path, &[("part", &part), ("q", &q), ("after", after)]))
}

/// The timeline of a request, newest first; `steps` pages of it.
pub fn timeline(id: &RequestId, steps: usize) -> impl Future<Output = Answer<Page<Line>>> + use<> {
    let path = fill(paths::REQUEST_TIMELINE, &[id.as_str()]);
    pages(steps, move |after| address(&path, &[("after", after)]))
}

/// Decides about a request.
pub async fn decide(id: &RequestId, decision: &Decide) -> Answer<RequestView> {
    send(Request::post(&fill(paths::REQUEST_DECISION, &[id.as_str()])), decision).await
}

/// Takes one's own approval back.
pub async fn take_back(id: &RequestId) -> Answer<RequestView> {
    act(paths::REQUEST_TAKE_BACK, id).await
}

/// Withdraws a request.
pub async fn withdraw(id: &RequestId) -> Answer<RequestView> {
    act(paths::REQUEST_WITHDRAW, id).await
}

/// Sends a request again.
pub async fn resubmit(id: &RequestId) -> Answer<RequestView> {
    act(paths::REQUEST_RESUBMIT, id).await
}

/// Tries items again or leaves them out.
pub async fn tend(what: &Tend) -> Answer<Tended> {
    send(Request::post(paths::ITEMS_TEND), what).await
}

/// What waits for one's decision; `steps` pages of it.
pub fn inbox(steps: usize) -> impl Future<Output = Answer<Page<InboxRow>>> {
    pages(steps, |after| address(paths::INBOX, &[("after", after)]))
}

/// The card of a request.
pub fn card(id: &RequestId) -> impl Future<Output = Answer<Card>> + use<> {
    get_thing(fill(paths::INBOX_ONE, &[id.as_str()]))
}

/// Tables in the lake with their sum; `steps` pages of them.
pub fn lake(q: String, part: String, steps: usize) -> impl Future<Output = Answer<(LakeTally, Page<LakeRow>)>> {
    let first = address(paths::LAKE, &[("q", &q), ("part", &part)]);
    let abort = Abort::on_cleanup();
    async move {
        let LakePage { tally, mut page } = read(abort.to(Request::get(&first))).await?;
        for _ in 1..steps {
            let Some(after) = page.next.take() else { break };
            let next = address(paths::LAKE, &[("q", &q), ("part", &part), ("after", &after)]);
            let more: LakePage = read(abort.to(Request::get(&next))).await?;
            append(&mut page, more.page);
        }
        Ok((tally, settled(page)))
    }
}

/// One table of the lake.
pub fn lake_table(name: &TableName) -> impl Future<Output = Answer<LakeView>> + use<> {
    get_thing(fill(paths::LAKE_ONE, &[name.database.as_str(), name.table.as_str()]))
}

/// Its first rows; each look is a line of the log.
pub async fn rows(name: &TableName) -> Answer<Rows> {
    read(Request::get(&fill(paths::LAKE_ROWS, &[name.database.as_str(), name.table.as_str()]))).await
}

/// The address of the live stream.
pub fn events(after: i64) -> String {
    address(paths::EVENTS, &[("after", &after.to_string())])
}

fn address(path: &str, params: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    let mut joint = '?';
    for (name, value) in params.iter().filter(|(_, value)| !value.is_empty()) {
        address.push(joint);
        address.push_str(name);
        address.push('=');
        address.push_str(&encode(value));
        joint = '&';
    }
    address
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

fn get<T: DeserializeOwned>(url: String) -> impl Future<Output = Answer<T>> {
    let abort = Abort::on_cleanup();
    async move { read(abort.to(Request::get(&url))).await }
}

async fn heard<T>(answer: impl Future<Output = Answer<Read<T>>>) -> Answer<Read<T>> {
    let answer = answer.await;
    if let Ok(read) = &answer {
        clock::hear(read.now);
    }
    answer
}

fn get_thing<T: DeserializeOwned>(url: String) -> impl Future<Output = Answer<T>> {
    let answer = heard(get(url));
    async move { answer.await.map(|read| read.thing) }
}

/// The first `steps` pages of a list as one page.
fn pages<T: DeserializeOwned>(
    steps: usize,
    address: impl Fn(&str) -> String + 'static,
) -> impl Future<Output = Answer<Page<T>>> {
    let abort = Abort::on_cleanup();
    async move {
        let mut page: Page<T> = read(abort.to(Request::get(&address("")))).await?;
        for _ in 1..steps {
            let Some(after) = page.next.take() else { break };
            append(&mut page, read(abort.to(Request::get(&address(&after)))).await?);
        }
        Ok(settled(page))
    }
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

async fn act(path: &str, id: &RequestId) -> Answer<RequestView> {
    read(Request::post(&fill(path, &[id.as_str()]))).await
}

async fn send<B: Serialize, T: DeserializeOwned>(request: RequestBuilder, body: &B) -> Answer<T> {
    let text = serde_json::to_string(body).map_err(|_| Trouble::Odd)?;
    let request = request.header("Content-Type", "application/json").body(text).map_err(|_| Trouble::Odd)?;
    parse(answer(request.send().await).await?).await
}

async fn read<T: DeserializeOwned>(request: RequestBuilder) -> Answer<T> {
    parse(answer(request.send().await).await?).await
}

async fn done(request: RequestBuilder) -> Answer<()> {
    answer(request.send().await).await.map(drop)
}

async fn parse<T: DeserializeOwned>(response: Response) -> Answer<T> {
    let text = response.text().await.map_err(|_| Trouble::Away)?;
    serde_json::from_str(&text).map_err(|_| Trouble::Odd)
}

/// The response of a call that went well; else what the problem document says.
async fn answer(sent: Result<Response, gloo_net::Error>) -> Answer<Response> {
    let response = sent.map_err(|_| Trouble::Away)?;
    if response.ok() {
        return Ok(response);
    }
    let ours = response.status() < 500;
    let problem: Answer<Problem> = parse(response).await;
    // What stands before the server answers in its own words when the server is gone.
    let problem = problem.map_err(|trouble| if ours { trouble } else { Trouble::Away })?;
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
        assert_eq!(address("/x", &[("q", ""), ("after", "a b"), ("part", "late")]), "/x?after=a%20b&part=late");
    }
}
