//! The operators' brake: no new starts, of one source or of all. What has started goes on.

use crate::ids::{PersonId, SourceId};
use crate::said::Said;
use crate::time::Millis;

/// The most characters of a reason.
pub const REASON_MAX: usize = 300;

/// No new starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brake {
    /// Of which source; of all when there is none.
    pub source: Option<SourceId>,
    /// Who pulled it.
    pub by: PersonId,
    /// Since when.
    pub since: Millis,
    /// Until when; until somebody lifts it when there is none.
    pub until: Option<Millis>,
    /// Why, as people read it.
    pub reason: String,
}

impl Brake {
    /// Whether it still holds: at its end it is over by itself.
    pub fn holds(&self, now: Millis) -> bool {
        self.until.is_none_or(|until| now < until)
    }

    /// What those who wait are told; `who` is the name of who pulled it.
    pub fn say(&self, who: &str) -> Said {
        let said = |key: &str| Said::new(key).at("since", self.since).text("who", who).text("reason", &self.reason);
        match self.until {
            Some(until) => said("now.braked").at("until", until),
            None => said("now.braked_open"),
        }
    }
}

/// The brake that keeps tables of a source from starting: of several the one that lasts longest.
pub fn brake_of<'b>(brakes: &'b [Brake], source: &SourceId, now: Millis) -> Option<&'b Brake> {
    let stops = |brake: &&Brake| brake.holds(now) && brake.source.as_ref().is_none_or(|of| of == source);
    brakes.iter().filter(stops).max_by_key(|brake| brake.until.map_or(i64::MAX, |until| until.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brake(source: Option<&str>, until: Option<i64>) -> Brake {
        Brake {
            source: source.map(|source| source.parse().expect("an id")),
            by: "ops".parse().expect("an id"),
            since: Millis(1),
            until: until.map(Millis),
            reason: "The disk is full.".into(),
        }
    }

    #[test]
    fn a_brake_stops_its_source_until_its_end_and_one_for_all_stops_every_source() {
        let (lease, other) = ("lease".parse().expect("an id"), "other".parse().expect("an id"));
        let brakes = [brake(Some("lease"), Some(10))];
        assert!(brake_of(&brakes, &lease, Millis(9)).is_some());
        assert!(brake_of(&brakes, &lease, Millis(10)).is_none(), "over by itself");
        assert!(brake_of(&brakes, &other, Millis(9)).is_none());
        assert!(brake_of(&[brake(None, None)], &other, Millis(i64::MAX)).is_some());
    }

    #[test]
    fn of_several_the_one_that_lasts_longest_is_named() {
        let lease = "lease".parse().expect("an id");
        let brakes = [brake(Some("lease"), None), brake(None, Some(10)), brake(Some("other"), None)];
        assert_eq!(brake_of(&brakes, &lease, Millis(2)), Some(&brakes[0]));
        assert_eq!(
            brake_of(&brakes, &lease, Millis(2)).map(|brake| brake.say("Ops").key),
            Some("now.braked_open".into())
        );
        assert_eq!(brakes[1].say("Ops").key, "now.braked");
    }
}
