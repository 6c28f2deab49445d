//! Signing in and out, one's sessions, and the first operator.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use api::Read;
use api::me::{DemoPerson, Gate, Me, SessionView, Setup, SignIn};
use api::problem::{Code, FieldProblem};
use axum::extract::{ConnectInfo, State};
use axum::http::{Extensions, HeaderMap, StatusCode, header};
use axum_extra::extract::CookieJar;
use domain::change::{Actor, Change, Happened, Topic};
use domain::ids::SessionId;
use domain::person::{Person, Viewer, login};

use super::caller::{Caller, cookie, hash_of, token};
use super::input::{Json, Path};
use super::password;
use super::problem::{Answer, Failure};
use super::views::Context;
use crate::state::AppState;
use crate::store::Tx;
use crate::store::sessions::Session;

/// The version people see.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What anybody may know before signing in.
pub async fn gate(State(app): State<AppState>) -> Answer<Json<Gate>> {
    let mut tx = app.store.read().await?;
    let empty = tx.people().count().await? == 0;
    let mut people = Vec::new();
    if app.config.demo {
        let owners = tx.sources().owners().await?;
        for person in tx.people().all().await?.into_iter().filter(|person| !person.disabled) {
            let owns = owners.iter().any(|(_, owner, _)| *owner == person.id);
            let role = if person.operator {
                "operator"
            } else if owns {
                "approver"
            } else {
                "requester"
            };
            people.push(DemoPerson { login: person.login, name: person.shown, role: role.into() });
        }
    }
    Ok(Json(Gate { demo: app.config.demo, people, empty, version: VERSION.into() }))
}

/// Signs in: one wrong-message for both fields, and a limit on guessing.
pub async fn sign_in(
    State(app): State<AppState>,
    extensions: Extensions,
    headers: HeaderMap,
    jar: CookieJar,
    Json(form): Json<SignIn>,
) -> Answer<(CookieJar, Json<Me>)> {
    let name = login(&form.login).unwrap_or_default();
    app.guard
        .try_once(&name, address(&extensions))
        .map_err(|seconds| Failure::new(Code::TooMany).retry_after(seconds))?;
    let found = app.store.read().await?.people().by_login(&name).await?;
    let hash = found.as_ref().map(|(_, hash)| hash.clone());
    let fits = password::fits(form.password.into(), hash).await?;
    match found {
        Some((person, _)) if fits && !person.disabled => open(&app, person, &headers, jar).await,
        _ => Err(Failure::new(Code::WrongPassword)),
    }
}

/// Opens a session and answers who is signed in.
pub async fn open(
    app: &AppState,
    person: Person,
    headers: &HeaderMap,
    jar: CookieJar,
) -> Answer<(CookieJar, Json<Me>)> {
    let now = app.clock.now();
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let session = Session {
        id: app.ids.session(),
        person: person.id.clone(),
        created_at: now,
        used_at: now,
        agent: agent.chars().take(200).collect(),
    };
    let token = token();
    let mut tx = app.store.begin().await?;
    tx.sessions().forget(now.plus(-app.config.session_idle)).await?;
    tx.sessions().open(&session, &hash_of(&token)).await?;
    tx.log(Change::of(Topic::Person, &person.id, Actor::Person(person.id.clone()), Happened::SignedIn));
    let viewer = tx.people().viewer(&person).await?;
    let me = me_of(app, &mut tx, &person, &viewer).await?;
    tx.commit(now).await?;
    Ok((jar.add(cookie(app, token)), Json(me)))
}

/// Ends one's own session.
pub async fn sign_out(State(app): State<AppState>, by: Caller, jar: CookieJar) -> Answer<(StatusCode, CookieJar)> {
    end(&app, &by, &by.session.id).await?;
    Ok((StatusCode::NO_CONTENT, jar.add(cookie(&app, String::new()))))
}

/// Who is signed in.
pub async fn me(State(app): State<AppState>, by: Caller) -> Answer<Json<Read<Me>>> {
    let mut tx = app.store.read().await?;
    let thing = me_of(&app, &mut tx, &by.person, &by.viewer).await?;
    let seq = tx.changes().newest().await?;
    Ok(Json(Read { thing, seq, now: app.clock.now() }))
}

async fn me_of(app: &AppState, tx: &mut Tx, person: &Person, viewer: &Viewer) -> Answer<Me> {
    let inbox = tx.requests().inbox(viewer).await?.len() as u64;
    let on_the_way = tx.items().on_the_way(&person.id).await?;
    let context = Context::load(app, tx).await?;
    Ok(Me {
        person: context.person(&person.id),
        login: person.login.clone(),
        operator: person.operator,
        owns: viewer.owns.iter().cloned().collect(),
        inbox,
        on_the_way,
        version: VERSION.into(),
        demo: app.config.demo,
    })
}

/// One's open sessions.
pub async fn sessions(State(app): State<AppState>, by: Caller) -> Answer<Json<Vec<SessionView>>> {
    let sessions = app.store.read().await?.sessions().of(&by.person.id).await?;
    let view = |session: Session| SessionView {
        this: session.id == by.session.id,
        id: session.id,
        since: session.created_at,
        used: session.used_at,
        agent: session.agent,
    };
    Ok(Json(sessions.into_iter().map(view).collect()))
}

/// Ends one of one's sessions.
pub async fn end_session(State(app): State<AppState>, by: Caller, Path(id): Path<SessionId>) -> Answer<StatusCode> {
    end(&app, &by, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn end(app: &AppState, by: &Caller, id: &SessionId) -> Answer<()> {
    let mut tx = app.store.begin().await?;
    if !tx.sessions().end(&by.person.id, id).await? {
        return Err(Failure::not_found());
    }
    tx.log(Change::of(Topic::Person, &by.person.id, Actor::Person(by.person.id.clone()), Happened::SessionEnded));
    tx.commit(app.clock.now()).await?;
    Ok(())
}

/// Makes the first operator by the one-time link of the log, and signs them in.
pub async fn setup(
    State(app): State<AppState>,
    extensions: Extensions,
    headers: HeaderMap,
    jar: CookieJar,
    Json(form): Json<Setup>,
) -> Answer<(CookieJar, Json<Me>)> {
    let limit = |seconds| Failure::new(Code::TooMany).retry_after(seconds);
    app.guard.try_once("", address(&extensions)).map_err(limit)?;
    let wanted = app.setup.lock().expect("nobody panics while holding it").clone();
    if wanted.is_none_or(|wanted| wanted != hash_of(&form.token)) {
        return Err(Failure::new(Code::SetupLink));
    }
    let secret = form.password.into();
    let mut errors = Vec::new();
    let mut say = |field: &str, code: &str| {
        errors.push(FieldProblem { field: field.into(), code: code.into(), said: None });
    };
    let name = login(&form.login).unwrap_or_default();
    if name.is_empty() {
        say("login", "bad");
    }
    if form.name.trim().is_empty() {
        say("name", "missing");
    }
    if let Some(code) = password::wrong(&secret) {
        say("password", code);
    }
    if !errors.is_empty() {
        return Err(Failure::fields(errors));
    }
    let person = Person {
        id: app.ids.person(),
        login: name,
        shown: form.name.trim().to_owned(),
        team: None,
        operator: true,
        disabled: false,
    };
    add_first(&app, &person, &password::hash(secret).await?).await?;
    open(&app, person, &headers, jar).await
}

async fn add_first(app: &AppState, person: &Person, hash: &str) -> Answer<()> {
    let mut tx = app.store.begin().await?;
    if tx.people().count().await? > 0 {
        return Err(Failure::new(Code::SetupLink));
    }
    tx.people().add(person, hash).await?;
    let added = Happened::PersonAdded { login: person.login.clone() };
    tx.log(Change::of(Topic::Person, &person.id, Actor::Console, added));
    tx.commit(app.clock.now()).await?;
    *app.setup.lock().expect("nobody panics while holding it") = None;
    Ok(())
}

/// The address a call came from; tests that speak to the router directly have none.
pub fn address(extensions: &Extensions) -> IpAddr {
    extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(address)| address.ip())
}
