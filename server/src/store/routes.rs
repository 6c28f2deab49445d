//! Routes: where tables go.

use domain::engine::SetUp;
use domain::ids::RouteId;
use domain::route::{Limits, Naming, Route};
use domain::tier::Tier;
use sqlx::any::AnyRow;

use super::rows::{Reading, big, to_json};
use super::{StoreError, Tx, one};

/// Routes.
pub struct Routes<'t>(pub(super) &'t mut Tx);

/// What goes by a route: tables that live or were written, and the tiers they were promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InUse {
    /// The route.
    pub route: RouteId,
    /// The tier.
    pub tier: Tier,
    /// Tables that live.
    pub living: u64,
    /// Tables that were written into the lake, living or not.
    pub written: u64,
}

impl Routes<'_> {
    /// Adds a route. [`StoreError::Taken`] when one has that name.
    pub async fn add(self, route: &Route) -> Result<(), StoreError> {
        let done = sqlx::query(
            "INSERT INTO routes (id, name, engine, tiers, target_database, target_table, most_tables, most_bytes,
                owner_id, closed, set_up, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)",
        )
        .bind(route.id.as_str())
        .bind(route.name.as_str())
        .bind(route.engine.word())
        .bind(to_json(&route.tiers))
        .bind(route.naming.database.as_str())
        .bind(route.naming.table.as_str())
        .bind(route.limits.most_tables.map(big))
        .bind(route.limits.most_bytes.map(big))
        .bind(route.owner.as_ref().map(|owner| owner.as_str().to_owned()))
        .bind(i64::from(route.closed))
        .bind(to_json(&route.engine))
        .execute(&mut *self.0.sql)
        .await;
        done.map(drop).map_err(StoreError::taken("this name"))
    }

    /// Writes a route. [`StoreError::Stale`] when somebody was faster, [`StoreError::Taken`] when another has that name.
    pub async fn save(self, route: &Route) -> Result<(), StoreError> {
        let done = sqlx::query(
            "UPDATE routes SET name = $3, engine = $4, tiers = $5, target_database = $6, target_table = $7,
                most_tables = $8, most_bytes = $9, owner_id = $10, closed = $11, set_up = $12,
                version = version + 1
             WHERE id = $1 AND version = $2",
        )
        .bind(route.id.as_str())
        .bind(route.version)
        .bind(route.name.as_str())
        .bind(route.engine.word())
        .bind(to_json(&route.tiers))
        .bind(route.naming.database.as_str())
        .bind(route.naming.table.as_str())
        .bind(route.limits.most_tables.map(big))
        .bind(route.limits.most_bytes.map(big))
        .bind(route.owner.as_ref().map(|owner| owner.as_str().to_owned()))
        .bind(i64::from(route.closed))
        .bind(to_json(&route.engine))
        .execute(&mut *self.0.sql)
        .await
        .map_err(StoreError::taken("this name"))?;
        one(&done, "routes", route.id.as_str())
    }

    /// All routes by name.
    pub async fn all(self) -> Result<Vec<Route>, StoreError> {
        let rows = sqlx::query("SELECT * FROM routes ORDER BY name").fetch_all(&mut *self.0.sql).await?;
        rows.iter().map(route).collect()
    }

    /// A route by id.
    pub async fn get(self, id: &RouteId) -> Result<Route, StoreError> {
        let row = sqlx::query("SELECT * FROM routes WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(&mut *self.0.sql)
            .await?;
        row.as_ref()
            .map(route)
            .transpose()?
            .ok_or_else(|| StoreError::Missing { table: "routes", id: id.as_str().to_owned() })
    }

    /// What goes by each route.
    pub async fn in_use(self) -> Result<Vec<InUse>, StoreError> {
        let rows = sqlx::query(
            "SELECT route_id, tier, CAST(SUM(alive) AS BIGINT) AS living,
                CAST(SUM(CASE WHEN landed IS NULL THEN 0 ELSE 1 END) AS BIGINT) AS written
             FROM items WHERE kind = 'bring' GROUP BY route_id, tier ORDER BY route_id, tier",
        )
        .fetch_all(&mut *self.0.sql)
        .await?;
        rows.iter()
            .map(|row| {
                let row = Reading::new(row, "items", "route_id")?;
                let tier = row.text("tier")?;
                Ok(InUse {
                    route: row.parsed("route_id")?,
                    tier: Tier::from_word(&tier).ok_or_else(|| row.odd(&tier))?,
                    living: row.int("living")?.unsigned_abs(),
                    written: row.int("written")?.unsigned_abs(),
                })
            })
            .collect()
    }
}

fn route(row: &AnyRow) -> Result<Route, StoreError> {
    let row = Reading::new(row, "routes", "id")?;
    Ok(Route {
        id: row.parsed("id")?,
        name: row.text("name")?,
        // A route of before there were others says nothing.
        engine: row.maybe_json("set_up")?.unwrap_or(SetUp::Embedded),
        tiers: row.json("tiers")?,
        naming: Naming { database: row.parsed("target_database")?, table: row.parsed("target_table")? },
        limits: Limits { most_tables: row.maybe_count("most_tables")?, most_bytes: row.maybe_count("most_bytes")? },
        owner: row.maybe_parsed("owner_id")?,
        closed: row.flag("closed")?,
        version: row.int("version")?,
    })
}
