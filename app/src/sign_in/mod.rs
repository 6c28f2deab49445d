//! The ways in: name and password, or the one-time link of the log. Both stand beside the same view of water.

mod form;
mod model;
mod password;
mod setup;
mod water;

use crate::html::{AnyView, IntoAny, view};
use crate::react::Memo;
use crate::ui::anew::anew;

use crate::route::Route;
use crate::shell::{brand_mark, languages, theme_button};
use crate::words::{reader, say};

/// The gate of a page that is seen without being signed in.
pub fn gate(page: Memo<Route>) -> AnyView {
    let reader = reader();
    let form = move || match page.get() {
        Route::Setup => setup::setup(),
        Route::Password => password::password(),
        _ => form::form(),
    };
    let bar = move || {
        let lang = reader.lang();
        view! { <span class="inline">{languages(lang)}{theme_button(lang)}</span> }
    };
    view! {
        <div class="gate">
            <main class="gate-form">
                <div class="between">
                    <a class="brand" href=Route::SignIn.path()>{brand_mark()}<span>"Lakegate"</span></a>
                    {anew(bar)}
                </div>
                {anew(form)}
                <p class="tiny muted">{anew(move || say!(reader.lang(), nav.version, n = crate::shell::VERSION))}</p>
            </main>
            <aside class="gate-view" aria-label=move || say!(reader.lang(), gate.about)>
                {water::water()}
                <div class="gate-say">
                    <h2>{anew(move || say!(reader.lang(), gate.claim_ask))}<br/>{anew(move || say!(reader.lang(), gate.claim_know))}</h2>
                    <p>{anew(move || say!(reader.lang(), gate.claim_more))}</p>
                </div>
            </aside>
        </div>
    }
    .into_any()
}
