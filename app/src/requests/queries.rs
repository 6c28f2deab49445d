//! Queries to copy, of the tables of this request that are ready.

use api::Page;
use api::domain::ids::RequestId;
use api::domain::name::TableName;
use api::domain::tally::Part;
use api::requests::ItemRow;

use super::page::Filters;
use crate::api as calls;
use crate::html::{AnyView, IntoAny, view};
use crate::lake::queries::queries;
use crate::lake::safe::safe_as_of;
use crate::live::live;
use crate::react::{Memo, Signal};
use crate::route::Route;
use crate::ui::anew::anew;
use crate::ui::empty::empty;
use crate::ui::field::Field;
use crate::ui::head::section_head;
use crate::ui::icon::Icon;
use crate::ui::loaded::{Feed, Shown, loaded};
use crate::ui::proof::proof;
use crate::ui::state::part_word;
use crate::ui::switcher::{Choice, switcher};
use crate::words::{Lang, reader, say};

/// With more tables than this a list is chosen from.
const FEW: usize = 6;

/// The tab.
pub fn queries_tab(id: RequestId, filters: Filters) -> AnyView {
    let ready = Feed::new(move || {
        live().track_request(&id);
        calls::items(&id, part_word(Part::Ready).to_owned(), String::new(), 4)
    });
    loaded(ready, move |page| content(page, filters))
}

fn content(page: Shown<Page<ItemRow>>, filters: Filters) -> AnyView {
    let reader = reader();
    let chosen = Memo::new(move |_| {
        let (page, wanted) = (page.get(), filters.table.get());
        let rows = &page.rows;
        rows.iter().find(|row| row.table.to_string() == wanted).or_else(|| rows.first()).map(|row| row.target.clone())
    });
    let table = move || match chosen.get() {
        Some(target) => one(target),
        None => empty(Icon::Table, say!(reader.lang(), queries.none), "", None),
    };
    view! { {anew(move || which(reader.lang(), &page.get().rows, chosen.get().as_ref(), filters))}{anew(table)} }
        .into_any()
}

fn which(lang: Lang, rows: &[ItemRow], chosen: Option<&TableName>, filters: Filters) -> Option<AnyView> {
    let label = say!(lang, queries.which).to_owned();
    match rows.len() {
        0 | 1 => None,
        2..=FEW => {
            let choice = |row: &ItemRow| {
                let name = row.table.to_string();
                let label = row.table.table.to_string().into_any();
                Choice {
                    label,
                    lang: None,
                    on: Some(&row.target) == chosen,
                    press: Box::new(move || filters.table.set(name.clone())),
                }
            };
            Some(view! { <div class="tools">{switcher(label, rows.iter().map(choice).collect())}</div> }.into_any())
        }
        _ => {
            let now = rows.iter().find(|row| Some(&row.target) == chosen).map(|row| row.table.to_string());
            let names = rows.iter().map(|row| (row.table.to_string(), row.table.to_string())).collect();
            let field = Field { id: "query-table", label, hint: String::new(), problem: Signal::stored(None) };
            Some(field.select(names, &now.unwrap_or_default(), move |name| filters.table.set(name)))
        }
    }
}

fn one(target: TableName) -> AnyView {
    let reader = reader();
    let to = Route::LakeTable(target.clone()).path();
    let table = Feed::new(move || calls::lake_table(&target));
    loaded(table, move |view| {
        let to = to.clone();
        let facts = move || {
            let (lang, view) = (reader.lang(), view.get());
            let late = view.row.item.state == "late";
            let more = view! { <a href=to.clone()>{say!(lang, queries.open)}</a> };
            view! {
                <p class="small mt-3">{safe_as_of(lang, &view)}</p>
                <div class="section">
                    {section_head(say!(lang, proof.title).to_owned(), None, Some(more.into_any()))}
                    {proof(lang, view.proof.as_ref(), late)}
                </div>
            }
        };
        view! { <div class="mt-3">{queries(Signal::derive(move || view.get().queries.clone()))}</div>{anew(facts)} }
            .into_any()
    })
}
