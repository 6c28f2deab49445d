//! The form of a source: which server or files, who answers for it, how gently. What is not of its kind is not there.

use api::me::PersonView;
use api::sources::SourceView;

use super::model::{no_numbers, sent};
use crate::address::go_to;
use crate::api as calls;
use crate::html::{AnyView, IntoAny, view};
use crate::react::{Memo, RwSignal};
use crate::route::Route;
use crate::ui::anew::anew;
use crate::ui::button::link_button;
use crate::ui::form::Form;
use crate::ui::looks::n_of;
use crate::ui::toast::{Toast, toasts};
use crate::words::{Lang, say, say_n};
use api::looks::{Outcome, Tested};

fn pair(value: &str, name: &str) -> (String, String) {
    (value.to_owned(), name.to_owned())
}

/// The fields, and the bar that saves them. `tested` is what the test beside it found.
pub fn fields(
    lang: Lang,
    form: Form,
    people: &[PersonView],
    source: Option<SourceView>,
    tested: RwSignal<Option<Tested>>,
) -> AnyView {
    let new = source.is_none();
    let passwords = source.as_ref().map_or((false, false), |source| source.passwords);
    let kinds = vec![pair("mysql", say!(lang, sources.kind_mysql)), pair("sqlite", say!(lang, sources.kind_sqlite))];
    let named = new.then(|| {
        view! {
            <div class="form-row">
                {form.line("name", say!(lang, sources.name), say!(lang, sources.name_hint))}
                {form.select("kind", say!(lang, sources.kind), "", kinds)}
            </div>
        }
    });
    let is_mysql = Memo::new(move |_| form.get("kind") == "mysql");
    let place = move || {
        if is_mysql.get() {
            server(lang, form, passwords)
        } else {
            form.line("path", say!(lang, sources.path), say!(lang, sources.path_hint))
        }
    };
    let owners = people.iter().map(|person| (person.id.to_string(), person.name.clone())).collect();
    let gently = move || is_mysql.get().then(|| limits(lang, form));
    let fields = view! {
        <section class="form"><h2>{say!(lang, sources.which)}</h2>{named}{anew(place)}</section>
        <section class="form">
            <h2>{say!(lang, sources.who)}</h2>
            {form.ticks("owners", say!(lang, sources.owners), say!(lang, sources.owners_hint), owners)}
            {form.line("administrator", say!(lang, sources.administrator), say!(lang, sources.administrator_hint))}
        </section>
        <section class="form">
            <h2>{say!(lang, sources.gently)}</h2>
            {anew(gently)}
            {form.line("read_every", say!(lang, sources.read_every), "")}
            {form.ticks("closed", say!(lang, sources.seen_by), "", vec![pair("yes", say!(lang, sources.closed_more))])}
        </section>
    };
    let (toasts, go) = (toasts(), go_to());
    let done = if new { say!(lang, sources.added) } else { say!(lang, sources.saved) };
    let bar =
        anew(move || bar(lang, form, tested.with(|tested| tested.as_ref().map_or(0, |it| n_of(it, Outcome::Fix)))));
    let send = move || {
        if no_numbers(|field| form.now(field)) {
            return toasts.show(Toast::failed(say!(lang, routes.not_number).to_owned()));
        }
        let (go, id) = (go.clone(), source.as_ref().map(|source| source.row.id.clone()));
        let wanted = sent(|field| form.now(field), source.as_ref());
        form.send(
            move || calls::save_source(id.as_ref(), &wanted),
            move |_| {
                toasts.show(Toast::done(done.to_owned()));
                go(Route::Sources.path());
            },
        );
    };
    form.around("stack is-loose", say!(lang, col.source).to_owned(), view! { {fields}{bar} }.into_any(), send)
}

fn bar(lang: Lang, form: Form, to_fix: u64) -> AnyView {
    let sum = (to_fix > 0).then(
        || view! { <span class="sum">{say_n!(lang, to_fix, sources.save_anyway, sources.save_anyway_one)}</span> },
    );
    view! {
        {sum}
        <div class="inline">
            {form.submit("btn is-primary", say!(lang, sources.save))}
            {link_button("btn", None, say!(lang, cancel_edit).to_owned(), Route::Sources.path())}
        </div>
    }
    .into_any()
}

fn server(lang: Lang, form: Form, (catalogue, copying): (bool, bool)) -> AnyView {
    let tls = vec![
        pair("preferred", say!(lang, sources.tls_preferred)),
        pair("required", say!(lang, sources.tls_required)),
        pair("verify_ca", say!(lang, sources.tls_verify_ca)),
        pair("off", say!(lang, sources.tls_off)),
    ];
    let kept = |there: bool| if there { say!(lang, sources.kept) } else { say!(lang, sources.secret) };
    let verifies = Memo::new(move |_| form.get("tls") == "verify_ca");
    let ca = move || verifies.get().then(|| form.area("ca", say!(lang, sources.ca), say!(lang, sources.ca_hint)));
    view! {
        <div class="form-row">
            {form.line("host", say!(lang, sources.host), "")}
            {form.line("port", say!(lang, sources.port), "")}
        </div>
        {form.select("tls", say!(lang, sources.tls), "", tls)}
        {anew(ca)}
        <div class="form-row">
            {form.line("catalogue", say!(lang, sources.catalogue_login), "")}
            {form.secret("catalogue_password", say!(lang, gate.password), kept(catalogue))}
        </div>
        <div class="form-row">
            {form.line("copying", say!(lang, sources.copying_login), say!(lang, sources.copying_hint))}
            {form.secret("copying_password", say!(lang, sources.copying_password), kept(copying))}
        </div>
    }
    .into_any()
}

fn limits(lang: Lang, form: Form) -> AnyView {
    view! {
        <div class="form-row">
            {form.line("copies", say!(lang, sources.copies), "")}
            {form.line("connect_seconds", say!(lang, sources.connect_seconds), "")}
            {form.line("read_seconds", say!(lang, sources.read_seconds), "")}
        </div>
    }
    .into_any()
}
