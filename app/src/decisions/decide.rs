//! The comment and the bar: reject, send back, approve. The label always says what will happen.

use std::sync::Arc;
use std::time::Duration;

use api::inbox::{Card, Verdict};
use api::problem::Code;
use api::requests::RequestView;
use leptos::prelude::*;

use super::card::Deciding;
use super::model::{Missing, Msg};
use crate::address::go_to;
use crate::api as calls;
use crate::clock;
use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::react::{Memo, Signal, spawn};
use crate::route::Route;
use crate::shell::{Key, on_key};
use crate::ui::anew::anew;
use crate::ui::button::Button;
use crate::ui::field::Field;
use crate::ui::icon::Icon;
use crate::ui::loaded::Shown;
use crate::ui::problem::{field_said, problem, trouble_said};
use crate::ui::toast::{Toast, Toasts, toasts};
use crate::words::{Lang, Reader, reader, say, say_n, shared};

/// Sends a verdict.
pub trait Decides: Fn(Verdict) + Clone + Send + Sync + 'static {}
impl<F: Fn(Verdict) + Clone + Send + Sync + 'static> Decides for F {}

/// What happens on a verdict: the comment is asked for when it is needed, else it is sent and the next card comes.
pub fn decides(card: Shown<Card>, deciding: Deciding) -> impl Decides {
    let (go, toasts, reader) = (go_to(), toasts(), reader());
    move |verdict| {
        let card = card.get_untracked();
        if card.waits.is_none() || deciding.busy.get_untracked() {
            return;
        }
        let decision = deciding.decision.get_untracked();
        let missing = decision.missing(verdict, &card.tables);
        deciding.missing.set(missing);
        if missing.is_some() {
            focus_comment();
            return;
        }
        let sent = decision.sent(verdict, &card.tables, &card.view.hash);
        deciding.busy.set(true);
        deciding.trouble.set(None);
        let go = go.clone();
        spawn(async move {
            let answer = calls::decide(&card.view.row.id, &sent).await;
            deciding.busy.try_set(false);
            match answer {
                Ok(view) => {
                    decided(toasts, reader, verdict, &view);
                    let next = card.next.as_ref().and_then(|id| id.parse().ok());
                    go(next.map_or(Route::Inbox, Route::Card).path());
                }
                Err(trouble) => {
                    deciding.trouble.try_set(Some(trouble));
                }
            }
        });
    }
}

/// Says what was decided, with the way back while there is one.
fn decided(toasts: Toasts, reader: Reader, verdict: Verdict, view: &RequestView) {
    let lang = reader.lang_now();
    let number = &view.row.number;
    let title = match verdict {
        Verdict::Approve => say!(lang, decide.approved, number = number),
        Verdict::SendBack => say!(lang, decide.sent_back, number = number),
        Verdict::Reject => say!(lang, decide.rejected, number = number),
    };
    let Some(until) = view.may.take_back_until else {
        toasts.show(Toast { icon: Icon::Stamp, ..Toast::done(title) });
        return;
    };
    let left = until.since(clock::now()).max(0);
    let id = view.row.id.clone();
    let back = Arc::new(move || {
        let id = id.clone();
        spawn(async move {
            let lang = reader.lang_now();
            toasts.show(match calls::take_back(&id).await {
                Ok(_) => Toast::done(say!(lang, request.taken_back).to_owned()),
                Err(trouble) => Toast::failed(trouble_said(lang, &trouble)),
            });
        });
    });
    toasts.show(Toast {
        icon: Icon::Stamp,
        text: say!(lang, decide.back_for, span = crate::format::span(lang, left)),
        act: Some((say!(lang, request.take_back).to_owned(), back)),
        stays: Duration::from_millis(left.unsigned_abs()),
        ..Toast::done(title)
    });
}

/// Puts the cursor where something must be said.
pub fn focus_comment() {
    use wasm_bindgen::JsCast;
    let field = document().get_element_by_id("comment");
    if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = field.focus();
    }
}

/// A approves, B sends back, R rejects.
pub fn keys(card: Shown<Card>, deciding: Deciding, decides: impl Decides) {
    on_key(move |key| {
        let verdict = match key {
            Key::Char('a') => Verdict::Approve,
            Key::Char('b') => Verdict::SendBack,
            Key::Char('r') => Verdict::Reject,
            Key::Char(_) | Key::Range | Key::Find | Key::Escape | Key::Submit => return false,
        };
        let waits = card.with_untracked(|card| card.waits.is_some()) && !deciding.busy.get_untracked();
        if waits {
            decides(verdict);
        }
        waits
    });
}

/// The comment, and what the server said.
pub fn comment(card: Shown<Card>, deciding: Deciding) -> AnyView {
    let reader = reader();
    let open = Memo::new(move |_| card.with(|card| card.waits.is_some()));
    let missing = Signal::derive(move || {
        let lang = reader.lang();
        let key = match deciding.missing.get() {
            Some(Missing::Comment) => "field.comment",
            Some(Missing::Tables) => "field.nothing_left",
            None => return deciding.trouble.get().and_then(|trouble| field_said(lang, &trouble, "comment")),
        };
        shared(lang, key).map(str::to_owned)
    });
    let drops = Memo::new(move |_| deciding.decision.with(|decision| decision.dropped.len() as u64));
    let field = move || {
        let lang = reader.lang();
        let label = match drops.get() {
            0 => say!(lang, decide.say_something).to_owned(),
            n => say_n!(lang, n, decide.say_why, decide.say_why_one),
        };
        let field = Field { id: "comment", label, hint: say!(lang, decide.needed).to_owned(), problem: missing };
        let value = Signal::derive(move || deciding.decision.with(|decision| decision.comment.clone()));
        field.area(value, move |text| deciding.tell(Msg::Comment(text)))
    };
    let trouble = move || deciding.trouble.get().map(|trouble| refused(reader.lang(), &trouble));
    let section = move || open.get().then(|| view! { <section class="form">{anew(trouble)}{anew(field)}</section> });
    anew(section)
}

/// Somebody was faster, or a rule says no.
fn refused(lang: Lang, trouble: &calls::Trouble) -> AnyView {
    let class = match trouble.code() {
        Some(Code::Faster | Code::WrongState) => "is-late",
        _ => "is-failed",
    };
    problem(class, trouble_said(lang, trouble), None)
}

/// The bar at the bottom edge; gone once it is decided.
pub fn bar(card: Shown<Card>, deciding: Deciding, decides: impl Decides) -> AnyView {
    let reader = reader();
    let buttons = move || {
        let (lang, card) = (reader.lang(), card.get());
        card.waits.as_ref()?;
        let (n, of) = deciding.decision.with(|decision| decision.let_in(&card.tables));
        Some(bar_of(lang, n as u64, of as u64, deciding, decides.clone()))
    };
    anew(buttons)
}

fn bar_of(lang: Lang, n: u64, of: u64, deciding: Deciding, decides: impl Decides) -> AnyView {
    let busy: Signal<bool> = deciding.busy.into();
    let sum = say!(lang, decide.sum, n = count(n), dropped = count(of - n), of = count(of));
    let approve = if n == of {
        say_n!(lang, n, decide.approve_all, decide.approve_one)
    } else {
        say!(lang, decide.approve_some, n = count(n), of = count(of))
    };
    let verdict = |verdict: Verdict| {
        let decides = decides.clone();
        move || decides(verdict)
    };
    let reject = Button::new(say!(lang, decide.reject)).class("btn is-danger").icon(Icon::Rejected).key("R").busy(busy);
    let back = Button::new(say!(lang, decide.send_back)).icon(Icon::SentBack).key("B").busy(busy);
    let approve = Button::new(approve).class("btn is-primary").icon(Icon::Stamp).key("A").busy(busy).disabled(n == 0);
    view! {
        <div class="actbar">
            <span class="sum hide-s">{sum}</span>
            <span class="actbar-end">
                {reject.on(verdict(Verdict::Reject))}
                {back.on(verdict(Verdict::SendBack))}
                {approve.on(verdict(Verdict::Approve))}
            </span>
        </div>
    }
    .into_any()
}
