//! Skeleton: a place of about the right height while something loads. Shows itself after 150 ms.

use crate::html::{AnyView, IntoAny, view};
use crate::words::{Lang, say};

/// Some lines in a card.
pub fn skeleton(lang: Lang) -> AnyView {
    let lines: Vec<_> = ["skel w-1", "skel w-3", "skel w-2", "skel w-3", "skel w-2", "skel w-1"]
        .map(|class| view! { <span class=class></span> })
        .into_iter()
        .collect();
    view! {
        <div class="card stack skel-box" role="status" aria-busy="true">
            <span class="vh">{say!(lang, loading)}</span>
            {lines}
        </div>
    }
    .into_any()
}
