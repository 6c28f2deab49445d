//! Calls for drafts: written, checked, split, signed; names looked up for them.

use api::Page;
use api::domain::draft::Contents;
use api::domain::ids::{DraftId, RequestId};
use api::drafts::{AsOf, Checks, DraftRow, DraftView, Save};
use api::paste::Pasted;
use api::paths::{self, fill};
use api::requests::RequestView;
use wasm_bindgen::JsValue;

use super::asking::{asked, said};
use super::{Answer, Asking, Request, get, get_thing, pages, read, send, text};

/// One's drafts, the newest first.
pub fn drafts() -> Asking<Page<DraftRow>> {
    pages(1, |_| paths::DRAFTS.to_owned())
}

/// Begins a draft. The same key gives the same one.
pub fn make_draft(contents: &Contents, key: &str) -> Asking<DraftView> {
    send(Request::post(paths::DRAFTS).header("Idempotency-Key", key), contents)
}

/// One draft.
pub fn draft(id: &DraftId) -> Asking<DraftView> {
    get_thing(&fill(paths::DRAFT_ONE, &[id.as_str()]))
}

/// Saves a draft over the version that was seen.
pub fn save_draft(id: &DraftId, save: &Save) -> Asking<DraftView> {
    send(Request::put(&fill(paths::DRAFT_ONE, &[id.as_str()])), save)
}

/// Throws a draft away.
pub async fn discard_draft(id: &DraftId) -> Answer<()> {
    text(Request::delete(&fill(paths::DRAFT_ONE, &[id.as_str()]))).await.map(drop)
}

/// What the checks of now say about a draft.
pub fn checks(id: &DraftId) -> Asking<Checks> {
    get(&fill(paths::DRAFT_CHECKS, &[id.as_str()]))
}

/// Moves the tables of a draft that cannot go now into one of their own.
pub fn split_draft(id: &DraftId, version: i64) -> Asking<DraftView> {
    send(Request::post(&fill(paths::DRAFT_SPLIT, &[id.as_str()])), &AsOf { version })
}

/// Submits a draft; twice is once.
pub fn submit_draft(id: &DraftId, version: i64) -> Asking<RequestView> {
    send(Request::post(&fill(paths::DRAFT_SUBMIT, &[id.as_str()])), &AsOf { version })
}

/// The draft by which a request that was sent back is changed.
pub fn edit(id: &RequestId) -> Asking<DraftView> {
    read(Request::post(&fill(paths::REQUEST_EDIT, &[id.as_str()])))
}

/// Looks up names that were pasted (`lines`, `pattern`) or uploaded (`csv`).
pub fn lookup(form: &str, what: JsValue) -> Asking<Pasted> {
    let request = Request::post(&paths::with(paths::TABLES_LOOKUP, &[("form", form)]));
    Asking::new(asked(request.header("Content-Type", "text/plain").body(what).ok()), said::<Pasted>)
}
