//! Rows of values into Arrow batches, by the types of the table.
//!
//! Invariant: a batch has the columns of the table, each value as `fit` lets it through.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Float32Array, Float64Array, Int8Array,
    Int16Array, Int32Array, Int64Array, RecordBatch, StringArray, Time32MillisecondArray, TimestampMicrosecondArray,
    TimestampMillisecondArray, TimestampSecondArray,
};
use arrow_schema::{DataType, FieldRef, SchemaRef};
use domain::name::{Name, TableName};
use domain::types::LakeType;
use domain::value::{Row, Value};

use crate::LakeError;
use crate::facts::TableFacts;
use crate::fit;

/// The most rows of a batch.
const BATCH_ROWS: usize = 8_192;

/// The weight from which a batch is full.
const BATCH_BYTES: usize = 8 << 20;

/// How rows become batches of one table.
pub(crate) struct Conversion {
    targets: Vec<Target>,
    schema: SchemaRef,
    width: usize,
}

/// One column of the table.
struct Target {
    name: String,
    lake_type: LakeType,
    nullable: bool,
    /// The place of its value in a row; `None` when rows do not bring it and it becomes null.
    place: Option<usize>,
}

impl Conversion {
    /// Fits rows of these columns, in this order, to the table.
    ///
    /// `Differs` when the table lacks a column, or when a column of its key is not among them.
    pub(crate) fn new(
        table: &TableName,
        facts: &TableFacts,
        columns: &[Name],
        schema: SchemaRef,
    ) -> Result<Self, LakeError> {
        let differs = |column: &str, sentence: String| LakeError::Differs {
            table: table.clone(),
            column: Some(column.to_owned()),
            sentence,
        };
        let held = |name: &Name| facts.columns.iter().any(|column| column.name == name.as_str());
        if let Some(name) = columns.iter().find(|name| !held(name)) {
            return Err(differs(name.as_str(), format!("it has no column {name}")));
        }
        let targets = facts.columns.iter().map(|column| {
            let name = &column.name;
            let lake_type = column
                .lake_type
                .ok_or_else(|| differs(name, format!("column {name} is {}, which no copy writes", column.type_text)))?;
            let place = columns.iter().position(|other| other.as_str() == name);
            if place.is_none() && !column.nullable {
                return Err(differs(name, format!("column {name} of its key is not in the source")));
            }
            Ok(Target { name: name.clone(), lake_type, nullable: column.nullable, place })
        });
        Ok(Self { targets: targets.collect::<Result<_, _>>()?, schema, width: columns.len() })
    }

    /// The batch that holds these rows.
    pub(crate) fn batch(&self, rows: &[Row]) -> Result<RecordBatch, LakeError> {
        if let Some(row) = rows.iter().find(|row| row.len() != self.width) {
            let why = format!("a row has {} values, not {}", row.len(), self.width);
            return Err(LakeError::other("fit rows to the table's columns", why));
        }
        let arrays = self
            .targets
            .iter()
            .zip(self.schema.fields())
            .map(|(target, field)| target.array(rows, field))
            .collect::<Result<Vec<_>, _>>()?;
        RecordBatch::try_new(Arc::clone(&self.schema), arrays)
            .map_err(|error| LakeError::Other { tried: "put columns side by side".to_owned(), source: Box::new(error) })
    }
}

/// Cuts rows into pieces that fill one batch each.
pub(crate) fn pieces(rows: &[Row]) -> impl Iterator<Item = &[Row]> {
    let mut rest = rows;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut weight = 0;
        let full = rest.iter().take(BATCH_ROWS).position(|row| {
            weight += row.iter().map(Value::weight).sum::<usize>();
            weight >= BATCH_BYTES
        });
        let end = full.map_or(BATCH_ROWS.min(rest.len()), |last| last + 1);
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(piece)
    })
}

impl Target {
    fn array(&self, rows: &[Row], field: &FieldRef) -> Result<ArrayRef, LakeError> {
        use LakeType as T;
        Ok(match self.lake_type {
            T::Boolean => Arc::new(BooleanArray::from(self.cells(rows, fit::boolean)?)),
            T::TinyInt => Arc::new(Int8Array::from(self.cells(rows, fit::int)?)),
            T::SmallInt => Arc::new(Int16Array::from(self.cells(rows, fit::int)?)),
            T::Int => Arc::new(Int32Array::from(self.cells(rows, fit::int)?)),
            T::BigInt => Arc::new(Int64Array::from(self.cells(rows, fit::int)?)),
            T::Float => Arc::new(Float32Array::from(self.cells(rows, fit::float)?)),
            T::Double => Arc::new(Float64Array::from(self.cells(rows, fit::double)?)),
            T::Decimal(precision, _) => {
                let cells = self.cells(rows, |value| fit::decimal(value, precision))?;
                let array = Decimal128Array::from(cells).with_data_type(field.data_type().clone());
                Arc::new(array)
            }
            T::Char(length) | T::VarChar(length) => {
                Arc::new(StringArray::from(self.cells(rows, |value| fit::text(value, Some(length)))?))
            }
            T::String => Arc::new(StringArray::from(self.cells(rows, |value| fit::text(value, None))?)),
            T::Binary(length) => {
                let cells = self.cells(rows, |value| fit::padded(value, length))?;
                Arc::new(cells.iter().map(Option::as_deref).collect::<BinaryArray>())
            }
            T::VarBinary(length) => {
                Arc::new(BinaryArray::from(self.cells(rows, |value| fit::bytes(value, Some(length)))?))
            }
            T::Bytes => Arc::new(BinaryArray::from(self.cells(rows, |value| fit::bytes(value, None))?)),
            T::Date => Arc::new(Date32Array::from(self.cells(rows, fit::date)?)),
            T::Time => Arc::new(Time32MillisecondArray::from(self.cells(rows, fit::time)?)),
            T::Timestamp(precision) => {
                let cells = self.cells(rows, |value| fit::timestamp(value, precision))?;
                match precision {
                    0 => Arc::new(TimestampSecondArray::from(cells)),
                    1..=3 => Arc::new(TimestampMillisecondArray::from(cells)),
                    _ => Arc::new(TimestampMicrosecondArray::from(cells)),
                }
            }
            T::StringArray => Arc::new(lists(&self.cells(rows, fit::list)?, field)),
        })
    }

    /// This column's cells, each through `take`, which says what does not fit.
    fn cells<'a, T>(
        &self,
        rows: &'a [Row],
        take: impl Fn(&'a Value) -> Result<T, String>,
    ) -> Result<Vec<Option<T>>, LakeError> {
        let Some(place) = self.place else { return Ok(rows.iter().map(|_| None).collect()) };
        let cell = |row: &'a Row| match &row[place] {
            Value::Null if self.nullable => Ok(None),
            Value::Null => Err("it is null, but the column belongs to the key".to_owned()),
            value => take(value)
                .map(Some)
                .map_err(|what| format!("it {what}, but the column is {}", self.lake_type.paimon())),
        };
        rows.iter().map(|row| cell(row).map_err(|sentence| self.misfit(sentence))).collect()
    }

    fn misfit(&self, sentence: String) -> LakeError {
        LakeError::Value { column: self.name.clone(), sentence }
    }
}

fn lists(cells: &[Option<&[String]>], field: &FieldRef) -> arrow_array::ListArray {
    let mut builder = ListBuilder::new(StringBuilder::new());
    if let DataType::List(element) = field.data_type() {
        builder = builder.with_field(Arc::clone(element));
    }
    for cell in cells {
        for text in cell.unwrap_or_default() {
            builder.values().append_value(text);
        }
        builder.append(cell.is_some());
    }
    builder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_end_by_rows_or_by_bytes() {
        let lengths = |rows: &[Row]| pieces(rows).map(<[Row]>::len).collect::<Vec<_>>();
        assert_eq!(lengths(&[]), Vec::<usize>::new());
        assert_eq!(lengths(&vec![vec![Value::Null]; BATCH_ROWS + 1]), vec![BATCH_ROWS, 1]);
        let heavy = vec![Value::Bytes(vec![0; BATCH_BYTES])];
        assert_eq!(lengths(&vec![heavy; 3]), vec![1, 1, 1]);
    }
}
