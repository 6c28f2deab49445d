//! Field: a label, a control, a hint, and what is wrong with it.

use super::anew::anew;
use super::icon::{Icon, icon_sm};
use crate::html::{AnyView, IntoAny, view};
use crate::react::Signal;

/// Is told what was typed or picked. Boxed, so that a field is one type whoever listens.
type Typed = Box<dyn Fn(String)>;

/// What stands around a control.
pub struct Field {
    /// The id of the control; labels and problems point to it.
    pub id: &'static str,
    /// Its label.
    pub label: String,
    /// What helps to fill it in; empty when nothing.
    pub hint: String,
    /// What is wrong with it.
    pub problem: Signal<Option<String>>,
}

impl Field {
    /// A line to type into.
    pub fn line(
        self,
        kind: &'static str,
        complete: &'static str,
        value: Signal<String>,
        typed: impl Fn(String) + 'static,
    ) -> AnyView {
        let typed: Typed = Box::new(typed);
        let (id, problem) = (self.id, self.problem);
        let invalid = move || problem.get().is_some().then_some("true");
        let described = move || problem.get().is_some().then(|| format!("{id}-problem"));
        let control = view! {
            <input
                class="input"
                id=id
                name=id
                type=kind
                autocomplete=complete
                aria-invalid=invalid
                aria-describedby=described
                prop:value=move || value.get()
                on:input:target=move |event| typed(event.target().value())
            />
        };
        self.around(control.into_any())
    }

    /// Several lines to type into.
    pub fn area(self, value: Signal<String>, typed: impl Fn(String) + 'static) -> AnyView {
        let typed: Typed = Box::new(typed);
        let (id, problem) = (self.id, self.problem);
        let invalid = move || problem.get().is_some().then_some("true");
        let described = move || problem.get().is_some().then(|| format!("{id}-problem"));
        let control = view! {
            <textarea
                class="area"
                id=id
                aria-invalid=invalid
                aria-describedby=described
                prop:value=move || value.get()
                on:input:target=move |event| typed(event.target().value())
            ></textarea>
        };
        self.around(control.into_any())
    }

    /// A choice of a few: value and name.
    pub fn select(self, choices: Vec<(String, String)>, chosen: &str, pick: impl Fn(String) + 'static) -> AnyView {
        let pick: Typed = Box::new(pick);
        let id = self.id;
        let choices: Vec<_> = choices
            .into_iter()
            .map(|(value, name)| {
                let selected = value == chosen;
                view! { <option value=value selected=selected>{name}</option> }
            })
            .collect();
        let control = view! {
            <select class="select" id=id on:change:target=move |event| pick(event.target().value())>{choices}</select>
        };
        self.around(control.into_any())
    }

    fn around(self, control: AnyView) -> AnyView {
        let Self { id, label, hint, problem } = self;
        view! {
            <div class="field">
                <label for=id>{label}</label>
                {control}
                {(!hint.is_empty()).then(|| view! { <span class="hint">{hint}</span> })}
                {anew(move || problem.get().map(|problem| field_problem(id, problem)))}
            </div>
        }
        .into_any()
    }
}

/// What is wrong with a field, below it.
pub fn field_problem(id: &str, problem: String) -> AnyView {
    let id = format!("{id}-problem");
    view! { <span class="field-problem" id=id role="alert">{icon_sm(Icon::Failed)}<span>{problem}</span></span> }
        .into_any()
}
