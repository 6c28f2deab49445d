//! The tables found in step 1, each with its tick and with who brings it already.

use api::domain::request::AskedTable;
use api::search::Found;
use api::tables::TableRow;

use super::model::Msg;
use super::writing::Writing;
use crate::html::{AnyView, IntoAny, view};
use crate::route::Route;
use crate::tables::filters::Filters;
use crate::tables::model::{Allowed, allowed};
use crate::tables::rows::{no_match, open_name, size_said, sum, taken_mark};
use crate::ui::anew::anew;
use crate::ui::grid::{foot, grid, th, th_right, tick, tick_all};
use crate::ui::icon::{Icon, icon};
use crate::ui::loaded::Shown;
use crate::ui::name::name_link;
use crate::ui::unknown::known;
use crate::words::{Lang, reader, say, speak};

/// A row as it is asked for.
pub fn asked(row: &TableRow) -> AskedTable {
    AskedTable { source: row.source.clone(), table: row.table.clone() }
}

/// Whether a row can be ticked.
pub fn can_pick(row: &TableRow) -> bool {
    allowed(row) == Allowed::Pick
}

/// The rows found.
pub fn rows(page: Shown<Found>, filters: Filters, writing: Writing) -> AnyView {
    let reader = reader();
    let view = move || {
        let (lang, page, picked) = (reader.lang(), page.get(), writing.tables.get());
        if page.rows.is_empty() {
            return no_match(lang, filters);
        }
        let can: Vec<AskedTable> = page.rows.iter().filter(|row| can_pick(row)).map(asked).collect();
        let on = can.iter().filter(|table| picked.contains(table)).count();
        let all_on = !can.is_empty() && on == can.len();
        let check = tick_all(say!(lang, catalogue.select_all).to_owned(), on > 0, all_on, move || {
            let can = can.clone();
            writing.tell(if all_on { Msg::TakeOut(can) } else { Msg::PutIn(can) });
        });
        let heads = vec![
            view! { <th role="columnheader" class="c-check">{check}</th> }.into_any(),
            th(say!(lang, col.table)),
            th_right(say!(lang, col.rows)),
            th(say!(lang, col.in_lake)),
        ];
        let more = page.next.is_some().then_some(filters.steps);
        let foot = foot(lang, sum(lang, &page), more);
        let rows = page.rows.iter().map(|each| row(lang, each, picked.contains(&asked(each)), writing)).collect();
        grid(say!(lang, catalogue.list).to_owned(), true, heads, rows, Some(foot))
    };
    anew(view)
}

fn row(lang: Lang, row: &TableRow, on: bool, writing: Writing) -> AnyView {
    let table = asked(row);
    let disabled = !can_pick(row) && !on;
    let label = say!(lang, select, name = row.table.table);
    let to = Route::Catalogue.with(&[("open", &open_name(row))]);
    let click = move || {
        let tables = vec![table.clone()];
        writing.tell(if on { Msg::TakeOut(tables) } else { Msg::PutIn(tables) });
    };
    let class = if on { "is-picked" } else { "" };
    view! {
        <tr role="row" class=class>
            <td role="cell" class="c-check">{tick(label, on, disabled, click)}</td>
            <th scope="row" role="rowheader" class="c-name">{name_link(&row.table, &row.comment, to)}</th>
            <td role="cell" class="r c-keep">{known(lang, size_said(lang, row).0)}</td>
            <td role="cell" class="c-state">{mark(lang, row, on, writing)}</td>
        </tr>
    }
    .into_any()
}

fn mark(lang: Lang, row: &TableRow, on: bool, writing: Writing) -> AnyView {
    if let Some(blocked) = &row.blocked {
        return view! { <span class="tag is-late is-long">{icon(Icon::Warn)}{speak(lang, blocked)}</span> }.into_any();
    }
    let Some(taken) = &row.taken else {
        return view! { <span class="muted">{say!(lang, catalogue.not_yet)}</span> }.into_any();
    };
    let table = asked(row);
    let link = (!on).then(|| {
        let click = move |_| writing.tell(Msg::PutIn(vec![table.clone()]));
        view! { <button type="button" class="link-btn" on:click=click>{say!(lang, catalogue.link)}</button> }
    });
    view! { <span class="inline">{taken_mark(lang, taken)}{link}</span> }.into_any()
}
