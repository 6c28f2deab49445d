//! Calls of the search: tables while somebody types, anything by its name, a source read anew.

use api::Page;
use api::domain::ids::SourceId;
use api::domain::time::Millis;
use api::paths::{self, fill};
use api::search::{Anything, Found};
use api::tables::TableChange;

use super::asking::Steps;
use super::{Asking, Request, get, pages, send};
use crate::clock;

/// Tables that match what an address says; `steps` pages of them.
pub fn find_tables(what: Vec<(&'static str, String)>, steps: usize) -> Asking<Found> {
    pages(steps, move |after| {
        let mut params: Vec<_> = what.iter().map(|(name, value)| (*name, value.as_str())).collect();
        params.push(("after", after));
        paths::with(paths::TABLES, &params)
    })
}

impl Steps for Found {
    fn append(&mut self, more: Self) {
        self.rows.extend(more.rows);
        self.next = more.next;
    }

    fn settle(&mut self) {
        clock::hear(self.now);
        (self.seq, self.now) = (0, Millis(0));
    }
}

/// Anything by its name.
pub fn find(q: &str) -> Asking<Anything> {
    get(&paths::with(paths::FIND, &[("q", q)]))
}

/// What became of a source's tables, newest first; `steps` pages of it.
pub fn table_changes(source: &SourceId, steps: usize) -> Asking<Page<TableChange>> {
    let path = fill(paths::TABLES_CHANGES, &[source.as_str()]);
    pages(steps, move |after| paths::with(&path, &[("after", after)]))
}

/// Has the catalogue of a source read now.
pub fn read_source(id: &SourceId) -> Asking<()> {
    send(Request::post(&fill(paths::TABLES_READ, &[id.as_str()])), &())
}
