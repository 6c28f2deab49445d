//! What somebody searches for in the catalogue: words and filters, read from one line.
//!
//! `source:lease-prod db:lease in:lake 合同 "per month"`: words that all must occur in a table's name, its comment or its
//! columns, and filters. What looks like a filter and is none is a word.
//! Invariant: any line is a query, and a query written as a line reads as the same query.

use json::FromJson;
use serde::{Deserialize, Serialize};

/// At most so many words count.
pub const MOST_WORDS: usize = 8;
/// At most so many letters of a word count.
pub const MOST_LETTERS: usize = 64;

/// Whether a table is in the lake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum InLake {
    /// Nobody asked for it.
    Not,
    /// It is there.
    There,
    /// Somebody asked for it; it is not there yet.
    Asked,
}

/// Whether a table can be copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Copyable {
    /// It can.
    Yes,
    /// It has no primary key: each copy replaces all.
    NoKey,
    /// Something stands in the way.
    No,
}

/// How many rows a table has, about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// Under a million.
    Small,
    /// 1 to 100 million.
    Medium,
    /// Over 100 million.
    Large,
    /// Not known yet.
    Unknown,
}

macro_rules! words {
    ($kind:ident: $($variant:ident = $word:literal),+) => {
        impl $kind {
            /// All there are, in the order in which they are shown.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its word, as it stands in an address and behind the filter's name.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }

            /// The one of a word.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|each| each.word() == word)
            }
        }
    };
}

words!(InLake: Not = "no", There = "lake", Asked = "asked");
words!(Copyable: Yes = "yes", NoKey = "nokey", No = "no");
words!(Size: Small = "small", Medium = "medium", Large = "large", Unknown = "unknown");

impl Size {
    /// The size of a number of rows.
    pub const fn of(rows: Option<u64>) -> Self {
        match rows {
            None => Self::Unknown,
            Some(..1_000_000) => Self::Small,
            Some(..=100_000_000) => Self::Medium,
            Some(_) => Self::Large,
        }
    }
}

/// What somebody searches for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize, FromJson)]
pub struct Query {
    /// Words in lower case that must all occur, each anywhere in name, comment or columns.
    pub words: Vec<String>,
    /// Words in lower case that must all occur in the name or comment of one column.
    pub columns: Vec<String>,
    /// Only this source, by name or id.
    pub source: Option<String>,
    /// Only databases of this name.
    pub database: Option<String>,
    /// Only tables of which that is so.
    pub in_lake: Option<InLake>,
    /// Only tables of which that is so.
    pub copyable: Option<Copyable>,
    /// Only tables of that size.
    pub size: Option<Size>,
}

impl Query {
    /// Reads a line.
    pub fn parse(line: &str) -> Self {
        let mut query = Self::default();
        for Piece { filter, text, quoted } in pieces(line) {
            query.take(filter.as_deref(), text, quoted);
        }
        query
    }

    fn take(&mut self, filter: Option<&str>, text: String, quoted: bool) {
        match filter {
            Some("source") => self.source = Some(text),
            Some("db") => self.database = Some(text),
            Some("column") => push(&mut self.columns, &text),
            Some("in") if InLake::from_word(&text).is_some() => self.in_lake = InLake::from_word(&text),
            Some("copy") if Copyable::from_word(&text).is_some() => self.copyable = Copyable::from_word(&text),
            Some("size") if Size::from_word(&text).is_some() => self.size = Size::from_word(&text),
            Some(other) if quoted => push(&mut self.words, &format!("{other}:\"{text}\"")),
            Some(other) => push(&mut self.words, &format!("{other}:{text}")),
            None => push(&mut self.words, &text),
        }
    }

    /// Whether nothing is searched for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The query as a line.
    pub fn line(&self) -> String {
        let quote = |text: &str| {
            let plain = !text.contains(|letter: char| letter.is_whitespace() || letter == '"' || letter == ':');
            if plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
        };
        let filter = |name: &str, text: Option<&str>| text.map(|text| format!("{name}:{}", quote(text)));
        let mut parts = vec![
            filter("source", self.source.as_deref()),
            filter("db", self.database.as_deref()),
            filter("in", self.in_lake.map(InLake::word)),
            filter("copy", self.copyable.map(Copyable::word)),
            filter("size", self.size.map(Size::word)),
        ];
        parts.extend(self.columns.iter().map(|word| filter("column", Some(word))));
        parts.extend(self.words.iter().map(|word| Some(quote(word))));
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

fn push(words: &mut Vec<String>, text: &str) {
    let word: String = text.to_lowercase().chars().take(MOST_LETTERS).collect();
    let word = word.trim().to_owned();
    if words.len() < MOST_WORDS && !word.is_empty() && !words.contains(&word) {
        words.push(word);
    }
}

struct Piece {
    filter: Option<String>,
    text: String,
    quoted: bool,
}

/// Parts between white space; what stands in quotes is one part, two quotes in it are one.
fn pieces(line: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut letters = line.chars().map(|c| if c.is_control() { ' ' } else { c }).peekable();
    loop {
        while letters.next_if(|c| c.is_whitespace()).is_some() {}
        let (mut filter, mut text, mut quoted) = (None, String::new(), false);
        while let Some(letter) = letters.next_if(|c| !c.is_whitespace()) {
            match letter {
                '"' if text.is_empty() && !quoted => {
                    quoted = true;
                    text = inside(&mut letters);
                }
                ':' if filter.is_none() && !quoted && is_filter(&text) => filter = Some(std::mem::take(&mut text)),
                other => text.push(other),
            }
        }
        if filter.is_none() && text.is_empty() && !quoted && letters.peek().is_none() {
            return pieces;
        }
        if !text.is_empty() {
            pieces.push(Piece { filter, text, quoted });
        } else if let Some(filter) = filter {
            // Nothing behind the colon yet: somebody is still typing.
            drop(filter);
        }
    }
}

fn is_filter(text: &str) -> bool {
    ["source", "db", "column", "in", "copy", "size"].contains(&text)
}

/// What stands in quotes, up to the closing one or the end.
fn inside(letters: &mut std::iter::Peekable<impl Iterator<Item = char>>) -> String {
    let mut text = String::new();
    while let Some(letter) = letters.next() {
        if letter != '"' {
            text.push(letter);
        } else if letters.next_if_eq(&'"').is_some() {
            text.push('"');
        } else {
            break;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_and_filters_are_told_apart() {
        let query =
            Query::parse("source:lease-prod db:\"my db\" in:lake copy:nokey size:large column:手机 合同 \"Per Month\"");
        assert_eq!(query.source.as_deref(), Some("lease-prod"));
        assert_eq!(query.database.as_deref(), Some("my db"));
        assert_eq!((query.in_lake, query.copyable), (Some(InLake::There), Some(Copyable::NoKey)));
        assert_eq!((query.size, query.columns.as_slice()), (Some(Size::Large), &["手机".to_owned()][..]));
        assert_eq!(query.words, ["合同", "per month"]);
    }

    #[test]
    fn what_is_no_filter_is_a_word() {
        for (line, words) in [
            ("in:nowhere", vec!["in:nowhere"]),
            ("foo:bar 12:30", vec!["foo:bar", "12:30"]),
            ("source: ", vec![]),
            ("\"", vec![]),
            ("a\0b", vec!["a", "b"]),
            ("A a A", vec!["a"]),
            ("100%_", vec!["100%_"]),
        ] {
            assert_eq!(Query::parse(line).words, words, "{line:?}");
        }
        assert_eq!(Query::parse(&"w ".repeat(3)).words.len(), 1);
        let many: Vec<_> = (0..100).map(|n| format!("w{n}")).collect();
        assert_eq!(Query::parse(&many.join(" ")).words.len(), MOST_WORDS);
        assert_eq!(Query::parse(&"x".repeat(1_000)).words[0].len(), MOST_LETTERS);
    }

    #[test]
    fn sizes_have_their_limits() {
        let sizes = [None, Some(0), Some(999_999), Some(1_000_000), Some(100_000_000), Some(100_000_001)].map(Size::of);
        assert_eq!(sizes, [Size::Unknown, Size::Small, Size::Small, Size::Medium, Size::Medium, Size::Large]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_line_is_a_query_and_its_own_line_reads_as_the_same(line in r#"(\PC|[ ":\u{0}\u{9}]|source:|db:|in:lake|size:small|column:|"){0,60}"#) {
            let query = Query::parse(&line);
            prop_assert_eq!(Query::parse(&query.line()), query);
        }
    }
}
