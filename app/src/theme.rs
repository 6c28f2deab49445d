//! Light or dark: the system's, until somebody chooses.
//!
//! Invariant: the small script of the page builder reads the same key before the first paint.

use leptos::prelude::*;

use crate::react::{RwSignal, effect};

const KEY: &str = "lakegate-theme";

/// The theme in use; a handle to copy.
#[derive(Clone, Copy)]
pub struct Theme(RwSignal<Choice>);

/// What was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The system decides.
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Choice {
    fn of(word: Option<&str>) -> Self {
        match word {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }

    const fn word(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }
}

impl Theme {
    /// The theme that was chosen before.
    pub fn new() -> Self {
        let kept = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
        let theme = Self(RwSignal::new(Choice::of(kept.as_deref())));
        effect(move || show(theme.0.get()));
        theme
    }

    /// What was chosen.
    pub fn choice(self) -> Choice {
        self.0.get()
    }

    /// Whether the page is dark now.
    pub fn is_dark(self) -> bool {
        self.0.get() == Choice::Dark || (self.0.get() == Choice::System && system_is_dark())
    }

    /// Chooses a theme and remembers it.
    pub fn choose(self, choice: Choice) {
        if let Some(storage) = storage() {
            // Storage may be full or forbidden; the choice then lasts until the page is left.
            let _ = match choice.word() {
                Some(word) => storage.set_item(KEY, word),
                None => storage.remove_item(KEY),
            };
        }
        self.0.set(choice);
    }

    /// Chooses the other one.
    pub fn toggle(self) {
        let dark = untrack(move || self.is_dark());
        self.choose(if dark { Choice::Light } else { Choice::Dark });
    }
}

fn show(choice: Choice) {
    let Some(html) = document().document_element() else { return };
    let _ = match choice.word() {
        Some(word) => html.set_attribute("data-theme", word),
        None => html.remove_attribute("data-theme"),
    };
}

fn system_is_dark() -> bool {
    let query = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    query.is_some_and(|query| query.matches())
}

/// What the browser keeps for the page; it may be forbidden.
pub fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// The theme, from the context that `App` provides.
pub fn theme() -> Theme {
    expect_context()
}
