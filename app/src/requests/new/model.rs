//! What somebody does to a draft, and what is wrong with it. Pure.

use std::collections::BTreeSet;

use api::domain::draft::{Contents, Pick};
use api::domain::ids::{RouteId, SourceId};
use api::domain::request::{Asked, AskedTable};
use api::domain::tier::Tier;
use api::drafts::{CartSource, DraftView};
use api::paste::{Pasted, PastedLine, PastedResult};
use api::tables::RouteChoice;

/// What somebody does to a draft.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    /// Types a title.
    Title(String),
    /// Types a reason.
    Reason(String),
    /// Says until which day it is needed.
    KeepUntil(String),
    /// Names who owns it afterwards.
    Heir(String),
    /// Chooses a route, with the promises it offers.
    Route(RouteId, Vec<Tier>),
    /// Chooses a promise.
    Tier(Tier),
    /// Puts tables in.
    PutIn(Vec<AskedTable>),
    /// Takes tables out.
    TakeOut(Vec<AskedTable>),
    /// Picks all that match a search, or only those that are shown of it.
    PickAll(Pick, Vec<AskedTable>),
    /// Takes all tables of a source out.
    TakeOutSource(SourceId),
    /// Takes all tables out.
    Clear,
}

/// The draft after something was done to it; `all` are its tables of now.
pub fn update(mut contents: Contents, msg: Msg, all: &[AskedTable]) -> Contents {
    match msg {
        Msg::Title(title) => Contents { title, ..contents },
        Msg::Reason(reason) => Contents { reason, ..contents },
        Msg::KeepUntil(keep_until) => Contents { keep_until, ..contents },
        Msg::Heir(heir) => Contents { heir, ..contents },
        Msg::Tier(tier) => Contents { tier: Some(tier), ..contents },
        Msg::Route(route, tiers) => {
            let tier = contents.tier.filter(|tier| tiers.contains(tier)).or(tiers.first().copied());
            Contents { route: Some(route), tier, ..contents }
        }
        Msg::PutIn(tables) => {
            contents.without.retain(|out| !tables.contains(out));
            let there: BTreeSet<AskedTable> = contents.tables.iter().cloned().collect();
            contents.tables.extend(tables.into_iter().filter(|table| !there.contains(table)));
            contents
        }
        Msg::TakeOut(tables) => contents.leave_out(&tables.into_iter().collect()),
        Msg::PickAll(pick, shown) if contents.picks.contains(&pick) => {
            contents.picks.retain(|each| *each != pick);
            update(contents, Msg::PutIn(shown), all)
        }
        Msg::PickAll(pick, _) => {
            contents.picks.push(pick);
            contents.without.clear();
            contents
        }
        Msg::TakeOutSource(source) => {
            contents.picks.retain(|pick| pick.source.as_ref() != Some(&source));
            let of_it = all.iter().filter(|table| table.source == source).cloned().collect();
            contents.leave_out(&of_it)
        }
        Msg::Clear => Contents { tables: vec![], picks: vec![], without: vec![], ..contents },
    }
}

/// The tables of now: as the server found them, with what was done here since.
pub fn tables_now(contents: &Contents, saved: &DraftView) -> BTreeSet<AskedTable> {
    let single: BTreeSet<&AskedTable> = saved.contents.tables.iter().collect();
    let found = saved.tables.iter().filter(|table| !single.contains(table));
    let found: Vec<AskedTable> = if contents.picks.is_empty() { Vec::new() } else { found.cloned().collect() };
    contents.all_tables(found).into_iter().collect()
}

/// Rows and bytes of the whole cart. One that is not known makes the sum "not known yet".
pub fn sums(cart: &[CartSource]) -> (Option<u64>, Option<u64>) {
    (cart.iter().map(|each| each.rows).sum(), cart.iter().map(|each| each.bytes).sum())
}

/// Everybody who decides, each once.
pub fn deciders(cart: &[CartSource]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for name in cart.iter().flat_map(|each| &each.deciders) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    names
}

/// The route that was chosen.
pub fn route_of<'a>(contents: &Contents, routes: &'a [RouteChoice]) -> Option<&'a RouteChoice> {
    routes.iter().find(|route| contents.route.as_ref() == Some(&route.id))
}

/// What is wrong with one field before it is signed, by its code.
pub fn wrong_with(contents: &Contents, n: usize, field: &str) -> Option<&'static str> {
    if field == "tables" {
        return (n == 0).then_some("missing");
    }
    let asked: Option<Asked> = contents.asked(Vec::new());
    let wrong = asked.map(|asked| asked.wrong()).unwrap_or_default();
    wrong.iter().find(|each| each.field == field).map(|each| each.code)
}

/// The field to mend first, and the step it stands in, before it can be signed.
pub fn first_wrong(contents: &Contents, n: usize) -> Option<&'static str> {
    ["tables", "reason", "keep_until", "heir", "title"]
        .into_iter()
        .find(|field| wrong_with(contents, n, field).is_some())
}

/// A list that was looked up, in sums.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PastedSum {
    /// Tables that can be put in.
    pub found: Vec<AskedTable>,
    /// Names of tables that somebody brings already.
    pub there: usize,
    /// Names that stand there twice.
    pub twice: usize,
    /// Names that need a person.
    pub need: usize,
}

/// The sums of a list.
pub fn pasted_sum(pasted: &Pasted) -> PastedSum {
    let mut sum = PastedSum::default();
    for line in &pasted.lines {
        match &line.result {
            PastedResult::Found { table } => sum.found.push(table.clone()),
            PastedResult::InLake { .. } | PastedResult::AskedFor { .. } => sum.there += 1,
            PastedResult::Twice { .. } => sum.twice += 1,
            PastedResult::Retired { .. }
            | PastedResult::Places { .. }
            | PastedResult::NoSuch { .. }
            | PastedResult::Unreadable => sum.need += 1,
        }
    }
    sum
}

/// The lines that somebody should look at: those that need a person first, then those that somebody brings already.
pub fn to_look_at(pasted: &Pasted) -> Vec<&PastedLine> {
    let there = |line: &&PastedLine| {
        matches!(line.result, PastedResult::InLake { .. } | PastedResult::AskedFor { .. } | PastedResult::Twice { .. })
    };
    let needs = |line: &&PastedLine| !there(line) && !matches!(line.result, PastedResult::Found { .. });
    pasted.lines.iter().filter(needs).chain(pasted.lines.iter().filter(there)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::domain::name::TableName;
    use api::domain::time::Millis;

    fn table(name: &str) -> AskedTable {
        let table = TableName::parse("lease", name).expect("a name");
        AskedTable { source: "s1".parse().expect("an id"), table }
    }

    fn view(contents: Contents, tables: Vec<AskedTable>) -> DraftView {
        DraftView {
            id: "d1".parse().expect("an id"),
            version: 1,
            contents,
            saved_at: Millis(0),
            until: Millis(0),
            ended: false,
            of: None,
            tables,
            cart: vec![],
            names: vec![],
        }
    }

    fn names(tables: impl IntoIterator<Item = AskedTable>) -> Vec<String> {
        tables.into_iter().map(|each| each.table.table.to_string()).collect()
    }

    #[test]
    fn a_table_goes_in_and_out_again() {
        let contents = update(Contents::default(), Msg::PutIn(vec![table("a"), table("b")]), &[]);
        let contents = update(contents, Msg::PutIn(vec![table("b")]), &[]);
        let contents = update(contents, Msg::TakeOut(vec![table("a")]), &[]);
        assert_eq!((names(contents.tables), contents.without.len()), (vec!["b".to_owned()], 0));
    }

    #[test]
    fn all_that_match_are_picked_without_those_taken_out_and_back_to_those_shown() {
        let pick = Pick { q: "rent".into(), ..Pick::default() };
        let saved = view(Contents { picks: vec![pick.clone()], ..Contents::default() }, vec![table("a"), table("b")]);
        let contents = update(saved.contents.clone(), Msg::TakeOut(vec![table("a")]), &saved.tables);
        assert_eq!(names(tables_now(&contents, &saved)), ["b"]);
        let again = update(contents.clone(), Msg::PutIn(vec![table("a")]), &saved.tables);
        assert_eq!(names(tables_now(&again, &saved)), ["a", "b"]);
        let shown = update(contents, Msg::PickAll(pick.clone(), vec![table("b")]), &saved.tables);
        assert!(shown.picks.is_empty());
        assert_eq!(names(tables_now(&shown, &saved)), ["b"]);
        assert_eq!(update(shown, Msg::PickAll(pick.clone(), vec![]), &[]).picks, [pick]);
    }

    #[test]
    fn a_source_goes_with_its_searches() {
        let source: SourceId = "s1".parse().expect("an id");
        let of_it = Pick { source: Some(source.clone()), ..Pick::default() };
        let contents = Contents { tables: vec![table("a")], picks: vec![of_it], ..Contents::default() };
        let contents = update(contents, Msg::TakeOutSource(source), &[table("a"), table("b")]);
        assert!(contents.tables.is_empty() && contents.picks.is_empty());
    }

    #[test]
    fn another_route_takes_a_promise_that_it_offers() {
        let route: RouteId = "w2".parse().expect("an id");
        let contents = Contents { tier: Some(Tier::Minutes), ..Contents::default() };
        let contents = update(contents, Msg::Route(route, vec![Tier::Daily]), &[]);
        assert_eq!(contents.tier, Some(Tier::Daily));
    }

    #[test]
    fn what_is_missing_is_said_in_the_order_of_the_steps() {
        let route = Some("w1".parse().expect("an id"));
        let mut contents = Contents { route, tier: Some(Tier::Daily), ..Contents::default() };
        assert_eq!(first_wrong(&contents, 0), Some("tables"));
        assert_eq!(first_wrong(&contents, 1), Some("reason"));
        contents.reason = "Because".into();
        assert_eq!(first_wrong(&contents, 1), Some("title"));
        contents.title = "A title".into();
        assert_eq!(first_wrong(&contents, 1), None);
        assert_eq!(wrong_with(&Contents { keep_until: "soon".into(), ..contents }, 1, "keep_until"), Some("bad"));
    }

    #[test]
    fn a_list_is_summed_and_what_needs_a_person_stands_first() {
        let line = |n, result| PastedLine { line: n, text: String::new(), result };
        let pasted = Pasted {
            lines: vec![
                line(1, PastedResult::Found { table: table("a") }),
                line(2, PastedResult::Twice { first: 1 }),
                line(3, PastedResult::InLake { table: table("b") }),
                line(4, PastedResult::NoSuch { meant: vec![] }),
            ],
            beyond: 0,
        };
        let sum = pasted_sum(&pasted);
        assert_eq!((sum.found.len(), sum.there, sum.twice, sum.need), (1, 1, 1, 1));
        assert_eq!(to_look_at(&pasted).iter().map(|line| line.line).collect::<Vec<_>>(), [4, 2, 3]);
    }
}
