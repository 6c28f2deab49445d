//! What waits for a decision, the card, and the decision itself.

use serde::{Deserialize, Serialize};

use domain::ids::ItemId;
use domain::said::Said;
use domain::time::Millis;

use crate::requests::{ItemRow, RequestRow, RequestView};

/// A request that waits for one's decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
}

/// The card on which one decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// The request.
    pub view: RequestView,
    /// The facts of the row in the inbox; `None` when it does not wait for this reader any more.
    pub waits: Option<InboxRow>,
    /// The tables one decides about (or that were decided), with what to look at first.
    pub tables: Vec<CardTable>,
    /// Load on the source, as one sentence.
    pub load: Said,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decide {
    /// What is decided.
    pub verdict: Verdict,
    /// With `approve`: the items that are dropped.
    #[serde(default)]
    pub drop: Vec<ItemId>,
    /// Needed to reject, to send back and to drop.
    #[serde(default)]
    pub comment: String,
}

/// What a decider says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Let in all that are not dropped.
    Approve,
    /// Give it back to the requester.
    SendBack,
    /// Refuse it.
    Reject,
}
