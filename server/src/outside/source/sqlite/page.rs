//! A page of a database's catalogue: few statements for many tables.
//!
//! Why it exists: asked table by table, `SQLite` goes through its whole schema for each of them, and each answer wakes
//! two threads; of 2,500 tables that makes seconds.

use std::collections::HashMap;

use domain::name::{Name, TableName};
use sqlx::AssertSqlSafe;
use sqlx::sqlite::SqliteConnection;

use super::super::{SourceError, TableEntry};
use super::{error, shape};

/// Files up to so many bytes are measured in one walk over all their pages. In a larger one only the tables of the page
/// are walked, or a first page might take longer than anybody waits.
const SMALL: u64 = 64 * 1024 * 1024;

/// The lines of tables of one database that were listed in the same transaction; `file` is how many bytes its file has.
pub async fn entries(
    connection: &mut SqliteConnection,
    database: &Name,
    tables: Vec<TableName>,
    file: u64,
) -> Result<Vec<TableEntry>, SourceError> {
    let told = |error| error::of(error, &error::database(database));
    let names: Vec<_> = tables.iter().map(|table| table.table.as_str()).collect();
    let names = serde_json::json!(names).to_string();
    let mut columns = shape::columns(connection, &names).await.map_err(told)?;
    let mut comments = shape::comments(connection, &names).await.map_err(told)?;
    let mut analyzed = analyzed(connection, &names).await.map_err(told)?;
    let mut sizes = if file <= SMALL { sizes(connection).await.map_err(told)? } else { HashMap::new() };
    let mut entries = Vec::with_capacity(tables.len());
    for table in tables {
        let name = table.table.as_str();
        let told = |error| error::of(error, &format!("table {table}"));
        let rows = if is_empty(connection, &table).await.map_err(told)? { Some(0) } else { analyzed.remove(name) };
        let bytes = match sizes.remove(name) {
            Some(bytes) => Some(bytes),
            None => size(connection, name).await.map_err(told)?,
        };
        let columns = columns.remove(name).unwrap_or_default();
        let shape = shape::of(&table, &columns, comments.remove(name).unwrap_or_default())?;
        let bytes = bytes.and_then(|bytes| u64::try_from(bytes).ok());
        entries.push(TableEntry { shape, rows, bytes });
    }
    Ok(entries)
}

/// About how many rows tables have, as `ANALYZE` left it; `names` is a JSON list.
async fn analyzed(connection: &mut SqliteConnection, names: &str) -> Result<HashMap<String, u64>, sqlx::Error> {
    let there = "SELECT count(*) FROM pragma_table_list('sqlite_stat1') WHERE schema = 'main'";
    if sqlx::query_scalar::<_, i64>(there).fetch_one(&mut *connection).await? == 0 {
        return Ok(HashMap::new());
    }
    let sql = "SELECT tbl, CAST(stat AS TEXT) FROM sqlite_stat1 \
               WHERE tbl IN (SELECT value FROM json_each(?1)) AND stat IS NOT NULL";
    let stats: Vec<(String, String)> = sqlx::query_as(sql).bind(names).fetch_all(connection).await?;
    let rows = |stat: String| stat.split(' ').next()?.parse().ok();
    Ok(stats.into_iter().filter_map(|(table, stat)| Some((table, rows(stat)?))).collect())
}

/// An empty table is known to be empty, analysed or not.
async fn is_empty(connection: &mut SqliteConnection, table: &TableName) -> Result<bool, sqlx::Error> {
    let sql = AssertSqlSafe(format!("SELECT EXISTS (SELECT 1 FROM main.{})", shape::quoted(&table.table)));
    Ok(sqlx::query_scalar::<_, i64>(sql).persistent(false).fetch_one(connection).await? == 0)
}

/// Bytes of all tables and indexes of the file.
async fn sizes(connection: &mut SqliteConnection) -> Result<HashMap<String, i64>, sqlx::Error> {
    let sql = "SELECT name, pgsize FROM dbstat WHERE aggregate = TRUE";
    Ok(sqlx::query_as(sql).fetch_all(connection).await?.into_iter().collect())
}

/// Bytes of one table.
async fn size(connection: &mut SqliteConnection, table: &str) -> Result<Option<i64>, sqlx::Error> {
    let sql = "SELECT pgsize FROM dbstat WHERE name = ?1 AND aggregate = TRUE";
    sqlx::query_scalar(sql).bind(table).fetch_optional(connection).await
}

#[cfg(test)]
mod tests {
    use domain::column::TableShape;
    use sqlx::{Connection, Executor};

    use super::*;

    const TABLES: &str = "CREATE TABLE _comments (table_name text, column_name text, comment text);
        INSERT INTO _comments VALUES ('full', '', 'All of it'), ('full', 'b', 'Text'), ('Full', 'b', 'Another'),
            ('bare', 'a', NULL);
        CREATE TABLE bare (a int);
        CREATE TABLE \"fu'll\" (a int, b text, PRIMARY KEY (b, a));
        INSERT INTO \"fu'll\" VALUES (1, 'x');
        CREATE TABLE full (a int PRIMARY KEY, b text) WITHOUT ROWID;
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<1000)
            INSERT INTO full SELECT i, 'text ' || i FROM n;
        CREATE INDEX by_b ON full (b);
        ANALYZE full";

    #[tokio::test]
    async fn a_page_is_the_same_however_large_the_file_is() {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.expect("a database");
        connection.execute(TABLES).await.expect("tables");
        let database: Name = "d".parse().expect("a name");
        let tables = shape::names(&mut connection, &database).await.expect("names").tables;
        let small = entries(&mut connection, &database, tables.clone(), 0).await.expect("a page");
        let large = entries(&mut connection, &database, tables, SMALL + 1).await.expect("a page");
        let told = |entry: &TableEntry| {
            let TableShape { name, comment, columns, primary_key } = &entry.shape;
            let columns: Vec<_> = columns.iter().map(|column| format!("{} {}", column.name, column.comment)).collect();
            let key = primary_key.iter().map(Name::as_str).collect::<Vec<_>>().join(" ");
            format!("{name} {comment:?} {columns:?} ({key}) {:?} {:?}", entry.rows, entry.bytes)
        };
        let small: Vec<_> = small.iter().map(told).collect();
        assert_eq!(small, large.iter().map(told).collect::<Vec<_>>());
        assert_eq!(
            small,
            [
                r#"d.bare "" ["a "] () Some(0) Some(4096)"#,
                r#"d.fu'll "" ["a ", "b "] (b a) None Some(4096)"#,
                r#"d.full "All of it" ["a ", "b Text"] (a) Some(1000) Some(20480)"#,
            ]
        );
    }
}
