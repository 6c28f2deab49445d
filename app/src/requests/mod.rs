//! Requests: how many of mine are ready, when the rest, who must act?

pub mod acts;
mod announce;
mod asked;
pub mod changed;
pub mod items;
pub mod list;
pub mod model;
pub mod new;
pub mod page;
mod problems;
mod queries;
mod resubmit;
pub mod row;
pub mod tending;
mod timeline;
