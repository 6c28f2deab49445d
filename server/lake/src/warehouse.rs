//! The warehouse: a folder, checked once, then only named.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use domain::name::TableName;

use crate::facts::TableFacts;
use crate::lock::TableLock;
use crate::{LakeError, facts, files, owner};

/// The most bytes that one copy inside this process may move: 20 GB.
pub const LIMIT_BYTES: u64 = 20_000_000_000;

/// The file that [`Warehouse::open`] writes and removes to learn whether it may write.
const PROBE: &str = ".lakegate-probe";

/// The folder of what is being deleted. No database of a warehouse is called so: theirs end with `.db`.
const REMOVED: &str = ".lakegate-removed";

/// An Apache Paimon warehouse on local disk. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warehouse {
    root: PathBuf,
}

impl Warehouse {
    /// Opens the warehouse in this folder, which is made when absent.
    ///
    /// `NotWritable` or `Full` when no file can be written there.
    pub fn open(root: &Path) -> Result<Self, LakeError> {
        let refuse = |error: io::Error| {
            let why = error.to_string();
            match LakeError::io("open", root, error) {
                full @ LakeError::Full { .. } => full,
                _ => LakeError::NotWritable { path: root.to_owned(), why },
            }
        };
        fs::create_dir_all(root).map_err(refuse)?;
        let root_found = root.canonicalize().map_err(refuse)?;
        if root_found.to_str().is_none() {
            return Err(LakeError::NotWritable { path: root_found, why: "the path is not valid UTF-8".to_owned() });
        }
        let probe = root_found.join(PROBE);
        let written = fs::write(&probe, b"may I write here?");
        let _ = fs::remove_file(&probe);
        written.map_err(refuse)?;
        // What a process was deleting when it died. Whatever stays of it stays out of the way.
        let _ = files::clear(&root_found.join(REMOVED));
        Ok(Self { root: root_found })
    }

    /// The folder, as an absolute path without links.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What the metadata of a table says, without reading a row; `None` when there is no such table.
    ///
    /// Works on tables of every engine. `Damaged` when a file of its metadata cannot be understood.
    pub async fn facts(&self, table: &TableName) -> Result<Option<TableFacts>, LakeError> {
        let folder = self.folder(table);
        off_thread(move || facts::of(&folder)).await
    }

    /// Removes a table that we own, with all its copies. Nothing happens when there is no such table.
    pub async fn remove(&self, table: &TableName) -> Result<(), LakeError> {
        let (folder, away, table) = (self.folder(table), self.away(table), table.clone());
        off_thread(move || {
            let _lock = TableLock::take(&table, &folder)?;
            let Some(facts) = facts::of(&folder)? else { return Ok(()) };
            owner::require(&table, &facts.options)?;
            files::clear(&away)?;
            let refuse = |error| LakeError::io("remove", &folder, error);
            if let Some(parent) = away.parent() {
                fs::create_dir_all(parent).map_err(refuse)?;
            }
            // At once out of the way: what a crash leaves behind stands in nobody's place.
            fs::rename(&folder, &away).map_err(refuse)?;
            files::clear(&away)
        })
        .await
    }

    /// Where the folder of a removed table is deleted.
    fn away(&self, table: &TableName) -> PathBuf {
        self.root.join(REMOVED).join(format!("{}.db", table.database)).join(table.table.as_str())
    }

    /// The folder of a table.
    pub(crate) fn folder(&self, table: &TableName) -> PathBuf {
        self.root.join(format!("{}.db", table.database)).join(table.table.as_str())
    }
}

/// Refuses more bytes than one copy inside this process may move.
pub fn check_size(bytes: u64) -> Result<(), LakeError> {
    if bytes > LIMIT_BYTES {
        return Err(LakeError::TooBig { bytes, limit: LIMIT_BYTES });
    }
    Ok(())
}

/// Runs blocking file work where it does not hold up other tasks.
pub(crate) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LakeError> + Send + 'static,
) -> Result<T, LakeError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(LakeError::Other { tried: "finish file work".to_owned(), source: Box::new(error) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_made_and_checked() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let warehouse = Warehouse::open(&home.path().join("lake")).expect("a writable folder");
        assert_eq!(files::names(warehouse.root()).expect("a folder"), Vec::<String>::new());
    }

    #[test]
    fn a_path_that_cannot_hold_files_is_refused_in_words() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let file = home.path().join("file");
        fs::write(&file, "x").expect("a writable folder");
        let refusal = Warehouse::open(&file.join("lake")).expect_err("a file holds no folder");
        assert!(matches!(refusal, LakeError::NotWritable { .. }), "{refusal:?}");
        assert!(refusal.to_string().starts_with("cannot write to "), "{refusal}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_named_as_such() {
        let home = tempfile::tempdir().expect("a temporary folder");
        std::os::unix::fs::symlink("/dev/full", home.path().join(PROBE)).expect("a writable folder");
        let refusal = Warehouse::open(home.path()).expect_err("/dev/full is always full");
        assert!(matches!(refusal, LakeError::Full { .. }), "{refusal:?}");
    }

    #[test]
    fn a_table_beyond_the_limit_is_refused() {
        assert!(check_size(LIMIT_BYTES).is_ok());
        let refusal = check_size(LIMIT_BYTES + 1).expect_err("one byte too many");
        assert!(matches!(refusal, LakeError::TooBig { bytes: 20_000_000_001, limit: LIMIT_BYTES }));
    }
}
