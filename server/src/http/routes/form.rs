//! What is typed of a route, and a route as what was typed.

use api::problem::FieldProblem;
use api::routes::RouteForm;
use domain::engine::{Flink, Readers, SetUp, Web};
use domain::ids::RouteId;
use domain::route::{Limits, NAME_MAX, Naming, Route};
use domain::said::Said;

use super::warehouse;
use crate::http::problem::{Answer, Failure};
use crate::http::views::Context;
use crate::state::AppState;

/// The names that are typed, or the field that is no pattern.
pub fn naming(form: &RouteForm) -> Result<Naming, &'static str> {
    let database = form.database.trim().parse().map_err(|_| "database")?;
    let table = form.table.trim().parse().map_err(|_| "table")?;
    Ok(Naming { database, table })
}

/// What a form says of the engine, or the fields that are wrong. A warehouse left out is ours, by the path that we know.
pub fn set_up(form: &RouteForm, ours: &str) -> Result<SetUp, Vec<(&'static str, &'static str)>> {
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
pub fn parse(app: &AppState, context: &Context, id: RouteId, form: &RouteForm) -> Answer<Route> {
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

/// What was typed of a route.
pub fn form_of(route: &Route) -> RouteForm {
    let flink = route.engine.flink();
    RouteForm {
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
    }
}
