//! Keys of every type, and tables of a special make: each arrives whole, or says in words why it cannot.

use api::requests::RequestView;
use domain::source::Place;
use domain::time::SECOND;

use super::server::Server;
use super::types::{ask_for, bring, seen};
use crate::client::ask_in;
use crate::harness::TestApp;

/// A key's name and declaration, and two values that a server tells apart.
const KEYS: [(&str, &str, [&str; 2]); 16] = [
    ("k_bit", "bit(8)", ["b'1'", "b'10'"]),
    ("k_binary", "binary(4)", ["x'01'", "x'0100000f'"]),
    ("k_varbinary", "varbinary(8)", ["x''", "x'00'"]),
    ("k_blob", "blob(10)", ["x''", "x'00'"]),
    ("k_enum", "enum('b','a')", ["'a'", "'b'"]),
    ("k_float", "float", ["1.1", "16777216"]),
    ("k_double", "double", ["0.1", "-1e300"]),
    ("k_decimal", "decimal(65,30)", ["1", "1.000000000000000000000000000001"]),
    ("k_time", "time(3)", ["'01:02:03.004'", "'01:02:03.005'"]),
    ("k_year", "year", ["1901", "2155"]),
    ("k_date", "date", ["'1000-01-01'", "'9999-12-31'"]),
    ("k_datetime", "datetime(6)", ["'2024-01-01 00:00:00.000001'", "'2024-01-01 00:00:00.000002'"]),
    ("k_bigint", "bigint unsigned", ["0", "18446744073709551615"]),
    ("k_varchar", "varchar(9)", ["'a'", "'ä'"]),
    ("k_bool", "bool", ["0", "1"]),
    ("k_char", "char(3)", ["''", "'租'"]),
];

#[tokio::test]
async fn a_key_of_every_type_keeps_its_rows_apart() {
    for server in Server::each().await {
        for (name, declared, [one, two]) in KEYS {
            let (kind, key) = match declared.strip_prefix("blob") {
                Some(length) => ("blob", format!("k{length}")),
                None => (declared, "k".to_owned()),
            };
            let sql = format!(
                "SET NAMES utf8mb4; CREATE TABLE {name} (k {kind} NOT NULL, v int, PRIMARY KEY ({key})) \
                 CHARACTER SET utf8mb4 COLLATE utf8mb4_bin; INSERT INTO {name} VALUES ({one}, 1), ({two}, 2)"
            );
            server.run(&sql).await;
        }
        let app = TestApp::with_embedded().await;
        app.add_source("shop", Place::Mysql(server.place()), "").await;
        let (ana, bo) = (app.requester("ana").await, app.approver("bo").await);
        let names = KEYS.map(|(name, ..)| name);
        let asked = ana.submit(&ana.fresh_key(), &ask_in("shop", server.database.as_str(), &names)).await;
        let request = asked.read::<RequestView>().row.id;
        bo.approve(&request).await;
        app.advance(30 * SECOND).await;
        for name in names {
            app.until(&ana, &request, name, "ready").await;
            // The other reader takes a second to start: the proof counts the rows of the rest.
            if ["k_bit", "k_decimal"].contains(&name) {
                assert_eq!(seen(&app, &ana.item(&request, name).await).rows.len(), 2, "{}: {name}", server.name);
            }
        }
    }
}

#[tokio::test]
async fn a_key_that_the_lake_cannot_keep_apart_is_refused_when_it_is_asked_for() {
    for server in Server::each().await {
        let sql = "CREATE TABLE of_a_list (k set('a','b') PRIMARY KEY); CREATE TABLE of_a_cut (k time(6) PRIMARY KEY); \
                   CREATE TABLE fine (id int PRIMARY KEY, l set('a','b'), t time(6))";
        server.run(sql).await;
        let app = TestApp::with_embedded().await;
        app.add_source("shop", Place::Mysql(server.place()), "").await;
        let ana = app.requester("ana").await;
        let asked = ask_in("shop", server.database.as_str(), &["of_a_list", "of_a_cut", "fine"]);
        let refused = ana.submit(&ana.fresh_key(), &asked).await.fields();
        let places: Vec<_> = refused.iter().map(|(place, code)| (place.as_str(), code.as_str())).collect();
        assert_eq!(places, [("tables.0", "blocked"), ("tables.1", "blocked")], "{}", server.name);
    }
}

#[tokio::test]
async fn an_account_that_may_read_some_columns_copies_no_half_table() {
    for server in Server::each().await {
        server.run("CREATE TABLE wide (id int PRIMARY KEY, a int, b int); INSERT INTO wide VALUES (1, 2, 3)").await;
        let all = format!("SELECT ON {}.*", server.database);
        let some = format!("SELECT (id, a) ON {}.wide", server.database);
        let (reader, copier) =
            (server.account("reader", "pass", &[&all]).await, server.account("copier", "pass", &[&some]).await);
        let app = TestApp::with_embedded().await;
        app.add_source("shop", Place::Mysql(server.place_of(&reader, &copier)), "pass").await;
        let (ana, request) = ask_for(&app, "shop", server.database.as_str(), "wide").await;
        app.until(&ana, &request, "wide", "failed").await;
        let problem = ana.request(&request).await.problems.remove(0);
        assert_eq!(problem.next.key, "next.source_denied", "{}: {problem:?}", server.name);
    }
}

#[tokio::test]
async fn tables_of_a_special_make_are_copied_as_they_are_now() {
    for server in Server::each().await {
        let parts = "CREATE TABLE parts (id int, at date, PRIMARY KEY (id, at)) PARTITION BY HASH (id) PARTITIONS 4; \
                     INSERT INTO parts VALUES (3, '2024-01-01'), (1, '2024-01-01'), (2, '2024-01-01')";
        let versioned = "CREATE TABLE versioned (id int PRIMARY KEY, v int) WITH SYSTEM VERSIONING; \
                         INSERT INTO versioned VALUES (1, 1), (2, 2); UPDATE versioned SET v = 3 WHERE id = 1";
        let packed = "CREATE TABLE packed (id int PRIMARY KEY, t text COMPRESSED, v varchar(100) COMPRESSED); \
                      INSERT INTO packed VALUES (1, repeat('a', 300), 'x')";
        let hidden = "SET SESSION sql_generate_invisible_primary_key = ON; CREATE TABLE hidden (v int); \
                      INSERT INTO hidden VALUES (5), (5)";
        server.run(parts).await;
        let mut expected = vec![("parts", vec!["1 19723", "2 19723", "3 19723"])];
        let long = format!("1 {} x", "a".repeat(300));
        if server.is_mariadb() {
            server.run(&format!("{versioned}; {packed}")).await;
            expected.extend([("versioned", vec!["1 3", "2 2"]), ("packed", vec![long.as_str()])]);
        } else {
            server.run(hidden).await;
            expected.push(("hidden", vec!["1 5", "2 5"]));
        }
        for (table, rows) in expected {
            let app = TestApp::with_embedded().await;
            app.add_source("shop", Place::Mysql(server.place()), "").await;
            let seen = seen(&app, &bring(&app, "shop", server.database.as_str(), table).await);
            let text = |row: &Vec<Option<String>>| {
                row.iter().map(|cell| cell.as_deref().unwrap_or("-")).collect::<Vec<_>>().join(" ")
            };
            let mut found: Vec<_> = seen.rows.iter().map(text).collect();
            found.sort();
            assert_eq!(found, rows, "{}: {table}", server.name);
        }
    }
}
