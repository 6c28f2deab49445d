//! The bell: rings after each commit that wrote a line of the log, and when progress moved.
//!
//! A ring is a hint. Whoever hears it looks; whoever misses it looks on the next round.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::ids::RequestId;
use tokio::sync::{broadcast, watch};

/// Rings for lines (the number of the newest) and for progress (the requests it moved in).
#[derive(Clone)]
pub struct Bell {
    lines: Arc<watch::Sender<i64>>,
    progress: broadcast::Sender<BTreeSet<RequestId>>,
}

impl Default for Bell {
    fn default() -> Self {
        Self { lines: Arc::new(watch::Sender::new(0)), progress: broadcast::Sender::new(64) }
    }
}

impl Bell {
    /// Says that all lines up to `seq` can be read.
    pub fn ring(&self, seq: i64) {
        self.lines.send_if_modified(|newest| {
            let newer = seq > *newest;
            if newer {
                *newest = seq;
            }
            newer
        });
    }

    /// Says that progress moved in these requests.
    pub fn progress(&self, requests: BTreeSet<RequestId>) {
        // Nobody listening is fine.
        let _ = self.progress.send(requests);
    }

    /// Hears of new lines.
    pub fn lines(&self) -> watch::Receiver<i64> {
        self.lines.subscribe()
    }

    /// Hears of progress.
    pub fn moved(&self) -> broadcast::Receiver<BTreeSet<RequestId>> {
        self.progress.subscribe()
    }
}
