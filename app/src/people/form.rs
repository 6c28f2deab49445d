//! One person: name, team, rights, sources; and the link by which they set their password.

use api::domain::change::Topic;
use api::domain::ids::PersonId;
use api::people::{OwnedSource, PasswordLink, PeopleList, PersonRow};
use leptos::prelude::*;

use super::model::{sent, texts};
use crate::address::go_to;
use crate::api as calls;
use crate::clock;
use crate::format::when;
use crate::html::{AnyView, IntoAny, view};
use crate::live::live;
use crate::react::RwSignal;
use crate::route::Route;
use crate::ui::anew::anew;
use crate::ui::button::{Button, link_button};
use crate::ui::code::code;
use crate::ui::dialog::{Question, dialogs};
use crate::ui::form::Form;
use crate::ui::head::{crumbs, head, tab_title};
use crate::ui::icon::Icon;
use crate::ui::loaded::{Feed, loaded_page};
use crate::ui::toast::{Toast, toasts};
use crate::words::{Lang, reader, say};

/// The page of a person; of a new one without an id.
pub fn form(id: Option<PersonId>) -> AnyView {
    let people = Feed::new(|| {
        live().track(Topic::Source);
        calls::people()
    });
    let inside = loaded_page(people, move |people| {
        let first = people.get_untracked();
        let person = id.as_ref().and_then(|id| first.rows.iter().find(|person| person.id == *id)).cloned();
        if id.is_some() && person.is_none() {
            return crate::shell::lost();
        }
        page(&first, person)
    });
    view! { <div class="page is-narrow">{inside}</div> }.into_any()
}

fn page(list: &PeopleList, person: Option<PersonRow>) -> AnyView {
    let reader = reader();
    let form = Form::new(texts(person.as_ref()));
    // The link is shown once: nobody can read it again.
    let link = RwSignal::new(None::<PasswordLink>);
    let list = list.clone();
    let (shown, linked) = (person.clone(), person.clone());
    view! {
        {anew(move || title(reader.lang(), shown.as_ref()))}
        <div class="section stack is-loose">
            {anew(move || link.get().is_none().then(|| fields(reader.lang(), form, &list, person.clone(), link)))}
            {anew(move || password(reader.lang(), linked.as_ref(), link))}
        </div>
    }
    .into_any()
}

fn title(lang: Lang, person: Option<&PersonRow>) -> AnyView {
    let name = person.map_or_else(|| say!(lang, people.add).to_owned(), |person| person.form.name.clone());
    tab_title(&name);
    let up = vec![(say!(lang, nav.people).to_owned(), Route::People.path())];
    let sub = person.map(|person| person.form.login.clone()).unwrap_or_default();
    view! {
        {crumbs(say!(lang, crumbs), up, name.clone())}
        {head(name.into_any(), ().into_any(), sub.into_any(), None)}
    }
    .into_any()
}

fn fields(
    lang: Lang,
    form: Form,
    list: &PeopleList,
    person: Option<PersonRow>,
    link: RwSignal<Option<PasswordLink>>,
) -> AnyView {
    let login = person.is_none().then(|| form.line("login", say!(lang, people.login), say!(lang, gate.login_hint)));
    let source = |source: &OwnedSource| (source.id.to_string(), source.name.clone());
    let sources: Vec<_> = list.sources.iter().map(source).collect();
    let owns = (!sources.is_empty())
        .then(|| form.ticks("owns", say!(lang, people.owns), say!(lang, people.owns_hint), sources));
    let tick = |word: &'static str| vec![("yes".to_owned(), word.to_owned())];
    let disabled = person
        .is_some()
        .then(|| form.ticks("disabled", say!(lang, people.sign_in), "", tick(say!(lang, people.disable))));
    let names: Vec<_> = list.teams.iter().map(|team| team.name.as_str()).collect();
    let hint = names.join(say!(lang, list_joint));
    let hint = if hint.is_empty() {
        say!(lang, people.new_team).to_owned()
    } else {
        say!(lang, people.team_hint, teams = hint)
    };
    let fields = view! {
        {login}
        {form.line("name", say!(lang, gate.shown), say!(lang, gate.shown_hint))}
        {form.line("team", say!(lang, people.team), &hint)}
        {form.ticks("operator", say!(lang, people.rights), "", tick(say!(lang, people.operates)))}
        {owns}
        {disabled}
        <div class="inline">
            {form.submit("btn is-primary", if person.is_some() { say!(lang, save) } else { say!(lang, people.add_verb) })}
            {link_button("btn", None, say!(lang, cancel_edit).to_owned(), Route::People.path())}
        </div>
    };
    let (toasts, go) = (toasts(), go_to());
    let send = move || match &person {
        None => form.send(|| calls::add_person(&sent(|field| form.now(field), 0)), move |made| link.set(Some(made))),
        Some(person) => {
            let (go, id) = (go.clone(), person.id.clone());
            let wanted = sent(|field| form.now(field), person.form.version);
            form.send(
                move || calls::change_person(&id, &wanted),
                move |_| {
                    toasts.show(Toast::done(say!(lang, people.saved).to_owned()));
                    go(Route::People.path());
                },
            );
        }
    };
    form.around("form", say!(lang, nav.people).to_owned(), fields.into_any(), send)
}

/// The link by which they set their password: the way to make one, or the one just made.
fn password(lang: Lang, person: Option<&PersonRow>, link: RwSignal<Option<PasswordLink>>) -> Option<AnyView> {
    if let Some(made) = link.get() {
        return Some(shown(lang, &made));
    }
    let person = person.filter(|person| !person.form.disabled)?;
    let (asking, dialogs, id) = (Form::new(Vec::new()), dialogs(), person.id.clone());
    let question = Question {
        title: say!(lang, people.link_title, name = person.form.name),
        text: say!(lang, people.link_text).to_owned(),
        verb: say!(lang, people.link_verb).to_owned(),
        keep: say!(lang, cancel_edit).to_owned(),
    };
    let button = Button::new(say!(lang, people.link_verb)).icon(Icon::Lock).busy(asking.busy.into()).on(move || {
        let id = id.clone();
        let ask = move || {
            let id = id.clone();
            asking.send(move || calls::password_link(&id), move |made| link.set(Some(made)));
        };
        dialogs.ask(question.clone(), ask);
    });
    Some(view! { <section class="form"><h2>{say!(lang, gate.password)}</h2><div>{button}</div>{asking.trouble()}</section> }.into_any())
}

fn shown(lang: Lang, made: &PasswordLink) -> AnyView {
    let origin = window().location().origin().unwrap_or_default();
    let address = format!("{origin}{}#{}", Route::Password.path(), made.token);
    let name = &made.person.form.name;
    let until = when(lang, made.until, clock::now());
    view! {
        <section class="form" aria-live="polite">
            <h2>{say!(lang, people.link_for, name = name)}</h2>
            <p class="soft">{say!(lang, people.link_more, until = until)}</p>
            {code(lang, say!(lang, people.link_for, name = name), address)}
            <div>{link_button("btn", None, say!(lang, people.back).to_owned(), Route::People.path())}</div>
        </section>
    }
    .into_any()
}
