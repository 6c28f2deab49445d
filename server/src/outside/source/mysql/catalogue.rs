//! What tables a server has, and what they look like, by `information_schema`.
//!
//! Its comparisons mind neither case nor accents on some servers; ours do. So it is asked for a little more than is
//! wanted, and exact names are picked here.

use std::collections::{BTreeMap, BTreeSet};

use domain::column::{Column, TableShape};
use domain::name::{Name, TableName};
use domain::types::lake_type;
use sqlx::mysql::MySqlRow;

use super::super::{SourceError, TableEntry};
use super::error;
use super::session::{Session, Trouble, count, literal, text};

/// Databases that are the server's own.
const OWN: [&str; 4] = ["information_schema", "mysql", "performance_schema", "sys"];

/// Tables whose columns are asked for at once.
const AT_ONCE: usize = 200;

/// What is a table, by the words of the server: no view, no sequence.
const TABLES: &str = "TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')";

/// The tables of one database.
pub struct Names {
    /// In order of their names.
    pub tables: BTreeSet<TableName>,
    /// Names that the lake could not hold.
    pub refused: Vec<String>,
}

/// The databases that the account sees, in order of their names; and names that the lake could not hold.
pub async fn databases(session: &mut Session) -> Result<(BTreeSet<Name>, Vec<String>), Trouble> {
    let (mut databases, mut refused) = (BTreeSet::new(), Vec::new());
    for row in session.rows("SELECT SCHEMA_NAME FROM information_schema.SCHEMATA").await? {
        let name = text(&row, 0)?.unwrap_or_default();
        if OWN.iter().any(|own| own.eq_ignore_ascii_case(&name)) {
            continue;
        }
        match name.parse() {
            Ok(name) => drop(databases.insert(name)),
            Err(_) => refused.push(name),
        }
    }
    Ok((databases, refused))
}

/// The tables of a database.
pub async fn names(session: &mut Session, database: &Name) -> Result<Names, Trouble> {
    let sql = format!(
        "SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = {} AND {TABLES}",
        literal(database.as_str())
    );
    let mut names = Names { tables: BTreeSet::new(), refused: Vec::new() };
    for row in session.rows(&sql).await? {
        let (schema, name) = (text(&row, 0)?.unwrap_or_default(), text(&row, 1)?.unwrap_or_default());
        match name.parse() {
            Ok(table) if schema == database.as_str() => {
                names.tables.insert(TableName { database: database.clone(), table });
            }
            Ok(_) => {}
            Err(_) => names.refused.push(name),
        }
    }
    Ok(names)
}

/// Columns of a database whose names the lake could not hold, as `table.column`: their tables are left out as a whole.
pub async fn refused_columns(session: &mut Session, database: &Name) -> Result<Vec<String>, Trouble> {
    let sql = format!(
        "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = {} \
         AND (LOCATE('/', COLUMN_NAME) + LOCATE('\\\\', COLUMN_NAME) > 0 \
         OR COLUMN_NAME REGEXP '^[.]+$|^[[:space:]]|[[:cntrl:]]')",
        literal(database.as_str())
    );
    let mut refused = Vec::new();
    for row in session.rows(&sql).await? {
        let (Some(table), column) = (name(&row)?, text(&row, 2)?.unwrap_or_default()) else { continue };
        if table.database == *database && column.parse::<Name>().is_err() {
            refused.push(format!("{}.{column}", table.table));
        }
    }
    Ok(refused)
}

/// The next tables, ordered by database and table.
pub async fn page(
    session: &mut Session,
    after: Option<&TableName>,
    limit: usize,
) -> Result<Vec<TableEntry>, SourceError> {
    let told = |trouble| error::of(trouble, "the catalogue");
    let (databases, _) = databases(session).await.map_err(told)?;
    let mut entries: Vec<TableEntry> = Vec::new();
    for database in databases.into_iter().filter(|name| after.is_none_or(|after| *name >= after.database)) {
        let told = |trouble| error::of(trouble, &format!("database {database}"));
        let names = names(session, &database).await.map_err(told)?;
        let rest: Vec<_> = names.tables.into_iter().filter(|name| after.is_none_or(|after| name > after)).collect();
        // Names without a shape have vanished meanwhile, so a page goes on until it is full or all are looked at.
        for some in rest.chunks(AT_ONCE.min(limit.max(1))) {
            if entries.len() >= limit {
                return Ok(entries);
            }
            let some = &some[..some.len().min(limit - entries.len())];
            // A table with a column whose name the lake cannot hold is left out as a whole.
            entries.extend(details(session, &database, some).await.map_err(told)?.0);
        }
    }
    Ok(entries)
}

/// The table as this session sees it now.
pub async fn shape(session: &mut Session, table: &TableName) -> Result<TableShape, SourceError> {
    let wanted = std::slice::from_ref(table);
    let found = details(session, &table.database, wanted).await.map_err(|trouble| error::of_table(trouble, table))?;
    let (entries, refused) = found;
    if !refused.is_empty() {
        let what = format!("table {table}: it has a column whose name the lake cannot hold");
        return Err(SourceError::Other { what, cause: None });
    }
    let entry = entries.into_iter().next().ok_or_else(|| SourceError::Gone { table: table.clone() })?;
    Ok(entry.shape)
}

/// The lines of some tables of one database in the catalogue, without those that are not there (any more); and the
/// tables that have a column whose name the lake cannot hold.
async fn details(
    session: &mut Session,
    database: &Name,
    tables: &[TableName],
) -> Result<(Vec<TableEntry>, Vec<TableName>), Trouble> {
    // A server holds no name with letters beyond the first 65,536, and MariaDB does not even compare with one.
    let can_be = |name: &Name| name.as_str().chars().all(|letter| letter <= '\u{ffff}');
    let can_be = tables.iter().filter(|name| can_be(&name.database) && can_be(&name.table));
    let list: Vec<_> = can_be.map(|name| literal(name.table.as_str())).collect();
    // One name by `=`: then MariaDB opens that table only.
    let which = match list.as_slice() {
        [] => return Ok((Vec::new(), Vec::new())),
        [one] => format!("TABLE_SCHEMA = {} AND TABLE_NAME = {one}", literal(database.as_str())),
        many => format!("TABLE_SCHEMA = {} AND TABLE_NAME IN ({})", literal(database.as_str()), many.join(", ")),
    };
    let mut columns = columns(session, &which).await?;
    let mut keys = keys(session, &which).await?;
    let sql = format!(
        "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_COMMENT, TABLE_ROWS, DATA_LENGTH FROM information_schema.TABLES \
         WHERE {which} AND {TABLES}"
    );
    let (mut entries, mut refused) = (BTreeMap::new(), Vec::new());
    for row in session.rows(&sql).await? {
        let Some(name) = name(&row)?.filter(|name| tables.contains(name)) else { continue };
        let columns = match columns.remove(&name) {
            Some(Some(columns)) => columns,
            Some(None) => {
                refused.push(name);
                continue;
            }
            None => continue,
        };
        let primary_key = keys.remove(&name).unwrap_or_default();
        let comment = text(&row, 2)?.unwrap_or_default();
        let shape = TableShape { name: name.clone(), comment, columns, primary_key }.with_keys_apart();
        entries.insert(name, TableEntry { shape, rows: count(&row, 3)?, bytes: count(&row, 4)? });
    }
    Ok((entries.into_values().collect(), refused))
}

/// The columns of tables in the server's order; `None` when the lake cannot hold the name of one.
async fn columns(session: &mut Session, which: &str) -> Result<BTreeMap<TableName, Option<Vec<Column>>>, Trouble> {
    let sql = format!(
        "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_COMMENT \
         FROM information_schema.COLUMNS WHERE {which} ORDER BY TABLE_NAME, ORDINAL_POSITION"
    );
    let mut columns = BTreeMap::new();
    for row in session.rows(&sql).await? {
        let Some(table) = name(&row)? else { continue };
        let all = columns.entry(table).or_insert_with(|| Some(Vec::new()));
        match column(&row)? {
            Some(column) => all.iter_mut().for_each(|known| known.push(column.clone())),
            None => *all = None,
        }
    }
    Ok(columns)
}

fn column(row: &MySqlRow) -> Result<Option<Column>, Trouble> {
    let Ok(name) = text(row, 2)?.unwrap_or_default().parse::<Name>() else { return Ok(None) };
    let source_type = text(row, 3)?.unwrap_or_default();
    let (lake_type, loss) = match lake_type(&source_type) {
        Ok((kind, loss)) => (Some(kind), loss),
        Err(_) => (None, None),
    };
    let nullable = text(row, 4)?.is_some_and(|word| word.eq_ignore_ascii_case("yes"));
    let comment = text(row, 5)?.unwrap_or_default();
    Ok(Some(Column { name, source_type, nullable, comment, lake_type, loss }))
}

/// The primary keys of tables, in key order.
async fn keys(session: &mut Session, which: &str) -> Result<BTreeMap<TableName, Vec<Name>>, Trouble> {
    let sql = format!(
        "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME FROM information_schema.STATISTICS \
         WHERE {which} AND INDEX_NAME = 'PRIMARY' ORDER BY TABLE_NAME, SEQ_IN_INDEX"
    );
    let mut keys: BTreeMap<TableName, Vec<Name>> = BTreeMap::new();
    for row in session.rows(&sql).await? {
        let (Some(table), Ok(column)) = (name(&row)?, text(&row, 2)?.unwrap_or_default().parse()) else { continue };
        keys.entry(table).or_default().push(column);
    }
    Ok(keys)
}

/// The table in the first two columns, when it is a name for us.
fn name(row: &MySqlRow) -> Result<Option<TableName>, Trouble> {
    let (database, table) = (text(row, 0)?.unwrap_or_default(), text(row, 1)?.unwrap_or_default());
    Ok(TableName::parse(&database, &table).ok())
}
