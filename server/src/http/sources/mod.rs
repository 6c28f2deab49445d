//! Sources as things to set up: operators see and change all, owners see theirs; for others they are not there.
//!
//! Invariant: a password comes in and never goes out, not in an answer, not in a log.

pub mod form;
pub mod retire;
pub mod test;

use api::Read;
use api::sources::{SourceList, SourceRow, SourceSave, SourceView};
use axum::extract::State;
use axum::http::StatusCode;
use domain::brake::brake_of;
use domain::change::{Actor, Change, Happened, Topic};
use domain::ids::{PersonId, SourceId};
use domain::rights::{Thing, Verb, may};
use domain::source::finding::Severity;
use domain::source::{Account, Place};
use secrecy::SecretString;

use self::form::{copying_password, form_of, parse};
use super::caller::{Caller, Operator};
use super::input::{Json, Path};
use super::problem::{Answer, Failure};
use super::views::Context;
use crate::search::follow::counts;
use crate::state::AppState;
use crate::store::sources::{Settings, Source};
use crate::store::{StoreError, Tx};

/// The sources the caller may see, by name.
pub async fn list(State(app): State<AppState>, by: Caller) -> Answer<Json<SourceList>> {
    let mut tx = app.store.read().await?;
    let context = Context::load(&app, &mut tx).await?;
    let standings = tx.readings().all().await?;
    let counts = counts(&app, &mut tx, &context.sources, &standings).await?;
    let settings = tx.sources().settings().await?;
    let tables = |source: &Source| counts.get(&source.id).copied().unwrap_or_default();
    let rows: Vec<_> = context
        .sources
        .iter()
        .filter(|source| sees(&by, &source.id))
        .map(|source| row(&context, source, of(&settings, &source.id), tables(source)))
        .collect();
    let may_manage = may(&by.viewer, Verb::Manage, Thing::Platform);
    if rows.is_empty() && !may_manage {
        return Err(Failure::not_found());
    }
    let people = if may_manage { context.who_can_sign_in() } else { Vec::new() };
    Ok(Json(SourceList { rows, people, may_manage }))
}

/// One source.
pub async fn get(State(app): State<AppState>, by: Caller, Path(id): Path<SourceId>) -> Answer<Json<Read<SourceView>>> {
    let mut tx = app.store.read().await?;
    let thing = view(&app, &mut tx, &by, &id).await?;
    let seq = tx.changes().newest().await?;
    Ok(Json(Read { thing, seq, now: app.clock.now() }))
}

/// Adds a source. It is tested first, but what the test finds keeps nobody from saving.
pub async fn add(
    State(app): State<AppState>,
    Operator(by): Operator,
    Json(save): Json<SourceSave>,
) -> Answer<(StatusCode, Json<SourceView>)> {
    let id = app.ids.source();
    let (source, settings, owners) = parse(&app, &save, None, id.clone()).await?;
    let tested = test::findings(&app, &source.place, &save, None).await;
    let mut tx = app.store.begin().await?;
    tx.sources().add(&source).await.map_err(taken)?;
    tx.sources().save(&source, &Settings { tested: Some(tested), ..settings }).await?;
    keep(&app, &mut tx, &id, &save, &owners).await?;
    let added = Happened::SourceAdded { name: source.name.clone() };
    tx.log(Change::of(Topic::Source, &id, Actor::Person(by.person.id.clone()), added));
    tx.commit(app.clock.now()).await?;
    let mut tx = app.store.read().await?;
    Ok((StatusCode::CREATED, Json(view(&app, &mut tx, &by, &id).await?)))
}

/// Changes a source: all but its name and its kind.
pub async fn change(
    State(app): State<AppState>,
    Operator(by): Operator,
    Path(id): Path<SourceId>,
    Json(save): Json<SourceSave>,
) -> Answer<Json<SourceView>> {
    let before = app.store.read().await?.sources().get(&id).await?;
    let (source, settings, owners) = parse(&app, &save, Some(&before), id.clone()).await?;
    let tested = test::findings(&app, &source.place, &save, Some(&id)).await;
    let mut tx = app.store.begin().await?;
    tx.sources().save(&source, &Settings { tested: Some(tested), ..settings }).await?;
    keep(&app, &mut tx, &id, &save, &owners).await?;
    let changed = Happened::SourceChanged { name: source.name.clone() };
    tx.log(Change::of(Topic::Source, &id, Actor::Person(by.person.id.clone()), changed));
    tx.commit(app.clock.now()).await?;
    let mut tx = app.store.read().await?;
    Ok(Json(view(&app, &mut tx, &by, &id).await?))
}

/// Keeps owners, and the passwords that were typed.
async fn keep(app: &AppState, tx: &mut Tx, id: &SourceId, save: &SourceSave, owners: &[PersonId]) -> Answer<()> {
    tx.sources().set_owners(id, owners).await?;
    let catalogue = save.catalogue_password.as_str();
    for (account, typed) in [(Account::Catalogue, catalogue), (Account::Copying, copying_password(save))] {
        if !typed.is_empty() {
            app.vault.keep(tx, id, account, &SecretString::from(typed.to_owned())).await?;
        }
    }
    Ok(())
}

fn taken(problem: StoreError) -> Failure {
    match problem {
        StoreError::Taken { .. } => Failure::field("name", "taken"),
        problem => problem.into(),
    }
}

fn sees(by: &Caller, source: &SourceId) -> bool {
    may(&by.viewer, Verb::SeeSource, Thing::Source(source))
}

fn of<'s>(settings: &'s [Settings], source: &SourceId) -> Option<&'s Settings> {
    settings.iter().find(|settings| settings.source == *source)
}

async fn view(app: &AppState, tx: &mut Tx, by: &Caller, id: &SourceId) -> Answer<SourceView> {
    let source = tx.sources().get(id).await?;
    if !sees(by, id) {
        return Err(Failure::not_found());
    }
    let context = Context::load(app, tx).await?;
    let settings = tx.sources().settings().await?;
    let settings = of(&settings, id).ok_or_else(Failure::not_found)?;
    let standings = tx.readings().all().await?;
    let counts = counts(app, tx, std::slice::from_ref(&source), &standings).await?;
    let mut passwords = [false; 2];
    for (there, account) in passwords.iter_mut().zip(Account::ALL) {
        *there = tx.secrets().get(&account.secret(id)).await?.is_some();
    }
    let living = tx.sources().living(id).await?;
    let row = row(&context, &source, Some(settings), counts.get(id).copied().unwrap_or_default());
    Ok(SourceView {
        form: form_of(&source, settings, row.owners.iter().map(|owner| owner.id.clone()).collect()),
        passwords: (passwords[0], passwords[1]),
        tested: settings.tested.as_ref().map(|tested| test::shown(&context, tested, id, &settings.administrator)),
        living: (living.undecided, living.coming, living.there),
        may_manage: may(&by.viewer, Verb::Manage, Thing::Source(id)),
        row,
    })
}

/// Where a source is, as people read it.
pub fn shown(place: &Place) -> String {
    match place {
        Place::Sqlite(folder) => folder.path.clone(),
        Place::Mysql(server) => format!("{}:{}", server.host, server.port.get()),
    }
}

fn row(context: &Context, source: &Source, settings: Option<&Settings>, tables: u64) -> SourceRow {
    let brake = brake_of(&context.brakes, &source.id, context.now);
    let tested = settings.and_then(|settings| settings.tested.as_ref());
    let to_fix = |findings: &[domain::source::finding::Finding]| {
        findings.iter().filter(|finding| finding.severity() == Severity::Fix).count() as u64
    };
    SourceRow {
        id: source.id.clone(),
        name: source.name.clone(),
        kind: source.place.kind().to_owned(),
        place: shown(&source.place),
        closed: source.closed,
        tables,
        read_at: source.read_at,
        trouble: source.trouble.clone(),
        tested_at: tested.map(|(at, _)| *at),
        to_fix: tested.map(|(_, findings)| to_fix(findings)).unwrap_or_default(),
        owners: context.owners_of(&source.id),
        brake: brake.map(|brake| brake.say(&context.name(&brake.by))),
        retired: context.retired(source),
    }
}
