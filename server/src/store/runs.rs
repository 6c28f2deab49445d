//! Runs: starts of jobs at engines that follow changes. Each is written before the call that makes it, so whoever comes
//! after a `kill -9` knows which id to ask the engine for.

use std::collections::BTreeMap;

use domain::args::from::ServerIds;
use domain::ids::JobId;
use domain::run::{Run, next_ids};
use sqlx::any::AnyRow;

use super::rows::{Reading, to_json};
use super::{StoreError, Tx, one};

/// Runs.
pub struct Runs<'t>(pub(super) &'t mut Tx);

impl Runs<'_> {
    /// Writes a run. [`StoreError::Taken`] when somebody else wrote the job's run of that number.
    pub async fn begin(self, run: &Run) -> Result<(), StoreError> {
        let done = sqlx::query(
            "INSERT INTO runs (id, job_name, number, place, tables, args, restored, begun_at, stage, checkpoint,
                leaves_state, source_id, engine_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        )
        .bind(run.id.as_str())
        .bind(run.job.as_str())
        .bind(i64::from(run.number))
        .bind(to_json(&run.place))
        .bind(to_json(&run.tables))
        .bind(to_json(&run.args))
        .bind(run.restored.as_deref())
        .bind(run.begun_at.0)
        .bind(to_json(&run.stage))
        .bind(run.checkpoint.as_ref().map(to_json))
        .bind(i64::from(run.leaves_state))
        .bind(run.source.as_str())
        .bind(run.engine_id.as_deref())
        .execute(&mut *self.0.sql)
        .await;
        done.map(drop).map_err(StoreError::taken("this run"))
    }

    /// Writes how far a run is known to be, its newest checkpoint, and the engine's own id.
    pub async fn save(self, run: &Run) -> Result<(), StoreError> {
        let done = sqlx::query("UPDATE runs SET stage = $2, checkpoint = $3, engine_id = $4 WHERE id = $1")
            .bind(run.id.as_str())
            .bind(to_json(&run.stage))
            .bind(run.checkpoint.as_ref().map(to_json))
            .bind(run.engine_id.as_deref())
            .execute(&mut *self.0.sql)
            .await?;
        one(&done, "runs", run.id.as_str())
    }

    /// The newest run of a job, if it was ever started.
    pub async fn newest(self, job: &str) -> Result<Option<Run>, StoreError> {
        let row = sqlx::query("SELECT * FROM runs WHERE job_name = $1 ORDER BY number DESC LIMIT 1")
            .bind(job)
            .fetch_optional(&mut *self.0.sql)
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// The newest run of every job, by the job's name.
    pub async fn newest_of_all(self) -> Result<BTreeMap<String, Run>, StoreError> {
        let rows = sqlx::query(
            "SELECT r.* FROM runs r JOIN (SELECT job_name, MAX(number) AS newest FROM runs GROUP BY job_name) n
             ON n.job_name = r.job_name AND n.newest = r.number",
        )
        .fetch_all(&mut *self.0.sql)
        .await?;
        rows.iter().map(|row| read(row).map(|run| (run.job.clone(), run))).collect()
    }

    /// All runs of a job, the newest first.
    pub async fn of_job(self, job: &str) -> Result<Vec<Run>, StoreError> {
        let rows = sqlx::query("SELECT * FROM runs WHERE job_name = $1 ORDER BY number DESC")
            .bind(job)
            .fetch_all(&mut *self.0.sql)
            .await?;
        rows.iter().map(read).collect()
    }

    /// The numbers of a job's readers, if it was given any.
    pub async fn ids_of(self, job: &JobId) -> Result<Option<ServerIds>, StoreError> {
        let row = sqlx::query("SELECT * FROM server_ids WHERE job_id = $1")
            .bind(job.as_str())
            .fetch_optional(&mut *self.0.sql)
            .await?;
        row.as_ref().map(ids).transpose()
    }

    /// Gives a job's readers numbers at a server that nobody there was given before.
    ///
    /// [`StoreError::Taken`] when somebody else took the same at this moment: tried again, others are found.
    pub async fn give_ids(self, server: &str, job: &JobId, readers: u32) -> Result<ServerIds, StoreError> {
        sqlx::query("DELETE FROM server_ids WHERE job_id = $1").bind(job.as_str()).execute(&mut *self.0.sql).await?;
        let (last,): (Option<i64>,) = sqlx::query_as("SELECT MAX(last) FROM server_ids WHERE server = $1")
            .bind(server)
            .fetch_one(&mut *self.0.sql)
            .await?;
        let last = last.map(|last| u32::try_from(last).unwrap_or(u32::MAX));
        let given = next_ids(last, readers).ok_or(StoreError::Taken { what: "every number of a reader" })?;
        let done = sqlx::query("INSERT INTO server_ids (server, first, last, job_id) VALUES ($1, $2, $3, $4)")
            .bind(server)
            .bind(i64::from(given.first()))
            .bind(i64::from(given.last()))
            .bind(job.as_str())
            .execute(&mut *self.0.sql)
            .await;
        done.map_err(StoreError::taken("this number of a reader"))?;
        Ok(given)
    }
}

fn ids(row: &AnyRow) -> Result<ServerIds, StoreError> {
    let row = Reading::new(row, "server_ids", "job_id")?;
    let number = |column| row.int(column).map(|number| u32::try_from(number).unwrap_or(0));
    ServerIds::new(number("first")?, number("last")?).map_err(|problem| row.odd(problem))
}

fn read(row: &AnyRow) -> Result<Run, StoreError> {
    let row = Reading::new(row, "runs", "id")?;
    let number = row.int("number")?;
    Ok(Run {
        id: row.parsed("id")?,
        engine_id: row.maybe_text("engine_id")?,
        job: row.text("job_name")?,
        number: u32::try_from(number).map_err(|_| row.odd(number))?,
        source: row.parsed("source_id")?,
        place: row.json("place")?,
        tables: row.json("tables")?,
        args: row.json("args")?,
        restored: row.maybe_text("restored")?,
        leaves_state: row.flag("leaves_state")?,
        begun_at: domain::time::Millis(row.int("begun_at")?),
        stage: row.json("stage")?,
        checkpoint: row.maybe_json("checkpoint")?,
    })
}
