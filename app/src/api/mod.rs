//! Every call to the server: one function per endpoint.
//!
//! Why it exists: nothing else fetches, so nothing else can forget the problem document, the clock or the sign-in page.
//! Invariant: a read that nobody waits for any more is aborted; an act, once sent, is not.

mod asking;
mod drafts;
mod search;
mod set_up;

use api::domain::ids::{RequestId, SessionId, SourceId};
use api::domain::name::TableName;
use api::inbox::{Batch, Batched, Card, Decide, InboxRow, Looking};
use api::jobs::{JobView, JobsPage};
use api::lake::{LakePage, LakeView, Rows};
use api::me::{Gate, Me, SessionView, Setup, SignIn};
use api::overview::Overview;
use api::paths::{self, fill};
use api::problem::{Code, Problem};
use api::requests::{ItemRow, Line, RequestRow, RequestView, Resubmit, Tend, Tended};
use api::tables::{Choices, TableView};
use api::{Page, Read};
use gloo_net::http::{Request, RequestBuilder};
use leptos::prelude::*;

pub use self::asking::{Asked, Asking, on_signed_out};
use self::asking::{get, get_read, get_thing, pages, read, send, text};
pub use self::drafts::{
    checks, discard_draft, draft, drafts, edit, lookup, make_draft, save_draft, split_draft, submit_draft,
};
pub use self::search::{find, find_tables, read_source, table_changes};
pub use self::set_up::{
    add_person, brakes, change_person, lift_brake, password_link, people, pull_brake, rename_team, retire_source,
    routes, save_route, save_source, set_password, source, sources, test_route, test_source,
};
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
pub fn lake(q: String, part: String, steps: usize) -> Asking<LakePage> {
    pages(steps, move |after| paths::with(paths::LAKE, &[("q", &q), ("part", &part), ("after", after)]))
}

/// One table of the lake.
pub fn lake_table(name: &TableName) -> Asking<LakeView> {
    get_thing(&fill(paths::LAKE_ONE, &[name.database.as_str(), name.table.as_str()]))
}

/// Its first rows; each look is a line of the log.
pub fn rows(name: &TableName) -> Asking<Rows> {
    read(Request::get(&fill(paths::LAKE_ROWS, &[name.database.as_str(), name.table.as_str()])))
}

/// Jobs with their sum; `steps` pages of them.
pub fn jobs(q: String, doing: String, steps: usize) -> Asking<JobsPage> {
    pages(steps, move |after| paths::with(paths::JOBS, &[("q", &q), ("doing", &doing), ("after", after)]))
}

/// One job.
pub fn job(name: &str) -> Asking<JobView> {
    get_thing(&fill(paths::JOB_ONE, &[name]))
}

/// Everything at a glance.
pub fn overview() -> Asking<Overview> {
    get_thing(paths::OVERVIEW)
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

fn act(path: &str, id: &RequestId) -> Asking<RequestView> {
    read(Request::post(&fill(path, &[id.as_str()])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_only_what_was_asked_for() {
        assert_eq!(paths::with("/x", &[("q", ""), ("after", "a b"), ("part", "late")]), "/x?after=a%20b&part=late");
    }
}
