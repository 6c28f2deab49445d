//! Jobs as they are wanted. What an engine says of them is observed, never stored as truth.

use std::collections::BTreeMap;

use domain::ids::JobId;
use domain::job::{Job, Wanted};
use domain::tier::Tier;
use domain::time::Millis;
use sqlx::any::AnyRow;

use super::items::{ItemRecord, Items, record, select};
use super::rows::Reading;
use super::{StoreError, Tx, one};

/// Jobs.
pub struct Jobs<'t>(pub(super) &'t mut Tx);

impl Jobs<'_> {
    /// Writes a job under its deterministic name, or finds the one that is there; `true` when it is new.
    pub async fn ensure(self, job: &Job) -> Result<(Job, bool), StoreError> {
        let done = sqlx::query(
            "INSERT INTO jobs (id, name, source_id, route_id, tier, wanted, version)
             VALUES ($1, $2, $3, $4, $5, $6, 1) ON CONFLICT (name) DO NOTHING",
        )
        .bind(job.id.as_str())
        .bind(job.name.as_str())
        .bind(job.source.as_str())
        .bind(job.route.as_str())
        .bind(job.tier.word())
        .bind(job.wanted.word())
        .execute(&mut *self.0.sql)
        .await?;
        let row = sqlx::query("SELECT * FROM jobs WHERE name = $1").bind(&job.name).fetch_one(&mut *self.0.sql).await?;
        Ok((read(&row)?, done.rows_affected() == 1))
    }

    /// A job by id.
    pub async fn get(self, id: &JobId) -> Result<Job, StoreError> {
        let row =
            sqlx::query("SELECT * FROM jobs WHERE id = $1").bind(id.as_str()).fetch_optional(&mut *self.0.sql).await?;
        row.as_ref()
            .map(read)
            .transpose()?
            .ok_or_else(|| StoreError::Missing { table: "jobs", id: id.as_str().to_owned() })
    }

    /// All jobs by name.
    pub async fn all(self) -> Result<Vec<Job>, StoreError> {
        let rows = sqlx::query("SELECT * FROM jobs ORDER BY name").fetch_all(&mut *self.0.sql).await?;
        rows.iter().map(read).collect()
    }

    /// A job by its name, if there is one.
    pub async fn called(self, name: &str) -> Result<Option<Job>, StoreError> {
        let row = sqlx::query("SELECT * FROM jobs WHERE name = $1").bind(name).fetch_optional(&mut *self.0.sql).await?;
        row.as_ref().map(read).transpose()
    }

    /// The living items of all jobs, by job.
    pub async fn items(self) -> Result<BTreeMap<JobId, Vec<ItemRecord>>, StoreError> {
        let rows = sqlx::query(select!("WHERE i.job_id IS NOT NULL AND i.alive = 1 ORDER BY i.id"))
            .fetch_all(&mut *self.0.sql)
            .await?;
        let mut items: BTreeMap<JobId, Vec<ItemRecord>> = BTreeMap::new();
        for row in &rows {
            let record = record(row)?;
            if let Some(job) = record.item.job.clone() {
                items.entry(job).or_default().push(record);
            }
        }
        Ok(items)
    }

    /// Writes what is wanted of a job. [`StoreError::Stale`] when somebody was faster.
    pub async fn save(self, job: &Job) -> Result<(), StoreError> {
        let done = sqlx::query("UPDATE jobs SET wanted = $3, version = version + 1 WHERE id = $1 AND version = $2")
            .bind(job.id.as_str())
            .bind(job.version)
            .bind(job.wanted.word())
            .execute(&mut *self.0.sql)
            .await?;
        one(&done, "jobs", job.id.as_str())
    }
}

impl Items<'_> {
    /// How many living items are approved or have their place and are not started, and since when the first waits.
    pub async fn approved(self) -> Result<(u64, Option<Millis>), StoreError> {
        let (count, since): (i64, Option<i64>) = sqlx::query_as(
            "SELECT count(*), MIN(since) FROM items WHERE alive = 1 AND state IN ('approved', 'placed')",
        )
        .fetch_one(&mut *self.0.sql)
        .await?;
        Ok((count.unsigned_abs(), since.map(Millis)))
    }
}

fn read(row: &AnyRow) -> Result<Job, StoreError> {
    let row = Reading::new(row, "jobs", "id")?;
    let (tier, wanted) = (row.text("tier")?, row.text("wanted")?);
    Ok(Job {
        id: row.parsed("id")?,
        name: row.text("name")?,
        source: row.parsed("source_id")?,
        route: row.parsed("route_id")?,
        tier: Tier::from_word(&tier).ok_or_else(|| row.odd(tier))?,
        wanted: Wanted::from_word(&wanted).ok_or_else(|| row.odd(wanted))?,
        version: row.int("version")?,
    })
}
