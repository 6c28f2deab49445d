//! Lets several requests in at once: a result for each; what must be opened says why.

use api::inbox::{Batch, BatchResult, Batched, Decide, Verdict};
use axum::extract::State;
use domain::ids::RequestId;
use domain::said::Said;

use super::facts::weigh;
use crate::http::caller::Caller;
use crate::http::input::Json;
use crate::http::problem::{Answer, Failure};
use crate::http::requests::decide::decided;
use crate::http::requests::get::seen;
use crate::http::views::Context;
use crate::state::AppState;

/// At most so many at once: as many as the inbox shows.
const MOST: usize = 200;

/// Approves all tables of several requests. Each is a decision of its own: one that cannot be made hinders no other.
pub async fn batch(State(app): State<AppState>, by: Caller, Json(wanted): Json<Batch>) -> Answer<Json<Batched>> {
    if wanted.requests.is_empty() || wanted.requests.len() > MOST {
        return Err(Failure::field("requests", if wanted.requests.is_empty() { "missing" } else { "many" }));
    }
    let mut results = Vec::new();
    for id in &wanted.requests {
        let refused = match one(&app, &by, id).await {
            Ok(refused) => refused,
            Err(failure) if failure.is_ours() => return Err(failure),
            Err(failure) => Some(failure.said().clone()),
        };
        results.push(BatchResult { request: id.clone(), refused });
    }
    Ok(Json(Batched { results }))
}

/// Approves one of them; gives why not where it must be opened.
async fn one(app: &AppState, by: &Caller, id: &RequestId) -> Answer<Option<Said>> {
    let mut tx = app.store.read().await?;
    let (request, records) = seen(&mut tx, by, id).await?;
    let context = Context::load(app, &mut tx).await?;
    let known = tx.tables().of_request(id).await?;
    if let Some(alone) = weigh(&context, by, &records, &known).and_then(|weight| weight.alone) {
        return Ok(Some(alone));
    }
    drop(tx);
    let approve = Decide {
        verdict: Verdict::Approve,
        drop: Vec::new(),
        back: Vec::new(),
        comment: String::new(),
        seen: request.hash,
    };
    decided(app, by, id, &approve).await.map(|_| None)
}
