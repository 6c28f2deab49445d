//! Requests while they are written. A draft is only there for its writer; to everybody else it is not there.

pub mod edit;
pub mod submit;
mod tables;
mod view;

use api::drafts::{AsOf, Checks, DraftRow, DraftView, Save};
use api::{Page, Read};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use domain::check::Severity;
use domain::draft::{Contents, Draft, Rest};
use domain::ids::DraftId;
use domain::route::Route;
use domain::tier::Tier;
use std::collections::BTreeSet;

pub use self::tables::{all_tables, like, marked, name_of};
use self::view::{row, view};
use super::caller::Caller;
use super::checks::{look, summed};
use super::input::{Json, Path};
use super::problem::{Answer, Failure, ago};
use super::requests::submit::key_of;
use super::views::Context;
use crate::search::follow::reach;
use crate::state::AppState;
use crate::store::{StoreError, Tx};

/// One's drafts, the newest first.
pub async fn list(State(app): State<AppState>, by: Caller) -> Answer<Json<Page<DraftRow>>> {
    let mut tx = app.store.read().await?;
    let mut rows = Vec::new();
    for draft in tx.drafts().of(&by.person.id).await? {
        rows.push(row(&mut tx, &draft).await?);
    }
    let seq = tx.changes().newest().await?;
    Ok(Json(Page { rows, next: None, seq, now: app.clock.now() }))
}

/// Begins a draft. The same key gives the same draft; one in which nothing was written yet is used again.
pub async fn make(
    State(app): State<AppState>,
    by: Caller,
    headers: HeaderMap,
    Json(contents): Json<Contents>,
) -> Answer<(StatusCode, Json<DraftView>)> {
    let key = key_of(&headers)?;
    fits(&contents)?;
    reach(&app).await;
    let mut tx = app.store.begin().await?;
    let context = Context::load(&app, &mut tx).await?;
    let mut before = tx.drafts().by_key(&by.person.id, &key).await?;
    if before.is_none() && contents.is_untouched() {
        let mine = tx.drafts().of(&by.person.id).await?;
        before = mine.into_iter().find(|draft| draft.of.is_none() && draft.contents.is_untouched());
    }
    if let Some(before) = before {
        return Ok((StatusCode::OK, Json(view(&app, &mut tx, &by, &context, &before).await?)));
    }
    let contents = with_route(&context, contents);
    let draft = Draft {
        id: app.ids.draft(),
        owner: by.person.id.clone(),
        of: None,
        contents,
        saved_at: context.now,
        ended_at: None,
        version: 1,
    };
    match tx.drafts().add(&draft, &key).await {
        Ok(()) => {}
        Err(StoreError::Taken { .. }) => return Err(Failure::faster(0)),
        Err(problem) => return Err(problem.into()),
    }
    let view = view(&app, &mut tx, &by, &context, &draft).await?;
    tx.commit(context.now).await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// The first route and its nightly promise, until somebody chooses.
fn with_route(context: &Context, contents: Contents) -> Contents {
    let Some(route) = context.routes.first().filter(|_| contents.route.is_none()) else { return contents };
    let daily = route.tiers.iter().find(|tier| **tier == Tier::Daily).or(route.tiers.first());
    Contents { route: Some(route.id.clone()), tier: contents.tier.or(daily.copied()), ..contents }
}

fn fits(contents: &Contents) -> Answer<()> {
    match contents.beyond() {
        Some(beyond) => Err(Failure::field(beyond.field, beyond.code)),
        None => Ok(()),
    }
}

/// A draft, for its writer.
pub async fn own(tx: &mut Tx, by: &Caller, id: &DraftId) -> Answer<Draft> {
    mine(by, tx.drafts().get(id).await?)
}

/// A draft that was read, for its writer.
pub fn mine(by: &Caller, draft: Draft) -> Answer<Draft> {
    if draft.owner == by.person.id { Ok(draft) } else { Err(Failure::not_found()) }
}

/// The same, to be changed as it was seen.
pub async fn own_as_of(tx: &mut Tx, by: &Caller, context: &Context, id: &DraftId, version: i64) -> Answer<Draft> {
    as_of(context, own(tx, by, id).await?, version)
}

/// A draft, if it is still as it was seen.
pub fn as_of(context: &Context, draft: Draft, version: i64) -> Answer<Draft> {
    if draft.version != version || draft.ended_at.is_some() {
        return Err(Failure::faster(ago(context.now, draft.ended_at.unwrap_or(draft.saved_at))));
    }
    Ok(draft)
}

/// One draft.
pub async fn get(State(app): State<AppState>, by: Caller, Path(id): Path<DraftId>) -> Answer<Json<Read<DraftView>>> {
    reach(&app).await;
    let mut tx = app.store.read().await?;
    let context = Context::load(&app, &mut tx).await?;
    let draft = own(&mut tx, &by, &id).await?;
    let thing = view(&app, &mut tx, &by, &context, &draft).await?;
    let seq = tx.changes().newest().await?;
    Ok(Json(Read { thing, seq, now: context.now }))
}

/// Saves a draft over the version that was seen.
pub async fn save(
    State(app): State<AppState>,
    by: Caller,
    Path(id): Path<DraftId>,
    Json(save): Json<Save>,
) -> Answer<Json<DraftView>> {
    fits(&save.contents)?;
    reach(&app).await;
    let mut tx = app.store.begin().await?;
    let context = Context::load(&app, &mut tx).await?;
    let draft = own_as_of(&mut tx, &by, &context, &id, save.version).await?;
    tx.drafts().save(&id, save.version, &save.contents, context.now).await?;
    let draft = Draft { contents: save.contents, saved_at: context.now, version: draft.version + 1, ..draft };
    let view = view(&app, &mut tx, &by, &context, &draft).await?;
    tx.commit(context.now).await?;
    Ok(Json(view))
}

/// Throws a draft away.
pub async fn discard(State(app): State<AppState>, by: Caller, Path(id): Path<DraftId>) -> Answer<StatusCode> {
    let mut tx = app.store.begin().await?;
    own(&mut tx, &by, &id).await?;
    tx.drafts().remove(&id).await?;
    tx.commit(app.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the checks of now say about it.
pub async fn checks(State(app): State<AppState>, by: Caller, Path(id): Path<DraftId>) -> Answer<Json<Checks>> {
    reach(&app).await;
    let mut tx = app.store.read().await?;
    let context = Context::load(&app, &mut tx).await?;
    let draft = own(&mut tx, &by, &id).await?;
    let tables = all_tables(&app, &mut tx, &by, &context, &draft.contents).await?;
    let route = route_of(&context, &draft.contents)?;
    let looked = look(&mut tx, &by, &context, &tables, route, draft.of.as_ref()).await?;
    Ok(Json(summed(&context, &looked, draft.version)))
}

/// The route that was chosen.
pub fn route_of<'c>(context: &'c Context, contents: &Contents) -> Answer<&'c Route> {
    let chosen = contents.route.as_ref().ok_or_else(|| Failure::field("route", "missing"))?;
    context.routes.iter().find(|route| route.id == *chosen).ok_or_else(|| Failure::field("route", "unknown"))
}

/// Moves the tables that cannot go now into a draft of their own.
pub async fn split(
    State(app): State<AppState>,
    by: Caller,
    Path(id): Path<DraftId>,
    Json(seen): Json<AsOf>,
) -> Answer<Json<DraftView>> {
    reach(&app).await;
    let mut tx = app.store.begin().await?;
    let context = Context::load(&app, &mut tx).await?;
    let draft = own_as_of(&mut tx, &by, &context, &id, seen.version).await?;
    let tables = all_tables(&app, &mut tx, &by, &context, &draft.contents).await?;
    let route = route_of(&context, &draft.contents)?;
    let looked = look(&mut tx, &by, &context, &tables, route, draft.of.as_ref()).await?;
    let stays = |worst: Option<Severity>| worst.is_none_or(|worst| worst == Severity::GoodToKnow);
    let out: BTreeSet<_> = looked.into_iter().filter(|each| !stays(each.worst())).map(|each| each.asked).collect();
    if out.is_empty() {
        return Ok(Json(view(&app, &mut tx, &by, &context, &draft).await?));
    }
    let tables = out.iter().cloned().collect();
    let rest = Contents { tables, picks: vec![], without: vec![], rest: None, ..draft.contents.clone() };
    let rest =
        Draft { id: app.ids.draft(), of: None, contents: rest, saved_at: context.now, version: 1, ..draft.clone() };
    tx.drafts().add(&rest, &format!("rest-of-{id}-{}", draft.version)).await?;
    let left = Some(Rest { draft: rest.id, tables: out.len() as u64 });
    let contents = Contents { rest: left, ..draft.contents.clone().leave_out(&out) };
    tx.drafts().save(&id, draft.version, &contents, context.now).await?;
    let draft = Draft { contents, saved_at: context.now, version: draft.version + 1, ..draft };
    let view = view(&app, &mut tx, &by, &context, &draft).await?;
    tx.commit(context.now).await?;
    Ok(Json(view))
}
