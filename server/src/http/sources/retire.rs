//! Retires a source, and brings it back. What lives of it goes on; only nothing new comes.

use api::sources::SourceView;
use axum::extract::State;
use domain::change::{Actor, Change, Happened, Topic};
use domain::ids::SourceId;
use domain::source::retired::Retired;

use super::view;
use crate::http::caller::{Caller, Operator};
use crate::http::input::{Json, Path};
use crate::http::problem::{Answer, Failure};
use crate::state::AppState;
use crate::store::Tx;
use crate::store::sources::Source;

/// Retires a source. Who comes second hears who was faster.
pub async fn retire(
    State(app): State<AppState>,
    Operator(by): Operator,
    Path(id): Path<SourceId>,
) -> Answer<Json<SourceView>> {
    let mut tx = app.store.begin().await?;
    let source = tx.sources().get(&id).await?;
    let before = source.retired.clone();
    let faster = match &before {
        Some(before) => tx.people().get(&before.by).await?.shown,
        None => String::new(),
    };
    let retired = Retired::begin(before, &by.person.id, app.clock.now());
    let retired = retired.map_err(|refusal| Failure::refused(&refusal, faster))?;
    let name = source.name.clone();
    keep(&app, tx, &by, &source, Some(retired), Happened::SourceRetired { name }).await
}

/// Brings a source back: its catalogue is read again, and its tables can be asked for.
pub async fn bring_back(
    State(app): State<AppState>,
    Operator(by): Operator,
    Path(id): Path<SourceId>,
) -> Answer<Json<SourceView>> {
    let mut tx = app.store.begin().await?;
    let source = tx.sources().get(&id).await?;
    if source.retired.is_none() {
        return Err(Failure::faster(0));
    }
    tx.readings().want(&id, by.person.id.as_str(), app.clock.now()).await?;
    let name = source.name.clone();
    keep(&app, tx, &by, &source, None, Happened::SourceBack { name }).await
}

async fn keep(
    app: &AppState,
    mut tx: Tx,
    by: &Caller,
    source: &Source,
    retired: Option<Retired>,
    happened: Happened,
) -> Answer<Json<SourceView>> {
    tx.sources().retire(&source.id, retired.as_ref()).await?;
    tx.log(Change::of(Topic::Source, &source.id, Actor::Person(by.person.id.clone()), happened));
    tx.commit(app.clock.now()).await?;
    let mut tx = app.store.read().await?;
    Ok(Json(view(app, &mut tx, by, &source.id).await?))
}
