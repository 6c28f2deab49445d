//! How far an item is. A new state breaks every match here and everywhere else.

use serde::{Deserialize, Serialize};

use crate::cause::Cause;
use crate::ids::PersonId;
use crate::proof::Proof;
use crate::time::Millis;

/// How far an item is, with the facts known then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Asked for; waits for a decision.
    Submitted {
        /// Since when.
        at: Millis,
    },
    /// Approved; can be taken back until `starts_at`.
    Approved {
        /// Since when.
        at: Millis,
        /// By whom.
        by: PersonId,
        /// When it is placed.
        starts_at: Millis,
    },
    /// Its job is chosen; waits for the engine.
    Placed {
        /// Since when.
        at: Millis,
        /// Starts tried before.
        tries: u32,
    },
    /// The engine was told.
    Starting {
        /// Since when.
        at: Millis,
        /// Starts tried, this one included.
        tries: u32,
    },
    /// Rows are being copied for the first time.
    Copying {
        /// Since when.
        at: Millis,
        /// Starts tried, this one included.
        tries: u32,
    },
    /// Copied; the lake is being looked at.
    Verifying {
        /// Since when.
        at: Millis,
        /// Starts tried, this one included.
        tries: u32,
    },
    /// Proven there, complete and fresh.
    Ready {
        /// Since when.
        at: Millis,
        /// The newest proof.
        proof: Proof,
    },
    /// There, but older than promised.
    Late {
        /// Since when.
        at: Millis,
        /// The newest proof.
        proof: Proof,
    },
    /// Cannot go on.
    Failed {
        /// Since when.
        at: Millis,
        /// Why.
        cause: Cause,
        /// Starts tried.
        tries: u32,
        /// When it is tried again by itself; `None` when a person must act.
        again_at: Option<Millis>,
    },
    /// Somebody holds it.
    Paused {
        /// Since when.
        at: Millis,
        /// By whom.
        by: PersonId,
        /// Until when; then the one who paused is asked again.
        until: Millis,
    },
    /// Taken out of the lake's daily life.
    Retired {
        /// Since when.
        at: Millis,
        /// By whom.
        by: PersonId,
    },
    /// Left out by the decision.
    Dropped {
        /// Since when.
        at: Millis,
        /// By whom.
        by: PersonId,
    },
    /// Back with the requester.
    SentBack {
        /// Since when.
        at: Millis,
        /// By whom.
        by: PersonId,
    },
    /// Refused.
    Rejected {
        /// Since when.
        at: Millis,
        /// By whom.
        by: PersonId,
    },
    /// Taken away by the requester.
    Withdrawn {
        /// Since when.
        at: Millis,
        /// By whom.
        by: PersonId,
    },
}

impl State {
    /// The state as a word; the `state` column and the wire say the same.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Submitted { .. } => "submitted",
            Self::Approved { .. } => "approved",
            Self::Placed { .. } => "placed",
            Self::Starting { .. } => "starting",
            Self::Copying { .. } => "copying",
            Self::Verifying { .. } => "verifying",
            Self::Ready { .. } => "ready",
            Self::Late { .. } => "late",
            Self::Failed { .. } => "failed",
            Self::Paused { .. } => "paused",
            Self::Retired { .. } => "retired",
            Self::Dropped { .. } => "dropped",
            Self::SentBack { .. } => "sent_back",
            Self::Rejected { .. } => "rejected",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }

    /// Since when it is so.
    pub const fn since(&self) -> Millis {
        match self {
            Self::Submitted { at }
            | Self::Approved { at, .. }
            | Self::Placed { at, .. }
            | Self::Starting { at, .. }
            | Self::Copying { at, .. }
            | Self::Verifying { at, .. }
            | Self::Ready { at, .. }
            | Self::Late { at, .. }
            | Self::Failed { at, .. }
            | Self::Paused { at, .. }
            | Self::Retired { at, .. }
            | Self::Dropped { at, .. }
            | Self::SentBack { at, .. }
            | Self::Rejected { at, .. }
            | Self::Withdrawn { at, .. } => *at,
        }
    }

    /// The person who brought it there, where a person did.
    pub const fn by(&self) -> Option<&PersonId> {
        match self {
            Self::Approved { by, .. }
            | Self::Paused { by, .. }
            | Self::Retired { by, .. }
            | Self::Dropped { by, .. }
            | Self::SentBack { by, .. }
            | Self::Rejected { by, .. }
            | Self::Withdrawn { by, .. } => Some(by),
            Self::Submitted { .. }
            | Self::Placed { .. }
            | Self::Starting { .. }
            | Self::Copying { .. }
            | Self::Verifying { .. }
            | Self::Ready { .. }
            | Self::Late { .. }
            | Self::Failed { .. } => None,
        }
    }

    /// Whether the item still lives: of one (source, table, route) at most one does.
    pub const fn alive(&self) -> bool {
        match self {
            Self::Submitted { .. }
            | Self::Approved { .. }
            | Self::Placed { .. }
            | Self::Starting { .. }
            | Self::Copying { .. }
            | Self::Verifying { .. }
            | Self::Ready { .. }
            | Self::Late { .. }
            | Self::Failed { .. }
            | Self::Paused { .. }
            | Self::SentBack { .. } => true,
            Self::Retired { .. } | Self::Dropped { .. } | Self::Rejected { .. } | Self::Withdrawn { .. } => false,
        }
    }

    /// Whether its job is to bring it now. A failed one is out of its job until it is tried again.
    pub const fn wants_job(&self) -> bool {
        match self {
            Self::Placed { .. }
            | Self::Starting { .. }
            | Self::Copying { .. }
            | Self::Verifying { .. }
            | Self::Ready { .. }
            | Self::Late { .. } => true,
            Self::Failed { .. }
            | Self::Submitted { .. }
            | Self::Approved { .. }
            | Self::Paused { .. }
            | Self::Retired { .. }
            | Self::Dropped { .. }
            | Self::SentBack { .. }
            | Self::Rejected { .. }
            | Self::Withdrawn { .. } => false,
        }
    }

    /// The newest proof, where the table is (or was last) proven.
    pub const fn proof(&self) -> Option<&Proof> {
        match self {
            Self::Ready { proof, .. } | Self::Late { proof, .. } => Some(proof),
            Self::Submitted { .. }
            | Self::Approved { .. }
            | Self::Placed { .. }
            | Self::Starting { .. }
            | Self::Copying { .. }
            | Self::Verifying { .. }
            | Self::Failed { .. }
            | Self::Paused { .. }
            | Self::Retired { .. }
            | Self::Dropped { .. }
            | Self::SentBack { .. }
            | Self::Rejected { .. }
            | Self::Withdrawn { .. } => None,
        }
    }

    pub(super) fn tries(&self) -> u32 {
        match self {
            Self::Placed { tries, .. }
            | Self::Starting { tries, .. }
            | Self::Copying { tries, .. }
            | Self::Verifying { tries, .. }
            | Self::Failed { tries, .. } => *tries,
            Self::Submitted { .. }
            | Self::Approved { .. }
            | Self::Ready { .. }
            | Self::Late { .. }
            | Self::Paused { .. }
            | Self::Retired { .. }
            | Self::Dropped { .. }
            | Self::SentBack { .. }
            | Self::Rejected { .. }
            | Self::Withdrawn { .. } => 0,
        }
    }
}
