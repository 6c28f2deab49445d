//! Name and password. One message for both fields; afterwards back to the page one opened.

use api::me::{DemoPerson, Gate, SignIn};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::address::go_to;
use crate::api::{self as calls, Trouble};
use crate::html::{AnyView, IntoAny, view};
use crate::react::{RwSignal, Signal, effect, spawn};
use crate::route::wanted;
use crate::ui::anew::anew;
use crate::ui::field::Field;
use crate::ui::head::tab_title;
use crate::ui::icon::Icon;
use crate::ui::loaded::Feed;
use crate::ui::problem::{note, trouble_said};
use crate::ui::who::face;
use crate::words::{Lang, reader, say};

/// The password of everybody in the demo.
const DEMO_PASSWORD: &str = "lakegate";

#[derive(Clone, Copy)]
struct Typed {
    login: RwSignal<String>,
    password: RwSignal<String>,
    trouble: RwSignal<Option<Trouble>>,
    busy: RwSignal<bool>,
}

/// The form.
pub fn form() -> AnyView {
    let typed = Typed {
        login: RwSignal::new(String::new()),
        password: RwSignal::new(String::new()),
        trouble: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    let reader = reader();
    let gate = Feed::new(calls::gate);
    let known = move || gate.get().and_then(Result::ok);
    let send = sending(typed);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        send();
    };
    effect(move || tab_title(say!(reader.lang(), gate.sign_in)));
    let problem = Signal::derive(move || typed.trouble.get().map(|trouble| trouble_said(reader.lang(), &trouble)));
    let fields = move || {
        let lang = reader.lang();
        let name = Field {
            id: "login",
            label: say!(lang, gate.name).to_owned(),
            hint: String::new(),
            problem: Signal::stored(None),
        };
        let password =
            Field { id: "password", label: say!(lang, gate.password).to_owned(), hint: String::new(), problem };
        view! {
            {name.line("text", "username", typed.login.into(), move |text| typed.login.set(text))}
            {password.line("password", "current-password", typed.password.into(), move |text| typed.password.set(text))}
            <button
                type="submit"
                class="btn is-primary is-lg is-wide"
                aria-busy=move || typed.busy.get().then_some("true")
            >
                <span>{say!(lang, gate.sign_in)}</span>
            </button>
        }
    };
    view! {
        <div class="gate-box">
            <div>
                <h1>{anew(move || say!(reader.lang(), gate.sign_in))}</h1>
                <p class="soft mt-2">{anew(move || say!(reader.lang(), gate.sign_in_more))}</p>
            </div>
            {anew(move || known().filter(|gate| gate.empty).map(|_| nobody_yet(reader.lang())))}
            <form class="form" novalidate on:submit=submit>{anew(fields)}</form>
            {anew(move || match known() {
                Some(gate) if gate.demo => demo(reader.lang(), &gate, typed),
                _ => view! { <p class="small muted">{say!(reader.lang(), gate.no_account)}</p> }.into_any(),
            })}
        </div>
    }
    .into_any()
}

fn sending(typed: Typed) -> impl Fn() + Clone {
    let (go, query) = (go_to(), use_query_map());
    move || {
        if typed.busy.get_untracked() {
            return;
        }
        typed.busy.set(true);
        let next = query.with_untracked(|query| query.get_str("next").unwrap_or_default().to_owned());
        let go = go.clone();
        spawn(async move {
            let who = SignIn { login: typed.login.get_untracked(), password: typed.password.get_untracked() };
            let answer = calls::sign_in(&who).await;
            typed.busy.try_set(false);
            match answer {
                Ok(_) => go(wanted(&next)),
                Err(trouble) => {
                    typed.trouble.try_set(Some(trouble));
                }
            }
        });
    }
}

fn nobody_yet(lang: Lang) -> AnyView {
    note("is-accent", Icon::Info, say!(lang, gate.nobody_yet).into_any())
}

/// The people of the demo: one click fills the form in.
fn demo(lang: Lang, gate: &Gate, typed: Typed) -> AnyView {
    let people: Vec<_> = gate.people.iter().map(|person| demo_person(lang, person.clone(), typed)).collect();
    view! {
        <div class="or">{say!(lang, gate.demo)}</div>
        <ul class="stack is-tight">{people}</ul>
        <p class="small muted">{say!(lang, gate.demo_more, password = DEMO_PASSWORD)}</p>
    }
    .into_any()
}

fn demo_person(lang: Lang, person: DemoPerson, typed: Typed) -> AnyView {
    let role = match person.role.as_str() {
        "approver" => say!(lang, gate.approver),
        "operator" => say!(lang, gate.operator),
        _ => say!(lang, gate.requester),
    };
    let login = person.login.clone();
    let fill = move |_| {
        typed.login.set(login.clone());
        typed.password.set(DEMO_PASSWORD.to_owned());
        typed.trouble.set(None);
    };
    view! {
        <li>
            <button type="button" class="btn is-wide is-person" on:click=fill>
                {face(&person.name, false)}
                <span>{person.name.clone()}</span>
                <span class="muted push">{role}</span>
            </button>
        </li>
    }
    .into_any()
}
