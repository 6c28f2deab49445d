//! Looks up names that somebody pasted or uploaded: a result for each line.
//!
//! Text of any encoding people send is taken: UTF-8 with or without its mark, UTF-16 as Excel writes it, GBK.

use std::collections::{BTreeMap, BTreeSet};

use api::paste::{Pasted, PastedLine, PastedResult, Somewhere};
use axum::body::Bytes;
use axum::extract::State;
use domain::paste::{
    Known, KnownTable, MOST_LINES, Named, Outcome, Pattern, Reading, Taken, csv, lines, near, resolve, wanted,
};
use domain::request::AskedTable;
use encoding_rs::{Encoding, GB18030};
use serde::Deserialize;

use super::caller::Caller;
use super::drafts::{like, marked, name_of};
use super::input::{Json, Query};
use super::problem::Answer;
use super::tables::may_find;
use super::views::Context;
use crate::state::AppState;
use crate::store::Tx;
use crate::store::bulk::START;

/// Places that are offered for one name.
const MOST_PLACES: usize = 20;
/// Names for which near ones are looked for.
const MOST_MEANT: usize = 200;
/// Tables with the same beginning among which near ones are looked for.
const MOST_NEAR: usize = 1_000;

/// How the text is read.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Form {
    Lines,
    Csv,
    Pattern,
}

/// What the text is.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    form: Form,
}

/// A result for each name of a text.
pub async fn lookup(
    State(app): State<AppState>,
    by: Caller,
    Query(Wanted { form }): Query<Wanted>,
    body: Bytes,
) -> Answer<Json<Pasted>> {
    let text = decoded(&body);
    let mut tx = app.store.read().await?;
    let context = Context::load(&app, &mut tx).await?;
    let reading = match form {
        Form::Lines => lines(&text),
        Form::Csv => csv(&text),
        Form::Pattern => return Ok(Json(by_pattern(&mut tx, &by, &context, &text).await?)),
    };
    Ok(Json(by_name(&mut tx, &by, &context, reading).await?))
}

/// The text of some bytes, whatever wrote them.
fn decoded(bytes: &[u8]) -> String {
    match (Encoding::for_bom(bytes), std::str::from_utf8(bytes)) {
        (Some((encoding, mark)), _) => encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned(),
        (None, Ok(text)) => text.to_owned(),
        (None, Err(_)) => GB18030.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

async fn by_name(tx: &mut Tx, by: &Caller, context: &Context, reading: Reading) -> Answer<Pasted> {
    let words: Vec<String> = wanted(&reading.written).into_iter().collect();
    let called = tx.tables().called(&words).await?;
    let tables = known(tx, by, context, called).await?;
    let results = resolve(&reading.written, &Known::new(&tables));
    let meant = meant(tx, by, context, &results).await?;
    let some = |place: &usize| somewhere(&tables[*place]);
    let line = |(place, outcome): (usize, Outcome)| {
        let written = &reading.written[place];
        let table = |place: usize| asked(&tables[place]);
        let result = match outcome {
            Outcome::Found(place) => PastedResult::Found { table: table(place) },
            Outcome::InLake(place) => PastedResult::InLake { table: table(place) },
            Outcome::AskedFor(place) => PastedResult::AskedFor { table: table(place) },
            Outcome::Retired(place) => PastedResult::Retired { table: table(place) },
            Outcome::Places(places) => {
                PastedResult::Places { places: places.iter().take(MOST_PLACES).map(some).collect() }
            }
            Outcome::Twice(first) => PastedResult::Twice { first: first as u64 },
            Outcome::NoSuch(named, elsewhere) if elsewhere.is_empty() => {
                PastedResult::NoSuch { meant: meant.get(&named.to_string()).cloned().unwrap_or_default() }
            }
            Outcome::NoSuch(_, elsewhere) => {
                PastedResult::NoSuch { meant: elsewhere.iter().take(3).map(some).collect() }
            }
            Outcome::Unreadable => PastedResult::Unreadable,
        };
        PastedLine { line: written.line as u64, text: written.text.clone(), result }
    };
    Ok(Pasted { lines: results.into_iter().map(line).collect(), beyond: reading.beyond as u64 })
}

/// Tables as the resolver knows them, without those that these eyes may not find.
async fn known(tx: &mut Tx, by: &Caller, context: &Context, tables: Vec<AskedTable>) -> Answer<Vec<KnownTable>> {
    let taken = marked(tx, &tables).await?;
    let open: BTreeMap<_, _> = context
        .sources
        .iter()
        .filter(|source| may_find(by, context, &source.id))
        .map(|source| (&source.id, if source.retired.is_some() { Taken::Retired } else { Taken::No }))
        .collect();
    let known = |table: AskedTable| KnownTable {
        source_name: context.source_name(&table.source),
        taken: taken.get(&table).or_else(|| open.get(&table.source)).copied().unwrap_or(Taken::No),
        source: table.source,
        table: table.table,
    };
    Ok(tables.into_iter().filter(|table| open.contains_key(&table.source)).map(known).collect())
}

/// Tables with names near those that are not there, by the name as written.
async fn meant(
    tx: &mut Tx,
    by: &Caller,
    context: &Context,
    results: &[(usize, Outcome)],
) -> Answer<BTreeMap<String, Vec<Somewhere>>> {
    let missing = results.iter().filter_map(|(_, outcome)| match outcome {
        Outcome::NoSuch(named, elsewhere) if elsewhere.is_empty() => Some(named),
        _ => None,
    });
    let (mut near_by, mut meant): (BTreeMap<String, Vec<KnownTable>>, _) = (BTreeMap::new(), BTreeMap::new());
    for named in missing.take(MOST_MEANT) {
        let start = start(named);
        if !near_by.contains_key(&start) {
            let found = tx.tables().beginning(&start, MOST_NEAR).await?;
            let mut found = known(tx, by, context, found).await?;
            found.retain(|table| table.taken != Taken::Retired);
            near_by.insert(start.clone(), found);
        }
        let among = &near_by[&start];
        let names = among.iter().map(|table| table.table.table.as_str());
        let nearest = near(named.table.as_str(), names).into_iter().map(|near| somewhere(&among[near.place]));
        meant.insert(named.to_string(), nearest.collect());
    }
    Ok(meant)
}

fn start(named: &Named) -> String {
    named.table.as_str().to_lowercase().chars().take(START).collect()
}

fn asked(known: &KnownTable) -> AskedTable {
    AskedTable { source: known.source.clone(), table: known.table.clone() }
}

fn somewhere(known: &KnownTable) -> Somewhere {
    Somewhere { source_name: known.source_name.clone(), table: asked(known) }
}

/// All tables that are called like the patterns of a text, each once.
async fn by_pattern(tx: &mut Tx, by: &Caller, context: &Context, text: &str) -> Answer<Pasted> {
    let (mut seen, mut lines, mut beyond) = (BTreeSet::new(), Vec::new(), 0);
    for pattern in Pattern::all(text) {
        let found: Vec<AskedTable> = like(tx, by, context, &pattern).await?.iter().map(name_of).collect();
        if found.is_empty() {
            let result = PastedResult::NoSuch { meant: vec![] };
            lines.push(PastedLine { line: pattern.line as u64, text: pattern.text.clone(), result });
        }
        for table in known(tx, by, context, found).await? {
            if !seen.insert(asked(&table)) {
                continue;
            }
            if seen.len() > MOST_LINES {
                beyond += 1;
                continue;
            }
            let (text, found) = (format!("{}.{}", table.source_name, table.table), asked(&table));
            let result = match table.taken {
                Taken::No => PastedResult::Found { table: found },
                Taken::InLake => PastedResult::InLake { table: found },
                Taken::AskedFor => PastedResult::AskedFor { table: found },
                Taken::Retired => PastedResult::Retired { table: found },
            };
            lines.push(PastedLine { line: pattern.line as u64, text, result });
        }
    }
    Ok(Pasted { lines, beyond })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_any_encoding_is_read() {
        let text = "租赁.合同";
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let gbk = encoding_rs::GBK.encode(text).0.into_owned();
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            [b"\xff\xfe".to_vec(), utf16].concat(),
            gbk,
        ] {
            assert_eq!(decoded(&bytes), text);
        }
        assert_eq!(decoded(b"\xff\xff").chars().count(), 2, "rubbish is rubbish, not a fault");
    }
}
