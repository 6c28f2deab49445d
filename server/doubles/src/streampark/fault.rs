//! What can be made to go wrong, per path and count.
//!
//! Invariant: a fault that was not switched on never happens, and one that was is used up by the calls it touches.

use std::time::Duration;

/// One thing that goes wrong with a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The line breaks before anything was done.
    LostBefore,
    /// All was done, then the line breaks before a byte of the answer.
    LostAfter,
    /// HTTP 500 and nothing done.
    Error,
    /// All was done, and the answer is HTTP 500.
    ErrorAfter,
    /// The call takes so much longer (by the machine's clock).
    Slow(Duration),
    /// HTTP 401, as if the token had died in the middle.
    Unauthorised,
    /// The page of a proxy in front of the console, with this status.
    Html(u16),
    /// The rows of an answer show the state before the newest one.
    Older,
    /// The act waits between its check and its effect until so many calls have made the check: for `copy` and `start`,
    /// which are not atomic (160 162).
    Together(usize),
    /// `build` succeeds, and the jar is empty (251).
    EmptyJar,
    /// `build` is accepted and never begins.
    BuildPending,
    /// `build` begins and never ends.
    BuildRunning,
    /// `build` fails for this reason (255).
    BuildFails(String),
    /// `start` is accepted and nothing follows.
    NeverRuns,
    /// `start` submits the job two times.
    Twice,
}

/// How long a fault stays.
#[derive(Debug, Clone, Copy)]
enum Stay {
    Times(usize),
    Until(i64),
}

/// The faults that are switched on.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<(String, Fault, Stay)>);

impl Faults {
    pub(super) fn times(&mut self, path: &str, fault: Fault, times: usize) {
        self.0.push((path.to_owned(), fault, Stay::Times(times)));
    }

    pub(super) fn until(&mut self, path: &str, fault: Fault, moment: i64) {
        self.0.push((path.to_owned(), fault, Stay::Until(moment)));
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The first fault of a path that fits, used up by one.
    pub(super) fn take(&mut self, now: i64, path: &str, fits: impl Fn(&Fault) -> bool) -> Option<Fault> {
        self.0.retain(|(_, _, stay)| match stay {
            Stay::Times(left) => *left > 0,
            Stay::Until(moment) => now < *moment,
        });
        let (_, fault, stay) = self.0.iter_mut().find(|(of, fault, _)| of == path && fits(fault))?;
        if let Stay::Times(left) = stay {
            *left -= 1;
        }
        Some(fault.clone())
    }
}

impl Fault {
    /// Whether it is of the line or the server as a whole, whatever the call does.
    pub(super) const fn of_the_line(&self) -> bool {
        matches!(
            self,
            Self::LostBefore
                | Self::LostAfter
                | Self::Error
                | Self::ErrorAfter
                | Self::Slow(_)
                | Self::Unauthorised
                | Self::Html(_)
        )
    }
}
