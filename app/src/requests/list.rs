//! The list of requests: one's own, or all one may see.

use api::Page;
use api::domain::change::Topic;
use api::requests::RequestRow;

use super::row::row;
use crate::address::Param;
use crate::api as calls;
use crate::html::{AnyView, IntoAny, view};
use crate::live::live;
use crate::react::{RwSignal, effect};
use crate::route::Route;
use crate::ui::anew::anew;
use crate::ui::button::link_button;
use crate::ui::empty::empty;
use crate::ui::fresh::Fresh;
use crate::ui::grid::{foot, shown};
use crate::ui::head::{head, tab_title};
use crate::ui::icon::Icon;
use crate::ui::loaded::{Feed, loaded};
use crate::ui::tabs::{Tab, tabs};
use crate::words::{Lang, reader, say};

/// The page.
pub fn list() -> AnyView {
    let reader = reader();
    let whose = Param::new("whose");
    let steps = RwSignal::new(1);
    let fresh = Fresh::new();
    // Another list is shown as it is.
    effect(move || {
        whose.get();
        fresh.forget();
    });
    let requests = Feed::new(move || {
        live().track(Topic::Request);
        live().track(Topic::Source);
        calls::requests(whose.get() != "all", steps.get())
    });
    view! {
        <div class="page">
            {anew(move || title(reader.lang()))}
            {anew(move || which(reader.lang(), &whose.get()))}
            {loaded(requests, move |page| {
                let rows = move || rows(reader.lang(), &page.get(), steps, fresh);
                anew(rows)
            })}
        </div>
    }
    .into_any()
}

fn title(lang: Lang) -> AnyView {
    tab_title(say!(lang, nav.requests));
    let new = link_button("btn is-primary", Some(Icon::Plus), say!(lang, nav.new).to_owned(), Route::NewRequest.path());
    head(say!(lang, nav.requests).into_any(), ().into_any(), say!(lang, list.sub).into_any(), Some(new))
}

fn which(lang: Lang, whose: &str) -> AnyView {
    let tab = |name: &str, value: &str| Tab {
        name: name.to_owned(),
        n: None,
        to: Route::Requests.with(&[("whose", value)]),
        on: whose == value,
    };
    tabs(say!(lang, list.which).to_owned(), vec![tab(say!(lang, list.mine), ""), tab(say!(lang, list.all), "all")])
}

fn rows(lang: Lang, page: &Page<RequestRow>, steps: RwSignal<usize>, fresh: Fresh) -> AnyView {
    if page.rows.is_empty() {
        let act = link_button("btn", Some(Icon::Search), say!(lang, home.find).to_owned(), Route::Catalogue.path());
        return empty(Icon::Request, say!(lang, list.empty), say!(lang, list.empty_more), Some(act));
    }
    let (requests, news) = fresh.rows(lang, &page.rows, |request| request.id.to_string());
    let rows: Vec<_> = requests.iter().map(|request| row(lang, request, true)).collect();
    let foot = foot(lang, shown(lang, requests.len()), page.next.is_some().then_some(steps));
    view! { {news}<div class="card is-flush"><ul class="rows">{rows}</ul>{foot}</div> }.into_any()
}
