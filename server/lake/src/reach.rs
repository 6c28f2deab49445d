//! Which files the kept snapshots need.
//!
//! Invariant: when in doubt, fail. A manifest that cannot be read ends the sweep before anything is deleted.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use domain::name::TableName;
use paimon::Table;
use paimon::spec::{FileKind, IndexManifest, Manifest, ManifestEntry, ManifestFileMeta, ManifestList};

use crate::LakeError;
use crate::metadata::SnapshotFile;

/// The names of all files that these snapshots need: manifests, data and what belongs to it.
///
/// Names suffice: each holds a random id, so no two files of a table share one.
pub(crate) async fn names(
    table: &TableName,
    folder: &Path,
    open: &Table,
    kept: &[SnapshotFile],
) -> Result<HashSet<String>, LakeError> {
    let tried = |error| LakeError::paimon(format!("find the files of {table}"), folder, error);
    let mut reach = Reach { open, manifests: HashMap::new(), names: HashSet::new() };
    for snapshot in kept {
        reach.add(snapshot).await.map_err(tried)?;
    }
    Ok(reach.names)
}

/// The manifests of a snapshot, in the order in which they apply.
pub(crate) async fn manifests(open: &Table, snapshot: &SnapshotFile) -> paimon::Result<Vec<ManifestFileMeta>> {
    let mut all = list(open, &snapshot.base_manifest_list).await?;
    all.extend(list(open, &snapshot.delta_manifest_list).await?);
    Ok(all)
}

/// What a manifest says, entry by entry.
pub(crate) async fn entries(open: &Table, name: &str) -> paimon::Result<Vec<ManifestEntry>> {
    Manifest::read(open.file_io(), &path(open, name)).await
}

/// The entries that remain when additions and deletions are applied in order, by file name.
pub(crate) fn active<'a>(entries: impl Iterator<Item = &'a ManifestEntry>) -> HashMap<&'a str, &'a ManifestEntry> {
    let mut active = HashMap::new();
    for entry in entries {
        let name = entry.file().file_name.as_str();
        // The kind itself is private to the crate.
        if *entry == entry.clone().with_kind(FileKind::Add) {
            active.insert(name, entry);
        } else {
            active.remove(name);
        }
    }
    active
}

/// The path of a manifest or of a list of manifests.
pub(crate) fn path(open: &Table, name: &str) -> String {
    open.snapshot_manager().manifest_path(name)
}

async fn list(open: &Table, name: &str) -> paimon::Result<Vec<ManifestFileMeta>> {
    ManifestList::read(open.file_io(), &path(open, name)).await
}

struct Reach<'a> {
    open: &'a Table,
    /// Each manifest is read once, though many snapshots share it.
    manifests: HashMap<String, Vec<ManifestEntry>>,
    names: HashSet<String>,
}

impl Reach<'_> {
    async fn add(&mut self, snapshot: &SnapshotFile) -> paimon::Result<()> {
        let lists = [&snapshot.base_manifest_list, &snapshot.delta_manifest_list];
        self.names.extend(lists.into_iter().cloned());
        self.names.extend(snapshot.statistics.iter().cloned());
        let metas = manifests(self.open, snapshot).await?;
        self.add_data(&metas).await?;
        if let Some(changelog) = &snapshot.changelog_manifest_list {
            self.names.insert(changelog.clone());
            let metas = list(self.open, changelog).await?;
            self.add_data(&metas).await?;
        }
        if let Some(index) = &snapshot.index_manifest {
            self.names.insert(index.clone());
            let entries = IndexManifest::read(self.open.file_io(), &path(self.open, index)).await?;
            self.names.extend(entries.into_iter().map(|entry| entry.index_file.file_name));
        }
        Ok(())
    }

    async fn add_data(&mut self, metas: &[ManifestFileMeta]) -> paimon::Result<()> {
        for meta in metas {
            self.names.insert(meta.file_name().to_owned());
            self.names.extend(meta.extra_files().unwrap_or_default().iter().cloned());
            if !self.manifests.contains_key(meta.file_name()) {
                let read = entries(self.open, meta.file_name()).await?;
                self.manifests.insert(meta.file_name().to_owned(), read);
            }
        }
        let said = metas.iter().flat_map(|meta| &self.manifests[meta.file_name()]);
        for entry in active(said).into_values() {
            self.names.insert(entry.file().file_name.clone());
            self.names.extend(entry.file().extra_files.iter().cloned());
        }
        Ok(())
    }
}
