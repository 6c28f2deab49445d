//! The engine `flink` against the double of a cluster, with a real database at its source.

mod cluster;
mod drifts;
mod faults;
mod journey;
mod killed;

pub use cluster::TABLES;
