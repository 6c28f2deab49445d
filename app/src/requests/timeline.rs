//! The timeline of a request: the whole as a tab, the latest beside it.

use api::domain::ids::RequestId;

use crate::api as calls;
use crate::html::{AnyView, IntoAny, view};
use crate::live::live;
use crate::react::RwSignal;
use crate::route::Route;
use crate::ui::anew::anew;
use crate::ui::grid::{foot, shown};
use crate::ui::head::section_head;
use crate::ui::loaded::{Feed, loaded};
use crate::ui::timeline::timeline;
use crate::words::{reader, say};

/// How many events stand beside the tables.
const LATEST: usize = 6;

/// All of it.
pub fn timeline_tab(id: RequestId) -> AnyView {
    let reader = reader();
    let steps = RwSignal::new(1);
    let lines = Feed::new(move || {
        live().track_request(&id);
        calls::timeline(&id, steps.get())
    });
    loaded(lines, move |page| {
        let shown = move || {
            let (lang, page) = (reader.lang(), page.get());
            let more = page.next.is_some().then_some(steps);
            let foot = more.map(|_| foot(lang, shown(lang, page.rows.len()), more));
            view! { {timeline(lang, &page.rows)}{foot} }
        };
        anew(shown)
    })
}

/// The newest lines.
pub fn latest(id: RequestId) -> AnyView {
    let reader = reader();
    let all = Route::Request(id.clone()).with(&[("tab", "timeline")]);
    let lines = Feed::new(move || {
        live().track_request(&id);
        calls::timeline(&id, 1)
    });
    let list = loaded(lines, move |page| {
        let shown = move || {
            let rows = &page.get().rows;
            timeline(reader.lang(), &rows[..rows.len().min(LATEST)])
        };
        anew(shown)
    });
    let head = move || {
        let lang = reader.lang();
        let all = view! { <a href=all.clone() data-noscroll="true">{say!(lang, request.all_lines)}</a> };
        section_head(say!(lang, request.latest).to_owned(), None, Some(all.into_any()))
    };
    view! { <section>{anew(head)}{list}</section> }.into_any()
}
