//! A source that is marked closed: for those whose it is and for operators; for others it is not there.

use api::Page;
use api::paths;
use api::problem::Code;
use api::tables::{Choices, TableRow, TableView};
use sqlx::Executor;

use crate::client::{Client, ask};
use crate::harness::TestApp;

async fn closed() -> TestApp {
    let app = TestApp::new().await;
    let mut connection = app.connect().await;
    connection.execute("UPDATE sources SET closed = 1 WHERE id = 'lease'").await.expect("the store answers");
    app
}

fn one() -> String {
    paths::fill(paths::TABLE_ONE, &["lease", "lease", "contract"])
}

/// The sources whose tables a list shows, and those one may choose.
async fn seen(client: &Client) -> (Vec<String>, Vec<String>) {
    let list: Page<TableRow> = client.get(&format!("{}?limit=200", paths::TABLES)).await.read();
    let choices: Choices = client.get(paths::CHOICES).await.read();
    let mut listed: Vec<_> = list.rows.into_iter().map(|row| row.source_name).collect();
    listed.dedup();
    listed.sort();
    listed.dedup();
    (listed, choices.sources.into_iter().map(|source| source.name).collect())
}

#[tokio::test]
async fn a_closed_source_is_not_there_for_others() {
    let app = closed().await;
    let ana = app.requester("ana").await;
    let others = || vec!["other".to_owned()];
    assert_eq!(seen(&ana).await, (others(), others()));
    ana.get(&one()).await.problem(Code::NotFound);
    let filtered: Page<TableRow> = ana.get(&format!("{}?source=lease", paths::TABLES)).await.read();
    assert_eq!((filtered.rows.len(), filtered.next), (0, None), "not even by its id");
}

#[tokio::test]
async fn its_owner_and_operators_find_it() {
    let app = closed().await;
    for client in [app.approver("bo").await, app.operator("ops").await] {
        let both = || vec!["lease".to_owned(), "other".to_owned()];
        assert_eq!(seen(&client).await, (both(), both()));
        let table: TableView = client.get(&one()).await.read();
        assert_eq!(table.row.table.table.as_str(), "contract");
    }
}

#[tokio::test]
async fn a_table_of_a_closed_source_cannot_be_asked_for_and_answers_like_one_that_is_not_there() {
    let app = closed().await;
    let ana = app.requester("ana").await;
    let lines = app.lines().await;
    let (hidden, absent) = (ask(&["contract"]), ask(&["no_such_table"]));
    let [hidden, absent] = [ana.submit(&ana.fresh_key(), &hidden).await, ana.submit(&ana.fresh_key(), &absent).await];
    let (hidden, absent) = (hidden.fields(), absent.fields());
    assert_eq!(hidden, [("tables.0".to_owned(), "no_such_table".to_owned())]);
    assert_eq!(hidden, absent);
    assert_eq!(app.lines().await, lines, "nothing is half done");
}
