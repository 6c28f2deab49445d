//! Which tables a draft holds now: those picked, and those its searches find.

use std::collections::BTreeMap;

use domain::draft::{Contents, Pick};
use domain::paste::{Pattern, Taken};
use domain::request::{AskedTable, MOST_TABLES};
use domain::search::Query;

use crate::http::caller::Caller;
use crate::http::problem::Answer;
use crate::http::search::tables::{everything, sees};
use crate::http::tables::blocked;
use crate::http::views::Context;
use crate::state::AppState;
use crate::store::Tx;
use crate::store::tables::{Search, Table};

/// Tables read at once while searching.
const AT_ONCE: i64 = 1_000;

/// All tables of a draft, each once.
pub async fn all_tables(
    app: &AppState,
    tx: &mut Tx,
    by: &Caller,
    context: &Context,
    contents: &Contents,
) -> Answer<Vec<AskedTable>> {
    let mut found = Vec::new();
    for pick in &contents.picks {
        found.extend(match searched(app, tx, by, pick).await? {
            Some(found) => found,
            None => picked(tx, by, context, pick).await?,
        });
    }
    Ok(contents.all_tables(found))
}

/// What the search itself finds; `None` for a pattern, and while the search is being filled.
async fn searched(app: &AppState, tx: &mut Tx, by: &Caller, pick: &Pick) -> Answer<Option<Vec<AskedTable>>> {
    if !pick.pattern.is_empty() {
        return Ok(None);
    }
    let mut query = Query::parse(&pick.q);
    if let Some(source) = &pick.source {
        query.source = Some(source.as_str().to_owned());
    }
    let found = everything(app, tx, by, &query, MOST_TABLES + 1).await?;
    let asked = |(source, table)| AskedTable { source, table };
    Ok(found.map(|found| found.into_iter().map(asked).collect()))
}

/// The tables that a search finds and that can be asked for; those that somebody brings already are not among them.
async fn picked(tx: &mut Tx, by: &Caller, context: &Context, pick: &Pick) -> Answer<Vec<AskedTable>> {
    let found = if pick.pattern.is_empty() {
        matching(tx, by, context, pick, |_| true).await?
    } else {
        let mut found = Vec::new();
        for pattern in Pattern::all(&pick.pattern) {
            found.extend(like(tx, by, context, &pattern).await?);
        }
        found
    };
    let free: Vec<AskedTable> = found.iter().filter(|table| blocked(table).is_none()).map(name_of).collect();
    let taken = tx.items().brought_among(&free).await?;
    Ok(free.into_iter().filter(|table| !taken.contains_key(table)).collect())
}

/// Tables that are called like a pattern.
pub async fn like(tx: &mut Tx, by: &Caller, context: &Context, pattern: &Pattern) -> Answer<Vec<Table>> {
    let pick = Pick { q: pattern.letters(), ..Pick::default() };
    matching(tx, by, context, &pick, |table| pattern.fits(&context.source_name(&table.source), &table.shape.name)).await
}

/// Tables one may find by a search, at most one more than a request may hold.
async fn matching(
    tx: &mut Tx,
    by: &Caller,
    context: &Context,
    pick: &Pick,
    fits: impl Fn(&Table) -> bool,
) -> Answer<Vec<Table>> {
    let words = pick.q.split_whitespace().take(3).map(str::to_owned).collect();
    let mut search = Search { words, source: pick.source.clone(), after: None, limit: AT_ONCE };
    let mut found = Vec::new();
    loop {
        let page = tx.tables().list(&search).await?;
        let full = i64::try_from(page.len()).is_ok_and(|rows| rows == AT_ONCE);
        search.after = page.last().map(|table| {
            let name = &table.shape.name;
            (name.database.to_string(), name.table.to_string(), table.source.to_string())
        });
        found.extend(page.into_iter().filter(|table| sees(by, &context.sources, &table.source) && fits(table)));
        if !full || found.len() > MOST_TABLES {
            found.truncate(MOST_TABLES + 1);
            return Ok(found);
        }
    }
}

/// A table by its name.
pub fn name_of(table: &Table) -> AskedTable {
    AskedTable { source: table.source.clone(), table: table.shape.name.clone() }
}

/// Tables with whether somebody brings them.
pub type Marked = BTreeMap<AskedTable, Taken>;

/// Whether somebody brings some tables already, on whatever route.
pub async fn marked(tx: &mut Tx, tables: &[AskedTable]) -> Answer<Marked> {
    let brought = tx.items().brought_among(tables).await?;
    let taken = |in_lake: bool| if in_lake { Taken::InLake } else { Taken::AskedFor };
    Ok(brought.into_iter().map(|(table, in_lake)| (table, taken(in_lake))).collect())
}
