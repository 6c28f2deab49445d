//! Until when a table may be queried without missing anything.

use api::domain::proof::Proof;
use api::lake::LakeView;

use crate::html::{AnyView, IntoAny, view};
use crate::ui::time::{age, time_exact};
use crate::ui::unknown::unknown;
use crate::words::{Lang, around, say};

/// "safe to query as of 14:31:06, 52 s ago"; before it was proven, "not known yet".
pub fn safe_as_of(lang: Lang, view: &LakeView) -> AnyView {
    match &view.proof {
        Some(Proof { read_at, .. }) => {
            let ago = age(lang, *read_at, move |age| say!(lang, age_ago, age = age));
            let safe = around(say!(lang, lake.safe), time_exact(lang, *read_at));
            view! { <b>{safe}</b>{say!(lang, clause_joint)}{ago} }.into_any()
        }
        None => around(say!(lang, lake.safe), unknown(lang)),
    }
}
