//! The item: one table of a request, the unit of everything that follows.
//!
//! `submitted → approved → placed → starting → copying → verifying → ready`, and from there `late`, `failed`,
//! `paused`, `retired`; before: `sent back`, `rejected`, `dropped`, `withdrawn`.

mod state;

pub use state::State;

use crate::cause::Cause;
use crate::ids::{ItemId, JobId, PersonId, RequestId, RouteId, SourceId};
use crate::name::TableName;
use crate::proof::{Landed, Proof};
use crate::tier::Tier;
use crate::time::Millis;

/// How often a start is tried by itself before a person must act.
pub const TRIES: u32 = 3;

/// One table of a request on its way into the lake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The id.
    pub id: ItemId,
    /// The request it was asked in.
    pub request: RequestId,
    /// Who asked.
    pub requester: PersonId,
    /// The source it comes from.
    pub source: SourceId,
    /// The table at the source.
    pub table: TableName,
    /// Where it goes.
    pub route: RouteId,
    /// Its name in the lake.
    pub target: TableName,
    /// What is promised.
    pub tier: Tier,
    /// The job that brings it, once placed.
    pub job: Option<JobId>,
    /// How far it is.
    pub state: State,
    /// What the last refresh left, once there was one.
    pub landed: Option<Landed>,
    /// What is wrong with the newest refresh though the state stands.
    pub trouble: Option<Cause>,
    /// Counts the writes, for optimistic locking.
    pub version: i64,
}

/// A transition that the state does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot {verb} a table that is {state}")]
pub struct Refusal {
    /// What was tried.
    pub verb: &'static str,
    /// The word of the state it is in.
    pub state: &'static str,
    /// Who brought it there, where a person did.
    pub by: Option<PersonId>,
    /// Since when.
    pub at: Millis,
}

/// Transitions. Each names the states it may leave and refuses all others: refusing is the right default for a
/// state that comes later, and the table test below walks every verb over every state.
impl Item {
    fn refuse(&self, verb: &'static str) -> Refusal {
        Refusal { verb, state: self.state.word(), by: self.state.by().cloned(), at: self.state.since() }
    }

    fn becomes(self, state: State) -> Self {
        Self { state, ..self }
    }

    /// A decider lets it in; it can be taken back until `starts_at`.
    pub fn approve(self, by: &PersonId, at: Millis, starts_at: Millis) -> Result<Self, Refusal> {
        match self.state {
            State::Submitted { .. } => Ok(self.becomes(State::Approved { at, by: by.clone(), starts_at })),
            _ => Err(self.refuse("approve")),
        }
    }

    /// A decider leaves it out.
    pub fn drop_out(self, by: &PersonId, at: Millis) -> Result<Self, Refusal> {
        match self.state {
            State::Submitted { .. } => Ok(self.becomes(State::Dropped { at, by: by.clone() })),
            _ => Err(self.refuse("drop")),
        }
    }

    /// A decider gives it back to the requester.
    pub fn send_back(self, by: &PersonId, at: Millis) -> Result<Self, Refusal> {
        match self.state {
            State::Submitted { .. } => Ok(self.becomes(State::SentBack { at, by: by.clone() })),
            _ => Err(self.refuse("send back")),
        }
    }

    /// A decider refuses it.
    pub fn reject(self, by: &PersonId, at: Millis) -> Result<Self, Refusal> {
        match self.state {
            State::Submitted { .. } => Ok(self.becomes(State::Rejected { at, by: by.clone() })),
            _ => Err(self.refuse("reject")),
        }
    }

    /// The requester takes it away before anything started.
    pub fn withdraw(self, by: &PersonId, at: Millis) -> Result<Self, Refusal> {
        match self.state {
            State::Submitted { .. } | State::SentBack { .. } | State::Approved { .. } => {
                Ok(self.becomes(State::Withdrawn { at, by: by.clone() }))
            }
            _ => Err(self.refuse("withdraw")),
        }
    }

    /// The requester asks again after it was sent back.
    pub fn resubmit(self, at: Millis) -> Result<Self, Refusal> {
        match self.state {
            State::SentBack { .. } => Ok(self.becomes(State::Submitted { at })),
            _ => Err(self.refuse("send again")),
        }
    }

    /// Who approved takes the approval back before the start.
    pub fn take_back(self, at: Millis) -> Result<Self, Refusal> {
        match self.state {
            State::Approved { starts_at, .. } if at < starts_at => Ok(self.becomes(State::Submitted { at })),
            _ => Err(self.refuse("take back")),
        }
    }

    /// Its job is chosen.
    pub fn place(self, job: &JobId, at: Millis) -> Result<Self, Refusal> {
        match self.state {
            State::Approved { starts_at, .. } if at >= starts_at => {
                Ok(Self { job: Some(job.clone()), ..self.becomes(State::Placed { at, tries: 0 }) })
            }
            _ => Err(self.refuse("place")),
        }
    }

    /// The engine was told to bring it.
    pub fn start(self, at: Millis) -> Result<Self, Refusal> {
        match self.state {
            State::Placed { tries, .. } => Ok(self.becomes(State::Starting { at, tries: tries + 1 })),
            _ => Err(self.refuse("start")),
        }
    }

    /// The engine was seen copying its rows.
    pub fn copy(self, at: Millis) -> Result<Self, Refusal> {
        match self.state {
            State::Starting { tries, .. } => Ok(self.becomes(State::Copying { at, tries })),
            _ => Err(self.refuse("copy")),
        }
    }

    /// A copy landed; it must be proven.
    pub fn verify(self, landed: Landed, at: Millis) -> Result<Self, Refusal> {
        match self.state {
            State::Starting { tries, .. } | State::Copying { tries, .. } => {
                Ok(Self { landed: Some(landed), ..self.becomes(State::Verifying { at, tries }) })
            }
            _ => Err(self.refuse("verify")),
        }
    }

    /// The lake agrees: it is ready, or ready again.
    pub fn prove(self, proof: Proof, at: Millis) -> Result<Self, Refusal> {
        match self.state {
            State::Verifying { .. } | State::Late { .. } => Ok(self.becomes(State::Ready { at, proof })),
            State::Ready { at: since, .. } => Ok(self.becomes(State::Ready { at: since, proof })),
            _ => Err(self.refuse("prove")),
        }
    }

    /// The promise broke.
    pub fn be_late(self, at: Millis) -> Result<Self, Refusal> {
        match self.state {
            State::Ready { ref proof, .. } => {
                let proof = proof.clone();
                Ok(self.becomes(State::Late { at, proof }))
            }
            _ => Err(self.refuse("be late")),
        }
    }

    /// It cannot go on. It is tried again by itself at `again_at` while the cause may pass and tries are left.
    pub fn fail(self, cause: Cause, at: Millis, again_at: Millis) -> Result<Self, Refusal> {
        match self.state {
            State::Placed { .. }
            | State::Starting { .. }
            | State::Copying { .. }
            | State::Verifying { .. }
            | State::Ready { .. }
            | State::Late { .. } => {
                let tries = self.state.tries();
                let again_at = (cause.code.may_pass() && tries < TRIES).then_some(again_at);
                Ok(self.becomes(State::Failed { at, cause, tries, again_at }))
            }
            _ => Err(self.refuse("fail")),
        }
    }

    /// Its time to be tried again by itself has come.
    pub fn try_again(self, at: Millis) -> Result<Self, Refusal> {
        match self.state {
            State::Failed { tries, again_at: Some(due), .. } if at >= due => {
                Ok(self.becomes(State::Placed { at, tries }))
            }
            _ => Err(self.refuse("try again")),
        }
    }

    /// A person wants it tried again.
    pub fn retry(self, at: Millis) -> Result<Self, Refusal> {
        match self.state {
            State::Failed { .. } => Ok(self.becomes(State::Placed { at, tries: 0 })),
            _ => Err(self.refuse("try again")),
        }
    }

    /// A person holds it.
    pub fn pause(self, by: &PersonId, at: Millis, until: Millis) -> Result<Self, Refusal> {
        match self.state {
            State::Ready { .. } | State::Late { .. } | State::Failed { .. } => {
                Ok(self.becomes(State::Paused { at, by: by.clone(), until }))
            }
            _ => Err(self.refuse("pause")),
        }
    }

    /// A person lets it go on; it is proven anew.
    pub fn resume(self, at: Millis) -> Result<Self, Refusal> {
        match self.state {
            State::Paused { .. } => Ok(self.becomes(State::Placed { at, tries: 0 })),
            _ => Err(self.refuse("resume")),
        }
    }

    /// A person leaves it out for good; what lies in the lake stays there.
    pub fn retire(self, by: &PersonId, at: Millis) -> Result<Self, Refusal> {
        match self.state {
            State::Ready { .. }
            | State::Late { .. }
            | State::Failed { .. }
            | State::Paused { .. }
            | State::Placed { .. }
            | State::Starting { .. }
            | State::Copying { .. }
            | State::Verifying { .. } => Ok(self.becomes(State::Retired { at, by: by.clone() })),
            _ => Err(self.refuse("leave out")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cause::CauseCode;

    fn person(id: &str) -> PersonId {
        id.parse().expect("an id")
    }

    fn item(state: State) -> Item {
        Item {
            id: "i1".parse().expect("an id"),
            request: "r1".parse().expect("an id"),
            requester: person("ana"),
            source: "s1".parse().expect("an id"),
            table: TableName::parse("lease", "contract").expect("a name"),
            route: "w1".parse().expect("an id"),
            target: TableName::parse("ods_lease", "contract").expect("a name"),
            tier: Tier::Daily,
            job: None,
            state,
            landed: None,
            trouble: None,
            version: 1,
        }
    }

    fn proof() -> Proof {
        Proof {
            at: Millis(1),
            snapshot: 1,
            source_columns: 1,
            lake_columns: 1,
            source_rows: 1,
            lake_rows: 1,
            read_at: Millis(0),
            committed_at: Millis(1),
        }
    }

    fn states() -> Vec<State> {
        let (at, by) = (Millis(1), person("bo"));
        vec![
            State::Submitted { at },
            State::Approved { at, by: by.clone(), starts_at: Millis(5) },
            State::Placed { at, tries: 0 },
            State::Starting { at, tries: 1 },
            State::Copying { at, tries: 1 },
            State::Verifying { at, tries: 1 },
            State::Ready { at, proof: proof() },
            State::Late { at, proof: proof() },
            State::Failed { at, cause: Cause::new(CauseCode::SourceAway), tries: 1, again_at: Some(Millis(9)) },
            State::Paused { at, by: by.clone(), until: Millis(9) },
            State::Retired { at, by: by.clone() },
            State::Dropped { at, by: by.clone() },
            State::SentBack { at, by: by.clone() },
            State::Rejected { at, by: by.clone() },
            State::Withdrawn { at, by },
        ]
    }

    type Verb = (&'static str, fn(Item) -> Result<Item, Refusal>, &'static [&'static str]);

    /// Every verb, and the states it is allowed in.
    fn verbs() -> Vec<Verb> {
        vec![
            ("approve", |i| i.approve(&person("bo"), Millis(2), Millis(3)), &["submitted"]),
            ("drop", |i| i.drop_out(&person("bo"), Millis(2)), &["submitted"]),
            ("send back", |i| i.send_back(&person("bo"), Millis(2)), &["submitted"]),
            ("reject", |i| i.reject(&person("bo"), Millis(2)), &["submitted"]),
            ("withdraw", |i| i.withdraw(&person("ana"), Millis(2)), &["submitted", "approved", "sent_back"]),
            ("resubmit", |i| i.resubmit(Millis(2)), &["sent_back"]),
            ("take back", |i| i.take_back(Millis(2)), &["approved"]),
            ("place", |i| i.place(&"j1".parse().expect("an id"), Millis(5)), &["approved"]),
            ("start", |i| i.start(Millis(2)), &["placed"]),
            ("copy", |i| i.copy(Millis(2)), &["starting"]),
            (
                "verify",
                |i| {
                    let (read_at, committed_at) = (Millis(0), Millis(1));
                    i.verify(Landed { snapshot: 1, rows: 1, read_at, committed_at, columns: vec![] }, Millis(2))
                },
                &["starting", "copying"],
            ),
            ("prove", |i| i.prove(proof(), Millis(2)), &["verifying", "ready", "late"]),
            ("be late", |i| i.be_late(Millis(2)), &["ready"]),
            (
                "fail",
                |i| i.fail(Cause::new(CauseCode::SourceAway), Millis(2), Millis(3)),
                &["placed", "starting", "copying", "verifying", "ready", "late"],
            ),
            ("try again", |i| i.try_again(Millis(9)), &["failed"]),
            ("retry", |i| i.retry(Millis(2)), &["failed"]),
            ("pause", |i| i.pause(&person("bo"), Millis(2), Millis(9)), &["ready", "late", "failed"]),
            ("resume", |i| i.resume(Millis(2)), &["paused"]),
            (
                "retire",
                |i| i.retire(&person("ana"), Millis(2)),
                &["placed", "starting", "copying", "verifying", "ready", "late", "failed", "paused"],
            ),
        ]
    }

    #[test]
    fn every_verb_works_in_its_states_and_is_refused_in_all_others() {
        for (name, verb, allowed) in verbs() {
            for state in states() {
                let word = state.word();
                let outcome = verb(item(state));
                assert_eq!(outcome.is_ok(), allowed.contains(&word), "{name} a table that is {word}");
                if let Err(refusal) = outcome {
                    assert_eq!(refusal.state, word);
                }
            }
        }
    }

    #[test]
    fn an_approval_starts_at_its_time_and_can_be_taken_back_before() {
        let approved = item(State::Submitted { at: Millis(0) }).approve(&person("bo"), Millis(1), Millis(10));
        let approved = approved.expect("submitted");
        let job: JobId = "j1".parse().expect("an id");
        assert!(approved.clone().place(&job, Millis(9)).is_err());
        assert!(approved.clone().take_back(Millis(10)).is_err());
        assert!(approved.clone().take_back(Millis(9)).is_ok());
        assert_eq!(approved.place(&job, Millis(10)).expect("due").job, Some(job));
    }

    #[test]
    fn a_passing_cause_is_tried_three_times_and_then_waits_for_a_person() {
        let mut item = item(State::Placed { at: Millis(0), tries: 0 });
        for round in 1..=TRIES {
            item = item.start(Millis(1)).expect("placed");
            item = item.fail(Cause::new(CauseCode::SourceAway), Millis(2), Millis(3)).expect("starting");
            match &item.state {
                State::Failed { again_at, tries, .. } => {
                    assert_eq!(*tries, round);
                    assert_eq!(again_at.is_some(), round < TRIES);
                }
                other => panic!("{other:?}"),
            }
            if round < TRIES {
                item = item.try_again(Millis(3)).expect("due");
            }
        }
        assert!(item.clone().try_again(Millis(99)).is_err());
        assert!(item.retry(Millis(99)).is_ok());
    }

    #[test]
    fn a_lasting_cause_waits_for_a_person_at_once() {
        let failed = item(State::Starting { at: Millis(0), tries: 1 })
            .fail(Cause::new(CauseCode::TableGone), Millis(2), Millis(3))
            .expect("starting");
        assert!(matches!(failed.state, State::Failed { again_at: None, .. }));
        assert!(!failed.state.wants_job());
    }

    #[test]
    fn a_state_survives_its_own_json() {
        for state in states() {
            let text = serde_json::to_string(&state).expect("serialises");
            assert!(text.contains(&format!("\"state\":\"{}\"", state.word())), "{text}");
            assert_eq!(serde_json::from_str::<State>(&text).expect("parses"), state);
        }
    }
}
