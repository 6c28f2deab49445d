//! What reads of every kind of source share: what a column wants of its values, and rows in chunks.
//!
//! A task of its own holds the connection and reads ahead by one chunk; dropping the [`Chunks`] ends it.

use async_trait::async_trait;
use domain::column::{Column, TableShape};
use domain::types::{LakeType, Loss};
use domain::value::{Row, Value};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use super::{CHUNK_BYTES, CHUNK_ROWS, SourceError, TableRead};

/// What a column wants of its values.
pub struct Want {
    /// The column.
    pub name: String,
    /// The form.
    pub kind: LakeType,
    /// What that form loses.
    pub loss: Option<Loss>,
    /// Is it a part of the primary key.
    pub is_key: bool,
}

/// What each column of a table wants, or the first that the lake cannot hold.
pub fn wants(shape: &TableShape) -> Result<Vec<Want>, SourceError> {
    let want = |column: &Column| {
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

/// A chunk; `None` says that the table has been read to its end.
type Chunk = Result<Option<Vec<Row>>, SourceError>;

/// The end of a read that gives rows out.
pub struct Chunks {
    shape: TableShape,
    rows: u64,
    ahead: mpsc::Receiver<Chunk>,
    ended: bool,
    _reader: AbortOnDropHandle<()>,
}

impl Chunks {
    /// Starts to read: `read` pushes all rows, in order.
    pub fn start<R>(shape: TableShape, rows: u64, read: impl FnOnce(Filler) -> R) -> Self
    where
        R: Future<Output = Result<Filler, Broken>> + Send + 'static,
    {
        let (sender, ahead) = mpsc::channel(1);
        let read = read(Filler { sender: sender.clone(), chunk: Vec::new(), bytes: 0 });
        let task = tokio::spawn(async move {
            // Nobody listens any more: then nobody needs to know.
            let _ = match read.await {
                Ok(filler) => filler.end().await,
                Err(Broken::Unheard) => return,
                Err(Broken::Source(failure)) => sender.send(Err(failure)).await.map_err(|_| Broken::Unheard),
            };
        });
        Self { shape, rows, ahead, ended: false, _reader: AbortOnDropHandle::new(task) }
    }
}

#[async_trait]
impl TableRead for Chunks {
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
        let chunk = self.ahead.recv().await.ok_or_else(stopped)??;
        self.ended = chunk.is_none();
        Ok(chunk)
    }
}

/// Why a read ended early.
pub enum Broken {
    /// Nobody listens any more.
    Unheard,
    /// The source did not give what we asked for.
    Source(SourceError),
}

impl From<SourceError> for Broken {
    fn from(error: SourceError) -> Self {
        Self::Source(error)
    }
}

/// The end of a read that takes rows in.
pub struct Filler {
    sender: mpsc::Sender<Chunk>,
    chunk: Vec<Row>,
    bytes: usize,
}

impl Filler {
    /// Takes a row; waits while the one who listens is a chunk behind.
    pub async fn push(&mut self, row: Row) -> Result<(), Broken> {
        let weight: usize = row.iter().map(Value::weight).sum();
        let is_full = self.chunk.len() == CHUNK_ROWS || self.bytes + weight > CHUNK_BYTES;
        if is_full && !self.chunk.is_empty() {
            self.bytes = 0;
            let chunk = std::mem::take(&mut self.chunk);
            self.send(Some(chunk)).await?;
        }
        self.bytes += weight;
        self.chunk.push(row);
        Ok(())
    }

    async fn end(mut self) -> Result<(), Broken> {
        if !self.chunk.is_empty() {
            let chunk = std::mem::take(&mut self.chunk);
            self.send(Some(chunk)).await?;
        }
        self.send(None).await
    }

    async fn send(&self, chunk: Option<Vec<Row>>) -> Result<(), Broken> {
        self.sender.send(Ok(chunk)).await.map_err(|_| Broken::Unheard)
    }
}
