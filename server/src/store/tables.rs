//! Tables of the catalogue, as they were when their source was last read.

use domain::column::TableShape;
use domain::ids::SourceId;
use domain::name::TableName;
use domain::time::Millis;
use sqlx::any::AnyRow;

use super::rows::{Reading, big, like, to_json};
use super::{StoreError, Tx};

/// Tables of the catalogue.
pub struct Tables<'t>(pub(super) &'t mut Tx);

/// A table of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its source.
    pub source: SourceId,
    /// Name, comment, columns, key.
    pub shape: TableShape,
    /// Rows, estimated.
    pub rows: Option<u64>,
    /// Bytes, estimated.
    pub bytes: Option<u64>,
    /// When that was read.
    pub counted_at: Millis,
}

/// A table as it stands in its row: for who reads very many and needs little of each.
#[derive(Debug)]
pub struct Raw {
    /// The database's name.
    pub database: String,
    /// The table's name.
    pub table: String,
    /// Its comment.
    pub comment: String,
    /// Its columns as JSON.
    pub columns: String,
    /// The names of its key's columns as JSON.
    pub primary_key: String,
    /// Rows, estimated.
    pub rows: Option<u64>,
    /// Bytes, estimated.
    pub bytes: Option<u64>,
    /// When that was read.
    pub counted_at: Millis,
}

/// What a list of tables is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// Words that must all occur in database, name, comment or columns.
    pub words: Vec<String>,
    /// Only this source.
    pub source: Option<SourceId>,
    /// Only what comes after this key.
    pub after: Option<(String, String, String)>,
    /// At most so many.
    pub limit: i64,
}

impl Tables<'_> {
    /// Writes a table as it was just read; a table that had vanished is back.
    pub async fn put(self, table: &Table) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO tables (source_id, database_name, table_name, comment, columns, primary_key,
                                 row_estimate, byte_estimate, counted_at, gone_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL)
             ON CONFLICT (source_id, database_name, table_name) DO UPDATE SET
                comment = excluded.comment, columns = excluded.columns, primary_key = excluded.primary_key,
                row_estimate = excluded.row_estimate, byte_estimate = excluded.byte_estimate,
                counted_at = excluded.counted_at, gone_at = NULL",
        )
        .bind(table.source.as_str())
        .bind(table.shape.name.database.as_str())
        .bind(table.shape.name.table.as_str())
        .bind(table.shape.comment.as_str())
        .bind(to_json(&table.shape.columns))
        .bind(to_json(&table.shape.primary_key))
        .bind(table.rows.map(big))
        .bind(table.bytes.map(big))
        .bind(table.counted_at.0)
        .execute(&mut *self.0.sql)
        .await?;
        Ok(())
    }

    /// A table by name; `None` when it is not there (any more).
    pub async fn get(self, source: &SourceId, name: &TableName) -> Result<Option<Table>, StoreError> {
        let row = sqlx::query(
            "SELECT * FROM tables
             WHERE source_id = $1 AND database_name = $2 AND table_name = $3 AND gone_at IS NULL",
        )
        .bind(source.as_str())
        .bind(name.database.as_str())
        .bind(name.table.as_str())
        .fetch_optional(&mut *self.0.sql)
        .await?;
        row.as_ref().map(table).transpose()
    }

    /// Tables of a source in some fixed order, after a database and table.
    pub async fn raw(
        self,
        source: &SourceId,
        after: Option<&(String, String)>,
        limit: i64,
    ) -> Result<Vec<Raw>, StoreError> {
        let (database, table) = after.cloned().unwrap_or_default();
        let rows = sqlx::query(
            "SELECT * FROM tables WHERE source_id = $1 AND gone_at IS NULL
               AND (database_name > $2 OR (database_name = $2 AND table_name > $3))
             ORDER BY database_name, table_name LIMIT $4",
        )
        .bind(source.as_str())
        .bind(database)
        .bind(table)
        .bind(limit)
        .fetch_all(&mut *self.0.sql)
        .await?;
        rows.iter().map(raw).collect()
    }

    /// Tables in the order of database, name, source.
    pub async fn list(self, search: &Search) -> Result<Vec<Table>, StoreError> {
        let (database, name, source) = search.after.clone().unwrap_or_default();
        let word = |n: usize| search.words.get(n).map_or_else(|| "%".to_owned(), |word| like(word));
        let rows = sqlx::query(
            "SELECT * FROM tables
             WHERE gone_at IS NULL AND ($1 = '' OR source_id = $1)
               AND (database_name > $2 OR (database_name = $2 AND (table_name > $3
                    OR (table_name = $3 AND source_id > $4))))
               AND lower(database_name || '.' || table_name || ' ' || comment || ' ' || columns) LIKE $5 ESCAPE '!'
               AND lower(database_name || '.' || table_name || ' ' || comment || ' ' || columns) LIKE $6 ESCAPE '!'
               AND lower(database_name || '.' || table_name || ' ' || comment || ' ' || columns) LIKE $7 ESCAPE '!'
             ORDER BY database_name, table_name, source_id LIMIT $8",
        )
        .bind(search.source.as_ref().map_or_else(String::new, |source| source.as_str().to_owned()))
        .bind(database)
        .bind(name)
        .bind(source)
        .bind(word(0))
        .bind(word(1))
        .bind(word(2))
        .bind(search.limit)
        .fetch_all(&mut *self.0.sql)
        .await?;
        rows.iter().map(table).collect()
    }

    /// How many tables a source has. It looks at each of them.
    pub async fn count(self, source: &SourceId) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM tables WHERE source_id = $1 AND gone_at IS NULL";
        let (count,): (i64,) = sqlx::query_as(sql).bind(source.as_str()).fetch_one(&mut *self.0.sql).await?;
        Ok(count.unsigned_abs())
    }
}

pub(super) fn raw(row: &AnyRow) -> Result<Raw, StoreError> {
    let row = Reading::new(row, "tables", "table_name")?;
    Ok(Raw {
        database: row.text("database_name")?,
        table: row.text("table_name")?,
        comment: row.text("comment")?,
        columns: row.text("columns")?,
        primary_key: row.text("primary_key")?,
        rows: row.maybe_count("row_estimate")?,
        bytes: row.maybe_count("byte_estimate")?,
        counted_at: Millis(row.int("counted_at")?),
    })
}

pub(super) fn named(row: &AnyRow) -> Result<TableName, StoreError> {
    let row = Reading::new(row, "tables", "table_name")?;
    Ok(TableName { database: row.parsed("database_name")?, table: row.parsed("table_name")? })
}

pub(super) fn table(row: &AnyRow) -> Result<Table, StoreError> {
    let row = Reading::new(row, "tables", "table_name")?;
    Ok(Table {
        source: row.parsed("source_id")?,
        shape: TableShape {
            name: TableName { database: row.parsed("database_name")?, table: row.parsed("table_name")? },
            comment: row.text("comment")?,
            columns: row.json("columns")?,
            primary_key: row.json("primary_key")?,
        },
        rows: row.maybe_count("row_estimate")?,
        bytes: row.maybe_count("byte_estimate")?,
        counted_at: Millis(row.int("counted_at")?),
    })
}
