//! The card: yes or no, in 15 seconds.

use api::domain::ids::RequestId;
use api::inbox::Card;
use leptos::prelude::*;

use super::looking::looking;
use super::model::{Decision, Missing, Msg};
use super::{decide, facts, tables};
use crate::address::{Param, go_to};
use crate::api::{self as calls, Trouble};
use crate::clock;
use crate::format::when_said;
use crate::html::{AnyView, IntoAny, view};
use crate::live::live;
use crate::react::RwSignal;
use crate::requests::acts::take_back;
use crate::requests::changed::changed;
use crate::requests::page::{brake, grant};
use crate::route::Route;
use crate::shell::{Key, on_key};
use crate::ui::anew::anew;
use crate::ui::button::Button;
use crate::ui::chain::chain;
use crate::ui::head::{crumbs, head, tab_title};
use crate::ui::icon::Icon;
use crate::ui::loaded::{Feed, Shown, loaded_page};
use crate::ui::problem::note;
use crate::ui::stamp::stamp;
use crate::ui::time::age;
use crate::viewer::{Viewer, viewer};
use crate::words::{Lang, reader, say, speak};

/// What the parts of the card share.
#[derive(Clone, Copy)]
pub struct Deciding {
    /// The decision.
    pub decision: RwSignal<Decision>,
    /// What was missing when somebody tried.
    pub missing: RwSignal<Option<Missing>>,
    /// What the server said to it.
    pub trouble: RwSignal<Option<Trouble>>,
    /// Whether it is on its way.
    pub busy: RwSignal<bool>,
}

impl Deciding {
    /// Does something to the decision; what was missing is asked again when it is sent.
    pub fn tell(self, msg: Msg) {
        self.decision.update(|decision| *decision = std::mem::take(decision).update(msg));
        self.missing.set(None);
    }
}

/// The page of a card.
pub fn card(id: RequestId) -> AnyView {
    let deciding = Deciding {
        decision: RwSignal::new(Decision::default()),
        missing: RwSignal::new(None),
        trouble: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    let asked_for = id.clone();
    let card = Feed::new(move || {
        live().track_request(&asked_for);
        calls::card(&asked_for)
    });
    let inside = loaded_page(card, move |card| content(id.clone(), card, deciding));
    view! { <div class="page">{inside}</div> }.into_any()
}

fn content(id: RequestId, card: Shown<Card>, deciding: Deciding) -> AnyView {
    let (reader, viewer) = (reader(), viewer());
    walk(card);
    let decides = decide::decides(card, deciding);
    decide::keys(card, deciding, decides.clone());
    if !Param::new("say").get_now().is_empty() {
        request_animation_frame(decide::focus_comment);
    }
    view! {
        {anew(move || title(reader.lang(), &card.get(), viewer))}
        {looking(id)}
        <div class="cols-2">
            <div class="stack is-loose">
                {anew(move || facts::ask(reader.lang(), &card.get()))}
                {anew(move || changed(reader.lang(), card.get().view.changed.as_ref()))}
                {anew(move || facts::facts(reader.lang(), &card.get()))}
                {anew(move || brought(reader.lang(), &card.get()))}
                {tables::tables(card, deciding)}
                {decide::comment(card, deciding)}
            </div>
            <aside class="stack is-loose" aria-label=move || say!(reader.lang(), chain.decides)>
                {anew(move || who_decides(reader.lang(), &card.get()))}
                {anew(move || before(reader.lang(), &card.get()))}
                {anew(move || if_you_approve(reader.lang(), &card.get()))}
                {anew(move || brake(reader.lang(), &card.get().view))}
                {anew(move || grant(reader.lang(), &card.get().view))}
            </aside>
        </div>
        {decide::bar(card, deciding, decides)}
    }
    .into_any()
}

fn title(lang: Lang, card: &Card, viewer: Viewer) -> AnyView {
    let row = &card.view.row;
    tab_title(&say!(lang, card.tab, number = row.number));
    let up = vec![(say!(lang, nav.inbox).to_owned(), Route::Inbox.path())];
    let here = match card.place {
        Some((n, of)) => say!(lang, card.place, number = row.number, n = n, of = of),
        None => row.number.clone(),
    };
    let sub = match &card.waits {
        Some(waits) => {
            let until = when_said(lang, waits.until, clock::now());
            let waiting = age(lang, waits.since, move |age| say!(lang, card.waiting, age = age, until = until.clone()));
            let stands_in = waits.stands_in.then(|| say!(lang, card.stands_in));
            view! { {waiting}" "{stands_in} }.into_any()
        }
        None => speak(lang, &row.now).into_any(),
    };
    let go = |label: &'static str, key, icon, to: Option<&String>| {
        let to = Route::Card(to?.parse().ok()?).path();
        Some(step(label, key, icon, to))
    };
    let acts = [
        go(say!(lang, card.previous), "K", Some(Icon::Left), card.previous.as_ref()),
        go(say!(lang, card.next), "J", None, card.next.as_ref()),
        take_back(lang, &card.view),
    ];
    let acts: Vec<_> = acts.into_iter().flatten().collect();
    let acts = (!acts.is_empty()).then(|| acts.into_any());
    view! {
        {crumbs(say!(lang, crumbs), up, here)}
        {head(row.title.clone().into_any(), stamp(lang, row.stamp, &row.deciders, &viewer.me()), sub, acts)}
    }
    .into_any()
}

fn step(label: &'static str, key: &'static str, icon: Option<Icon>, to: String) -> AnyView {
    let go = go_to();
    let button = Button::new(label).class("btn is-quiet").key(key);
    let button = match icon {
        Some(icon) => button.icon(icon),
        None => button,
    };
    button.on(move || go(to.clone()))
}

/// J and K lead to the next and the previous card.
fn walk(card: Shown<Card>) {
    let go = go_to();
    on_key(move |key| {
        let to = match key {
            Key::Char('j') => card.with_untracked(|card| card.next.clone()),
            Key::Char('k') => card.with_untracked(|card| card.previous.clone()),
            Key::Char(_) | Key::Range | Key::Find | Key::Escape | Key::Submit => None,
        };
        let to = to.and_then(|id| id.parse().ok());
        if let Some(id) = to {
            go(Route::Card(id).path());
            return true;
        }
        false
    });
}

/// Which of them others bring already.
fn brought(lang: Lang, card: &Card) -> Option<AnyView> {
    card.brought.as_ref().map(|said| note("is-accent", Icon::Lake, speak(lang, said).into_any()))
}

fn who_decides(lang: Lang, card: &Card) -> AnyView {
    let decided = card.view.chain.iter().all(|step| step.done);
    let title = if decided { say!(lang, chain.decided) } else { say!(lang, chain.decides) };
    view! {
        <section class="card">
            <div class="card-head"><h2>{title}</h2></div>
            {chain(lang, &card.view.chain)}
        </section>
    }
    .into_any()
}

/// How the same was decided before.
fn before(lang: Lang, card: &Card) -> Option<AnyView> {
    if card.before.is_empty() {
        return None;
    }
    let facts: Vec<_> = card
        .before
        .iter()
        .map(|before| {
            let what = match &before.table {
                Some(table) => table.table.to_string(),
                None => say!(lang, card.this_team).to_owned(),
            };
            view! { <dt>{what}</dt><dd>{speak(lang, &before.said)}</dd> }
        })
        .collect();
    Some(
        view! {
            <section>
                <div class="card-head"><h2>{say!(lang, card.before)}</h2></div>
                <dl class="facts">{facts}</dl>
            </section>
        }
        .into_any(),
    )
}

fn if_you_approve(lang: Lang, card: &Card) -> AnyView {
    if card.waits.is_none() {
        let request = Route::Request(card.view.row.id.clone()).path();
        let link = view! { {say!(lang, card.decided)}" "<a href=request>{say!(lang, card.see_request)}</a> };
        return note("is-accent", Icon::Stamp, link.into_any());
    }
    view! {
        <section>
            <div class="card-head"><h2>{say!(lang, card.if_approved)}</h2></div>
            <p class="small soft">{say!(lang, card.if_approved_more)}</p>
        </section>
    }
    .into_any()
}
