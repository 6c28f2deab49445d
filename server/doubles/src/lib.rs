//! StreamPark and Flink as HTTP servers with memory and faults to switch on.
//!
//! Why it exists: a client is tested against something that speaks the real protocol, and that itself is held to the
//! recordings of the real systems.
//! * `clock`, `faults`, `serve` are what both doubles need: a time that tests move, faults per call, a server that can vanish.
//! * `flink`, `streampark` are the doubles.
//!
//! Invariant: what a double answers was recorded from the real one, or is listed with its reason as not modelled.

pub mod clock;
pub mod faults;
pub mod flink;
pub mod serve;
pub mod streampark;
