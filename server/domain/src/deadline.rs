//! No silent waiting: every state that is not final has an owner, a deadline and a sentence.

use serde::{Deserialize, Serialize};

use crate::cause::Who;
use crate::item::State;
use crate::said::Said;
use crate::time::{DAY, HOUR, MINUTE, Millis, SECOND};

/// How long each state may last, in milliseconds. All are settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Deadlines {
    /// A decision: 24 h, then operators are told.
    pub submitted: i64,
    /// An answer of the requester: 14 days, then it is withdrawn.
    pub sent_back: i64,
    /// Taking an approval back: 30 s, then it is placed.
    pub approved: i64,
    /// Placing: 2 min, then operators are told.
    pub placed: i64,
    /// Starting: 5 min, then it failed.
    pub starting: i64,
    /// Copying without progress: 10 min, then it failed.
    pub copying: i64,
    /// Verifying: 15 min, then operators are told.
    pub verifying: i64,
    /// Late or failed: 4 h, then operators are told.
    pub unmended: i64,
    /// The pause before a failed start is tried again by itself.
    pub again: i64,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            submitted: 24 * HOUR,
            sent_back: 14 * DAY,
            approved: 30 * SECOND,
            placed: 2 * MINUTE,
            starting: 5 * MINUTE,
            copying: 10 * MINUTE,
            verifying: 15 * MINUTE,
            unmended: 4 * HOUR,
            again: 30 * SECOND,
        }
    }
}

/// What happens at a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// Operators are told.
    OperatorsTold,
    /// It goes on by itself.
    GoesOn,
    /// It counts as failed.
    Fails,
    /// It is withdrawn, kept readable.
    Withdrawn,
    /// Who paused it is asked again.
    AskedAgain,
}

/// The deadline of one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// Who must act until then.
    pub who: Who,
    /// Until when.
    pub until: Millis,
    /// And then what.
    pub then: Then,
}

impl Deadlines {
    /// The deadline of a state, `None` for those that may last: ready and the ended ones.
    ///
    /// `moved_at` is when progress was last seen; it prolongs copying.
    pub fn of(&self, state: &State, moved_at: Option<Millis>) -> Option<Deadline> {
        let deadline = |who, until, then| Some(Deadline { who, until, then });
        match state {
            State::Submitted { at } => deadline(Who::SourceOwner, at.plus(self.submitted), Then::OperatorsTold),
            State::SentBack { at, .. } => deadline(Who::Requester, at.plus(self.sent_back), Then::Withdrawn),
            State::Approved { starts_at, .. } => deadline(Who::Lakegate, *starts_at, Then::GoesOn),
            State::Placed { at, .. } => deadline(Who::Lakegate, at.plus(self.placed), Then::OperatorsTold),
            State::Starting { at, .. } => {
                let moved = moved_at.map_or(*at, |moved| moved.max(*at));
                deadline(Who::Lakegate, moved.plus(self.starting), Then::Fails)
            }
            State::Copying { at, .. } => {
                let moved = moved_at.map_or(*at, |moved| moved.max(*at));
                deadline(Who::Lakegate, moved.plus(self.copying), Then::Fails)
            }
            State::Verifying { at, .. } => deadline(Who::Lakegate, at.plus(self.verifying), Then::OperatorsTold),
            State::Paused { until, .. } => deadline(Who::Requester, *until, Then::AskedAgain),
            State::Late { at, .. } => deadline(Who::Operator, at.plus(self.unmended), Then::OperatorsTold),
            State::Failed { again_at: Some(again), .. } => deadline(Who::Lakegate, *again, Then::GoesOn),
            State::Failed { at, cause, .. } => deadline(cause.code.who(), at.plus(self.unmended), Then::OperatorsTold),
            State::Ready { .. }
            | State::Retired { .. }
            | State::Dropped { .. }
            | State::Rejected { .. }
            | State::Withdrawn { .. } => None,
        }
    }

    /// "Waiting for X since T, then Y": what happens now, as one sentence.
    ///
    /// `decider` is the name of who decides, `person` that of whoever the state names.
    pub fn say(&self, state: &State, moved_at: Option<Millis>, decider: &str, person: &str) -> Said {
        let until = self.of(state, moved_at).map_or(Millis(0), |deadline| deadline.until);
        let said = |key: &str| Said::new(format!("now.{key}")).at("since", state.since());
        match state {
            State::Submitted { .. } => said("submitted").text("who", decider).at("until", until),
            State::SentBack { .. } => said("sent_back").text("who", person).at("until", until),
            State::Approved { starts_at, .. } => said("approved").text("who", person).at("until", *starts_at),
            State::Placed { tries: 0, .. } => said("placed").at("until", until),
            State::Placed { .. } => said("placed_again").at("until", until),
            State::Starting { .. } => said("starting").at("until", until),
            State::Copying { .. } => said("copying").at("until", until),
            State::Verifying { .. } => said("verifying").at("until", until),
            State::Ready { proof, .. } => {
                Said::new("now.ready").count("rows", proof.lake_rows).at("at", proof.at).at("as_of", proof.read_at)
            }
            State::Late { proof, .. } => said("late").at("as_of", proof.read_at).at("until", until),
            State::Failed { cause, again_at: Some(again), .. } => {
                let mut said = cause.said.clone().at("until", *again);
                said.key.push_str(".again");
                said
            }
            State::Failed { cause, .. } => cause.said.clone(),
            State::Paused { until, .. } => said("paused").text("who", person).at("until", *until),
            State::Retired { .. } => said("retired").text("who", person),
            State::Dropped { .. } => said("dropped").text("who", person),
            State::Rejected { .. } => said("rejected").text("who", person),
            State::Withdrawn { .. } => said("withdrawn").text("who", person),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cause::{Cause, CauseCode};

    #[test]
    fn progress_prolongs_copying_and_nothing_else_is_prolonged_by_it() {
        let deadlines = Deadlines::default();
        let copying = State::Copying { at: Millis(0), tries: 1 };
        assert_eq!(deadlines.of(&copying, None).map(|d| d.until), Some(Millis(10 * MINUTE)));
        let moved = deadlines.of(&copying, Some(Millis(5 * MINUTE)));
        assert_eq!(moved.map(|d| (d.until, d.then)), Some((Millis(15 * MINUTE), Then::Fails)));
        let verifying = State::Verifying { at: Millis(0), tries: 1 };
        assert_eq!(deadlines.of(&verifying, Some(Millis(9))).map(|d| d.until), Some(Millis(15 * MINUTE)));
    }

    #[test]
    fn a_failure_names_who_must_act() {
        let deadlines = Deadlines::default();
        let failed = |code, again_at| State::Failed { at: Millis(0), cause: Cause::new(code), tries: 1, again_at };
        let by_itself = deadlines.of(&failed(CauseCode::SourceAway, Some(Millis(7))), None).expect("waits");
        assert_eq!((by_itself.who, by_itself.until, by_itself.then), (Who::Lakegate, Millis(7), Then::GoesOn));
        let by_owner = deadlines.of(&failed(CauseCode::TableGone, None), None).expect("waits");
        assert_eq!((by_owner.who, by_owner.until), (Who::SourceOwner, Millis(4 * HOUR)));
    }
}
