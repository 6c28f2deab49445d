//! What goes on beside the rounds, one a source: readings of catalogues, tests. A round never waits for it.

use std::collections::BTreeMap;
use std::future::Future;

use domain::ids::SourceId;
use tokio::task::{Id, JoinError, JoinSet};

use crate::store::StoreError;

/// Acts under way in this process, at most one a source.
#[derive(Debug)]
pub struct Beside {
    what: &'static str,
    running: BTreeMap<Id, SourceId>,
    set: JoinSet<Result<(), StoreError>>,
}

impl Beside {
    /// None; `what` names them in our log.
    pub fn none(what: &'static str) -> Self {
        Self { what, running: BTreeMap::new(), set: JoinSet::new() }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.running.len()
    }

    /// Whether there is one of a source.
    pub fn is_at(&self, source: &SourceId) -> bool {
        self.running.values().any(|running| running == source)
    }

    /// Begins one of a source.
    pub fn begin(&mut self, source: SourceId, act: impl Future<Output = Result<(), StoreError>> + Send + 'static) {
        let handle = self.set.spawn(act);
        self.running.insert(handle.id(), source);
    }

    /// Forgets those that ended; `true` when one did.
    pub fn reap(&mut self) -> bool {
        let mut did = false;
        while let Some(ended) = self.set.try_join_next_with_id() {
            self.over(ended);
            did = true;
        }
        did
    }

    /// Waits for all of them.
    pub async fn rest(&mut self) {
        while let Some(ended) = self.set.join_next_with_id().await {
            self.over(ended);
        }
    }

    fn over(&mut self, ended: Result<(Id, Result<(), StoreError>), JoinError>) {
        let (id, trouble) = match ended {
            Ok((id, Ok(()))) => (id, None),
            Ok((id, Err(problem))) => (id, Some(format!("{problem:?}"))),
            Err(broken) => (broken.id(), Some(broken.to_string())),
        };
        let source = self.running.remove(&id);
        if let (Some(source), Some(trouble)) = (source, trouble) {
            let what = self.what;
            tracing::warn!(source.id = %source, error = trouble, "{what} of a source broke off; it begins anew");
        }
    }
}
