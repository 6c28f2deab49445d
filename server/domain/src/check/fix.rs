//! Statements to copy. Names are quoted whatever they hold.

use super::Dialect;
use crate::name::{Name, TableName};

/// A name in backticks.
fn quoted(name: &Name) -> String {
    format!("`{}`", name.as_str().replace('`', "``"))
}

fn table(name: &TableName) -> String {
    format!("{}.{}", quoted(&name.database), quoted(&name.table))
}

fn only_mysql(dialect: Dialect, sql: impl FnOnce() -> String) -> String {
    match dialect {
        Dialect::Mysql => sql(),
        Dialect::None => String::new(),
    }
}

/// Gives a table a primary key.
pub fn add_key(dialect: Dialect, of: &TableName, taken: impl Fn(&str) -> bool) -> String {
    let name = ["id", "row_id", "lakegate_id"].into_iter().find(|name| !taken(name)).unwrap_or("lakegate_row_id");
    only_mysql(dialect, || {
        format!(
            "ALTER TABLE {}\n  ADD COLUMN `{name}` BIGINT NOT NULL AUTO_INCREMENT FIRST, ADD PRIMARY KEY (`{name}`);",
            table(of)
        )
    })
}

/// Gives a column a type that the lake can hold.
pub fn as_text(dialect: Dialect, of: &TableName, column: &Name) -> String {
    only_mysql(dialect, || format!("ALTER TABLE {} MODIFY COLUMN {} VARCHAR(255);", table(of), quoted(column)))
}

/// Gives a column another name.
pub fn rename(dialect: Dialect, of: &TableName, column: &Name) -> String {
    only_mysql(dialect, || {
        let new = format!("{}_2", column.as_str().trim_start_matches('_'));
        let new = format!("`{}`", new.replace('`', "``"));
        format!("ALTER TABLE {} RENAME COLUMN {} TO {new};", table(of), quoted(column))
    })
}
