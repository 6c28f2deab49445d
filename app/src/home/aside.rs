//! Beside Home: the tables in the lake, how many are as promised, and the odd ones by name.

use api::Page;
use api::domain::change::Topic;
use api::lake::{LakeRow, LakeTally};

use crate::api as calls;
use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::lake::list::portions;
use crate::live::live;
use crate::route::Route;
use crate::ui::anew::anew;
use crate::ui::head::section_head;
use crate::ui::loaded::{Feed, loaded};
use crate::ui::name::name;
use crate::ui::state::item_pill;
use crate::ui::tally::bar;
use crate::words::{Lang, reader, say, say_n};

/// How many tables stand by name.
const NAMED: usize = 5;

/// The aside.
pub fn aside() -> AnyView {
    let reader = reader();
    let lake = Feed::new(move || {
        live().track(Topic::Lake);
        live().track(Topic::Request);
        calls::lake(String::new(), String::new(), 1)
    });
    let body = loaded(lake, move |lake| {
        let body = move || {
            let lake = lake.get();
            card(reader.lang(), &lake.tally, &lake.page)
        };
        anew(body)
    });
    let label = move || say!(reader.lang(), home.lake);
    let head = move || {
        let lang = reader.lang();
        let all = view! { <a href=Route::Lake.path()>{say!(lang, home.all)}</a> }.into_any();
        section_head(say!(lang, home.lake).to_owned(), None, Some(all))
    };
    view! { <aside class="stack is-loose" aria-label=label><section>{anew(head)}{body}</section></aside> }.into_any()
}

fn card(lang: Lang, tally: &LakeTally, page: &Page<LakeRow>) -> AnyView {
    let parts = portions(lang, tally);
    let all: u64 = parts.iter().map(|part| part.n).sum();
    if all == 0 {
        return view! { <div class="card"><p class="small soft">{say!(lang, lake.empty_more)}</p></div> }.into_any();
    }
    let rows: Vec<_> = page.rows.iter().take(NAMED).map(|row| named(lang, row)).collect();
    view! {
        <div class="card stack">
            <p class="tile-num num">{count(tally.ready)}" "<small>{say_n!(lang, all, home.of_fresh, home.of_fresh_one)}</small></p>
            {bar(&parts, true)}
        </div>
        <div class="card is-flush mt-3"><ul class="rows">{rows}</ul></div>
    }
    .into_any()
}

fn named(lang: Lang, row: &LakeRow) -> AnyView {
    let item = &row.item;
    view! {
        <li>
            <a class="row" href=Route::LakeTable(item.target.clone()).path()>
                <div>{name(&item.target, &item.comment)}</div>
                {item_pill(lang, item, true)}
            </a>
        </li>
    }
    .into_any()
}
