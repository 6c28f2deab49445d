//! Asks for tables: frozen, hashed, one item a table; what somebody brings already is linked.

use std::collections::BTreeSet;

use api::problem::FieldProblem;
use api::requests::{Ask, RequestView};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use domain::change::{Actor, Change, Happened};
use domain::ids::ItemId;
use domain::item::{Item, State as ItemState};
use domain::job::target_of;
use domain::request::{Asked, AskedTable, Request};
use domain::said::Said;
use domain::time::Millis;

use super::get::view;
use crate::http::caller::Caller;
use crate::http::input::Json;
use crate::http::problem::{Answer, Failure};
use crate::http::tables::{blocked, may_find};
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
    let (key, hash, now) = (key_of(&headers)?, hash_of(&asked), app.clock.now());
    if let Some(before) = asked_before(&app, &by, &key, &hash).await? {
        return Ok(before);
    }
    let mut tx = app.store.begin().await?;
    check(&app, &mut tx, &by, &asked).await?;
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
    match tx.requests().add(&request, &key).await {
        Ok(()) => {}
        Err(problem @ StoreError::Taken { .. }) => {
            // The twin of a double click was faster by a moment.
            drop(tx);
            return asked_before(&app, &by, &key, &request.hash).await?.ok_or_else(|| problem.into());
        }
        Err(problem) => return Err(problem.into()),
    }
    add_items(&app, &mut tx, &request, now).await?;
    tx.commit(now).await?;
    let mut tx = app.store.read().await?;
    Ok((StatusCode::CREATED, Json(view(&app, &mut tx, &by, &request).await?)))
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
        return Err(Failure::new(api::problem::Code::KeyReused));
    }
    Ok(Some((StatusCode::OK, Json(view(app, &mut tx, by, &before).await?))))
}

fn key_of(headers: &HeaderMap) -> Answer<String> {
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).unwrap_or_default();
    let fine = (8..=100).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if fine { Ok(key.to_owned()) } else { Err(Failure::bad_input("the header Idempotency-Key")) }
}

/// Everything that is wrong with it, at once.
async fn check(app: &AppState, tx: &mut Tx, by: &Caller, asked: &Asked) -> Answer<()> {
    let context = Context::load(app, tx).await?;
    let field = |field: &str, code: &str, said| FieldProblem { field: field.into(), code: code.into(), said };
    let mut errors: Vec<_> = asked.wrong().iter().map(|wrong| field(wrong.field, wrong.code, None)).collect();
    match context.routes.iter().find(|route| route.id == asked.route) {
        None => errors.push(field("route", "unknown", None)),
        Some(route) if !route.tiers.contains(&asked.tier) => errors.push(field("tier", "tier", None)),
        Some(_) => {}
    }
    let mut targets = BTreeSet::new();
    for (place, table) in asked.tables.iter().enumerate() {
        let say = |code: &str| {
            let said = Said::new(format!("field.{code}")).text("table", &table.table);
            field(&format!("tables.{place}"), code, Some(said))
        };
        let found = if may_find(by, &context, &table.source) {
            tx.tables().get(&table.source, &table.table).await?
        } else {
            None
        };
        match found {
            None => errors.push(say("no_such_table")),
            Some(found) => {
                if let Some(cause) = blocked(&found) {
                    let mut problem = say("blocked");
                    let why = format!("why.{}", cause.code.word());
                    problem.said = problem.said.map(|said| said.text("why", why));
                    errors.push(problem);
                }
                if !target_of(&table.table).is_ok_and(|target| targets.insert(target)) {
                    errors.push(say("collision"));
                }
            }
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Failure::fields(errors)) }
}

async fn add_items(app: &AppState, tx: &mut Tx, request: &Request, now: Millis) -> Answer<()> {
    let (mut items, mut linked) = (Vec::new(), 0);
    for (position, asked) in (0..).zip(&request.asked.tables) {
        match tx.items().living(&asked.source, &asked.table, &request.asked.route).await? {
            Some(living) => {
                tx.items().link(&request.id, &living.item.id, position).await?;
                items.push(living.item.id);
                linked += 1;
            }
            None => items.push(add_item(app, tx, request, asked, position, now).await?),
        }
    }
    let tables = items.len() as u64;
    let by = Actor::Person(request.requester.clone());
    tx.log(Change::of_request(&request.id, items, by, Happened::Submitted { tables, linked }));
    Ok(())
}

async fn add_item(
    app: &AppState,
    tx: &mut Tx,
    request: &Request,
    asked: &AskedTable,
    position: i64,
    now: Millis,
) -> Answer<ItemId> {
    let item = Item {
        id: app.ids.item(),
        request: request.id.clone(),
        requester: request.requester.clone(),
        source: asked.source.clone(),
        table: asked.table.clone(),
        route: request.asked.route.clone(),
        target: target_of(&asked.table).map_err(Failure::ours)?,
        tier: request.asked.tier,
        job: None,
        state: ItemState::Submitted { at: now },
        landed: None,
        trouble: None,
        version: 1,
    };
    match tx.items().add(&item, request.team.as_ref(), position).await {
        Ok(()) => Ok(item.id),
        // Another source's table has the same name in the lake.
        Err(StoreError::Taken { .. }) => {
            let said = Some(Said::new("field.collision").text("table", &asked.table));
            let field = format!("tables.{position}");
            Err(Failure::fields(vec![FieldProblem { field, code: "collision".into(), said }]))
        }
        Err(problem) => Err(problem.into()),
    }
}
