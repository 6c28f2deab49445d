//! Anything by its name: tables, requests, jobs, people, each as one may see it.

use std::collections::BTreeSet;
use std::time::Instant;

use api::search::{Anything, JobHit, PersonHit, RequestHit};
use api::tables::TableRow;
use axum::extract::State;
use domain::rights::{Thing, Verb, may};
use domain::search::Query as Line;
use serde::Deserialize;

use super::tables::{row, sees};
use crate::http::caller::Caller;
use crate::http::input::{Json, Query};
use crate::http::problem::Answer;
use crate::http::tables::brought;
use crate::http::views::Context;
use crate::state::AppState;
use crate::store::Tx;

/// So many of each kind.
const MOST: usize = 6;

/// What is searched for.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    q: Option<String>,
}

/// Whatever is called like that; nothing when nothing is asked.
pub async fn find(State(app): State<AppState>, by: Caller, Query(wanted): Query<Wanted>) -> Answer<Json<Anything>> {
    let begun = Instant::now();
    let query = Line::parse(wanted.q.as_deref().unwrap_or_default());
    let mut found = Anything {
        tables: Vec::new(),
        of_tables: None,
        requests: Vec::new(),
        jobs: Vec::new(),
        people: Vec::new(),
        took: 0,
    };
    if query.is_empty() {
        return Ok(Json(found));
    }
    let mut tx = app.store.read().await?;
    let context = Context::load(&app, &mut tx).await?;
    (found.tables, found.of_tables) = tables(&app, &mut tx, &by, &context, &query).await?;
    found.requests = requests(&mut tx, &by, &context, &query).await?;
    found.jobs = jobs(&mut tx, &by, &query).await?;
    if may(&by.viewer, Verb::Manage, Thing::Platform) {
        found.people = people(&context, &query);
    }
    found.took = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
    Ok(Json(found))
}

/// None while the search is being filled: the count then says "not known yet".
async fn tables(
    app: &AppState,
    tx: &mut Tx,
    by: &Caller,
    context: &Context,
    query: &Line,
) -> Answer<(Vec<TableRow>, Option<u64>)> {
    let Some(index) = app.search.now() else { return Ok((Vec::new(), None)) };
    let found = index.find(query, |source| sees(by, &context.sources, source), None, MOST);
    let names: Vec<_> = found.hits.iter().map(|hit| (hit.source.clone(), hit.name.clone())).collect();
    let brought = brought(app, tx, by, &names).await?;
    Ok((found.hits.iter().map(|hit| row(&context.sources, hit, &brought)).collect(), Some(found.total)))
}

async fn requests(tx: &mut Tx, by: &Caller, context: &Context, query: &Line) -> Answer<Vec<RequestHit>> {
    if query.words.is_empty() {
        return Ok(Vec::new());
    }
    let limit = i64::try_from(MOST).expect("few");
    let mut hits = Vec::new();
    for request in tx.requests().called(&by.viewer, &query.words, limit).await? {
        let sources = tx.items().sources_of(&request.id).await?;
        let (requester, team) = (&request.requester, request.team.as_ref());
        let thing = Thing::Request { requester, team, sources: &sources, has_decider: true };
        if may(&by.viewer, Verb::SeeRequest, thing) {
            let who = context.name(&request.requester);
            hits.push(RequestHit {
                id: request.id,
                number: format!("R-{}", request.number),
                title: request.title,
                who,
            });
        }
    }
    Ok(hits)
}

async fn jobs(tx: &mut Tx, by: &Caller, query: &Line) -> Answer<Vec<JobHit>> {
    let mut hits = Vec::new();
    for job in tx.jobs().all().await?.into_iter().filter(|job| called(query, &job.name)) {
        let items = tx.items().of_job(&job.id).await?;
        let requesters: BTreeSet<_> = items.iter().map(|record| record.item.requester.clone()).collect();
        let thing = Thing::Job { source: &job.source, requesters: &requesters };
        let landed = items.iter().filter(|record| record.item.landed.is_some()).count() as u64;
        if landed > 0 && may(&by.viewer, Verb::SeeJob, thing) {
            hits.push(JobHit { name: job.name, tables: landed });
        }
        if hits.len() == MOST {
            break;
        }
    }
    Ok(hits)
}

fn people(context: &Context, query: &Line) -> Vec<PersonHit> {
    let found = context.everybody().filter(|(person, _)| called(query, &format!("{} {}", person.shown, person.login)));
    found
        .take(MOST)
        .map(|(person, team)| PersonHit { id: person.id.clone(), name: person.shown.clone(), team })
        .collect()
}

fn called(query: &Line, name: &str) -> bool {
    let name = name.to_lowercase();
    !query.words.is_empty() && query.words.iter().all(|word| name.contains(word))
}
