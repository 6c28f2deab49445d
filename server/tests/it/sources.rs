//! Sources as things to set up: who may, what is refused, what a test says, and that no password ever comes out.

use api::looks::{Outcome, Tested};
use api::problem::Code;
use api::sources::{SourceForm, SourceList, SourceSave, SourceView};
use api::{Read, paths};
use domain::source::Account;
use secrecy::ExposeSecret;

use crate::client::{Answer, Client};
use crate::harness::TestApp;

fn files(name: &str, path: &str) -> SourceSave {
    let form = SourceForm { name: name.into(), kind: "sqlite".into(), path: path.into(), ..SourceForm::default() };
    SourceSave { form, ..SourceSave::default() }
}

/// A server where nobody listens.
fn server(name: &str) -> SourceSave {
    let form = SourceForm {
        name: name.into(),
        kind: "mysql".into(),
        host: "127.0.0.1".into(),
        port: Some(1),
        catalogue: "reader".into(),
        copying: "copier".into(),
        connect_seconds: Some(1),
        administrator: "孙浩".into(),
        ..SourceForm::default()
    };
    let (catalogue_password, copying_password) = ("s3cret-one".into(), "s3cret-two".into());
    SourceSave { form, catalogue_password, copying_password, ..SourceSave::default() }
}

async fn add(client: &Client, save: &SourceSave) -> Answer {
    client.post(paths::SOURCES, save).await
}

fn one(id: &str) -> String {
    paths::fill(paths::SOURCE_ONE, &[id])
}

async fn see(client: &Client, id: &str) -> SourceView {
    client.get(&one(id)).await.read::<Read<SourceView>>().thing
}

fn said(field: &str, code: &str) -> (String, String) {
    (field.to_owned(), code.to_owned())
}

#[tokio::test]
async fn owners_read_their_own_operators_all_and_for_others_there_is_none() {
    let app = TestApp::new().await;
    let (ana, bo, ops) = (app.requester("ana").await, app.approver("bo").await, app.operator("ops").await);
    ana.get(paths::SOURCES).await.problem(Code::NotFound);
    ana.get(&one("lease")).await.problem(Code::NotFound);
    bo.get(&one("other")).await.problem(Code::NotFound);
    let his: SourceList = bo.get(paths::SOURCES).await.read();
    assert_eq!((his.rows.len(), his.may_manage, his.people.len()), (1, false, 0));
    assert!(!see(&bo, "lease").await.may_manage);
    for client in [&ana, &bo] {
        add(client, &files("mine", "lease")).await.problem(Code::NotFound);
        client.put(&one("lease"), files("lease", "lease")).await.problem(Code::NotFound);
        client.post(paths::SOURCE_TEST, files("mine", "lease")).await.problem(Code::NotFound);
    }
    let all: SourceList = ops.get(paths::SOURCES).await.read();
    assert_eq!((all.rows.len(), all.may_manage), (2, true));
    ops.get(&one("none")).await.problem(Code::NotFound);
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once_and_nothing_is_kept() {
    let app = TestApp::new().await;
    let ops = app.operator("ops").await;
    let before = app.lines().await;
    let mut bad = server(" ");
    bad.form.host = "mysql://db".into();
    bad.form.port = Some(0);
    bad.form.catalogue = String::new();
    bad.form.owners = vec!["nobody".parse().expect("an id")];
    bad.form.read_every = Some(0);
    let fields = add(&ops, &bad).await.fields();
    for wanted in [
        said("name", "missing"),
        said("host", "bad"),
        said("port", "range"),
        said("catalogue", "bad"),
        said("owners", "unknown"),
        said("read_every", "range"),
    ] {
        assert!(fields.contains(&wanted), "{wanted:?} of {fields:?}");
    }
    assert_eq!(add(&ops, &files("lease", "lease")).await.fields(), [said("name", "taken")]);
    assert_eq!(add(&ops, &files("x", " ")).await.fields(), [said("path", "missing")]);
    let odd = ops.put(&one("lease"), server("lease")).await.fields();
    assert!(odd.contains(&said("kind", "stays")), "{odd:?}");
    assert_eq!(app.lines().await, before);
}

#[tokio::test]
async fn a_source_with_findings_is_saved_and_marked_until_they_are_fixed() {
    let app = TestApp::new().await;
    let ops = app.operator("ops").await;
    let answer = add(&ops, &files("new", "not-there")).await;
    assert_eq!(answer.status, 201);
    let view: SourceView = answer.read();
    assert_eq!((view.row.to_fix, view.form.version), (1, 2));
    let fixed = SourceSave { form: SourceForm { path: "lease".into(), ..view.form.clone() }, ..SourceSave::default() };
    let id = view.row.id.as_str();
    let view: SourceView = ops.put(&one(id), &fixed).await.read();
    assert_eq!((view.row.to_fix, view.form.path.as_str(), view.form.version), (0, "lease", 3));
    ops.put(&one(id), &fixed).await.problem(Code::Faster);
    app.settle().await;
    assert!(see(&ops, id).await.row.tables > 0, "its catalogue was read");
}

#[tokio::test]
async fn a_password_goes_in_and_never_comes_out() {
    let app = TestApp::new().await;
    let ops = app.operator("ops").await;
    let answer = add(&ops, &server("db")).await;
    assert!(!answer.json.to_string().contains("s3cret"), "{}", answer.json);
    let view: SourceView = answer.read();
    assert_eq!(view.passwords, (true, true));
    let id = view.row.id.clone();
    let kept = async |account: Account| {
        let mut tx = app.state.store.read().await.expect("answers");
        let sealed = tx.secrets().get(&account.secret(&id)).await.expect("answers").expect("is kept");
        app.state.vault.open(&account.secret(&id), &sealed).expect("opens").expose_secret().to_owned()
    };
    let save = |form: SourceForm| SourceSave { form, source: Some(id.clone()), ..SourceSave::default() };
    let form = SourceForm { copies: Some(4), ..view.form.clone() };
    let view: SourceView = ops.put(&one(id.as_str()), save(form)).await.read();
    assert_eq!(kept(Account::Copying).await, "s3cret-two", "an empty field keeps the old one");
    let moved = SourceForm { host: "localhost".into(), ..view.form.clone() };
    let wanted = [said("catalogue_password", "again"), said("copying_password", "again")];
    assert_eq!(ops.put(&one(id.as_str()), save(moved.clone())).await.fields(), wanted);
    assert_eq!(ops.post(paths::SOURCE_TEST, save(moved)).await.fields(), wanted, "not even to test");
    let typed = SourceSave { catalogue_password: "s3cret-three".into(), ..save(view.form) };
    ops.put(&one(id.as_str()), typed).await.read::<SourceView>();
    assert_eq!(kept(Account::Catalogue).await, "s3cret-three");
    let lines: Vec<_> = app.log().await.into_iter().map(|line| line.change.happened).collect();
    assert!(!serde_json::to_string(&lines).expect("JSON").contains("s3cret"), "not in the log either");
}

#[tokio::test]
async fn the_test_names_who_acts_and_keeps_nothing() {
    let app = TestApp::new().await;
    let ops = app.operator("ops").await;
    let before = app.lines().await;
    let tested: Tested = ops.post(paths::SOURCE_TEST, server("")).await.read();
    let worst = tested.looks.first().expect("it found something");
    assert_eq!((worst.outcome, worst.person.as_str()), (Outcome::Fix, "孙浩"), "{tested:?}");
    assert!(worst.fix.is_some());
    let tested: Tested = ops.post(paths::SOURCE_TEST, files("", "lease")).await.read();
    assert!(tested.looks.iter().all(|look| look.outcome != Outcome::Fix), "{tested:?}");
    assert_eq!(app.lines().await, before);
}

#[tokio::test]
async fn owners_are_those_of_the_form_and_a_closed_source_is_closed_at_once() {
    let app = TestApp::new().await;
    let (ana, ops) = (app.requester("ana").await, app.operator("ops").await);
    let view = see(&ops, "other").await;
    let form = SourceForm { owners: vec!["ana".parse().expect("an id")], closed: true, ..view.form };
    ops.put(&one("other"), SourceSave { form, ..SourceSave::default() }).await.read::<SourceView>();
    assert_eq!(see(&ana, "other").await.row.owners.len(), 1);
    let view = see(&ops, "other").await;
    let form = SourceForm { owners: vec![], ..view.form };
    ops.put(&one("other"), SourceSave { form, ..SourceSave::default() }).await.read::<SourceView>();
    ana.get(&one("other")).await.problem(Code::NotFound);
    app.settle().await;
}
