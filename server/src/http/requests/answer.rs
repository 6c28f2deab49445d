//! What a requester answers (withdraw, send again), and a decider's second thought (take back).

use std::collections::BTreeSet;

use api::requests::{RequestView, Resubmit};
use axum::extract::State;
use domain::change::{Actor, Change, Happened};
use domain::ids::RequestId;
use domain::item::{Item, Refusal, State as ItemState};
use domain::request::MOST_REASON;
use domain::time::Millis;

use super::get::{alike, seen, view, visible};
use crate::http::caller::Caller;
use crate::http::input::{Json, Path};
use crate::http::problem::{Answer, Failure};
use crate::http::views::Context;
use crate::state::AppState;
use crate::store::alike::Alike;

/// Takes back one's own approval of all tables that have not started.
pub async fn take_back(
    State(app): State<AppState>,
    by: Caller,
    Path(id): Path<RequestId>,
) -> Answer<Json<RequestView>> {
    only_approver(&app, &by, &id).await?;
    let approver = by.person.id.clone();
    let mine = move |item: &Item| matches!(&item.state, ItemState::Approved { by, .. } if *by == approver);
    let then = |item: Item, at: Millis| item.take_back(at);
    all(&app, &by, &id, "take back", mine, then, |tables| Happened::TakenBack { tables }).await
}

/// Withdraws all tables of one's own request that have not started.
pub async fn withdraw(State(app): State<AppState>, by: Caller, Path(id): Path<RequestId>) -> Answer<Json<RequestView>> {
    let who = by.person.id.clone();
    own(&app, &by, &id).await?;
    let before = |item: &Item| {
        matches!(item.state, ItemState::Submitted { .. } | ItemState::SentBack { .. } | ItemState::Approved { .. })
    };
    let then = move |item: Item, at: Millis| item.withdraw(&who, at);
    all(&app, &by, &id, "withdraw", before, then, |tables| Happened::Withdrawn { tables }).await
}

/// Sends one's own request again after it was sent back, with an answer.
pub async fn resubmit(
    State(app): State<AppState>,
    by: Caller,
    Path(id): Path<RequestId>,
    Json(wanted): Json<Resubmit>,
) -> Answer<Json<RequestView>> {
    own(&app, &by, &id).await?;
    if wanted.answer.chars().count() > MOST_REASON {
        return Err(Failure::field("answer", "long"));
    }
    let back = |item: &Item| matches!(item.state, ItemState::SentBack { .. });
    let then = |item: Item, at: Millis| item.resubmit(at);
    all(&app, &by, &id, "send again", back, then, |tables| Happened::Answered {
        tables,
        comment: wanted.answer.trim().to_owned(),
    })
    .await
}

async fn own(app: &AppState, by: &Caller, id: &RequestId) -> Answer<()> {
    let mut tx = app.store.read().await?;
    let request = visible(&mut tx, by, id).await?;
    if request.requester == by.person.id {
        return Ok(());
    }
    let context = Context::load(app, &mut tx).await?;
    Err(Failure::not_allowed(context.name(&request.requester)))
}

/// An approval is taken back by whoever gave it; where several did, each takes back their own.
async fn only_approver(app: &AppState, by: &Caller, id: &RequestId) -> Answer<()> {
    let mut tx = app.store.read().await?;
    visible(&mut tx, by, id).await?;
    let context = Context::load(app, &mut tx).await?;
    let alike = alike(&mut tx, &context, id).await?;
    let approver = |group: &Alike| match &group.state {
        ItemState::Approved { by, .. } => Some(by.clone()),
        _ => None,
    };
    let approvers: BTreeSet<_> = alike.iter().filter_map(approver).collect();
    if approvers.is_empty() || approvers.contains(&by.person.id) {
        return Ok(());
    }
    Err(Failure::not_allowed(approvers.iter().map(|id| context.name(id)).collect::<Vec<_>>().join(", ")))
}

/// Moves all fitting items of a request in one act, one line of the log.
async fn all(
    app: &AppState,
    by: &Caller,
    id: &RequestId,
    verb: &'static str,
    fits: impl Fn(&Item) -> bool,
    then: impl Fn(Item, Millis) -> Result<Item, Refusal>,
    happened: impl Fn(u64) -> Happened,
) -> Answer<Json<RequestView>> {
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let (request, records) = seen(&mut tx, by, id).await?;
    tx.requests().bump(&request).await?;
    let context = Context::load(app, &mut tx).await?;
    let mine: Vec<_> = records.iter().filter(|record| !record.linked && fits(&record.item)).collect();
    let refused = |refusal: &Refusal| {
        let who = refusal.by.as_ref().map_or_else(|| "Lakegate".into(), |by| context.name(by));
        Failure::refused(refusal, who)
    };
    if let (true, Some(first)) = (mine.is_empty(), records.first()) {
        let state = &first.item.state;
        let refusal = Refusal { verb, state: state.word(), by: state.by().cloned(), at: state.since() };
        return Err(refused(&refusal));
    }
    let mut ids = Vec::new();
    let mut moved = Vec::new();
    for record in mine {
        let item = then(record.item.clone(), now).map_err(|refusal| refused(&refusal))?;
        ids.push(item.id.clone());
        moved.push(item);
    }
    tx.items().save_all(&moved).await?;
    let happened = happened(ids.len() as u64);
    tx.log(Change::of_request(&request.id, ids, Actor::Person(by.person.id.clone()), happened));
    tx.commit(now).await?;
    let mut tx = app.store.read().await?;
    Ok(Json(view(app, &mut tx, by, &request).await?))
}
