//! Jobs: is it well, and what does it bring?

pub mod list;
pub mod model;
pub mod page;
mod starts;
