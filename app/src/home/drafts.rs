//! Drafts: what was begun and not sent, each with its way on.

use api::Page;
use api::drafts::DraftRow;

use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::route::Route;
use crate::ui::anew::anew;
use crate::ui::button::link_button;
use crate::ui::head::section_head;
use crate::ui::icon::Icon;
use crate::ui::loaded::Shown;
use crate::ui::stamp::mark;
use crate::ui::time::time;
use crate::words::{Lang, around, reader, say, say_n};

/// The drafts; nothing when there are none.
pub fn drafts(page: Shown<Page<DraftRow>>) -> AnyView {
    let reader = reader();
    let body = move || {
        let (lang, page) = (reader.lang(), page.get());
        if page.rows.is_empty() {
            return None;
        }
        let rows: Vec<_> = page.rows.iter().map(|each| row(lang, each)).collect();
        Some(view! {
            <section>
                {section_head(say!(lang, home.drafts).to_owned(), Some(count(rows.len() as u64).into_any()), None)}
                <div class="card is-flush"><ul class="rows">{rows}</ul></div>
            </section>
        })
    };
    anew(body)
}

fn row(lang: Lang, draft: &DraftRow) -> AnyView {
    let title = match (&draft.of, draft.title.as_str()) {
        (Some((_, number)), _) => say!(lang, home.draft_change, number = number),
        (None, "") => say!(lang, home.untitled).to_owned(),
        (None, title) => title.to_owned(),
    };
    let saved = around(say!(lang, home.draft_saved), time(lang, draft.saved_at));
    let tables = (draft.tables > 0).then(|| {
        view! { {say_n!(lang, draft.tables, n_tables, n_tables_one)}" · " }
    });
    let to = Route::Draft(draft.id.clone()).path();
    view! {
        <li class="row">
            <div>
                <div class="row-title">{title}{mark("is-unknown", Icon::Draft, say!(lang, new.draft).to_owned())}</div>
                <div class="row-sub">{tables}{saved}</div>
            </div>
            <span class="row-end">{link_button("btn is-sm", None, say!(lang, home.go_on).to_owned(), to)}</span>
        </li>
    }
    .into_any()
}
