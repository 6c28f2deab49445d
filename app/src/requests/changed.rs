//! What a requester changed before sending a request again, for those who decide about it.

use api::domain::request::Diff;

use super::new::tier_said;
use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::ui::head::section_head;
use crate::words::{Lang, say};

/// Names that are shown of each kind.
const NAMED: usize = 10;

/// What changed; nothing where nothing did.
pub fn changed(lang: Lang, diff: Option<&Diff>) -> Option<AnyView> {
    let diff = diff?;
    let fact = |name: &'static str, value: AnyView| view! { <dt>{name}</dt><dd>{value}</dd> }.into_any();
    let was = |text: &String| view! { <s>{text.clone()}</s> }.into_any();
    let facts = [
        diff.title.as_ref().map(|title| fact(say!(lang, request.changed_title), was(title))),
        diff.reason.as_ref().map(|reason| fact(say!(lang, request.changed_reason), was(reason))),
        diff.tier.map(|tier| fact(say!(lang, request.changed_tier), tier_said(lang, tier).into_any())),
        names(&diff.added).map(|names| fact(say!(lang, request.changed_added), names)),
        names(&diff.removed).map(|names| fact(say!(lang, request.changed_removed), names)),
    ];
    let facts: Vec<_> = facts.into_iter().flatten().collect();
    (!facts.is_empty()).then(|| {
        view! {
            <section>
                {section_head(say!(lang, request.changed).to_owned(), None, None)}
                <div class="card"><dl class="facts">{facts}</dl></div>
            </section>
        }
        .into_any()
    })
}

fn names(names: &[String]) -> Option<AnyView> {
    if names.is_empty() {
        return None;
    }
    let shown: Vec<_> = names.iter().take(NAMED).cloned().collect();
    let more = (names.len() > NAMED).then(|| view! { " …" });
    Some(view! { <b>{count(names.len() as u64)}</b>" "<code>{shown.join(", ")}</code>{more} }.into_any())
}
