//! Decides about a request, table by table.

use std::collections::BTreeSet;

use api::inbox::{Decide, Verdict};
use api::requests::RequestView;
use axum::extract::State;
use domain::change::{Actor, Change, Happened};
use domain::ids::{ItemId, RequestId};
use domain::item::{Item, Kind, Refusal, State as ItemState};
use domain::request::{MOST_REASON, Request};

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
    let request = decided(&app, &by, &id, &decision).await?;
    let mut tx = app.store.read().await?;
    Ok(Json(view(&app, &mut tx, &by, &request).await?))
}

/// A decision in one transaction with one line of the log, however many tables it is about.
pub async fn decided(app: &AppState, by: &Caller, id: &RequestId, decision: &Decide) -> Answer<Request> {
    match once(app, by, id, decision).await {
        // Somebody was faster by a moment: what they did is looked at now. It says who they are, or it is about tables
        // of other sources and does not touch ours.
        Err(failure) if failure.is_faster() => once(app, by, id, decision).await,
        outcome => outcome,
    }
}

async fn once(app: &AppState, by: &Caller, id: &RequestId, decision: &Decide) -> Answer<Request> {
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let (request, records) = seen(&mut tx, by, id).await?;
    let context = Context::load(app, &mut tx).await?;
    let mine = waiting(&context, by, &records)?;
    if !decision.seen.is_empty() && decision.seen != request.hash {
        return Err(Failure::faster(now.since(request.submitted_at)));
    }
    let choice = Choice::of(decision);
    choice.check(decision, &mine)?;
    tx.requests().bump(&request).await?;
    let stood_in = mine.iter().any(|item| !context.has_decider(&item.source, &item.requester));
    let ids: Vec<_> = mine.iter().map(|item| item.id.clone()).collect();
    let moved = mine.into_iter().map(|item| choice.transition(app, by, item)).collect::<Result<Vec<_>, _>>();
    let moved = moved.map_err(|refusal| Failure::refused(&refusal, ""))?;
    tx.items().save_all(&moved).await?;
    // What is only read needs no job: it opens by itself.
    let brings = |item: &&Item| item.kind == Kind::Bring && matches!(item.state, ItemState::Approved { .. });
    let starts_at = now.plus(app.config.deadlines.approved);
    Provision::enqueue(app, &mut tx, moved.iter().filter(brings), starts_at).await?;
    let happened = happened(decision, &moved, stood_in);
    tx.log(Change::of_request(&request.id, ids, Actor::Person(by.person.id.clone()), happened));
    tx.commit(now).await?;
    Ok(request)
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

/// What becomes of each item.
struct Choice<'d> {
    verdict: Verdict,
    dropped: BTreeSet<&'d ItemId>,
    back: BTreeSet<&'d ItemId>,
}

impl<'d> Choice<'d> {
    fn of(decision: &'d Decide) -> Self {
        Self {
            verdict: decision.verdict,
            dropped: decision.drop.iter().collect(),
            back: decision.back.iter().collect(),
        }
    }

    /// What is said, and what is named: each once, and only what waits.
    fn check(&self, decision: &Decide, mine: &[Item]) -> Answer<()> {
        let named: BTreeSet<_> = self.dropped.union(&self.back).copied().collect();
        let needs_comment = !matches!(self.verdict, Verdict::Approve) || !named.is_empty();
        if needs_comment && decision.comment.trim().is_empty() {
            return Err(Failure::field("comment", "comment"));
        }
        if decision.comment.chars().count() > MOST_REASON {
            return Err(Failure::field("comment", "long"));
        }
        let waits: BTreeSet<_> = mine.iter().map(|item| &item.id).collect();
        for (field, ids) in [("drop", &self.dropped), ("back", &self.back)] {
            if !ids.is_subset(&waits) {
                return Err(Failure::field(field, "unknown"));
            }
        }
        if !self.dropped.is_disjoint(&self.back) {
            return Err(Failure::field("back", "twice"));
        }
        if matches!(self.verdict, Verdict::Approve) && named.len() == mine.len() {
            return Err(Failure::field("drop", "nothing_left"));
        }
        Ok(())
    }

    fn transition(&self, app: &AppState, by: &Caller, item: Item) -> Result<Item, Refusal> {
        let (now, who) = (app.clock.now(), &by.person.id);
        match self.verdict {
            Verdict::Approve if self.dropped.contains(&item.id) => item.drop_out(who, now),
            Verdict::Approve if self.back.contains(&item.id) => item.send_back(who, now),
            Verdict::Approve => item.approve(who, now, now.plus(app.config.deadlines.approved)),
            Verdict::SendBack => item.send_back(who, now),
            Verdict::Reject => item.reject(who, now),
        }
    }
}

fn happened(decision: &Decide, moved: &[Item], stood_in: bool) -> Happened {
    let comment = decision.comment.trim().to_owned();
    let tables = moved.len() as u64;
    match decision.verdict {
        Verdict::Approve => {
            let count = |word| moved.iter().filter(|item| item.state.word() == word).count() as u64;
            let (let_in, back) = (count("approved"), count("sent_back"));
            Happened::Decided { let_in, dropped: tables - let_in - back, back, comment, stood_in }
        }
        Verdict::SendBack => Happened::SentBack { tables, comment },
        Verdict::Reject => Happened::Rejected { tables, comment },
    }
}
