//! What time it is: the server's, not the laptop's.
//!
//! Invariant: each answer of the server sets the clock; ages and waits count by it.

use std::cell::Cell;
use std::time::Duration;

use crate::react::RwSignal;
use api::domain::time::Millis;
use leptos::prelude::*;

thread_local! {
    /// How far the server's clock is ahead of the browser's, in milliseconds.
    static AHEAD: Cell<i64> = const { Cell::new(0) };
}

/// An answer said what time it is at the server.
pub fn hear(now: Millis) {
    AHEAD.set(now.0 - browser_now());
}

/// The server's time now.
pub fn now() -> Millis {
    Millis(browser_now() + AHEAD.get())
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit into an i64 for a long time")]
fn browser_now() -> i64 {
    js_sys::Date::now() as i64
}

/// A tick each second, for ages and waits.
#[derive(Clone, Copy)]
pub struct Clock(RwSignal<Millis>);

impl Clock {
    /// Starts to tick; stops with the owner it was started in.
    pub fn start() -> Self {
        let clock = Self(RwSignal::new(now()));
        let tick = move || {
            if !document().hidden() {
                clock.0.set(now());
            }
        };
        if let Ok(interval) = set_interval_with_handle(tick, Duration::from_secs(1)) {
            on_cleanup(move || interval.clear());
        }
        clock
    }

    /// The time now; what reads it is rendered anew each second.
    pub fn now(self) -> Millis {
        self.0.get()
    }
}

/// The ticking clock, from the context that `App` provides.
pub fn clock() -> Clock {
    expect_context()
}
