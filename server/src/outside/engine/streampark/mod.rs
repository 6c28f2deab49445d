//! The console of StreamPark 2.1: applications are copied from a template, built, and started through it.
//!
//! Why it exists: where StreamPark is, people look at jobs there, and its rights count. What it answers was recorded (the
//! reference, streampark-api); how Flink itself is doing is asked of Flink ([`super::flink`]).
//! * [`wire`] is its JSON, odd as it is. * [`answer`] is whether it said yes. * [`seen`] is the same in our words. * [`map`] turns one into the other, purely.
//! * [`session`] signs in and carries the token. * [`client`] has the calls, and the rule for each of its traps.
//! * `engine` is the engine over it: `row` makes the application of a job, `start` moves a job to what is wanted, `arrive`
//!   finds what became of a start; `logins` knows the password.
//!
//! Invariant: what it says of a job is a hint, never the truth; nothing here stops a job, since its own way of stopping
//! loses rows (streampark-api §12.3).

mod answer;
mod arrive;
pub mod client;
mod engine;
mod logins;
pub mod map;
mod row;
pub mod seen;
pub mod session;
mod start;
mod wire;

pub use self::engine::StreamparkEngine;
pub use self::logins::{Logins, LoginsAway};
