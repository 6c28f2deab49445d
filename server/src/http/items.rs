//! Tends items: tries them again, leaves them out; a result for each.

use api::requests::{Tend, TendResult, TendVerb, Tended};
use axum::extract::State;
use domain::change::{Actor, Change, Happened};
use domain::ids::ItemId;
use domain::item::Item;
use domain::request::MOST_TABLES;
use domain::rights::{Verb, may};
use domain::said::Said;

use super::caller::Caller;
use super::input::Json;
use super::problem::{Answer, Failure};
use super::views::thing_of;
use crate::state::AppState;
use crate::store::{StoreError, Tx};
use crate::work::provision::group;
use crate::work::queue::Provision;

/// Does something with items. What cannot be done is said item by item; the rest is done.
pub async fn tend(State(app): State<AppState>, by: Caller, Json(wanted): Json<Tend>) -> Answer<Json<Tended>> {
    if wanted.items.is_empty() || wanted.items.len() > MOST_TABLES {
        return Err(Failure::field("items", if wanted.items.is_empty() { "missing" } else { "many" }));
    }
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let (mut results, mut groups, mut moved) = (Vec::new(), Vec::new(), Vec::new());
    for id in &wanted.items {
        match one(&app, &mut tx, &by, wanted.verb, id).await? {
            Ok(item) => {
                group(&mut groups, &item);
                results.push(TendResult { item: item.id.clone(), refused: None });
                moved.push(item);
            }
            Err(said) => results.push(TendResult { item: id.clone(), refused: Some(said) }),
        }
    }
    if wanted.verb == TendVerb::TryAgain {
        Provision::enqueue(&app, &mut tx, &moved, now).await?;
    }
    for (request, items) in groups {
        let tables = items.len() as u64;
        let happened = match wanted.verb {
            TendVerb::TryAgain => Happened::TriedAgain { tables },
            TendVerb::LeaveOut => Happened::LeftOut { tables },
        };
        tx.log(Change::of_request(&request, items, Actor::Person(by.person.id.clone()), happened));
    }
    tx.commit(now).await?;
    Ok(Json(Tended { results }))
}

async fn one(app: &AppState, tx: &mut Tx, by: &Caller, verb: TendVerb, id: &ItemId) -> Answer<Result<Item, Said>> {
    let record = match tx.items().get(id).await {
        Ok(record) => record,
        Err(StoreError::Missing { .. }) => return Ok(Err(Said::new("refused.gone"))),
        Err(problem) => return Err(problem.into()),
    };
    if !may(&by.viewer, Verb::SeeRequest, thing_of(&record)) {
        return Ok(Err(Said::new("refused.gone")));
    }
    if !may(&by.viewer, Verb::Tend, thing_of(&record)) {
        return Ok(Err(Said::new("refused.not_allowed")));
    }
    let now = app.clock.now();
    let moved = match verb {
        TendVerb::TryAgain => record.item.retry(now),
        TendVerb::LeaveOut => record.item.retire(&by.person.id, now),
    };
    match moved {
        Ok(item) => {
            tx.items().save(&item).await?;
            Ok(Ok(item))
        }
        Err(refusal) => Ok(Err(Said::new("refused.state").text("state", refusal.state).at("at", refusal.at))),
    }
}
