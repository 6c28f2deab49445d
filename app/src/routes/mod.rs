//! Routes: where tables go, and will it work?

pub mod form;
pub mod list;
mod model;
