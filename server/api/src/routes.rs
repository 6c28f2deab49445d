//! Routes as those see them who set them up.

use json::FromJson;
use serde::{Deserialize, Serialize};

use domain::ids::{PersonId, RouteId};
use domain::tier::Tier;

use crate::me::PersonView;

/// What is said of a route. Sent to add one, to change one, and to test what is typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct RouteForm {
    /// Its name.
    pub name: String,
    /// The engine.
    pub engine: String,
    /// Where the engine's API is; empty for the one inside.
    #[serde(default)]
    pub address: String,
    /// The warehouse as the engine sees it; empty for the one inside.
    #[serde(default)]
    pub warehouse: String,
    /// How many readers each job has; of no meaning for the one inside.
    #[serde(default)]
    pub readers: Option<u32>,
    /// The tiers it offers.
    pub tiers: Vec<Tier>,
    /// The pattern of the database in the lake.
    pub database: String,
    /// The pattern of the table in it.
    pub table: String,
    /// How many tables may go by it.
    #[serde(default)]
    pub most_tables: Option<u64>,
    /// How many bytes one table may have.
    #[serde(default)]
    pub most_bytes: Option<u64>,
    /// Who answers for it.
    #[serde(default)]
    pub owner: Option<PersonId>,
    /// Whether nothing new may be asked for by it.
    #[serde(default)]
    pub closed: bool,
    /// The version it was read in; to change one.
    #[serde(default)]
    pub version: i64,
}

/// A route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct RouteView {
    /// The id.
    pub id: RouteId,
    /// What is said of it.
    pub form: RouteForm,
    /// Where the lake lies.
    pub warehouse: String,
    /// The name of who answers for it; empty when nobody does.
    pub owner: String,
    /// Tables that go by it.
    pub living: u64,
    /// Whether tables are written by it: then engine and names stay.
    pub fixed: bool,
}

/// All routes, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct RouteList {
    /// The routes.
    pub rows: Vec<RouteView>,
    /// The engines there are.
    pub engines: Vec<String>,
    /// Who may answer for one.
    pub people: Vec<PersonView>,
    /// Where the lake lies.
    pub warehouse: String,
}
