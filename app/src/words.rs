//! The words of the screens, in the reader's language.
//!
//! Why it exists: a key that is missing in `locales/` does not compile; what goes into the places of a sentence is
//! filled in by `say!`. What the server says ([`Said`]) stands in `server/api/words` and is spoken by [`speak`].
//! Invariant: knows no feature; a view asks for words with the language it was rendered for.

use api::domain::said::Said;
use api::words;
use leptos::prelude::*;
use leptos_i18n::Locale as _;

use crate::clock;
use crate::format::Local;
use crate::html::{AnyView, IntoAny, view};

#[expect(deprecated, reason = "its successor, a build script, compiles tools that fetch language data; we need none")]
mod made {
    leptos_i18n::load_locales!();
}
pub use made::i18n;

/// The language of a view.
pub use i18n::Locale as Lang;

/// Compiled in so that a change of the words compiles the page anew.
const _: (&str, &str) = (include_str!("../locales/en.json"), include_str!("../locales/zh.json"));

/// The words of a key; with places, each filled with what is given.
macro_rules! say {
    ($lang:expr, $($key:ident).+ $(,)?) => {
        leptos_i18n::td_string!($lang, $($key).+)
    };
    ($lang:expr, $($key:ident).+, $($place:ident = $value:expr),+ $(,)?) => {
        $crate::words::fill(leptos_i18n::td_string!($lang, $($key).+), &[$((stringify!($place), &$value.to_string())),+])
    };
}

/// The words of a number of things: the second key speaks of exactly one. Its place is `n`.
macro_rules! say_n {
    ($lang:expr, $n:expr, $($many:ident).+, $($one:ident).+) => {
        match $n {
            1 => $crate::words::fill(leptos_i18n::td_string!($lang, $($one).+), &[("n", "1")]),
            n => $crate::words::fill(leptos_i18n::td_string!($lang, $($many).+), &[("n", &$crate::format::count(n))]),
        }
    };
}

pub(crate) use {say, say_n};

/// Fills the places `{name}` of a sentence. A place without a value stays visible.
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let Some(length) = rest[open..].find('}') else { break };
        filled.push_str(&rest[..open]);
        let place = &rest[open + 1..open + length];
        match values.iter().find(|(name, _)| *name == place) {
            Some((_, value)) => filled.push_str(value),
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

/// The cookie that remembers the choice for a year: the server may greet in it one day.
const COOKIE: &str = "i18n_pref_locale";

/// The language of the reader, as a signal; a handle to copy.
///
/// Ours and not the one of `leptos_i18n`, which brings a parser of dates to write one cookie.
#[derive(Clone, Copy)]
pub struct Reader(RwSignal<Lang>);

impl Reader {
    /// The language chosen before, else the first of the browser's that we speak.
    pub fn new() -> Self {
        let languages = window().navigator().languages();
        let first = languages.iter().filter_map(|each| each.as_string()).find_map(|tag| lang_of(&tag));
        let chosen = chosen_in(&cookies()).or(first).unwrap_or(Lang::en);
        let reader = Self(RwSignal::new(chosen));
        Effect::new(move |_| {
            if let Some(html) = document().document_element() {
                let _ = html.set_attribute("lang", reader.lang().as_str());
            }
        });
        reader
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
        let cookie = format!("{COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax", lang.as_str());
        // Without cookies the choice lasts until the page is left.
        let _ = js_sys::Reflect::set(&document(), &"cookie".into(), &cookie.into());
        self.0.set(lang);
    }
}

fn cookies() -> String {
    let cookies = js_sys::Reflect::get(&document(), &"cookie".into());
    cookies.ok().and_then(|cookies| cookies.as_string()).unwrap_or_default()
}

/// The language that a cookie remembers.
fn chosen_in(cookies: &str) -> Option<Lang> {
    let pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == COOKIE).find_map(|(_, tag)| lang_of(tag))
}

/// The language we speak for a tag such as `zh-Hans-CN`.
fn lang_of(tag: &str) -> Option<Lang> {
    match tag.split('-').next()? {
        "en" => Some(Lang::en),
        "zh" => Some(Lang::zh),
        _ => None,
    }
}

/// The reader's language, from the context that `App` provides.
pub fn reader() -> Reader {
    expect_context()
}

/// Speaks a sentence of the server.
pub fn speak(lang: Lang, said: &Said) -> String {
    words::speak(words_lang(lang), said, &Local { lang, now: clock::now() })
}

/// The text of a key that the server shares with the page.
pub fn shared(lang: Lang, key: &str) -> Option<&'static str> {
    words::text(words_lang(lang), key)
}

fn words_lang(lang: Lang) -> words::Lang {
    match lang {
        Lang::en => words::Lang::En,
        Lang::zh => words::Lang::Zh,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_and_empty_ones_stay_visible() {
        assert_eq!(fill("{n} of {m} ready", &[("n", "2"), ("m", "3")]), "2 of 3 ready");
        assert_eq!(fill("{who} and {n", &[]), "{who} and {n");
    }

    #[test]
    fn the_choice_is_remembered_and_the_browser_is_heard() {
        assert_eq!(chosen_in("a=b; i18n_pref_locale=zh; c=d"), Some(Lang::zh));
        assert_eq!(chosen_in("xi18n_pref_locale=zh; i18n_pref_locale=de"), None);
        assert_eq!([lang_of("zh-Hans-CN"), lang_of("en-GB"), lang_of("de")], [Some(Lang::zh), Some(Lang::en), None]);
    }
}
