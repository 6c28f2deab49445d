//! Requests one may see, newest first.

use api::Page;
use api::requests::RequestRow;
use axum::extract::State;
use domain::request::Request;
use serde::Deserialize;

use crate::http::caller::Caller;
use crate::http::input::{Json, Query, page_size};
use crate::http::problem::{Answer, Failure};
use crate::http::views::{Context, may_see};
use crate::state::AppState;
use crate::work::reconcile::fresh_since;

/// What a list is narrowed by.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    mine: Option<bool>,
    after: Option<String>,
    limit: Option<usize>,
}

/// Requests one may see; `after` is the number of the last one shown.
pub async fn list(
    State(app): State<AppState>,
    by: Caller,
    Query(wanted): Query<Wanted>,
) -> Answer<Json<Page<RequestRow>>> {
    let before = match wanted.after.as_deref() {
        Some(after) => after.parse().map_err(|_| Failure::bad_input("after"))?,
        None => i64::MAX,
    };
    let size = page_size(wanted.limit);
    let mut tx = app.store.read().await?;
    let context = Context::load(&app, &mut tx).await?;
    let limit = i64::try_from(size).expect("a page is small");
    let requests = tx.requests().list(&by.viewer, wanted.mine.unwrap_or(false), before, limit).await?;
    let next = requests.last().filter(|_| requests.len() == size).map(|request| request.number.to_string());
    let ids: Vec<_> = requests.iter().map(|request| request.id.clone()).collect();
    let alike = tx.items().alike(&ids, fresh_since(context.now)).await?;
    let row = |request: &Request| {
        let alike = alike.get(&request.id)?;
        let sources = alike.iter().map(|group| group.source.clone()).collect();
        may_see(&by, request, &sources).then(|| context.request(request, alike))
    };
    let rows = requests.iter().filter_map(row).collect();
    let seq = tx.changes().newest().await?;
    Ok(Json(Page { rows, next, seq, now: context.now }))
}
