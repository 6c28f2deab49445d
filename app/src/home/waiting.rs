//! What waits for the reader: decisions, and own requests that need an answer; each with its act in the row.

use api::Page;
use api::domain::request::Stamp;
use api::inbox::InboxRow;
use api::requests::RequestRow;

use super::model::waiting;
use super::nothing_waits;
use crate::decisions::inbox;
use crate::html::{AnyView, IntoAny, view};
use crate::route::Route;
use crate::ui::anew::anew;
use crate::ui::button::link_button;
use crate::ui::head::section_head;
use crate::ui::icon::Icon;
use crate::ui::loaded::Shown;
use crate::ui::stamp::mark;
use crate::ui::state::{Look, pill};
use crate::words::{Lang, reader, say, say_n, speak};

/// How many decisions stand on Home.
const DECISIONS: usize = 5;

/// Requests that wait for the reader's decision.
pub fn decisions(page: Shown<Page<InboxRow>>) -> AnyView {
    let reader = reader();
    let body = move || {
        let (lang, page) = (reader.lang(), page.get());
        if page.rows.is_empty() {
            return view! { <section>{head(lang, 0)}{nothing_waits(lang)}</section> }.into_any();
        }
        let rows: Vec<_> = page.rows.iter().take(DECISIONS).map(|each| inbox::row(lang, each, None)).collect();
        view! {
            <section>
                {head(lang, page.rows.len())}
                <div class="card is-flush"><ul class="rows">{rows}</ul></div>
            </section>
        }
        .into_any()
    };
    anew(body)
}

fn head(lang: Lang, n: usize) -> AnyView {
    let all = view! { <a href=Route::Inbox.path()>{say!(lang, nav.inbox)}</a> }.into_any();
    section_head(say!(lang, home.decide).to_owned(), (n > 0).then(|| n.into_any()), Some(all))
}

/// Own requests that failed or were sent back.
pub fn mine(page: Shown<Page<RequestRow>>) -> AnyView {
    let reader = reader();
    let body = move || {
        let (lang, page) = (reader.lang(), page.get());
        let rows = waiting(&page.rows);
        if rows.is_empty() {
            return None;
        }
        let n = rows.len();
        let rows: Vec<_> = rows.into_iter().map(|each| row(lang, each)).collect();
        Some(view! {
            <section>
                {section_head(say!(lang, home.waits).to_owned(), Some(n.into_any()), None)}
                <div class="card is-flush"><ul class="rows">{rows}</ul></div>
            </section>
        })
    };
    anew(body)
}

fn row(lang: Lang, request: &RequestRow) -> AnyView {
    let back = request.stamp == Stamp::SentBack;
    let (mark, act) = if back {
        (mark("is-late", Icon::SentBack, say!(lang, state.sent_back).to_owned()), say!(lang, home.answer))
    } else {
        (pill(lang, Look::Failed), say!(lang, home.look))
    };
    let what = match request.tally.failed {
        _ if back => request.title.clone(),
        n => say!(lang, home.failed_of, n = say_n!(lang, n, home.failed, home.failed_one), title = request.title),
    };
    let part = if back { "" } else { "failed" };
    let to = Route::Request(request.id.clone()).with(&[("part", part)]);
    view! {
        <li class="row">
            <div>
                <div class="row-title">{what}<span class="id">{request.number.clone()}</span>{mark}</div>
                <div class="row-sub">{speak(lang, &request.now)}</div>
            </div>
            <span class="row-end">{link_button("btn is-sm is-primary", None, act.to_owned(), to)}</span>
        </li>
    }
    .into_any()
}
