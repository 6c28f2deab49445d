//! The jobs: the sum of what they do, then the list, worst first.

use api::domain::change::Topic;
use api::jobs::{JobRow, JobTally, JobsPage};

use super::model::{PARTS, doing_pill, doing_said, marks, portions};
use crate::address::Param;
use crate::api as calls;
use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::live::live;
use crate::react::{RwSignal, effect};
use crate::requests::new::tier_said;
use crate::route::Route;
use crate::ui::anew::anew;
use crate::ui::button::Button;
use crate::ui::empty::empty;
use crate::ui::flash::Flash;
use crate::ui::fresh::Fresh;
use crate::ui::grid::{foot, grid, shown, th, th_right};
use crate::ui::head::{head, tab_title};
use crate::ui::icon::Icon;
use crate::ui::loaded::{Feed, loaded};
use crate::ui::name::breaking;
use crate::ui::search::search;
use crate::ui::tally::{bar, portions as tables, sum};
use crate::ui::time::{age, time};
use crate::ui::unknown::unknown;
use crate::words::{Lang, reader, say, say_n, speak};

#[derive(Clone, Copy)]
struct List {
    q: Param,
    doing: Param,
    steps: RwSignal<usize>,
    flash: Flash,
    fresh: Fresh,
}

/// The page.
pub fn list() -> AnyView {
    let reader = reader();
    let list = List {
        q: Param::new("q"),
        doing: Param::new("doing"),
        steps: RwSignal::new(1),
        flash: Flash::new(),
        fresh: Fresh::new(),
    };
    // Another list is shown as it is.
    effect(move || {
        list.q.get();
        list.doing.get();
        list.fresh.forget();
    });
    let jobs = Feed::new(move || {
        track();
        calls::jobs(list.q.get(), list.doing.get(), list.steps.get())
    });
    let inside = loaded(jobs, move |jobs| anew(move || content(reader.lang(), &jobs.get(), list)));
    view! { <div class="page is-wide">{anew(move || title(reader.lang()))}{inside}</div> }.into_any()
}

/// Reads again when a job, a table or a request changes.
pub fn track() {
    let live = live();
    live.track(Topic::Job);
    live.track(Topic::Lake);
    live.track(Topic::Request);
}

fn title(lang: Lang) -> AnyView {
    tab_title(say!(lang, nav.jobs));
    head(say!(lang, nav.jobs).into_any(), ().into_any(), say!(lang, jobs.sub).into_any(), None)
}

fn content(lang: Lang, jobs: &JobsPage, list: List) -> AnyView {
    if jobs.tally.total() == 0 {
        return empty(Icon::Job, say!(lang, jobs.empty), say!(lang, jobs.empty_more), None);
    }
    view! {
        {tally(lang, &jobs.tally, list)}
        <div class="section">{tools(lang, list)}{rows(lang, jobs, list)}</div>
    }
    .into_any()
}

fn tally(lang: Lang, tally: &JobTally, list: List) -> AnyView {
    let parts = portions(lang, tally);
    let big = say_n!(lang, tally.total(), jobs.of_run, jobs.of_run_one);
    view! {
        <section aria-label=say!(lang, request.progress)>
            <div class="tally-top"><p class="tally-big num">{count(tally.running)}" "<small>{big}</small></p></div>
            {bar(&parts, false)}
            {sum(&parts, say!(lang, jobs.jobs), &list.doing.get(), move |key| list.doing.toggle(key))}
        </section>
    }
    .into_any()
}

fn tools(lang: Lang, list: List) -> AnyView {
    let find = move |text: String| {
        list.steps.set(1);
        list.q.replace(text);
    };
    let chosen = list.doing.get();
    let chosen = PARTS.into_iter().find(|doing| doing.word() == chosen).map(|doing| {
        let words = say!(lang, items.only, part = doing_said(lang, doing));
        view! { <button type="button" class="filter is-on" on:click=move |_| list.doing.set("")>{words}" ×"</button> }
    });
    view! {
        <div class="tools">
            {search(say!(lang, jobs.search).to_owned(), say!(lang, jobs.placeholder).to_owned(), list.q.signal(), find)}
            {chosen}
        </div>
    }
    .into_any()
}

fn rows(lang: Lang, jobs: &JobsPage, list: List) -> AnyView {
    let page = &jobs.page;
    list.flash.show(marks(&page.rows));
    if page.rows.is_empty() {
        let drop = Button::new(say!(lang, items.drop_filter)).on(move || {
            list.q.replace("");
            list.doing.set("");
        });
        return empty(Icon::Search, say!(lang, no_match), say!(lang, jobs.no_match), Some(drop));
    }
    let heads = vec![
        th(say!(lang, col.job)),
        th(say!(lang, col.state)),
        th(say!(lang, col.tables)),
        th(say!(lang, col.promise)),
        th(say!(lang, col.from)),
        th(say!(lang, jobs.runs_since)),
        th_right(say!(lang, jobs.starts)),
    ];
    let (jobs, news) = list.fresh.rows(lang, &page.rows, |each| each.name.clone());
    let rows: Vec<_> = jobs.iter().map(|each| row(lang, each, list)).collect();
    let foot = foot(lang, shown(lang, jobs.len()), page.next.is_some().then_some(list.steps));
    view! { {news}{grid(say!(lang, nav.jobs).to_owned(), true, heads, rows, Some(foot))} }.into_any()
}

fn row(lang: Lang, job: &JobRow, list: List) -> AnyView {
    let key = job.name.clone();
    let class = move || if list.flash.is_lit(&key) { "just-changed" } else { "" };
    let trouble = job.trouble.as_ref().map(|said| view! { <span class="name-more">{speak(lang, said)}</span> });
    view! {
        <tr role="row" class=class>
            <th scope="row" role="rowheader" class="c-name">
                <span class="name"><a class="name-id" href=Route::Job(job.name.clone()).path()>{breaking(&job.name)}</a>{trouble}</span>
            </th>
            <td role="cell" class="c-state">{doing_pill(lang, job.doing)}</td>
            <td role="cell" class="c-keep">{count(job.tally.requested())}{bar(&tables(lang, &job.tally), true)}</td>
            <td role="cell" class="nowrap">{tier_said(lang, job.tier)}</td>
            <td role="cell" class="nowrap">{job.source.1.clone()}</td>
            <td role="cell" class="nowrap">{since(lang, job)}</td>
            <td role="cell" class="r">{starts(lang, job)}</td>
        </tr>
    }
    .into_any()
}

/// Since when it runs; on an engine that knows no starts, how old its oldest table is.
pub fn since(lang: Lang, job: &JobRow) -> AnyView {
    match (job.since, job.as_of) {
        (Some(since), _) => time(lang, since),
        (None, Some(as_of)) => age(lang, as_of, move |age| say!(lang, jobs.data_old, age = age)),
        (None, None) => unknown(lang),
    }
}

/// How often it was started; an engine that copies by schedule knows no starts.
fn starts(lang: Lang, job: &JobRow) -> AnyView {
    match job.starts {
        0 => view! { <span class="muted">{say!(lang, jobs.no_starts)}</span> }.into_any(),
        n => count(n).into_any(),
    }
}
