//! Readings of catalogues: have a source read now, see what was different.

use api::Page;
use api::tables::TableChange;
use axum::extract::State;
use domain::change::{Actor, Change, Happened, Topic};
use domain::ids::SourceId;
use domain::name::TableName;
use domain::rights::{Thing, Verb, may};
use domain::time::Millis;
use serde::Deserialize;

use super::caller::Caller;
use super::input::{Json, Path, Query, page_size};
use super::problem::{Answer, Failure};
use super::tables::may_find;
use super::views::Context;
use crate::state::AppState;

/// Has the catalogue of a source read now. Asked twice, it is read once.
pub async fn want(State(app): State<AppState>, by: Caller, Path(source): Path<SourceId>) -> Answer<Json<()>> {
    let mut tx = app.store.begin().await?;
    let context = Context::load(&app, &mut tx).await?;
    if !may_find(&by, &context, &source) {
        return Err(Failure::not_found());
    }
    if !may(&by.viewer, Verb::Tend, Thing::Source(&source)) {
        return Err(Failure::not_allowed(context.owner_names(&source).join(", ")));
    }
    if let Some(retired) = tx.sources().get(&source).await?.retired {
        let who = context.name(&retired.by);
        return Err(Failure::refused(&retired.refuses("read"), who));
    }
    let standings = tx.readings().all().await?;
    let waits = standings.iter().any(|standing| standing.source == source && standing.wanted_at.is_some());
    if !waits {
        tx.readings().want(&source, by.person.id.as_str(), context.now).await?;
        let name = context.source_name(&source);
        let actor = Actor::Person(by.person.id.clone());
        tx.log(Change::of(Topic::Source, &source, actor, Happened::ReadingWanted { name }));
        tx.commit(context.now).await?;
    }
    Ok(Json(()))
}

/// What a list of differences is narrowed by.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    after: Option<String>,
    limit: Option<usize>,
}

/// What appeared, changed and vanished in a source, newest first.
pub async fn changes(
    State(app): State<AppState>,
    by: Caller,
    Path(source): Path<SourceId>,
    Query(wanted): Query<Wanted>,
) -> Answer<Json<Page<TableChange>>> {
    let size = page_size(wanted.limit);
    let mut tx = app.store.read().await?;
    let context = Context::load(&app, &mut tx).await?;
    if !may_find(&by, &context, &source) {
        return Err(Failure::not_found());
    }
    let after = match wanted.after.as_deref() {
        Some(key) => Some(parse(key).ok_or_else(|| Failure::bad_input("after"))?),
        None => None,
    };
    let limit = i64::try_from(size).expect("a page is small");
    let found = tx.readings().changes(&source, after.as_ref(), limit).await?;
    let next = (found.len() == size).then(|| found.last().map(|last| key_of(last.at, &last.table))).flatten();
    let view = |change: crate::store::readings::TableChange| TableChange {
        table: change.table,
        at: change.at,
        said: change.difference.say(),
    };
    let rows = found.into_iter().map(view).collect();
    let seq = tx.changes().newest().await?;
    Ok(Json(Page { rows, next, seq, now: context.now }))
}

fn key_of(at: Millis, table: &TableName) -> String {
    format!("{}/{}/{}", at.0, table.database, table.table)
}

fn parse(key: &str) -> Option<(Millis, TableName)> {
    let mut parts = key.splitn(3, '/');
    let at = parts.next()?.parse().ok()?;
    Some((Millis(at), TableName::parse(parts.next()?, parts.next()?).ok()?))
}
