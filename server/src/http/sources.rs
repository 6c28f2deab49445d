//! Sources as things to set up: operators see all, owners theirs; for others they are not there.

use std::collections::BTreeMap;

use api::sources::{SourceList, SourceRow};
use axum::extract::State;
use domain::brake::brake_of;
use domain::rights::{Thing, Verb, may};
use domain::source::Place;

use super::caller::Caller;
use super::input::Json;
use super::problem::{Answer, Failure};
use super::views::Context;
use crate::state::AppState;
use crate::store::sources::Source;

/// The sources the caller may see, by name.
pub async fn list(State(app): State<AppState>, by: Caller) -> Answer<Json<SourceList>> {
    let mut tx = app.store.read().await?;
    let context = Context::load(&app, &mut tx).await?;
    let counts: BTreeMap<_, _> = tx.tables().counts().await?.into_iter().collect();
    let sees = |source: &&Source| may(&by.viewer, Verb::SeeSource, Thing::Source(&source.id));
    let tables = |source: &Source| counts.get(&source.id).copied().unwrap_or_default();
    let rows: Vec<_> =
        context.sources.iter().filter(sees).map(|source| row(&context, source, tables(source))).collect();
    let may_manage = may(&by.viewer, Verb::Manage, Thing::Platform);
    if rows.is_empty() && !may_manage {
        return Err(Failure::not_found());
    }
    Ok(Json(SourceList { rows, may_manage }))
}

/// Where a source is, as people read it.
fn shown(place: &Place) -> String {
    match place {
        Place::Sqlite(folder) => folder.path.clone(),
        Place::Mysql(server) => format!("{}:{}", server.host, server.port.get()),
    }
}

fn row(context: &Context, source: &Source, tables: u64) -> SourceRow {
    let brake = brake_of(&context.brakes, &source.id, context.now);
    SourceRow {
        id: source.id.clone(),
        name: source.name.clone(),
        kind: source.place.kind().to_owned(),
        place: shown(&source.place),
        closed: source.closed,
        tables,
        read_at: source.read_at,
        trouble: source.trouble.clone(),
        owners: context.owners_of(&source.id),
        brake: brake.map(|brake| brake.say(&context.name(&brake.by))),
    }
}
