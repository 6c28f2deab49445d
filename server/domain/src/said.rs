//! A sentence before it is spoken: a key of the words file and what goes into its places.
//!
//! Why it exists: rules decide *what* is said; in which language and in which zone is decided where it is read.

use std::collections::BTreeMap;

use json::FromJson;
use serde::{Deserialize, Serialize};

use crate::time::Millis;

/// What goes into one place of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Param {
    /// A name or other text, shown as it is.
    Text(String),
    /// A number of things, shown with separators.
    Count(u64),
    /// A moment, shown as a clock time of the reader's zone.
    At(Millis),
    /// A span in milliseconds, shown as "14 min".
    Span(i64),
}

/// A sentence: the key of the words file and its parameters by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Said {
    /// The key, e.g. `wait.submitted`.
    pub key: String,
    /// The parameters by the name of their place.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, Param>,
}

impl Said {
    /// A sentence without places.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into(), params: BTreeMap::new() }
    }

    /// The same sentence with one more text in its place.
    #[must_use]
    pub fn text(self, place: &str, text: impl ToString) -> Self {
        self.with(place, Param::Text(text.to_string()))
    }

    /// The same sentence with one more count in its place.
    #[must_use]
    pub fn count(self, place: &str, count: u64) -> Self {
        self.with(place, Param::Count(count))
    }

    /// The same sentence with one more moment in its place.
    #[must_use]
    pub fn at(self, place: &str, at: Millis) -> Self {
        self.with(place, Param::At(at))
    }

    /// The same sentence with one more span in its place.
    #[must_use]
    pub fn span(self, place: &str, span: i64) -> Self {
        self.with(place, Param::Span(span))
    }

    fn with(mut self, place: &str, param: Param) -> Self {
        self.params.insert(place.to_owned(), param);
        self
    }
}
