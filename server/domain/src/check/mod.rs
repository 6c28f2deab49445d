//! Can it be done, and who has to do something: all that can be found about a table before it is copied.
//!
//! Why it exists: while picking, at submit and just before the start the same questions are asked; here they are
//! answered once, from facts that others gather. All findings come at once, never only the first.
//!
//! A new finding, by example: add `Code::Rowless` to `code.rs`, push it where its subject stands (`shape` looks at the
//! table itself, `place` at where it goes), and write its sentences; the tests of the words name those that are missing.
//! Invariant: pure; what was not looked at is `NotKnown`, never a pass.

mod code;
mod fix;
mod place;
mod shape;
#[cfg(test)]
mod tests;

pub use code::{Code, Severity};
pub use place::{Brought, Place, Places};
pub use shape::{loss_key, odd_letter};

use crate::column::TableShape;
use crate::name::TableName;
use crate::said::Said;

/// One finding about one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was found.
    pub code: Code,
    /// The finding about this table: `check.<code>.table` with its facts.
    pub said: Said,
    /// The statement that mends it, ready to copy; empty where there is none.
    pub sql: String,
}

impl Finding {
    fn new(code: Code, table: &TableName) -> Self {
        let said = Said::new(format!("check.{}.table", code.word())).text("table", table);
        Self { code, said, sql: String::new() }
    }

    /// The same in a few words, to stand beside the table's name: `look.<code>`.
    pub fn brief(&self) -> Said {
        Said { key: format!("look.{}", self.code.word()), params: self.said.params.clone() }
    }

    fn text(mut self, place: &str, text: impl ToString) -> Self {
        self.said = self.said.text(place, text);
        self
    }

    fn sql(self, sql: String) -> Self {
        Self { sql, ..self }
    }
}

/// What the catalogue knows of a table.
#[derive(Debug, Clone, Copy)]
pub enum Known<'a> {
    /// Its shape, and its bytes where they are known.
    Shape(&'a TableShape, Option<u64>),
    /// The source was read, and it is not there.
    Missing,
    /// The source was never read.
    NotRead,
}

/// In whose words a statement that mends something is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// MySQL and MariaDB.
    Mysql,
    /// No statement can be handed over.
    None,
}

impl Dialect {
    /// The dialect of a source's kind.
    pub fn of_kind(kind: &str) -> Self {
        if kind == "mysql" { Self::Mysql } else { Self::None }
    }
}

/// What the engine of a route can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of one table.
    pub bytes: Option<u64>,
    /// Whether it follows changes: then it needs a server and a primary key, reads bytes as text, and takes few letters in
    /// names; one table that it cannot read stops all others of its job (real-stack §5).
    pub follows: bool,
}

/// All facts about one table that is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The table.
    pub table: &'a TableName,
    /// What the catalogue knows of it.
    pub known: Known<'a>,
    /// Whether its source is retired.
    pub retired: bool,
    /// In whose words it is mended.
    pub dialect: Dialect,
    /// What the engine can do.
    pub limits: Limits,
    /// Where it would go.
    pub place: Place<'a>,
}

/// Everything there is to say about a table, worst first; empty when it is fine.
pub fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    // What somebody brings already can still be read.
    if facts.retired && facts.place.brought.is_none() {
        found.push(Finding::new(Code::SourceRetired, facts.table));
    }
    match facts.known {
        Known::Missing => found.push(Finding::new(Code::NoSuchTable, facts.table)),
        Known::NotRead => found.push(Finding::new(Code::NotRead, facts.table)),
        Known::Shape(shape, bytes) => {
            shape::look(shape, facts, &mut found);
            place::size(bytes, facts, &mut found);
        }
    }
    place::look(facts, &mut found);
    found.sort_by_key(|finding| (finding.code.severity(), finding.code));
    found
}

/// The worst there is to say; `None` when nothing is.
pub fn worst(findings: &[Finding]) -> Option<Severity> {
    findings.iter().map(|finding| finding.code.severity()).min()
}
