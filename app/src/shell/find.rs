//! Find anything: Ctrl K. Tables, requests, jobs and people by name, chosen by keys as by mouse.

use std::time::Duration;

use api::search::{Anything, JobHit, PersonHit, RequestHit};
use api::tables::TableRow;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::api as calls;
use crate::format::count;
use crate::html::{AnyView, Given, IntoAny, view};
use crate::react::{RwSignal, StoredValue, effect};
use crate::route::Route;
use crate::tables::rows::open_name;
use crate::ui::anew::anew;
use crate::ui::dialog::Dialogs;
use crate::ui::icon::{Icon, icon};
use crate::ui::loaded::Feed;
use crate::ui::stamp::mark;
use crate::ui::state::{Look, pill};
use crate::words::{Lang, reader, say, say_n};

/// The search waits so long after the last key.
const PATIENCE: Duration = Duration::from_millis(120);

/// One that can be chosen: its icon, where it leads, what it says.
struct Choice {
    icon: Icon,
    to: String,
    inside: AnyView,
}

/// A line to type into, and what is called like that.
pub fn palette(dialogs: Dialogs) -> AnyView {
    let (reader, q, at) = (reader(), RwSignal::new(String::new()), RwSignal::new(0_usize));
    let found = Feed::new(move || calls::find(&q.get()));
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let typed = move |text: String| {
        if let Some(before) = waiting.get_value() {
            before.clear();
        }
        let search = move || {
            at.set(0);
            q.set(text);
        };
        waiting.set_value(set_timeout_with_handle(search, PATIENCE).ok());
    };
    let pressed = move |event: leptos::ev::KeyboardEvent| {
        let step: isize = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            "Enter" => {
                event.prevent_default();
                return open_chosen();
            }
            _ => return,
        };
        event.prevent_default();
        let n = document().query_selector_all("#palette-list [role=option]").map_or(0, |options| options.length());
        at.update(|at| *at = at.saturating_add_signed(step).min((n as usize).saturating_sub(1)));
    };
    let element = Given::new();
    effect(move || {
        if let Some(input) = element.get::<HtmlInputElement>() {
            let _ = input.focus();
        }
    });
    let chosen = move || {
        let any = found.get().and_then(Result::ok).is_some_and(|found| !is_empty(&found));
        any.then(|| option_id(at.get()))
    };
    let answer = move || {
        let (lang, q) = (reader.lang(), q.get());
        match found.get().and_then(Result::ok) {
            Some(found) if !q.is_empty() => list(lang, &found, &q, at.get(), dialogs),
            _ => view! { <p class="palette-head">{say!(lang, find.hint)}</p> }.into_any(),
        }
    };
    view! {
        <h2 id="dialog-title" class="vh">{anew(move || say!(reader.lang(), find.label))}</h2>
        <div class="palette-in">
            {icon(Icon::Search)}
            <input
                class="palette-input"
                type="text"
                role="combobox"
                autocomplete="off"
                spellcheck="false"
                aria-autocomplete="list"
                aria-expanded="true"
                aria-controls="palette-list"
                aria-activedescendant=chosen
                aria-label=move || say!(reader.lang(), find.label)
                node_ref=element.to()
                on:input:target=move |event| typed(event.target().value())
                on:keydown=pressed
            />
            <kbd class="key" aria-hidden="true">"Esc"</kbd>
        </div>
        <div class="palette-list">{anew(answer)}</div>
    }
    .into_any()
}

fn is_empty(found: &Anything) -> bool {
    found.tables.is_empty() && found.requests.is_empty() && found.jobs.is_empty() && found.people.is_empty()
}

fn option_id(at: usize) -> String {
    ["palette-", &at.to_string()].concat()
}

/// Follows the link that is chosen, as a click does.
fn open_chosen() {
    let chosen = document().query_selector("#palette-list [aria-selected=true]").ok().flatten();
    if let Some(link) = chosen.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
        link.click();
    }
}

fn list(lang: Lang, found: &Anything, q: &str, at: usize, dialogs: Dialogs) -> AnyView {
    if is_empty(found) {
        let words = match found.of_tables {
            Some(_) => say!(lang, find.none, q = q),
            None => say!(lang, find.not_known).to_owned(),
        };
        return view! { <p class="palette-head" role="status">{words}</p> }.into_any();
    }
    let all = found.of_tables.filter(|of| *of > found.tables.len() as u64).map(|of| all_tables(lang, of, q));
    let groups = [
        (say!(lang, find.tables), found.tables.iter().map(|row| table(lang, row, q)).collect::<Vec<_>>()),
        (say!(lang, find.requests), found.requests.iter().map(request).collect()),
        (say!(lang, find.jobs), found.jobs.iter().map(|hit| job(lang, hit)).collect()),
        (say!(lang, find.people), found.people.iter().map(person).collect()),
        (say!(lang, find.act), all.into_iter().collect()),
    ];
    let mut number = 0;
    let groups: Vec<_> = groups
        .into_iter()
        .filter(|(_, choices)| !choices.is_empty())
        .map(|(name, choices)| {
            let options: Vec<_> = choices
                .into_iter()
                .map(|choice| {
                    number += 1;
                    option(choice, number - 1, at, dialogs)
                })
                .collect();
            view! { <div role="group" aria-label=name><div class="palette-head" aria-hidden="true">{name}</div>{options}</div> }
        })
        .collect();
    view! { <div id="palette-list" role="listbox" aria-label=say!(lang, find.label)>{groups}</div> }.into_any()
}

fn option(choice: Choice, number: usize, at: usize, dialogs: Dialogs) -> AnyView {
    let on = number == at;
    let class = if on { "menu-item is-on" } else { "menu-item" };
    view! {
        <a
            class=class
            role="option"
            tabindex="-1"
            id=option_id(number)
            aria-selected=on.to_string()
            href=choice.to
            on:click=move |_| dialogs.close()
        >
            {icon(choice.icon)}{choice.inside}
        </a>
    }
    .into_any()
}

fn table(lang: Lang, row: &TableRow, q: &str) -> Choice {
    let there = row.taken.as_ref().filter(|taken| taken.as_of.is_some());
    let to = match there {
        Some(taken) => Route::LakeTable(taken.target.clone()).path(),
        None => Route::Catalogue.with(&[("q", q), ("open", &open_name(row))]),
    };
    let state = row.taken.as_ref().map(|taken| match there {
        Some(_) => pill(lang, Look::of(&taken.state)),
        None => mark("is-waiting", Icon::Waiting, say!(lang, catalogue.asked_for).to_owned()),
    });
    let inside = view! {
        <span class="mono">{row.table.to_string()}</span>
        <span class="muted">{row.comment.clone()}</span>
        <span class="push">{state}</span>
    };
    Choice { icon: Icon::Table, to, inside: inside.into_any() }
}

fn request(hit: &RequestHit) -> Choice {
    let inside = view! {
        <span>{hit.number.clone()}" "{hit.title.clone()}</span>
        <span class="push muted tiny">{hit.who.clone()}</span>
    };
    Choice { icon: Icon::Request, to: Route::Request(hit.id.clone()).path(), inside: inside.into_any() }
}

fn job(lang: Lang, hit: &JobHit) -> Choice {
    let inside = view! {
        <span class="mono">{hit.name.clone()}</span>
        <span class="push muted tiny">{say_n!(lang, hit.tables, find.in_lake, find.in_lake_one)}</span>
    };
    Choice { icon: Icon::Job, to: Route::Job(hit.name.clone()).path(), inside: inside.into_any() }
}

fn person(hit: &PersonHit) -> Choice {
    let inside = view! {
        <span>{hit.name.clone()}</span>
        <span class="push muted tiny">{hit.team.clone()}</span>
    };
    Choice { icon: Icon::User, to: Route::Person(hit.id.clone()).path(), inside: inside.into_any() }
}

fn all_tables(lang: Lang, of: u64, q: &str) -> Choice {
    let inside = view! { <span>{say!(lang, find.all_tables, n = count(of))}</span> };
    Choice { icon: Icon::Arrow, to: Route::Catalogue.with(&[("q", q)]), inside: inside.into_any() }
}
