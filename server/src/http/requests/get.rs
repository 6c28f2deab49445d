//! One request: its view, its items, its timeline.

use std::collections::BTreeSet;

use api::requests::{ItemRow, Line, RequestMay, RequestView};
use api::{Page, Read};
use axum::extract::State;
use domain::ids::RequestId;
use domain::item::State as ItemState;
use domain::request::Request;
use domain::rights::{Thing, Verb, may};
use domain::tally::Part;
use serde::Deserialize;

use crate::http::caller::Caller;
use crate::http::grant::grants;
use crate::http::input::{Json, Path, Query, page_size};
use crate::http::problem::{Answer, Failure};
use crate::http::views::{Context, NAMED, may_see, table_names};
use crate::state::AppState;
use crate::store::Tx;
use crate::store::alike::{Alike, Narrow};
use crate::store::items::ItemRecord;
use crate::work::reconcile::fresh_since;

/// One request.
pub async fn get(
    State(app): State<AppState>,
    by: Caller,
    Path(id): Path<RequestId>,
) -> Answer<Json<Read<RequestView>>> {
    let mut tx = app.store.read().await?;
    let request = visible(&mut tx, &by, &id).await?;
    let thing = view(&app, &mut tx, &by, &request).await?;
    let seq = tx.changes().newest().await?;
    Ok(Json(Read { thing, seq, now: app.clock.now() }))
}

/// A request, for eyes that may see it; else it is not there.
pub async fn visible(tx: &mut Tx, by: &Caller, id: &RequestId) -> Answer<Request> {
    let request = tx.requests().get(id).await?;
    let sources = tx.items().sources_of(id).await?;
    if may_see(by, &request, &sources) { Ok(request) } else { Err(Failure::not_found()) }
}

/// A request and all its records, for eyes that may see it; else it is not there.
pub async fn seen(tx: &mut Tx, by: &Caller, id: &RequestId) -> Answer<(Request, Vec<ItemRecord>)> {
    let request = visible(tx, by, id).await?;
    let records = tx.items().of_request(id).await?;
    Ok((request, records))
}

/// The view of a request that the caller may see. It costs the same for one table and for 5,000.
pub async fn view(app: &AppState, tx: &mut Tx, by: &Caller, request: &Request) -> Answer<RequestView> {
    let context = Context::load(app, tx).await?;
    let alike = alike(tx, &context, &request.id).await?;
    view_of(tx, by, &context, request, &alike).await
}

/// The same, for who has its items summed already.
pub async fn view_of(
    tx: &mut Tx,
    by: &Caller,
    context: &Context,
    request: &Request,
    alike: &[Alike],
) -> Answer<RequestView> {
    let own = || alike.iter().filter(|group| !group.linked);
    let reads = if own().any(|group| group.reads) { tx.items().reads_of(&request.id).await? } else { Vec::new() };
    let failed = alike.iter().any(|group| group.part() == Part::Failed);
    let failed = if failed { tx.items().failed_of(&request.id).await? } else { Vec::new() };
    let sources: BTreeSet<_> = alike.iter().map(|group| &group.source).collect();
    let lines = tx.changes().decisions(&request.id).await?;
    let chain = match sources.first() {
        Some(only) if sources.len() == 1 => context.chain(request, alike, &lines, |_| Some(only)),
        _ => {
            let of_each = tx.items().source_of_each(&request.id).await?;
            context.chain(request, alike, &lines, |item| of_each.get(item))
        }
    };
    let databases: BTreeSet<_> = alike.iter().map(|group| group.database.to_string()).collect();
    let names: BTreeSet<_> = sources.iter().map(|source| context.source_name(source)).collect();
    let route = context.routes.iter().find(|route| route.id == request.asked.route);
    Ok(RequestView {
        row: context.request(request, alike),
        reason: request.asked.reason.clone(),
        hash: request.hash.clone(),
        tier: request.asked.tier,
        route: route.map(|route| route.name.clone()).unwrap_or_default(),
        databases: databases.into_iter().collect(),
        sources: names.into_iter().collect(),
        chain,
        problems: context.problems(&failed),
        changed: tx.requests().before(&request.id).await?.map(|before| request.asked.since(&before)),
        keep_until: request.asked.keep_until.clone(),
        heir: request.asked.heir.clone(),
        brake: context.brake_on(alike),
        grant: grants(context, &reads),
        lines: tx.changes().count_of_request(&request.id).await?,
        may: rights(context, by, request, alike),
    })
}

/// The items of one request, summed.
pub async fn alike(tx: &mut Tx, context: &Context, id: &RequestId) -> Answer<Vec<Alike>> {
    let mut all = tx.items().alike(std::slice::from_ref(id), fresh_since(context.now)).await?;
    Ok(all.remove(id).unwrap_or_default())
}

fn rights(context: &Context, by: &Caller, request: &Request, alike: &[Alike]) -> RequestMay {
    let own = request.requester == by.person.id;
    let mine = || alike.iter().filter(|group| !group.linked);
    let any = |test: fn(&ItemState) -> bool| mine().any(|group| test(&group.state));
    let take_back = mine().find_map(|group| match &group.state {
        ItemState::Approved { by: who, starts_at, .. } if *who == by.person.id && *starts_at > context.now => {
            Some(*starts_at)
        }
        _ => None,
    });
    let tends = |group: &Alike| {
        let (requester, team, source) = (&group.requester, group.team.as_ref(), &group.source);
        may(&by.viewer, Verb::Tend, Thing::Item { requester, team, source, readers: &[] })
    };
    RequestMay {
        withdraw: own
            && any(|state| {
                matches!(state, ItemState::Submitted { .. } | ItemState::SentBack { .. } | ItemState::Approved { .. })
            }),
        resubmit: own && any(|state| matches!(state, ItemState::SentBack { .. })),
        decide: mine()
            .any(|group| matches!(group.state, ItemState::Submitted { .. }) && context.may_decide_all(by, group)),
        take_back_until: take_back,
        tend: alike.iter().any(tends),
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
    visible(&mut tx, &by, &id).await?;
    let context = Context::load(&app, &mut tx).await?;
    let size = page_size(wanted.limit);
    let narrow = Narrow {
        part: wanted.part,
        words: wanted.q.as_deref().unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
        after: wanted.after.and_then(|after| after.parse().ok()),
        limit: size + 1,
        fresh: fresh_since(context.now),
    };
    let mut found = tx.items().page(&id, &narrow).await?;
    let more = found.len() > size;
    found.truncate(size);
    let rows: Vec<_> = found.iter().map(|record| context.item(record)).collect();
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
    visible(&mut tx, &by, &id).await?;
    let context = Context::load(&app, &mut tx).await?;
    let size = page_size(wanted.limit);
    let limit = i64::try_from(size).expect("a page is small");
    let lines = tx.changes().of_request(&id, wanted.after.unwrap_or(i64::MAX), limit).await?;
    let shown: BTreeSet<_> = lines.iter().flat_map(|line| line.change.items.iter().take(NAMED)).collect();
    let records = tx.items().by_ids(shown.into_iter()).await?;
    let names = table_names(records.values());
    let next = lines.last().filter(|_| lines.len() == size).map(|line| line.seq.to_string());
    let rows = lines.iter().map(|line| context.line(line, &names)).collect();
    let seq = tx.changes().newest().await?;
    Ok(Json(Page { rows, next, seq, now: context.now }))
}
