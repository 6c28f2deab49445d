//! The one log: numbered without gaps, each line with the hash of the line before.

use domain::change::{Actor, Change, Topic};
use domain::ids::{ItemId, RequestId};
use domain::time::Millis;
use sqlx::any::AnyRow;

use super::rows::{Reading, to_json};
use super::tx::digest;
use super::{StoreError, Tx};

/// Lines of the log.
pub struct Changes<'t>(pub(super) &'t mut Tx);

/// A line as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number.
    pub seq: i64,
    /// When.
    pub at: Millis,
    /// What.
    pub change: Change,
    /// Hash of this line and all before.
    pub hash: String,
}

impl Changes<'_> {
    /// The number of the newest line; 0 before the first.
    pub async fn newest(self) -> Result<i64, StoreError> {
        let (value,): (i64,) =
            sqlx::query_as("SELECT value FROM counters WHERE name = 'changes'").fetch_one(&mut *self.0.sql).await?;
        Ok(value)
    }

    pub(super) async fn insert(
        self,
        seq: i64,
        at: Millis,
        change: &Change,
        before: &str,
    ) -> Result<String, StoreError> {
        let (items, actor, happened) = (to_json(&change.items), to_json(&change.actor), to_json(&change.happened));
        let request = change.request.as_ref().map(|request| request.as_str().to_owned());
        let hash = line_hash(before, seq, at, change);
        sqlx::query(
            "INSERT INTO changes (seq, at, topic, thing, request_id, items, actor, happened, hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(seq)
        .bind(at.0)
        .bind(change.topic.word())
        .bind(change.thing.as_str())
        .bind(request)
        .bind(items)
        .bind(actor)
        .bind(happened)
        .bind(hash.as_str())
        .execute(&mut *self.0.sql)
        .await?;
        Ok(hash)
    }

    /// Lines after a number, oldest first.
    pub async fn after(self, seq: i64, limit: i64) -> Result<Vec<Line>, StoreError> {
        let rows = sqlx::query("SELECT * FROM changes WHERE seq > $1 ORDER BY seq LIMIT $2")
            .bind(seq)
            .bind(limit)
            .fetch_all(&mut *self.0.sql)
            .await?;
        rows.iter().map(line).collect()
    }

    /// Lines of a request's timeline before a number, newest first.
    pub async fn of_request(self, request: &RequestId, before: i64, limit: i64) -> Result<Vec<Line>, StoreError> {
        let rows = sqlx::query("SELECT * FROM changes WHERE request_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3")
            .bind(request.as_str())
            .bind(before)
            .bind(limit)
            .fetch_all(&mut *self.0.sql)
            .await?;
        rows.iter().map(line).collect()
    }

    /// Lines of a request that its people decided by, oldest first: what was let in, sent back, refused, answered.
    pub async fn decisions(self, request: &RequestId) -> Result<Vec<Line>, StoreError> {
        let rows = sqlx::query(
            "SELECT * FROM changes WHERE request_id = $1 AND (happened LIKE '{\"kind\":\"decided\"%'
                OR happened LIKE '{\"kind\":\"sent_back\"%' OR happened LIKE '{\"kind\":\"rejected\"%'
                OR happened LIKE '{\"kind\":\"answered\"%') ORDER BY seq",
        )
        .bind(request.as_str())
        .fetch_all(&mut *self.0.sql)
        .await?;
        rows.iter().map(line).collect()
    }

    /// How many lines a request's timeline has.
    pub async fn count_of_request(self, request: &RequestId) -> Result<u64, StoreError> {
        let (count,): (i64,) = sqlx::query_as("SELECT count(*) FROM changes WHERE request_id = $1")
            .bind(request.as_str())
            .fetch_one(&mut *self.0.sql)
            .await?;
        Ok(count.unsigned_abs())
    }

    /// Lines that touch one item, newest first.
    pub async fn of_item(self, item: &ItemId, limit: i64) -> Result<Vec<Line>, StoreError> {
        let rows = sqlx::query(
            "SELECT * FROM changes WHERE thing = $1
                OR (request_id = (SELECT request_id FROM items WHERE id = $1) AND items LIKE $2)
             ORDER BY seq DESC LIMIT $3",
        )
        .bind(item.as_str())
        .bind(format!("%\"{item}\"%"))
        .bind(limit)
        .fetch_all(&mut *self.0.sql)
        .await?;
        rows.iter().map(line).collect()
    }

    /// Walks the whole chain and gives the number of the first line that does not fit, if any.
    pub async fn first_broken(self) -> Result<Option<i64>, StoreError> {
        let (mut seq, mut hash) = (0, String::new());
        loop {
            let rows = sqlx::query("SELECT * FROM changes WHERE seq > $1 ORDER BY seq LIMIT 1000")
                .bind(seq)
                .fetch_all(&mut *self.0.sql)
                .await?;
            if rows.is_empty() {
                return self.first_missing(seq, &hash).await;
            }
            for row in &rows {
                let line = line(row)?;
                if line.seq != seq + 1 || line.hash != line_hash(&hash, line.seq, line.at, &line.change) {
                    return Ok(Some(seq + 1));
                }
                (seq, hash) = (line.seq, line.hash);
            }
        }
    }

    /// The line after the last one that is there, when the counter says that there were more or that it was another.
    async fn first_missing(self, seq: i64, hash: &str) -> Result<Option<i64>, StoreError> {
        let (newest, last): (i64, String) = sqlx::query_as("SELECT value, hash FROM counters WHERE name = 'changes'")
            .fetch_one(&mut *self.0.sql)
            .await?;
        Ok(if newest != seq {
            Some(newest.min(seq) + 1)
        } else if last != hash {
            Some(seq)
        } else {
            None
        })
    }
}

fn line_hash(before: &str, seq: i64, at: Millis, change: &Change) -> String {
    digest(&[
        before,
        &seq.to_string(),
        &at.0.to_string(),
        change.topic.word(),
        &change.thing,
        change.request.as_ref().map_or("", RequestId::as_str),
        &to_json(&change.items),
        &to_json(&change.actor),
        &to_json(&change.happened),
    ])
}

fn line(row: &AnyRow) -> Result<Line, StoreError> {
    let row = Reading::new(row, "changes", "seq")?;
    let topic = row.text("topic")?;
    Ok(Line {
        seq: row.int("seq")?,
        at: Millis(row.int("at")?),
        change: Change {
            topic: Topic::from_word(&topic).ok_or_else(|| row.odd(topic))?,
            thing: row.text("thing")?,
            request: row.maybe_parsed("request_id")?,
            items: row.json("items")?,
            actor: row.json::<Actor>("actor")?,
            happened: row.json("happened")?,
        },
        hash: row.text("hash")?,
    })
}
