//! One whole copy of a table: rows go in, one commit replaces everything.
//!
//! Invariant: until the commit no reader sees anything of a copy; after it, nothing of the copy before.

use std::path::{Path, PathBuf};

use domain::ids::CopyId;
use domain::name::{Name, TableName};
use domain::time::Millis;
use domain::value::{Row, Value};
use paimon::{CommitMessage, Table, TableWrite};

use crate::arrow::{Conversion, pieces};
use crate::lock::TableLock;
use crate::metadata::SnapshotFile;
use crate::warehouse::off_thread;
use crate::{LakeError, Warehouse, check_size, files, fold, mend, metadata};

/// A copy under way. It holds the table's lock until it is committed, abandoned or dropped.
///
/// A dropped copy leaves no snapshot; the files it wrote are removed by the next sweep.
pub struct Copy {
    table: TableName,
    folder: PathBuf,
    open: Table,
    writer: TableWrite,
    conversion: Conversion,
    commit_user: String,
    rows: u64,
    bytes: u64,
    spoiled: bool,
    _lock: TableLock,
}

/// A copy that readers see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    /// The snapshot that is the copy.
    pub snapshot_id: i64,
    /// When it was committed.
    pub at: Millis,
}

/// The commit user of a copy's snapshot: by it one sees after a crash whether the copy was committed.
pub fn commit_user(copy: &CopyId) -> String {
    format!("lakegate-{copy}")
}

impl Warehouse {
    /// Begins a copy whose rows hold these columns, in this order.
    ///
    /// Columns of the table that are not among them become null. `Busy` when someone in this process writes or sweeps
    /// the table, `Gone` when there is no table, `Owned` when it is not ours, `Differs` when columns do not match.
    pub async fn begin(&self, table: &TableName, columns: &[Name], copy: &CopyId) -> Result<Copy, LakeError> {
        let folder = self.folder(table);
        let lock = TableLock::take(table, &folder)?;
        let facts = {
            let (folder, table) = (folder.clone(), table.clone());
            off_thread(move || {
                mend::facts_of_ours(&table, &folder)?.ok_or_else(|| LakeError::Gone { what: format!("table {table}") })
            })
            .await?
        };
        let open = self.open_table(table).await?;
        // Futures of the paimon crate are large: boxed, they stay off the callers' stacks.
        Box::pin(fold::fold(table, &folder, &open)).await?;
        let tried = |error| LakeError::paimon(format!("begin a copy of {table}"), &folder, error);
        let schema = paimon::arrow::build_target_arrow_schema(open.schema().fields()).map_err(tried)?;
        let conversion = Conversion::new(table, &facts, columns, schema)?;
        let commit_user = commit_user(copy);
        let writer = open
            .new_write_builder()
            .with_commit_user(&commit_user)
            .and_then(|builder| builder.with_overwrite().new_write())
            .map_err(tried)?;
        Ok(Copy {
            table: table.clone(),
            folder,
            open,
            writer,
            conversion,
            commit_user,
            rows: 0,
            bytes: 0,
            spoiled: false,
            _lock: lock,
        })
    }
}

impl Copy {
    /// Takes more rows. Keys that come twice end as one row, the later one.
    ///
    /// `Value` when a value does not fit its column, `TooBig` beyond [`crate::LIMIT_BYTES`], `Full` when the disk is.
    /// After an error the copy can only be abandoned.
    pub async fn write(&mut self, rows: Vec<Row>) -> Result<(), LakeError> {
        let written = self.write_pieces(&rows).await;
        self.spoiled |= written.is_err();
        written
    }

    async fn write_pieces(&mut self, rows: &[Row]) -> Result<(), LakeError> {
        for piece in pieces(rows) {
            let weight = piece.iter().flatten().map(Value::weight).sum::<usize>() as u64;
            check_size(self.bytes + weight)?;
            let batch = self.conversion.batch(piece)?;
            let wrote = Box::pin(self.writer.write_arrow_batch(&batch)).await;
            wrote.map_err(|error| self.failed("write rows of", error))?;
            self.bytes += weight;
            self.rows += piece.len() as u64;
        }
        Ok(())
    }

    /// Rows taken so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Bytes taken so far, about, as they lie in memory.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Replaces the whole table by the rows taken, in one commit. No rows make an empty table.
    pub async fn commit(mut self) -> Result<Committed, LakeError> {
        if self.spoiled {
            let tried = format!("commit the copy of {}", self.table);
            self.writer.close().await;
            return Err(LakeError::other(tried, "a write failed before"));
        }
        let prepared = Box::pin(self.writer.prepare_commit()).await;
        let messages = prepared.map_err(|error| self.failed("finish the files of", error))?;
        let paths = data_paths(&self.folder, &messages);
        let folder = self.folder.clone();
        let before = off_thread(move || files::sync(&paths).and_then(|()| Before::of(&folder))).await?;
        let commit = self
            .open
            .new_write_builder()
            .with_commit_user(&self.commit_user)
            .map_err(|error| self.failed("commit", error))?
            .new_commit();
        let outcome = Box::pin(commit.overwrite(messages, None)).await;
        // The outcome of a failed commit is unknown: the newest snapshot tells.
        match (self.newest_is_mine(before).await?, outcome) {
            (Some(mine), _) => Ok(Committed { snapshot_id: mine.id, at: Millis(mine.time_millis) }),
            (None, Err(error)) => Err(self.failed("commit", error)),
            (None, Ok(())) => Err(LakeError::other(
                format!("commit the copy of {}", self.table),
                "its snapshot is not the newest; another process writes this table",
            )),
        }
    }

    /// Ends the copy without a commit and removes the files it wrote.
    pub async fn abandon(mut self) {
        self.writer.close().await;
    }

    /// Takes `&mut self` because the writer may not be shared between threads, only sent.
    /// The newest snapshot if it is this copy, safe on the disk with its new manifests.
    async fn newest_is_mine(&mut self, before: Before) -> Result<Option<SnapshotFile>, LakeError> {
        let (folder, commit_user) = (self.folder.clone(), self.commit_user.clone());
        off_thread(move || {
            let newest =
                metadata::newest(&folder)?.filter(|found| found.commit_user == commit_user && found.id > before.newest);
            if let Some(mine) = &newest {
                let manifests = folder.join("manifest");
                let mut names = files::names(&manifests)?;
                names.retain(|name| before.manifests.binary_search(name).is_err());
                let mut paths: Vec<PathBuf> = names.iter().map(|name| manifests.join(name)).collect();
                paths.push(metadata::snapshot_path(&folder, mine.id));
                files::sync(&paths)?;
            }
            Ok(newest)
        })
        .await
    }

    fn failed(&self, verb: &str, error: paimon::Error) -> LakeError {
        LakeError::paimon(format!("{verb} the copy of {}", self.table), &self.folder, error)
    }
}

/// The table just before a commit.
struct Before {
    newest: i64,
    /// Names, sorted.
    manifests: Vec<String>,
}

impl Before {
    fn of(folder: &Path) -> Result<Self, LakeError> {
        let newest = metadata::snapshot_ids(folder)?.pop().unwrap_or(0);
        Ok(Self { newest, manifests: files::names(&folder.join("manifest"))? })
    }
}

fn data_paths(folder: &Path, messages: &[CommitMessage]) -> Vec<PathBuf> {
    let paths = messages.iter().flat_map(|message| {
        let bucket = folder.join(format!("bucket-{}", message.bucket));
        let bucket = bucket.to_string_lossy().into_owned();
        message.new_files.iter().flat_map(move |file| file.collect_files(&bucket))
    });
    paths.map(PathBuf::from).collect()
}
