//! At most one writer of a table in this process.
//!
//! Invariant: for one path at most one [`TableLock`] lives. Across processes the caller holds a lease elsewhere:
//! a commit on a local disk would otherwise silently lose one of two racing snapshots.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::name::TableName;

use crate::LakeError;

static HELD: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// The right to write one path; given back when dropped.
#[derive(Debug)]
pub(crate) struct TableLock {
    path: PathBuf,
}

impl TableLock {
    /// Takes the lock of a path below a table, or says that the table is busy. Never waits.
    pub(crate) fn take(table: &TableName, path: &Path) -> Result<Self, LakeError> {
        if held().insert(path.to_owned()) {
            Ok(Self { path: path.to_owned() })
        } else {
            Err(LakeError::Busy { table: table.clone() })
        }
    }
}

impl Drop for TableLock {
    fn drop(&mut self) {
        held().remove(&self.path);
    }
}

/// The set stays right when a holder panics: inserting and removing are single steps.
fn held() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_taken_once_and_given_back() {
        let table = TableName::parse("a", "b").expect("plain names");
        let path = Path::new("/nowhere/a.db/b");
        let first = TableLock::take(&table, path).expect("nobody holds it");
        assert!(matches!(TableLock::take(&table, path), Err(LakeError::Busy { .. })));
        drop(first);
        assert!(TableLock::take(&table, path).is_ok());
    }
}
