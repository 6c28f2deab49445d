//! The operators' brake: no new starts, of one source or of all.

use json::FromJson;
use serde::{Deserialize, Serialize};

use domain::ids::SourceId;
use domain::said::Said;
use domain::time::Millis;

/// A brake that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct BrakeView {
    /// Of which source; of all when there is none.
    pub source: Option<SourceId>,
    /// The source's name; empty for all.
    pub name: String,
    /// Since when, by whom, until when and why.
    pub said: Said,
    /// Whether the reader may lift it.
    pub may_lift: bool,
}

/// Pulls the brake. Pulled again it gets another reason and another end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Pull {
    /// Of which source; of all when there is none.
    pub source: Option<SourceId>,
    /// Why; everybody who waits reads it.
    pub reason: String,
    /// Until when; until somebody lifts it when there is none.
    pub until: Option<Millis>,
}
