//! Jobs: what each does, its tables, its starts, and what its engine says of it.
//!
//! `told` makes rows of what is known; `list` and `get` answer.

pub mod get;
pub mod list;
pub mod told;
