//! What differs between the arguments of two starts of a job, setting by setting.
//!
//! Invariant: where a password stands, only dots are shown. What cannot be read is shown as it is: it holds placeholders.

use std::collections::{BTreeMap, BTreeSet};

use json::FromJson;
use serde::{Deserialize, Serialize};

use super::argv::BUCKETS;
use super::parse;
use super::secret::Place;

/// What is shown where a password stands.
pub const DOTS: &str = "••••••";

/// One setting that came, went or became another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Changed {
    /// Its name: a flag, or a flag and the setting in it, as `mysql_conf hostname`.
    pub name: String,
    /// What it was; `None` when it was not there.
    pub was: Option<String>,
    /// What it is; `None` when it is not there any more.
    pub is: Option<String>,
}

/// What differs, by name; everything, where there was nothing before. Each table is a line of its own.
pub fn changes(before: &[String], now: &[String]) -> Vec<Changed> {
    let (before, now) = (settings(before), settings(now));
    let names: BTreeSet<_> = before.keys().chain(now.keys()).collect();
    let pair = |name: &String| (before.get(name).cloned(), now.get(name).cloned());
    names
        .into_iter()
        .map(|name| (name, pair(name)))
        .filter(|(_, (was, is))| was != is)
        .map(|(name, (was, is))| Changed { name: name.clone(), was, is })
        .collect()
}

fn settings(argv: &[String]) -> BTreeMap<String, String> {
    let mut settings = BTreeMap::new();
    let Some((action, rest)) = argv.split_first() else { return settings };
    settings.insert("action".to_owned(), action.clone());
    let tables: Option<Vec<String>> =
        parse(argv).ok().map(|args| args.work.tables().into_iter().map(ToString::to_string).collect());
    for pair in rest.chunks(2) {
        let (flag, value) = (pair[0].trim_start_matches('-'), pair.get(1).map_or("", String::as_str));
        match (flag, &tables) {
            // One pattern names them all; people read names.
            ("including_tables", Some(tables)) => {
                settings.extend(tables.iter().map(|table| (format!("table {table}"), table.clone())));
            }
            _ => {
                let (name, value) = named(flag, value);
                settings.insert(name, shown(value));
            }
        }
    }
    settings
}

fn named<'v>(flag: &str, value: &'v str) -> (String, &'v str) {
    match value.split_once('=').filter(|_| BUCKETS.hold(flag)) {
        Some((key, value)) => (format!("{flag} {key}"), value),
        None => (flag.to_owned(), value),
    }
}

fn shown(value: &str) -> String {
    let secret = Place::ALL.iter().any(|place| value == place.placeholder());
    if secret { DOTS.to_owned() } else { value.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn argv(tables: &str, parallel: &str) -> Vec<String> {
        let secret = format!("password={}", Place::Source.placeholder());
        let texts = ["mysql_sync_database", "--including_tables", tables, "--mysql_conf", parallel, "--mysql_conf"];
        texts.into_iter().map(str::to_owned).chain([secret]).collect()
    }

    #[test]
    fn only_what_differs_is_told_and_passwords_are_dots() {
        let (one, other) = (argv("^(a)$", "server-id=1-2"), argv("^(a|b)$", "server-id=3-4"));
        assert_eq!(changes(&one, &one), []);
        let told = changes(&one, &other);
        assert_eq!(
            told.iter().map(|each| each.name.as_str()).collect::<Vec<_>>(),
            ["including_tables", "mysql_conf server-id"]
        );
        assert_eq!((told[1].was.as_deref(), told[1].is.as_deref()), (Some("1-2"), Some("3-4")));
        let all = changes(&[], &one);
        let secret = all.iter().find(|each| each.name == "mysql_conf password").expect("it is told");
        assert_eq!((secret.was.as_deref(), secret.is.as_deref()), (None, Some(DOTS)));
        assert!(all.iter().all(|each| !each.is.as_deref().unwrap_or_default().contains("lakegate:")));
    }

    #[test]
    fn odd_arguments_are_no_fault() {
        assert_eq!(changes(&[], &[]), []);
        assert_eq!(changes(&[], &["x".into(), "--y".into()]).len(), 2);
    }
}
