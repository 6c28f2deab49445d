//! Makes the first operator by the one-time link of the log. The token stands behind `#`, so no server logs it.

use api::me::Setup;
use leptos::prelude::*;

use super::model::{is_fine, wrong};
use crate::address::go_to;
use crate::api::{self as calls, Trouble};
use crate::html::{AnyView, IntoAny, view};
use crate::react::{RwSignal, Signal, effect, spawn};
use crate::route::Route;
use crate::ui::anew::anew;
use crate::ui::field::Field;
use crate::ui::head::tab_title;
use crate::ui::problem::{field_said, problem, trouble_said};
use crate::words::{Lang, reader, say, shared};

#[derive(Clone, Copy)]
struct Typed {
    setup: RwSignal<Setup>,
    tried: RwSignal<bool>,
    trouble: RwSignal<Option<Trouble>>,
    busy: RwSignal<bool>,
}

impl Typed {
    fn problem(self, lang: Lang, field: &'static str) -> Option<String> {
        let code = self.tried.get().then(|| self.setup.with(|setup| wrong(setup, field))).flatten();
        match code {
            Some(code) => Some(shared(lang, &format!("field.{code}")).unwrap_or(code).to_owned()),
            None => self.trouble.get().and_then(|trouble| field_said(lang, &trouble, field)),
        }
    }
}

/// The form.
pub fn setup() -> AnyView {
    let token = window().location().hash().unwrap_or_default().trim_start_matches('#').to_owned();
    let empty = Setup { token, login: String::new(), name: String::new(), password: String::new() };
    let typed = Typed {
        setup: RwSignal::new(empty),
        tried: RwSignal::new(false),
        trouble: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    let reader = reader();
    let send = sending(typed);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        send();
    };
    effect(move || tab_title(say!(reader.lang(), gate.set_up)));
    view! {
        <div class="gate-box">
            <div>
                <h1>{anew(move || say!(reader.lang(), gate.set_up))}</h1>
                <p class="soft mt-2">{anew(move || say!(reader.lang(), gate.set_up_more))}</p>
            </div>
            {anew(move || typed.trouble.get().map(|trouble| problem("is-failed", trouble_said(reader.lang(), &trouble), None)))}
            <form class="form" novalidate on:submit=submit>{anew(move || fields(reader.lang(), typed))}</form>
        </div>
    }
    .into_any()
}

fn fields(lang: Lang, typed: Typed) -> AnyView {
    let reader = reader();
    let field = |id: &'static str, label: &str, hint: &str| Field {
        id,
        label: label.to_owned(),
        hint: hint.to_owned(),
        problem: Signal::derive(move || typed.problem(reader.lang(), id)),
    };
    let value = |of: fn(&Setup) -> &String| Signal::derive(move || typed.setup.with(|setup| of(setup).clone()));
    let told = |of: fn(&mut Setup) -> &mut String| move |text: String| typed.setup.update(|setup| *of(setup) = text);
    view! {
        {field("login", say!(lang, gate.name), say!(lang, gate.login_hint))
            .line("text", "username", value(|setup| &setup.login), told(|setup| &mut setup.login))}
        {field("name", say!(lang, gate.shown), say!(lang, gate.shown_hint))
            .line("text", "name", value(|setup| &setup.name), told(|setup| &mut setup.name))}
        {field("password", say!(lang, gate.password), say!(lang, gate.password_hint))
            .line("password", "new-password", value(|setup| &setup.password), told(|setup| &mut setup.password))}
        <button type="submit" class="btn is-primary is-lg is-wide" aria-busy=move || typed.busy.get().then_some("true")>
            <span>{say!(lang, gate.set_up_verb)}</span>
        </button>
    }
    .into_any()
}

fn sending(typed: Typed) -> impl Fn() + Clone {
    let go = go_to();
    move || {
        typed.tried.set(true);
        let setup = typed.setup.get_untracked();
        if typed.busy.get_untracked() || !is_fine(&setup) {
            return;
        }
        typed.busy.set(true);
        let go = go.clone();
        spawn(async move {
            let answer = calls::set_up(&setup).await;
            typed.busy.try_set(false);
            match answer {
                Ok(_) => go(Route::Home.path()),
                Err(trouble) => {
                    typed.trouble.try_set(Some(trouble));
                }
            }
        });
    }
}
