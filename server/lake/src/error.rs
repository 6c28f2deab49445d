//! What can go wrong in a warehouse, told apart by who must act.

use std::io;
use std::path::{Path, PathBuf};

use domain::name::TableName;

/// A refusal or a failure of the lake.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// The folder does not let us write: the operator must give rights, or mount it for writing.
    #[error("cannot write to {}: {why}", path.display())]
    NotWritable {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
    /// The disk or the quota is full: the operator must make room.
    #[error("cannot write to {}: no room is left on the disk", path.display())]
    Full {
        /// The folder or file.
        path: PathBuf,
    },
    /// Someone in this process writes, tags or sweeps the table now: try again later.
    #[error("table {table} is being written or swept by another task of this process")]
    Busy {
        /// The table.
        table: TableName,
    },
    /// The table carries no mark of ours: another engine owns it, so we may only read it.
    #[error("table {table} belongs to {owner}, so it can only be read here")]
    Owned {
        /// The table.
        table: TableName,
        /// The owner that the table names, or "another engine".
        owner: String,
    },
    /// The table in the lake and the wanted one cannot be brought together without losing something.
    #[error("table {table} in the lake differs: {sentence}")]
    Differs {
        /// The table.
        table: TableName,
        /// The column in question, if it is one.
        column: Option<String>,
        /// What differs, in words.
        sentence: String,
    },
    /// A value does not fit the type of its column in the lake.
    #[error("a value of column {column} does not fit: {sentence}")]
    Value {
        /// The column.
        column: String,
        /// What does not fit, in words; never the value itself.
        sentence: String,
    },
    /// More data than a copy inside this process should move.
    #[error("about {bytes} bytes are more than the {limit} that one copy here may hold; a Flink engine can take them")]
    TooBig {
        /// The size asked for or reached.
        bytes: u64,
        /// The most allowed.
        limit: u64,
    },
    /// A table, snapshot or file is not there, or not any more.
    #[error("{what} is not in the lake")]
    Gone {
        /// What was looked for.
        what: String,
    },
    /// A file of the lake cannot be understood.
    #[error("cannot understand {}: {why}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Anything else; the cause is the source.
    #[error("cannot {tried}")]
    Other {
        /// What we tried, e.g. `read the rows of shop.orders`.
        tried: String,
        /// Why it failed.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl LakeError {
    /// Sorts a failure of the file system by who must act.
    pub(crate) fn io(tried: &str, path: &Path, error: io::Error) -> Self {
        use io::ErrorKind as Kind;
        match error.kind() {
            Kind::StorageFull | Kind::QuotaExceeded => Self::Full { path: path.to_owned() },
            Kind::PermissionDenied | Kind::ReadOnlyFilesystem => {
                Self::NotWritable { path: path.to_owned(), why: error.to_string() }
            }
            Kind::NotFound => Self::Gone { what: path.display().to_string() },
            _ => Self::Other { tried: format!("{tried} {}", path.display()), source: Box::new(error) },
        }
    }

    /// A refusal in words that has no variant of its own.
    pub(crate) fn other(tried: impl Into<String>, why: impl Into<String>) -> Self {
        let why: String = why.into();
        Self::Other { tried: tried.into(), source: why.into() }
    }

    /// Sorts a failure of the `paimon` crate by who must act.
    ///
    /// That crate hides some causes from `source()`, but its `Debug` shows them all, so the text is read.
    #[cfg(feature = "embedded")]
    pub(crate) fn paimon(tried: impl Into<String>, path: &Path, error: paimon::Error) -> Self {
        let text = format!("{error:?}");
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if says(&["StorageFull", "QuotaExceeded", "No space left on device", "os error 28"]) {
            return Self::Full { path: path.to_owned() };
        }
        if says(&["PermissionDenied", "ReadOnlyFilesystem", "os error 30", "os error 13"]) {
            return Self::NotWritable { path: path.to_owned(), why: error.to_string() };
        }
        match error {
            paimon::Error::SnapshotNotExist { snapshot_id } => {
                Self::Gone { what: format!("snapshot {snapshot_id} of {}", path.display()) }
            }
            paimon::Error::TableNotExist { full_name } => Self::Gone { what: format!("table {full_name}") },
            _ if says(&["NotFound"]) => Self::Gone { what: format!("a file of {}", path.display()) },
            error => Self::Other { tried: tried.into(), source: Box::new(error) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_of_the_file_system_are_told_apart() {
        let sort = |code| LakeError::io("write", Path::new("/x"), io::Error::from_raw_os_error(code));
        assert!(matches!(sort(28), LakeError::Full { .. }));
        assert!(matches!(sort(122), LakeError::Full { .. }));
        assert!(matches!(sort(13), LakeError::NotWritable { .. }));
        assert!(matches!(sort(30), LakeError::NotWritable { .. }));
        assert!(matches!(sort(2), LakeError::Gone { .. }));
        assert!(matches!(sort(5), LakeError::Other { .. }));
    }

    #[cfg(feature = "embedded")]
    #[test]
    fn failures_inside_paimon_are_told_apart() {
        let sort = |code| {
            let source = paimon::Error::UnexpectedError {
                message: "outer".into(),
                source: Some(Box::new(io::Error::from_raw_os_error(code))),
            };
            LakeError::paimon("write", Path::new("/x"), source)
        };
        assert!(matches!(sort(28), LakeError::Full { .. }));
        assert!(matches!(sort(30), LakeError::NotWritable { .. }));
        assert!(matches!(sort(2), LakeError::Gone { .. }));
        assert!(matches!(sort(5), LakeError::Other { .. }));
    }
}
