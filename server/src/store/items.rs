//! Items: one row a table of a request, with its state and what was last seen of it.

use std::collections::BTreeSet;

use domain::ids::{ItemId, JobId, PersonId, RequestId, RouteId, SourceId, TeamId};
use domain::item::{Item, Kind, State};
use domain::name::TableName;
use domain::search::InLake;
use domain::tier::Tier;
use domain::time::Millis;
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use super::rows::{Reading, big};
use super::{StoreError, Tx};

/// Items.
pub struct Items<'t>(pub(super) &'t mut Tx);

/// An item with what was last seen of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRecord {
    /// The item.
    pub item: Item,
    /// The requester's team.
    pub team: Option<TeamId>,
    /// The table's comment in the catalogue.
    pub comment: String,
    /// Rows copied so far, and of how many.
    pub progress: Option<(u64, Option<u64>)>,
    /// When progress was last seen.
    pub moved_at: Option<Millis>,
    /// When the engine or the lake last answered about it.
    pub looked_at: Option<Millis>,
    /// When operators were told that it waits too long.
    pub told_at: Option<Millis>,
    /// The item that brings what this one reads.
    pub brought: Option<Brought>,
    /// Whether it is shown in a request other than its own.
    pub linked: bool,
}

/// The item that brings what another one reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brought {
    /// How far it is.
    pub state: State,
    /// Who asked for it.
    pub by: PersonId,
}

impl ItemRecord {
    /// The state that is shown: once one may read a table, it is the table's own.
    pub fn shown(&self) -> &State {
        match (&self.item.state, &self.brought) {
            (State::Ready { .. }, Some(brought)) => &brought.state,
            (own, _) => own,
        }
    }
}

macro_rules! select {
    ($($rest:literal)*) => {
        concat!(
            "SELECT i.*, COALESCE(t.comment, '') AS comment, b.body AS brought, b.requester_id AS brought_by, b.looked_at AS brought_looked_at
             FROM items i LEFT JOIN tables t
             ON t.source_id = i.source_id AND t.database_name = i.database_name AND t.table_name = i.table_name
             LEFT JOIN items b ON b.id = i.reads_item ",
            $($rest),*
        )
    };
}
pub(super) use select;

/// What is read of an item; a condition follows.
pub(super) const SELECT: &str = select!("");

impl Items<'_> {
    /// Writes an item after a transition. [`StoreError::Stale`] when somebody was faster.
    pub async fn save(self, item: &Item) -> Result<(), StoreError> {
        self.save_all(std::slice::from_ref(item)).await
    }

    /// Notes progress. It is not a state: no version, no line of the log.
    pub async fn progress(self, id: &ItemId, rows: u64, of: Option<u64>, at: Millis) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE items SET moved_at = CASE WHEN progress_rows IS NULL OR progress_rows <> $2 THEN $4 ELSE moved_at END,
                progress_rows = $2, progress_of = $3, looked_at = $4 WHERE id = $1",
        )
        .bind(id.as_str())
        .bind(big(rows))
        .bind(of.map(big))
        .bind(at.0)
        .execute(&mut *self.0.sql)
        .await?;
        Ok(())
    }

    /// Notes that an item is in line behind others: its start is not overdue.
    pub async fn in_line(self, id: &ItemId, at: Millis) -> Result<(), StoreError> {
        sqlx::query("UPDATE items SET moved_at = $2, looked_at = $2 WHERE id = $1")
            .bind(id.as_str())
            .bind(at.0)
            .execute(&mut *self.0.sql)
            .await?;
        Ok(())
    }

    /// Forgets progress: a start begins anew.
    pub async fn forget_progress(self, id: &ItemId) -> Result<(), StoreError> {
        sqlx::query("UPDATE items SET moved_at = NULL, progress_rows = NULL, progress_of = NULL WHERE id = $1")
            .bind(id.as_str())
            .execute(&mut *self.0.sql)
            .await?;
        Ok(())
    }

    /// Notes that the engine or the lake answered about an item.
    pub async fn looked(self, id: &ItemId, at: Millis) -> Result<(), StoreError> {
        sqlx::query("UPDATE items SET looked_at = $2 WHERE id = $1")
            .bind(id.as_str())
            .bind(at.0)
            .execute(&mut *self.0.sql)
            .await?;
        Ok(())
    }

    /// Notes that operators were told.
    pub async fn told(self, id: &ItemId, at: Millis) -> Result<(), StoreError> {
        sqlx::query("UPDATE items SET told_at = $2 WHERE id = $1")
            .bind(id.as_str())
            .bind(at.0)
            .execute(&mut *self.0.sql)
            .await?;
        Ok(())
    }

    /// An item by id.
    pub async fn get(self, id: &ItemId) -> Result<ItemRecord, StoreError> {
        let row = sqlx::query(select!("WHERE i.id = $1")).bind(id.as_str()).fetch_optional(&mut *self.0.sql).await?;
        row.as_ref()
            .map(record)
            .transpose()?
            .ok_or_else(|| StoreError::Missing { table: "items", id: id.as_str().to_owned() })
    }

    /// A request's own items and those linked into it, in the order asked.
    pub async fn of_request(self, request: &RequestId) -> Result<Vec<ItemRecord>, StoreError> {
        let own = sqlx::query(select!("WHERE i.request_id = $1 ORDER BY i.position"))
            .bind(request.as_str())
            .fetch_all(&mut *self.0.sql)
            .await?;
        let linked =
            sqlx::query(select!("JOIN links l ON l.item_id = i.id WHERE l.request_id = $1 ORDER BY l.position"))
                .bind(request.as_str())
                .fetch_all(&mut *self.0.sql)
                .await?;
        let mut records = own.iter().map(record).collect::<Result<Vec<_>, _>>()?;
        for row in &linked {
            records.push(ItemRecord { linked: true, ..record(row)? });
        }
        Ok(records)
    }

    /// The living item that brings (source, table, route), if one does.
    pub async fn living(
        self,
        source: &SourceId,
        table: &TableName,
        route: &RouteId,
    ) -> Result<Option<ItemRecord>, StoreError> {
        let row = sqlx::query(select!(
            "WHERE i.source_id = $1 AND i.database_name = $2 AND i.table_name = $3 AND i.route_id = $4 AND i.alive = 1
             AND i.kind = 'bring'"
        ))
        .bind(source.as_str())
        .bind(table.database.as_str())
        .bind(table.table.as_str())
        .bind(route.as_str())
        .fetch_optional(&mut *self.0.sql)
        .await?;
        row.as_ref().map(record).transpose()
    }

    /// All living items that bring tables of a source: what the catalogue marks.
    pub async fn living_of_source(self, source: &SourceId) -> Result<Vec<ItemRecord>, StoreError> {
        let rows = sqlx::query(select!("WHERE i.source_id = $1 AND i.alive = 1 AND i.kind = 'bring'"))
            .bind(source.as_str())
            .fetch_all(&mut *self.0.sql)
            .await?;
        rows.iter().map(record).collect()
    }

    /// What lives of these tables of a source.
    pub async fn living_of(self, tables: &[(SourceId, TableName)]) -> Result<Vec<ItemRecord>, StoreError> {
        if tables.is_empty() {
            return Ok(Vec::new());
        }
        let places = |n: usize| format!("(${}, ${}, ${})", 3 * n + 1, 3 * n + 2, 3 * n + 3);
        let values = (0..tables.len()).map(places).collect::<Vec<_>>().join(", ");
        let wanted =
            "WHERE i.alive = 1 AND i.kind = 'bring' AND (i.source_id, i.database_name, i.table_name) IN (VALUES ";
        let sql = format!("{}{wanted}{values})", select!());
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (source, table) in tables {
            query = query.bind(source.as_str()).bind(table.database.as_str()).bind(table.table.as_str());
        }
        let rows = query.fetch_all(&mut *self.0.sql).await?;
        rows.iter().map(record).collect()
    }

    /// For each table that somebody brings, whether it is in the lake by now.
    pub async fn marks(self) -> Result<Vec<((SourceId, TableName), InLake)>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, source_id, database_name, table_name, body FROM items WHERE alive = 1 AND kind = 'bring'",
        )
        .fetch_all(&mut *self.0.sql)
        .await?;
        let mut marks = Vec::with_capacity(rows.len());
        for row in &rows {
            let row = Reading::new(row, "items", "id")?;
            let table = TableName { database: row.parsed("database_name")?, table: row.parsed("table_name")? };
            let there = row.json::<State>("body")?.proof().is_some();
            marks.push(((row.parsed("source_id")?, table), if there { InLake::There } else { InLake::Asked }));
        }
        // By two routes: what is there counts.
        marks.sort_by_key(|(_, mark)| *mark == InLake::There);
        Ok(marks)
    }

    /// Items in a state of which operators were not told yet, longest first.
    pub async fn in_state(self, word: &str, limit: i64) -> Result<Vec<ItemRecord>, StoreError> {
        let rows = sqlx::query(select!("WHERE i.state = $1 AND i.told_at IS NULL ORDER BY i.since, i.id LIMIT $2"))
            .bind(word)
            .bind(limit)
            .fetch_all(&mut *self.0.sql)
            .await?;
        rows.iter().map(record).collect()
    }

    /// All items a job ever brought that still live.
    pub async fn of_job(self, job: &JobId) -> Result<Vec<ItemRecord>, StoreError> {
        let rows = sqlx::query(select!("WHERE i.job_id = $1 AND i.alive = 1 ORDER BY i.id"))
            .bind(job.as_str())
            .fetch_all(&mut *self.0.sql)
            .await?;
        rows.iter().map(record).collect()
    }

    /// Items that are, or were, in the lake and still live.
    pub async fn in_lake(self) -> Result<Vec<ItemRecord>, StoreError> {
        let rows = sqlx::query(select!(
            "WHERE i.alive = 1 AND i.landed IS NOT NULL ORDER BY i.target_database, i.target_table"
        ))
        .fetch_all(&mut *self.0.sql)
        .await?;
        rows.iter().map(record).collect()
    }

    /// The living item that writes a table of the lake; a retired one when none lives.
    pub async fn of_target(self, target: &TableName) -> Result<Option<ItemRecord>, StoreError> {
        let row = sqlx::query(select!(
            "WHERE i.target_database = $1 AND i.target_table = $2 AND i.kind = 'bring' AND (i.alive = 1 OR i.landed IS NOT NULL)
             ORDER BY i.alive DESC, i.since DESC LIMIT 1"
        ))
        .bind(target.database.as_str())
        .bind(target.table.as_str())
        .fetch_optional(&mut *self.0.sql)
        .await?;
        row.as_ref().map(record).transpose()
    }

    /// The requests that show an item: its own, those it is linked into, and those that read what it brings.
    pub async fn shown_in(self, item: &ItemId) -> Result<BTreeSet<RequestId>, StoreError> {
        let rows = sqlx::query(
            "SELECT request_id FROM items WHERE id = $1 OR reads_item = $1
             UNION SELECT request_id FROM links WHERE item_id = $1",
        )
        .bind(item.as_str())
        .fetch_all(&mut *self.0.sql)
        .await?;
        rows.iter().map(|row| Reading::new(row, "links", "request_id")?.parsed("request_id")).collect()
    }
}

pub(super) fn record(row: &AnyRow) -> Result<ItemRecord, StoreError> {
    let row = Reading::new(row, "items", "id")?;
    let state: State = row.json("body")?;
    if state.word() != row.text("state")? {
        return Err(row.odd("state"));
    }
    let tier = row.text("tier")?;
    let kind = match (row.text("kind")?.as_str(), row.maybe_parsed("reads_item")?) {
        ("bring", None) => Kind::Bring,
        ("read", Some(of)) => Kind::Read { of },
        (other, _) => return Err(row.odd(other)),
    };
    let item = Item {
        id: row.parsed("id")?,
        kind,
        request: row.parsed("request_id")?,
        requester: row.parsed("requester_id")?,
        source: row.parsed("source_id")?,
        table: TableName { database: row.parsed("database_name")?, table: row.parsed("table_name")? },
        route: row.parsed("route_id")?,
        target: TableName { database: row.parsed("target_database")?, table: row.parsed("target_table")? },
        tier: Tier::from_word(&tier).ok_or_else(|| row.odd(tier))?,
        job: row.maybe_parsed("job_id")?,
        state,
        landed: row.maybe_json("landed")?,
        trouble: row.maybe_json("trouble")?,
        version: row.int("version")?,
    };
    let of = row.maybe_count("progress_of")?;
    Ok(ItemRecord {
        item,
        team: row.maybe_parsed("team_id")?,
        comment: row.text("comment")?,
        progress: row.maybe_count("progress_rows")?.map(|rows| (rows, of)),
        moved_at: row.maybe_int("moved_at")?.map(Millis),
        looked_at: row.maybe_int("brought_looked_at")?.or(row.maybe_int("looked_at")?).map(Millis),
        told_at: row.maybe_int("told_at")?.map(Millis),
        brought: match (row.maybe_json("brought")?, row.maybe_parsed("brought_by")?) {
            (Some(state), Some(by)) => Some(Brought { state, by }),
            (_, _) => None,
        },
        linked: false,
    })
}
