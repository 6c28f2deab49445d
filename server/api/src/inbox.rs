//! What waits for a decision, the card, and the decision itself.

use json::FromJson;
use serde::{Deserialize, Serialize};

use domain::ids::{ItemId, RequestId};
use domain::name::TableName;
use domain::said::Said;
use domain::time::Millis;

use crate::requests::{ItemRow, RequestRow, RequestView};

/// A request that waits for one's decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct InboxRow {
    /// The request.
    pub row: RequestRow,
    /// Why it was asked.
    pub reason: String,
    /// Tables one decides about.
    pub tables: u64,
    /// Rows, estimated; `None` is "not known yet".
    pub rows: Option<u64>,
    /// Bytes, estimated; `None` is "not known yet".
    pub bytes: Option<u64>,
    /// Since when it waits.
    pub since: Millis,
    /// Until when; then operators are told.
    pub until: Millis,
    /// Whether one decides only because nobody else can.
    pub stands_in: bool,
    /// Tables with columns that look personal.
    pub personal: u64,
    /// Why it is not let in with others at once; then it must be opened.
    pub alone: Option<Said>,
}

/// Columns that look personal, by their names.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
pub struct Personal {
    /// How many columns.
    pub columns: u64,
    /// In how many tables.
    pub tables: u64,
    /// The first of their names.
    pub names: Vec<String>,
}

/// An earlier decision that is like this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Before {
    /// The table it was about; `None` is the requester's team.
    pub table: Option<TableName>,
    /// How it was decided.
    pub said: Said,
}

/// The card on which one decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Card {
    /// The request.
    pub view: RequestView,
    /// The facts of the row in the inbox; `None` when it does not wait for this reader any more.
    pub waits: Option<InboxRow>,
    /// The tables one decides about (or that were decided), with what to look at first.
    pub tables: Vec<CardTable>,
    /// Columns that look personal.
    pub personal: Personal,
    /// How many people will read it: the requester and their team.
    pub readers: u64,
    /// Which of them others bring already, as one sentence: they are not copied again.
    pub brought: Option<Said>,
    /// Load on the source, as one sentence.
    pub load: Said,
    /// What the source bears already, as one sentence.
    pub load_now: Said,
    /// How the same was decided before.
    pub before: Vec<Before>,
    /// What it costs, as one sentence.
    pub cost: Said,
    /// When the figures were counted.
    pub counted_at: Option<Millis>,
    /// The next request in the inbox.
    pub next: Option<String>,
    /// The one before.
    pub previous: Option<String>,
    /// Place in the inbox and its size: 1 of 7.
    pub place: Option<(u64, u64)>,
}

/// One table of the card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct CardTable {
    /// The item.
    pub item: ItemRow,
    /// Rows, estimated; `None` is "not known yet".
    pub rows: Option<u64>,
    /// Bytes, estimated; `None` is "not known yet".
    pub bytes: Option<u64>,
    /// What the decider must look at: no primary key, types that lose something.
    pub look_at: Vec<Said>,
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Decide {
    /// What is decided.
    pub verdict: Verdict,
    /// With `approve`: the items that are dropped.
    #[serde(default)]
    pub drop: Vec<ItemId>,
    /// With `approve`: the items that are sent back to the requester.
    #[serde(default)]
    pub back: Vec<ItemId>,
    /// Needed to reject, to send back and to drop.
    #[serde(default)]
    pub comment: String,
    /// The hash of what was asked, as the decider saw it; empty when nothing was looked at.
    #[serde(default)]
    pub seen: String,
}

/// What a decider says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Let in all that are not dropped.
    Approve,
    /// Give it back to the requester.
    SendBack,
    /// Refuse it.
    Reject,
}

/// Approves all tables of several requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Batch {
    /// Which; at most 200.
    pub requests: Vec<RequestId>,
}

/// What became of each request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Batched {
    /// A result for each, in the order given.
    pub results: Vec<BatchResult>,
}

/// What became of one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct BatchResult {
    /// Which.
    pub request: RequestId,
    /// Why not, if it was not approved.
    pub refused: Option<Said>,
}

/// Who else has a card open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Looking {
    /// Their names.
    pub names: Vec<String>,
}
