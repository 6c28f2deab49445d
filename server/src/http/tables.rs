//! Tables of the sources: find them, see their columns.

use std::collections::BTreeMap;

use api::Page;
use api::tables::{Choices, ColumnView, RouteChoice, SourceChoice, TableRow, TableView, Taken};
use axum::extract::State;
use domain::cause::{Cause, CauseCode};
use domain::column::{Column, TableShape};
use domain::ids::SourceId;
use domain::name::TableName;
use domain::rights::{Thing, Verb, may};
use domain::said::Said;
use domain::types::Loss;
use serde::Deserialize;

use super::caller::Caller;
use super::input::{Json, Path, Query, page_size};
use super::problem::{Answer, Failure};
use super::views::{Context, thing_of};
use crate::outside::gigabytes;
use crate::state::AppState;
use crate::store::Tx;
use crate::store::items::ItemRecord;
use crate::store::tables::{Search, Table};

/// What a list is narrowed by.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    q: Option<String>,
    source: Option<String>,
    after: Option<String>,
    limit: Option<usize>,
}

/// Tables one may find, in the order of database and name.
pub async fn list(
    State(app): State<AppState>,
    by: Caller,
    Query(wanted): Query<Wanted>,
) -> Answer<Json<Page<TableRow>>> {
    let size = page_size(wanted.limit);
    let mut tx = app.store.read().await?;
    let context = Context::load(&app, &mut tx).await?;
    let taken = living(&mut tx, &context).await?;
    let mut search = search_of(&wanted, size)?;
    let mut rows = Vec::new();
    let next = loop {
        let found = tx.tables().list(&search).await?;
        let full = i64::try_from(found.len()).is_ok_and(|found| found == search.limit);
        let last = found.last().map(key_of);
        rows.extend(
            found.iter().filter(|table| may_find(&by, &context, &table.source)).map(|t| row(&by, &context, &taken, t)),
        );
        if !full || rows.len() >= size {
            break if full { last } else { None };
        }
        search.after = last.as_deref().and_then(parse_key);
    };
    let seq = tx.changes().newest().await?;
    Ok(Json(Page { rows, next, seq, now: context.now }))
}

/// One table with its columns.
pub async fn get(
    State(app): State<AppState>,
    by: Caller,
    Path((source, database, table)): Path<(SourceId, String, String)>,
) -> Answer<Json<TableView>> {
    let name = TableName::parse(&database, &table).map_err(|_| Failure::not_found())?;
    let mut tx = app.store.read().await?;
    let context = Context::load(&app, &mut tx).await?;
    if !may_find(&by, &context, &source) {
        return Err(Failure::not_found());
    }
    let table = tx.tables().get(&source, &name).await?.ok_or_else(Failure::not_found)?;
    let taken = living(&mut tx, &context).await?;
    Ok(Json(TableView { row: row(&by, &context, &taken, &table), columns: columns(&table.shape) }))
}

/// Sources and routes one may choose from.
pub async fn choices(State(app): State<AppState>, by: Caller) -> Answer<Json<Choices>> {
    let mut tx = app.store.read().await?;
    let context = Context::load(&app, &mut tx).await?;
    let counts: BTreeMap<_, _> = tx.tables().counts().await?.into_iter().collect();
    let sources = context
        .sources
        .iter()
        .filter(|source| may_find(&by, &context, &source.id))
        .map(|source| SourceChoice {
            id: source.id.clone(),
            name: source.name.clone(),
            tables: counts.get(&source.id).copied().unwrap_or_default(),
            read_at: source.read_at,
            trouble: source.trouble.clone(),
            owners: context.owner_names(&source.id),
        })
        .collect();
    let route = |route: &crate::store::sources::Route| RouteChoice {
        id: route.id.clone(),
        name: route.name.clone(),
        tiers: route.tiers.clone(),
    };
    Ok(Json(Choices { sources, routes: context.routes.iter().map(route).collect() }))
}

/// Whether a caller may find a source's tables.
pub fn may_find(by: &Caller, context: &Context, source: &SourceId) -> bool {
    let Some(found) = context.sources.iter().find(|known| known.id == *source) else { return false };
    may(&by.viewer, Verb::FindTable, Thing::Table { source, closed: found.closed })
}

fn search_of(wanted: &Wanted, size: usize) -> Answer<Search> {
    let source = match wanted.source.as_deref().filter(|source| !source.is_empty()) {
        Some(source) => Some(source.parse().map_err(|_| Failure::bad_input("source"))?),
        None => None,
    };
    let after = match wanted.after.as_deref() {
        Some(after) => Some(parse_key(after).ok_or_else(|| Failure::bad_input("after"))?),
        None => None,
    };
    let words = wanted.q.as_deref().unwrap_or_default().split_whitespace().take(3).map(str::to_owned).collect();
    Ok(Search { words, source, after, limit: i64::try_from(size).expect("a page is small") })
}

fn key_of(table: &Table) -> String {
    format!("{}/{}/{}", table.shape.name.database, table.shape.name.table, table.source)
}

fn parse_key(key: &str) -> Option<(String, String, String)> {
    let mut parts = key.splitn(3, '/').map(str::to_owned);
    Some((parts.next()?, parts.next()?, parts.next()?))
}

/// Living items by what they bring, each with the number of its request.
type Living = BTreeMap<(SourceId, TableName), (ItemRecord, i64)>;

/// All living items by what they bring.
async fn living(tx: &mut Tx, context: &Context) -> Answer<Living> {
    let numbers: BTreeMap<_, _> = tx.requests().numbers_of_living().await?.into_iter().collect();
    let mut living = Living::new();
    for source in &context.sources {
        for record in tx.items().living_of_source(&source.id).await? {
            let number = numbers.get(&record.item.request).copied().unwrap_or_default();
            living.insert((record.item.source.clone(), record.item.table.clone()), (record, number));
        }
    }
    Ok(living)
}

fn row(by: &Caller, context: &Context, living: &Living, table: &Table) -> TableRow {
    let taken = living.get(&(table.source.clone(), table.shape.name.clone()));
    TableRow {
        source: table.source.clone(),
        source_name: context.source_name(&table.source),
        table: table.shape.name.clone(),
        comment: table.shape.comment.clone(),
        columns: u32::try_from(table.shape.columns.len()).unwrap_or(u32::MAX),
        rows: table.rows,
        bytes: table.bytes,
        counted_at: table.counted_at,
        keyed: !table.shape.primary_key.is_empty(),
        blocked: blocked(table).map(|cause| cause.said),
        taken: taken.map(|(record, number)| {
            let row = context.item(record);
            Taken {
                item: row.id,
                state: row.state,
                target: row.target,
                request: may(&by.viewer, Verb::SeeRequest, thing_of(record))
                    .then(|| (record.item.request.clone(), format!("R-{number}"))),
                who: context.name(&record.item.requester),
                as_of: row.as_of,
            }
        }),
    }
}

/// Why a table cannot be asked for: a column that the lake cannot hold, or more bytes than the engine copies.
pub fn blocked(table: &Table) -> Option<Cause> {
    if let Some(refused) = table.shape.columns.iter().find(|column| column.lake_type.is_none()) {
        let cause = Cause::new(CauseCode::TypeRefused);
        return Some(cause.text("column", &refused.name).text("type", &refused.source_type));
    }
    let bytes = table.bytes.filter(|bytes| *bytes > lake::LIMIT_BYTES)?;
    let (size, limit) = (gigabytes(bytes), gigabytes(lake::LIMIT_BYTES));
    Some(Cause::new(CauseCode::TooBig).text("size", size).text("limit", limit))
}

/// Columns with their types on both sides.
pub fn columns(shape: &TableShape) -> Vec<ColumnView> {
    let view = |column: &Column| ColumnView {
        name: column.name.to_string(),
        source_type: column.source_type.clone(),
        lake_type: column.lake_type.map(|kind| kind.paimon()),
        comment: column.comment.clone(),
        key: shape.primary_key.contains(&column.name),
        loss: column.loss.map(loss),
    };
    shape.columns.iter().map(view).collect()
}

/// What is lost, as a sentence.
pub fn loss(loss: Loss) -> Said {
    Said::new(match loss {
        Loss::DecimalAsText => "loss.decimal_as_text",
        Loss::SpatialAsText => "loss.spatial_as_text",
        Loss::TimeCut => "loss.time_cut",
        Loss::KeptAsText => "loss.kept_as_text",
    })
}
