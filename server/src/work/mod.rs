//! Acts unasked: tasks, the saga of provisioning, and the reconcilers that follow the world.
//!
//! Why it exists: after an approval nobody has to do anything more.
//! Invariant: every state comes from the store and goes back to it; losing a ring of the bell costs time, never truth.
//! Of several replicas one works at a time, by a lease that runs out by itself.

pub mod access;
pub mod bell;
pub mod beside;
pub mod brake;
pub mod catalogue;
mod count;
pub mod deadlines;
mod follow;
pub mod ledger;
pub mod look;
pub mod provision;
pub mod queue;
pub mod reconcile;
pub mod runs;
pub mod saga;
pub mod sources;

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use domain::time::{Millis, SECOND};
use futures::FutureExt;

use crate::state::AppState;
use crate::store::StoreError;
use reconcile::Reconciler;

/// The name of the lease that lets one replica work.
const LEASE: &str = "work";
/// How long that lease lasts without being prolonged.
const LEASE_SPAN: i64 = 30 * SECOND;
/// A round begins at least this often.
const ROUND: Duration = Duration::from_millis(500);

/// The worker of this process.
pub struct Worker {
    app: AppState,
    holder: String,
    /// When the lease was last taken or prolonged.
    leased: Option<Millis>,
    reconciler: Reconciler,
    readings: catalogue::Readings,
    tests: sources::Tests,
}

impl Worker {
    /// A worker that has not begun.
    pub fn new(app: AppState) -> Self {
        let holder = app.ids.task().as_str().to_owned();
        Self {
            reconciler: Reconciler::new(app.clone()),
            readings: catalogue::Readings::default(),
            tests: sources::Tests::default(),
            app,
            holder,
            leased: None,
        }
    }

    /// Works until the server stops; then gives its lease back.
    pub async fn run(mut self) {
        let mut bell = self.app.store.bell().lines();
        loop {
            // Armed before the round looks: a ring during the round is not lost.
            bell.mark_unchanged();
            // A panic in a round is a failed round, not a dead worker.
            match AssertUnwindSafe(self.round()).catch_unwind().await {
                Ok(Ok(_)) => {}
                Ok(Err(problem)) => tracing::warn!(error = ?problem, "a round of work broke off; the next one goes on"),
                Err(_) => tracing::error!("a round of work panicked; the next one goes on"),
            }
            tokio::select! {
                () = self.app.stop.cancelled() => break,
                _ = bell.changed() => {}
                () = tokio::time::sleep(ROUND) => {}
            }
        }
        self.give_back().await;
    }

    /// One round: due tasks, jobs, deadlines, catalogue, tests of sources. Safe to repeat. `true` when something was done.
    pub async fn round(&mut self) -> Result<bool, StoreError> {
        if !self.take_lease().await? {
            return Ok(false);
        }
        let mut did = self.readings.round(&self.app).await?;
        did |= self.tests.round(&self.app).await?;
        did |= brake::round(&self.app).await?;
        while queue::run_one(&self.app).await? {
            did = true;
        }
        did |= self.reconciler.round().await?;
        did |= access::round(&self.app).await?;
        did |= deadlines::round(&self.app).await?;
        Ok(did)
    }

    /// Waits for what goes on beside the rounds: readings of catalogues, tests of sources.
    pub async fn rest(&mut self) {
        self.readings.rest().await;
        self.tests.rest().await;
        self.reconciler.rest().await;
    }

    async fn take_lease(&mut self) -> Result<bool, StoreError> {
        let now = self.app.clock.now();
        if self.leased.is_some_and(|leased| now.since(leased) < LEASE_SPAN / 3) {
            return Ok(true);
        }
        let mut tx = self.app.store.begin().await?;
        let mine = tx.leases().take(LEASE, &self.holder, now, now.plus(LEASE_SPAN)).await?;
        tx.commit(now).await?;
        self.leased = mine.then_some(now);
        Ok(mine)
    }

    async fn give_back(&self) {
        let back = async {
            let mut tx = self.app.store.begin().await?;
            tx.leases().give_back(LEASE, &self.holder).await?;
            tx.commit(self.app.clock.now()).await
        };
        if let Err(problem) = back.await {
            tracing::warn!(error = ?problem, "the lease on work was not given back; it runs out by itself");
        }
    }
}
