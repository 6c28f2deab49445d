//! Name: a table, wherever it appears. Breaks after `_`; the place stands small before it, the comment below.

use api::domain::name::TableName;

use crate::html::{AnyView, Html, IntoAny, view};

/// A text that may break after each `_`.
pub fn breaking(text: &str) -> AnyView {
    let parts: Vec<_> = text
        .split_inclusive('_')
        .enumerate()
        .map(|(place, part)| view! { {(place > 0).then(|| view! { <wbr/> })}{part.to_owned()} })
        .collect();
    parts.into_any()
}

fn id(name: &TableName) -> Html {
    view! { <i>{breaking(name.database.as_str())}"."</i>{breaking(name.table.as_str())} }
}

fn more(comment: &str) -> Option<AnyView> {
    (!comment.is_empty()).then(|| view! { <span class="name-more">{comment.to_owned()}</span> }.into_any())
}

/// The name of a table with its comment.
pub fn name(of: &TableName, comment: &str) -> AnyView {
    view! { <span class="name"><span class="name-id">{id(of)}</span>{more(comment)}</span> }.into_any()
}

/// The name of a table that leads to a page.
pub fn name_link(of: &TableName, comment: &str, to: String) -> AnyView {
    view! { <span class="name"><a class="name-id" href=to>{id(of)}</a>{more(comment)}</span> }.into_any()
}
