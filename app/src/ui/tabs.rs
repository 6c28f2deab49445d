//! Tabs: parts of one page. They change the address, so they are links.

use crate::html::{AnyView, IntoAny, view};

/// One tab.
pub struct Tab {
    /// Its name.
    pub name: String,
    /// How many are in it.
    pub n: Option<String>,
    /// Its address.
    pub to: String,
    /// Whether it is the one shown.
    pub on: bool,
}

/// The tabs of a page.
pub fn tabs(name: String, tabs: Vec<Tab>) -> AnyView {
    let tabs: Vec<_> = tabs
        .into_iter()
        .map(|Tab { name, n, to, on }| {
            view! {
                <a class="tab" href=to data-noscroll="true" aria-current=on.then_some("page")>
                    {name}
                    {n.map(|n| view! { <span class="tab-n">{n}</span> })}
                </a>
            }
        })
        .collect();
    view! { <nav class="tabs" aria-label=name>{tabs}</nav> }.into_any()
}
