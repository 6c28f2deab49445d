//! The drawer: facts and columns of one table beside the list. Esc closes it.

use api::domain::ids::SourceId;
use api::domain::name::TableName;
use api::tables::{ColumnView, TableView};
use leptos::prelude::*;
use web_sys::Element;

use super::filters::Filters;
use super::model::{Allowed, allowed, is_picked};
use super::rows::{size_said, taken_mark};
use super::selection::Selection;
use crate::api as calls;
use crate::html::{AnyView, IntoAny, view};
use crate::ui::anew::anew;
use crate::ui::button::{Button, icon_button};
use crate::ui::icon::Icon;
use crate::ui::loaded::{Feed, loaded};
use crate::ui::name::{breaking, name};
use crate::ui::problem::note;
use crate::ui::time::time;
use crate::ui::unknown::known;
use crate::ui::who::who;
use crate::words::{Lang, around, reader, say, say_n, speak};

/// The drawer of a table as the address names it.
pub fn drawer(open: &str, filters: Filters, selection: Selection) -> Option<AnyView> {
    let (source, table) = parse(open)?;
    let label = table.to_string();
    let view = Feed::new(move || calls::table(&source, &table));
    let reader = reader();
    let inside = loaded(view, move |table| {
        let content = move || content(reader.lang(), &table.get(), filters, selection);
        anew(content)
    });
    let shown = |drawer: &Element| {
        let drawer = drawer.clone();
        request_animation_frame(move || into_view(&drawer));
    };
    Some(view! { <aside class="drawer" node_ref=shown aria-label=label>{inside}</aside> }.into_any())
}

/// Where the drawer stands below the list instead of beside it, it comes to the reader.
fn into_view(drawer: &Element) {
    let below = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
    if drawer.get_bounding_client_rect().top() > below {
        drawer.scroll_into_view();
    }
}

fn parse(open: &str) -> Option<(SourceId, TableName)> {
    let parts: Vec<String> = open.split('/').map(crate::route::decode).collect();
    let [source, database, table] = parts.as_slice() else { return None };
    Some((source.parse().ok()?, TableName::parse(database, table).ok()?))
}

fn content(lang: Lang, view: &TableView, filters: Filters, selection: Selection) -> AnyView {
    let row = &view.row;
    let comment = [row.comment.as_str(), row.source_name.as_str()].into_iter().filter(|part| !part.is_empty());
    let comment = comment.collect::<Vec<_>>().join(" · ");
    view! {
        <div class="drawer-head">
            <div>{name(&row.table, &comment)}</div>
            {icon_button(Icon::X, say!(lang, close), move || filters.open.set(""))}
        </div>
        <div class="drawer-body">
            {facts(lang, view)}
            {row.blocked.as_ref().map(|blocked| note("is-late", Icon::Warn, speak(lang, blocked).into_any()))}
            {personal(lang, view)}
            <div>
                <div class="card-head">
                    <h2>{say!(lang, columns.title)}</h2>
                    <span class="aside">{view.columns.len()}</span>
                </div>
                {columns(lang, &view.columns)}
            </div>
            {pick(lang, view, selection)}
        </div>
    }
    .into_any()
}

/// Columns that look personal, and who is asked.
fn personal(lang: Lang, view: &TableView) -> Option<AnyView> {
    let n = view.columns.iter().filter(|column| column.personal).count() as u64;
    (n > 0).then(|| {
        let words = say_n!(lang, n, catalogue.personal, catalogue.personal_one);
        note("is-late", Icon::Shield, words.into_any())
    })
}

fn owner(lang: Lang, owners: &[String]) -> Option<AnyView> {
    (!owners.is_empty()).then(|| {
        let faces: Vec<_> = owners.iter().map(|name| who(name)).collect();
        view! { <dt>{say!(lang, col.owner)}</dt><dd>{faces}</dd> }.into_any()
    })
}

fn facts(lang: Lang, view: &TableView) -> AnyView {
    let row = &view.row;
    let (rows, size) = size_said(lang, row);
    let estimated = rows.is_some().then(|| {
        view! { <span class="muted">" "{around(say!(lang, catalogue.estimated), time(lang, row.counted_at))}</span> }
    });
    let key: Vec<_> = view.columns.iter().filter(|column| column.key).map(|column| column.name.clone()).collect();
    let key = if key.is_empty() {
        view! { <span class="warn">{say!(lang, catalogue.no_key_more)}</span> }.into_any()
    } else {
        view! { <code>{key.join(", ")}</code> }.into_any()
    };
    let lake = match &row.taken {
        Some(taken) => taken_mark(lang, taken),
        None => say!(lang, catalogue.nobody).into_any(),
    };
    view! {
        <dl class="facts">
            <dt>{say!(lang, col.rows)}</dt>
            <dd>{known(lang, rows)}{estimated}</dd>
            <dt>{say!(lang, col.size)}</dt>
            <dd>{known(lang, size)}</dd>
            {owner(lang, &view.owners)}
            <dt>{say!(lang, catalogue.key)}</dt>
            <dd>{key}</dd>
            <dt>{say!(lang, col.in_lake)}</dt>
            <dd>{lake}</dd>
        </dl>
    }
    .into_any()
}

/// The columns with their types; what is lost on the way stands below its column.
pub fn columns(lang: Lang, columns: &[ColumnView]) -> AnyView {
    let rows: Vec<_> = columns.iter().map(|column| column_row(lang, column)).collect();
    view! {
        <table class="cols">
            <thead>
                <tr>
                    <th scope="col">{say!(lang, columns.name)}</th>
                    <th scope="col">{say!(lang, columns.kind)}</th>
                    <th scope="col">{say!(lang, columns.meaning)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn column_row(lang: Lang, column: &ColumnView) -> AnyView {
    let key = column.key.then(|| view! { " "<span class="tag is-accent">{say!(lang, columns.key)}</span> });
    let personal =
        column.personal.then(|| view! { " "<span class="tag is-late">{say!(lang, columns.personal)}</span> });
    let loss = column.loss.as_ref().map(|loss| view! { <div class="warn">{speak(lang, loss)}</div> });
    let refused = column.lake_type.is_none().then(|| view! { <div class="warn">{say!(lang, columns.refused)}</div> });
    view! {
        <tr>
            <th scope="row"><code>{breaking(&column.name)}</code>{key}{personal}</th>
            <td class="muted">{column.source_type.clone()}</td>
            <td>{column.comment.clone()}{loss}{refused}</td>
        </tr>
    }
    .into_any()
}

fn pick(lang: Lang, view: &TableView, selection: Selection) -> Option<AnyView> {
    let row = view.row.clone();
    let on = is_picked(&selection.get(), &row);
    let label = match (on, allowed(&row)) {
        (true, _) => say!(lang, catalogue.selected),
        (false, Allowed::Pick) => say!(lang, catalogue.pick),
        (false, Allowed::Link) => say!(lang, catalogue.link),
        (false, Allowed::Nothing) => return None,
    };
    let button = Button::new(label).class("btn is-sm").icon(if on { Icon::Check } else { Icon::Plus });
    Some(view! { <div class="inline">{button.on(move || selection.toggle(&row))}</div> }.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_table_is_named_in_the_address() {
        let (source, table) = parse("s1/lease/%E5%90%88%E5%90%8C%2F")
            .map_or_else(|| parse("s1/lease/%E5%90%88%E5%90%8C").expect("a table"), |_| panic!("a slash is no name"));
        assert_eq!((source.as_str(), table.to_string().as_str()), ("s1", "lease.合同"));
        assert!(parse("").is_none());
    }
}
