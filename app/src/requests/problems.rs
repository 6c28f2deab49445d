//! Problem boxes of a request: one per cause, at most three, then how many more.

use api::domain::cause::Who;
use api::requests::{ProblemBox, RequestView, TendVerb};

use super::tending::{Tending, leave_out};
use crate::clock;
use crate::format::when_said;
use crate::html::{AnyView, IntoAny, view};
use crate::ui::button::Button;
use crate::ui::icon::{Icon, icon};
use crate::ui::time::time;
use crate::ui::who::who;
use crate::words::{Lang, around, say, say_n, shared, speak};

/// How many boxes stand open.
const OPEN: usize = 3;

/// The boxes; nothing when nobody must act.
pub fn problems(lang: Lang, view: &RequestView) -> Option<AnyView> {
    if view.problems.is_empty() {
        return None;
    }
    let more = view.problems.len().saturating_sub(OPEN) as u64;
    let one = |each: &ProblemBox| problem_box(lang, each, view.may.tend);
    let boxes: Vec<_> = view.problems.iter().take(OPEN).map(one).collect();
    let more = (more > 0).then(|| {
        let rest: Vec<_> = view.problems.iter().skip(OPEN).map(one).collect();
        view! {
            <details class="mt-3">
                <summary class="link-btn">{say_n!(lang, more, problems.more, problems.more_one)}</summary>
                <div class="mt-3">{rest}</div>
            </details>
        }
    });
    Some(view! { <section class="section" aria-label=say!(lang, problems.label)>{boxes}{more}</section> }.into_any())
}

fn problem_box(lang: Lang, problem: &ProblemBox, may_tend: bool) -> AnyView {
    let named = problem.tables.join(say!(lang, list_joint));
    let tables = match problem.count.saturating_sub(problem.tables.len() as u64) {
        0 => named,
        more => say!(lang, and_more, names = named, more = say_n!(lang, more, n_more, n_more_one)),
    };
    let again = problem.again_at.map(|at| say!(lang, problems.again, at = when_said(lang, at, clock::now())));
    let next =
        [speak(lang, &problem.next)].into_iter().chain(again).collect::<Vec<_>>().join(say!(lang, sentence_joint));
    view! {
        <section class="problem is-failed" role="alert">
            {icon(Icon::Failed)}
            <div>
                <p class="problem-what">{speak(lang, &problem.said)}</p>
                <p>{tables}</p>
                <p>{next}</p>
                <div class="problem-act">
                    <span class="problem-who">
                        <span>{say!(lang, problems.to_act)}</span>
                        {actor(lang, problem)}
                        <span class="muted">{around(say!(lang, since), time(lang, problem.since))}</span>
                    </span>
                    {may_tend.then(|| tend_buttons(lang, problem))}
                </div>
            </div>
        </section>
    }
    .into_any()
}

/// Names of people, not roles, where we know them.
fn actor(lang: Lang, problem: &ProblemBox) -> AnyView {
    if !problem.person.is_empty() {
        return who(&problem.person);
    }
    let key = match problem.who {
        Who::Lakegate => "who.lakegate",
        Who::Requester => "who.requester",
        Who::SourceOwner => "who.source_owner",
        Who::Operator => "who.operator",
    };
    view! { <b>{shared(lang, key).unwrap_or(key)}</b> }.into_any()
}

fn tend_buttons(lang: Lang, problem: &ProblemBox) -> AnyView {
    let tending = Tending::new();
    let n = problem.items.len() as u64;
    let again = Button::new(say_n!(lang, n, problems.try_again, problems.try_again_one));
    let again = again.class("btn is-sm").icon(Icon::Retry).busy(tending.busy.into());
    let items = problem.items.clone();
    view! {
        {again.on(move || tending.tend(TendVerb::TryAgain, items.clone()))}
        {leave_out(lang, tending, say_n!(lang, n, problems.leave_out, problems.leave_out_one), problem.items.clone(), || {})}
    }
    .into_any()
}
