//! The time of a double: it stands still until a test moves it, or follows the real clock at some speed.
//!
//! Invariant: it never goes back.

use std::time::{Duration, Instant};

/// Milliseconds since 1970.
pub type Millis = u64;

/// When doubles begin that nobody told the time: 2026-11-22T14:31:40Z, the day of the recordings.
pub const MORNING: Millis = 1_795_357_900_000;

/// A time, and whether it goes by itself.
#[derive(Debug, Clone)]
pub struct Clock {
    at: Millis,
    real: Option<(Instant, u32)>,
}

impl Clock {
    /// A clock that only [`Clock::advance`] moves.
    pub const fn standing(at: Millis) -> Self {
        Self { at, real: None }
    }

    /// A clock that goes `speed` times as fast as the real one.
    pub fn running(at: Millis, speed: u32) -> Self {
        Self { at, real: Some((Instant::now(), speed)) }
    }

    /// What time it is.
    pub fn now(&self) -> Millis {
        self.at + self.real.map_or(0, |(since, speed)| millis(since.elapsed() * speed))
    }

    /// Moves it on; one that runs goes on from there.
    pub const fn advance(&mut self, by: Duration) {
        self.at += millis(by);
    }
}

/// A length of time in milliseconds.
pub const fn millis(length: Duration) -> Millis {
    length.as_secs() * 1000 + length.subsec_millis() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standing_clock_moves_when_told_and_only_then() {
        let mut clock = Clock::standing(5);
        assert_eq!(clock.now(), 5);
        clock.advance(Duration::from_millis(1500));
        assert_eq!(clock.now(), 1505);
    }
}
