//! The list of a request's tables while somebody reads it. Pure.

use std::collections::HashMap;

use api::domain::ids::ItemId;
use api::domain::request::Stamp;
use api::domain::tally::{Part, Tally};
use api::requests::{ItemRow, RequestRow};

/// One row of the list, with the part under which it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The heading it stands under.
    pub under: Part,
    /// The row.
    pub row: ItemRow,
}

/// The rows to show, and how many would stand elsewhere.
///
/// While `hold` is true (the pointer is over the list, or the focus in it) rows keep their places: their contents
/// change, they do not jump.
pub fn settle(shown: &[Placed], fresh: Vec<ItemRow>, hold: bool) -> (Vec<Placed>, usize) {
    let in_order: Vec<Placed> = fresh.into_iter().map(|row| Placed { under: row.part, row }).collect();
    if !hold || shown.is_empty() {
        return (in_order, 0);
    }
    let by_id: HashMap<&ItemId, &Placed> = in_order.iter().map(|placed| (&placed.row.id, placed)).collect();
    let kept: Vec<Placed> = shown
        .iter()
        .filter_map(|old| by_id.get(&old.row.id).map(|new| Placed { under: old.under, row: new.row.clone() }))
        .collect();
    let elsewhere = |placed: &&Placed| placed.under != placed.row.part;
    let unseen = in_order.len() - kept.len();
    let moved = kept.iter().filter(elsewhere).count() + unseen;
    (kept, moved)
}

/// What tells whether a row changed.
pub fn mark_of(row: &ItemRow) -> String {
    let progress = row.progress.map(|progress| progress.rows).unwrap_or_default();
    format!("{} {progress}", row.state)
}

/// Whether a request needs its requester: failed tables, or an answer.
pub fn needs_requester(row: &RequestRow) -> bool {
    row.tally.failed > 0 || row.stamp == Stamp::SentBack
}

/// Whether a request is still on its way.
pub fn on_the_way(row: &RequestRow) -> bool {
    row.tally.running + row.tally.waiting + row.tally.failed > 0
}

/// Whether all that was not ended is ready.
pub fn all_ready(tally: &Tally) -> bool {
    tally.ready > 0 && tally.running + tally.waiting + tally.failed == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::domain::name::TableName;
    use api::domain::said::Said;
    use api::domain::time::Millis;

    fn item(id: &str, part: Part) -> ItemRow {
        ItemRow {
            id: id.parse().expect("an id"),
            source: "s1".parse().expect("an id"),
            table: TableName::parse("lease", id).expect("a name"),
            comment: String::new(),
            target: TableName::parse("ods_lease", id).expect("a name"),
            state: "placed".into(),
            part,
            since: Millis(0),
            progress: None,
            as_of: None,
            now: Said::new("now.placed"),
            job: None,
            linked: false,
            reads: false,
        }
    }

    fn ids(placed: &[Placed]) -> Vec<&str> {
        placed.iter().map(|placed| placed.row.id.as_str()).collect()
    }

    #[test]
    fn rows_do_not_jump_under_the_pointer() {
        let (shown, _) = settle(&[], vec![item("a", Part::Waiting), item("b", Part::Waiting)], false);
        let fresh = vec![item("b", Part::Running), item("a", Part::Waiting), item("c", Part::Waiting)];
        let (held, moved) = settle(&shown, fresh.clone(), true);
        assert_eq!(ids(&held), ["a", "b"]);
        assert_eq!((held[1].under, held[1].row.part, moved), (Part::Waiting, Part::Running, 2));
        let (free, moved) = settle(&held, fresh, false);
        assert_eq!((ids(&free), moved), (vec!["b", "a", "c"], 0));
    }

    #[test]
    fn all_ready_means_nothing_is_on_its_way() {
        assert!(all_ready(&Tally { ready: 2, ended: 1, ..Tally::default() }));
        assert!(!all_ready(&Tally { ready: 2, waiting: 1, ..Tally::default() }));
        assert!(!all_ready(&Tally { ended: 3, ..Tally::default() }));
    }
}
