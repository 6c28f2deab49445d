//! Calls of the search: tables while somebody types, anything by its name, a source read anew.

use api::Page;
use api::domain::ids::SourceId;
use api::domain::time::Millis;
use api::paths::{self, fill};
use api::search::{Anything, Found};
use api::tables::TableChange;

use super::{Abort, Asking, Request, get, pages, read, send};
use crate::clock;

/// Tables that match what an address says; `steps` pages of them.
pub fn find_tables(what: Vec<(&'static str, String)>, steps: usize) -> Asking<Found> {
    let abort = Abort::on_cleanup();
    Box::pin(async move {
        let step = |after: &str| {
            let mut params: Vec<_> = what.iter().map(|(name, value)| (*name, value.as_str())).collect();
            params.push(("after", after));
            read::<Found>(abort.to(Request::get(&paths::with(paths::TABLES, &params))))
        };
        let mut found = step("").await?;
        for _ in 1..steps {
            let Some(after) = found.next.take() else { break };
            let more = step(&after).await?;
            found.rows.extend(more.rows);
            found.next = more.next;
        }
        clock::hear(found.now);
        Ok(Found { seq: 0, now: Millis(0), ..found })
    })
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
