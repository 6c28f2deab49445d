//! What narrows the list: places, in the lake, can be copied, size, each with its count.

use api::domain::ids::SourceId;
use api::search::{Found, Sums};

use super::filters::Filters;
use crate::address::Param;
use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::react::RwSignal;
use crate::ui::anew::anew;
use crate::ui::loaded::Feed;
use crate::words::{Lang, reader, say, say_n};

/// So many sources are shown before somebody asks for all.
const FEW: usize = 8;

/// What narrows the list; what is pressed does. On a phone it shows itself on demand.
pub fn facets(found: Feed<Found>, filters: Filters, narrow: RwSignal<bool>) -> AnyView {
    let (reader, all) = (reader(), RwSignal::new(false));
    let class = move || if narrow.get() { "facets is-shown" } else { "facets" };
    let inside = move || {
        let found = found.get().and_then(Result::ok)?;
        let (lang, sums) = (reader.lang(), found.sums.as_ref()?);
        let labels = |words: &[(String, u64)], label: fn(Lang, &str) -> &'static str| {
            words.iter().map(|(word, n)| (word.clone(), label(lang, word), *n)).collect::<Vec<_>>()
        };
        let lake = labels(&sums.in_lake, |lang, word| match word {
            "lake" => say!(lang, catalogue.in_lake_there),
            "asked" => say!(lang, catalogue.in_lake_asked),
            _ => say!(lang, catalogue.in_lake_not),
        });
        let copy = labels(&sums.copyable, |lang, word| match word {
            "yes" => say!(lang, catalogue.copy_yes),
            "nokey" => say!(lang, catalogue.copy_no_key),
            _ => say!(lang, catalogue.copy_no),
        });
        let size = labels(&sums.size, |lang, word| match word {
            "small" => say!(lang, catalogue.size_small),
            "medium" => say!(lang, catalogue.size_medium),
            "large" => say!(lang, catalogue.size_large),
            _ => say!(lang, catalogue.size_unknown),
        });
        Some(view! {
            {places(lang, sums, filters, all)}
            {group(say!(lang, col.in_lake), lake, filters, filters.lake)}
            {group(say!(lang, catalogue.can_copy), copy, filters, filters.copy)}
            {group(say!(lang, col.size), size, filters, filters.size)}
        })
    };
    let label = move || say!(reader.lang(), catalogue.narrow);
    view! { <aside class=class aria-label=label>{anew(inside)}</aside> }.into_any()
}

fn places(lang: Lang, sums: &Sums, filters: Filters, all: RwSignal<bool>) -> AnyView {
    let chosen = filters.source.get();
    let drop = (!chosen.is_empty()).then(|| {
        let click = move |_| filters.choose_source(&filters.source.get_now());
        view! { <button type="button" class="link-btn tiny" on:click=click>{say!(lang, catalogue.all_sources)}</button> }
    });
    let hidden = sums.sources.len().saturating_sub(FEW);
    let few = hidden > 1 && !all.get();
    let shown = if few { FEW } else { sums.sources.len() };
    // The one that is chosen is always shown.
    let shown = sums.sources.iter().enumerate().filter(|(at, (id, ..))| *at < shown || id.as_str() == chosen);
    let sources: Vec<_> = shown.map(|(_, (id, name, n))| source(id, name, *n, sums, &chosen, filters)).collect();
    let more = few.then(|| {
        let n = sums.sources[FEW..].iter().map(|(.., n)| n).sum::<u64>();
        let words = say_n!(lang, hidden as u64, n_more, n_more_one);
        view! {
            <button type="button" class="facet is-dim" aria-expanded="false" on:click=move |_| all.set(true)>
                <span class="clip">{words}</span>
                <span class="n">{count(n)}</span>
            </button>
        }
    });
    view! {
        <div>
            <div class="facet-head"><span>{say!(lang, catalogue.place)}</span>{drop}</div>
            <div class="tree">{sources}{more}</div>
        </div>
    }
    .into_any()
}

fn source(id: &SourceId, name: &str, n: u64, sums: &Sums, chosen: &str, filters: Filters) -> AnyView {
    let on = id.as_str() == chosen || name == chosen;
    let own = id.clone();
    let databases = on.then(|| {
        let database = filters.db.get();
        let items: Vec<_> = sums
            .databases
            .iter()
            .map(|(name, n)| {
                let own = name.clone();
                let press = move || filters.choose(filters.db, &own);
                view! { <li>{facet(name.clone(), *n, *name == database, false, Box::new(press))}</li> }
            })
            .collect();
        view! { <ul>{items}</ul> }
    });
    let press = move || filters.choose_source(own.as_str());
    view! { {facet(name.to_owned(), n, on, false, Box::new(press))}{databases} }.into_any()
}

fn group(name: &'static str, options: Vec<(String, &'static str, u64)>, filters: Filters, param: Param) -> AnyView {
    let chosen = param.get();
    let options: Vec<_> = options
        .into_iter()
        .map(|(word, label, n)| {
            let on = word == chosen;
            let press = move || filters.choose(param, &word);
            facet(label.to_owned(), n, on, true, Box::new(press))
        })
        .collect();
    view! { <div><div class="facet-head"><span>{name}</span></div>{options}</div> }.into_any()
}

fn facet(label: String, n: u64, on: bool, ticked: bool, press: Box<dyn Fn()>) -> AnyView {
    let class = if on { "facet is-on" } else { "facet" };
    let tick = ticked.then(|| {
        let class = if on { "check is-on" } else { "check" };
        view! { <span class=class aria-hidden="true"></span> }
    });
    view! {
        <button type="button" class=class aria-pressed=on.to_string() on:click=move |_| press()>
            {tick}
            <span class="facet-name">{label}</span>
            <span class="n">{count(n)}</span>
        </button>
    }
    .into_any()
}
