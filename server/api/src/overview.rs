//! The overview: does it hold, what is late and why, is there room.

use json::FromJson;
use serde::{Deserialize, Serialize};

use domain::ids::{RouteId, SourceId};
use domain::time::Millis;

use crate::jobs::JobTally;
use crate::lake::LakeTally;
use crate::requests::ProblemBox;

/// Everything at a glance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Overview {
    /// The tables in the lake.
    pub tables: LakeTally,
    /// The jobs.
    pub jobs: JobTally,
    /// What failed or is late, one line a cause, worst first.
    pub causes: Vec<CauseRow>,
    /// The clusters of all routes.
    pub clusters: Vec<ClusterRow>,
    /// The sources, most first copies first.
    pub sources: Vec<SourceLoad>,
    /// Tables that are approved and not started.
    pub approved: u64,
    /// Since when the first of them waits.
    pub approved_since: Option<Millis>,
    /// Our own tasks that are queued.
    pub queued: u64,
    /// Since when the first of them is due; `None` when none is.
    pub due_since: Option<Millis>,
}

/// One cause of what failed or is late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct CauseRow {
    /// Whether its tables failed; else they are late.
    pub failed: bool,
    /// What happened, who acts, and its tables.
    pub problem: ProblemBox,
}

/// A cluster that routes name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct ClusterRow {
    /// The routes, with their names.
    pub routes: Vec<(RouteId, String)>,
    /// Where it is.
    pub address: String,
    /// What it said; `None` is "not known yet".
    pub seen: Option<ClusterSeen>,
    /// When it was asked.
    pub at: Millis,
}

/// What a cluster said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct ClusterSeen {
    /// Its version.
    pub version: String,
    /// Slots of all its workers.
    pub slots: u64,
    /// Slots that no job holds.
    pub free: u64,
    /// Its workers.
    pub workers: u64,
}

/// What is read from a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct SourceLoad {
    /// The source.
    pub id: SourceId,
    /// Its name.
    pub name: String,
    /// Tables that are brought from it.
    pub tables: u64,
    /// First copies running.
    pub copying: u64,
    /// The most that may run.
    pub limit: u64,
}
