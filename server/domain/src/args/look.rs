//! Looks at arguments before they are written: what would stop every table of a job is refused (real-stack §5).

use std::collections::BTreeMap;

use super::catalog::Metastore;
use super::finding::{Code, Finding, Severity};
use super::from::ServerIds;
use super::work::{Mode, Table, Work};
use super::{Args, Argv, table_conf};
use crate::check;
use crate::column::TableShape;
use crate::name::{Name, TableName};

/// How far the server's clock may be from its zone, in seconds (paimon-cdc §4).
const CLOCK_APART: i32 = 30 * 60;

/// What must be known besides the arguments.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// The tables as the source has them now.
    pub shapes: &'a [TableShape],
    /// How many readers the job has: its parallelism.
    pub readers: u32,
    /// The server ids that others have at this server, the server's own among them.
    pub taken: &'a [ServerIds],
    /// What the clocks say.
    pub clocks: Clocks,
}

/// How far east of UTC, in seconds, at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clocks {
    /// The server tells its times.
    pub server: i32,
    /// The zone among the arguments is.
    pub zone: i32,
}

/// The arguments as an engine takes them, with a placeholder for each password.
///
/// Refused with everything that is wrong, worst first; what was not looked at is never a pass.
pub fn build(args: &Args, around: &Around<'_>) -> Result<Argv, Vec<Finding>> {
    let found: Vec<_> =
        findings(args, around).into_iter().filter(|found| found.code.severity() != Severity::GoodToKnow).collect();
    if found.is_empty() { Ok(Argv::of(args)) } else { Err(found) }
}

/// Everything there is to say about the arguments, worst first; empty when they are fine.
pub fn findings(args: &Args, around: &Around<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    names(args, &mut found);
    for table in args.work.tables() {
        let name = TableName { database: args.from.database.clone(), table: table.clone() };
        match around.shapes.iter().find(|shape| shape.name == name) {
            Some(shape) => look_at(args, shape, &mut found),
            None => found.push(Finding::new(Code::NotLooked).about(&name)),
        }
    }
    job(args, around, &mut found);
    found.sort_by_key(|found| (found.code.severity(), found.code));
    found
}

/// Names that the program would take for something else, and names that meet in the lake.
fn names(args: &Args, found: &mut Vec<Finding>) {
    let tables = args.work.tables();
    if tables.is_empty() {
        found.push(Finding::new(Code::NoTables));
    }
    let target = match &args.work {
        Work::Database(_) => None,
        Work::Table(one) => Some(&one.target),
    };
    // The tables' own names are looked at with the tables.
    for name in [&args.database].into_iter().chain(target) {
        found.extend(odd(name));
    }
    if let Work::Table(one) = &args.work {
        let keys = one.partition_keys.iter().chain(&one.primary_keys);
        found.extend(keys.filter_map(odd));
    }
    found.extend(hive_refuses(args, args.database.as_str()));
    let mut seen: BTreeMap<String, &Name> = BTreeMap::new();
    for table in tables {
        let target = args.work.target(table);
        found.extend(hive_refuses(args, &target));
        if let Some(other) = seen.insert(target.to_lowercase(), table) {
            found.push(Finding::new(Code::NameMeets).text("table", table).text("other", other).text("target", target));
        }
    }
}

/// A name in the lake that the program would take for something else.
fn odd(name: &Name) -> Option<Finding> {
    let letter = check::odd_letter(name)?;
    Some(Finding::new(Code::NameOdd).text("name", name).text("letter", letter))
}

/// Hive takes names of ASCII letters, digits and `_` only (paimon-cdc §17.1).
fn hive_refuses(args: &Args, name: &str) -> Option<Finding> {
    let fine = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let hive = matches!(args.catalog.metastore, Metastore::Hive { .. });
    let letter = name.chars().find(|letter| hive && !fine(*letter))?;
    Some(Finding::new(Code::NameOdd).text("name", name).text("letter", letter))
}

/// One table: what its check finds that matters to the job, and whether its keys are there.
fn look_at(args: &Args, shape: &TableShape, found: &mut Vec<Finding>) {
    let facts = check::Facts {
        table: &shape.name,
        known: check::Known::Shape(shape, None),
        retired: false,
        dialect: check::Dialect::Mysql,
        limits: check::Limits { bytes: None, follows: true },
        place: check::Place { target: Some(&shape.name), ..check::Place::default() },
    };
    let matters =
        |found: &check::Finding| found.code.severity() == Severity::MustFix || found.code == check::Code::BytesChange;
    let checked = check::findings(&facts);
    found.extend(checked.iter().filter(|found| matters(found)).map(|check| Finding::of_check(check, &shape.name)));
    if let Work::Table(one) = &args.work {
        keys(one, shape, found);
    }
}

/// Keys name columns of the table, and what parts it is in its key (paimon-cdc §2, §8).
fn keys(one: &Table, shape: &TableShape, found: &mut Vec<Finding>) {
    let key = if one.primary_keys.is_empty() { &shape.primary_key } else { &one.primary_keys };
    let say = |code, column: &Name| Finding::new(code).about(&shape.name).text("column", column);
    for column in one.partition_keys.iter().chain(&one.primary_keys) {
        if !shape.columns.iter().any(|of_table| of_table.name == *column) {
            found.push(say(Code::KeyColumnGone, column));
        }
    }
    let outside = one.partition_keys.iter().filter(|column| !key.contains(column));
    found.extend(outside.map(|column| say(Code::PartOutsideKey, column)));
}

/// What holds for the job as a whole.
fn job(args: &Args, around: &Around<'_>, found: &mut Vec<Finding>) {
    let combined = matches!(&args.work, Work::Database(database) if database.mode == Mode::Combined);
    if combined && args.table.bucket == table_conf::Bucket::AsNeeded {
        found.push(Finding::new(Code::BucketNeeded));
    }
    let ids = args.from.server_ids;
    if ids.count() < u64::from(around.readers) {
        let finding = Finding::new(Code::IdsFew).text("ids", ids).count("has", ids.count());
        found.push(finding.count("readers", around.readers.into()));
    }
    if let Some(other) = around.taken.iter().find(|other| other.meets(ids)) {
        found.push(Finding::new(Code::IdsTaken).text("ids", ids).text("other", other));
    }
    let Clocks { server, zone } = around.clocks;
    if server.abs_diff(zone) > CLOCK_APART.unsigned_abs() {
        let finding = Finding::new(Code::ZoneDiffers).text("zone", args.from.zone.as_str());
        found.push(finding.text("hours", offset(zone)).text("server", offset(server)));
    }
}

/// Seconds east of UTC as people write them: `+08:00`.
fn offset(seconds: i32) -> String {
    let minutes = seconds.unsigned_abs() / 60;
    format!("{}{:02}:{:02}", if seconds < 0 { '-' } else { '+' }, minutes / 60, minutes % 60)
}
