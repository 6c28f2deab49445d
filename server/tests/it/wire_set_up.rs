//! What those exchange with the server who set Lakegate up: sources, routes, brakes, people. As in [`crate::wire`].

use api::brake::{BrakeView, Pull};
use api::domain::said::Said;
use api::domain::tier::Tier;
use api::domain::time::Millis;
use api::looks::{Look, Outcome, Tested};
use api::people::{OwnedSource, PasswordLink, PeopleList, PersonForm, PersonRow, Team};
use api::routes::{RouteForm, RouteList, RouteView};
use api::sources::{SourceForm, SourceList, SourceRow, SourceSave, SourceView};

use crate::wire::wire;
use crate::wire_samples::{id, person, read};

#[test]
fn sources() {
    let row = SourceRow {
        id: id("lease"),
        name: "lease".into(),
        kind: "sqlite".into(),
        place: "lease".into(),
        closed: false,
        tables: 5,
        read_at: Some(Millis(1)),
        trouble: Some(Said::new("cause.source_away").text("what", "folder")),
        tested_at: Some(Millis(5)),
        to_fix: 2,
        owners: vec![person()],
        brake: Some(Said::new("now.braked_open").at("since", Millis(3)).text("who", "Ops").text("reason", "Why.")),
        retired: Some(Said::new("source.retired").text("who", "Ops").at("at", Millis(4))),
    };
    wire("source_list", &SourceList { rows: vec![row.clone()], people: vec![person()], may_manage: true });
    let form = SourceForm {
        name: "lease".into(),
        kind: "mysql".into(),
        host: "db.lan".into(),
        port: Some(3306),
        tls: "preferred".into(),
        catalogue: "reader".into(),
        owners: vec![id("ana")],
        version: 2,
        ..SourceForm::default()
    };
    let tested = Some(Tested { at: Millis(1), took: 2, looks: vec![] });
    let view =
        SourceView { row, form: form.clone(), passwords: (true, false), tested, living: (1, 2, 3), may_manage: true };
    wire("source_view", &read(view));
    let passwords = ("first-secret".to_owned(), "second-secret".to_owned());
    let source = Some(id("lease"));
    let save = SourceSave { form, source, catalogue_password: passwords.0, copying_password: passwords.1 };
    assert!(!format!("{save:?}").contains("-secret"), "no password in a log");
    wire("source_save", &save);
}

#[test]
fn routes() {
    let form = RouteForm {
        name: "lake".into(),
        engine: "flink".into(),
        address: "http://flink:8081".into(),
        warehouse: "file:///data/lake".into(),
        readers: Some(2),
        tiers: vec![Tier::Minutes, Tier::Daily],
        database: "ods_{database}".into(),
        table: "{table}".into(),
        most_tables: Some(500),
        most_bytes: None,
        owner: Some(id("ana")),
        closed: false,
        version: 2,
    };
    wire("route_form", &form);
    let warehouse = || "/data/lake".to_owned();
    let view = RouteView { id: id("lake"), form, warehouse: warehouse(), owner: "Ana".into(), living: 3, fixed: true };
    let engines = vec!["embedded".into()];
    wire("route_list", &RouteList { rows: vec![view], engines, people: vec![person()], warehouse: warehouse() });
    let look = Look {
        outcome: Outcome::Fix,
        said: Said::new("test.route_read_only").text("path", "/data/lake").text("what", "no room"),
        fix: Some(Said::new("test.route_read_only.fix")),
        person: "Ops".into(),
        sql: "GRANT SELECT ON *.* TO 'x';".into(),
    };
    wire("tested", &Tested { at: Millis(1), took: 2, looks: vec![look] });
}

#[test]
fn brakes() {
    let said =
        Said::new("now.braked").at("since", Millis(3)).at("until", Millis(9)).text("who", "Ops").text("reason", "Why.");
    let view = BrakeView { source: Some(id("lease")), name: "lease".into(), said, may_lift: true };
    wire("brake_view", &vec![view]);
    wire("pull", &Pull { source: None, reason: "Why.".into(), until: Some(Millis(9)) });
}

#[test]
fn people_as_operators_see_them() {
    let form = PersonForm {
        login: "ana".into(),
        name: "Ana".into(),
        team: "analysts".into(),
        operator: false,
        disabled: false,
        owns: vec![id("lease")],
        version: 2,
    };
    wire("person_form", &form);
    let row = PersonRow { id: id("ana"), form, can_sign_in: false };
    wire("password_link", &PasswordLink { person: row.clone(), token: "t".into(), until: Millis(9) });
    let sources = vec![OwnedSource { id: id("lease"), name: "lease".into() }];
    wire(
        "people_list",
        &PeopleList { rows: vec![row], teams: vec![Team { id: id("t1"), name: "analysts".into() }], sources },
    );
}
