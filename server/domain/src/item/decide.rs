//! What people decide about an item before anything starts.

use super::{Item, Refusal, State};
use crate::ids::PersonId;
use crate::time::Millis;

impl Item {
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
}
