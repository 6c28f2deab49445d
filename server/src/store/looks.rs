//! Who has a card open just now. Each look runs out by itself.

use domain::ids::{PersonId, RequestId};
use domain::time::Millis;

use super::rows::Reading;
use super::{StoreError, Tx};

/// Looks at cards.
pub struct Looks<'t>(pub(super) &'t mut Tx);

impl Looks<'_> {
    /// Begins or prolongs a look; looks that ran out are forgotten. `true` when it begins.
    pub async fn look(
        self,
        request: &RequestId,
        person: &PersonId,
        now: Millis,
        until: Millis,
    ) -> Result<bool, StoreError> {
        sqlx::query("DELETE FROM looks WHERE until <= $1").bind(now.0).execute(&mut *self.0.sql).await?;
        let prolonged = sqlx::query("UPDATE looks SET until = $3 WHERE request_id = $1 AND person_id = $2")
            .bind(request.as_str())
            .bind(person.as_str())
            .bind(until.0)
            .execute(&mut *self.0.sql)
            .await?;
        if prolonged.rows_affected() > 0 {
            return Ok(false);
        }
        let begun =
            sqlx::query("INSERT INTO looks (request_id, person_id, until) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
                .bind(request.as_str())
                .bind(person.as_str())
                .bind(until.0)
                .execute(&mut *self.0.sql)
                .await?;
        Ok(begun.rows_affected() > 0)
    }

    /// Who else looks at it.
    pub async fn others(
        self,
        request: &RequestId,
        person: &PersonId,
        now: Millis,
    ) -> Result<Vec<PersonId>, StoreError> {
        let rows = sqlx::query(
            "SELECT person_id FROM looks WHERE request_id = $1 AND person_id <> $2 AND until > $3 ORDER BY person_id",
        )
        .bind(request.as_str())
        .bind(person.as_str())
        .bind(now.0)
        .fetch_all(&mut *self.0.sql)
        .await?;
        rows.iter().map(|row| Reading::new(row, "looks", "person_id")?.parsed("person_id")).collect()
    }

    /// Ends a look.
    pub async fn leave(self, request: &RequestId, person: &PersonId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM looks WHERE request_id = $1 AND person_id = $2")
            .bind(request.as_str())
            .bind(person.as_str())
            .execute(&mut *self.0.sql)
            .await?;
        Ok(())
    }
}
