//! A draft as its writer sees it.

use std::collections::BTreeMap;

use api::drafts::{CartSource, DraftOf, DraftRow, DraftView};
use domain::change::Happened;
use domain::draft::Draft;
use domain::ids::SourceId;
use domain::request::AskedTable;
use domain::route::Naming;

use super::{all_tables, route_of};
use crate::http::caller::Caller;
use crate::http::problem::Answer;
use crate::http::views::Context;
use crate::state::AppState;
use crate::store::Tx;

/// Names in the lake that are shown as examples.
const EXAMPLES: usize = 5;
/// Lines of the log in which the remark of whoever sent it back is looked for.
const REMARK_LINES: i64 = 50;

/// A draft in a list.
pub async fn row(tx: &mut Tx, draft: &Draft) -> Answer<DraftRow> {
    let of = match &draft.of {
        Some(id) => Some((id.clone(), format!("R-{}", tx.requests().get(id).await?.number))),
        None => None,
    };
    Ok(DraftRow {
        id: draft.id.clone(),
        title: draft.contents.title.clone(),
        tables: draft.contents.tables.len() as u64,
        picks: draft.contents.picks.len() as u64,
        of,
        saved_at: draft.saved_at,
        until: draft.until(),
    })
}

/// The whole draft, with all its tables of now.
pub async fn view(app: &AppState, tx: &mut Tx, by: &Caller, context: &Context, draft: &Draft) -> Answer<DraftView> {
    let tables = all_tables(app, tx, by, context, &draft.contents).await?;
    let naming = route_of(context, &draft.contents).map_or_else(|_| Naming::default(), |route| route.naming.clone());
    let target = |each: &AskedTable| naming.target(&context.source_name(&each.source), &each.table);
    let named = |each: &AskedTable| Some((each.table.clone(), target(each).ok()?));
    Ok(DraftView {
        id: draft.id.clone(),
        version: draft.version,
        contents: draft.contents.clone(),
        saved_at: draft.saved_at,
        until: draft.until(),
        ended: draft.ended_at.is_some(),
        of: of(tx, draft).await?,
        cart: cart(tx, by, context, &tables).await?,
        names: tables.iter().filter_map(named).take(EXAMPLES).collect(),
        tables,
    })
}

async fn of(tx: &mut Tx, draft: &Draft) -> Answer<Option<DraftOf>> {
    let Some(id) = &draft.of else { return Ok(None) };
    let number = format!("R-{}", tx.requests().get(id).await?.number);
    let lines = tx.changes().of_request(id, i64::MAX, REMARK_LINES).await?;
    let remark = lines.into_iter().find_map(|line| match line.change.happened {
        Happened::SentBack { comment, .. } => Some(comment),
        _ => None,
    });
    Ok(Some(DraftOf { id: id.clone(), number, comment: remark.unwrap_or_default() }))
}

/// The tables by source, in the order of the sources' names.
async fn cart(tx: &mut Tx, by: &Caller, context: &Context, tables: &[AskedTable]) -> Answer<Vec<CartSource>> {
    let sizes = tx.tables().sizes_among(tables).await?;
    let mut carts: BTreeMap<&SourceId, CartSource> = BTreeMap::new();
    for table in tables {
        let (rows, bytes) = sizes.get(table).copied().unwrap_or_default();
        let cart = carts.entry(&table.source).or_insert_with(|| CartSource {
            source: table.source.clone(),
            name: context.source_name(&table.source),
            tables: 0,
            rows: Some(0),
            bytes: Some(0),
            deciders: context.decider_names(&table.source, &by.person.id),
        });
        let add = |sum: Option<u64>, more: Option<u64>| Some(sum?.saturating_add(more?));
        (cart.tables, cart.rows, cart.bytes) = (cart.tables + 1, add(cart.rows, rows), add(cart.bytes, bytes));
    }
    let mut carts: Vec<_> = carts.into_values().collect();
    carts.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(carts)
}
