//! Keeps the list of manifests short.
//!
//! Every commit adds a manifest, and Paimon's crate never merges them: after a year of copies every ten minutes each
//! read would open 50,000 files. So from time to time a snapshot is published that says the same with one manifest.
//! It keeps the user and the time of the copy it repeats: no copy becomes fresher or someone else's by it.

use std::path::Path;

use domain::name::TableName;
use paimon::Table;
use paimon::spec::{FileKind, Manifest, ManifestEntry, ManifestFileMeta, ManifestList};
use serde_json::{Value as Json, json};

use crate::metadata::SnapshotFile;
use crate::warehouse::off_thread;
use crate::{LakeError, files, mend, metadata, reach};

/// The number of manifests from which they are folded into one.
const MANY: usize = 50;

/// Folds the manifests of the newest snapshot into one when there are many. The caller holds the table's lock.
pub(crate) async fn fold(table: &TableName, folder: &Path, open: &Table) -> Result<(), LakeError> {
    let tried = |error| LakeError::paimon(format!("fold the manifests of {table}"), folder, error);
    let Some(newest) = metadata::newest(folder)? else { return Ok(()) };
    let manifests = reach::manifests(open, &newest).await.map_err(tried)?;
    if manifests.len() < MANY {
        return Ok(());
    }
    let mut entries = Vec::new();
    for manifest in &manifests {
        entries.extend(reach::entries(open, manifest.file_name()).await.map_err(tried)?);
    }
    let active: Vec<ManifestEntry> =
        reach::active(entries.iter()).into_values().map(|entry| entry.clone().with_kind(FileKind::Add)).collect();
    let lists = write_manifests(open, newest.id + 1, &manifests[0], &active).await.map_err(tried)?;
    let folder = folder.to_owned();
    off_thread(move || publish(&folder, &newest, &lists)).await
}

/// The names of the two lists that a snapshot needs.
struct Lists {
    base: String,
    delta: String,
}

async fn write_manifests(
    open: &Table,
    id: i64,
    template: &ManifestFileMeta,
    active: &[ManifestEntry],
) -> paimon::Result<Lists> {
    let (io, path) = (open.file_io(), |name: &str| reach::path(open, name));
    let lists = Lists { base: format!("manifest-list-fold-{id}-0"), delta: format!("manifest-list-fold-{id}-1") };
    let mut base = Vec::new();
    if !active.is_empty() {
        let name = format!("manifest-fold-{id}-0");
        Manifest::write(io, &path(&name), active).await?;
        let size = io.get_status(&path(&name)).await?.size;
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        let files = i64::try_from(active.len()).unwrap_or(i64::MAX);
        // A table without partitions has the same, empty statistics of partitions in every manifest.
        let stats = template.partition_stats().clone();
        base.push(ManifestFileMeta::new(name, size, files, 0, stats, template.schema_id()));
    }
    ManifestList::write(io, &path(&lists.base), &base).await?;
    ManifestList::write(io, &path(&lists.delta), &[]).await?;
    Ok(lists)
}

/// Publishes the newest snapshot once more, with the folded manifests.
fn publish(folder: &Path, newest: &SnapshotFile, lists: &Lists) -> Result<(), LakeError> {
    let path = metadata::snapshot_path(folder, newest.id);
    let damaged = |why: String| LakeError::Damaged { path: path.clone(), why };
    let content = files::read(&path)?.ok_or_else(|| damaged("it vanished".to_owned()))?;
    let mut next: Json = serde_json::from_slice(&content).map_err(|error| damaged(error.to_string()))?;
    let fields = next.as_object_mut().ok_or_else(|| damaged("it is no object".to_owned()))?;
    fields.retain(|key, _| !key.starts_with("changelog") && !key.ends_with("Size") && key != "uuid");
    let id = newest.id + 1;
    fields.insert("id".to_owned(), json!(id));
    fields.insert("baseManifestList".to_owned(), json!(lists.base));
    fields.insert("deltaManifestList".to_owned(), json!(lists.delta));
    fields.insert("commitKind".to_owned(), json!("COMPACT"));
    fields.insert("deltaRecordCount".to_owned(), json!(0));
    files::write_whole(&metadata::snapshot_path(folder, id), next.to_string().as_bytes())?;
    mend::hint(&folder.join("snapshot").join("LATEST"), id)
}
