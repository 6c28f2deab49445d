//! Empty: nothing to show, in one sentence, with the next act.

use super::icon::{Icon, icon};
use crate::html::{AnyView, IntoAny, view};

/// Nothing here: what that means, and optionally the act that changes it.
pub fn empty(image: Icon, title: &str, text: &str, act: Option<AnyView>) -> AnyView {
    let (title, text) = (title.to_owned(), text.to_owned());
    view! {
        <div class="empty">
            {icon(image)}
            <b>{title}</b>
            {(!text.is_empty()).then(|| view! { <p class="small">{text}</p> })}
            {act}
        </div>
    }
    .into_any()
}
