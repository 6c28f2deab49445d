//! The table itself: its key, its columns, their types and names.

use std::collections::BTreeMap;

use super::{Code, Dialect, Facts, Finding, fix};
use crate::column::{Column, TableShape};
use crate::name::Name;
use crate::personal::looks_personal;
use crate::types::{LakeType, Loss};

/// Names that the lake keeps for itself; a column called so is refused when the table is made.
const KEPT: [&str; 5] = ["_SEQUENCE_NUMBER", "_VALUE_KIND", "_LEVEL", "_ROW_ID", "rowkind"];
/// What begins so is kept too.
const KEPT_PREFIX: &str = "_KEY_";

pub(super) fn look(shape: &TableShape, facts: &Facts<'_>, found: &mut Vec<Finding>) {
    key(shape, facts, found);
    types(shape, facts, found);
    names(shape, facts, found);
    personal(shape, facts, found);
    if facts.limits.follows {
        followed(shape, facts, found);
    }
}

/// What stops or changes a table whose changes are followed.
fn followed(shape: &TableShape, facts: &Facts<'_>, found: &mut Vec<Finding>) {
    if facts.dialect != Dialect::Mysql {
        found.push(Finding::new(Code::FileSource, facts.table));
    }
    let name = [&facts.table.database, &facts.table.table].into_iter().find_map(|name| Some((name, odd_letter(name)?)));
    if let Some((name, letter)) = name {
        found.push(Finding::new(Code::LetterOdd, facts.table).text("name", name).text("letter", letter));
    }
    let first = |of: fn(LakeType) -> bool| shape.columns.iter().find(|column| column.lake_type.is_some_and(of));
    let say = |code: Code, column: &Column| {
        let finding = Finding::new(code, facts.table).text("column", &column.name);
        finding.text("type", &column.source_type).sql(fix::as_text(facts.dialect, facts.table, &column.name))
    };
    // Bytes are read as text on their way. Where that makes them longer than their column, every table of the job stops;
    // where they fit, they arrive changed.
    let limited = first(|kind| matches!(kind, LakeType::VarBinary(_)));
    let unlimited = first(|kind| matches!(kind, LakeType::Bytes));
    found.extend(limited.map(|column| say(Code::BytesStop, column)));
    found.extend(unlimited.map(|column| say(Code::BytesChange, column)));
}

/// The first letter of a name that an engine would take for something else: it goes unquoted into patterns, lists and
/// folders, so only letters, digits, `_` and `-` inside may be in it (paimon-cdc §3 rule 3, real-stack §5).
pub fn odd_letter(name: &Name) -> Option<char> {
    let fine = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '-';
    let text = name.as_str();
    text.chars().find(|letter| !fine(*letter)).or_else(|| text.starts_with('-').then_some('-'))
}

fn key(shape: &TableShape, facts: &Facts<'_>, found: &mut Vec<Finding>) {
    if !shape.primary_key.is_empty() {
        return;
    }
    if facts.limits.follows {
        let taken = |name: &str| shape.columns.iter().any(|column| column.name.as_str().eq_ignore_ascii_case(name));
        let sql = fix::add_key(facts.dialect, facts.table, taken);
        found.push(Finding::new(Code::KeyNeeded, facts.table).sql(sql));
    } else {
        found.push(Finding::new(Code::NoKey, facts.table));
    }
}

/// The first column that is refused, and the first of each loss: the table's columns show the rest.
fn types(shape: &TableShape, facts: &Facts<'_>, found: &mut Vec<Finding>) {
    if let Some(column) = shape.columns.iter().find(|column| column.lake_type.is_none()) {
        let finding = Finding::new(Code::TypeRefused, facts.table);
        let finding = finding.text("column", &column.name).text("type", &column.source_type);
        found.push(finding.sql(fix::as_text(facts.dialect, facts.table, &column.name)));
    }
    if let Some((column, loss)) = shape.columns.iter().find_map(|column| Some((column, column.loss?))) {
        let finding = Finding::new(Code::TypeLost, facts.table);
        found.push(finding.text("column", &column.name).text("what", loss_key(loss)));
    }
}

fn names(shape: &TableShape, facts: &Facts<'_>, found: &mut Vec<Finding>) {
    let kept = |name: &Name| KEPT.contains(&name.as_str()) || name.as_str().starts_with(KEPT_PREFIX);
    if let Some(column) = shape.columns.iter().find(|column| kept(&column.name)) {
        let finding = Finding::new(Code::NameKept, facts.table).text("column", &column.name);
        found.push(finding.sql(fix::rename(facts.dialect, facts.table, &column.name)));
    }
    let mut seen: BTreeMap<String, &Name> = BTreeMap::new();
    for column in &shape.columns {
        if let Some(first) = seen.insert(column.name.as_str().to_lowercase(), &column.name) {
            let finding = Finding::new(Code::ColumnCase, facts.table).text("one", first).text("other", &column.name);
            found.push(finding.sql(fix::rename(facts.dialect, facts.table, &column.name)));
            return;
        }
    }
}

fn personal(shape: &TableShape, facts: &Facts<'_>, found: &mut Vec<Finding>) {
    let personal = shape.columns.iter().filter(|column| looks_personal(column.name.as_str(), &column.comment));
    let names: Vec<_> = personal.map(|column| column.name.as_str()).take(6).collect();
    if !names.is_empty() {
        found.push(Finding::new(Code::Personal, facts.table).text("columns", names.join(", ")));
    }
}

/// The key of the sentence that says what is lost.
pub fn loss_key(loss: Loss) -> &'static str {
    match loss {
        Loss::DecimalAsText => "loss.decimal_as_text",
        Loss::SpatialAsText => "loss.spatial_as_text",
        Loss::TimeCut => "loss.time_cut",
        Loss::KeptAsText => "loss.kept_as_text",
    }
}
