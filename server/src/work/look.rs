//! Looks at the lake: is the table there, with which columns and how many rows. The only place where ready is proven.

use domain::cause::Cause;
use domain::name::TableName;
use domain::proof::{Landed, Proof, Seen, verdict};
use domain::time::Millis;

use crate::outside::lake_cause;
use crate::state::AppState;

/// Proves what landed: reads the lake's metadata, counts the merged rows, compares.
pub async fn prove(app: &AppState, target: &TableName, landed: &Landed) -> Result<Proof, Cause> {
    let seen = see(app, target).await.map_err(|problem| lake_cause(&problem, target))?;
    verdict(landed, &seen)
}

/// Whether the snapshot that was proven is still the newest: cheap, metadata only.
pub async fn still_there(app: &AppState, target: &TableName, proof: &Proof) -> Result<bool, Cause> {
    let facts = app.outside.lake.facts(target).await.map_err(|problem| lake_cause(&problem, target))?;
    Ok(facts.and_then(|facts| facts.latest).is_some_and(|latest| latest.id == proof.snapshot))
}

/// The newest snapshot of a table and when it was made: metadata only. `None` when the table is not there, an inner `None`
/// when it holds no snapshot yet.
pub async fn newest(app: &AppState, target: &TableName) -> Result<Option<Option<(i64, Millis)>>, Cause> {
    let facts = app.outside.lake.facts(target).await.map_err(|problem| lake_cause(&problem, target))?;
    Ok(facts.map(|facts| facts.latest.map(|latest| (latest.id, latest.at))))
}

/// What is in the lake: columns, and merged rows.
pub async fn see(app: &AppState, target: &TableName) -> Result<Seen, lake::LakeError> {
    let at = app.clock.now();
    let nothing = Seen { at, snapshot: None, columns: Vec::new(), rows: 0 };
    let Some(facts) = app.outside.lake.facts(target).await? else { return Ok(nothing) };
    let columns = facts.columns.into_iter().filter_map(|column| column.name.parse().ok()).collect();
    let Some(latest) = facts.latest else { return Ok(Seen { columns, ..nothing }) };
    let rows = app.outside.lake.count_at(target, latest.id).await?;
    Ok(Seen { at, snapshot: Some(latest.id), columns, rows })
}
