//! Tables in the lake: who may look, what is masked, what is noted.

use api::lake::{LakePage, LakeView, Rows};
use api::problem::Code;
use api::{Read, paths};
use axum::http::header;
use domain::change::{Actor, Happened};
use domain::ids::RequestId;
use domain::time::SECOND;

use crate::client::Client;
use crate::harness::TestApp;

async fn ready(table: &str, rows: u64) -> (TestApp, Client, RequestId) {
    let app = TestApp::new().await;
    let (ana, request) = app.started(&[table]).await;
    app.land(&ana.item(&request, table).await.id, rows).await;
    app.settle().await;
    (app, ana, request)
}

fn one(path: &str, table: &str) -> String {
    paths::fill(path, &["ods_lease", table])
}

#[tokio::test]
async fn each_look_at_rows_is_a_line_of_the_log_and_personal_columns_are_masked() {
    let (app, ana, request) = ready("tenant", 3).await;
    let (tom, bo, ops) = (app.requester("tom").await, app.approver("bo").await, app.operator("ops").await);
    let before = app.lines().await;
    for client in [&ana, &tom, &bo, &ops] {
        let rows: Rows = client.get(&one(paths::LAKE_ROWS, "tenant")).await.read();
        assert_eq!((rows.columns.join(" "), rows.masked.join(" ")), ("id name mobile_no".into(), "mobile_no".into()));
        let first: Vec<_> = rows.rows[0].iter().map(|cell| cell.as_deref().expect("a value")).collect();
        assert_eq!((rows.rows.len(), first), (3, vec!["0", "n0", "•••"]));
    }
    let looks: Vec<_> = app.log().await.split_off(before).into_iter().map(|line| line.change).collect();
    let who: Vec<_> = looks.iter().map(|change| &change.actor).collect();
    let person = |login: &str| Actor::Person(login.parse().expect("an id"));
    assert_eq!(who, [&person("ana"), &person("tom"), &person("bo"), &person("ops")]);
    let table = "ods_lease.tenant".to_owned();
    assert!(looks.iter().all(|change| change.happened == Happened::RowsSeen { table: table.clone() }));
    assert_eq!(ana.timeline(&request).await.iter().filter(|kind| *kind == "rows_seen").count(), 4);
}

#[tokio::test]
async fn a_stranger_sees_nothing_of_a_table_in_the_lake() {
    let (app, _, _) = ready("contract", 3).await;
    let xi = app.stranger("xi").await;
    let before = app.lines().await;
    xi.get(&one(paths::LAKE_ONE, "contract")).await.problem(Code::NotFound);
    xi.get(&one(paths::LAKE_ROWS, "contract")).await.problem(Code::NotFound);
    let list: LakePage = xi.get(paths::LAKE).await.read();
    assert_eq!((list.page.rows.len(), list.tally), (0, api::lake::LakeTally::default()));
    assert_eq!(app.lines().await, before, "a look that was refused is no look");
}

#[tokio::test]
async fn a_table_shows_its_proof_its_history_and_queries() {
    let (app, ana, request) = ready("contract", 3).await;
    let view = ana.get(&one(paths::LAKE_ONE, "contract")).await.read::<Read<LakeView>>().thing;
    let proof = view.proof.expect("it was proven");
    assert_eq!((proof.source_rows, proof.lake_rows, proof.read_at, proof.at), (3, 3, app.now(), app.now()));
    let asked = view.asked.expect("the requester may see it");
    assert_eq!((asked.0.as_str(), asked.1.as_str()), (request.as_str(), "R-1001"));
    let kinds: Vec<_> = view.history.iter().map(|line| line.kind.as_str()).collect();
    assert_eq!(kinds, ["ready", "copied", "started", "placed", "decided", "submitted"]);
    assert!(view.queries.iter().any(|query| query.text.contains("`ods_lease`.`contract`")));
    assert!(view.may_see_rows && view.may_tend && view.bytes.is_some_and(|(bytes, _)| bytes > 0));
    assert_eq!(view.row.late_at, Some(app.now().plus(domain::tier::MINUTES_PROMISE)));
    let ops = app.operator("ops").await;
    let tally = ops.get(paths::LAKE).await.read::<LakePage>().tally;
    assert_eq!((tally.ready, tally.unknown), (1, 0));
}

#[tokio::test]
async fn a_table_that_is_still_on_its_way_has_no_rows_to_show() {
    let app = TestApp::new().await;
    let (ana, _) = app.started(&["contract"]).await;
    let view = ana.get(&one(paths::LAKE_ONE, "contract")).await.read::<Read<LakeView>>().thing;
    assert!(view.proof.is_none() && !view.may_see_rows && view.bytes.is_none());
    ana.get(&one(paths::LAKE_ROWS, "contract")).await.problem(Code::NotFound);
    assert!(ana.get(paths::LAKE).await.read::<LakePage>().page.rows.is_empty());
}

#[tokio::test]
async fn rows_that_cannot_be_read_are_a_problem_in_words_and_no_line_of_the_log() {
    let (app, ana, request) = ready("contract", 3).await;
    std::fs::remove_dir_all(app.lake_folder("contract")).expect("it was there");
    let before = app.lines().await;
    let answer = ana.get(&one(paths::LAKE_ROWS, "contract")).await;
    assert_eq!(answer.headers[header::RETRY_AFTER], "60");
    answer.problem(Code::LakeAway);
    assert_eq!(app.lines().await, before);
    app.advance(30 * SECOND).await;
    assert_eq!(ana.request(&request).await.problems[0].next.key, "next.lake_table_gone");
}
