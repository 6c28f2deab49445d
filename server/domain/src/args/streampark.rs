//! The one text into which StreamPark wants all arguments put, and how it takes that text apart (streampark-api §3.9, §12.1).
//!
//! StreamPark knows no escapes: it parts the text at white space, and a part that begins with a quote goes on until a part
//! ends with the same quote. What cannot be written so that it arrives as it was is refused before, in a sentence.
//! Recordings 460 (49 difficult texts that arrive) and 461 (those that do not) are the tests below.
//! Invariant: `tokenise(line(x)) = x` for whatever is not refused.

use std::collections::BTreeMap;

use super::argv::{Argv, Element};
use super::finding::{Code, Finding};
use super::secret::{Filled, Secret};

/// Why a text would not arrive as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Trap {
    /// A blank at the beginning would leave a quote alone, which stops the start.
    #[error("it begins with a blank")]
    BlankFirst,
    /// Two blanks in a row become one.
    #[error("it holds two blanks in a row")]
    BlanksTwice,
    /// A tab, a new line or the like becomes a blank.
    #[error("it holds white space other than blanks")]
    WhiteSpace,
    /// Either kind of quotes would end it too early.
    #[error("it holds both kinds of quotes before a blank")]
    BothQuotes,
    /// A variable of the team would be put in, if there is one of that name.
    #[error("it holds a variable")]
    Variable,
}

impl Trap {
    const fn code(self) -> Code {
        match self {
            Self::BlankFirst => Code::BlankFirst,
            Self::BlanksTwice => Code::BlanksTwice,
            Self::WhiteSpace => Code::WhiteSpace,
            Self::BothQuotes => Code::BothQuotes,
            Self::Variable => Code::Variable,
        }
    }
}

/// One argument so written that it arrives as it is.
pub fn element(text: &str) -> Result<String, Trap> {
    match variable(text) {
        Some(_) => Err(Trap::Variable),
        None => quote(text),
    }
}

/// The quoting function of streampark-api §12.1: nothing is escaped, quotes inside stay.
fn quote(text: &str) -> Result<String, Trap> {
    if text.chars().any(|letter| letter == '\0' || (letter != ' ' && parts_words(letter))) {
        return Err(Trap::WhiteSpace);
    }
    if text.contains("  ") {
        return Err(Trap::BlanksTwice);
    }
    if text.starts_with(' ') {
        return Err(Trap::BlankFirst);
    }
    let before_last_word = text.rsplit_once(' ').map_or("", |(before, _)| before);
    let ends_early = |quote: &char| before_last_word.split(' ').any(|word| word.ends_with(*quote));
    let quote = ['"', '\''].into_iter().find(|quote| !ends_early(quote)).ok_or(Trap::BothQuotes)?;
    Ok(format!("{quote}{text}{quote}"))
}

/// What Java's `\s` takes for white space.
const fn parts_words(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\n' | '\x0b' | '\x0c' | '\r')
}

impl Argv {
    /// All arguments in one text, with placeholders: what StreamPark keeps.
    pub fn streampark(&self) -> Result<String, Vec<Finding>> {
        line(self, &self.texts())
    }
}

impl Filled {
    /// All arguments in one text, passwords and all: what goes with one start and is kept nowhere (recording 497).
    pub fn streampark(&self) -> Result<Secret, Vec<Finding>> {
        line(self.argv(), self.expose()).map(Secret::new)
    }
}

/// Findings name the argument, never what stands in it.
fn line(argv: &Argv, texts: &[String]) -> Result<String, Vec<Finding>> {
    let mut found = Vec::new();
    let mut written = Vec::with_capacity(texts.len());
    for (text, what) in texts.iter().zip(whats(argv)) {
        match element(text) {
            Ok(text) => written.push(text),
            Err(trap) => found.push(Finding::new(trap.code()).text("what", what)),
        }
    }
    if found.is_empty() { Ok(written.join(" ")) } else { Err(found) }
}

/// What each argument is: a setting by its key, a value by its flag.
fn whats(argv: &Argv) -> Vec<String> {
    let mut flag = String::new();
    let mut whats = Vec::with_capacity(argv.elements().len());
    for element in argv.elements() {
        whats.push(match element {
            Element::Secret(key, _) => (*key).to_owned(),
            Element::Plain(text) => match text.strip_prefix("--") {
                Some(name) => {
                    name.clone_into(&mut flag);
                    flag.clone()
                }
                None if flag.ends_with("_conf") => {
                    text.split_once('=').map_or(text.as_str(), |(key, _)| key).to_owned()
                }
                None => flag.clone(),
            },
        });
    }
    whats
}

/// A text that StreamPark cannot take apart: its start fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a quote stands alone")]
pub struct LoneQuote;

/// What arrives of a text, as the real one was seen to take it apart: for reading back what it keeps, and for its double.
///
/// `variables` are those of the team. They are put in before the text is taken apart, so that one with a blank becomes
/// two arguments unless the text around it is quoted (recording 461).
///
/// ```
/// use domain::args::streampark::tokenise;
/// # use domain::args::streampark::LoneQuote;
/// assert_eq!(tokenise(r#"--a "two words" k='v'"#, &Default::default())?, ["--a", "two words", "k=v"]);
/// # Ok::<(), LoneQuote>(())
/// ```
pub fn tokenise(line: &str, variables: &BTreeMap<String, String>) -> Result<Vec<String>, LoneQuote> {
    let line = substituted(line, variables);
    if line.chars().all(parts_words) {
        return Ok(Vec::new());
    }
    // As Java parts: an empty first word stays, those at the end do not.
    let mut words = parted(line.trim_end_matches(parts_words)).into_iter();
    let mut tokens = Vec::new();
    while let Some(word) = words.next() {
        match word.chars().next().filter(|letter| matches!(letter, '"' | '\'')) {
            Some(quote) => {
                let mut token = word.to_owned();
                while !token.ends_with(quote) {
                    let Some(more) = words.next() else { break };
                    token.push(' ');
                    token.push_str(more);
                }
                tokens.push(without_ends(&token).ok_or(LoneQuote)?.to_owned());
            }
            None => tokens.push(unquoted_setting(word)),
        }
    }
    Ok(tokens)
}

/// Words with runs of white space between them.
fn parted(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.find(parts_words) {
        words.push(&rest[..at]);
        rest = rest[at..].trim_start_matches(parts_words);
    }
    words.push(rest);
    words
}

/// A token without its first and its last letter, whatever they are.
fn without_ends(token: &str) -> Option<&str> {
    let mut letters = token.chars();
    letters.next()?;
    letters.next_back()?;
    Some(letters.as_str())
}

/// `k='v'` and `k="v"` lose their quotes.
fn unquoted_setting(word: &str) -> String {
    for quote in ['\'', '"'] {
        let parts = word.strip_suffix(quote).and_then(|word| word.rsplit_once(&format!("={quote}")));
        if let Some((key, value)) = parts {
            return format!("{key}={value}");
        }
    }
    word.to_owned()
}

/// Each variable of the team replaced by its value, once; those that are none stay.
fn substituted(line: &str, variables: &BTreeMap<String, String>) -> String {
    let mut whole = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((at, name)) = variable(rest) {
        let end = at + name.len() + "${}".len();
        whole.push_str(&rest[..at]);
        whole.push_str(variables.get(name).map_or(&rest[at..end], String::as_str));
        rest = &rest[end..];
    }
    whole.push_str(rest);
    whole
}

/// Where the first `${name}` stands, and its name: a letter, then at least one of letters, digits, `.`, `_` and `-`.
fn variable(text: &str) -> Option<(usize, &str)> {
    let mut from = 0;
    while let Some(found) = text[from..].find("${") {
        let at = from + found;
        let name = text[at + 2..].split('}').next().filter(|name| text[at + 2..].len() > name.len());
        let inside = |letter: u8| letter.is_ascii_alphanumeric() || b"._-".contains(&letter);
        let fits = |name: &&str| {
            name.len() >= 2 && name.starts_with(|letter: char| letter.is_ascii_alphabetic()) && name.bytes().all(inside)
        };
        if let Some(name) = name.filter(fits) {
            return Some((at, name));
        }
        from = at + 2;
    }
    None
}

#[cfg(test)]
mod tests;
