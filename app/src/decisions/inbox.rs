//! The inbox: which first? Oldest first, with what happens at the deadline.

use api::Page;
use api::domain::change::Topic;
use api::inbox::InboxRow;

use super::picking::Picking;
use crate::api as calls;
use crate::clock;
use crate::format::{about, bytes, count, when_said};
use crate::html::{AnyView, IntoAny, view};
use crate::live::live;
use crate::react::RwSignal;
use crate::route::Route;
use crate::ui::anew::anew;
use crate::ui::button::link_button;
use crate::ui::empty::empty;
use crate::ui::fresh::Fresh;
use crate::ui::grid::{foot, shown};
use crate::ui::head::{head, tab_title};
use crate::ui::icon::{Icon, icon};
use crate::ui::loaded::{Feed, loaded};
use crate::ui::time::age;
use crate::ui::who::who;
use crate::viewer::viewer;
use crate::words::{Lang, reader, say, say_n};

/// The page.
pub fn inbox() -> AnyView {
    let reader = reader();
    let steps = RwSignal::new(1);
    let fresh = Fresh::new();
    let waiting = Feed::new(move || {
        live().track(Topic::Request);
        calls::inbox(steps.get())
    });
    let n = viewer();
    view! {
        <div class="page">
            {anew(move || title(reader.lang(), n.me().inbox))}
            {loaded(waiting, move |page| {
                let picking = Picking::new(page);
                picking.keys();
                let rows = move || rows(reader.lang(), &page.get(), steps, fresh, picking);
                view! { {anew(rows)}{anew(move || picking.bar(reader.lang()))}{anew(move || keys(reader.lang()))} }.into_any()
            })}
        </div>
    }
    .into_any()
}

fn title(lang: Lang, n: u64) -> AnyView {
    tab_title(say!(lang, nav.inbox));
    let sub = match n {
        0 => say!(lang, inbox.none).to_owned(),
        n => say_n!(lang, n, inbox.sub, inbox.sub_one),
    };
    head(say!(lang, nav.inbox).into_any(), ().into_any(), sub.into_any(), None)
}

fn rows(lang: Lang, page: &Page<InboxRow>, steps: RwSignal<usize>, fresh: Fresh, picking: Picking) -> AnyView {
    if page.rows.is_empty() {
        return empty(Icon::Stamp, say!(lang, inbox.none), say!(lang, inbox.none_more), None);
    }
    let (waiting, news) = fresh.rows(lang, &page.rows, |each| each.row.id.to_string());
    let rows: Vec<_> = waiting.iter().map(|each| row(lang, each, Some(picking))).collect();
    let more = page.next.is_some().then_some(steps);
    let foot = more.map(|_| foot(lang, shown(lang, waiting.len()), more));
    view! {
        {news}
        {picking.tools(lang)}
        <div class="card is-flush"><ul class="rows">{rows}</ul>{foot}</div>
    }
    .into_any()
}

fn keys(lang: Lang) -> AnyView {
    let keys = [
        ("J K", say!(lang, keys.next_previous)),
        ("X", say!(lang, keys.select)),
        ("⏎", say!(lang, keys.open)),
        ("A", say!(lang, keys.approve)),
        ("B", say!(lang, keys.send_back)),
        ("R", say!(lang, keys.reject)),
        ("?", say!(lang, keys.title)),
    ];
    let keys: Vec<_> = keys
        .into_iter()
        .map(|(keys, what)| {
            let keys: Vec<_> = keys.split(' ').map(|key| view! { <kbd class="key">{key}</kbd>" " }).collect();
            view! { <span>{keys}{what}</span> }
        })
        .collect();
    view! { <p class="keys mt-6 hide-s">{keys}</p> }.into_any()
}

/// A request that waits: who asks for what and why, and until when.
pub fn row(lang: Lang, waiting: &InboxRow, picking: Option<Picking>) -> AnyView {
    let request = &waiting.row;
    let to = Route::Card(request.id.clone()).path();
    let reason = say!(lang, quoted, text = waiting.reason);
    let until = when_said(lang, waiting.until, clock::now());
    let what = view! {
        <div class="stack is-tight">
            <div class="row-title">
                <a href=to.clone()>{request.title.clone()}</a>
                <span class="id">{request.number.clone()}</span>
            </div>
            <div class="row-sub inline">
                {who(&request.requester.name)}
                <span class="muted">{request.requester.team.clone()}</span>
                <span>{reason}</span>
            </div>
            <div class="inline">{tags(lang, waiting)}</div>
            {picking.and_then(|picking| picking.why_not(lang, waiting))}
        </div>
    };
    let what = match picking {
        Some(picking) => view! { <div class="ask">{picking.tick(lang, waiting)}{what}</div> }.into_any(),
        None => what.into_any(),
    };
    view! {
        <li class="row is-link">
            {what}
            <div class="row-end">
                <div class="num small">
                    <div>{age(lang, waiting.since, move |age| say!(lang, inbox.waiting, age = age))}</div>
                    <div class="tiny muted">{say!(lang, inbox.until, at = until)}</div>
                </div>
                {link_button("btn is-sm", None, say!(lang, open).to_owned(), to)}
            </div>
        </li>
    }
    .into_any()
}

fn tags(lang: Lang, waiting: &InboxRow) -> AnyView {
    let size = match (waiting.rows, waiting.bytes) {
        (Some(rows), Some(size)) => say!(lang, rows_and_size, rows = about(lang, rows), size = bytes(size)),
        _ => say!(lang, size_unknown).to_owned(),
    };
    let stands_in = waiting.stands_in.then(|| {
        view! { <span class="tag is-late">{icon(Icon::User)}{say!(lang, inbox.stands_in)}</span> }
    });
    let personal = (waiting.personal > 0).then(|| {
        let words = say!(lang, inbox.personal, n = count(waiting.personal));
        view! { <span class="tag is-late">{icon(Icon::Lock)}{words}</span> }
    });
    view! {
        <span class="tag">{say_n!(lang, waiting.tables, n_tables, n_tables_one)}</span>
        <span class="tag">{size}</span>
        {personal}
        {stands_in}
    }
    .into_any()
}
