//! A circuit breaker: a system that fails again and again is left alone for a while, then tried with one call.
//!
//! Why it exists: a system that is away makes each call wait for its whole time limit, and thousands of calls waiting for it
//! keep it away (LIBRARIES: nothing kept fits). One for each system outside.
//! * **closed**: every call goes. So many failures in a row open it.
//! * **open**: no call goes until the pause is over. Each pause is twice the last one, up to a limit.
//! * **probing**: one call goes and decides; should its outcome never be told, another may go after a while.
//!
//! A failure is a call that got no answer or a "busy"; a no with a reason is an answer. Only the outcomes of calls that went
//! in the present state count: a call that was slow on its way cannot close what was opened since, nor open it.
//! Invariants: pure, with time and chance as arguments; while open nothing goes; while probing one goes at a time.

use domain::time::{MINUTE, Millis, SECOND};

/// So many failures in a row open it.
const FAILURES: u32 = 5;

/// The first pause.
const FIRST_PAUSE: i64 = SECOND;

/// The longest pause.
const LONGEST_PAUSE: i64 = MINUTE;

/// After so long a probe whose outcome was never told is given up; longer than any call may take.
const PROBE_GIVEN_UP: i64 = 2 * MINUTE;

/// Leave to make one call; says its outcome with [`Breaker::succeeded`] or [`Breaker::failed`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leave {
    era: u64,
}

/// A circuit breaker.
#[derive(Debug, Clone, Default)]
pub struct Breaker {
    state: State,
    /// Counts changes of the state, to know which calls belong to it.
    era: u64,
    /// How many pauses there were since it last worked.
    pauses: u32,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Closed { failures: u32 },
    Open { until: Millis },
    Probing { since: Millis },
}

impl Default for State {
    fn default() -> Self {
        Self::Closed { failures: 0 }
    }
}

impl Breaker {
    /// Leave for one call, or when to ask again.
    pub fn ask(&mut self, now: Millis) -> Result<Leave, Millis> {
        let until = match self.state {
            State::Closed { .. } => return Ok(Leave { era: self.era }),
            State::Open { until } => until,
            State::Probing { since } => since.plus(PROBE_GIVEN_UP),
        };
        if now < until {
            return Err(until);
        }
        self.turn(State::Probing { since: now });
        Ok(Leave { era: self.era })
    }

    /// The call got an answer, be it a no with a reason.
    pub fn succeeded(&mut self, leave: Leave) {
        if leave.era != self.era {
            return;
        }
        match self.state {
            State::Closed { .. } => self.state = State::default(),
            State::Open { .. } | State::Probing { .. } => {
                self.pauses = 0;
                self.turn(State::default());
            }
        }
    }

    /// The call got none. `chance` is of 0 to 1000, spread evenly: it shortens the pause by up to a half, so that many
    /// processes do not probe at once.
    pub fn failed(&mut self, leave: Leave, now: Millis, chance: u16) {
        if leave.era != self.era {
            return;
        }
        match self.state {
            State::Closed { failures } if failures + 1 < FAILURES => {
                self.state = State::Closed { failures: failures + 1 };
            }
            State::Closed { .. } | State::Open { .. } | State::Probing { .. } => {
                let pause = pause(self.pauses, chance);
                self.pauses = self.pauses.saturating_add(1);
                self.turn(State::Open { until: now.plus(pause) });
            }
        }
    }

    /// Whether calls go as ever.
    pub const fn is_closed(&self) -> bool {
        matches!(self.state, State::Closed { .. })
    }

    fn turn(&mut self, state: State) {
        self.state = state;
        self.era += 1;
    }
}

/// The pause after so many others.
fn pause(pauses: u32, chance: u16) -> i64 {
    let whole = FIRST_PAUSE.saturating_mul(1_i64.checked_shl(pauses.min(30)).unwrap_or(i64::MAX)).min(LONGEST_PAUSE);
    whole - whole / 2 * i64::from(chance.min(1_000)) / 1_000
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Millis = Millis(1_000_000);

    fn fail(breaker: &mut Breaker, now: Millis) {
        let leave = breaker.ask(now).expect("leave");
        breaker.failed(leave, now, 0);
    }

    fn open() -> Breaker {
        let mut breaker = Breaker::default();
        (0..FAILURES).for_each(|_| fail(&mut breaker, START));
        breaker
    }

    #[test]
    fn failures_in_a_row_open_it_and_others_do_not() {
        let mut breaker = Breaker::default();
        for _ in 0..3 {
            (1..FAILURES).for_each(|_| fail(&mut breaker, START));
            let leave = breaker.ask(START).expect("still closed");
            breaker.succeeded(leave);
        }
        assert!(breaker.is_closed());
        let mut breaker = open();
        assert!(!breaker.is_closed());
        assert_eq!(breaker.ask(START), Err(START.plus(FIRST_PAUSE)));
        assert_eq!(breaker.ask(START.plus(FIRST_PAUSE - 1)), Err(START.plus(FIRST_PAUSE)));
    }

    #[test]
    fn after_the_pause_one_call_goes_and_decides() {
        let mut breaker = open();
        let later = START.plus(FIRST_PAUSE);
        let probe = breaker.ask(later).expect("a probe");
        assert_eq!(breaker.ask(later), Err(later.plus(PROBE_GIVEN_UP)), "one at a time");
        breaker.succeeded(probe);
        assert!(breaker.is_closed());
        assert!(breaker.ask(later).is_ok() && breaker.ask(later).is_ok());
    }

    #[test]
    fn pauses_double_up_to_a_limit_and_begin_anew_once_it_worked() {
        let mut breaker = open();
        let (mut now, mut pauses) = (START, Vec::new());
        for _ in 0..8 {
            let until = breaker.ask(now).expect_err("open");
            pauses.push(until.since(now) / SECOND);
            now = until;
            fail(&mut breaker, now);
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60]);
        let until = breaker.ask(now).expect_err("open");
        let probe = breaker.ask(until).expect("a probe");
        breaker.succeeded(probe);
        (0..FAILURES).for_each(|_| fail(&mut breaker, until));
        assert_eq!(breaker.ask(until), Err(until.plus(FIRST_PAUSE)));
    }

    #[test]
    fn chance_shortens_a_pause_by_up_to_a_half() {
        assert_eq!((pause(2, 0), pause(2, 500), pause(2, 1_000), pause(2, 9_999)), (4_000, 3_000, 2_000, 2_000));
        assert_eq!(pause(u32::MAX, 0), LONGEST_PAUSE);
    }

    #[test]
    fn a_call_that_was_slow_on_its_way_changes_nothing() {
        let mut breaker = Breaker::default();
        let (slow, slower) = (breaker.ask(START).expect("leave"), breaker.ask(START).expect("leave"));
        (0..FAILURES).for_each(|_| fail(&mut breaker, START));
        breaker.succeeded(slow);
        assert!(!breaker.is_closed(), "its success is from before");
        let later = START.plus(FIRST_PAUSE);
        let probe = breaker.ask(later).expect("a probe");
        breaker.failed(slower, later, 0);
        breaker.succeeded(probe);
        assert!(breaker.is_closed());
        breaker.failed(slower, later, 0);
        (1..FAILURES).for_each(|_| fail(&mut breaker, later));
        assert!(breaker.is_closed(), "the slow one did not count");
    }

    #[test]
    fn a_probe_that_never_told_gives_way_to_another() {
        let mut breaker = open();
        let later = START.plus(FIRST_PAUSE);
        let lost = breaker.ask(later).expect("a probe");
        let next = breaker.ask(later.plus(PROBE_GIVEN_UP)).expect("another");
        breaker.failed(lost, later.plus(PROBE_GIVEN_UP), 0);
        breaker.succeeded(next);
        assert!(breaker.is_closed());
    }
}
