//! The bar at the bottom edge: the sum, the way back, the way on.

use super::model::route_of;
use super::tier_said;
use super::writing::Writing;
use crate::address::go_to;
use crate::api as calls;
use crate::html::{AnyView, IntoAny, view};
use crate::route::Step;
use crate::ui::button::{Button, link_button};
use crate::ui::icon::Icon;
use crate::ui::loaded::Feed;
use crate::words::{Lang, say, say_n};
use api::tables::Choices;

/// The bar: a sum, and what can be done.
pub fn bar(sum: AnyView, back: Option<AnyView>, on: AnyView) -> AnyView {
    view! {
        <div class="actbar">
            <span class="sum hide-s">{sum}</span>
            <span class="actbar-end">{back}{on}</span>
        </div>
    }
    .into_any()
}

/// The way back to a step.
pub fn back(lang: Lang, writing: Writing, to: Step) -> AnyView {
    link_button("btn", Some(Icon::Left), say!(lang, new.back).to_owned(), to.path(&writing.id()))
}

/// The way on to a step, once all is saved.
pub fn next(writing: Writing, label: String, to: Step) -> AnyView {
    let go = go_to();
    Button::new(label).class("btn is-primary").icon(Icon::Arrow).disabled(writing.n() == 0).on(move || {
        let go = go.clone();
        writing.when_saved(move |_| go(to.path(&writing.id())));
    })
}

/// How many tables, how fresh, where to.
pub fn sum(lang: Lang, writing: Writing, choices: Feed<Choices>) -> AnyView {
    let n = writing.n();
    let (choices, contents) = (choices.get().and_then(Result::ok), writing.contents.get());
    let route =
        choices.as_ref().and_then(|choices| route_of(&contents, &choices.routes)).map(|route| route.name.clone());
    let more = [contents.tier.map(|tier| tier_said(lang, tier).to_owned()), route];
    let more: Vec<_> = more.into_iter().flatten().map(|text| view! { " · "{text} }).collect();
    view! { <b>{say_n!(lang, n, n_tables, n_tables_one)}</b>{more} }.into_any()
}

/// Moves what cannot go now into a draft of its own, and goes on without it.
pub fn split(writing: Writing, label: String) -> AnyView {
    let go = go_to();
    Button::new(label).class("btn is-primary").icon(Icon::Arrow).busy(writing.busy.into()).on(move || {
        let go = go.clone();
        writing.when_saved(move |version| {
            let id = writing.id();
            if writing.busy.get_untracked() {
                return;
            }
            writing.busy.set(true);
            crate::react::spawn(async move {
                let answer = calls::split_draft(&id, version).await;
                writing.busy.try_set(false);
                match answer {
                    Ok(view) => {
                        writing.took(view);
                        go(Step::Review.path(&id));
                    }
                    Err(trouble) => {
                        writing.trouble.try_set(Some(trouble));
                    }
                }
            });
        });
    })
}
