//! What people do with an item later: try it again, hold it, leave it out.

use super::{Item, Refusal, State};
use crate::ids::PersonId;
use crate::time::Millis;

impl Item {
    /// A person wants it tried again.
    pub fn retry(self, at: Millis) -> Result<Self, Refusal> {
        self.only_bringing("try again")?;
        match self.state {
            State::Failed { .. } => Ok(self.becomes(State::Placed { at, tries: 0 })),
            _ => Err(self.refuse("try again")),
        }
    }

    /// A person holds it.
    pub fn pause(self, by: &PersonId, at: Millis, until: Millis) -> Result<Self, Refusal> {
        self.only_bringing("pause")?;
        match self.state {
            State::Ready { .. } | State::Late { .. } | State::Failed { .. } => {
                Ok(self.becomes(State::Paused { at, by: by.clone(), until }))
            }
            _ => Err(self.refuse("pause")),
        }
    }

    /// A person lets it go on; it is proven anew.
    pub fn resume(self, at: Millis) -> Result<Self, Refusal> {
        self.only_bringing("resume")?;
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
