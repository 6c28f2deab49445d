//! What the live stream carries.

use json::FromJson;
use serde::{Deserialize, Serialize};

use domain::change::Topic;
use domain::ids::RequestId;

/// A line of the log as the live stream tells it: what changed, not how. Its number is the event id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct ChangeView {
    /// The number of the line.
    pub seq: i64,
    /// What it is about.
    pub topic: Topic,
    /// The id of the thing.
    pub id: String,
    /// The request it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
}

/// Event name of a line of the log; carries [`ChangeView`] and an id.
pub const CHANGE: &str = "change";
/// Event name of progress: `{"requests":[…]}`, no id, nothing is lost when it is missed.
pub const PROGRESS: &str = "progress";
/// Event name that says: too much was missed, read everything anew.
pub const RESET: &str = "reset";
/// Event name of the last message: the session ended, sign in again.
pub const GOODBYE: &str = "goodbye";

/// Requests whose progress moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct ProgressView {
    /// Their ids.
    pub requests: Vec<RequestId>,
}
