//! From names as written to tables as known: a result for each line.

use std::collections::{BTreeMap, BTreeSet};

use super::{Named, Written};
use crate::ids::SourceId;
use crate::name::TableName;

/// Whether somebody brings a table already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Nobody does.
    No,
    /// It is in the lake.
    InLake,
    /// It was asked for.
    AskedFor,
    /// Nobody does, and nobody may: its source is retired.
    Retired,
}

/// A table that one may find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownTable {
    /// Its source.
    pub source: SourceId,
    /// The source's name.
    pub source_name: String,
    /// Database and table.
    pub table: TableName,
    /// Whether somebody brings it.
    pub taken: Taken,
}

/// Known tables by their names in lower case.
pub struct Known<'a> {
    tables: &'a [KnownTable],
    by_name: BTreeMap<String, Vec<usize>>,
}

/// What became of one name. Numbers are places among the known tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is this one.
    Found(usize),
    /// It is in the lake already.
    InLake(usize),
    /// It was asked for already.
    AskedFor(usize),
    /// Its source is retired: nothing new comes from it.
    Retired(usize),
    /// It is in several places: somebody must choose.
    Places(Vec<usize>),
    /// The same table stands in an earlier line.
    Twice(usize),
    /// There is none; places of tables with the same name elsewhere.
    NoSuch(Named, Vec<usize>),
    /// It cannot be read as a name.
    Unreadable,
}

impl<'a> Known<'a> {
    /// Known tables, ready to be looked up.
    pub fn new(tables: &'a [KnownTable]) -> Self {
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, known) in tables.iter().enumerate() {
            by_name.entry(known.table.table.as_str().to_lowercase()).or_default().push(place);
        }
        Self { tables, by_name }
    }

    fn named(&self, named: &Named) -> &[usize] {
        self.by_name.get(&named.table.as_str().to_lowercase()).map_or(&[], Vec::as_slice)
    }

    /// Places of the tables that a name may mean: those spelled exactly so, else those that differ in case.
    fn find(&self, named: &Named) -> Vec<usize> {
        let fits = |place: &&usize, same: fn(&str, &str) -> bool| {
            let known = &self.tables[**place];
            let source = named
                .source
                .as_deref()
                .is_none_or(|source| folded(source, &known.source_name) || source == known.source.as_str());
            let database =
                named.database.as_ref().is_none_or(|name| same(name.as_str(), known.table.database.as_str()));
            source && database && same(named.table.as_str(), known.table.table.as_str())
        };
        let exact: Vec<usize> = self.named(named).iter().filter(|place| fits(place, |a, b| a == b)).copied().collect();
        if exact.is_empty() {
            self.named(named).iter().filter(|place| fits(place, folded)).copied().collect()
        } else {
            exact
        }
    }
}

fn folded(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// A result for each name that was written, with the place of what was written.
pub fn resolve(written: &[Written], known: &Known<'_>) -> Vec<(usize, Outcome)> {
    let (mut first_line, mut results) = (BTreeMap::new(), Vec::with_capacity(written.len()));
    for (place, each) in written.iter().enumerate() {
        let Some(names) = likeliest(&each.readings, known) else {
            results.push((place, Outcome::Unreadable));
            continue;
        };
        for named in names {
            let outcome = one(named, known);
            let table = match &outcome {
                Outcome::Found(table) | Outcome::InLake(table) | Outcome::AskedFor(table) => Some(*table),
                Outcome::Retired(_)
                | Outcome::Places(_)
                | Outcome::Twice(_)
                | Outcome::NoSuch(..)
                | Outcome::Unreadable => None,
            };
            let earlier = table.and_then(|table| first_line.get(&table).copied());
            if let (Some(table), None) = (table, earlier) {
                first_line.insert(table, each.line);
            }
            results.push((place, earlier.map_or(outcome, Outcome::Twice)));
        }
    }
    results
}

/// The first reading whose names all are there; else the one of which most are.
fn likeliest<'r>(readings: &'r [Vec<Named>], known: &Known<'_>) -> Option<&'r [Named]> {
    let missing = |names: &[Named]| names.iter().filter(|named| known.find(named).is_empty()).count();
    // The first of equals: `min_by_key` keeps it.
    readings.iter().map(Vec::as_slice).min_by_key(|names| (missing(names) > 0, missing(names) == names.len()))
}

fn one(named: &Named, known: &Known<'_>) -> Outcome {
    let all = known.find(named);
    // Where one may be asked for, those of retired sources are not meant.
    let open = |places: &[usize]| {
        places.iter().filter(|place| known.tables[**place].taken != Taken::Retired).copied().collect::<Vec<_>>()
    };
    let found = open(&all);
    match (found.as_slice(), all.first()) {
        ([], Some(retired)) => Outcome::Retired(*retired),
        ([], None) => Outcome::NoSuch(named.clone(), open(known.named(named))),
        ([table], _) => match known.tables[*table].taken {
            Taken::No => Outcome::Found(*table),
            Taken::InLake => Outcome::InLake(*table),
            Taken::AskedFor => Outcome::AskedFor(*table),
            Taken::Retired => Outcome::Retired(*table),
        },
        _ => Outcome::Places(found),
    }
}

/// The names of tables, in lower case, that what was written may mean: what must be looked up.
pub fn wanted(written: &[Written]) -> BTreeSet<String> {
    let names = written.iter().flat_map(|each| each.readings.iter().flatten()).map(|named| named.table.as_str());
    // A database may only know how to lower the letters of ASCII.
    names.flat_map(|name| [name.to_lowercase(), name.to_ascii_lowercase()]).collect()
}
