//! Retention: old copies go, with every file that nothing kept needs.
//!
//! Paimon's crate expires nothing, so without this each copy would stay for ever.
//! Order: first the old snapshots, then their files. A crash between leaves files that the next sweep finds.

use std::collections::HashSet;
use std::path::Path;

use domain::name::TableName;

use crate::lock::TableLock;
use crate::metadata::{self, SnapshotFile};
use crate::warehouse::off_thread;
use crate::{LakeError, Warehouse, files, mend, reach, tag};

/// What a sweep removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Snapshots.
    pub snapshots: u64,
    /// Files of data and metadata, the snapshots' own included.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// How the names of files begin that a sweep may remove, by folder. Anything else is left alone.
const SWEPT: [(&str, &[&str]); 4] = [
    ("manifest", &["manifest-", "index-manifest-"]),
    ("index", &["index-"]),
    ("statistics", &["stat-"]),
    ("bucket-", &["data-", "changelog-"]),
];

impl Warehouse {
    /// Removes all but the newest `keep_snapshots` copies (at least one stays) and the tagged ones.
    ///
    /// Files of copies that were begun and never committed go too. A reader in another process that still reads a
    /// removed copy fails, so keep two or more where others read. `Busy` while a copy or another sweep is under way,
    /// `Owned` when the table is not ours; nothing is removed when a kept snapshot cannot be read.
    pub async fn sweep(&self, table: &TableName, keep_snapshots: usize) -> Result<Swept, LakeError> {
        let folder = self.folder(table);
        let _lock = TableLock::take(table, &folder)?;
        let _tags = tag::lock(table, &folder)?;
        let (kept, old) = {
            let (folder, table) = (folder.clone(), table.clone());
            off_thread(move || sort(&table, &folder, keep_snapshots.max(1))).await?
        };
        let open = self.open_table(table).await?;
        let needed = Box::pin(reach::names(table, &folder, &open, &kept)).await?;
        off_thread(move || {
            let mut swept = Swept::default();
            remove_snapshots(&folder, &old, &mut swept)?;
            remove_files(&folder, &needed, &mut swept)?;
            Ok(swept)
        })
        .await
    }
}

/// Which snapshots stay (tagged ones included) and the ids of those that go.
fn sort(table: &TableName, folder: &Path, keep: usize) -> Result<(Vec<SnapshotFile>, Vec<i64>), LakeError> {
    if mend::facts_of_ours(table, folder)?.is_none() {
        return Err(LakeError::Gone { what: format!("table {table}") });
    }
    if !files::names(&folder.join("branch"))?.is_empty() {
        let why = "it has branches, and their files must stay";
        return Err(LakeError::other(format!("sweep table {table}"), why));
    }
    let mut old = metadata::snapshot_ids(folder)?;
    let newest = old.split_off(old.len().saturating_sub(keep));
    let mut kept: Vec<SnapshotFile> = metadata::tags(folder)?.into_iter().map(|tag| tag.1).collect();
    for id in newest {
        let found = metadata::snapshot(folder, id)?;
        kept.push(found.ok_or_else(|| LakeError::Gone { what: format!("snapshot {id} of table {table}") })?);
    }
    Ok((kept, old))
}

fn remove_snapshots(folder: &Path, old: &[i64], swept: &mut Swept) -> Result<(), LakeError> {
    let snapshots = folder.join("snapshot");
    for id in old {
        swept.bytes += files::remove(&metadata::snapshot_path(folder, *id))?;
        swept.snapshots += 1;
        swept.files += 1;
    }
    for name in files::names(&snapshots)? {
        if name.starts_with("snapshot-") && name.contains(".tmp-") {
            swept.bytes += files::remove(&snapshots.join(name))?;
            swept.files += 1;
        }
    }
    match metadata::snapshot_ids(folder)?.first() {
        Some(earliest) => mend::hint(&snapshots.join("EARLIEST"), *earliest),
        None => Ok(()),
    }
}

fn remove_files(folder: &Path, needed: &HashSet<String>, swept: &mut Swept) -> Result<(), LakeError> {
    for below in files::names(folder)? {
        let Some((_, prefixes)) = SWEPT.iter().find(|(start, _)| matches(&below, start)) else {
            continue;
        };
        for name in files::names(&folder.join(&below))? {
            let ours = prefixes.iter().any(|prefix| name.starts_with(prefix));
            if ours && !needed.contains(&name) {
                swept.bytes += files::remove(&folder.join(&below).join(name))?;
                swept.files += 1;
            }
        }
    }
    Ok(())
}

/// A folder is meant by its name, or by its beginning when that ends in a dash.
fn matches(folder: &str, start: &str) -> bool {
    folder == start || (start.ends_with('-') && folder.starts_with(start))
}
