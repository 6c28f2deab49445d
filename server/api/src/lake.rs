//! Tables in the lake.

use json::FromJson;
use serde::{Deserialize, Serialize};

use domain::name::TableName;
use domain::proof::Proof;
use domain::said::Said;
use domain::tier::Tier;
use domain::time::Millis;

use crate::me::PersonView;
use crate::requests::{ItemRow, Line};
use crate::tables::ColumnView;

/// A table of the lake in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct LakeRow {
    /// The item that brings it.
    pub item: ItemRow,
    /// What is promised.
    pub tier: Tier,
    /// When the promise breaks if nothing newer comes.
    pub late_at: Option<Millis>,
    /// Who asked for it.
    pub owner: PersonView,
    /// The job's name; empty before it has one.
    pub job: String,
    /// The source's name.
    pub source: String,
}

/// The sum of the lake: ready + late + failed + paused + not known yet = in the lake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
pub struct LakeTally {
    /// Fresh and complete.
    pub ready: u64,
    /// Older than promised.
    pub late: u64,
    /// Broken.
    pub failed: u64,
    /// Held by somebody.
    pub paused: u64,
    /// Not looked at within two rounds.
    pub unknown: u64,
}

/// The lake's list with its sum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
pub struct LakePage {
    /// The sum over everything one may see.
    pub tally: LakeTally,
    /// One page of it, worst first.
    pub page: crate::Page<LakeRow>,
}

/// One table of the lake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct LakeView {
    /// The same facts as in a list.
    pub row: LakeRow,
    /// The request it was asked in: id, number and time, when one may see it.
    pub asked: Option<(String, String, Millis)>,
    /// The newest proof.
    pub proof: Option<Proof>,
    /// What is wrong with the newest refresh though the state stands.
    pub trouble: Option<Said>,
    /// What to do about it.
    pub trouble_next: Option<Said>,
    /// When it is copied anew, on an engine that copies by schedule.
    pub next_copy: Option<Millis>,
    /// Bytes and files on disk; `None` is "not known yet".
    pub bytes: Option<(u64, u64)>,
    /// The columns, with their types on both sides.
    pub columns: Vec<ColumnView>,
    /// Its history, newest first, at most 20 lines.
    pub history: Vec<Line>,
    /// Queries to copy.
    pub queries: Vec<Query>,
    /// Whether the reader may see rows.
    pub may_see_rows: bool,
    /// Whether the reader may leave it out or try it again.
    pub may_tend: bool,
    /// Whether the reader may see its job.
    pub may_see_job: bool,
}

/// A query to copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Query {
    /// The tool: `Spark`, `Flink`, `Trino`, `StarRocks`, `Hive`.
    pub tool: String,
    /// The text.
    pub text: String,
}

/// The first rows of a table.
#[expect(clippy::struct_field_names, reason = "rows of rows is what they are")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Rows {
    /// The table.
    pub table: TableName,
    /// Column names.
    pub columns: Vec<String>,
    /// Cells as text; `None` is NULL.
    pub rows: Vec<Vec<Option<String>>>,
    /// Columns whose cells are masked because they look personal.
    pub masked: Vec<String>,
    /// The snapshot that was read.
    pub snapshot: i64,
    /// When it was committed.
    pub at: Millis,
}
