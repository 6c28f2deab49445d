//! The crate from outside, on real folders: copies, retention, damage, and an independent reader.

mod copies;
mod create;
mod damage;
mod harness;
mod reader;
mod sweep;
mod values;
