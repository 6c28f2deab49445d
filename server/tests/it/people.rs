//! People as operators see them: who may, what is refused, links to set a password, and that an operator is always left.

use api::me::Me;
use api::people::{PasswordLink, PeopleList, PersonForm, PersonRow, Team, TeamForm};
use api::problem::Code;
use api::{Read, paths};
use domain::change::Happened;
use domain::time::DAY;
use serde_json::json;

use crate::client::{Answer, Client};
use crate::harness::{PASSWORD, TestApp};

async fn list(client: &Client) -> PeopleList {
    client.get(paths::PEOPLE).await.read()
}

async fn one(client: &Client, login: &str) -> PersonRow {
    list(client).await.rows.into_iter().find(|row| row.form.login == login).expect("somebody of that name")
}

fn form(login: &str) -> PersonForm {
    PersonForm {
        login: login.into(),
        name: "欧阳明珠".into(),
        team: "租赁技术部".into(),
        operator: false,
        disabled: false,
        owns: vec![],
        version: 0,
    }
}

async fn add(client: &Client, form: &PersonForm) -> Answer {
    client.post(paths::PEOPLE, form).await
}

async fn change(client: &Client, row: &PersonRow, form: &PersonForm) -> Answer {
    client.put(&paths::fill(paths::PERSON_ONE, &[row.id.as_str()]), form).await
}

async fn new_link(client: &Client, row: &PersonRow) -> Answer {
    client.post(&paths::fill(paths::PERSON_LINK, &[row.id.as_str()]), json!({})).await
}

async fn set_password(app: &TestApp, token: &str, password: &str) -> Answer {
    app.anonymous().post(paths::PASSWORD, json!({ "token": token, "password": password })).await
}

fn said(field: &str, code: &str) -> (String, String) {
    (field.to_owned(), code.to_owned())
}

#[tokio::test]
async fn for_others_than_operators_the_list_is_not_there() {
    let app = TestApp::new().await;
    let bo = one(&app.operator("ops").await, "bo").await;
    for client in [app.requester("ana").await, app.approver("bo").await] {
        client.get(paths::PEOPLE).await.problem(Code::NotFound);
        add(&client, &form("ming")).await.problem(Code::NotFound);
        change(&client, &bo, &bo.form).await.problem(Code::NotFound);
        new_link(&client, &bo).await.problem(Code::NotFound);
    }
    app.anonymous().get(paths::PEOPLE).await.problem(Code::SignInFirst);
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once() {
    let app = TestApp::new().await;
    let ops = app.operator("ops").await;
    let before = app.lines().await;
    let bad = PersonForm {
        login: "a b".into(),
        name: " ".into(),
        team: "x".repeat(61),
        owns: vec!["no-such-source".parse().expect("an id")],
        ..form("")
    };
    let wanted = [said("login", "bad"), said("name", "missing"), said("team", "long"), said("owns", "unknown")];
    assert_eq!(add(&ops, &bad).await.fields(), wanted);
    assert_eq!(add(&ops, &form(" BO ")).await.fields(), [said("login", "taken")]);
    let nobody = PersonRow { id: "nobody".parse().expect("an id"), ..one(&ops, "bo").await };
    change(&ops, &nobody, &form("nobody")).await.problem(Code::NotFound);
    new_link(&ops, &nobody).await.problem(Code::NotFound);
    assert_eq!(app.lines().await, before);
}

#[tokio::test]
async fn who_is_added_sets_a_password_by_the_link_once_and_is_signed_in() {
    let app = TestApp::new().await;
    let ops = app.operator("ops").await;
    let answer = add(&ops, &form(" Ming ")).await;
    assert_eq!(answer.status, 201);
    let link: PasswordLink = answer.read();
    assert_eq!((link.person.form.login.as_str(), link.person.can_sign_in), ("ming", false));
    assert!(list(&ops).await.teams.iter().any(|team| team.name == "租赁技术部"));
    for guess in ["", "a long password", PASSWORD] {
        app.anonymous().try_sign_in("ming", guess).await.problem(Code::WrongPassword);
    }
    set_password(&app, "guessed", PASSWORD).await.problem(Code::PasswordLink);
    assert_eq!(set_password(&app, &link.token, "short").await.fields(), [said("password", "short")]);
    let answer = set_password(&app, &link.token, "a password of my own").await;
    let ming = app.anonymous().with_cookie(answer.cookie());
    assert_eq!(ming.get(paths::ME).await.read::<Read<Me>>().thing.login, "ming");
    set_password(&app, &link.token, "another password").await.problem(Code::PasswordLink);
    app.anonymous().sign_in("ming", "a password of my own").await;
    assert!(one(&ops, "ming").await.can_sign_in);
    let lines = app.log().await;
    let text = serde_json::to_string(&lines.iter().map(|line| &line.change.happened).collect::<Vec<_>>());
    assert!(!text.expect("JSON").contains(&link.token), "no secret in the log");
}

#[tokio::test]
async fn a_new_link_ends_the_one_before_and_all_sessions_when_it_is_used() {
    let app = TestApp::new().await;
    let (ops, ana) = (app.operator("ops").await, app.requester("ana").await);
    let row = one(&ops, "ana").await;
    let first: PasswordLink = new_link(&ops, &row).await.read();
    let second: PasswordLink = new_link(&ops, &row).await.read();
    ana.get(paths::ME).await.read::<Read<Me>>();
    set_password(&app, &first.token, "a new password").await.problem(Code::PasswordLink);
    set_password(&app, &second.token, "a new password").await.read::<Me>();
    ana.get(paths::ME).await.problem(Code::SignInFirst);
    let late: PasswordLink = new_link(&ops, &row).await.read();
    app.state.clock.advance(3 * DAY);
    set_password(&app, &late.token, "a newer password").await.problem(Code::PasswordLink);
    app.settle().await;
}

#[tokio::test]
async fn who_is_disabled_is_out_at_once_and_their_link_is_dead() {
    let app = TestApp::new().await;
    let (ops, ana) = (app.operator("ops").await, app.requester("ana").await);
    let row = one(&ops, "ana").await;
    let link: PasswordLink = new_link(&ops, &row).await.read();
    let out: PersonRow = change(&ops, &row, &PersonForm { disabled: true, ..row.form.clone() }).await.read();
    ana.get(paths::ME).await.problem(Code::SignInFirst);
    set_password(&app, &link.token, "a new password").await.problem(Code::PasswordLink);
    app.anonymous().try_sign_in("ana", PASSWORD).await.problem(Code::WrongPassword);
    change(&ops, &out, &PersonForm { disabled: false, ..out.form.clone() }).await.read::<PersonRow>();
    app.anonymous().sign_in("ana", PASSWORD).await;
    let kinds: Vec<_> = app
        .log()
        .await
        .into_iter()
        .filter_map(|line| match line.change.happened {
            Happened::PersonDisabled { login } => Some(("out", login)),
            Happened::PersonEnabled { login } => Some(("in", login)),
            _ => None,
        })
        .collect();
    assert_eq!(kinds, [("out", "ana".to_owned()), ("in", "ana".to_owned())]);
}

#[tokio::test]
async fn the_last_operator_stays_one() {
    let app = TestApp::new().await;
    let ops = app.operator("ops").await;
    let row = one(&ops, "ops").await;
    for form in [PersonForm { operator: false, ..row.form.clone() }, PersonForm { disabled: true, ..row.form.clone() }]
    {
        assert_eq!(change(&ops, &row, &form).await.fields(), [said("operator", "last_operator")]);
    }
    add(&ops, &PersonForm { operator: true, ..form("second") }).await.read::<PasswordLink>();
    let down = PersonForm { operator: false, ..row.form.clone() };
    let refused = change(&ops, &row, &down).await.fields();
    assert_eq!(refused, [said("operator", "last_operator")], "one without a password operates nothing");
    app.operator("third").await;
    change(&ops, &row, &down).await.read::<PersonRow>();
    ops.get(paths::PEOPLE).await.problem(Code::NotFound);
}

#[tokio::test]
async fn who_owns_a_source_decides_about_it_from_then_on() {
    let app = TestApp::new().await;
    let (ops, ana, tom) = (app.operator("ops").await, app.requester("ana").await, app.stranger("tom").await);
    let request = ana.ask(&["contract"]).await.row.id;
    let row = one(&ops, "tom").await;
    assert!(row.form.owns.is_empty());
    let owner = PersonForm { owns: vec!["lease".parse().expect("an id")], ..row.form.clone() };
    let row: PersonRow = change(&ops, &row, &owner).await.read();
    assert_eq!((row.form.owns.len(), row.form.version), (1, 2));
    let late = PersonForm { name: "Thomas".into(), ..owner };
    change(&ops, &row, &late).await.problem(Code::Faster);
    tom.approve(&request).await;
    app.settle().await;
}

async fn rename(client: &Client, team: &str, was: &str, name: &str) -> Answer {
    let form = TeamForm { name: name.into(), was: was.into() };
    client.put(&paths::fill(paths::TEAM_ONE, &[team]), form).await
}

#[tokio::test]
async fn a_team_is_renamed_once_and_its_name_follows_everywhere() {
    for app in TestApp::on_each_database().await {
        let (ana, bo, ops) = (app.requester("ana").await, app.approver("bo").await, app.operator("ops").await);
        let request = ana.ask(&["contract"]).await.row.id;
        let teams = list(&ops).await.teams;
        let team = teams.iter().find(|team| team.name == "analysts").expect("it is there").id.to_string();
        let lines = app.lines().await;
        for client in [&ana, &bo] {
            rename(client, &team, "analysts", "数据分析").await.problem(Code::NotFound);
        }
        rename(&ops, "none", "analysts", "数据分析").await.problem(Code::NotFound);
        assert_eq!(rename(&ops, &team, "analysts", " ").await.fields(), [said("name", "missing")]);
        assert_eq!(rename(&ops, &team, "analysts", &"x".repeat(61)).await.fields(), [said("name", "long")]);
        assert_eq!(rename(&ops, &team, "analysts", "leasing").await.fields(), [said("name", "team_taken")]);
        rename(&ops, &team, "analysts", "analysts").await.read::<Team>();
        assert_eq!(app.lines().await, lines, "the same name again is no change");
        let renamed: Team = rename(&ops, &team, "analysts", " 数据分析 ").await.read();
        assert_eq!(renamed.name, "数据分析");
        rename(&ops, &team, "analysts", "others").await.problem(Code::Faster);
        let happened = app.log().await.pop().expect("a line").change.happened;
        assert_eq!(happened, Happened::TeamRenamed { was: "analysts".into(), name: "数据分析".into() });
        assert_eq!(app.lines().await, lines + 1);
        assert_eq!(one(&ops, "ana").await.form.team, "数据分析");
        assert_eq!(bo.request(&request).await.row.requester.team, "数据分析");
    }
}
