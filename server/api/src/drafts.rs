//! Requests while they are written, and what the checks of now say about them.

use json::FromJson;
use serde::{Deserialize, Serialize};

use domain::cause::Who;
use domain::check::Severity;
use domain::draft::Contents;
use domain::ids::{DraftId, RequestId, SourceId};
use domain::name::TableName;
use domain::request::AskedTable;
use domain::said::Said;
use domain::time::Millis;

/// A draft in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct DraftRow {
    /// The id.
    pub id: DraftId,
    /// Its title; empty while there is none.
    pub title: String,
    /// Tables picked one by one.
    pub tables: u64,
    /// Searches of which all tables are picked.
    pub picks: u64,
    /// The request that it changes, with its number.
    pub of: Option<(RequestId, String)>,
    /// When it was last saved.
    pub saved_at: Millis,
    /// Until when it is kept.
    pub until: Millis,
}

/// A draft as its writer sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct DraftView {
    /// The id.
    pub id: DraftId,
    /// Say it when saving: who comes second with the same one is told.
    pub version: i64,
    /// What is written.
    pub contents: Contents,
    /// When it was last saved.
    pub saved_at: Millis,
    /// Until when it is kept.
    pub until: Millis,
    /// Whether it ended because nobody touched it.
    pub ended: bool,
    /// The request that it changes.
    pub of: Option<DraftOf>,
    /// All its tables of now: picked, and found by its searches.
    pub tables: Vec<AskedTable>,
    /// The same by source.
    pub cart: Vec<CartSource>,
    /// Some of their names in the lake, at most 5.
    pub names: Vec<(TableName, TableName)>,
}

/// The request that a draft changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct DraftOf {
    /// The request.
    pub id: RequestId,
    /// Its number.
    pub number: String,
    /// What the decider said when sending it back.
    pub comment: String,
}

/// The tables of a draft that come from one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct CartSource {
    /// The source.
    pub source: SourceId,
    /// Its name.
    pub name: String,
    /// How many tables.
    pub tables: u64,
    /// Their rows, estimated; `None` where one is not known yet.
    pub rows: Option<u64>,
    /// Their bytes, estimated; `None` where one is not known yet.
    pub bytes: Option<u64>,
    /// Who decides about them.
    pub deciders: Vec<String>,
}

/// Saves a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Save {
    /// The version that was changed.
    pub version: i64,
    /// What is written now.
    pub contents: Contents,
}

/// Does something with a draft as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct AsOf {
    /// The version that was seen.
    pub version: i64,
}

/// What the checks of now say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Checks {
    /// The version of the draft that was looked at.
    pub version: i64,
    /// Tables looked at.
    pub tables: u64,
    /// Fine, with nothing to say.
    pub fine: u64,
    /// Fine, with something to know.
    pub know: u64,
    /// Cannot be copied yet.
    pub fix: u64,
    /// Could not be looked at.
    pub unknown: u64,
    /// Findings by their cause, worst first.
    pub groups: Vec<CheckGroup>,
    /// When it was looked.
    pub at: Millis,
}

/// One cause with all tables it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct CheckGroup {
    /// The word of the finding.
    pub code: String,
    /// How much it matters.
    pub severity: Severity,
    /// What was found, of how many tables.
    pub said: Said,
    /// Why it matters, and what next.
    pub more: Said,
    /// Who must act.
    pub who: Who,
    /// Their name, where one is known.
    pub person: String,
    /// The source's name, where all tables come from one.
    pub source: String,
    /// The statements that mend it, ready to copy; empty where there are none.
    pub sql: String,
    /// What was found about single tables, at most 20.
    pub each: Vec<Said>,
    /// The tables.
    pub tables: Vec<AskedTable>,
}
