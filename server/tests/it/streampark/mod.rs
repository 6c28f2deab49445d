//! The engine `streampark` against the doubles of a console and of the cluster behind it, with a real database at its source.

mod console;
mod faults;
mod journey;
mod traps;
