//! The one sentence in a stack trace that tells a person what is wrong (real-stack §3, "Text to show a person").
//!
//! Why it exists: Flink answers with Java's traces, and Paimon puts rows into some of them.
//! Invariant: no data of a row and no password is in a sentence, and it is never longer than [`LONGEST`].

use domain::args::Element;
use domain::args::secret::Filled;

/// How many letters a sentence may have.
pub const LONGEST: usize = 500;

/// What stands where something was taken away.
const HIDDEN: &str = "<redacted>";

/// After these words a message goes on with the data of a row.
const DATA_FOLLOWS: [&str; 2] = ["Possibly a corrupt record: ", "For input string: "];

/// After these words a message goes on with a secret.
const SECRET_FOLLOWS: [&str; 6] = ["password=", "passwd=", "pwd=", "secret=", "token=", "key="];

/// The sentence of a trace: the last cause that says something, without the names of classes; else the first line.
pub fn sentence(trace: &str) -> String {
    let trace = without_data(trace);
    let cause = trace
        .lines()
        .filter_map(|line| line.strip_prefix("Caused by: "))
        .rev()
        .map(without_class)
        .find(|message| !message.is_empty());
    let first = || trace.lines().map(without_class).find(|message| !message.is_empty());
    let class = || trace.lines().next().map(|line| line.rsplit('.').next().unwrap_or(line));
    let said = cause.or_else(first).or_else(class).unwrap_or_default();
    cut(&without_secrets(said))
}

/// The sentence, with `secrets` themselves taken out as well: those that went with the call it is the answer to.
pub fn sentence_without(trace: &str, secrets: &[&str]) -> String {
    // Before the cut, or the beginning of a password could remain at the end.
    let told = secrets.iter().filter(|secret| !secret.is_empty());
    sentence(&told.fold(trace.to_owned(), |trace, secret| trace.replace(secret, HIDDEN)))
}

/// The passwords among the arguments of a start themselves: what must not come back in a sentence.
pub fn passwords(args: &Filled) -> Vec<&str> {
    let pairs = args.argv().elements().iter().zip(args.expose());
    pairs
        .filter_map(|(element, text)| match element {
            Element::Plain(_) => None,
            Element::Secret(key, _) => text.strip_prefix(*key)?.strip_prefix('='),
        })
        .collect()
}

/// Takes away data of rows before anything else is looked at, for such data may hold any text: line ends, `Caused by:`.
fn without_data(trace: &str) -> String {
    let mut kept = String::new();
    let mut rest = trace;
    while let Some(at) = DATA_FOLLOWS.iter().filter_map(|words| Some(rest.find(words)? + words.len())).min() {
        kept.push_str(&rest[..at]);
        kept.push_str(HIDDEN);
        // Up to the trace's next line; a message that is no trace ends here.
        rest = rest[at..].find("\n\tat ").map_or("", |end| &rest[at + end..]);
    }
    kept + rest
}

/// Takes away the names of classes before a message: `java.io.IOException: Failed` says `Failed`.
fn without_class(line: &str) -> &str {
    let mut rest = line.trim();
    if is_frame(rest) || is_class(rest) {
        return "";
    }
    while let Some((class, message)) = rest.split_once(": ") {
        if !is_class(class) {
            break;
        }
        rest = message.trim();
    }
    if is_class(rest) { "" } else { rest }
}

/// Flink wraps traces of its server with lines of its own (recorded for a jar that is gone).
fn is_frame(line: &str) -> bool {
    line.starts_with("at ") || line.starts_with("... ") || line.starts_with("<Exception on server side")
}

/// Whether this is the name of a class that is thrown: parts of letters joined by dots, the last one a word for trouble.
/// Others stay: a message may begin with `shop.orders: `.
fn is_class(text: &str) -> bool {
    let fits = |part: &str| {
        !part.is_empty() && part.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == '$')
    };
    let text = text.strip_suffix(':').unwrap_or(text);
    let thrown = ["Exception", "Error", "Throwable"].iter().any(|word| text.ends_with(word));
    thrown && text.contains('.') && text.split('.').all(fits)
}

/// Takes away what follows the name of a secret.
fn without_secrets(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut kept = String::new();
    let mut from = 0;
    while let Some(at) =
        SECRET_FOLLOWS.iter().filter_map(|words| Some(from + lower[from..].find(words)? + words.len())).min()
    {
        let ends = |letter: char| letter.is_whitespace() || "&,;\"'})".contains(letter);
        kept.push_str(&text[from..at]);
        from = text[at..].find(ends).map_or(text.len(), |end| at + end);
        if from > at {
            kept.push_str(HIDDEN);
        }
    }
    kept + &text[from..]
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_cause_speaks_without_its_class() {
        let trace = "a.BError: Could not execute.\n\tat a.B.c(B.java:1)\nCaused by: a.CError: a.DError: Outer\n\tat a\nCaused by: java.sql.SQLException: Access denied for user 'cdc'@'localhost' (using password: YES)\n\t... 4 more\n";
        assert_eq!(sentence(trace), "Access denied for user 'cdc'@'localhost' (using password: YES)");
    }

    #[test]
    fn a_cause_without_a_message_leaves_the_word_to_the_one_before() {
        assert_eq!(
            sentence("a.BError: x\nCaused by: a.CError: The link broke\n\tat a\nCaused by: java.io.EOFException\n"),
            "The link broke"
        );
        assert_eq!(sentence("java.io.EOFException\n\tat a.B.c(B.java:1)"), "EOFException");
        assert_eq!(sentence(""), "");
    }

    #[test]
    fn a_message_may_have_colons_and_dots_of_its_own() {
        assert_eq!(sentence("a.BError: Cannot read: file:/x/y"), "Cannot read: file:/x/y");
        assert_eq!(sentence("Internal server error."), "Internal server error.");
        assert_eq!(sentence("db.orders: gone wrong: twice"), "db.orders: gone wrong: twice");
    }

    #[test]
    fn the_data_of_a_row_is_never_told_whatever_it_holds() {
        let row = "+I {id=1, note=hello\nCaused by: a.BError: my salary is 7\n, other=x}";
        let trace = format!(
            "java.lang.RuntimeException: Unable to process element. Possibly a corrupt record: {row}\n\tat a.B\n"
        );
        assert_eq!(sentence(&trace), "Unable to process element. Possibly a corrupt record: <redacted>");
        let deeper = format!("{trace}Caused by: java.lang.NumberFormatException: For input string: \"4711\"\n\tat a");
        assert_eq!(sentence(&deeper), "For input string: <redacted>");
        assert!(!sentence(&format!("Possibly a corrupt record: {row}")).contains("salary"));
    }

    #[test]
    fn a_password_is_never_told() {
        assert_eq!(
            sentence("a.BError: Bad url jdbc:mysql://h/?user=cdc&Password=hush hush&x=y"),
            "Bad url jdbc:mysql://h/?user=cdc&Password=<redacted> hush&x=y"
        );
        let said = sentence_without("a.BError: Argument 'hush hush' is odd; hush hush", &["hush hush", ""]);
        assert_eq!(said, "Argument '<redacted>' is odd; <redacted>");
        assert_eq!(sentence("a.BError: password= and so on"), "password= and so on");
    }

    #[test]
    fn a_sentence_has_an_end() {
        let long = sentence(&format!("a.BError: {}", "表".repeat(2 * LONGEST)));
        assert_eq!(long.chars().count(), LONGEST + 1);
    }
}
