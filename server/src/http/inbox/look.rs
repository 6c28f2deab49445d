//! Who else has a card open: shown, never in the way.

use api::inbox::Looking;
use axum::extract::State;
use domain::ids::RequestId;
use domain::time::SECOND;

use crate::http::caller::Caller;
use crate::http::input::{Json, Path};
use crate::http::problem::{Answer, Failure};
use crate::http::requests::get::{alike, visible};
use crate::http::views::Context;
use crate::state::AppState;

/// How long a look lasts without being prolonged. A page prolongs it twice as often.
const LASTS: i64 = 40 * SECOND;

/// Says that one has the card open, and hears who else has.
pub async fn look(State(app): State<AppState>, by: Caller, Path(id): Path<RequestId>) -> Answer<Json<Looking>> {
    let context = decider(&app, &by, &id).await?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let new = tx.looks().look(&id, &by.person.id, now, now.plus(LASTS)).await?;
    let others = tx.looks().others(&id, &by.person.id, now).await?;
    tx.commit(now).await?;
    if new {
        app.store.bell().progress([id].into());
    }
    Ok(Json(Looking { names: others.iter().map(|person| context.name(person)).collect() }))
}

/// Says that one has closed it.
pub async fn leave(State(app): State<AppState>, by: Caller, Path(id): Path<RequestId>) -> Answer<Json<Looking>> {
    decider(&app, &by, &id).await?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    tx.looks().leave(&id, &by.person.id).await?;
    tx.commit(now).await?;
    app.store.bell().progress([id].into());
    Ok(Json(Looking { names: Vec::new() }))
}

/// Only who may decide about something of it has a card; for all others there is none.
async fn decider(app: &AppState, by: &Caller, id: &RequestId) -> Answer<Context> {
    let mut tx = app.store.read().await?;
    visible(&mut tx, by, id).await?;
    let context = Context::load(app, &mut tx).await?;
    let may =
        alike(&mut tx, &context, id).await?.iter().any(|group| !group.linked && context.may_decide_all(by, group));
    if may { Ok(context) } else { Err(Failure::not_found()) }
}
