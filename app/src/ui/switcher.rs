//! Switcher: a choice of two or three.

use crate::html::{AnyView, IntoAny, view};

/// One choice of a switcher.
pub struct Choice {
    /// What stands on it.
    pub label: AnyView,
    /// The language its label is in, where it differs from the page's.
    pub lang: Option<&'static str>,
    /// Whether it is the one chosen.
    pub on: bool,
    /// Chooses it.
    pub press: Box<dyn Fn() + Send>,
}

/// Buttons of which one is pressed.
pub fn switcher(name: String, choices: Vec<Choice>) -> AnyView {
    let choices: Vec<_> = choices
        .into_iter()
        .map(|Choice { label, lang, on, press }| {
            view! { <button type="button" lang=lang aria-pressed=on.to_string() on:click=move |_| press()>{label}</button> }
        })
        .collect();
    view! { <span class="switcher" role="group" aria-label=name>{choices}</span> }.into_any()
}
