//! Search: answers while one types, 120 ms after the last key. `/` leads here.

use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;

use super::icon::{Icon, icon};
use crate::html::{AnyView, IntoAny, view};
use crate::react::{Signal, StoredValue};

const PATIENCE: Duration = Duration::from_millis(120);

/// A field to search in a list; `found` is told what is typed.
pub fn search(name: String, placeholder: String, value: Signal<String>, found: impl Fn(String) + 'static) -> AnyView {
    let found: Rc<dyn Fn(String)> = Rc::new(found);
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let typed = move |text: String| {
        let found = found.clone();
        if let Some(before) = waiting.get_value() {
            before.clear();
        }
        waiting.set_value(set_timeout_with_handle(move || found(text), PATIENCE).ok());
    };
    view! {
        <span class="with-icon">
            {icon(Icon::Search)}
            <input
                class="input"
                type="search"
                data-search="true"
                aria-label=name
                placeholder=placeholder
                prop:value=move || value.get()
                on:input:target=move |event| typed(event.target().value())
            />
            <kbd class="key hide-s" aria-hidden="true">"/"</kbd>
        </span>
    }
    .into_any()
}
