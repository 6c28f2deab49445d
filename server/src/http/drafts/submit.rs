//! Signs a draft: its searches become names, the names become items, the draft goes. Twice is once.

use api::drafts::AsOf;
use api::problem::Code;
use api::requests::RequestView;
use axum::extract::State;
use axum::http::StatusCode;
use domain::draft::Draft;
use domain::ids::DraftId;
use domain::request::{Asked, Request};

use super::edit::again;
use super::{all_tables, as_of, mine, route_of};
use crate::http::caller::Caller;
use crate::http::input::{Json, Path};
use crate::http::problem::{Answer, Failure};
use crate::http::requests::get::view;
use crate::http::requests::submit::write;
use crate::http::views::Context;
use crate::search::follow::reach;
use crate::state::AppState;
use crate::store::{StoreError, Tx};

/// Submits a draft as it was seen.
pub async fn submit(
    State(app): State<AppState>,
    by: Caller,
    Path(id): Path<DraftId>,
    Json(seen): Json<AsOf>,
) -> Answer<(StatusCode, Json<RequestView>)> {
    reach(&app).await;
    let mut tx = app.store.begin().await?;
    let context = Context::load(&app, &mut tx).await?;
    let draft = match tx.drafts().get(&id).await {
        Err(StoreError::Missing { .. }) => {
            drop(tx);
            return before(&app, &by, &id).await;
        }
        found => mine(&by, found?)?,
    };
    if let (Some(of), true) = (&draft.of, draft.ended_at.is_some() && draft.version == seen.version + 1) {
        let request = tx.requests().get(of).await?;
        drop(tx);
        return answer(&app, &by, StatusCode::OK, &request).await;
    }
    let draft = as_of(&context, draft, seen.version)?;
    let asked = asked(&app, &mut tx, &by, &context, &draft).await?;
    let written = match &draft.of {
        Some(of) => Some(again(&app, &mut tx, &by, &context, of, asked).await?),
        None => write(&app, &mut tx, &by, &context, asked, &key(&id)).await?,
    };
    let Some(request) = written else {
        // The twin of a double click was faster by a moment.
        drop(tx);
        return before(&app, &by, &id).await;
    };
    match draft.of {
        Some(_) => tx.drafts().finish(&id, seen.version, context.now).await?,
        None => tx.drafts().remove(&id).await?,
    }
    tx.commit(context.now).await?;
    answer(&app, &by, StatusCode::CREATED, &request).await
}

/// What is signed: everything that is wrong with it is said at once by who writes it.
async fn asked(app: &AppState, tx: &mut Tx, by: &Caller, context: &Context, draft: &Draft) -> Answer<Asked> {
    route_of(context, &draft.contents)?;
    let tables = all_tables(app, tx, by, context, &draft.contents).await?;
    draft.contents.asked(tables).ok_or_else(|| Failure::field("tier", "missing"))
}

/// The key under which a draft becomes a request.
fn key(id: &DraftId) -> String {
    format!("draft-{id}")
}

/// The request that the draft became, if it did.
async fn before(app: &AppState, by: &Caller, id: &DraftId) -> Answer<(StatusCode, Json<RequestView>)> {
    let mut tx = app.store.read().await?;
    let request = tx.requests().by_key(&by.person.id, &key(id)).await?;
    drop(tx);
    let request = request.ok_or_else(|| Failure::new(Code::NotFound))?;
    answer(app, by, StatusCode::OK, &request).await
}

async fn answer(
    app: &AppState,
    by: &Caller,
    status: StatusCode,
    request: &Request,
) -> Answer<(StatusCode, Json<RequestView>)> {
    let mut tx = app.store.read().await?;
    Ok((status, Json(view(app, &mut tx, by, request).await?)))
}
