//! Readings of catalogues: pages kept aside until a source was read whole, then one switch; and what was different.

use std::collections::BTreeMap;

use domain::column::TableShape;
use domain::difference::Difference;
use domain::ids::SourceId;
use domain::name::TableName;
use domain::time::{DAY, Millis};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use super::rows::{Reading, big, places, to_json};
use super::tables::{Raw, Table, named, raw};
use super::{StoreError, Tx};

/// How long differences are kept.
const KEEP: i64 = 90 * DAY;
/// So many tables of pages kept aside are forgotten at once.
const SOME: i64 = 500;
/// So many tables are written in one statement: of values by number each is looked up among all of its statement.
const A_STATEMENT: usize = 50;

/// Readings of catalogues.
pub struct Readings<'t>(pub(super) &'t mut Tx);

/// How the reading of a source stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The source.
    pub source: SourceId,
    /// Since when somebody wants it read.
    pub wanted_at: Option<Millis>,
    /// Since when one is under way; one that died leaves it standing.
    pub begun_at: Option<Millis>,
    /// Tables seen by the one under way.
    pub seen: u64,
    /// When the last one ended, well or not.
    pub ended_at: Option<Millis>,
    /// When the last one that met anything new began.
    pub changed_at: Option<Millis>,
}

/// What the catalogue knows of a table. Most are as before, which is seen without understanding their columns.
#[derive(Debug)]
pub struct Known {
    name: TableName,
    /// As it stands in its row.
    pub raw: Raw,
    /// Whether it had vanished.
    pub gone: bool,
}

/// What a page holds of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// All as before.
    Same(TableName),
    /// Only rows or bytes are others.
    Counted(Table),
    /// It is new, or another.
    Different(Table, Difference),
}

/// What a whole reading came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// Tables that are there.
    pub tables: u64,
    /// Tables that are new.
    pub appeared: u64,
    /// Tables that are others.
    pub changed: u64,
    /// Tables that are not there any more.
    pub vanished: u64,
}

/// What became of a table, and when that was met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableChange {
    /// The table.
    pub table: TableName,
    /// When the reading that met it began.
    pub at: Millis,
    /// What became of it.
    pub difference: Difference,
}

/// Tables that are there and were not read.
const VANISHED: &str = "t.source_id = $1 AND t.gone_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM tables_read r WHERE r.source_id = t.source_id AND r.database_name = t.database_name
        AND r.table_name = t.table_name)";

impl Readings<'_> {
    /// How the readings of all sources stand that were ever read or wanted.
    pub async fn all(self) -> Result<Vec<Standing>, StoreError> {
        let rows = sqlx::query("SELECT * FROM readings").fetch_all(&mut *self.0.sql).await?;
        rows.iter().map(standing).collect()
    }

    /// Somebody wants a source read now.
    pub async fn want(self, source: &SourceId, by: &str, at: Millis) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO readings (source_id, wanted_at, wanted_by, seen) VALUES ($1, $2, $3, 0)
             ON CONFLICT (source_id) DO UPDATE SET wanted_at = excluded.wanted_at, wanted_by = excluded.wanted_by",
        )
        .bind(source.as_str())
        .bind(at.0)
        .bind(by)
        .execute(&mut *self.0.sql)
        .await?;
        Ok(())
    }

    /// Begins a reading: what one that died left aside is forgotten.
    pub async fn begin(self, source: &SourceId, at: Millis) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO readings (source_id, begun_at, seen) VALUES ($1, $2, 0)
             ON CONFLICT (source_id) DO UPDATE SET begun_at = excluded.begun_at, seen = 0",
        )
        .bind(source.as_str())
        .bind(at.0)
        .execute(&mut *self.0.sql)
        .await?;
        self.0.readings().forget_pages(source).await
    }

    /// Forgets some of the pages that were kept aside: all at once would keep others from writing. `false` when none is left.
    pub async fn forget_some(self, source: &SourceId) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "DELETE FROM tables_read WHERE source_id = $1 AND (database_name, table_name) IN
                (SELECT database_name, table_name FROM tables_read WHERE source_id = $1 LIMIT $2)",
        )
        .bind(source.as_str())
        .bind(SOME)
        .execute(&mut *self.0.sql)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    async fn forget_pages(self, source: &SourceId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM tables_read WHERE source_id = $1")
            .bind(source.as_str())
            .execute(&mut *self.0.sql)
            .await?;
        Ok(())
    }

    /// What the catalogue knows of these tables.
    pub async fn known(self, source: &SourceId, names: &[TableName]) -> Result<BTreeMap<TableName, Known>, StoreError> {
        let places = |n: usize| format!("(${}, ${})", 2 * n + 2, 2 * n + 3);
        let values = (0..names.len()).map(places).collect::<Vec<_>>().join(", ");
        // From the names to the tables, or each page would walk through all tables of the source.
        let sql = format!(
            "WITH named (d, n) AS (VALUES {values}) SELECT t.* FROM named CROSS JOIN tables t
             WHERE t.source_id = $1 AND t.database_name = named.d AND t.table_name = named.n"
        );
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(source.as_str());
        for name in names {
            query = query.bind(name.database.as_str()).bind(name.table.as_str());
        }
        let rows = query.fetch_all(&mut *self.0.sql).await?;
        let known = |row: &AnyRow| {
            let gone = Reading::new(row, "tables", "table_name")?.maybe_int("gone_at")?.is_some();
            let (name, raw) = (named(row)?, raw(row)?);
            Ok((name.clone(), Known { name, raw, gone }))
        };
        rows.iter().map(known).collect()
    }

    /// Keeps a page aside.
    pub async fn page(self, source: &SourceId, page: &[Fate]) -> Result<(), StoreError> {
        for some in page.chunks(A_STATEMENT) {
            let sql = format!(
                "INSERT INTO tables_read (source_id, database_name, table_name, fate, difference, comment, columns,
                                          primary_key, row_estimate, byte_estimate)
                 VALUES {} ON CONFLICT DO NOTHING",
                places(some.len(), 10, 1)
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for fate in some {
                let (name, table, difference) = match fate {
                    Fate::Same(name) => (name, None, None),
                    Fate::Counted(table) => (&table.shape.name, Some(table), None),
                    Fate::Different(table, difference) => (&table.shape.name, Some(table), Some(difference)),
                };
                let body = difference.and(table);
                query = query
                    .bind(source.as_str())
                    .bind(name.database.as_str())
                    .bind(name.table.as_str())
                    .bind(difference.map_or(if table.is_some() { "counted" } else { "same" }, Difference::word))
                    .bind(difference.map(to_json))
                    .bind(body.map(|table| table.shape.comment.clone()))
                    .bind(body.map(|table| to_json(&table.shape.columns)))
                    .bind(body.map(|table| to_json(&table.shape.primary_key)))
                    .bind(table.and_then(|table| table.rows).map(big))
                    .bind(table.and_then(|table| table.bytes).map(big));
            }
            query.execute(&mut *self.0.sql).await?;
        }
        sqlx::query("UPDATE readings SET seen = seen + $2 WHERE source_id = $1")
            .bind(source.as_str())
            .bind(big(page.len() as u64))
            .execute(&mut *self.0.sql)
            .await?;
        Ok(())
    }

    /// Makes the pages the catalogue, all at once. A first reading keeps no differences: everything is new.
    pub async fn switch(self, source: &SourceId, begun: Millis, first: bool) -> Result<Sums, StoreError> {
        let sums = self.0.readings().sums(source).await?;
        let id = source.as_str();
        let sql = &mut *self.0.sql;
        if !first {
            sqlx::query(
                "INSERT INTO table_changes (source_id, at, database_name, table_name, difference)
                 SELECT source_id, $2, database_name, table_name, difference FROM tables_read
                 WHERE source_id = $1 AND difference IS NOT NULL ON CONFLICT DO NOTHING",
            )
            .bind(id)
            .bind(begun.0)
            .execute(&mut *sql)
            .await?;
            let insert = format!(
                "INSERT INTO table_changes (source_id, at, database_name, table_name, difference)
                 SELECT t.source_id, $2, t.database_name, t.table_name, $3 FROM tables t WHERE {VANISHED}
                 ON CONFLICT DO NOTHING"
            );
            let vanished = sqlx::query(AssertSqlSafe(insert)).bind(id).bind(begun.0);
            vanished.bind(to_json(&Difference::Vanished)).execute(&mut *sql).await?;
        }
        if sums.vanished > 0 {
            let update = format!("UPDATE tables AS t SET gone_at = $2 WHERE {VANISHED}");
            sqlx::query(AssertSqlSafe(update)).bind(id).bind(begun.0).execute(&mut *sql).await?;
        }
        sqlx::query(
            "INSERT INTO tables (source_id, database_name, table_name, comment, columns, primary_key,
                                 row_estimate, byte_estimate, counted_at, gone_at)
             SELECT source_id, database_name, table_name, comment, columns, primary_key,
                    row_estimate, byte_estimate, $2, NULL
             FROM tables_read WHERE source_id = $1 AND difference IS NOT NULL
             ON CONFLICT (source_id, database_name, table_name) DO UPDATE SET
                comment = excluded.comment, columns = excluded.columns, primary_key = excluded.primary_key,
                row_estimate = excluded.row_estimate, byte_estimate = excluded.byte_estimate,
                counted_at = excluded.counted_at, gone_at = NULL",
        )
        .bind(id)
        .bind(begun.0)
        .execute(&mut *sql)
        .await?;
        sqlx::query(
            "UPDATE tables SET row_estimate = r.row_estimate, byte_estimate = r.byte_estimate, counted_at = $2
             FROM tables_read r WHERE r.source_id = $1 AND r.fate = 'counted' AND tables.source_id = r.source_id
                AND tables.database_name = r.database_name AND tables.table_name = r.table_name",
        )
        .bind(id)
        .bind(begun.0)
        .execute(&mut *sql)
        .await?;
        sqlx::query(
            // Never the same twice: who follows goes by it.
            "UPDATE readings SET changed_at = CASE WHEN changed_at >= $2 THEN changed_at + 1 ELSE $2 END WHERE source_id = $1 AND ($3 > 0
                OR EXISTS (SELECT 1 FROM tables_read r WHERE r.source_id = $1 AND r.fate <> 'same'))",
        )
        .bind(id)
        .bind(begun.0)
        .bind(big(sums.vanished))
        .execute(&mut *sql)
        .await?;
        sqlx::query("DELETE FROM table_changes WHERE source_id = $1 AND at < $2")
            .bind(id)
            .bind(begun.plus(-KEEP).0)
            .execute(&mut *sql)
            .await?;
        Ok(sums)
    }

    async fn sums(self, source: &SourceId) -> Result<Sums, StoreError> {
        let rows = sqlx::query("SELECT fate, count(*) AS n FROM tables_read WHERE source_id = $1 GROUP BY fate")
            .bind(source.as_str())
            .fetch_all(&mut *self.0.sql)
            .await?;
        let mut sums = Sums::default();
        for row in &rows {
            let row = Reading::new(row, "tables_read", "fate")?;
            let n = row.maybe_count("n")?.unwrap_or_default();
            sums.tables += n;
            match row.text("fate")?.as_str() {
                "appeared" => sums.appeared = n,
                "changed" => sums.changed = n,
                _ => {}
            }
        }
        let count = format!("SELECT count(*) FROM tables t WHERE {VANISHED}");
        let (vanished,): (i64,) =
            sqlx::query_as(AssertSqlSafe(count)).bind(source.as_str()).fetch_one(&mut *self.0.sql).await?;
        Ok(Sums { vanished: vanished.unsigned_abs(), ..sums })
    }

    /// Ends a reading, well or not; a wish that came before it is fulfilled. Its pages are still to be forgotten.
    pub async fn end(self, source: &SourceId, begun: Millis, at: Millis) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE readings SET begun_at = NULL, seen = 0, ended_at = $3,
                wanted_by = CASE WHEN wanted_at <= $2 THEN NULL ELSE wanted_by END,
                wanted_at = CASE WHEN wanted_at <= $2 THEN NULL ELSE wanted_at END
             WHERE source_id = $1",
        )
        .bind(source.as_str())
        .bind(begun.0)
        .bind(at.0)
        .execute(&mut *self.0.sql)
        .await?;
        Ok(())
    }

    /// What became of a source's tables, newest first; `after` is the last one seen.
    pub async fn changes(
        self,
        source: &SourceId,
        after: Option<&(Millis, TableName)>,
        limit: i64,
    ) -> Result<Vec<TableChange>, StoreError> {
        let (at, database, table) = match after {
            Some((at, name)) => (at.0, name.database.as_str(), name.table.as_str()),
            None => (i64::MAX, "", ""),
        };
        let rows = sqlx::query(
            "SELECT * FROM table_changes WHERE source_id = $1 AND (at < $2 OR (at = $2
                AND (database_name > $3 OR (database_name = $3 AND table_name > $4))))
             ORDER BY at DESC, database_name, table_name LIMIT $5",
        )
        .bind(source.as_str())
        .bind(at)
        .bind(database)
        .bind(table)
        .bind(limit)
        .fetch_all(&mut *self.0.sql)
        .await?;
        rows.iter().map(change).collect()
    }
}

impl Known {
    /// Whether it is there and the same to the letter.
    pub fn is(&self, shape: &TableShape) -> bool {
        let same = |text: &str, now: String| text == now;
        !self.gone
            && self.name == shape.name
            && self.raw.comment == shape.comment
            && same(&self.raw.columns, to_json(&shape.columns))
            && same(&self.raw.primary_key, to_json(&shape.primary_key))
    }

    /// What it looked like.
    pub fn shape(&self) -> Result<TableShape, StoreError> {
        let odd = |problem: serde_json::Error| StoreError::Inconsistent {
            table: "tables",
            id: self.name.to_string(),
            what: problem.to_string(),
        };
        Ok(TableShape {
            name: self.name.clone(),
            comment: self.raw.comment.clone(),
            columns: serde_json::from_str(&self.raw.columns).map_err(odd)?,
            primary_key: serde_json::from_str(&self.raw.primary_key).map_err(odd)?,
        })
    }
}

fn standing(row: &AnyRow) -> Result<Standing, StoreError> {
    let row = Reading::new(row, "readings", "source_id")?;
    Ok(Standing {
        source: row.parsed("source_id")?,
        wanted_at: row.maybe_int("wanted_at")?.map(Millis),
        begun_at: row.maybe_int("begun_at")?.map(Millis),
        seen: row.maybe_count("seen")?.unwrap_or_default(),
        ended_at: row.maybe_int("ended_at")?.map(Millis),
        changed_at: row.maybe_int("changed_at")?.map(Millis),
    })
}

fn change(row: &AnyRow) -> Result<TableChange, StoreError> {
    let row = Reading::new(row, "table_changes", "table_name")?;
    Ok(TableChange {
        table: TableName { database: row.parsed("database_name")?, table: row.parsed("table_name")? },
        at: Millis(row.int("at")?),
        difference: row.json("difference")?,
    })
}
