//! Decides about a request, table by table.

use std::collections::BTreeSet;

use api::inbox::{Decide, Verdict};
use api::requests::RequestView;
use axum::extract::State;
use domain::change::{Actor, Change, Happened};
use domain::ids::{ItemId, RequestId};
use domain::item::{Item, Refusal, State as ItemState};
use domain::request::MOST_REASON;

use super::get::{seen, view};
use crate::http::caller::Caller;
use crate::http::input::{Json, Path};
use crate::http::problem::{Answer, Failure};
use crate::http::views::Context;
use crate::state::AppState;
use crate::store::items::ItemRecord;
use crate::work::queue::Provision;

/// Decides about all tables of it that wait for the caller.
pub async fn decide(
    State(app): State<AppState>,
    by: Caller,
    Path(id): Path<RequestId>,
    Json(decision): Json<Decide>,
) -> Answer<Json<RequestView>> {
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let (request, records) = seen(&mut tx, &by, &id).await?;
    let context = Context::load(&app, &mut tx).await?;
    let mine = waiting(&context, &by, &records)?;
    let dropped: BTreeSet<_> = decision.drop.iter().cloned().collect();
    check(&decision, &mine, &dropped)?;
    tx.requests().bump(&request).await?;
    let stood_in = mine.iter().any(|item| !context.has_decider(&item.source, &item.requester));
    let ids: Vec<_> = mine.iter().map(|item| item.id.clone()).collect();
    let moved =
        mine.into_iter().map(|item| transition(&app, &by, &decision, &dropped, item)).collect::<Result<Vec<_>, _>>();
    let moved = moved.map_err(|refusal| Failure::refused(&refusal, ""))?;
    for item in &moved {
        tx.items().save(item).await?;
    }
    let starts_at = now.plus(app.config.deadlines.approved);
    let let_in = moved.iter().filter(|item| matches!(item.state, ItemState::Approved { .. }));
    Provision::enqueue(&app, &mut tx, let_in, starts_at).await?;
    let happened = happened(&decision, &moved, stood_in);
    tx.log(Change::of_request(&request.id, ids, Actor::Person(by.person.id.clone()), happened));
    tx.commit(now).await?;
    let mut tx = app.store.read().await?;
    Ok(Json(view(&app, &mut tx, &by, &request).await?))
}

/// The items that wait for this caller; else why none does.
fn waiting(context: &Context, by: &Caller, records: &[ItemRecord]) -> Answer<Vec<Item>> {
    let own = || records.iter().filter(|record| !record.linked);
    let may: Vec<_> = own().filter(|record| context.may_decide(by, record)).collect();
    if may.is_empty() {
        // Where all are linked, those decide who decided about the tables when they were first asked for.
        let who = records.iter().flat_map(|record| context.decider_names(&record.item.source, &record.item.requester));
        let names: BTreeSet<_> = who.collect();
        return Err(Failure::not_allowed(names.into_iter().collect::<Vec<_>>().join(", ")));
    }
    let submitted: Vec<_> =
        may.iter().filter(|record| matches!(record.item.state, ItemState::Submitted { .. })).collect();
    if let (true, Some(first)) = (submitted.is_empty(), may.first()) {
        let state = &first.item.state;
        let who = state.by().map_or_else(|| "Lakegate".into(), |by| context.name(by));
        let refusal = Refusal { verb: "decide", state: state.word(), by: None, at: state.since() };
        return Err(Failure::refused(&refusal, who));
    }
    Ok(submitted.into_iter().map(|record| record.item.clone()).collect())
}

fn check(decision: &Decide, mine: &[Item], dropped: &BTreeSet<ItemId>) -> Answer<()> {
    let needs_comment = !matches!(decision.verdict, Verdict::Approve) || !dropped.is_empty();
    if needs_comment && decision.comment.trim().is_empty() {
        return Err(Failure::field("comment", "comment"));
    }
    if decision.comment.chars().count() > MOST_REASON {
        return Err(Failure::field("comment", "long"));
    }
    if dropped.iter().any(|id| !mine.iter().any(|item| item.id == *id)) {
        return Err(Failure::field("drop", "unknown"));
    }
    if matches!(decision.verdict, Verdict::Approve) && dropped.len() == mine.len() {
        return Err(Failure::field("drop", "nothing_left"));
    }
    Ok(())
}

fn transition(
    app: &AppState,
    by: &Caller,
    decision: &Decide,
    dropped: &BTreeSet<ItemId>,
    item: Item,
) -> Result<Item, Refusal> {
    let (now, who) = (app.clock.now(), &by.person.id);
    match decision.verdict {
        Verdict::Approve if dropped.contains(&item.id) => item.drop_out(who, now),
        Verdict::Approve => item.approve(who, now, now.plus(app.config.deadlines.approved)),
        Verdict::SendBack => item.send_back(who, now),
        Verdict::Reject => item.reject(who, now),
    }
}

fn happened(decision: &Decide, moved: &[Item], stood_in: bool) -> Happened {
    let comment = decision.comment.trim().to_owned();
    let tables = moved.len() as u64;
    match decision.verdict {
        Verdict::Approve => {
            let let_in = moved.iter().filter(|item| matches!(item.state, ItemState::Approved { .. })).count() as u64;
            Happened::Decided { let_in, dropped: tables - let_in, comment, stood_in }
        }
        Verdict::SendBack => Happened::SentBack { tables, comment },
        Verdict::Reject => Happened::Rejected { tables, comment },
    }
}
