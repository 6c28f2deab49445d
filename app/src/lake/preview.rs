//! The first rows of a table, on demand: each look is a line of the log.

use api::domain::name::TableName;
use api::lake::Rows;

use crate::api::{self as calls, Answer};
use crate::html::{AnyView, IntoAny, view};
use crate::react::{RwSignal, spawn};
use crate::ui::anew::anew;
use crate::ui::button::Button;
use crate::ui::head::section_head;
use crate::ui::icon::Icon;
use crate::ui::problem::{note, trouble_box};
use crate::ui::time::time_exact;
use crate::words::{Lang, around, reader, say, say_n};

/// The section. Who may not see rows is told who can let them.
pub fn preview(name: TableName, may: bool, owner: String) -> AnyView {
    let reader = reader();
    let (busy, answer) = (RwSignal::new(false), RwSignal::new(None::<Answer<Rows>>));
    let look = move || {
        let name = name.clone();
        busy.set(true);
        spawn(async move {
            let rows = calls::rows(&name).await;
            busy.try_set(false);
            answer.try_set(Some(rows));
        });
    };
    let body = move || {
        let lang = reader.lang();
        match answer.get() {
            _ if !may => note("is-accent", Icon::Lock, say!(lang, preview.not_allowed, who = owner).into_any()),
            None => {
                let button = Button::new(say!(lang, preview.show)).icon(Icon::Table).busy(busy.into()).on(look.clone());
                view! { <div class="inline">{button}<span class="hint">{say!(lang, preview.logged)}</span></div> }
                    .into_any()
            }
            Some(Ok(rows)) => table(lang, &rows),
            Some(Err(trouble)) => trouble_box(lang, &trouble),
        }
    };
    let head = move || {
        let lang = reader.lang();
        let read = answer.get().and_then(Result::ok).map(|rows| {
            let n = say_n!(lang, rows.rows.len() as u64, preview.first, preview.first_one);
            (n, around(say!(lang, preview.of), time_exact(lang, rows.at)))
        });
        let (more, aside) = read.unzip();
        section_head(say!(lang, preview.title).to_owned(), more.map(IntoAny::into_any), aside)
    };
    view! { <section>{anew(head)}{anew(body)}</section> }.into_any()
}

fn table(lang: Lang, rows: &Rows) -> AnyView {
    let heads: Vec<_> = rows
        .columns
        .iter()
        .map(|name| {
            let masked = rows
                .masked
                .contains(name)
                .then(|| view! { " "<span class="tag is-late">{say!(lang, preview.masked)}</span> });
            view! { <th scope="col">{name.clone()}{masked}</th> }
        })
        .collect();
    let body: Vec<_> = rows
        .rows
        .iter()
        .map(|cells| {
            let cells: Vec<_> = cells.iter().map(|text| cell(text.as_ref())).collect();
            view! { <tr>{cells}</tr> }
        })
        .collect();
    let masked = (!rows.masked.is_empty()).then(|| {
        let names = rows.masked.join(say!(lang, list_joint));
        note("is-late", Icon::Lock, say!(lang, preview.masked_more, names = names).into_any())
    });
    view! {
        {masked}
        <div class="grid-box mt-2" role="region" tabindex="0" aria-label=say!(lang, preview.title)>
            <table class="grid is-dense"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>
        </div>
    }
    .into_any()
}

fn cell(text: Option<&String>) -> AnyView {
    match text {
        Some(text) => view! { <td class="nowrap">{text.clone()}</td> }.into_any(),
        None => view! { <td class="muted">"NULL"</td> }.into_any(),
    }
}
