//! The console's clock, and how the console writes times.
//!
//! Invariant: a still clock moves only when a test moves it; the real one is for the program a person runs by hand.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

/// What time it is, in milliseconds since 1970.
#[derive(Debug)]
pub(super) struct Clock {
    from: AtomicI64,
    real: Option<Instant>,
}

impl Clock {
    /// A clock that a test moves, standing at this moment.
    pub(super) const fn still(at: i64) -> Self {
        Self { from: AtomicI64::new(at), real: None }
    }

    /// The clock of this machine.
    pub(super) fn real() -> Self {
        let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        Self { from: AtomicI64::new(millis(now)), real: Some(Instant::now()) }
    }

    pub(super) fn now(&self) -> i64 {
        self.from.load(Ordering::SeqCst) + self.real.map_or(0, |since| millis(since.elapsed()))
    }

    pub(super) const fn is_real(&self) -> bool {
        self.real.is_some()
    }

    /// To a moment, never back.
    pub(super) fn move_to(&self, moment: i64) {
        self.from.fetch_max(moment, Ordering::SeqCst);
    }
}

/// A length of time in milliseconds.
pub(super) fn millis(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}

/// As the API writes times: always GMT+8, without saying so (streampark-api §2).
pub(super) fn china(moment: i64) -> String {
    written(moment + 8 * 60 * 60 * 1000)
}

/// As sign-in writes `expire`: in the zone of the server, which is UTC here (303).
pub(super) fn server(moment: i64) -> String {
    written(moment)
}

fn written(moment: i64) -> String {
    chrono::DateTime::from_timestamp_millis(moment)
        .map_or_else(String::new, |time| time.format("%Y-%m-%d %H:%M:%S").to_string())
}

/// When clocks begin that nobody told the time.
pub(super) fn morning() -> i64 {
    i64::try_from(crate::clock::MORNING).unwrap_or_default()
}
