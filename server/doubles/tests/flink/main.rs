//! The double of Flink: what it does, and that it answers as the recordings of the real one.

mod calls;
mod client;
mod recorded;
mod shape;
mod stage;
mod troubles;
