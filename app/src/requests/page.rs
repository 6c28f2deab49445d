//! One request: how many are ready, who must act, then its parts as tabs.

use api::domain::change::Topic;
use api::domain::ids::RequestId;
use api::domain::request::Stamp;
use api::requests::RequestView;

use super::model::all_ready;
use super::new::tier_said;
use super::resubmit::resubmit;
use super::{acts, announce, asked, items, problems, queries, timeline};
use crate::address::Param;
use crate::api as calls;
use crate::format::{count, when};
use crate::html::{AnyView, IntoAny, view};
use crate::live::live;
use crate::react::Memo;
use crate::route::Route;
use crate::ui::anew::anew;
use crate::ui::chain::chain;
use crate::ui::code::code;
use crate::ui::head::{crumbs, dot_list, head, section_head, tab_title};
use crate::ui::icon::Icon;
use crate::ui::loaded::{Feed, Shown, loaded_page};
use crate::ui::problem::note;
use crate::ui::stamp::stamp;
use crate::ui::state::{Look, pill_saying};
use crate::ui::tabs::{Tab, tabs};
use crate::ui::tally::{bar, portions, sum};
use crate::viewer::viewer;
use crate::words::{Lang, reader, say, say_n, speak};
use crate::{clock, words};

/// What the address of a request says.
#[derive(Clone, Copy)]
pub struct Filters {
    /// The tab shown.
    pub tab: Param,
    /// The part of the sum shown.
    pub part: Param,
    /// What is searched for.
    pub q: Param,
    /// The table whose queries are shown.
    pub table: Param,
}

/// The page of a request.
pub fn page(id: RequestId) -> AnyView {
    let filters =
        Filters { tab: Param::new("tab"), part: Param::new("part"), q: Param::new("q"), table: Param::new("table") };
    let asked_for = id.clone();
    let request = Feed::new(move || {
        live().track_request(&asked_for);
        live().track(Topic::Source);
        calls::request(&asked_for)
    });
    let inside = loaded_page(request, move |view| content(&id, view, filters));
    view! { <div class="page">{inside}</div> }.into_any()
}

fn content(id: &RequestId, view: Shown<RequestView>, filters: Filters) -> AnyView {
    let reader = reader();
    let me = viewer();
    let (tabs_id, own, answers) = (id.clone(), id.clone(), id.clone());
    // What is typed stays while the request is read anew.
    let may_answer = Memo::new(move |_| view.with(|view| view.may.resubmit));
    view! {
        {anew(move || title(reader.lang(), &view.get(), me))}
        {anew(move || may_answer.get().then(|| resubmit(reader.lang(), answers.clone())))}
        {anew(move || progress(reader.lang(), &view.get(), filters))}
        {announce::announce(view)}
        {anew(move || braked(reader.lang(), &view.get()))}
        {anew(move || problems::problems(reader.lang(), &view.get()))}
        <div class="section cols-2">
            <div>
                {anew(move || which(reader.lang(), &tabs_id, &view.get(), filters))}
                {anew(move || match filters.tab.get().as_str() {
                    "timeline" => timeline::timeline_tab(own.clone()),
                    "asked" => asked::asked_tab(view),
                    "queries" => queries::queries_tab(own.clone(), filters),
                    _ => items::items_tab(own.clone(), view, filters),
                })}
            </div>
            <aside class="stack is-loose" aria-label=move || say!(reader.lang(), request.about)>
                {anew(move || who_decides(reader.lang(), &view.get()))}
                {timeline::latest(id.clone())}
                {anew(move || where_it_goes(reader.lang(), &view.get()))}
                {anew(move || grant(reader.lang(), &view.get()))}
            </aside>
        </div>
    }
    .into_any()
}

fn title(lang: Lang, view: &RequestView, viewer: crate::viewer::Viewer) -> AnyView {
    let row = &view.row;
    tab_title(&format!("{} {}", row.number, row.title));
    let up = vec![(say!(lang, nav.requests).to_owned(), Route::Requests.path())];
    let who = [row.requester.name.as_str(), row.requester.team.as_str()].into_iter().filter(|part| !part.is_empty());
    let who = who.collect::<Vec<_>>().join(say!(lang, clause_joint));
    let facts = vec![
        who.into_any(),
        say!(lang, request.asked_at, at = when(lang, row.submitted_at, clock::now())).into_any(),
        goes_to(lang, view).into_any(),
        say!(lang, request.promised, tier = tier_said(lang, view.tier)).into_any(),
    ];
    let ready = all_ready(&row.tally).then(|| {
        let of = count(row.tally.requested() - row.tally.ended);
        pill_saying(Look::Ready, say!(lang, state.ready_of, n = count(row.tally.ready), of = of), true)
    });
    let marks = view! { {stamp(lang, row.stamp, &row.deciders, &viewer.me())}{ready} }.into_any();
    view! {
        {crumbs(say!(lang, crumbs), up, row.number.clone())}
        {head(row.title.clone().into_any(), marks, dot_list(facts), acts::acts(lang, view))}
        {answer(lang, view)}
    }
    .into_any()
}

fn goes_to(lang: Lang, view: &RequestView) -> String {
    let sources = say_n!(lang, view.sources.len() as u64, n_sources, n_sources_one);
    let to = format!("{} / {}", view.route, view.databases.join(", "));
    say!(lang, request.goes, sources = sources, to = to)
}

/// What the deciders said when they did not let it in: read before anything else.
fn answer(lang: Lang, view: &RequestView) -> Option<AnyView> {
    let class = match view.row.stamp {
        Stamp::SentBack => "is-late",
        Stamp::Rejected => "is-failed",
        Stamp::Waiting | Stamp::Approved { .. } | Stamp::Withdrawn => return None,
    };
    let step = view.chain.iter().rev().find(|step| !step.comment.is_empty())?;
    let text = say!(lang, request.said, who = step.who.join(say!(lang, list_joint)), text = step.comment);
    Some(note(class, Icon::SentBack, text.into_any()))
}

/// What the operators' brake says, where it keeps tables of a request from starting.
pub fn brake(lang: Lang, view: &RequestView) -> Option<AnyView> {
    Some(note("is-late", Icon::Paused, speak(lang, view.brake.as_ref()?).into_any()))
}

/// Operators allow no new starts: why it waits, and until when.
fn braked(lang: Lang, view: &RequestView) -> Option<AnyView> {
    Some(view! { <div class="mt-4">{brake(lang, view)?}</div> }.into_any())
}

fn progress(lang: Lang, view: &RequestView, filters: Filters) -> AnyView {
    let tally = &view.row.tally;
    let parts = portions(lang, tally);
    let big = say_n!(lang, tally.requested(), request.of_ready, request.of_ready_one);
    let choose = move |part| {
        filters.tab.set("");
        filters.part.toggle(part);
    };
    view! {
        <section class="mt-4" aria-label=say!(lang, request.progress)>
            <div class="tally-top">
                <p class="tally-big num">{count(tally.ready)}" "<small>{big}</small></p>
                <p class="tally-eta">{speak(lang, &view.row.now)}</p>
            </div>
            {bar(&parts, false)}
            {sum(&parts, say!(lang, request.requested), &filters.part.get(), choose)}
        </section>
    }
    .into_any()
}

fn which(lang: Lang, id: &RequestId, view: &RequestView, filters: Filters) -> AnyView {
    let now = filters.tab.get();
    let part = filters.part.get();
    let tab = |name: &str, value: &'static str, n: Option<u64>| Tab {
        name: name.to_owned(),
        n: n.map(count),
        to: Route::Request(id.clone()).with(&[("tab", value), ("part", if value.is_empty() { &part } else { "" })]),
        on: now == value,
    };
    let tally = &view.row.tally;
    let mut all = vec![
        tab(say!(lang, col.tables), "", Some(tally.requested())),
        tab(say!(lang, request.timeline), "timeline", Some(view.lines)),
        tab(say!(lang, request.asked), "asked", None),
    ];
    if tally.ready > 0 {
        all.push(tab(say!(lang, request.queries), "queries", Some(tally.ready)));
    }
    tabs(say!(lang, request.parts).to_owned(), all)
}

fn who_decides(lang: Lang, view: &RequestView) -> AnyView {
    let decided = view.chain.iter().all(|step| step.done);
    let title = if decided { say!(lang, chain.decided) } else { say!(lang, chain.decides) };
    view! { <section>{section_head(title.to_owned(), None, None)}{chain(lang, &view.chain)}</section> }.into_any()
}

/// What is run in Hive for tables that are only read.
pub fn grant(lang: Lang, view: &RequestView) -> Option<AnyView> {
    let text = (!view.grant.is_empty()).then(|| view.grant.clone())?;
    Some(
        view! {
            <section>
                <div class="card-head"><h2>{say!(lang, grant.title)}</h2></div>
                <p class="small soft mb-3">{say!(lang, grant.more)}</p>
                {code(lang, "Hive, Ranger".to_owned(), text)}
            </section>
        }
        .into_any(),
    )
}

fn where_it_goes(lang: Lang, view: &RequestView) -> AnyView {
    view! {
        <section>
            {section_head(say!(lang, request.whereto).to_owned(), None, None)}
            <dl class="facts">
                <dt>{say!(lang, nav.lake)}</dt>
                <dd>{format!("{} / {}", view.route, view.databases.join(", "))}</dd>
                <dt>{words::say_n!(lang, view.sources.len() as u64, col.sources, col.source)}</dt>
                <dd>{view.sources.join(", ")}</dd>
                <dt>{say!(lang, col.promise)}</dt>
                <dd>{tier_said(lang, view.tier)}</dd>
            </dl>
        </section>
    }
    .into_any()
}
