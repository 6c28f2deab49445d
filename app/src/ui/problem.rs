//! Problem: what happened, who must act, the act. Also what a call answers instead of what was wanted.

use api::problem::Code;

use super::button::link_button;
use super::empty::empty;
use super::icon::{Icon, icon};
use crate::api::Trouble;
use crate::html::{AnyView, IntoAny, view};
use crate::route::Route;
use crate::words::{Lang, say, shared, speak};

/// What went wrong, as a sentence in the reader's language.
pub fn trouble_said(lang: Lang, trouble: &Trouble) -> String {
    match trouble {
        Trouble::Problem(problem) => speak(lang, &problem.said),
        Trouble::Away => say!(lang, trouble.away).to_owned(),
        Trouble::Odd => say!(lang, trouble.odd).to_owned(),
    }
}

/// The number under which our log has it, for problems that are ours.
fn trace(trouble: &Trouble) -> Option<String> {
    match trouble {
        Trouble::Problem(problem) if problem.code == Code::Ours => Some(problem.trace.clone()),
        _ => None,
    }
}

/// What went wrong, in two or three words.
pub fn trouble_title(lang: Lang, trouble: &Trouble) -> &'static str {
    match trouble.code() {
        Some(Code::NotFound) => say!(lang, trouble.not_found),
        Some(Code::NotAllowed) => say!(lang, trouble.not_allowed),
        _ => say!(lang, trouble.broken),
    }
}

/// A call that failed, where its answer would have stood.
pub fn trouble_box(lang: Lang, trouble: &Trouble) -> AnyView {
    match trouble.code() {
        Some(Code::NotFound) => nothing(lang, Icon::Search, trouble),
        Some(Code::NotAllowed) => nothing(lang, Icon::Lock, trouble),
        _ => problem("is-failed", trouble_said(lang, trouble), trace(trouble)),
    }
}

fn nothing(lang: Lang, image: Icon, trouble: &Trouble) -> AnyView {
    let home = link_button("btn", Some(Icon::Home), say!(lang, nav.home).to_owned(), Route::Home.path());
    empty(image, trouble_title(lang, trouble), &trouble_said(lang, trouble), Some(home))
}

/// A part that could not be read anew; what stands below is older.
pub fn stale_box(lang: Lang, trouble: &Trouble, shown_at: String) -> AnyView {
    let what = say!(lang, trouble.stale, at = shown_at);
    problem("is-late", what, Some(trouble_said(lang, trouble)))
}

/// A problem box: what happened, and what to know about it. Said aloud once.
pub fn problem(class: &str, what: String, more: Option<String>) -> AnyView {
    let class = format!("problem {class}");
    view! {
        <section class=class role="alert">
            {icon(Icon::Failed)}
            <div>
                <p class="problem-what">{what}</p>
                {more.map(|more| view! { <p>{more}</p> })}
            </div>
        </section>
    }
    .into_any()
}

/// A note: good to know, nobody must act.
pub fn note(class: &str, image: Icon, text: AnyView) -> AnyView {
    let class = format!("note {class}");
    view! { <div class=class>{icon(image)}<span>{text}</span></div> }.into_any()
}

/// The sentence of one field's problem.
pub fn field_said(lang: Lang, trouble: &Trouble, field: &str) -> Option<String> {
    let Trouble::Problem(problem) = trouble else { return None };
    let wrong = problem.errors.iter().find(|error| error.field == field)?;
    Some(match &wrong.said {
        Some(said) => speak(lang, said),
        None => shared(lang, &format!("field.{}", wrong.code)).unwrap_or(&wrong.code).to_owned(),
    })
}
