//! Queries to copy, by tool. The tool last used is remembered.

use api::lake::Query;
use leptos::prelude::*;

use crate::html::{AnyView, IntoAny, view};
use crate::react::{Memo, RwSignal, Signal};
use crate::shell::{Key, on_key};
use crate::ui::anew::anew;
use crate::ui::code::{code, copy_text};
use crate::ui::switcher::{Choice, switcher};
use crate::words::{Lang, reader, say};

const KEY: &str = "lakegate-tool";

/// The queries; C copies the one shown.
pub fn queries(of: Signal<Vec<Query>>) -> AnyView {
    let reader = reader();
    let tool = RwSignal::new(kept());
    let chosen = Memo::new(move |_| {
        let queries = of.get();
        queries.iter().find(|query| query.tool == tool.get()).or_else(|| queries.first()).cloned()
    });
    on_key(move |key| {
        let copies = key == Key::Char('c');
        copies && chosen.get_untracked().is_some_and(|query| copy_text(&query.text))
    });
    let view = move || {
        let lang = reader.lang();
        chosen.get().map(|query| {
            let title = say!(lang, queries.of_tool, tool = query.tool);
            view! { {tools(lang, &of.get(), &query.tool, tool)}<div class="mt-2">{code(lang, title, query.text)}</div> }
        })
    };
    anew(view)
}

fn tools(lang: Lang, queries: &[Query], chosen: &str, tool: RwSignal<String>) -> AnyView {
    let choice = |query: &Query| {
        let name = query.tool.clone();
        let press = move || {
            keep(&name);
            tool.set(name.clone());
        };
        Choice { label: query.tool.clone().into_any(), lang: None, on: query.tool == chosen, press: Box::new(press) }
    };
    switcher(say!(lang, queries.tool).to_owned(), queries.iter().map(choice).collect())
}

fn kept() -> String {
    let storage = window().local_storage().ok().flatten();
    storage.and_then(|storage| storage.get_item(KEY).ok().flatten()).unwrap_or_default()
}

fn keep(tool: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        // A full or forbidden storage only means that the first tool is shown next time.
        let _ = storage.set_item(KEY, tool);
    }
}
