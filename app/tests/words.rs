//! The two words files against each other, and against every place of the source that speaks.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

type Places = BTreeSet<String>;

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The keys of a words file with the places of their sentences.
fn words(lang: &str) -> BTreeMap<String, Places> {
    let text = fs::read_to_string(here().join(format!("locales/{lang}.json"))).expect("a words file");
    let mut words = BTreeMap::new();
    flatten("", &serde_json::from_str(&text).expect("JSON"), &mut words);
    words
}

fn flatten(path: &str, value: &serde_json::Value, words: &mut BTreeMap<String, Places>) {
    match value {
        serde_json::Value::Object(inside) => {
            for (key, value) in inside {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                flatten(&path, value, words);
            }
        }
        value => {
            let text = value.as_str().expect("words are texts");
            let places =
                text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(place, _)| place.to_owned());
            words.insert(path.to_owned(), places.collect());
        }
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// The arguments of every call of a macro.
fn calls(source: &str, name: &str) -> Vec<Vec<String>> {
    source.match_indices(&format!("{name}!(")).map(|(at, found)| arguments(&source[at + found.len()..])).collect()
}

fn arguments(rest: &str) -> Vec<String> {
    let (mut depth, mut all, mut one) = (0, Vec::new(), String::new());
    for c in rest.chars() {
        match c {
            ')' if depth == 0 => break,
            ',' if depth == 0 => all.push(std::mem::take(&mut one)),
            '(' | '[' | '{' => {
                depth += 1;
                one.push(c);
            }
            ')' | ']' | '}' => {
                depth -= 1;
                one.push(c);
            }
            c => one.push(c),
        }
    }
    all.push(one);
    all.iter().map(|each| each.trim().to_owned()).filter(|each| !each.is_empty()).collect()
}

#[test]
fn both_languages_have_the_same_keys_with_the_same_places() {
    assert_eq!(words("en"), words("zh"));
}

#[test]
fn every_sentence_gets_what_goes_into_its_places() {
    let words = words("en");
    let mut spoken = BTreeSet::new();
    for path in sources(&here().join("src")) {
        let source = fs::read_to_string(&path).expect("a source");
        for call in calls(&source, "say").into_iter().filter(|call| !call[0].starts_with('$')) {
            let given: Places = call[2..]
                .iter()
                .filter_map(|each| each.split_once('='))
                .map(|(place, _)| place.trim().to_owned())
                .collect();
            let places: Places = words[&call[1]].iter().filter(|place| *place != "it").cloned().collect();
            assert_eq!(given, places, "{} in {}", call[1], path.display());
            spoken.insert(call[1].clone());
        }
        for call in calls(&source, "say_n").into_iter().filter(|call| !call[0].starts_with('$')) {
            for key in &call[2..] {
                assert!(words[key].iter().all(|place| place == "n"), "{key} in {}", path.display());
                spoken.insert(key.clone());
            }
        }
    }
    let silent: Vec<_> = words.keys().filter(|key| !spoken.contains(*key)).collect();
    assert_eq!(silent, Vec::<&String>::new(), "words that nobody says");
}

#[test]
fn no_engine_word_reaches_people() {
    for lang in ["en", "zh"] {
        let text = fs::read_to_string(here().join(format!("locales/{lang}.json"))).expect("a words file");
        for word in ["CDC", "binlog", "snapshot", "checkpoint", "savepoint", "sink", "RUNNING", "SLA", "please", "oops"]
        {
            assert!(!text.contains(word), "{word} in {lang}");
        }
    }
}
