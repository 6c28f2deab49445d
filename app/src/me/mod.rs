//! Me: my sessions, language and theme, and the way out.

use api::domain::change::Topic;
use api::me::SessionView;

use crate::api as calls;
use crate::html::{AnyView, IntoAny, view};
use crate::live::live;
use crate::react::{RwSignal, spawn};
use crate::shell::{key_list, languages, set_up_links, sign_out, single_keys};
use crate::theme::{Choice as ThemeChoice, theme};
use crate::ui::anew::anew;
use crate::ui::button::Button;
use crate::ui::dialog::dialogs;
use crate::ui::head::{head, section_head, tab_title};
use crate::ui::icon::{Icon, icon};
use crate::ui::loaded::{Feed, loaded};
use crate::ui::problem::trouble_said;
use crate::ui::switcher::{Choice, switcher};
use crate::ui::time::time;
use crate::ui::toast::{Toast, toasts};
use crate::viewer::viewer;
use crate::words::{Lang, around, reader, say};

mod model;

/// The page.
pub fn me() -> AnyView {
    let (reader, viewer) = (reader(), viewer());
    let again = RwSignal::new(0u32);
    let sessions = Feed::new(move || {
        live().track(Topic::Person);
        again.track();
        calls::sessions()
    });
    let list = loaded(sessions, move |sessions| {
        let rows = move || rows(reader.lang(), &sessions.get(), again);
        anew(rows)
    });
    view! {
        <div class="page is-narrow">
            {anew(move || title(reader.lang(), &viewer.me()))}
            <div class="inline">{anew(move || set_up_links(reader.lang(), &viewer.me()))}</div>
            {anew(move || looks(reader.lang()))}
            <section class="section">
                {anew(move || section_head(say!(reader.lang(), me.sessions).to_owned(), None, None))}
                {list}
            </section>
        </div>
    }
    .into_any()
}

fn title(lang: Lang, me: &api::me::Me) -> AnyView {
    tab_title(&me.person.name);
    let sub = [me.login.as_str(), me.person.team.as_str()].into_iter().filter(|part| !part.is_empty());
    let sub = sub.collect::<Vec<_>>().join(" · ");
    let out = Button::new(say!(lang, me.sign_out)).on(sign_out);
    head(me.person.name.clone().into_any(), ().into_any(), sub.into_any(), Some(out))
}

fn looks(lang: Lang) -> AnyView {
    view! {
        <section class="card">
            <dl class="facts">
                <dt>{say!(lang, shell.language)}</dt>
                <dd>{languages(lang)}</dd>
                <dt>{say!(lang, me.theme)}</dt>
                <dd>{themes(lang)}</dd>
                <dt>{say!(lang, me.keys)}</dt>
                <dd class="inline">{keys(lang)}</dd>
            </dl>
        </section>
    }
    .into_any()
}

fn themes(lang: Lang) -> AnyView {
    let theme = theme();
    let choice = |label: &'static str, of: ThemeChoice| Choice {
        label: label.into_any(),
        lang: None,
        on: theme.choice() == of,
        press: Box::new(move || theme.choose(of)),
    };
    let choices = vec![
        choice(say!(lang, me.system), ThemeChoice::System),
        choice(say!(lang, me.light), ThemeChoice::Light),
        choice(say!(lang, me.dark), ThemeChoice::Dark),
    ];
    switcher(say!(lang, me.theme).to_owned(), choices)
}

/// Single keys on or off, and the list of them.
fn keys(lang: Lang) -> AnyView {
    let (single, dialogs) = (single_keys(), dialogs());
    let choice = |label: &'static str, on: bool| Choice {
        label: label.into_any(),
        lang: None,
        on: single.on() == on,
        press: Box::new(move || single.turn(on)),
    };
    let choices = vec![choice(say!(lang, me.on), true), choice(say!(lang, me.off), false)];
    view! {
        {switcher(say!(lang, me.keys).to_owned(), choices)}
        {Button::new(say!(lang, me.all_keys)).class("btn is-sm is-quiet").on(move || dialogs.show(key_list))}
    }
    .into_any()
}

fn rows(lang: Lang, sessions: &[SessionView], again: RwSignal<u32>) -> AnyView {
    let rows: Vec<_> = sessions.iter().map(|session| row(lang, session, again)).collect();
    view! { <div class="card is-flush"><ul class="rows">{rows}</ul></div> }.into_any()
}

fn row(lang: Lang, session: &SessionView, again: RwSignal<u32>) -> AnyView {
    let this = session.this.then(|| view! { <span class="tag is-accent">{say!(lang, me.this)}</span> });
    let end = (!session.this).then(|| {
        let (id, busy, toasts, reader) = (session.id.clone(), RwSignal::new(false), toasts(), reader());
        let press = move || {
            let id = id.clone();
            busy.set(true);
            spawn(async move {
                let answer = calls::end_session(&id).await;
                busy.try_set(false);
                again.try_update(|again| *again += 1);
                if let Err(trouble) = answer {
                    toasts.show(Toast::failed(trouble_said(reader.lang_now(), &trouble)));
                }
            });
        };
        Button::new(say!(lang, me.end)).class("btn is-sm").busy(busy.into()).on(press)
    });
    let agent = model::browser(&session.agent).map_or_else(|| say!(lang, me.some_browser).to_owned(), str::to_owned);
    view! {
        <li class="row">
            <div>
                <div class="row-title">{icon(Icon::User)}<span title=session.agent.clone()>{agent}</span>{this}</div>
                <div class="row-sub">
                    {around(say!(lang, me.used), time(lang, session.used))}" · "{around(say!(lang, since), time(lang, session.since))}
                </div>
            </div>
            <span class="row-end">{end}</span>
        </li>
    }
    .into_any()
}
