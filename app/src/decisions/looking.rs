//! Who else has the card open: shown, never in the way.

use std::time::Duration;

use api::domain::ids::RequestId;
use leptos::prelude::*;

use crate::api as calls;
use crate::html::{AnyView, IntoAny, view};
use crate::live::live;
use crate::react::{RwSignal, spawn};
use crate::ui::anew::anew;
use crate::ui::icon::Icon;
use crate::ui::loaded::Feed;
use crate::ui::problem::note;
use crate::words::{Lang, reader, say};

/// A look lasts twice as long.
const EVERY: Duration = Duration::from_secs(20);

/// The line that names who else looks; nothing where nobody does.
pub fn looking(id: RequestId) -> AnyView {
    let (reader, again) = (reader(), RwSignal::new(0u32));
    let (asked_for, left) = (id.clone(), id);
    let others = Feed::new(move || {
        again.track();
        live().track_request(&asked_for);
        calls::look(&asked_for)
    });
    let timer = set_interval_with_handle(
        move || {
            again.try_update(|again| *again += 1);
        },
        EVERY,
    );
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
        spawn(async move {
            // A look that is not ended runs out by itself.
            let _ = calls::leave(&left).await;
        });
    });
    let line = move || match others.get() {
        Some(Ok(looking)) if !looking.names.is_empty() => Some(named(reader.lang(), &looking.names)),
        _ => None,
    };
    view! { <div role="status">{anew(line)}</div> }.into_any()
}

fn named(lang: Lang, names: &[String]) -> AnyView {
    let who = names.join(say!(lang, list_joint));
    let words = match names.len() {
        1 => say!(lang, card.looking_one, who = who),
        _ => say!(lang, card.looking, who = who),
    };
    note("is-accent mb-3", Icon::User, words.into_any())
}
