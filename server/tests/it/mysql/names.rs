//! Names of every kind, from the catalogue through search and request into the lake; and those that it cannot hold.

use api::paths;
use api::requests::RequestView;
use api::search::Found;
use domain::source::Place;
use domain::time::SECOND;
use lakegate::outside::source::{Source, SourceError};

use super::server::Server;
use super::types::{bring, seen};
use crate::client::{Client, ask_in};
use crate::harness::TestApp;

/// What only looks dangerous.
const ODD: [&str; 7] = ["a'b\"c", "50%_off", "; DROP TABLE t; --", "tick`%2e%2e", "..a", "{table}", "租赁 合同"];

/// The tables that a search finds.
async fn found(client: &Client, line: &str) -> Vec<String> {
    let found: Found = client.get(&paths::with(paths::TABLES, &[("q", line)])).await.read();
    found.rows.iter().map(|row| row.table.to_string()).collect()
}

#[tokio::test]
async fn odd_names_are_found_asked_for_and_copied_as_they_are() {
    for server in Server::each().await {
        let long = "列".repeat(64);
        for name in ODD {
            let quoted = format!("`{}`", name.replace('`', "``"));
            let sql = format!(
                "CREATE TABLE {quoted} (id int PRIMARY KEY, {quoted} varchar(9), `{long}` int) CHARACTER SET utf8mb4; \
                 SET NAMES utf8mb4; INSERT INTO {quoted} VALUES (1, '😀', 7)"
            );
            server.run(&sql).await;
        }
        let app = TestApp::with_embedded().await;
        app.add_source("shop", Place::Mysql(server.place()), "").await;
        let (ana, bo, database) = (app.requester("ana").await, app.approver("bo").await, server.database.as_str());
        for name in ODD {
            let line = format!("db:{database} \"{}\"", name.replace('"', "\"\""));
            assert_eq!(found(&ana, &line).await, [format!("{database}.{name}")], "{}: {line}", server.name);
        }
        let asked = ana.submit(&ana.fresh_key(), &ask_in("shop", database, &ODD)).await;
        let request = asked.read::<RequestView>().row.id;
        bo.approve(&request).await;
        app.advance(30 * SECOND).await;
        for name in ODD {
            app.until(&ana, &request, name, "ready").await;
            let seen = seen(&app, &ana.item(&request, name).await);
            assert_eq!(seen.columns, ["id", name, &long], "{}", server.name);
            assert_eq!(seen.rows, [["1", "😀", "7"].map(|cell| Some(cell.to_owned()))], "{}: {name}", server.name);
        }
    }
}

#[tokio::test]
async fn a_database_of_an_odd_name_is_copied_too() {
    for server in Server::each().await {
        let database = server.one_more("50% '\"` 租").await;
        let quoted = database.as_str().replace('`', "``");
        server
            .run(&format!("CREATE TABLE `{quoted}`.t (id int PRIMARY KEY); INSERT INTO `{quoted}`.t VALUES (5)"))
            .await;
        let app = TestApp::with_embedded().await;
        app.add_source("shop", Place::Mysql(server.place()), "").await;
        let item = bring(&app, "shop", database.as_str(), "t").await;
        assert_eq!(item.target.database.as_str(), format!("ods_{database}"));
        assert_eq!(seen(&app, &item).rows, [[Some("5".to_owned())]], "{}", server.name);
    }
}

#[tokio::test]
async fn what_a_server_or_the_lake_cannot_call_so_is_not_there_to_ask_for() {
    for server in Server::each().await {
        server
            .run("CREATE TABLE `../x` (id int PRIMARY KEY); CREATE TABLE good (id int PRIMARY KEY, `../y` int)")
            .await;
        let app = TestApp::with_embedded().await;
        app.add_source("shop", Place::Mysql(server.place()), "").await;
        let (ana, database) = (app.requester("ana").await, server.database.as_str());
        assert_eq!(found(&ana, &format!("db:{database}")).await, Vec::<String>::new(), "{}", server.name);
        let asked = ana.submit(&ana.fresh_key(), &ask_in("shop", database, &["good", "😀"])).await;
        let no_such = |place: usize| (format!("tables.{place}"), "no_such_table".to_owned());
        assert_eq!(asked.fields(), [no_such(0), no_such(1)], "{}", server.name);
        let gone = server.source().shape(&server.table("😀")).await;
        assert!(matches!(gone, Err(SourceError::Gone { .. })), "{}: {gone:?}", server.name);
        let gone = server.source().open(&server.table("😀")).await.err();
        assert!(matches!(gone, Some(SourceError::Gone { .. })), "{}: {gone:?}", server.name);
    }
}
