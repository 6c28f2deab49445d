//! Timeline: the log as people read it, newest first.

use api::requests::Line;

use super::icon::{Icon, icon};
use super::time::time;
use crate::html::{AnyView, IntoAny, view};
use crate::words::{Lang, say, say_n, speak};

/// The mark of a line by the word of its kind.
fn look(kind: &str) -> (&'static str, Icon) {
    match kind {
        "submitted" | "sent_again" | "answered" | "taken_over" => ("is-accent", Icon::Request),
        "opened" => ("is-ready", Icon::Ready),
        "decided" => ("is-accent", Icon::Stamp),
        "sent_back" => ("is-late", Icon::SentBack),
        "rejected" => ("is-failed", Icon::Rejected),
        "taken_back" | "withdrawn" => ("is-ended", Icon::SentBack),
        "copying" => ("is-copying", Icon::Copying),
        "copied" => ("is-verifying", Icon::Verifying),
        "ready" | "fresh_again" => ("is-ready", Icon::Ready),
        "late" => ("is-late", Icon::Late),
        "failed" | "refresh_failed" => ("is-failed", Icon::Failed),
        "tried_again" => ("is-waiting", Icon::Retry),
        "left_out" => ("is-ended", Icon::Retired),
        "operators_told" => ("is-late", Icon::Warn),
        "rows_seen" => ("is-ended", Icon::Table),
        "placed" | "started" => ("is-waiting", Icon::Waiting),
        _ => ("is-ended", Icon::Info),
    }
}

/// Tables a line touches: those named, and how many more.
fn tables(lang: Lang, line: &Line) -> Option<String> {
    if line.tables.is_empty() {
        return None;
    }
    let named = line.tables.join(say!(lang, list_joint));
    let more = line.count.saturating_sub(line.tables.len() as u64);
    Some(match more {
        0 => named,
        n => say!(lang, and_more, names = named, more = say_n!(lang, n, n_more, n_more_one)),
    })
}

/// Some lines of the log.
pub fn timeline(lang: Lang, lines: &[Line]) -> AnyView {
    let lines: Vec<_> = lines.iter().map(|line| event(lang, line)).collect();
    view! { <ol class="timeline">{lines}</ol> }.into_any()
}

fn event(lang: Lang, line: &Line) -> AnyView {
    let (class, image) = look(&line.kind);
    let class = format!("event {class}");
    let comment = (!line.comment.is_empty()).then(|| say!(lang, quoted, text = line.comment));
    view! {
        <li class=class>
            <span class="event-mark">{icon(image)}</span>
            <div>
                <p>{speak(lang, &line.said)}</p>
                {tables(lang, line).map(|tables| view! { <div class="event-more">{tables}</div> })}
                {comment.map(|comment| view! { <div class="event-more">{comment}</div> })}
            </div>
            {time(lang, line.at)}
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::domain::said::Said;
    use api::domain::time::Millis;

    #[test]
    fn a_line_names_its_tables_and_counts_the_rest() {
        let line = |names: &[&str], count| Line {
            seq: 1,
            at: Millis(0),
            who: String::new(),
            kind: "ready".into(),
            said: Said::new("x"),
            comment: String::new(),
            tables: names.iter().map(|name| (*name).to_owned()).collect(),
            count,
        };
        assert_eq!(tables(Lang::En, &line(&[], 0)), None);
        assert_eq!(tables(Lang::En, &line(&["a", "b"], 2)).as_deref(), Some("a, b"));
        assert_eq!(tables(Lang::En, &line(&["a"], 32)).as_deref(), Some("a and 31 more"));
        assert_eq!(tables(Lang::Zh, &line(&["a", "b"], 3)).as_deref(), Some("a、b等，另有1张"));
    }
}
