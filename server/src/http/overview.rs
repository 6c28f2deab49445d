//! Everything at a glance, for operators: what holds, what failed or is late and why, and whether there is room.

use std::collections::BTreeMap;

use api::Read;
use api::jobs::JobTally;
use api::lake::LakeTally;
use api::overview::{CauseRow, ClusterRow, ClusterSeen, Overview, SourceLoad};
use api::requests::ProblemBox;
use axum::extract::State;
use domain::cause::Cause;
use domain::engine::Flink;
use domain::ids::{RouteId, SourceId};
use domain::item::State as ItemState;
use domain::rights::{Thing, Verb, may};
use domain::said::Said;
use domain::time::Millis;

use super::caller::Caller;
use super::input::Json;
use super::jobs::told::Told;
use super::problem::{Answer, Failure};
use super::views::Context;
use crate::state::AppState;
use crate::store::items::ItemRecord;
use crate::work::reconcile::known;

/// Causes that are shown.
const CAUSES: usize = 50;
/// Tables of a cause that are named.
const NAMED: usize = 5;

/// The overview. For others than operators there is none.
pub async fn overview(State(app): State<AppState>, by: Caller) -> Answer<Json<Read<Overview>>> {
    if !may(&by.viewer, Verb::SeeOverview, Thing::Platform) {
        return Err(Failure::not_found());
    }
    let mut tx = app.store.read().await?;
    let context = Context::load(&app, &mut tx).await?;
    let told = Told::load(&mut tx).await?;
    let waiting = tx.items().approved().await?;
    let lake = tx.items().in_lake().await?;
    let (queued, due_since) = (tx.tasks().queued().await?, tx.tasks().due_since(context.now).await?);
    let seq = tx.changes().newest().await?;
    drop(tx);
    let thing = Overview {
        tables: tables(&context, &lake),
        jobs: JobTally::of(told.jobs.iter().map(|job| told.doing(&context, job))),
        causes: causes(&context, told.all_items()),
        clusters: clusters(&app, &context).await,
        sources: sources(&context, &told),
        approved: waiting.0,
        approved_since: waiting.1,
        queued,
        due_since,
    };
    Ok(Json(Read { thing, seq, now: context.now }))
}

fn tables(context: &Context, records: &[ItemRecord]) -> LakeTally {
    let mut tally = LakeTally::default();
    for record in records {
        match context.item(record).state.as_str() {
            "ready" => tally.ready += 1,
            "late" => tally.late += 1,
            "failed" => tally.failed += 1,
            "paused" => tally.paused += 1,
            _ => tally.unknown += 1,
        }
    }
    tally
}

/// What failed first, then what is late; of each the most tables first.
fn causes<'r>(context: &Context, records: impl Iterator<Item = &'r ItemRecord>) -> Vec<CauseRow> {
    let mut causes: BTreeMap<(bool, String), ProblemBox> = BTreeMap::new();
    for record in records {
        let (failed, cause, since, again_at) = match &record.item.state {
            ItemState::Failed { cause, at, again_at, .. } => (true, Some(cause), *at, *again_at),
            ItemState::Late { at, .. } if known(record, context.now) => {
                (false, record.item.trouble.as_ref(), *at, None)
            }
            _ => continue,
        };
        let said = said(cause);
        // What differs between two tables of one cause is not told here: each table tells its own.
        let source = &record.item.source;
        let key = (!failed, format!("{}{source}", serde_json::to_string(&said).unwrap_or_default()));
        let this = causes.entry(key).or_insert_with(|| problem(context, source, cause, said, since));
        this.count += 1;
        this.since = this.since.min(since);
        this.again_at = this.again_at.max(again_at);
        if this.tables.len() < NAMED {
            this.tables.push(record.item.target.to_string());
        }
    }
    let mut causes: Vec<_> =
        causes.into_iter().map(|((late, _), problem)| CauseRow { failed: !late, problem }).collect();
    causes.sort_by_key(|row| (!row.failed, std::cmp::Reverse(row.problem.count), row.problem.since));
    causes.truncate(CAUSES);
    causes
}

fn said(cause: Option<&Cause>) -> Said {
    cause.map_or_else(|| Said::new("overview.late"), |cause| cause.said.clone())
}

fn problem(context: &Context, source: &SourceId, cause: Option<&Cause>, said: Said, since: Millis) -> ProblemBox {
    let who = cause.map_or(domain::cause::Who::Lakegate, |cause| cause.code.who());
    ProblemBox {
        said,
        next: cause.map_or_else(|| Said::new("overview.late_next"), |cause| context.next(cause, source)),
        who,
        person: context.who_acts(who, source),
        since,
        items: Vec::new(),
        tables: Vec::new(),
        count: 0,
        again_at: None,
    }
}

/// A cluster, and the routes that name it.
type Named<'r> = (&'r Flink, Vec<(RouteId, String)>);

/// The clusters of all routes, each asked once however many routes name it, all at the same time.
async fn clusters(app: &AppState, context: &Context) -> Vec<ClusterRow> {
    let mut named: BTreeMap<&str, Named<'_>> = BTreeMap::new();
    for route in &context.routes {
        if let Some(flink) = route.engine.flink() {
            let (_, routes) = named.entry(flink.address.as_str()).or_insert_with(|| (flink, Vec::new()));
            routes.push((route.id.clone(), route.name.clone()));
        }
    }
    let looks = named.into_values().map(|(flink, routes)| cluster(app, flink, routes));
    futures::future::join_all(looks).await
}

async fn cluster(app: &AppState, flink: &Flink, routes: Vec<(RouteId, String)>) -> ClusterRow {
    let address = flink.address.as_str().to_owned();
    let Ok(engine) = app.outside.engines.flink(flink) else {
        return ClusterRow { routes, address, seen: None, at: app.clock.now() };
    };
    let look = app.clusters.look(&address, engine.client(), &app.clock).await;
    let seen = look.seen.as_ref().map(|(cluster, _)| ClusterSeen {
        version: cluster.version.clone(),
        slots: cluster.slots_total,
        free: cluster.slots_free,
        workers: cluster.task_managers,
    });
    ClusterRow { routes, address, seen, at: look.at }
}

/// The sources something is brought from, busiest first.
fn sources(context: &Context, told: &Told) -> Vec<SourceLoad> {
    let load = |source: &crate::store::sources::Source| {
        let mine = || told.all_items().filter(|record| record.item.source == source.id);
        let copies =
            |record: &&ItemRecord| matches!(record.item.state, ItemState::Starting { .. } | ItemState::Copying { .. });
        SourceLoad {
            id: source.id.clone(),
            name: source.name.clone(),
            tables: mine().count() as u64,
            copying: mine().filter(copies).count() as u64,
            limit: source.place.copies() as u64,
        }
    };
    let mut loads: Vec<_> = context.sources.iter().map(load).filter(|load| load.tables > 0).collect();
    loads.sort_by_key(|load| (std::cmp::Reverse((load.copying, load.tables)), load.name.clone()));
    loads
}
