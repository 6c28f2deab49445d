//! What became of a table between two readings of its source's catalogue.

use serde::{Deserialize, Serialize};

use crate::column::TableShape;
use crate::name::Name;
use crate::said::Said;

/// What became of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Difference {
    /// It was not there before.
    Appeared {
        /// How many columns it has.
        columns: u64,
        /// Whether it had been there, and vanished.
        back: bool,
    },
    /// It is another one than before.
    Changed {
        /// Columns that are new.
        added: Vec<Name>,
        /// Columns that are gone.
        dropped: Vec<Name>,
        /// Columns whose type or nullability is another.
        retyped: Vec<Name>,
        /// Whether the primary key is another.
        key: bool,
        /// Whether comments or the order of columns are others.
        words: bool,
    },
    /// It is not there any more.
    Vanished,
}

impl Difference {
    /// What is different now; `None` when nothing is. `gone` says that the table had vanished.
    pub fn between(before: Option<&TableShape>, gone: bool, now: &TableShape) -> Option<Self> {
        let appeared = |back| Some(Self::Appeared { columns: now.columns.len() as u64, back });
        let Some(before) = before else { return appeared(false) };
        if gone {
            return appeared(true);
        }
        if before == now {
            return None;
        }
        let of = |shape: &TableShape, name: &Name| shape.columns.iter().find(|column| column.name == *name).cloned();
        let names = |shape: &TableShape| shape.columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>();
        let (added, kept): (Vec<_>, Vec<_>) = names(now).into_iter().partition(|name| of(before, name).is_none());
        let dropped: Vec<_> = names(before).into_iter().filter(|name| of(now, name).is_none()).collect();
        let retyped = |name: &Name| match (of(before, name), of(now, name)) {
            (Some(old), Some(new)) => (old.source_type, old.nullable) != (new.source_type, new.nullable),
            _ => false,
        };
        let retyped: Vec<_> = kept.into_iter().filter(retyped).collect();
        let key = before.primary_key != now.primary_key;
        let words = added.is_empty() && dropped.is_empty() && retyped.is_empty() && !key;
        Some(Self::Changed { added, dropped, retyped, key, words })
    }

    /// The word of its column.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Appeared { .. } => "appeared",
            Self::Changed { .. } => "changed",
            Self::Vanished => "vanished",
        }
    }

    /// The difference in sentences, one for each kind of it.
    pub fn say(&self) -> Vec<Said> {
        let said = |key: &str| Said::new(format!("difference.{key}"));
        let columns = |key: &str, names: &[Name]| {
            let listed = names.iter().map(Name::as_str).collect::<Vec<_>>().join(", ");
            (!names.is_empty()).then(|| said(key).text("columns", listed))
        };
        match self {
            Self::Appeared { columns, back } => {
                vec![said(if *back { "back" } else { "appeared" }).count("n", *columns)]
            }
            Self::Changed { added, dropped, retyped, key, words } => [
                columns("added", added),
                columns("dropped", dropped),
                columns("retyped", retyped),
                key.then(|| said("key")),
                words.then(|| said("words")),
            ]
            .into_iter()
            .flatten()
            .collect(),
            Self::Vanished => vec![said("vanished")],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::Column;
    use crate::name::TableName;

    fn shape(columns: &[(&str, &str)], key: &[&str]) -> TableShape {
        let name = |text: &str| text.parse::<Name>().expect("a name");
        let column = |(column, kind): &(&str, &str)| Column {
            name: name(column),
            source_type: (*kind).to_owned(),
            nullable: false,
            comment: String::new(),
            lake_type: None,
            loss: None,
        };
        TableShape {
            name: TableName::parse("lease", "contract").expect("a name"),
            comment: String::new(),
            columns: columns.iter().map(column).collect(),
            primary_key: key.iter().map(|key| name(key)).collect(),
        }
    }

    fn keys(difference: Option<Difference>) -> Vec<String> {
        difference.iter().flat_map(Difference::say).map(|said| said.key).collect()
    }

    #[test]
    fn every_difference_is_said_and_no_other() {
        let before = shape(&[("id", "int"), ("name", "text")], &["id"]);
        let with = |now: &TableShape| keys(Difference::between(Some(&before), false, now));
        assert_eq!(with(&before), [""; 0]);
        assert_eq!(
            with(&shape(&[("id", "bigint"), ("city", "text")], &[])),
            ["difference.added", "difference.dropped", "difference.retyped", "difference.key"]
        );
        assert_eq!(with(&shape(&[("name", "text"), ("id", "int")], &["id"])), ["difference.words"]);
        assert_eq!(with(&TableShape { comment: "合同".into(), ..before.clone() }), ["difference.words"]);
    }

    #[test]
    fn a_table_appears_once_and_can_come_back() {
        let now = shape(&[("id", "int")], &[]);
        assert_eq!(keys(Difference::between(None, false, &now)), ["difference.appeared"]);
        assert_eq!(keys(Difference::between(Some(&now), true, &now)), ["difference.back"]);
        assert_eq!(keys(Some(Difference::Vanished)), ["difference.vanished"]);
    }
}
