//! Top bar: find anything, live mark, language, theme, me.

use super::{brand_mark, find};
use crate::format::Parts;
use crate::html::{AnyView, IntoAny, view};
use crate::live::{Mark, live};
use crate::route::Route;
use crate::theme::theme;
use crate::ui::anew::anew;
use crate::ui::button::icon_button;
use crate::ui::dialog::{Dialogs, dialogs};
use crate::ui::icon::{Icon, icon};
use crate::ui::switcher::{Choice, switcher};
use crate::ui::who::face;
use crate::viewer::viewer;
use crate::words::{Lang, reader, say};

/// The bar above the sheet.
pub fn topbar() -> AnyView {
    let (reader, viewer, dialogs) = (reader(), viewer(), dialogs());
    let me = move || {
        let name = viewer.me().person.name;
        let title = say!(reader.lang(), nav.me_of, name = name);
        view! { <a class="me" href=Route::Me.path() title=title>{face(&name, false)}<span>{name.clone()}</span></a> }
    };
    view! {
        <header class="topbar">
            <a class="brand brand-small" href=Route::Home.path() aria-label="Lakegate">{brand_mark()}</a>
            {anew(move || find_button(reader.lang(), dialogs))}
            <div class="topbar-end">
                {live_mark()}
                {anew(move || languages(reader.lang()))}
                <span class="hide-s">{anew(move || theme_button(reader.lang()))}</span>
                {anew(me)}
            </div>
        </header>
    }
    .into_any()
}

/// Opens what finds anything.
fn find_button(lang: Lang, dialogs: Dialogs) -> AnyView {
    let click = move |_| dialogs.show_palette(find::palette);
    view! {
        <button type="button" class="find" aria-haspopup="dialog" on:click=click>
            {icon(Icon::Search)}<span>{say!(lang, find.button)}</span><kbd class="key" aria-hidden="true">"Ctrl K"</kbd>
        </button>
    }
    .into_any()
}

/// Says whether what is shown follows the server.
fn live_mark() -> AnyView {
    let (reader, live) = (reader(), live());
    let class = move || if live.mark() == Mark::Live { "live" } else { "live is-stale" };
    let words = move || match live.mark() {
        Mark::Live => say!(reader.lang(), live.on).to_owned(),
        Mark::Stale(at) => say!(reader.lang(), live.stale, at = Parts::of(at).clock_with_seconds()),
    };
    view! { <span class=class role="status">{anew(words)}</span> }.into_any()
}

/// The choice of the language.
pub fn languages(lang: Lang) -> AnyView {
    let reader = reader();
    let choice = |label: &'static str, tag, of: Lang| Choice {
        label: label.into_any(),
        lang: Some(tag),
        on: lang == of,
        press: Box::new(move || reader.choose(of)),
    };
    let choices = vec![choice("中文", "zh", Lang::Zh), choice("EN", "en", Lang::En)];
    switcher(say!(lang, shell.language).to_owned(), choices)
}

/// The button that chooses the other theme.
pub fn theme_button(lang: Lang) -> AnyView {
    let theme = theme();
    let button = move || {
        let (image, name) =
            if theme.is_dark() { (Icon::Sun, say!(lang, shell.light)) } else { (Icon::Moon, say!(lang, shell.dark)) };
        icon_button(image, name, move || theme.toggle())
    };
    anew(button)
}
