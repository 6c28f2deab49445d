//! Asks for tables: frozen, hashed, one item a table; what somebody brings already is linked.

use api::problem::{Code, FieldProblem};
use api::requests::{Ask, RequestView};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use domain::change::{Actor, Change, Happened};
use domain::check::Severity;
use domain::engine::SetUp;
use domain::ids::RequestId;
use domain::item::{Item, Kind, State as ItemState};
use domain::request::{Asked, MOST_TABLES, Request};
use domain::route::Route;
use domain::said::Said;
use domain::time::Millis;

use super::get::view;
use crate::http::caller::Caller;
use crate::http::checks::{Joins, Looked, look};
use crate::http::input::Json;
use crate::http::problem::{Answer, Failure};
use crate::http::views::Context;
use crate::state::AppState;
use crate::store::requests::hash_of;
use crate::store::{StoreError, Tx};

/// Asks for tables. The same key with the same body answers the same request.
pub async fn submit(
    State(app): State<AppState>,
    by: Caller,
    headers: HeaderMap,
    Json(asked): Json<Ask>,
) -> Answer<(StatusCode, Json<RequestView>)> {
    let key = key_of(&headers)?;
    if let Some(before) = asked_before(&app, &by, &key, &hash_of(&asked)).await? {
        return Ok(before);
    }
    let mut tx = app.store.begin().await?;
    let context = Context::load(&app, &mut tx).await?;
    let Some(request) = write(&app, &mut tx, &by, &context, asked.clone(), &key).await? else {
        // The twin of a double click was faster by a moment.
        drop(tx);
        let before = asked_before(&app, &by, &key, &hash_of(&asked)).await?;
        return before.ok_or_else(|| Failure::faster(0));
    };
    tx.commit(request.submitted_at).await?;
    let mut tx = app.store.read().await?;
    Ok((StatusCode::CREATED, Json(view(&app, &mut tx, &by, &request).await?)))
}

/// Checks and writes a request with its items; `None` when the same key made one already.
pub async fn write(
    app: &AppState,
    tx: &mut Tx,
    by: &Caller,
    context: &Context,
    asked: Asked,
    key: &str,
) -> Answer<Option<Request>> {
    let looked = check(tx, by, context, &asked, None).await?;
    let (hash, now) = (hash_of(&asked), context.now);
    let request = Request {
        id: app.ids.request(),
        number: tx.requests().next_number().await?,
        requester: by.person.id.clone(),
        team: by.person.team.clone(),
        hash,
        asked,
        submitted_at: now,
        version: 1,
    };
    match tx.requests().add(&request, key).await {
        Ok(()) => {}
        Err(StoreError::Taken { .. }) => return Ok(None),
        Err(problem) => return Err(problem.into()),
    }
    add_items(app, tx, &request, &looked, now).await?;
    Ok(Some(request))
}

/// The answer to a call whose key came before: the same request for the same contents.
async fn asked_before(
    app: &AppState,
    by: &Caller,
    key: &str,
    hash: &str,
) -> Answer<Option<(StatusCode, Json<RequestView>)>> {
    let mut tx = app.store.read().await?;
    let Some(before) = tx.requests().by_key(&by.person.id, key).await? else { return Ok(None) };
    if before.hash != hash {
        return Err(Failure::new(Code::KeyReused));
    }
    Ok(Some((StatusCode::OK, Json(view(app, &mut tx, by, &before).await?))))
}

/// The key that makes sending something twice once.
pub fn key_of(headers: &HeaderMap) -> Answer<String> {
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).unwrap_or_default();
    let fine = (8..=100).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if fine { Ok(key.to_owned()) } else { Err(Failure::bad_input("the header Idempotency-Key")) }
}

/// The most tables whose problems are spelled out.
const MOST_TOLD: usize = 100;

/// Everything that is wrong with it, at once; else its tables as they were looked at.
pub async fn check(
    tx: &mut Tx,
    by: &Caller,
    context: &Context,
    asked: &Asked,
    of: Option<&RequestId>,
) -> Answer<Vec<Looked>> {
    let field = |field: &str, code: &str, said| FieldProblem { field: field.into(), code: code.into(), said };
    let mut errors: Vec<_> = asked.wrong().iter().map(|wrong| field(wrong.field, wrong.code, None)).collect();
    let route = context.routes.iter().find(|route| route.id == asked.route);
    match route {
        None => errors.push(field("route", "unknown", None)),
        Some(route) if route.closed => errors.push(field("route", "closed", None)),
        Some(route) if !route.tiers.contains(&asked.tier) => errors.push(field("tier", "tier", None)),
        Some(route) => errors.extend(full(tx, route, asked).await?),
    }
    // Where it goes to is not known without a route; what is wrong with the tables themselves is.
    let nowhere = Route::new(asked.route.clone(), "", SetUp::Embedded, Vec::new());
    let many = asked.tables.len() > MOST_TABLES;
    let tables = if many { &[] } else { asked.tables.as_slice() };
    let looked = look(tx, by, context, tables, route.unwrap_or(&nowhere), of).await?;
    let bad =
        looked.iter().enumerate().filter(|(_, each)| each.worst().is_some_and(|worst| worst <= Severity::NotKnown));
    for (place, each) in bad.take(MOST_TOLD) {
        let Some(finding) = each.findings.first() else { continue };
        errors.push(field(&format!("tables.{place}"), code_of(finding.code), Some(finding.said.clone())));
    }
    if errors.is_empty() { Ok(looked) } else { Err(Failure::fields(errors)) }
}

/// Whether more tables would go by a route than it takes.
async fn full(tx: &mut Tx, route: &Route, asked: &Asked) -> Answer<Option<FieldProblem>> {
    let Some(most) = route.limits.most_tables else { return Ok(None) };
    let here = tx.routes().in_use().await?.into_iter().filter(|used| used.route == route.id);
    let living: u64 = here.map(|used| used.living).sum();
    let said = Said::new("field.route_full").count("living", living).count("most", most);
    let full = living + asked.tables.len() as u64 > most;
    Ok(full.then(|| FieldProblem { field: "route".into(), code: "route_full".into(), said: Some(said) }))
}

/// The field's code for a finding that stands in the way.
fn code_of(code: domain::check::Code) -> &'static str {
    use domain::check::Code;
    match code {
        Code::NoSuchTable => "no_such_table",
        Code::NameTwice | Code::NameTaken => "collision",
        _ => "blocked",
    }
}

/// Writes one item a table in as few statements as it takes, links what the requester may see already, and one line of
/// the log.
pub async fn add_items(app: &AppState, tx: &mut Tx, request: &Request, looked: &[Looked], now: Millis) -> Answer<()> {
    let (mut new, mut linked, mut ids) = (Vec::new(), Vec::new(), Vec::with_capacity(looked.len()));
    for (position, each) in (0..).zip(looked) {
        if let Some(Joins::Seen(known)) = &each.joins {
            linked.push((known.clone(), position));
            ids.push(known.clone());
        } else {
            let item = new_item(app, request, each, now)?;
            ids.push(item.id.clone());
            new.push((item, position));
        }
    }
    tx.items().add_all(&new, request.team.as_ref()).await?;
    tx.items().link_all(&request.id, &linked).await?;
    let reads = new.iter().filter(|(item, _)| item.kind.reads().is_some()).count() as u64;
    let (tables, linked) = (ids.len() as u64, linked.len() as u64);
    let by = Actor::Person(request.requester.clone());
    tx.log(Change::of_request(&request.id, ids, by, Happened::Submitted { tables, linked, reads }));
    Ok(())
}

/// The item of a table: it brings it, or where others do it asks to read what they bring.
pub fn new_item(app: &AppState, request: &Request, each: &Looked, now: Millis) -> Answer<Item> {
    let target =
        each.target.clone().ok_or_else(|| Failure::ours("a table without a name in the lake was let through"))?;
    let kind = match &each.joins {
        Some(Joins::Closed(of)) => Kind::Read { of: of.clone() },
        Some(Joins::Seen(_)) | None => Kind::Bring,
    };
    Ok(Item {
        id: app.ids.item(),
        kind,
        request: request.id.clone(),
        requester: request.requester.clone(),
        source: each.asked.source.clone(),
        table: each.asked.table.clone(),
        route: request.asked.route.clone(),
        target,
        tier: request.asked.tier,
        job: None,
        state: ItemState::Submitted { at: now },
        landed: None,
        trouble: None,
        version: 1,
    })
}
