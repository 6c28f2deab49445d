//! Which tables are selected, and what they sum up to. Pure.

use api::domain::ids::SourceId;
use api::domain::name::TableName;
use api::domain::request::AskedTable;
use api::tables::TableRow;
use json::FromJson;
use serde::Serialize;

use super::filters::Params;

/// A table that was selected, with what a page shows of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Picked {
    /// The source.
    pub source: SourceId,
    /// The source's name.
    pub source_name: String,
    /// The table.
    pub table: TableName,
    /// Its comment.
    pub comment: String,
    /// Rows, estimated.
    pub rows: Option<u64>,
    /// Bytes, estimated.
    pub bytes: Option<u64>,
    /// Whether somebody brings it already: then it is linked, not copied again.
    pub linked: bool,
}

impl Picked {
    /// What is picked with a row of the catalogue.
    pub fn of(row: &TableRow) -> Self {
        Self {
            source: row.source.clone(),
            source_name: row.source_name.clone(),
            table: row.table.clone(),
            comment: row.comment.clone(),
            rows: row.rows,
            bytes: row.bytes,
            linked: row.taken.is_some(),
        }
    }

    /// What is asked for.
    pub fn asked(&self) -> AskedTable {
        AskedTable { source: self.source.clone(), table: self.table.clone() }
    }

    fn is(&self, row: &TableRow) -> bool {
        self.source == row.source && self.table == row.table
    }
}

/// All tables that match what was searched for and can be asked for. The search is kept, not the names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Everything {
    /// What was searched for, as the address says it.
    pub params: Params,
    /// How many match now.
    pub tables: u64,
    /// Their rows.
    pub rows: Option<u64>,
    /// Their bytes.
    pub bytes: Option<u64>,
}

impl Everything {
    /// The search as one line.
    pub fn line(&self) -> String {
        line(&self.params)
    }
}

/// A search as one line: what was typed, then its filters, which beat those that were typed.
pub fn line(params: &Params) -> String {
    let part = |(name, value): &(&'static str, String)| match *name {
        _ if value.is_empty() => String::new(),
        "q" => value.clone(),
        name => {
            let filter = if name == "lake" { "in" } else { name };
            [filter, ":\"", &value.replace('"', "\"\""), "\""].concat()
        }
    };
    let parts: Vec<_> = params.iter().map(part).filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

/// What a row of the catalogue allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    /// It can be ticked.
    Pick,
    /// Somebody brings it already: one may ask to read it, or be linked.
    Link,
    /// It cannot be asked for.
    Nothing,
}

/// What a row allows.
pub fn allowed(row: &TableRow) -> Allowed {
    match (&row.blocked, &row.taken) {
        (Some(_), _) => Allowed::Nothing,
        (None, Some(_)) => Allowed::Link,
        (None, None) => Allowed::Pick,
    }
}

/// Whether a row is selected.
pub fn is_picked(picked: &[Picked], row: &TableRow) -> bool {
    picked.iter().any(|each| each.is(row))
}

/// Selects a row, or takes it out.
pub fn toggle(picked: &mut Vec<Picked>, row: &TableRow) {
    if is_picked(picked, row) {
        picked.retain(|each| !each.is(row));
    } else if allowed(row) != Allowed::Nothing {
        picked.push(Picked::of(row));
    }
}

/// Selects all rows that can be ticked; when all are, takes them out.
pub fn toggle_all(picked: &mut Vec<Picked>, rows: &[TableRow]) {
    let can: Vec<_> = rows.iter().filter(|row| allowed(row) == Allowed::Pick).collect();
    if can.iter().all(|row| is_picked(picked, row)) {
        picked.retain(|each| !can.iter().any(|row| each.is(row)));
    } else {
        let new: Vec<_> = can.into_iter().filter(|row| !is_picked(picked, row)).map(Picked::of).collect();
        picked.extend(new);
    }
}

/// How many of the rows that can be ticked are, and how many can.
pub fn ticked(picked: &[Picked], rows: &[TableRow]) -> (usize, usize) {
    let can = rows.iter().filter(|row| allowed(row) == Allowed::Pick);
    can.fold((0, 0), |(on, all), row| (on + usize::from(is_picked(picked, row)), all + 1))
}

/// Rows and bytes of a selection. One table whose size is not known makes the sum "not known yet".
pub fn sums(picked: &[Picked]) -> (Option<u64>, Option<u64>) {
    (picked.iter().map(|each| each.rows).sum(), picked.iter().map(|each| each.bytes).sum())
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use api::domain::said::Said;
    use api::domain::search::{InLake, Query};
    use api::domain::time::Millis;
    use api::tables::Taken;

    pub fn row(table: &str) -> TableRow {
        TableRow {
            source: "s1".parse().expect("an id"),
            source_name: "lease".into(),
            table: TableName::parse("lease", table).expect("a name"),
            comment: String::new(),
            columns: 1,
            rows: Some(10),
            bytes: Some(100),
            counted_at: Millis(0),
            keyed: true,
            blocked: None,
            taken: None,
        }
    }

    fn taken(table: &str) -> TableRow {
        let taken = Taken {
            item: "i1".parse().expect("an id"),
            state: "ready".into(),
            target: TableName::parse("ods_lease", table).expect("a name"),
            request: None,
            who: "Bo".into(),
            may_read: true,
            as_of: None,
        };
        TableRow { taken: Some(taken), ..row(table) }
    }

    fn blocked(table: &str) -> TableRow {
        TableRow { blocked: Some(Said::new("look.type_refused")), ..row(table) }
    }

    #[test]
    fn all_that_can_be_ticked_are_ticked_and_nothing_else() {
        let rows = [row("a"), taken("b"), blocked("c"), row("d")];
        let mut picked = Vec::new();
        toggle_all(&mut picked, &rows);
        assert_eq!(picked.iter().map(|each| each.table.table.as_str()).collect::<Vec<_>>(), ["a", "d"]);
        assert_eq!(ticked(&picked, &rows), (2, 2));
        toggle_all(&mut picked, &rows);
        assert_eq!(picked, []);
    }

    #[test]
    fn what_somebody_brings_already_is_linked_and_what_is_blocked_stays_out() {
        let mut picked = Vec::new();
        toggle(&mut picked, &taken("b"));
        toggle(&mut picked, &blocked("c"));
        assert_eq!(picked.len(), 1);
        assert!(picked[0].linked);
        toggle(&mut picked, &taken("b"));
        assert_eq!(picked, []);
    }

    #[test]
    fn one_unknown_size_makes_the_sum_unknown() {
        let known = Picked::of(&row("a"));
        let unknown = Picked { rows: None, ..known.clone() };
        assert_eq!(sums(&[known.clone(), known.clone()]), (Some(20), Some(200)));
        assert_eq!(sums(&[known, unknown]), (None, Some(200)));
    }

    #[test]
    fn all_that_match_are_one_line_that_the_rules_read_as_the_same_search() {
        let params =
            [("q", "合同 source:x in:lake"), ("source", "s1"), ("db", "my \"db\""), ("lake", "no"), ("copy", "")];
        let params = params.map(|(name, value)| (name, value.to_owned())).to_vec();
        let query = Query::parse(&Everything { params, tables: 2, rows: None, bytes: None }.line());
        assert_eq!((query.words.as_slice(), query.source.as_deref()), (&["合同".to_owned()][..], Some("s1")));
        assert_eq!((query.database.as_deref(), query.in_lake), (Some("my \"db\""), Some(InLake::Not)));
        assert_eq!(query.copyable, None);
    }
}
