//! The tables of a card with their ticks, those to look at first.

use api::inbox::{Card, CardTable};

use super::card::Deciding;
use super::model::{Msg, matching};
use crate::format::{about, count};
use crate::html::{AnyView, IntoAny, view};
use crate::react::RwSignal;
use crate::ui::anew::anew;
use crate::ui::grid::{foot, grid, th, th_right, tick, tick_all};
use crate::ui::head::section_head;
use crate::ui::icon::{Icon, icon};
use crate::ui::loaded::Shown;
use crate::ui::name::name;
use crate::ui::search::search;
use crate::ui::state::item_pill;
use crate::ui::unknown::known;
use crate::words::{Lang, reader, say, speak};

/// A search is worth its place from here on.
const MANY: usize = 12;
/// Tables shown at a time.
const STEP: usize = 50;

/// The section: what is let in, the search, the list.
pub fn tables(card: Shown<Card>, deciding: Deciding) -> AnyView {
    let reader = reader();
    let (q, steps) = (RwSignal::new(String::new()), RwSignal::new(1));
    let search_field = move || {
        (card.with(|card| card.tables.len()) > MANY).then(|| {
            let lang = reader.lang();
            let name = say!(lang, card.search).to_owned();
            view! { <div class="tools">{search(name.clone(), name, q.into(), move |text| q.set(text))}</div> }
        })
    };
    view! {
        <section>
            {anew(move || title(reader.lang(), &card.get(), deciding))}
            {anew(search_field)}
            {anew(move || list(reader.lang(), &card.get(), deciding, &q.get(), steps))}
        </section>
    }
    .into_any()
}

fn title(lang: Lang, card: &Card, deciding: Deciding) -> AnyView {
    if card.waits.is_none() {
        return section_head(say!(lang, col.tables).to_owned(), None, None);
    }
    let (n, of) = deciding.decision.with(|decision| decision.let_in(&card.tables));
    let sum = say!(lang, card.let_in, n = count(n as u64), of = count(of as u64), dropped = count((of - n) as u64));
    section_head(say!(lang, col.tables).to_owned(), Some(sum.into_any()), Some(say!(lang, card.untick).into_any()))
}

fn list(lang: Lang, card: &Card, deciding: Deciding, q: &str, steps: RwSignal<usize>) -> AnyView {
    let open = card.waits.is_some();
    let found = matching(&card.tables, q);
    let shown = &found[..found.len().min(steps.get() * STEP)];
    let heads = [
        open.then(|| check_all(lang, card, deciding)),
        Some(th(say!(lang, col.table))),
        Some(th_right(say!(lang, col.rows))),
        Some(th(if open { say!(lang, card.look_at) } else { say!(lang, col.state) })),
        Some(th(if open { say!(lang, card.note) } else { say!(lang, col.now) })),
    ];
    let rows: Vec<_> = shown.iter().map(|table| row(lang, table, open, deciding)).collect();
    let words = say!(lang, items.shown, n = count(shown.len() as u64), of = count(card.tables.len() as u64));
    let foot = foot(lang, words, (shown.len() < found.len()).then_some(steps));
    grid(say!(lang, card.tables).to_owned(), false, heads.into_iter().flatten().collect(), rows, Some(foot))
}

fn check_all(lang: Lang, card: &Card, deciding: Deciding) -> AnyView {
    let (n, of) = deciding.decision.with(|decision| decision.let_in(&card.tables));
    let ids: Vec<_> = card.tables.iter().map(|table| table.item.id.clone()).collect();
    let press = move || deciding.tell(Msg::ToggleAll(ids.clone()));
    let check = tick_all(say!(lang, card.all, n = count(of as u64)), n > 0, n == of, press);
    view! { <th role="columnheader" class="c-check">{check}</th> }.into_any()
}

fn row(lang: Lang, table: &CardTable, open: bool, deciding: Deciding) -> AnyView {
    let item = &table.item;
    let dropped = open && deciding.decision.with(|decision| decision.dropped.contains(&item.id));
    let id = item.id.clone();
    let check = open.then(|| {
        let label = say!(lang, card.let_one_in, name = item.table.table);
        view! { <td role="cell" class="c-check">{tick(label, !dropped, false, move || deciding.tell(Msg::Toggle(id.clone())))}</td> }
    });
    let (mark, note) = if open {
        let note = match (dropped, item.reads) {
            (true, _) => not_let_in(lang, table, deciding),
            (false, true) => say!(lang, items.reads).into_any(),
            (false, false) => ().into_any(),
        };
        (look_at(lang, table), note)
    } else {
        (item_pill(lang, item, true), speak(lang, &item.now).into_any())
    };
    view! {
        <tr role="row" class=if dropped { "muted" } else { "" }>
            {check}
            <th scope="row" role="rowheader" class="c-name">{name(&item.table, &item.comment)}</th>
            <td role="cell" class="r">{known(lang, table.rows.map(|rows| about(lang, rows)))}</td>
            <td role="cell" class="c-keep">{mark}</td>
            <td role="cell" class="c-now">{note}</td>
        </tr>
    }
    .into_any()
}

/// A table that is not let in is dropped, or goes back to the requester.
fn not_let_in(lang: Lang, table: &CardTable, deciding: Deciding) -> AnyView {
    let id = table.item.id.clone();
    let (words, other) = if deciding.decision.with(|decision| decision.back.contains(&id)) {
        (say!(lang, card.goes_back), say!(lang, card.drop_it))
    } else {
        (say!(lang, card.dropped), say!(lang, card.back_instead))
    };
    let click = move |_| deciding.tell(Msg::Back(id.clone()));
    view! { {words}" "<button type="button" class="link-btn" on:click=click>{other}</button> }.into_any()
}

fn look_at(lang: Lang, table: &CardTable) -> AnyView {
    if table.look_at.is_empty() {
        return view! { <span class="muted hide-s">{say!(lang, card.nothing)}</span> }.into_any();
    }
    let tags: Vec<_> = table
        .look_at
        .iter()
        .map(|said| view! { <span class="tag is-late is-long">{icon(Icon::Warn)}{speak(lang, said)}</span> })
        .collect();
    view! { <span class="inline">{tags}</span> }.into_any()
}
