//! Tables that match: from the index, and from the store while the index is being filled.

use std::time::Instant;

use api::search::{Found, Sums};
use api::tables::TableRow;
use axum::extract::State;
use domain::ids::SourceId;
use domain::name::TableName;
use domain::rights::{Thing, Verb, may};
use domain::search::{Copyable, InLake, Query as Line, Size};
use domain::time::Millis;

use super::Wanted;
use crate::http::caller::Caller;
use crate::http::input::{Json, Query, page_size};
use crate::http::problem::{Answer, Failure};
use crate::http::tables::{Brought, blocked, brought, refused};
use crate::search::Snapshot;
use crate::search::find::{Hit, Key};
use crate::search::follow::reach;
use crate::state::AppState;
use crate::store::sources::Source;
use crate::store::tables::{Search, Table};
use crate::store::{StoreError, Tx};

/// Tables one may find, best first.
pub async fn list(State(app): State<AppState>, by: Caller, Query(wanted): Query<Wanted>) -> Answer<Json<Found>> {
    let (query, size) = (wanted.query()?, page_size(wanted.limit));
    let after = match wanted.after.as_deref() {
        Some(after) => Some(parse(after).ok_or_else(|| Failure::bad_input("after"))?),
        None => None,
    };
    let begun = Instant::now();
    let index = app.search.now();
    let behind = index.is_some() && !reach(&app).await;
    let mut tx = app.store.read().await?;
    let sources = tx.sources().all().await?;
    let mut found = match index.and_then(|_| app.search.now()) {
        Some(index) => from_index(&app, &mut tx, &by, &sources, &index, (&query, after.as_ref(), size)).await?,
        None => from_store(&app, &mut tx, &by, &sources, (&query, after, size)).await?,
    };
    if behind {
        found.filling = Some(app.search.filled());
    }
    found.took = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
    Ok(Json(found))
}

/// Whether a caller may find tables of a source by a search; those of a retired one nobody does.
pub fn sees(by: &Caller, sources: &[Source], source: &SourceId) -> bool {
    let known = sources.iter().find(|known| known.id == *source && known.retired.is_none());
    known.is_some_and(|known| may(&by.viewer, Verb::FindTable, Thing::Table { source, closed: known.closed }))
}

type Asked<'q, K> = (&'q Line, K, usize);

async fn from_index(
    app: &AppState,
    tx: &mut Tx,
    by: &Caller,
    sources: &[Source],
    index: &Snapshot,
    (query, after, size): Asked<'_, Option<&Key>>,
) -> Answer<Found> {
    let found = index.find(query, |source| sees(by, sources, source), after, size);
    let names: Vec<_> = found.hits.iter().map(|hit| (hit.source.clone(), hit.name.clone())).collect();
    let brought = brought(app, tx, by, &names).await?;
    let rows = found.hits.iter().map(|hit| row(sources, hit, &brought)).collect();
    let counts = &found.counts;
    let words = |words: &mut dyn Iterator<Item = &'static str>, counts: &[u64]| -> Vec<_> {
        words.map(str::to_owned).zip(counts.iter().copied()).collect()
    };
    let sums = Sums {
        tables: found.total,
        askable: found.askable.tables,
        rows: found.askable.rows,
        bytes: found.askable.bytes,
        sources: counts.sources.iter().map(|(id, name, n)| ((*id).clone(), (*name).to_owned(), *n)).collect(),
        databases: counts.databases.iter().map(|(name, n)| (name.to_string(), *n)).collect(),
        in_lake: words(&mut InLake::ALL.iter().map(|each| each.word()), &counts.in_lake),
        copyable: words(&mut Copyable::ALL.iter().map(|each| each.word()), &counts.copyable),
        size: words(&mut Size::ALL.iter().map(|each| each.word()), &counts.size),
    };
    Ok(Found {
        rows,
        next: found.next.as_ref().map(written),
        seq: tx.changes().newest().await?,
        now: app.clock.now(),
        sums: Some(sums),
        filling: None,
        took: 0,
    })
}

/// A table of the index as it travels.
pub fn row(sources: &[Source], hit: &Hit<'_>, brought: &Brought) -> TableRow {
    let source = sources.iter().find(|source| source.id == *hit.source);
    let read_at = source.and_then(|source| source.read_at).unwrap_or(Millis(0));
    TableRow {
        source: hit.source.clone(),
        source_name: source.map(|source| source.name.clone()).unwrap_or_default(),
        table: hit.name.clone(),
        comment: hit.entry.comment.to_string(),
        columns: hit.entry.columns,
        rows: hit.entry.rows,
        bytes: hit.entry.bytes,
        counted_at: read_at.max(hit.entry.counted_at),
        keyed: hit.entry.keyed,
        blocked: refused(hit.refused.map(|(column, kind)| (&**column, &**kind)), hit.entry.bytes)
            .map(|cause| cause.said),
        taken: brought.get(&(hit.source.clone(), hit.name.clone())).cloned(),
    }
}

/// While the index is being filled: in the order of names, without sums.
async fn from_store(
    app: &AppState,
    tx: &mut Tx,
    by: &Caller,
    sources: &[Source],
    (query, after, size): Asked<'_, Option<Key>>,
) -> Answer<Found> {
    let by_name =
        |wanted: &String| sources.iter().find(|source| source.id.as_str() == wanted || source.name == *wanted);
    let source = query.source.as_ref().map(by_name);
    let mut found = Found {
        rows: Vec::new(),
        next: None,
        seq: tx.changes().newest().await?,
        now: app.clock.now(),
        sums: None,
        filling: Some(app.search.filled()),
        took: 0,
    };
    if source.is_some_and(|source| source.is_none()) {
        return Ok(found);
    }
    let mut search = Search {
        words: query.words.iter().chain(&query.columns).cloned().collect(),
        source: source.flatten().map(|source| source.id.clone()),
        after: after.map(|key| (key.table.database.to_string(), key.table.table.to_string(), key.source.to_string())),
        limit: i64::try_from(size).expect("a page is small"),
    };
    loop {
        let page = tx.tables().list(&search).await?;
        let full = i64::try_from(page.len()).is_ok_and(|read| read == search.limit);
        let last = page.last().map(|table| (table.source.clone(), table.shape.name.clone()));
        let fitting: Vec<_> =
            page.into_iter().filter(|table| sees(by, sources, &table.source) && fits(query, table)).collect();
        found.rows.extend(rows(app, tx, by, sources, query, fitting).await?);
        let Some((source, table)) = last.filter(|_| full) else { return Ok(found) };
        if found.rows.len() >= size {
            found.next = Some(written(&Key { rank: 0, table, source }));
            return Ok(found);
        }
        search.after = Some((table.database.to_string(), table.table.to_string(), source.to_string()));
    }
}

fn fits(query: &Line, table: &Table) -> bool {
    let copyable = match (blocked(table).is_some(), table.shape.primary_key.is_empty()) {
        (true, _) => Copyable::No,
        (false, true) => Copyable::NoKey,
        (false, false) => Copyable::Yes,
    };
    query.database.as_deref().is_none_or(|database| table.shape.name.database.as_str() == database)
        && query.copyable.is_none_or(|wanted| wanted == copyable)
        && query.size.is_none_or(|wanted| wanted == Size::of(table.rows))
}

async fn rows(
    app: &AppState,
    tx: &mut Tx,
    by: &Caller,
    sources: &[Source],
    query: &Line,
    tables: Vec<Table>,
) -> Answer<Vec<TableRow>> {
    let names: Vec<_> = tables.iter().map(|table| (table.source.clone(), table.shape.name.clone())).collect();
    let brought = brought(app, tx, by, &names).await?;
    let mark = |row: &TableRow| match &row.taken {
        None => InLake::Not,
        Some(taken) if taken.as_of.is_some() => InLake::There,
        Some(_) => InLake::Asked,
    };
    let rows = tables.iter().map(|table| {
        let source = sources.iter().find(|source| source.id == table.source);
        crate::http::tables::row(source, table, &brought)
    });
    Ok(rows.filter(|row| query.in_lake.is_none_or(|wanted| wanted == mark(row))).collect())
}

/// The end of a page as it travels.
fn written(key: &Key) -> String {
    format!("{}/{}/{}/{}", key.rank, key.table.database, key.table.table, key.source)
}

fn parse(text: &str) -> Option<Key> {
    let mut parts = text.splitn(4, '/');
    let rank = parts.next()?.parse().ok()?;
    let table = TableName::parse(parts.next()?, parts.next()?).ok()?;
    Some(Key { rank, table, source: parts.next()?.parse().ok()? })
}

/// All tables that match and can be asked for, best first, at most `most`; `None` while the search is being filled.
///
/// For "select all that can be asked for": the query is kept, and frozen into these names when it is submitted.
pub async fn everything(
    app: &AppState,
    tx: &mut Tx,
    by: &Caller,
    query: &Line,
    most: usize,
) -> Result<Option<Vec<(SourceId, TableName)>>, StoreError> {
    let sources = tx.sources().all().await?;
    Ok(app.search.now().map(|index| index.everything(query, |source| sees(by, &sources, source), most)))
}
