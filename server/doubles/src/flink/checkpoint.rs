//! The checkpoints of one job, and the states they and savepoints leave behind.
//!
//! Invariant: numbers only grow, also over a restore; what was retained outlives its job and its JobManager (real-stack §1.6, §4).

use std::collections::{BTreeMap, VecDeque};

use super::copying::Progress;
use crate::clock::Millis;

/// How long one checkpoint takes (→ job-checkpoints: 12 to 50 ms).
pub const TAKES: Millis = 30;
/// A checkpoint that takes longer has failed (→ job-checkpoints-config).
pub const TIMEOUT: Millis = 600_000;
/// How many REST remembers.
const REMEMBERED: usize = 10;

/// One checkpoint or savepoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Its number in its job.
    pub id: u64,
    /// When it began.
    pub at: Millis,
    /// How it ended, if it did.
    pub end: End,
    /// Whether somebody asked for it.
    pub savepoint: bool,
    /// How many tasks take part.
    pub tasks: u64,
}

/// How a checkpoint ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// It goes on.
    Open,
    /// It is complete, and lies there.
    Completed {
        /// When.
        at: Millis,
        /// Where.
        path: String,
    },
    /// It failed.
    Failed {
        /// When.
        at: Millis,
        /// Why.
        why: String,
    },
}

/// Where a job began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The number of what it began from.
    pub id: u64,
    /// When.
    pub at: Millis,
    /// Whether that was a savepoint.
    pub savepoint: bool,
    /// Where it lies.
    pub path: String,
}

/// The checkpoints of a job.
#[derive(Debug, Clone, Default)]
pub struct Checkpoints {
    /// How often one is begun.
    pub interval: Millis,
    /// The number of the next one.
    pub next_id: u64,
    /// When the next one begins; `None` while no task runs.
    pub next_at: Option<Millis>,
    /// The one that goes on.
    pub open: Option<Checkpoint>,
    /// The newest first.
    pub history: VecDeque<Checkpoint>,
    /// Where the job began last.
    pub restored: Option<Restored>,
    /// How often it began from a state.
    pub restores: u64,
    /// How many were begun.
    pub total: u64,
    /// How many are complete.
    pub completed: u64,
    /// How many failed.
    pub failed: u64,
    /// The newest that is complete, checkpoints only.
    pub latest: Option<Checkpoint>,
    /// The newest savepoint.
    pub latest_savepoint: Option<Checkpoint>,
    /// The newest that failed.
    pub latest_failed: Option<Checkpoint>,
    /// None completes any more, though they go on being begun.
    pub stopped: bool,
}

impl Checkpoints {
    /// None yet.
    pub fn every(interval: Millis) -> Self {
        Self { interval, next_id: 1, ..Self::default() }
    }

    /// When one begins, completes or fails next; none completes where the job `stands`.
    pub(super) fn next_event(&self, stands: bool) -> Millis {
        match &self.open {
            Some(open) => open.at + if stands { TIMEOUT } else { TAKES },
            None => self.next_at.unwrap_or(Millis::MAX),
        }
    }

    /// Begins one.
    pub fn begin(&mut self, at: Millis, savepoint: bool, tasks: u64) -> Checkpoint {
        let begun = Checkpoint { id: self.next_id, at, end: End::Open, savepoint, tasks };
        self.next_id += 1;
        self.total += 1;
        begun
    }

    /// One is over.
    pub fn close(&mut self, one: Checkpoint) {
        match &one.end {
            End::Open => {}
            End::Completed { .. } => {
                self.completed += 1;
                let newest = if one.savepoint { &mut self.latest_savepoint } else { &mut self.latest };
                *newest = Some(one.clone());
            }
            End::Failed { .. } => {
                self.failed += 1;
                self.latest_failed = Some(one.clone());
            }
        }
        self.history.push_front(one);
        self.history.truncate(REMEMBERED);
    }

    /// The one that goes on is over without success.
    pub fn fail_open(&mut self, at: Millis, why: &str) {
        if let Some(open) = self.open.take() {
            self.close(Checkpoint { end: End::Failed { at, why: why.to_owned() }, ..open });
        }
    }
}

impl Checkpoint {
    /// Where it lies, if it is complete.
    pub fn path(&self) -> Option<&str> {
        match &self.end {
            End::Completed { path, .. } => Some(path),
            End::Open | End::Failed { .. } => None,
        }
    }
}

/// The state of a job in a folder: something a job can begin from.
#[derive(Debug, Clone)]
pub struct Saved {
    /// The number it had in its job.
    pub id: u64,
    /// Whether it is a savepoint.
    pub savepoint: bool,
    /// The suffix of the operators' ids.
    pub uid_suffix: Option<String>,
    /// How far each table of the source was, and who committed it.
    pub tables: BTreeMap<String, (Progress, String)>,
}

/// States by their address, as on a disk.
#[derive(Debug, Clone, Default)]
pub struct Disk(BTreeMap<String, Saved>);

impl Disk {
    /// Keeps a state.
    pub fn keep(&mut self, path: &str, saved: Saved) {
        self.0.insert(plain(path), saved);
    }

    /// The state that lies there.
    pub fn get(&self, path: &str) -> Option<&Saved> {
        self.0.get(&plain(path))
    }

    /// Deletes what lies there; whether there was something.
    pub fn delete(&mut self, path: &str) -> bool {
        self.0.remove(&plain(path)).is_some()
    }

    /// Everything that lies there.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// `file:///a` and `file:/a` are one address (streampark-api §12.3).
pub fn plain(path: &str) -> String {
    let path = path.trim_end_matches('/');
    path.strip_prefix("file:").map_or_else(|| path.to_owned(), |rest| format!("file:/{}", rest.trim_start_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_found_by_either_form_of_its_address() {
        let saved = Saved { id: 1, savepoint: true, uid_suffix: None, tables: BTreeMap::new() };
        let mut disk = Disk::default();
        disk.keep("file:///savepoints/a", saved);
        assert!(disk.get("file:/savepoints/a").is_some() && disk.get("file:/savepoints/b").is_none());
        assert!(disk.delete("file:/savepoints/a") && disk.get("file:///savepoints/a").is_none());
    }
}
