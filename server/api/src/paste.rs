//! Lists that somebody pastes or uploads, with a result for each line.

use json::FromJson;
use serde::{Deserialize, Serialize};

use domain::name::TableName;
use domain::request::AskedTable;

/// What became of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Pasted {
    /// A result for each name, in the order written.
    pub lines: Vec<PastedLine>,
    /// Lines beyond the most that are taken.
    pub beyond: u64,
}

/// What became of one name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct PastedLine {
    /// The number of its line.
    pub line: u64,
    /// What stands there.
    pub text: String,
    /// What became of it.
    pub result: PastedResult,
}

/// What became of one name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum PastedResult {
    /// It is this table.
    Found {
        /// The table.
        table: AskedTable,
    },
    /// It is in the lake already.
    InLake {
        /// The table.
        table: AskedTable,
    },
    /// It was asked for already.
    AskedFor {
        /// The table.
        table: AskedTable,
    },
    /// Its source is retired: nothing new comes from it.
    Retired {
        /// The table.
        table: AskedTable,
    },
    /// It is in several places: choose.
    Places {
        /// Where, at most 20.
        places: Vec<Somewhere>,
    },
    /// There is none of that name.
    NoSuch {
        /// What may be meant, at most 3.
        meant: Vec<Somewhere>,
    },
    /// The same table stands in an earlier line.
    Twice {
        /// That line.
        first: u64,
    },
    /// It cannot be read as a name.
    Unreadable,
}

/// A table with the name of its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Somewhere {
    /// The source's name.
    pub source_name: String,
    /// The table.
    pub table: AskedTable,
}

impl Somewhere {
    /// Database and table.
    pub fn name(&self) -> &TableName {
        &self.table.table
    }
}
