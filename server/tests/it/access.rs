//! Asking for access: a table that others bring is not copied again; its owner lets people read it, and nobody else.

use api::inbox::{Card, InboxRow, Verdict};
use api::lake::{LakePage, LakeView, Rows};
use api::problem::Code;
use api::requests::{RequestView, TendVerb};
use api::tables::TableRow;
use api::{Page, Read, paths};
use domain::change::Happened;
use domain::ids::RequestId;
use domain::request::Stamp;
use domain::time::SECOND;

use crate::client::{Client, verdict};
use crate::harness::{PASSWORD, TestApp};

fn one(path: &str) -> String {
    paths::fill(path, &["ods_lease", "contract"])
}

/// A table that Ana of the analysts brought, ready in the lake.
async fn brought() -> (TestApp, Client) {
    let app = TestApp::new().await;
    let (ana, request) = app.started(&["contract"]).await;
    app.land(&ana.item(&request, "contract").await.id, 3).await;
    app.settle().await;
    (app, ana)
}

/// Somebody of a team of their own.
async fn outsider(app: &TestApp) -> Client {
    app.add("zoe", "outsiders", false).await;
    app.anonymous().sign_in("zoe", PASSWORD).await
}

async fn card(client: &Client, id: &RequestId) -> Card {
    client.get(&paths::fill(paths::INBOX_ONE, &[id.as_str()])).await.read::<Read<Card>>().thing
}

#[track_caller]
fn closed(answers: [crate::client::Answer; 2]) {
    for answer in answers {
        answer.problem(Code::NotFound);
    }
}

async fn look(client: &Client) -> [crate::client::Answer; 2] {
    [client.get(&one(paths::LAKE_ONE)).await, client.get(&one(paths::LAKE_ROWS)).await]
}

#[tokio::test]
async fn who_is_let_in_reads_the_rows_with_their_team_and_nobody_else_gains_anything() {
    let (app, ana) = brought().await;
    let (xi, mate, bo) = (app.stranger("xi").await, app.stranger("mo").await, app.approver("bo").await);
    let zoe = outsider(&app).await;
    let asked = xi.ask(&["contract"]).await;
    let request = asked.row.id;
    assert_eq!((asked.row.stamp, asked.row.deciders), (Stamp::Waiting, vec!["Bo".to_owned()]));
    let item = xi.item(&request, "contract").await;
    assert!(item.reads && !item.linked && item.state == "submitted");
    let submitted = app.log().await.pop().expect("a line").change.happened;
    assert_eq!(submitted, Happened::Submitted { tables: 1, linked: 0, reads: 1 });
    closed(look(&xi).await);

    let shown = card(&bo, &request).await;
    assert_eq!(shown.brought.expect("others bring it").key, "card.brought");
    assert_eq!((shown.load.key.as_str(), shown.cost.key.as_str()), ("card.load.read", "card.cost.read"));
    assert_eq!(shown.view.grant, "GRANT SELECT ON TABLE `ods_lease`.`contract` TO USER `xi`;");
    let approved = bo.approve(&request).await;
    assert!(approved.may.take_back_until.is_some());
    closed(look(&xi).await);
    app.advance(30 * SECOND).await;
    let view = xi.request(&request).await;
    assert_eq!((view.row.tally.ready, view.row.stamp), (1, Stamp::Approved { let_in: 1, of: 1 }));
    assert_eq!(xi.timeline(&request).await, ["submitted", "decided", "opened"]);
    assert!(xi.item(&request, "contract").await.as_of.is_some());

    for client in [&xi, &mate] {
        assert_eq!(client.get(&one(paths::LAKE_ROWS)).await.read::<Rows>().rows.len(), 3);
        assert_eq!(client.get(paths::LAKE).await.read::<LakePage>().page.rows.len(), 1);
        let view = client.get(&one(paths::LAKE_ONE)).await.read::<Read<LakeView>>().thing;
        assert!(view.may_see_rows && !view.may_tend && view.asked.is_none() && view.history.is_empty());
    }
    closed(look(&zoe).await);
    assert!(zoe.get(paths::LAKE).await.read::<LakePage>().page.rows.is_empty());
    let first = ana.get(paths::REQUESTS).await.read::<Page<api::requests::RequestRow>>().rows.remove(0).id;
    xi.get(&paths::fill(paths::REQUEST_ONE, &[first.as_str()])).await.problem(Code::NotFound);
    let tables: usize = app.engine.memory().jobs.values().map(|job| job.spec.tables.len()).sum();
    assert_eq!(tables, 1, "nothing is copied again");
}

#[tokio::test]
async fn nothing_but_an_approval_opens_rows_and_a_right_that_is_left_out_ends() {
    let (app, _) = brought().await;
    let (xi, bo) = (app.stranger("xi").await, app.approver("bo").await);
    for (what, word) in [(Verdict::Reject, "rejected"), (Verdict::SendBack, "sent_back")] {
        let request = xi.ask(&["contract"]).await.row.id;
        bo.decide(&request, &verdict(what, "Say what for.")).await.read::<RequestView>();
        app.advance(60 * SECOND).await;
        assert_eq!(xi.item(&request, "contract").await.state, word);
        closed(look(&xi).await);
        if word == "sent_back" {
            xi.act(paths::REQUEST_WITHDRAW, &request).await.read::<RequestView>();
        }
    }
    let request = xi.ask(&["contract"]).await.row.id;
    bo.approve(&request).await;
    bo.act(paths::REQUEST_TAKE_BACK, &request).await.read::<RequestView>();
    app.advance(60 * SECOND).await;
    closed(look(&xi).await);
    bo.approve(&request).await;
    app.advance(30 * SECOND).await;
    xi.get(&one(paths::LAKE_ROWS)).await.read::<Rows>();
    let item = xi.item(&request, "contract").await.id;
    assert_eq!(xi.tend_one(TendVerb::TryAgain, &item).await.as_deref(), Some("refused.state"));
    assert_eq!(bo.tend_one(TendVerb::LeaveOut, &item).await, None, "the owner of the source ends it");
    closed(look(&xi).await);
    assert_eq!(xi.request(&request).await.row.tally.ended, 1);
    let again = xi.ask(&["contract"]).await.row.id;
    assert!(xi.item(&again, "contract").await.reads, "it can be asked for anew");
}

#[tokio::test]
async fn who_may_read_already_or_asked_already_is_linked_and_asks_nobody_twice() {
    let (app, _) = brought().await;
    let (tom, xi, bo) = (app.requester("tom").await, app.stranger("xi").await, app.approver("bo").await);
    for client in [&tom, &bo] {
        let request = client.ask(&["contract"]).await.row.id;
        let item = client.item(&request, "contract").await;
        assert!(item.linked && !item.reads, "they may see the rows already");
    }
    let first = xi.ask(&["contract"]).await.row.id;
    let second = xi.ask(&["contract"]).await.row.id;
    let (own, linked) = (xi.item(&first, "contract").await, xi.item(&second, "contract").await);
    assert!(!own.linked && linked.linked && linked.reads);
    assert_eq!(own.id, linked.id);
    assert_eq!(bo.get(paths::INBOX).await.read::<Page<InboxRow>>().rows.len(), 1);
    let taken = |client: Client| async move {
        let rows = client.get(&format!("{}?source=lease", paths::TABLES)).await.read::<Page<TableRow>>().rows;
        rows.into_iter().find_map(|row| row.taken).expect("one is taken").may_read
    };
    assert!(taken(tom).await && !taken(xi).await);
}

#[tokio::test]
async fn a_right_to_read_opens_when_the_table_is_proven_and_not_before() {
    for app in TestApp::on_each_database().await {
        let (ana, first) = app.started(&["contract"]).await;
        let (xi, bo) = (app.stranger("xi").await, app.approver("bo").await);
        let request = xi.ask(&["contract", "tenant"]).await.row.id;
        bo.approve(&request).await;
        app.advance(40 * SECOND).await;
        let item = xi.item(&request, "contract").await;
        assert_eq!((item.state.as_str(), item.now.key.as_str()), ("approved", "now.opens_with"));
        assert_eq!(xi.item(&request, "tenant").await.state, "starting", "the other table is brought");
        app.land(&ana.item(&first, "contract").await.id, 3).await;
        app.settle().await;
        assert_eq!(xi.item(&request, "contract").await.state, "ready");
        assert_eq!(xi.request(&request).await.row.tally.requested(), 2);
    }
}

#[tokio::test]
async fn what_nobody_brings_any_more_is_asked_for_anew_by_the_first_who_wanted_to_read_it() {
    for app in TestApp::on_each_database().await {
        let (ana, xi, bo) = (app.requester("ana").await, app.stranger("xi").await, app.approver("bo").await);
        let zoe = outsider(&app).await;
        let first = ana.ask(&["contract"]).await.row.id;
        let (xis, zoes) = (xi.ask(&["contract"]).await.row.id, zoe.ask(&["contract"]).await.row.id);
        bo.approve(&xis).await;
        app.advance(40 * SECOND).await;
        ana.act(paths::REQUEST_WITHDRAW, &first).await.read::<RequestView>();
        app.settle().await;
        let item = xi.item(&xis, "contract").await;
        assert_eq!((item.reads, item.state.as_str()), (false, "submitted"), "bringing it is another decision");
        assert!(zoe.item(&zoes, "contract").await.reads, "one brings it, the others read");
        assert_eq!(xi.timeline(&xis).await, ["submitted", "decided", "taken_over"]);
        bo.approve(&xis).await;
        bo.approve(&zoes).await;
        app.advance(40 * SECOND).await;
        app.land(&item.id, 3).await;
        app.settle().await;
        for (client, request) in [(&xi, &xis), (&zoe, &zoes)] {
            assert_eq!(client.request(request).await.row.tally.ready, 1);
            client.get(&one(paths::LAKE_ROWS)).await.read::<Rows>();
        }
        closed(look(&ana).await);
    }
}

#[tokio::test]
async fn nobody_lets_themselves_in_and_where_no_owner_can_an_operator_decides() {
    let (app, _) = brought().await;
    let (xi, ops) = (app.stranger("xi").await, app.operator("ops").await);
    let request = xi.ask(&["contract"]).await.row.id;
    xi.decide(&request, &verdict(Verdict::Approve, "")).await.problem(Code::NotAllowed);
    ops.decide(&request, &verdict(Verdict::Approve, "")).await.problem(Code::NotAllowed);
    app.disable("bo").await;
    ops.approve(&request).await;
    app.advance(30 * SECOND).await;
    xi.get(&one(paths::LAKE_ROWS)).await.read::<Rows>();
}
