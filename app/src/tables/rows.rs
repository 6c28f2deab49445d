//! The list of the catalogue: name, rows and size, and whether somebody brings it already.

use api::search::Found;
use api::tables::{TableRow, Taken};

use super::filters::Filters;
use super::model::{Allowed, Picked, allowed, is_picked, ticked};
use super::selection::Selection;
use crate::format::{about, bytes, count};
use crate::html::{AnyView, IntoAny, view};
use crate::route::Route;
use crate::ui::anew::anew;
use crate::ui::button::Button;
use crate::ui::empty::empty;
use crate::ui::grid::{foot, grid, th, th_right, tick, tick_all};
use crate::ui::icon::{Icon, icon};
use crate::ui::loaded::Shown;
use crate::ui::name::name_link;
use crate::ui::stamp::mark;
use crate::ui::state::{Look, pill};
use crate::ui::time::age;
use crate::ui::unknown::known;
use crate::viewer::viewer;
use crate::words::{Lang, reader, say, speak};

/// The rows found.
pub fn rows(page: Shown<Found>, filters: Filters, selection: Selection) -> AnyView {
    let reader = reader();
    let me = viewer();
    let view = move || {
        let (lang, page) = (reader.lang(), page.get());
        if page.rows.is_empty() {
            return no_match(lang, filters);
        }
        let (picked, open, my_name) = (selection.get(), filters.open.get(), me.me().person.name);
        let (on, can) = ticked(&picked, &page.rows);
        let all = page.rows.clone();
        let check = tick_all(say!(lang, catalogue.select_all).to_owned(), on > 0, can > 0 && on == can, move || {
            selection.toggle_all(&all);
        });
        let heads = vec![
            view! { <th role="columnheader" class="c-check">{check}</th> }.into_any(),
            th(say!(lang, col.table)),
            th_right(say!(lang, col.rows_size)),
            th(say!(lang, col.in_lake)),
        ];
        let more = page.next.is_some().then_some(filters.steps);
        let foot = foot(lang, sum(lang, &page), more);
        let rows = page.rows.iter().map(|each| row(lang, each, &picked, &open, &my_name, filters, selection)).collect();
        grid(say!(lang, catalogue.list).to_owned(), false, heads, rows, Some(foot))
    };
    anew(view)
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

/// How many are shown, of how many, and how long it took to find them.
pub fn sum(lang: Lang, found: &Found) -> String {
    let n = found.rows.len() as u64;
    let ms = match found.took / 100 {
        tenths @ 0..100 => [count(tenths / 10), count(tenths % 10)].join("."),
        tenths => count(tenths / 10),
    };
    match &found.sums {
        Some(sums) => say!(lang, catalogue.shown_of, n = count(n), of = count(sums.tables), ms = ms),
        None => say!(lang, catalogue.shown_only, n = count(n), ms = ms),
    }
}

/// Nothing matches: which filter to drop.
pub fn no_match(lang: Lang, filters: Filters) -> AnyView {
    let q = filters.q.get();
    let drop = |label| Some(Button::new(label).on(move || filters.drop_all()));
    let (text, act) = match (q.is_empty(), filters.any()) {
        (true, false) => (say!(lang, catalogue.empty).to_owned(), None),
        (true, true) => (say!(lang, catalogue.no_fit).to_owned(), drop(say!(lang, catalogue.drop_filters))),
        (false, _) => (say!(lang, catalogue.no_match, q = q), drop(say!(lang, catalogue.drop_search))),
    };
    empty(Icon::Search, say!(lang, no_match), &text, act)
}

fn row(
    lang: Lang,
    row: &TableRow,
    picked: &[Picked],
    open: &str,
    me: &str,
    filters: Filters,
    selection: Selection,
) -> AnyView {
    let on = is_picked(picked, row);
    let name = open_name(row);
    let class = match (name == open, on) {
        (true, _) => "is-open",
        (false, true) => "is-picked",
        (false, false) => "",
    };
    let disabled = allowed(row) != Allowed::Pick && !on;
    let (own, label) = (row.clone(), say!(lang, select, name = row.table.table));
    let (rows, size) = size_said(lang, row);
    let to = filters.opening(&name);
    view! {
        <tr role="row" class=class>
            <td role="cell" class="c-check">{tick(label, on, disabled, move || selection.toggle(&own))}</td>
            <th scope="row" role="rowheader" class="c-name">{name_link(&row.table, &row.comment, to)}</th>
            <td role="cell" class="r c-keep">{known(lang, rows)}<span class="name-more">{known(lang, size)}</span></td>
            <td role="cell" class="c-state">{in_lake(lang, row, on, me, selection)}</td>
        </tr>
    }
    .into_any()
}

/// Whether somebody brings it, or what stands in the way.
fn in_lake(lang: Lang, row: &TableRow, on: bool, me: &str, selection: Selection) -> AnyView {
    if let Some(blocked) = &row.blocked {
        return tag("tag is-late is-long", Some(Icon::Warn), speak(lang, blocked));
    }
    if let Some(taken) = &row.taken {
        let link = (!on && taken.who != me).then(|| {
            let own = row.clone();
            let click = move |_| selection.toggle(&own);
            let label = if taken.may_read { say!(lang, catalogue.link) } else { say!(lang, catalogue.access) };
            view! { <button type="button" class="link-btn" on:click=click>{label}</button> }
        });
        return view! { <span class="inline">{taken_mark(lang, taken)}{link}</span> }.into_any();
    }
    let no_key = (!row.keyed).then(|| tag("tag", None, say!(lang, catalogue.no_key).to_owned()));
    view! { <span class="inline"><span class="muted">{say!(lang, catalogue.not_yet)}</span>{no_key}</span> }.into_any()
}

fn tag(class: &'static str, image: Option<Icon>, words: String) -> AnyView {
    view! { <span class=class>{image.map(icon)}{words}</span> }.into_any()
}

/// The state with its age, leading to the table; before there is one, the stamp, leading to the request.
pub fn taken_mark(lang: Lang, taken: &Taken) -> AnyView {
    let look = Look::of(&taken.state);
    match (taken.as_of, &taken.request) {
        (Some(as_of), _) => {
            let old = age(lang, as_of, move |age| say!(lang, age_old, age = age));
            let inside = view! { {pill(lang, look)}<span class="muted tiny">{old}</span> };
            let to = Route::LakeTable(taken.target.clone()).path();
            if taken.may_read {
                view! { <a class="inline" href=to>{inside}</a> }.into_any()
            } else {
                view! { <span class="inline">{inside}</span> }.into_any()
            }
        }
        (None, request) => {
            let stamp = mark("is-waiting", Icon::Waiting, say!(lang, catalogue.asked_for).to_owned());
            let number = request.as_ref().map(|(_, number)| number.clone());
            let who = [number, Some(taken.who.clone())].into_iter().flatten().collect::<Vec<_>>();
            let more = view! { <span class="muted tiny">{who.join(say!(lang, clause_joint))}</span> };
            match request {
                Some((id, _)) => {
                    view! { <a class="inline" href=Route::Request(id.clone()).path()>{stamp}{more}</a> }.into_any()
                }
                None => view! { <span class="inline">{stamp}{more}</span> }.into_any(),
            }
        }
    }
}
