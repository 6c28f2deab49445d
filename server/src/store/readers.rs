//! Who was let in to read what others brought.

use std::collections::BTreeMap;

use domain::ids::{ItemId, PersonId, RouteId, SourceId};
use domain::item::Item;
use domain::name::TableName;
use domain::person::Viewer;
use domain::request::AskedTable;
use domain::rights::Reader;

use super::StoreError;
use super::items::{ItemRecord, Items, record, select};
use super::rows::Reading;

/// Those let in to read, by what is read.
#[derive(Debug, Default)]
pub struct Readers(BTreeMap<(SourceId, TableName, RouteId), Vec<Reader>>);

impl Readers {
    /// Those let in to read what an item brings.
    pub fn of(&self, item: &Item) -> &[Reader] {
        self.0.get(&(item.source.clone(), item.table.clone(), item.route.clone())).map_or(&[], Vec::as_slice)
    }
}

impl Items<'_> {
    /// What a viewer, or the viewer's team, was let in to read.
    ///
    /// The rule is [`domain::rights::may`]'s; here it is only spelled so that it costs one statement.
    pub async fn readers(self, viewer: &Viewer) -> Result<Readers, StoreError> {
        let rows = sqlx::query(
            "SELECT id, source_id, database_name, table_name, route_id, requester_id, team_id FROM items
             WHERE kind = 'read' AND state = 'ready' AND (requester_id = $1 OR team_id = $2)",
        )
        .bind(viewer.person.as_str())
        .bind(viewer.team.as_ref().map_or_else(String::new, |team| team.as_str().to_owned()))
        .fetch_all(&mut *self.0.sql)
        .await?;
        let mut readers = Readers::default();
        for row in &rows {
            let row = Reading::new(row, "items", "id")?;
            let table = TableName { database: row.parsed("database_name")?, table: row.parsed("table_name")? };
            let key = (row.parsed("source_id")?, table, row.parsed("route_id")?);
            let reader = Reader { person: row.parsed("requester_id")?, team: row.maybe_parsed("team_id")? };
            readers.0.entry(key).or_default().push(reader);
        }
        Ok(readers)
    }

    /// The living items by which a person reads, or asks to read, what others bring on a route.
    pub async fn reading(self, person: &PersonId, route: &RouteId) -> Result<BTreeMap<AskedTable, ItemId>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, source_id, database_name, table_name FROM items
             WHERE requester_id = $1 AND route_id = $2 AND alive = 1 AND kind = 'read'",
        )
        .bind(person.as_str())
        .bind(route.as_str())
        .fetch_all(&mut *self.0.sql)
        .await?;
        rows.iter()
            .map(|row| {
                let row = Reading::new(row, "items", "id")?;
                let table = TableName { database: row.parsed("database_name")?, table: row.parsed("table_name")? };
                Ok((AskedTable { source: row.parsed("source_id")?, table }, row.parsed("id")?))
            })
            .collect()
    }

    /// Items that ask to read and can go on: what they read is proven, or will never come.
    pub async fn reading_on(self, limit: i64) -> Result<Vec<ItemRecord>, StoreError> {
        let rows = sqlx::query(select!(
            "WHERE i.kind = 'read' AND ((i.state = 'approved' AND b.state IN ('ready', 'late'))
                OR (i.state IN ('submitted', 'approved', 'sent_back') AND b.alive = 0))
             ORDER BY i.since, i.id LIMIT $1"
        ))
        .bind(limit)
        .fetch_all(&mut *self.0.sql)
        .await?;
        rows.iter().map(record).collect()
    }
}
