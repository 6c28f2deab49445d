//! An Apache Paimon warehouse on local disk: reads metadata and rows, writes whole copies.
//!
//! Why it exists: the embedded engine copies tables without Flink, and every screen about the lake reads
//! what any engine left there. This crate alone knows Paimon's folders and the `paimon` crate.
//!
//! The shape of a warehouse: `<root>/<database>.db/<table>/{schema,snapshot,manifest,tag,bucket-*}`.
//! A [`Warehouse`] is that root. Reading works on every table below it, whoever wrote it. Writing works only
//! on tables that carry our owner mark, one writer at a time, and always replaces the whole table:
//!
//! ```text
//! create(table, schema) → begin(table, columns, copy) → write(rows)… → commit() → sweep(table, keep)
//! ```
//!
//! Invariants, each with a test:
//! * a reader sees the copy before or the copy after, never a mixture, never half a copy;
//! * two writers of one table cannot exist in this process (several processes: the caller holds a lease);
//! * a table that another engine owns is never written, altered, swept or removed;
//! * the sweep deletes nothing that a kept snapshot or a tag needs.
//!
//! Without the feature `embedded` only metadata is read ([`Warehouse::facts`]) and the `paimon` crate is not built.

mod error;
mod facts;
mod files;
mod lock;
mod metadata;
mod owner;
mod tag;
mod types;
mod warehouse;

#[cfg(feature = "embedded")]
mod arrow;
#[cfg(feature = "embedded")]
mod cell;
#[cfg(feature = "embedded")]
mod copy;
#[cfg(feature = "embedded")]
mod create;
#[cfg(feature = "embedded")]
mod fit;
#[cfg(feature = "embedded")]
mod fold;
#[cfg(feature = "embedded")]
mod mend;
#[cfg(feature = "embedded")]
mod open;
#[cfg(feature = "embedded")]
mod reach;
#[cfg(feature = "embedded")]
mod read;
#[cfg(feature = "embedded")]
mod schema;
#[cfg(feature = "embedded")]
mod sweep;

pub use error::LakeError;
pub use facts::{ColumnFacts, SnapshotFacts, TableFacts, TagFacts};
pub use owner::{OWNER, OWNER_OPTION};
pub use warehouse::{LIMIT_BYTES, Warehouse, check_size};

#[cfg(feature = "embedded")]
pub use copy::{Committed, Copy, commit_user};
#[cfg(feature = "embedded")]
pub use read::Preview;
#[cfg(feature = "embedded")]
pub use schema::{Created, LakeColumn, LakeSchema};
#[cfg(feature = "embedded")]
pub use sweep::Swept;
