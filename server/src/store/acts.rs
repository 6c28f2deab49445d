//! Acts on many items in few statements: they must not cost a round trip an item.

use domain::item::Item;
use sqlx::AssertSqlSafe;

use super::items::Items;
use super::rows::{rows_of, to_json};
use super::{StoreError, Tx};

/// Parameters of an item.
const EACH: usize = 11;

impl Items<'_> {
    /// Writes many items after a transition. [`StoreError::Stale`] when somebody was faster with any of them.
    pub async fn save_all(self, items: &[Item]) -> Result<(), StoreError> {
        for some in items.chunks(rows_of(EACH)) {
            if update(self.0, some).await? != some.len() as u64 {
                let id = some.first().map(|item| item.id.as_str().to_owned()).unwrap_or_default();
                return Err(StoreError::Stale { table: "items", id });
            }
        }
        Ok(())
    }
}

async fn update(tx: &mut Tx, items: &[Item]) -> Result<u64, StoreError> {
    let row = |n: usize| {
        let place = |column: usize| n * EACH + column;
        let casts = (1..=EACH).map(|column| {
            let kind = if [2, 4, 5].contains(&column) { "BIGINT" } else { "TEXT" };
            format!("CAST(${} AS {kind})", place(column))
        });
        format!("({})", casts.collect::<Vec<_>>().join(", "))
    };
    let rows: Vec<_> = (0..items.len()).map(row).collect();
    let sql = format!(
        "UPDATE items SET state = v.column3, since = v.column4, alive = v.column5, body = v.column6, job_id = v.column7,
            landed = v.column8, trouble = v.column9, kind = v.column10, reads_item = v.column11,
            told_at = CASE WHEN items.state = v.column3 THEN items.told_at ELSE NULL END, version = items.version + 1
         FROM (VALUES {}) AS v WHERE items.id = v.column1 AND items.version = v.column2",
        rows.join(", ")
    );
    let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(items.len() == 1);
    for item in items {
        query = query
            .bind(item.id.as_str().to_owned())
            .bind(item.version)
            .bind(item.state.word())
            .bind(item.state.since().0)
            .bind(i64::from(item.state.alive()))
            .bind(to_json(&item.state))
            .bind(item.job.as_ref().map(|job| job.as_str().to_owned()))
            .bind(item.landed.as_ref().map(to_json))
            .bind(item.trouble.as_ref().map(to_json))
            .bind(item.kind.word())
            .bind(item.kind.reads().map(|of| of.as_str().to_owned()));
    }
    Ok(query.execute(&mut *tx.sql).await?.rows_affected())
}
