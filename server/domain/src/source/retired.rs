//! A source that is not used any more: nothing new is asked for from it and its catalogue is not read. What was asked
//! for before stays with those who decide, and what is in the lake stays and is kept fresh while the source answers.

use crate::ids::PersonId;
use crate::item::Refusal;
use crate::said::Said;
use crate::time::Millis;

/// Since when a source is retired, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retired {
    /// Since when.
    pub at: Millis,
    /// By whom.
    pub by: PersonId,
}

impl Retired {
    /// Retires a source that is used, or says who was faster.
    pub fn begin(before: Option<Self>, by: &PersonId, at: Millis) -> Result<Self, Refusal> {
        match before {
            None => Ok(Self { at, by: by.clone() }),
            Some(before) => Err(before.refuses("retire")),
        }
    }

    /// What cannot be done with a source that is retired.
    pub fn refuses(self, verb: &'static str) -> Refusal {
        Refusal { verb, state: "retired", by: Some(self.by), at: self.at }
    }

    /// It as a sentence; `who` is the name of who retired it.
    pub fn say(&self, who: &str) -> Said {
        Said::new("source.retired").text("who", who).at("at", self.at)
    }
}

/// What lives of a source: what somebody hears who is about to retire it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Living {
    /// Tables that wait for a decision.
    pub undecided: u64,
    /// Tables that were let in and are not in the lake yet.
    pub coming: u64,
    /// Tables in the lake.
    pub there: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_retires_what_is_retired_hears_who_was_faster() {
        let (ann, bo): (PersonId, PersonId) = ("ann".parse().expect("an id"), "bo".parse().expect("an id"));
        let retired = Retired::begin(None, &ann, Millis(7)).expect("it was used");
        assert_eq!(retired, Retired { at: Millis(7), by: ann.clone() });
        let refusal = Retired::begin(Some(retired), &bo, Millis(9)).expect_err("it is retired");
        assert_eq!((refusal.verb, refusal.state, refusal.by, refusal.at), ("retire", "retired", Some(ann), Millis(7)));
    }
}
