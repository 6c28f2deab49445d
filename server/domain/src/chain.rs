//! The chain of a decision: steps, each with those who decide it. A mixed request has a step for each of its sources.
//!
//! Invariant: agrees with [`crate::rights::may`], which alone lets somebody decide; here stands whom a step waits for.

use crate::ids::{PersonId, SourceId};

/// Who decides a step. Rules and other systems will be further kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decider {
    /// People decide it here.
    Inside {
        /// Who can.
        people: Vec<PersonId>,
        /// Whether they are operators who stand in because no owner can.
        stand_in: bool,
    },
}

/// One step: the items of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The source.
    pub source: SourceId,
    /// Who decides.
    pub decider: Decider,
}

impl Step {
    /// The step of a source: its owners without the requester; where none is left, the operators without the requester.
    pub fn of<'p>(
        source: &SourceId,
        requester: &PersonId,
        owners: impl IntoIterator<Item = &'p PersonId>,
        operators: impl IntoIterator<Item = &'p PersonId>,
    ) -> Self {
        let others = |person: &&PersonId| *person != requester;
        let owners: Vec<_> = owners.into_iter().filter(others).cloned().collect();
        let decider = if owners.is_empty() {
            let operators = operators.into_iter().filter(others).cloned().collect();
            Decider::Inside { people: operators, stand_in: true }
        } else {
            Decider::Inside { people: owners, stand_in: false }
        };
        Self { source: source.clone(), decider }
    }

    /// Who can decide it.
    pub fn people(&self) -> &[PersonId] {
        match &self.decider {
            Decider::Inside { people, .. } => people,
        }
    }

    /// Whether operators stand in because no owner can.
    pub fn stands_in(&self) -> bool {
        match self.decider {
            Decider::Inside { stand_in, .. } => stand_in,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::Viewer;
    use crate::rights::{Thing, Verb, may};
    use std::collections::BTreeSet;

    fn person(id: &str) -> PersonId {
        id.parse().expect("an id")
    }

    #[test]
    fn a_step_waits_for_exactly_those_whom_the_rights_let_decide() {
        let source: SourceId = "s1".parse().expect("an id");
        let (ana, bo, cy, ops) = (person("ana"), person("bo"), person("cy"), person("ops"));
        for owners in [vec![], vec![&bo], vec![&ana], vec![&ana, &bo], vec![&bo, &cy]] {
            let step = Step::of(&source, &ana, owners.clone(), [&ops, &ana]);
            let sources = BTreeSet::from([source.clone()]);
            let thing =
                Thing::Request { requester: &ana, team: None, sources: &sources, has_decider: !step.stands_in() };
            for who in [&ana, &bo, &cy, &ops] {
                let owns = if owners.contains(&who) { sources.clone() } else { BTreeSet::new() };
                let operator = [&ops, &ana].contains(&who);
                let viewer = Viewer { person: who.clone(), team: None, operator, owns };
                assert_eq!(may(&viewer, Verb::Decide, thing), step.people().contains(who), "{who} of {owners:?}");
            }
        }
    }
}
