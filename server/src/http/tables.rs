//! Tables of the sources: find them, see their columns.

use std::collections::{BTreeMap, BTreeSet};

use api::tables::{Choices, ColumnView, RouteChoice, SourceChoice, TableRow, TableView, Taken};
use axum::extract::State;
use domain::cause::{Cause, CauseCode};
use domain::check::loss_key;
use domain::column::{Column, TableShape};
use domain::ids::SourceId;
use domain::name::TableName;
use domain::personal::looks_personal;
use domain::rights::{Thing, Verb, may};
use domain::route::Route;
use domain::said::Said;
use domain::time::Millis;

use super::caller::Caller;
use super::input::{Json, Path};
use super::problem::{Answer, Failure};
use super::views::{Context, thing_of, thing_read};
use crate::outside::gigabytes;
use crate::search::follow::counts;
use crate::state::AppState;
use crate::store::Tx;
use crate::store::items::ItemRecord;
use crate::store::sources::Source;
use crate::store::tables::Table;

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
    let names = [(source.clone(), name)];
    let brought = brought(&app, &mut tx, &by, &names).await?;
    let owners = context.owner_names(&source);
    let source = context.sources.iter().find(|known| known.id == source);
    let row = row(source, &table, &brought);
    let retired = source.and_then(|source| context.retired(source));
    let row = TableRow { blocked: retired.or(row.blocked), ..row };
    Ok(Json(TableView { row, columns: columns(&table.shape), owners }))
}

/// Sources and routes one may choose from.
pub async fn choices(State(app): State<AppState>, by: Caller) -> Answer<Json<Choices>> {
    let mut tx = app.store.read().await?;
    let context = Context::load(&app, &mut tx).await?;
    let standings = tx.readings().all().await?;
    let counts = counts(&app, &mut tx, &context.sources, &standings).await?;
    let reading = |source: &SourceId| {
        let standing = standings.iter().find(|standing| standing.source == *source)?;
        standing.begun_at.or(standing.wanted_at)
    };
    let (retired, used): (Vec<_>, Vec<_>) = context
        .sources
        .iter()
        .filter(|source| may_find(&by, &context, &source.id))
        .partition(|source| source.retired.is_some());
    let sources = used
        .into_iter()
        .map(|source| SourceChoice {
            id: source.id.clone(),
            name: source.name.clone(),
            tables: counts.get(&source.id).copied().unwrap_or_default(),
            read_at: source.read_at,
            trouble: source.trouble.clone(),
            owners: context.owner_names(&source.id),
            reading: reading(&source.id),
            may_read: may(&by.viewer, Verb::Tend, Thing::Source(&source.id)),
        })
        .collect();
    let route =
        |route: &Route| RouteChoice { id: route.id.clone(), name: route.name.clone(), tiers: route.tiers.clone() };
    let routes = context.routes.iter().filter(|route| !route.closed).map(route).collect();
    let retired = retired.into_iter().map(|source| source.name.clone()).collect();
    Ok(Json(Choices { sources, retired, routes }))
}

/// Whether a caller may find a source's tables.
pub fn may_find(by: &Caller, context: &Context, source: &SourceId) -> bool {
    let Some(found) = context.sources.iter().find(|known| known.id == *source) else { return false };
    may(&by.viewer, Verb::FindTable, Thing::Table { source, closed: found.closed })
}

/// Who brings a table already, by source and name.
pub type Brought = BTreeMap<(SourceId, TableName), Taken>;

/// Who brings these tables already, as the caller may know it.
pub async fn brought(app: &AppState, tx: &mut Tx, by: &Caller, tables: &[(SourceId, TableName)]) -> Answer<Brought> {
    let living = tx.items().living_of(tables).await?;
    if living.is_empty() {
        return Ok(Brought::new());
    }
    let context = Context::load(app, tx).await?;
    let readers = tx.items().readers(&by.viewer).await?;
    let requests: BTreeSet<_> = living.iter().map(|record| record.item.request.clone()).collect();
    let numbers = tx.requests().numbers(&requests).await?;
    let taken = |record: &ItemRecord| {
        let row = context.item(record);
        let request = &record.item.request;
        let number = numbers.get(request).copied().unwrap_or_default();
        Taken {
            item: row.id,
            state: row.state,
            target: row.target,
            request: may(&by.viewer, Verb::SeeRequest, thing_of(record))
                .then(|| (request.clone(), format!("R-{number}"))),
            who: context.name(&record.item.requester),
            may_read: may(&by.viewer, Verb::SeeRows, thing_read(record, &readers)),
            as_of: row.as_of,
        }
    };
    Ok(living.iter().map(|record| ((record.item.source.clone(), record.item.table.clone()), taken(record))).collect())
}

/// A table of the store as it travels.
pub fn row(source: Option<&Source>, table: &Table, brought: &Brought) -> TableRow {
    let read_at = source.and_then(|source| source.read_at).unwrap_or(Millis(0));
    TableRow {
        source: table.source.clone(),
        source_name: source.map(|source| source.name.clone()).unwrap_or_default(),
        table: table.shape.name.clone(),
        comment: table.shape.comment.clone(),
        columns: u32::try_from(table.shape.columns.len()).unwrap_or(u32::MAX),
        rows: table.rows,
        bytes: table.bytes,
        // What is as before was not written again, but it was read.
        counted_at: read_at.max(table.counted_at),
        keyed: !table.shape.primary_key.is_empty(),
        blocked: blocked(table).map(|cause| cause.said),
        taken: brought.get(&(table.source.clone(), table.shape.name.clone())).cloned(),
    }
}

/// Why a table cannot be asked for: a column that the lake cannot hold, or more bytes than the engine copies.
pub fn blocked(table: &Table) -> Option<Cause> {
    let column = table.shape.columns.iter().find(|column| column.lake_type.is_none());
    refused(column.map(|column| (column.name.as_str(), column.source_type.as_str())), table.bytes)
}

/// The same, of the first column that the lake cannot hold, and the bytes.
pub fn refused(column: Option<(&str, &str)>, bytes: Option<u64>) -> Option<Cause> {
    if let Some((column, kind)) = column {
        return Some(Cause::new(CauseCode::TypeRefused).text("column", column).text("type", kind));
    }
    let bytes = bytes.filter(|bytes| *bytes > lake::LIMIT_BYTES)?;
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
        loss: column.loss.map(|loss| Said::new(loss_key(loss))),
        personal: looks_personal(column.name.as_str(), &column.comment),
    };
    shape.columns.iter().map(view).collect()
}
