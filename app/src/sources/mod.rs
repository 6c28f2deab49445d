//! Sources: will it work, and what must somebody do? And the brake that keeps all from starting.

pub mod brake;
mod changes;
mod form;
pub mod list;
mod model;
pub mod page;
