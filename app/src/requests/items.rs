//! The tables of a request: failed, running, waiting, ready, ended, each with what happens now.

use std::collections::BTreeSet;

use api::Page;
use api::domain::change::Topic;
use api::domain::ids::{ItemId, RequestId};
use api::domain::tally::Part;
use api::requests::{ItemRow, RequestView, TendVerb};

use super::model::{Placed, mark_of, settle};
use super::page::Filters;
use super::tending::{Tending, leave_out};
use crate::api as calls;
use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::live::live;
use crate::react::{RwSignal, StoredValue, effect};
use crate::route::Route;
use crate::shell::{Key, on_key};
use crate::ui::anew::anew;
use crate::ui::button::Button;
use crate::ui::empty::empty;
use crate::ui::flash::Flash;
use crate::ui::grid::{foot, grid, th, tick, tick_all};
use crate::ui::icon::Icon;
use crate::ui::loaded::{Feed, Shown, loaded};
use crate::ui::meter::meter;
use crate::ui::name::{name, name_link};
use crate::ui::search::search;
use crate::ui::state::{Look, item_pill, part_said};
use crate::ui::time::{age, time};
use crate::ui::unknown::unknown;
use crate::words::{Lang, around, reader, say, say_n, speak};

/// Spinning stops in lists longer than this.
const STILL: usize = 50;

/// What the parts of the tab share.
#[derive(Clone, Copy)]
struct List {
    view: Shown<RequestView>,
    filters: Filters,
    picked: RwSignal<BTreeSet<ItemId>>,
    steps: RwSignal<usize>,
    /// Whether the pointer is over the list or the focus in it: then nothing jumps.
    held: RwSignal<bool>,
    shown: StoredValue<Vec<Placed>>,
    flash: Flash,
}

/// The tab.
pub fn items_tab(id: RequestId, view: Shown<RequestView>, filters: Filters) -> AnyView {
    let list = List {
        view,
        filters,
        picked: RwSignal::new(BTreeSet::new()),
        steps: RwSignal::new(1),
        held: RwSignal::new(false),
        shown: StoredValue::new(Vec::new()),
        flash: Flash::new(),
    };
    let items = Feed::new(move || {
        live().track_request(&id);
        live().track(Topic::Source);
        calls::items(&id, filters.part.get(), filters.q.get(), list.steps.get())
    });
    // Another filter is another list: nothing of it is held.
    effect(move || {
        filters.part.get();
        filters.q.get();
        list.shown.set_value(Vec::new());
    });
    on_key(move |key| {
        let clears = key == Key::Escape && list.picked.with_untracked(|picked| !picked.is_empty());
        if clears {
            list.picked.set(BTreeSet::new());
        }
        clears
    });
    let reader = reader();
    view! {
        {anew(move || tools(reader.lang(), list))}
        <div
            on:pointerenter=move |_| list.held.set(true)
            on:pointerleave=move |_| list.held.set(false)
        >
            {loaded(items, move |page| {
                let rows = move || rows(reader.lang(), &page.get(), list);
                anew(rows)
            })}
        </div>
        {anew(move || selection(reader.lang(), list))}
    }
    .into_any()
}

fn tools(lang: Lang, list: List) -> AnyView {
    let filters = list.filters;
    let label = say_n!(lang, list.view.get().row.tally.requested(), items.search, items.search_one);
    let part = filters.part.get();
    let part = Part::ALL.into_iter().find(|each| crate::ui::state::part_word(*each) == part);
    let chosen = part.map(|part| {
        let words = say!(lang, items.only, part = part_said(lang, part));
        view! { <button type="button" class="filter is-on" on:click=move |_| filters.part.set("")>{words}" ×"</button> }
    });
    view! {
        <div class="tools">
            {search(label, say!(lang, items.placeholder).to_owned(), filters.q.signal(), move |text| filters.q.replace(text))}
            {chosen}
        </div>
    }
    .into_any()
}

fn rows(lang: Lang, page: &Page<ItemRow>, list: List) -> AnyView {
    let (placed, moved) = settle(&list.shown.get_value(), page.rows.clone(), list.held.get());
    list.flash.show(placed.iter().map(|placed| (placed.row.id.to_string(), mark_of(&placed.row))).collect());
    list.shown.set_value(placed.clone());
    if placed.is_empty() {
        return no_match(lang, list.filters);
    }
    let may_tend = list.view.with(|view| view.may.tend);
    let heads = [
        may_tend.then(|| check_head(lang, &placed, list)),
        Some(th(say!(lang, col.table))),
        Some(th(say!(lang, col.state))),
        Some(th(say!(lang, col.progress))),
        Some(th(say!(lang, col.now))),
    ];
    let columns = 4 + u32::from(may_tend);
    let still = placed.len() > STILL;
    let mut shown = Vec::new();
    let mut under = None;
    for each in &placed {
        if under != Some(each.under) {
            under = Some(each.under);
            shown.push(group(lang, each.under, list, columns));
        }
        shown.push(row(lang, &each.row, may_tend, still, list));
    }
    let moved = (moved > 0).then(|| {
        let label = say_n!(lang, moved as u64, items.moved, items.moved_one);
        view! { <p class="mb-3">{Button::new(label).class("btn is-sm").icon(Icon::Retry).on(move || sort_again(list))}</p> }
    });
    let total = list.view.with(|view| view.row.tally.requested());
    let words = say!(lang, items.shown, n = count(placed.len() as u64), of = count(total));
    let foot = foot(lang, words, page.next.is_some().then_some(list.steps));
    let heads = heads.into_iter().flatten().collect();
    view! { {moved}{grid(say!(lang, items.list).to_owned(), false, heads, shown, Some(foot))} }.into_any()
}

/// Lets the rows go where they belong now.
fn sort_again(list: List) {
    list.shown.set_value(Vec::new());
    list.held.notify();
}

fn no_match(lang: Lang, filters: Filters) -> AnyView {
    let drop = Button::new(say!(lang, items.drop_filter)).on(move || {
        filters.q.replace("");
        filters.part.set("");
    });
    empty(Icon::Search, say!(lang, no_match), say!(lang, items.no_match), Some(drop))
}

fn check_head(lang: Lang, placed: &[Placed], list: List) -> AnyView {
    let mut ids = BTreeSet::new();
    ids.extend(placed.iter().map(|placed| placed.row.id.clone()));
    let on = list.picked.with(|picked| ids.iter().filter(|id| picked.contains(*id)).count());
    let all = on == ids.len();
    let press = move || list.picked.set(if all { BTreeSet::new() } else { ids.clone() });
    let check = tick_all(say!(lang, items.select_all).to_owned(), on > 0, all, press);
    view! { <th role="columnheader" class="c-check">{check}</th> }.into_any()
}

fn group(lang: Lang, part: Part, list: List, columns: u32) -> AnyView {
    // Rows that are held may stand below a group that has nobody left.
    let n = list.view.with(|view| view.row.tally.part(part));
    let n = (n > 0).then(|| count(n) + " ");
    view! {
        <tr role="row" class="is-group">
            <td role="cell" colspan=columns>{n}{part_said(lang, part)}</td>
        </tr>
    }
    .into_any()
}

fn row(lang: Lang, item: &ItemRow, may_tend: bool, still: bool, list: List) -> AnyView {
    let (id, key) = (item.id.clone(), item.id.to_string());
    let on = list.picked.with(|picked| picked.contains(&item.id));
    let toggle = move || {
        let id = id.clone();
        list.picked.update(|picked| {
            if !picked.remove(&id) {
                picked.insert(id);
            }
        });
    };
    let check = may_tend.then(|| {
        let label = say!(lang, select, name = item.table.table);
        view! { <td role="cell" class="c-check">{tick(label, on, false, toggle)}</td> }
    });
    let class = move || match (list.flash.is_lit(&key), on) {
        (true, _) => "just-changed",
        (false, true) => "is-picked",
        (false, false) => "",
    };
    let linked = match (item.linked, item.reads) {
        (_, true) => Some(say!(lang, items.reads)),
        (true, false) => Some(say!(lang, items.linked)),
        (false, false) => None,
    };
    let linked = linked.map(|words| view! { " "<span class="tag is-accent">{words}</span> });
    view! {
        <tr role="row" class=class>
            {check}
            <th scope="row" role="rowheader" class="c-name">{item_name(item)}</th>
            <td role="cell" class="c-state">{item_pill(lang, item, still)}</td>
            <td role="cell" class="c-keep">{progress(lang, item)}</td>
            <td role="cell" class="c-now now">{speak(lang, &item.now)}{linked}</td>
        </tr>
    }
    .into_any()
}

/// Leads to the table of the lake once there is one.
pub fn item_name(item: &ItemRow) -> AnyView {
    match item.as_of {
        Some(_) => name_link(&item.table, &item.comment, Route::LakeTable(item.target.clone()).path()),
        None => name(&item.table, &item.comment),
    }
}

/// Rows copied, or the age of the data, or since when it is as it is.
pub fn progress(lang: Lang, item: &ItemRow) -> AnyView {
    let old = move |age: String| say!(lang, age_old, age = age);
    match (Look::of(&item.state), item.progress, item.as_of) {
        (Look::Unknown, _, _) => unknown(lang),
        (Look::Copying, Some(progress), _) => meter(lang, &progress, item.table.table.as_str()),
        (Look::Verifying, _, _) => view! { <span class="soft">{say!(lang, items.counting)}</span> }.into_any(),
        (Look::Ready, _, Some(as_of)) => view! { <span class="soft">{age(lang, as_of, old)}</span> }.into_any(),
        (Look::Late, _, Some(as_of)) => view! { <span class="warn">{age(lang, as_of, old)}</span> }.into_any(),
        _ => view! { <span class="soft">{around(say!(lang, since), time(lang, item.since))}</span> }.into_any(),
    }
}

fn selection(lang: Lang, list: List) -> Option<AnyView> {
    let picked: Vec<ItemId> = list.picked.get().into_iter().collect();
    if picked.is_empty() || !list.view.with(|view| view.may.tend) {
        return None;
    }
    let tending = Tending::new();
    let n = picked.len() as u64;
    let clear = move || {
        list.picked.try_set(BTreeSet::new());
    };
    let items = picked.clone();
    let again = Button::new(say!(lang, tend.again_verb)).class("btn is-sm is-primary").icon(Icon::Retry);
    let again = again.busy(tending.busy.into()).on(move || {
        tending.tend(TendVerb::TryAgain, items.clone());
        clear();
    });
    Some(
        view! {
            <div class="selbar" role="region" aria-label=say!(lang, selection.label)>
                <b>{say_n!(lang, n, selection.tables, selection.tables_one)}</b>
                {again}
                {leave_out(lang, tending, say!(lang, tend.out_verb).to_owned(), picked, clear)}
                {Button::new(say!(lang, selection.clear)).class("btn is-sm").key("Esc").on(clear)}
            </div>
        }
        .into_any(),
    )
}
