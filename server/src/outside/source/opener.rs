//! Opens a source by its kind and place, and says in the words of a cause why one did not answer.

use std::path::PathBuf;
use std::sync::Arc;

use domain::cause::{Cause, CauseCode};
use domain::name::TableName;

use super::sqlite::SqliteSource;
use super::{Source, SourceError};
use crate::outside::engine::SourcePlace;

/// What opens sources. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Opener {
    folder: Arc<PathBuf>,
    forbidden: Arc<Vec<PathBuf>>,
}

impl Opener {
    /// Opens SQLite files below `folder` only, and never one of the `forbidden`: our own store.
    pub fn new(folder: PathBuf, forbidden: Vec<PathBuf>) -> Self {
        Self { folder: Arc::new(folder), forbidden: Arc::new(forbidden) }
    }

    /// Opens a source.
    pub fn open(&self, place: &SourcePlace) -> Result<Box<dyn Source>, SourceError> {
        match place.kind.as_str() {
            "sqlite" => Ok(Box::new(SqliteSource::new(&self.folder, &place.place, &self.forbidden)?)),
            other => {
                Err(SourceError::Other { what: format!("{}: no source of kind {other}", place.name), cause: None })
            }
        }
    }
}

/// Why a source did not give a table, as the cause that an item shows.
pub fn source_cause(problem: &SourceError, table: &TableName) -> Cause {
    let cause = |code| Cause::new(code).text("table", table);
    match problem {
        SourceError::Away { what, .. } => cause(CauseCode::SourceAway).text("what", what),
        SourceError::Gone { .. } => cause(CauseCode::TableGone),
        SourceError::Changed { what, .. } => cause(CauseCode::TableChanged).text("what", what),
        SourceError::Value { column, what, .. } => cause(CauseCode::ValueOdd).text("column", column).text("what", what),
        SourceError::Type { column, declared, .. } => {
            cause(CauseCode::TypeRefused).text("column", column).text("type", declared)
        }
        SourceError::Denied { what, .. } => cause(CauseCode::SourceDenied).text("what", what),
        SourceError::Outside { what } => {
            cause(CauseCode::SourceDenied).text("what", format!("{what} lies outside the folder for sources"))
        }
        SourceError::Damaged { what, .. } => cause(CauseCode::SourceDamaged).text("what", what),
        SourceError::Other { what, .. } => cause(CauseCode::SourceAway).text("what", what),
    }
}
