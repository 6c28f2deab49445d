//! Flash: a row that changed lights up once.

use std::collections::HashMap;
use std::time::Duration;

use crate::react::{RwSignal, StoredValue};
use leptos::prelude::*;

/// How long a row stays lit.
const LIT: Duration = Duration::from_millis(2_400);

/// Which of the rows differ from what was shown before. What was not there before did not change.
fn changed(before: &HashMap<String, String>, now: &[(String, String)]) -> Vec<String> {
    let differs = |(key, mark): &&(String, String)| before.get(key).is_some_and(|old| old != mark);
    now.iter().filter(differs).map(|(key, _)| key.clone()).collect()
}

/// Remembers what was shown and which rows are lit; a handle to copy.
#[derive(Clone, Copy)]
pub struct Flash {
    before: StoredValue<HashMap<String, String>>,
    lit: RwSignal<Vec<String>>,
}

impl Flash {
    /// Nothing was shown yet.
    pub fn new() -> Self {
        Self { before: StoredValue::new(HashMap::new()), lit: RwSignal::new(Vec::new()) }
    }

    /// What is shown now: each row by its key and a mark that tells whether it changed.
    pub fn show(self, now: Vec<(String, String)>) {
        let changed = self.before.with_value(|before| changed(before, &now));
        self.before.set_value(now.into_iter().collect());
        if changed.is_empty() {
            return;
        }
        // The rows are being rendered just now: light them up when they stand.
        let lit = self.lit;
        set_timeout(
            move || {
                lit.try_set(changed);
            },
            Duration::ZERO,
        );
        set_timeout(
            move || {
                lit.try_set(Vec::new());
            },
            LIT,
        );
    }

    /// Whether a row is lit.
    pub fn is_lit(self, key: &str) -> bool {
        self.lit.with(|lit| lit.iter().any(|each| each == key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_there_and_differs_lights_up() {
        let pair = |key: &str, mark: &str| (key.to_owned(), mark.to_owned());
        let before = HashMap::from([pair("1", "copying 3"), pair("2", "ready")]);
        let now = [pair("1", "copying 9"), pair("2", "ready"), pair("3", "new")];
        assert_eq!(changed(&before, &now), ["1"]);
    }
}
