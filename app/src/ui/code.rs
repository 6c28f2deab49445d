//! Code: a text to copy, with the button that does it.

use std::time::Duration;

use leptos::prelude::*;

use super::anew::anew;
use super::icon::{Icon, icon};
use crate::html::{AnyView, IntoAny, view};
use crate::react::RwSignal;
use crate::words::{Lang, say};

/// Puts a text on the clipboard. A page that is not served over https has none; then the text is selected by hand.
pub fn copy_text(text: &str) -> bool {
    let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into());
    let there = clipboard.is_ok_and(|clipboard| clipboard.is_object());
    if there {
        let _ = window().navigator().clipboard().write_text(text);
    }
    there
}

/// A text under a heading, with Copy.
pub fn code(lang: Lang, title: String, text: String) -> AnyView {
    let copied = RwSignal::new(false);
    let label = move || if copied.get() { say!(lang, code.copied) } else { say!(lang, code.copy) };
    let name = format!("{}: {title}", say!(lang, code.copy));
    let to_copy = text.clone();
    let click = move |_| {
        if copy_text(&to_copy) {
            copied.set(true);
            set_timeout(
                move || {
                    copied.try_set(false);
                },
                Duration::from_secs(2),
            );
        }
    };
    view! {
        <div class="code">
            <div class="code-head">
                <span>{title}</span>
                <button type="button" class="btn is-quiet is-sm" aria-label=name on:click=click>
                    {icon(Icon::Copy)}<span>{anew(label)}</span>
                </button>
            </div>
            <pre tabindex="0">{painted(&text)}</pre>
        </div>
    }
    .into_any()
}

/// Words that every dialect of SQL keeps for itself.
const KEYWORDS: [&str; 23] = [
    "SELECT",
    "FROM",
    "WHERE",
    "LIMIT",
    "CREATE",
    "CATALOG",
    "WITH",
    "USE",
    "SET",
    "ORDER",
    "BY",
    "AS",
    "AND",
    "EXTERNAL",
    "PROPERTIES",
    "COUNT",
    "GRANT",
    "ON",
    "TO",
    "ALTER",
    "USER",
    "GLOBAL",
    "PERSIST",
];

fn painted(text: &str) -> Vec<AnyView> {
    pieces(text)
        .into_iter()
        .map(|(class, piece)| match class {
            "" => piece.to_owned().into_any(),
            class => view! { <span class=class>{piece.to_owned()}</span> }.into_any(),
        })
        .collect()
}

/// Cuts a query into keywords (`k`), texts (`s`), comments (`c`) and the rest.
fn pieces(text: &str) -> Vec<(&'static str, &str)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (class, length) = if rest.starts_with("--") {
            ("c", rest.find('\n').unwrap_or(rest.len()))
        } else if first == '\'' {
            ("s", rest[1..].find('\'').map_or(rest.len(), |end| end + 2))
        } else if in_word(first) {
            let end = rest.find(|c| !in_word(c)).unwrap_or(rest.len());
            (if KEYWORDS.contains(&&rest[..end]) { "k" } else { "" }, end)
        } else {
            ("", first.len_utf8())
        };
        let (piece, after) = rest.split_at(length);
        pieces.push((class, piece));
        rest = after;
    }
    pieces
}

/// Letters of every script, since names may be in any.
fn in_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_painted_and_nothing_of_it_is_lost() {
        let text = "SELECT `门店`, x FROM t -- all\nWHERE a = 'it is' LIMIT 5;";
        let pieces = pieces(text);
        assert_eq!(pieces.iter().map(|(_, piece)| *piece).collect::<String>(), text);
        let of = |class| pieces.iter().filter(|(c, _)| *c == class).map(|(_, p)| *p).collect::<Vec<_>>();
        assert_eq!(of("k"), ["SELECT", "FROM", "WHERE", "LIMIT"]);
        assert_eq!((of("s"), of("c")), (vec!["'it is'"], vec!["-- all"]));
    }
}
