//! Stamp: what somebody decided. Square and outlined, so that a decision never looks like a proof.

use api::domain::request::Stamp;
use api::me::Me;

use super::icon::{Icon, icon};
use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::viewer::is_me;
use crate::words::{Lang, say};

/// The stamp of a request; `deciders` are those who still decide.
pub fn stamp(lang: Lang, stamp: Stamp, deciders: &[String], me: &Me) -> AnyView {
    match stamp {
        Stamp::Waiting => mark("is-waiting", Icon::Waiting, waiting(lang, deciders, me)),
        Stamp::Approved { let_in, of } if let_in < of => {
            let words = say!(lang, stamp.approved_some, n = count(let_in), of = count(of));
            mark("is-approved", Icon::Stamp, words)
        }
        Stamp::Approved { .. } => mark("is-approved", Icon::Stamp, say!(lang, stamp.approved).to_owned()),
        Stamp::SentBack => mark("is-late", Icon::SentBack, say!(lang, state.sent_back).to_owned()),
        Stamp::Rejected => mark("is-failed", Icon::Rejected, say!(lang, state.rejected).to_owned()),
        Stamp::Withdrawn => mark("is-retired", Icon::SentBack, say!(lang, state.withdrawn).to_owned()),
    }
}

fn waiting(lang: Lang, deciders: &[String], me: &Me) -> String {
    match deciders {
        _ if deciders.iter().any(|name| is_me(me, name)) => say!(lang, stamp.waiting_you).to_owned(),
        [] => say!(lang, stamp.waiting_operator).to_owned(),
        [one] => say!(lang, stamp.waiting, who = one),
        [one, rest @ ..] => say!(lang, stamp.waiting_more, who = one, n = rest.len()),
    }
}

/// A stamp with words of one's own.
pub fn mark(class: &str, image: Icon, words: String) -> AnyView {
    let class = format!("stamp {class}");
    view! { <span class=class>{icon(image)}{words}</span> }.into_any()
}
