//! The selection: kept while one walks through pages, and over a reload, until it is asked for or cleared.

use api::tables::TableRow;
use leptos::prelude::*;

use super::model::{self, Picked};
use crate::json;
use crate::react::effect;

const KEY: &str = "lakegate-selection";

/// The tables selected; a handle to copy.
#[derive(Clone, Copy)]
pub struct Selection(RwSignal<Vec<Picked>>);

impl Selection {
    /// The selection of this tab as it was left.
    pub fn kept() -> Self {
        let kept = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
        let picked = kept.and_then(|text| json::read(&text).ok()).unwrap_or_default();
        let selection = Self(RwSignal::new(picked));
        effect(move || selection.0.with(|picked| keep(picked)));
        selection
    }

    /// The tables selected.
    pub fn get(self) -> Vec<Picked> {
        self.0.get()
    }

    /// The tables selected, for an answer to a click.
    pub fn get_now(self) -> Vec<Picked> {
        self.0.get_untracked()
    }

    /// Selects a row, or takes it out.
    pub fn toggle(self, row: &TableRow) {
        self.0.update(|picked| model::toggle(picked, row));
    }

    /// Selects all rows that can be ticked, or takes them out.
    pub fn toggle_all(self, rows: &[TableRow]) {
        self.0.update(|picked| model::toggle_all(picked, rows));
    }

    /// Takes all out.
    pub fn clear(self) {
        self.0.set(Vec::new());
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

fn keep(picked: &[Picked]) {
    let text = serde_json::to_string(picked).unwrap_or_default();
    if let Some(storage) = storage() {
        // A full or forbidden storage only means that a reload forgets the selection.
        let _ = storage.set_item(KEY, &text);
    }
}

/// The selection, from the context that `App` provides.
pub fn selection() -> Selection {
    expect_context()
}
