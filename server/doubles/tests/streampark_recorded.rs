//! The double of StreamPark's console against what was recorded of the real one.
//!
//! * `exchanges`: every recorded request, sent again in the state it was recorded in.
//! * `timelines`: every recorded course of states.
//! * `traps`: each trap of the real console (streampark-api §0.1), sprung.
//! * `habits`: what else is odd about it. `faults`: what can be switched on. `on_flink`: the console before the
//!   double of Flink.
//!
//! Invariant: a recording is replayed or listed with its reason; one that is neither fails the test.

#[path = "streampark/compare.rs"]
mod compare;
#[path = "streampark/exchanges.rs"]
mod exchanges;
#[path = "streampark/faults.rs"]
mod faults;
#[path = "streampark/habits.rs"]
mod habits;
#[path = "streampark/on_flink.rs"]
mod on_flink;
#[path = "streampark/recording.rs"]
mod recording;
#[path = "streampark/stage.rs"]
mod stage;
#[path = "streampark/timelines.rs"]
mod timelines;
#[path = "streampark/traps.rs"]
mod traps;
