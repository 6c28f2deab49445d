//! A job on an engine, and the plan that says which job an item joins.

use serde::{Deserialize, Serialize};

use crate::ids::{ItemId, JobId, RouteId, SourceId};
use crate::name::TableName;
use crate::tier::Tier;

/// A job as Lakegate wants it. Its state on the engine is only ever observed, never assumed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The id.
    pub id: JobId,
    /// Its name on the engine, deterministic and unique.
    pub name: String,
    /// The source it reads.
    pub source: SourceId,
    /// Where it writes.
    pub route: RouteId,
    /// What is promised for all its tables.
    pub tier: Tier,
    /// What is wanted of it.
    pub wanted: Wanted,
    /// Counts the writes, for optimistic locking.
    pub version: i64,
}

/// What is wanted of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// It shall run.
    Running,
    /// It shall not exist: no item wants it.
    Gone,
}

impl Wanted {
    /// The word of the `wanted` column.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Gone => "gone",
        }
    }

    /// What the word of the column means.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "running" => Some(Self::Running),
            "gone" => Some(Self::Gone),
            _ => None,
        }
    }
}

/// One table of a job, as an engine is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobTable {
    /// The item it is brought for.
    pub item: ItemId,
    /// The table at the source.
    pub table: TableName,
    /// Its name in the lake.
    pub target: TableName,
}

/// The name of the job that brings tables of one source, tier and route.
///
/// `lg-<source>-<m|d>-<first letters of the route>`: lower case, digits and dashes, at most 60 characters, the same
/// for the same three, so that a job can be found again whoever lost the answer.
pub fn job_name(source_name: &str, tier: Tier, route: &RouteId) -> String {
    let slug: String =
        source_name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(40).collect();
    let letter = match tier {
        Tier::Minutes => 'm',
        Tier::Daily => 'd',
    };
    let tail: String = route.as_str().chars().filter(char::is_ascii_alphanumeric).rev().take(6).collect();
    format!("lg-{slug}-{letter}-{}", tail.to_lowercase())
}

/// The name of a job of its own, beside others of the same three: that name and the end of its id.
pub fn own_job_name(source_name: &str, tier: Tier, route: &RouteId, job: &JobId) -> String {
    let tail: Vec<char> = job.as_str().chars().filter(char::is_ascii_alphanumeric).rev().take(8).collect();
    let tail: String = tail.into_iter().rev().collect();
    format!("{}-{}", job_name(source_name, tier, route), tail.to_lowercase())
}

/// The database in the lake for a database of a source: `ods_<database>`.
pub fn target_of(table: &TableName) -> Result<TableName, crate::name::BadName> {
    TableName::parse(&format!("ods_{}", table.database), table.table.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_three_give_the_same_plain_name() {
        let route: RouteId = "0195-AbCdEf".parse().expect("an id");
        let name = job_name("Lease 租赁.prod", Tier::Minutes, &route);
        assert_eq!(name, job_name("Lease 租赁.prod", Tier::Minutes, &route));
        assert_ne!(name, job_name("Lease 租赁.prod", Tier::Daily, &route));
        assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{name}");
        assert!(name.len() <= 60);
    }

    #[test]
    fn a_job_of_its_own_is_told_from_others_of_the_same_three() {
        let (route, one, other) =
            ("r".parse().expect("an id"), "j-1".parse().expect("an id"), "j-2".parse().expect("an id"));
        let name = |job| own_job_name("lease", Tier::Daily, &route, job);
        assert_eq!(name(&one), "lg-lease-d-r-j1");
        assert_ne!(name(&one), name(&other));
    }
}
