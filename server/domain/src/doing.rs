//! What a job does, as people are told: from its newest start and its tables. Pure.
//!
//! Invariant: a job whose tables nobody could look at is "not known yet", never running.

use json::FromJson;
use serde::{Deserialize, Serialize};

use crate::item::State;
use crate::job::Wanted;
use crate::run::{Run, Stage};

/// What a job does. In the order in which lists show them: what needs a person first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Doing {
    /// It ended by itself, or none of its tables can go on.
    Failed,
    /// Its engine did not answer for two rounds.
    Unknown,
    /// It is told to stop, to go on with other tables.
    Changing,
    /// The engine was told, or is about to be.
    Starting,
    /// It runs. This says nothing of its tables: each is proven by itself.
    Running,
    /// Nobody wants it any more.
    Ended,
}

impl Doing {
    /// All of them, worst first.
    pub const ALL: [Self; 6] =
        [Self::Failed, Self::Unknown, Self::Changing, Self::Starting, Self::Running, Self::Ended];

    /// It as a word; the address and the wire say the same.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Changing => "changing",
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Ended => "ended",
        }
    }

    /// What a job does whose newest start is this and whose tables are so far; `true` stands at those that were looked at.
    pub fn of<'s>(
        wanted: Wanted,
        run: Option<&Run>,
        tables: impl IntoIterator<Item = (&'s State, bool)> + Clone,
    ) -> Self {
        let tables = || tables.clone().into_iter();
        let none_wants = tables().all(|(state, _)| !state.wants_job());
        let some_failed = tables().any(|(state, _)| matches!(state, State::Failed { .. }));
        if none_wants {
            return if some_failed && wanted == Wanted::Running { Self::Failed } else { Self::Ended };
        }
        match run.map(|run| &run.stage) {
            Some(Stage::Ended { why: Some(_), .. }) => return Self::Failed,
            Some(Stage::Begun | Stage::Ended { why: None, .. }) => return Self::Starting,
            Some(Stage::Stopping { .. }) => return Self::Changing,
            Some(Stage::Accepted) | None => {}
        }
        let mut proven = tables().filter(|(state, _)| state.proof().is_some()).peekable();
        if proven.peek().is_some() && proven.all(|(_, known)| !known) {
            return Self::Unknown;
        }
        let waits = |state: &State| matches!(state, State::Placed { .. } | State::Starting { .. });
        let starts = tables().filter(|(state, _)| state.wants_job()).all(|(state, _)| waits(state));
        if starts { Self::Starting } else { Self::Running }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cause::{Cause, CauseCode};
    use crate::proof::Proof;
    use crate::source::Place;
    use crate::time::Millis;

    const AT: Millis = Millis(1);

    fn ready() -> State {
        let proof = Proof {
            at: AT,
            snapshot: 1,
            source_columns: 1,
            lake_columns: 1,
            source_rows: 1,
            lake_rows: 1,
            read_at: AT,
            committed_at: AT,
        };
        State::Ready { at: AT, proof }
    }

    fn failed() -> State {
        State::Failed { at: AT, cause: Cause::new(CauseCode::Ours), tries: 1, again_at: None }
    }

    fn run(stage: Stage) -> Run {
        Run {
            id: "0af1".parse().expect("an id"),
            job: "lg-a".into(),
            number: 1,
            source: "s".parse().expect("an id"),
            place: Place::sqlite("a"),
            tables: Vec::new(),
            args: Vec::new(),
            restored: None,
            leaves_state: false,
            begun_at: AT,
            stage,
            checkpoint: None,
            engine_id: None,
        }
    }

    fn doing(run: Option<Stage>, tables: &[(State, bool)]) -> Doing {
        let run = run.map(self::run);
        Doing::of(Wanted::Running, run.as_ref(), tables.iter().map(|(state, known)| (state, *known)))
    }

    #[test]
    fn a_job_is_never_running_when_nobody_could_look() {
        assert_eq!(doing(None, &[(ready(), true), (ready(), false)]), Doing::Running);
        assert_eq!(doing(None, &[(ready(), false), (failed(), false)]), Doing::Unknown);
        assert_eq!(doing(Some(Stage::Accepted), &[(ready(), false)]), Doing::Unknown);
    }

    #[test]
    fn its_newest_start_tells_what_it_does() {
        let tables = [(ready(), true)];
        let ended = |why: Option<&str>| Stage::Ended { at: AT, savepoint: None, why: why.map(str::to_owned) };
        for (stage, wanted) in [
            (Stage::Begun, Doing::Starting),
            (Stage::Accepted, Doing::Running),
            (Stage::Stopping { trigger: "t".into() }, Doing::Changing),
            (ended(None), Doing::Starting),
            (ended(Some("no slots")), Doing::Failed),
        ] {
            assert_eq!(doing(Some(stage), &tables), wanted);
        }
    }

    #[test]
    fn its_tables_tell_where_no_start_does() {
        let placed = State::Placed { at: AT, tries: 0 };
        let copying = State::Copying { at: AT, tries: 1 };
        assert_eq!(doing(None, &[(placed.clone(), true), (failed(), true)]), Doing::Starting);
        assert_eq!(doing(None, &[(placed, true), (copying, true)]), Doing::Running);
        assert_eq!(doing(None, &[(failed(), true)]), Doing::Failed);
        assert_eq!(doing(None, &[]), Doing::Ended);
        assert_eq!(doing(Some(Stage::Accepted), &[]), Doing::Ended);
    }

    #[test]
    fn a_job_that_nobody_wants_has_not_failed() {
        let tables = [(failed(), true)];
        let tables = tables.iter().map(|(state, known)| (state, *known));
        assert_eq!(Doing::of(Wanted::Gone, None, tables), Doing::Ended);
    }
}
