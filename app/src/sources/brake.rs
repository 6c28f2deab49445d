//! The operators' brake: which hold, each with the way to lift it, and the form that pulls one.

use api::brake::{BrakeView, Pull};
use api::domain::change::Topic;
use api::domain::time::HOUR;

use crate::api as calls;
use crate::clock;
use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::live::live;
use crate::react::RwSignal;
use crate::requests::acts::act;
use crate::ui::anew::anew;
use crate::ui::button::Button;
use crate::ui::form::{Form, with_none};
use crate::ui::icon::Icon;
use crate::ui::loaded::Feed;
use crate::ui::problem::note;
use crate::ui::toast::{Toast, toasts};
use crate::words::{Lang, reader, say, speak};

/// How long a brake may be pulled for, in hours; 0 is until somebody lifts it.
const HOURS: [i64; 5] = [0, 1, 4, 12, 24];

/// The brakes that hold, for those whom they concern; nothing when none does.
pub fn held() -> AnyView {
    let reader = reader();
    let brakes = Feed::new(|| {
        live().track(Topic::Source);
        calls::brakes()
    });
    let notes = move || {
        let brakes = brakes.get().and_then(Result::ok)?;
        let notes: Vec<_> = brakes.iter().map(|brake| held_one(reader.lang(), brake)).collect();
        (!notes.is_empty()).then(|| view! { <div class="stack mt-4">{notes}</div> })
    };
    anew(notes)
}

fn held_one(lang: Lang, brake: &BrakeView) -> AnyView {
    let said = speak(lang, &brake.said);
    let said = if brake.source.is_some() { say!(lang, brake.of_name, name = brake.name, said = said) } else { said };
    let lift = brake.may_lift.then(|| {
        let (busy, source) = (RwSignal::new(false), brake.source.clone());
        Button::new(say!(lang, brake.lift)).class("btn is-sm").busy(busy.into()).on(move || {
            let source = source.clone();
            let done = say!(lang, brake.lifted).to_owned();
            act(busy, done, calls::lift_brake(source.as_ref()));
        })
    });
    note("is-late", Icon::Paused, view! { <span class="between"><span>{said}</span>{lift}</span> }.into_any())
}

/// The form that pulls a brake of one of these sources (id and name), or of all; `open` goes false when it is done.
pub fn form(lang: Lang, sources: Vec<(String, String)>, open: RwSignal<bool>) -> AnyView {
    let form = Form::new(vec![("hours", "0".to_owned())]);
    let scopes = with_none(lang, |lang| say!(lang, brake.all), sources);
    let ends = HOURS.map(|hours| (hours.to_string(), end_said(lang, hours))).to_vec();
    let fields = view! {
        <div class="form-row">
            {form.select("source", say!(lang, brake.of), "", scopes)}
            {form.select("hours", say!(lang, brake.until), "", ends)}
        </div>
        {form.line("reason", say!(lang, brake.reason), say!(lang, brake.reason_hint))}
        <div class="inline">
            {form.submit("btn is-danger", say!(lang, brake.stop))}
            {Button::new(say!(lang, close)).on(move || open.set(false))}
        </div>
    };
    let toasts = toasts();
    let send = move || {
        let hours: i64 = form.now("hours").parse().unwrap_or(0);
        let wanted = Pull {
            source: form.now("source").parse().ok(),
            reason: form.now("reason"),
            until: (hours > 0).then(|| clock::now().plus(hours * HOUR)),
        };
        form.send(
            || calls::pull_brake(&wanted),
            move |_| {
                toasts.show(Toast::done(say!(lang, brake.stopped).to_owned()));
                open.try_set(false);
            },
        );
    };
    form.around("card form mt-4", say!(lang, brake.stop).to_owned(), fields.into_any(), send)
}

fn end_said(lang: Lang, hours: i64) -> String {
    match hours {
        0 => say!(lang, brake.until_lifted).to_owned(),
        hours => say!(lang, brake.until_h, n = count(hours.unsigned_abs())),
    }
}
