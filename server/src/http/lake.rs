//! Tables in the lake: how fresh, proven how, their first rows, and queries to copy.

use std::cmp::Reverse;

use api::lake::{LakePage, LakeRow, LakeTally, LakeView, Query as Copied, Rows};
use api::{Page, Read};
use axum::extract::State;
use domain::change::{Actor, Change, Happened, Topic};
use domain::item::State as ItemState;
use domain::name::TableName;
use domain::personal::looks_personal;
use domain::rights::{Verb, may};
use serde::Deserialize;

use super::caller::Caller;
use super::input::{Json, Path, Query, page_size};
use super::jobs::told::may_see;
use super::problem::{Answer, Failure};
use super::tables::columns;
use super::views::{Context, table_names, thing_of, thing_read};
use crate::state::AppState;
use crate::store::Tx;
use crate::store::items::ItemRecord;

/// Rows of a preview.
const PREVIEW: usize = 20;
/// Lines of a table's history.
const HISTORY: i64 = 20;

/// What a list is narrowed by.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    q: Option<String>,
    part: Option<String>,
    after: Option<String>,
    limit: Option<usize>,
}

/// Tables in the lake that one may see, worst first.
pub async fn list(State(app): State<AppState>, by: Caller, Query(wanted): Query<Wanted>) -> Answer<Json<LakePage>> {
    let mut tx = app.store.read().await?;
    let context = Context::load(&app, &mut tx).await?;
    let readers = tx.items().readers(&by.viewer).await?;
    let mut rows = Vec::new();
    for record in tx.items().in_lake().await? {
        if may(&by.viewer, Verb::SeeRows, thing_read(&record, &readers)) {
            rows.push(lake_row(&app, &mut tx, &context, &record).await?);
        }
    }
    let tally = tally(&rows);
    let words: Vec<_> = wanted.q.as_deref().unwrap_or_default().split_whitespace().map(str::to_lowercase).collect();
    rows.retain(|row| {
        let text = format!("{} {} {} {}", row.item.target, row.item.table, row.item.comment, row.job).to_lowercase();
        words.iter().all(|word| text.contains(word))
            && wanted.part.as_deref().is_none_or(|part| part.is_empty() || bucket(row) == part)
    });
    rows.sort_by_key(|row| (worst(row), Reverse(row.late_at.is_some()), row.late_at, row.item.target.to_string()));
    let begin = wanted.after.as_deref().and_then(|after| rows.iter().position(|row| row.item.id.as_str() == after));
    let (begin, size) = (begin.map_or(0, |place| place + 1), page_size(wanted.limit));
    let more = rows.len() > begin + size;
    let rows: Vec<_> = rows.into_iter().skip(begin).take(size).collect();
    let next = rows.last().filter(|_| more).map(|row| row.item.id.as_str().to_owned());
    let seq = tx.changes().newest().await?;
    Ok(Json(LakePage { tally, page: Page { rows, next, seq, now: context.now } }))
}

/// What a row counts as in the lake's sum.
fn bucket(row: &LakeRow) -> &'static str {
    match row.item.state.as_str() {
        "ready" => "ready",
        "late" => "late",
        "failed" => "failed",
        "paused" => "paused",
        _ => "unknown",
    }
}

fn worst(row: &LakeRow) -> u8 {
    match bucket(row) {
        "failed" => 0,
        "late" => 1,
        "unknown" => 2,
        "paused" => 3,
        _ => 4,
    }
}

fn tally(rows: &[LakeRow]) -> LakeTally {
    let mut tally = LakeTally::default();
    for row in rows {
        match bucket(row) {
            "ready" => tally.ready += 1,
            "late" => tally.late += 1,
            "failed" => tally.failed += 1,
            "paused" => tally.paused += 1,
            _ => tally.unknown += 1,
        }
    }
    tally
}

async fn lake_row(app: &AppState, tx: &mut Tx, context: &Context, record: &ItemRecord) -> Answer<LakeRow> {
    let item = &record.item;
    let job = match &item.job {
        Some(job) => tx.jobs().get(job).await?.name,
        None => String::new(),
    };
    let zone = app.config.zone_offset(context.now);
    Ok(LakeRow {
        item: context.item(record),
        tier: item.tier,
        late_at: item.state.proof().map(|proof| item.tier.late_at(proof.read_at, zone)),
        owner: context.person(&item.requester),
        job,
        source: context.source_name(&item.source),
    })
}

/// The record of a table that the caller may see; else it is not there.
async fn seen(tx: &mut Tx, by: &Caller, database: &str, table: &str) -> Answer<ItemRecord> {
    let target = TableName::parse(database, table).map_err(|_| Failure::not_found())?;
    let record = tx.items().of_target(&target).await?.ok_or_else(Failure::not_found)?;
    let readers = tx.items().readers(&by.viewer).await?;
    if may(&by.viewer, Verb::SeeRows, thing_read(&record, &readers)) { Ok(record) } else { Err(Failure::not_found()) }
}

/// One table of the lake.
pub async fn get(
    State(app): State<AppState>,
    by: Caller,
    Path((database, table)): Path<(String, String)>,
) -> Answer<Json<Read<LakeView>>> {
    let mut tx = app.store.read().await?;
    let record = seen(&mut tx, &by, &database, &table).await?;
    let context = Context::load(&app, &mut tx).await?;
    let request = tx.requests().get(&record.item.request).await?;
    let lines = tx.changes().of_item(&record.item.id, HISTORY).await?;
    let names = table_names(std::slice::from_ref(&record));
    let known = tx.tables().get(&record.item.source, &record.item.table).await?;
    let row = lake_row(&app, &mut tx, &context, &record).await?;
    let may_see_job = sees_job(&mut tx, &by, &record).await?;
    let seq = tx.changes().newest().await?;
    drop(tx);
    let item = &record.item;
    // Looked up outside the transaction; away is "not known yet", not a failure of the page.
    let facts = app.outside.lake.facts(&item.target).await.ok().flatten();
    let zone = app.config.zone_offset(context.now);
    // Who was only let in to read learns nothing of the request by which others brought it.
    let shown = may(&by.viewer, Verb::SeeRequest, thing_of(&record));
    let view = LakeView {
        row,
        asked: shown.then(|| (request.id.as_str().to_owned(), format!("R-{}", request.number), request.submitted_at)),
        proof: item.state.proof().cloned(),
        trouble: item.trouble.as_ref().map(|cause| cause.said.clone()),
        trouble_next: item.trouble.as_ref().map(|cause| context.next(cause, &item.source)),
        next_copy: item
            .landed
            .as_ref()
            .filter(|_| item.state.wants_job())
            .map(|landed| item.tier.next_copy(landed.read_at, zone)),
        bytes: facts.map(|facts| (facts.bytes, facts.files)),
        columns: known.map(|table| columns(&table.shape)).unwrap_or_default(),
        history: lines.iter().filter(|_| shown).map(|line| context.line(line, &names)).collect(),
        queries: queries(&item.target, &app.outside.lake.root().display().to_string()),
        may_see_rows: item.landed.is_some(),
        may_tend: may(&by.viewer, Verb::Tend, thing_of(&record)) && !matches!(item.state, ItemState::Retired { .. }),
        may_see_job,
    };
    Ok(Json(Read { thing: view, seq, now: context.now }))
}

/// Whether the caller may see the job that brings a table.
async fn sees_job(tx: &mut Tx, by: &Caller, record: &ItemRecord) -> Answer<bool> {
    let Some(id) = &record.item.job else { return Ok(false) };
    let job = tx.jobs().get(id).await?;
    Ok(may_see(by, &job, &tx.items().of_job(id).await?))
}

/// Its first rows. Each look is a line of the log; columns that look personal are masked.
pub async fn rows(
    State(app): State<AppState>,
    by: Caller,
    Path((database, table)): Path<(String, String)>,
) -> Answer<Json<Rows>> {
    let mut tx = app.store.read().await?;
    let record = seen(&mut tx, &by, &database, &table).await?;
    let known = tx.tables().get(&record.item.source, &record.item.table).await?;
    drop(tx);
    let target = record.item.target.clone();
    if record.item.landed.is_none() {
        return Err(Failure::not_found());
    }
    let preview = app.outside.lake.preview(&target, PREVIEW).await.map_err(|problem| {
        tracing::warn!(table = %target, error = %problem, "rows cannot be shown");
        Failure::new(api::problem::Code::LakeAway).retry_after(60)
    })?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let happened = Happened::RowsSeen { table: target.to_string() };
    let mut line = Change::of(Topic::Lake, &record.item.id, Actor::Person(by.person.id.clone()), happened);
    line.request = Some(record.item.request.clone());
    line.items = vec![record.item.id.clone()];
    tx.log(line);
    tx.commit(now).await?;
    let comment = |column: &str| {
        let shape = known.as_ref().map(|table| &table.shape);
        let found = shape.and_then(|shape| shape.columns.iter().find(|known| known.name.as_str() == column));
        found.map(|column| column.comment.clone()).unwrap_or_default()
    };
    let columns: Vec<String> = preview.columns.iter().map(ToString::to_string).collect();
    let masked: Vec<String> = columns
        .iter()
        .filter(|column| app.config.mask_personal && looks_personal(column, &comment(column)))
        .cloned()
        .collect();
    let rows = preview
        .rows
        .into_iter()
        .map(|row| {
            let cell = |(column, cell): (&String, Option<String>)| {
                if masked.contains(column) { cell.map(|_| "•••".to_owned()) } else { cell }
            };
            columns.iter().zip(row).map(cell).collect()
        })
        .collect();
    Ok(Json(Rows { table: target, columns, rows, masked, snapshot: preview.snapshot_id, at: preview.at }))
}

/// Queries to copy, for the tools that read Paimon.
fn queries(target: &TableName, warehouse: &str) -> Vec<Copied> {
    let quoted = |quote: char| {
        let name = |text: &str| format!("{quote}{}{quote}", text.replace(quote, &format!("{quote}{quote}")));
        format!("{}.{}", name(target.database.as_str()), name(target.table.as_str()))
    };
    let (ticked, double) = (quoted('`'), quoted('"'));
    let path = warehouse.replace('\'', "''");
    let query = |tool: &str, text: String| Copied { tool: tool.into(), text };
    vec![
        query("Spark", format!("SELECT * FROM paimon.{ticked} LIMIT 100;")),
        query(
            "Flink",
            format!(
                "CREATE CATALOG lake WITH ('type' = 'paimon', 'warehouse' = '{path}');\nSELECT * FROM lake.{ticked} LIMIT 100;"
            ),
        ),
        query("Trino", format!("SELECT * FROM paimon.{double} LIMIT 100;")),
        query(
            "StarRocks",
            format!(
                "CREATE EXTERNAL CATALOG lake PROPERTIES (\"type\" = \"paimon\", \"paimon.catalog.type\" = \"filesystem\", \"paimon.catalog.warehouse\" = \"{warehouse}\");\nSELECT * FROM lake.{ticked} LIMIT 100;"
            ),
        ),
        query("Hive", format!("SELECT * FROM {ticked} LIMIT 100;")),
    ]
}
