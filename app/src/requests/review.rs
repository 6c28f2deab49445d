//! What is signed: freshness, tables by source, what happens then, who decides, the sum at the bottom.

use api::domain::tier::Tier;
use api::tables::Choices;
use leptos::prelude::*;

use super::model::Msg;
use super::new::Writing;
use crate::format::{about, bytes};
use crate::html::{AnyView, IntoAny, view};
use crate::route::Route;
use crate::tables::model::{Picked, by_source, sums};
use crate::ui::button::{Button, icon_button, link_button};
use crate::ui::field::field_problem;
use crate::ui::head::section_head;
use crate::ui::icon::{Icon, icon};
use crate::ui::name::name;
use crate::ui::unknown::known;
use crate::ui::who::who;
use crate::words::{Lang, say, say_n};

/// The promise in one line.
pub fn tier_said(lang: Lang, tier: Tier) -> &'static str {
    match tier {
        Tier::Minutes => say!(lang, tier.minutes),
        Tier::Daily => say!(lang, tier.daily),
    }
}

/// How fresh: the promises of the route as cards.
pub fn freshness(lang: Lang, choices: &Choices, writing: Writing) -> Option<AnyView> {
    let draft = writing.draft.get();
    let route = draft.route(&choices.routes)?;
    let chosen = draft.tier(route);
    let cards: Vec<_> = route
        .tiers
        .iter()
        .map(|tier| {
            let tier = *tier;
            let (title, more) = match tier {
                Tier::Minutes => (say!(lang, tier.minutes_title), say!(lang, tier.minutes_more)),
                Tier::Daily => (say!(lang, tier.daily_title), say!(lang, tier.daily_more)),
            };
            view! {
                <label class="choice">
                    <input
                        class="check"
                        type="radio"
                        name="tier"
                        prop:checked=tier == chosen
                        on:change=move |_| writing.tell(Msg::Tier(tier))
                    />
                    <b>{title}</b>
                    <p>{more}</p>
                </label>
            }
        })
        .collect();
    Some(
        view! {
            <section class="form" aria-labelledby="fresh">
                <h2 id="fresh">{say!(lang, new.fresh)}</h2>
                <div class="form" role="radiogroup" aria-labelledby="fresh">{cards}</div>
            </section>
        }
        .into_any(),
    )
}

/// The tables by source, each with its way out.
pub fn tables(lang: Lang, choices: &Choices, writing: Writing) -> AnyView {
    let picked = writing.selection.get();
    let groups: Vec<_> = by_source(&picked)
        .into_iter()
        .map(|(source, tables)| {
            let tables: Vec<_> = tables.into_iter().map(|table| cart_row(lang, table, writing)).collect();
            view! { <div class="cart-head"><b>{source}</b></div>{tables} }
        })
        .collect();
    let more = link_button("btn is-sm", Some(Icon::Plus), say!(lang, new.more).to_owned(), Route::Catalogue.path());
    let problem = writing.problem_of(lang, "tables", &choices.routes).map(|problem| field_problem("tables", problem));
    view! {
        <section>
            {section_head(
                say!(lang, col.tables).to_owned(),
                Some(say_n!(lang, picked.len() as u64, n_tables, n_tables_one).into_any()),
                Some(more),
            )}
            {problem}
            <div class="cart">{groups}</div>
        </section>
    }
    .into_any()
}

fn cart_row(lang: Lang, table: &Picked, writing: Writing) -> AnyView {
    let own = table.clone();
    let linked = table.linked.then(|| view! { <span class="tag is-accent">{say!(lang, new.linked)}</span> });
    let out = say!(lang, new.take_out, name = table.table.table);
    view! {
        <div class="cart-row">
            {name(&table.table, &table.comment)}
            <span class="push inline">
                {linked}
                <span class="muted tiny nowrap">{known(lang, table.rows.map(|rows| say!(lang, n_rows, n = about(lang, rows))))}</span>
                {icon_button(Icon::X, &out, move || writing.selection.drop_out(&own))}
            </span>
        </div>
    }
    .into_any()
}

/// What it means, what happens then, who decides.
pub fn aside(lang: Lang, choices: &Choices, writing: Writing) -> AnyView {
    let picked = writing.selection.get();
    let (rows, size) = sums(&picked);
    let draft = writing.draft.get();
    let route = draft.route(&choices.routes);
    let owners = owners(choices, &picked);
    let deciders: Vec<_> = owners.iter().map(|name| view! { <li>{who(name)}</li> }).collect();
    let deciders = if deciders.is_empty() {
        view! { <p class="small soft">{say!(lang, new.operator_decides)}</p> }.into_any()
    } else {
        view! { <ul class="stack is-tight small">{deciders}</ul> }.into_any()
    };
    view! {
        <aside class="stack" aria-label=say!(lang, new.means)>
            <section class="card is-sunken">
                <div class="card-head"><h2>{say!(lang, new.means)}</h2></div>
                <dl class="facts">
                    <dt>{say!(lang, col.tables)}</dt>
                    <dd>{say_n!(lang, picked.len() as u64, n_tables, n_tables_one)}</dd>
                    <dt>{say!(lang, col.rows)}</dt>
                    <dd>{known(lang, rows.map(|rows| about(lang, rows)))}</dd>
                    <dt>{say!(lang, col.size)}</dt>
                    <dd>{known(lang, size.map(bytes))}</dd>
                    <dt>{say!(lang, new.route)}</dt>
                    <dd>{route.map(|route| route.name.clone())}</dd>
                    <dt>{say!(lang, col.promise)}</dt>
                    <dd>{route.map(|route| tier_said(lang, draft.tier(route)))}</dd>
                </dl>
            </section>
            <section class="card">
                <div class="card-head"><h2>{say!(lang, chain.decides)}</h2></div>
                {deciders}
            </section>
            <section>
                <div class="card-head"><h2>{say!(lang, new.then)}</h2></div>
                {then(lang)}
            </section>
        </aside>
    }
    .into_any()
}

fn owners(choices: &Choices, picked: &[Picked]) -> Vec<String> {
    let of_picked = choices.sources.iter().filter(|source| picked.iter().any(|each| each.source == source.id));
    of_picked.flat_map(|source| source.owners.clone()).fold(Vec::new(), |mut owners, name| {
        if !owners.contains(&name) {
            owners.push(name);
        }
        owners
    })
}

fn then(lang: Lang) -> AnyView {
    let step = |image: Icon, what: &'static str, more: &'static str| {
        view! {
            <li class="chain-step">
                <span class="chain-mark" aria-hidden="true">{icon(image)}</span>
                <div><b>{what}</b><p>{more}</p></div>
            </li>
        }
    };
    view! {
        <ol class="chain">
            {step(Icon::Stamp, say!(lang, new.then_decide), say!(lang, new.then_decide_more))}
            {step(Icon::Copying, say!(lang, new.then_copy), say!(lang, new.then_copy_more))}
            {step(Icon::Shield, say!(lang, new.then_prove), say!(lang, new.then_prove_more))}
        </ol>
    }
    .into_any()
}

/// The sum and the act, always at the bottom edge.
pub fn actbar(lang: Lang, choices: &Choices, writing: Writing, submit: impl Fn() + Send + 'static) -> AnyView {
    let n = writing.selection.get().len() as u64;
    let draft = writing.draft.get();
    let promise = draft.route(&choices.routes).map(|route| tier_said(lang, draft.tier(route)));
    let label = say_n!(lang, n, new.submit, new.submit_one);
    let button = Button::new(label).class("btn is-primary").icon(Icon::Arrow).key("Ctrl ⏎").busy(writing.busy.into());
    view! {
        <div class="actbar">
            <span class="sum hide-s"><b>{say_n!(lang, n, n_tables, n_tables_one)}</b>" · "{promise}</span>
            <span class="actbar-end">
                {link_button("btn", Some(Icon::Left), say!(lang, new.back).to_owned(), Route::Catalogue.path())}
                {button.on(submit)}
            </span>
        </div>
    }
    .into_any()
}
