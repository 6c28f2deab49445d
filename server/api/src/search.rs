//! What a search finds: tables with counts to narrow them by, and anything else by its name.

use json::FromJson;
use serde::{Deserialize, Serialize};

use domain::ids::{PersonId, RequestId, SourceId};
use domain::time::Millis;

use crate::tables::TableRow;

/// Tables that match, a page of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
pub struct Found {
    /// The page.
    pub rows: Vec<TableRow>,
    /// Give this as `after` to read on; `None` when nothing follows.
    pub next: Option<String>,
    /// The number of the newest line of the log when this was read.
    pub seq: i64,
    /// The server's time when this was read.
    pub now: Millis,
    /// The sums over all pages; `None` is "not known yet", while the search is being filled.
    pub sums: Option<Sums>,
    /// While the search is being filled: how many tables it has already, and of how many.
    pub filling: Option<(u64, u64)>,
    /// How long it took to find them, in microseconds.
    pub took: u64,
}

/// Sums over all tables that match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Sums {
    /// How many match.
    pub tables: u64,
    /// How many of them can be asked for.
    pub askable: u64,
    /// The rows of those; `None` is "not known yet".
    pub rows: Option<u64>,
    /// The bytes of those; `None` is "not known yet".
    pub bytes: Option<u64>,
    /// By source, most first.
    pub sources: Vec<(SourceId, String, u64)>,
    /// By database of the source that is chosen.
    pub databases: Vec<(String, u64)>,
    /// By the word of whether they are in the lake.
    pub in_lake: Vec<(String, u64)>,
    /// By the word of whether they can be copied.
    pub copyable: Vec<(String, u64)>,
    /// By the word of their size.
    pub size: Vec<(String, u64)>,
}

/// Whatever is called like that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Anything {
    /// Tables, best first.
    pub tables: Vec<TableRow>,
    /// How many tables match in all; `None` is "not known yet".
    pub of_tables: Option<u64>,
    /// Requests, newest first.
    pub requests: Vec<RequestHit>,
    /// Jobs.
    pub jobs: Vec<JobHit>,
    /// People.
    pub people: Vec<PersonHit>,
    /// How long it took to find them, in microseconds.
    pub took: u64,
}

/// A request that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct RequestHit {
    /// The id.
    pub id: RequestId,
    /// Its number, as people say it.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Who asked.
    pub who: String,
}

/// A job that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct JobHit {
    /// Its name.
    pub name: String,
    /// How many of its tables are in the lake.
    pub tables: u64,
}

/// A person who was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct PersonHit {
    /// The id.
    pub id: PersonId,
    /// The name others see.
    pub name: String,
    /// The team; empty when there is none.
    pub team: String,
}
