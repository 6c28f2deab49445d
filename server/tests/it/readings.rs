//! Readings of a source's catalogue: on a schedule, on demand, broken off, killed; and what they met.

use std::time::Duration;

use api::Page;
use api::paths::{self, fill};
use api::problem::Code;
use api::tables::{Choices, SourceChoice, TableChange, TableRow};
use async_trait::async_trait;
use domain::change::Happened;
use domain::column::TableShape;
use domain::name::TableName;
use domain::time::MINUTE;
use lakegate::outside::source::{Source, SourceError, TableEntry, TableRead};
use lakegate::store::Store;
use lakegate::work::catalogue;
use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor};

use crate::client::Client;
use crate::harness::{START, TestApp};
use crate::process::{Data, Server, until, until_told};

/// A source whose first page comes, and then nothing any more.
struct Hanging;

#[async_trait]
impl Source for Hanging {
    async fn tables(&self, after: Option<&TableName>, _: usize) -> Result<Vec<TableEntry>, SourceError> {
        if after.is_some() {
            return std::future::pending().await;
        }
        let name = TableName::parse("lease", "brand_new").expect("a name");
        let shape = TableShape { name, comment: String::new(), columns: Vec::new(), primary_key: Vec::new() };
        Ok(vec![TableEntry { shape, rows: None, bytes: None }])
    }

    async fn shape(&self, table: &TableName) -> Result<TableShape, SourceError> {
        Err(SourceError::Gone { table: table.clone() })
    }

    async fn open(&self, table: &TableName) -> Result<Box<dyn TableRead>, SourceError> {
        Err(SourceError::Gone { table: table.clone() })
    }
}

async fn names(client: &Client) -> Vec<String> {
    let page: Page<TableRow> = client.get(&format!("{}?source=lease", paths::TABLES)).await.read();
    page.rows.into_iter().map(|row| row.table.table.to_string()).collect()
}

async fn lease(client: &Client) -> SourceChoice {
    let choices: Choices = client.get(paths::CHOICES).await.read();
    choices.sources.into_iter().find(|source| source.name == "lease").expect("it is there")
}

async fn changes(client: &Client, query: &str) -> Page<TableChange> {
    client.get(&format!("{}{query}", fill(paths::TABLES_CHANGES, &["lease"]))).await.read()
}

const TABLES: [&str; 5] = ["badge", "contract", "tenant", "vacant", "visit"];

#[tokio::test]
async fn a_source_that_hangs_half_way_leaves_the_old_catalogue_whole_with_its_age() {
    let app = TestApp::new().await;
    let bo = app.approver("bo").await;
    app.state.clock.advance(MINUTE);
    let source = app.state.store.read().await.expect("answers").sources().get(&"lease".parse().expect("an id")).await;
    let source = source.expect("it is there");
    let lines = app.lines().await;
    for _ in 0..2 {
        let opened: Box<dyn Source> = Box::new(Hanging);
        catalogue::read_from(&app.state, &source, Ok(opened), Duration::from_millis(10)).await.expect("noted");
    }
    assert_eq!(names(&bo).await, TABLES, "nothing of the half reading is shown");
    let seen = lease(&bo).await;
    assert_eq!((seen.read_at, seen.reading, seen.tables), (Some(START), None, 5));
    assert_eq!(seen.trouble.expect("it says so").key, "cause.source_away");
    assert_eq!(app.lines().await, lines + 1, "the same trouble twice is one line");
    app.advance(2 * MINUTE).await;
    let seen = lease(&bo).await;
    assert_eq!((seen.read_at, seen.trouble), (Some(app.now()), None), "it is tried again by itself");
    assert!(changes(&bo, "").await.rows.is_empty());
}

#[tokio::test]
async fn what_appears_changes_vanishes_and_comes_back_is_kept() {
    for app in TestApp::on_each_database().await {
        let ana = app.requester("ana").await;
        assert!(changes(&ana, "").await.rows.is_empty(), "a first reading is no news");
        let statements = "DROP TABLE visit; CREATE TABLE room (id int PRIMARY KEY);
            ALTER TABLE tenant ADD COLUMN city text; ALTER TABLE tenant DROP COLUMN mobile_no;";
        app.change_source("lease", statements).await;
        app.advance(15 * MINUTE).await;
        assert_eq!(names(&ana).await, ["badge", "contract", "room", "tenant", "vacant"]);
        let first = changes(&ana, "?limit=2").await;
        let rest = changes(&ana, &format!("?after={}", first.next.expect("more").replace('/', "%2F"))).await;
        let told = |rows: Vec<TableChange>| {
            let keys = |change: TableChange| {
                let keys: Vec<_> = change.said.into_iter().map(|said| said.key.replace("difference.", "")).collect();
                (change.table.table.to_string(), keys.join(" "))
            };
            rows.into_iter().map(keys).collect::<Vec<_>>()
        };
        let pair = |table: &str, what: &str| (table.to_owned(), what.to_owned());
        assert_eq!(told(first.rows), [pair("room", "appeared"), pair("tenant", "added dropped")]);
        assert_eq!(told(rest.rows), [pair("visit", "vanished")]);
        let news = app.log().await.pop().expect("a line").change.happened;
        assert_eq!(news, Happened::CatalogueRead { tables: 5, appeared: 1, changed: 1, vanished: 1 });

        app.change_source("lease", "CREATE TABLE visit (id int PRIMARY KEY)").await;
        app.advance(15 * MINUTE).await;
        assert_eq!(told(changes(&ana, "").await.rows)[0], pair("visit", "back"));
        let lines = app.lines().await;
        app.advance(15 * MINUTE).await;
        assert_eq!(app.lines().await, lines, "a reading that met nothing new is no line");
        assert_eq!(lease(&ana).await.read_at, Some(app.now()), "but it was read");
    }
}

#[tokio::test]
async fn owner_and_operator_have_it_read_now_and_nobody_else() {
    let app = TestApp::new().await;
    let path = fill(paths::TABLES_READ, &["lease"]);
    let (ana, bo, ops) = (app.requester("ana").await, app.approver("bo").await, app.operator("ops").await);
    app.change_source("lease", "CREATE TABLE room (id int PRIMARY KEY)").await;
    ana.post(&path, ()).await.problem(Code::NotAllowed);
    ops.post(&fill(paths::TABLES_READ, &["nowhere"]), ()).await.problem(Code::NotFound);
    app.settle().await;
    assert_eq!(names(&ana).await, TABLES);
    let lines = app.lines().await;
    for client in [&bo, &bo, &ops] {
        assert_eq!(client.post(&path, ()).await.status, 200);
    }
    assert_eq!(app.lines().await, lines + 1, "asked three times, it is one wish");
    assert_eq!(lease(&bo).await.reading, Some(app.now()));
    app.settle().await;
    assert!(names(&ana).await.contains(&"room".to_owned()));
    let after = lease(&bo).await;
    assert_eq!((after.reading, after.may_read, lease(&ana).await.may_read), (None, true, false));
}

/// The id of the source of the demo.
async fn lease_demo(server: &Server) -> String {
    let choices: Choices = server.sign_in("chen").await.get(paths::CHOICES).await.expect("choices");
    choices.sources[0].id.as_str().to_owned()
}

/// The tables of the database `member` that a server shows.
async fn member(data: &Data) -> (Vec<String>, Option<i64>) {
    let store = Store::open(&data.database()).await.expect("the server is gone");
    let mut tx = store.read().await.expect("answers");
    let source = tx.sources().all().await.expect("answers").remove(0);
    let search = lakegate::store::tables::Search { words: vec!["member.".into()], limit: 200, ..Default::default() };
    let tables = tx.tables().list(&search).await.expect("answers");
    drop(tx);
    store.close().await;
    (tables.into_iter().map(|table| table.shape.name.table.to_string()).collect(), source.read_at.map(|at| at.0))
}

#[tokio::test]
async fn killed_in_the_middle_of_a_reading_the_old_catalogue_is_whole_and_the_next_start_reads_anew() {
    let data = Data::new().await;
    let server = data.serve().await;
    let lin = server.sign_in("lin").await;
    until("it was read", async || {
        lin.get::<Choices>(paths::CHOICES).await?.sources.into_iter().find_map(|source| source.read_at)
    })
    .await;
    server.stop().await;
    let before = member(&data).await;
    let file = data.folder.path().join("sources").join("sample").join("member.db");
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await.expect("a database");
    connection.execute("CREATE TABLE brand_new (id int PRIMARY KEY)").await.expect("a new table");
    connection.close().await.expect("it closes");

    let mut server = data.serve_until("catalogue.page").await;
    let source = lease_demo(&server).await;
    server.sign_in("chen").await.post::<Value>(&fill(paths::TABLES_READ, &[&source]), &()).await;
    server.dies().await;
    assert_eq!(member(&data).await, before, "not a table more, not a table less, and its age");

    // It does not wait for its time: a reading that died is taken up at once.
    let server = data.serve().await;
    let lin = server.sign_in("lin").await;
    let path = format!("{}?q=brand_new", paths::TABLES);
    until_told("the new table is found", async || {
        let found = lin.get::<Value>(&path).await.ok_or("no answer")?;
        if found["rows"].as_array().is_some_and(|rows| rows.len() == 1) { Ok(()) } else { Err(data.log()) }
    })
    .await;
    server.stop().await;
}
