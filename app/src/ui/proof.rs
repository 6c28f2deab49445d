//! Proof: why we say ready. Each line with both numbers and its time.

use api::domain::proof::Proof;
use api::domain::time::Millis;

use super::icon::{Icon, icon};
use super::time::{age, time_exact};
use super::unknown::unknown;
use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::words::{Lang, say, say_n};

/// What was proven of a table, with a promise that breaks at `late_at`.
pub fn proof(lang: Lang, proof: Option<&Proof>, late: bool) -> AnyView {
    let Some(proof) = proof else {
        let rows =
            [say!(lang, proof.there), say!(lang, proof.columns), say!(lang, proof.rows), say!(lang, proof.fresh)]
                .map(|what| row(Look::Unknown, what, String::new(), Some(unknown(lang)), None))
                .into_iter()
                .collect::<Vec<_>>();
        return view! { <div class="proof">{rows}</div> }.into_any();
    };
    let at = |at: Millis| Some(time_exact(lang, at));
    let kept = u64::from(proof.lake_columns.saturating_sub(proof.source_columns));
    let columns = match kept {
        0 => say_n!(lang, u64::from(proof.source_columns), proof.columns_all, proof.columns_one),
        _ => say_n!(lang, kept, proof.columns_kept, proof.columns_kept_one),
    };
    let is = Look::Proven;
    let equal = |one: u64, two: u64| Some(format!("{} = {}", count(one), count(two)).into_any());
    let fresh = if late { Look::Late } else { Look::Proven };
    view! {
        <div class="proof">
            {row(is, say!(lang, proof.there), say!(lang, proof.version, n = proof.snapshot), None, at(proof.at))}
            {row(
                is,
                say!(lang, proof.columns),
                columns,
                equal(proof.source_columns.into(), proof.source_columns.into()),
                at(proof.at),
            )}
            {row(
                is,
                say!(lang, proof.rows),
                say!(lang, proof.rows_how).to_owned(),
                equal(proof.source_rows, proof.lake_rows),
                at(proof.at),
            )}
            {row(
                fresh,
                say!(lang, proof.fresh),
                say!(lang, proof.fresh_how).to_owned(),
                Some(age(lang, proof.read_at, move |age| say!(lang, age_old, age = age))),
                at(proof.read_at),
            )}
        </div>
    }
    .into_any()
}

#[derive(Clone, Copy)]
enum Look {
    Proven,
    Late,
    Unknown,
}

fn row(look: Look, what: &'static str, how: String, figures: Option<AnyView>, at: Option<AnyView>) -> AnyView {
    let (class, image) = match look {
        Look::Proven => ("proof-row is-ready", Icon::Ready),
        Look::Late => ("proof-row is-late", Icon::Late),
        Look::Unknown => ("proof-row is-unknown", Icon::Unknown),
    };
    view! {
        <div class=class>
            {icon(image)}
            <div>
                <b>{what}</b>
                {(!how.is_empty()).then(|| view! { <p>{how}</p> })}
            </div>
            <div class="num">{figures.map(|figures| view! { <span>{figures}</span> })}{at.map(|at| view! { <span class="age">{at}</span> })}</div>
        </div>
    }
    .into_any()
}
