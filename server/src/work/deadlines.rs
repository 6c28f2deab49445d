//! No silent waiting: what is over its deadline fails, goes on, is withdrawn, or the operators are told.

use domain::cause::{Cause, CauseCode};
use domain::change::{Actor, Change, Happened};
use domain::deadline::Then;
use domain::ids::{ItemId, RequestId};
use domain::item::State;

use super::provision::{group, log_failure};
use super::queue::Provision;
use crate::state::AppState;
use crate::store::StoreError;
use crate::store::items::ItemRecord;

/// States that have a deadline. Approved ones are placed by their task.
const WAITING: [&str; 9] =
    ["submitted", "sent_back", "placed", "starting", "copying", "verifying", "late", "failed", "paused"];

/// At most so many of a state are handled in one round; the longest waiting first.
const AT_ONCE: i64 = 500;

/// One look at everything that waits. `true` when something was done.
pub async fn round(app: &AppState) -> Result<bool, StoreError> {
    let mut over = Vec::new();
    let mut tx = app.store.read().await?;
    for word in WAITING {
        over.extend(tx.items().in_state(word, AT_ONCE).await?.into_iter().filter_map(|record| due(app, record)));
    }
    drop(tx);
    let mut did = false;
    let mut told: Vec<(RequestId, Vec<ItemId>)> = Vec::new();
    for (record, then) in over {
        match act(app, &record, then).await {
            Ok(Acted::Told) => group(&mut told, &record.item),
            Ok(Acted::Done) => {}
            Err(StoreError::Stale { .. }) => {}
            Err(problem) => return Err(problem),
        }
        did = true;
    }
    tell(app, told).await?;
    Ok(did)
}

/// A record that is over its deadline and was not told of yet, with what is to happen.
fn due(app: &AppState, record: ItemRecord) -> Option<(ItemRecord, Then)> {
    let deadline = app.config.deadlines.of(&record.item.state, record.moved_at)?;
    let over = app.clock.now() >= deadline.until;
    let known = record.told_at.is_some() && matches!(deadline.then, Then::OperatorsTold | Then::AskedAgain);
    (over && !known).then_some((record, deadline.then))
}

enum Acted {
    Done,
    Told,
}

async fn act(app: &AppState, record: &ItemRecord, then: Then) -> Result<Acted, StoreError> {
    let now = app.clock.now();
    let item = record.item.clone();
    let mut tx = app.store.begin().await?;
    match then {
        Then::OperatorsTold | Then::AskedAgain => {
            tx.items().told(&item.id, now).await?;
            tx.commit(now).await?;
            return Ok(Acted::Told);
        }
        Then::Fails => {
            let since = record.moved_at.unwrap_or(item.state.since());
            let mut cause = Cause::new(CauseCode::NoProgress);
            cause.said = cause.said.span("span", now.since(since));
            let again_at = now.plus(app.config.deadlines.again);
            if let Ok(item) = item.fail(cause, now, again_at) {
                tx.items().save(&item).await?;
                log_failure(&mut tx, &item);
            }
        }
        Then::Withdrawn => {
            let requester = item.requester.clone();
            if let Ok(item) = item.withdraw(&requester, now) {
                tx.items().save(&item).await?;
                let line = Happened::Withdrawn { tables: 1 };
                tx.log(Change::of_request(&item.request, vec![item.id.clone()], Actor::Lakegate, line));
            }
        }
        Then::GoesOn => {
            if let State::Failed { .. } = item.state
                && let Ok(item) = item.try_again(now)
            {
                tx.items().save(&item).await?;
                Provision { items: vec![item.id.clone()] }.enqueue(app, &mut tx, now).await?;
                let line = Happened::TriedAgain { tables: 1 };
                tx.log(Change::of_request(&item.request, vec![item.id.clone()], Actor::Lakegate, line));
            }
        }
    }
    tx.commit(now).await?;
    Ok(Acted::Done)
}

async fn tell(app: &AppState, told: Vec<(RequestId, Vec<ItemId>)>) -> Result<(), StoreError> {
    if told.is_empty() {
        return Ok(());
    }
    let mut tx = app.store.begin().await?;
    for (request, items) in told {
        tracing::warn!(request.id = %request, tables = items.len(), "tables wait too long");
        let line = Happened::OperatorsTold { tables: items.len() as u64 };
        tx.log(Change::of_request(&request, items, Actor::Lakegate, line));
    }
    tx.commit(app.clock.now()).await.map(drop)
}
