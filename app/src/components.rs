//! Every part of `ui` once, at `/components`: to look at it, and for axe to look at it.
//!
//! Invariant: only in builds with the feature `testing`; the released page does not carry it.

use api::domain::name::TableName;
use api::domain::proof::Proof;
use api::domain::said::Said;
use api::domain::tally::Tally;
use api::domain::time::{HOUR, Millis};
use api::requests::{ChainStep, Line, Progress};

use crate::clock;
use crate::html::{AnyView, IntoAny, view};
use crate::react::{RwSignal, Signal};
use crate::ui::anew::anew;
use crate::ui::button::{Button, icon_button, link_button};
use crate::ui::chain::chain;
use crate::ui::code::code;
use crate::ui::dialog::{Question, dialogs};
use crate::ui::empty::empty;
use crate::ui::field::Field;
use crate::ui::grid::{foot, grid, th, th_right, tick, tick_all};
use crate::ui::head::{crumbs, dot_list, head, section_head};
use crate::ui::icon::Icon;
use crate::ui::meter::meter;
use crate::ui::name::{name, name_link};
use crate::ui::problem::{note, problem, stale_box};
use crate::ui::proof::proof;
use crate::ui::search::search;
use crate::ui::skeleton::skeleton;
use crate::ui::stamp::mark;
use crate::ui::state::{Look, pill};
use crate::ui::switcher::{Choice, switcher};
use crate::ui::tabs::{Tab, tabs};
use crate::ui::tally::{bar, portions, sum};
use crate::ui::time::{age, time};
use crate::ui::timeline::timeline;
use crate::ui::toast::{Toast, toasts};
use crate::ui::unknown::unknown;
use crate::ui::who::{face, who};
use crate::words::{Lang, reader};

/// The page.
pub fn components() -> AnyView {
    let reader = reader();
    let all = move || {
        let lang = reader.lang();
        view! {
            {head("Components".into_any(), mark("is-approved", Icon::Stamp, "Approved".to_owned()), facts(lang), Some(acts()))}
            {part("Problems and notes", problems(lang))}
            {part("Sums", sums(lang))}
            {part("States and names", states(lang))}
            {part("A table", table(lang))}
            {part("Fields", fields())}
            {part("Who decided, and what happened", story(lang))}
            {part("Proof", proofs(lang))}
            {part("Nothing, and not yet", nothing(lang))}
        }
    };
    view! { <div class="page">{crumbs("Where", vec![("Home".to_owned(), "/".to_owned())], "Components".to_owned())}{anew(all)}</div> }
        .into_any()
}

fn part(title: &str, inside: AnyView) -> AnyView {
    let inside = view! { <div class="stack">{inside}</div> };
    view! { <section class="section">{section_head(title.to_owned(), None, None)}{inside}</section> }.into_any()
}

fn now() -> Millis {
    clock::now()
}

fn table_name() -> TableName {
    TableName::parse("lease", "contract_with_a_name_that_is_long_enough_to_break").expect("a name")
}

fn facts(lang: Lang) -> AnyView {
    dot_list(vec![who("陈建国"), time(lang, now().plus(-HOUR)), "a fact".into_any()])
}

fn acts() -> AnyView {
    let (toasts, dialogs) = (toasts(), dialogs());
    let toast = move || toasts.show(Toast::done("This answers an act.".to_owned()));
    let ask = move || {
        let words = |text: &str| text.to_owned();
        let question = Question {
            title: words("Leave 2 tables out?"),
            text: words("They are copied no more. What was copied stays."),
            verb: words("Leave 2 out"),
            keep: words("Keep them"),
        };
        dialogs.ask(question, || {});
    };
    view! {
        {Button::new("Toast").on(toast)}
        {Button::new("Dialog").class("btn is-danger").icon(Icon::Retired).on(ask)}
        {Button::new("Pending").busy(Signal::stored(true)).on(|| {})}
        {Button::new("Not now").disabled(true).on(|| {})}
        {link_button("btn is-primary", Some(Icon::Plus), "A link".to_owned(), "/components".to_owned())}
        {icon_button(Icon::X, "Close", || {})}
    }
    .into_any()
}

fn problems(lang: Lang) -> AnyView {
    view! {
        {problem("is-failed", "The account may not read 6 tables.".to_owned(), Some("孙浩 runs one line.".to_owned()))}
        {problem("is-late", "The lake answers slowly.".to_owned(), None)}
        {stale_box(lang, &crate::api::Trouble::Away, "14:31:05".to_owned())}
        {note("is-accent", Icon::Info, "All 1,102 are selected, not only the 50 shown.".into_any())}
    }
    .into_any()
}

fn sums(lang: Lang) -> AnyView {
    let tally = Tally { ready: 118, running: 56, failed: 3, waiting: 29, ended: 6 };
    let parts = portions(lang, &tally);
    let progress = Progress { rows: 18_200_000, of: Some(42_300_000), at: now() };
    let tab =
        |name: &str, on| Tab { name: name.to_owned(), n: Some("12".to_owned()), to: "/components".to_owned(), on };
    let choice = |label: &'static str, on| Choice { label: label.into_any(), lang: None, on, press: Box::new(|| {}) };
    view! {
        <div>{bar(&parts, false)}{sum(&parts, "requested", "ready", |_| {})}</div>
        {bar(&parts, true)}
        {meter(lang, &progress, "contract")}
        {tabs("Tabs".to_owned(), vec![tab("Tables", true), tab("Timeline", false)])}
        {switcher("A choice".to_owned(), vec![choice("One", true), choice("Two", false)])}
    }
    .into_any()
}

fn states(lang: Lang) -> AnyView {
    let words = ["submitted", "copying", "verifying", "ready", "late", "failed", "paused", "retired", "unknown"];
    let pills: Vec<_> = words.map(|word| pill(lang, Look::of(word))).into_iter().collect();
    let marks = [
        ("is-waiting", Icon::Waiting),
        ("is-approved", Icon::Stamp),
        ("is-late", Icon::SentBack),
        ("is-failed", Icon::Rejected),
    ];
    let marks: Vec<_> = marks.into_iter().map(|(class, icon)| mark(class, icon, class.to_owned())).collect();
    view! {
        <div class="inline">{pills}</div>
        <div class="inline">{marks}</div>
        <div class="inline">{face("Priya Raghunathan", true)}{who("林晓雯")}{unknown(lang)}<span class="tag is-late">"A tag"</span></div>
        {name(&table_name(), "合同主表")}
    }
    .into_any()
}

fn table(lang: Lang) -> AnyView {
    let check =
        view! { <th role="columnheader" class="c-check">{tick_all("Select all".to_owned(), true, false, || {})}</th> };
    let heads = vec![check.into_any(), th("Table"), th("State"), th_right("Rows")];
    let row = |word: &str, rows: &'static str| {
        view! {
            <tr role="row">
                <td role="cell" class="c-check">{tick(format!("Select {word}"), word == "ready", false, || {})}</td>
                <th scope="row" role="rowheader" class="c-name">{name_link(&table_name(), "合同", "/components".to_owned())}</th>
                <td role="cell" class="c-state">{pill(lang, Look::of(word))}</td>
                <td role="cell" class="r num">{rows}</td>
            </tr>
        }
        .into_any()
    };
    let foot = foot(lang, "2 of 4,331".to_owned(), Some(RwSignal::new(1)));
    view! {
        {search("Search here".to_owned(), "name, comment".to_owned(), Signal::stored(String::new()), |_| {})}
        {grid("Some tables".to_owned(), false, heads, vec![row("ready", "42,318,204"), row("late", "9")], Some(foot))}
    }
    .into_any()
}

fn fields() -> AnyView {
    let field = |id, label: &str, wrong: Option<&str>| Field {
        id,
        label: label.to_owned(),
        hint: "What helps".to_owned(),
        problem: Signal::stored(wrong.map(str::to_owned)),
    };
    let choices = vec![("a".to_owned(), "Apples".to_owned()), ("b".to_owned(), "Pears".to_owned())];
    view! {
        {field("line", "A line", None).line("text", "off", Signal::stored("typed".to_owned()), |_| {})}
        {field("area", "Several lines", Some("Say what you need it for.")).area(Signal::stored(String::new()), |_| {})}
        {field("choice", "One of a few", None).select(choices, "b", |_| {})}
        {code(crate::words::reader().lang(), "SQL".to_owned(), "SELECT id, 'text' FROM ods_lease.contract -- all\n".to_owned())}
    }
    .into_any()
}

fn story(lang: Lang) -> AnyView {
    let step = |who: &str, done, at| ChainStep {
        source: "rental".to_owned(),
        who: vec![who.to_owned()],
        done,
        at,
        said: Said::new("event.submitted").text("who", who).count("n", 3),
        comment: if done { "历史数据保留在原处。".to_owned() } else { String::new() },
    };
    let line = |seq, kind: &str, key: &str| Line {
        seq,
        at: now().plus(-HOUR),
        who: "林晓雯".to_owned(),
        kind: kind.to_owned(),
        said: Said::new(key).text("who", "林晓雯").count("n", 3),
        comment: String::new(),
        tables: vec!["contract".to_owned(), "tenant".to_owned()],
        count: 3,
    };
    view! {
        {chain(lang, &[step("陈建国", true, now().plus(-HOUR)), step("赵思远", false, now())])}
        {timeline(lang, &[line(2, "sent_back", "event.sent_back"), line(1, "submitted", "event.submitted")])}
    }
    .into_any()
}

fn proofs(lang: Lang) -> AnyView {
    let proven = Proof {
        at: now(),
        snapshot: 7,
        source_columns: 12,
        lake_columns: 12,
        source_rows: 42_318_204,
        lake_rows: 42_318_204,
        read_at: now().plus(-HOUR),
        committed_at: now().plus(-HOUR),
    };
    view! {
        {proof(lang, Some(&proven), false)}
        {proof(lang, None, false)}
        <p>{age(lang, now().plus(-HOUR), |age| format!("{age} old"))}</p>
    }
    .into_any()
}

fn nothing(lang: Lang) -> AnyView {
    let act = Button::new("Drop the filter").on(|| {});
    view! { {empty(Icon::Search, "No match", "Nothing is called so.", Some(act))}{skeleton(lang)} }.into_any()
}
