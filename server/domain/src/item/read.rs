//! How an item of kind *read* goes on by itself: it opens when the table is proven, or takes over what nobody brings.

use super::{Item, Kind, Refusal, State};
use crate::proof::Proof;
use crate::time::Millis;

impl Item {
    /// The approval stands and the table is proven: its requester may read it.
    pub fn open(self, proof: Proof, at: Millis) -> Result<Self, Refusal> {
        match (&self.kind, &self.state) {
            (Kind::Read { .. }, State::Approved { starts_at, .. }) if at >= *starts_at => {
                Ok(self.becomes(State::Ready { at, proof }))
            }
            _ => Err(self.refuse("open")),
        }
    }

    /// What it was to read will never come: it asks for the table itself, which is a decision of its own.
    pub fn bring_instead(self, at: Millis) -> Result<Self, Refusal> {
        match (&self.kind, &self.state) {
            (Kind::Read { .. }, State::Submitted { .. } | State::Approved { .. }) => {
                Ok(Self { kind: Kind::Bring, ..self.becomes(State::Submitted { at }) })
            }
            (Kind::Read { .. }, State::SentBack { .. }) => Ok(Self { kind: Kind::Bring, ..self }),
            _ => Err(self.refuse("bring")),
        }
    }
}
