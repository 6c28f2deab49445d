//! A request of thousands of tables read as people look at it: sums of those that are alike, one page at a time, those
//! that failed. What is summed or left out here never travels as a row.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{ItemId, PersonId, RequestId, SourceId, TeamId};
use domain::item::State;
use domain::name::Name;
use domain::tally::Part;
use domain::time::Millis;
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use super::StoreError;
use super::items::{ItemRecord, Items, SELECT, record, select};
use super::rows::{Reading, big, like, list};

/// Items of a request that are alike: of one source, in one state, by the same decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// Whether they are shown in a request other than their own.
    pub linked: bool,
    /// Whether they only read what others bring.
    pub reads: bool,
    /// Their source.
    pub source: SourceId,
    /// Who asked for them.
    pub requester: PersonId,
    /// The requester's team.
    pub team: Option<TeamId>,
    /// The database of the lake that they go to.
    pub database: Name,
    /// Their state: while people decide and where it failed it is the same to the moment; else it is one of theirs.
    pub state: State,
    /// The state that is shown: once one may read a table, it is the table's own.
    pub shown: State,
    /// Whether they were looked at lately.
    pub known: bool,
    /// How many.
    pub tables: u64,
}

impl Alike {
    /// The part of the sum they belong to.
    pub fn part(&self) -> Part {
        Part::of(&self.shown, self.known)
    }
}

/// What a page of a request's items is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// Only this part.
    pub part: Option<Part>,
    /// Words that must all occur in the table's name or comment.
    pub words: Vec<String>,
    /// Only what comes after this item.
    pub after: Option<ItemId>,
    /// At most so many.
    pub limit: usize,
    /// What was looked at before is not known any more.
    pub fresh: Millis,
}

/// A request's own items and those linked into it, with what brings those that only read. `$1` is the moment from which
/// on a look counts.
const OWN: &str = "FROM items i LEFT JOIN items b ON b.id = i.reads_item";
const LINKED: &str = "FROM links l JOIN items i ON i.id = l.item_id LEFT JOIN items b ON b.id = i.reads_item";
const KNOWN: &str = "CASE WHEN COALESCE(b.looked_at, i.looked_at) >= $1 THEN 1 ELSE 0 END";
const SHOWN: &str = "CASE WHEN i.state = 'ready' AND b.state IS NOT NULL THEN b.state ELSE i.state END";

/// The place of [`Part::of`] among [`Part::ALL`], in the database's words.
fn part() -> String {
    format!(
        "CASE WHEN {SHOWN} = 'failed' THEN 0
              WHEN {SHOWN} IN ('copying', 'verifying') THEN 1
              WHEN {SHOWN} IN ('retired', 'dropped', 'rejected', 'withdrawn') THEN 4
              WHEN {SHOWN} IN ('ready', 'late') AND {KNOWN} = 1 THEN CASE WHEN {SHOWN} = 'late' THEN 1 ELSE 3 END
              ELSE 2 END"
    )
}

impl Items<'_> {
    /// The items of some requests, own and linked, summed by what is alike, in the order asked.
    pub async fn alike(
        self,
        requests: &[RequestId],
        fresh: Millis,
    ) -> Result<BTreeMap<RequestId, Vec<Alike>>, StoreError> {
        let mut alike: BTreeMap<_, Vec<_>> = requests.iter().map(|id| (id.clone(), Vec::new())).collect();
        if requests.is_empty() {
            return Ok(alike);
        }
        let places = list(requests.len(), 2);
        let columns = format!(
            "i.kind, i.source_id, i.requester_id, i.team_id, i.target_database, i.state, i.body, b.state AS brought_state,
             b.body AS brought, {KNOWN} AS known,
             CASE WHEN i.state IN ('submitted', 'sent_back', 'approved', 'failed') THEN i.body ELSE '' END AS same"
        );
        let sql = format!(
            "SELECT request_id, linked, kind, source_id, requester_id, team_id, target_database, known,
                    MIN(body) AS body, MIN(brought) AS brought, COUNT(*) AS tables
             FROM (SELECT i.request_id, 0 AS linked, i.position, {columns} {OWN} WHERE i.request_id IN {places}
                   UNION ALL
                   SELECT l.request_id, 1, l.position, {columns} {LINKED} WHERE l.request_id IN {places}) AS shown
             GROUP BY request_id, linked, kind, source_id, requester_id, team_id, target_database, state, brought_state,
                      known, same
             ORDER BY linked, MIN(position)"
        );
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(fresh.0);
        for request in requests {
            query = query.bind(request.as_str());
        }
        for row in &query.fetch_all(&mut *self.0.sql).await? {
            let (request, group) = group(row)?;
            alike.entry(request).or_default().push(group);
        }
        Ok(alike)
    }

    /// A page of a request's items: failed, running, waiting, ready, ended; inside each in the order asked, linked ones
    /// last. An `after` that is not among them begins at the top.
    pub async fn page(mut self, request: &RequestId, wanted: &Narrow) -> Result<Vec<ItemRecord>, StoreError> {
        let place = match &wanted.after {
            Some(after) => self.place(request, after, wanted.fresh).await?,
            None => None,
        };
        let (part, begin) = (part(), place.unwrap_or((-1, 0, 0)));
        let text = "lower(i.database_name || '.' || i.table_name || ' ' || COALESCE(t.comment, ''))";
        let words: Vec<_> =
            (8..8 + wanted.words.len()).map(|place| format!(" AND {text} LIKE ${place} ESCAPE '!'")).collect();
        let words = words.concat();
        let tables = if wanted.words.is_empty() {
            ""
        } else {
            "LEFT JOIN tables t ON t.source_id = i.source_id AND t.database_name = i.database_name
                AND t.table_name = i.table_name"
        };
        let sql = format!(
            "SELECT id, linked FROM (
                SELECT i.id, 0 AS linked, i.position, {part} AS part {OWN} {tables} WHERE i.request_id = $2 {words}
                UNION ALL
                SELECT i.id, 1, l.position, {part} {LINKED} {tables} WHERE l.request_id = $2 {words}) AS shown
             WHERE ($3 < 0 OR part = $3) AND (part, linked, position) > ($4, $5, $6)
             ORDER BY part, linked, position LIMIT $7"
        );
        let mut query = sqlx::query(AssertSqlSafe(sql))
            .bind(wanted.fresh.0)
            .bind(request.as_str())
            .bind(wanted.part.map_or(-1, place_of))
            .bind(begin.0)
            .bind(begin.1)
            .bind(begin.2)
            .bind(big(wanted.limit as u64));
        for word in &wanted.words {
            query = query.bind(like(word));
        }
        let rows = query.fetch_all(&mut *self.0.sql).await?;
        let found = rows.iter().map(|row| {
            let row = Reading::new(row, "items", "id")?;
            Ok::<_, StoreError>((row.parsed("id")?, row.flag("linked")?))
        });
        let found: Vec<(ItemId, bool)> = found.collect::<Result<_, _>>()?;
        let mut records = self.by_ids(found.iter().map(|(id, _)| id)).await?;
        let in_order = found.iter().filter_map(|(id, linked)| {
            let record = records.remove(id)?;
            Some(ItemRecord { linked: *linked, ..record })
        });
        Ok(in_order.collect())
    }

    /// Where an item stands among those of a request.
    async fn place(
        &mut self,
        request: &RequestId,
        item: &ItemId,
        fresh: Millis,
    ) -> Result<Option<(i64, i64, i64)>, StoreError> {
        let part = part();
        let sql = format!(
            "SELECT {part} AS part, 0 AS linked, i.position {OWN} WHERE i.request_id = $2 AND i.id = $3
             UNION ALL SELECT {part}, 1, l.position {LINKED} WHERE l.request_id = $2 AND i.id = $3"
        );
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(fresh.0)
            .bind(request.as_str())
            .bind(item.as_str())
            .fetch_optional(&mut *self.0.sql)
            .await?;
        let place = |row: &AnyRow| {
            let row = Reading::new(row, "items", "position")?;
            Ok((row.int("part")?, row.int("linked")?, row.int("position")?))
        };
        row.as_ref().map(place).transpose()
    }

    /// Some items by id; those that are not there are left out.
    pub async fn by_ids(
        &mut self,
        ids: impl ExactSizeIterator<Item = &ItemId>,
    ) -> Result<BTreeMap<ItemId, ItemRecord>, StoreError> {
        if ids.len() == 0 {
            return Ok(BTreeMap::new());
        }
        let sql = format!("{SELECT} WHERE i.id IN {}", list(ids.len(), 1));
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for id in ids {
            query = query.bind(id.as_str());
        }
        let rows = query.fetch_all(&mut *self.0.sql).await?;
        let record = |row: &AnyRow| record(row).map(|record| (record.item.id.clone(), record));
        rows.iter().map(record).collect()
    }

    /// The items of a request that failed, own and linked, and those that read what failed.
    pub async fn failed_of(self, request: &RequestId) -> Result<Vec<ItemRecord>, StoreError> {
        let rows = sqlx::query(select!(
            "WHERE (i.request_id = $1 OR i.id IN (SELECT item_id FROM links WHERE request_id = $1))
               AND (i.state = 'failed' OR (i.state = 'ready' AND b.state = 'failed'))
             ORDER BY i.position"
        ))
        .bind(request.as_str())
        .fetch_all(&mut *self.0.sql)
        .await?;
        rows.iter().map(record).collect()
    }

    /// The own items of a request that only read what others bring.
    pub async fn reads_of(self, request: &RequestId) -> Result<Vec<ItemRecord>, StoreError> {
        let rows = sqlx::query(select!("WHERE i.request_id = $1 AND i.kind = 'read' ORDER BY i.position"))
            .bind(request.as_str())
            .fetch_all(&mut *self.0.sql)
            .await?;
        rows.iter().map(record).collect()
    }

    /// The source of each item of a request, own and linked.
    pub async fn source_of_each(self, request: &RequestId) -> Result<BTreeMap<ItemId, SourceId>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, source_id FROM items
             WHERE request_id = $1 OR id IN (SELECT item_id FROM links WHERE request_id = $1)",
        )
        .bind(request.as_str())
        .fetch_all(&mut *self.0.sql)
        .await?;
        let each = |row| {
            let row = Reading::new(row, "items", "id")?;
            Ok((row.parsed("id")?, row.parsed("source_id")?))
        };
        rows.iter().map(each).collect()
    }

    /// The sources of a request's items, own and linked.
    pub async fn sources_of(self, request: &RequestId) -> Result<BTreeSet<SourceId>, StoreError> {
        let rows = sqlx::query(
            "SELECT source_id FROM items WHERE request_id = $1
             UNION SELECT i.source_id FROM links l JOIN items i ON i.id = l.item_id WHERE l.request_id = $1",
        )
        .bind(request.as_str())
        .fetch_all(&mut *self.0.sql)
        .await?;
        rows.iter().map(|row| Reading::new(row, "items", "source_id")?.parsed("source_id")).collect()
    }

    /// How many of a person's requests have tables that are on their way.
    pub async fn on_the_way(self, requester: &PersonId) -> Result<u64, StoreError> {
        const STILL: &str = "('ready', 'retired', 'dropped', 'rejected', 'withdrawn')";
        let sql = format!(
            "SELECT COUNT(*) FROM requests r WHERE r.requester_id = $1 AND (
                EXISTS (SELECT 1 FROM items i WHERE i.request_id = r.id AND i.state NOT IN {STILL})
                OR EXISTS (SELECT 1 FROM links l JOIN items i ON i.id = l.item_id
                           WHERE l.request_id = r.id AND i.state NOT IN {STILL}))"
        );
        let (count,): (i64,) =
            sqlx::query_as(AssertSqlSafe(sql)).bind(requester.as_str()).fetch_one(&mut *self.0.sql).await?;
        Ok(count.unsigned_abs())
    }
}

fn place_of(part: Part) -> i64 {
    Part::ALL.iter().position(|each| *each == part).map_or(-1, |place| big(place as u64))
}

fn group(row: &AnyRow) -> Result<(RequestId, Alike), StoreError> {
    let row = Reading::new(row, "items", "request_id")?;
    let state: State = row.json("body")?;
    let brought = row.maybe_json::<State>("brought")?;
    let shown = match (&state, brought) {
        (State::Ready { .. }, Some(brought)) => brought,
        _ => state.clone(),
    };
    let alike = Alike {
        linked: row.flag("linked")?,
        reads: row.text("kind")? == "read",
        source: row.parsed("source_id")?,
        requester: row.parsed("requester_id")?,
        team: row.maybe_parsed("team_id")?,
        database: row.parsed("target_database")?,
        state,
        shown,
        known: row.flag("known")?,
        tables: row.maybe_count("tables")?.unwrap_or_default(),
    };
    Ok((row.parsed("request_id")?, alike))
}
