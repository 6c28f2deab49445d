//! A request: what somebody asked for, frozen at submit. It has no truth of its own beside its items.

use std::collections::BTreeSet;

use json::FromJson;
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Asked {
    /// A short title.
    pub title: String,
    /// Why it is needed.
    pub reason: String,
    /// Where it goes.
    pub route: RouteId,
    /// What is promised.
    pub tier: Tier,
    /// Until which day it is needed, as `2027-06-30`; empty when nobody said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub keep_until: String,
    /// Who owns it after the requester; empty when nobody said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub heir: String,
    /// The tables, each once, in the order asked.
    pub tables: Vec<AskedTable>,
}

/// One table asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, FromJson)]
pub struct AskedTable {
    /// The source.
    pub source: SourceId,
    /// The table.
    pub table: TableName,
}

/// What is wrong with one field of what is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wrong {
    /// The field: `title`, `reason`, `keep_until`, `heir` or `tables`.
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
        if !self.keep_until.is_empty() && !is_day(&self.keep_until) {
            say("keep_until", "bad");
        }
        if self.heir.chars().count() > MOST_TITLE {
            say("heir", "long");
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

/// What a requester changed before sending a request again.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
pub struct Diff {
    /// The title before, where it changed.
    pub title: Option<String>,
    /// The reason before, where it changed.
    pub reason: Option<String>,
    /// The promise before, where it changed.
    pub tier: Option<Tier>,
    /// Tables that are new, by name.
    pub added: Vec<String>,
    /// Tables that are not asked for any more, by name.
    pub removed: Vec<String>,
}

impl Asked {
    /// What changed since it was asked before.
    pub fn since(&self, before: &Self) -> Diff {
        let was = |now: &String, before: &String| (now != before).then(|| before.clone());
        let only = |of: &Self, other: &Self| {
            let other: BTreeSet<&AskedTable> = other.tables.iter().collect();
            of.tables.iter().filter(|table| !other.contains(table)).map(|each| each.table.to_string()).collect()
        };
        Diff {
            title: was(&self.title, &before.title),
            reason: was(&self.reason, &before.reason),
            tier: (self.tier != before.tier).then_some(before.tier),
            added: only(self, before),
            removed: only(before, self),
        }
    }
}

/// Whether a text is a day as `2027-06-30`.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, digits: usize, most: u32| {
        part.len() == digits && part.parse::<u32>().is_ok_and(|number| (1..=most).contains(&number))
    };
    matches!(parts.as_slice(), [year, month, day] if number(year, 4, 9_999) && number(month, 2, 12) && number(day, 2, 31))
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson)]
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
    /// The stamp that the states of a request's own items give, each with how many are in it.
    pub fn of<'a>(states: impl IntoIterator<Item = (&'a State, u64)>) -> Self {
        let (mut let_in, mut of, mut waiting, mut back, mut rejected, mut withdrawn) = (0, 0, 0, 0, 0, 0);
        for (state, items) in states {
            of += items;
            match state {
                State::Submitted { .. } => waiting += items,
                State::SentBack { .. } => back += items,
                State::Rejected { .. } => rejected += items,
                State::Withdrawn { .. } => withdrawn += items,
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
                | State::Retired { .. } => let_in += items,
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
            keep_until: String::new(),
            heir: String::new(),
            tables: vec![table],
        }
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        assert_eq!(asked().wrong(), []);
        let bad = Asked { title: " ".into(), reason: "x".repeat(2_001), tables: vec![], ..asked() };
        let fields: Vec<_> = bad.wrong().iter().map(|w| (w.field, w.code)).collect();
        assert_eq!(fields, [("title", "missing"), ("reason", "long"), ("tables", "missing")]);
        let odd = Asked { keep_until: "2027-13-01".into(), heir: "x".repeat(121), ..asked() };
        let fields: Vec<_> = odd.wrong().iter().map(|w| (w.field, w.code)).collect();
        assert_eq!(fields, [("keep_until", "bad"), ("heir", "long")]);
        assert_eq!(Asked { keep_until: "2027-06-30".into(), ..asked() }.wrong(), []);
        let twice = Asked { tables: [asked().tables, asked().tables].concat(), ..asked() };
        assert_eq!(twice.wrong(), [Wrong { field: "tables", code: "twice" }]);
    }

    #[test]
    fn what_changed_is_told_by_what_was_there_before() {
        let before = asked();
        let table =
            AskedTable { table: TableName::parse("lease", "tenant").expect("a name"), ..before.tables[0].clone() };
        let now = Asked { reason: "Another".into(), tables: vec![table], ..asked() };
        let diff = now.since(&before);
        assert_eq!((diff.title, diff.reason.as_deref(), diff.tier), (None, Some("Occupancy report"), None));
        assert_eq!((diff.added, diff.removed), (vec!["lease.tenant".to_owned()], vec!["lease.contract".to_owned()]));
        assert_eq!(before.since(&before), Diff::default());
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
        assert_eq!(Stamp::of([(&submitted, 1), (&placed, 1)]), Stamp::Waiting);
        assert_eq!(Stamp::of([(&placed, 1), (&dropped, 1)]), Stamp::Approved { let_in: 1, of: 2 });
        assert_eq!(Stamp::of([(&dropped, 1)]), Stamp::Rejected);
        assert_eq!(Stamp::of([(&rejected, 1)]), Stamp::Rejected);
        assert_eq!(Stamp::of([(&withdrawn, 1)]), Stamp::Withdrawn);
    }
}
