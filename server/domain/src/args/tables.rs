//! The pattern that names tables: exactly these, none else (paimon-cdc §3, rules 1 to 3).
//!
//! Patterns are Java's. The action holds them against the bare name of each table, and the whole name must match. With one
//! writer for all tables the pattern goes on into a longer one, `(database)\.(pattern)`, in whose middle `^` can
//! never match [code, `CdcActionCommonUtils.combinedModeTableList`]; there it stands without anchors, inside the brackets
//! that the program itself puts around it.

use std::collections::BTreeSet;

use super::work::Mode;
use crate::name::Name;

/// Letters that mean something in a pattern.
const MEANING: &str = r"\^$.|?*+()[]{}";

/// The value of `--including_tables`.
pub fn including(tables: &BTreeSet<Name>, mode: Mode) -> String {
    let all = tables.iter().map(escaped).collect::<Vec<_>>().join("|");
    match mode {
        Mode::Divided => format!("^({all})$"),
        Mode::Combined => all,
    }
}

/// The tables that such a value names; `None` when it is not of our making, or would match anything else.
pub fn names_of(pattern: &str, mode: Mode) -> Option<BTreeSet<Name>> {
    let all = match mode {
        Mode::Divided => pattern.strip_prefix("^(")?.strip_suffix(")$")?,
        Mode::Combined => pattern,
    };
    let mut names = BTreeSet::new();
    let mut rest = all;
    loop {
        let end = end_of_first(rest);
        if !names.insert(unescaped(&rest[..end])?) {
            return None;
        }
        match rest.get(end + 1..) {
            Some(others) => rest = others,
            None => return Some(names),
        }
    }
}

/// Where the first alternative ends: at a `|` that no `\` stands before.
fn end_of_first(alternatives: &str) -> usize {
    let mut letters = alternatives.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '|' => return at,
            '\\' => {
                letters.next();
            }
            _ => {}
        }
    }
    alternatives.len()
}

/// A pattern that matches this name only.
pub fn escaped(name: &Name) -> String {
    let mut pattern = String::with_capacity(name.as_str().len());
    for letter in name.as_str().chars() {
        if MEANING.contains(letter) {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}

/// The name that such a pattern matches; `None` when it could match another one too.
pub fn unescaped(pattern: &str) -> Option<Name> {
    let mut name = String::with_capacity(pattern.len());
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => name.push(letters.next().filter(|letter| MEANING.contains(*letter))?),
            letter if MEANING.contains(letter) => return None,
            letter => name.push(letter),
        }
    }
    name.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names(names: &[&str]) -> BTreeSet<Name> {
        names.iter().map(|name| name.parse().expect("a name")).collect()
    }

    #[test]
    fn the_pattern_is_exact_anchored_and_escaped() {
        let tables = names(&["orders", "a.b", "客户"]);
        assert_eq!(including(&tables, Mode::Divided), r"^(a\.b|orders|客户)$");
        assert_eq!(including(&tables, Mode::Combined), r"a\.b|orders|客户", "no anchor in the middle of a longer one");
    }

    #[test]
    fn a_pattern_that_matches_more_is_not_read_as_names() {
        for foreign in ["^(orders.*)$", "orders", "^(a|)$", "^()$", "^(a|a)$", r"^(a\d)$", r"^(a\)$", "^(a)(b)$", ".*"]
        {
            assert_eq!(names_of(foreign, Mode::Divided), None, "{foreign}");
        }
        assert_eq!(names_of(".*", Mode::Combined), None);
        assert_eq!(names_of("", Mode::Combined), None, "no name is every name");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn whatever_they_are_called_they_come_back(
            texts in proptest::collection::btree_set(r"[a-z租.$|()\[\]{}*+?^ -]{1,12}", 1..8),
        ) {
            let tables: BTreeSet<Name> = texts.iter().filter_map(|text| text.parse().ok()).collect();
            prop_assume!(!tables.is_empty());
            for mode in [Mode::Divided, Mode::Combined] {
                prop_assert_eq!(names_of(&including(&tables, mode), mode), Some(tables.clone()));
            }
        }
    }
}
