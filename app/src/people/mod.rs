//! People and teams: who may sign in, who operates, who owns what.

pub mod form;
pub mod list;
mod model;
