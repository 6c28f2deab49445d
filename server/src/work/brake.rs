//! Lifts brakes whose time is over, by itself; what waited for them starts.

use domain::change::{Actor, Change, Happened, Topic};
use domain::ids::SourceId;

use super::provision::BRAKED;
use super::queue::Provision;
use crate::state::AppState;
use crate::store::{StoreError, Tx};

/// One look at the brakes. `true` when one was lifted.
pub async fn round(app: &AppState) -> Result<bool, StoreError> {
    let now = app.clock.now();
    let brakes = app.store.read().await?.brakes().all().await?;
    let over: Vec<_> = brakes.into_iter().filter(|brake| !brake.holds(now)).collect();
    if over.is_empty() {
        return Ok(false);
    }
    let mut tx = app.store.begin().await?;
    for brake in over {
        lift(app, &mut tx, brake.source.as_ref(), Actor::Lakegate).await?;
    }
    tx.commit(now).await?;
    Ok(true)
}

/// Lifts a brake with its line and wakes what waited; `false` when there was none.
pub async fn lift(app: &AppState, tx: &mut Tx, source: Option<&SourceId>, actor: Actor) -> Result<bool, StoreError> {
    if !tx.brakes().lift(source).await? {
        return Ok(false);
    }
    let name = match source {
        Some(source) => tx.sources().get(source).await?.name,
        None => String::new(),
    };
    let thing = source.map_or("all", SourceId::as_str);
    tx.log(Change::of(Topic::Source, thing, actor, Happened::BrakeLifted { source: name }));
    tx.tasks().wake(Provision::NAME, BRAKED, app.clock.now()).await?;
    Ok(true)
}
