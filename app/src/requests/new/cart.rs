//! The cart: what is picked, by source, each with its way out.

use super::model::{Msg, sums};
use super::writing::Writing;
use crate::format::{about, bytes, count};
use crate::html::{AnyView, IntoAny, view};
use crate::ui::anew::anew;
use crate::ui::button::{Button, icon_button};
use crate::ui::field::field_problem;
use crate::ui::icon::Icon;
use crate::words::{Lang, reader, say, say_n};

/// The cart beside the list.
pub fn cart(writing: Writing) -> AnyView {
    let reader = reader();
    let label = move || say!(reader.lang(), new.cart);
    view! {
        <aside class="cart stick" aria-label=label>{anew(move || inside(reader.lang(), writing))}</aside>
    }
    .into_any()
}

fn inside(lang: Lang, writing: Writing) -> AnyView {
    let (saved, n) = (writing.saved.get(), writing.n());
    let (rows, size) = sums(&saved.cart);
    let from = say_n!(lang, saved.cart.len() as u64, n_sources, n_sources_one);
    let sum = match (n, rows, size) {
        (0, ..) => say!(lang, new.cart_empty).to_owned(),
        (_, Some(rows), Some(size)) => {
            let sum = say!(lang, rows_and_size, rows = about(lang, rows), size = bytes(size));
            say!(lang, pair, one = sum, two = from)
        }
        _ => say!(lang, pair, one = say!(lang, size_unknown), two = from),
    };
    let clear = (n > 0).then(|| {
        Button::new(say!(lang, selection.clear)).class("btn is-sm is-quiet").on(move || writing.tell(Msg::Clear))
    });
    let rows: Vec<_> = saved
        .cart
        .iter()
        .map(|each| {
            let source = each.source.clone();
            let out = say!(lang, new.take_out, name = each.name);
            view! {
                <li class="cart-row">
                    <span class="clip">{each.name.clone()}</span>
                    <span class="muted">{count(each.tables)}</span>
                    {icon_button(Icon::X, &out, move || writing.tell(Msg::TakeOutSource(source.clone())))}
                </li>
            }
        })
        .collect();
    let problem = writing.problem_of(lang, "tables").map(|problem| field_problem("tables", problem));
    view! {
        <div class="cart-head">
            <div class="between"><h2 id="tables" tabindex="-1">{say!(lang, new.picked, n = count(n))}</h2>{clear}</div>
            <p class="small soft">{sum}</p>
            {problem}
        </div>
        {(n > 0).then(|| view! { <ul>{rows}</ul> })}
    }
    .into_any()
}
