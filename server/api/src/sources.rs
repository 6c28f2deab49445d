//! Sources as those see them who set them up.

use serde::{Deserialize, Serialize};

use domain::ids::SourceId;
use domain::said::Said;
use domain::time::Millis;

use crate::me::PersonView;

/// A source in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Its owners: they decide.
    pub owners: Vec<PersonView>,
    /// The brake that keeps its tables from starting.
    pub brake: Option<Said>,
}

/// The sources one may see, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceList {
    /// The sources.
    pub rows: Vec<SourceRow>,
    /// Whether the reader may add and change them.
    pub may_manage: bool,
}
