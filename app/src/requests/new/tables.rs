//! Step 1, have I got them all? Search, a pasted list, a CSV file, a pattern; the cart beside it.

use api::domain::change::Topic;
use api::domain::draft::Pick;
use api::domain::request::AskedTable;

use super::model::Msg;
use super::writing::Writing;
use super::{bar, cart, list, paste};
use crate::address::Param;
use crate::api as calls;
use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::live::live;
use crate::react::{Memo, RwSignal};
use crate::route::Step;
use crate::tables::facets;
use crate::tables::filters::Filters;
use crate::tables::model::line;
use crate::ui::anew::anew;
use crate::ui::button::Button;
use crate::ui::icon::Icon;
use crate::ui::loaded::{Feed, loaded};
use crate::ui::problem::note;
use crate::ui::search::search;
use crate::ui::tabs::{Tab, tabs};
use crate::words::{Lang, reader, say, say_n};

/// The step.
pub fn tables(writing: Writing) -> AnyView {
    let (reader, by) = (reader(), Param::new("by"));
    let way = Memo::new(move |_| by.get());
    let body = move || match way.get().as_str() {
        "paste" => paste::paste(writing, paste::Form::Lines),
        "csv" => paste::paste(writing, paste::Form::Csv),
        "pattern" => paste::paste(writing, paste::Form::Pattern),
        _ => searched(writing),
    };
    let foot = move || {
        let lang = reader.lang();
        let sum = say_n!(lang, writing.n(), new.in_request, new.in_request_one);
        bar::bar(
            sum.into_any(),
            None,
            bar::next(writing, say!(lang, new.next_destination).to_owned(), Step::Destination),
        )
    };
    view! {
        {anew(move || ways(reader.lang(), writing, &way.get()))}
        {anew(body)}
        {anew(foot)}
    }
    .into_any()
}

fn ways(lang: Lang, writing: Writing, now: &str) -> AnyView {
    let path = Step::Tables.path(&writing.id());
    let tab = |name: &str, by: &str| Tab {
        name: name.to_owned(),
        n: None,
        to: api::paths::with(&path, &[("by", by)]),
        on: now == by,
    };
    let all = vec![
        tab(say!(lang, new.by_search), ""),
        tab(say!(lang, new.by_paste), "paste"),
        tab(say!(lang, new.by_csv), "csv"),
        tab(say!(lang, new.by_pattern), "pattern"),
    ];
    tabs(say!(lang, new.ways).to_owned(), all)
}

fn searched(writing: Writing) -> AnyView {
    let reader = reader();
    let filters = Filters::new();
    let narrow = RwSignal::new(false);
    let found = Feed::new(move || {
        live().track(Topic::Request);
        live().track(Topic::Source);
        calls::find_tables(filters.all(), filters.steps.get())
    });
    let find = move |text: String| {
        filters.steps.set(1);
        filters.q.replace(text);
    };
    let tools = move || {
        let lang = reader.lang();
        let filter = Button::new(say!(lang, filter)).class("facets-btn btn").icon(Icon::Sliders);
        view! {
            <div class="tools">
                {search(say!(lang, catalogue.search).to_owned(), say!(lang, catalogue.search).to_owned(), filters.q.signal(), find)}
                {filter.on(move || narrow.update(|narrow| *narrow = !*narrow))}
            </div>
        }
    };
    let results = loaded(found, move |page| {
        let all = move || {
            let page = page.get();
            let shown: Vec<AskedTable> = page.rows.iter().filter(|row| list::can_pick(row)).map(list::asked).collect();
            let all = page.sums.as_ref().map(|sums| sums.askable);
            pick_all(reader.lang(), writing, pick_of(filters), shown, all)
        };
        view! { {anew(all)}{list::rows(page, filters, writing)} }.into_any()
    });
    view! {
        <div class="browse has-cart">
            {facets::facets(found, filters, narrow)}
            <div class="stack">{anew(tools)}{results}</div>
            {cart::cart(writing)}
        </div>
    }
    .into_any()
}

/// What is searched for, as a draft keeps it.
fn pick_of(filters: Filters) -> Pick {
    Pick { q: line(&filters.all()), ..Pick::default() }
}

/// Picks all that match and not only those shown, or goes back to those shown. How many there are in all may not be known
/// yet; where no more are there than shown, there is nothing to offer.
fn pick_all(lang: Lang, writing: Writing, pick: Pick, shown: Vec<AskedTable>, all: Option<u64>) -> Option<AnyView> {
    let on = writing.contents.with(|contents| contents.picks.contains(&pick));
    let more = all.is_none_or(|all| all > shown.len() as u64);
    if shown.is_empty() || !(on || more) {
        return None;
    }
    let n = count(shown.len() as u64);
    let offer = match all {
        Some(all) => say!(lang, new.pick_all, all = count(all), n = n),
        None => say!(lang, new.pick_all_unknown).to_owned(),
    };
    let click = move |_| writing.tell(Msg::PickAll(pick.clone(), shown.clone()));
    let said = if on {
        let more = say!(lang, new.all_picked_more, n = count(writing.n()));
        view! {
            <b>{say!(lang, new.all_picked)}</b>" "{more}" "
            <button type="button" class="link-btn" on:click=click>{say!(lang, new.only_shown, n = n)}</button>
        }
    } else {
        view! { <button type="button" class="link-btn" on:click=click>{offer}</button> }
    };
    if !on {
        return Some(said.into_any());
    }
    Some(view! { <div role="status">{note("is-accent", Icon::Check, said.into_any())}</div> }.into_any())
}
