//! One look at a run, and what it says of each table.
//!
//! Invariant: RUNNING is believed of no job, only of its tasks; a table whose writer is missing was left out without a word
//! (real-stack §3, §5).

use domain::cause::{Cause, CauseCode};
use domain::job::JobTable;
use domain::run::{Checkpoint, Run};
use domain::time::{MINUTE, Millis, SECOND};

use super::client::Client;
use super::engine::id_of;
use super::seen::{Checkpoints, FlinkJobId, JobDetail, JobState, TaskState, Thrown, Vertex};
use crate::outside::engine::{EngineError, Phase, TableSeen};

/// How long a look stands while a run is young: its tables change from look to look.
const YOUNG_SPAN: i64 = 2 * SECOND;
/// How long it stands later: the cluster itself brings its numbers up to date every 10 s (real-stack §6).
const OLD_SPAN: i64 = 10 * SECOND;
/// A run is young for so long.
const YOUNG: i64 = 15 * MINUTE;
/// After so long without one, nobody asks for the run any more.
pub(super) const FORGET: i64 = 5 * MINUTE;
/// A run without a checkpoint for so long is looked at for what was thrown: three of the longest intervals would be too
/// long to say nothing of the short ones.
const QUIET: i64 = 2 * MINUTE;
/// What was thrown counts for so long: a job that stops again and again throws more often.
const RECENT: i64 = 5 * MINUTE;

/// What was seen of a run.
#[derive(Debug, Clone)]
pub(super) struct Look {
    /// When.
    pub at: Millis,
    /// The job; `None` when the cluster does not know it.
    detail: Option<JobDetail>,
    checkpoints: Checkpoints,
    /// What was thrown lately, when there was reason to ask.
    thrown: Option<Thrown>,
    /// A job of the same name that lives beside it.
    beside: Option<FlinkJobId>,
}

impl Look {
    /// Takes one: the job, its checkpoints, and what was thrown where something seems wrong.
    pub async fn take(
        client: &Client,
        run: &Run,
        beside: Option<FlinkJobId>,
        now: Millis,
    ) -> Result<Self, EngineError> {
        let id = id_of(run);
        let mut look = Self { at: now, detail: None, checkpoints: Checkpoints::default(), thrown: None, beside };
        let Some(detail) = client.job(&id).await? else { return Ok(look) };
        look.detail = Some(detail);
        look.checkpoints = client.checkpoints(&id).await?.unwrap_or_default();
        if look.is_odd(run) {
            let thrown = client.exceptions(&id).await?.unwrap_or_default();
            look.thrown = thrown.into_iter().next().filter(|thrown| look.clock().since(thrown.at) < RECENT);
        }
        Ok(look)
    }

    /// Whether it may be used again at this moment.
    pub fn stands(&self, run: &Run, now: Millis) -> bool {
        let span = if now.since(run.begun_at) < YOUNG { YOUNG_SPAN } else { OLD_SPAN };
        (0..span).contains(&now.since(self.at))
    }

    /// Whether the cluster has it and it is not over.
    pub fn is_live(&self) -> bool {
        self.detail.as_ref().is_some_and(|detail| !detail.state.ended())
    }

    /// The newest checkpoint that a run can be started from.
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        let path = self.checkpoints.newest.as_ref()?.path.clone()?;
        Some(Checkpoint { path, at: self.through()? })
    }

    /// When the newest checkpoint began, by our clock: the cluster's may be minutes off.
    fn through(&self) -> Option<Millis> {
        let newest = self.checkpoints.newest.as_ref()?;
        Some(newest.triggered_at.plus(self.at.since(self.clock())))
    }

    /// The cluster's own clock: its times are compared with its times.
    fn clock(&self) -> Millis {
        self.detail.as_ref().map_or(self.at, |detail| detail.now)
    }

    fn is_odd(&self, run: &Run) -> bool {
        let running = self.detail.as_ref().is_some_and(|detail| detail.state == JobState::Running && all_run(detail));
        let newest = self.checkpoints.newest.as_ref().map_or(run.begun_at, |newest| newest.acknowledged_at);
        !running || self.clock().since(newest) >= QUIET
    }

    /// What it says of each table of the run.
    pub fn tables(&self, run: &Run) -> Vec<TableSeen> {
        let Some(detail) = &self.detail else { return Vec::new() };
        let trouble = self.trouble(run);
        let seen = |table: &JobTable| {
            let phase = self.phase(detail, table, trouble.as_ref());
            TableSeen { item: table.item.clone(), phase }
        };
        run.tables.iter().map(seen).collect()
    }

    /// What is wrong with the whole job: two of one name cut each other off; else what stopped it lately.
    fn trouble(&self, run: &Run) -> Option<Cause> {
        let doubled = |id| Cause::new(CauseCode::JobForeign).text("job", &run.job).text("id", id);
        let broken = |thrown: &Thrown| Cause::new(CauseCode::JobBroken).text("what", &thrown.sentence);
        self.beside.as_ref().map(doubled).or_else(|| self.thrown.as_ref().map(broken))
    }

    fn phase(&self, detail: &JobDetail, table: &JobTable, trouble: Option<&Cause>) -> Phase {
        let writer = writer_of(&detail.vertices, table);
        if writer.is_none() && has_writers(&detail.vertices) {
            return Phase::Failed { cause: Cause::new(CauseCode::LeftOut).text("table", &table.table) };
        }
        match (trouble, writer) {
            // Before its first checkpoint nothing of a job is in the lake, whatever its tasks did.
            (Some(cause), _) if self.checkpoints.completed == 0 => Phase::Failed { cause: cause.clone() },
            (_, Some(writer)) if all_run(detail) || trouble.is_some() => {
                Phase::Following { read: writer.read_records, through: self.through(), trouble: trouble.cloned() }
            }
            _ => Phase::Waiting,
        }
    }
}

fn all_run(detail: &JobDetail) -> bool {
    !detail.vertices.is_empty() && detail.vertices.iter().all(|vertex| vertex.status == TaskState::Running)
}

fn has_writers(vertices: &[Vertex]) -> bool {
    vertices.iter().any(|vertex| vertex.table.is_some())
}

/// The vertex that writes a table: it is called by the table's name in the lake.
fn writer_of<'v>(vertices: &'v [Vertex], table: &JobTable) -> Option<&'v Vertex> {
    let called = |name: &str| vertices.iter().find(|vertex| vertex.table.as_deref() == Some(name));
    called(table.target.table.as_str()).or_else(|| called(table.table.table.as_str()))
}
