//! Routes: list, add, change, test. Where tables are written, nothing changes that would move them.

use api::looks::{Look, Outcome, Tested};
use api::problem::FieldProblem;
use api::routes::{RouteForm, RouteList, RouteView};
use axum::extract::State;
use axum::http::StatusCode;
use domain::change::{Actor, Change, Happened, Topic};
use domain::engine::{Flink, Readers, SetUp, Web};
use domain::ids::RouteId;
use domain::name::TableName;
use domain::route::{Limits, NAME_MAX, Naming, Route};
use domain::said::Said;
use domain::tier::Tier;

use super::caller::Operator;
use super::input::{Json, Path};
use super::problem::{Answer, Failure};
use super::views::Context;
use crate::outside::engine::Engines;
use crate::outside::probe;
use crate::state::AppState;
use crate::store::routes::InUse;
use crate::store::{StoreError, Tx};

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

/// Tests what is typed; nothing is kept.
pub async fn test(State(app): State<AppState>, _: Operator, Json(form): Json<RouteForm>) -> Answer<Json<Tested>> {
    let at = app.clock.now();
    let mut tx = app.store.read().await?;
    let context = Context::load(&app, &mut tx).await?;
    let example = example(&mut tx, &context).await?;
    drop(tx);
    let mut looks = vec![writable(&app).await];
    if let Ok(naming) = naming(&form) {
        looks.extend(named(&naming, &example));
        // A route of the same names is the one that is typed, or refused when it is saved.
        let other = |route: &Route| route.name != form.name.trim() && route.naming != naming;
        let meets = |route: &&Route| other(route) && route.naming.may_meet(&naming);
        let said = |route: &Route| Said::new("test.route_may_meet").text("route", &route.name);
        looks.extend(context.routes.iter().filter(meets).map(|route| look(Outcome::Know, said(route))));
    }
    let owner = form.owner.as_ref().map(|owner| context.name(owner)).filter(|name| !name.is_empty());
    looks.push(match owner {
        Some(owner) => look(Outcome::Fine, Said::new("test.route_owner").text("who", owner)),
        None => look(Outcome::Know, Said::new("test.route_no_owner")),
    });
    looks.sort_by_key(|look| look.outcome);
    Ok(Json(Tested { at, took: app.clock.now().since(at), looks }))
}

fn look(outcome: Outcome, said: Said) -> Look {
    Look { outcome, said, fix: None, person: String::new(), sql: String::new() }
}

async fn writable(app: &AppState) -> Look {
    let path = warehouse(app);
    match probe(&app.outside.lake).await {
        Ok(()) => look(Outcome::Fine, Said::new("test.route_writable").text("path", path)),
        Err(why) => {
            let said = |key: &str| Said::new(key).text("path", &path).text("what", &why);
            Look { fix: Some(said("test.route_read_only.fix")), ..look(Outcome::Fix, said("test.route_read_only")) }
        }
    }
}

/// What the names would be, by the example of a table that is there.
fn named(naming: &Naming, (source, table): &(String, TableName)) -> Vec<Look> {
    let said = match naming.target(source, table) {
        Ok(target) => look(Outcome::Fine, Said::new("test.route_names").text("table", table).text("target", target)),
        Err(_) => look(Outcome::Fix, Said::new("test.route_bad_name").text("table", table)),
    };
    let apart = naming.tells_databases_apart();
    [said].into_iter().chain((!apart).then(|| look(Outcome::Know, Said::new("test.route_one_name")))).collect()
}

async fn example(tx: &mut Tx, context: &Context) -> Answer<(String, TableName)> {
    let first = tx.tables().list(&crate::store::tables::Search { limit: 1, ..Default::default() }).await?;
    Ok(match first.into_iter().next() {
        Some(table) => (context.source_name(&table.source), table.shape.name),
        None => ("source".into(), TableName::parse("database", "table").map_err(Failure::ours)?),
    })
}

fn naming(form: &RouteForm) -> Result<Naming, &'static str> {
    let database = form.database.trim().parse().map_err(|_| "database")?;
    let table = form.table.trim().parse().map_err(|_| "table")?;
    Ok(Naming { database, table })
}

/// What a form says of the engine, or the fields that are wrong. A warehouse left out is ours, by the path that we know.
fn set_up(form: &RouteForm, ours: &str) -> Result<SetUp, Vec<(&'static str, &'static str)>> {
    match form.engine.as_str() {
        "embedded" => Ok(SetUp::Embedded),
        "flink" => {
            let typed = form.warehouse.trim();
            let here = format!("file://{ours}");
            let address = form.address.parse::<Web>().map_err(|_| ("address", "address"));
            let warehouse = if typed.is_empty() { &here } else { typed }.parse().map_err(|_| ("warehouse", "address"));
            let readers =
                form.readers.map_or(Ok(Readers::default()), Readers::try_from).map_err(|_| ("readers", "range"));
            match (address, warehouse, readers) {
                (Ok(address), Ok(warehouse), Ok(readers)) => Ok(SetUp::Flink(Flink { address, warehouse, readers })),
                (address, warehouse, readers) => {
                    Err([address.err(), warehouse.err(), readers.err()].into_iter().flatten().collect())
                }
            }
        }
        _ => Err(vec![("engine", "unknown")]),
    }
}

/// The route of a form, or everything that is wrong with it.
fn parse(app: &AppState, context: &Context, id: RouteId, form: &RouteForm) -> Answer<Route> {
    let mut errors = Vec::new();
    let mut say = |field: &str, code: &str, said| {
        errors.push(FieldProblem { field: field.into(), code: code.into(), said });
    };
    let name = form.name.trim();
    match name.chars().count() {
        0 => say("name", "missing", None),
        length if length > NAME_MAX => say("name", "long", None),
        _ => {}
    }
    let engine = set_up(form, &warehouse(app)).unwrap_or_else(|wrong| {
        for (field, code) in wrong {
            say(field, code, None);
        }
        SetUp::Embedded
    });
    if form.tiers.is_empty() {
        say("tiers", "missing", None);
    }
    if form.owner.as_ref().is_some_and(|owner| context.name(owner).is_empty()) {
        say("owner", "unknown", None);
    }
    for (field, text) in [("database", &form.database), ("table", &form.table)] {
        if text.trim().parse::<domain::route::Pattern>().is_err() {
            say(field, "pattern", None);
        }
    }
    let naming = naming(form).unwrap_or_default();
    if !naming.names_tables() {
        say("table", "pattern_table", None);
    }
    // One table of the lake has one writer: two routes may not give the same names.
    let same = |route: &&Route| route.naming == naming;
    let was_so = context.routes.iter().filter(same).any(|route| route.id == id);
    if let Some(other) = context.routes.iter().filter(same).find(|_| !was_so) {
        say("database", "pattern_taken", Some(Said::new("field.pattern_taken").text("route", &other.name)));
    }
    if !errors.is_empty() {
        return Err(Failure::fields(errors));
    }
    let mut tiers = form.tiers.clone();
    tiers.sort();
    tiers.dedup();
    Ok(Route {
        naming,
        limits: Limits { most_tables: form.most_tables, most_bytes: form.most_bytes },
        owner: form.owner.clone(),
        closed: form.closed,
        version: form.version,
        ..Route::new(id, name, engine, tiers)
    })
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
    let flink = match &route.engine {
        SetUp::Embedded => None,
        SetUp::Flink(flink) => Some(flink),
    };
    RouteView {
        id: route.id.clone(),
        form: RouteForm {
            name: route.name.clone(),
            engine: route.engine.word().to_owned(),
            address: flink.map(|flink| flink.address.as_str().to_owned()).unwrap_or_default(),
            warehouse: flink.map(|flink| flink.warehouse.as_str().to_owned()).unwrap_or_default(),
            readers: flink.map(|flink| flink.readers.get()),
            tiers: route.tiers.clone(),
            database: route.naming.database.as_str().to_owned(),
            table: route.naming.table.as_str().to_owned(),
            most_tables: route.limits.most_tables,
            most_bytes: route.limits.most_bytes,
            owner: route.owner.clone(),
            closed: route.closed,
            version: route.version,
        },
        warehouse: warehouse(app),
        owner: route.owner.as_ref().map(|owner| context.name(owner)).unwrap_or_default(),
        living: here().map(|used| used.living).sum(),
        fixed: here().any(|used| used.living > 0 || used.written > 0),
    }
}
