//! From a request to a proven table when the server is a real one, and what people are told when it fails them.

use api::requests::TendVerb;
use domain::cause::Who;
use domain::ids::RequestId;
use domain::source::{Login, Mysql, Place, Port, ReadSeconds, Tls};
use domain::time::{MINUTE, SECOND};

use super::proxy::{Proxy, Then};
use super::server::Server;
use super::types::{ask_for, bring, seen};
use crate::client::Client;
use crate::harness::TestApp;

/// What a request's one table waits for: the cause, who must act, and whether it is tried again by itself.
async fn trouble(app: &TestApp, client: &Client, request: &RequestId, table: &str) -> (String, Who, bool) {
    app.until(client, request, table, "failed").await;
    let problem = client.request(request).await.problems.remove(0);
    (problem.next.key.trim_start_matches("next.").to_owned(), problem.who, problem.again_at.is_some())
}

/// The place behind a port, with short waits.
fn behind(server: &Server, port: u16) -> Place {
    let mut place = Mysql { port: Port::try_from(u32::from(port)).expect("a port"), tls: Tls::Off, ..server.place() };
    place.limits.read_seconds = ReadSeconds::try_from(2).expect("seconds");
    Place::Mysql(place)
}

/// Moves a source, as somebody does who corrects its form.
async fn move_source(app: &TestApp, source: &str, place: &Place) {
    let mut connection = app.connect().await;
    let place = serde_json::to_string(place).expect("JSON");
    let moved = sqlx::query("UPDATE sources SET place = $1 WHERE id = $2").bind(place).bind(source.to_owned());
    moved.execute(&mut connection).await.expect("the store answers");
}

#[tokio::test]
async fn two_accounts_bring_a_table_and_each_refresh_follows_what_changed() {
    for server in Server::each().await {
        server.run("CREATE TABLE contract (id int PRIMARY KEY, note text); INSERT INTO contract VALUES (1, '租'), (2, NULL)").await;
        let right = format!("SELECT ON {}.*", server.database);
        let (reader, copier) =
            (server.account("reader", "pass", &[&right]).await, server.account("copier", "pass", &[&right]).await);
        let app = TestApp::with_embedded().await;
        app.add_source("shop", Place::Mysql(server.place_of(&reader, &copier)), "pass").await;
        let item = bring(&app, "shop", server.database.as_str(), "contract").await;
        assert_eq!(seen(&app, &item).rows.len(), 2);

        server
            .run("ALTER TABLE contract ADD COLUMN price decimal(5,1); INSERT INTO contract VALUES (3, 'x', 1.5)")
            .await;
        let (item_id, before) = (item.id.clone(), app.copies(&item.id).await);
        app.advance(10 * MINUTE).await;
        let refreshed = async {
            while app.copies(&item_id).await == before || seen(&app, &item).rows.len() < 3 {
                app.settle().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_mins(1), refreshed).await.expect("it is copied anew");
        let seen = seen(&app, &item);
        assert_eq!(seen.columns, ["id", "note", "price"]);
        assert!(seen.rows.iter().any(|row| row[2].as_deref() == Some("15")), "{seen:?}");
    }
}

#[tokio::test]
async fn a_password_that_was_changed_is_the_owners_and_the_new_one_counts_at_once() {
    for server in Server::each().await {
        server.fill(100).await;
        let right = format!("SELECT ON {}.*", server.database);
        let login = server.account("copier", "old", &[&right]).await;
        let app = TestApp::with_embedded().await;
        app.add_source("shop", Place::Mysql(server.place_of(&login, &login)), "old").await;
        server.run(&format!("ALTER USER '{login}'@'%' IDENTIFIED BY 'new'")).await;
        let (ana, request) = ask_for(&app, "shop", server.database.as_str(), "big").await;
        assert_eq!(trouble(&app, &ana, &request, "big").await, ("source_denied".into(), Who::SourceOwner, false));

        app.set_password("shop", "new").await;
        let item = ana.item(&request, "big").await.id;
        assert_eq!(ana.tend_one(TendVerb::TryAgain, &item).await, None);
        app.advance(30 * SECOND).await;
        app.until(&ana, &request, "big", "ready").await;
    }
}

#[tokio::test]
async fn a_server_that_hangs_in_the_middle_of_a_copy_is_tried_again_by_itself() {
    for server in Server::each().await {
        server.fill(60_000).await;
        let proxy = Proxy::to(server.port, Then::Silence).await;
        let app = TestApp::with_embedded().await;
        app.add_source("shop", behind(&server, proxy.port), "").await;
        proxy.let_pass(400_000);
        let (ana, request) = ask_for(&app, "shop", server.database.as_str(), "big").await;
        assert_eq!(trouble(&app, &ana, &request, "big").await, ("source_away".into(), Who::SourceOwner, true));
        proxy.let_pass(u64::MAX);
        app.advance(2 * MINUTE).await;
        app.until(&ana, &request, "big", "ready").await;
    }
}

#[tokio::test]
async fn a_source_that_was_moved_is_read_where_it_is_now() {
    for server in Server::each().await {
        server.fill(60_000).await;
        let proxy = Proxy::to(server.port, Then::Silence).await;
        let app = TestApp::with_embedded().await;
        // So long that nobody waits for the end of it.
        let mut slow = behind(&server, proxy.port);
        if let Place::Mysql(place) = &mut slow {
            place.limits.read_seconds = ReadSeconds::try_from(540).expect("seconds");
        }
        app.add_source("shop", slow, "").await;
        proxy.let_pass(400_000);
        let (ana, request) = ask_for(&app, "shop", server.database.as_str(), "big").await;
        app.until(&ana, &request, "big", "copying").await;
        move_source(&app, "shop", &behind(&server, server.port)).await;
        app.until(&ana, &request, "big", "ready").await;
        let item = ana.item(&request, "big").await.id;
        assert_eq!(app.copies(&item).await, 2, "the copy from the old place was stopped");
    }
}

#[tokio::test]
async fn a_table_that_changed_after_the_approval_is_told_as_it_is() {
    for server in Server::each().await {
        let odd = if server.is_mariadb() { "uuid" } else { "vector(3)" };
        for (table, change, cause) in [
            ("gone", "DROP TABLE gone".to_owned(), "table_gone"),
            ("odd", format!("ALTER TABLE odd ADD COLUMN token {odd}"), "type_refused"),
            ("wild", "UPDATE wild SET flag = 7".to_owned(), "value_odd"),
        ] {
            server
                .run(&format!(
                    "CREATE TABLE {table} (id int PRIMARY KEY, flag bool); INSERT INTO {table} VALUES (1, 1)"
                ))
                .await;
            let app = TestApp::with_embedded().await;
            app.add_source("shop", Place::Mysql(server.place()), "").await;
            let (ana, bo) = (app.requester("ana").await, app.approver("bo").await);
            let asked = crate::client::ask_in("shop", server.database.as_str(), &[table]);
            let request = ana.submit(&ana.fresh_key(), &asked).await.read::<api::requests::RequestView>().row.id;
            bo.approve(&request).await;
            server.run(&change).await;
            app.advance(30 * SECOND).await;
            let told = trouble(&app, &ana, &request, table).await;
            assert_eq!(told, (cause.into(), Who::SourceOwner, false), "{} {table}", server.name);
        }
    }
}

#[tokio::test]
async fn a_source_without_a_password_says_so() {
    for server in Server::each().await.into_iter().take(1) {
        server.fill(10).await;
        let app = TestApp::with_embedded().await;
        app.add_source("shop", Place::Mysql(server.place()), "").await;
        let mut connection = app.connect().await;
        sqlx::query("DELETE FROM secrets WHERE id LIKE 'source/shop/%'").execute(&mut connection).await.expect("gone");
        let nobody: Login = "root".parse().expect("a login");
        assert_eq!(server.place().copying, nobody);
        let (ana, request) = ask_for(&app, "shop", server.database.as_str(), "big").await;
        assert_eq!(trouble(&app, &ana, &request, "big").await, ("source_denied".into(), Who::SourceOwner, false));
    }
}
