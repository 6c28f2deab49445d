//! Decisions: which first, and then yes or no, in 15 seconds.

pub mod card;
mod decide;
mod facts;
pub mod inbox;
mod looking;
mod model;
mod picking;
mod tables;
