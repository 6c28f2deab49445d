//! Requests while they are written: one row each, only for its writer.

use domain::draft::{Contents, Draft};
use domain::ids::{DraftId, PersonId, RequestId};
use domain::time::Millis;
use sqlx::any::AnyRow;

use super::rows::{Reading, to_json};
use super::{StoreError, Tx, one};

/// Requests while they are written.
pub struct Drafts<'t>(pub(super) &'t mut Tx);

impl Drafts<'_> {
    /// Writes a new draft. [`StoreError::Taken`] when the same key made one before.
    pub async fn add(self, draft: &Draft, key: &str) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO drafts (id, person_id, request_id, made_by, contents, saved_at, ended_at, version)
             VALUES ($1, $2, $3, $4, $5, $6, NULL, 1)",
        )
        .bind(draft.id.as_str())
        .bind(draft.owner.as_str())
        .bind(draft.of.as_ref().map(|request| request.as_str().to_owned()))
        .bind(key)
        .bind(to_json(&draft.contents))
        .bind(draft.saved_at.0)
        .execute(&mut *self.0.sql)
        .await
        .map(drop)
        .map_err(StoreError::taken("this key of a draft"))
    }

    /// A draft by id.
    pub async fn get(self, id: &DraftId) -> Result<Draft, StoreError> {
        let row = sqlx::query("SELECT * FROM drafts WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(&mut *self.0.sql)
            .await?;
        row.as_ref()
            .map(draft)
            .transpose()?
            .ok_or_else(|| StoreError::Missing { table: "drafts", id: id.as_str().to_owned() })
    }

    /// The draft that a writer's key made.
    pub async fn by_key(self, owner: &PersonId, key: &str) -> Result<Option<Draft>, StoreError> {
        let row = sqlx::query("SELECT * FROM drafts WHERE person_id = $1 AND made_by = $2")
            .bind(owner.as_str())
            .bind(key)
            .fetch_optional(&mut *self.0.sql)
            .await?;
        row.as_ref().map(draft).transpose()
    }

    /// Drafts of a writer that have not ended, the newest first; at most 100.
    pub async fn of(self, owner: &PersonId) -> Result<Vec<Draft>, StoreError> {
        let rows = sqlx::query(
            "SELECT * FROM drafts WHERE person_id = $1 AND ended_at IS NULL ORDER BY saved_at DESC, id DESC LIMIT 100",
        )
        .bind(owner.as_str())
        .fetch_all(&mut *self.0.sql)
        .await?;
        rows.iter().map(draft).collect()
    }

    /// The draft by which a request is changed, if there is one.
    pub async fn of_request(self, request: &RequestId) -> Result<Option<Draft>, StoreError> {
        let row = sqlx::query("SELECT * FROM drafts WHERE request_id = $1 AND ended_at IS NULL")
            .bind(request.as_str())
            .fetch_optional(&mut *self.0.sql)
            .await?;
        row.as_ref().map(draft).transpose()
    }

    /// Saves what is written over a version. [`StoreError::Stale`] when somebody was faster.
    pub async fn save(self, id: &DraftId, version: i64, contents: &Contents, at: Millis) -> Result<(), StoreError> {
        let done = sqlx::query(
            "UPDATE drafts SET contents = $3, saved_at = $4, version = version + 1
             WHERE id = $1 AND version = $2 AND ended_at IS NULL",
        )
        .bind(id.as_str())
        .bind(version)
        .bind(to_json(contents))
        .bind(at.0)
        .execute(&mut *self.0.sql)
        .await?;
        one(&done, "drafts", id.as_str())
    }

    /// Takes a draft away: it was submitted, or thrown away.
    pub async fn remove(self, id: &DraftId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM drafts WHERE id = $1").bind(id.as_str()).execute(&mut *self.0.sql).await?;
        Ok(())
    }

    /// Ends a draft that did its work, with one more version: who sends it again is told what became of it.
    pub async fn finish(self, id: &DraftId, version: i64, at: Millis) -> Result<(), StoreError> {
        let done = sqlx::query(
            "UPDATE drafts SET ended_at = $3, version = version + 1 WHERE id = $1 AND version = $2 AND ended_at IS NULL",
        )
        .bind(id.as_str())
        .bind(version)
        .bind(at.0)
        .execute(&mut *self.0.sql)
        .await?;
        one(&done, "drafts", id.as_str())
    }

    /// Whether there are drafts that nobody saved since a moment.
    pub async fn any_before(self, saved: Millis) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT id FROM drafts WHERE ended_at IS NULL AND saved_at <= $1 LIMIT 1")
            .bind(saved.0)
            .fetch_optional(&mut *self.0.sql)
            .await?;
        Ok(row.is_some())
    }

    /// Ends drafts that nobody saved since a moment; they stay readable. Gives how many.
    pub async fn end_before(self, saved: Millis, at: Millis) -> Result<u64, StoreError> {
        let done = sqlx::query("UPDATE drafts SET ended_at = $2 WHERE ended_at IS NULL AND saved_at <= $1")
            .bind(saved.0)
            .bind(at.0)
            .execute(&mut *self.0.sql)
            .await?;
        Ok(done.rows_affected())
    }
}

fn draft(row: &AnyRow) -> Result<Draft, StoreError> {
    let row = Reading::new(row, "drafts", "id")?;
    Ok(Draft {
        id: row.parsed("id")?,
        owner: row.parsed("person_id")?,
        of: row.maybe_parsed("request_id")?,
        contents: row.json("contents")?,
        saved_at: Millis(row.int("saved_at")?),
        ended_at: row.maybe_int("ended_at")?.map(Millis),
        version: row.int("version")?,
    })
}
