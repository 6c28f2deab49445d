//! What waits for one's decision, longest waiting first.

use api::Page;
use api::inbox::InboxRow;
use axum::extract::State;

use super::facts::waits;
use crate::http::caller::Caller;
use crate::http::input::Json;
use crate::http::problem::Answer;
use crate::http::requests::get::alike;
use crate::http::views::Context;
use crate::state::AppState;

/// What waits for one's decision, longest waiting first.
pub async fn list(State(app): State<AppState>, by: Caller) -> Answer<Json<Page<InboxRow>>> {
    let mut tx = app.store.read().await?;
    let context = Context::load(&app, &mut tx).await?;
    let mut rows = Vec::new();
    for request in tx.requests().inbox(&by.viewer).await? {
        let alike = alike(&mut tx, &context, &request.id).await?;
        let records = tx.items().of_request(&request.id).await?;
        let tables = tx.tables().of_request(&request.id).await?;
        rows.extend(waits(&context, &by, &request, &alike, &records, &tables));
    }
    let seq = tx.changes().newest().await?;
    Ok(Json(Page { rows, next: None, seq, now: context.now }))
}
