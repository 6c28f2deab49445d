//! A request: what somebody asked for, frozen at submit. It has no truth of its own beside its items.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ids::{PersonId, RequestId, RouteId, SourceId, TeamId};
use crate::item::State;
use crate::name::TableName;
use crate::tier::Tier;
use crate::time::Millis;

/// The most tables one request may hold.
pub const MOST_TABLES: usize = 5_000;
/// The most characters of a title.
pub const MOST_TITLE: usize = 120;
/// The most characters of a reason or a comment.
pub const MOST_REASON: usize = 2_000;

/// What somebody asked for. Frozen at submit; its canonical JSON is what the hash is taken of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// A short title.
    pub title: String,
    /// Why it is needed.
    pub reason: String,
    /// Where it goes.
    pub route: RouteId,
    /// What is promised.
    pub tier: Tier,
    /// The tables, each once, in the order asked.
    pub tables: Vec<AskedTable>,
}

/// One table asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AskedTable {
    /// The source.
    pub source: SourceId,
    /// The table.
    pub table: TableName,
}

/// What is wrong with one field of what is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wrong {
    /// The field: `title`, `reason` or `tables`.
    pub field: &'static str,
    /// The word of what is wrong: `missing`, `long`, `many`, `twice`.
    pub code: &'static str,
}

impl Asked {
    /// Everything that is wrong with it, at once.
    pub fn wrong(&self) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        let mut say = |field, code| wrong.push(Wrong { field, code });
        if self.title.trim().is_empty() {
            say("title", "missing");
        } else if self.title.chars().count() > MOST_TITLE {
            say("title", "long");
        }
        if self.reason.trim().is_empty() {
            say("reason", "missing");
        } else if self.reason.chars().count() > MOST_REASON {
            say("reason", "long");
        }
        // One by one: the page pays for what sorts them first.
        let mut distinct = BTreeSet::new();
        distinct.extend(&self.tables);
        if self.tables.is_empty() {
            say("tables", "missing");
        } else if self.tables.len() > MOST_TABLES {
            say("tables", "many");
        } else if distinct.len() < self.tables.len() {
            say("tables", "twice");
        }
        wrong
    }
}

/// A request as it was submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The id.
    pub id: RequestId,
    /// The number people say: R-2043.
    pub number: i64,
    /// Who asked.
    pub requester: PersonId,
    /// The requester's team at that time.
    pub team: Option<TeamId>,
    /// What was asked, frozen.
    pub asked: Asked,
    /// SHA-256 of the canonical JSON of `asked`, as lower-case hex.
    pub hash: String,
    /// When it was submitted.
    pub submitted_at: Millis,
    /// Counts the writes, for optimistic locking.
    pub version: i64,
}

/// The stamp of a request: what people decided. Derived from its items, never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stamp", rename_all = "snake_case")]
pub enum Stamp {
    /// Somebody has still to decide about some tables.
    Waiting,
    /// Decided: so many were let in, of so many asked.
    Approved {
        /// Tables let in.
        let_in: u64,
        /// Tables asked for.
        of: u64,
    },
    /// Back with the requester.
    SentBack,
    /// All refused.
    Rejected,
    /// Taken away by the requester.
    Withdrawn,
}

impl Stamp {
    /// The stamp that the states of a request's own items give.
    pub fn of<'a>(states: impl IntoIterator<Item = &'a State>) -> Self {
        let (mut let_in, mut of, mut waiting, mut back, mut rejected, mut withdrawn) = (0, 0, 0, 0, 0, 0);
        for state in states {
            of += 1;
            match state {
                State::Submitted { .. } => waiting += 1,
                State::SentBack { .. } => back += 1,
                State::Rejected { .. } => rejected += 1,
                State::Withdrawn { .. } => withdrawn += 1,
                State::Dropped { .. } => {}
                State::Approved { .. }
                | State::Placed { .. }
                | State::Starting { .. }
                | State::Copying { .. }
                | State::Verifying { .. }
                | State::Ready { .. }
                | State::Late { .. }
                | State::Failed { .. }
                | State::Paused { .. }
                | State::Retired { .. } => let_in += 1,
            }
        }
        if waiting > 0 {
            Self::Waiting
        } else if back > 0 {
            Self::SentBack
        } else if let_in > 0 || of == 0 {
            Self::Approved { let_in, of }
        } else if withdrawn > 0 && rejected == 0 {
            Self::Withdrawn
        } else {
            Self::Rejected
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Asked {
        let table = AskedTable {
            source: "s1".parse().expect("an id"),
            table: TableName::parse("lease", "contract").expect("a name"),
        };
        Asked {
            title: "Lease tables".into(),
            reason: "Occupancy report".into(),
            route: "w1".parse().expect("an id"),
            tier: Tier::Daily,
            tables: vec![table],
        }
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        assert_eq!(asked().wrong(), []);
        let bad = Asked { title: " ".into(), reason: "x".repeat(2_001), tables: vec![], ..asked() };
        let fields: Vec<_> = bad.wrong().iter().map(|w| (w.field, w.code)).collect();
        assert_eq!(fields, [("title", "missing"), ("reason", "long"), ("tables", "missing")]);
        let twice = Asked { tables: [asked().tables, asked().tables].concat(), ..asked() };
        assert_eq!(twice.wrong(), [Wrong { field: "tables", code: "twice" }]);
    }

    #[test]
    fn the_stamp_is_what_people_decided() {
        let at = Millis(1);
        let by: PersonId = "bo".parse().expect("an id");
        let submitted = State::Submitted { at };
        let placed = State::Placed { at, tries: 0 };
        let dropped = State::Dropped { at, by: by.clone() };
        let rejected = State::Rejected { at, by: by.clone() };
        let withdrawn = State::Withdrawn { at, by };
        assert_eq!(Stamp::of([&submitted, &placed]), Stamp::Waiting);
        assert_eq!(Stamp::of([&placed, &dropped]), Stamp::Approved { let_in: 1, of: 2 });
        assert_eq!(Stamp::of([&dropped]), Stamp::Rejected);
        assert_eq!(Stamp::of([&rejected]), Stamp::Rejected);
        assert_eq!(Stamp::of([&withdrawn]), Stamp::Withdrawn);
    }
}
