//! The selection: kept while one walks through pages, and over a reload, until it is asked for or cleared.

use api::tables::TableRow;
use leptos::prelude::*;

use super::model::{self, Everything, Picked};
use crate::react::{RwSignal, effect};

const KEY: &str = "lakegate-selection";

/// The tables selected; a handle to copy.
#[derive(Clone, Copy)]
pub struct Selection {
    picked: RwSignal<Vec<Picked>>,
    everything: RwSignal<Option<Everything>>,
}

impl Selection {
    /// The selection of this tab as it was left.
    pub fn kept() -> Self {
        let kept = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
        let picked = kept.and_then(|text| json::read(&text)).unwrap_or_default();
        let selection = Self { picked: RwSignal::new(picked), everything: RwSignal::new(None) };
        effect(move || selection.picked.with(|picked| keep(picked)));
        selection
    }

    /// The tables selected.
    pub fn get(self) -> Vec<Picked> {
        self.picked.get()
    }

    /// All that match, if they are selected by what was searched for.
    pub fn everything(self) -> Option<Everything> {
        self.everything.get()
    }

    /// The same, for an answer to a click.
    pub fn everything_now(self) -> Option<Everything> {
        self.everything.get_untracked()
    }

    /// Selects all that match and can be asked for.
    pub fn take_everything(self, all: Everything) {
        self.picked.set(Vec::new());
        self.everything.set(Some(all));
    }

    /// Whether nothing is selected, for an answer to a key.
    pub fn is_empty_now(self) -> bool {
        self.picked.with_untracked(Vec::is_empty) && self.everything.with_untracked(Option::is_none)
    }

    /// The tables selected, for an answer to a click.
    pub fn get_now(self) -> Vec<Picked> {
        self.picked.get_untracked()
    }

    /// Selects a row, or takes it out.
    pub fn toggle(self, row: &TableRow) {
        self.everything.set(None);
        self.picked.update(|picked| model::toggle(picked, row));
    }

    /// Selects all rows that can be ticked, or takes them out.
    pub fn toggle_all(self, rows: &[TableRow]) {
        self.everything.set(None);
        self.picked.update(|picked| model::toggle_all(picked, rows));
    }

    /// Takes all out.
    pub fn clear(self) {
        self.everything.set(None);
        self.picked.set(Vec::new());
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
