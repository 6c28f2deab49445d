//! Says the change of the sum to those who hear the page, at most once in 10 s.

use std::time::Duration;

use api::domain::tally::Tally;
use api::requests::RequestView;
use leptos::prelude::*;

use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::react::{RwSignal, StoredValue, effect};
use crate::ui::anew::anew;
use crate::ui::loaded::Shown;
use crate::words::{Lang, reader, say};

const PAUSE: Duration = Duration::from_secs(10);

/// What is said between two sums; nothing when no more are ready.
fn change(lang: Lang, before: &Tally, now: &Tally) -> Option<String> {
    let more = now.ready.checked_sub(before.ready).filter(|more| *more > 0)?;
    Some(say!(lang, request.more_ready, n = count(more), ready = count(now.ready), of = count(now.requested())))
}

/// The sentence, seen by nobody.
pub fn announce(view: Shown<RequestView>) -> AnyView {
    let reader = reader();
    let (said, heard, waiting) =
        (RwSignal::new(String::new()), StoredValue::new(None::<Tally>), StoredValue::new(false));
    let speak = move || {
        let now = view.with_untracked(|view| view.row.tally);
        if let Some(before) = heard.get_value()
            && let Some(sentence) = change(reader.lang_now(), &before, &now)
        {
            said.set(sentence);
        }
        heard.set_value(Some(now));
    };
    effect(move || {
        view.with(|_| ());
        if waiting.get_value() {
            return;
        }
        speak();
        waiting.set_value(true);
        set_timeout(
            move || {
                // The page may have been left meanwhile.
                if waiting.try_update_value(|waiting| *waiting = false).is_some() {
                    speak();
                }
            },
            PAUSE,
        );
    });
    view! { <p class="vh" role="status">{anew(move || said.get())}</p> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_change_is_said_not_the_sum() {
        let sum = |ready, waiting| Tally { ready, waiting, ..Tally::default() };
        let said = change(Lang::En, &sum(118, 94), &sum(121, 91));
        assert_eq!(said.as_deref(), Some("3 more ready, 121 of 212"));
        assert_eq!(change(Lang::En, &sum(3, 1), &sum(3, 1)), None);
        assert_eq!(change(Lang::En, &sum(3, 1), &sum(2, 2)), None);
    }
}
