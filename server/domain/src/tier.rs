//! Freshness tiers: what is promised, and when the promise breaks.

use json::FromJson;
use serde::{Deserialize, Serialize};

use crate::time::{DAY, HOUR, MINUTE, Millis};

/// A freshness tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Every change within 10 minutes.
    Minutes,
    /// All of yesterday, by 07:00.
    Daily,
}

/// The promise of the minutes tier: no older than this.
pub const MINUTES_PROMISE: i64 = 10 * MINUTE;
/// How often the embedded engine copies a table of the minutes tier anew.
pub const MINUTES_EVERY: i64 = 4 * MINUTE;
/// The hour of the day by which the daily tier holds all of yesterday.
pub const DAILY_BY: i64 = 7 * HOUR;
/// The hour of the night at which the embedded engine copies the daily tier.
pub const DAILY_AT: i64 = 2 * HOUR;

impl Tier {
    /// The tier as a word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Minutes => "minutes",
            Self::Daily => "daily",
        }
    }

    /// The tier by its word.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "minutes" => Some(Self::Minutes),
            "daily" => Some(Self::Daily),
            _ => None,
        }
    }

    /// When data that was read at `read_at` breaks the promise, if nothing newer comes.
    ///
    /// `zone` is the promise's zone as milliseconds east of UTC at that time.
    pub fn late_at(self, read_at: Millis, zone: i64) -> Millis {
        match self {
            Self::Minutes => read_at.plus(MINUTES_PROMISE),
            Self::Daily => next_midnight(read_at, zone).plus(DAILY_BY),
        }
    }

    /// When the embedded engine reads the table anew after a read at `read_at`.
    pub fn next_copy(self, read_at: Millis, zone: i64) -> Millis {
        match self {
            Self::Minutes => read_at.plus(MINUTES_EVERY),
            Self::Daily => next_midnight(read_at, zone).plus(DAILY_AT),
        }
    }
}

/// The first midnight of the zone after a moment.
fn next_midnight(at: Millis, zone: i64) -> Millis {
    let local = at.0 + zone;
    Millis((local.div_euclid(DAY) + 1) * DAY - zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-18 in Shanghai, at the hour given.
    fn shanghai(hour: i64) -> Millis {
        Millis(1_794_960_000_000 - 8 * HOUR + hour * HOUR)
    }

    #[test]
    fn the_daily_promise_breaks_at_seven_of_the_next_morning() {
        assert_eq!(Tier::Daily.late_at(shanghai(2), 8 * HOUR), shanghai(24 + 7));
        assert_eq!(Tier::Daily.late_at(shanghai(23), 8 * HOUR), shanghai(24 + 7));
        assert_eq!(Tier::Daily.late_at(shanghai(24), 8 * HOUR), shanghai(48 + 7));
    }

    #[test]
    fn each_tier_reads_anew_before_its_promise_breaks() {
        for tier in [Tier::Minutes, Tier::Daily] {
            for hour in 0..48 {
                let read = shanghai(hour);
                assert!(tier.next_copy(read, 8 * HOUR) > read);
                assert!(tier.next_copy(read, 8 * HOUR) < tier.late_at(read, 8 * HOUR));
            }
        }
    }

    #[test]
    fn words_come_back() {
        for tier in [Tier::Minutes, Tier::Daily] {
            assert_eq!(Tier::from_word(tier.word()), Some(tier));
        }
        assert_eq!(Tier::from_word("hourly"), None);
    }
}
