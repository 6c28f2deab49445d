//! Where a table would go: its name in the lake, who has that name, who brings it already, how large it may be.

use std::collections::BTreeMap;

use super::{Code, Facts, Finding};
use crate::name::TableName;
use crate::request::AskedTable;

/// Who brings a table already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Brought<'a> {
    /// Who asked for it.
    pub who: &'a str,
    /// Whether it is in the lake already; else it is on its way.
    pub in_lake: bool,
}

/// Where a table would go.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place<'a> {
    /// Its name in the lake; `None` when it would be none.
    pub target: Option<&'a TableName>,
    /// Another table of the same request that would get the same name.
    pub twice: Option<&'a TableName>,
    /// A table that has the name in the lake already, and the name of the route it goes by.
    pub taken: Option<(&'a TableName, &'a str)>,
    /// Who brings the same table already.
    pub brought: Option<Brought<'a>>,
}

pub(super) fn look(facts: &Facts<'_>, found: &mut Vec<Finding>) {
    let place = facts.place;
    if let Some(brought) = place.brought {
        let code = if brought.in_lake { Code::InLake } else { Code::AskedFor };
        found.push(Finding::new(code, facts.table).text("who", brought.who));
    }
    let Some(target) = place.target else {
        found.push(Finding::new(Code::NoName, facts.table));
        return;
    };
    if let Some(other) = place.twice {
        found.push(Finding::new(Code::NameTwice, facts.table).text("other", other).text("target", target));
    }
    if let Some((other, route)) = place.taken {
        let finding = Finding::new(Code::NameTaken, facts.table).text("other", other).text("target", target);
        found.push(finding.text("route", route));
    }
}

pub(super) fn size(bytes: Option<u64>, facts: &Facts<'_>, found: &mut Vec<Finding>) {
    if let (Some(bytes), Some(limit)) = (bytes, facts.limits.bytes)
        && bytes > limit
    {
        let finding = Finding::new(Code::TooBig, facts.table);
        found.push(finding.text("size", gigabytes(bytes)).text("limit", gigabytes(limit)));
    }
}

/// Bytes as people say them where only the order matters.
fn gigabytes(bytes: u64) -> String {
    let tenths = bytes.saturating_add(50_000_000) / 100_000_000;
    format!("{}.{} GB", tenths / 10, tenths % 10)
}

/// The names that tables of one request get in the lake. Where two differ only in upper and lower case they are the
/// same: not everybody who reads the lake can tell them apart.
#[derive(Debug, Default)]
pub struct Places<'a>(BTreeMap<(String, String), &'a AskedTable>);

impl<'a> Places<'a> {
    /// Takes a name for a table. Gives the table that had it before, if another one did.
    pub fn take(&mut self, target: &TableName, table: &'a AskedTable) -> Option<&'a AskedTable> {
        let first = *self.0.entry(folded(target)).or_insert(table);
        (first != table).then_some(first)
    }
}

/// A name as those see it who cannot tell upper from lower case.
fn folded(target: &TableName) -> (String, String) {
    (target.database.as_str().to_lowercase(), target.table.as_str().to_lowercase())
}
