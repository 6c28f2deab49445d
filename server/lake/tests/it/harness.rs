//! A warehouse in a temporary folder, and short words for what tests need.

use std::fs;
use std::path::{Path, PathBuf};

use domain::ids::CopyId;
use domain::name::{Name, TableName};
use domain::types::LakeType;
use domain::value::{Row, Value};
use lake::{Committed, Copy, LakeColumn, LakeSchema, TableFacts, Warehouse};

/// A warehouse that goes with the test.
pub struct Lake {
    pub warehouse: Warehouse,
    _home: tempfile::TempDir,
}

/// An empty warehouse.
pub fn lake() -> Lake {
    let home = tempfile::tempdir().expect("a temporary folder");
    let warehouse = Warehouse::open(home.path()).expect("a writable folder");
    Lake { warehouse, _home: home }
}

/// `shop.orders`.
pub fn orders() -> TableName {
    TableName::parse("shop", "orders").expect("plain names")
}

/// A name.
pub fn name(text: &str) -> Name {
    text.parse().expect("a name")
}

/// The id of a copy.
pub fn copy_id(text: &str) -> CopyId {
    text.parse().expect("an id")
}

/// A schema without comments.
pub fn schema(columns: &[(&str, LakeType)], key: &[&str]) -> LakeSchema {
    LakeSchema {
        columns: columns
            .iter()
            .map(|(text, lake_type)| LakeColumn {
                name: name(text),
                lake_type: *lake_type,
                nullable: !key.contains(text),
                comment: String::new(),
            })
            .collect(),
        primary_key: key.iter().map(|text| name(text)).collect(),
        comment: String::new(),
    }
}

/// `id` is the key, `what` is text.
pub fn simple() -> LakeSchema {
    schema(&[("id", LakeType::BigInt), ("what", LakeType::String)], &["id"])
}

/// Rows of [`simple`], all with the same text.
pub fn numbered(ids: impl IntoIterator<Item = i64>, what: &str) -> Vec<Row> {
    ids.into_iter().map(|id| vec![Value::Int(id), Value::Text(what.to_owned())]).collect()
}

/// The names of a schema's columns.
pub fn columns(schema: &LakeSchema) -> Vec<Name> {
    schema.columns.iter().map(|column| column.name.clone()).collect()
}

impl Lake {
    /// Makes the table if need be and begins a copy.
    pub async fn begin(&self, table: &TableName, schema: &LakeSchema, id: &str) -> Copy {
        self.warehouse.create(table, schema).await.expect("creatable");
        self.warehouse.begin(table, &columns(schema), &copy_id(id)).await.expect("free")
    }

    /// One whole copy.
    pub async fn copy(&self, table: &TableName, schema: &LakeSchema, id: &str, rows: Vec<Row>) -> Committed {
        let mut copy = self.begin(table, schema, id).await;
        copy.write(rows).await.expect("rows that fit");
        copy.commit().await.expect("committable")
    }

    /// The facts of a table that is there.
    pub async fn facts(&self, table: &TableName) -> TableFacts {
        self.warehouse.facts(table).await.expect("readable").expect("a table")
    }

    /// A folder or file of a table.
    pub fn path(&self, table: &TableName, below: &str) -> PathBuf {
        let database = self.warehouse.root().join(format!("{}.db", table.database));
        database.join(table.table.as_str()).join(below)
    }

    /// The names in a folder of a table, sorted.
    pub fn names(&self, table: &TableName, below: &str) -> Vec<String> {
        names(&self.path(table, below))
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort_unstable();
    names
}
