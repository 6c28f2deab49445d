//! What tables a file has, and what they look like.
//!
//! `SQLite` keeps the declared type of a column and has no comments: those come from a table
//! `_comments(table_name, column_name, comment)`, when there is one; an empty `column_name` means the table.

use std::collections::HashMap;

use domain::column::{Column, TableShape};
use domain::name::{Name, TableName};
use domain::types::lake_type;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::super::SourceError;
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
    let names = serde_json::json!([name]).to_string();
    let columns = columns(connection, &names).await.map_err(told)?.remove(name).unwrap_or_default();
    let comments = comments(connection, &names).await.map_err(told)?.remove(name).unwrap_or_default();
    of(table, &columns, comments)
}

/// A table from what `SQLite` says of its columns, and from the comments on it.
pub fn of(table: &TableName, said: &[SqliteRow], mut comments: Comments) -> Result<TableShape, SourceError> {
    let mut columns = Vec::with_capacity(said.len());
    let mut key = Vec::new();
    for row in said {
        let (column, position) = column(row, table, &comments)?;
        key.extend((position > 0).then(|| (position, column.name.clone())));
        columns.push(column);
    }
    key.sort();
    let comment = comments.remove("").unwrap_or_default();
    let primary_key = key.into_iter().map(|(_, name)| name).collect();
    Ok(TableShape { name: table.clone(), comment, columns, primary_key })
}

/// What `SQLite` says of the columns of tables, by table; `names` is a JSON list.
pub async fn columns(
    connection: &mut SqliteConnection,
    names: &str,
) -> Result<HashMap<String, Vec<SqliteRow>>, sqlx::Error> {
    let sql = "SELECT x.name, x.type, x.\"notnull\", x.pk, t.value FROM json_each(?1) t, pragma_table_xinfo(t.value) x \
               WHERE x.hidden <> 1 ORDER BY t.key, x.cid";
    let mut columns: HashMap<_, Vec<_>> = HashMap::new();
    for row in sqlx::query(sql).bind(names).fetch_all(connection).await? {
        columns.entry(row.try_get(4)?).or_default().push(row);
    }
    Ok(columns)
}

/// The column and its place in the primary key, from 1; 0 when it is no part of it.
fn column(row: &SqliteRow, table: &TableName, comments: &Comments) -> Result<(Column, i64), SourceError> {
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
pub type Comments = HashMap<String, String>;

/// Comments on tables, by table; `names` is a JSON list.
pub async fn comments(
    connection: &mut SqliteConnection,
    names: &str,
) -> Result<HashMap<String, Comments>, sqlx::Error> {
    let columns = "SELECT count(*) FROM pragma_table_info('_comments') \
                   WHERE name IN ('table_name', 'column_name', 'comment')";
    if sqlx::query_scalar::<_, i64>(columns).fetch_one(&mut *connection).await? != 3 {
        return Ok(HashMap::new());
    }
    let sql = "SELECT CAST(table_name AS TEXT), ifnull(CAST(column_name AS TEXT), ''), CAST(comment AS TEXT) \
               FROM _comments WHERE table_name IN (SELECT value FROM json_each(?1)) AND comment IS NOT NULL";
    let rows: Vec<(String, String, String)> = sqlx::query_as(sql).bind(names).fetch_all(connection).await?;
    let mut comments: HashMap<_, Comments> = HashMap::new();
    for (table, column, comment) in rows {
        comments.entry(table).or_default().insert(column, comment);
    }
    Ok(comments)
}

/// A name inside SQL.
pub fn quoted(name: &Name) -> String {
    format!("\"{}\"", name.as_str().replace('"', "\"\""))
}

fn is_users(table: &str) -> bool {
    !table.starts_with("_comments") && !table.to_ascii_lowercase().starts_with("sqlite_")
}
