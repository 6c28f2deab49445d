//! Who may write a table: the mark that our tables carry.

use std::collections::BTreeMap;

use domain::name::TableName;

use crate::LakeError;

/// The table option that names the owner.
pub const OWNER_OPTION: &str = "lakegate.owner";

/// The owner of tables that this crate writes.
pub const OWNER: &str = "embedded";

/// Refuses a table that lacks our mark.
pub(crate) fn require(table: &TableName, options: &BTreeMap<String, String>) -> Result<(), LakeError> {
    match options.get(OWNER_OPTION).map(String::as_str) {
        Some(OWNER) => Ok(()),
        other => Err(LakeError::Owned { table: table.clone(), owner: other.unwrap_or("another engine").to_owned() }),
    }
}
