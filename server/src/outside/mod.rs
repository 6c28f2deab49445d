//! Speaks to systems that we do not own: sources, engines, the lake.

pub mod breaker;
pub mod engine;
pub mod source;

use domain::cause::{Cause, CauseCode};
use domain::name::TableName;
use lake::{LakeError, Warehouse};

use self::engine::Engines;
use self::source::Opener;

/// All systems outside.
#[derive(Clone)]
pub struct Outside {
    /// The engines of routes.
    pub engines: Engines,
    /// The warehouse we may look into.
    pub lake: Warehouse,
    /// What opens sources.
    pub sources: Opener,
}

/// Whether the warehouse can be written: a small file comes and goes. Else why not.
pub async fn probe(lake: &Warehouse) -> Result<(), String> {
    let path = lake.root().join(".probe");
    let write = move || {
        std::fs::write(&path, "Can this be written?")?;
        match std::fs::remove_file(&path) {
            // Another look was faster.
            Err(problem) if problem.kind() == std::io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    };
    let written = tokio::task::spawn_blocking(write).await;
    written.map_err(|problem| problem.to_string())?.map_err(|problem| problem.to_string())
}

/// Why the lake did not do it, as the cause that an item shows.
pub fn lake_cause(problem: &LakeError, table: &TableName) -> Cause {
    let cause = |code| Cause::new(code).text("table", table);
    match problem {
        LakeError::NotWritable { why, .. } => cause(CauseCode::LakeReadOnly).text("what", why),
        LakeError::Full { .. } => cause(CauseCode::LakeFull),
        LakeError::Busy { .. } => cause(CauseCode::LakeBusy),
        LakeError::Owned { .. } => cause(CauseCode::LakeOwned),
        LakeError::Differs { sentence, .. } => cause(CauseCode::LakeDiffers).text("what", sentence),
        LakeError::Value { column, sentence } => {
            cause(CauseCode::ValueOdd).text("column", column).text("what", sentence)
        }
        LakeError::TooBig { bytes, limit } => {
            cause(CauseCode::TooBig).text("size", gigabytes(*bytes)).text("limit", gigabytes(*limit))
        }
        LakeError::Gone { .. } => cause(CauseCode::LakeTableGone),
        LakeError::Damaged { why, .. } => cause(CauseCode::LakeDamaged).text("what", why),
        LakeError::Other { tried, source } => {
            cause(CauseCode::LakeDamaged).text("what", format!("cannot {tried}: {source}"))
        }
    }
}

/// Bytes as "18.4 GB".
pub fn gigabytes(bytes: u64) -> String {
    let tenths = bytes / 100_000_000;
    format!("{}.{} GB", tenths / 10, tenths % 10)
}
