//! The page of Lakegate: providers, shell, route table.
//!
//! The map: `route` spells paths, `api` calls the server, `live` hears what changed, `viewer` knows who looks; `ui` holds
//! the parts; each feature folder has a pure `model` and one file per view.
//! Invariant: knows the crate `api`, never the server.
//!
//! How a page stays lean; the page is the whole product on a slow line. Five rules, with what each brought when it was
//! measured (KB of brotli; the page was 342 KB before rules 2 to 4, and 278 KB after):
//! 1. Views come from `html`: `use crate::html::{AnyView, IntoAny, view};`, never `view!` and `AnyView` of leptos, which make
//!    types of every element (48). What stands still stands as literals in `view!`: it costs a few letters of text.
//! 2. Signals come from `react`: `use crate::react::{Memo, RwSignal, Signal, StoredValue, effect};`, never those of leptos,
//!    which are made anew for each type, 1 to 3 KB of code each (about 15).
//! 3. What is read derives `json::FromJson` beside `Deserialize` (34); it comes through `Feed` and `loaded`, what is made
//!    anew through `anew`. What was read is shared (`Arc`), not cloned: a `Clone` of a DTO is code.
//! 4. One type for many: a function that takes a closure, a future or any `T` boxes it in its first line and hands it to one
//!    that is made once. Where there are many, the box holds a trait of our own: a boxed `Fn` also brings its last call,
//!    for each. What a macro writes at hundreds of places (`say!`, `say_n!`) is one call (about 10).
//! 5. A new library, a `format!` where a word of `locales` does, a `HashMap`, a `sort`, a `{:?}`: each brings kilobytes.
//!
//! `make page-release && .ci/page-size.sh target/page-release` says what it became.

mod address;
mod api;
mod clock;
#[cfg(feature = "testing")]
mod components;
mod decisions;
mod format;
mod home;
mod html;
mod jobs;
mod lake;
mod live;
mod me;
mod overview;
mod panic;
mod people;
mod react;
mod requests;
mod route;
mod routes;
mod shell;
mod sign_in;
mod sources;
mod tables;
mod theme;
mod ui;
mod viewer;
mod words;

use crate::html::AnyView;
use crate::react::{Memo, effect};
use crate::ui::anew::anew;
use leptos::prelude::*;
use leptos_router::components::Router;
use leptos_router::hooks::use_location;
use leptos_router::location::{BrowserUrl, LocationProvider};

use crate::clock::Clock;
use crate::route::Route;
use crate::tables::selection::Selection;
use crate::theme::Theme;
use crate::ui::dialog::Dialogs;
use crate::ui::toast::Toasts;

/// Puts the page into the browser's document.
pub fn start() {
    panic::hook();
    mount_to_body(App);
}

/// Everything: what is known everywhere, and the page of the address.
#[component]
pub fn App() -> impl IntoView {
    provide_context(words::Reader::new());
    view! {
        <Router>
            <Pages/>
        </Router>
    }
}

#[component]
fn Pages() -> impl IntoView {
    provide_context(Clock::start());
    provide_context(Theme::new());
    provide_context(Toasts::new());
    provide_context(Dialogs::new());
    provide_context(shell::SingleKeys::new());
    provide_context(Selection::kept());
    let location = use_location();
    let path = location.pathname;
    let page = Memo::new(move |_| path.with(|path| Route::parse(path)));
    let url = expect_context::<BrowserUrl>();
    // The router tells the address bar once the new page stands.
    effect(move || {
        path.track();
        url.ready_to_complete();
    });
    let gate = Memo::new(move |_| page.with(Route::is_gate));
    let view = move || if gate.get() { sign_in::gate(page) } else { shell::shell(page) };
    view! { {shell::hatch()}{anew(view)} }
}

/// The route table: which view shows which page.
fn page_view(page: Route) -> AnyView {
    match page {
        Route::Home => home::home(),
        Route::Catalogue => tables::catalogue::catalogue(),
        Route::Requests => requests::list::list(),
        Route::NewRequest => requests::new::begin(),
        Route::Draft(id) => requests::new::wizard(&id),
        Route::Request(id) => requests::page::page(id),
        Route::Inbox => decisions::inbox::inbox(),
        Route::Card(id) => decisions::card::card(id),
        Route::Lake => lake::list::list(),
        Route::LakeTable(name) => lake::table::table(name),
        Route::Jobs => jobs::list::list(),
        Route::Job(name) => jobs::page::page(name),
        Route::Overview => overview::overview(),
        Route::People => people::list::list(),
        Route::NewPerson => people::form::form(None),
        Route::Person(id) => people::form::form(Some(id)),
        Route::Routes => routes::list::list(),
        Route::RoutesNew => routes::form::form(None),
        Route::RoutesOne(id) => routes::form::form(Some(id)),
        Route::Sources => sources::list::list(),
        Route::SourceNew => sources::page::new(),
        Route::Source(id) => sources::page::page(id),
        Route::Me => me::me(),
        #[cfg(feature = "testing")]
        Route::Components => components::components(),
        Route::SignIn | Route::Setup | Route::Password | Route::Lost => shell::lost(),
    }
}
