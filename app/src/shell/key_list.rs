//! The list of keys: what `?` shows. A key that is new is one more line here.

use crate::html::{AnyView, IntoAny, view};
use crate::ui::anew::anew;
use crate::ui::button::Button;
use crate::ui::dialog::Dialogs;
use crate::viewer::{decides, viewer};
use crate::words::{Lang, reader, say};

/// All keys there are, by where they work.
pub fn key_list(dialogs: Dialogs) -> AnyView {
    let (reader, viewer) = (reader(), viewer());
    anew(move || all(reader.lang(), decides(&viewer.me()), dialogs))
}

fn all(lang: Lang, decides: bool, dialogs: Dialogs) -> AnyView {
    let everywhere = group(
        say!(lang, keys.everywhere),
        vec![
            ("Ctrl K", say!(lang, keys.find)),
            ("G H", say!(lang, nav.home)),
            ("G C", say!(lang, nav.catalogue)),
            ("G R", say!(lang, nav.requests)),
            ("G L", say!(lang, nav.lake)),
            ("N", say!(lang, nav.new)),
            ("/", say!(lang, keys.search)),
            ("T", say!(lang, keys.theme)),
            ("?", say!(lang, keys.title)),
        ],
    );
    let lists = group(
        say!(lang, keys.lists),
        vec![
            ("J K", say!(lang, keys.next_previous)),
            ("X", say!(lang, keys.select)),
            ("⇧ X", say!(lang, keys.select_range)),
            ("⏎", say!(lang, keys.open)),
            ("Esc", say!(lang, keys.clear)),
        ],
    );
    let deciding = decides.then(|| {
        let keys = vec![
            ("G I", say!(lang, nav.inbox)),
            ("A", say!(lang, keys.approve)),
            ("B", say!(lang, keys.send_back)),
            ("R", say!(lang, keys.reject)),
            ("J K", say!(lang, keys.cards)),
        ];
        group(say!(lang, nav.inbox), keys)
    });
    let others =
        group(say!(lang, keys.others), vec![("C", say!(lang, keys.copy)), ("Ctrl ⏎", say!(lang, keys.submit))]);
    view! {
        <div class="dialog-head"><h2 id="dialog-title">{say!(lang, keys.title)}</h2></div>
        <div class="dialog-body">
            <div class="key-list">{everywhere}{lists}{deciding}{others}</div>
            <p class="muted">{say!(lang, keys.off)}</p>
        </div>
        <div class="dialog-acts">{Button::new(say!(lang, close)).on(move || dialogs.close())}</div>
    }
    .into_any()
}

fn group(name: &'static str, keys: Vec<(&'static str, &'static str)>) -> AnyView {
    let lines: Vec<_> = keys
        .into_iter()
        .map(|(keys, what)| {
            let keys: Vec<_> = keys.split(' ').map(|key| view! { <kbd class="key">{key}</kbd>" " }).collect();
            view! { <dt>{keys}</dt><dd>{what}</dd> }
        })
        .collect();
    view! { <section><h3>{name}</h3><dl>{lines}</dl></section> }.into_any()
}
