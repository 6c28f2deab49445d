//! Changes a request that was sent back: a draft of it is written, and signed again. What was approved and not touched
//! stays approved.

use std::collections::{BTreeMap, BTreeSet};

use api::drafts::DraftView;
use axum::extract::State;
use axum::http::StatusCode;
use domain::change::{Actor, Change, Happened};
use domain::draft::{Contents, Draft};
use domain::ids::{ItemId, RequestId};
use domain::item::{Item, State as ItemState};
use domain::request::{Asked, AskedTable, Request};
use domain::time::Millis;

use super::view::view;
use crate::http::caller::Caller;
use crate::http::checks::{Joins, Looked};
use crate::http::input::{Json, Path};
use crate::http::problem::{Answer, Failure};
use crate::http::requests::get::seen;
use crate::http::requests::submit::{check, new_item};
use crate::http::views::Context;
use crate::state::AppState;
use crate::store::Tx;
use crate::store::items::ItemRecord;
use crate::store::requests::hash_of;

/// The draft by which one's own request is changed: the one that is there, else a new one.
pub async fn edit(
    State(app): State<AppState>,
    by: Caller,
    Path(id): Path<RequestId>,
) -> Answer<(StatusCode, Json<DraftView>)> {
    let mut tx = app.store.begin().await?;
    let context = Context::load(&app, &mut tx).await?;
    let (request, records) = seen(&mut tx, &by, &id).await?;
    may_change(&context, &by, &request, &records)?;
    if let Some(draft) = tx.drafts().of_request(&id).await? {
        return Ok((StatusCode::OK, Json(view(&app, &mut tx, &by, &context, &draft).await?)));
    }
    let draft = Draft {
        id: app.ids.draft(),
        owner: by.person.id.clone(),
        of: Some(id.clone()),
        contents: contents_of(&request, &records),
        saved_at: context.now,
        ended_at: None,
        version: 1,
    };
    tx.drafts().add(&draft, &format!("edit-{}", draft.id)).await?;
    let view = view(&app, &mut tx, &by, &context, &draft).await?;
    tx.commit(context.now).await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// Only its requester changes it, and only what was sent back.
fn may_change(context: &Context, by: &Caller, request: &Request, records: &[ItemRecord]) -> Answer<()> {
    if request.requester != by.person.id {
        return Err(Failure::not_allowed(context.name(&request.requester)));
    }
    let back = |record: &&ItemRecord| matches!(record.item.state, ItemState::SentBack { .. });
    if records.iter().any(|record| back(&record)) {
        return Ok(());
    }
    let Some(first) = records.first() else { return Err(Failure::not_found()) };
    let state = &first.item.state;
    let by = state.by().map_or_else(|| "Lakegate".into(), |by| context.name(by));
    let refusal = domain::item::Refusal { verb: "change", state: state.word(), by: None, at: state.since() };
    Err(Failure::refused(&refusal, by))
}

/// What was asked, without the tables that were refused or taken away.
fn contents_of(request: &Request, records: &[ItemRecord]) -> Contents {
    let asked = &request.asked;
    let ended: BTreeSet<AskedTable> = records
        .iter()
        .filter(|record| !record.linked && !record.item.state.alive())
        .map(|record| name_of(&record.item))
        .collect();
    Contents {
        title: asked.title.clone(),
        reason: asked.reason.clone(),
        route: Some(asked.route.clone()),
        tier: Some(asked.tier),
        keep_until: asked.keep_until.clone(),
        heir: asked.heir.clone(),
        tables: asked.tables.iter().filter(|table| !ended.contains(table)).cloned().collect(),
        ..Contents::default()
    }
}

fn name_of(item: &Item) -> AskedTable {
    AskedTable { source: item.source.clone(), table: item.table.clone() }
}

/// Sends a request again with what is asked now, in one act and one line.
pub async fn again(
    app: &AppState,
    tx: &mut Tx,
    by: &Caller,
    context: &Context,
    id: &RequestId,
    asked: Asked,
) -> Answer<Request> {
    let (request, records) = seen(tx, by, id).await?;
    may_change(context, by, &request, &records)?;
    stays(&request, &records, &asked)?;
    let looked = check(tx, by, context, &asked, Some(id)).await?;
    tx.requests().revise(&request, &asked, context.now).await?;
    let elsewhere = (&request.asked.route, request.asked.tier) != (&asked.route, asked.tier);
    let request = Request { hash: hash_of(&asked), asked, version: request.version + 1, ..request };
    let records = if elsewhere {
        let targets: BTreeMap<_, _> =
            looked.iter().filter_map(|each| Some((&each.asked, each.target.as_ref()?))).collect();
        let target =
            |record: &ItemRecord| Some((record.item.id.clone(), (*targets.get(&name_of(&record.item))?).clone()));
        let targets: Vec<_> = records.iter().filter_map(target).collect();
        tx.items().redirect(id, &request.asked.route, request.asked.tier, &targets).await?;
        tx.items().of_request(id).await?
    } else {
        records
    };
    let done = items(app, tx, &request, &records, &looked, context.now).await?;
    let actor = Actor::Person(by.person.id.clone());
    tx.log(Change::of_request(id, done.touched, actor, done.happened));
    Ok(request)
}

/// What somebody let in keeps its place and its promise: another one is another decision.
fn stays(request: &Request, records: &[ItemRecord], asked: &Asked) -> Answer<()> {
    let decided = records.iter().any(|record| !record.linked && record.item.state.alive() && !open(&record.item.state));
    if decided && request.asked.route != asked.route {
        return Err(Failure::field("route", "decided"));
    }
    if decided && request.asked.tier != asked.tier {
        return Err(Failure::field("tier", "decided"));
    }
    Ok(())
}

/// Nobody decided about it yet.
fn open(state: &ItemState) -> bool {
    matches!(state, ItemState::Submitted { .. } | ItemState::SentBack { .. })
}

struct Done {
    touched: Vec<ItemId>,
    happened: Happened,
}

/// Sends back what waits for an answer, takes away what is not asked any more, adds what is new.
async fn items(
    app: &AppState,
    tx: &mut Tx,
    request: &Request,
    records: &[ItemRecord],
    looked: &[Looked],
    now: Millis,
) -> Answer<Done> {
    let living: BTreeMap<AskedTable, &ItemRecord> = records
        .iter()
        .filter(|record| record.item.state.alive())
        .map(|record| (name_of(&record.item), record))
        .collect();
    let wanted: BTreeSet<&AskedTable> = looked.iter().map(|each| &each.asked).collect();
    let (mut moved, mut withdrawn, mut removed) = (Vec::new(), 0_u64, 0_u64);
    for (name, record) in living.iter().filter(|(_, record)| !record.linked && open(&record.item.state)) {
        let item = record.item.clone();
        let item = match (wanted.contains(name), &item.state) {
            (true, ItemState::SentBack { .. }) => item.resubmit(now),
            (true, _) => continue,
            (false, _) => {
                withdrawn += 1;
                item.withdraw(&request.requester, now)
            }
        };
        moved.push(item.map_err(|refusal| Failure::refused(&refusal, ""))?);
    }
    tx.items().save_all(&moved).await?;
    let mut touched: Vec<_> = moved.into_iter().map(|item| item.id).collect();
    for (_, record) in living.iter().filter(|(name, record)| record.linked && !wanted.contains(name)) {
        tx.items().unlink(&request.id, &record.item.id).await?;
        removed += 1;
    }
    let next = i64::try_from(records.len()).unwrap_or(i64::MAX / 2);
    let (mut new, mut linked) = (Vec::new(), Vec::new());
    for (position, each) in (next..).zip(looked.iter().filter(|each| !living.contains_key(&each.asked))) {
        match &each.joins {
            Some(Joins::Seen(known)) => linked.push((known.clone(), position)),
            Some(Joins::Closed(_)) | None => new.push((new_item(app, request, each, now)?, position)),
        }
    }
    tx.items().add_all(&new, request.team.as_ref()).await?;
    tx.items().link_all(&request.id, &linked).await?;
    let added = (new.len() + linked.len()) as u64;
    touched.extend(new.into_iter().map(|(item, _)| item.id));
    touched.extend(linked.into_iter().map(|(id, _)| id));
    let tables = touched.len() as u64 - withdrawn;
    removed += withdrawn;
    Ok(Done { touched, happened: Happened::SentAgain { tables, added, removed } })
}
