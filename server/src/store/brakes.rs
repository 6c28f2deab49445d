//! The operators' brakes: one row a source, and one for all.

use domain::brake::Brake;
use domain::ids::SourceId;
use domain::time::Millis;
use sqlx::any::AnyRow;

use super::rows::Reading;
use super::{StoreError, Tx};

/// Brakes.
pub struct Brakes<'t>(pub(super) &'t mut Tx);

impl Brakes<'_> {
    /// All of them, also those that are over and not cleared yet.
    pub async fn all(self) -> Result<Vec<Brake>, StoreError> {
        let rows = sqlx::query("SELECT * FROM brakes ORDER BY scope").fetch_all(&mut *self.0.sql).await?;
        rows.iter().map(brake).collect()
    }

    /// Pulls one; one that was pulled before is replaced.
    pub async fn pull(self, brake: &Brake) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO brakes (scope, person_id, since, until, reason) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (scope) DO UPDATE SET person_id = excluded.person_id, since = excluded.since,
                until = excluded.until, reason = excluded.reason",
        )
        .bind(scope(brake.source.as_ref()))
        .bind(brake.by.as_str())
        .bind(brake.since.0)
        .bind(brake.until.map(|until| until.0))
        .bind(brake.reason.as_str())
        .execute(&mut *self.0.sql)
        .await?;
        Ok(())
    }

    /// Lifts one; `false` when there was none.
    pub async fn lift(self, source: Option<&SourceId>) -> Result<bool, StoreError> {
        let done =
            sqlx::query("DELETE FROM brakes WHERE scope = $1").bind(scope(source)).execute(&mut *self.0.sql).await?;
        Ok(done.rows_affected() > 0)
    }
}

fn scope(source: Option<&SourceId>) -> &str {
    source.map_or("", SourceId::as_str)
}

fn brake(row: &AnyRow) -> Result<Brake, StoreError> {
    let row = Reading::new(row, "brakes", "scope")?;
    let scope = row.text("scope")?;
    Ok(Brake {
        source: if scope.is_empty() { None } else { Some(row.parsed("scope")?) },
        by: row.parsed("person_id")?,
        since: Millis(row.int("since")?),
        until: row.maybe_int("until")?.map(Millis),
        reason: row.text("reason")?,
    })
}
