//! What a test found: every look at once, each with who must act.

use json::FromJson;
use serde::{Deserialize, Serialize};

use domain::said::Said;
use domain::time::Millis;

/// How one look came out, as a tally counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Somebody must act.
    Fix,
    /// Good to know.
    Know,
    /// It could not be found out.
    Unknown,
    /// As it should be.
    Fine,
}

/// One look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Look {
    /// How it came out.
    pub outcome: Outcome,
    /// What was found.
    pub said: Said,
    /// What is to be done.
    #[serde(default)]
    pub fix: Option<Said>,
    /// Who does it, by name where one is known; empty when nobody has to.
    #[serde(default)]
    pub person: String,
    /// What they may run, ready to copy; empty when there is nothing.
    #[serde(default)]
    pub sql: String,
}

/// A test: all its looks, worst first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Tested {
    /// When it began.
    pub at: Millis,
    /// How long it took, in milliseconds.
    pub took: i64,
    /// The looks.
    pub looks: Vec<Look>,
}
