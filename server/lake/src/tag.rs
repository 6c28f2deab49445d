//! Tags: names that keep a snapshot for longer than the sweep would.

use std::path::Path;

use domain::name::{Name, TableName};

use crate::lock::TableLock;
use crate::warehouse::off_thread;
use crate::{LakeError, Warehouse, facts, files, metadata, owner};

impl Warehouse {
    /// Gives a snapshot a name that keeps it. Doing it again is fine.
    ///
    /// `Gone` when there is no such snapshot, `Differs` when the tag keeps another one.
    pub async fn tag(&self, table: &TableName, name: &str, snapshot: i64) -> Result<(), LakeError> {
        let tried = || format!("make tag {name:?} of {table}");
        let name: Name = name.parse().map_err(|error| LakeError::Other { tried: tried(), source: Box::new(error) })?;
        if name.as_str().bytes().all(|b| b.is_ascii_digit()) {
            // A reader would take a number for a snapshot id.
            return Err(LakeError::other(tried(), "a tag's name needs more than digits"));
        }
        let (folder, table) = (self.folder(table), table.clone());
        off_thread(move || make(&folder, &table, &name, snapshot)).await
    }
}

/// The lock that tagging and sweeping share, so that no snapshot is swept while it gets its tag.
pub(crate) fn lock(table: &TableName, folder: &Path) -> Result<TableLock, LakeError> {
    TableLock::take(table, &folder.join("tag"))
}

fn make(folder: &Path, table: &TableName, name: &Name, snapshot: i64) -> Result<(), LakeError> {
    let _lock = lock(table, folder)?;
    let Some(facts) = facts::of(folder)? else {
        return Err(LakeError::Gone { what: format!("table {table}") });
    };
    owner::require(table, &facts.options)?;
    if let Some(found) = facts.tags.iter().find(|tag| tag.name == name.as_str()) {
        if found.snapshot_id == snapshot {
            return Ok(());
        }
        return Err(LakeError::Differs {
            table: table.clone(),
            column: None,
            sentence: format!("its tag {name} keeps snapshot {}, not {snapshot}", found.snapshot_id),
        });
    }
    match files::read(&metadata::snapshot_path(folder, snapshot))? {
        Some(content) => files::write_whole(&folder.join("tag").join(format!("tag-{name}")), &content),
        None => Err(LakeError::Gone { what: format!("snapshot {snapshot} of table {table}") }),
    }
}
