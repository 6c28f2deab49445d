//! Requests: one verb a file.

pub mod answer;
pub mod decide;
pub mod get;
pub mod list;
pub mod submit;
