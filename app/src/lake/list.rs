//! The lake: the sum of all tables, then the list, worst first.

use api::Page;
use api::domain::change::Topic;
use api::lake::{LakeRow, LakeTally};

use super::model::{PARTS, marks, part, total, used};
use crate::address::Param;
use crate::api as calls;
use crate::clock;
use crate::format::{count, span};
use crate::html::{AnyView, IntoAny, view};
use crate::live::live;
use crate::react::{Memo, RwSignal, Signal, effect};
use crate::requests::new::tier_said;
use crate::route::Route;
use crate::ui::anew::anew;
use crate::ui::button::{Button, link_button};
use crate::ui::empty::empty;
use crate::ui::flash::Flash;
use crate::ui::fresh::Fresh;
use crate::ui::grid::{foot, grid, shown, th};
use crate::ui::head::{head, tab_title};
use crate::ui::icon::Icon;
use crate::ui::loaded::{Feed, loaded};
use crate::ui::name::name_link;
use crate::ui::search::search;
use crate::ui::state::{Look, item_pill};
use crate::ui::tally::{Portion, bar, sum};
use crate::ui::time::age;
use crate::ui::unknown::unknown;
use crate::ui::who::who;
use crate::words::{Lang, reader, say, say_n};

#[derive(Clone, Copy)]
struct List {
    q: Param,
    part: Param,
    steps: RwSignal<usize>,
    flash: Flash,
    fresh: Fresh,
}

/// The page.
pub fn list() -> AnyView {
    let reader = reader();
    let list = List {
        q: Param::new("q"),
        part: Param::new("part"),
        steps: RwSignal::new(1),
        flash: Flash::new(),
        fresh: Fresh::new(),
    };
    // Another list is shown as it is.
    effect(move || {
        list.q.get();
        list.part.get();
        list.fresh.forget();
    });
    let lake = Feed::new(move || {
        live().track(Topic::Lake);
        live().track(Topic::Request);
        calls::lake(list.q.get(), list.part.get(), list.steps.get())
    });
    let inside = loaded(lake, move |lake| {
        let tally = Signal::derive(move || lake.get().tally);
        // An empty lake has no sum, and nothing to search in.
        let some = Memo::new(move |_| total(&tally.get()) > 0);
        let sum = move || some.get().then(|| anew(move || tally_of(reader.lang(), &tally.get(), list)));
        let tools = move || some.get().then(|| anew(move || tools(reader.lang(), list)));
        let body = view! {
            {anew(sum)}
            <div class="section">
                {anew(tools)}
                {anew(move || rows(reader.lang(), &lake.get().page, &tally.get(), list))}
            </div>
        };
        body.into_any()
    });
    view! { <div class="page is-wide">{anew(move || title(reader.lang()))}{inside}</div> }.into_any()
}

fn title(lang: Lang) -> AnyView {
    tab_title(say!(lang, nav.lake));
    head(say!(lang, nav.lake).into_any(), ().into_any(), say!(lang, lake.sub).into_any(), None)
}

/// The parts of the sum.
pub fn portions(lang: Lang, tally: &LakeTally) -> Vec<Portion> {
    PARTS
        .into_iter()
        .map(|key| {
            let look = Look::of(key);
            Portion { class: look.class(), key, word: part_said(lang, key), n: part(tally, key) }
        })
        .collect()
}

fn part_said(lang: Lang, part: &str) -> &'static str {
    match part {
        "ready" => say!(lang, part.ready),
        "late" => say!(lang, part.late),
        "failed" => say!(lang, part.failed),
        "paused" => say!(lang, part.paused),
        _ => say!(lang, unknown),
    }
}

fn tally_of(lang: Lang, tally: &LakeTally, list: List) -> AnyView {
    let parts = portions(lang, tally);
    let big = say_n!(lang, total(tally), lake.of_as_promised, lake.of_as_promised_one);
    view! {
        <section aria-label=say!(lang, request.progress)>
            <div class="tally-top"><p class="tally-big num">{count(tally.ready)}" "<small>{big}</small></p></div>
            {bar(&parts, false)}
            {sum(&parts, say!(lang, lake.in_lake), &list.part.get(), move |key| list.part.toggle(key))}
        </section>
    }
    .into_any()
}

fn tools(lang: Lang, list: List) -> AnyView {
    let find = move |text: String| {
        list.steps.set(1);
        list.q.replace(text);
    };
    let chosen = list.part.get();
    let chosen = PARTS.into_iter().find(|part| *part == chosen).map(|part| {
        let words = say!(lang, items.only, part = part_said(lang, part));
        view! { <button type="button" class="filter is-on" on:click=move |_| list.part.set("")>{words}" ×"</button> }
    });
    view! {
        <div class="tools">
            {search(say!(lang, lake.search).to_owned(), say!(lang, lake.placeholder).to_owned(), list.q.signal(), find)}
            {chosen}
        </div>
    }
    .into_any()
}

fn rows(lang: Lang, page: &Page<LakeRow>, tally: &LakeTally, list: List) -> AnyView {
    list.flash.show(marks(&page.rows));
    if page.rows.is_empty() {
        return nothing(lang, total(tally) == 0, list);
    }
    let heads = [
        say!(lang, col.table),
        say!(lang, col.state),
        say!(lang, col.age),
        say!(lang, col.promise),
        say!(lang, col.owner),
        say!(lang, col.from),
    ];
    let heads = heads.into_iter().map(th).collect();
    let (tables, news) = list.fresh.rows(lang, &page.rows, |each| each.item.id.to_string());
    let rows: Vec<_> = tables.iter().map(|each| row(lang, each, list)).collect();
    let shown = shown(lang, tables.len());
    let foot = foot(lang, shown, page.next.is_some().then_some(list.steps));
    let grid = grid(say!(lang, lake.list).to_owned(), true, heads, rows, Some(foot));
    view! { {news}{grid} }.into_any()
}

fn nothing(lang: Lang, at_all: bool, list: List) -> AnyView {
    if at_all {
        let find = link_button("btn", Some(Icon::Search), say!(lang, home.find).to_owned(), Route::Catalogue.path());
        return empty(Icon::Lake, say!(lang, lake.empty), say!(lang, lake.empty_more), Some(find));
    }
    let drop = Button::new(say!(lang, items.drop_filter)).on(move || {
        list.q.replace("");
        list.part.set("");
    });
    empty(Icon::Search, say!(lang, no_match), say!(lang, items.no_match), Some(drop))
}

fn row(lang: Lang, row: &LakeRow, list: List) -> AnyView {
    let (item, id) = (&row.item, row.item.id.to_string());
    let class = move || if list.flash.is_lit(&id) { "just-changed" } else { "" };
    view! {
        <tr role="row" class=class>
            <th scope="row" role="rowheader" class="c-name">
                {name_link(&item.target, &item.comment, Route::LakeTable(item.target.clone()).path())}
            </th>
            <td role="cell" class="c-state">{item_pill(lang, item, true)}</td>
            <td role="cell" class="c-keep">{age_against_promise(lang, row)}</td>
            <td role="cell" class="nowrap">{tier_said(lang, row.tier)}</td>
            <td role="cell">{who(&row.owner.name)}</td>
            <td role="cell" class="nowrap">{row.source.clone()}</td>
        </tr>
    }
    .into_any()
}

/// How old the data is, and how much of the promise that is.
fn age_against_promise(lang: Lang, row: &LakeRow) -> AnyView {
    let item = &row.item;
    let look = Look::of(&item.state);
    let (Some(as_of), Some(percent)) = (item.as_of, used(row, clock::now())) else { return unknown(lang) };
    if look == Look::Unknown {
        return unknown(lang);
    }
    let class = format!("meter {}", look.class());
    let name = say!(lang, lake.age_name, age = span(lang, clock::now().since(as_of)), tier = tier_said(lang, row.tier));
    view! {
        <div class=class>
            <svg class="agebar" role="img" aria-label=name>
                <rect class="ground" width="100%" height="100%"></rect>
                <rect class="seg" width=format!("{percent}%") height="100%"></rect>
            </svg>
            <span class="num">{age(lang, as_of, move |age| say!(lang, age_old, age = age))}</span>
        </div>
    }
    .into_any()
}
