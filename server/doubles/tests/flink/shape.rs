//! Holds an answer against a recorded one: the same keys, the same types, at every depth; the same words where a word means
//! something; the same sentence inside of a trace.

use std::collections::BTreeSet;

use serde_json::Value;

/// Keys whose values are words of Flink's, or told by the request: they must be equal.
const WORDS: [&str; 14] = [
    "state",
    "status",
    "className",
    "checkpoint_type",
    "is_savepoint",
    "isStoppable",
    "job-type",
    "type",
    "jid",
    "name",
    "class",
    "ship_strategy",
    "description",
    "parallelism",
];

/// Keys whose values are traces: their sentences must be equal.
const TRACES: [&str; 3] = ["stack-trace", "stacktrace", "root-exception"];

/// What differs, each with its place; nothing for answers of one shape.
pub fn differences(recorded: &Value, answered: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", recorded, answered, &mut found);
    found
}

fn compare(at: &str, recorded: &Value, answered: &Value, found: &mut Vec<String>) {
    let key = at.rsplit('/').next().unwrap_or_default();
    match (recorded, answered) {
        (Value::Object(one), Value::Object(other)) => {
            let keys = |map: &serde_json::Map<String, Value>| map.keys().cloned().collect::<BTreeSet<_>>();
            for key in keys(one).symmetric_difference(&keys(other)) {
                let whose = if one.contains_key(key) { "only recorded" } else { "only answered" };
                found.push(format!("{at}/{key}: {whose}"));
            }
            for (key, value) in one {
                if let Some(answered) = other.get(key) {
                    compare(&format!("{at}/{key}"), value, answered, found);
                }
            }
        }
        (Value::Array(one), Value::Array(other)) if key == "errors" => {
            let same =
                one.len() == other.len() && one.iter().zip(other).all(|(one, other)| sentence(one) == sentence(other));
            if !same {
                found.push(format!("{at}: {:?} recorded, {:?} answered", sentences(one), sentences(other)));
            }
        }
        (Value::Array(one), Value::Array(other)) => elements(at, one, other, found),
        _ if kind(recorded) != kind(answered) => {
            found.push(format!("{at}: {} recorded, {} answered", kind(recorded), kind(answered)));
        }
        _ if WORDS.contains(&key) && recorded != answered => {
            found.push(format!("{at}: {recorded} recorded, {answered} answered"));
        }
        _ if TRACES.contains(&key) && sentence(recorded) != sentence(answered) => {
            found.push(format!("{at}: {:?} recorded, {:?} answered", sentence(recorded), sentence(answered)));
        }
        _ => {}
    }
}

/// Each of one side must be like some of the other, in whatever order.
fn elements(at: &str, one: &[Value], other: &[Value], found: &mut Vec<String>) {
    if one.is_empty() != other.is_empty() {
        found.push(format!("{at}: {} recorded, {} answered", one.len(), other.len()));
    }
    for (from, to, whose) in [(one, other, "recorded"), (other, one, "answered")] {
        for element in from {
            let tries = to.iter().map(|candidate| {
                let mut found = Vec::new();
                let (recorded, answered) =
                    if whose == "recorded" { (element, candidate) } else { (candidate, element) };
                compare(at, recorded, answered, &mut found);
                found
            });
            let closest = tries.min_by_key(Vec::len).unwrap_or_default();
            found.extend(closest.into_iter().map(|what| format!("{what} (an element that was {whose})")));
        }
    }
    // Metrics and settings are told apart by their names: those that were recorded must be there.
    for name in ["id", "key"] {
        let names = |all: &[Value]| {
            all.iter().filter_map(|each| each[name].as_str().map(str::to_owned)).collect::<BTreeSet<_>>()
        };
        if one.iter().all(|each| each.get("value").or(each.get("sum")).is_some()) {
            let missing: Vec<_> = names(one).difference(&names(other)).cloned().collect();
            if !missing.is_empty() {
                found.push(format!("{at}: {missing:?} only recorded"));
            }
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a bool",
        Value::Number(number) if number.is_f64() => "a fraction",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn sentences(errors: &[Value]) -> Vec<String> {
    errors.iter().map(sentence).collect()
}

/// What a person is shown of a trace (real-stack §3), without the ids of savepoints and operators in it.
pub fn sentence(trace: &Value) -> String {
    let Some(trace) = trace.as_str() else { return String::new() };
    let cause = trace.lines().rev().find_map(|line| line.strip_prefix("Caused by: "));
    let line = cause.or_else(|| trace.lines().next()).unwrap_or_default();
    let said = line.split_once(": ").map_or(line, |(_, said)| said);
    let words = said.split(' ').map(|word| {
        let id = word.len() == 32 && word.bytes().all(|digit| digit.is_ascii_hexdigit());
        if id { "<id>" } else { word }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_way_to_differ_is_found() {
        let recorded =
            json!({ "a": 1, "list": [{ "id": "x", "value": "1" }], "state": "RUNNING", "root-exception": "E: no\n" });
        assert_eq!(differences(&recorded, &recorded), Vec::<String>::new());
        for (place, value) in [
            ("/a", json!("1")),
            ("/a", json!(1.0)),
            ("/list", json!([])),
            ("/list/0/value", json!(1)),
            ("/list/0/id", json!("y")),
            ("/state", json!("FAILED")),
            ("/root-exception", json!("E: yes\n")),
        ] {
            let mut other = recorded.clone();
            *other.pointer_mut(place).expect("a place") = value.clone();
            assert!(!differences(&recorded, &other).is_empty(), "{place} {value}");
        }
        let mut more = recorded.clone();
        more["b"] = json!(0);
        assert!(!differences(&recorded, &more).is_empty() && !differences(&more, &recorded).is_empty());
    }
}
