//! What tables a file has, and what they look like.
//!
//! `SQLite` keeps the declared type of a column and has no comments: those come from a table
//! `_comments(table_name, column_name, comment)`, when there is one; an empty `column_name` means the table.

use std::collections::HashMap;

use domain::column::{Column, TableShape};
use domain::name::{Name, TableName};
use domain::types::lake_type;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Row};

use super::super::{SourceError, TableEntry};
use super::error;

/// The tables of a database.
pub struct Names {
    /// In order of their names.
    pub tables: Vec<TableName>,
    /// Names that the lake could not hold.
    pub refused: Vec<String>,
}

/// Every table of the database, without views, virtual tables and what is not the users'.
pub async fn names(connection: &mut SqliteConnection, database: &Name) -> Result<Names, SourceError> {
    let sql = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' ORDER BY name";
    let rows = sqlx::query_scalar::<_, String>(sql).fetch_all(connection).await;
    let rows = rows.map_err(|error| error::of(error, &error::database(database)))?;
    let mut names = Names { tables: Vec::new(), refused: Vec::new() };
    for name in rows.into_iter().filter(|name| is_users(name)) {
        match name.parse() {
            Ok(table) => names.tables.push(TableName { database: database.clone(), table }),
            Err(_) => names.refused.push(name),
        }
    }
    names.tables.sort();
    Ok(names)
}

/// The table's line in the catalogue.
pub async fn entry(connection: &mut SqliteConnection, table: &TableName) -> Result<TableEntry, SourceError> {
    let shape = shape(connection, table).await?;
    let told = |error| error::of(error, &format!("table {table}"));
    let rows = rows(connection, table).await.map_err(told)?;
    let sql = "SELECT pgsize FROM dbstat WHERE name = ?1 AND aggregate = TRUE";
    let bytes = sqlx::query_scalar::<_, i64>(sql).bind(table.table.as_str()).fetch_optional(connection).await;
    Ok(TableEntry { shape, rows, bytes: bytes.map_err(told)?.and_then(|bytes| u64::try_from(bytes).ok()) })
}

/// The table as this connection sees it now.
pub async fn shape(connection: &mut SqliteConnection, table: &TableName) -> Result<TableShape, SourceError> {
    let told = |error| error::of(error, &format!("table {table}"));
    // The pragma below does not mind upper and lower case; we do.
    // With the name as its argument it does not list all tables for each one.
    let sql = "SELECT count(*) FROM pragma_table_list(?1) WHERE schema = 'main' AND type = 'table' AND name = ?1";
    let name = table.table.as_str();
    let found = sqlx::query_scalar::<_, i64>(sql).bind(name).fetch_one(&mut *connection).await.map_err(told)?;
    if found == 0 || !is_users(name) {
        return Err(SourceError::Gone { table: table.clone() });
    }
    let sql = "SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo(?1) WHERE hidden <> 1 ORDER BY cid";
    let rows = sqlx::query(sql).bind(name).fetch_all(&mut *connection).await.map_err(told)?;
    let mut comments = comments(connection, name).await.map_err(told)?;
    let mut columns = Vec::with_capacity(rows.len());
    let mut key = Vec::new();
    for row in &rows {
        let (column, position) = column(row, table, &comments)?;
        key.extend((position > 0).then(|| (position, column.name.clone())));
        columns.push(column);
    }
    key.sort();
    let comment = comments.remove("").unwrap_or_default();
    let primary_key = key.into_iter().map(|(_, name)| name).collect();
    Ok(TableShape { name: table.clone(), comment, columns, primary_key })
}

/// The column and its place in the primary key, from 1; 0 when it is no part of it.
fn column(
    row: &SqliteRow,
    table: &TableName,
    comments: &HashMap<String, String>,
) -> Result<(Column, i64), SourceError> {
    let told = |error| error::of(error, &format!("table {table}"));
    let name: String = row.try_get(0).map_err(told)?;
    let source_type: String = row.try_get(1).map_err(told)?;
    let not_null: i64 = row.try_get(2).map_err(told)?;
    let position: i64 = row.try_get(3).map_err(told)?;
    let comment = comments.get(&name).cloned().unwrap_or_default();
    let (lake_type, loss) = match lake_type(&source_type) {
        Ok((kind, loss)) => (Some(kind), loss),
        Err(_) => (None, None),
    };
    let name = name.parse::<Name>().map_err(|bad| SourceError::Other {
        what: format!("table {table}: it has a column whose name the lake cannot hold"),
        cause: Some(bad.into()),
    })?;
    let nullable = not_null == 0 && position == 0;
    Ok((Column { name, source_type, nullable, comment, lake_type, loss }, position))
}

/// Comments by column; the table's own under the empty name.
async fn comments(connection: &mut SqliteConnection, table: &str) -> Result<HashMap<String, String>, sqlx::Error> {
    let columns = "SELECT count(*) FROM pragma_table_info('_comments') \
                   WHERE name IN ('table_name', 'column_name', 'comment')";
    if sqlx::query_scalar::<_, i64>(columns).fetch_one(&mut *connection).await? != 3 {
        return Ok(HashMap::new());
    }
    let sql = "SELECT ifnull(CAST(column_name AS TEXT), ''), CAST(comment AS TEXT) FROM _comments \
               WHERE table_name = ?1 AND comment IS NOT NULL";
    Ok(sqlx::query_as(sql).bind(table).fetch_all(connection).await?.into_iter().collect())
}

/// About how many rows, as `ANALYZE` left it; an empty table is known to be empty.
async fn rows(connection: &mut SqliteConnection, table: &TableName) -> Result<Option<u64>, sqlx::Error> {
    let sql = AssertSqlSafe(format!("SELECT EXISTS (SELECT 1 FROM main.{})", quoted(&table.table)));
    if sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut *connection).await? == 0 {
        return Ok(Some(0));
    }
    let analyzed = "SELECT count(*) FROM pragma_table_list('sqlite_stat1') WHERE schema = 'main'";
    if sqlx::query_scalar::<_, i64>(analyzed).fetch_one(&mut *connection).await? == 0 {
        return Ok(None);
    }
    let sql = "SELECT CAST(stat AS TEXT) FROM sqlite_stat1 WHERE tbl = ?1 AND stat IS NOT NULL LIMIT 1";
    let stat: Option<String> = sqlx::query_scalar(sql).bind(table.table.as_str()).fetch_optional(connection).await?;
    Ok(stat.and_then(|stat| stat.split(' ').next()?.parse().ok()))
}

/// A name inside SQL.
pub fn quoted(name: &Name) -> String {
    format!("\"{}\"", name.as_str().replace('"', "\"\""))
}

fn is_users(table: &str) -> bool {
    !table.starts_with("_comments") && !table.to_ascii_lowercase().starts_with("sqlite_")
}
