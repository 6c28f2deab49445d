//! A route: where tables go, by which engine, under which names, and how much of them.

use serde::{Deserialize, Serialize};

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
    /// The engine that brings tables: `embedded`; later also `flink` and `streampark`.
    pub engine: String,
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
    pub fn new(id: RouteId, name: impl Into<String>, engine: impl Into<String>, tiers: Vec<Tier>) -> Self {
        Self {
            id,
            name: name.into(),
            engine: engine.into(),
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
        self.engine != other.engine || self.naming != other.naming
    }
}

/// How much may go by a route; nothing said is no limit of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    fn another_engine_or_other_names_move_what_was_written() {
        let route = Route::new("r".parse().expect("an id"), "lake", "embedded", vec![Tier::Daily]);
        let same = Route { name: "Lake".into(), closed: true, tiers: vec![], ..route.clone() };
        assert!(!route.moves(&same));
        assert!(route.moves(&Route { engine: "flink".into(), ..route.clone() }));
        assert!(route.moves(&Route { naming: naming("ods", "{database}_{table}"), ..route.clone() }));
    }
}
