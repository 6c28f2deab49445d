//! What waits for one's decision, and the card on which one decides.

use api::inbox::{Card, CardTable, InboxRow};
use api::{Page, Read};
use axum::extract::State;
use domain::ids::RequestId;
use domain::item::State as ItemState;
use domain::request::Request;
use domain::said::Said;
use domain::tier::{MINUTES_EVERY, Tier};
use domain::time::Millis;

use super::caller::Caller;
use super::input::{Json, Path};
use super::problem::{Answer, Failure};
use super::requests::get::{seen, view};
use super::tables::loss;
use super::views::Context;
use crate::outside::gigabytes;
use crate::state::AppState;
use crate::store::Tx;
use crate::store::items::ItemRecord;
use crate::store::tables::Table;

/// What waits for one's decision, longest waiting first.
pub async fn list(State(app): State<AppState>, by: Caller) -> Answer<Json<Page<InboxRow>>> {
    let mut tx = app.store.read().await?;
    let context = Context::load(&app, &mut tx).await?;
    let mut rows = Vec::new();
    for request in tx.requests().inbox(&by.viewer).await? {
        let records = tx.items().of_request(&request.id).await?;
        rows.extend(waits(&mut tx, &context, &by, &request, &records).await?);
    }
    let seq = tx.changes().newest().await?;
    Ok(Json(Page { rows, next: None, seq, now: context.now }))
}

/// The row of a request that waits for the caller; `None` when it does not.
async fn waits(
    tx: &mut Tx,
    context: &Context,
    by: &Caller,
    request: &Request,
    records: &[ItemRecord],
) -> Answer<Option<InboxRow>> {
    let mine: Vec<_> =
        mine(context, by, records).filter(|record| matches!(record.item.state, ItemState::Submitted { .. })).collect();
    let Some(since) = mine.iter().map(|record| record.item.state.since()).min() else { return Ok(None) };
    let (mut rows, mut bytes) = (Some(0), Some(0));
    for record in &mine {
        let table = tx.tables().get(&record.item.source, &record.item.table).await?;
        let add = |sum: Option<u64>, more: Option<u64>| Some(sum? + more?);
        rows = add(rows, table.as_ref().and_then(|table| table.rows));
        bytes = add(bytes, table.as_ref().and_then(|table| table.bytes));
    }
    Ok(Some(InboxRow {
        row: context.request(request, records),
        reason: request.asked.reason.clone(),
        tables: mine.len() as u64,
        rows,
        bytes,
        since,
        until: context.until(&ItemState::Submitted { at: since }),
        stands_in: mine.iter().any(|record| !context.has_decider(&record.item.source, &record.item.requester)),
    }))
}

fn mine<'r>(context: &'r Context, by: &'r Caller, records: &'r [ItemRecord]) -> impl Iterator<Item = &'r ItemRecord> {
    records.iter().filter(|record| !record.linked && context.may_decide(by, record))
}

/// The card of one request: also after it was decided, then without anything that waits.
pub async fn card(State(app): State<AppState>, by: Caller, Path(id): Path<RequestId>) -> Answer<Json<Read<Card>>> {
    let mut tx = app.store.read().await?;
    let (request, records) = seen(&mut tx, &by, &id).await?;
    let context = Context::load(&app, &mut tx).await?;
    let (mut tables, mut counted_at): (Vec<CardTable>, Option<Millis>) = (Vec::new(), None);
    for record in mine(&context, &by, &records) {
        let table = tx.tables().get(&record.item.source, &record.item.table).await?;
        if let Some(table) = &table {
            counted_at = Some(counted_at.map_or(table.counted_at, |at| at.min(table.counted_at)));
        }
        tables.push(CardTable {
            item: context.item(record),
            rows: table.as_ref().and_then(|table| table.rows),
            bytes: table.as_ref().and_then(|table| table.bytes),
            look_at: table.as_ref().map(look_at).unwrap_or_default(),
        });
    }
    if tables.is_empty() {
        return Err(Failure::not_found());
    }
    tables.sort_by_key(|table| table.look_at.is_empty());
    let inbox: Vec<_> = tx.requests().inbox(&by.viewer).await?.into_iter().map(|request| request.id).collect();
    let place = inbox.iter().position(|other| *other == id);
    let at = |place: Option<usize>| place.and_then(|place| inbox.get(place)).map(|id| id.as_str().to_owned());
    let thing = Card {
        waits: waits(&mut tx, &context, &by, &request, &records).await?,
        view: view(&app, &mut tx, &by, &request).await?,
        tables,
        load: Said::new("card.load"),
        cost: match request.asked.tier {
            Tier::Daily => Said::new("card.cost.daily"),
            Tier::Minutes => Said::new("card.cost.minutes").span("span", MINUTES_EVERY),
        },
        counted_at,
        next: match place {
            Some(place) => at(Some(place + 1)),
            None => at(Some(0)),
        },
        previous: at(place.and_then(|place| place.checked_sub(1))),
        place: place.map(|place| (place as u64 + 1, inbox.len() as u64)),
    };
    let seq = tx.changes().newest().await?;
    Ok(Json(Read { thing, seq, now: context.now }))
}

/// What a decider must look at first.
fn look_at(table: &Table) -> Vec<Said> {
    let mut look = Vec::new();
    if table.shape.primary_key.is_empty() {
        look.push(Said::new("look.no_key"));
    }
    for column in &table.shape.columns {
        if domain::personal::looks_personal(column.name.as_str(), &column.comment) {
            look.push(Said::new("look.personal").text("column", &column.name));
        }
        if column.lake_type.is_none() {
            look.push(Said::new("look.refused").text("column", &column.name).text("type", &column.source_type));
        }
        if let Some(lost) = column.loss {
            look.push(Said::new("look.loss").text("column", &column.name).text("what", loss(lost).key));
        }
    }
    if let Some(bytes) = table.bytes.filter(|bytes| *bytes > lake::LIMIT_BYTES) {
        look.push(Said::new("look.big").text("size", gigabytes(bytes)).text("limit", gigabytes(lake::LIMIT_BYTES)));
    }
    look
}
