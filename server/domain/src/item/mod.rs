//! The item: one table of a request, the unit of everything that follows. It brings its table, or reads what another
//! item brings.
//!
//! `submitted → approved → placed → starting → copying → verifying → ready`, and from there `late`, `failed`,
//! `paused`, `retired`; before: `sent back`, `rejected`, `dropped`, `withdrawn`.

mod bring;
mod decide;
mod kind;
mod read;
mod state;
mod tend;
#[cfg(test)]
mod tests;

pub use kind::Kind;
pub use state::State;

use crate::cause::Cause;
use crate::ids::{ItemId, JobId, PersonId, RequestId, RouteId, SourceId};
use crate::name::TableName;
use crate::proof::Landed;
use crate::tier::Tier;
use crate::time::Millis;

/// How often a start is tried by itself before a person must act.
pub const TRIES: u32 = 3;

/// One table of a request on its way into the lake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The id.
    pub id: ItemId,
    /// What it is for.
    pub kind: Kind,
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

/// Transitions stand by who does them: `decide`, `bring`, `read`, `tend`. Each names the states it may leave and refuses all
/// others: refusing is the right default for a state that comes later, and a table test walks every verb over every
/// state.
impl Item {
    fn refuse(&self, verb: &'static str) -> Refusal {
        Refusal { verb, state: self.state.word(), by: self.state.by().cloned(), at: self.state.since() }
    }

    /// What only an item may that brings its table.
    fn only_bringing(&self, verb: &'static str) -> Result<(), Refusal> {
        match self.kind {
            Kind::Bring => Ok(()),
            Kind::Read { .. } => Err(self.refuse(verb)),
        }
    }

    fn becomes(self, state: State) -> Self {
        Self { state, ..self }
    }
}
