//! Sources as those see them who set them up.

use json::FromJson;
use serde::{Deserialize, Serialize};

use domain::ids::{PersonId, SourceId};
use domain::said::Said;
use domain::time::Millis;

use crate::looks::Tested;
use crate::me::PersonView;

/// A source in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct SourceRow {
    /// The id.
    pub id: SourceId,
    /// Its name.
    pub name: String,
    /// `sqlite` or `mysql`.
    pub kind: String,
    /// Where it is, without any secret.
    pub place: String,
    /// Whether only its owners and operators find its tables.
    pub closed: bool,
    /// Its tables.
    pub tables: u64,
    /// When its catalogue was last read whole.
    pub read_at: Option<Millis>,
    /// What is wrong with reading it.
    pub trouble: Option<Said>,
    /// When it was last tested, by somebody or by itself.
    #[serde(default)]
    pub tested_at: Option<Millis>,
    /// How many looks of its last test somebody must act on.
    pub to_fix: u64,
    /// Its owners: they decide.
    pub owners: Vec<PersonView>,
    /// The brake that keeps its tables from starting.
    pub brake: Option<Said>,
    /// Since when it is retired, and by whom.
    #[serde(default)]
    pub retired: Option<Said>,
}

/// The sources one may see, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct SourceList {
    /// The sources.
    pub rows: Vec<SourceRow>,
    /// Who may own one.
    pub people: Vec<PersonView>,
    /// Whether the reader may add and change them.
    pub may_manage: bool,
}

/// What is said of a source; passwords are never a part of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[serde(default)]
pub struct SourceForm {
    /// Its name; it stays as it is.
    pub name: String,
    /// `sqlite` or `mysql`; it stays as it is.
    pub kind: String,
    /// Of files: the folder below the one that the settings name.
    pub path: String,
    /// Of a server: its address.
    pub host: String,
    /// Its port.
    pub port: Option<u32>,
    /// How the connection is sealed: `off`, `preferred`, `required`, `verify_ca`.
    pub tls: String,
    /// Certificates in PEM that must have signed the server's.
    pub ca: String,
    /// The account that reads the catalogue.
    pub catalogue: String,
    /// The account that copies; empty is the same one.
    pub copying: String,
    /// How long a connection may take.
    pub connect_seconds: Option<u32>,
    /// How long the server may stay silent.
    pub read_seconds: Option<u32>,
    /// How many tables are copied at a time.
    pub copies: Option<u32>,
    /// How often the catalogue is read, in minutes.
    pub read_every: Option<u32>,
    /// Its owners: they decide.
    pub owners: Vec<PersonId>,
    /// The name of the database administrator, who fixes it; empty is its owners.
    pub administrator: String,
    /// Whether only its owners and operators find its tables.
    pub closed: bool,
    /// The version it was read in; to change one.
    pub version: i64,
}

/// What is sent to add, change and test a source. An empty password keeps the one that is there.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
pub struct SourceSave {
    /// What is said of it.
    pub form: SourceForm,
    /// The source that is there already, when one is tested.
    #[serde(default)]
    pub source: Option<SourceId>,
    /// The password of the account that reads the catalogue.
    #[serde(default)]
    pub catalogue_password: String,
    /// The password of the account that copies.
    #[serde(default)]
    pub copying_password: String,
}

impl std::fmt::Debug for SourceSave {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SourceSave").field("form", &self.form).field("source", &self.source).finish_non_exhaustive()
    }
}

/// A source as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct SourceView {
    /// The same facts as in a list.
    pub row: SourceRow,
    /// What is said of it.
    pub form: SourceForm,
    /// Which accounts have a password: of the catalogue, of the copying.
    pub passwords: (bool, bool),
    /// Its last test.
    pub tested: Option<Tested>,
    /// What lives of it: tables that wait for a decision, that are on their way, that are in the lake.
    pub living: (u64, u64, u64),
    /// Whether the reader may change it.
    pub may_manage: bool,
}
