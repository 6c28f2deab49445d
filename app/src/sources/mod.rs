//! Sources: will it work, and what must somebody do? And the brake that keeps all from starting.

pub mod brake;
pub mod list;
