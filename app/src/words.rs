//! The words of the screens, in the reader's language.
//!
//! Why it exists: a key that is missing in `locales/` does not compile; what goes into the places of a sentence is
//! filled in by `say!`. What the server says ([`Said`]) stands in `server/api/words` and is spoken by [`speak`].
//! The words of a language come as one file, before the page starts; the other language when somebody chooses it. The
//! page builder writes that file: the words in the order of their keys, then the server's, each behind its key.
//! Invariant: knows no feature; a view asks for words with the language it was rendered for.

use std::fmt::{Display, Write as _};
use std::sync::OnceLock;

use api::domain::said::Said;
pub use api::words::Lang;
use leptos::prelude::*;

use crate::format::{Local, count};
use crate::html::{AnyView, IntoAny, view};
use crate::react::{RwSignal, spawn};
use crate::{api as calls, clock};

/// Compiled in so that a change of the words compiles the page anew.
const _: (&str, &str) = (include_str!("../locales/en.json"), include_str!("../locales/zh.json"));

#[cfg(not(target_arch = "wasm32"))]
#[path = "../view/src/keys.rs"]
mod keys;

/// The words of a key; with places, each filled with what is given.
macro_rules! say {
    ($lang:expr, $($key:ident).+ $(,)?) => {
        *$crate::words::word($lang, view::word!($($key).+))
    };
    ($lang:expr, $($key:ident).+, $($place:ident = $value:expr),+ $(,)?) => {
        $crate::words::filled($lang, view::word!($($key).+), &[$((stringify!($place), &$value as &dyn std::fmt::Display)),+])
    };
}

/// The words of a number of things: the second key speaks of exactly one. Its place is `n`.
macro_rules! say_n {
    ($lang:expr, $n:expr, $($many:ident).+, $($one:ident).+) => {
        $crate::words::counted($lang, $n, view::word!($($many).+), view::word!($($one).+))
    };
}

pub(crate) use {say, say_n};

/// The words at a place with their places filled; what `say!` says.
pub fn filled(lang: Lang, place: usize, values: &[(&str, &dyn Display)]) -> String {
    fill(word(lang, place), values)
}

/// The words of a number of things; what `say_n!` says.
pub fn counted(lang: Lang, n: u64, many: usize, one: usize) -> String {
    filled(lang, if n == 1 { one } else { many }, &[("n", &count(n))])
}

/// Fills the places `{name}` of a sentence. A place without a value stays visible.
pub fn fill(template: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut filled = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let Some(length) = rest[open..].find('}') else { break };
        filled.push_str(&rest[..open]);
        let place = &rest[open + 1..open + length];
        match values.iter().find(|(name, _)| *name == place) {
            Some((_, value)) => write!(filled, "{value}").expect("a String takes every write"),
            None => filled.push_str(&rest[open..=open + length]),
        }
        rest = &rest[open + length + 1..];
    }
    filled.push_str(rest);
    filled
}

/// A sentence with something to see in its place `{it}`, as a moment with its title.
pub fn around(template: &'static str, it: AnyView) -> AnyView {
    let (before, after) = template.split_once("{it}").unwrap_or((template, ""));
    view! { {before}{it}{after} }.into_any()
}

static SCREENS: [OnceLock<Vec<&'static str>>; 2] = [OnceLock::new(), OnceLock::new()];

/// The word at a place; `say!` knows the places. Where it lies is one number to hand on, and it is said at a thousand places.
pub fn word(lang: Lang, place: usize) -> &'static &'static str {
    #[cfg(not(target_arch = "wasm32"))]
    SCREENS[lang as usize].get_or_init(|| compiled_in(lang));
    SCREENS[lang as usize].get().and_then(|words| words.get(place)).unwrap_or(&"")
}

/// The words that the tests on the host speak.
#[cfg(not(target_arch = "wasm32"))]
fn compiled_in(lang: Lang) -> Vec<&'static str> {
    let text = match lang {
        Lang::En => include_str!("../locales/en.json"),
        Lang::Zh => include_str!("../locales/zh.json"),
    };
    let words = keys::sorted(text).expect("the page builder reads the same file");
    words.into_iter().map(|(_, word)| &*word.leak()).collect()
}

/// Takes the words of a language as they were loaded. They stay as long as the page.
fn learn(lang: Lang, text: String) {
    let (mut screens, mut server) = (Vec::new(), Vec::new());
    for line in text.leak().lines() {
        match line.split_once('\t') {
            Some(said) => server.push(said),
            None => screens.push(line),
        }
    }
    // Twice the same file is the same words.
    let _ = SCREENS[lang as usize].set(screens);
    api::words::learn(lang, server);
}

/// The cookie that remembers the choice for a year: the server may greet in it one day. `early.js` reads it.
const COOKIE: &str = "i18n_pref_locale";

/// The language of the reader, as a signal; a handle to copy.
#[derive(Clone, Copy)]
pub struct Reader(RwSignal<Lang>);

impl Reader {
    /// The language whose words were loaded before the page started.
    pub fn new() -> Self {
        let html = document().document_element();
        let tag = html.and_then(|html| html.get_attribute("lang"));
        let lang = tag.and_then(|tag| Lang::of_tag(&tag)).unwrap_or(Lang::En);
        let text = js_sys::Reflect::get(&window(), &"lakegateWords".into()).ok();
        learn(lang, text.and_then(|text| text.as_string()).unwrap_or_default());
        Self(RwSignal::new(lang))
    }

    /// The language now; what reads it is rendered anew when it changes.
    pub fn lang(self) -> Lang {
        self.0.get()
    }

    /// The language now, for an answer to a click.
    pub fn lang_now(self) -> Lang {
        self.0.get_untracked()
    }

    /// Chooses a language; a cookie remembers it.
    pub fn choose(self, lang: Lang) {
        let cookie = format!("{COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax", lang.tag());
        // Without cookies the choice lasts until the page is left.
        let _ = js_sys::Reflect::set(&document(), &"cookie".into(), &cookie.into());
        spawn(async move {
            if SCREENS[lang as usize].get().is_none() {
                match calls::words(lang).await {
                    Ok(text) => learn(lang, text),
                    // A newer page has other words: it starts with the chosen ones.
                    Err(_) => return drop(window().location().reload()),
                }
            }
            if let Some(html) = document().document_element() {
                let _ = html.set_attribute("lang", lang.tag());
            }
            self.0.set(lang);
        });
    }
}

/// The reader's language, from the context that `App` provides.
pub fn reader() -> Reader {
    expect_context()
}

/// Speaks a sentence of the server.
pub fn speak(lang: Lang, said: &Said) -> String {
    api::words::speak(lang, said, &Local { lang, now: clock::now() })
}

/// The text of a key that the server shares with the page.
pub fn shared(lang: Lang, key: &str) -> Option<&'static str> {
    api::words::text(lang, key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_and_empty_ones_stay_visible() {
        assert_eq!(fill("{n} of {m} ready", &[("n", &"2"), ("m", &3)]), "2 of 3 ready");
        assert_eq!(fill("{who} and {n", &[]), "{who} and {n");
    }

    #[test]
    fn words_are_found_at_their_places() {
        assert_eq!(say!(Lang::En, age_ago, age = "2 min"), "2 min ago");
        assert_eq!(say!(Lang::Zh, stamp.approved), "已批准");
        assert_eq!(say_n!(Lang::En, 1, n_more, n_more_one), "1 more");
    }
}
