//! The arguments as a list of texts, with a placeholder for each password.

use super::Args;
use super::parse::BadArgs;
use super::secret::Place;

/// The three flags whose values are settings, `key=value`.
pub(super) struct Buckets {
    /// Settings of the source.
    pub mysql: &'static str,
    /// Settings of the lake.
    pub catalog: &'static str,
    /// Settings of each table in the lake.
    pub table: &'static str,
}

/// Their names (paimon-cdc §1).
pub(super) const BUCKETS: Buckets = Buckets { mysql: "mysql_conf", catalog: "catalog_conf", table: "table_conf" };

impl Buckets {
    /// Whether a flag is one of them.
    pub fn hold(&self, flag: &str) -> bool {
        [self.mysql, self.catalog, self.table].contains(&flag)
    }
}

/// The arguments as an engine takes them, one by one; a placeholder stands for each password.
///
/// It may be stored, shown and logged. What an engine is started with is [`Argv::fill`]ed first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argv(Vec<Element>);

/// One argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Element {
    /// It, as it is.
    Plain(String),
    /// A setting whose value is a password.
    Secret(&'static str, Place),
}

impl Element {
    /// It with a placeholder for a password.
    pub fn text(&self) -> String {
        match self {
            Self::Plain(text) => text.clone(),
            Self::Secret(key, place) => format!("{key}={}", place.placeholder()),
        }
    }
}

impl Argv {
    /// The arguments in their order, with placeholders.
    pub fn texts(&self) -> Vec<String> {
        self.0.iter().map(Element::text).collect()
    }

    /// The arguments in their order.
    pub fn elements(&self) -> &[Element] {
        &self.0
    }

    /// The passwords that must be put in.
    pub fn places(&self) -> impl Iterator<Item = Place> + '_ {
        self.0.iter().filter_map(|element| match element {
            Element::Plain(_) => None,
            Element::Secret(_, place) => Some(*place),
        })
    }

    /// Arguments that were kept with their placeholders, after they were built.
    pub fn kept(texts: &[String]) -> Result<Self, BadArgs> {
        super::parse(texts).map(|args| Self::of(&args))
    }

    /// Writes them down; whether they can do harm was asked before.
    pub(super) fn of(args: &Args) -> Self {
        let mut written = Self(vec![Element::Plain(args.work.action().to_owned())]);
        written.flag("warehouse", args.catalog.warehouse.as_str());
        written.flag("database", args.database.as_str());
        args.work.write(&mut written);
        let types: Vec<_> = args.types.iter().map(|mapping| mapping.word()).collect();
        written.flag_unless_empty("type_mapping", &types.join(","));
        args.from.write(&mut written);
        args.catalog.write(&mut written);
        args.table.write(&mut written);
        written
    }

    pub(super) fn flag(&mut self, name: &str, value: impl Into<String>) {
        self.0.push(Element::Plain(format!("--{name}")));
        self.0.push(Element::Plain(value.into()));
    }

    pub(super) fn flag_unless_empty(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.flag(name, value);
        }
    }

    pub(super) fn conf(&mut self, bucket: &str, key: &str, value: impl std::fmt::Display) {
        self.flag(bucket, format!("{key}={value}"));
    }

    pub(super) fn secret(&mut self, bucket: &str, key: &'static str, place: Place) {
        self.0.push(Element::Plain(format!("--{bucket}")));
        self.0.push(Element::Secret(key, place));
    }
}
