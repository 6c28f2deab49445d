//! One job: is it well, what does it bring, how was it started?

use api::jobs::{JobTableRow, JobView};

use super::list::{since, track};
use super::model::doing_pill;
use super::starts::starts;
use crate::address::Param;
use crate::api as calls;
use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::requests::items::{item_name, progress};
use crate::requests::new::tier_said;
use crate::route::Route;
use crate::ui::anew::anew;
use crate::ui::button::link_button;
use crate::ui::grid::{grid, th};
use crate::ui::head::{crumbs, dot_list, head, section_head, tab_title};
use crate::ui::icon::Icon;
use crate::ui::loaded::{Feed, loaded_page};
use crate::ui::problem::problem;
use crate::ui::state::{item_pill, part_word};
use crate::ui::tally::{bar, portions, sum};
use crate::ui::time::{age, time, time_exact};
use crate::ui::unknown::unknown;
use crate::viewer::viewer;
use crate::words::{Lang, reader, say, say_n, speak};

/// The page of a job.
pub fn page(name: String) -> AnyView {
    let (reader, viewer, part) = (reader(), viewer(), Param::new("part"));
    let job = Feed::new(move || {
        track();
        calls::job(&name)
    });
    let inside = loaded_page(job, move |job| {
        let body = view! {
            {anew(move || title(reader.lang(), &job.get(), viewer.me().operator))}
            {anew(move || tally(reader.lang(), &job.get(), part))}
            <div class="section cols-2">
                <div class="stack is-loose">
                    {anew(move || tables(reader.lang(), &job.get(), part))}
                    {anew(move || starts(reader.lang(), &job.get().runs))}
                </div>
                <aside class="stack" aria-label=move || say!(reader.lang(), lake.facts)>
                    {anew(move || facts(reader.lang(), &job.get()))}
                </aside>
            </div>
        };
        body.into_any()
    });
    view! { <div class="page">{inside}</div> }.into_any()
}

fn title(lang: Lang, job: &JobView, operates: bool) -> AnyView {
    let row = &job.row;
    tab_title(&row.name);
    // Only operators have the list of all jobs.
    let up = if operates {
        (say!(lang, nav.jobs).to_owned(), Route::Jobs.path())
    } else {
        (say!(lang, nav.lake).to_owned(), Route::Lake.path())
    };
    let says = job.says.as_ref().map(|says| {
        let word = says.word.clone().unwrap_or_else(|| say!(lang, unknown).to_owned());
        view! { <span class="tag">{say!(lang, jobs.engine_says, word = word)}" "{time_exact(lang, says.at)}</span> }
    });
    let marks = view! { {doing_pill(lang, row.doing)}{says} };
    let databases = job.databases.join(say!(lang, list_joint));
    let facts = vec![
        say_n!(lang, row.tally.requested(), jobs.n_tables, jobs.n_tables_one).into_any(),
        say!(lang, jobs.way, source = row.source.1, route = row.route.1, databases = databases).into_any(),
        tier_said(lang, row.tier).into_any(),
    ];
    let link = job
        .says
        .as_ref()
        .map(|says| link_button("btn", Some(Icon::Arrow), say!(lang, jobs.flink).to_owned(), says.link.clone()));
    let trouble = row.trouble.as_ref().map(|said| problem("is-failed", speak(lang, said), None));
    let name = view! { <span class="mono">{row.name.clone()}</span> };
    view! {
        {crumbs(say!(lang, crumbs), vec![up], row.name.clone())}
        {head(name.into_any(), marks.into_any(), dot_list(facts), link)}
        {trouble.map(|trouble| view! { <div class="mb-5">{trouble}</div> })}
    }
    .into_any()
}

fn tally(lang: Lang, job: &JobView, part: Param) -> AnyView {
    let tally = &job.row.tally;
    let parts = portions(lang, tally);
    let big = say_n!(lang, tally.requested(), request.of_ready, request.of_ready_one);
    view! {
        <section aria-label=say!(lang, request.progress)>
            <div class="tally-top">
                <p class="tally-big num">{count(tally.ready)}" "<small>{big}</small></p>
                <p class="tally-eta">{say!(lang, jobs.says_nothing)}</p>
            </div>
            {bar(&parts, false)}
            {sum(&parts, say!(lang, jobs.in_job), &part.get(), move |key| part.toggle(key))}
        </section>
    }
    .into_any()
}

fn tables(lang: Lang, job: &JobView, part: Param) -> AnyView {
    let chosen = part.get();
    let wanted = |table: &&JobTableRow| chosen.is_empty() || part_word(table.item.part) == chosen;
    let rows: Vec<_> = job.tables.iter().filter(wanted).map(|table| row(lang, table)).collect();
    let heads = [
        say!(lang, col.table),
        say!(lang, col.state),
        say!(lang, col.progress),
        say!(lang, col.now),
        say!(lang, jobs.request),
    ];
    let heads = heads.into_iter().map(th).collect();
    let more = (job.more > 0).then(|| {
        let words = say_n!(lang, job.more, jobs.more, jobs.more_one);
        view! { <div class="grid-foot"><span>{words}</span></div> }.into_any()
    });
    view! {
        <section>
            {section_head(say!(lang, col.tables).to_owned(), None, None)}
            {grid(say!(lang, jobs.tables).to_owned(), true, heads, rows, more)}
        </section>
    }
    .into_any()
}

fn row(lang: Lang, table: &JobTableRow) -> AnyView {
    let (item, (request, number)) = (&table.item, &table.request);
    view! {
        <tr role="row">
            <th scope="row" role="rowheader" class="c-name">{item_name(item)}</th>
            <td role="cell" class="c-state">{item_pill(lang, item, true)}</td>
            <td role="cell" class="c-keep">{progress(lang, item)}</td>
            <td role="cell" class="c-now now">{speak(lang, &item.now)}</td>
            <td role="cell"><a href=Route::Request(request.clone()).path()>{number.clone()}</a></td>
        </tr>
    }
    .into_any()
}

fn facts(lang: Lang, job: &JobView) -> AnyView {
    let row = &job.row;
    let follows = row.engine != "embedded";
    let engine = if follows { row.engine.clone() } else { say!(lang, jobs.inside).to_owned() };
    let old = move |age: String| say!(lang, age_old, age = age);
    let oldest = row.as_of.map_or_else(|| unknown(lang), |as_of| age(lang, as_of, old));
    let started = follows.then(|| {
        let point = row.checkpoint.map_or_else(|| unknown(lang), |at| time(lang, at));
        view! {
            <dt>{say!(lang, jobs.runs_since)}</dt><dd>{since(lang, row)}</dd>
            <dt>{say!(lang, jobs.starts)}</dt><dd>{count(row.starts)}</dd>
            <dt>{say!(lang, jobs.restore_point)}</dt><dd>{point}</dd>
        }
    });
    let says = job.says.as_ref().map(|says| {
        let parts = says.parts.map(|(run, all)| say!(lang, jobs.parts_run, n = count(run), of = count(all)));
        let parts = parts.map_or_else(|| unknown(lang), IntoAny::into_any);
        view! {
            <dt>{say!(lang, jobs.parts)}</dt><dd>{parts}</dd>
            <dt>{say!(lang, jobs.engine_id)}</dt><dd class="mono">{says.id.clone()}</dd>
        }
    });
    view! {
        <section class="card is-sunken">
            <div class="card-head"><h2>{say!(lang, lake.facts)}</h2></div>
            <dl class="facts">
                <dt>{say!(lang, routes.engine)}</dt><dd>{engine}</dd>
                <dt>{say!(lang, col.source)}</dt><dd>{row.source.1.clone()}</dd>
                <dt>{say!(lang, jobs.route)}</dt><dd>{row.route.1.clone()}</dd>
                <dt>{say!(lang, col.promise)}</dt><dd>{tier_said(lang, row.tier)}</dd>
                <dt>{say!(lang, jobs.oldest)}</dt><dd>{oldest}</dd>
                {started}{says}
            </dl>
        </section>
    }
    .into_any()
}
