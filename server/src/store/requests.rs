//! Requests: what was asked, frozen and hashed.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{PersonId, RequestId, TeamId};
use domain::person::Viewer;
use domain::request::{Asked, Request};
use domain::time::Millis;
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use super::rows::{Reading, like, list, to_json};
use super::tx::digest;
use super::{StoreError, Tx, one};

/// Requests.
pub struct Requests<'t>(pub(super) &'t mut Tx);

/// The hash of what was asked, over its canonical JSON.
pub fn hash_of(asked: &Asked) -> String {
    digest(&[&to_json(asked)])
}

impl Requests<'_> {
    /// The next number that people say.
    pub async fn next_number(self) -> Result<i64, StoreError> {
        let (value,): (i64,) =
            sqlx::query_as("UPDATE counters SET value = value + 1 WHERE name = 'requests' RETURNING value")
                .fetch_one(&mut *self.0.sql)
                .await?;
        Ok(value)
    }

    /// Writes a submitted request.
    pub async fn add(self, request: &Request, key: &str) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO requests (id, number, requester_id, team_id, asked, hash, idempotency_key, submitted_at, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)",
        )
        .bind(request.id.as_str())
        .bind(request.number)
        .bind(request.requester.as_str())
        .bind(request.team.as_ref().map(|team| team.as_str().to_owned()))
        .bind(to_json(&request.asked))
        .bind(request.hash.as_str())
        .bind(key)
        .bind(request.submitted_at.0)
        .execute(&mut *self.0.sql)
        .await
        .map(drop)
        .map_err(StoreError::taken("this idempotency key"))
    }

    /// A request by id.
    pub async fn get(self, id: &RequestId) -> Result<Request, StoreError> {
        let row = sqlx::query("SELECT * FROM requests WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(&mut *self.0.sql)
            .await?;
        row.as_ref()
            .map(request)
            .transpose()?
            .ok_or_else(|| StoreError::Missing { table: "requests", id: id.as_str().to_owned() })
    }

    /// The request that a requester's key made.
    pub async fn by_key(self, requester: &PersonId, key: &str) -> Result<Option<Request>, StoreError> {
        let row = sqlx::query("SELECT * FROM requests WHERE requester_id = $1 AND idempotency_key = $2")
            .bind(requester.as_str())
            .bind(key)
            .fetch_optional(&mut *self.0.sql)
            .await?;
        row.as_ref().map(request).transpose()
    }

    /// The numbers of some requests.
    pub async fn numbers(self, requests: &BTreeSet<RequestId>) -> Result<BTreeMap<RequestId, i64>, StoreError> {
        let sql = format!("SELECT id, number FROM requests WHERE id IN {}", list(requests.len(), 1));
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for request in requests {
            query = query.bind(request.as_str());
        }
        let rows = query.fetch_all(&mut *self.0.sql).await?;
        rows.iter()
            .map(|row| {
                let row = Reading::new(row, "requests", "id")?;
                Ok((row.parsed("id")?, row.int("number")?))
            })
            .collect()
    }

    /// Takes the request for a change: whoever comes second with the same version is stale.
    pub async fn bump(self, request: &Request) -> Result<(), StoreError> {
        let done = sqlx::query("UPDATE requests SET version = version + 1 WHERE id = $1 AND version = $2")
            .bind(request.id.as_str())
            .bind(request.version)
            .execute(&mut *self.0.sql)
            .await?;
        one(&done, "requests", request.id.as_str())
    }

    /// Writes what is asked for now over what was asked, which is kept. Whoever comes second is stale.
    pub async fn revise(self, request: &Request, asked: &Asked, at: Millis) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO revisions (request_id, version, asked, hash, replaced_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(request.id.as_str())
        .bind(request.version)
        .bind(to_json(&request.asked))
        .bind(request.hash.as_str())
        .bind(at.0)
        .execute(&mut *self.0.sql)
        .await?;
        let done = sqlx::query(
            "UPDATE requests SET asked = $3, hash = $4, version = version + 1 WHERE id = $1 AND version = $2",
        )
        .bind(request.id.as_str())
        .bind(request.version)
        .bind(to_json(asked))
        .bind(hash_of(asked))
        .execute(&mut *self.0.sql)
        .await?;
        one(&done, "requests", request.id.as_str())
    }

    /// What was asked before it was last changed, if it ever was.
    pub async fn before(self, id: &RequestId) -> Result<Option<Asked>, StoreError> {
        let row = sqlx::query("SELECT * FROM revisions WHERE request_id = $1 ORDER BY version DESC LIMIT 1")
            .bind(id.as_str())
            .fetch_optional(&mut *self.0.sql)
            .await?;
        let Some(row) = &row else { return Ok(None) };
        let row = Reading::new(row, "revisions", "request_id")?;
        let asked: Asked = row.json("asked")?;
        if hash_of(&asked) == row.text("hash")? { Ok(Some(asked)) } else { Err(row.odd("asked does not fit its hash")) }
    }

    /// Requests a viewer may see, newest first, with numbers below `before`.
    ///
    /// The rule is [`domain::rights::may`]'s; here it is only spelled so that a page costs one statement, and the
    /// caller asks `may` again for every row.
    pub async fn list(self, viewer: &Viewer, mine: bool, before: i64, limit: i64) -> Result<Vec<Request>, StoreError> {
        let rows = sqlx::query(
            "SELECT r.* FROM requests r
             WHERE r.number < $1 AND (r.requester_id = $2 OR ($3 = 0 AND (
                $4 = 1 OR r.team_id = $5
                OR EXISTS (SELECT 1 FROM items i JOIN source_owners o ON o.source_id = i.source_id
                           WHERE i.request_id = r.id AND o.person_id = $2))))
             ORDER BY r.number DESC LIMIT $6",
        )
        .bind(before)
        .bind(viewer.person.as_str())
        .bind(i64::from(mine))
        .bind(i64::from(viewer.operator))
        .bind(viewer.team.as_ref().map_or_else(String::new, |team| team.as_str().to_owned()))
        .bind(limit)
        .fetch_all(&mut *self.0.sql)
        .await?;
        rows.iter().map(request).collect()
    }

    /// Requests a viewer may see whose number, title or reason hold all words, newest first. The caller asks `may` again.
    pub async fn called(self, viewer: &Viewer, words: &[String], limit: i64) -> Result<Vec<Called>, StoreError> {
        // What is asked begins with title and reason; the tables behind them may be thousands.
        let holds = |n: usize| {
            let text = "lower('r-' || r.number || ' ' || substr(r.asked, 1, 600))";
            format!("AND {text} LIKE ${} ESCAPE '!'", n + 5)
        };
        let sql = format!(
            "SELECT r.id, r.number, r.requester_id, r.team_id, r.asked FROM requests r
             WHERE (r.requester_id = $1 OR $2 = 1 OR r.team_id = $3
                OR EXISTS (SELECT 1 FROM items i JOIN source_owners o ON o.source_id = i.source_id
                           WHERE i.request_id = r.id AND o.person_id = $1)) {}
             ORDER BY r.number DESC LIMIT $4",
            (0..words.len()).map(holds).collect::<String>()
        );
        let mut query = sqlx::query(AssertSqlSafe(sql))
            .bind(viewer.person.as_str())
            .bind(i64::from(viewer.operator))
            .bind(viewer.team.as_ref().map_or_else(String::new, |team| team.as_str().to_owned()))
            .bind(limit);
        for word in words {
            query = query.bind(like(word));
        }
        let rows = query.fetch_all(&mut *self.0.sql).await?;
        rows.iter().map(called).collect()
    }

    /// Requests that wait for a viewer's decision, longest waiting first.
    pub async fn inbox(self, viewer: &Viewer) -> Result<Vec<Request>, StoreError> {
        let rows = sqlx::query(
            "SELECT r.* FROM requests r WHERE r.requester_id <> $1 AND EXISTS (
                SELECT 1 FROM items i WHERE i.request_id = r.id AND i.state = 'submitted' AND (
                    i.source_id IN (SELECT source_id FROM source_owners WHERE person_id = $1)
                    OR ($2 = 1 AND NOT EXISTS (
                        SELECT 1 FROM source_owners o JOIN people p ON p.id = o.person_id
                        WHERE o.source_id = i.source_id AND o.person_id <> i.requester_id AND p.disabled = 0))))
             ORDER BY r.submitted_at, r.number LIMIT 200",
        )
        .bind(viewer.person.as_str())
        .bind(i64::from(viewer.operator))
        .fetch_all(&mut *self.0.sql)
        .await?;
        rows.iter().map(request).collect()
    }
}

/// A request as somebody finds it by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called {
    /// The id.
    pub id: RequestId,
    /// The number that people say.
    pub number: i64,
    /// Who asked.
    pub requester: PersonId,
    /// The team of who asked.
    pub team: Option<TeamId>,
    /// Its title.
    pub title: String,
}

fn called(row: &AnyRow) -> Result<Called, StoreError> {
    /// What is asked, without its tables.
    #[derive(serde::Deserialize)]
    struct Titled {
        title: String,
    }
    let row = Reading::new(row, "requests", "id")?;
    Ok(Called {
        id: row.parsed("id")?,
        number: row.int("number")?,
        requester: row.parsed("requester_id")?,
        team: row.maybe_parsed("team_id")?,
        title: row.json::<Titled>("asked")?.title,
    })
}

fn request(row: &AnyRow) -> Result<Request, StoreError> {
    let row = Reading::new(row, "requests", "id")?;
    let request = Request {
        id: row.parsed("id")?,
        number: row.int("number")?,
        requester: row.parsed("requester_id")?,
        team: row.maybe_parsed("team_id")?,
        asked: row.json("asked")?,
        hash: row.text("hash")?,
        submitted_at: Millis(row.int("submitted_at")?),
        version: row.int("version")?,
    };
    if hash_of(&request.asked) != request.hash {
        return Err(row.odd("what was asked does not fit its hash"));
    }
    Ok(request)
}
