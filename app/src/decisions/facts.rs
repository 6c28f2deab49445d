//! The facts of a card: how much, who will read it, load on the source, what it costs. Only those we have.

use api::inbox::{Card, InboxRow};

use crate::format::{about, bytes};
use crate::html::{AnyView, IntoAny, view};
use crate::requests::new::tier_said;
use crate::ui::time::time;
use crate::ui::unknown::known;
use crate::ui::who::face;
use crate::words::{Lang, around, say, say_n, speak};

/// Who asks and why, large.
pub fn ask(lang: Lang, card: &Card) -> AnyView {
    let row = &card.view.row;
    let what = say!(
        lang,
        card.asks,
        tables = say_n!(lang, card.tables.len() as u64, n_tables, n_tables_one),
        tier = tier_said(lang, card.view.tier)
    );
    let team = [row.requester.team.as_str(), what.as_str()].into_iter().filter(|part| !part.is_empty());
    let team = team.collect::<Vec<_>>().join(" · ");
    view! {
        <div class="ask">
            {face(&row.requester.name, true)}
            <div>
                <div class="inline"><b>{row.requester.name.clone()}</b><span class="muted">{team}</span></div>
                <blockquote>{say!(lang, quoted, text = card.view.reason)}</blockquote>
            </div>
        </div>
    }
    .into_any()
}

/// The grid of facts with the age of its figures.
pub fn facts(lang: Lang, card: &Card) -> AnyView {
    let (rows, size) = figures(card);
    let tables = say_n!(lang, card.tables.len() as u64, n_tables, n_tables_one);
    let much = match size {
        Some(size) => say!(lang, pair, one = tables, two = bytes(size)).into_any(),
        None => view! { {tables}" "<span class="unknown small">{say!(lang, size_unknown)}</span> }.into_any(),
    };
    let much_more = known(lang, rows.map(|rows| say!(lang, n_rows, n = about(lang, rows))));
    let requester = &card.view.row.requester;
    let personal = &card.personal;
    let (looks, found) = match personal.columns {
        0 => (say!(lang, card.no_personal).into_any(), ().into_any()),
        n => {
            let tables = say_n!(lang, personal.tables, n_tables, n_tables_one);
            let what =
                say!(lang, card.personal_in, columns = say_n!(lang, n, columns.n, columns.n_one), tables = tables);
            let more = if personal.columns > personal.names.len() as u64 { " …" } else { "" };
            (what.into_any(), (personal.names.join(", ") + more).into_any())
        }
    };
    let class = if personal.columns > 0 { "fact is-late" } else { "fact" };
    let people = say_n!(lang, card.readers, card.people, card.people_one);
    let readers = match requester.team.as_str() {
        "" => say!(lang, card.reads_alone).to_owned(),
        team => say!(lang, card.reads_team, team = team),
    };
    let now = speak(lang, &card.load_now).into_any();
    let stored = size.map(|size| say!(lang, card.stored, size = bytes(size))).into_any();
    let sources = card.view.sources.join(say!(lang, list_joint));
    let counted = match card.counted_at {
        Some(at) => around(say!(lang, card.counted), time(lang, at)),
        None => view! { <span class="unknown">{say!(lang, card.not_counted)}</span> }.into_any(),
    };
    view! {
        <section aria-label=say!(lang, card.facts)>
            <div class="factgrid">
                {fact("fact", say!(lang, card.how_much).to_owned(), much, much_more)}
                {fact(class, say!(lang, card.personal).to_owned(), looks, found)}
                {fact("fact", say!(lang, card.who_reads).to_owned(), people.into_any(), readers.into_any())}
                {fact("fact", say!(lang, card.load, source = sources), speak(lang, &card.load).into_any(), now)}
                {fact("fact", say!(lang, card.cost).to_owned(), speak(lang, &card.cost).into_any(), stored)}
            </div>
            <p class="age mt-2">{counted}</p>
        </section>
    }
    .into_any()
}

/// Rows and bytes: what the inbox counted, else the sum of the tables.
fn figures(card: &Card) -> (Option<u64>, Option<u64>) {
    match &card.waits {
        Some(InboxRow { rows, bytes, .. }) => (*rows, *bytes),
        None => (card.tables.iter().map(|table| table.rows).sum(), card.tables.iter().map(|table| table.bytes).sum()),
    }
}

fn fact(class: &'static str, what: String, value: AnyView, note: AnyView) -> AnyView {
    view! {
        <div class=class>
            <div class="fact-k">{what}</div>
            <div class="fact-v num">{value}</div>
            <div class="fact-n">{note}</div>
        </div>
    }
    .into_any()
}
