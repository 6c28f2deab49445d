//! Jobs: what each does, its tables, and its starts.

use json::FromJson;
use serde::{Deserialize, Serialize};

use domain::args::changes::Changed;
use domain::doing::Doing;
use domain::ids::{RequestId, RouteId, SourceId};
use domain::said::Said;
use domain::tally::Tally;
use domain::tier::Tier;
use domain::time::Millis;

use crate::requests::ItemRow;

/// A job in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct JobRow {
    /// Its name: ours, and the engine's.
    pub name: String,
    /// The source it reads, with its name.
    pub source: (SourceId, String),
    /// The route it goes by, with its name.
    pub route: (RouteId, String),
    /// The route's engine: `embedded`, `flink`.
    pub engine: String,
    /// What is promised.
    pub tier: Tier,
    /// What it does.
    pub doing: Doing,
    /// The sum of its tables.
    pub tally: Tally,
    /// When it was started last; `None` on an engine that knows no starts.
    pub since: Option<Millis>,
    /// How often it was started.
    pub starts: u64,
    /// When its newest checkpoint began.
    pub checkpoint: Option<Millis>,
    /// The data of its oldest table is as of this moment.
    pub as_of: Option<Millis>,
    /// What is wrong with it, or with the first of its tables that is wrong.
    pub trouble: Option<Said>,
}

/// The sum of jobs by what they do: all of these = jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
pub struct JobTally {
    /// Running.
    pub running: u64,
    /// Starting.
    pub starting: u64,
    /// Told to stop, to go on with other tables.
    pub changing: u64,
    /// Ended by themselves, or none of their tables can go on.
    pub failed: u64,
    /// Not looked at within two rounds.
    pub unknown: u64,
    /// Nobody wants them any more.
    pub ended: u64,
}

impl JobTally {
    /// Sums up what jobs do.
    pub fn of(doings: impl IntoIterator<Item = Doing>) -> Self {
        let mut tally = Self::default();
        for doing in doings {
            *tally.place(doing) += 1;
        }
        tally
    }

    /// How many do that.
    pub const fn part(&self, doing: Doing) -> u64 {
        match doing {
            Doing::Failed => self.failed,
            Doing::Unknown => self.unknown,
            Doing::Changing => self.changing,
            Doing::Starting => self.starting,
            Doing::Running => self.running,
            Doing::Ended => self.ended,
        }
    }

    /// All jobs.
    pub const fn total(&self) -> u64 {
        self.running + self.starting + self.changing + self.failed + self.unknown + self.ended
    }

    const fn place(&mut self, doing: Doing) -> &mut u64 {
        match doing {
            Doing::Failed => &mut self.failed,
            Doing::Unknown => &mut self.unknown,
            Doing::Changing => &mut self.changing,
            Doing::Starting => &mut self.starting,
            Doing::Running => &mut self.running,
            Doing::Ended => &mut self.ended,
        }
    }
}

/// The jobs one may see, with their sum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
pub struct JobsPage {
    /// The sum over all one may see.
    pub tally: JobTally,
    /// One page of them, worst first.
    pub page: crate::Page<JobRow>,
}

/// One job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct JobView {
    /// The same facts as in a list.
    pub row: JobRow,
    /// The engine's own word for it, where its engine was asked; only for operators.
    pub says: Option<EngineSays>,
    /// Databases in the lake it writes to.
    pub databases: Vec<String>,
    /// Those of its tables that one may see, worst first, at most 200.
    pub tables: Vec<JobTableRow>,
    /// How many more it has: of others, or beyond those 200.
    pub more: u64,
    /// Its starts, newest first, at most 20.
    pub runs: Vec<RunRow>,
}

/// What an engine says of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct EngineSays {
    /// Its own word, as `RUNNING`; `None` when it did not answer, or does not know the job.
    pub word: Option<String>,
    /// How many of its parts run, of how many.
    pub parts: Option<(u64, u64)>,
    /// The id by which it knows the job.
    pub id: String,
    /// The job's page at the engine.
    pub link: String,
    /// When it was asked.
    pub at: Millis,
}

/// A table of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct JobTableRow {
    /// How far it is.
    pub item: ItemRow,
    /// The request that asked for it, with its number.
    pub request: (RequestId, String),
}

/// One start of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct RunRow {
    /// Which start it was, from 1.
    pub number: u64,
    /// When.
    pub at: Millis,
    /// How far it is known to be: `begun`, `accepted`, `stopping`, `ended`.
    pub stage: String,
    /// When it ended.
    pub ended_at: Option<Millis>,
    /// Why, where it ended by itself or was refused: the engine's words, without secrets.
    pub why: Option<String>,
    /// The savepoint or checkpoint it went on from.
    pub restored: Option<String>,
    /// The newest that it left.
    pub checkpoint: Option<Millis>,
    /// How many tables it had.
    pub tables: u64,
    /// What was told otherwise than at the start before; everything, at the first.
    pub changes: Vec<Changed>,
}
