//! How an item is brought into the lake and proven there: what the work does by itself.

use super::{Item, Refusal, State, TRIES};
use crate::cause::Cause;
use crate::ids::JobId;
use crate::proof::{Landed, Proof};
use crate::time::Millis;

impl Item {
    /// Its job is chosen.
    pub fn place(self, job: &JobId, at: Millis) -> Result<Self, Refusal> {
        self.only_bringing("place")?;
        match self.state {
            State::Approved { starts_at, .. } if at >= starts_at => {
                Ok(Self { job: Some(job.clone()), ..self.becomes(State::Placed { at, tries: 0 }) })
            }
            _ => Err(self.refuse("place")),
        }
    }

    /// The engine was told to bring it.
    pub fn start(self, at: Millis) -> Result<Self, Refusal> {
        self.only_bringing("start")?;
        match self.state {
            State::Placed { tries, .. } => Ok(self.becomes(State::Starting { at, tries: tries + 1 })),
            _ => Err(self.refuse("start")),
        }
    }

    /// The engine was seen copying its rows.
    pub fn copy(self, at: Millis) -> Result<Self, Refusal> {
        self.only_bringing("copy")?;
        match self.state {
            State::Starting { tries, .. } => Ok(self.becomes(State::Copying { at, tries })),
            _ => Err(self.refuse("copy")),
        }
    }

    /// A copy landed; it must be proven.
    pub fn verify(self, landed: Landed, at: Millis) -> Result<Self, Refusal> {
        self.only_bringing("verify")?;
        match self.state {
            State::Starting { tries, .. } | State::Copying { tries, .. } => {
                Ok(Self { landed: Some(landed), ..self.becomes(State::Verifying { at, tries }) })
            }
            _ => Err(self.refuse("verify")),
        }
    }

    /// The lake agrees: it is ready, or ready again.
    pub fn prove(self, proof: Proof, at: Millis) -> Result<Self, Refusal> {
        self.only_bringing("prove")?;
        match self.state {
            State::Verifying { .. } | State::Late { .. } => Ok(self.becomes(State::Ready { at, proof })),
            State::Ready { at: since, .. } => Ok(self.becomes(State::Ready { at: since, proof })),
            _ => Err(self.refuse("prove")),
        }
    }

    /// The promise broke.
    pub fn be_late(self, at: Millis) -> Result<Self, Refusal> {
        self.only_bringing("be late")?;
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
        self.only_bringing("fail")?;
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
        self.only_bringing("try again")?;
        match self.state {
            State::Failed { tries, again_at: Some(due), .. } if at >= due => {
                Ok(self.becomes(State::Placed { at, tries }))
            }
            _ => Err(self.refuse("try again")),
        }
    }
}
