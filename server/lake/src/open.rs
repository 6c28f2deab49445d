//! Opens a table with the `paimon` crate.

use std::collections::HashMap;
use std::path::Path;

use domain::name::TableName;
use domain::time::Millis;
use paimon::catalog::Identifier;
use paimon::{Catalog, CatalogOptions, FileSystemCatalog, Options, Table};

use crate::warehouse::off_thread;
use crate::{LakeError, Warehouse, metadata};

impl Warehouse {
    /// The table with its newest schema.
    pub(crate) async fn open_table(&self, table: &TableName) -> Result<Table, LakeError> {
        let tried = |error| LakeError::paimon(format!("open table {table}"), self.root(), error);
        let mut options = Options::new();
        options.set(CatalogOptions::WAREHOUSE, self.root().to_str().expect("opening checked it"));
        let catalog = FileSystemCatalog::new(options).map_err(tried)?;
        let name = Identifier::new(table.database.as_str(), table.table.as_str());
        Box::pin(catalog.get_table(&name)).await.map_err(tried)
    }

    /// The table as it was at a snapshot, kept by itself or by a tag, with the schema of that time; for reading only.
    pub(crate) async fn open_at(&self, table: &TableName, snapshot: i64) -> Result<(Table, Millis), LakeError> {
        let folder = self.folder(table);
        let (at, selector) = off_thread(move || find(&folder, snapshot)).await?;
        let tried = |error| {
            let tried = format!("open table {table} at snapshot {snapshot}");
            LakeError::paimon(tried, &self.folder(table), error)
        };
        let open = self.open_table(table).await?;
        let then = Box::pin(open.copy_with_time_travel_strict(HashMap::from([selector]))).await;
        Ok((then.map_err(tried)?, at))
    }
}

/// When a snapshot was committed, and the option by which Paimon finds it.
fn find(folder: &Path, id: i64) -> Result<(Millis, (String, String)), LakeError> {
    if let Some(found) = metadata::snapshot(folder, id)? {
        let selector = ("scan.snapshot-id".to_owned(), id.to_string());
        return Ok((Millis(found.time_millis), selector));
    }
    let tagged = metadata::tags(folder)?.into_iter().find(|(_, kept)| kept.id == id);
    let (name, kept) =
        tagged.ok_or_else(|| LakeError::Gone { what: format!("snapshot {id} of {}", folder.display()) })?;
    Ok((Millis(kept.time_millis), ("scan.tag-name".to_owned(), name)))
}
