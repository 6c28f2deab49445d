//! No silent waiting: what is over its deadline fails, goes on, is withdrawn, or the operators are told.

use std::collections::BTreeMap;

use domain::brake::{Brake, brake_of};
use domain::cause::{Cause, CauseCode};
use domain::change::{Actor, Change, Happened};
use domain::deadline::Then;
use domain::item::{Item, State};

use super::provision::{group, log_failure};
use super::queue::Provision;
use crate::state::AppState;
use crate::store::items::ItemRecord;
use crate::store::{StoreError, Tx};

/// States that have a deadline. Approved ones are placed by their task.
const WAITING: [&str; 9] =
    ["submitted", "sent_back", "placed", "starting", "copying", "verifying", "late", "failed", "paused"];

/// At most so many of a state are handled in one round; the longest waiting first.
const AT_ONCE: i64 = 500;

/// One look at everything that waits. `true` when something was done.
pub async fn round(app: &AppState) -> Result<bool, StoreError> {
    let mut over: BTreeMap<Then, Vec<ItemRecord>> = BTreeMap::new();
    let mut tx = app.store.read().await?;
    let brakes = tx.brakes().all().await?;
    for word in WAITING {
        let records = tx.items().in_state(word, AT_ONCE).await?;
        for (record, then) in records.into_iter().filter_map(|it| due(app, &brakes, it)) {
            over.entry(then).or_default().push(record);
        }
    }
    let forgotten = app.clock.now().plus(-domain::draft::KEPT);
    let drafts = tx.drafts().any_before(forgotten).await?;
    drop(tx);
    if drafts {
        let mut tx = app.store.begin().await?;
        tx.drafts().end_before(forgotten, app.clock.now()).await?;
        tx.commit(app.clock.now()).await?;
    }
    let did = drafts || !over.is_empty();
    for (then, records) in over {
        act(app, then, records).await?;
    }
    Ok(did)
}

/// A record that is over its deadline and was not told of yet, with what is to happen.
fn due(app: &AppState, brakes: &[Brake], record: ItemRecord) -> Option<(ItemRecord, Then)> {
    let deadline = app.config.deadlines.of(&record.item.state, record.moved_at)?;
    let over = app.clock.now() >= deadline.until;
    let known = record.told_at.is_some() && matches!(deadline.then, Then::OperatorsTold | Then::AskedAgain);
    // Who waits for the brake waits for an operator, who knows it.
    let held = matches!(record.item.state, State::Placed { .. })
        && brake_of(brakes, &record.item.source, app.clock.now()).is_some();
    (over && !known && !held).then_some((record, deadline.then))
}

/// Does to all of them what is to happen, in one transaction; a bulk act is one line a request.
async fn act(app: &AppState, then: Then, records: Vec<ItemRecord>) -> Result<(), StoreError> {
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let mut moved = Vec::new();
    for record in records {
        match step(app, &mut tx, then, record).await {
            Ok(Some(item)) => moved.push(item),
            // Somebody was faster; the next round sees what they did.
            Ok(None) | Err(StoreError::Stale { .. }) => {}
            Err(problem) => return Err(problem),
        }
    }
    if then == Then::GoesOn {
        Provision::enqueue(app, &mut tx, &moved, now).await?;
    }
    let mut groups = Vec::new();
    for item in &moved {
        group(&mut groups, item);
    }
    for (request, items) in groups {
        let tables = items.len() as u64;
        let line = match then {
            Then::OperatorsTold | Then::AskedAgain => {
                tracing::warn!(request.id = %request, tables, "tables wait too long");
                Happened::OperatorsTold { tables }
            }
            Then::Withdrawn => Happened::Withdrawn { tables },
            Then::GoesOn => Happened::TriedAgain { tables },
            // Each failure has its own cause, and wrote its own line.
            Then::Fails => continue,
        };
        tx.log(Change::of_request(&request, items, Actor::Lakegate, line));
    }
    tx.commit(now).await.map(drop)
}

/// What happens to one of them; `None` when its state does not allow it any more.
async fn step(app: &AppState, tx: &mut Tx, then: Then, record: ItemRecord) -> Result<Option<Item>, StoreError> {
    let now = app.clock.now();
    let item = record.item;
    let moved = match then {
        Then::OperatorsTold | Then::AskedAgain => {
            tx.items().told(&item.id, now).await?;
            return Ok(Some(item));
        }
        Then::Fails => {
            let since = record.moved_at.unwrap_or(item.state.since());
            let mut cause = Cause::new(CauseCode::NoProgress);
            cause.said = cause.said.span("span", now.since(since));
            item.fail(cause, now, now.plus(app.config.deadlines.again))
        }
        Then::Withdrawn => {
            let requester = item.requester.clone();
            item.withdraw(&requester, now)
        }
        Then::GoesOn => item.try_again(now),
    };
    let Ok(item) = moved else { return Ok(None) };
    tx.items().save(&item).await?;
    log_failure(tx, &item, vec![item.id.clone()]);
    Ok(Some(item))
}
