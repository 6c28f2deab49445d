//! What travels between the server and the page: DTOs, problems, changes, paths, words.
//!
//! Why it exists: both sides compile against it, so neither can misread the other.
//! Invariant: knows `domain` and nothing else; aggregates never travel.

pub mod brake;
pub mod changes;
pub mod drafts;
pub mod inbox;
pub mod jobs;
pub mod lake;
pub mod looks;
pub mod me;
pub mod overview;
pub mod paste;
pub mod paths;
pub mod people;
pub mod problem;
pub mod requests;
pub mod routes;
pub mod search;
pub mod sources;
pub mod tables;
pub mod words;

pub use domain;

use json::FromJson;
use serde::{Deserialize, Serialize};

/// One page of a list that is read by keyset: the rows after a key, in a fixed order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Give this as `after` to read on; `None` when nothing follows.
    pub next: Option<String>,
    /// The number of the newest line of the log when this was read: open the live stream after it.
    pub seq: i64,
    /// The server's time when this was read, epoch milliseconds.
    pub now: domain::time::Millis,
}

/// One thing, with the moment it was read at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
pub struct Read<T> {
    /// The thing.
    pub thing: T,
    /// The number of the newest line of the log when this was read.
    pub seq: i64,
    /// The server's time when this was read, epoch milliseconds.
    pub now: domain::time::Millis,
}
