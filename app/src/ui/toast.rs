//! Toast: the answer to one's own act, with the way back while there is one.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::anew::anew;
use super::button::{Button, icon_button};
use super::icon::{Icon, icon};
use crate::html::{AnyView, IntoAny, view};
use crate::react::{RwSignal, StoredValue};
use crate::words::{Lang, reader, say};

/// What a toast says.
#[derive(Clone)]
pub struct Toast {
    /// The class that sets its colour.
    pub class: &'static str,
    /// Its icon.
    pub icon: Icon,
    /// What was done.
    pub title: String,
    /// What to know about it; empty when nothing.
    pub text: String,
    /// A way back: its verb and what it does.
    pub act: Option<(String, Arc<dyn Fn() + Send + Sync>)>,
    /// How long it stays.
    pub stays: Duration,
}

impl Toast {
    /// Something was done.
    pub fn done(title: String) -> Self {
        let stays = Duration::from_secs(6);
        Self { class: "is-accent", icon: Icon::Check, title, text: String::new(), act: None, stays }
    }

    /// Something could not be done; it stays until it is closed.
    pub fn failed(title: String) -> Self {
        let stays = Duration::from_mins(1);
        Self { class: "is-failed", icon: Icon::Failed, title, text: String::new(), act: None, stays }
    }
}

/// The toasts shown.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<(u32, Toast)>>,
    next: StoredValue<u32>,
}

impl Toasts {
    /// No toasts.
    pub fn new() -> Self {
        Self { shown: RwSignal::new(Vec::new()), next: StoredValue::new(0) }
    }

    /// Shows a toast for its time.
    pub fn show(self, toast: Toast) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        set_timeout(move || self.drop_one(id), toast.stays);
        self.shown.update(|shown| shown.push((id, toast)));
    }

    fn drop_one(self, id: u32) {
        self.shown.try_update(|shown| shown.retain(|(other, _)| *other != id));
    }
}

/// The toasts, from the context that `App` provides.
pub fn toasts() -> Toasts {
    expect_context()
}

/// The corner where toasts stand.
pub fn corner(toasts: Toasts) -> AnyView {
    let reader = reader();
    let each = move || {
        let lang = reader.lang();
        toasts.shown.get().into_iter().map(|(id, toast)| one(lang, toasts, id, toast)).collect::<Vec<_>>()
    };
    view! { <div class="toasts" role="status">{anew(each)}</div> }.into_any()
}

fn one(lang: Lang, toasts: Toasts, id: u32, toast: Toast) -> AnyView {
    let class = format!("toast {}", toast.class);
    let act = toast.act.map(|(verb, act)| {
        Button::new(verb).class("btn is-sm").on(move || {
            toasts.drop_one(id);
            act();
        })
    });
    view! {
        <div class=class>
            {icon(toast.icon)}
            <div>
                <b>{toast.title}</b>
                {(!toast.text.is_empty()).then(|| view! { <p class="tiny soft">{toast.text}</p> })}
            </div>
            <span class="push inline is-tight">{act}{icon_button(Icon::X, say!(lang, close), move || toasts.drop_one(id))}</span>
        </div>
    }
    .into_any()
}
