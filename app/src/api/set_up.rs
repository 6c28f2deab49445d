//! Calls of those who set Lakegate up: sources, routes, people, brakes.

use api::brake::{BrakeView, Pull};
use api::domain::ids::{PersonId, RouteId, SourceId, TeamId};
use api::looks::Tested;
use api::me::Me;
use api::paths::{self, fill};
use api::people::{NewPassword, PasswordLink, PeopleList, PersonForm, PersonRow, Team, TeamForm};
use api::routes::{RouteForm, RouteList, RouteView};
use api::sources::{SourceList, SourceSave, SourceView};

use super::{Asking, Request, RequestBuilder, get, get_thing, read, send, text};

/// Sources one may see as things to set up.
pub fn sources() -> Asking<SourceList> {
    get(paths::SOURCES)
}

/// One source as a thing to set up.
pub fn source(id: &SourceId) -> Asking<SourceView> {
    get_thing(&fill(paths::SOURCE_ONE, &[id.as_str()]))
}

/// Changes a source, or adds one when there is no id.
pub fn save_source(id: Option<&SourceId>, wanted: &SourceSave) -> Asking<SourceView> {
    send(save(paths::SOURCES, paths::SOURCE_ONE, id.map(SourceId::as_str)), wanted)
}

/// Retires a source, or brings it back.
pub fn retire_source(id: &SourceId, back: bool) -> Asking<SourceView> {
    let path = fill(paths::SOURCE_RETIRE, &[id.as_str()]);
    read(if back { Request::delete(&path) } else { Request::post(&path) })
}

/// Tests what is typed of a source.
pub fn test_source(wanted: &SourceSave) -> Asking<Tested> {
    send(Request::post(paths::SOURCE_TEST), wanted)
}

/// Everybody.
pub fn people() -> Asking<PeopleList> {
    get(paths::PEOPLE)
}

/// Adds a person.
pub fn add_person(form: &PersonForm) -> Asking<PasswordLink> {
    send(Request::post(paths::PEOPLE), form)
}

/// Changes a person.
pub fn change_person(id: &PersonId, form: &PersonForm) -> Asking<PersonRow> {
    send(Request::put(&fill(paths::PERSON_ONE, &[id.as_str()])), form)
}

/// Gives a team another name.
pub fn rename_team(team: &TeamId, form: &TeamForm) -> Asking<Team> {
    send(Request::put(&fill(paths::TEAM_ONE, &[team.as_str()])), form)
}

/// Makes the link by which a person sets their password.
pub fn password_link(id: &PersonId) -> Asking<PasswordLink> {
    read(Request::post(&fill(paths::PERSON_LINK, &[id.as_str()])))
}

/// Sets one's password by a link, and signs in.
pub fn set_password(wanted: &NewPassword) -> Asking<Me> {
    send(Request::post(paths::PASSWORD), wanted)
}

/// Routes as things to set up.
pub fn routes() -> Asking<RouteList> {
    get(paths::ROUTES)
}

/// Changes a route, or adds one when there is no id.
pub fn save_route(id: Option<&RouteId>, form: &RouteForm) -> Asking<RouteView> {
    send(save(paths::ROUTES, paths::ROUTE_ONE, id.map(RouteId::as_str)), form)
}

/// Tests what is typed of a route.
pub fn test_route(form: &RouteForm) -> Asking<Tested> {
    send(Request::post(paths::ROUTE_TEST), form)
}

/// The brakes that hold.
pub fn brakes() -> Asking<Vec<BrakeView>> {
    get(paths::BRAKES)
}

/// Pulls a brake.
pub fn pull_brake(wanted: &Pull) -> Asking<BrakeView> {
    send(Request::post(paths::BRAKES), wanted)
}

/// Lifts a brake: of a source, or of all.
pub fn lift_brake(source: Option<&SourceId>) -> Asking<String> {
    text(Request::delete(&fill(paths::BRAKE_ONE, &[source.map_or("all", SourceId::as_str)])))
}

/// A thing is changed at its own address, and a new one sent to the list.
fn save(list: &str, one: &str, id: Option<&str>) -> RequestBuilder {
    match id {
        Some(id) => Request::put(&fill(one, &[id])),
        None => Request::post(list),
    }
}
