//! All rows of one table, from one transaction, in chunks.
//!
//! A task of its own holds the connection and reads ahead by one chunk; dropping the read ends it.
//! While it runs, `SQLite` lets others write (WAL) or makes them wait: nobody changes what it sees.

use async_trait::async_trait;
use domain::column::TableShape;
use domain::name::TableName;
use domain::value::{Row, Value};
use futures::TryStreamExt;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Row as _};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use super::super::{CHUNK_BYTES, CHUNK_ROWS, SourceError, TableRead};
use super::value::{self, Want};
use super::{error, shape};

/// A chunk; `None` says that the table has been read to its end.
type Chunk = Result<Option<Vec<Row>>, SourceError>;

/// One read of one table.
pub struct SqliteRead {
    shape: TableShape,
    rows: u64,
    chunks: mpsc::Receiver<Chunk>,
    ended: bool,
    _reader: AbortOnDropHandle<()>,
}

impl SqliteRead {
    /// Takes shape and count inside the transaction that `connection` is in, and starts to read.
    pub async fn open(mut connection: SqliteConnection, table: &TableName) -> Result<Self, SourceError> {
        let shape = shape::shape(&mut connection, table).await?;
        let wants = wants(&shape)?;
        let count = AssertSqlSafe(format!("SELECT count(*) FROM main.{}", shape::quoted(&table.table)));
        let rows = sqlx::query_scalar::<_, i64>(count).fetch_one(&mut connection).await;
        let rows = rows.map_err(|error| error::of(error, &format!("table {table}")))?;
        let reader = Reader { sql: select(&shape), table: table.clone(), wants };
        let (sender, chunks) = mpsc::channel(1);
        let task = tokio::spawn(async move { reader.run(connection, sender).await });
        let rows = u64::try_from(rows).expect("a count is not negative");
        Ok(Self { shape, rows, chunks, ended: false, _reader: AbortOnDropHandle::new(task) })
    }
}

#[async_trait]
impl TableRead for SqliteRead {
    fn shape(&self) -> &TableShape {
        &self.shape
    }

    fn rows(&self) -> u64 {
        self.rows
    }

    async fn next(&mut self) -> Result<Option<Vec<Row>>, SourceError> {
        if self.ended {
            return Ok(None);
        }
        let stopped =
            || SourceError::Other { what: format!("table {}: the reader stopped", self.shape.name), cause: None };
        let chunk = self.chunks.recv().await.ok_or_else(stopped)??;
        self.ended = chunk.is_none();
        Ok(chunk)
    }
}

struct Reader {
    sql: String,
    table: TableName,
    wants: Vec<Want>,
}

impl Reader {
    async fn run(self, connection: SqliteConnection, sender: mpsc::Sender<Chunk>) {
        if let Err(failure) = self.send_all(connection, &sender).await {
            // Nobody listens any more: then nobody needs to know.
            let _ = sender.send(Err(failure)).await;
        }
    }

    async fn send_all(
        &self,
        mut connection: SqliteConnection,
        sender: &mpsc::Sender<Chunk>,
    ) -> Result<(), SourceError> {
        let told = |error| error::of(error, &format!("table {}", self.table));
        let mut rows = sqlx::query(AssertSqlSafe(self.sql.as_str())).persistent(false).fetch(&mut connection);
        let (mut chunk, mut bytes) = (Vec::new(), 0);
        while let Some(raw) = rows.try_next().await.map_err(told)? {
            let row = self.row(&raw)?;
            let weight: usize = row.iter().map(Value::weight).sum();
            let is_full = chunk.len() == CHUNK_ROWS || bytes + weight > CHUNK_BYTES;
            if is_full && !chunk.is_empty() {
                bytes = 0;
                if sender.send(Ok(Some(std::mem::take(&mut chunk)))).await.is_err() {
                    return Ok(());
                }
            }
            bytes += weight;
            chunk.push(row);
        }
        if !chunk.is_empty() && sender.send(Ok(Some(chunk))).await.is_err() {
            return Ok(());
        }
        // Told or not, this was the end.
        let _ = sender.send(Ok(None)).await;
        Ok(())
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

fn wants(shape: &TableShape) -> Result<Vec<Want>, SourceError> {
    let want = |column: &domain::column::Column| {
        let kind = column.lake_type.ok_or_else(|| SourceError::Type {
            table: shape.name.clone(),
            column: column.name.to_string(),
            declared: column.source_type.clone(),
        })?;
        let is_key = shape.primary_key.contains(&column.name);
        Ok(Want { name: column.name.to_string(), kind, loss: column.loss, is_key })
    };
    shape.columns.iter().map(want).collect()
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
