//! Rows that no version of Lakegate wrote, and rows of before under the newest migrations.

use domain::change::{Actor, Change, Happened};
use domain::item::Item;
use domain::proof::Landed;
use domain::time::MINUTE;
use lakegate::store::{Store, StoreError};
use sqlx::migrate::Migrate;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};

use crate::harness::Database;
use crate::place::{Place, T0, commit, id, item, job, landed, line, name, people_and_places, request};

/// One row of everything that is read with care.
async fn one_of_each(place: &Place) {
    people_and_places(place).await;
    let mut tx = place.begin().await;
    tx.requests().add(&request("first", 1_001, &["contract"]), "key").await.expect("a new request");
    tx.items().add_all(&[(item("contract", "first", "contract"), 0)], None).await.expect("a new item");
    tx.jobs().ensure(&job("job")).await.expect("a job");
    tx.copies().begin(&id("copy"), &id("contract"), T0).await.expect("begun");
    tx.copies().landed(&id("copy"), &Landed { rows: 3, ..landed(1) }).await.expect("landed");
    tx.tasks().enqueue(&id("task"), "provision", "{}", T0).await.expect("queued");
    tx.log(Change::of_request(&id("first"), vec![id("contract")], Actor::Lakegate, Happened::Late));
    commit(tx, T0).await;
}

/// Reads a table as a call would.
async fn read(place: &Place, table: &str) -> Result<(), StoreError> {
    let mut tx = place.begin().await;
    match table {
        "items" => tx.items().get(&id("contract")).await.map(drop),
        "requests" => tx.requests().get(&id("first")).await.map(drop),
        "jobs" => tx.jobs().all().await.map(drop),
        "copies" => tx.copies().newest(&id("contract")).await.map(drop),
        "tasks" => tx.tasks().claim(T0, T0.plus(MINUTE)).await.map(drop),
        "changes" => tx.changes().after(0, 10).await.map(drop),
        "sources" => tx.sources().all().await.map(drop),
        "routes" => tx.routes().all().await.map(drop),
        other => panic!("nobody reads {other}"),
    }
}

const ODD: [(&str, &str, &str); 22] = [
    ("items", "body", "'not JSON'"),
    ("items", "body", r#"'{"state":"flying","at":1}'"#),
    ("items", "body", r#"'{"state":"approved","at":1}'"#),
    ("items", "state", "'ready'"),
    ("items", "tier", "'weekly'"),
    ("items", "job_id", "NULL"),
    ("items", "landed", "'{}'"),
    ("items", "target_table", "'a/b'"),
    ("items", "progress_rows", "-1"),
    ("requests", "asked", "'{}'"),
    ("requests", "hash", "'x'"),
    ("requests", "team_id", "'not an id'"),
    ("jobs", "wanted", "'perhaps'"),
    ("jobs", "tier", "''"),
    ("copies", "state", "'perhaps'"),
    ("copies", "snapshot", "NULL"),
    ("copies", "columns", "NULL"),
    ("copies", "counted", "-1"),
    ("tasks", "outputs", "'[]'"),
    ("changes", "topic", "'weather'"),
    ("changes", "happened", r#"'{"kind":"rained"}'"#),
    ("routes", "tiers", "'[\"weekly\"]'"),
];

#[tokio::test]
async fn a_row_that_nobody_wrote_is_named_not_guessed() {
    for place in Place::each().await {
        one_of_each(&place).await;
        let mut raw = place.raw().await;
        for (table, column, value) in ODD {
            let run = async |raw: &mut AnyConnection, sql: String| {
                raw.execute(AssertSqlSafe(sql)).await.expect("tampered");
            };
            run(&mut raw, format!("CREATE TABLE kept AS SELECT {column} AS was FROM {table}")).await;
            run(&mut raw, format!("UPDATE {table} SET {column} = {value}")).await;
            let result = read(&place, table).await;
            if (column, value) == ("job_id", "NULL") {
                assert!(result.is_ok(), "what may be absent may be absent: {result:?}");
            } else {
                let named = matches!(&result, Err(StoreError::Inconsistent { table: named, id, .. })
                    if *named == table && !id.is_empty());
                assert!(named, "{table}.{column} = {value}: {result:?}");
            }
            run(&mut raw, format!("UPDATE {table} SET {column} = (SELECT was FROM kept)")).await;
            run(&mut raw, "DROP TABLE kept".into()).await;
            read(&place, table).await.expect("the row is as it was");
        }
        raw.close().await.expect("it closes");
        place.leave().await;
    }
}

#[tokio::test]
async fn a_value_of_the_wrong_kind_is_named_too() {
    // Only SQLite lets one write a word into a column of numbers.
    let place = Place::on(Database::Sqlite).await;
    one_of_each(&place).await;
    let mut raw = place.raw().await;
    for (table, column) in [("items", "version"), ("requests", "number"), ("changes", "at"), ("sources", "closed")] {
        raw.execute(AssertSqlSafe(format!("UPDATE {table} SET {column} = 'many'"))).await.expect("tampered");
        let result = read(&place, table).await;
        assert!(matches!(result, Err(StoreError::Inconsistent { .. })), "{table}.{column}: {result:?}");
    }
    raw.close().await.expect("it closes");
    place.leave().await;
}

/// Rows as the first migration's Lakegate wrote them.
const SAMPLE_ROWS: &str = r#"
    INSERT INTO teams VALUES ('t1', 'Analysts');
    INSERT INTO people VALUES ('ana', 'ana', 'Ana', 't1', 0, 0, 'a hash');
    INSERT INTO sources VALUES ('src', 'lease', 'sqlite', 'lease', 0, NULL, NULL);
    INSERT INTO routes VALUES ('lake', 'lake', 'embedded', '["minutes","daily"]');
    INSERT INTO jobs VALUES ('job', 'lg-lease-m-lake', 'src', 'lake', 'minutes', 'running', 1);
    INSERT INTO requests VALUES ('r1', 1001, 'ana', 't1',
        '{"title":"t","reason":"r","route":"lake","tier":"minutes","tables":[]}',
        '9e9b29d3b9ac11c0c3a1ab0e6f7d1d1c', 'key-0001', 1794967200000, 1);
    INSERT INTO items (id, request_id, position, requester_id, team_id, source_id, database_name, table_name, route_id,
        target_database, target_table, tier, job_id, state, since, alive, body, version)
        VALUES ('i1', 'r1', 0, 'ana', 't1', 'src', 'lease', 'contract', 'lake', 'ods_lease', 'contract', 'minutes',
        'job', 'placed', 1794967200000, 1, '{"state":"placed","at":1794967200000,"tries":0}', 1);
    INSERT INTO routes VALUES ('night', 'night', 'embedded', '["daily"]');
    INSERT INTO items (id, request_id, position, requester_id, team_id, source_id, database_name, table_name, route_id,
        target_database, target_table, tier, job_id, state, since, alive, body, version)
        VALUES ('i2', 'r1', 1, 'ana', 't1', 'src', 'lease', 'contract', 'night', 'ods_lease', 'Contract', 'daily',
        NULL, 'placed', 1794967200000, 1, '{"state":"placed","at":1794967200000,"tries":0}', 1);
    INSERT INTO tasks VALUES ('k1', 'provision', '{"items":["i1"]}', 'queued', '1', '{}', 1, 1794967200000, 0, NULL);
    INSERT INTO copies (id, item_id, state, begun_at) VALUES ('c1', 'i1', 'begun', 1794967200000);
    INSERT INTO leases VALUES ('work', 'somebody', 1794967200000);
    INSERT INTO secrets VALUES ('source-1', 'v1.k.n.c');
    INSERT INTO changes VALUES (1, 1794967200000, 'request', 'r1', 'r1', '["i1"]', '"lakegate"', '{"kind":"placed","tables":1,"job":"j"}', 'x');
    UPDATE counters SET value = 1, hash = 'x' WHERE name = 'changes';
"#;

/// A database with the migrations applied one by one, over rows of the first.
async fn migrate_one_by_one(url: &str) {
    let migrations = sqlx::migrate!("../migrations");
    let open = if url.starts_with("sqlite") { format!("{url}?mode=rwc") } else { url.to_owned() };
    let mut raw = AnyConnection::connect(&open).await.expect("the database answers");
    raw.ensure_migrations_table("_sqlx_migrations").await.expect("a table");
    for (number, migration) in migrations.iter().enumerate() {
        raw.apply("_sqlx_migrations", migration).await.expect("it applies over the rows that are there");
        if number == 0 {
            let hash = lakegate::store::requests::hash_of(&request("t", 1, &[]).asked);
            for statement in SAMPLE_ROWS.split(";\n").filter(|statement| !statement.trim().is_empty()) {
                raw.execute(AssertSqlSafe(statement.to_owned())).await.expect("a row of before");
            }
            let asked = r#"{"title":"t","reason":"a story","route":"lake","tier":"minutes","tables":[]}"#;
            sqlx::query("UPDATE requests SET hash = $1, asked = $2")
                .bind(hash)
                .bind(asked)
                .execute(&mut raw)
                .await
                .expect("hashed");
        }
    }
    raw.close().await.expect("it closes");
}

#[tokio::test]
async fn rows_of_before_live_through_every_migration() {
    sqlx::any::install_default_drivers();
    let mut databases = vec![Database::Sqlite];
    if let Ok(server) = std::env::var("TEST_POSTGRES_URL") {
        databases.push(Database::make_postgres(&server).await);
    }
    for database in databases {
        let folder = tempfile::tempdir().expect("a folder");
        let url = database.url(folder.path());
        migrate_one_by_one(&url).await;
        let store = Store::open(&url).await.expect("the newest version opens it");
        let place = Place { store, database, folder };
        let mut tx = place.begin().await;
        assert_eq!(tx.people().by_login("ana").await.expect("answers").expect("is there").1, "a hash");
        assert_eq!(tx.requests().get(&id("r1")).await.expect("is there").number, 1_001);
        let first = tx.items().get(&id("i1")).await.expect("is there").item;
        assert_eq!((first.state.word(), first.job), ("placed", Some(id("job"))));
        assert_eq!(
            tx.items().get(&id("i2")).await.expect("two routes of before go on").item.target.table.as_str(),
            "Contract"
        );
        assert_eq!(tx.jobs().get(&id("job")).await.expect("is there").name, "lg-lease-m-lake");
        assert!(tx.copies().newest(&id("i1")).await.expect("answers").is_some());
        assert_eq!(tx.secrets().get("source-1").await.expect("answers").as_deref(), Some("v1.k.n.c"));
        assert_eq!(tx.changes().after(0, 10).await.expect("answers").len(), 1);
        let task = tx.tasks().claim(T0, T0.plus(MINUTE)).await.expect("answers").expect("old work still runs");
        assert_eq!((task.payload.as_str(), task.step.as_str(), task.attempt), (r#"{"items":["i1"]}"#, "1", 2));
        assert!(tx.leases().take("work", "us", T0.plus(1), T0.plus(MINUTE)).await.expect("answers"));
        tx.log(line("goes on"));
        assert_eq!(commit(tx, T0).await, Some(2));
        let mut tx = place.begin().await;
        let third =
            tx.items().add_all(&[(Item { table: name("other"), ..item("i3", "r1", "contract") }, 2)], None).await;
        assert!(matches!(third, Err(StoreError::Taken { .. })), "nobody else gets the name: {third:?}");
        drop(tx);
        place.leave().await;
    }
}
