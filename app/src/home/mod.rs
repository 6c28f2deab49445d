//! Home: what waits for me, and how is mine?

mod aside;
mod drafts;
mod model;
mod waiting;

use crate::html::{AnyView, IntoAny, view};
use crate::react::Memo;
use crate::ui::anew::anew;
use crate::ui::loaded::{Feed, loaded};
use api::domain::change::Topic;
use api::requests::RequestRow;

use crate::api as calls;
use crate::clock;
use crate::format::Parts;
use crate::live::live;
use crate::requests::model::on_the_way;
use crate::requests::row::row;
use crate::route::Route;
use crate::sources::brake;
use crate::ui::button::link_button;
use crate::ui::empty::empty;
use crate::ui::head::{head, section_head, tab_title};
use crate::ui::icon::{Icon, icon};
use crate::viewer::{decides, viewer};
use crate::words::{Lang, reader, say, say_n};
use model::{Part, greeting, shown};

/// The page.
pub fn home() -> AnyView {
    let (reader, viewer) = (reader(), viewer());
    let mine = Feed::new(move || {
        live().track(Topic::Request);
        calls::requests(true, 1)
    });
    let inbox = Feed::new(move || {
        live().track(Topic::Request);
        calls::inbox(1)
    });
    let drafts = Feed::new(calls::drafts);
    let requests = loaded(mine, move |page| {
        let body = move || your_requests(reader.lang(), &page.get().rows);
        view! { {waiting::mine(page)}{loaded(drafts, drafts::drafts)}{anew(body)} }.into_any()
    });
    let decisions = Memo::new(move |_| decides(&viewer.me()));
    view! {
        <div class="page">
            {anew(move || title(reader.lang(), &viewer.me()))}
            {anew(move || decisions.get().then(brake::held))}
            <div class="cols-2">
                <div class="stack is-loose">
                    {anew(move || decisions.get().then(|| loaded(inbox, waiting::decisions)))}
                    {requests}
                </div>
                {aside::aside()}
            </div>
        </div>
    }
    .into_any()
}

fn title(lang: Lang, me: &api::me::Me) -> AnyView {
    tab_title(say!(lang, nav.home));
    let now = Parts::of(clock::now());
    let name = model::called(&me.person.name);
    let hello = match greeting(now.hour) {
        Part::Morning => say!(lang, home.morning, name = name),
        Part::Afternoon => say!(lang, home.afternoon, name = name),
        Part::Evening => say!(lang, home.evening, name = name),
    };
    let day = say!(lang, home.day, weekday = weekday(lang, now.weekday()), date = crate::format::day(lang, now));
    let decisions = (me.inbox > 0).then(|| say_n!(lang, me.inbox, home.decisions, home.decisions_one));
    let way = match me.on_the_way {
        0 => say!(lang, home.none_on_the_way).to_owned(),
        n => say_n!(lang, n, home.on_the_way, home.on_the_way_one),
    };
    let sub = [Some(day), decisions, Some(way)].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let find = link_button("btn", Some(Icon::Search), say!(lang, home.find).to_owned(), Route::Catalogue.path());
    let new = say!(lang, nav.new).to_owned();
    let new = link_button("only-s btn is-primary", Some(Icon::Plus), new, Route::NewRequest.path());
    head(hello.into_any(), ().into_any(), sub.into_any(), Some(view! { {find}{new} }.into_any()))
}

fn weekday(lang: Lang, day: u32) -> &'static str {
    match day {
        0 => say!(lang, weekday.sun),
        1 => say!(lang, weekday.mon),
        2 => say!(lang, weekday.tue),
        3 => say!(lang, weekday.wed),
        4 => say!(lang, weekday.thu),
        5 => say!(lang, weekday.fri),
        _ => say!(lang, weekday.sat),
    }
}

fn your_requests(lang: Lang, rows: &[RequestRow]) -> AnyView {
    if rows.is_empty() {
        return first_visit(lang);
    }
    let n = rows.iter().filter(|row| on_the_way(row)).count() as u64;
    let sub = say_n!(lang, n, home.on_their_way, home.on_their_way_one);
    let all = view! { <a href=Route::Requests.path()>{say!(lang, home.all)}</a> }.into_any();
    let rows: Vec<_> = shown(rows).into_iter().map(|each| row(lang, each, false)).collect();
    view! {
        <section>
            {section_head(say!(lang, home.your_requests).to_owned(), Some(sub.into_any()), Some(all))}
            <div class="card is-flush"><ul class="rows">{rows}</ul></div>
        </section>
    }
    .into_any()
}

/// Three steps in one card, for who never asked for anything.
fn first_visit(lang: Lang) -> AnyView {
    let step = |image, what: &'static str, more: &'static str| {
        view! {
            <li class="chain-step">
                <span class="chain-mark" aria-hidden="true">{icon(image)}</span>
                <div><b>{what}</b><p>{more}</p></div>
            </li>
        }
    };
    let find =
        link_button("btn is-primary", Some(Icon::Search), say!(lang, home.find).to_owned(), Route::Catalogue.path());
    view! {
        <section class="card">
            <div class="card-head"><h2>{say!(lang, home.first)}</h2></div>
            <ol class="chain">
                {step(Icon::Search, say!(lang, home.step_find), say!(lang, home.step_find_more))}
                {step(Icon::Stamp, say!(lang, home.step_ask), say!(lang, home.step_ask_more))}
                {step(Icon::Shield, say!(lang, home.step_use), say!(lang, home.step_use_more))}
            </ol>
            <div class="mt-4">{find}</div>
        </section>
    }
    .into_any()
}

/// Nothing waits.
fn nothing_waits(lang: Lang) -> AnyView {
    empty(Icon::Check, say!(lang, home.nothing_waits), "", None)
}
