//! Our own background work: rows with leases and attempts. Every write of a worker names its attempt, so one that
//! woke too late changes nothing.

use std::collections::BTreeMap;

use domain::ids::TaskId;
use domain::time::Millis;
use sqlx::any::AnyRow;

use super::rows::{Reading, to_json};
use super::{StoreError, Tx, one};

/// Our own background work.
pub struct Tasks<'t>(pub(super) &'t mut Tx);

/// A task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The id.
    pub id: TaskId,
    /// Which kind; its name in [`crate::work::queue`].
    pub kind: String,
    /// Ids it works on, as JSON.
    pub payload: String,
    /// The step that is due; empty before the first.
    pub step: String,
    /// What the steps left behind, by step.
    pub outputs: BTreeMap<String, String>,
    /// How often it was claimed.
    pub attempt: i64,
    /// When it is due.
    pub run_at: Millis,
}

impl Tasks<'_> {
    /// Queues a task in the transaction that makes it necessary.
    pub async fn enqueue(self, id: &TaskId, kind: &str, payload: &str, run_at: Millis) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO tasks (id, kind, payload, state, step, outputs, attempt, run_at, lease_until)
             VALUES ($1, $2, $3, 'queued', '', '{}', 0, $4, 0)",
        )
        .bind(id.as_str())
        .bind(kind)
        .bind(payload)
        .bind(run_at.0)
        .execute(&mut *self.0.sql)
        .await?;
        Ok(())
    }

    /// Whether a task is due whose lease is free: asked before the write lock is taken.
    pub async fn any_due(self, now: Millis) -> Result<bool, StoreError> {
        let (count,): (i64,) = sqlx::query_as(
            "SELECT count(*) FROM (SELECT 1 FROM tasks
             WHERE state = 'queued' AND run_at <= $1 AND lease_until < $1 LIMIT 1) due",
        )
        .bind(now.0)
        .fetch_one(&mut *self.0.sql)
        .await?;
        Ok(count > 0)
    }

    /// When the next task is due, if any is queued.
    pub async fn next_due(self) -> Result<Option<Millis>, StoreError> {
        let row = sqlx::query("SELECT run_at FROM tasks WHERE state = 'queued' ORDER BY run_at LIMIT 1")
            .fetch_optional(&mut *self.0.sql)
            .await?;
        row.as_ref().map(|row| Ok(Millis(Reading::new(row, "tasks", "run_at")?.int("run_at")?))).transpose()
    }

    /// Since when the first of all queued tasks is due, if one is.
    pub async fn due_since(self, now: Millis) -> Result<Option<Millis>, StoreError> {
        Ok(self.next_due().await?.filter(|due| *due <= now))
    }

    /// Claims one due task until `lease_until`. Nothing back may also mean a lost race.
    pub async fn claim(self, now: Millis, lease_until: Millis) -> Result<Option<Task>, StoreError> {
        let row = sqlx::query(
            "UPDATE tasks SET attempt = attempt + 1, lease_until = $2
             WHERE id = (SELECT id FROM tasks WHERE state = 'queued' AND run_at <= $1 AND lease_until < $1
                         ORDER BY run_at, id LIMIT 1)
               AND lease_until < $1
             RETURNING *",
        )
        .bind(now.0)
        .bind(lease_until.0)
        .fetch_optional(&mut *self.0.sql)
        .await?;
        row.as_ref().map(task).transpose()
    }

    /// Notes the step that is due next and what was left behind; keeps the lease until `lease_until`.
    pub async fn step(self, task: &Task, lease_until: Millis) -> Result<(), StoreError> {
        let done = sqlx::query(
            "UPDATE tasks SET step = $3, outputs = $4, lease_until = $5
             WHERE id = $1 AND attempt = $2 AND state = 'queued'",
        )
        .bind(task.id.as_str())
        .bind(task.attempt)
        .bind(task.step.as_str())
        .bind(to_json(&task.outputs))
        .bind(lease_until.0)
        .execute(&mut *self.0.sql)
        .await?;
        one(&done, "tasks", task.id.as_str())
    }

    /// Ends a task: `done`, or `failed` with the problem.
    pub async fn end(self, task: &Task, problem: Option<&str>) -> Result<(), StoreError> {
        let done = sqlx::query(
            "UPDATE tasks SET state = $3, problem = $4, lease_until = 0
             WHERE id = $1 AND attempt = $2 AND state = 'queued'",
        )
        .bind(task.id.as_str())
        .bind(task.attempt)
        .bind(if problem.is_some() { "failed" } else { "done" })
        .bind(problem)
        .execute(&mut *self.0.sql)
        .await?;
        one(&done, "tasks", task.id.as_str())
    }

    /// Gives a task back to be run later.
    pub async fn later(self, task: &Task, run_at: Millis, problem: Option<&str>) -> Result<(), StoreError> {
        let done = sqlx::query(
            "UPDATE tasks SET run_at = $3, lease_until = 0, problem = $4
             WHERE id = $1 AND attempt = $2 AND state = 'queued'",
        )
        .bind(task.id.as_str())
        .bind(task.attempt)
        .bind(run_at.0)
        .bind(problem)
        .execute(&mut *self.0.sql)
        .await?;
        one(&done, "tasks", task.id.as_str())
    }

    /// Makes tasks that wait for a reason due now: the reason is gone.
    pub async fn wake(self, kind: &str, problem: &str, now: Millis) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE tasks SET run_at = $3 WHERE state = 'queued' AND kind = $1 AND problem = $2 AND run_at > $3",
        )
        .bind(kind)
        .bind(problem)
        .bind(now.0)
        .execute(&mut *self.0.sql)
        .await?;
        Ok(())
    }

    /// Ends the leases of all tasks: for the start of the only process there can be. A worker that still ran would be
    /// fenced by its attempt.
    pub async fn end_leases(self) -> Result<(), StoreError> {
        sqlx::query("UPDATE tasks SET lease_until = 0 WHERE state = 'queued'").execute(&mut *self.0.sql).await?;
        Ok(())
    }

    /// How many tasks are queued; tests wait until none is due.
    pub async fn queued(self) -> Result<u64, StoreError> {
        let (count,): (i64,) =
            sqlx::query_as("SELECT count(*) FROM tasks WHERE state = 'queued'").fetch_one(&mut *self.0.sql).await?;
        Ok(count.unsigned_abs())
    }
}

fn task(row: &AnyRow) -> Result<Task, StoreError> {
    let row = Reading::new(row, "tasks", "id")?;
    Ok(Task {
        id: row.parsed("id")?,
        kind: row.text("kind")?,
        payload: row.text("payload")?,
        step: row.text("step")?,
        outputs: row.json("outputs")?,
        attempt: row.int("attempt")?,
        run_at: Millis(row.int("run_at")?),
    })
}
