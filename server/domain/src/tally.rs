//! The sum of a request: requested = ready + running + failed + waiting + ended, at every instant.

use json::FromJson;
use serde::{Deserialize, Serialize};

use crate::item::State;

/// The part of the sum an item belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Needs a person.
    Failed,
    /// Being copied, verified, or late.
    Running,
    /// Waits for a decision, a start, a person who paused, or a look.
    Waiting,
    /// Proven.
    Ready,
    /// Dropped, withdrawn, rejected or retired.
    Ended,
}

impl Part {
    /// All parts in the order in which lists show them: what needs a person first.
    pub const ALL: [Self; 5] = [Self::Failed, Self::Running, Self::Waiting, Self::Ready, Self::Ended];

    /// The part of an item. `known` is false when it was not looked at within two rounds.
    pub const fn of(state: &State, known: bool) -> Self {
        match state {
            State::Submitted { .. }
            | State::Approved { .. }
            | State::Placed { .. }
            | State::Starting { .. }
            | State::Paused { .. }
            | State::SentBack { .. } => Self::Waiting,
            State::Copying { .. } | State::Verifying { .. } => Self::Running,
            State::Late { .. } => {
                if known {
                    Self::Running
                } else {
                    Self::Waiting
                }
            }
            State::Ready { .. } => {
                if known {
                    Self::Ready
                } else {
                    Self::Waiting
                }
            }
            State::Failed { .. } => Self::Failed,
            State::Retired { .. } | State::Dropped { .. } | State::Rejected { .. } | State::Withdrawn { .. } => {
                Self::Ended
            }
        }
    }
}

/// The sum of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
pub struct Tally {
    /// Proven.
    pub ready: u64,
    /// Being copied, verified, or late.
    pub running: u64,
    /// Needs a person.
    pub failed: u64,
    /// Waits.
    pub waiting: u64,
    /// Ended.
    pub ended: u64,
}

impl Tally {
    /// Sums up how many items belong to which part; a part may come several times.
    pub fn of(parts: impl IntoIterator<Item = (Part, u64)>) -> Self {
        let mut tally = Self::default();
        for (part, items) in parts {
            match part {
                Part::Ready => tally.ready += items,
                Part::Running => tally.running += items,
                Part::Failed => tally.failed += items,
                Part::Waiting => tally.waiting += items,
                Part::Ended => tally.ended += items,
            }
        }
        tally
    }

    /// How many items belong to a part.
    pub const fn part(&self, part: Part) -> u64 {
        match part {
            Part::Ready => self.ready,
            Part::Running => self.running,
            Part::Failed => self.failed,
            Part::Waiting => self.waiting,
            Part::Ended => self.ended,
        }
    }

    /// All that were requested.
    pub const fn requested(&self) -> u64 {
        self.ready + self.running + self.failed + self.waiting + self.ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cause::{Cause, CauseCode};
    use crate::ids::PersonId;
    use crate::proof::Proof;
    use crate::time::Millis;
    use proptest::prelude::*;

    fn state(kind: u8) -> State {
        let at = Millis(1);
        let by: PersonId = "bo".parse().expect("an id");
        let proof = Proof {
            at,
            snapshot: 1,
            source_columns: 1,
            lake_columns: 1,
            source_rows: 1,
            lake_rows: 1,
            read_at: at,
            committed_at: at,
        };
        match kind {
            0 => State::Submitted { at },
            1 => State::Approved { at, by, starts_at: at },
            2 => State::Placed { at, tries: 0 },
            3 => State::Starting { at, tries: 1 },
            4 => State::Copying { at, tries: 1 },
            5 => State::Verifying { at, tries: 1 },
            6 => State::Ready { at, proof },
            7 => State::Late { at, proof },
            8 => State::Failed { at, cause: Cause::new(CauseCode::Ours), tries: 1, again_at: None },
            9 => State::Paused { at, by, until: at },
            10 => State::Retired { at, by },
            11 => State::Dropped { at, by },
            12 => State::SentBack { at, by },
            13 => State::Rejected { at, by },
            _ => State::Withdrawn { at, by },
        }
    }

    proptest! {
        #[test]
        fn the_sum_is_right_at_every_instant(
            mut kinds in proptest::collection::vec((0u8..15, any::<bool>()), 0..300),
            moves in proptest::collection::vec((any::<prop::sample::Index>(), 0u8..15, any::<bool>()), 0..100),
        ) {
            let sum = |kinds: &[(u8, bool)]| {
                Tally::of(kinds.iter().map(|(kind, known)| (Part::of(&state(*kind), *known), 1)))
            };
            prop_assert_eq!(sum(&kinds).requested(), kinds.len() as u64);
            for (index, kind, known) in moves {
                if kinds.is_empty() { break; }
                let place = index.index(kinds.len());
                kinds[place] = (kind, known);
                let tally = sum(&kinds);
                prop_assert_eq!(tally.requested(), kinds.len() as u64);
                let parts: u64 = Part::ALL.iter().map(|part| tally.part(*part)).sum();
                prop_assert_eq!(parts, tally.requested());
            }
        }
    }

    #[test]
    fn what_was_not_looked_at_is_never_ready() {
        assert_eq!(Part::of(&state(6), false), Part::Waiting);
        assert_eq!(Part::of(&state(7), false), Part::Waiting);
    }
}
