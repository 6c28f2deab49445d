//! The requester's answer to a request that was sent back: what is to be said, and sending it again.

use api::domain::ids::RequestId;

use super::acts::act;
use crate::api as calls;
use crate::html::{AnyView, IntoAny, view};
use crate::react::{RwSignal, Signal};
use crate::ui::button::Button;
use crate::ui::field::Field;
use crate::ui::icon::Icon;
use crate::words::{Lang, say};

/// The field and the button.
pub fn resubmit(lang: Lang, id: RequestId) -> AnyView {
    let (answer, busy) = (RwSignal::new(String::new()), RwSignal::new(false));
    let field = Field {
        id: "answer",
        label: say!(lang, request.answer).to_owned(),
        hint: say!(lang, request.answer_hint).to_owned(),
        problem: Signal::derive(|| None),
    };
    let button = Button::new(say!(lang, request.resubmit)).class("btn is-primary").icon(Icon::Arrow).busy(busy.into());
    let button = button.on(move || {
        let (id, said) = (id.clone(), answer.get_untracked());
        act(busy, say!(lang, request.resubmitted).to_owned(), calls::resubmit(&id, said));
    });
    view! {
        <section class="form mb-5">
            {field.area(answer.into(), move |text| answer.set(text))}
            <div class="inline">{button}</div>
        </section>
    }
    .into_any()
}
