//! What an item is for: bringing a table into the lake, or reading one that somebody brings already.

use crate::ids::ItemId;

/// What an item is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// It brings its table into the lake.
    Bring,
    /// It lets its requester read what another item brings: nothing is copied again.
    Read {
        /// The item that brings the table.
        of: ItemId,
    },
}

impl Kind {
    /// The word of the `kind` column.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Bring => "bring",
            Self::Read { .. } => "read",
        }
    }

    /// The item that brings what this one reads.
    pub const fn reads(&self) -> Option<&ItemId> {
        match self {
            Self::Bring => None,
            Self::Read { of } => Some(of),
        }
    }
}
