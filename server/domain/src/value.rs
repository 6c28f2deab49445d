//! One value of one row on its way from a source to the lake.

/// A value, already in the form that its lake type wants (see [`crate::types::LakeType`]).
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// BOOLEAN.
    Bool(bool),
    /// TINYINT, SMALLINT, INT, BIGINT.
    Int(i64),
    /// DECIMAL(p, s): the unscaled number, so 1.50 in DECIMAL(10,2) is 150.
    Decimal(i128),
    /// FLOAT and DOUBLE.
    Float(f64),
    /// CHAR, VARCHAR, STRING.
    Text(String),
    /// BINARY, VARBINARY, BYTES.
    Bytes(Vec<u8>),
    /// DATE: days since 1970-01-01.
    Date(i32),
    /// TIME: milliseconds since midnight.
    Time(i32),
    /// TIMESTAMP(p), without zone: nanoseconds since 1970-01-01T00:00:00 of the same wall clock would overflow
    /// far dates, so microseconds.
    Timestamp(i64),
    /// `ARRAY<STRING>`.
    List(Vec<String>),
}

impl Value {
    /// Bytes that this value keeps in memory, about.
    pub fn weight(&self) -> usize {
        match self {
            Self::Text(text) => 24 + text.len(),
            Self::Bytes(bytes) => 24 + bytes.len(),
            Self::List(list) => 24 + list.iter().map(|text| 24 + text.len()).sum::<usize>(),
            Self::Null
            | Self::Bool(_)
            | Self::Int(_)
            | Self::Decimal(_)
            | Self::Float(_)
            | Self::Date(_)
            | Self::Time(_)
            | Self::Timestamp(_) => 24,
        }
    }
}

/// One row: values in the order of the table's columns.
pub type Row = Vec<Value>;
