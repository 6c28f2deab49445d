//! Names of tables as people write them: pasted lines, and rows of a CSV file.
//!
//! Why it exists: somebody has a list of 5,000 tables in a chat, a sheet or a statement, and wants a result for each.
//! Everything is read, nothing is guessed away: what cannot be read as a name says so, with the number of its line.
//! Invariant: pure; any text is answered, in time that grows with its length only.

mod cell;
mod csv;
mod near;
mod pattern;
mod resolve;
#[cfg(test)]
mod tests;

pub use csv::csv;
pub use near::{Near, near};
pub use pattern::Pattern;
pub use resolve::{Known, KnownTable, Outcome, Taken, resolve, wanted};

use crate::name::Name;

/// The most lines taken from one paste or file.
pub const MOST_LINES: usize = 5_000;
/// The most characters of a line that are shown back.
const SHOWN: usize = 200;
/// The most characters of a line that are read: longer ones are no names of tables.
const MOST_LINE: usize = 4_000;

/// A table as somebody named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The name (or id) of its source, if it was given.
    pub source: Option<String>,
    /// Its database, if it was given.
    pub database: Option<Name>,
    /// Its own name.
    pub table: Name,
}

/// One thing that somebody wrote: usually one line, one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The number of its line, from 1.
    pub line: usize,
    /// What stands there, fit to be shown.
    pub text: String,
    /// What it may mean, likeliest first: each a list of names. Empty when it cannot be read.
    pub readings: Vec<Vec<Named>>,
}

/// What was read of a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// Line by line; empty ones are left out.
    pub written: Vec<Written>,
    /// Lines beyond the most that are taken.
    pub beyond: usize,
}

/// Reads pasted lines.
pub fn lines(text: &str) -> Reading {
    let mut reading = Reading::default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let end = if text.contains('\n') { '\n' } else { '\r' };
    for (place, line) in text.split(end).enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        if reading.written.len() == MOST_LINES {
            reading.beyond += 1;
            continue;
        }
        let readings = if line.len() > MOST_LINE { Vec::new() } else { cell::readings(line) };
        reading.written.push(Written { line: place + 1, text: shown(line), readings });
    }
    reading
}

/// A line as it may be shown: no control characters, not too long.
fn shown(line: &str) -> String {
    let line = line.trim();
    let short: String = line.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if line.chars().nth(SHOWN).is_some() { format!("{short}…") } else { short }
}

impl Named {
    /// The name of one to three parts: table, database and table, source and database and table.
    fn of(parts: &[String]) -> Option<Self> {
        let name = |text: &String| text.parse::<Name>().ok();
        match parts {
            [table] => Some(Self { source: None, database: None, table: name(table)? }),
            [database, table] => Some(Self { source: None, database: Some(name(database)?), table: name(table)? }),
            [source, database, table] => {
                Some(Self { source: Some(source.clone()), database: Some(name(database)?), table: name(table)? })
            }
            _ => None,
        }
    }
}

impl std::fmt::Display for Named {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(source) = &self.source {
            write!(f, "{source}.")?;
        }
        if let Some(database) = &self.database {
            write!(f, "{database}.")?;
        }
        write!(f, "{}", self.table)
    }
}
