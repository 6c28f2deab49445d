//! Limits on guessing: ten tries of a name from an address, then one each half minute; three hundred from an address.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// The limits of this process.
pub struct Guard {
    names: DefaultKeyedRateLimiter<(String, IpAddr)>,
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
}

/// Tries of one name from one address before it must wait.
pub const TRIES: u32 = 10;

impl Default for Guard {
    fn default() -> Self {
        let burst = |tries: u32| NonZeroU32::new(tries).expect("not zero");
        let every = |seconds, tries| {
            Quota::with_period(Duration::from_secs(seconds)).expect("not zero").allow_burst(burst(tries))
        };
        Self {
            names: RateLimiter::keyed(every(30, TRIES)),
            addresses: RateLimiter::keyed(every(2, 300)),
            clock: DefaultClock::default(),
        }
    }
}

impl Guard {
    /// Counts one try; the seconds to wait when there were too many.
    pub fn try_once(&self, name: &str, address: IpAddr) -> Result<(), u64> {
        let wait = |until: governor::NotUntil<_>| until.wait_time_from(self.clock.now()).as_secs() + 1;
        self.addresses.check_key(&address).map_err(wait)?;
        self.names.check_key(&(name.to_owned(), address)).map_err(wait)
    }

    /// Forgets who has waited long enough.
    pub fn tidy(&self) {
        self.names.retain_recent();
        self.addresses.retain_recent();
    }
}
