//! Sets one's password by the link an operator made. The token stands behind `#`, so no server logs it.

use api::people::NewPassword;
use leptos::prelude::*;

use crate::address::go_to;
use crate::api as calls;
use crate::html::{AnyView, IntoAny, view};
use crate::react::effect;
use crate::route::Route;
use crate::ui::anew::anew;
use crate::ui::form::Form;
use crate::ui::head::tab_title;
use crate::words::{reader, say};

/// The form.
pub fn password() -> AnyView {
    let token = window().location().hash().unwrap_or_default().trim_start_matches('#').to_owned();
    let (reader, form) = (reader(), Form::new(Vec::new()));
    effect(move || tab_title(say!(reader.lang(), gate.new_password)));
    let fields = move || {
        let (lang, go, token) = (reader.lang(), go_to(), token.clone());
        let fields = view! {
            {form.secret("password", say!(lang, gate.password), say!(lang, gate.password_hint))}
            {form.submit("btn is-primary is-lg is-wide", say!(lang, gate.new_password_verb))}
        };
        let send = move || {
            let (go, wanted) = (go.clone(), NewPassword { token: token.clone(), password: form.now("password") });
            form.send(move || calls::set_password(&wanted), move |_| go(Route::Home.path()));
        };
        form.around("form", say!(lang, gate.new_password).to_owned(), fields.into_any(), send)
    };
    view! {
        <div class="gate-box">
            <div>
                <h1>{anew(move || say!(reader.lang(), gate.new_password))}</h1>
                <p class="soft mt-2">{anew(move || say!(reader.lang(), gate.new_password_more))}</p>
            </div>
            {anew(fields)}
        </div>
    }
    .into_any()
}
