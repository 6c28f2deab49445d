//! Form: what is typed, one text a field, what is wrong with it, and the way to send it.
//!
//! Why it exists: every form is texts under names until it is sent; kept as that, all forms are one type.

use std::num::ParseIntError;
use std::sync::Arc;

use super::field::Field;
use super::problem::{field_said, problem, trouble_said};
use crate::api::{Asked, Asking, Trouble};
use crate::html::{AnyView, IntoAny, view};
use crate::react::{Kept, RwSignal, Signal, Thing, spawn};
use crate::ui::anew::anew;
use crate::words::{Lang, reader};

/// What is typed; a handle to copy. Several choices under one name stand with spaces between them.
#[derive(Clone, Copy)]
pub struct Form {
    texts: RwSignal<Vec<(&'static str, String)>>,
    trouble: RwSignal<Option<Trouble>>,
    /// Whether it is on its way.
    pub busy: RwSignal<bool>,
}

impl Form {
    /// A form with what stands in it at first; a field that is not named is empty.
    pub fn new(texts: Vec<(&'static str, String)>) -> Self {
        Self { texts: RwSignal::new(texts), trouble: RwSignal::new(None), busy: RwSignal::new(false) }
    }

    /// What stands in a field.
    pub fn get(self, field: &str) -> String {
        self.texts.with(|texts| find(texts, field))
    }

    /// What stands in a field, for an answer to a click.
    pub fn now(self, field: &str) -> String {
        self.texts.with_untracked(|texts| find(texts, field))
    }

    /// Puts a text into a field.
    pub fn set(self, field: &'static str, text: String) {
        self.texts.update(|texts| match texts.iter_mut().find(|(name, _)| *name == field) {
            Some((_, there)) => *there = text,
            None => texts.push((field, text)),
        });
    }

    fn field(self, field: &'static str, label: &str, hint: &str) -> Field {
        let reader = reader();
        let problem = move || self.trouble.get().and_then(|trouble| field_said(reader.lang(), &trouble, field));
        Field { id: field, label: label.to_owned(), hint: hint.to_owned(), problem: Signal::derive(problem) }
    }

    /// A line to type into.
    pub fn line(self, field: &'static str, label: &str, hint: &str) -> AnyView {
        self.typed("text", "off", field, label, hint)
    }

    /// A line for a secret, which is never shown.
    pub fn secret(self, field: &'static str, label: &str, hint: &str) -> AnyView {
        self.typed("password", "new-password", field, label, hint)
    }

    fn typed(self, kind: &'static str, fill: &'static str, field: &'static str, label: &str, hint: &str) -> AnyView {
        let value = Signal::derive(move || self.get(field));
        self.field(field, label, hint).line(kind, fill, value, move |text| self.set(field, text))
    }

    /// Several lines to type into.
    pub fn area(self, field: &'static str, label: &str, hint: &str) -> AnyView {
        let value = Signal::derive(move || self.get(field));
        self.field(field, label, hint).area(value, move |text| self.set(field, text))
    }

    /// A choice of a few: value and name.
    pub fn select(self, field: &'static str, label: &str, hint: &str, choices: Vec<(String, String)>) -> AnyView {
        let chosen = self.now(field);
        self.field(field, label, hint).select(choices, &chosen, move |value| self.set(field, value))
    }

    /// Ticks of a field with several choices: value and name.
    pub fn ticks(self, field: &'static str, label: &str, hint: &str, choices: Vec<(String, String)>) -> AnyView {
        let ticks = choices.into_iter().map(|(value, name)| self.one_tick(field, value, name)).collect::<Vec<_>>();
        let Field { label, hint, problem, .. } = self.field(field, label, hint);
        let wrong = move || problem.get().map(|problem| super::field::field_problem(field, problem));
        view! {
            <div class="field" role="group" aria-label=label.clone()>
                <span class="label">{label}</span>
                {ticks}
                {(!hint.is_empty()).then(|| view! { <span class="hint">{hint}</span> })}
                {anew(wrong)}
            </div>
        }
        .into_any()
    }

    fn one_tick(self, field: &'static str, value: String, name: String) -> AnyView {
        let (shown, told) = (value.clone(), value);
        let checked = move || self.get(field).split(' ').any(|one| one == shown);
        let change = move |_| {
            let now = self.now(field);
            let others: Vec<_> = now.split(' ').filter(|one| !one.is_empty() && *one != told).collect();
            let was = now.split(' ').any(|one| one == told);
            let mut all = others.join(" ");
            if !was {
                all.push_str(if all.is_empty() { "" } else { " " });
                all.push_str(&told);
            }
            self.set(field, all);
        };
        view! {
            <label class="tick"><input class="check" type="checkbox" prop:checked=checked on:change=change/><span>{name}</span></label>
        }
        .into_any()
    }

    /// What went wrong with the last try, above the fields.
    pub fn trouble(self) -> AnyView {
        let reader = reader();
        anew(move || {
            let trouble = self.trouble.get()?;
            Some(problem("is-failed", trouble_said(reader.lang(), &trouble), None))
        })
    }

    /// The button that sends the form.
    pub fn submit(self, class: &'static str, label: &str) -> AnyView {
        let label = label.to_owned();
        view! {
            <button type="submit" class=class aria-busy=move || self.busy.get().then_some("true")><span>{label}</span></button>
        }
        .into_any()
    }

    /// Sends what `call` makes, unless it is on its way already; `done` hears of the answer.
    pub fn send<T: Thing>(self, call: impl FnOnce() -> Asking<T>, done: impl FnOnce(T) + 'static) {
        if !self.busy.get_untracked() {
            self.busy.set(true);
            self.hear(call().asked, Box::new(move |thing| done(thing.taken())));
        }
    }

    fn hear(self, asked: Asked, done: Box<dyn FnOnce(Kept)>) {
        spawn(async move {
            let answer = asked.await;
            self.busy.try_set(false);
            match answer {
                Ok(thing) => {
                    self.trouble.try_set(None);
                    done(thing);
                }
                Err(trouble) => self.trouble.try_set(Some(trouble)),
            }
        });
    }

    /// The form round its fields; `send` is called when it is submitted.
    pub fn around(self, class: &'static str, name: String, fields: AnyView, send: impl Fn() + 'static) -> AnyView {
        let send: Arc<dyn Fn()> = Arc::new(send);
        let submit = move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            send();
        };
        view! { <form class=class novalidate aria-label=name on:submit=submit>{self.trouble()}{fields}</form> }
            .into_any()
    }
}

fn find(texts: &[(&'static str, String)], field: &str) -> String {
    texts.iter().find(|(name, _)| *name == field).map(|(_, text)| text.clone()).unwrap_or_default()
}

/// A tick's text.
pub fn yes(on: bool) -> String {
    if on { "yes".to_owned() } else { String::new() }
}

/// A number of a field; nothing when it is empty.
pub fn number(text: &str) -> Result<Option<u64>, ParseIntError> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some),
    }
}

/// A choice that leaves something open, before the others.
pub fn with_none(
    lang: Lang,
    none: impl Fn(Lang) -> &'static str,
    choices: Vec<(String, String)>,
) -> Vec<(String, String)> {
    let mut all = vec![(String::new(), none(lang).to_owned())];
    all.extend(choices);
    all
}
