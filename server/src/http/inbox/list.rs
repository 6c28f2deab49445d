//! What waits for one's decision, longest waiting first.

use api::Page;
use api::inbox::InboxRow;
use axum::extract::State;

use super::facts::{row, weigh};
use crate::http::caller::Caller;
use crate::http::input::Json;
use crate::http::problem::Answer;
use crate::http::views::Context;
use crate::state::AppState;
use crate::work::reconcile::fresh_since;

/// What waits for one's decision, longest waiting first.
pub async fn list(State(app): State<AppState>, by: Caller) -> Answer<Json<Page<InboxRow>>> {
    let mut tx = app.store.read().await?;
    let context = Context::load(&app, &mut tx).await?;
    let requests = tx.requests().inbox(&by.viewer).await?;
    let ids: Vec<_> = requests.iter().map(|request| request.id.clone()).collect();
    let alike = tx.items().alike(&ids, fresh_since(context.now)).await?;
    let mut rows = Vec::new();
    for request in &requests {
        let records = tx.items().of_request(&request.id).await?;
        let tables = tx.tables().of_request(&request.id).await?;
        if let Some(weight) = weigh(&context, &by, &records, &tables) {
            rows.push(row(&context, request, &alike[&request.id], weight));
        }
    }
    let seq = tx.changes().newest().await?;
    Ok(Json(Page { rows, next: None, seq, now: context.now }))
}
