//! The test of a route: everything at once that would keep tables from coming by it.

use std::time::Duration;

use api::looks::{Look, Outcome, Tested};
use api::routes::RouteForm;
use axum::extract::State;
use domain::engine::{Flink, SetUp};
use domain::name::TableName;
use domain::route::{Naming, Route};
use domain::said::Said;

use super::form::{naming, set_up};
use super::warehouse;
use crate::http::caller::Operator;
use crate::http::input::Json;
use crate::http::problem::{Answer, Failure};
use crate::http::views::Context;
use crate::outside::engine::EngineError;
use crate::outside::engine::flink::client::Client;
use crate::outside::engine::flink::settings::{Missing, settings_missing};
use crate::outside::probe;
use crate::state::AppState;
use crate::store::Tx;

/// Tests what is typed; nothing is kept.
pub async fn test(State(app): State<AppState>, _: Operator, Json(form): Json<RouteForm>) -> Answer<Json<Tested>> {
    let at = app.clock.now();
    let mut tx = app.store.read().await?;
    let context = Context::load(&app, &mut tx).await?;
    let example = example(&mut tx, &context).await?;
    drop(tx);
    let mut looks = vec![writable(&app).await];
    if let Ok(SetUp::Flink(flink)) = set_up(&form, &warehouse(&app)) {
        looks.extend(cluster(&flink).await);
    }
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

/// How long a cluster may take to answer somebody who waits at a form.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a cluster is, and which of its settings would lose jobs (real-stack §2). Those that each job is given are no matter.
async fn cluster(flink: &Flink) -> Vec<Look> {
    let asked = async {
        let client = Client::with_limit(flink.address.as_str(), PATIENCE)?;
        Ok::<_, EngineError>((client.overview().await?, client.config().await?, client.jars().await))
    };
    let (overview, config, jars) = match asked.await {
        Ok(answers) => answers,
        Err(problem) => return vec![away(flink, problem)],
    };
    let mut looks = Vec::new();
    let known = overview.version.starts_with("1.20.");
    let version = Said::new(if known { "test.cluster" } else { "test.cluster_version" });
    let outcome = if known { Outcome::Fine } else { Outcome::Know };
    looks.push(look(outcome, version.text("version", &overview.version).text("address", flink.address.as_str())));
    let readers = u64::from(flink.readers.get());
    let slots = |key: &str| Said::new(key).count("free", overview.slots_free).count("all", overview.slots_total);
    looks.push(if overview.slots_free >= readers {
        look(Outcome::Fine, slots("test.cluster_slots"))
    } else {
        let fix = Some(Said::new("test.cluster_full.fix"));
        Look { fix, ..look(Outcome::Fix, slots("test.cluster_full").count("needed", readers)) }
    });
    looks.extend(settings_missing(&config).into_iter().filter_map(missing));
    if let Err(problem) = jars {
        let said = Said::new("test.cluster_closed").text("what", problem);
        looks.push(Look { fix: Some(Said::new("test.cluster_closed.fix")), ..look(Outcome::Fix, said) });
    }
    looks
}

fn away(flink: &Flink, problem: EngineError) -> Look {
    let what = match problem {
        EngineError::Retry(what) | EngineError::Fail(what) => what,
        EngineError::Later(cause) | EngineError::Cannot(cause) => cause.code.word().to_owned(),
    };
    let said = Said::new("test.cluster_away").text("address", flink.address.as_str()).text("what", what);
    Look { fix: Some(Said::new("test.cluster_away.fix")), ..look(Outcome::Fix, said) }
}

/// A setting of the cluster that is missing: what happens without it, and the line that sets it.
fn missing(setting: Missing) -> Option<Look> {
    let (word, line) = match setting {
        Missing::ExitIntercept => ("exit", "cluster.intercept-user-system-exit: THROW"),
        Missing::SavepointFolder => ("savepoints", "execution.checkpointing.savepoint-dir: file:///…/savepoints"),
        Missing::CheckpointFolder => ("checkpoints", "execution.checkpointing.dir: file:///…/checkpoints"),
        Missing::UploadFolder => ("upload", "web.upload.dir: /…/upload"),
        // Each job is told these with its start.
        Missing::CheckpointsKept | Missing::FewCheckpoints { .. } => return None,
    };
    let outcome = if word == "upload" { Outcome::Know } else { Outcome::Fix };
    let said = look(outcome, Said::new(format!("test.cluster_{word}")));
    Some(Look { fix: Some(Said::new("test.cluster_setting.fix")), sql: line.to_owned(), ..said })
}
