//! Meter: progress of one item. A percentage stands with its absolute.

use api::requests::Progress;

use crate::format::about;
use crate::html::{AnyView, IntoAny, view};
use crate::words::{Lang, say};

/// The bar of a copy with its rows; while the sum is not known, only the rows.
pub fn meter(lang: Lang, progress: &Progress, table: &str) -> AnyView {
    let name = say!(lang, meter.name, table = table);
    let rows = about(lang, progress.rows);
    match (progress.percent(), progress.of) {
        (Some(percent), Some(of)) => view! {
            <div class="meter is-copying">
                <progress max="100" value=percent.to_string() aria-label=name></progress>
                <span>{say!(lang, meter.rows, n = rows, of = about(lang, of))}</span>
            </div>
        }
        .into_any(),
        _ => view! { <span class="soft">{say!(lang, meter.rows_only, n = rows)}</span> }.into_any(),
    }
}
