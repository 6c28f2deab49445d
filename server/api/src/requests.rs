//! Requests and their items.

use json::FromJson;
use serde::{Deserialize, Serialize};

use domain::cause::Who;
use domain::ids::{ItemId, JobId, RequestId, SourceId};
use domain::name::TableName;
use domain::request::{Asked, Diff, Stamp};
use domain::said::Said;
use domain::tally::{Part, Tally};
use domain::tier::Tier;
use domain::time::Millis;

use crate::me::PersonView;

/// Asks for tables. Send it with an `Idempotency-Key` header; the same key and body give the same request.
pub type Ask = Asked;

/// A request in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct RequestRow {
    /// The id.
    pub id: RequestId,
    /// What people say: R-2043.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Who asked.
    pub requester: PersonView,
    /// When.
    pub submitted_at: Millis,
    /// What was decided.
    pub stamp: Stamp,
    /// Who still decides; empty when nobody has to.
    pub deciders: Vec<String>,
    /// The sum.
    pub tally: Tally,
    /// What happens now, as one sentence.
    pub now: Said,
}

/// A request as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct RequestView {
    /// The same facts as in a list.
    pub row: RequestRow,
    /// Why it was asked.
    pub reason: String,
    /// SHA-256 of what was asked.
    pub hash: String,
    /// What is promised.
    pub tier: Tier,
    /// The route's name.
    pub route: String,
    /// The databases in the lake it goes to.
    pub databases: Vec<String>,
    /// The sources it reads, by name.
    pub sources: Vec<String>,
    /// Steps of the decision, done ones first.
    pub chain: Vec<ChainStep>,
    /// Problems, one a cause, worst first.
    pub problems: Vec<ProblemBox>,
    /// What its requester changed before sending it again, where that was done.
    pub changed: Option<Diff>,
    /// Until which day it is needed, as `2027-06-30`; empty when nobody said.
    pub keep_until: String,
    /// Who owns it after the requester; empty when nobody said.
    pub heir: String,
    /// The brake that keeps some of its tables from starting.
    #[serde(default)]
    pub brake: Option<Said>,
    /// What is run in Hive (Ranger takes it too) for tables that are only read; empty where none is.
    pub grant: String,
    /// Lines of its timeline.
    pub lines: u64,
    /// What the reader may do.
    pub may: RequestMay,
}

/// What the reader may do with a request.
#[expect(clippy::struct_excessive_bools, reason = "each is a right of its own")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
pub struct RequestMay {
    /// Withdraw it.
    pub withdraw: bool,
    /// Send it again.
    pub resubmit: bool,
    /// Decide about it.
    pub decide: bool,
    /// Take one's own approval back, until then.
    pub take_back_until: Option<Millis>,
    /// Try items again, leave them out.
    pub tend: bool,
}

/// One step of the decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct ChainStep {
    /// The sources this step is about.
    pub source: String,
    /// Who decided, or who can.
    pub who: Vec<String>,
    /// Whether it is done.
    pub done: bool,
    /// When it was decided, or since when it waits.
    pub at: Millis,
    /// What was decided, or what is waited for.
    pub said: Said,
    /// The decider's comment; empty when none.
    pub comment: String,
}

/// One cause that needs somebody, with all items it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct ProblemBox {
    /// What happened.
    pub said: Said,
    /// What to do next.
    pub next: Said,
    /// Who must act.
    pub who: Who,
    /// Their name, where one is known.
    pub person: String,
    /// Since when.
    pub since: Millis,
    /// The items it holds, at most 50.
    pub items: Vec<ItemId>,
    /// Their tables, at most 5 by name.
    pub tables: Vec<String>,
    /// How many there are.
    pub count: u64,
    /// When it is tried again by itself.
    pub again_at: Option<Millis>,
}

/// An item in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct ItemRow {
    /// The id.
    pub id: ItemId,
    /// The source.
    pub source: SourceId,
    /// The table at the source.
    pub table: TableName,
    /// Its comment.
    pub comment: String,
    /// Its name in the lake.
    pub target: TableName,
    /// The word of its state; `unknown` when it was not looked at within two rounds.
    pub state: String,
    /// The part of the sum it belongs to.
    pub part: Part,
    /// Since when.
    pub since: Millis,
    /// Progress of the first copy.
    pub progress: Option<Progress>,
    /// The data is as of this moment, once proven.
    pub as_of: Option<Millis>,
    /// What happens now.
    pub now: Said,
    /// The job that brings it.
    pub job: Option<JobId>,
    /// Whether it was asked for in another request and is linked here.
    pub linked: bool,
    /// Whether it is asked for only to read: others bring the table.
    pub reads: bool,
}

/// How far a copy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Progress {
    /// Rows copied.
    pub rows: u64,
    /// Rows counted at the source; `None` is "not known yet".
    pub of: Option<u64>,
    /// When that was seen.
    pub at: Millis,
}

impl Progress {
    /// Whole percent, never 100 before it is verified; `None` while the sum is not known.
    pub fn percent(&self) -> Option<u64> {
        let of = self.of?;
        if of == 0 {
            return Some(99);
        }
        Some((u128::from(self.rows) * 100 / u128::from(of)).min(99) as u64)
    }
}

/// One line of a timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Line {
    /// Its number in the log.
    pub seq: i64,
    /// When.
    pub at: Millis,
    /// Who; empty is Lakegate itself.
    pub who: String,
    /// The kind's word, for its icon.
    pub kind: String,
    /// What happened.
    pub said: Said,
    /// What a person said with it; empty when nothing.
    pub comment: String,
    /// Tables it touches, at most 5 by name.
    pub tables: Vec<String>,
    /// How many it touches.
    pub count: u64,
}

/// Sends a request again after it was sent back.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
pub struct Resubmit {
    /// What the requester answers; may be empty.
    #[serde(default)]
    pub answer: String,
}

/// What is done with items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum TendVerb {
    /// Try failed items again.
    TryAgain,
    /// Leave items out; what lies in the lake stays.
    LeaveOut,
}

/// Does something with items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Tend {
    /// What.
    pub verb: TendVerb,
    /// With which; at most 5,000.
    pub items: Vec<ItemId>,
}

/// What became of each item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Tended {
    /// A result for each, in the order given.
    pub results: Vec<TendResult>,
}

/// What became of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct TendResult {
    /// Which.
    pub item: ItemId,
    /// Why not, if it was not done.
    pub refused: Option<Said>,
}
