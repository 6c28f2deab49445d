//! Step 2, how fresh, where, why, how long?

use api::domain::tier::Tier;
use api::tables::{Choices, RouteChoice};

use super::bar;
use super::model::{Msg, deciders, route_of, sums};
use super::writing::Writing;
use crate::format::{about, bytes};
use crate::html::{AnyView, IntoAny, view};
use crate::react::Signal;
use crate::route::Step;
use crate::ui::anew::anew;
use crate::ui::field::Field;
use crate::ui::loaded::{Feed, Shown, loaded};
use crate::ui::unknown::known;
use crate::ui::who::who;
use crate::words::{Lang, reader, say, say_n};

/// The step.
pub fn destination(writing: Writing, choices: Feed<Choices>) -> AnyView {
    let reader = reader();
    let foot = move || {
        let lang = reader.lang();
        let back = bar::back(lang, writing, Step::Tables);
        let next = bar::next(writing, say!(lang, new.next_checks).to_owned(), Step::Checks);
        bar::bar(bar::sum(lang, writing, choices), Some(back), next)
    };
    view! {
        <div class="cols-2">
            <div class="stack is-loose">
                {loaded(choices, move |choices| where_to(choices, writing))}
                {anew(move || why(reader.lang(), writing))}
            </div>
            {anew(move || means(reader.lang(), writing))}
        </div>
        {anew(foot)}
    }
    .into_any()
}

fn where_to(choices: Shown<Choices>, writing: Writing) -> AnyView {
    let reader = reader();
    let fresh = move || {
        let (lang, choices) = (reader.lang(), choices.get());
        let (route, tier) =
            writing.contents.with(|contents| (route_of(contents, &choices.routes).cloned(), contents.tier));
        Some(freshness(lang, writing, &route?, tier))
    };
    view! { {anew(fresh)}{anew(move || place(reader.lang(), &choices.get(), writing))} }.into_any()
}

/// The promises of the route as cards.
fn freshness(lang: Lang, writing: Writing, route: &RouteChoice, chosen: Option<Tier>) -> AnyView {
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
                        prop:checked=Some(tier) == chosen
                        on:change=move |_| writing.tell(Msg::Tier(tier))
                    />
                    <b>{title}</b>
                    <p>{more}</p>
                </label>
            }
        })
        .collect();
    view! {
        <section class="form" aria-labelledby="fresh">
            <h2 id="fresh">{say!(lang, new.fresh)}</h2>
            <div class="form" role="radiogroup" aria-labelledby="fresh">{cards}</div>
        </section>
    }
    .into_any()
}

fn place(lang: Lang, choices: &Choices, writing: Writing) -> AnyView {
    let chosen = writing.contents.with(|contents| contents.route.clone());
    let problem = Signal::derive(move || writing.problem_of(reader().lang(), "route"));
    let field = Field { id: "route", label: say!(lang, new.route).to_owned(), hint: String::new(), problem };
    let routes: Vec<(String, String)> =
        choices.routes.iter().map(|route| (route.id.as_str().to_owned(), route.name.clone())).collect();
    let known = choices.routes.clone();
    let pick = move |id: String| {
        if let Some(route) = known.iter().find(|route| route.id.as_str() == id) {
            writing.tell(Msg::Route(route.id.clone(), route.tiers.clone()));
        }
    };
    let saved = writing.saved.get();
    let names: Vec<String> = saved.names.iter().map(|(from, to)| format!("{from}  →  {to}")).collect();
    let names = (!names.is_empty()).then(|| {
        let more = writing.n().saturating_sub(saved.names.len() as u64);
        let more = (more > 0).then(|| view! { <span class="hint">{say_n!(lang, more, n_more, n_more_one)}</span> });
        view! {
            <div class="field">
                <span class="label">{say!(lang, new.names)}</span>
                <div class="code"><pre tabindex="0">{names.join("\n")}</pre></div>
                {more}
            </div>
        }
    });
    view! {
        <section class="form">
            <h2>{say!(lang, new.where_to)}</h2>
            {field.select(routes, chosen.as_ref().map_or("", |id| id.as_str()), pick)}
            {names}
        </section>
    }
    .into_any()
}

fn why(lang: Lang, writing: Writing) -> AnyView {
    let problem_of = move |field| Signal::derive(move || writing.problem_of(lang, field));
    let field = |id, label: &str, hint: &str| Field {
        id,
        label: label.to_owned(),
        hint: hint.to_owned(),
        problem: problem_of(id),
    };
    let value = move |of: fn(&api::domain::draft::Contents) -> &String| {
        Signal::derive(move || writing.contents.with(|contents| of(contents).clone()))
    };
    let reason = field("reason", say!(lang, new.reason), say!(lang, new.reason_hint));
    let until = field("keep_until", say!(lang, new.keep_until), say!(lang, new.keep_until_hint));
    let heir = field("heir", say!(lang, new.heir), say!(lang, new.heir_hint));
    view! {
        <section class="form">
            <h2>{say!(lang, new.why)}</h2>
            {reason.area(value(|contents| &contents.reason), move |text| writing.typed(Msg::Reason(text)))}
            <div class="form-row">
                {until.line("date", "off", value(|contents| &contents.keep_until), move |day| writing.typed(Msg::KeepUntil(day)))}
                {heir.line("text", "off", value(|contents| &contents.heir), move |name| writing.typed(Msg::Heir(name)))}
            </div>
        </section>
    }
    .into_any()
}

/// What this means: how much, and who decides.
fn means(lang: Lang, writing: Writing) -> AnyView {
    let saved = writing.saved.get();
    let (rows, size) = sums(&saved.cart);
    let deciders: Vec<_> = deciders(&saved.cart).into_iter().map(|name| view! { <li>{who(name)}</li> }).collect();
    let deciders = if deciders.is_empty() {
        view! { <p class="small soft">{say!(lang, new.operator_decides)}</p> }.into_any()
    } else {
        view! { <ul class="stack is-tight small">{deciders}</ul> }.into_any()
    };
    view! {
        <aside class="stack" aria-label=say!(lang, new.means)>
            <section class="card is-sunken">
                <div class="card-head"><h3>{say!(lang, new.means)}</h3></div>
                <dl class="facts">
                    <dt>{say!(lang, col.tables)}</dt>
                    <dd>{say_n!(lang, writing.n(), n_tables, n_tables_one)}</dd>
                    <dt>{say!(lang, col.sources)}</dt>
                    <dd>{say_n!(lang, saved.cart.len() as u64, n_sources, n_sources_one)}</dd>
                    <dt>{say!(lang, col.rows)}</dt>
                    <dd>{known(lang, rows.map(|rows| about(lang, rows)))}</dd>
                    <dt>{say!(lang, col.size)}</dt>
                    <dd>{known(lang, size.map(bytes))}</dd>
                </dl>
            </section>
            <section class="card">
                <div class="card-head"><h3>{say!(lang, chain.decides)}</h3></div>
                {deciders}
            </section>
        </aside>
    }
    .into_any()
}
