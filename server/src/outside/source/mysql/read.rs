//! All rows of one table as they were at one moment, in the order of the key, streamed.
//!
//! The transaction begins with a consistent view; touching the table first keeps others from altering it until the read
//! ends, so that shape, count and rows are of one table.

use domain::column::TableShape;
use domain::name::TableName;
use domain::value::Row;
use futures::{StreamExt, pin_mut};
use sqlx::mysql::MySqlRow;

use super::super::SourceError;
use super::super::reading::{Broken, Chunks, Filler, Want, wants};
use super::session::{Session, bytes, count, every_column, quoted};
use super::{catalogue, error, value};

/// Takes shape and count inside a new transaction, and starts to read.
pub async fn open(mut session: Session, table: &TableName) -> Result<Chunks, SourceError> {
    let told = |trouble| error::of_table(trouble, table);
    session.run("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY").await.map_err(told)?;
    session.run(&format!("SELECT 1 FROM {} LIMIT 1", from(table))).await.map_err(told)?;
    // An account that may read some of the columns is told of no others: a copy without them would look whole.
    session.run(&every_column(&table.database, &table.table)).await.map_err(told)?;
    let shape = catalogue::shape(&mut session, table).await?;
    let wants = wants(&shape)?;
    let row = session.row(&format!("SELECT count(*) FROM {}", from(table))).await.map_err(told)?;
    let rows = row.map(|row| count(&row, 0)).transpose().map_err(told)?.flatten().unwrap_or_default();
    // From here on the server may take as long as the rows do, if it only goes on sending. Where it does not let us
    // lift its limit, the read may still be quick enough.
    if let Err(trouble) = session.limit(None).await {
        tracing::info!(table = %table, error = %trouble, "the server keeps its limit on the time of a query");
    }
    let reader = Reader { sql: select(&shape), table: table.clone(), wants };
    Ok(Chunks::start(shape, rows, |filler| reader.run(session, filler)))
}

struct Reader {
    sql: String,
    table: TableName,
    wants: Vec<Want>,
}

impl Reader {
    async fn run(self, mut session: Session, mut filler: Filler) -> Result<Filler, Broken> {
        let rows = session.stream(&self.sql);
        pin_mut!(rows);
        while let Some(row) = rows.next().await {
            let row = row.map_err(|trouble| error::of_table(trouble, &self.table))?;
            filler.push(self.row(&row)?).await?;
        }
        Ok(filler)
    }

    fn row(&self, raw: &MySqlRow) -> Result<Row, SourceError> {
        let mut row = Row::with_capacity(self.wants.len());
        for (index, want) in self.wants.iter().enumerate() {
            let told = bytes(raw, index + 1).map_err(|trouble| error::of_table(trouble, &self.table))?;
            row.push(value::convert(want, told).map_err(|misfit| SourceError::Value {
                table: self.table.clone(),
                column: want.name.clone(),
                what: misfit.0,
            })?);
        }
        Ok(row)
    }
}

/// All columns in the order of the key. A `1` comes first: the driver takes a row whose first value has 16 MB or more
/// for the end of the table.
fn select(shape: &TableShape) -> String {
    let columns: Vec<_> = shape.columns.iter().map(value::expression).collect();
    let key: Vec<_> = shape.primary_key.iter().map(quoted).collect();
    // Without the hint some engines sort the whole table in a file first.
    let order = match key.as_slice() {
        [] => String::new(),
        key => format!(" FORCE INDEX (PRIMARY) ORDER BY {}", key.join(", ")),
    };
    format!("SELECT 1, {} FROM {}{order}", columns.join(", "), from(&shape.name))
}

fn from(table: &TableName) -> String {
    format!("{}.{}", quoted(&table.database), quoted(&table.table))
}
