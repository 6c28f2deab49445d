//! Overview: does it hold, what is late and why, is there room?

use api::overview::{CauseRow, ClusterRow, Overview, SourceLoad};

use crate::api as calls;
use crate::clock::clock;
use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::jobs::list::track;
use crate::jobs::model::portions as of_jobs;
use crate::lake::list::portions as of_tables;
use crate::react::Memo;
use crate::route::Route;
use crate::ui::anew::anew;
use crate::ui::empty::empty;
use crate::ui::grid::{grid, th, th_right};
use crate::ui::head::{head, section_head, tab_title};
use crate::ui::icon::{Icon, icon};
use crate::ui::loaded::{Feed, loaded_page};
use crate::ui::problem::problem;
use crate::ui::state::{Look, pill};
use crate::ui::tally::{Portion, bar, sum_in_words};
use crate::ui::time::{age, time, time_exact};
use crate::ui::unknown::unknown;
use crate::ui::who::who;
use crate::words::{Lang, around, reader, say, say_n, speak};

/// Clusters ring no bell: all of it is read again so often, in milliseconds.
const EVERY: i64 = 10_000;

/// The page.
pub fn overview() -> AnyView {
    let reader = reader();
    let ticking = clock();
    let beat = Memo::new(move |_| ticking.now().0 / EVERY);
    let all = Feed::new(move || {
        beat.get();
        track();
        calls::overview()
    });
    let inside = loaded_page(all, move |all| {
        let body = view! {
            {anew(move || title(reader.lang()))}
            {anew(move || away(reader.lang(), &all.get().clusters))}
            {anew(move || sums(reader.lang(), &all.get()))}
            {anew(move || causes(reader.lang(), &all.get().causes))}
            {anew(move || tiles(reader.lang(), &all.get()))}
            {anew(move || loads(reader.lang(), &all.get().sources))}
        };
        body.into_any()
    });
    view! { <div class="page is-wide">{inside}</div> }.into_any()
}

fn title(lang: Lang) -> AnyView {
    tab_title(say!(lang, nav.overview));
    head(say!(lang, nav.overview).into_any(), ().into_any(), say!(lang, overview.sub).into_any(), None)
}

/// Clusters that do not answer stand on top: of their jobs nothing is known.
fn away(lang: Lang, clusters: &[ClusterRow]) -> Vec<AnyView> {
    let away = clusters.iter().filter(|cluster| cluster.seen.is_none());
    away.map(|cluster| {
        let what = say!(lang, overview.away, routes = routes_of(lang, cluster));
        let more = say!(lang, overview.away_more, address = cluster.address);
        view! { <div class="mb-5">{problem("is-late", what, Some(more))}</div> }.into_any()
    })
    .collect()
}

fn routes_of(lang: Lang, cluster: &ClusterRow) -> String {
    let names: Vec<_> = cluster.routes.iter().map(|(_, name)| name.as_str()).collect();
    names.join(say!(lang, list_joint))
}

fn sums(lang: Lang, all: &Overview) -> AnyView {
    let (tables, jobs) = (of_tables(lang, &all.tables), of_jobs(lang, &all.jobs));
    view! {
        <div class="cols-half">
            {card(say!(lang, col.tables), all.tables.ready, say!(lang, overview.as_promised), &tables, &Route::Lake, "part")}
            {card(say!(lang, nav.jobs), all.jobs.running, say!(lang, jobs.running), &jobs, &Route::Jobs, "doing")}
        </div>
    }
    .into_any()
}

/// One sum, each of its parts leading to the list of it.
fn card(title: &str, n: u64, word: &str, parts: &[Portion], to: &Route, param: &'static str) -> AnyView {
    let all: u64 = parts.iter().map(|part| part.n).sum();
    let links: Vec<_> = parts
        .iter()
        .enumerate()
        .map(|(place, part)| {
            view! {
                {(place > 0).then(|| view! { <span class="tally-op" aria-hidden="true">"+"</span> })}
                <a class="tally-part" href=to.with(&[(param, part.key)])>
                    <span class=format!("swatch {}", part.class)></span>
                    <span><b>{count(part.n)}</b>" "{part.word}</span>
                </a>
            }
        })
        .collect();
    let (title, word) = (title.to_owned(), word.to_owned());
    view! {
        <section class="card">
            <div class="card-head"><h2>{title}</h2><span class="aside"><a href=to.path()>{count(all)}</a></span></div>
            <p class="tile-num num">{count(n)}" "<small>{word}</small></p>
            {bar(parts, false)}
            <div class="tally-sum">
                {links}
                <span class="tally-op" aria-hidden="true">"="</span>
                <span class="tally-part"><span><b>{count(all)}</b></span></span>
            </div>
            <p class="vh">{sum_in_words(parts)}</p>
        </section>
    }
    .into_any()
}

fn causes(lang: Lang, causes: &[CauseRow]) -> AnyView {
    let inside = if causes.is_empty() {
        empty(Icon::Ready, say!(lang, overview.calm), say!(lang, overview.calm_more), None)
    } else {
        let heads = vec![
            th_right(say!(lang, col.tables)),
            th(say!(lang, col.state)),
            th(say!(lang, overview.why)),
            th(say!(lang, overview.to_act)),
            th(say!(lang, overview.next)),
        ];
        let rows = causes.iter().map(|cause| cause_row(lang, cause)).collect();
        grid(say!(lang, overview.causes).to_owned(), false, heads, rows, None)
    };
    view! {
        <section class="section">{section_head(say!(lang, overview.causes).to_owned(), None, None)}{inside}</section>
    }
    .into_any()
}

fn cause_row(lang: Lang, cause: &CauseRow) -> AnyView {
    let (look, problem) = (if cause.failed { Look::Failed } else { Look::Late }, &cause.problem);
    let person = if problem.person.is_empty() { "Lakegate" } else { &problem.person };
    let tables = problem.tables.join(say!(lang, list_joint));
    view! {
        <tr role="row">
            <td role="cell" class="r"><b>{count(problem.count)}</b></td>
            <td role="cell" class="c-state">{pill(lang, look)}</td>
            <th scope="row" role="rowheader" class="c-name">
                {speak(lang, &problem.said)}
                <span class="name-more">{tables}" · "{around(say!(lang, since), time(lang, problem.since))}</span>
            </th>
            <td role="cell">{who(person)}</td>
            <td role="cell" class="c-now">{speak(lang, &problem.next)}</td>
        </tr>
    }
    .into_any()
}

fn tiles(lang: Lang, all: &Overview) -> AnyView {
    let copying: u64 = all.sources.iter().map(|source| source.copying).sum();
    let waits = all.approved_since.map(|since| {
        let said = age(lang, since, move |age| say!(lang, overview.longest, age = age));
        view! { <div class="tile-note mt-2">{said}</div> }.into_any()
    });
    let due = match all.due_since {
        Some(since) => age(lang, since, move |age| say!(lang, overview.due, age = age)),
        None => say!(lang, overview.none_due).into_any(),
    };
    let due = view! { <div class="tile-note mt-2">{due}</div> }.into_any();
    let clusters: Vec<_> = all.clusters.iter().map(|cluster| cluster_tile(lang, cluster)).collect();
    view! {
        <section class="section">
            <div class="tiles">
                {clusters}
                {tile(Icon::Copying, say!(lang, overview.copying).to_owned(), count(copying).into_any(), None)}
                {tile(Icon::Stamp, say!(lang, overview.approved).to_owned(), count(all.approved).into_any(), waits)}
                {tile(Icon::Retry, say!(lang, overview.queued).to_owned(), count(all.queued).into_any(), Some(due))}
            </div>
        </section>
    }
    .into_any()
}

fn tile(image: Icon, label: String, n: AnyView, note: Option<AnyView>) -> AnyView {
    view! {
        <div class="tile">
            <div class="tile-label">{icon(image)}{label}</div>
            <div class="tile-num num">{n}</div>
            {note}
        </div>
    }
    .into_any()
}

fn cluster_tile(lang: Lang, cluster: &ClusterRow) -> AnyView {
    let label = say!(lang, overview.free_slots, routes = routes_of(lang, cluster));
    let at = time_exact(lang, cluster.at);
    match &cluster.seen {
        Some(seen) => {
            let of = say!(lang, overview.of, n = count(seen.slots));
            let n = view! { {count(seen.free)}" "<small>{of}</small> };
            let more = say!(lang, overview.workers, n = count(seen.workers), version = seen.version);
            let note = view! { <div class="tile-note mt-2">{more}" · "{at}</div> };
            tile(Icon::Job, label, n.into_any(), Some(note.into_any()))
        }
        None => {
            let note = view! { <div class="tile-note mt-2">{around(say!(lang, overview.asked), at)}</div> };
            tile(Icon::Job, label, unknown(lang), Some(note.into_any()))
        }
    }
}

fn loads(lang: Lang, sources: &[SourceLoad]) -> Option<AnyView> {
    if sources.is_empty() {
        return None;
    }
    let heads = vec![th(say!(lang, col.source)), th_right(say!(lang, col.tables)), th(say!(lang, overview.copying))];
    let rows = sources.iter().map(|source| load(lang, source)).collect();
    let more = say_n!(lang, sources.len() as u64, overview.n_sources, overview.n_sources_one).into_any();
    let section = view! {
        <section class="section">
            {section_head(say!(lang, overview.load).to_owned(), Some(more), None)}
            {grid(say!(lang, overview.load).to_owned(), true, heads, rows, None)}
        </section>
    };
    Some(section.into_any())
}

fn load(lang: Lang, source: &SourceLoad) -> AnyView {
    let words = say!(lang, overview.copies_of, n = count(source.copying), of = count(source.limit));
    // More may wait for their turn than run.
    let percent = (source.copying * 100 / source.limit.max(1)).min(100);
    view! {
        <tr role="row">
            <th scope="row" role="rowheader" class="c-name">
                <a href=Route::Source(source.id.clone()).path()>{source.name.clone()}</a>
            </th>
            <td role="cell" class="r">{count(source.tables)}</td>
            <td role="cell" class="c-keep">
                <div class="meter is-copying">
                    <progress max="100" value=percent.to_string() aria-label=words.clone()></progress>
                    <span>{words}</span>
                </div>
            </td>
        </tr>
    }
    .into_any()
}
