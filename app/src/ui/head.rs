//! Head: what is this, in one glance. Breadcrumb, title, one line, acts; and the title of the browser's tab.

use leptos::prelude::*;

use super::icon::{Icon, icon};
use crate::html::{AnyView, IntoAny, view};

/// Names the browser's tab.
pub fn tab_title(title: &str) {
    document().set_title(&format!("{title} · Lakegate"));
}

/// The way up: pairs of name and address, then the name of this page.
pub fn crumbs(label: &'static str, up: Vec<(String, String)>, here: String) -> AnyView {
    let up: Vec<_> = up.into_iter().map(|(name, to)| view! { <a href=to>{name}</a>{icon(Icon::Chevron)} }).collect();
    view! { <nav class="crumbs" aria-label=label>{up}<span>{here}</span></nav> }.into_any()
}

/// The head of a page: title with its marks, a line below, acts.
pub fn head(title: AnyView, marks: AnyView, sub: AnyView, acts: Option<AnyView>) -> AnyView {
    view! {
        <header class="head">
            <div class="head-main">
                <div class="head-title"><h1 tabindex="-1">{title}</h1>{marks}</div>
                <div class="head-sub">{sub}</div>
            </div>
            {acts.map(|acts| view! { <div class="head-acts">{acts}</div> })}
        </header>
    }
    .into_any()
}

/// The head of a section.
pub fn section_head(title: String, more: Option<AnyView>, aside: Option<AnyView>) -> AnyView {
    view! {
        <div class="section-head">
            <h2>{title}</h2>
            {more.map(|more| view! { <span class="muted">{more}</span> })}
            {aside.map(|aside| view! { <span class="aside">{aside}</span> })}
        </div>
    }
    .into_any()
}

/// Some facts in one line, with dots between them.
pub fn dot_list(facts: Vec<AnyView>) -> AnyView {
    let facts: Vec<_> = facts.into_iter().map(|fact| view! { <span>{fact}</span> }).collect();
    view! { <span class="dot-list">{facts}</span> }.into_any()
}
