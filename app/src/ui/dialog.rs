//! Dialog: asks once, says what stops. Its buttons repeat the verb; the browser keeps and returns the focus.

use leptos::html;
use leptos::prelude::*;

use super::button::Button;

/// What a dialog asks.
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

/// A dialog that is open while the signal is true.
pub fn dialog(open: RwSignal<bool>, question: Question, act: impl Fn() + Clone + Send + Sync + 'static) -> AnyView {
    let element = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = element.get() else { return };
        if open.get() && !dialog.open() {
            let _ = dialog.show_modal();
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    let Question { title, text, verb, keep } = question;
    let press = move || {
        open.set(false);
        act();
    };
    view! {
        <dialog class="dialog" node_ref=element aria-labelledby="dialog-title" on:close=move |_| open.set(false)>
            <div class="dialog-head"><h2 id="dialog-title">{title}</h2></div>
            <div class="dialog-body"><p>{text}</p></div>
            <div class="dialog-acts">
                {Button::new(keep).on(move || open.set(false))}
                {Button::new(verb).class("btn is-danger").on(press)}
            </div>
        </dialog>
    }
    .into_any()
}
