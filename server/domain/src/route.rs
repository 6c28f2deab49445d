//! A route: where tables go, by which engine, under which names, and how much of them.

use json::FromJson;
use serde::{Deserialize, Serialize};

use crate::engine::SetUp;
use crate::ids::{PersonId, RouteId};
use crate::name::{BadName, TableName};
use crate::tier::Tier;

/// The most characters of a route's name and of a pattern.
pub const NAME_MAX: usize = 60;

/// A way into the lake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The id.
    pub id: RouteId,
    /// Its name.
    pub name: String,
    /// The engine that brings tables.
    pub engine: SetUp,
    /// The tiers it offers.
    pub tiers: Vec<Tier>,
    /// How tables are called in the lake.
    pub naming: Naming,
    /// How much may go by it.
    pub limits: Limits,
    /// Who answers for it.
    pub owner: Option<PersonId>,
    /// Whether nothing new may be asked for by it; what goes by it goes on.
    pub closed: bool,
    /// Counts the writes, for optimistic locking.
    pub version: i64,
}

impl Route {
    /// An open route with the usual names and no limits.
    pub fn new(id: RouteId, name: impl Into<String>, engine: SetUp, tiers: Vec<Tier>) -> Self {
        Self {
            id,
            name: name.into(),
            engine,
            tiers,
            naming: Naming::default(),
            limits: Limits::default(),
            owner: None,
            closed: false,
            version: 1,
        }
    }

    /// Whether tables that were written by `self` would have to move if it became `other`.
    pub fn moves(&self, other: &Self) -> bool {
        self.engine.moves(&other.engine) || self.naming != other.naming
    }
}

/// How much may go by a route; nothing said is no limit of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
pub struct Limits {
    /// How many tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_tables: Option<u64>,
    /// How many bytes of one table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_bytes: Option<u64>,
}

/// How tables are called in the lake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    /// The database in the lake.
    pub database: Pattern,
    /// The table in it; it names the table of the source.
    pub table: Pattern,
}

impl Default for Naming {
    fn default() -> Self {
        Self { database: Pattern("ods_{database}".into()), table: Pattern("{table}".into()) }
    }
}

impl Naming {
    /// The name in the lake of a table of a source.
    pub fn target(&self, source: &str, table: &TableName) -> Result<TableName, BadName> {
        TableName::parse(&self.database.fill(source, table), &self.table.fill(source, table))
    }

    /// Whether some table here and some table there could get the same name in the lake.
    pub fn may_meet(&self, other: &Self) -> bool {
        self.database.may_meet(&other.database) && self.table.may_meet(&other.table)
    }

    /// Whether every table has a place in its name; else all would be one.
    pub fn names_tables(&self) -> bool {
        self.table.0.contains("{table}")
    }

    /// Whether tables of the same name in two databases stay apart.
    pub fn tells_databases_apart(&self) -> bool {
        [&self.database, &self.table].iter().any(|pattern| pattern.0.contains("{database}"))
    }
}

/// A text with places `{source}`, `{database}` and `{table}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern(String);

/// A text that is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a pattern: lower-case letters, digits and '_', with the places {{source}}, {{database}}, {{table}}")]
pub struct BadPattern;

impl Pattern {
    /// The pattern as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether both could be filled to the same text; a place takes any text that is not empty.
    fn may_meet(&self, other: &Self) -> bool {
        meet(&self.parts(), &other.parts())
    }

    /// Its letters; a place is none.
    fn parts(&self) -> Vec<Option<char>> {
        let mut parts = Vec::new();
        let mut letters = self.0.chars();
        while let Some(letter) = letters.next() {
            if letter == '{' {
                letters.by_ref().find(|letter| *letter == '}');
                parts.push(None);
            } else {
                parts.push(Some(letter));
            }
        }
        parts
    }

    fn fill(&self, source: &str, table: &TableName) -> String {
        let mut filled = self.0.replace("{source}", &plain(source));
        // The names of the source last, so that what they hold is never taken for a place.
        if let Some((before, after)) = filled.clone().split_once("{database}") {
            let after = after.replace("{table}", table.table.as_str());
            let before = before.replace("{table}", table.table.as_str());
            filled = format!("{before}{}{after}", table.database);
        } else {
            filled = filled.replace("{table}", table.table.as_str());
        }
        filled
    }
}

/// Whether two texts with places could be the same. A place that takes a letter may go on to take more.
fn meet(one: &[Option<char>], other: &[Option<char>]) -> bool {
    let mut open = vec![(0, 0, false, false)];
    let mut seen = std::collections::BTreeSet::new();
    // Where both stand, and whether the place at which each stands has taken a letter already.
    while let Some(at @ (i, j, a, b)) = open.pop() {
        if !seen.insert(at) {
            continue;
        }
        if i == one.len() && j == other.len() {
            return true;
        }
        if a {
            open.push((i + 1, j, false, b));
        }
        if b {
            open.push((i, j + 1, a, false));
        }
        let (Some(left), Some(right)) = (one.get(i), other.get(j)) else { continue };
        match (left, right) {
            (Some(left), Some(right)) if left == right => open.push((i + 1, j + 1, false, false)),
            (Some(_), Some(_)) => {}
            (Some(_), None) => open.push((i + 1, j, false, true)),
            (None, Some(_)) => open.push((i, j + 1, true, false)),
            (None, None) => open.push((i, j, true, true)),
        }
    }
    false
}

/// A source's name with nothing in it that engines would have to quote.
fn plain(source: &str) -> String {
    source.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect()
}

impl TryFrom<String> for Pattern {
    type Error = BadPattern;
    fn try_from(text: String) -> Result<Self, BadPattern> {
        let mut rest = text.as_str();
        let mut seen = [false; 3];
        while let Some(open) = rest.find('{') {
            let (before, place) = rest.split_at(open);
            let place_of = |known: &&(usize, &str)| place.starts_with(known.1);
            let known = [(0, "{source}"), (1, "{database}"), (2, "{table}")];
            let (which, place) = *known.iter().find(place_of).ok_or(BadPattern)?;
            // Each place once: a name that is there twice says nothing more.
            if !plain_text(before) || std::mem::replace(&mut seen[which], true) {
                return Err(BadPattern);
            }
            rest = &rest[open + place.len()..];
        }
        let fine = plain_text(rest) && !text.is_empty() && text.chars().count() <= NAME_MAX;
        if fine { Ok(Self(text)) } else { Err(BadPattern) }
    }
}

fn plain_text(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

impl std::str::FromStr for Pattern {
    type Err = BadPattern;
    fn from_str(text: &str) -> Result<Self, BadPattern> {
        Self::try_from(text.to_owned())
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naming(database: &str, table: &str) -> Naming {
        Naming { database: database.parse().expect("a pattern"), table: table.parse().expect("a pattern") }
    }

    fn target(naming: &Naming, database: &str, table: &str) -> String {
        let table = TableName::parse(database, table).expect("a name");
        naming.target("Lease-Prod 01", &table).expect("a name").to_string()
    }

    #[test]
    fn names_of_the_source_go_to_their_places() {
        assert_eq!(target(&Naming::default(), "lease", "contract"), "ods_lease.contract");
        assert_eq!(
            target(&naming("ods", "{source}__{database}__{table}"), "租赁", "合同"),
            "ods.lease_prod_01__租赁__合同"
        );
        let odd = target(&naming("{table}_{database}", "{table}"), "{table}", "{database}");
        assert_eq!(odd, "{database}_{table}.{database}", "a name that looks like a place is none");
    }

    #[test]
    fn a_pattern_holds_plain_letters_and_known_places_once() {
        for bad in ["", "{tables}", "{table", "a}", "A", "a b", "a.b", "../x", "{table}{table}", "租", &"x".repeat(61)]
        {
            assert!(bad.parse::<Pattern>().is_err(), "{bad:?}");
        }
        assert!(!naming("ods", "all").names_tables());
        assert!(!naming("ods", "{table}").tells_databases_apart());
        assert!(naming("ods", "{database}_{table}").tells_databases_apart());
    }

    #[test]
    fn patterns_meet_where_some_names_make_them_the_same() {
        let meet = |one: &str, other: &str| {
            let (one, other): (Pattern, Pattern) = (one.parse().expect("one"), other.parse().expect("other"));
            assert_eq!(one.may_meet(&other), other.may_meet(&one), "{one:?} {other:?}");
            one.may_meet(&other)
        };
        for (one, other) in [
            ("ods", "ods"),
            ("ods_{database}", "ods_lease"),
            ("ods_{database}", "ods_{source}_{database}"),
            ("{table}", "all"),
            ("{table}_x", "y_{table}"),
            ("{source}{table}", "ab"),
        ] {
            assert!(meet(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("ods", "dw"),
            ("ods_{database}", "ods_"),
            ("ods_{database}", "dw_{database}"),
            ("{table}_x", "{table}_y"),
            ("{source}{table}", "a"),
        ] {
            assert!(!meet(one, other), "{one} {other}");
        }
        assert!(naming("ods_{database}", "{table}").may_meet(&naming("ods_lease", "{table}")));
        assert!(!naming("ods", "a_{table}").may_meet(&naming("ods", "b_{table}")));
    }

    #[test]
    fn another_engine_or_other_names_move_what_was_written() {
        let route = Route::new("r".parse().expect("an id"), "lake", SetUp::Embedded, vec![Tier::Daily]);
        let same = Route { name: "Lake".into(), closed: true, tiers: vec![], ..route.clone() };
        assert!(!route.moves(&same));
        let flink = crate::engine::Flink {
            address: "http://flink".parse().expect("an address"),
            warehouse: "file:///lake".parse().expect("a folder"),
            readers: crate::engine::Readers::default(),
        };
        assert!(route.moves(&Route { engine: SetUp::Flink(flink), ..route.clone() }));
        assert!(route.moves(&Route { naming: naming("ods", "{database}_{table}"), ..route.clone() }));
    }
}
