//! Routes: list, add, change, test. Where tables are written, nothing changes that would move them.

mod form;
pub mod test;

use api::problem::FieldProblem;
use api::routes::{RouteForm, RouteList, RouteView};
use axum::extract::State;
use axum::http::StatusCode;
use domain::change::{Actor, Change, Happened, Topic};
use domain::ids::RouteId;
use domain::route::Route;
use domain::said::Said;
use domain::tier::Tier;

use self::form::{form_of, parse};
use super::caller::Operator;
use super::input::{Json, Path};
use super::problem::{Answer, Failure};
use super::views::Context;
use crate::outside::engine::Engines;
use crate::state::AppState;
use crate::store::StoreError;
use crate::store::routes::InUse;

/// All routes.
pub async fn list(State(app): State<AppState>, _: Operator) -> Answer<Json<RouteList>> {
    let mut tx = app.store.read().await?;
    let context = Context::load(&app, &mut tx).await?;
    let used = tx.routes().in_use().await?;
    Ok(Json(RouteList {
        rows: context.routes.iter().map(|route| view(&app, &context, &used, route)).collect(),
        engines: Engines::words().iter().map(|&engine| engine.to_owned()).collect(),
        people: context.who_can_sign_in(),
        warehouse: warehouse(&app),
    }))
}

/// Adds a route.
pub async fn add(
    State(app): State<AppState>,
    Operator(by): Operator,
    Json(form): Json<RouteForm>,
) -> Answer<(StatusCode, Json<RouteView>)> {
    let mut tx = app.store.begin().await?;
    let context = Context::load(&app, &mut tx).await?;
    let route = Route { version: 1, ..parse(&app, &context, app.ids.route(), &form)? };
    tx.routes().add(&route).await.map_err(taken)?;
    let added = Happened::RouteAdded { name: route.name.clone() };
    tx.log(Change::of(Topic::Source, &route.id, Actor::Person(by.person.id.clone()), added));
    tx.commit(context.now).await?;
    Ok((StatusCode::CREATED, Json(view(&app, &context, &[], &route))))
}

/// Changes a route.
pub async fn change(
    State(app): State<AppState>,
    Operator(by): Operator,
    Path(id): Path<RouteId>,
    Json(form): Json<RouteForm>,
) -> Answer<Json<RouteView>> {
    let mut tx = app.store.begin().await?;
    let context = Context::load(&app, &mut tx).await?;
    let before = tx.routes().get(&id).await?;
    let route = parse(&app, &context, id, &form)?;
    let used = tx.routes().in_use().await?;
    stays(&before, &route, &used)?;
    if route != before {
        tx.routes().save(&route).await.map_err(taken)?;
        let changed = Happened::RouteChanged { name: route.name.clone() };
        tx.log(Change::of(Topic::Source, &route.id, Actor::Person(by.person.id.clone()), changed));
        tx.commit(context.now).await?;
    }
    answer(&app, &route.id).await
}

async fn answer(app: &AppState, id: &RouteId) -> Answer<Json<RouteView>> {
    let mut tx = app.store.read().await?;
    let context = Context::load(app, &mut tx).await?;
    let used = tx.routes().in_use().await?;
    Ok(Json(view(app, &context, &used, &tx.routes().get(id).await?)))
}

/// Refuses what would move tables that are written, or break what was promised.
fn stays(before: &Route, after: &Route, used: &[InUse]) -> Answer<()> {
    let here = || used.iter().filter(|used| used.route == before.id);
    let written: u64 = here().map(|used| used.living.max(used.written)).sum();
    let mut errors = Vec::new();
    let mut say = |field: &str, code: &str, n: u64| {
        let said = Some(Said::new(format!("field.{code}")).count("n", n));
        errors.push(FieldProblem { field: field.into(), code: code.into(), said });
    };
    if written > 0 && before.moves(after) {
        let moved = [
            ("engine", before.engine.moves(&after.engine)),
            ("database", before.naming.database != after.naming.database),
            ("table", before.naming.table != after.naming.table),
        ];
        moved.iter().filter(|(_, moved)| *moved).for_each(|(field, _)| say(field, "moves", written));
    }
    let promised = |tier: &Tier| here().filter(|used| used.tier == *tier).map(|used| used.living).sum::<u64>();
    let dropped = before.tiers.iter().filter(|tier| !after.tiers.contains(tier)).map(promised).sum();
    if dropped > 0 {
        say("tiers", "promised", dropped);
    }
    if errors.is_empty() { Ok(()) } else { Err(Failure::fields(errors)) }
}

fn taken(problem: StoreError) -> Failure {
    match problem {
        StoreError::Taken { .. } => Failure::field("name", "taken"),
        problem => Failure::from(problem),
    }
}

fn warehouse(app: &AppState) -> String {
    app.outside.lake.root().display().to_string()
}

fn view(app: &AppState, context: &Context, used: &[InUse], route: &Route) -> RouteView {
    let here = || used.iter().filter(|used| used.route == route.id);
    RouteView {
        id: route.id.clone(),
        form: form_of(route),
        warehouse: warehouse(app),
        owner: route.owner.as_ref().map(|owner| context.name(owner)).unwrap_or_default(),
        living: here().map(|used| used.living).sum(),
        fixed: here().any(|used| used.living > 0 || used.written > 0),
    }
}
