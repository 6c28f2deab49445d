//! The nouns, states and rules of Lakegate.
//!
//! Why it exists: everything that decides lives here, once, for server and page alike.
//! Invariant: no async, no I/O, no clock, no randomness, no logging; times and ids are arguments.

pub mod args;
pub mod brake;
pub mod cause;
pub mod chain;
pub mod change;
pub mod check;
pub mod column;
pub mod deadline;
pub mod difference;
pub mod doing;
pub mod draft;
pub mod engine;
pub mod ids;
pub mod item;
pub mod job;
pub mod name;
pub mod paste;
pub mod person;
pub mod personal;
pub mod proof;
pub mod request;
pub mod rights;
pub mod route;
pub mod run;
pub mod said;
pub mod search;
pub mod source;
pub mod tally;
pub mod tier;
pub mod time;
pub mod types;
pub mod value;
