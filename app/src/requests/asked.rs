//! What was asked: frozen at submit, with its hash. What was approved is what runs.

use api::requests::RequestView;

use super::changed::changed;
use super::new::tier_said;
use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::ui::anew::anew;
use crate::ui::loaded::Shown;
use crate::ui::time::time;
use crate::ui::who::who;
use crate::words::{Lang, reader, say};

/// The tab.
pub fn asked_tab(view: Shown<RequestView>) -> AnyView {
    let reader = reader();
    let shown = move || facts(reader.lang(), &view.get());
    anew(shown)
}

fn facts(lang: Lang, view: &RequestView) -> AnyView {
    let row = &view.row;
    let until = (!view.keep_until.is_empty()).then(|| {
        view! { ", "{say!(lang, request.keep_until, day = view.keep_until)} }
    });
    let heir = (!view.heir.is_empty()).then(|| view! { <dt>{say!(lang, new.heir)}</dt><dd>{view.heir.clone()}</dd> });
    view! {
        {changed(lang, view.changed.as_ref())}
        <div class="card stack">
            <dl class="facts">
                <dt>{say!(lang, new.title)}</dt>
                <dd>{row.title.clone()}</dd>
                <dt>{say!(lang, asked.why)}</dt>
                <dd>{view.reason.clone()}</dd>
                <dt>{say!(lang, asked.by)}</dt>
                <dd>{who(&row.requester.name)}" "{row.requester.team.clone()}</dd>
                <dt>{say!(lang, asked.at)}</dt>
                <dd>{time(lang, row.submitted_at)}</dd>
                <dt>{say!(lang, col.tables)}</dt>
                <dd>{count(row.tally.requested())}</dd>
                <dt>{say!(lang, col.source)}</dt>
                <dd>{view.sources.join(", ")}</dd>
                <dt>{say!(lang, new.route)}</dt>
                <dd>{format!("{} / {}", view.route, view.databases.join(", "))}</dd>
                <dt>{say!(lang, col.promise)}</dt>
                <dd>{tier_said(lang, view.tier)}{until}</dd>
                {heir}
                <dt>{say!(lang, asked.hash)}</dt>
                <dd><code>{view.hash.clone()}</code></dd>
            </dl>
            <p class="small muted">{say!(lang, asked.frozen)}</p>
        </div>
    }
    .into_any()
}
