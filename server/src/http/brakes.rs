//! The operators' brake: which hold, pull one, lift one.

use api::brake::{BrakeView, Pull};
use api::problem::FieldProblem;
use axum::extract::State;
use axum::http::StatusCode;
use domain::brake::{Brake, REASON_MAX};
use domain::change::{Actor, Change, Happened, Topic};
use domain::ids::SourceId;
use domain::rights::{Thing, Verb, may};
use domain::time::Millis;

use super::caller::Caller;
use super::input::{Json, Path};
use super::problem::{Answer, Failure};
use super::views::Context;
use crate::state::AppState;
use crate::work::brake::lift as lift_with_line;
use crate::work::provision::BRAKED;
use crate::work::queue::Provision;

/// How a brake for all is named in a path.
const ALL: &str = "all";

/// The brakes that hold: those for all, and those of sources whose settings the caller may see.
pub async fn list(State(app): State<AppState>, by: Caller) -> Answer<Json<Vec<BrakeView>>> {
    let mut tx = app.store.read().await?;
    let context = Context::load(&app, &mut tx).await?;
    let seen = |brake: &&Brake| brake.source.as_ref().is_none_or(|source| sees(&by, source));
    let held = context.brakes.iter().filter(|brake| brake.holds(context.now));
    Ok(Json(held.filter(seen).map(|brake| view(&context, &by, brake)).collect()))
}

/// Pulls a brake. The same again changes nothing.
pub async fn pull(State(app): State<AppState>, by: Caller, Json(wanted): Json<Pull>) -> Answer<Json<BrakeView>> {
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let context = Context::load(&app, &mut tx).await?;
    allowed(&context, &by, wanted.source.as_ref())?;
    check(&wanted, now)?;
    let before = context.brakes.iter().find(|brake| brake.source == wanted.source && brake.holds(now));
    let brake = Brake {
        by: by.person.id.clone(),
        since: before.map_or(now, |before| before.since),
        until: wanted.until,
        reason: wanted.reason.trim().to_owned(),
        source: wanted.source,
    };
    if before != Some(&brake) {
        tx.brakes().pull(&brake).await?;
        let (thing, source) = match &brake.source {
            Some(source) => (source.as_str(), context.source_name(source)),
            None => (ALL, String::new()),
        };
        let pulled = Happened::BrakePulled { source, reason: brake.reason.clone(), until: brake.until };
        tx.log(Change::of(Topic::Source, thing, Actor::Person(by.person.id.clone()), pulled));
        // Those who waited for another end look again.
        tx.tasks().wake(Provision::NAME, BRAKED, now).await?;
        tx.commit(now).await?;
    }
    Ok(Json(view(&context, &by, &brake)))
}

/// Lifts a brake; what waited starts.
pub async fn lift(State(app): State<AppState>, by: Caller, Path(scope): Path<String>) -> Answer<StatusCode> {
    let source = match scope.as_str() {
        ALL => None,
        scope => Some(scope.parse::<SourceId>().map_err(|_| Failure::not_found())?),
    };
    let mut tx = app.store.begin().await?;
    let context = Context::load(&app, &mut tx).await?;
    allowed(&context, &by, source.as_ref())?;
    if lift_with_line(&app, &mut tx, source.as_ref(), Actor::Person(by.person.id.clone())).await? {
        tx.commit(app.clock.now()).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Whether the caller may pull and lift it; who does not see the source does not learn of it.
fn allowed(context: &Context, by: &Caller, source: Option<&SourceId>) -> Answer<()> {
    let thing = source.map_or(Thing::Platform, Thing::Source);
    let there = source.is_none_or(|source| context.sources.iter().any(|known| known.id == *source));
    if there && may(&by.viewer, Verb::Manage, thing) {
        return Ok(());
    }
    if there && source.is_some_and(|source| sees(by, source)) {
        return Err(Failure::not_allowed(context.operators()));
    }
    Err(Failure::not_found())
}

fn sees(by: &Caller, source: &SourceId) -> bool {
    may(&by.viewer, Verb::SeeSource, Thing::Source(source))
}

fn check(wanted: &Pull, now: Millis) -> Answer<()> {
    let mut errors = Vec::new();
    let mut say = |field: &str, code: &str| {
        errors.push(FieldProblem { field: field.into(), code: code.into(), said: None });
    };
    match wanted.reason.trim().chars().count() {
        0 => say("reason", "missing"),
        length if length > REASON_MAX => say("reason", "long"),
        _ => {}
    }
    if wanted.until.is_some_and(|until| until <= now) {
        say("until", "past");
    }
    if errors.is_empty() { Ok(()) } else { Err(Failure::fields(errors)) }
}

/// A brake as those see it who set up sources.
pub fn view(context: &Context, by: &Caller, brake: &Brake) -> BrakeView {
    BrakeView {
        source: brake.source.clone(),
        name: brake.source.as_ref().map(|source| context.source_name(source)).unwrap_or_default(),
        said: brake.say(&context.name(&brake.by)),
        may_lift: may(&by.viewer, Verb::Manage, Thing::Platform),
    }
}
