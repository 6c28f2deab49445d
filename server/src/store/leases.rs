//! Leases: who may do a thing that only one may do at a time, across processes. They run out by themselves.

use domain::time::Millis;

use super::{StoreError, Tx};

/// Leases.
pub struct Leases<'t>(pub(super) &'t mut Tx);

impl Leases<'_> {
    /// Takes or prolongs a lease; `false` when somebody else holds it.
    pub async fn take(self, name: &str, holder: &str, now: Millis, until: Millis) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "INSERT INTO leases (name, holder, until) VALUES ($1, $2, $4)
             ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
             WHERE leases.holder = excluded.holder OR leases.until < $3",
        )
        .bind(name)
        .bind(holder)
        .bind(now.0)
        .bind(until.0)
        .execute(&mut *self.0.sql)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Ends all leases: for the start of the only process there can be.
    pub async fn end_all(self) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM leases").execute(&mut *self.0.sql).await?;
        Ok(())
    }

    /// Gives a lease back; nothing happens when somebody else holds it by now.
    pub async fn give_back(self, name: &str, holder: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM leases WHERE name = $1 AND holder = $2")
            .bind(name)
            .bind(holder)
            .execute(&mut *self.0.sql)
            .await?;
        Ok(())
    }
}
