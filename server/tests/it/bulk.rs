//! As much as one request may hold, in one act: one transaction, one line of the log, a result for each table.

use api::inbox::{Decide, Verdict};
use api::requests::{ItemRow, RequestView};
use api::{Page, Read, paths};
use domain::change::Happened;
use domain::draft::{Contents, Pick};
use domain::ids::RequestId;
use domain::name::TableName;
use domain::request::{AskedTable, MOST_TABLES, Stamp};
use domain::time::SECOND;

use crate::client::{Client, verdict};
use crate::drafts::{contents, make, submit};
use crate::harness::TestApp;

/// So many tables more at the source `lease`.
async fn many(app: &TestApp, count: usize) -> Vec<AskedTable> {
    let source: domain::ids::SourceId = "lease".parse().expect("an id");
    let mut tx = app.state.store.begin().await.expect("the store answers");
    let name = |table: &str| TableName::parse("lease", table).expect("a name");
    let mut table = tx.tables().get(&source, &name("contract")).await.expect("answers").expect("is there");
    let mut tables = Vec::new();
    for n in 0..count {
        table.shape.name = name(&format!("many_{n:05}"));
        tx.tables().put(&table).await.expect("written");
        tables.push(AskedTable { source: source.clone(), table: table.shape.name.clone() });
    }
    tx.commit(app.now()).await.expect("it commits");
    tables
}

async fn page(client: &Client, id: &RequestId, query: &str) -> Page<ItemRow> {
    client.get(&format!("{}{query}", paths::fill(paths::REQUEST_ITEMS, &[id.as_str()]))).await.read()
}

#[tokio::test]
async fn five_thousand_tables_are_one_act_and_one_line() {
    for app in TestApp::on_each_database().await {
        let (ana, tom, bo) = (app.requester("ana").await, app.requester("tom").await, app.approver("bo").await);
        let tables = many(&app, MOST_TABLES).await;
        let few = Contents { tables: tables[..3].to_vec(), ..contents(&[]) };
        submit(&tom, &make(&tom, &few).await.id, 1).await.read::<RequestView>();
        let before = app.lines().await;
        let draft = make(&ana, &Contents { tables, ..contents(&[]) }).await;
        let request: RequestView = submit(&ana, &draft.id, 1).await.read();
        assert_eq!(app.lines().await, before + 1);
        let line = app.log().await.pop().expect("a line").change;
        assert_eq!(
            (line.items.len(), line.happened),
            (MOST_TABLES, Happened::Submitted { tables: 5_000, linked: 3, reads: 0 })
        );
        let id = request.row.id;
        let view = ana.get(&paths::fill(paths::REQUEST_ONE, &[id.as_str()])).await.read::<Read<RequestView>>().thing;
        assert_eq!((view.row.tally.waiting, view.row.tally.requested()), (5_000, 5_000));
        let first = page(&ana, &id, "?limit=50").await;
        let second = page(&ana, &id, &format!("?limit=50&after={}", first.next.expect("more follow"))).await;
        assert_ne!(first.rows.last().map(|row| &row.id), second.rows.first().map(|row| &row.id));
        assert_eq!(page(&ana, &id, "?q=many_04999").await.rows.len(), 1);
        let drop: Vec<_> = first.rows.iter().filter(|row| !row.linked).take(40).map(|row| row.id.clone()).collect();
        let decision = Decide { drop, ..verdict(Verdict::Approve, "Not these.") };
        let decided: RequestView = bo.decide(&id, &decision).await.read();
        assert_eq!(decided.row.stamp, Stamp::Approved { let_in: 4_957, of: 4_997 });
        assert_eq!(app.lines().await, before + 2, "a decision is one line too");
        bo.act(paths::REQUEST_TAKE_BACK, &id).await.read::<RequestView>();
        let withdrawn: RequestView = ana.act(paths::REQUEST_WITHDRAW, &id).await.read();
        assert_eq!((withdrawn.row.tally.ended, withdrawn.row.tally.waiting), (4_997, 3), "what tom asked for stays");
        assert_eq!(app.lines().await, before + 4);
        app.advance(60 * SECOND).await;
    }
}

#[tokio::test]
async fn more_than_one_request_may_hold_is_said_before_anything_is_written() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    let tables = many(&app, MOST_TABLES).await;
    let pick = Pick { q: "lease.tenant".into(), source: Some("lease".parse().expect("an id")), ..Pick::default() };
    let draft = make(&ana, &Contents { tables, picks: vec![pick], ..contents(&[]) }).await;
    assert_eq!(draft.tables.len(), MOST_TABLES + 1);
    assert_eq!(submit(&ana, &draft.id, 1).await.fields(), [("tables".to_owned(), "many".to_owned())]);
}
