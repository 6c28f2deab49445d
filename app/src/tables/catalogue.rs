//! The catalogue: search, what narrows it, the list, a drawer with the columns, the selection.

use std::time::Duration;

use api::domain::change::Topic;
use api::search::Found;
use api::tables::{Choices, SourceChoice};
use leptos::prelude::*;

use super::filters::Filters;
use super::selection::{Selection, selection};
use super::{drawer, facets, rows, selbar};
use crate::api as calls;
use crate::format::{count, when, when_said};
use crate::html::{AnyView, IntoAny, view};
use crate::live::live;
use crate::react::{RwSignal, effect, spawn};
use crate::shell::{Key, on_key};
use crate::ui::anew::anew;
use crate::ui::button::Button;
use crate::ui::head::{head, tab_title};
use crate::ui::icon::Icon;
use crate::ui::loaded::{Feed, loaded};
use crate::ui::problem::{note, problem, trouble_said};
use crate::ui::search::search;
use crate::ui::toast::{Toast, toasts};
use crate::words::{Lang, reader, say, say_n, speak};
use crate::{clock, words};

/// The page.
pub fn catalogue() -> AnyView {
    let (reader, selection, filters) = (reader(), selection(), Filters::new());
    let again = RwSignal::new(0_u32);
    let tables = Feed::new(move || {
        live().track(Topic::Request);
        live().track(Topic::Lake);
        live().track(Topic::Source);
        again.track();
        calls::find_tables(filters.all(), filters.steps.get())
    });
    let choices = Feed::new(move || {
        live().track(Topic::Source);
        calls::choices()
    });
    // A search that is being filled is asked again until it is full.
    effect(move || {
        if tables.get().and_then(Result::ok).is_some_and(|found| found.filling.is_some()) {
            let ask = move || {
                again.try_update(|again| *again += 1);
            };
            set_timeout(ask, Duration::from_secs(1));
        }
    });
    keys(filters, selection);
    let found = move || tables.get().and_then(Result::ok);
    let browse = move || if filters.open.get().is_empty() { "browse" } else { "browse has-drawer" };
    let narrow = RwSignal::new(false);
    view! {
        <div class="page is-wide">
            {anew(move || title(reader.lang(), choices.get().and_then(Result::ok).as_deref(), filters))}
            {anew(move || tools(reader.lang(), filters, narrow, found))}
            {anew(move || found().and_then(|found| filling(reader.lang(), &found)))}
            <div class=browse>
                {facets::facets(tables, filters, narrow)}
                <div>{loaded(tables, move |found| rows::rows(found, filters, selection))}</div>
                {anew(move || drawer::drawer(&filters.open.get(), filters, selection))}
            </div>
            {anew(move || selbar::bar(reader.lang(), selection, found().as_deref(), filters))}
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
        Key::Escape if !selection.is_empty_now() => {
            selection.clear();
            true
        }
        Key::Char(_) | Key::Range | Key::Escape | Key::Find | Key::Submit => false,
    });
}

fn title(lang: Lang, choices: Option<&Choices>, filters: Filters) -> AnyView {
    tab_title(say!(lang, nav.catalogue));
    let sub = choices.map(|choices| {
        let tables = choices.sources.iter().map(|source| source.tables).sum::<u64>();
        let sources = say_n!(lang, choices.sources.len() as u64, n_sources, n_sources_one);
        let read = choices.sources.iter().filter_map(|source| source.read_at);
        let read = read.clone().min().zip(read.max()).map(|(first, last)| {
            let [first, last] = [first, last].map(|at| when(lang, at, clock::now()));
            if first == last {
                say!(lang, catalogue.read, at = last)
            } else {
                say!(lang, catalogue.read_between, from = first, to = last)
            }
        });
        let sum =
            say!(lang, catalogue.sum, tables = words::say_n!(lang, tables, n_tables, n_tables_one), sources = sources);
        let retired = (!choices.retired.is_empty())
            .then(|| say!(lang, catalogue.retired, names = choices.retired.join(say!(lang, list_joint))));
        [Some(sum), read, retired].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    });
    let chosen = filters.source.get();
    let again = choices.and_then(|choices| {
        let readable = |source: &&SourceChoice| source.may_read;
        let of = |id: &str| choices.sources.iter().find(|source| source.id.as_str() == id);
        // One that is chosen, or the only one there is.
        let only = (choices.sources.len() == 1).then(|| choices.sources.first()).flatten();
        of(&chosen).or(only).filter(readable).map(|source| read_again(lang, source))
    });
    let troubles = choices.map(|choices| troubles(lang, choices));
    view! {
        {head(say!(lang, nav.catalogue).into_any(), ().into_any(), sub.into_any(), again)}
        {troubles}
    }
    .into_any()
}

/// Has a source read now; while it is read, since when.
fn read_again(lang: Lang, source: &SourceChoice) -> AnyView {
    if let Some(since) = source.reading {
        let at = when_said(lang, since, clock::now());
        let words = say!(lang, catalogue.reading, name = source.name, at = at);
        return view! { <span class="muted small" role="status">{words}</span> }.into_any();
    }
    let (id, toasts) = (source.id.clone(), toasts());
    let press = move || {
        let asked = calls::read_source(&id);
        spawn(async move {
            if let Err(trouble) = asked.await {
                toasts.show(Toast::failed(trouble_said(lang, &trouble)));
            }
        });
    };
    Button::new(say!(lang, catalogue.read_again, name = source.name)).class("btn is-sm").icon(Icon::Retry).on(press)
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

/// Before the search has all tables it finds fewer comforts, and says so.
fn filling(lang: Lang, found: &Found) -> Option<AnyView> {
    let (done, of) = found.filling?;
    let words = say!(lang, catalogue.filling, n = count(done), of = count(of));
    Some(note("", Icon::Info, words.into_any()))
}

fn tools(
    lang: Lang,
    filters: Filters,
    narrow: RwSignal<bool>,
    found: impl Fn() -> Option<std::sync::Arc<Found>> + Copy + Send + 'static,
) -> AnyView {
    let find = move |text: String| {
        filters.steps.set(1);
        filters.q.replace(text);
    };
    let filter = Button::new(say!(lang, filter)).class("facets-btn btn").icon(Icon::Sliders);
    let matching = move || {
        let tables = found()?.sums.as_ref()?.tables;
        let words = say_n!(lang, tables, catalogue.matching, catalogue.matching_one);
        Some(view! { <span class="tools-end" role="status">{words}</span> })
    };
    view! {
        <div class="tools mt-4">
            {search(say!(lang, catalogue.search).to_owned(), say!(lang, catalogue.search).to_owned(), filters.q.signal(), find)}
            {filter.on(move || narrow.update(|narrow| *narrow = !*narrow))}
            {anew(matching)}
        </div>
    }
    .into_any()
}
