//! Sealed secrets, as rows. Sealing and opening is done in [`crate::vault`]; here nothing is ever in clear.

use super::rows::Reading;
use super::{StoreError, Tx};

/// Sealed secrets.
pub struct Secrets<'t>(pub(super) &'t mut Tx);

impl Secrets<'_> {
    /// Writes or replaces a sealed secret.
    pub async fn put(self, id: &str, sealed: &str) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO secrets (id, sealed) VALUES ($1, $2)
             ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed",
        )
        .bind(id)
        .bind(sealed)
        .execute(&mut *self.0.sql)
        .await?;
        Ok(())
    }

    /// A sealed secret by id.
    pub async fn get(self, id: &str) -> Result<Option<String>, StoreError> {
        let row = sqlx::query("SELECT id, sealed FROM secrets WHERE id = $1")
            .bind(id)
            .fetch_optional(&mut *self.0.sql)
            .await?;
        row.as_ref().map(|row| Reading::new(row, "secrets", "id")?.text("sealed")).transpose()
    }

    /// All sealed secrets with their ids.
    pub async fn all(self) -> Result<Vec<(String, String)>, StoreError> {
        let rows = sqlx::query("SELECT id, sealed FROM secrets ORDER BY id").fetch_all(&mut *self.0.sql).await?;
        rows.iter()
            .map(|row| {
                let row = Reading::new(row, "secrets", "id")?;
                Ok((row.text("id")?, row.text("sealed")?))
            })
            .collect()
    }
}
