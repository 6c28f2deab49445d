//! What the reader may do with a request: decide, withdraw, take back. It is sent again where it is answered.

use api::domain::ids::RequestId;
use api::requests::RequestView;

use crate::address::go_to;
use crate::api::{self as calls, Asked, Asking};
use crate::clock::clock;
use crate::html::{AnyView, IntoAny, view};
use crate::react::{Memo, RwSignal, spawn};
use crate::route::Route;
use crate::ui::anew::anew;
use crate::ui::button::{Button, link_button};
use crate::ui::dialog::{Question, dialogs};
use crate::ui::icon::Icon;
use crate::ui::problem::trouble_said;
use crate::ui::toast::{Toast, toasts};
use crate::words::{Lang, reader, say};

/// Does something and says how it went. The page follows by its bell.
pub fn act<T>(busy: RwSignal<bool>, done: String, call: Asking<T>) {
    acted(busy, done, call.asked);
}

fn acted(busy: RwSignal<bool>, done: String, asked: Asked) {
    let (toasts, reader) = (toasts(), reader());
    busy.try_set(true);
    spawn(async move {
        let answer = asked.await;
        busy.try_set(false);
        toasts.show(match answer {
            Ok(_) => Toast::done(done),
            Err(trouble) => Toast::failed(trouble_said(reader.lang_now(), &trouble)),
        });
    });
}

/// The buttons; nothing when nothing can be done.
pub fn acts(lang: Lang, view: &RequestView) -> Option<AnyView> {
    let (id, may) = (view.row.id.clone(), view.may);
    let decide = may.decide.then(|| {
        let to = Route::Card(id.clone()).path();
        link_button("btn is-primary", Some(Icon::Stamp), say!(lang, request.decide).to_owned(), to)
    });
    let change = may.resubmit.then(|| change(lang, id.clone()));
    let back = take_back(lang, view);
    let withdraw = may.withdraw.then(|| withdraw(lang, id));
    if decide.is_none() && change.is_none() && back.is_none() && withdraw.is_none() {
        return None;
    }
    Some(view! { {decide}{change}{back}{withdraw} }.into_any())
}

/// Changes what was sent back, before it is sent again.
fn change(lang: Lang, id: RequestId) -> AnyView {
    let (busy, of, go, toasts) = (RwSignal::new(false), id.clone(), go_to(), toasts());
    let change = Button::new(say!(lang, request.change)).icon(Icon::Draft).busy(busy.into());
    change.on(move || {
        let (of, go) = (of.clone(), go.clone());
        busy.set(true);
        spawn(async move {
            let answer = calls::edit(&of).await;
            busy.try_set(false);
            match answer {
                Ok(draft) => go(Route::Draft(draft.id).path()),
                Err(trouble) => toasts.show(Toast::failed(trouble_said(lang, &trouble))),
            }
        });
    })
}

/// Takes one's own approval back, while it can be; the button goes when the time is over.
pub fn take_back(lang: Lang, view: &RequestView) -> Option<AnyView> {
    let until = view.may.take_back_until?;
    let (id, ticking, busy) = (view.row.id.clone(), clock(), RwSignal::new(false));
    let over = Memo::new(move |_| ticking.now() >= until);
    let button = move || {
        let id = id.clone();
        (!over.get()).then(|| {
            Button::new(say!(lang, request.take_back)).icon(Icon::SentBack).busy(busy.into()).on(move || {
                let id = id.clone();
                act(busy, say!(lang, request.taken_back).to_owned(), calls::take_back(&id));
            })
        })
    };
    Some(anew(button))
}

fn withdraw(lang: Lang, id: RequestId) -> AnyView {
    let (dialogs, busy) = (dialogs(), RwSignal::new(false));
    let question = Question {
        title: say!(lang, request.withdraw_title).to_owned(),
        text: say!(lang, request.withdraw_text).to_owned(),
        verb: say!(lang, request.withdraw).to_owned(),
        keep: say!(lang, request.keep).to_owned(),
    };
    Button::new(say!(lang, request.withdraw)).busy(busy.into()).on(move || {
        let id = id.clone();
        dialogs.ask(question.clone(), move || {
            let id = id.clone();
            let done = say!(lang, request.withdrawn).to_owned();
            act(busy, done, calls::withdraw(&id));
        });
    })
}
