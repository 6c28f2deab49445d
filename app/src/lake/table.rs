//! One table of the lake: can I use it now?

use api::domain::change::Topic;
use api::domain::name::TableName;
use api::lake::LakeView;
use api::requests::TendVerb;

use super::preview::preview;
use super::queries::queries;
use super::safe::safe_as_of;
use crate::api as calls;
use crate::clock;
use crate::format::{bytes, count, when};
use crate::html::{AnyView, IntoAny, view};
use crate::live::live;
use crate::react::{Memo, Signal};
use crate::requests::new::tier_said;
use crate::requests::tending::{Tending, leave_out};
use crate::route::Route;
use crate::tables::drawer::columns;
use crate::ui::anew::anew;
use crate::ui::button::Button;
use crate::ui::head::{crumbs, dot_list, head, section_head, tab_title};
use crate::ui::icon::{Icon, icon};
use crate::ui::loaded::{Feed, Shown, loaded_page};
use crate::ui::name::breaking;
use crate::ui::proof::proof;
use crate::ui::state::{Look, item_pill};
use crate::ui::time::time;
use crate::ui::timeline::timeline;
use crate::ui::unknown::known;
use crate::ui::who::who;
use crate::words::{Lang, reader, say, say_n, speak};

/// The page of a table.
pub fn table(name: TableName) -> AnyView {
    let asked_for = name.clone();
    let table = Feed::new(move || {
        live().track(Topic::Lake);
        live().track(Topic::Request);
        calls::lake_table(&asked_for)
    });
    let inside = loaded_page(table, move |view| content(&name, view));
    view! { <div class="page">{inside}</div> }.into_any()
}

fn content(name: &TableName, view: Shown<LakeView>) -> AnyView {
    let reader = reader();
    let may = view.with_untracked(|view| (view.may_see_rows, view.row.owner.name.clone()));
    let has_queries = Memo::new(move |_| view.with(|view| !view.queries.is_empty()));
    let queries_section = move || {
        has_queries.get().then(|| {
            let head = move || section_head(say!(reader.lang(), queries.title).to_owned(), None, None);
            view! { <section>{anew(head)}{queries(Signal::derive(move || view.get().queries.clone()))}</section> }
        })
    };
    view! {
        {anew(move || title(reader.lang(), &view.get()))}
        {anew(move || trouble(reader.lang(), &view.get()))}
        <div class="cols-2">
            <div class="stack is-loose">
                {anew(queries_section)}
                {preview(name.clone(), may.0, may.1)}
                {anew(move || all_columns(reader.lang(), &view.get()))}
                {anew(move || history(reader.lang(), &view.get()))}
            </div>
            <aside class="stack" aria-label=move || say!(reader.lang(), proof.title)>
                {anew(move || proven(reader.lang(), &view.get()))}
                {anew(move || facts(reader.lang(), &view.get()))}
            </aside>
        </div>
    }
    .into_any()
}

fn title(lang: Lang, view: &LakeView) -> AnyView {
    let item = &view.row.item;
    let (database, table) = (item.target.database.to_string(), item.target.table.to_string());
    tab_title(&table);
    let up = vec![
        (say!(lang, nav.lake).to_owned(), Route::Lake.path()),
        (database.clone(), Route::Lake.with(&[("q", &database)])),
    ];
    let from = say!(lang, lake.from, source = view.row.source, table = item.table);
    let comment = (!item.comment.is_empty()).then(|| item.comment.clone().into_any());
    let facts = [comment, Some(safe_as_of(lang, view)), Some(from.into_any())].into_iter().flatten().collect();
    let name = view! { <span class="mono">{breaking(&table)}</span> };
    view! {
        {crumbs(say!(lang, crumbs), up, table.clone())}
        {head(name.into_any(), item_pill(lang, item, false), dot_list(facts), acts(lang, view))}
    }
    .into_any()
}

fn acts(lang: Lang, view: &LakeView) -> Option<AnyView> {
    if !view.may_tend {
        return None;
    }
    let item = &view.row.item;
    let tending = Tending::new();
    let id = item.id.clone();
    let again = (Look::of(&item.state) == Look::Failed).then(|| {
        let button = Button::new(say!(lang, tend.again_verb)).class("btn is-primary").icon(Icon::Retry);
        button.busy(tending.busy.into()).on(move || tending.tend(TendVerb::TryAgain, vec![id.clone()]))
    });
    let retired = Look::of(&item.state) == Look::Retired;
    let out = (!retired)
        .then(|| leave_out(lang, tending, say!(lang, tend.out_verb).to_owned(), vec![item.id.clone()], || {}));
    Some(view! { {again}{out} }.into_any())
}

/// What is wrong: with the state it says what happens now, with a refresh that failed what stands nevertheless.
fn trouble(lang: Lang, view: &LakeView) -> Option<AnyView> {
    let item = &view.row.item;
    let look = Look::of(&item.state);
    let (class, what) = match (look, &view.trouble) {
        (Look::Failed, _) => ("problem is-failed", speak(lang, &item.now)),
        (_, Some(trouble)) => ("problem is-late", speak(lang, trouble)),
        (Look::Late | Look::Unknown | Look::Paused, None) => ("problem is-late", speak(lang, &item.now)),
        _ => return None,
    };
    let stands = (look == Look::Ready).then(|| say!(lang, lake.still_there));
    let next = view.trouble_next.as_ref().map(|next| speak(lang, next));
    Some(
        view! {
            <section class=format!("{class} mb-5") role="alert">
                {icon(Icon::Failed)}
                <div>
                    <p class="problem-what">{what}</p>
                    {next.map(|next| view! { <p>{next}</p> })}
                    {stands.map(|stands| view! { <p>{stands}</p> })}
                </div>
            </section>
        }
        .into_any(),
    )
}

fn proven(lang: Lang, view: &LakeView) -> AnyView {
    let late = Look::of(&view.row.item.state) == Look::Late;
    let next = view.next_copy.map(|at| say!(lang, lake.next_copy, at = when(lang, at, clock::now())));
    view! {
        <section class="card">
            <div class="card-head"><h2>{say!(lang, proof.title)}</h2><span class="aside">{next}</span></div>
            {proof(lang, view.proof.as_ref(), late)}
        </section>
    }
    .into_any()
}

fn facts(lang: Lang, view: &LakeView) -> AnyView {
    let row = &view.row;
    let size = view.bytes.map(|(size, files)| say!(lang, lake.size, size = bytes(size), files = count(files)));
    let asked = view.asked.as_ref().map(|(id, number, at)| {
        let number = match id.parse() {
            Ok(id) => view! { <a href=Route::Request(id).path()>{number.clone()}</a> }.into_any(),
            Err(_) => number.clone().into_any(),
        };
        view! { <dt>{say!(lang, lake.asked_in)}</dt><dd>{number}{say!(lang, clause_joint)}{time(lang, *at)}</dd> }
    });
    let job = (!row.job.is_empty()).then(|| {
        let name = if view.may_see_job {
            view! { <a href=Route::Job(row.job.clone()).path()>{row.job.clone()}</a> }.into_any()
        } else {
            row.job.clone().into_any()
        };
        view! { <dt>{say!(lang, col.job)}</dt><dd>{name}</dd> }
    });
    view! {
        <section class="card is-sunken">
            <div class="card-head"><h2>{say!(lang, lake.facts)}</h2></div>
            <dl class="facts">
                <dt>{say!(lang, col.promise)}</dt>
                <dd>{tier_said(lang, row.tier)}</dd>
                <dt>{say!(lang, col.owner)}</dt>
                <dd>{who(&row.owner.name)}</dd>
                {asked}
                {job}
                <dt>{say!(lang, col.size)}</dt>
                <dd>{known(lang, size)}</dd>
            </dl>
        </section>
    }
    .into_any()
}

fn all_columns(lang: Lang, view: &LakeView) -> AnyView {
    let n = say_n!(lang, view.columns.len() as u64, columns.n, columns.n_one);
    view! {
        <section>
            {section_head(say!(lang, columns.title).to_owned(), Some(n.into_any()), None)}
            <div class="card">{columns(lang, &view.columns)}</div>
        </section>
    }
    .into_any()
}

fn history(lang: Lang, view: &LakeView) -> AnyView {
    view! {
        <section>
            {section_head(say!(lang, lake.history).to_owned(), None, None)}
            {timeline(lang, &view.history)}
        </section>
    }
    .into_any()
}
