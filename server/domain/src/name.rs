//! Names that come from outside: of databases, tables and columns.

use json::FromJson;
use serde::{Deserialize, Serialize};

/// A name that no database or lake could hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a name: 1 to 128 characters, no control characters, no '/' or '\\', not only dots")]
pub struct BadName;

/// A database, table or column name, exactly as the source spells it.
///
/// 1 to 128 characters of any script; no control characters, no slashes (it becomes a folder of the lake),
/// not `.` or `..`, no white space at either end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, FromJson)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

impl Name {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Name {
    type Error = BadName;
    fn try_from(text: String) -> Result<Self, BadName> {
        let length = text.chars().count();
        let fine = (1..=128).contains(&length)
            && text.trim() == text
            && !text.chars().all(|c| c == '.')
            && !text.chars().any(|c| c.is_control() || c == '/' || c == '\\');
        if fine { Ok(Self(text)) } else { Err(BadName) }
    }
}

impl std::str::FromStr for Name {
    type Err = BadName;
    fn from_str(text: &str) -> Result<Self, BadName> {
        Self::try_from(text.to_owned())
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A table inside a source (or inside the lake): database and table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, FromJson)]
pub struct TableName {
    /// The database it lies in.
    pub database: Name,
    /// Its own name.
    pub table: Name,
}

impl TableName {
    /// Parses both parts.
    pub fn parse(database: &str, table: &str) -> Result<Self, BadName> {
        Ok(Self { database: database.parse()?, table: table.parse()? })
    }
}

impl std::fmt::Display for TableName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.database, self.table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_names_are_names_and_paths_are_not() {
        for good in ["a", "租赁合同", "x y", "Größe", "a.b", &"列".repeat(128)] {
            assert!(good.parse::<Name>().is_ok(), "{good:?}");
        }
        for bad in ["", ".", "..", "a/b", "a\\b", "a\nb", " a", "a ", &"x".repeat(129)] {
            assert!(bad.parse::<Name>().is_err(), "{bad:?}");
        }
    }
}
