//! What the metadata of a table says, in one piece.

use std::collections::BTreeMap;
use std::path::Path;

use domain::time::Millis;
use domain::types::LakeType;

use crate::metadata::{self, FieldEntry, SnapshotFile};
use crate::owner::OWNER_OPTION;
use crate::{LakeError, files, types};

/// A table as its metadata describes it, whoever wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableFacts {
    /// Columns in the lake's order, by the newest schema.
    pub columns: Vec<ColumnFacts>,
    /// Names of the primary key's columns in key order; empty for an append table.
    pub primary_key: Vec<String>,
    /// Names of the partition's columns; empty when the table is not partitioned.
    pub partition_keys: Vec<String>,
    /// The table's options.
    pub options: BTreeMap<String, String>,
    /// Who may write it, by the option [`OWNER_OPTION`]; `None` for tables of other engines.
    pub owner: Option<String>,
    /// The table's comment; empty when there is none.
    pub comment: String,
    /// The number of the newest schema, from 0.
    pub schema_id: i64,
    /// The newest snapshot; `None` when nothing was ever committed.
    pub latest: Option<SnapshotFacts>,
    /// How many snapshots are kept.
    pub snapshots: usize,
    /// Tags, by name.
    pub tags: Vec<TagFacts>,
    /// Files below the table's folder, of data and metadata, also those that no snapshot needs any more.
    pub files: u64,
    /// Bytes of these files.
    pub bytes: u64,
}

/// One column of a table in the lake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnFacts {
    /// Its name.
    pub name: String,
    /// Its type in Paimon's words, without NOT NULL, e.g. `DECIMAL(20, 0)`.
    pub type_text: String,
    /// Its type, when it is one that we write.
    pub lake_type: Option<LakeType>,
    /// May it be null.
    pub nullable: bool,
    /// Its comment; empty when there is none.
    pub comment: String,
}

/// One commit of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotFacts {
    /// Its id, from 1, growing by one.
    pub id: i64,
    /// The schema it was written with.
    pub schema_id: i64,
    /// Who committed it: `lakegate-<copy id>` for our copies.
    pub commit_user: String,
    /// APPEND, OVERWRITE, COMPACT or ANALYZE.
    pub commit_kind: String,
    /// When it was committed.
    pub at: Millis,
    /// Records stored in its files: for a table with a primary key an upper bound of its rows.
    pub records: Option<i64>,
}

/// One tag of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagFacts {
    /// Its name.
    pub name: String,
    /// The snapshot it keeps.
    pub snapshot_id: i64,
}

/// Reads all facts of the table in this folder; `None` when it is not a table.
pub(crate) fn of(folder: &Path) -> Result<Option<TableFacts>, LakeError> {
    let Some(schema) = metadata::schema(folder)? else { return Ok(None) };
    let tags = metadata::tags(folder)?;
    let (files, bytes) = files::weigh(folder);
    Ok(Some(TableFacts {
        columns: schema.fields.iter().map(column).collect(),
        primary_key: schema.primary_keys,
        partition_keys: schema.partition_keys,
        owner: schema.options.get(OWNER_OPTION).cloned(),
        options: schema.options,
        comment: schema.comment.unwrap_or_default(),
        schema_id: schema.id,
        latest: metadata::newest(folder)?.map(snapshot),
        snapshots: metadata::snapshot_ids(folder)?.len(),
        tags: tags.into_iter().map(|(name, kept)| TagFacts { name, snapshot_id: kept.id }).collect(),
        files,
        bytes,
    }))
}

fn column(field: &FieldEntry) -> ColumnFacts {
    let spelled = types::spelled(&field.spelled);
    ColumnFacts {
        name: field.name.clone(),
        type_text: spelled.text,
        lake_type: spelled.lake_type,
        nullable: spelled.nullable,
        comment: field.description.clone().unwrap_or_default(),
    }
}

fn snapshot(file: SnapshotFile) -> SnapshotFacts {
    SnapshotFacts {
        id: file.id,
        schema_id: file.schema_id,
        commit_user: file.commit_user,
        commit_kind: file.commit_kind,
        at: Millis(file.time_millis),
        records: file.total_record_count,
    }
}
