//! Looks at clusters for people: what a cluster says of itself and of all its jobs, one look for all who watch.
//!
//! Invariant: however many watch, a cluster is asked at most once in [`EVERY`]; one that does not answer within [`WAIT`] is
//! "not known yet", and keeps nobody waiting longer.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::time::{Millis, SECOND};

use super::client::Client;
use super::seen::{JobLine, Overview};
use crate::state::Clock;

/// How long a look stands.
pub const EVERY: i64 = 5 * SECOND;

/// How long an answer is waited for.
const WAIT: Duration = Duration::from_secs(2);

/// One look at a cluster.
#[derive(Debug, Clone)]
pub struct ClusterLook {
    /// When it began.
    pub at: Millis,
    /// What it said of itself and of its jobs; `None` when it did not answer.
    pub seen: Option<(Overview, Vec<JobLine>)>,
}

/// The newest look at each cluster; whoever looks holds it.
type Held = Arc<tokio::sync::Mutex<Option<Arc<ClusterLook>>>>;

/// The newest look at each cluster, by its address. Cheap to clone.
#[derive(Clone, Default)]
pub struct Clusters(Arc<Mutex<BTreeMap<String, Held>>>);

impl Clusters {
    /// What a cluster says, not older than a few seconds.
    pub async fn look(&self, address: &str, client: &Client, clock: &Clock) -> Arc<ClusterLook> {
        let mut newest = self.held(address).lock_owned().await;
        let now = clock.now();
        if let Some(look) = newest.as_ref().filter(|look| now.since(look.at) < EVERY) {
            return Arc::clone(look);
        }
        let asked = async { tokio::try_join!(client.overview(), client.jobs()) };
        let seen = match tokio::time::timeout(WAIT, asked).await {
            Ok(Ok(seen)) => Some(seen),
            Ok(Err(problem)) => {
                tracing::info!(cluster = address, error = %problem, "a cluster cannot be shown");
                None
            }
            Err(_) => None,
        };
        let look = Arc::new(ClusterLook { at: now, seen });
        *newest = Some(Arc::clone(&look));
        look
    }

    fn held(&self, address: &str) -> Held {
        let mut all = self.0.lock().expect("no code panics while it holds the looks");
        Arc::clone(all.entry(address.to_owned()).or_default())
    }
}
