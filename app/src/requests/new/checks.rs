//! Step 3, can it be done, and who has to do something? What was found, by cause and not by table.

use api::domain::check::Severity;
use api::drafts::{CheckGroup, Checks};

use super::bar;
use super::model::Msg;
use super::writing::Writing;
use crate::api as calls;
use crate::format::{Parts, count};
use crate::html::{AnyView, IntoAny, view};
use crate::react::RwSignal;
use crate::route::Step;
use crate::ui::anew::anew;
use crate::ui::button::Button;
use crate::ui::code::code;
use crate::ui::head::section_head;
use crate::ui::icon::{Icon, icon};
use crate::ui::loaded::{Feed, Shown, loaded};
use crate::ui::tally::{Portion, bar as tally_bar, sum_in_words};
use crate::ui::who::who;
use crate::words::{Lang, reader, say, say_n, speak};

/// Tables that are named before "and 3 more".
const NAMED: usize = 5;

/// The step.
pub fn checks(writing: Writing) -> AnyView {
    let (reader, again) = (reader(), RwSignal::new(0u32));
    let id = writing.id();
    let found = Feed::new(move || {
        again.track();
        // What was changed and saved is looked at anew.
        writing.saved.track();
        calls::checks(&id)
    });
    let body = loaded(found, move |found| inside(found, writing, again));
    let back = move || {
        let lang = reader.lang();
        found
            .get()
            .and_then(Result::ok)
            .is_none()
            .then(|| bar::bar(().into_any(), Some(bar::back(lang, writing, Step::Destination)), ().into_any()))
    };
    view! { {body}{anew(back)} }.into_any()
}

fn inside(found: Shown<Checks>, writing: Writing, again: RwSignal<u32>) -> AnyView {
    let reader = reader();
    let foot = move || foot(reader.lang(), &found.get(), writing);
    let part = move |severity: Severity| move || section(reader.lang(), &found.get(), severity, writing, again);
    view! {
        {anew(move || tally(reader.lang(), &found.get(), again))}
        {anew(part(Severity::MustFix))}
        {anew(part(Severity::NotKnown))}
        {anew(part(Severity::GoodToKnow))}
        {anew(move || fine(reader.lang(), &found.get()))}
        {anew(foot)}
    }
    .into_any()
}

fn tally(lang: Lang, found: &Checks, again: RwSignal<u32>) -> AnyView {
    let portion = |class, word, n| Portion { class, key: "", word, n };
    let parts = vec![
        portion("is-ready", say!(lang, checks.fine), found.fine),
        portion("is-late", say!(lang, checks.know), found.know),
        portion("is-unknown", say!(lang, checks.unknown), found.unknown),
        portion("is-failed", say!(lang, checks.fix), found.fix),
    ];
    let shown: Vec<_> = parts
        .iter()
        .filter(|part| part.n > 0)
        .enumerate()
        .map(|(place, part)| {
            let swatch = format!("swatch {}", part.class);
            view! {
                {(place > 0).then(|| view! { <span class="tally-op" aria-hidden="true">"+"</span> })}
                <span class="tally-part"><span class=swatch></span><span><b>{count(part.n)}</b>" "{part.word}</span></span>
            }
        })
        .collect();
    let can = found.fine + found.know;
    let of = say!(lang, checks.of_can, n = count(found.tables));
    let button = Button::new(say!(lang, checks.again)).class("btn is-sm").icon(Icon::Retry);
    view! {
        <section aria-label=say!(lang, checks.result)>
            <div class="tally-top">
                <p class="tally-big num">{count(can)}" "<small>{of}</small></p>
                <p class="tally-eta">{say!(lang, checks.at, at = Parts::of(found.at).clock_with_seconds())}</p>
                {button.on(move || again.update(|round| *round += 1))}
            </div>
            {tally_bar(&parts, false)}
            <div class="tally-sum" role="status" aria-label=sum_in_words(&parts)>
                {shown}
                <span class="tally-op" aria-hidden="true">"="</span>
                <span class="tally-part"><span><b>{count(found.tables)}</b>" "{say!(lang, checks.checked)}</span></span>
            </div>
        </section>
    }
    .into_any()
}

fn section(lang: Lang, found: &Checks, severity: Severity, writing: Writing, again: RwSignal<u32>) -> Option<AnyView> {
    let groups: Vec<&CheckGroup> = found.groups.iter().filter(|group| group.severity == severity).collect();
    if groups.is_empty() {
        return None;
    }
    let (title, n) = match severity {
        Severity::MustFix => (say!(lang, checks.must_fix), found.fix),
        Severity::NotKnown => (say!(lang, checks.not_known), found.unknown),
        Severity::GoodToKnow => (say!(lang, checks.good_to_know), found.know),
    };
    let loud = severity != Severity::GoodToKnow;
    let body = if loud {
        let class = if severity == Severity::MustFix { "problem is-failed" } else { "problem is-late" };
        groups.iter().map(|group| problem(lang, group, class, writing, again)).collect::<Vec<_>>().into_any()
    } else {
        let rows: Vec<_> = groups.iter().map(|group| know(lang, group)).collect();
        view! { <div class="card is-flush"><ul class="rows">{rows}</ul></div> }.into_any()
    };
    let head = section_head(title.to_owned(), Some(say_n!(lang, n, n_tables, n_tables_one).into_any()), None);
    Some(view! { <section class="section">{head}<div class="stack">{body}</div></section> }.into_any())
}

/// Something that must be fixed: what, why, which tables, the statement, who, the acts.
fn problem(lang: Lang, group: &CheckGroup, class: &'static str, writing: Writing, again: RwSignal<u32>) -> AnyView {
    let sql = (!group.sql.is_empty()).then(|| {
        let place = say!(lang, checks.run_on, source = group.source);
        code(lang, place, group.sql.clone())
    });
    let who = (!group.person.is_empty()).then(|| {
        let who: Vec<_> = group.person.split(", ").map(who).collect();
        view! { <span class="problem-who"><span>{say!(lang, problems.to_act)}</span>{who}</span> }
    });
    let (tables, n) = (group.tables.clone(), group.tables.len() as u64);
    let out = say_n!(lang, n, checks.leave_out, checks.leave_out_one);
    view! {
        <section class=class>
            {icon(Icon::Failed)}
            <div>
                <p class="problem-what">{speak(lang, &group.said)}</p>
                <p>{speak(lang, &group.more)}</p>
                {each(lang, group)}
                {sql}
                <div class="problem-act">
                    {who}
                    {Button::new(say!(lang, checks.again)).class("btn is-sm").icon(Icon::Retry).on(move || again.update(|round| *round += 1))}
                    {Button::new(out).class("btn is-sm").on(move || writing.tell(Msg::TakeOut(tables.clone())))}
                </div>
            </div>
        </section>
    }
    .into_any()
}

fn each(lang: Lang, group: &CheckGroup) -> AnyView {
    let said: Vec<_> =
        group.each.iter().take(NAMED).map(|said| view! { <li><code>{speak(lang, said)}</code></li> }).collect();
    let more = (group.tables.len().saturating_sub(said.len())) as u64;
    let more = (more > 0).then(|| view! { <li>{say_n!(lang, more, n_more, n_more_one)}</li> });
    view! { <ul class="small soft mt-2">{said}{more}</ul> }.into_any()
}

fn know(lang: Lang, group: &CheckGroup) -> AnyView {
    view! {
        <li class="row">
            <div>
                <div class="row-title">{speak(lang, &group.said)}</div>
                <div class="row-sub">{speak(lang, &group.more)}</div>
                {each(lang, group)}
            </div>
        </li>
    }
    .into_any()
}

fn fine(lang: Lang, found: &Checks) -> Option<AnyView> {
    (found.fine > 0).then(|| {
        let said = say_n!(lang, found.fine, checks.are_fine, checks.is_fine);
        view! { <section class="section"><p class="card inline">{icon(Icon::Ready)}<b>{said}</b></p></section> }
            .into_any()
    })
}

fn foot(lang: Lang, found: &Checks, writing: Writing) -> AnyView {
    let (can, stay) = (found.fine + found.know, found.fix + found.unknown);
    let back = bar::back(lang, writing, Step::Destination);
    if stay == 0 {
        let next = bar::next(writing, say!(lang, new.next_review).to_owned(), Step::Review);
        let sum = say_n!(lang, can, checks.all_can, checks.one_can);
        return bar::bar(sum.into_any(), Some(back), next);
    }
    let sum = say!(lang, checks.some_can, n = count(can), of = count(found.tables), rest = count(stay));
    let next = if can == 0 { ().into_any() } else { bar::split(writing, say!(lang, checks.go_on, n = count(can))) };
    bar::bar(sum.into_any(), Some(back), next)
}
