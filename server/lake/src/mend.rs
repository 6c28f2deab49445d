//! Looks at a table of ours before it is written, and repairs what a crash may have left.

use std::fs;
use std::path::Path;

use domain::name::TableName;

use crate::facts::TableFacts;
use crate::{LakeError, facts, files, metadata, owner};

/// The facts of a table that we own, after mending it; `None` when there is no table, `Owned` when it is not ours.
///
/// The caller holds the table's lock.
pub(crate) fn facts_of_ours(table: &TableName, folder: &Path) -> Result<Option<TableFacts>, LakeError> {
    let Some(schema) = metadata::schema(folder)? else { return Ok(None) };
    owner::require(table, &schema.options)?;
    mend(table, folder)?;
    facts::of(folder)
}

/// Sets the hint LATEST right, which the writer believes, and sets damaged newest snapshots aside.
///
/// A snapshot that only half reached the disk would block every later copy; the next copy replaces all it held.
fn mend(table: &TableName, folder: &Path) -> Result<(), LakeError> {
    let snapshots = folder.join("snapshot");
    while let Some(id) = metadata::snapshot_ids(folder)?.pop() {
        match metadata::snapshot(folder, id) {
            Ok(_) => return hint(&snapshots.join("LATEST"), id),
            Err(LakeError::Damaged { path, why }) => {
                tracing::warn!(%table, snapshot.id = id, why, "set a damaged snapshot aside");
                let aside = snapshots.join(format!("damaged-{id}"));
                fs::rename(&path, aside).map_err(|error| LakeError::io("set aside", &path, error))?;
            }
            Err(other) => return Err(other),
        }
    }
    for name in ["LATEST", "EARLIEST"] {
        files::remove(&snapshots.join(name))?;
    }
    Ok(())
}

/// Writes a hint file unless it already says so.
pub(crate) fn hint(path: &Path, id: i64) -> Result<(), LakeError> {
    let wanted = id.to_string().into_bytes();
    if files::read(path)?.as_ref() == Some(&wanted) {
        return Ok(());
    }
    files::write_whole(path, &wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SNAPSHOT: &str = r#"{"id":1,"baseManifestList":"a","deltaManifestList":"b","commitUser":"u",
        "commitKind":"OVERWRITE","timeMillis":1}"#;

    fn table(owner: &str) -> (tempfile::TempDir, TableName) {
        let home = tempfile::tempdir().expect("a temporary folder");
        for folder in ["schema", "snapshot"] {
            fs::create_dir_all(home.path().join(folder)).expect("a writable folder");
        }
        let schema = format!(r#"{{"id":0,"fields":[],"options":{{"lakegate.owner":"{owner}"}}}}"#);
        fs::write(home.path().join("schema/schema-0"), schema).expect("a writable folder");
        (home, TableName::parse("a", "b").expect("plain names"))
    }

    #[test]
    fn half_a_newest_snapshot_is_set_aside_and_the_hint_is_right() {
        let (home, name) = table("embedded");
        fs::write(metadata::snapshot_path(home.path(), 1), SNAPSHOT).expect("a writable folder");
        fs::write(metadata::snapshot_path(home.path(), 2), &SNAPSHOT[..40]).expect("a writable folder");
        fs::write(home.path().join("snapshot/LATEST"), "2").expect("a writable folder");
        let facts = facts_of_ours(&name, home.path()).expect("mended").expect("a table");
        assert_eq!(facts.latest.map(|latest| latest.id), Some(1));
        assert_eq!(fs::read_to_string(home.path().join("snapshot/LATEST")).ok().as_deref(), Some("1"));
        assert!(home.path().join("snapshot/damaged-2").exists());
    }

    #[test]
    fn a_table_of_another_engine_is_not_touched() {
        let (home, name) = table("flink");
        fs::write(metadata::snapshot_path(home.path(), 1), "{").expect("a writable folder");
        let refusal = facts_of_ours(&name, home.path()).expect_err("not ours");
        assert!(matches!(&refusal, LakeError::Owned { owner, .. } if owner == "flink"), "{refusal:?}");
        assert!(metadata::snapshot_path(home.path(), 1).exists());
    }
}
