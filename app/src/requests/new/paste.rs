//! Lists: pasted, uploaded, or given as a pattern. A result for each name; what is found goes into the cart at once.

use std::sync::Arc;

use api::domain::draft::Pick;
use api::domain::request::AskedTable;
use api::paste::{Pasted, PastedLine, PastedResult, Somewhere};
use wasm_bindgen::JsValue;

use super::cart;
use super::model::{Msg, pasted_sum, to_look_at};
use super::writing::Writing;
use crate::api::{self as calls, Trouble};
use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::react::{RwSignal, Signal, spawn};
use crate::ui::anew::anew;
use crate::ui::button::Button;
use crate::ui::field::Field;
use crate::ui::icon::Icon;
use crate::ui::problem::{problem, trouble_said};
use crate::words::{Lang, reader, say, say_n};

/// Lines that are shown; a longer list is mended in parts.
const MOST_SHOWN: usize = 200;

/// What kind of list it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Pasted lines.
    Lines,
    /// A CSV file.
    Csv,
    /// Names like `lease.contract_*`.
    Pattern,
}

/// What the parts of the tab share.
#[derive(Clone, Copy)]
struct Looking {
    form: Form,
    writing: Writing,
    text: RwSignal<String>,
    result: RwSignal<Option<Arc<Pasted>>>,
    trouble: RwSignal<Option<Trouble>>,
    busy: RwSignal<bool>,
}

impl Looking {
    fn look(self, what: JsValue) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.trouble.set(None);
        let form = match self.form {
            Form::Lines => "lines",
            Form::Csv => "csv",
            Form::Pattern => "pattern",
        };
        spawn(async move {
            let answer = calls::lookup(form, what).await;
            self.busy.try_set(false);
            match answer {
                Ok(pasted) => {
                    let found = pasted_sum(&pasted).found;
                    if self.form != Form::Pattern && !found.is_empty() {
                        self.writing.tell(Msg::PutIn(found));
                    }
                    self.result.try_set(Some(Arc::new(pasted)));
                }
                Err(trouble) => {
                    self.trouble.try_set(Some(trouble));
                }
            }
        });
    }
}

/// The tab.
pub fn paste(writing: Writing, form: Form) -> AnyView {
    let reader = reader();
    let looking = Looking {
        form,
        writing,
        text: RwSignal::new(String::new()),
        result: RwSignal::new(None),
        trouble: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    let trouble =
        move || looking.trouble.get().map(|trouble| problem("is-failed", trouble_said(reader.lang(), &trouble), None));
    let result = move || looking.result.get().map(|pasted| result(reader.lang(), &pasted, looking));
    view! {
        <div class="cols-2">
            <div class="stack">
                {anew(move || input(reader.lang(), looking))}
                {anew(trouble)}
                {anew(result)}
            </div>
            {cart::cart(writing)}
        </div>
    }
    .into_any()
}

fn input(lang: Lang, looking: Looking) -> AnyView {
    if looking.form == Form::Csv {
        return file(lang, looking);
    }
    let pattern = looking.form == Form::Pattern;
    let (label, hint, verb) = if pattern {
        (say!(lang, paste.pattern), say!(lang, paste.pattern_hint), say!(lang, paste.find))
    } else {
        (say!(lang, paste.list), say!(lang, paste.list_hint), say!(lang, paste.look_up))
    };
    let field = Field { id: "list", label: label.to_owned(), hint: hint.to_owned(), problem: Signal::stored(None) };
    let (text, typed) = (looking.text.into(), move |text: String| looking.text.set(text));
    let control = if pattern { field.line("text", "off", text, typed) } else { field.area(text, typed) };
    let act = Button::new(verb).class("btn is-primary").icon(Icon::Search).busy(looking.busy.into());
    view! {
        <div class="form">
            {control}
            <div>{act.on(move || looking.look(JsValue::from_str(&looking.text.get_untracked())))}</div>
        </div>
    }
    .into_any()
}

fn file(lang: Lang, looking: Looking) -> AnyView {
    let picked = move |event: leptos::ev::Event| {
        let files = event.target().and_then(|target| js_sys::Reflect::get(&target, &"files".into()).ok());
        let file = files.and_then(|files| js_sys::Reflect::get(&files, &0.into()).ok());
        if let Some(file) = file.filter(JsValue::is_object) {
            looking.look(file);
        }
    };
    view! {
        <div class="form">
            <div class="field">
                <label for="list">{say!(lang, paste.file)}</label>
                <input class="input" id="list" type="file" accept=".csv,.txt,text/csv,text/plain" on:change=picked/>
                <span class="hint">{say!(lang, paste.file_hint)}</span>
            </div>
        </div>
    }
    .into_any()
}

fn result(lang: Lang, pasted: &Pasted, looking: Looking) -> AnyView {
    let sum = pasted_sum(pasted);
    let pattern = looking.form == Form::Pattern;
    let parts = [
        (sum.found.len(), say!(lang, paste.found)),
        (sum.there, say!(lang, paste.there)),
        (sum.twice, say!(lang, paste.twice)),
        (sum.need, say!(lang, paste.need)),
    ];
    let parts: Vec<_> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{} {word}", count(*n as u64))).collect();
    let beyond = (pasted.beyond > 0).then(|| {
        view! { <p class="small soft">{say!(lang, paste.beyond, n = count(pasted.beyond))}</p> }
    });
    let all = (pattern && !sum.found.is_empty()).then(|| {
        let pick = Pick { pattern: looking.text.get_untracked(), ..Pick::default() };
        let writing = looking.writing;
        let on = writing.contents.with(|contents| contents.picks.contains(&pick));
        let n = sum.found.len() as u64;
        (!on).then(|| {
            let label = say_n!(lang, n, paste.pick_all, paste.pick_all_one);
            Button::new(label)
                .class("btn is-sm is-primary")
                .on(move || writing.tell(Msg::PickAll(pick.clone(), vec![])))
        })
    });
    let lines: Vec<&PastedLine> = if pattern { pasted.lines.iter().collect() } else { to_look_at(pasted) };
    let more = lines.len().saturating_sub(MOST_SHOWN) as u64;
    let rows: Vec<_> = lines.into_iter().take(MOST_SHOWN).map(|each| line(lang, each, looking)).collect();
    let more = (more > 0).then(|| say_n!(lang, more, n_more, n_more_one));
    let names = say_n!(lang, pasted.lines.len() as u64, paste.names, paste.names_one);
    view! {
        <section class="card is-flush" aria-labelledby="h-paste">
            <div class="card-head">
                <h2 id="h-paste">{names}</h2>
                <span class="aside" role="status">{parts.join(" · ")}</span>
                {all}
            </div>
            {beyond}
            <ul class="rows">{rows}</ul>
            {more.map(|more| view! { <div class="grid-foot"><span>{more}</span></div> })}
        </section>
    }
    .into_any()
}

fn line(lang: Lang, line: &PastedLine, looking: Looking) -> AnyView {
    let put = move |table: AskedTable| looking.writing.tell(Msg::PutIn(vec![table]));
    let (said, act): (String, Option<AnyView>) = match &line.result {
        PastedResult::Found { .. } => (say!(lang, paste.is_found).to_owned(), None),
        PastedResult::InLake { table } => (say!(lang, paste.in_lake).to_owned(), Some(link(lang, table, looking))),
        PastedResult::AskedFor { table } => (say!(lang, paste.asked_for).to_owned(), Some(link(lang, table, looking))),
        PastedResult::Places { places } => {
            (say!(lang, paste.places, n = places.len()), Some(choice(lang, &line.text, places, looking)))
        }
        PastedResult::NoSuch { meant } if meant.is_empty() => (say!(lang, paste.no_such).to_owned(), None),
        PastedResult::NoSuch { meant } => {
            let each: Vec<_> = meant
                .iter()
                .map(|other| {
                    let table = other.table.clone();
                    let click = move |_| put(table.clone());
                    view! { <button type="button" class="link-btn" on:click=click>{where_said(other)}</button>" " }
                })
                .collect();
            (say!(lang, paste.no_such_meant).to_owned(), Some(view! { <span class="inline">{each}</span> }.into_any()))
        }
        PastedResult::Retired { .. } => (say!(lang, paste.retired).to_owned(), None),
        PastedResult::Twice { first } => (say!(lang, paste.twice_as, n = count(*first)), None),
        PastedResult::Unreadable => (say!(lang, paste.unreadable).to_owned(), None),
    };
    view! {
        <li class="row">
            <div>
                <div class="row-title"><code>{line.text.clone()}</code><span class="id">{say!(lang, paste.line, n = count(line.line))}</span></div>
                <div class="row-sub">{said}</div>
            </div>
            <span class="row-end">{act}</span>
        </li>
    }
    .into_any()
}

fn where_said(place: &Somewhere) -> String {
    format!("{} / {}", place.source_name, place.name())
}

fn link(lang: Lang, table: &AskedTable, looking: Looking) -> AnyView {
    let (table, writing) = (table.clone(), looking.writing);
    let shown = table.clone();
    let button = move || {
        let table = table.clone();
        let on = writing.tables.with(|tables| tables.contains(&shown));
        (!on).then(|| {
            let label = say!(lang, catalogue.link);
            Button::new(label).class("btn is-sm").on(move || writing.tell(Msg::PutIn(vec![table.clone()])))
        })
    };
    anew(button)
}

/// Which of several places is meant; choosing another one takes the first back.
fn choice(lang: Lang, name: &str, places: &[Somewhere], looking: Looking) -> AnyView {
    let tables: Vec<AskedTable> = places.iter().map(|place| place.table.clone()).collect();
    let options: Vec<_> = places
        .iter()
        .enumerate()
        .map(|(n, place)| view! { <option value=n.to_string()>{where_said(place)}</option> })
        .collect();
    let pick = move |value: String| {
        looking.writing.tell(Msg::TakeOut(tables.clone()));
        if let Some(table) = value.parse::<usize>().ok().and_then(|n| tables.get(n)) {
            looking.writing.tell(Msg::PutIn(vec![table.clone()]));
        }
    };
    view! {
        <select class="select" aria-label=say!(lang, paste.which, name = name) on:change:target=move |event| pick(event.target().value())>
            <option value="">{say!(lang, paste.choose)}</option>
            {options}
        </select>
    }
    .into_any()
}
