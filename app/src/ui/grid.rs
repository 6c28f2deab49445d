//! Grid: the table. On a phone its rows become cards, so the roles are written out: `display` drops them.

use super::button::Button;
use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::react::RwSignal;
use crate::words::{Lang, say};

/// A column's head.
pub fn th(text: &str) -> AnyView {
    view! { <th role="columnheader">{text.to_owned()}</th> }.into_any()
}

/// A column's head over numbers.
pub fn th_right(text: &str) -> AnyView {
    view! { <th role="columnheader" class="r">{text.to_owned()}</th> }.into_any()
}

/// A table in its box, with a foot.
pub fn grid(name: String, dense: bool, heads: Vec<AnyView>, rows: Vec<AnyView>, foot: Option<AnyView>) -> AnyView {
    let class = if dense { "grid is-cards is-dense" } else { "grid is-cards" };
    view! {
        <div class="grid-box" role="region" tabindex="0" aria-label=name>
            <table role="table" class=class>
                <thead role="rowgroup"><tr role="row">{heads}</tr></thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
            {foot}
        </div>
    }
    .into_any()
}

/// The foot of a list: how many are shown of how many, and more of them.
pub fn foot(lang: Lang, shown: String, more: Option<RwSignal<usize>>) -> AnyView {
    let more = more.map(|steps| {
        let label = say!(lang, grid.more, n = count(50));
        view! { <span class="r">{Button::new(label).class("btn is-sm").on(move || steps.update(|steps| *steps += 1))}</span> }
    });
    view! { <div class="grid-foot"><span>{shown}</span>{more}</div> }.into_any()
}

/// How many rows are shown.
pub fn shown(lang: Lang, n: usize) -> String {
    say!(lang, grid.shown, n = count(n as u64))
}

/// A tick for a row.
pub fn tick(name: String, checked: bool, disabled: bool, press: impl Fn() + 'static) -> AnyView {
    ticked(name, checked, disabled, Box::new(press))
}

fn ticked(name: String, checked: bool, disabled: bool, press: Box<dyn Fn()>) -> AnyView {
    view! {
        <input class="check" type="checkbox" aria-label=name prop:checked=checked disabled=disabled on:change=move |_| press()/>
    }
    .into_any()
}

/// A tick for all rows: on, off or some.
pub fn tick_all(name: String, some: bool, all: bool, press: impl Fn() + 'static) -> AnyView {
    let class = if some && !all { "check is-some" } else { "check" };
    view! {
        <input
            class=class
            type="checkbox"
            aria-label=name
            prop:checked=all
            prop:indeterminate=some && !all
            on:change=move |_| press()
        />
    }
    .into_any()
}
