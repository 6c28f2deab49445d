//! What stays while pages change: nav, top bar, sheet, keys, toasts.

mod brand;
mod find;
mod key_list;
mod keys;
mod nav;
mod topbar;

use crate::html::{AnyView, Html, IntoAny, view};
use crate::react::{Memo, spawn};
use crate::ui::anew::anew;
use crate::ui::loaded::Feed;
use api::me::Me;
use leptos::prelude::*;
use std::time::Duration;

pub use brand::brand_mark;
pub use key_list::key_list;
pub use keys::{Key, SingleKeys, on_key, single_keys};
pub use nav::set_up_links;
pub use topbar::{languages, theme_button};

use crate::address::go_to;
use crate::api::{self as calls, Answer};
use crate::live::Live;
use crate::page_view;
use crate::route::Route;
use crate::ui::button::{Button, link_button};
use crate::ui::dialog::{dialogs, place};
use crate::ui::empty::empty;
use crate::ui::head::tab_title;
use crate::ui::icon::Icon;
use crate::ui::problem::{note, trouble_box};
use crate::ui::toast::{corner, toasts};
use crate::viewer::Viewer;
use crate::words::{reader, say};

/// The version this page was compiled from.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The page inside its shell, once it is known who looks.
pub fn shell(page: Memo<Route>) -> AnyView {
    calls::on_signed_out(leave);
    let first = Feed::new(calls::me);
    let reader = reader();
    let view = move || match first.get() {
        None => ().into_any(),
        Some(Ok(read)) => {
            let viewer = Viewer::new(read.thing.clone());
            untrack(|| inside(page, viewer, read.seq)).into_any()
        }
        Some(Err(trouble)) => {
            let again = Button::new(say!(reader.lang(), shell.reload)).on(reload);
            view! { <main class="page"><h1 class="vh">"Lakegate"</h1>{trouble_box(reader.lang(), &trouble)}{again}</main> }
                .into_any()
        }
    };
    anew(view)
}

fn reload() {
    let _ = window().location().reload();
}

/// What stands round every page.
fn inside(page: Memo<Route>, viewer: Viewer, seq: i64) -> Html {
    let live = Live::new(leave);
    provide_context(live);
    provide_context(viewer);
    viewer.follow();
    live.start(seq);
    keys::listen();
    focus_heading_of(page);
    let reader = reader();
    let skip = move || say!(reader.lang(), skip);
    view! {
        <a class="skip" href="#main" rel="external">{anew(skip)}</a>
        <div class="app">
            {nav::nav(page)}
            <div class="main">
                {topbar::topbar()}
                <main class="sheet" id="main" tabindex="-1">
                    {anew(move || newer_version(&viewer.me()))}
                    {anew(move || page_view(page.get()))}
                </main>
            </div>
        </div>
        {place(dialogs())}
        {corner(toasts())}
    }
}

/// After a deploy the page is older than its server.
fn newer_version(me: &Me) -> Option<AnyView> {
    let lang = reader().lang();
    (me.version != VERSION).then(|| {
        let act = view! {
            {say!(lang, shell.newer)}" "
            <button type="button" class="link-btn" on:click=|_| reload()>{say!(lang, shell.reload)}</button>
        };
        view! { <div class="page-note">{note("is-accent", Icon::Info, act.into_any())}</div> }.into_any()
    })
}

/// On another page the heading gets the focus, so that a reader of the screen hears where they are.
fn focus_heading_of(page: Memo<Route>) {
    Effect::new(move |before: Option<Route>| {
        let now = page.get();
        if before.is_some_and(|before| before != now) {
            set_timeout(focus_heading, Duration::from_millis(60));
        }
        now
    });
}

fn focus_heading() {
    use wasm_bindgen::JsCast;
    let heading = document().query_selector("main h1").ok().flatten();
    if let Some(heading) = heading.and_then(|heading| heading.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = heading.focus();
    }
}

/// Leads to the way in, and back to this page afterwards.
pub fn leave() {
    let location = window().location();
    let here = [location.pathname(), location.search()].map(Result::unwrap_or_default).concat();
    let path = here.split('?').next().unwrap_or_default();
    if !Route::parse(path).is_gate() {
        let next = if here == "/" { String::new() } else { here };
        let _ = location.set_href(&Route::SignIn.with(&[("next", &next)]));
    }
}

/// Ends the session and leads to the way in.
pub fn sign_out() {
    spawn(async {
        let ended: Answer<()> = calls::sign_out().await;
        if ended.is_ok() {
            let _ = window().location().set_href(&Route::SignIn.path());
        }
    });
}

/// No such page.
pub fn lost() -> AnyView {
    let reader = reader();
    let view = move || {
        let lang = reader.lang();
        tab_title(say!(lang, lost.title));
        let home = link_button("btn", Some(Icon::Home), say!(lang, nav.home).to_owned(), Route::Home.path());
        view! {
            <div class="page">
                <h1 class="vh" tabindex="-1">{say!(lang, lost.title)}</h1>
                {empty(Icon::Search, say!(lang, lost.title), say!(lang, lost.text), Some(home))}
            </div>
        }
    };
    anew(view)
}

/// The pattern of what recedes in bars. A style sheet cannot point to it, so the page holds it once.
pub fn hatch() -> AnyView {
    view! {
        <svg class="sprite" aria-hidden="true">
            <defs>
                <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                    <rect class="hatch-ground" width="5" height="5"></rect>
                    <line class="hatch-line" x1="0" y1="0" x2="0" y2="5"></line>
                </pattern>
            </defs>
        </svg>
    }
    .into_any()
}

/// Leads to a page when a key is pressed.
pub(crate) fn leads_to(page: Route) -> impl Fn() + Clone {
    let go = go_to();
    move || go(page.path())
}
