//! The card on which one decides, also after it was decided: then without anything that waits.

use std::collections::BTreeSet;

use api::Read;
use api::inbox::{Before, Card, CardTable};
use axum::extract::State;
use domain::ids::RequestId;
use domain::request::Request;
use domain::said::Said;
use domain::tier::{MINUTES_EVERY, Tier};
use domain::time::DAY;

use super::facts::{Known, look_at, mine, personal, row, weigh};
use crate::http::caller::Caller;
use crate::http::input::{Json, Path};
use crate::http::problem::{Answer, Failure};
use crate::http::requests::get::{alike, seen, view_of};
use crate::http::views::Context;
use crate::state::AppState;
use crate::store::Tx;
use crate::store::items::ItemRecord;

/// Names of tables in a sentence.
const NAMED: usize = 3;
/// How far back earlier decisions are looked up.
const BEFORE: i64 = 90 * DAY;

/// The card of one request.
pub async fn card(State(app): State<AppState>, by: Caller, Path(id): Path<RequestId>) -> Answer<Json<Read<Card>>> {
    let mut tx = app.store.read().await?;
    let (request, records) = seen(&mut tx, &by, &id).await?;
    let context = Context::load(&app, &mut tx).await?;
    let known = tx.tables().of_request(&id).await?;
    let mine: Vec<_> = mine(&context, &by, &records).collect();
    if mine.is_empty() {
        return Err(Failure::not_found());
    }
    let tables = tables(&context, &mine, &known);
    let copies = mine.iter().any(|record| record.item.kind.reads().is_none());
    let inbox: Vec<_> = tx.requests().inbox(&by.viewer).await?.into_iter().map(|request| request.id).collect();
    let place = inbox.iter().position(|other| *other == id);
    let at = |place: Option<usize>| place.and_then(|place| inbox.get(place)).map(|id| id.as_str().to_owned());
    let alike = alike(&mut tx, &context, &id).await?;
    let waits = weigh(&context, &by, &records, &known).map(|weight| row(&context, &request, &alike, weight));
    let thing = Card {
        view: view_of(&mut tx, &by, &context, &request, &alike).await?,
        personal: personal(mine.iter().copied(), &known),
        readers: context.readers(&request),
        brought: brought(&context, &mine),
        load: Said::new(if copies { "card.load" } else { "card.load.read" }),
        load_now: load_now(&mut tx, &mine).await?,
        cost: match request.asked.tier {
            _ if !copies => Said::new("card.cost.read"),
            Tier::Daily => Said::new("card.cost.daily"),
            Tier::Minutes => Said::new("card.cost.minutes").span("span", MINUTES_EVERY),
        },
        before: before(&mut tx, &context, &request).await?,
        counted_at: known.values().map(|table| table.counted_at).min(),
        next: match place {
            Some(place) => at(Some(place + 1)),
            None => at(Some(0)),
        },
        previous: at(place.and_then(|place| place.checked_sub(1))),
        place: place.map(|place| (place as u64 + 1, inbox.len() as u64)),
        waits,
        tables,
    };
    let seq = tx.changes().newest().await?;
    Ok(Json(Read { thing, seq, now: context.now }))
}

/// The tables, those to look at first.
fn tables(context: &Context, mine: &[&ItemRecord], known: &Known) -> Vec<CardTable> {
    let table = |record: &&ItemRecord| {
        let known = known.get(&record.item.id);
        CardTable {
            item: context.item(record),
            rows: known.and_then(|table| table.rows),
            bytes: known.and_then(|table| table.bytes),
            look_at: look_at(context, record, known),
        }
    };
    let mut tables: Vec<_> = mine.iter().map(table).collect();
    tables.sort_by_key(|table| table.look_at.is_empty());
    tables
}

/// Which tables others bring already: they are not copied again, the requester is let in to read them.
fn brought(context: &Context, mine: &[&ItemRecord]) -> Option<Said> {
    let reads: Vec<_> = mine.iter().filter(|record| record.item.kind.reads().is_some()).collect();
    let tables: Vec<_> = reads.iter().take(NAMED).map(|record| record.item.table.table.to_string()).collect();
    let who = reads.iter().filter_map(|record| record.brought.as_ref()).map(|brought| context.name(&brought.by));
    let who: BTreeSet<_> = who.collect();
    let said = Said::new("card.brought").count("n", reads.len() as u64).text("tables", tables.join(", "));
    (!reads.is_empty()).then(|| said.text("who", who.into_iter().collect::<Vec<_>>().join(", ")))
}

/// What the sources bear already.
async fn load_now(tx: &mut Tx, mine: &[&ItemRecord]) -> Answer<Said> {
    let sources: BTreeSet<_> = mine.iter().map(|record| record.item.source.clone()).collect();
    let (mut kept, mut copying) = (0, 0);
    for source in &sources {
        let (of_source, now) = tx.items().load_of_source(source).await?;
        kept += of_source;
        copying += now;
    }
    Ok(Said::new("card.load.now").count("n", kept).count("copying", copying))
}

/// How the same team and the same tables were decided about before.
async fn before(tx: &mut Tx, context: &Context, request: &Request) -> Answer<Vec<Before>> {
    let since = context.now.plus(-BEFORE);
    let mut before = Vec::new();
    if let Some(team) = &request.team {
        let (let_in, of) = tx.items().decided_of_team(team, &request.id, since).await?;
        if of > 0 {
            let said = Said::new("before.team").count("let_in", let_in).count("of", of);
            before.push(Before { table: None, said });
        }
    }
    for (table, dropped, of) in tx.items().dropped_before(&request.id, since).await? {
        let said = Said::new("before.dropped").count("dropped", dropped).count("of", of);
        before.push(Before { table: Some(table), said });
    }
    Ok(before)
}
