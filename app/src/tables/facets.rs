//! Places beside the list: the sources with their counts.

use api::tables::{Choices, SourceChoice};
use leptos::prelude::*;

use super::catalogue::Filters;
use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::ui::anew::anew;
use crate::ui::loaded::Feed;
use crate::words::{Lang, reader, say};

/// The sources; one that is pressed narrows the list to it. On a phone they show themselves on demand.
pub fn facets(choices: Feed<Choices>, filters: Filters, narrow: RwSignal<bool>) -> AnyView {
    let reader = reader();
    let class = move || if narrow.get() { "facets is-shown" } else { "facets" };
    let inside = move || {
        let lang = reader.lang();
        let chosen = filters.source.get();
        let choices = choices.get().and_then(Result::ok);
        let all = (!chosen.is_empty()).then(|| {
            let click = move |_| filters.source.set("");
            view! { <button type="button" class="link-btn tiny" on:click=click>{say!(lang, catalogue.all_sources)}</button> }
        });
        let sources: Vec<_> = choices
            .iter()
            .flat_map(|choices| &choices.sources)
            .map(|source| facet(lang, source, &chosen, filters))
            .collect();
        view! {
            <div>
                <div class="facet-head"><span>{say!(lang, catalogue.place)}</span>{all}</div>
                {sources}
            </div>
        }
    };
    let label = move || say!(reader.lang(), catalogue.narrow);
    view! { <aside class=class aria-label=label>{anew(inside)}</aside> }.into_any()
}

fn facet(_: Lang, source: &SourceChoice, chosen: &str, filters: Filters) -> AnyView {
    let on = source.id.as_str() == chosen;
    let class = if on { "facet is-on" } else { "facet" };
    let id = source.id.clone();
    let click = move |_| {
        filters.steps.set(1);
        filters.source.toggle(id.as_str());
    };
    view! {
        <button type="button" class=class aria-pressed=on.to_string() on:click=click>
            <span class="clip">{source.name.clone()}</span>
            <span class="n">{count(source.tables)}</span>
        </button>
    }
    .into_any()
}
