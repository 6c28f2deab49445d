//! How others were decided about before: what a decider is shown beside what waits.

use domain::ids::{ItemId, RequestId, SourceId, TeamId};
use domain::name::TableName;
use domain::time::Millis;
use std::collections::BTreeMap;

use super::StoreError;
use super::items::Items;
use super::rows::Reading;
use super::tables::{Table, Tables, table};

/// Tables shown that were dropped before.
const MOST: i64 = 3;

impl Items<'_> {
    /// How many tables of a source are kept in the lake, and how many are being copied for the first time.
    pub async fn load_of_source(self, source: &SourceId) -> Result<(u64, u64), StoreError> {
        let (kept, copying): (i64, i64) = sqlx::query_as(
            "SELECT count(*), COALESCE(SUM(CASE WHEN state IN ('starting', 'copying') THEN 1 ELSE 0 END), 0) FROM items
             WHERE source_id = $1 AND alive = 1 AND kind = 'bring' AND job_id IS NOT NULL",
        )
        .bind(source.as_str())
        .fetch_one(&mut *self.0.sql)
        .await?;
        Ok((kept.unsigned_abs(), copying.unsigned_abs()))
    }

    /// How many tables of a request's sources a team was let in with since then, and of how many decided.
    pub async fn decided_of_team(
        self,
        team: &TeamId,
        request: &RequestId,
        since: Millis,
    ) -> Result<(u64, u64), StoreError> {
        let (let_in, of): (i64, i64) = sqlx::query_as(
            "SELECT COALESCE(SUM(CASE WHEN state IN ('dropped', 'rejected') THEN 0 ELSE 1 END), 0), count(*) FROM items
             WHERE team_id = $1 AND request_id <> $2 AND since >= $3
               AND state NOT IN ('submitted', 'sent_back', 'withdrawn')
               AND source_id IN (SELECT source_id FROM items WHERE request_id = $2)",
        )
        .bind(team.as_str())
        .bind(request.as_str())
        .bind(since.0)
        .fetch_one(&mut *self.0.sql)
        .await?;
        Ok((let_in.unsigned_abs(), of.unsigned_abs()))
    }

    /// Tables of a request that were dropped or rejected in others since then: how often, of how many decisions.
    pub async fn dropped_before(
        self,
        request: &RequestId,
        since: Millis,
    ) -> Result<Vec<(TableName, u64, u64)>, StoreError> {
        let rows = sqlx::query(
            "SELECT o.database_name, o.table_name, count(*) AS decided,
                SUM(CASE WHEN o.state IN ('dropped', 'rejected') THEN 1 ELSE 0 END) AS refused
             FROM items i JOIN items o ON o.source_id = i.source_id AND o.database_name = i.database_name
                AND o.table_name = i.table_name AND o.request_id <> i.request_id
             WHERE i.request_id = $1 AND i.state = 'submitted' AND o.since >= $2
               AND o.state NOT IN ('submitted', 'sent_back', 'withdrawn')
             GROUP BY o.database_name, o.table_name
             HAVING SUM(CASE WHEN o.state IN ('dropped', 'rejected') THEN 1 ELSE 0 END) > 0
             ORDER BY o.database_name, o.table_name LIMIT $3",
        )
        .bind(request.as_str())
        .bind(since.0)
        .bind(MOST)
        .fetch_all(&mut *self.0.sql)
        .await?;
        rows.iter()
            .map(|row| {
                let row = Reading::new(row, "items", "table_name")?;
                let name = TableName { database: row.parsed("database_name")?, table: row.parsed("table_name")? };
                let count = |column| Ok::<_, StoreError>(row.maybe_count(column)?.unwrap_or_default());
                Ok((name, count("refused")?, count("decided")?))
            })
            .collect()
    }
}

impl Tables<'_> {
    /// What the catalogue knows of the tables of a request's own items.
    pub async fn of_request(self, request: &RequestId) -> Result<BTreeMap<ItemId, Table>, StoreError> {
        let rows = sqlx::query(
            "SELECT t.*, i.id AS item_id FROM items i JOIN tables t ON t.source_id = i.source_id
                AND t.database_name = i.database_name AND t.table_name = i.table_name
             WHERE i.request_id = $1 AND t.gone_at IS NULL",
        )
        .bind(request.as_str())
        .fetch_all(&mut *self.0.sql)
        .await?;
        rows.iter().map(|row| Ok((Reading::new(row, "items", "item_id")?.parsed("item_id")?, table(row)?))).collect()
    }
}
