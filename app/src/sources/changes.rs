//! What became of a source's tables from one reading to the next: appeared, changed, vanished, newest first.

use api::domain::change::Topic;
use api::domain::ids::SourceId;
use api::tables::TableChange;

use crate::api as calls;
use crate::html::{AnyView, IntoAny, view};
use crate::live::live;
use crate::react::RwSignal;
use crate::ui::anew::anew;
use crate::ui::grid::{foot, shown};
use crate::ui::head::section_head;
use crate::ui::loaded::{Feed, loaded};
use crate::ui::name::name;
use crate::ui::time::age;
use crate::words::{Lang, reader, say, speak};

/// The section of a source's page.
pub fn changes(source: SourceId) -> AnyView {
    let (reader, steps) = (reader(), RwSignal::new(1));
    let changes = Feed::new(move || {
        live().track(Topic::Source);
        calls::table_changes(&source, steps.get())
    });
    let list = loaded(changes, move |page| {
        anew(move || {
            let (lang, page) = (reader.lang(), page.get());
            if page.rows.is_empty() {
                return view! { <p class="muted">{say!(lang, sources.no_changes)}</p> }.into_any();
            }
            let rows: Vec<_> = page.rows.iter().map(|change| row(lang, change)).collect();
            let more = page.next.is_some().then_some(steps);
            let foot = more.map(|_| foot(lang, shown(lang, page.rows.len()), more));
            view! { <div class="card is-flush"><ul class="rows">{rows}</ul>{foot}</div> }.into_any()
        })
    });
    let head = move || section_head(say!(reader.lang(), sources.changes).to_owned(), None, None);
    view! { <section class="section">{anew(head)}{list}</section> }.into_any()
}

fn row(lang: Lang, change: &TableChange) -> AnyView {
    let said: Vec<_> = change.said.iter().map(|said| speak(lang, said)).collect();
    view! {
        <li class="row">
            <div>{name(&change.table, &said.join(" · "))}</div>
            <span class="row-end">{age(lang, change.at, move |age| say!(lang, age_ago, age = age))}</span>
        </li>
    }
    .into_any()
}
