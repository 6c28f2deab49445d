//! A new request: destination, freshness and reason of the tables selected, and what is signed, on one page.
//!
//! The draft is kept in this tab over a reload; what is sent is checked by the domain's own rules first.

use api::domain::request::{AskedTable, Wrong};
use api::tables::{Choices, RouteChoice};
use leptos::prelude::*;

use super::model::{Draft, Msg, wrong_with};
use super::review;
use crate::address::go_to;
use crate::api::{self as calls, Answer, Trouble};
use crate::html::{AnyView, IntoAny, view};
use crate::json;
use crate::react::{effect, spawn};
use crate::route::Route;
use crate::shell::{Key, on_key};
use crate::tables::model::Picked;
use crate::tables::selection::{Selection, selection};
use crate::ui::anew::anew;
use crate::ui::button::link_button;
use crate::ui::empty::empty;
use crate::ui::field::Field;
use crate::ui::head::{crumbs, head, tab_title};
use crate::ui::icon::Icon;
use crate::ui::loaded::{Feed, Shown, loaded};
use crate::ui::problem::{field_said, problem, trouble_said};
use crate::ui::stamp::mark;
use crate::words::{Lang, reader, say, say_n, shared};

const KEY: &str = "lakegate-draft";

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct Writing {
    /// The draft.
    pub draft: RwSignal<Draft>,
    /// The tables.
    pub selection: Selection,
    /// Whether somebody tried to send it: only then the fields complain.
    pub tried: RwSignal<bool>,
    /// What the server said to it.
    pub trouble: RwSignal<Option<Trouble>>,
    /// Whether it is on its way.
    pub busy: RwSignal<bool>,
}

impl Writing {
    /// Does something to the draft.
    pub fn tell(self, msg: Msg) {
        self.draft.update(|draft| *draft = draft.clone().update(msg));
    }

    fn tables(self) -> Vec<AskedTable> {
        self.selection.get().iter().map(Picked::asked).collect()
    }

    /// What is wrong with a field, in words: what the rules say, else what the server said.
    pub fn problem_of(self, lang: Lang, field: &'static str, routes: &[RouteChoice]) -> Option<String> {
        let asked = self.draft.get().asked(self.tables(), routes);
        let wrong: Vec<Wrong> = asked.map(|asked| asked.wrong()).unwrap_or_default();
        let ours = self.tried.get().then(|| wrong_with(&wrong, field)).flatten();
        match ours {
            Some(code) => Some(shared(lang, &format!("field.{code}")).unwrap_or(code).to_owned()),
            None => self.trouble.get().and_then(|trouble| field_said(lang, &trouble, field)),
        }
    }
}

/// The page.
pub fn new() -> AnyView {
    let selection = selection();
    let writing = Writing {
        draft: RwSignal::new(kept()),
        selection,
        tried: RwSignal::new(false),
        trouble: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    effect(move || writing.draft.with(keep));
    suggest_title(writing);
    let choices = Feed::new(calls::choices);
    let reader = reader();
    let none = Memo::new(move |_| selection.get().is_empty());
    let body = move || {
        if none.get() { nothing(reader.lang()) } else { loaded(choices, move |choices| form(choices, writing)) }
    };
    view! { <div class="page">{anew(move || title(reader.lang(), selection.get().len()))}{anew(body)}</div> }.into_any()
}

fn title(lang: Lang, n: usize) -> AnyView {
    tab_title(say!(lang, nav.new));
    let up = vec![(say!(lang, nav.requests).to_owned(), Route::Requests.path())];
    let stamp = mark("is-unknown", Icon::Draft, say!(lang, new.draft).to_owned());
    let sub = say_n!(lang, n as u64, new.sub, new.sub_one);
    view! {
        {crumbs(say!(lang, crumbs), up, say!(lang, nav.new).to_owned())}
        {head(say!(lang, nav.new).into_any(), stamp, sub.into_any(), None)}
    }
    .into_any()
}

fn nothing(lang: Lang) -> AnyView {
    let find =
        link_button("btn is-primary", Some(Icon::Search), say!(lang, home.find).to_owned(), Route::Catalogue.path());
    empty(Icon::Catalogue, say!(lang, new.empty), say!(lang, new.empty_more), Some(find))
}

fn form(choices: Shown<Choices>, writing: Writing) -> AnyView {
    let reader = reader();
    let submit = submitting(choices, writing);
    let on_submit = submit.clone();
    on_key(move |key| {
        let pressed = key == Key::Submit;
        if pressed {
            on_submit();
        }
        pressed
    });
    let refused = move || {
        let lang = reader.lang();
        writing.trouble.get().map(|trouble| problem("is-failed", trouble_said(lang, &trouble), None))
    };
    view! {
        <div class="cols-2">
            <div class="stack is-loose">
                {anew(refused)}
                {anew(move || review::freshness(reader.lang(), &choices.get(), writing))}
                {anew(move || where_to(reader.lang(), &choices.get(), writing))}
                {why(choices, writing)}
                {anew(move || review::tables(reader.lang(), &choices.get(), writing))}
            </div>
            {anew(move || review::aside(reader.lang(), &choices.get(), writing))}
        </div>
        {anew(move || review::actbar(reader.lang(), &choices.get(), writing, submit.clone()))}
    }
    .into_any()
}

/// Only shown when there is a choice.
fn where_to(lang: Lang, choices: &Choices, writing: Writing) -> Option<AnyView> {
    let chosen = writing.draft.get();
    let chosen = chosen.route(&choices.routes)?;
    if choices.routes.len() < 2 {
        return None;
    }
    let field = Field {
        id: "route",
        label: say!(lang, new.route).to_owned(),
        hint: String::new(),
        problem: Signal::stored(None),
    };
    let routes = choices.routes.iter().map(|route| (route.id.as_str().to_owned(), route.name.clone())).collect();
    let pick = move |id: String| {
        if let Ok(id) = id.parse() {
            writing.tell(Msg::Route(id));
        }
    };
    Some(
        view! {
            <section class="form">
                <h2>{say!(lang, new.where_to)}</h2>
                {field.select(routes, chosen.id.as_str(), pick)}
            </section>
        }
        .into_any(),
    )
}

fn why(choices: Shown<Choices>, writing: Writing) -> AnyView {
    let reader = reader();
    let problem_of =
        move |field| Signal::derive(move || writing.problem_of(reader.lang(), field, &choices.get().routes));
    let fields = move || {
        let lang = reader.lang();
        let reason = Field {
            id: "reason",
            label: say!(lang, new.reason).to_owned(),
            hint: say!(lang, new.reason_hint).to_owned(),
            problem: problem_of("reason"),
        };
        let title = Field {
            id: "title",
            label: say!(lang, new.title).to_owned(),
            hint: String::new(),
            problem: problem_of("title"),
        };
        view! {
            <section class="form">
                <h2>{say!(lang, new.why)}</h2>
                {reason.area(Signal::derive(move || writing.draft.get().reason), move |text| writing.tell(Msg::Reason(text)))}
                {title.line(
                    "text",
                    "off",
                    Signal::derive(move || writing.draft.get().title),
                    move |text| writing.tell(Msg::Title(text)),
                )}
            </section>
        }
    };
    anew(fields)
}

/// Sends the draft; on success leads to the request and forgets draft and selection.
fn submitting(choices: Shown<Choices>, writing: Writing) -> impl Fn() + Clone + Send + Sync + 'static {
    let go = go_to();
    move || {
        let draft = writing.draft.get_untracked();
        let tables = writing.selection.get_now().iter().map(Picked::asked).collect();
        writing.tried.set(true);
        let Some(asked) = draft.asked(tables, &choices.get_untracked().routes) else { return };
        let wrong = asked.wrong();
        if writing.busy.get_untracked() || !wrong.is_empty() {
            focus_first(&wrong);
            return;
        }
        writing.busy.set(true);
        writing.trouble.set(None);
        let go = go.clone();
        spawn(async move {
            let answer: Answer<_> = calls::ask(&asked, &draft.key).await;
            writing.busy.try_set(false);
            match answer {
                Ok(request) => {
                    let empty = Draft::new(fresh_key());
                    // The page may have been left meanwhile; the draft is forgotten all the same.
                    keep(&empty);
                    writing.draft.try_set(empty);
                    writing.selection.clear();
                    go(Route::Request(request.row.id).path());
                }
                Err(trouble) => {
                    writing.trouble.try_set(Some(trouble));
                }
            }
        });
    }
}

fn focus_first(wrong: &[Wrong]) {
    use wasm_bindgen::JsCast;
    let field = wrong.first().and_then(|wrong| document().get_element_by_id(wrong.field));
    if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = field.focus();
    }
}

/// A title of the first tables, until somebody types a better one.
fn suggest_title(writing: Writing) {
    let picked = writing.selection.get_now();
    if !writing.draft.with_untracked(|draft| draft.title.is_empty()) || picked.is_empty() {
        return;
    }
    let lang = reader().lang_now();
    let names: Vec<_> = picked.iter().take(3).map(|each| each.table.table.as_str()).collect();
    let names = names.join(say!(lang, list_joint));
    let title = match picked.len().saturating_sub(3) as u64 {
        0 => names,
        more => say!(lang, and_more, names = names, more = say_n!(lang, more, n_more, n_more_one)),
    };
    let short: String = title.chars().take(api::domain::request::MOST_TITLE).collect();
    writing.tell(Msg::Title(short));
}

/// A key nobody else has: it only tells one sending from another.
fn fresh_key() -> String {
    let part = || format!("{:012x}", (js_sys::Math::random() * 281_474_976_710_656.0).to_bits());
    format!("{}{}", part(), part())
}

fn kept() -> Draft {
    let text = window().session_storage().ok().flatten().and_then(|storage| storage.get_item(KEY).ok().flatten());
    text.and_then(|text| json::read(&text).ok()).unwrap_or_else(|| Draft::new(fresh_key()))
}

fn keep(draft: &Draft) {
    let text = serde_json::to_string(draft).unwrap_or_default();
    if let Ok(Some(storage)) = window().session_storage() {
        // A full or forbidden storage only means that a reload forgets the draft.
        let _ = storage.set_item(KEY, &text);
    }
}
