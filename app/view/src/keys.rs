//! The words of the screens in the order of their keys: the macro `word!`, the page builder and the tests of the page
//! include this one file, so that the place of a word is the same for all of them.

use serde_json::Value;

/// Each key with its text, sorted by key: `card.all`, `card.asks`, … `None` where the file is no tree of texts.
pub fn sorted(json: &str) -> Option<Vec<(String, String)>> {
    let mut words = Vec::new();
    flatten("", &serde_json::from_str(json).ok()?, &mut words)?;
    words.sort();
    Some(words)
}

fn flatten(path: &str, value: &Value, words: &mut Vec<(String, String)>) -> Option<()> {
    match value {
        Value::Object(inside) => inside.iter().try_for_each(|(key, value)| {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            flatten(&path, value, words)
        }),
        Value::String(text) => {
            words.push((path.to_owned(), text.clone()));
            Some(())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => None,
    }
}
