//! Lakegate: ask for tables and get them, proven, in the lake. This page is the map.
//!
//! Five rooms over two pure crates. `domain` decides, without I/O, clock or chance; `api` is what travels.
//!
//! * [`http`] speaks to people: one transaction a call, rights asked of `domain`, errors as problem documents.
//! * [`store`] remembers: SQLite or PostgreSQL by one SQL; the one log, numbered and chained.
//! * [`outside`] speaks to systems we do not own: sources, engines, the lake.
//! * [`search`] finds tables in memory; it follows the store and could be thrown away at any time.
//! * [`work`] acts unasked: tasks, the saga of provisioning, the reconcilers that follow the world.
//!
//! An approval walks through all of them: [`http::requests::decide`] writes the items and a task in one transaction →
//! [`work::provision`] chooses the job and tells the engine → [`work::reconcile`] follows what the engine shows →
//! [`work::look`] proves it in the lake → every step is a line of [`store::changes`], which [`http::events`] streams.

pub mod boot;
pub mod config;
pub mod console;
pub mod crash;
pub mod demo;
pub mod http;
pub mod outside;
pub mod search;
pub mod state;
pub mod store;
pub mod vault;
pub mod work;

pub use http::router;
