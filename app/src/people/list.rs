//! People and teams: everybody, their team, what they may do, what they own.

use api::domain::change::Topic;
use api::people::{PeopleList, PersonRow, Team, TeamForm};

use crate::address::Param;
use crate::api as calls;
use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::live::live;
use crate::react::Memo;
use crate::route::Route;
use crate::ui::anew::anew;
use crate::ui::button::link_button;
use crate::ui::form::Form;
use crate::ui::grid::{grid, th};
use crate::ui::head::{head, tab_title};
use crate::ui::icon::Icon;
use crate::ui::loaded::{Feed, loaded_page};
use crate::ui::toast::{Toast, toasts};
use crate::ui::who::face;
use crate::words::{Lang, reader, say, say_n};

/// The page.
pub fn list() -> AnyView {
    let (reader, team) = (reader(), Param::new("team"));
    let people = Feed::new(|| {
        live().track(Topic::Person);
        live().track(Topic::Source);
        calls::people()
    });
    let inside = loaded_page(people, move |people| {
        // What is typed stays while people come and go.
        let names = Memo::new(move |_| people.with(|people| people.teams.clone()));
        view! {
            {anew(move || title(reader.lang(), people.with(|people| people.rows.len() as u64)))}
            <div class="section">
                {anew(move || teams(reader.lang(), &people.get(), team))}
                {anew(move || rename(reader.lang(), &names.get(), team))}
                {anew(move || rows(reader.lang(), &people.get(), &team.get()))}
            </div>
        }
        .into_any()
    });
    view! { <div class="page is-wide">{inside}</div> }.into_any()
}

fn title(lang: Lang, n: u64) -> AnyView {
    tab_title(say!(lang, nav.people));
    let add =
        link_button("btn is-primary", Some(Icon::Plus), say!(lang, people.add).to_owned(), Route::NewPerson.path());
    head(
        say!(lang, nav.people).into_any(),
        ().into_any(),
        say_n!(lang, n, people.n, people.n_one).into_any(),
        Some(add),
    )
}

/// The teams as filters, with how many are in each.
fn teams(lang: Lang, list: &PeopleList, chosen: Param) -> Option<AnyView> {
    if list.teams.is_empty() {
        return None;
    }
    let now = chosen.get();
    let filters: Vec<_> = list
        .teams
        .iter()
        .map(|Team { name: team, .. }| {
            let n = list.rows.iter().filter(|row| row.form.team == *team).count() as u64;
            let (on, told) = (now == *team, team.clone());
            let class = if on { "filter is-on" } else { "filter" };
            view! {
                <button type="button" class=class aria-pressed=on.to_string() on:click=move |_| chosen.toggle(&told)>
                    {team.clone()}" "{count(n)}
                </button>
            }
        })
        .collect();
    Some(view! { <div class="tools" role="group" aria-label=say!(lang, people.teams)>{filters}</div> }.into_any())
}

/// Gives the chosen team another name.
fn rename(lang: Lang, teams: &[Team], chosen: Param) -> Option<AnyView> {
    let was = chosen.get();
    let id = teams.iter().find(|team| team.name == was)?.id.clone();
    let (form, toasts) = (Form::new(vec![("name", was.clone())]), toasts());
    let label = say!(lang, people.rename, name = was);
    let fields = view! { {form.line("name", &label, "")}<div>{form.submit("btn", say!(lang, save))}</div> };
    let send = move || {
        let wanted = TeamForm { name: form.now("name"), was: was.clone() };
        let done = move |team: Team| {
            toasts.show(Toast::done(say!(lang, people.renamed).to_owned()));
            chosen.replace(team.name);
        };
        form.send(|| calls::rename_team(&id, &wanted), done);
    };
    Some(form.around("form", label.clone(), fields.into_any(), send))
}

fn rows(lang: Lang, list: &PeopleList, team: &str) -> AnyView {
    let heads = vec![
        th(say!(lang, people.name)),
        th(say!(lang, col.state)),
        th(say!(lang, people.team)),
        th(say!(lang, people.login)),
        th(say!(lang, people.owns)),
    ];
    let shown = list.rows.iter().filter(|row| team.is_empty() || row.form.team == team);
    let rows = shown.map(|person| row(lang, list, person)).collect();
    grid(say!(lang, nav.people).to_owned(), true, heads, rows, None)
}

fn row(lang: Lang, list: &PeopleList, person: &PersonRow) -> AnyView {
    let form = &person.form;
    let owned = list.sources.iter().filter(|source| form.owns.contains(&source.id));
    let owned = owned.map(|source| source.name.as_str()).collect::<Vec<_>>().join(say!(lang, list_joint));
    let tag = |class: &'static str, word: &'static str| view! { <span class=class>{word}</span> };
    let disabled = form.disabled.then(|| tag("tag", say!(lang, people.disabled)));
    let operator = form.operator.then(|| tag("tag is-accent", say!(lang, gate.operator)));
    let waits = (!person.can_sign_in && !form.disabled).then(|| tag("tag is-late", say!(lang, people.no_password)));
    view! {
        <tr role="row">
            <th scope="row" role="rowheader" class="c-name">
                <a class="who" href=Route::Person(person.id.clone()).path()>{face(&form.name, false)}<span>{form.name.clone()}</span></a>
            </th>
            <td role="cell" class="c-state"><span class="inline">{operator}{waits}{disabled}</span></td>
            <td role="cell" class="c-keep">{form.team.clone()}</td>
            <td role="cell"><code>{form.login.clone()}</code></td>
            <td role="cell" class="c-now">{owned}</td>
        </tr>
    }
    .into_any()
}
