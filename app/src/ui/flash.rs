//! Flash: a row that changed lights up once.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

use leptos::prelude::*;

/// How long a row stays lit.
const LIT: Duration = Duration::from_millis(2_400);

/// Which of the rows differ from what was shown before. What was not there before did not change.
fn changed<K: Eq + Hash + Clone>(before: &HashMap<K, String>, now: &[(K, String)]) -> Vec<K> {
    let differs = |(key, mark): &&(K, String)| before.get(key).is_some_and(|old| old != mark);
    now.iter().filter(differs).map(|(key, _)| key.clone()).collect()
}

/// Remembers what was shown and which rows are lit.
pub struct Flash<K: Eq + Hash + Clone + Send + Sync + 'static> {
    before: StoredValue<HashMap<K, String>>,
    lit: RwSignal<Vec<K>>,
}

impl<K: Eq + Hash + Clone + Send + Sync + 'static> Clone for Flash<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K: Eq + Hash + Clone + Send + Sync + 'static> Copy for Flash<K> {}

impl<K: Eq + Hash + Clone + Send + Sync + 'static> Flash<K> {
    /// Nothing was shown yet.
    pub fn new() -> Self {
        Self { before: StoredValue::new(HashMap::new()), lit: RwSignal::new(Vec::new()) }
    }

    /// What is shown now: each row by its key and a mark that tells whether it changed.
    pub fn show(self, now: Vec<(K, String)>) {
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
    pub fn is_lit(self, key: &K) -> bool {
        self.lit.with(|lit| lit.contains(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_there_and_differs_lights_up() {
        let before = HashMap::from([(1, "copying 3".to_owned()), (2, "ready".to_owned())]);
        let now = [(1, "copying 9".to_owned()), (2, "ready".to_owned()), (3, "new".to_owned())];
        assert_eq!(changed(&before, &now), [1]);
    }
}
