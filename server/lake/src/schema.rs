//! The schema a copy wants, and how an existing table comes to hold it.

use domain::name::Name;
use domain::types::LakeType;

use crate::facts::{ColumnFacts, TableFacts};
use crate::types::covers;

/// A column as a copy wants it in the lake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LakeColumn {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub lake_type: LakeType,
    /// May it be null at the source. In the lake every column outside the key may be.
    pub nullable: bool,
    /// Its comment; empty when there is none.
    pub comment: String,
}

/// A table as a copy wants it in the lake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LakeSchema {
    /// Columns in order.
    pub columns: Vec<LakeColumn>,
    /// Names of the primary key's columns in key order; empty for an append table.
    pub primary_key: Vec<Name>,
    /// The table's comment; empty when there is none.
    pub comment: String,
}

/// What `Warehouse::create` found or did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Created {
    /// The table was not there and is now.
    New,
    /// The table was there and already holds all that is wanted.
    Same,
    /// The table was there and was altered.
    Grown {
        /// Columns that came in, at the end of the table.
        added: Vec<Name>,
        /// Columns whose type became wider, e.g. from VARCHAR(20) to VARCHAR(50).
        widened: Vec<Name>,
    },
}

/// What must change so that a table holds the wanted schema.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Growth<'a> {
    pub added: Vec<&'a LakeColumn>,
    pub widened: Vec<&'a LakeColumn>,
}

/// Why a table cannot come to hold the wanted schema.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Clash {
    pub column: Option<String>,
    pub sentence: String,
}

impl LakeSchema {
    /// Compares with an existing table. A column that the source dropped stays in the lake and becomes null.
    pub(crate) fn growth_of(&self, existing: &TableFacts) -> Result<Growth<'_>, Clash> {
        self.compare_keys(existing)?;
        let mut growth = Growth { added: Vec::new(), widened: Vec::new() };
        for wanted in &self.columns {
            match existing.columns.iter().find(|column| column.name == wanted.name.as_str()) {
                None => growth.added.push(wanted),
                Some(found) => match found.lake_type {
                    Some(held) if covers(held, wanted.lake_type) => {}
                    Some(held) if covers(wanted.lake_type, held) && !self.is_key(wanted) => {
                        growth.widened.push(wanted);
                    }
                    _ => return Err(type_clash(found, wanted)),
                },
            }
        }
        Ok(growth)
    }

    fn compare_keys(&self, existing: &TableFacts) -> Result<(), Clash> {
        let wanted: Vec<&str> = self.primary_key.iter().map(Name::as_str).collect();
        if existing.primary_key == wanted {
            return Ok(());
        }
        let say = |key: &[&str]| match key {
            [] => "no primary key".to_owned(),
            names => format!("the primary key ({})", names.join(", ")),
        };
        let held: Vec<&str> = existing.primary_key.iter().map(String::as_str).collect();
        Err(Clash {
            column: wanted.iter().find(|name| !held.contains(name)).map(ToString::to_string),
            sentence: format!("it has {}, the source has {}", say(&held), say(&wanted)),
        })
    }

    fn is_key(&self, column: &LakeColumn) -> bool {
        self.primary_key.contains(&column.name)
    }
}

fn type_clash(found: &ColumnFacts, wanted: &LakeColumn) -> Clash {
    Clash {
        column: Some(found.name.clone()),
        sentence: format!(
            "column {} is {}, the source needs {}",
            found.name,
            found.type_text,
            wanted.lake_type.paimon()
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn wanted(columns: &[(&str, LakeType)], key: &[&str]) -> LakeSchema {
        let name = |text: &str| text.parse::<Name>().expect("a plain name");
        LakeSchema {
            columns: columns
                .iter()
                .map(|(text, lake_type)| LakeColumn {
                    name: name(text),
                    lake_type: *lake_type,
                    nullable: true,
                    comment: String::new(),
                })
                .collect(),
            primary_key: key.iter().map(|text| name(text)).collect(),
            comment: String::new(),
        }
    }

    fn existing(columns: &[(&str, LakeType)], key: &[&str]) -> TableFacts {
        TableFacts {
            columns: columns
                .iter()
                .map(|(name, lake_type)| ColumnFacts {
                    name: (*name).to_owned(),
                    type_text: lake_type.paimon(),
                    lake_type: Some(*lake_type),
                    nullable: !key.contains(name),
                    comment: String::new(),
                })
                .collect(),
            primary_key: key.iter().map(ToString::to_string).collect(),
            partition_keys: Vec::new(),
            options: BTreeMap::new(),
            owner: None,
            comment: String::new(),
            schema_id: 0,
            latest: None,
            snapshots: 0,
            tags: Vec::new(),
            files: 0,
            bytes: 0,
        }
    }

    #[test]
    fn new_and_wider_columns_are_growth_and_dropped_ones_stay() {
        use LakeType as T;
        let table = existing(&[("id", T::Int), ("a", T::VarChar(5)), ("old", T::Date)], &["id"]);
        let schema = wanted(&[("id", T::Int), ("new", T::Date), ("a", T::VarChar(9))], &["id"]);
        let growth = schema.growth_of(&table).expect("compatible");
        assert_eq!(growth.added, vec![&schema.columns[1]]);
        assert_eq!(growth.widened, vec![&schema.columns[2]]);
    }

    #[test]
    fn another_type_or_key_is_a_clash_that_names_the_column() {
        use LakeType as T;
        let table = existing(&[("id", T::Int), ("a", T::Date)], &["id"]);
        let clash = |schema: &LakeSchema| schema.growth_of(&table).expect_err("incompatible");
        let typed = clash(&wanted(&[("id", T::Int), ("a", T::Int)], &["id"]));
        assert_eq!(typed.column.as_deref(), Some("a"));
        assert_eq!(typed.sentence, "column a is DATE, the source needs INT");
        assert_eq!(clash(&wanted(&[("id", T::BigInt)], &["id"])).column.as_deref(), Some("id"));
        let keyed = clash(&wanted(&[("id", T::Int), ("a", T::Date)], &["id", "a"]));
        assert_eq!(keyed.sentence, "it has the primary key (id), the source has the primary key (id, a)");
        assert_eq!(clash(&wanted(&[("id", T::Int)], &[])).column, None);
    }
}
