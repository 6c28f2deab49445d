//! What lies around the cluster: the database server tables come from, and the lake they go to.
//!
//! Invariant: only rows that a checkpoint committed are in the lake.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The database server, and what of the file system matters.
#[derive(Debug, Clone)]
pub struct World {
    /// Whether it can be reached. A job that runs shows nothing of it while it cannot (real-stack §5).
    pub reachable: bool,
    /// The only password that is accepted; `None` accepts all. A job that runs shows nothing of a change (real-stack §5).
    pub password: Option<String>,
    /// The zone it tells times in; a job that was told another one restarts for ever (real-stack §5). `None` fits all.
    pub zone: Option<String>,
    /// How many rows one job reads a second in a first copy (real-stack §7: 2,600 to 9,200).
    pub rows_per_second: u64,
    /// Folders, by the start of their address, that nobody can write: warehouses and savepoints.
    pub unwritable: BTreeSet<String>,
    databases: BTreeMap<String, BTreeMap<String, Table>>,
    lake: BTreeMap<LakeName, LakeTable>,
}

/// A table of the server.
#[derive(Debug, Clone)]
pub struct Table {
    /// How many rows it has.
    pub rows: u64,
    /// How many records its changes made in the binlog so far: one an insert or delete, two an update (real-stack §6).
    pub changes: u64,
    /// Without a key it is left out in silence (real-stack §5).
    pub primary_key: bool,
    /// A column of a type that the program does not know (`UUID`, `INET6`): it stops the whole job.
    pub unknown_type: bool,
    /// What of it breaks a job that already runs.
    pub breaks: Option<Break>,
}

/// How a job breaks that runs: again and again, after every restart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// The class of the exception.
    pub class: String,
    /// Its message.
    pub message: String,
    /// Where it happens.
    pub place: Place,
    /// How long each round takes; no checkpoint completes meanwhile.
    pub after: Duration,
}

/// The place of a failure, which decides whether Flink names a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The writer of the table that it stands at.
    Writer,
    /// The task of the source.
    Source,
    /// The coordinator of the source: no task is named (→ job-exceptions-source-global-failure).
    Coordinator,
}

impl Break {
    /// A row that cannot be written (→ job-exceptions-restart-loop): 100 × 500 ms a round.
    pub fn corrupt_record(record: &str) -> Self {
        Self {
            class: "java.lang.RuntimeException".into(),
            message: format!("Unable to process element. Possibly a corrupt record: {record}"),
            place: Place::Writer,
            after: Duration::from_secs(50),
        }
    }

    /// A change of a column that the lake cannot follow (→ job-exceptions-incompatible-alter): the source's task is named.
    pub fn incompatible_alter(field: &str, from: &str, to: &str, table: &str) -> Self {
        Self {
            class: "java.lang.UnsupportedOperationException".into(),
            message: format!("Cannot convert field {field} from type {from} to {to} of Paimon table {table}."),
            place: Place::Source,
            after: Duration::from_secs(3),
        }
    }
}

/// A table of the lake by its warehouse, database and name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LakeName {
    /// The warehouse, as the job was told.
    pub warehouse: String,
    /// The database.
    pub database: String,
    /// The table.
    pub table: String,
}

/// A table of the lake.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LakeTable {
    /// Its newest snapshot; 0 while it has none: made by a run that then failed, or not reached yet.
    pub snapshot: u64,
    /// Rows that a reader sees.
    pub rows: u64,
    /// Who committed, the first first; a new one each time writers begin without their state.
    pub commit_users: Vec<String>,
}

impl Default for World {
    fn default() -> Self {
        Self {
            reachable: true,
            password: None,
            zone: None,
            rows_per_second: 5_000,
            unwritable: BTreeSet::new(),
            databases: BTreeMap::new(),
            lake: BTreeMap::new(),
        }
    }
}

impl Table {
    /// A table with a key, and nothing odd about it.
    pub const fn of(rows: u64) -> Self {
        Self { rows, changes: 0, primary_key: true, unknown_type: false, breaks: None }
    }

    /// Rows come in.
    pub const fn insert(&mut self, rows: u64) {
        self.rows += rows;
        self.changes += rows;
    }

    /// Rows are changed.
    pub const fn update(&mut self, rows: u64) {
        self.changes += 2 * rows;
    }

    /// Rows go.
    pub fn delete(&mut self, rows: u64) {
        let gone = rows.min(self.rows);
        self.rows -= gone;
        self.changes += gone;
    }
}

impl World {
    /// Makes a database, if need be, and a table with that many rows in it.
    pub fn add(&mut self, database: &str, table: &str, rows: u64) -> &mut Table {
        let tables = self.databases.entry(database.into()).or_default();
        tables.entry(table.into()).insert_entry(Table::of(rows)).into_mut()
    }

    /// A table of the server.
    pub fn table(&self, database: &str, table: &str) -> Option<&Table> {
        self.databases.get(database)?.get(table)
    }

    /// A table of the server, to change it.
    pub fn table_mut(&mut self, database: &str, table: &str) -> Option<&mut Table> {
        self.databases.get_mut(database)?.get_mut(table)
    }

    /// Drops a table of the server; a job that copies it goes on, and its rows in the lake stay (real-stack §5).
    pub fn drop_table(&mut self, database: &str, table: &str) -> Option<Table> {
        self.databases.get_mut(database)?.remove(table)
    }

    /// The names of a database's tables, in their order.
    pub fn tables(&self, database: &str) -> impl Iterator<Item = (&str, &Table)> {
        self.databases.get(database).into_iter().flatten().map(|(name, table)| (name.as_str(), table))
    }

    /// Whether nobody can write below an address.
    pub fn cannot_write(&self, address: &str) -> bool {
        self.unwritable.iter().any(|start| address.starts_with(start.as_str()))
    }

    /// A table of the lake; `None` when nobody made it.
    pub fn lake(&self, warehouse: &str, database: &str, table: &str) -> Option<&LakeTable> {
        let name = LakeName { warehouse: warehouse.into(), database: database.into(), table: table.into() };
        self.lake.get(&name)
    }

    /// All tables of the lake.
    pub fn lake_tables(&self) -> impl Iterator<Item = (&LakeName, &LakeTable)> {
        self.lake.iter()
    }

    /// Makes a table of the lake, if need be.
    pub fn make(&mut self, name: LakeName) -> &mut LakeTable {
        self.lake.entry(name).or_default()
    }
}
