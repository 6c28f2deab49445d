//! The catalogue: search, places, the list, a drawer with the columns, the selection.

use api::domain::change::Topic;
use api::tables::{Choices, TableRow};
use leptos::prelude::*;

use super::model::sums;
use super::selection::{Selection, selection};
use super::{drawer, facets, rows};
use crate::address::Param;
use crate::api as calls;
use crate::format::{about, bytes, count, when, when_said};
use crate::html::{AnyView, IntoAny, view};
use crate::live::live;
use crate::route::Route;
use crate::shell::{Key, on_key};
use crate::ui::anew::anew;
use crate::ui::button::{Button, link_button};
use crate::ui::head::{head, tab_title};
use crate::ui::icon::Icon;
use crate::ui::loaded::{Feed, loaded};
use crate::ui::problem::problem;
use crate::ui::search::search;
use crate::words::{Lang, reader, say, say_n, speak};
use crate::{clock, words};

/// What the address of the catalogue says.
#[derive(Clone, Copy)]
pub struct Filters {
    /// What is searched for.
    pub q: Param,
    /// The source.
    pub source: Param,
    /// The table whose drawer is open.
    pub open: Param,
    /// How many pages are shown.
    pub steps: RwSignal<usize>,
}

/// The page.
pub fn catalogue() -> AnyView {
    let (reader, selection) = (reader(), selection());
    let filters =
        Filters { q: Param::new("q"), source: Param::new("source"), open: Param::new("open"), steps: RwSignal::new(1) };
    let tables = Feed::new(move || {
        live().track(Topic::Request);
        live().track(Topic::Lake);
        live().track(Topic::Source);
        calls::tables(filters.q.get(), filters.source.get(), filters.steps.get())
    });
    let choices = Feed::new(move || {
        live().track(Topic::Source);
        calls::choices()
    });
    keys(filters, selection);
    let browse = move || if filters.open.get().is_empty() { "browse" } else { "browse has-drawer" };
    let narrow = RwSignal::new(false);
    view! {
        <div class="page is-wide">
            {anew(move || title(reader.lang(), choices.get().and_then(Result::ok).as_deref()))}
            {anew(move || tools(reader.lang(), filters, narrow))}
            <div class=browse>
                {facets::facets(choices, filters, narrow)}
                <div>{loaded(tables, move |page| rows::rows(page, filters, selection))}</div>
                {anew(move || drawer::drawer(&filters.open.get(), filters, selection))}
            </div>
            {anew(move || selection_bar(reader.lang(), selection))}
        </div>
    }
    .into_any()
}

fn keys(filters: Filters, selection: Selection) {
    on_key(move |key| match key {
        Key::Escape if !filters.open.get_now().is_empty() => {
            filters.open.set("");
            true
        }
        Key::Escape if !selection.get_now().is_empty() => {
            selection.clear();
            true
        }
        Key::Char(_) | Key::Escape | Key::Submit => false,
    });
}

fn title(lang: Lang, choices: Option<&Choices>) -> AnyView {
    tab_title(say!(lang, nav.catalogue));
    let sub = choices.map(|choices| {
        let tables = choices.sources.iter().map(|source| source.tables).sum::<u64>();
        let sources = say_n!(lang, choices.sources.len() as u64, n_sources, n_sources_one);
        let read = choices.sources.iter().filter_map(|source| source.read_at).max();
        let read = read.map(|at| say!(lang, catalogue.read, at = when(lang, at, clock::now())));
        let sum =
            say!(lang, catalogue.sum, tables = words::say_n!(lang, tables, n_tables, n_tables_one), sources = sources);
        [Some(sum), read].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    });
    let troubles = choices.map(|choices| troubles(lang, choices));
    view! {
        {head(say!(lang, nav.catalogue).into_any(), ().into_any(), sub.into_any(), None)}
        {troubles}
    }
    .into_any()
}

/// Sources that could not be read, with the age of what is shown of them.
fn troubles(lang: Lang, choices: &Choices) -> Vec<AnyView> {
    let with_trouble = choices.sources.iter().filter_map(|source| Some((source, source.trouble.as_ref()?)));
    with_trouble
        .map(|(source, trouble)| {
            let what = match source.read_at {
                Some(at) => say!(lang, catalogue.trouble, name = source.name, at = when_said(lang, at, clock::now())),
                None => say!(lang, catalogue.trouble_never, name = source.name),
            };
            view! { <div class="mt-3">{problem("is-late", what, Some(speak(lang, trouble)))}</div> }.into_any()
        })
        .collect()
}

fn tools(lang: Lang, filters: Filters, narrow: RwSignal<bool>) -> AnyView {
    let find = move |text: String| {
        filters.steps.set(1);
        filters.q.replace(text);
    };
    let filter = Button::new(say!(lang, filter)).class("facets-btn btn").icon(Icon::Sliders);
    view! {
        <div class="tools mt-4">
            {search(say!(lang, catalogue.search).to_owned(), say!(lang, catalogue.search).to_owned(), filters.q.signal(), find)}
            {filter.on(move || narrow.update(|narrow| *narrow = !*narrow))}
        </div>
    }
    .into_any()
}

fn selection_bar(lang: Lang, selection: Selection) -> Option<AnyView> {
    let picked = selection.get();
    if picked.is_empty() {
        return None;
    }
    let n = picked.len() as u64;
    let (rows, size) = sums(&picked);
    let sum = match (rows, size) {
        (Some(rows), Some(size)) => say!(lang, rows_and_size, rows = about(lang, rows), size = bytes(size)),
        _ => say!(lang, size_unknown).to_owned(),
    };
    let request = say_n!(lang, n, catalogue.request, catalogue.request_one);
    Some(
        view! {
            <div class="selbar" role="region" aria-label=say!(lang, selection.label)>
                <span><b>{say_n!(lang, n, selection.tables, selection.tables_one)}</b>" "<span class="muted">{sum}</span></span>
                {link_button("btn is-sm is-primary", Some(Icon::Arrow), request, Route::NewRequest.path())}
                {Button::new(say!(lang, selection.clear)).class("btn is-sm").key("Esc").on(move || selection.clear())}
            </div>
        }
        .into_any(),
    )
}

/// The name of a table in the address: source, database and table.
pub fn open_name(row: &TableRow) -> String {
    let parts = [row.source.as_str(), row.table.database.as_str(), row.table.table.as_str()];
    parts.map(api::paths::encode).join("/")
}

/// How many rows, how large.
pub fn size_said(lang: Lang, row: &TableRow) -> (Option<String>, Option<String>) {
    (row.rows.map(|rows| about(lang, rows)), row.bytes.map(bytes))
}

/// How many tables are shown.
pub fn shown(lang: Lang, n: usize) -> String {
    say!(lang, grid.shown, n = count(n as u64))
}
