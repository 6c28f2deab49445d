//! Dialog: asks once, says what stops. Its buttons repeat the verb; the browser keeps and returns the focus.
//!
//! One dialog for the whole page, so that it stays open while the page below it changes.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::HtmlDialogElement;

use super::anew::anew;
use super::button::Button;
use crate::html::{AnyView, Given, IntoAny, view};
use crate::react::{RwSignal, effect};

/// What a dialog asks.
#[derive(Clone)]
pub struct Question {
    /// As a question.
    pub title: String,
    /// What happens then.
    pub text: String,
    /// The verb that does it.
    pub verb: String,
    /// The verb that leaves all as it is.
    pub keep: String,
}

/// What is done on a yes. It outlives the part of the page that asked, which may be rendered anew meanwhile.
type Act = Arc<dyn Fn() + Send + Sync>;

/// What is open.
#[derive(Clone)]
enum Open {
    Question(Question, Act),
    Something(fn(Dialogs) -> AnyView),
    Palette(fn(Dialogs) -> AnyView),
}

/// What is open, a question or something to read; a handle to copy.
#[derive(Clone, Copy)]
pub struct Dialogs(RwSignal<Option<Open>>);

impl Dialogs {
    /// Nothing is open.
    pub fn new() -> Self {
        Self(RwSignal::new(None))
    }

    /// Asks; on a yes the act is done.
    pub fn ask(self, question: Question, act: impl Fn() + Send + Sync + 'static) {
        self.0.set(Some(Open::Question(question, Arc::new(act))));
    }

    /// Shows something to read; its heading has the id `dialog-title`.
    pub fn show(self, view: fn(Self) -> AnyView) {
        self.0.set(Some(Open::Something(view)));
    }

    /// Shows something to type into, near the top; its heading has the id `dialog-title`.
    pub fn show_palette(self, view: fn(Self) -> AnyView) {
        self.0.set(Some(Open::Palette(view)));
    }

    /// Closes what is open.
    pub fn close(self) {
        self.0.set(None);
    }

    fn yes(self) {
        let open = self.0.get_untracked();
        self.close();
        if let Some(Open::Question(_, act)) = open {
            act();
        }
    }
}

/// The dialogs, from the context that `App` provides.
pub fn dialogs() -> Dialogs {
    expect_context()
}

/// The place where the dialog stands.
pub fn place(dialogs: Dialogs) -> AnyView {
    let element = Given::new();
    effect(move || {
        let Some(dialog) = element.get::<HtmlDialogElement>() else { return };
        let asked = dialogs.0.with(Option::is_some);
        if asked && !dialog.open() {
            let _ = dialog.show_modal();
        } else if !asked && dialog.open() {
            dialog.close();
        }
    });
    let inside = move || match dialogs.0.get() {
        None => ().into_any(),
        Some(Open::Question(question, _)) => asked(dialogs, question),
        Some(Open::Something(view) | Open::Palette(view)) => view(dialogs),
    };
    let class = move || match dialogs.0.get() {
        Some(Open::Palette(_)) => "dialog palette",
        _ => "dialog",
    };
    view! {
        <dialog class=class node_ref=element.to() aria-labelledby="dialog-title" on:close=move |_| dialogs.close()>
            {anew(inside)}
        </dialog>
    }
    .into_any()
}

fn asked(dialogs: Dialogs, question: Question) -> AnyView {
    let Question { title, text, verb, keep } = question;
    view! {
        <div class="dialog-head"><h2 id="dialog-title">{title}</h2></div>
        <div class="dialog-body"><p>{text}</p></div>
        <div class="dialog-acts">
            {Button::new(keep).on(move || dialogs.close())}
            {Button::new(verb).class("btn is-danger").on(move || dialogs.yes())}
        </div>
    }
    .into_any()
}
