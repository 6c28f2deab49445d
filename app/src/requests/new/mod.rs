//! A new request: four steps in the address, the draft at the server.

mod bar;
mod cart;
mod checks;
mod destination;
mod list;
mod model;
mod paste;
mod review;
mod tables;
mod writing;

use api::domain::draft::{Contents, Pick};
use api::domain::ids::DraftId;
use api::domain::tier::Tier;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use self::writing::Writing;
use crate::address::go_to;
use crate::api::{self as calls, Trouble};
use crate::format::{Parts, count};
use crate::html::{AnyView, IntoAny, view};
use crate::react::{Memo, RwSignal, effect, spawn};
use crate::route::{Route, Step};
use crate::tables::model::Picked;
use crate::tables::selection::selection;
use crate::ui::anew::anew;
use crate::ui::button::Button;
use crate::ui::dialog::{Question, dialogs};
use crate::ui::head::{crumbs, head, tab_title};
use crate::ui::icon::Icon;
use crate::ui::loaded::{Feed, loaded_page};
use crate::ui::problem::{note, problem, trouble_box, trouble_said};
use crate::ui::skeleton::skeleton;
use crate::ui::stamp::mark;
use crate::words::{Lang, reader, say, say_n};

/// The promise in one line.
pub fn tier_said(lang: Lang, tier: Tier) -> &'static str {
    match tier {
        Tier::Minutes => say!(lang, tier.minutes),
        Tier::Daily => say!(lang, tier.daily),
    }
}

/// Begins a draft with the tables selected, and leads to it.
pub fn begin() -> AnyView {
    let (reader, selection, go) = (reader(), selection(), use_navigate());
    let trouble = RwSignal::new(None::<Trouble>);
    let picked = selection.get_now();
    // All that match are kept as what was searched for.
    let all = selection.everything_now();
    let contents = Contents {
        title: if picked.is_empty() { String::new() } else { title_of(reader.lang_now(), &picked) },
        tables: picked.iter().map(Picked::asked).collect(),
        picks: all.iter().map(|all| Pick { q: all.line(), ..Pick::default() }).collect(),
        ..Contents::default()
    };
    let step = if picked.is_empty() && all.is_none() { Step::Tables } else { Step::Destination };
    spawn(async move {
        match calls::make_draft(&contents, &fresh_key()).await {
            Ok(draft) => {
                selection.clear();
                go(&step.path(&draft.id), NavigateOptions { replace: true, ..NavigateOptions::default() });
            }
            Err(failed) => {
                trouble.try_set(Some(failed));
            }
        }
    });
    let body = move || {
        let lang = reader.lang();
        trouble.get().map_or_else(|| skeleton(lang), |trouble| trouble_box(lang, &trouble))
    };
    let title = move || {
        tab_title(say!(reader.lang(), nav.new));
        view! { <h1 class="vh" tabindex="-1">{say!(reader.lang(), nav.new)}</h1> }
    };
    view! { <div class="page">{anew(title)}{anew(body)}</div> }.into_any()
}

/// A title of the first tables, until somebody types a better one.
fn title_of(lang: Lang, picked: &[Picked]) -> String {
    let names: Vec<_> = picked.iter().take(3).map(|each| each.table.table.as_str()).collect();
    let names = names.join(say!(lang, list_joint));
    let title = match picked.len().saturating_sub(3) as u64 {
        0 => names,
        more => say!(lang, and_more, names = names, more = say_n!(lang, more, n_more, n_more_one)),
    };
    title.chars().take(api::domain::request::MOST_TITLE).collect()
}

/// A key nobody else has: it only tells one sending from another.
fn fresh_key() -> String {
    let part = || format!("{:012x}", (js_sys::Math::random() * 281_474_976_710_656.0).to_bits());
    format!("{}{}", part(), part())
}

/// A draft, at the step of the address.
pub fn wizard(id: &DraftId) -> AnyView {
    let id = id.clone();
    let draft = Feed::new(move || calls::draft(&id));
    let page = loaded_page(draft, move |draft| steps(Writing::of(draft.get_untracked())));
    view! { <div class="page is-wide">{page}</div> }.into_any()
}

fn steps(writing: Writing) -> AnyView {
    let (reader, path) = (reader(), use_location().pathname);
    let step = Memo::new(move |_| path.with(|path| Step::parse(path)));
    let choices = Feed::new(calls::choices);
    effect(move || {
        step.track();
        window().scroll_to_with_x_and_y(0.0, 0.0);
    });
    let body = move || match step.get() {
        Step::Tables => tables::tables(writing),
        Step::Destination => destination::destination(writing, choices),
        Step::Checks => checks::checks(writing),
        Step::Review => review::review(writing, choices),
    };
    view! {
        {anew(move || title(reader.lang(), writing))}
        {anew(move || step_list(reader.lang(), writing, step.get()))}
        {anew(move || state(reader.lang(), writing))}
        {anew(body)}
    }
    .into_any()
}

fn title(lang: Lang, writing: Writing) -> AnyView {
    let saved = writing.saved.get();
    let name = match &saved.of {
        Some(of) => say!(lang, new.change, number = of.number),
        None => say!(lang, nav.new).to_owned(),
    };
    tab_title(&name);
    let up = vec![(say!(lang, nav.requests).to_owned(), Route::Requests.path())];
    let stamp = mark("is-unknown", Icon::Draft, say!(lang, new.draft).to_owned());
    let sub = if writing.is_saved() {
        say!(lang, new.saved, at = Parts::of(saved.saved_at).clock())
    } else {
        say!(lang, new.saving).to_owned()
    };
    let acts = view! { {discard(lang, writing)} }.into_any();
    view! {
        {crumbs(say!(lang, crumbs), up, name.clone())}
        {head(name.into_any(), stamp, sub.into_any(), Some(acts))}
    }
    .into_any()
}

fn discard(lang: Lang, writing: Writing) -> AnyView {
    let (dialogs, go) = (dialogs(), go_to());
    let question = Question {
        title: say!(lang, new.discard_title).to_owned(),
        text: say!(lang, new.discard_text).to_owned(),
        verb: say!(lang, new.discard).to_owned(),
        keep: say!(lang, new.discard_keep).to_owned(),
    };
    Button::new(say!(lang, new.discard)).class("btn is-quiet").icon(Icon::X).on(move || {
        let go = go.clone();
        dialogs.ask(question.clone(), move || {
            let (id, go) = (writing.id(), go.clone());
            spawn(async move {
                match calls::discard_draft(&id).await {
                    Ok(()) => go(Route::Home.path()),
                    Err(trouble) => {
                        writing.trouble.try_set(Some(trouble));
                    }
                }
            });
        });
    })
}

fn step_list(lang: Lang, writing: Writing, now: Step) -> AnyView {
    let id = writing.id();
    let each: Vec<_> = Step::ALL
        .into_iter()
        .map(|step| {
            let (name, more) = step_said(lang, writing, step);
            let done = step < now;
            let name = if done {
                view! { <b><a href=step.path(&id)>{name}</a></b> }
            } else {
                view! { <b>{name}</b> }
            };
            let class = if done { "step is-done" } else { "step" };
            view! {
                <li class=class aria-current=(step == now).then_some("step")>
                    <i class="step-mark" aria-hidden="true"></i>{name}<span>{more}</span>
                </li>
            }
        })
        .collect();
    view! { <ol class="steps" aria-label=say!(lang, new.steps)>{each}</ol> }.into_any()
}

fn step_said(lang: Lang, writing: Writing, step: Step) -> (&'static str, String) {
    match step {
        Step::Tables => (say!(lang, new.step_tables), say!(lang, new.picked, n = count(writing.n()))),
        Step::Destination => {
            let tier = writing.contents.with(|contents| contents.tier);
            let more = tier.map_or(say!(lang, new.step_destination_more), |tier| tier_said(lang, tier));
            (say!(lang, new.step_destination), more.to_owned())
        }
        Step::Checks => (say!(lang, new.step_checks), say!(lang, new.step_checks_more).to_owned()),
        Step::Review => (say!(lang, new.step_review), say!(lang, new.step_review_more).to_owned()),
    }
}

/// What stands in the way of writing on: another tab, an end, a server that does not answer; and why it was sent back.
fn state(lang: Lang, writing: Writing) -> AnyView {
    let saved = writing.saved.get();
    if saved.ended {
        return problem("is-late", say!(lang, new.ended).to_owned(), Some(say!(lang, new.ended_more).to_owned()));
    }
    if writing.moved() {
        let act = view! {
            <b>{say!(lang, new.moved)}</b>" "{say!(lang, new.moved_more)}" "
            <span class="inline mt-2">
                {Button::new(say!(lang, new.moved_theirs)).class("btn is-sm").on(move || writing.settle(false))}
                {Button::new(say!(lang, new.moved_mine)).class("btn is-sm is-primary").on(move || writing.settle(true))}
            </span>
        };
        return view! { <div role="alert">{note("is-late", Icon::Warn, act.into_any())}</div> }.into_any();
    }
    let trouble = writing.trouble.get().map(|trouble| problem("is-failed", trouble_said(lang, &trouble), None));
    let remark = saved.of.as_ref().filter(|of| !of.comment.is_empty()).map(|of| {
        let said = say!(lang, new.sent_back, number = of.number, text = of.comment);
        note("is-accent", Icon::SentBack, said.into_any())
    });
    let rest = saved.contents.rest.as_ref().map(|rest| {
        let to = Step::Tables.path(&rest.draft);
        let said = say_n!(lang, rest.tables, new.rest, new.rest_one);
        note("is-accent", Icon::Info, view! { {said}" "<a href=to>{say!(lang, new.rest_open)}</a> }.into_any())
    });
    view! { {trouble}{remark}{rest} }.into_any()
}
