//! Tables of the sources, as the catalogue knows them.

use json::FromJson;
use serde::{Deserialize, Serialize};

use domain::ids::{ItemId, RequestId, RouteId, SourceId};
use domain::name::TableName;
use domain::said::Said;
use domain::tier::Tier;
use domain::time::Millis;

/// A table in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct TableRow {
    /// The source.
    pub source: SourceId,
    /// The source's name.
    pub source_name: String,
    /// Database and table.
    pub table: TableName,
    /// Its comment; empty when there is none.
    pub comment: String,
    /// Its columns.
    pub columns: u32,
    /// Rows, estimated; `None` is "not known yet".
    pub rows: Option<u64>,
    /// Bytes, estimated; `None` is "not known yet".
    pub bytes: Option<u64>,
    /// When that was counted.
    pub counted_at: Millis,
    /// Whether it has a primary key.
    pub keyed: bool,
    /// Why it cannot be asked for, if so.
    pub blocked: Option<Said>,
    /// Who brings it already, if somebody does.
    pub taken: Option<Taken>,
}

/// Somebody already brings or asked for the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Taken {
    /// The item that lives.
    pub item: ItemId,
    /// The word of its state.
    pub state: String,
    /// Its name in the lake.
    pub target: TableName,
    /// The request, when one may see it.
    pub request: Option<(RequestId, String)>,
    /// Who asked.
    pub who: String,
    /// Whether the reader may see it in the lake; else it can be asked for to read.
    pub may_read: bool,
    /// Since when the data is fresh, once proven.
    pub as_of: Option<Millis>,
}

/// A table with its columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct TableView {
    /// The same facts as in a list.
    pub row: TableRow,
    /// Its columns in order.
    pub columns: Vec<ColumnView>,
    /// Names of the owners of its source: they decide.
    pub owners: Vec<String>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct ColumnView {
    /// Its name.
    pub name: String,
    /// Its type at the source.
    pub source_type: String,
    /// Its type in the lake; `None` when the lake cannot hold it.
    pub lake_type: Option<String>,
    /// Its comment.
    pub comment: String,
    /// Whether it belongs to the primary key.
    pub key: bool,
    /// What is lost on the way, if anything.
    pub loss: Option<Said>,
    /// Whether it looks like a person's data.
    pub personal: bool,
}

/// What one may choose from when asking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Choices {
    /// Sources with the number of their tables.
    pub sources: Vec<SourceChoice>,
    /// Names of sources that are retired: their tables are not among those that are found.
    #[serde(default)]
    pub retired: Vec<String>,
    /// Routes.
    pub routes: Vec<RouteChoice>,
}

/// A source one may pick tables of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct SourceChoice {
    /// The id.
    pub id: SourceId,
    /// Its name.
    pub name: String,
    /// Tables in its catalogue.
    pub tables: u64,
    /// When its catalogue was read; `None` is "not known yet".
    pub read_at: Option<Millis>,
    /// What is wrong with reading it, if so.
    pub trouble: Option<Said>,
    /// Names of its owners: they decide.
    pub owners: Vec<String>,
    /// Since when its catalogue is being read, or is to be.
    pub reading: Option<Millis>,
    /// Whether one may have it read now.
    pub may_read: bool,
}

/// What became of a table between two readings of its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct TableChange {
    /// The table.
    pub table: TableName,
    /// When that was met.
    pub at: Millis,
    /// What became of it, in sentences.
    pub said: Vec<Said>,
}

/// A route one may send tables to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct RouteChoice {
    /// The id.
    pub id: RouteId,
    /// Its name.
    pub name: String,
    /// The tiers it offers.
    pub tiers: Vec<Tier>,
}
