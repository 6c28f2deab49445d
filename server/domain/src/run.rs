//! One start of a job at an engine that follows changes, until its end; and what is done next with a job, purely.
//!
//! Why it exists: such an engine's calls are not repeatable by themselves and their answers get lost. So a run's id is
//! chosen and written down before the call that starts it (real-stack §1.1): whoever comes later asks for that id.

use serde::{Deserialize, Serialize};

use crate::args::from::ServerIds;
use crate::ids::{RunId, SourceId};
use crate::job::JobTable;
use crate::source::Place;
use crate::time::Millis;

/// One start of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The id by which the engine knows it too, unless it draws its own: 32 hex digits.
    pub id: RunId,
    /// The id that the engine drew, once it is known; `None` where it takes ours.
    pub engine_id: Option<String>,
    /// The name of its job.
    pub job: String,
    /// Which start of that job it is, from 1.
    pub number: u32,
    /// The source it reads.
    pub source: SourceId,
    /// Where that was.
    pub place: Place,
    /// Its tables.
    pub tables: Vec<JobTable>,
    /// Its arguments, with placeholders for passwords.
    pub args: Vec<String>,
    /// The savepoint or checkpoint that it was started from.
    pub restored: Option<String>,
    /// Whether state of tables that left is left behind at the start (real-stack §4).
    pub leaves_state: bool,
    /// When it was written down.
    pub begun_at: Millis,
    /// How far it is known to be.
    pub stage: Stage,
    /// The newest checkpoint that was seen.
    pub checkpoint: Option<Checkpoint>,
}

/// How far a run is known to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// Written down; whether the engine has it is not known.
    Begun,
    /// The engine has it.
    Accepted,
    /// It was told to stop with a savepoint; asked for by this.
    Stopping {
        /// What the engine calls the savepoint while it is made.
        trigger: String,
    },
    /// It is over, and never starts again.
    Ended {
        /// When that was seen.
        at: Millis,
        /// The savepoint that it left.
        savepoint: Option<String>,
        /// Why it ended, where it did so by itself or was refused.
        why: Option<String>,
    },
}

/// A checkpoint that a run can be started from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Where it lies.
    pub path: String,
    /// When it began: what was read before is in it.
    pub at: Millis,
}

/// What the engine shows of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// It does not know it.
    Nothing,
    /// It has it, and it is not over.
    Live,
    /// It has it, and it is over.
    Over,
}

/// What is done next to bring a job to what is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Move {
    /// Nothing: it runs as it should.
    Stay,
    /// A new run is written down, to start from there.
    Begin {
        /// The savepoint or checkpoint; `None` for the first.
        from: Option<String>,
    },
    /// The engine is told to start it: for the first time, or again by the same id.
    Submit,
    /// It is noted that the engine has it.
    Accept,
    /// It is told to stop with a savepoint.
    Stop,
    /// It is asked what became of the stop.
    AskForStop,
    /// It is written down that it is over.
    End,
}

/// What is done next with a job whose newest run is this. `fits` tells whether that run is as wanted.
pub fn next_move(run: Option<&Run>, shows: Shows, fits: bool) -> Move {
    let Some(run) = run else { return Move::Begin { from: None } };
    match (&run.stage, shows) {
        (Stage::Ended { .. }, _) => Move::Begin { from: run.leaves() },
        // A call whose answer was lost may still arrive: by the same id it is told again, wanted or not, never given up.
        (Stage::Begun, Shows::Nothing) => Move::Submit,
        (Stage::Begun, Shows::Over) => Move::End,
        // An engine that does not know what it had accepted has lost it.
        (Stage::Accepted | Stage::Stopping { .. }, Shows::Nothing | Shows::Over) => Move::End,
        (Stage::Begun, Shows::Live) => Move::Accept,
        (Stage::Accepted, Shows::Live) if fits => Move::Stay,
        (Stage::Accepted, Shows::Live) => Move::Stop,
        (Stage::Stopping { .. }, Shows::Live) => Move::AskForStop,
    }
}

impl Run {
    /// What the next run starts from: the newest that this one left, else what it was itself started from.
    pub fn leaves(&self) -> Option<String> {
        let savepoint = match &self.stage {
            Stage::Ended { savepoint, .. } => savepoint.clone(),
            Stage::Begun | Stage::Accepted | Stage::Stopping { .. } => None,
        };
        let checkpoint = || self.checkpoint.as_ref().map(|checkpoint| checkpoint.path.clone());
        savepoint.or_else(checkpoint).or_else(|| self.restored.clone())
    }

    /// The id by which the engine knows it.
    pub fn id_there(&self) -> &str {
        self.engine_id.as_deref().unwrap_or(self.id.as_str())
    }

    /// Whether the engine has it and it is meant to go on.
    pub const fn is_accepted(&self) -> bool {
        matches!(self.stage, Stage::Accepted)
    }

    /// Whether it is over.
    pub const fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Ended { .. })
    }

    /// Whether tables of this run are missing in a list: their state is then left behind (real-stack §4).
    pub fn leaves_out(&self, tables: &[JobTable]) -> bool {
        self.tables.iter().any(|mine| !tables.iter().any(|table| table.target == mine.target))
    }
}

/// The numbers of a job's readers: as many as it has readers, after all that were ever given at that server.
pub fn next_ids(last: Option<u32>, readers: u32) -> Option<ServerIds> {
    /// Far from the small numbers that people give to their servers.
    const FIRST: u32 = 540_000;
    let first = last.map_or(Some(FIRST), |last| last.checked_add(1))?;
    ServerIds::new(first, first.checked_add(readers.max(1) - 1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(stage: Stage) -> Run {
        Run {
            id: "0af1".parse().expect("an id"),
            engine_id: None,
            job: "lg-a".into(),
            number: 1,
            source: "s".parse().expect("an id"),
            place: Place::sqlite("a"),
            tables: Vec::new(),
            args: Vec::new(),
            restored: Some("old".into()),
            leaves_state: false,
            begun_at: Millis(1),
            stage,
            checkpoint: None,
        }
    }

    fn ended(savepoint: Option<&str>) -> Stage {
        Stage::Ended { at: Millis(2), savepoint: savepoint.map(str::to_owned), why: None }
    }

    #[test]
    fn every_stage_has_its_next_move_whatever_the_engine_shows() {
        let stopping = || Stage::Stopping { trigger: "t".into() };
        let from = |from: &str| Move::Begin { from: Some(from.into()) };
        for (stage, shows, fits, next) in [
            (Stage::Begun, Shows::Nothing, true, Move::Submit),
            (Stage::Begun, Shows::Nothing, false, Move::Submit),
            (Stage::Begun, Shows::Live, true, Move::Accept),
            (Stage::Begun, Shows::Live, false, Move::Accept),
            (Stage::Begun, Shows::Over, true, Move::End),
            (Stage::Accepted, Shows::Live, true, Move::Stay),
            (Stage::Accepted, Shows::Live, false, Move::Stop),
            (Stage::Accepted, Shows::Nothing, true, Move::End),
            (Stage::Accepted, Shows::Over, true, Move::End),
            (stopping(), Shows::Live, true, Move::AskForStop),
            (stopping(), Shows::Live, false, Move::AskForStop),
            (stopping(), Shows::Over, false, Move::End),
            (stopping(), Shows::Nothing, false, Move::End),
            (ended(Some("sp")), Shows::Nothing, true, from("sp")),
            (ended(None), Shows::Live, false, from("old")),
        ] {
            assert_eq!(next_move(Some(&run(stage.clone())), shows, fits), next, "{stage:?} {shows:?} {fits}");
        }
        assert_eq!(next_move(None, Shows::Nothing, false), Move::Begin { from: None });
    }

    #[test]
    fn the_next_run_starts_from_the_newest_that_is_left() {
        let checkpoint = Some(Checkpoint { path: "chk".into(), at: Millis(3) });
        assert_eq!(run(Stage::Accepted).leaves().as_deref(), Some("old"));
        assert_eq!(Run { checkpoint: checkpoint.clone(), ..run(ended(None)) }.leaves().as_deref(), Some("chk"));
        assert_eq!(Run { checkpoint, ..run(ended(Some("sp"))) }.leaves().as_deref(), Some("sp"));
    }

    #[test]
    fn numbers_of_readers_never_meet() {
        let first = next_ids(None, 2).expect("a range");
        assert_eq!(first.to_string(), "540000-540001");
        assert_eq!(next_ids(Some(540_001), 1).expect("a range").to_string(), "540002-540002");
        assert!(!first.meets(next_ids(Some(540_001), 4).expect("a range")));
        assert_eq!(next_ids(Some(i32::MAX.unsigned_abs()), 1), None);
        assert_eq!(next_ids(Some(u32::MAX), 1), None);
    }
}
