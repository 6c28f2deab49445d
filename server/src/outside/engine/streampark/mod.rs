//! The console of StreamPark 2.1: applications are copied from a template, built, and started through it.
//!
//! Why it exists: where StreamPark is, people look at jobs there, and its rights count. What it answers was recorded (the
//! reference, streampark-api); how Flink itself is doing is asked of Flink ([`super::flink`]).
//! * [`wire`] is its JSON, odd as it is. * [`answer`] is whether it said yes. * [`seen`] is the same in our words. * [`map`] turns one into the other, purely.
//! * [`session`] signs in and carries the token. * [`client`] has the calls, and the rule for each of its traps.
//!
//! Invariant: what it says of a job is a hint, never the truth; nothing here stops a job, since its own way of stopping
//! loses rows (streampark-api §12.3).

mod answer;
pub mod client;
pub mod map;
pub mod seen;
pub mod session;
mod wire;
