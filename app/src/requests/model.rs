//! A request while it is written, and its list while somebody reads it. Pure.

use std::collections::HashMap;

use api::domain::ids::{ItemId, RouteId};
use api::domain::request::{Asked, AskedTable, Stamp, Wrong};
use api::domain::tally::{Part, Tally};
use api::domain::tier::Tier;
use api::requests::{ItemRow, RequestRow};
use api::tables::RouteChoice;
use serde::{Deserialize, Serialize};

/// A request that is being written. The tables are the selection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// A short title.
    pub title: String,
    /// Why it is needed.
    pub reason: String,
    /// Where it goes; the first route until one is chosen.
    pub route: Option<RouteId>,
    /// What is promised.
    pub tier: Tier,
    /// Makes sending it twice one request.
    pub key: String,
}

/// What somebody does to a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Msg {
    /// Types a title.
    Title(String),
    /// Types a reason.
    Reason(String),
    /// Chooses a route.
    Route(RouteId),
    /// Chooses a promise.
    Tier(Tier),
}

impl Draft {
    /// An empty draft.
    pub fn new(key: String) -> Self {
        Self { title: String::new(), reason: String::new(), route: None, tier: Tier::Daily, key }
    }

    /// The draft after something was done to it.
    #[must_use]
    pub fn update(self, msg: Msg) -> Self {
        match msg {
            Msg::Title(title) => Self { title, ..self },
            Msg::Reason(reason) => Self { reason, ..self },
            Msg::Route(route) => Self { route: Some(route), ..self },
            Msg::Tier(tier) => Self { tier, ..self },
        }
    }

    /// The route it goes to: the one chosen, else the first.
    pub fn route<'a>(&self, routes: &'a [RouteChoice]) -> Option<&'a RouteChoice> {
        routes.iter().find(|route| self.route.as_ref() == Some(&route.id)).or_else(|| routes.first())
    }

    /// The promise: the one chosen, if the route offers it, else what it offers.
    pub fn tier(&self, route: &RouteChoice) -> Tier {
        match route.tiers.as_slice() {
            [first, ..] if !route.tiers.contains(&self.tier) => *first,
            _ => self.tier,
        }
    }

    /// What is asked for; `None` while there is no route.
    pub fn asked(&self, tables: Vec<AskedTable>, routes: &[RouteChoice]) -> Option<Asked> {
        let route = self.route(routes)?;
        Some(Asked {
            title: self.title.trim().to_owned(),
            reason: self.reason.trim().to_owned(),
            route: route.id.clone(),
            tier: self.tier(route),
            keep_until: String::new(),
            heir: String::new(),
            tables,
        })
    }
}

/// What is wrong with one field of what is asked, by its code.
pub fn wrong_with(wrong: &[Wrong], field: &str) -> Option<&'static str> {
    wrong.iter().find(|each| each.field == field).map(|each| each.code)
}

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

    fn route(id: &str, tiers: &[Tier]) -> RouteChoice {
        RouteChoice { id: id.parse().expect("an id"), name: id.into(), tiers: tiers.to_vec() }
    }

    #[test]
    fn a_draft_takes_the_first_route_and_a_promise_that_it_offers() {
        let routes = [route("w1", &[Tier::Minutes]), route("w2", &[Tier::Minutes, Tier::Daily])];
        let draft = Draft::new("k".into());
        let asked = draft.asked(vec![], &routes).expect("a route");
        assert_eq!((asked.route.as_str(), asked.tier), ("w1", Tier::Minutes));
        let draft = draft.update(Msg::Route("w2".parse().expect("an id"))).update(Msg::Title("  A title ".into()));
        let asked = draft.asked(vec![], &routes).expect("a route");
        assert_eq!((asked.route.as_str(), asked.tier, asked.title.as_str()), ("w2", Tier::Daily, "A title"));
        assert_eq!(wrong_with(&asked.wrong(), "reason"), Some("missing"));
        assert_eq!(wrong_with(&asked.wrong(), "title"), None);
        assert!(draft.asked(vec![], &[]).is_none());
    }

    #[test]
    fn all_ready_means_nothing_is_on_its_way() {
        assert!(all_ready(&Tally { ready: 2, ended: 1, ..Tally::default() }));
        assert!(!all_ready(&Tally { ready: 2, waiting: 1, ..Tally::default() }));
        assert!(!all_ready(&Tally { ended: 3, ..Tally::default() }));
    }
}
