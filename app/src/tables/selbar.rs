//! The bar of what is selected: how many, rows and size, all that match, and on to the request.

use api::search::{Found, Sums};

use super::filters::Filters;
use super::model::{Everything, sums};
use super::selection::Selection;
use crate::format::{about, bytes, count};
use crate::html::{AnyView, IntoAny, view};
use crate::route::Route;
use crate::ui::button::{Button, link_button};
use crate::ui::icon::Icon;
use crate::words::{Lang, say, say_n};

/// The bar; nothing while nothing is selected.
pub fn bar(lang: Lang, selection: Selection, found: Option<&Found>, filters: Filters) -> Option<AnyView> {
    let (picked, all) = (selection.get(), selection.everything());
    if picked.is_empty() && all.is_none() {
        return None;
    }
    let (n, (rows, size)) = match &all {
        Some(all) => (all.tables, (all.rows, all.bytes)),
        None => (picked.len() as u64, sums(&picked)),
    };
    let sum = match (rows, size) {
        (Some(rows), Some(size)) => say!(lang, rows_and_size, rows = about(lang, rows), size = bytes(size)),
        _ => say!(lang, size_unknown).to_owned(),
    };
    let sums = found.and_then(|found| found.sums.as_ref());
    let more =
        sums.filter(|sums| all.is_none() && sums.askable > n).map(|sums| select_all(lang, sums, selection, filters));
    let request = say_n!(lang, n, catalogue.request, catalogue.request_one);
    Some(
        view! {
            <div class="selbar" role="region" aria-label=say!(lang, selection.label)>
                <span><b>{say_n!(lang, n, selection.tables, selection.tables_one)}</b>" "<span class="muted">{sum}</span></span>
                {more}
                {link_button("btn is-sm is-primary", Some(Icon::Arrow), request, Route::NewRequest.path())}
                {Button::new(say!(lang, selection.clear)).class("btn is-sm").key("Esc").on(move || selection.clear())}
            </div>
        }
        .into_any(),
    )
}

fn select_all(lang: Lang, sums: &Sums, selection: Selection, filters: Filters) -> AnyView {
    let all = Everything { params: filters.all(), tables: sums.askable, rows: sums.rows, bytes: sums.bytes };
    let label = say!(lang, catalogue.take_all, n = count(sums.askable));
    Button::new(label).class("btn is-sm").on(move || selection.take_everything(all.clone()))
}
