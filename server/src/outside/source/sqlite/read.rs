//! All rows of one table, from one transaction.
//!
//! While it runs, `SQLite` lets others write (WAL) or makes them wait: nobody changes what it sees.

use domain::column::TableShape;
use domain::name::TableName;
use domain::value::Row;
use futures::TryStreamExt;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Row as _};

use super::super::SourceError;
use super::super::reading::{Broken, Chunks, Filler, Want, wants};
use super::{error, shape, value};

/// Takes shape and count inside the transaction that `connection` is in, and starts to read.
pub async fn open(mut connection: SqliteConnection, table: &TableName) -> Result<Chunks, SourceError> {
    let shape = shape::shape(&mut connection, table).await?;
    let wants = wants(&shape)?;
    let count = AssertSqlSafe(format!("SELECT count(*) FROM main.{}", shape::quoted(&table.table)));
    let rows = sqlx::query_scalar::<_, i64>(count).fetch_one(&mut connection).await;
    let rows = rows.map_err(|error| error::of(error, &format!("table {table}")))?;
    let rows = u64::try_from(rows).expect("a count is not negative");
    let reader = Reader { sql: select(&shape), table: table.clone(), wants, rows };
    Ok(Chunks::start(shape, rows, |filler| reader.run(connection, filler)))
}

struct Reader {
    sql: String,
    table: TableName,
    wants: Vec<Want>,
    /// So many were counted in the same transaction.
    rows: u64,
}

impl Reader {
    async fn run(self, mut connection: SqliteConnection, mut filler: Filler) -> Result<Filler, Broken> {
        let told = |error| error::of(error, &format!("table {}", self.table));
        let mut rows = sqlx::query(AssertSqlSafe(self.sql.as_str())).persistent(false).fetch(&mut connection);
        let mut read = 0;
        while let Some(raw) = rows.try_next().await.map_err(told)? {
            filler.push(self.row(&raw)?).await?;
            read += 1;
        }
        if read == self.rows {
            return Ok(filler);
        }
        // Of one moment there are not two counts: pages of the file are not what they were.
        Err(SourceError::Damaged { what: format!("table {}", self.table), cause: None }.into())
    }

    fn row(&self, raw: &SqliteRow) -> Result<Row, SourceError> {
        let mut row = Row::with_capacity(self.wants.len());
        for (index, want) in self.wants.iter().enumerate() {
            let stored = raw.try_get_raw(index).map_err(|error| error::of(error, &format!("table {}", self.table)))?;
            row.push(value::convert(want, stored).map_err(|misfit| SourceError::Value {
                table: self.table.clone(),
                column: want.name.clone(),
                what: misfit.0,
            })?);
        }
        Ok(row)
    }
}

/// All columns, in the order of the key, else in the order in which the rows lie.
fn select(shape: &TableShape) -> String {
    let list = |names: Vec<String>| names.join(", ");
    let columns = list(shape.columns.iter().map(|column| shape::quoted(&column.name)).collect());
    let table = shape::quoted(&shape.name.table);
    let key = list(shape.primary_key.iter().map(shape::quoted).collect());
    let has = |name: &str| shape.columns.iter().any(|column| column.name.as_str().eq_ignore_ascii_case(name));
    let order = if key.is_empty() {
        ["rowid", "_rowid_", "oid"].iter().find(|alias| !has(alias)).map(|alias| (*alias).to_owned())
    } else {
        Some(key)
    };
    let order = order.map(|by| format!(" ORDER BY {by}")).unwrap_or_default();
    format!("SELECT {columns} FROM main.{table}{order}")
}
