//! From columns to values, with one sentence for what no version of Lakegate writes.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::any::AnyRow;
use sqlx::{ColumnIndex, Row};

use super::StoreError;

/// A row being read: knows its table and its id, to name them when something is odd.
pub struct Reading<'r> {
    row: &'r AnyRow,
    table: &'static str,
    id: String,
}

impl<'r> Reading<'r> {
    /// Reads a row of a table whose column `id_column` names it.
    pub fn new(row: &'r AnyRow, table: &'static str, id_column: &str) -> Result<Self, StoreError> {
        let id = match row.try_get::<String, _>(id_column) {
            Ok(id) => id,
            Err(_) => row.try_get::<i64, _>(id_column)?.to_string(),
        };
        Ok(Self { row, table, id })
    }

    /// What says that a column cannot be understood.
    pub fn odd(&self, what: impl ToString) -> StoreError {
        StoreError::Inconsistent { table: self.table, id: self.id.clone(), what: what.to_string() }
    }

    /// A text.
    pub fn text(&self, column: &str) -> Result<String, StoreError> {
        self.get(column)
    }

    /// A text that may be absent.
    pub fn maybe_text(&self, column: &str) -> Result<Option<String>, StoreError> {
        self.get(column)
    }

    /// A whole number.
    pub fn int(&self, column: &str) -> Result<i64, StoreError> {
        self.get(column)
    }

    /// A whole number that may be absent.
    pub fn maybe_int(&self, column: &str) -> Result<Option<i64>, StoreError> {
        self.get(column)
    }

    /// A yes or no, kept as 1 or 0.
    pub fn flag(&self, column: &str) -> Result<bool, StoreError> {
        Ok(self.int(column)? != 0)
    }

    /// A count that is never negative.
    pub fn maybe_count(&self, column: &str) -> Result<Option<u64>, StoreError> {
        self.maybe_int(column)?.map(|count| u64::try_from(count).map_err(|_| self.odd(column))).transpose()
    }

    /// A text that parses: an id, a name.
    pub fn parsed<T: TryFrom<String>>(&self, column: &str) -> Result<T, StoreError> {
        T::try_from(self.text(column)?).map_err(|_| self.odd(column))
    }

    /// A text that parses and may be absent.
    pub fn maybe_parsed<T: TryFrom<String>>(&self, column: &str) -> Result<Option<T>, StoreError> {
        self.maybe_text(column)?.map(|text| T::try_from(text).map_err(|_| self.odd(column))).transpose()
    }

    /// A value kept as JSON.
    pub fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T, StoreError> {
        serde_json::from_str(&self.text(column)?).map_err(|problem| self.odd(format!("{column}: {problem}")))
    }

    /// A value kept as JSON that may be absent.
    pub fn maybe_json<T: DeserializeOwned>(&self, column: &str) -> Result<Option<T>, StoreError> {
        let text = self.maybe_text(column)?;
        text.map(|text| serde_json::from_str(&text).map_err(|problem| self.odd(format!("{column}: {problem}"))))
            .transpose()
    }

    fn get<'a, T>(&'a self, column: &str) -> Result<T, StoreError>
    where
        T: sqlx::Decode<'a, sqlx::Any> + sqlx::Type<sqlx::Any>,
        for<'c> &'c str: ColumnIndex<AnyRow>,
    {
        self.row.try_get(column).map_err(|problem| self.odd(problem))
    }
}

/// A value as JSON text for a column.
pub fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("domain values always serialise")
}

/// A count for a BIGINT column; what exceeds it is capped.
pub fn big(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A pattern for LIKE that finds the text anywhere, with `!` as the escape character.
pub fn like(text: &str) -> String {
    let escaped = text.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{escaped}%")
}

/// `($1, $2, $3)`: the places of so many values of one list, the first one being `$from`.
pub fn list(values: usize, from: usize) -> String {
    places(1, values, from)
}

/// Values that one statement takes. Both databases bind far more, but SQLite looks each `$n` up among all names of its
/// statement: ten times as many values take a hundred times as long.
const MOST: usize = 2_000;

/// How many rows of so many values one statement takes.
pub const fn rows_of(values: usize) -> usize {
    MOST / values
}

/// `($1, $2), ($3, $4)`: the places of so many rows of so many values, the first one being `$from`.
pub fn places(rows: usize, values: usize, from: usize) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(rows * values * 7);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for value in 0..values {
            let joint = if value == 0 { "$" } else { ", $" };
            write!(text, "{joint}{}", from + row * values + value).expect("writing to a string cannot fail");
        }
        text.push(')');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_has_a_place_of_its_own() {
        assert_eq!(places(2, 3, 1), "($1, $2, $3), ($4, $5, $6)");
        assert_eq!(places(2, 1, 4), "($4), ($5)");
        assert_eq!(places(0, 3, 1), "");
    }
}
