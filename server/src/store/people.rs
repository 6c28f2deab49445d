//! People and teams.

use std::collections::BTreeSet;

use domain::ids::{PersonId, SourceId, TeamId};
use domain::person::{Person, Viewer};
use domain::time::Millis;
use sqlx::any::AnyRow;

use super::rows::Reading;
use super::{StoreError, Tx, one};

/// A person as they are kept: with the number of the last change, and whether they have a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The person.
    pub person: Person,
    /// Counts the changes, for optimistic locking.
    pub version: i64,
    /// Whether a password was ever set.
    pub has_password: bool,
}

/// People and teams.
pub struct People<'t>(pub(super) &'t mut Tx);

impl People<'_> {
    /// Adds a person with the hash of their password.
    pub async fn add(self, person: &Person, password: &str) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO people (id, login, shown, team_id, operator, disabled, password)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(person.id.as_str())
        .bind(person.login.as_str())
        .bind(person.shown.as_str())
        .bind(person.team.as_ref().map(|team| team.as_str().to_owned()))
        .bind(i64::from(person.operator))
        .bind(i64::from(person.disabled))
        .bind(password)
        .execute(&mut *self.0.sql)
        .await
        .map(drop)
        .map_err(StoreError::taken("this sign-in name"))
    }

    /// Adds a team, or finds the one of that name.
    pub async fn team(self, id: &TeamId, name: &str) -> Result<TeamId, StoreError> {
        sqlx::query("INSERT INTO teams (id, name) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
            .bind(id.as_str())
            .bind(name)
            .execute(&mut *self.0.sql)
            .await?;
        let row = sqlx::query("SELECT id FROM teams WHERE name = $1").bind(name).fetch_one(&mut *self.0.sql).await?;
        Reading::new(&row, "teams", "id")?.parsed("id")
    }

    /// The names of all teams by their ids.
    pub async fn teams(self) -> Result<Vec<(TeamId, String)>, StoreError> {
        let rows = sqlx::query("SELECT id, name FROM teams ORDER BY name").fetch_all(&mut *self.0.sql).await?;
        rows.iter()
            .map(|row| {
                let row = Reading::new(row, "teams", "id")?;
                Ok((row.parsed("id")?, row.text("name")?))
            })
            .collect()
    }

    /// Gives a team another name. [`StoreError::Stale`] when it is not called so any more, [`StoreError::Taken`] when
    /// another one has the name.
    pub async fn rename_team(self, id: &TeamId, was: &str, name: &str) -> Result<(), StoreError> {
        let done = sqlx::query("UPDATE teams SET name = $3 WHERE id = $1 AND name = $2")
            .bind(id.as_str())
            .bind(was)
            .bind(name)
            .execute(&mut *self.0.sql)
            .await
            .map_err(StoreError::taken("this name"))?;
        one(&done, "teams", id.as_str())
    }

    /// How many people there are.
    pub async fn count(self) -> Result<u64, StoreError> {
        let (count,): (i64,) = sqlx::query_as("SELECT count(*) FROM people").fetch_one(&mut *self.0.sql).await?;
        Ok(count.unsigned_abs())
    }

    /// Everybody, by sign-in name.
    pub async fn all(self) -> Result<Vec<Person>, StoreError> {
        let rows = sqlx::query("SELECT * FROM people ORDER BY login").fetch_all(&mut *self.0.sql).await?;
        rows.iter().map(person).collect()
    }

    /// Everybody as they are kept, by sign-in name.
    pub async fn kept(self) -> Result<Vec<Kept>, StoreError> {
        let rows = sqlx::query("SELECT * FROM people ORDER BY login").fetch_all(&mut *self.0.sql).await?;
        let kept = |row: &AnyRow| {
            let reading = Reading::new(row, "people", "id")?;
            let has_password = !reading.text("password")?.is_empty();
            Ok(Kept { person: person(row)?, version: reading.int("version")?, has_password })
        };
        rows.iter().map(kept).collect()
    }

    /// Lets nobody else change people until this transaction ends.
    pub async fn lock(self) -> Result<(), StoreError> {
        sqlx::query("UPDATE counters SET value = value + 1 WHERE name = 'people'").execute(&mut *self.0.sql).await?;
        Ok(())
    }

    /// Writes a person. [`StoreError::Stale`] when it is not the version that was read any more.
    pub async fn save(self, person: &Person, version: i64) -> Result<(), StoreError> {
        let done = sqlx::query(
            "UPDATE people SET shown = $3, team_id = $4, operator = $5, disabled = $6, version = version + 1
             WHERE id = $1 AND version = $2",
        )
        .bind(person.id.as_str())
        .bind(version)
        .bind(person.shown.as_str())
        .bind(person.team.as_ref().map(|team| team.as_str().to_owned()))
        .bind(i64::from(person.operator))
        .bind(i64::from(person.disabled))
        .execute(&mut *self.0.sql)
        .await?;
        one(&done, "people", person.id.as_str())
    }

    /// Who owns what, also those who cannot sign in.
    pub async fn owning(self) -> Result<Vec<(SourceId, PersonId)>, StoreError> {
        let rows = sqlx::query("SELECT source_id, person_id FROM source_owners ORDER BY source_id, person_id")
            .fetch_all(&mut *self.0.sql)
            .await?;
        rows.iter()
            .map(|row| {
                let row = Reading::new(row, "source_owners", "source_id")?;
                Ok((row.parsed("source_id")?, row.parsed("person_id")?))
            })
            .collect()
    }

    /// Makes a person the owner of these sources and of no others.
    pub async fn set_owns(self, id: &PersonId, owns: &BTreeSet<SourceId>) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM source_owners WHERE person_id = $1")
            .bind(id.as_str())
            .execute(&mut *self.0.sql)
            .await?;
        for source in owns {
            sqlx::query("INSERT INTO source_owners (source_id, person_id) VALUES ($1, $2)")
                .bind(source.as_str())
                .bind(id.as_str())
                .execute(&mut *self.0.sql)
                .await?;
        }
        Ok(())
    }

    /// Keeps the hash of the one link by which a person sets their password.
    pub async fn link(self, id: &PersonId, token_hash: &str, until: Millis) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO password_links (person_id, token_hash, until) VALUES ($1, $2, $3)
             ON CONFLICT (person_id) DO UPDATE SET token_hash = excluded.token_hash, until = excluded.until",
        )
        .bind(id.as_str())
        .bind(token_hash)
        .bind(until.0)
        .execute(&mut *self.0.sql)
        .await?;
        Ok(())
    }

    /// Uses a link up; whose it was, if it still worked.
    pub async fn spend_link(self, token_hash: &str, now: Millis) -> Result<Option<PersonId>, StoreError> {
        let row = sqlx::query("DELETE FROM password_links WHERE token_hash = $1 AND until > $2 RETURNING person_id")
            .bind(token_hash)
            .bind(now.0)
            .fetch_optional(&mut *self.0.sql)
            .await?;
        row.as_ref().map(|row| Reading::new(row, "password_links", "person_id")?.parsed("person_id")).transpose()
    }

    /// A person by id.
    pub async fn get(self, id: &PersonId) -> Result<Person, StoreError> {
        let row = sqlx::query("SELECT * FROM people WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(&mut *self.0.sql)
            .await?;
        row.as_ref()
            .map(person)
            .transpose()?
            .ok_or_else(|| StoreError::Missing { table: "people", id: id.as_str().to_owned() })
    }

    /// A person by sign-in name, with the hash of the password.
    pub async fn by_login(self, login: &str) -> Result<Option<(Person, String)>, StoreError> {
        let row =
            sqlx::query("SELECT * FROM people WHERE login = $1").bind(login).fetch_optional(&mut *self.0.sql).await?;
        row.as_ref().map(|row| Ok((person(row)?, Reading::new(row, "people", "id")?.text("password")?))).transpose()
    }

    /// Sets the hash of a password.
    pub async fn set_password(self, id: &PersonId, password: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE people SET password = $2 WHERE id = $1")
            .bind(id.as_str())
            .bind(password)
            .execute(&mut *self.0.sql)
            .await?;
        Ok(())
    }

    /// Keeps a person from signing in, or lets them again.
    pub async fn set_disabled(self, id: &PersonId, disabled: bool) -> Result<(), StoreError> {
        sqlx::query("UPDATE people SET disabled = $2, version = version + 1 WHERE id = $1")
            .bind(id.as_str())
            .bind(i64::from(disabled))
            .execute(&mut *self.0.sql)
            .await?;
        Ok(())
    }

    /// All that rights need to know of a person.
    pub async fn viewer(self, person: &Person) -> Result<Viewer, StoreError> {
        let rows = sqlx::query("SELECT source_id FROM source_owners WHERE person_id = $1")
            .bind(person.id.as_str())
            .fetch_all(&mut *self.0.sql)
            .await?;
        let owns = rows
            .iter()
            .map(|row| Reading::new(row, "source_owners", "source_id")?.parsed::<SourceId>("source_id"))
            .collect::<Result<_, _>>()?;
        Ok(Viewer { person: person.id.clone(), team: person.team.clone(), operator: person.operator, owns })
    }
}

fn person(row: &AnyRow) -> Result<Person, StoreError> {
    let row = Reading::new(row, "people", "id")?;
    Ok(Person {
        id: row.parsed("id")?,
        login: row.text("login")?,
        shown: row.text("shown")?,
        team: row.maybe_parsed("team_id")?,
        operator: row.flag("operator")?,
        disabled: row.flag("disabled")?,
    })
}
