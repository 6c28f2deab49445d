//! The starts of a job, each with what was told otherwise than at the one before.

use api::domain::args::changes::Changed;
use api::jobs::RunRow;

use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::ui::head::section_head;
use crate::ui::time::time;
use crate::words::{Lang, around, say, say_n};

/// The section; nothing on an engine that knows no starts.
pub fn starts(lang: Lang, runs: &[RunRow]) -> Option<AnyView> {
    if runs.is_empty() {
        return None;
    }
    let runs: Vec<_> = runs.iter().enumerate().map(|(place, run)| start(lang, run, place == 0)).collect();
    let section = view! {
        <section>
            {section_head(say!(lang, jobs.starts_title).to_owned(), None, None)}
            <div class="stack">{runs}</div>
        </section>
    };
    Some(section.into_any())
}

/// One start; only the newest stands open, for all that is told at the first is long.
fn start(lang: Lang, run: &RunRow, newest: bool) -> AnyView {
    let ended = run.ended_at.map(|at| view! { " · "{around(say!(lang, jobs.ended_at), time(lang, at))} });
    let from = match &run.restored {
        Some(from) => say!(lang, jobs.went_on_from, place = from),
        None => say!(lang, jobs.from_nothing).to_owned(),
    };
    let changes: Vec<_> = run.changes.iter().map(change).collect();
    let n = say_n!(lang, run.changes.len() as u64, jobs.changes, jobs.changes_one);
    let why = run.why.as_ref().map(|why| view! { <p class="warn">{why.clone()}</p> });
    view! {
        <div class="card is-flush">
            <div class="card-head">
                <h3>{say!(lang, jobs.start_n, n = run.number)}</h3>
                <span class="aside">{time(lang, run.at)}{ended}" · "{say!(lang, sources.n_tables, n = count(run.tables))}</span>
            </div>
            <details class="start" open=newest>
                <summary>{n}" · "{from}</summary>
                {why}
                <ul class="diff">{changes}</ul>
            </details>
        </div>
    }
    .into_any()
}

fn change(changed: &Changed) -> AnyView {
    let (class, sign) = match (&changed.was, &changed.is) {
        (None, _) => ("is-add", "+"),
        (Some(_), None) => ("is-del", "−"),
        (Some(_), Some(_)) => ("is-mod", "~"),
    };
    let was = changed.was.as_ref().map(|was| view! { <del>{was.clone()}</del>" " });
    let is = changed.is.clone();
    view! {
        <li class=class>
            <span class="sign" aria-hidden="true">{sign}</span>
            <span class="mono">{changed.name.clone()}</span>
            <span class="mono">{was}{is.map(|is| view! { <ins>{is}</ins> })}</span>
        </li>
    }
    .into_any()
}
