//! The facts of what waits for a decision: how much, what looks personal, what must be opened one by one.

use std::collections::{BTreeMap, BTreeSet};

use api::inbox::{InboxRow, Personal};
use domain::check;
use domain::ids::ItemId;
use domain::item::{Item, State as ItemState};
use domain::personal::looks_personal;
use domain::request::Request;
use domain::said::Said;
use domain::time::Millis;

use crate::http::caller::Caller;
use crate::http::checks::limits;
use crate::http::views::Context;
use crate::outside::gigabytes;
use crate::store::alike::Alike;
use crate::store::items::ItemRecord;
use crate::store::tables::Table;

/// More bytes than this are not let in with others at once.
const MOST_BYTES: u64 = 100_000_000_000;
/// More rows than this are not let in with others at once.
const MOST_ROWS: u64 = 1_000_000_000;
/// Columns named in a fact.
const NAMED: usize = 5;

/// What the catalogue knows of the tables of a request's items.
pub type Known = BTreeMap<ItemId, Table>;

/// The records a caller decides about, or has decided about.
pub fn mine<'r>(
    context: &'r Context,
    by: &'r Caller,
    records: &'r [ItemRecord],
) -> impl Iterator<Item = &'r ItemRecord> {
    records.iter().filter(|record| !record.linked && context.may_decide(by, record))
}

/// What waits for one's decision, weighed.
pub struct Weight {
    tables: u64,
    rows: Option<u64>,
    bytes: Option<u64>,
    since: Millis,
    stands_in: bool,
    personal: u64,
    /// Why it is not let in with others at once.
    pub alone: Option<Said>,
}

/// Weighs what of a request waits for the caller; `None` when nothing does.
pub fn weigh(context: &Context, by: &Caller, records: &[ItemRecord], known: &Known) -> Option<Weight> {
    let submitted = |record: &&ItemRecord| matches!(record.item.state, ItemState::Submitted { .. });
    let mine: Vec<_> = mine(context, by, records).filter(submitted).collect();
    let since = mine.iter().map(|record| record.item.state.since()).min()?;
    // What is only read is no load: nothing of it is copied.
    let copied = || mine.iter().filter(|record| record.item.kind.reads().is_none());
    let sum = |of: fn(&Table) -> Option<u64>| copied().map(|record| known.get(&record.item.id).and_then(of)).sum();
    let (rows, bytes): (Option<u64>, Option<u64>) = (sum(|table| table.rows), sum(|table| table.bytes));
    let personal = personal(mine.iter().copied(), known).tables;
    let of: BTreeSet<_> = mine.iter().map(|record| (&record.item.source, &record.item.requester)).collect();
    Some(Weight {
        tables: mine.len() as u64,
        rows,
        bytes,
        since,
        stands_in: of.iter().any(|(source, requester)| !context.has_decider(source, requester)),
        personal,
        alone: alone(personal, rows, bytes),
    })
}

/// The row of a request that waits for the caller.
pub fn row(context: &Context, request: &Request, alike: &[Alike], weight: Weight) -> InboxRow {
    InboxRow {
        row: context.request(request, alike),
        reason: request.asked.reason.clone(),
        tables: weight.tables,
        rows: weight.rows,
        bytes: weight.bytes,
        since: weight.since,
        until: context.until(&ItemState::Submitted { at: weight.since }),
        stands_in: weight.stands_in,
        personal: weight.personal,
        alone: weight.alone,
    }
}

/// Why it is not let in with others at once: it must be opened.
fn alone(personal: u64, rows: Option<u64>, bytes: Option<u64>) -> Option<Said> {
    if personal > 0 {
        return Some(Said::new("alone.personal").count("n", personal));
    }
    if let Some(bytes) = bytes.filter(|bytes| *bytes > MOST_BYTES) {
        return Some(Said::new("alone.bytes").text("size", gigabytes(bytes)).text("limit", gigabytes(MOST_BYTES)));
    }
    rows.filter(|rows| *rows > MOST_ROWS)
        .map(|rows| Said::new("alone.rows").count("rows", rows).count("limit", MOST_ROWS))
}

/// Columns that look personal, by their names.
pub fn personal<'r>(records: impl IntoIterator<Item = &'r ItemRecord>, known: &Known) -> Personal {
    let mut personal = Personal::default();
    for table in records.into_iter().filter_map(|record| known.get(&record.item.id)) {
        let columns = table.shape.columns.iter();
        let found: Vec<_> = columns.filter(|column| looks_personal(column.name.as_str(), &column.comment)).collect();
        personal.tables += u64::from(!found.is_empty());
        personal.columns += found.len() as u64;
        for column in found {
            let name = column.name.to_string();
            if personal.names.len() < NAMED && !personal.names.contains(&name) {
                personal.names.push(name);
            }
        }
    }
    personal
}

/// What a decider must look at first, in a few words each: what would be found if it were asked for now.
pub fn look_at(context: &Context, record: &ItemRecord, known: Option<&Table>) -> Vec<Said> {
    let item = &record.item;
    if item.kind.reads().is_some() {
        // It is in the lake already: only what it holds is to be weighed.
        let personal = |finding: &check::Finding| finding.code == check::Code::Personal;
        return look(context, item, known).iter().filter(|found| personal(found)).map(check::Finding::brief).collect();
    }
    look(context, item, known).iter().map(check::Finding::brief).collect()
}

fn look(context: &Context, item: &Item, known: Option<&Table>) -> Vec<check::Finding> {
    let source = context.sources.iter().find(|source| source.id == item.source);
    let read = source.is_some_and(|source| source.read_at.is_some());
    let route = context.routes.iter().find(|route| route.id == item.route);
    check::findings(&check::Facts {
        table: &item.table,
        known: match known {
            Some(table) => check::Known::Shape(&table.shape, table.bytes),
            None if read => check::Known::Missing,
            None => check::Known::NotRead,
        },
        retired: source.is_some_and(|source| source.retired.is_some()),
        dialect: check::Dialect::None,
        limits: route.map_or(check::Limits { bytes: None, follows: false }, limits),
        place: check::Place { target: Some(&item.target), ..check::Place::default() },
    })
}
