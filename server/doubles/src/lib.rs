//! StreamPark and Flink as HTTP servers with memory and faults to switch on.
//!
//! Why it exists: a client is tested against something that speaks the real protocol, and that itself is held to the
//! recordings of the real systems.
//! Invariant: what a double answers was recorded from the real one, or is listed with its reason as not modelled.

pub mod flink;
pub mod streampark;
