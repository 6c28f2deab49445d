//! What must be alike between an answer of the real console and one of the double.
//!
//! Invariant: keys and kinds of values are compared everywhere, values where they are words of the protocol.

use serde_json::Value;

/// Keys whose values are the same whenever the state is.
const WORDS: [&str; 17] = [
    "code",
    "status",
    "state",
    "release",
    "optionState",
    "tracking",
    "build",
    "buildStatus",
    "canBeStart",
    "allowStart",
    "allowStop",
    "allowBuild",
    "allowView",
    "pipeStatus",
    "hasError",
    "optionName",
    "success",
];

/// Keys that are set or not by what was set up, not by the protocol.
const FREE: [&str; 11] = [
    "description",
    "tags",
    "args",
    "lastLoginTime",
    "dynamicProperties",
    "duration",
    "chkId",
    "endTime",
    "options",
    "jmMemory",
    "tmMemory",
];

/// Every difference, each with its place.
pub fn differences(recorded: &Value, ours: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", recorded, ours, &mut found);
    found
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "text",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn compare(place: &str, recorded: &Value, ours: &Value, found: &mut Vec<String>) {
    let key = place.rsplit('.').next().unwrap_or_default();
    if kind(recorded) != kind(ours) {
        let free = FREE.contains(&key) && (recorded.is_null() || ours.is_null());
        if !free {
            found.push(format!("{place}: {} recorded, {} here", kind(recorded), kind(ours)));
        }
        return;
    }
    match (recorded, ours) {
        (Value::Object(recorded), Value::Object(ours)) => {
            for key in recorded.keys().filter(|key| !ours.contains_key(*key)) {
                found.push(format!("{place}.{key}: missing here"));
            }
            for (key, value) in ours {
                match recorded.get(key) {
                    Some(recorded) => compare(&format!("{place}.{key}"), recorded, value, found),
                    None => found.push(format!("{place}.{key}: not recorded")),
                }
            }
        }
        (Value::Array(recorded), Value::Array(ours)) => rows(place, recorded, ours, found),
        (Value::String(recorded), Value::String(ours)) if key == "message" && heading(recorded) != heading(ours) => {
            found.push(format!("{place}: {:?} recorded, {:?} here", heading(recorded), heading(ours)));
        }
        (recorded, ours) if (WORDS.contains(&key) || (key == "data" && !recorded.is_string())) && recorded != ours => {
            found.push(format!("{place}: {recorded} recorded, {ours} here"));
        }
        _ => {}
    }
}

/// Each row here is like one that was recorded.
fn rows(place: &str, recorded: &[Value], ours: &[Value], found: &mut Vec<String>) {
    let shown = if recorded.iter().any(is_left_out) { 1 } else { ours.len() };
    let recorded: Vec<&Value> = recorded.iter().filter(|row| !is_left_out(row)).collect();
    if recorded.is_empty() != ours.is_empty() {
        found.push(format!("{place}: {} rows recorded, {} here", recorded.len(), ours.len()));
    }
    for row in ours.iter().take(shown) {
        let closest = recorded.iter().map(|recorded| {
            let mut differences = Vec::new();
            compare(place, recorded, row, &mut differences);
            differences
        });
        found.extend(closest.min_by_key(Vec::len).unwrap_or_default());
    }
}

fn is_left_out(row: &Value) -> bool {
    row.as_str().is_some_and(|text| text.starts_with("…[shortened"))
}

/// The lines of a message before its stack.
fn heading(message: &str) -> String {
    let lines = message.lines().take_while(|line| !line.starts_with("\tat") && !line.starts_with("Caused by"));
    let heading: String = lines.take(2).collect::<Vec<_>>().join(" ");
    heading.replace("…[shortened]", "").chars().take(180).collect()
}
