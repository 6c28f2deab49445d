//! The inbox: several at once, the facts of a card, and who else is looking.

use api::inbox::{Batch, Batched, Card, InboxRow, Looking, Verdict};
use api::problem::Code;
use api::requests::RequestView;
use api::{Page, Read, paths};
use domain::ids::RequestId;
use domain::time::SECOND;

use crate::client::{Client, verdict};
use crate::harness::TestApp;

async fn inbox(client: &Client) -> Vec<InboxRow> {
    client.get(paths::INBOX).await.read::<Page<InboxRow>>().rows
}

async fn card(client: &Client, id: &RequestId) -> Card {
    client.get(&paths::fill(paths::INBOX_ONE, &[id.as_str()])).await.read::<Read<Card>>().thing
}

/// What became of each request: nothing, or the key of why not.
async fn batch(client: &Client, requests: &[&RequestId]) -> Vec<Option<String>> {
    let requests = requests.iter().map(|&id| id.clone()).collect();
    let batched: Batched = client.post(paths::INBOX_BATCH, Batch { requests }).await.read();
    batched.results.into_iter().map(|result| result.refused.map(|said| said.key)).collect()
}

async fn look(client: &Client, id: &RequestId) -> Vec<String> {
    let path = paths::fill(paths::INBOX_LOOK, &[id.as_str()]);
    client.post(&path, serde_json::json!({})).await.read::<Looking>().names
}

#[tokio::test]
async fn several_are_let_in_at_once_and_each_has_its_own_result() {
    for app in TestApp::on_each_database().await {
        let (ana, xi, bo) = (app.requester("ana").await, app.stranger("xi").await, app.approver("bo").await);
        let contract = ana.ask(&["contract"]).await.row.id;
        let personal = ana.ask(&["tenant"]).await.row.id;
        let visit = xi.ask(&["visit"]).await.row.id;
        let own = bo.ask(&["vacant"]).await.row.id;
        let gone: RequestId = "no-such-request".parse().expect("an id");
        let rows = inbox(&bo).await;
        let alone: Vec<_> =
            rows.iter().map(|row| (row.personal, row.alone.as_ref().map(|said| said.key.as_str()))).collect();
        assert_eq!(alone, [(0, None), (1, Some("alone.personal")), (0, None)]);
        let results = batch(&bo, &[&contract, &personal, &visit, &own, &gone]).await;
        let keys: Vec<_> = results.iter().map(Option::as_deref).collect();
        assert_eq!(keys, [None, Some("alone.personal"), None, Some("problem.not_allowed"), Some("problem.not_found")]);
        assert_eq!(ana.item(&contract, "contract").await.state, "approved");
        assert_eq!(ana.item(&personal, "tenant").await.state, "submitted");
        let again = batch(&bo, &[&contract]).await;
        assert_eq!(again, [Some("problem.wrong_state".to_owned())], "a second click changes nothing");
        bo.act(paths::REQUEST_TAKE_BACK, &visit).await.read::<RequestView>();
        app.advance(60 * SECOND).await;
    }
}

#[tokio::test]
async fn a_batch_of_nothing_or_of_too_many_is_refused() {
    let app = TestApp::new().await;
    let bo = app.approver("bo").await;
    let id: RequestId = "no-such-request".parse().expect("an id");
    for (requests, code) in [(vec![], "missing"), (vec![id; 201], "many")] {
        let wrong = bo.post(paths::INBOX_BATCH, Batch { requests }).await.fields();
        assert_eq!(wrong, [("requests".to_owned(), code.to_owned())]);
    }
}

#[tokio::test]
async fn a_card_tells_what_looks_personal_who_reads_and_what_was_decided_before() {
    let app = TestApp::new().await;
    let (ana, bo) = (app.requester("ana").await, app.approver("bo").await);
    app.requester("tom").await;
    let first = ana.ask(&["tenant", "visit"]).await.row.id;
    let shown = card(&bo, &first).await;
    assert_eq!((shown.personal.columns, shown.personal.tables, shown.readers), (1, 1, 2));
    assert_eq!(shown.personal.names, ["mobile_no"]);
    assert!(shown.before.is_empty(), "nothing was decided yet");
    bo.decide(&first, &verdict(Verdict::Reject, "Not these.")).await.read::<RequestView>();
    let accepted = ana.ask(&["contract"]).await.row.id;
    bo.approve(&accepted).await;
    let again = ana.ask(&["tenant"]).await.row.id;
    let before: Vec<_> = card(&bo, &again).await.before;
    let told: Vec<_> = before.iter().map(|each| (each.table.is_some(), each.said.key.as_str())).collect();
    assert_eq!(told, [(false, "before.team"), (true, "before.dropped")]);
    app.advance(60 * SECOND).await;
}

#[tokio::test]
async fn who_has_the_card_open_is_named_to_the_others_until_they_leave() {
    for app in TestApp::on_each_database().await {
        let (ana, bo, cy) = (app.requester("ana").await, app.approver("bo").await, app.approver("cy").await);
        let request = ana.ask(&["contract"]).await.row.id;
        assert!(look(&bo, &request).await.is_empty());
        assert_eq!(look(&cy, &request).await, ["Bo"]);
        assert_eq!(look(&bo, &request).await, ["Cy"], "one does not see oneself");
        let lines = app.lines().await;
        let path = paths::fill(paths::INBOX_LOOK, &[request.as_str()]);
        bo.delete(&path).await.read::<Looking>();
        assert!(look(&cy, &request).await.is_empty());
        look(&bo, &request).await;
        app.advance(40 * SECOND).await;
        assert!(look(&cy, &request).await.is_empty(), "a page that died is forgotten");
        assert_eq!(app.lines().await, lines, "a look is no line of the log");
        ana.post(&path, serde_json::json!({})).await.problem(Code::NotFound);
        app.stranger("xi").await.post(&path, serde_json::json!({})).await.problem(Code::NotFound);
    }
}
