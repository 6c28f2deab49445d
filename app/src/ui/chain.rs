//! Chain: who decides, in order, with names and what was said.

use api::requests::ChainStep;

use super::icon::{Icon, icon};
use crate::html::{AnyView, IntoAny, view};
use crate::words::{Lang, say, speak};

/// The steps of a decision. Names of people, not roles.
pub fn chain(lang: Lang, steps: &[ChainStep]) -> AnyView {
    let steps: Vec<_> = steps.iter().enumerate().map(|(place, step)| chain_step(lang, place + 1, step)).collect();
    view! { <ol class="chain">{steps}</ol> }.into_any()
}

fn chain_step(lang: Lang, number: usize, step: &ChainStep) -> AnyView {
    let class = if step.done { "chain-step is-done" } else { "chain-step is-now" };
    let mark = if step.done { icon(Icon::Check).into_any() } else { number.into_any() };
    let who =
        if step.who.is_empty() { say!(lang, chain.operator).to_owned() } else { step.who.join(say!(lang, list_joint)) };
    let owner =
        (!step.source.is_empty()).then(|| view! { <b>{say!(lang, chain.owner_of, source = step.source)}</b>" · " });
    let comment = (!step.comment.is_empty()).then(|| say!(lang, quoted, text = step.comment));
    view! {
        <li class=class>
            <span class="chain-mark" aria-hidden="true">{mark}</span>
            <div>
                {owner}{who}
                <p>{speak(lang, &step.said)}</p>
                {comment.map(|comment| view! { <p>{comment}</p> })}
            </div>
        </li>
    }
    .into_any()
}
