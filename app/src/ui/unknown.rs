//! Unknown: a thing of its own. Never 0, never green, never blank.

use crate::html::{AnyView, IntoAny, view};
use crate::words::{Lang, say};

/// "not known yet".
pub fn unknown(lang: Lang) -> AnyView {
    view! { <span class="unknown">{say!(lang, unknown)}</span> }.into_any()
}

/// What is known, or "not known yet".
pub fn known(lang: Lang, text: Option<String>) -> AnyView {
    text.map_or_else(|| unknown(lang), IntoAny::into_any)
}
