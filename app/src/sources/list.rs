//! Sources: which there are, who answers for them, what is wrong with them, how old their catalogue is.

use api::domain::change::Topic;
use api::sources::{SourceList, SourceRow};

use super::brake;
use crate::api as calls;
use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::live::live;
use crate::react::{Memo, RwSignal};
use crate::route::Route;
use crate::ui::anew::anew;
use crate::ui::button::{Button, link_button};
use crate::ui::empty::empty;
use crate::ui::grid::{grid, th, th_right};
use crate::ui::head::{head, tab_title};
use crate::ui::icon::Icon;
use crate::ui::loaded::{Feed, loaded_page};
use crate::ui::time::age;
use crate::ui::unknown::unknown;
use crate::ui::who::who;
use crate::words::{Lang, reader, say, speak};

/// The page.
pub fn list() -> AnyView {
    let reader = reader();
    let braking = RwSignal::new(false);
    let sources = Feed::new(|| {
        live().track(Topic::Source);
        calls::sources()
    });
    let inside = loaded_page(sources, move |sources| {
        let manages = Memo::new(move |_| sources.with(|list| list.may_manage));
        let names = move || {
            let named = |row: &SourceRow| (row.id.to_string(), row.name.clone());
            sources.with_untracked(|list| list.rows.iter().map(named).collect())
        };
        let form = move || braking.get().then(|| brake::form(reader.lang(), names(), braking));
        view! {
            {anew(move || title(reader.lang(), manages.get(), braking))}
            {brake::held()}
            {anew(form)}
            <div class="section">{anew(move || rows(reader.lang(), &sources.get()))}</div>
        }
        .into_any()
    });
    view! { <div class="page is-wide">{inside}</div> }.into_any()
}

fn title(lang: Lang, manages: bool, braking: RwSignal<bool>) -> AnyView {
    tab_title(say!(lang, nav.sources));
    let acts = manages.then(|| {
        let stop = Button::new(say!(lang, brake.stop)).icon(Icon::Paused);
        let add = say!(lang, sources.add).to_owned();
        view! {
            {stop.on(move || braking.update(|braking| *braking = !*braking))}
            {link_button("btn is-primary", Some(Icon::Plus), add, Route::SourceNew.path())}
        }
        .into_any()
    });
    head(say!(lang, nav.sources).into_any(), ().into_any(), say!(lang, sources.sub).into_any(), acts)
}

fn rows(lang: Lang, list: &SourceList) -> AnyView {
    if list.rows.is_empty() {
        return empty(Icon::Table, say!(lang, sources.empty), say!(lang, sources.empty_more), None);
    }
    let heads = vec![
        th(say!(lang, col.source)),
        th(say!(lang, col.state)),
        th_right(say!(lang, col.tables)),
        th(say!(lang, sources.catalogue)),
        th(say!(lang, col.owner)),
        th(say!(lang, sources.place)),
    ];
    let rows = list.rows.iter().map(|source| row(lang, source)).collect();
    grid(say!(lang, sources.list).to_owned(), true, heads, rows, None)
}

fn row(lang: Lang, source: &SourceRow) -> AnyView {
    let read = match source.read_at {
        Some(at) => age(lang, at, move |age| say!(lang, age_ago, age = age)),
        None => unknown(lang),
    };
    let trouble =
        source.trouble.as_ref().map(|trouble| view! { <span class="name-more">{speak(lang, trouble)}</span> });
    let tested = source.tested_at.map(|at| {
        view! { <span class="name-more">{age(lang, at, move |age| say!(lang, sources.tested_ago, age = age))}</span> }
    });
    let owners: Vec<_> = source.owners.iter().map(|owner| who(&owner.name)).collect();
    let owners = if owners.is_empty() { say!(lang, sources.no_owner).into_any() } else { owners.into_any() };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader" class="c-name">
                <span class="name"><a href=Route::Source(source.id.clone()).path()>{source.name.clone()}</a>{trouble}</span>
            </th>
            <td role="cell" class="c-state"><span class="inline">{marks(lang, source)}{tested}</span></td>
            <td role="cell" class="r num">{count(source.tables)}</td>
            <td role="cell" class="c-keep">{read}</td>
            <td role="cell" class="c-now"><span class="inline">{owners}</span></td>
            <td role="cell"><code>{source.place.clone()}</code></td>
        </tr>
    }
    .into_any()
}

/// What to look at: trouble, the brake, whether it is closed.
fn marks(lang: Lang, source: &SourceRow) -> Vec<AnyView> {
    let tag = |class: &'static str, word: &'static str, more: String| {
        view! { <span class=class title=more>{word}</span> }.into_any()
    };
    let mut marks = Vec::new();
    if let Some(retired) = &source.retired {
        marks.push(tag("tag", say!(lang, sources.retired), speak(lang, retired)));
    }
    if let Some(trouble) = &source.trouble {
        marks.push(tag("tag is-late", say!(lang, sources.trouble), speak(lang, trouble)));
    }
    if source.to_fix > 0 {
        let words = say!(lang, sources.to_fix, n = count(source.to_fix));
        marks.push(view! { <span class="tag is-late">{words}</span> }.into_any());
    }
    if let Some(brake) = &source.brake {
        marks.push(tag("tag is-late", say!(lang, sources.braked), speak(lang, brake)));
    }
    if source.closed {
        marks.push(tag("tag", say!(lang, sources.closed), String::new()));
    }
    marks
}
