//! People and teams: list, add, change, and links by which they set their passwords. There is always an operator left.

use std::collections::{BTreeMap, BTreeSet};

use api::people::{NewPassword, OwnedSource, PasswordLink, PeopleList, PersonForm, PersonRow, Team, TeamForm};
use api::problem::{Code, FieldProblem};
use axum::extract::State;
use axum::http::{Extensions, HeaderMap, StatusCode};
use axum_extra::extract::CookieJar;
use domain::change::{Actor, Change, Happened, Topic};
use domain::ids::{PersonId, SourceId, TeamId};
use domain::person::{Person, login};
use domain::time::DAY;

use super::caller::{Operator, hash_of, token};
use super::input::{Json, Path};
use super::me::{address, open};
use super::password;
use super::problem::{Answer, Failure};
use crate::state::AppState;
use crate::store::people::Kept;
use crate::store::{StoreError, Tx};

/// How long a link to set a password works.
const LINK: i64 = 3 * DAY;
/// The most characters of a name.
const NAME_MAX: usize = 60;

/// Everybody.
pub async fn list(State(app): State<AppState>, _: Operator) -> Answer<Json<PeopleList>> {
    let mut tx = app.store.read().await?;
    let rows = rows(&mut tx).await?;
    let teams = tx.people().teams().await?.into_iter().map(|(id, name)| Team { id, name }).collect();
    let sources = tx.sources().all().await?.into_iter().map(|source| OwnedSource { id: source.id, name: source.name });
    Ok(Json(PeopleList { rows, teams, sources: sources.collect() }))
}

/// Adds a person, with the link by which they set their password.
pub async fn add(
    State(app): State<AppState>,
    Operator(by): Operator,
    Json(form): Json<PersonForm>,
) -> Answer<(StatusCode, Json<PasswordLink>)> {
    let mut tx = app.store.begin().await?;
    let name = login(&form.login).unwrap_or_default();
    check(&mut tx, &form, name.is_empty()).await?;
    let team = team(&app, &mut tx, &form).await?;
    let shown = form.name.trim().to_owned();
    let person =
        Person { id: app.ids.person(), login: name, shown, team, operator: form.operator, disabled: form.disabled };
    // No password fits an empty hash.
    tx.people().add(&person, "").await.map_err(|problem| match problem {
        StoreError::Taken { .. } => Failure::field("login", "taken"),
        problem => problem.into(),
    })?;
    let owns: BTreeSet<_> = form.owns.iter().cloned().collect();
    tx.people().set_owns(&person.id, &owns).await?;
    log(&mut tx, &by.person.id, &person, |login| Happened::PersonAdded { login });
    Ok((StatusCode::CREATED, Json(linked(&app, tx, &person.id).await?)))
}

/// Changes a person.
pub async fn change(
    State(app): State<AppState>,
    Operator(by): Operator,
    Path(id): Path<PersonId>,
    Json(form): Json<PersonForm>,
) -> Answer<Json<PersonRow>> {
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    tx.people().lock().await?;
    let before = tx.people().get(&id).await?;
    check(&mut tx, &form, false).await?;
    let team = team(&app, &mut tx, &form).await?;
    let shown = form.name.trim().to_owned();
    let person = Person { shown, team, operator: form.operator, disabled: form.disabled, ..before.clone() };
    let owned = tx.people().viewer(&before).await?.owns;
    let owns: BTreeSet<_> = form.owns.iter().cloned().collect();
    if (&person, &owns) != (&before, &owned) {
        tx.people().save(&person, form.version).await?;
        tx.people().set_owns(&id, &owns).await?;
        somebody_operates(&mut tx).await?;
        if person.disabled && !before.disabled {
            tx.sessions().end_all(&id).await?;
        }
        let happened = match (before.disabled, person.disabled) {
            (false, true) => |login| Happened::PersonDisabled { login },
            (true, false) => |login| Happened::PersonEnabled { login },
            _ => |login| Happened::PersonChanged { login },
        };
        log(&mut tx, &by.person.id, &person, happened);
        tx.commit(now).await?;
    }
    let mut tx = app.store.read().await?;
    Ok(Json(row(&mut tx, &id).await?))
}

/// Gives a team another name; wherever it stands it is called so at once.
pub async fn rename_team(
    State(app): State<AppState>,
    Operator(by): Operator,
    Path(id): Path<TeamId>,
    Json(TeamForm { name, was }): Json<TeamForm>,
) -> Answer<Json<Team>> {
    let name = name.trim().to_owned();
    match name.chars().count() {
        0 => return Err(Failure::field("name", "missing")),
        length if length > NAME_MAX => return Err(Failure::field("name", "long")),
        _ => {}
    }
    let mut tx = app.store.begin().await?;
    if !tx.people().teams().await?.iter().any(|(known, _)| *known == id) {
        return Err(Failure::not_found());
    }
    tx.people().rename_team(&id, &was, &name).await.map_err(|problem| match problem {
        StoreError::Taken { .. } => Failure::field("name", "team_taken"),
        problem => problem.into(),
    })?;
    if name != was {
        let renamed = Happened::TeamRenamed { was, name: name.clone() };
        tx.log(Change::of(Topic::Person, &id, Actor::Person(by.person.id.clone()), renamed));
        tx.commit(app.clock.now()).await?;
    }
    Ok(Json(Team { id, name }))
}

/// Makes the link by which a person sets a new password. The one before does not work any more.
pub async fn link(
    State(app): State<AppState>,
    Operator(by): Operator,
    Path(id): Path<PersonId>,
) -> Answer<Json<PasswordLink>> {
    let mut tx = app.store.begin().await?;
    let person = tx.people().get(&id).await?;
    log(&mut tx, &by.person.id, &person, |login| Happened::PasswordLinked { login });
    Ok(Json(linked(&app, tx, &id).await?))
}

async fn linked(app: &AppState, mut tx: Tx, id: &PersonId) -> Answer<PasswordLink> {
    let (token, now) = (token(), app.clock.now());
    let until = now.plus(LINK);
    tx.people().link(id, &hash_of(&token), until).await?;
    let person = row(&mut tx, id).await?;
    tx.commit(now).await?;
    Ok(PasswordLink { person, token, until })
}

/// Sets one's password by a link, ends all other sessions, and signs in.
pub async fn set_password(
    State(app): State<AppState>,
    extensions: Extensions,
    headers: HeaderMap,
    jar: CookieJar,
    Json(form): Json<NewPassword>,
) -> Answer<(CookieJar, Json<api::me::Me>)> {
    let limit = |seconds| Failure::new(Code::TooMany).retry_after(seconds);
    let link = hash_of(&form.token);
    app.guard.try_once(&link, address(&extensions)).map_err(limit)?;
    let secret = form.password.into();
    if let Some(code) = password::wrong(&secret) {
        return Err(Failure::field("password", code));
    }
    let hash = password::hash(secret).await?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let spent = || Failure::new(Code::PasswordLink);
    let id = tx.people().spend_link(&link, now).await?.ok_or_else(spent)?;
    let person = tx.people().get(&id).await?;
    if person.disabled {
        return Err(spent());
    }
    tx.people().set_password(&id, &hash).await?;
    tx.sessions().end_all(&id).await?;
    log(&mut tx, &id, &person, |login| Happened::PasswordSet { login });
    tx.commit(now).await?;
    open(&app, person, &headers, jar).await
}

fn log(tx: &mut Tx, by: &PersonId, person: &Person, happened: fn(String) -> Happened) {
    tx.log(Change::of(Topic::Person, &person.id, Actor::Person(by.clone()), happened(person.login.clone())));
}

async fn check(tx: &mut Tx, form: &PersonForm, bad_login: bool) -> Answer<()> {
    let mut errors = Vec::new();
    let mut say = |field: &str, code: &str| {
        errors.push(FieldProblem { field: field.into(), code: code.into(), said: None });
    };
    if bad_login {
        say("login", "bad");
    }
    match form.name.trim().chars().count() {
        0 => say("name", "missing"),
        length if length > NAME_MAX => say("name", "long"),
        _ => {}
    }
    if form.team.trim().chars().count() > NAME_MAX {
        say("team", "long");
    }
    let known: BTreeSet<SourceId> = tx.sources().all().await?.into_iter().map(|source| source.id).collect();
    if form.owns.iter().any(|source| !known.contains(source)) {
        say("owns", "unknown");
    }
    if errors.is_empty() { Ok(()) } else { Err(Failure::fields(errors)) }
}

async fn team(app: &AppState, tx: &mut Tx, form: &PersonForm) -> Answer<Option<domain::ids::TeamId>> {
    match form.team.trim() {
        "" => Ok(None),
        name => Ok(Some(tx.people().team(&app.ids.team(), name).await?)),
    }
}

/// Refuses a change after which nobody operates any more.
async fn somebody_operates(tx: &mut Tx) -> Answer<()> {
    let left = tx.people().kept().await?;
    let operates = |kept: &Kept| kept.person.operator && !kept.person.disabled && kept.has_password;
    if left.iter().any(operates) { Ok(()) } else { Err(Failure::field("operator", "last_operator")) }
}

async fn rows(tx: &mut Tx) -> Answer<Vec<PersonRow>> {
    let mut owns: BTreeMap<PersonId, Vec<SourceId>> = BTreeMap::new();
    for (source, person) in tx.people().owning().await? {
        owns.entry(person).or_default().push(source);
    }
    let teams: BTreeMap<_, _> = tx.people().teams().await?.into_iter().collect();
    let row = |Kept { person, version, has_password }: Kept| PersonRow {
        form: PersonForm {
            login: person.login,
            name: person.shown,
            team: person.team.and_then(|team| teams.get(&team).cloned()).unwrap_or_default(),
            operator: person.operator,
            disabled: person.disabled,
            owns: owns.get(&person.id).cloned().unwrap_or_default(),
            version,
        },
        id: person.id,
        can_sign_in: has_password,
    };
    Ok(tx.people().kept().await?.into_iter().map(row).collect())
}

async fn row(tx: &mut Tx, id: &PersonId) -> Answer<PersonRow> {
    rows(tx).await?.into_iter().find(|row| row.id == *id).ok_or_else(Failure::not_found)
}
