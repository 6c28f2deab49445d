//! Time: a moment or an age, with the absolute in the title. Counts by the server's clock.

use api::domain::time::Millis;

use super::anew::anew;
use crate::clock::{self, clock};
use crate::format::{Parts, span, when};
use crate::html::{AnyView, IntoAny, view};
use crate::words::Lang;

/// A moment: 14:31, yesterday 14:31, 16 Nov 22:09.
pub fn time(lang: Lang, at: Millis) -> AnyView {
    stamped(at, when(lang, at, clock::now()))
}

/// A moment with seconds, where a proof needs them: of today only the clock.
pub fn time_exact(lang: Lang, at: Millis) -> AnyView {
    let (parts, today) = (Parts::of(at), Parts::of(clock::now()));
    let same_day = (parts.year, parts.month, parts.day) == (today.year, today.month, today.day);
    stamped(at, if same_day { parts.clock_with_seconds() } else { when(lang, at, clock::now()) })
}

fn stamped(at: Millis, text: String) -> AnyView {
    let absolute = Parts::of(at).absolute();
    view! { <time datetime=absolute.clone() title=absolute>{text}</time> }.into_any()
}

/// How long ago something was, counting on; `say` makes the sentence of it.
pub fn age(lang: Lang, since: Millis, say: impl Fn(String) -> String + Send + 'static) -> AnyView {
    let ticking = clock();
    let absolute = Parts::of(since).absolute();
    let text = move || say(span(lang, ticking.now().since(since)));
    view! { <time datetime=absolute.clone() title=absolute>{anew(text)}</time> }.into_any()
}
