//! Claims due tasks and runs them. A task is a kind and ids; what it does stands in its own file.

use std::panic::AssertUnwindSafe;

use domain::ids::ItemId;
use domain::item::Item;
use domain::time::{MINUTE, Millis, SECOND};
use futures::FutureExt;
use serde::{Deserialize, Serialize};

use super::provision;
use crate::state::AppState;
use crate::store::tasks::Task;
use crate::store::{StoreError, Tx};

/// How long a claimed task may go without a sign of life.
pub const LEASE: i64 = 2 * MINUTE;

/// Brings approved items onto their job: the payload of the task `provision`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provision {
    /// The items, all of one source, tier and route; of one database too where the engine follows changes.
    pub items: Vec<ItemId>,
}

impl Provision {
    /// The task's kind.
    pub const NAME: &'static str = "provision";

    /// Queues items in the transaction that makes it necessary: one task for each job that they will join, so that a
    /// job is told of all its newcomers at once.
    pub async fn enqueue<'i>(
        app: &AppState,
        tx: &mut Tx,
        items: impl IntoIterator<Item = &'i Item>,
        run_at: Millis,
    ) -> Result<(), StoreError> {
        let routes = tx.routes().all().await?;
        let follows = |item: &Item| routes.iter().any(|route| route.id == item.route && route.engine.follows());
        let mut jobs: Vec<(&Item, Self)> = Vec::new();
        for item in items {
            let own = follows(item);
            let same = |first: &Item| {
                let shared = (&first.source, first.tier, &first.route) == (&item.source, item.tier, &item.route);
                // What follows changes reads one database (paimon-cdc §3), and a table stays with the job it had.
                let apart = (&first.table.database, &first.job) != (&item.table.database, &item.job);
                shared && !(own && apart)
            };
            match jobs.iter_mut().find(|(first, _)| same(first)) {
                Some((_, task)) => task.items.push(item.id.clone()),
                None => jobs.push((item, Self { items: vec![item.id.clone()] })),
            }
        }
        for (_, task) in jobs {
            let payload = serde_json::to_string(&task).expect("ids always serialise");
            tx.tasks().enqueue(&app.ids.task(), Self::NAME, &payload, run_at).await?;
        }
        Ok(())
    }
}

/// How a task ended.
pub enum Ended {
    /// Done.
    Done,
    /// To be run again after so many milliseconds.
    Later(i64, String),
    /// Never to be run again.
    Failed(String),
}

/// Runs one due task, if there is one; `false` when none is.
pub async fn run_one(app: &AppState) -> Result<bool, StoreError> {
    let now = app.clock.now();
    if !app.store.read().await?.tasks().any_due(now).await? {
        return Ok(false);
    }
    let mut tx = app.store.begin().await?;
    let Some(mut task) = tx.tasks().claim(now, now.plus(LEASE)).await? else { return Ok(false) };
    tx.commit(now).await?;
    // A panic in a task is a failed run of it, not a dead worker.
    let ended = match AssertUnwindSafe(handle(app, &mut task)).catch_unwind().await {
        Ok(ended) => ended?,
        Err(_) => Ended::Later(backoff(task.attempt), "it broke".into()),
    };
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let written = match &ended {
        Ended::Done => tx.tasks().end(&task, None).await,
        Ended::Later(span, why) => tx.tasks().later(&task, now.plus(*span), Some(why)).await,
        Ended::Failed(why) => tx.tasks().end(&task, Some(why)).await,
    };
    match written {
        Ok(()) => tx.commit(now).await.map(|_| true),
        Err(StoreError::Stale { .. }) => {
            tracing::warn!(task.id = %task.id, "woke too late; somebody else took the task over");
            Ok(true)
        }
        Err(problem) => Err(problem),
    }
}

async fn handle(app: &AppState, task: &mut Task) -> Result<Ended, StoreError> {
    match task.kind.as_str() {
        Provision::NAME => match serde_json::from_str::<Provision>(&task.payload) {
            Ok(payload) => provision::run(app, task, &payload).await,
            Err(problem) => Ok(Ended::Failed(format!("its payload cannot be read: {problem}"))),
        },
        other => Ok(Ended::Failed(format!("nobody knows tasks of kind {other}"))),
    }
}

/// The pause before the next attempt: 1 s, 2 s, 4 s … at most 1 min.
pub fn backoff(attempt: i64) -> i64 {
    let doublings = u32::try_from(attempt.clamp(1, 7) - 1).unwrap_or(0);
    (SECOND << doublings).min(MINUTE)
}
