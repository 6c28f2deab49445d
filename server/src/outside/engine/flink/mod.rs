//! Flink's own REST (Flink 1.20): jobs are run, watched and stopped without anything in between.
//!
//! Why it exists: Flink knows a job best, whoever started it. What it answers was recorded (the reference, real-stack).
//! * [`wire`] is its JSON, odd as it is. * [`seen`] is the same in our words. * [`map`] turns one into the other, purely.
//! * [`sentence`] finds the one sentence in a stack trace. * [`settings`] are what the cluster must be set to.
//! * [`jar`] is what makes it run Paimon's program.
//! * [`client`] is the only one that calls. * [`cluster`] is one look at a cluster for all who watch.
//! * `engine` is the engine over it: `order` makes a job's arguments, `start` moves a job to what is wanted, `look` says what is
//!   seen of its tables; [`runs`] is what must not be forgotten.
//!
//! Invariant: nothing here decides what should run; what is not known is said to be not known, never guessed.

pub mod client;
pub mod cluster;
pub(super) mod engine;
pub mod jar;
mod look;
pub mod map;
mod order;
pub mod runs;
pub mod seen;
pub mod sentence;
pub mod settings;
pub(super) mod start;
mod wire;

pub use self::engine::{FlinkEngine, Tools};
