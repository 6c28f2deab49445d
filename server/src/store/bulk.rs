//! Many rows in one statement: what a request of 5,000 tables writes and looks up.

use std::collections::BTreeMap;

use domain::ids::{ItemId, JobId, RequestId, RouteId, TeamId};
use domain::item::Item;
use domain::name::TableName;
use domain::request::AskedTable;
use domain::tier::Tier;
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use super::StoreError;
use super::items::{ItemRecord, Items, SELECT, record};
use super::rows::{Reading, big, list, places, rows_of, to_json};
use super::tables::{Table, Tables, table};

/// Who writes a table of the lake: an item that lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writer {
    /// The table of the lake.
    pub target: TableName,
    /// The table it brings.
    pub table: AskedTable,
    /// The request it belongs to.
    pub request: RequestId,
    /// The route it goes by.
    pub route: RouteId,
}

impl Items<'_> {
    /// Writes new items with their positions. [`StoreError::Taken`] when one of the same (source, table, route), or of
    /// the same target by whatever route, lives: then none is written.
    pub async fn add_all(self, items: &[(Item, i64)], team: Option<&TeamId>) -> Result<(), StoreError> {
        for chunk in items.chunks(rows_of(20)) {
            let sql = format!(
                "INSERT INTO items (id, request_id, position, requester_id, team_id, source_id, database_name, table_name,
                    route_id, target_database, target_table, tier, job_id, state, since, alive, body, version,
                    kind, reads_item)
                 VALUES {}",
                places(chunk.len(), 20, 1)
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for (item, position) in chunk {
                query = query
                    .bind(item.id.as_str())
                    .bind(item.request.as_str())
                    .bind(position)
                    .bind(item.requester.as_str())
                    .bind(team.map(TeamId::as_str))
                    .bind(item.source.as_str())
                    .bind(item.table.database.as_str())
                    .bind(item.table.table.as_str())
                    .bind(item.route.as_str())
                    .bind(item.target.database.as_str())
                    .bind(item.target.table.as_str())
                    .bind(item.tier.word())
                    .bind(item.job.as_ref().map(JobId::as_str))
                    .bind(item.state.word())
                    .bind(item.state.since().0)
                    .bind(i64::from(item.state.alive()))
                    .bind(to_json(&item.state))
                    .bind(1_i64)
                    .bind(item.kind.word())
                    .bind(item.kind.reads().map(ItemId::as_str));
            }
            query.execute(&mut *self.0.sql).await.map_err(StoreError::taken("a table's place in the lake"))?;
        }
        Ok(())
    }

    /// Shows items of other requests in this one.
    pub async fn link_all(self, request: &RequestId, items: &[(ItemId, i64)]) -> Result<(), StoreError> {
        for chunk in items.chunks(rows_of(3)) {
            let sql = format!("INSERT INTO links (request_id, item_id, position) VALUES {}", places(chunk.len(), 3, 1));
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for (item, position) in chunk {
                query = query.bind(request.as_str()).bind(item.as_str()).bind(position);
            }
            query.execute(&mut *self.0.sql).await?;
        }
        Ok(())
    }

    /// The living items that bring some tables on a route.
    pub async fn living_among(
        self,
        tables: &[AskedTable],
        route: &RouteId,
    ) -> Result<BTreeMap<AskedTable, ItemRecord>, StoreError> {
        let mut living = BTreeMap::new();
        for chunk in tables.chunks(rows_of(3)) {
            let sql = format!(
                "{SELECT} WHERE i.route_id = $1 AND i.alive = 1 AND i.kind = 'bring'
                    AND (i.source_id, i.database_name, i.table_name) IN (VALUES {})",
                places(chunk.len(), 3, 2)
            );
            let query = sqlx::query(AssertSqlSafe(sql)).bind(route.as_str());
            for row in &bind_tables(query, chunk).fetch_all(&mut *self.0.sql).await? {
                let record = record(row)?;
                let table = AskedTable { source: record.item.source.clone(), table: record.item.table.clone() };
                living.insert(table, record);
            }
        }
        Ok(living)
    }

    /// Which of some tables an item lives for on any route, and whether one is in the lake.
    pub async fn brought_among(self, tables: &[AskedTable]) -> Result<BTreeMap<AskedTable, bool>, StoreError> {
        let mut brought = BTreeMap::new();
        for chunk in tables.chunks(rows_of(3)) {
            let sql = format!(
                "SELECT source_id, database_name, table_name, CASE WHEN landed IS NULL THEN 0 ELSE 1 END AS landed
                 FROM items WHERE alive = 1 AND kind = 'bring' AND (source_id, database_name, table_name) IN (VALUES {})",
                places(chunk.len(), 3, 1)
            );
            for row in &bind_tables(sqlx::query(AssertSqlSafe(sql)), chunk).fetch_all(&mut *self.0.sql).await? {
                let row = Reading::new(row, "items", "table_name")?;
                let landed = row.flag("landed")?;
                brought.entry(asked(&row)?).and_modify(|known| *known |= landed).or_insert(landed);
            }
        }
        Ok(brought)
    }

    /// Gives the items of a request that nobody decided about another route and another promise, and the names that
    /// they have in the lake by that route.
    pub async fn redirect(
        self,
        request: &RequestId,
        route: &RouteId,
        tier: Tier,
        targets: &[(ItemId, TableName)],
    ) -> Result<(), StoreError> {
        for chunk in targets.chunks(rows_of(3)) {
            let sql = format!(
                "UPDATE items SET target_database = v.column2, target_table = v.column3
                 FROM (VALUES {}) AS v
                 WHERE items.id = v.column1 AND request_id = $1 AND kind = 'bring' AND state IN ('submitted', 'sent_back')",
                places(chunk.len(), 3, 2)
            );
            let mut query = sqlx::query(AssertSqlSafe(sql)).bind(request.as_str());
            for (item, target) in chunk {
                query = query.bind(item.as_str()).bind(target.database.as_str()).bind(target.table.as_str());
            }
            query.execute(&mut *self.0.sql).await.map_err(StoreError::taken("a table's place in the lake"))?;
        }
        sqlx::query(
            "UPDATE items SET route_id = $2, tier = $3, version = version + 1
             WHERE request_id = $1 AND kind = 'bring' AND state IN ('submitted', 'sent_back')",
        )
        .bind(request.as_str())
        .bind(route.as_str())
        .bind(tier.word())
        .execute(&mut *self.0.sql)
        .await
        .map(drop)
        .map_err(StoreError::taken("a table's place in the lake"))
    }

    /// Does not show an item of another request in this one any more.
    pub async fn unlink(self, request: &RequestId, item: &ItemId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM links WHERE request_id = $1 AND item_id = $2")
            .bind(request.as_str())
            .bind(item.as_str())
            .execute(&mut *self.0.sql)
            .await?;
        Ok(())
    }

    /// Which of some names in the lake living items have, by whatever route and whatever their case.
    pub async fn targets_among(self, targets: &[TableName]) -> Result<Vec<Writer>, StoreError> {
        let mut taken = Vec::new();
        for chunk in targets.chunks(rows_of(2)) {
            let sql = format!(
                "SELECT i.* FROM (VALUES {}) AS v JOIN items i ON lower(i.target_database) = lower(v.column1)
                    AND lower(i.target_table) = lower(v.column2) WHERE i.alive = 1 AND i.kind = 'bring'",
                places(chunk.len(), 2, 1)
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for target in chunk {
                query = query.bind(target.database.as_str()).bind(target.table.as_str());
            }
            for row in &query.fetch_all(&mut *self.0.sql).await? {
                let row = Reading::new(row, "items", "id")?;
                let target = TableName { database: row.parsed("target_database")?, table: row.parsed("target_table")? };
                let (request, route) = (row.parsed("request_id")?, row.parsed("route_id")?);
                taken.push(Writer { target, table: asked(&row)?, request, route });
            }
        }
        Ok(taken)
    }
}

impl Tables<'_> {
    /// Some tables by name, as far as they are there.
    pub async fn among(self, tables: &[AskedTable]) -> Result<BTreeMap<AskedTable, Table>, StoreError> {
        let mut found = BTreeMap::new();
        for chunk in tables.chunks(rows_of(3)) {
            let sql = format!(
                "SELECT * FROM tables
                 WHERE gone_at IS NULL AND (source_id, database_name, table_name) IN (VALUES {})",
                places(chunk.len(), 3, 1)
            );
            for row in &bind_tables(sqlx::query(AssertSqlSafe(sql)), chunk).fetch_all(&mut *self.0.sql).await? {
                let table = table(row)?;
                let name = AskedTable { source: table.source.clone(), table: table.shape.name.clone() };
                found.insert(name, table);
            }
        }
        Ok(found)
    }

    /// Rows and bytes of some tables, as far as they are there.
    pub async fn sizes_among(
        self,
        tables: &[AskedTable],
    ) -> Result<BTreeMap<AskedTable, (Option<u64>, Option<u64>)>, StoreError> {
        let mut found = BTreeMap::new();
        for chunk in tables.chunks(rows_of(3)) {
            let sql = format!(
                "SELECT source_id, database_name, table_name, row_estimate, byte_estimate FROM tables
                 WHERE gone_at IS NULL AND (source_id, database_name, table_name) IN (VALUES {})",
                places(chunk.len(), 3, 1)
            );
            for row in &bind_tables(sqlx::query(AssertSqlSafe(sql)), chunk).fetch_all(&mut *self.0.sql).await? {
                let row = Reading::new(row, "tables", "table_name")?;
                let sizes = (row.maybe_count("row_estimate")?, row.maybe_count("byte_estimate")?);
                found.insert(asked(&row)?, sizes);
            }
        }
        Ok(found)
    }

    /// Tables of any source whose own name, in lower case, is one of these.
    pub async fn called(self, names: &[String]) -> Result<Vec<AskedTable>, StoreError> {
        let mut found = Vec::new();
        for chunk in names.chunks(rows_of(1)) {
            let sql = format!(
                "SELECT source_id, database_name, table_name FROM tables
                 WHERE gone_at IS NULL AND lower(table_name) IN {}
                 ORDER BY database_name, table_name, source_id",
                list(chunk.len(), 1)
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for name in chunk {
                query = query.bind(name.as_str());
            }
            found.extend(all_asked(&query.fetch_all(&mut *self.0.sql).await?)?);
        }
        Ok(found)
    }

    /// Tables of any source whose own name, in lower case, begins with these [`START`] letters; at most so many.
    pub async fn beginning(self, start: &str, limit: usize) -> Result<Vec<AskedTable>, StoreError> {
        let rows = sqlx::query(
            "SELECT source_id, database_name, table_name FROM tables
             WHERE gone_at IS NULL AND substr(lower(table_name), 1, 3) = $1
             ORDER BY database_name, table_name, source_id LIMIT $2",
        )
        .bind(start)
        .bind(big(limit as u64))
        .fetch_all(&mut *self.0.sql)
        .await?;
        all_asked(&rows)
    }
}

/// How many letters [`Tables::beginning`] goes by; its index says the same.
pub const START: usize = 3;

type Query<'q> = sqlx::query::Query<'q, sqlx::Any, sqlx::any::AnyArguments>;

fn bind_tables<'q>(mut query: Query<'q>, tables: &'q [AskedTable]) -> Query<'q> {
    for each in tables {
        query = query.bind(each.source.as_str()).bind(each.table.database.as_str()).bind(each.table.table.as_str());
    }
    query
}

fn asked(row: &Reading<'_>) -> Result<AskedTable, StoreError> {
    let table = TableName { database: row.parsed("database_name")?, table: row.parsed("table_name")? };
    Ok(AskedTable { source: row.parsed("source_id")?, table })
}

fn all_asked(rows: &[AnyRow]) -> Result<Vec<AskedTable>, StoreError> {
    rows.iter().map(|row| asked(&Reading::new(row, "tables", "table_name")?)).collect()
}
