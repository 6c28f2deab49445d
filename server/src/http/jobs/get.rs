//! One job: its tables, its starts, and what its engine says of it.

use std::collections::{BTreeMap, BTreeSet};

use api::Read;
use api::jobs::{EngineSays, JobTableRow, JobView, RunRow};
use axum::extract::State;
use domain::args::changes::changes;
use domain::ids::RequestId;
use domain::job::Job;
use domain::rights::{Thing, Verb, may};
use domain::run::{Run, Stage};

use super::told::{may_see, row};
use crate::http::caller::Caller;
use crate::http::input::{Json, Path};
use crate::http::problem::{Answer, Failure};
use crate::http::views::{Context, thing_of};
use crate::state::AppState;
use crate::store::Tx;
use crate::store::items::ItemRecord;

/// Tables of a job that are shown.
const TABLES: usize = 200;
/// Starts of a job that are shown.
const STARTS: usize = 20;

/// One job by its name. For others than those who may see it there is none.
pub async fn get(State(app): State<AppState>, by: Caller, Path(name): Path<String>) -> Answer<Json<Read<JobView>>> {
    let mut tx = app.store.read().await?;
    let job = tx.jobs().called(&name).await?.ok_or_else(Failure::not_found)?;
    let items = tx.items().of_job(&job.id).await?;
    if !may_see(&by, &job, &items) {
        return Err(Failure::not_found());
    }
    let context = Context::load(&app, &mut tx).await?;
    let runs = tx.runs().of_job(&job.name).await?;
    let tables = tables(&mut tx, &by, &context, &items).await?;
    let seq = tx.changes().newest().await?;
    drop(tx);
    let databases: BTreeSet<_> = items.iter().map(|record| record.item.target.database.to_string()).collect();
    let view = JobView {
        row: row(&context, &job, &items, runs.first()),
        says: says(&app, &by, &context, &job, runs.first()).await,
        databases: databases.into_iter().collect(),
        more: (items.len() - tables.len()) as u64,
        tables,
        runs: told(&runs),
    };
    Ok(Json(Read { thing: view, seq, now: context.now }))
}

/// Those of a job's tables that one may see, worst first.
async fn tables(tx: &mut Tx, by: &Caller, context: &Context, items: &[ItemRecord]) -> Answer<Vec<JobTableRow>> {
    let seen = items.iter().filter(|record| may(&by.viewer, Verb::SeeRequest, thing_of(record)));
    let mut seen: Vec<_> = seen.map(|record| (context.item(record), &record.item.request)).collect();
    seen.sort_by_cached_key(|(item, _)| (item.part, item.table.to_string()));
    seen.truncate(TABLES);
    let mut numbers: BTreeMap<RequestId, String> = BTreeMap::new();
    let mut rows = Vec::with_capacity(seen.len());
    for (item, request) in seen {
        if !numbers.contains_key(request) {
            let number = format!("R-{}", tx.requests().get(request).await?.number);
            numbers.insert(request.clone(), number);
        }
        rows.push(JobTableRow { item, request: (request.clone(), numbers[request].clone()) });
    }
    Ok(rows)
}

/// A job's starts, each with what was told otherwise than at the one before.
fn told(runs: &[Run]) -> Vec<RunRow> {
    let befores = runs.iter().skip(1).map(Some).chain([None]);
    runs.iter().zip(befores).take(STARTS).map(|(run, before)| start(run, before)).collect()
}

fn start(run: &Run, before: Option<&Run>) -> RunRow {
    let (stage, ended_at, why) = match &run.stage {
        Stage::Begun => ("begun", None, None),
        Stage::Accepted => ("accepted", None, None),
        Stage::Stopping { .. } => ("stopping", None, None),
        Stage::Ended { at, why, .. } => ("ended", Some(*at), why.clone()),
    };
    RunRow {
        number: run.number.into(),
        at: run.begun_at,
        stage: stage.to_owned(),
        ended_at,
        why,
        restored: run.restored.clone(),
        checkpoint: run.checkpoint.as_ref().map(|checkpoint| checkpoint.at),
        tables: run.tables.len() as u64,
        changes: changes(before.map_or(&[], |before| &before.args), &run.args),
    }
}

/// What the engine says of the newest start: only operators have to do with engines.
async fn says(app: &AppState, by: &Caller, context: &Context, job: &Job, newest: Option<&Run>) -> Option<EngineSays> {
    let operates = may(&by.viewer, Verb::SeeOverview, Thing::Platform);
    let run = newest.filter(|_| operates)?;
    let route = context.routes.iter().find(|route| route.id == job.route)?;
    let flink = route.engine.flink()?;
    let address = flink.address.as_str();
    let engine = app.outside.engines.flink(flink).ok()?;
    let look = app.clusters.look(address, engine.client(), &app.clock).await;
    let jobs = look.seen.as_ref().map(|(_, jobs)| jobs.as_slice()).unwrap_or_default();
    let line = jobs.iter().find(|line| line.id.as_str() == run.id_there());
    Some(EngineSays {
        word: line.map(|line| line.state.word().to_owned()),
        parts: line.map(|line| (line.tasks_running, line.tasks_total)),
        id: run.id_there().to_owned(),
        link: format!("{address}/#/job/running/{}/overview", run.id_there()),
        at: look.at,
    })
}
