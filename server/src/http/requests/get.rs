//! One request: its view, its items, its timeline.

use api::requests::{ItemRow, Line, RequestMay, RequestView};
use api::{Page, Read};
use axum::extract::State;
use domain::ids::RequestId;
use domain::item::State as ItemState;
use domain::request::Request;
use domain::rights::{Verb, may};
use domain::tally::Part;
use serde::Deserialize;

use crate::http::caller::Caller;
use crate::http::grant::grants;
use crate::http::input::{Json, Path, Query, page_size};
use crate::http::problem::{Answer, Failure};
use crate::http::views::{Context, may_see, table_names, thing_of};
use crate::state::AppState;
use crate::store::Tx;
use crate::store::items::ItemRecord;
use crate::work::reconcile::known;

/// Lines of the log read for the chain of decisions.
const CHAIN_LINES: i64 = 500;

/// One request.
pub async fn get(
    State(app): State<AppState>,
    by: Caller,
    Path(id): Path<RequestId>,
) -> Answer<Json<Read<RequestView>>> {
    let mut tx = app.store.read().await?;
    let (request, records) = seen(&mut tx, &by, &id).await?;
    let thing = view_of(&app, &mut tx, &by, &request, &records).await?;
    let seq = tx.changes().newest().await?;
    Ok(Json(Read { thing, seq, now: app.clock.now() }))
}

/// A request and its records, for eyes that may see it; else it is not there.
pub async fn seen(tx: &mut Tx, by: &Caller, id: &RequestId) -> Answer<(Request, Vec<ItemRecord>)> {
    let request = tx.requests().get(id).await?;
    let records = tx.items().of_request(id).await?;
    if may_see(by, &request, &records) { Ok((request, records)) } else { Err(Failure::not_found()) }
}

/// The view of a request that the caller may see.
pub async fn view(app: &AppState, tx: &mut Tx, by: &Caller, request: &Request) -> Answer<RequestView> {
    let records = tx.items().of_request(&request.id).await?;
    view_of(app, tx, by, request, &records).await
}

async fn view_of(
    app: &AppState,
    tx: &mut Tx,
    by: &Caller,
    request: &Request,
    records: &[ItemRecord],
) -> Answer<RequestView> {
    let context = Context::load(app, tx).await?;
    let mut lines = tx.changes().of_request(&request.id, i64::MAX, CHAIN_LINES).await?;
    lines.reverse();
    let unique = |mut names: Vec<String>| {
        names.sort();
        names.dedup();
        names
    };
    let route = context.routes.iter().find(|route| route.id == request.asked.route);
    Ok(RequestView {
        row: context.request(request, records),
        reason: request.asked.reason.clone(),
        hash: request.hash.clone(),
        tier: request.asked.tier,
        route: route.map(|route| route.name.clone()).unwrap_or_default(),
        databases: unique(records.iter().map(|record| record.item.target.database.to_string()).collect()),
        sources: unique(records.iter().map(|record| context.source_name(&record.item.source)).collect()),
        chain: context.chain(request, records, &lines),
        problems: context.problems(records),
        changed: tx.requests().before(&request.id).await?.map(|before| request.asked.since(&before)),
        keep_until: request.asked.keep_until.clone(),
        heir: request.asked.heir.clone(),
        brake: context.brake_on(records),
        grant: grants(&context, records.iter().filter(|record| !record.linked)),
        lines: tx.changes().count_of_request(&request.id).await?,
        may: rights(&context, by, request, records),
    })
}

fn rights(context: &Context, by: &Caller, request: &Request, records: &[ItemRecord]) -> RequestMay {
    let own = request.requester == by.person.id;
    let mine = || records.iter().filter(|record| !record.linked);
    let any = |test: fn(&ItemState) -> bool| mine().any(|record| test(&record.item.state));
    let take_back = mine().find_map(|record| match &record.item.state {
        ItemState::Approved { by: who, starts_at, .. } if *who == by.person.id && *starts_at > context.now => {
            Some(*starts_at)
        }
        _ => None,
    });
    RequestMay {
        withdraw: own
            && any(|state| {
                matches!(state, ItemState::Submitted { .. } | ItemState::SentBack { .. } | ItemState::Approved { .. })
            }),
        resubmit: own && any(|state| matches!(state, ItemState::SentBack { .. })),
        decide: mine()
            .any(|record| matches!(record.item.state, ItemState::Submitted { .. }) && context.may_decide(by, record)),
        take_back_until: take_back,
        tend: records.iter().any(|record| may(&by.viewer, Verb::Tend, thing_of(record))),
    }
}

/// What a list of items is narrowed by.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    part: Option<Part>,
    q: Option<String>,
    after: Option<String>,
    limit: Option<usize>,
}

/// Its items: failed, running, waiting, ready, ended; inside each in the order asked. `after` is the last id shown.
pub async fn items(
    State(app): State<AppState>,
    by: Caller,
    Path(id): Path<RequestId>,
    Query(wanted): Query<Wanted>,
) -> Answer<Json<Page<ItemRow>>> {
    let mut tx = app.store.read().await?;
    let (_, records) = seen(&mut tx, &by, &id).await?;
    let context = Context::load(&app, &mut tx).await?;
    let words: Vec<_> = wanted.q.as_deref().unwrap_or_default().split_whitespace().map(str::to_lowercase).collect();
    // Only what is shown is spelled out: a request may hold 5,000 tables.
    let part = |record: &ItemRecord| Part::of(&record.item.state, known(record, context.now));
    let fits = |record: &&ItemRecord| {
        let text = || format!("{} {}", record.item.table, record.comment).to_lowercase();
        wanted.part.is_none_or(|wanted| part(record) == wanted)
            && (words.is_empty() || words.iter().all(|word| text().contains(word)))
    };
    let mut found: Vec<&ItemRecord> = records.iter().filter(fits).collect();
    found.sort_by_cached_key(|record| part(record));
    let begin = match wanted.after.as_deref() {
        Some(after) => found.iter().position(|record| record.item.id.as_str() == after).map_or(0, |place| place + 1),
        None => 0,
    };
    let size = page_size(wanted.limit);
    let more = found.len() > begin + size;
    let rows: Vec<_> = found.into_iter().skip(begin).take(size).map(|record| context.item(record)).collect();
    let next = rows.last().filter(|_| more).map(|row| row.id.as_str().to_owned());
    let seq = tx.changes().newest().await?;
    Ok(Json(Page { rows, next, seq, now: context.now }))
}

/// Where a timeline is read on.
#[derive(Debug, Deserialize)]
pub struct Before {
    after: Option<i64>,
    limit: Option<usize>,
}

/// Its lines of the log, newest first; `after` is the number of the last one shown.
pub async fn timeline(
    State(app): State<AppState>,
    by: Caller,
    Path(id): Path<RequestId>,
    Query(wanted): Query<Before>,
) -> Answer<Json<Page<Line>>> {
    let mut tx = app.store.read().await?;
    let (_, records) = seen(&mut tx, &by, &id).await?;
    let context = Context::load(&app, &mut tx).await?;
    let size = page_size(wanted.limit);
    let limit = i64::try_from(size).expect("a page is small");
    let lines = tx.changes().of_request(&id, wanted.after.unwrap_or(i64::MAX), limit).await?;
    let names = table_names(&records);
    let next = lines.last().filter(|_| lines.len() == size).map(|line| line.seq.to_string());
    let rows = lines.iter().map(|line| context.line(line, &names)).collect();
    let seq = tx.changes().newest().await?;
    Ok(Json(Page { rows, next, seq, now: context.now }))
}
