//! A decision while it is made: which tables go, what is said, and what the button will do. Pure.

use std::collections::BTreeSet;

use api::domain::ids::{ItemId, RequestId};
use api::inbox::{CardTable, Decide, InboxRow, Verdict};

/// A decision that is being made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decision {
    /// Tables that are not let in.
    pub dropped: BTreeSet<ItemId>,
    /// Those of them that go back to the requester instead of being dropped.
    pub back: BTreeSet<ItemId>,
    /// What is said.
    pub comment: String,
}

/// What somebody does to a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Msg {
    /// Lets a table in, or drops it.
    Toggle(ItemId),
    /// Sends a table back that is not let in, or drops it after all.
    Back(ItemId),
    /// Lets all in, or drops all.
    ToggleAll(Vec<ItemId>),
    /// Types a comment.
    Comment(String),
}

/// Why a decision cannot be sent yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// A comment is needed to reject, to send back and to drop.
    Comment,
    /// All tables are dropped: that is a rejection.
    Tables,
}

impl Decision {
    /// The decision after something was done to it.
    #[must_use]
    pub fn update(mut self, msg: Msg) -> Self {
        match msg {
            Msg::Toggle(id) => {
                self.back.remove(&id);
                if !self.dropped.remove(&id) {
                    self.dropped.insert(id);
                }
            }
            Msg::Back(id) => {
                if !self.back.remove(&id) && self.dropped.contains(&id) {
                    self.back.insert(id);
                }
            }
            Msg::ToggleAll(ids) if self.dropped.is_empty() => self.dropped.extend(ids),
            Msg::ToggleAll(_) => {
                self.dropped.clear();
                self.back.clear();
            }
            Msg::Comment(comment) => self.comment = comment,
        }
        self
    }

    /// How many are let in, of how many.
    pub fn let_in(&self, tables: &[CardTable]) -> (usize, usize) {
        let dropped = tables.iter().filter(|table| self.dropped.contains(&table.item.id)).count();
        (tables.len() - dropped, tables.len())
    }

    /// Whether a comment is needed for approving as it stands.
    pub fn drops(&self) -> bool {
        !self.dropped.is_empty()
    }

    /// What is missing for a verdict.
    pub fn missing(&self, verdict: Verdict, tables: &[CardTable]) -> Option<Missing> {
        let needs_comment = match verdict {
            Verdict::Approve => self.drops(),
            Verdict::SendBack | Verdict::Reject => true,
        };
        if verdict == Verdict::Approve && self.let_in(tables).0 == 0 {
            Some(Missing::Tables)
        } else if needs_comment && self.comment.trim().is_empty() {
            Some(Missing::Comment)
        } else {
            None
        }
    }

    /// What is sent: only tables that are still on the card are dropped.
    pub fn sent(&self, verdict: Verdict, tables: &[CardTable], seen: &str) -> Decide {
        let on_card = tables.iter().map(|table| &table.item.id);
        let out = on_card.filter(|id| verdict == Verdict::Approve && self.dropped.contains(*id));
        let (mut drop, mut back) = (Vec::new(), Vec::new());
        for id in out {
            let list = if self.back.contains(id) { &mut back } else { &mut drop };
            list.push(id.clone());
        }
        Decide { verdict, drop, back, comment: self.comment.trim().to_owned(), seen: seen.to_owned() }
    }
}

/// What a selection of the inbox sums up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    /// Requests.
    pub requests: u64,
    /// Their tables.
    pub tables: u64,
    /// Tables among them with personal data.
    pub personal: u64,
}

/// The sum over the rows that are selected.
pub fn sum(rows: &[InboxRow], picked: &BTreeSet<RequestId>) -> Sum {
    rows.iter().filter(|row| picked.contains(&row.row.id)).fold(Sum::default(), |sum, row| Sum {
        requests: sum.requests + 1,
        tables: sum.tables + row.tables,
        personal: sum.personal + row.personal,
    })
}

/// Selects all rows between two that can be let in with others.
pub fn pick_range(rows: &[InboxRow], picked: &mut BTreeSet<RequestId>, from: &RequestId, to: &RequestId) {
    let place = |id: &RequestId| rows.iter().position(|row| row.row.id == *id);
    let (Some(from), Some(to)) = (place(from), place(to)) else { return };
    for row in rows[from.min(to)..=from.max(to)].iter().filter(|row| row.alone.is_none()) {
        picked.insert(row.row.id.clone());
    }
}

/// The tables that match what is searched for, by name or comment.
pub fn matching<'a>(tables: &'a [CardTable], q: &str) -> Vec<&'a CardTable> {
    // Letter by letter: the rule for a Greek word's last letter would cost the page kilobytes.
    let lower = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<String>();
    let q = lower(q.trim());
    let holds = |table: &&CardTable| {
        let item = &table.item;
        q.is_empty() || lower(&item.table.to_string()).contains(&q) || lower(&item.comment).contains(&q)
    };
    tables.iter().filter(holds).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::domain::name::TableName;
    use api::domain::said::Said;
    use api::domain::tally::Part;
    use api::domain::time::Millis;
    use api::requests::ItemRow;

    fn id(id: &str) -> ItemId {
        id.parse().expect("an id")
    }

    fn table(name: &str) -> CardTable {
        let item = ItemRow {
            id: id(name),
            source: "s1".parse().expect("an id"),
            table: TableName::parse("member", name).expect("a name"),
            comment: "会员".into(),
            target: TableName::parse("ods_member", name).expect("a name"),
            state: "submitted".into(),
            part: Part::Waiting,
            since: Millis(0),
            progress: None,
            as_of: None,
            now: Said::new("now.submitted"),
            job: None,
            linked: false,
            reads: false,
        };
        CardTable { item, rows: None, bytes: None, look_at: vec![] }
    }

    #[test]
    fn the_label_says_what_will_happen() {
        let tables = [table("a"), table("b"), table("c")];
        let decision = Decision::default().update(Msg::Toggle(id("b")));
        assert_eq!(decision.let_in(&tables), (2, 3));
        assert_eq!(decision.clone().update(Msg::Toggle(id("b"))).let_in(&tables), (3, 3));
        let gone = decision.update(Msg::Toggle(id("gone")));
        assert_eq!(gone.let_in(&tables), (2, 3));
        assert_eq!(gone.sent(Verdict::Approve, &tables, "").drop, [id("b")]);
    }

    #[test]
    fn a_comment_is_needed_to_reject_to_send_back_and_to_drop() {
        let tables = [table("a"), table("b")];
        let all_in = Decision::default();
        assert_eq!(all_in.missing(Verdict::Approve, &tables), None);
        assert_eq!(all_in.missing(Verdict::Reject, &tables), Some(Missing::Comment));
        assert_eq!(all_in.missing(Verdict::SendBack, &tables), Some(Missing::Comment));
        let drops = all_in.update(Msg::Toggle(id("a")));
        assert_eq!(drops.missing(Verdict::Approve, &tables), Some(Missing::Comment));
        let said = drops.update(Msg::Comment(" why ".into()));
        assert_eq!(said.missing(Verdict::Approve, &tables), None);
        assert_eq!(said.sent(Verdict::Approve, &tables, "").comment, "why");
        let none_left = said.update(Msg::Toggle(id("b")));
        assert_eq!(none_left.missing(Verdict::Approve, &tables), Some(Missing::Tables));
        assert_eq!(none_left.sent(Verdict::Reject, &tables, "").drop, []);
    }

    #[test]
    fn a_table_that_is_not_let_in_can_go_back_instead_of_being_dropped() {
        let tables = [table("a"), table("b"), table("c")];
        let decision = Decision::default().update(Msg::Back(id("a")));
        assert!(decision.back.is_empty(), "what is let in does not go back");
        let decision = decision.update(Msg::Toggle(id("a"))).update(Msg::Toggle(id("b"))).update(Msg::Back(id("a")));
        let sent = decision.sent(Verdict::Approve, &tables, "hash");
        assert_eq!((sent.drop, sent.back, sent.seen), (vec![id("b")], vec![id("a")], "hash".to_owned()));
        let let_in = decision.update(Msg::Toggle(id("a")));
        assert_eq!(let_in.sent(Verdict::Approve, &tables, "").back, []);
    }

    #[test]
    fn all_are_dropped_or_let_in_at_once() {
        let all = vec![id("a"), id("b")];
        let decision = Decision::default().update(Msg::ToggleAll(all.clone()));
        assert_eq!(decision.dropped.len(), 2);
        assert!(!decision.update(Msg::ToggleAll(all)).drops());
    }

    #[test]
    fn tables_are_found_by_name_and_comment() {
        let tables = [table("member_base"), table("points")];
        assert_eq!(matching(&tables, "BASE").len(), 1);
        assert_eq!(matching(&tables, "会员").len(), 2);
        assert_eq!(matching(&tables, "").len(), 2);
    }
}
