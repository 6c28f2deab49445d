//! Makes a table, or lets an existing one of ours grow.

use std::path::{Path, PathBuf};

use domain::name::{Name, TableName};
use domain::types::LakeType;
use paimon::spec::{
    ArrayType, BigIntType, BinaryType, BooleanType, CharType, DataType, DateType, DecimalType, DoubleType, FloatType,
    IntType, Schema, SchemaChange, SmallIntType, TableSchema, TimeType, TimestampType, TinyIntType, VarBinaryType,
    VarCharType,
};

use crate::facts::TableFacts;
use crate::lock::TableLock;
use crate::owner::{OWNER, OWNER_OPTION};
use crate::schema::Growth;
use crate::warehouse::off_thread;
use crate::{Created, LakeColumn, LakeError, LakeSchema, Warehouse, files, mend};

/// Rows are buffered up to here before they are written out. Paimon's own default is 256 MB.
const BUFFER: &str = "32mb";

impl Warehouse {
    /// Makes the table, or lets ours grow until it holds the wanted schema.
    ///
    /// New columns come in nullable, at the end; a type becomes wider where nothing is lost; a column that the source
    /// dropped stays. `Owned` when another engine owns the table, `Differs` when nothing of that kind helps.
    pub async fn create(&self, table: &TableName, wanted: &LakeSchema) -> Result<Created, LakeError> {
        if table.table.as_str().contains('$') {
            // Readers take it for a system table such as orders$snapshots.
            return Err(LakeError::other(
                format!("make table {table}"),
                "Paimon's readers cannot name a table with a '$'",
            ));
        }
        let folder = self.folder(table);
        let _lock = TableLock::take(table, &folder)?;
        let found = {
            let (folder, table) = (folder.clone(), table.clone());
            off_thread(move || mend::facts_of_ours(&table, &folder)).await?
        };
        match found {
            None => make(table, &folder, wanted).await,
            Some(found) => self.grow(table, &folder, &found, wanted).await,
        }
    }

    async fn grow(
        &self,
        table: &TableName,
        folder: &Path,
        found: &TableFacts,
        wanted: &LakeSchema,
    ) -> Result<Created, LakeError> {
        let growth = wanted.growth_of(found).map_err(|clash| LakeError::Differs {
            table: table.clone(),
            column: clash.column,
            sentence: clash.sentence,
        })?;
        if growth.added.is_empty() && growth.widened.is_empty() {
            return Ok(Created::Same);
        }
        let tried = |error| LakeError::paimon(format!("alter table {table}"), folder, error);
        let current = self.open_table(table).await?;
        let changes = changes(&growth).map_err(tried)?;
        let next = current.schema().apply_changes(changes).map_err(tried)?;
        save(folder, next).await?;
        Ok(Created::Grown { added: names(&growth.added), widened: names(&growth.widened) })
    }
}

async fn make(table: &TableName, folder: &Path, wanted: &LakeSchema) -> Result<Created, LakeError> {
    let tried = format!("make table {table}");
    // Left by a process that was killed while it made this very table.
    files::remove(&files::draft_of(&schema_path(folder, 0)))?;
    if files::weigh(folder) != (0, 0) {
        return Err(LakeError::other(tried, "its folder holds files that are no table"));
    }
    let schema = schema(wanted).map_err(|error| LakeError::paimon(tried.clone(), folder, error))?;
    save(folder, TableSchema::new(0, &schema)).await?;
    Ok(Created::New)
}

fn schema_path(folder: &Path, id: i64) -> PathBuf {
    folder.join("schema").join(format!("schema-{id}"))
}

/// Writes a schema file: from this moment the table exists, or is altered.
async fn save(folder: &Path, schema: TableSchema) -> Result<(), LakeError> {
    let path = schema_path(folder, schema.id());
    let json = serde_json::to_vec(&schema)
        .map_err(|error| LakeError::Other { tried: "spell a schema".to_owned(), source: Box::new(error) })?;
    off_thread(move || files::write_whole(&path, &json)).await
}

fn names(columns: &[&LakeColumn]) -> Vec<Name> {
    columns.iter().map(|column| column.name.clone()).collect()
}

fn changes(growth: &Growth<'_>) -> paimon::Result<Vec<SchemaChange>> {
    let added = growth.added.iter().map(|column| {
        Ok(SchemaChange::AddColumn {
            field_names: vec![column.name.to_string()],
            data_type: data_type(column.lake_type, true)?,
            comment: comment(&column.comment),
            column_move: None,
        })
    });
    let widened = growth.widened.iter().map(|column| {
        Ok(SchemaChange::UpdateColumnType {
            field_names: vec![column.name.to_string()],
            new_data_type: data_type(column.lake_type, true)?,
            keep_nullability: true,
        })
    });
    added.chain(widened).collect()
}

/// One bucket with a key; no buckets without. A whole copy needs no more, and one bucket reads in key order.
fn schema(wanted: &LakeSchema) -> paimon::Result<Schema> {
    let mut builder = Schema::builder()
        .primary_key(wanted.primary_key.iter().map(Name::as_str))
        .option("bucket", if wanted.primary_key.is_empty() { "-1" } else { "1" })
        .option("file.format", "parquet")
        .option("write.parquet-buffer-size", BUFFER)
        .option(OWNER_OPTION, OWNER)
        .comment(comment(&wanted.comment));
    for column in &wanted.columns {
        let nullable = !wanted.primary_key.contains(&column.name);
        let data_type = data_type(column.lake_type, nullable)?;
        let comment = comment(&column.comment);
        builder = builder.column_with_description(column.name.as_str(), data_type, comment);
    }
    builder.build()
}

fn comment(text: &str) -> Option<String> {
    Some(text).filter(|text| !text.is_empty()).map(ToOwned::to_owned)
}

/// A source may declare a length of 0; the lake's shortest is 1.
fn data_type(lake_type: LakeType, nullable: bool) -> paimon::Result<DataType> {
    use LakeType as T;
    Ok(match lake_type {
        T::Boolean => DataType::Boolean(BooleanType::with_nullable(nullable)),
        T::TinyInt => DataType::TinyInt(TinyIntType::with_nullable(nullable)),
        T::SmallInt => DataType::SmallInt(SmallIntType::with_nullable(nullable)),
        T::Int => DataType::Int(IntType::with_nullable(nullable)),
        T::BigInt => DataType::BigInt(BigIntType::with_nullable(nullable)),
        T::Float => DataType::Float(FloatType::with_nullable(nullable)),
        T::Double => DataType::Double(DoubleType::with_nullable(nullable)),
        T::Decimal(precision, scale) => {
            DataType::Decimal(DecimalType::with_nullable(nullable, precision.into(), scale.into())?)
        }
        T::Char(length) => DataType::Char(CharType::with_nullable(nullable, size(length))?),
        T::VarChar(length) => DataType::VarChar(VarCharType::with_nullable(nullable, length.max(1))?),
        T::String => DataType::VarChar(VarCharType::with_nullable(nullable, VarCharType::MAX_LENGTH)?),
        T::Binary(length) => DataType::Binary(BinaryType::with_nullable(nullable, size(length))?),
        T::VarBinary(length) => DataType::VarBinary(VarBinaryType::try_new(nullable, length.max(1))?),
        T::Bytes => DataType::VarBinary(VarBinaryType::try_new(nullable, VarBinaryType::MAX_LENGTH)?),
        T::Date => DataType::Date(DateType::with_nullable(nullable)),
        // Milliseconds are kept all the same; a job of Flink that takes the table over declares TIME(0).
        T::Time => DataType::Time(TimeType::with_nullable(nullable, 0)?),
        T::Timestamp(precision) => DataType::Timestamp(TimestampType::with_nullable(nullable, precision.into())?),
        T::StringArray => {
            DataType::Array(ArrayType::with_nullable(nullable, DataType::VarChar(VarCharType::string_type())))
        }
    })
}

fn size(length: u32) -> usize {
    usize::try_from(length.max(1)).expect("a usize has at least 32 bits here")
}
