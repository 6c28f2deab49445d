//! Keys: off while somebody types, in a dialog, or with Ctrl, Alt or Meta.

use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};

use super::find;
use super::key_list::key_list;
use super::leads_to;
use crate::react::{RwSignal, StoredValue};
use crate::route::Route;
use crate::theme::{storage, theme};
use crate::ui::dialog::dialogs;
use crate::viewer::{decides, viewer};

/// What somebody pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A letter or sign, in lower case.
    Char(char),
    /// Selects up to here: Shift with X.
    Range,
    /// Finds anything: Ctrl or Command with K.
    Find,
    /// Leaves, closes, clears.
    Escape,
    /// Submits: Ctrl or Command with Enter.
    Submit,
}

/// Where it is kept that single keys do nothing.
const OFF: &str = "lakegate-keys-off";

/// Whether single keys work; a handle to copy. Who speaks to a computer, or presses by chance, turns them off.
#[derive(Clone, Copy)]
pub struct SingleKeys(RwSignal<bool>);

impl SingleKeys {
    /// As it was chosen before.
    pub fn new() -> Self {
        let off = storage().and_then(|storage| storage.get_item(OFF).ok().flatten());
        Self(RwSignal::new(off.is_none()))
    }

    /// Whether they work.
    pub fn on(self) -> bool {
        self.0.get()
    }

    /// Turns them on or off, and remembers it.
    pub fn turn(self, on: bool) {
        if let Some(storage) = storage() {
            // Storage may be full or forbidden; the choice then lasts until the page is left.
            let _ = if on { storage.remove_item(OFF) } else { storage.set_item(OFF, "1") };
        }
        self.0.set(on);
    }
}

/// Whether single keys work, from the context that `App` provides.
pub fn single_keys() -> SingleKeys {
    expect_context()
}

/// Calls for each key while the view lives. A key that was used returns true, and the browser does nothing else with it.
pub fn on_key(used: impl Fn(Key) -> bool + 'static) {
    listen_to(Box::new(used));
}

fn listen_to(used: Box<dyn Fn(Key) -> bool>) {
    let single = single_keys();
    let handle = window_event_listener(ev::keydown, move |event: KeyboardEvent| {
        if event.default_prevented() {
            return;
        }
        if let Some(key) = key_of(&event)
            && (single.0.get_untracked() || !matches!(key, Key::Char(_) | Key::Range))
            && used(key)
        {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

fn key_of(event: &KeyboardEvent) -> Option<Key> {
    let key = event.key();
    if key == "Enter" && (event.ctrl_key() || event.meta_key()) {
        return Some(Key::Submit);
    }
    if key.eq_ignore_ascii_case("k") && (event.ctrl_key() || event.meta_key()) && !event.alt_key() {
        return Some(Key::Find);
    }
    if event.ctrl_key()
        || event.alt_key()
        || event.meta_key()
        || document().query_selector("dialog[open]").ok()?.is_some()
    {
        return None;
    }
    if key == "Escape" {
        return Some(Key::Escape);
    }
    if key == "X" && event.shift_key() && !is_typing(event) {
        return Some(Key::Range);
    }
    let mut letters = key.chars();
    let (Some(letter), None) = (letters.next(), letters.next()) else { return None };
    (!is_typing(event)).then(|| Key::Char(letter.to_ascii_lowercase()))
}

/// Whether the key goes into a field.
fn is_typing(event: &KeyboardEvent) -> bool {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) else { return false };
    match target.tag_name().as_str() {
        "TEXTAREA" | "SELECT" => true,
        "INPUT" => target
            .dyn_ref::<HtmlInputElement>()
            .is_some_and(|input| !["checkbox", "radio"].contains(&input.type_().as_str())),
        _ => target.is_content_editable(),
    }
}

/// The keys that work on every page: Ctrl K, G then H C R I L, N, /, T, ?, and J K X, Shift X in lists. `key_list` lists all there are.
pub fn listen() {
    let (theme, viewer, dialogs) = (theme(), viewer(), dialogs());
    let after_g = StoredValue::new(false);
    let (home, catalogue, requests) = (leads_to(Route::Home), leads_to(Route::Catalogue), leads_to(Route::Requests));
    let (inbox, lake, new) = (leads_to(Route::Inbox), leads_to(Route::Lake), leads_to(Route::NewRequest));
    let last = StoredValue::new(None::<u32>);
    on_key(move |key| {
        let letter = match key {
            Key::Char(letter) => letter,
            Key::Range => return select(last, true),
            Key::Find => {
                dialogs.show_palette(find::palette);
                return true;
            }
            Key::Escape | Key::Submit => return false,
        };
        let went = after_g.get_value();
        after_g.set_value(letter == 'g' && !went);
        match (went, letter) {
            (true, 'h') => home(),
            (true, 'c') => catalogue(),
            (true, 'r') => requests(),
            (true, 'i') if decides(&viewer.me_now()) => inbox(),
            (true, 'l') => lake(),
            (false, 'n') => new(),
            (false, 't') => theme.toggle(),
            (false, '?') => dialogs.show(key_list),
            (false, '/') => return focus_search(),
            (false, 'j') => return walk(1),
            (false, 'k') => return walk(-1),
            (false, 'x') => return select(last, false),
            _ => return false,
        }
        true
    });
}

fn focus_search() -> bool {
    let field = document().query_selector("main [data-search]").ok().flatten();
    let field = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
    if let Some(field) = &field {
        let _ = field.focus();
        field.select();
    }
    field.is_some()
}

/// The rows of a list that can be ticked.
const TICKS: &str = "main .grid tbody tr";

/// Ticks the row in which the focus is; a range ticks all from the last one that was ticked.
fn select(last: StoredValue<Option<u32>>, range: bool) -> bool {
    let (Ok(rows), Some(active)) = (document().query_selector_all(TICKS), document().active_element()) else {
        return false;
    };
    let Some(here) = (0..rows.length()).find(|at| rows.get(*at).is_some_and(|row| row.contains(Some(&active)))) else {
        return false;
    };
    let tick = |at: u32| {
        let row = rows.get(at)?.dyn_into::<web_sys::Element>().ok()?;
        row.query_selector("input.check").ok()??.dyn_into::<HtmlInputElement>().ok()
    };
    let Some(own) = tick(here).filter(|tick| !tick.disabled()) else { return false };
    let on = !own.checked();
    let from = last.get_value().filter(|from| range && *from < rows.length()).unwrap_or(here);
    for tick in (from.min(here)..=from.max(here)).filter_map(tick) {
        if !tick.disabled() && tick.checked() != on {
            tick.click();
        }
    }
    last.set_value(Some(here));
    true
}

/// The rows of a list: J and K walk through what each leads to.
const ROWS: &str = "main a.row, main .row-title a, main .grid a.name-id";

/// Moves the focus to the next row, or the one before; from elsewhere to the first.
fn walk(by: i32) -> bool {
    let Ok(rows) = document().query_selector_all(ROWS) else { return false };
    let active = document().active_element();
    let here = (0..rows.length()).find(|at| rows.get(*at).as_ref() == active.as_ref().map(AsRef::as_ref));
    let to = match here {
        Some(at) => at.checked_add_signed(by),
        None => Some(0),
    };
    let row = to.and_then(|at| rows.get(at)).and_then(|row| row.dyn_into::<HtmlElement>().ok());
    row.is_some_and(|row| row.focus().is_ok())
}
