//! Columns as a source tells them, and tables made of them.

use json::FromJson;
use serde::{Deserialize, Serialize};

use crate::name::{Name, TableName};
use crate::types::{LakeType, Loss};

/// One column of a table of a source, with the type it gets in the lake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Column {
    /// Its name, as the source spells it.
    pub name: Name,
    /// Its type, as the source spells it, e.g. `decimal(38,10)` or `bigint unsigned`.
    pub source_type: String,
    /// May it be null at the source.
    pub nullable: bool,
    /// Its comment; empty when there is none.
    pub comment: String,
    /// The type it gets in the lake; `None` when the lake cannot hold it.
    pub lake_type: Option<LakeType>,
    /// What is lost on the way, if anything.
    pub loss: Option<Loss>,
}

/// A table of a source with its columns and its primary key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableShape {
    /// Database and table at the source.
    pub name: TableName,
    /// Its comment; empty when there is none.
    pub comment: String,
    /// Columns in the source's order.
    pub columns: Vec<Column>,
    /// Names of the primary key's columns in key order; empty when there is no primary key.
    pub primary_key: Vec<Name>,
}

impl TableShape {
    /// The same table, in which the lake cannot hold a column of the key whose type keeps no two keys apart there: lists
    /// are no keys, and times that are cut may become one.
    #[must_use]
    pub fn with_keys_apart(mut self) -> Self {
        let keys = &self.primary_key;
        for column in self.columns.iter_mut().filter(|column| keys.contains(&column.name)) {
            if column.lake_type == Some(LakeType::StringArray) || column.loss == Some(Loss::TimeCut) {
                (column.lake_type, column.loss) = (None, None);
            }
        }
        self
    }
}
