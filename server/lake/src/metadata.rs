//! Paimon's metadata files: schema, snapshots and tags, read leniently.
//!
//! Unknown keys are ignored and absent ones are fine, since they differ between Paimon's versions.
//! The hints `LATEST` and `EARLIEST` are never believed: they may be stale or missing, and listing a local folder
//! is cheap and always right.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::{LakeError, files};

/// A schema file, `schema/schema-<n>`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SchemaFile {
    pub id: i64,
    pub fields: Vec<FieldEntry>,
    #[serde(default)]
    pub primary_keys: Vec<String>,
    #[serde(default)]
    pub partition_keys: Vec<String>,
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    #[serde(default)]
    pub comment: Option<String>,
}

/// One column of a schema file.
#[derive(Debug, Deserialize)]
pub(crate) struct FieldEntry {
    pub name: String,
    #[serde(rename = "type")]
    pub spelled: serde_json::Value,
    #[serde(default)]
    pub description: Option<String>,
}

/// A snapshot file, `snapshot/snapshot-<id>`; a tag file has the same keys and more.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(feature = "embedded"), expect(dead_code, reason = "only the sweep needs the manifests"))]
pub(crate) struct SnapshotFile {
    pub id: i64,
    #[serde(default)]
    pub schema_id: i64,
    pub base_manifest_list: String,
    pub delta_manifest_list: String,
    #[serde(default)]
    pub changelog_manifest_list: Option<String>,
    #[serde(default)]
    pub index_manifest: Option<String>,
    #[serde(default)]
    pub statistics: Option<String>,
    pub commit_user: String,
    pub commit_kind: String,
    pub time_millis: i64,
    #[serde(default)]
    pub total_record_count: Option<i64>,
}

/// The path of a snapshot file.
pub(crate) fn snapshot_path(folder: &Path, id: i64) -> PathBuf {
    folder.join("snapshot").join(format!("snapshot-{id}"))
}

/// The newest schema; `None` when the folder is not a table.
pub(crate) fn schema(folder: &Path) -> Result<Option<SchemaFile>, LakeError> {
    let schemas = folder.join("schema");
    let Some(newest) = numbers(&schemas, "schema-")?.pop() else { return Ok(None) };
    parse(&schemas.join(format!("schema-{newest}")))
}

/// The ids of all snapshots, oldest first.
pub(crate) fn snapshot_ids(folder: &Path) -> Result<Vec<i64>, LakeError> {
    numbers(&folder.join("snapshot"), "snapshot-")
}

/// One snapshot; `None` when it is not there.
pub(crate) fn snapshot(folder: &Path, id: i64) -> Result<Option<SnapshotFile>, LakeError> {
    parse(&snapshot_path(folder, id))
}

/// The newest snapshot; `None` when nothing was ever committed.
///
/// Another engine may expire the file between our listing and our reading: then there is a newer one.
pub(crate) fn newest(folder: &Path) -> Result<Option<SnapshotFile>, LakeError> {
    const LOOKS: usize = 5;
    for _ in 0..LOOKS {
        let Some(id) = snapshot_ids(folder)?.pop() else { return Ok(None) };
        if let Some(found) = snapshot(folder, id)? {
            return Ok(Some(found));
        }
    }
    Err(LakeError::Gone { what: format!("the newest snapshot of {}", folder.display()) })
}

/// All tags by name, with the snapshots that they keep.
pub(crate) fn tags(folder: &Path) -> Result<Vec<(String, SnapshotFile)>, LakeError> {
    let tags = folder.join("tag");
    let mut found = Vec::new();
    for name in files::names(&tags)? {
        let Some(tag) = name.strip_prefix("tag-") else { continue };
        let path = tags.join(&name);
        if path.is_dir() {
            continue;
        }
        if let Some(snapshot) = parse(&path)? {
            found.push((tag.to_owned(), snapshot));
        }
    }
    Ok(found)
}

/// The numbers at the end of the names in a folder that start so, smallest first.
fn numbers(folder: &Path, prefix: &str) -> Result<Vec<i64>, LakeError> {
    let names = files::names(folder)?;
    let mut numbers: Vec<i64> = names
        .iter()
        .filter_map(|name| name.strip_prefix(prefix))
        .filter(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
        .filter_map(|digits| digits.parse().ok())
        .collect();
    numbers.sort_unstable();
    Ok(numbers)
}

/// Reads a JSON file; `None` when it is not there, `Damaged` when it says something else.
fn parse<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, LakeError> {
    let Some(content) = files::read(path)? else { return Ok(None) };
    serde_json::from_slice(&content)
        .map(Some)
        .map_err(|error| LakeError::Damaged { path: path.to_owned(), why: error.to_string() })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn snapshot_json(id: i64) -> String {
        format!(
            r#"{{"version":3,"id":{id},"schemaId":0,"baseManifestList":"a","deltaManifestList":"b",
            "changelogManifestList":null,"commitUser":"u","commitIdentifier":9223372036854775807,
            "commitKind":"APPEND","timeMillis":1700000000000,"logOffsets":{{}},"totalRecordCount":7,"news":[1]}}"#
        )
    }

    fn table(snapshots: &[(i64, &str)]) -> tempfile::TempDir {
        let home = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir_all(home.path().join("snapshot")).expect("a writable folder");
        for (id, json) in snapshots {
            fs::write(snapshot_path(home.path(), *id), json).expect("a writable folder");
        }
        home
    }

    #[test]
    fn the_newest_snapshot_is_found_without_or_with_wrong_hints() {
        let home = table(&[(9, &snapshot_json(9)), (10, &snapshot_json(10))]);
        for hint in [None, Some("3"), Some("99"), Some("nonsense")] {
            if let Some(hint) = hint {
                fs::write(home.path().join("snapshot/LATEST"), hint).expect("a writable folder");
            }
            let newest = newest(home.path()).expect("readable").expect("two snapshots");
            assert_eq!((newest.id, newest.total_record_count), (10, Some(7)), "{hint:?}");
        }
    }

    #[test]
    fn half_a_snapshot_is_damage_named_by_its_path() {
        let home = table(&[(1, &snapshot_json(1)), (2, &snapshot_json(2)[..80])]);
        let damage = newest(home.path()).expect_err("half a file");
        assert!(matches!(&damage, LakeError::Damaged { path, .. } if path.ends_with("snapshot-2")), "{damage:?}");
    }

    #[test]
    fn drafts_and_foreign_files_are_no_snapshots() {
        let home = table(&[(4, &snapshot_json(4))]);
        for name in ["snapshot-5.tmp-x", "snapshot-", "snapshot-x", "LATEST", "snapshot--6"] {
            fs::write(home.path().join("snapshot").join(name), "").expect("a writable folder");
        }
        assert_eq!(snapshot_ids(home.path()).expect("readable"), vec![4]);
    }

    #[test]
    fn a_folder_without_schema_is_no_table() {
        let home = tempfile::tempdir().expect("a temporary folder");
        assert!(schema(home.path()).expect("readable").is_none());
        assert!(schema(&home.path().join("absent")).expect("readable").is_none());
        fs::write(home.path().join("file"), "").expect("a writable folder");
        assert!(schema(&home.path().join("file")).expect("readable").is_none());
    }
}
