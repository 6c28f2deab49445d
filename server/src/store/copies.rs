//! Copies of the embedded engine. The intent is written before the copy begins, the count before it commits, the end
//! after: so that whoever comes after a `kill -9` knows what may have happened.

use domain::cause::Cause;
use domain::ids::{CopyId, ItemId};
use domain::name::Name;
use domain::proof::Landed;
use domain::time::Millis;
use sqlx::any::AnyRow;

use super::rows::{Reading, big, to_json};
use super::{StoreError, Tx};

/// Copies of the embedded engine.
pub struct Copies<'t>(pub(super) &'t mut Tx);

/// One copy of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyRecord {
    /// The id; also in the commit user of its snapshot.
    pub id: CopyId,
    /// The item it was made for.
    pub item: ItemId,
    /// When it began.
    pub begun_at: Millis,
    /// How far it came.
    pub end: CopyEnd,
}

/// How far a copy came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CopyEnd {
    /// It was begun; nothing is committed.
    Begun,
    /// All rows are written and counted; the commit may or may not have happened.
    Counted {
        /// Rows, equal on both sides.
        rows: u64,
        /// When the read began.
        read_at: Millis,
        /// The columns that read saw at the source.
        columns: Vec<Name>,
    },
    /// It was committed.
    Landed(Landed),
    /// It ended without a commit.
    Failed {
        /// Why.
        cause: Cause,
        /// When.
        at: Millis,
    },
}

impl Copies<'_> {
    /// Writes the intent.
    pub async fn begin(self, id: &CopyId, item: &ItemId, at: Millis) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO copies (id, item_id, state, begun_at) VALUES ($1, $2, 'begun', $3)")
            .bind(id.as_str())
            .bind(item.as_str())
            .bind(at.0)
            .execute(&mut *self.0.sql)
            .await?;
        Ok(())
    }

    /// Writes the count, before the commit.
    pub async fn counted(self, id: &CopyId, rows: u64, read_at: Millis, columns: &[Name]) -> Result<(), StoreError> {
        sqlx::query("UPDATE copies SET state = 'counted', counted = $2, read_at = $3, columns = $4 WHERE id = $1")
            .bind(id.as_str())
            .bind(big(rows))
            .bind(read_at.0)
            .bind(to_json(&columns))
            .execute(&mut *self.0.sql)
            .await?;
        Ok(())
    }

    /// Writes that it was committed.
    pub async fn landed(self, id: &CopyId, landed: &Landed) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE copies SET state = 'landed', counted = $2, read_at = $3, snapshot = $4, ended_at = $5,
                columns = $6 WHERE id = $1",
        )
        .bind(id.as_str())
        .bind(big(landed.rows))
        .bind(landed.read_at.0)
        .bind(landed.snapshot)
        .bind(landed.committed_at.0)
        .bind(to_json(&landed.columns))
        .execute(&mut *self.0.sql)
        .await?;
        Ok(())
    }

    /// Writes that it ended without a commit.
    pub async fn failed(self, id: &CopyId, cause: &Cause, at: Millis) -> Result<(), StoreError> {
        sqlx::query("UPDATE copies SET state = 'failed', cause = $2, ended_at = $3 WHERE id = $1")
            .bind(id.as_str())
            .bind(to_json(cause))
            .bind(at.0)
            .execute(&mut *self.0.sql)
            .await?;
        Ok(())
    }

    /// The newest copy of an item.
    pub async fn newest(self, item: &ItemId) -> Result<Option<CopyRecord>, StoreError> {
        let row = sqlx::query("SELECT * FROM copies WHERE item_id = $1 ORDER BY begun_at DESC, id DESC LIMIT 1")
            .bind(item.as_str())
            .fetch_optional(&mut *self.0.sql)
            .await?;
        row.as_ref().map(copy).transpose()
    }

    /// All copies of an item that landed, newest first.
    pub async fn landed_of(self, item: &ItemId, limit: i64) -> Result<Vec<CopyRecord>, StoreError> {
        let rows = sqlx::query(
            "SELECT * FROM copies WHERE item_id = $1 AND state = 'landed' ORDER BY begun_at DESC, id DESC LIMIT $2",
        )
        .bind(item.as_str())
        .bind(limit)
        .fetch_all(&mut *self.0.sql)
        .await?;
        rows.iter().map(copy).collect()
    }
}

fn copy(row: &AnyRow) -> Result<CopyRecord, StoreError> {
    let row = Reading::new(row, "copies", "id")?;
    let need = |value: Option<i64>, what: &str| value.ok_or_else(|| row.odd(what));
    let rows = || row.maybe_count("counted")?.ok_or_else(|| row.odd("counted"));
    let columns = || row.maybe_json("columns")?.ok_or_else(|| row.odd("columns"));
    let end = match row.text("state")?.as_str() {
        "begun" => CopyEnd::Begun,
        "counted" => {
            let read_at = Millis(need(row.maybe_int("read_at")?, "read_at")?);
            CopyEnd::Counted { rows: rows()?, read_at, columns: columns()? }
        }
        "landed" => CopyEnd::Landed(Landed {
            snapshot: need(row.maybe_int("snapshot")?, "snapshot")?,
            rows: rows()?,
            read_at: Millis(need(row.maybe_int("read_at")?, "read_at")?),
            committed_at: Millis(need(row.maybe_int("ended_at")?, "ended_at")?),
            columns: columns()?,
        }),
        "failed" => CopyEnd::Failed {
            cause: row.maybe_json("cause")?.ok_or_else(|| row.odd("cause"))?,
            at: Millis(need(row.maybe_int("ended_at")?, "ended_at")?),
        },
        other => return Err(row.odd(other)),
    };
    Ok(CopyRecord { id: row.parsed("id")?, item: row.parsed("item_id")?, begun_at: Millis(row.int("begun_at")?), end })
}
