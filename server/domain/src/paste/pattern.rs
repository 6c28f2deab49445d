//! Names like `lease.contract_*`: a star stands for any letters, a question mark for one.

use super::MOST_LINES;
use crate::name::TableName;

/// The most patterns of one text.
const MOST: usize = 50;

/// A pattern of one to three parts: table, database and table, source and database and table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The line it stands in, from 1.
    pub line: usize,
    /// As it was written.
    pub text: String,
    parts: Vec<Vec<char>>,
}

impl Pattern {
    /// The patterns of a text, one a line or between commas; at most 50.
    pub fn all(text: &str) -> Vec<Self> {
        let lines = text.lines().take(MOST_LINES).enumerate();
        let each =
            lines.flat_map(|(place, line)| line.split([',', ';', '，', '；']).map(move |text| (place + 1, text)));
        each.filter_map(|(line, text)| Self::one(line, text.trim())).take(MOST).collect()
    }

    fn one(line: usize, text: &str) -> Option<Self> {
        let fits = !text.is_empty() && text.chars().count() <= 400 && !text.chars().any(char::is_control);
        let parts: Vec<Vec<char>> = text.split('.').map(|part| part.trim().to_lowercase().chars().collect()).collect();
        let named = parts.len() <= 3 && parts.iter().all(|part: &Vec<char>| !part.is_empty());
        (fits && named).then(|| Self { line, text: text.to_owned(), parts })
    }

    /// Whether a table of a source is called so, whatever the case.
    pub fn fits(&self, source: &str, table: &TableName) -> bool {
        let names = [table.table.as_str(), table.database.as_str(), source];
        let chars = |name: &str| name.to_lowercase().chars().collect::<Vec<_>>();
        self.parts.iter().rev().zip(names).all(|(part, name)| matches(part, &chars(name)))
    }

    /// The longest run of letters that stand for themselves: what can be searched for. Empty when there is none.
    pub fn letters(&self) -> String {
        let runs = self.parts.iter().flat_map(|part| part.split(|c| matches!(c, '*' | '?')));
        runs.max_by_key(|run| run.len()).map(|run| run.iter().collect()).unwrap_or_default()
    }
}

/// Whether a text is like a pattern. Goes back to the last star only, so that no pattern takes long.
fn matches(pattern: &[char], text: &[char]) -> bool {
    let (mut p, mut t, mut star) = (0, 0, None);
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((at, from)) = star else { return false };
                star = Some((at, from + 1));
                p = at + 1;
                t = from + 1;
            }
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, table: &str) -> bool {
        let name = TableName::parse("lease", table).expect("a name");
        Pattern::all(pattern).iter().any(|pattern| pattern.fits("prod-01", &name))
    }

    #[test]
    fn a_star_is_any_letters_and_a_question_mark_is_one() {
        for pattern in ["contract_*", "LEASE.contract_*", "*.*.*main", "prod-??.lease.c*", "x, contract_main", "*"] {
            assert!(fits(pattern, "contract_main"), "{pattern}");
        }
        for pattern in ["contract", "billing.*", "prod-?.lease.*", "contract_????_", "a.b.c.d", ".", "", "lease."] {
            assert!(!fits(pattern, "contract_main"), "{pattern}");
        }
        assert!(fits("租?合*", "租赁合同"));
    }

    #[test]
    fn no_pattern_takes_long() {
        let text: Vec<char> = "a".repeat(128).chars().collect();
        let pattern: Vec<char> = format!("{}b", "a*".repeat(100)).chars().collect();
        assert!(!matches(&pattern, &text));
    }

    #[test]
    fn its_longest_letters_can_be_searched_for() {
        let letters = |text: &str| Pattern::all(text)[0].letters();
        assert_eq!((letters("lease.con*_main_*").as_str(), letters("*").as_str()), ("_main_", ""));
    }
}
