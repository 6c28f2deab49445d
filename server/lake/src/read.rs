//! Rows of a table: how many there are, and the first few.

use domain::name::TableName;
use domain::time::Millis;
use futures::StreamExt;
use paimon::Table;

use crate::warehouse::off_thread;
use crate::{LakeError, Warehouse, cell, metadata};

/// The first rows of a table, as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Names of the columns, by the schema of the snapshot.
    pub columns: Vec<String>,
    /// Rows of cells in the order of the columns; null is `None`. Text is cut after 200 characters and bytes
    /// (`0x…`) after 32, both with an ellipsis. With a primary key rows come in its order.
    pub rows: Vec<Vec<Option<String>>>,
    /// The snapshot read.
    pub snapshot_id: i64,
    /// When that snapshot was committed.
    pub at: Millis,
}

impl Warehouse {
    /// How many rows the table holds at its newest snapshot, keys merged. Exact.
    ///
    /// `Gone` when there is no table or when nothing was ever committed.
    pub async fn count(&self, table: &TableName) -> Result<u64, LakeError> {
        let newest = self.newest_id(table).await?;
        match self.count_at(table, newest).await {
            // Another engine expired the snapshot meanwhile: then there is a newer one.
            Err(LakeError::Gone { .. }) => self.count_at(table, self.newest_id(table).await?).await,
            counted => counted,
        }
    }

    /// How many rows the table held at a snapshot, keys merged. Exact.
    pub async fn count_at(&self, table: &TableName, snapshot: i64) -> Result<u64, LakeError> {
        let (then, _) = self.open_at(table, snapshot).await?;
        let counted = Box::pin(count_rows(&then)).await;
        counted.map_err(|error| LakeError::paimon(format!("count the rows of {table}"), &self.folder(table), error))
    }

    /// The first rows of the table at its newest snapshot.
    ///
    /// `Gone` when there is no table or when nothing was ever committed.
    pub async fn preview(&self, table: &TableName, limit: usize) -> Result<Preview, LakeError> {
        let newest = self.newest_id(table).await?;
        match self.preview_at(table, limit, newest).await {
            Err(LakeError::Gone { .. }) => self.preview_at(table, limit, self.newest_id(table).await?).await,
            seen => seen,
        }
    }

    /// The first rows of the table at a snapshot.
    pub async fn preview_at(&self, table: &TableName, limit: usize, snapshot: i64) -> Result<Preview, LakeError> {
        let (then, at) = self.open_at(table, snapshot).await?;
        let rows = Box::pin(first_rows(&then, limit))
            .await
            .map_err(|error| LakeError::paimon(format!("read rows of {table}"), &self.folder(table), error))?;
        Ok(Preview {
            columns: then.schema().fields().iter().map(|field| field.name().to_owned()).collect(),
            rows,
            snapshot_id: snapshot,
            at,
        })
    }

    async fn newest_id(&self, table: &TableName) -> Result<i64, LakeError> {
        let (folder, table) = (self.folder(table), table.clone());
        off_thread(move || match metadata::newest(&folder)? {
            Some(newest) => Ok(newest.id),
            None => Err(LakeError::Gone { what: format!("a snapshot of table {table}") }),
        })
        .await
    }
}

/// Files without keys to merge are counted by what their metadata says; of the others the keys are read.
async fn count_rows(then: &Table) -> paimon::Result<u64> {
    let mut builder = then.new_read_builder();
    let keys: Vec<&str> = match then.schema().primary_keys() {
        [] => then.schema().fields().iter().take(1).map(paimon::spec::DataField::name).collect(),
        keys => keys.iter().map(String::as_str).collect(),
    };
    builder.with_projection(&keys)?;
    let plan = builder.new_scan().plan().await?;
    let mut total = 0;
    let mut unmerged = Vec::new();
    for split in plan.into_splits() {
        match split.merged_row_count().and_then(|rows| u64::try_from(rows).ok()) {
            Some(rows) => total += rows,
            None => unmerged.push(split),
        }
    }
    let mut batches = builder.new_read()?.to_arrow(&unmerged)?;
    while let Some(batch) = batches.next().await {
        total += batch?.num_rows() as u64;
    }
    Ok(total)
}

/// The limit is only a hint to Paimon: the rows are counted here, and the stream is dropped early.
async fn first_rows(then: &Table, limit: usize) -> paimon::Result<Vec<Vec<Option<String>>>> {
    let mut builder = then.new_read_builder();
    builder.with_limit(limit);
    let plan = builder.new_scan().plan().await?;
    let mut batches = builder.new_read()?.to_arrow(plan.splits())?;
    let mut rows = Vec::new();
    while rows.len() < limit {
        let Some(batch) = batches.next().await else { break };
        let first = cell::rows(&batch?, limit - rows.len());
        rows.extend(first.map_err(|error| paimon::Error::DataInvalid {
            message: "cannot show a batch as text".to_owned(),
            source: Some(Box::new(error)),
        })?);
    }
    Ok(rows)
}
