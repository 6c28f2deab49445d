//! Sessions: who is signed in, from which browser, since when. Only hashes of tokens are kept.

use domain::ids::{PersonId, SessionId};
use domain::time::Millis;
use sqlx::any::AnyRow;

use super::rows::Reading;
use super::{StoreError, Tx};

/// Sessions.
pub struct Sessions<'t>(pub(super) &'t mut Tx);

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The id; not the secret.
    pub id: SessionId,
    /// Whose.
    pub person: PersonId,
    /// Since when.
    pub created_at: Millis,
    /// Last used.
    pub used_at: Millis,
    /// The browser, as it named itself.
    pub agent: String,
}

impl Sessions<'_> {
    /// Opens a session for the SHA-256 of its token.
    pub async fn open(self, session: &Session, token_hash: &str) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO sessions (id, token_hash, person_id, created_at, used_at, agent)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(session.id.as_str())
        .bind(token_hash)
        .bind(session.person.as_str())
        .bind(session.created_at.0)
        .bind(session.used_at.0)
        .bind(session.agent.as_str())
        .execute(&mut *self.0.sql)
        .await?;
        Ok(())
    }

    /// The session of a token's hash, if it was used since `alive_since`.
    pub async fn find(self, token_hash: &str, alive_since: Millis) -> Result<Option<Session>, StoreError> {
        let row = sqlx::query("SELECT * FROM sessions WHERE token_hash = $1 AND used_at >= $2")
            .bind(token_hash)
            .bind(alive_since.0)
            .fetch_optional(&mut *self.0.sql)
            .await?;
        row.as_ref().map(session).transpose()
    }

    /// Whether a session is still open.
    pub async fn still_open(self, id: &SessionId, alive_since: Millis) -> Result<bool, StoreError> {
        let (count,): (i64,) = sqlx::query_as("SELECT count(*) FROM sessions WHERE id = $1 AND used_at >= $2")
            .bind(id.as_str())
            .bind(alive_since.0)
            .fetch_one(&mut *self.0.sql)
            .await?;
        Ok(count > 0)
    }

    /// Notes that it was used.
    pub async fn touch(self, id: &SessionId, at: Millis) -> Result<(), StoreError> {
        sqlx::query("UPDATE sessions SET used_at = $2 WHERE id = $1 AND used_at < $2")
            .bind(id.as_str())
            .bind(at.0)
            .execute(&mut *self.0.sql)
            .await?;
        Ok(())
    }

    /// A person's sessions, newest use first.
    pub async fn of(self, person: &PersonId) -> Result<Vec<Session>, StoreError> {
        let rows = sqlx::query("SELECT * FROM sessions WHERE person_id = $1 ORDER BY used_at DESC, id")
            .bind(person.as_str())
            .fetch_all(&mut *self.0.sql)
            .await?;
        rows.iter().map(session).collect()
    }

    /// Ends one of a person's sessions; `false` when there is none of that id.
    pub async fn end(self, person: &PersonId, id: &SessionId) -> Result<bool, StoreError> {
        let done = sqlx::query("DELETE FROM sessions WHERE person_id = $1 AND id = $2")
            .bind(person.as_str())
            .bind(id.as_str())
            .execute(&mut *self.0.sql)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Ends all of a person's sessions.
    pub async fn end_all(self, person: &PersonId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE person_id = $1")
            .bind(person.as_str())
            .execute(&mut *self.0.sql)
            .await?;
        Ok(())
    }

    /// Forgets sessions that were not used since then.
    pub async fn forget(self, before: Millis) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE used_at < $1").bind(before.0).execute(&mut *self.0.sql).await?;
        Ok(())
    }
}

fn session(row: &AnyRow) -> Result<Session, StoreError> {
    let row = Reading::new(row, "sessions", "id")?;
    Ok(Session {
        id: row.parsed("id")?,
        person: row.parsed("person_id")?,
        created_at: Millis(row.int("created_at")?),
        used_at: Millis(row.int("used_at")?),
        agent: row.text("agent")?,
    })
}
