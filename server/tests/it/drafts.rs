//! Requests while they are written: kept, found again, two tabs, checked, split, signed.

use api::drafts::{AsOf, Checks, DraftRow, DraftView, Save};
use api::problem::Code;
use api::requests::RequestView;
use api::{Page, Read, paths};
use axum::http::{Method, header};
use domain::check::Severity;
use domain::draft::{Contents, KEPT, Pick};
use domain::ids::DraftId;
use domain::request::AskedTable;
use domain::tier::Tier;
use domain::time::MINUTE;

use crate::client::{Answer, Client, ask};
use crate::harness::TestApp;

pub fn contents(tables: &[&str]) -> Contents {
    let asked = ask(tables);
    Contents {
        title: asked.title,
        reason: asked.reason,
        route: Some(asked.route),
        tier: Some(asked.tier),
        tables: asked.tables,
        ..Contents::default()
    }
}

async fn make_by(client: &Client, key: &str, contents: &Contents) -> Answer {
    let call = client.to(Method::POST, paths::DRAFTS).header(header::CONTENT_TYPE, "application/json");
    client.send(call.header("idempotency-key", key), serde_json::to_string(contents).expect("serialises")).await
}

pub async fn make(client: &Client, contents: &Contents) -> DraftView {
    make_by(client, &client.fresh_key(), contents).await.read()
}

fn at(path: &str, id: &DraftId) -> String {
    paths::fill(path, &[id.as_str()])
}

async fn get(client: &Client, id: &DraftId) -> DraftView {
    client.get(&at(paths::DRAFT_ONE, id)).await.read::<Read<DraftView>>().thing
}

pub async fn save(client: &Client, id: &DraftId, version: i64, contents: &Contents) -> Answer {
    client.put(&at(paths::DRAFT_ONE, id), Save { version, contents: contents.clone() }).await
}

async fn checks(client: &Client, id: &DraftId) -> Checks {
    client.get(&at(paths::DRAFT_CHECKS, id)).await.read()
}

pub async fn submit(client: &Client, id: &DraftId, version: i64) -> Answer {
    client.post(&at(paths::DRAFT_SUBMIT, id), AsOf { version }).await
}

async fn mine(client: &Client) -> Vec<DraftRow> {
    client.get(paths::DRAFTS).await.read::<Page<DraftRow>>().rows
}

pub fn names(tables: &[AskedTable]) -> Vec<&str> {
    tables.iter().map(|each| each.table.table.as_str()).collect()
}

#[tokio::test]
async fn a_draft_is_found_again_by_its_writer_and_by_nobody_else() {
    let app = TestApp::new().await;
    let (ana, tom) = (app.requester("ana").await, app.requester("tom").await);
    let lines = app.lines().await;
    let draft = make(&ana, &contents(&["contract", "tenant"])).await;
    assert_eq!((draft.version, names(&draft.tables)), (1, vec!["contract", "tenant"]));
    assert_eq!((draft.cart[0].tables, draft.cart[0].rows, &draft.cart[0].deciders), (2, None, &vec!["Bo".to_owned()]));
    assert_eq!(draft.names[0].1.to_string(), "ods_lease.contract");
    assert_eq!(get(&ana, &draft.id).await, draft);
    assert_eq!(mine(&ana).await.iter().map(|row| (&row.id, row.tables)).collect::<Vec<_>>(), [(&draft.id, 2)]);
    assert!(mine(&tom).await.is_empty());
    tom.get(&at(paths::DRAFT_ONE, &draft.id)).await.problem(Code::NotFound);
    tom.get(&at(paths::DRAFT_CHECKS, &draft.id)).await.problem(Code::NotFound);
    tom.delete(&at(paths::DRAFT_ONE, &draft.id)).await.problem(Code::NotFound);
    save(&tom, &draft.id, 1, &contents(&[])).await.problem(Code::NotFound);
    submit(&tom, &draft.id, 1).await.problem(Code::NotFound);
    assert_eq!(get(&ana, &draft.id).await, draft);
    ana.delete(&at(paths::DRAFT_ONE, &draft.id)).await;
    ana.get(&at(paths::DRAFT_ONE, &draft.id)).await.problem(Code::NotFound);
    assert_eq!(app.lines().await, lines, "a draft is nobody else's business");
}

#[tokio::test]
async fn two_tabs_on_one_draft_lose_nothing() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    let draft = make(&ana, &contents(&["contract"])).await;
    let (one, other) = (contents(&["contract", "tenant"]), contents(&["visit"]));
    assert_eq!(save(&ana, &draft.id, 1, &one).await.read::<DraftView>().version, 2);
    save(&ana, &draft.id, 1, &other).await.problem(Code::Faster);
    assert_eq!(get(&ana, &draft.id).await.contents, one, "the first stands");
    assert_eq!(
        save(&ana, &draft.id, 2, &other).await.read::<DraftView>().contents,
        other,
        "the second was told and chose"
    );
    submit(&ana, &draft.id, 2).await.problem(Code::Faster);
    assert_eq!(mine(&ana).await.len(), 1, "what was not seen is not signed");
}

#[tokio::test]
async fn beginning_twice_is_beginning_once() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    let first: DraftView = make_by(&ana, "key-of-this-test", &contents(&["contract"])).await.read();
    let again = make_by(&ana, "key-of-this-test", &contents(&["contract"])).await;
    assert_eq!((again.status, again.read::<DraftView>().id), (200, first.id));
    let empty = make(&ana, &Contents::default()).await;
    assert_eq!(
        (empty.contents.route.as_ref().map(domain::ids::RouteId::as_str), empty.contents.tier),
        (Some("lake"), Some(Tier::Daily))
    );
    assert_eq!(make(&ana, &Contents::default()).await.id, empty.id, "one empty draft is enough");
    assert_eq!(mine(&ana).await.len(), 2);
}

#[tokio::test]
async fn all_that_match_stay_what_was_searched_for_until_they_are_signed() {
    let app = TestApp::new().await;
    let (ana, tom) = (app.requester("ana").await, app.requester("tom").await);
    tom.ask(&["vacant"]).await;
    let pick = Pick { source: Some("lease".parse().expect("an id")), ..Pick::default() };
    let all = Contents { picks: vec![pick], without: ask(&["visit"]).tables, ..contents(&[]) };
    let draft = make(&ana, &all).await;
    assert_eq!(names(&draft.tables), ["contract", "tenant"], "not what is blocked, taken out, or brought already");
    app.change_source("lease", "CREATE TABLE newcomer (id int PRIMARY KEY)").await;
    app.advance(15 * MINUTE).await;
    assert_eq!(names(&get(&ana, &draft.id).await.tables), ["contract", "newcomer", "tenant"]);
    let request: RequestView = submit(&ana, &draft.id, 1).await.read();
    assert_eq!(request.row.tally.requested(), 3);
    let like = Contents { picks: vec![Pick { pattern: "lease.v*t".into(), ..Pick::default() }], ..contents(&[]) };
    assert_eq!(names(&make(&ana, &like).await.tables), ["vacant", "visit", "visit"], "of both sources");
}

#[tokio::test]
async fn the_checks_of_now_are_grouped_by_cause_and_what_cannot_go_is_split_off() {
    let app = TestApp::new().await;
    let (ana, tom) = (app.requester("ana").await, app.requester("tom").await);
    tom.ask(&["vacant"]).await;
    let draft = make(&ana, &contents(&["contract", "no_such_table", "badge", "tenant", "visit", "vacant"])).await;
    let found = checks(&ana, &draft.id).await;
    assert_eq!((found.tables, found.fine, found.know, found.fix, found.unknown), (6, 1, 3, 2, 0));
    let groups: Vec<_> =
        found.groups.iter().map(|group| (group.code.as_str(), group.severity, names(&group.tables))).collect();
    assert_eq!(
        groups,
        [
            ("no_such_table", Severity::MustFix, vec!["no_such_table"]),
            ("type_refused", Severity::MustFix, vec!["badge"]),
            ("no_key", Severity::GoodToKnow, vec!["visit"]),
            ("personal", Severity::GoodToKnow, vec!["tenant"]),
            ("asked_for", Severity::GoodToKnow, vec!["vacant"]),
        ]
    );
    assert_eq!((found.groups[1].person.as_str(), found.groups[1].source.as_str()), ("Bo", "lease"));

    let refused = submit(&ana, &draft.id, 1).await.fields();
    assert_eq!(
        refused,
        [("tables.1", "no_such_table"), ("tables.2", "blocked")].map(|(f, c)| (f.to_owned(), c.to_owned()))
    );
    let went: DraftView = ana.post(&at(paths::DRAFT_SPLIT, &draft.id), AsOf { version: 1 }).await.read();
    assert_eq!(names(&went.tables), ["contract", "tenant", "visit", "vacant"]);
    let rest = went.contents.rest.expect("the rest is kept");
    assert_eq!(rest.tables, 2);
    let rest = get(&ana, &rest.draft).await;
    assert_eq!((names(&rest.tables), rest.contents.title.as_str()), (vec!["badge", "no_such_table"], "Monthly report"));
    ana.post(&at(paths::DRAFT_SPLIT, &draft.id), AsOf { version: 1 }).await.problem(Code::Faster);
    let request: RequestView = submit(&ana, &draft.id, 2).await.read();
    assert_eq!(request.row.tally.requested(), 4);
    assert!(ana.item(&request.row.id, "vacant").await.linked);
    assert_eq!(mine(&ana).await.iter().map(|row| &row.id).collect::<Vec<_>>(), [&rest.id]);
}

#[tokio::test]
async fn a_table_of_a_source_that_was_never_read_is_not_known_yet() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    let mut connection = app.connect().await;
    sqlx::query("UPDATE sources SET read_at = NULL WHERE id = 'lease'")
        .execute(&mut connection)
        .await
        .expect("answers");
    let draft = make(&ana, &contents(&["no_such_table"])).await;
    let found = checks(&ana, &draft.id).await;
    assert_eq!((found.unknown, found.fix, found.groups[0].code.as_str()), (1, 0, "not_read"));
    submit(&ana, &draft.id, 1).await.problem(Code::Rule);
}

#[tokio::test]
async fn signing_twice_is_signing_once() {
    for app in TestApp::on_each_database().await {
        let ana = app.requester("ana").await;
        let draft = make(&ana, &contents(&["contract", "tenant"])).await;
        let click = || submit(&ana, &draft.id, 1);
        let (one, two, three) = tokio::join!(click(), click(), click());
        let mut statuses = [one.status, two.status, three.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 200, 201]);
        let ids = [one, two, three].map(|answer| answer.read::<RequestView>().row.id);
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        assert_eq!(ana.request(&ids[0]).await.row.tally.requested(), 2);
        assert_eq!(app.log().await.iter().filter(|line| line.change.request.is_some()).count(), 1, "one line");
        ana.get(&at(paths::DRAFT_ONE, &draft.id)).await.problem(Code::NotFound);
    }
}

#[tokio::test]
async fn what_is_missing_is_said_at_the_fields_and_the_draft_stays() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    let bare = Contents {
        tables: vec![],
        title: String::new(),
        reason: " ".into(),
        keep_until: "soon".into(),
        ..contents(&[])
    };
    let draft = make(&ana, &bare).await;
    let wrong = submit(&ana, &draft.id, 1).await.fields();
    let wrong: Vec<_> = wrong.iter().map(|(field, code)| (field.as_str(), code.as_str())).collect();
    assert_eq!(wrong, [("title", "missing"), ("reason", "missing"), ("keep_until", "bad"), ("tables", "missing")]);
    let nowhere = Contents { route: Some("nowhere".parse().expect("an id")), ..contents(&["contract"]) };
    save(&ana, &draft.id, 1, &nowhere).await.read::<DraftView>();
    assert_eq!(submit(&ana, &draft.id, 2).await.fields(), [("route".to_owned(), "unknown".to_owned())]);
    let endless = Contents { reason: "x".repeat(4_001), ..contents(&[]) };
    assert_eq!(save(&ana, &draft.id, 2, &endless).await.fields(), [("reason".to_owned(), "long".to_owned())]);
    assert_eq!(get(&ana, &draft.id).await.version, 2);
}

#[tokio::test]
async fn a_draft_that_nobody_touches_for_ninety_days_ends_and_stays_readable() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    let draft = make(&ana, &contents(&["contract"])).await;
    app.advance(KEPT - 1).await;
    let ana = app.requester("ana").await;
    assert_eq!(mine(&ana).await.len(), 1);
    app.advance(1).await;
    assert!(mine(&ana).await.is_empty());
    let ended = get(&ana, &draft.id).await;
    assert!(ended.ended && ended.contents == draft.contents);
    save(&ana, &draft.id, 1, &contents(&[])).await.problem(Code::Faster);
    submit(&ana, &draft.id, 1).await.problem(Code::Faster);
}
