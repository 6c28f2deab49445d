//! Which tables a job brings, and what they become: `mysql_sync_database` or `mysql_sync_table` (paimon-cdc §2, §3).

use std::collections::BTreeSet;

use super::argv::{Argv, BUCKETS};
use super::parse::{BadArgs, Bag};
use super::tables;
use crate::name::Name;

/// Which of the two actions, with what only it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// `mysql_sync_database`: each table becomes one of its own.
    Database(Database),
    /// `mysql_sync_table`: one table becomes one.
    Table(Table),
}

/// Many tables of one database, each becoming one of its own (paimon-cdc §3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// The tables, exactly as the source spells them.
    pub tables: BTreeSet<Name>,
    /// One writer for each or one for all.
    pub mode: Mode,
    /// What stands before the name in the lake.
    pub prefix: Affix,
    /// What stands after the name in the lake.
    pub suffix: Affix,
}

/// One table that becomes one (paimon-cdc §2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The table at the source.
    pub name: Name,
    /// Its name in the lake.
    pub target: Name,
    /// The columns that part it in the lake; none for one part.
    pub partition_keys: Vec<Name>,
    /// The key in the lake; none for the source's own.
    pub primary_keys: Vec<Name>,
}

/// One writer for each table or one for all (`--mode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A writer for each table; a new table needs a new start.
    Divided,
    /// One writer for all; it needs a fixed number of buckets.
    Combined,
}

impl Mode {
    /// The word of the argument.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Divided => "divided",
            Self::Combined => "combined",
        }
    }

    /// What the word means.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Divided, Self::Combined].into_iter().find(|mode| mode.word() == word)
    }
}

/// What stands before or after a name in the lake: letters of any script, digits and `_`; may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Affix(String);

/// A text that is no part of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a part of a name: at most 60 letters, digits and '_'")]
pub struct BadAffix;

impl Affix {
    /// It, as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Affix {
    type Err = BadAffix;
    fn from_str(text: &str) -> Result<Self, BadAffix> {
        let fine = text.chars().count() <= 60 && text.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
        if fine { Ok(Self(text.to_owned())) } else { Err(BadAffix) }
    }
}

impl Work {
    /// The tables at the source.
    pub fn tables(&self) -> Vec<&Name> {
        match self {
            Self::Database(database) => database.tables.iter().collect(),
            Self::Table(one) => vec![&one.name],
        }
    }

    /// The name that a table of the source gets in the lake.
    pub fn target(&self, table: &Name) -> String {
        match self {
            Self::Database(database) => format!("{}{table}{}", database.prefix.0, database.suffix.0),
            Self::Table(one) => one.target.to_string(),
        }
    }

    /// The first argument: the name of the action.
    pub(super) const fn action(&self) -> &'static str {
        match self {
            Self::Database(_) => "mysql_sync_database",
            Self::Table(_) => "mysql_sync_table",
        }
    }

    pub(super) fn write(&self, argv: &mut Argv) {
        match self {
            Self::Database(database) => {
                argv.flag("including_tables", tables::including(&database.tables, database.mode));
                argv.flag("mode", database.mode.word());
                argv.flag_unless_empty("table_prefix", database.prefix.as_str());
                argv.flag_unless_empty("table_suffix", database.suffix.as_str());
            }
            Self::Table(one) => {
                argv.flag("table", one.target.as_str());
                argv.flag_unless_empty("partition_keys", &joined(&one.partition_keys));
                argv.flag_unless_empty("primary_keys", &joined(&one.primary_keys));
                argv.conf(BUCKETS.mysql, "table-name", tables::escaped(&one.name));
            }
        }
    }

    pub(super) fn read(action: &str, bag: &mut Bag<'_>) -> Result<Self, BadArgs> {
        match action {
            "mysql_sync_database" => {
                let mode = bag.flag("mode")?;
                let mode = Mode::from_word(mode).ok_or(BadArgs::Value("mode".into()))?;
                let tables = tables::names_of(bag.flag("including_tables")?, mode);
                Ok(Self::Database(Database {
                    tables: tables.ok_or(BadArgs::Value("including_tables".into()))?,
                    mode,
                    prefix: bag.affix("table_prefix")?,
                    suffix: bag.affix("table_suffix")?,
                }))
            }
            "mysql_sync_table" => {
                let name = tables::unescaped(bag.conf(BUCKETS.mysql, "table-name")?);
                Ok(Self::Table(Table {
                    name: name.ok_or(BadArgs::Value("table-name".into()))?,
                    target: bag.flag("table")?.parse().map_err(|_| BadArgs::Value("table".into()))?,
                    partition_keys: bag.names("partition_keys")?,
                    primary_keys: bag.names("primary_keys")?,
                }))
            }
            _ => Err(BadArgs::Action),
        }
    }
}

/// Names in one value; the program parts it at commas.
fn joined(names: &[Name]) -> String {
    names.iter().map(Name::as_str).collect::<Vec<_>>().join(",")
}
