//! A request in a list: title, stamp, thin bar, one sentence.

use api::requests::RequestRow;

use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::requests::model::all_ready;
use crate::route::Route;
use crate::ui::icon::{Icon, icon};
use crate::ui::stamp::stamp;
use crate::ui::state::{Look, pill_saying};
use crate::ui::tally::{bar, portions};
use crate::ui::time::time;
use crate::viewer::viewer;
use crate::words::{Lang, say, speak};

/// A row that leads to the request. `with_who` names who asked, and when.
pub fn row(lang: Lang, request: &RequestRow, with_who: bool) -> AnyView {
    let me = viewer().me_now();
    let tally = &request.tally;
    let ready = all_ready(tally).then(|| {
        let (n, of) = (count(tally.ready), count(tally.requested() - tally.ended));
        pill_saying(Look::Ready, say!(lang, state.ready_of, n = n, of = of), true)
    });
    let asked = with_who.then(|| {
        let who = say!(lang, list.asked_by, who = request.requester.name);
        view! { <div class="tiny muted">{who}" · "{time(lang, request.submitted_at)}</div> }
    });
    view! {
        <li>
            <a class="row" href=Route::Request(request.id.clone()).path()>
                <div class="stack is-tight">
                    <div class="row-title">
                        <span>{request.title.clone()}</span>
                        <span class="id">{request.number.clone()}</span>
                        {stamp(lang, request.stamp, &request.deciders, &me)}
                        {ready}
                    </div>
                    {bar(&portions(lang, tally), true)}
                    <div class="row-sub">{speak(lang, &request.now)}</div>
                    {asked}
                </div>
                <span class="row-end">{icon(Icon::Chevron)}</span>
            </a>
        </li>
    }
    .into_any()
}
