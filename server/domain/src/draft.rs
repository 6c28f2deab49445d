//! A request while it is written. It lives on the server: a reload, another browser and a second tab see the same one.
//!
//! "All that match" is kept as what was searched for, so that a table which appears meanwhile is in it too; at submit it
//! is frozen into names.

use std::collections::BTreeSet;

use json::FromJson;
use serde::{Deserialize, Serialize};

use crate::ids::{DraftId, PersonId, RequestId, RouteId, SourceId};
use crate::request::{Asked, AskedTable, MOST_REASON, MOST_TABLES, MOST_TITLE};
use crate::tier::Tier;
use crate::time::{DAY, Millis};

/// How long a draft is kept after it was last saved.
pub const KEPT: i64 = 90 * DAY;
/// The most searches one draft may keep.
pub const MOST_PICKS: usize = 50;

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The id.
    pub id: DraftId,
    /// Who writes it; nobody else sees it.
    pub owner: PersonId,
    /// The request that is changed by it, after it was sent back.
    pub of: Option<RequestId>,
    /// What is written.
    pub contents: Contents,
    /// When it was last saved.
    pub saved_at: Millis,
    /// When it ended because nobody touched it; it stays readable.
    pub ended_at: Option<Millis>,
    /// Counts the writes, for optimistic locking.
    pub version: i64,
}

/// What is written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[serde(default)]
pub struct Contents {
    /// A short title.
    pub title: String,
    /// Why it is needed.
    pub reason: String,
    /// Where it goes; none until it was chosen.
    pub route: Option<RouteId>,
    /// What is promised; none until it was chosen.
    pub tier: Option<Tier>,
    /// Until which day it is needed, as `2027-06-30`; empty when nobody said.
    pub keep_until: String,
    /// Who owns it after the requester; empty when nobody said.
    pub heir: String,
    /// Tables picked one by one.
    pub tables: Vec<AskedTable>,
    /// Searches of which all tables are picked.
    pub picks: Vec<Pick>,
    /// Tables taken out of what the searches find.
    pub without: Vec<AskedTable>,
    /// Where the tables went that could not come along.
    pub rest: Option<Rest>,
}

/// A search of which all tables are picked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[serde(default)]
pub struct Pick {
    /// Words to search for.
    pub q: String,
    /// Only this source.
    pub source: Option<SourceId>,
    /// Only names like this: `lease.contract_*`.
    pub pattern: String,
}

/// Another draft that holds the tables which need a fix first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Rest {
    /// The draft.
    pub draft: DraftId,
    /// How many tables went there.
    pub tables: u64,
}

/// What cannot be kept as a draft at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beyond {
    /// The field.
    pub field: &'static str,
    /// The word of what is wrong.
    pub code: &'static str,
}

impl Contents {
    /// What is too much to be kept. Nothing else is refused: a draft may be wrong for as long as it likes.
    pub fn beyond(&self) -> Option<Beyond> {
        let long = |text: &str, most: usize| text.chars().count() > most * 2;
        let beyond = |field, code| Some(Beyond { field, code });
        if long(&self.title, MOST_TITLE) {
            beyond("title", "long")
        } else if long(&self.reason, MOST_REASON) {
            beyond("reason", "long")
        } else if long(&self.heir, MOST_TITLE) || long(&self.keep_until, 20) {
            beyond("heir", "long")
        } else if self.tables.len() > MOST_TABLES || self.without.len() > MOST_TABLES {
            beyond("tables", "many")
        } else if self.picks.len() > MOST_PICKS || self.picks.iter().any(|pick| long(&pick.q, 200)) {
            beyond("picks", "many")
        } else {
            None
        }
    }

    /// Whether nothing was picked or written yet; a route and a promise are there from the beginning.
    pub fn is_untouched(&self) -> bool {
        let Self { title, reason, keep_until, heir, tables, picks, .. } = self;
        let unwritten = [title, reason, keep_until, heir].iter().all(|text| text.is_empty());
        unwritten && tables.is_empty() && picks.is_empty()
    }

    /// All tables, each once: those picked one by one, then those found by its searches without those taken out.
    pub fn all_tables(&self, found: impl IntoIterator<Item = AskedTable>) -> Vec<AskedTable> {
        let without: BTreeSet<&AskedTable> = self.without.iter().collect();
        let found = found.into_iter().filter(|table| !without.contains(table));
        let mut seen = BTreeSet::new();
        self.tables.iter().cloned().chain(found).filter(|table| seen.insert(table.clone())).collect()
    }

    /// Takes tables out, whether they were picked or found.
    #[must_use]
    pub fn leave_out(mut self, tables: &BTreeSet<AskedTable>) -> Self {
        self.tables.retain(|table| !tables.contains(table));
        if !self.picks.is_empty() {
            let known: BTreeSet<AskedTable> = self.without.iter().cloned().collect();
            self.without.extend(tables.iter().filter(|table| !known.contains(table)).cloned());
        }
        self
    }

    /// What is asked for when these tables are signed; `None` while no route was chosen.
    pub fn asked(&self, tables: Vec<AskedTable>) -> Option<Asked> {
        Some(Asked {
            title: self.title.trim().to_owned(),
            reason: self.reason.trim().to_owned(),
            route: self.route.clone()?,
            tier: self.tier?,
            keep_until: self.keep_until.trim().to_owned(),
            heir: self.heir.trim().to_owned(),
            tables,
        })
    }
}

impl Draft {
    /// Until when it is kept if nobody touches it.
    pub fn until(&self) -> Millis {
        self.saved_at.plus(KEPT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::TableName;

    fn table(name: &str) -> AskedTable {
        let table = TableName::parse("lease", name).expect("a name");
        AskedTable { source: "s1".parse().expect("an id"), table }
    }

    #[test]
    fn a_table_is_there_once_however_it_was_picked() {
        let contents =
            Contents { tables: vec![table("a"), table("b")], without: vec![table("d")], ..Contents::default() };
        let all = contents.all_tables([table("b"), table("c"), table("d")]);
        assert_eq!(all, [table("a"), table("b"), table("c")]);
    }

    #[test]
    fn what_is_left_out_stays_out_though_a_search_finds_it() {
        let picked = Contents { tables: vec![table("a"), table("b")], ..Contents::default() };
        let out = BTreeSet::from([table("a"), table("c")]);
        let left = picked.clone().leave_out(&out);
        assert_eq!((left.tables.as_slice(), left.without.len()), ([table("b")].as_slice(), 0));
        let searched = Contents { picks: vec![Pick::default()], ..picked };
        let left = searched.leave_out(&out).leave_out(&out);
        assert_eq!(left.all_tables([table("a"), table("b"), table("c")]), [table("b")]);
        assert_eq!(left.without.len(), 2);
    }

    #[test]
    fn a_draft_may_be_wrong_but_not_endless() {
        assert_eq!(Contents::default().beyond(), None);
        let long = Contents { reason: "x".repeat(4_001), ..Contents::default() };
        assert_eq!(long.beyond(), Some(Beyond { field: "reason", code: "long" }));
        let many = Contents { tables: vec![table("a"); 5_001], ..Contents::default() };
        assert_eq!(many.beyond(), Some(Beyond { field: "tables", code: "many" }));
    }

    #[test]
    fn a_route_alone_is_nothing_written() {
        let contents = Contents { tier: Some(Tier::Daily), ..Contents::default() };
        assert!(contents.is_untouched());
        assert!(!Contents { tables: vec![table("a")], ..contents }.is_untouched());
    }

    #[test]
    fn without_a_route_and_a_promise_nothing_can_be_signed() {
        let mut contents = Contents { title: " A title ".into(), ..Contents::default() };
        assert_eq!(contents.asked(vec![]), None);
        contents.route = Some("w1".parse().expect("an id"));
        assert_eq!(contents.asked(vec![]), None);
        contents.tier = Some(Tier::Daily);
        assert_eq!(contents.asked(vec![]).expect("both are chosen").title, "A title");
    }
}
