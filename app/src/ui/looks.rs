//! Looks: what a test found, as a tally, then one by one: what somebody must act on first, what is fine as one line.

use api::looks::{Look, Outcome, Tested};

use super::anew::anew;
use super::button::Button;
use super::code::{code, copy_text};
use super::icon::{Icon, icon};
use super::tally::{Portion, bar, sum};
use super::time::time_exact;
use super::toast::{Toast, toasts};
use super::who::who;
use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::react::RwSignal;
use crate::words::{Lang, around, say, say_n, speak};

/// The outcomes as a tally shows them: key, class, icon.
const PARTS: [(Outcome, &str, &str, Icon); 4] = [
    (Outcome::Fine, "fine", "is-ready", Icon::Ready),
    (Outcome::Know, "know", "is-late", Icon::Late),
    (Outcome::Fix, "fix", "is-failed", Icon::Failed),
    (Outcome::Unknown, "unknown", "is-unknown", Icon::Unknown),
];

fn word(lang: Lang, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Fine => say!(lang, looks.fine),
        Outcome::Know => say!(lang, looks.know),
        Outcome::Fix => say!(lang, looks.fix),
        Outcome::Unknown => say!(lang, unknown),
    }
}

/// How many looks came out so.
pub fn n_of(tested: &Tested, outcome: Outcome) -> u64 {
    tested.looks.iter().filter(|look| look.outcome == outcome).count() as u64
}

/// What a test found, with the button that tests again; `place` is where SQL is run.
pub fn looks(
    lang: Lang,
    tested: Option<&Tested>,
    place: &str,
    only: RwSignal<String>,
    busy: RwSignal<bool>,
    test: impl Fn() + Send + 'static,
) -> AnyView {
    let label = if tested.is_some() { say!(lang, looks.again) } else { say!(lang, looks.title) };
    let button = Button::new(label).class("btn is-sm").icon(Icon::Retry).busy(busy.into()).on(test);
    card(lang, tested, place, only, Some(button))
}

/// What a test found, for those who may not test.
pub fn looks_only(lang: Lang, tested: &Tested, place: &str, only: RwSignal<String>) -> AnyView {
    card(lang, Some(tested), place, only, None)
}

fn card(lang: Lang, tested: Option<&Tested>, place: &str, only: RwSignal<String>, button: Option<AnyView>) -> AnyView {
    let about = match tested {
        Some(tested) => {
            let template = say!(lang, looks.at);
            let (n, took) = (tested.looks.len() as u64, say!(lang, looks.took, n = count(tested.took.unsigned_abs())));
            let n = say_n!(lang, n, looks.n, looks.n_one);
            view! { {n}{around(template, time_exact(lang, tested.at))}{took} }.into_any()
        }
        None => say!(lang, looks.none).into_any(),
    };
    view! {
        <section class="card stack" aria-labelledby="test-title" aria-live="polite">
            <div class="between">
                <div><h2 id="test-title">{say!(lang, looks.title)}</h2><p class="small muted">{about}</p></div>
                {button}
            </div>
            {tested.map(|tested| found(lang, tested, place, only))}
        </section>
    }
    .into_any()
}

fn found(lang: Lang, tested: &Tested, place: &str, only: RwSignal<String>) -> AnyView {
    let parts: Vec<_> = PARTS
        .into_iter()
        .map(|(outcome, key, class, _)| Portion { class, key, word: word(lang, outcome), n: n_of(tested, outcome) })
        .collect();
    let one = tested.looks.len() == 1;
    let (bar_parts, tested, place) = (parts.clone(), tested.clone(), place.to_owned());
    let rows = {
        let tested = tested.clone();
        move || rows(lang, &tested, &place, &only.get())
    };
    let sum = move || {
        let choose = move |key: &'static str| {
            only.update(|only| *only = if only == key { String::new() } else { key.to_owned() });
        };
        let looks = if one { say!(lang, looks.look) } else { say!(lang, looks.looks) };
        sum(&parts, looks, &only.get(), choose)
    };
    view! {
        {bar(&bar_parts, false)}
        {anew(sum)}
        <ul class="proof">{anew(rows)}</ul>
        <div class="problem-act">{senders(lang, &tested)}</div>
    }
    .into_any()
}

fn rows(lang: Lang, tested: &Tested, place: &str, only: &str) -> Vec<AnyView> {
    let wanted =
        |outcome: Outcome| PARTS.iter().any(|(this, key, ..)| *this == outcome && (only.is_empty() || *key == only));
    let (fine, others): (Vec<_>, Vec<_>) = tested
        .looks
        .iter()
        .filter(|look| wanted(look.outcome))
        .partition(|look| look.outcome == Outcome::Fine && only.is_empty());
    let mut rows: Vec<_> = others.into_iter().map(|look| row(lang, look, place)).collect();
    if !fine.is_empty() {
        let title = say_n!(lang, fine.len() as u64, looks.are_fine, looks.are_fine_one);
        let said = fine.iter().map(|look| speak(lang, &look.said)).collect::<Vec<_>>().join(" · ");
        rows.push(line("is-ready", Icon::Ready, title, said, None));
    }
    rows
}

fn row(lang: Lang, look: &Look, place: &str) -> AnyView {
    let (_, _, class, image) = PARTS.into_iter().find(|(outcome, ..)| *outcome == look.outcome).unwrap_or(PARTS[3]);
    let fix = look.fix.as_ref().map(|fix| speak(lang, fix)).unwrap_or_default();
    let sql = (!look.sql.is_empty()).then(|| code(lang, say!(lang, looks.run_on, name = place), look.sql.clone()));
    line(class, image, speak(lang, &look.said), fix, sql)
}

fn line(class: &str, image: Icon, what: String, more: String, below: Option<AnyView>) -> AnyView {
    let class = format!("proof-row {class}");
    view! {
        <li class=class>
            {icon(image)}
            <div>
                <b>{what}</b>
                {(!more.is_empty()).then(|| view! { <p>{more}</p> })}
                {below.map(|below| view! { <div class="mt-2">{below}</div> })}
            </div>
        </li>
    }
    .into_any()
}

/// For each person who must act: all of theirs as one text to send.
fn senders(lang: Lang, tested: &Tested) -> Vec<AnyView> {
    let theirs = |look: &&Look| !look.person.is_empty() && look.outcome != Outcome::Fine;
    let mut people: Vec<&str> = Vec::new();
    for look in tested.looks.iter().filter(theirs) {
        if let Err(place) = people.binary_search(&look.person.as_str()) {
            people.insert(place, &look.person);
        }
    }
    people.into_iter().map(|person| sender(lang, tested, person)).collect()
}

fn sender(lang: Lang, tested: &Tested, person: &str) -> AnyView {
    let theirs: Vec<_> =
        tested.looks.iter().filter(|look| look.person == person && look.outcome != Outcome::Fine).collect();
    let text = theirs.iter().map(|look| spelled(lang, look)).collect::<Vec<_>>().join("\n\n");
    let (n, toasts, name) = (theirs.len() as u64, toasts(), person.to_owned());
    let label = match n {
        1 => say!(lang, looks.send_one, who = person),
        n => say!(lang, looks.send, n = count(n), who = person),
    };
    let press = move || {
        if copy_text(&text) {
            toasts.show(Toast::done(say!(lang, looks.copied, who = name)));
        } else {
            toasts.show(Toast::failed(text.clone()));
        }
    };
    view! {
        <span class="problem-who"><span>{say!(lang, problems.to_act)}</span>{who(person)}</span>
        {Button::new(label).class("btn is-sm").icon(Icon::Copy).on(press)}
    }
    .into_any()
}

/// A look as a text to send: what was found, what to do, what to run.
fn spelled(lang: Lang, look: &Look) -> String {
    let fix = look.fix.as_ref().map(|fix| speak(lang, fix)).unwrap_or_default();
    let parts = [speak(lang, &look.said), fix, look.sql.clone()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}
