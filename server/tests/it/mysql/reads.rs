//! Reads: one moment, in the order of the key, in bounded chunks, and nothing lost on the way.

use domain::value::Value;
use lakegate::outside::source::{CHUNK_BYTES, CHUNK_ROWS, Source, SourceError};

use super::server::{Server, all};

#[tokio::test]
async fn a_read_sees_one_moment_whatever_others_do() {
    for server in Server::each().await {
        server.fill(30_000).await;
        let source = server.source();
        let mut read = source.open(&server.table("big")).await.expect("open");
        server.run("DELETE FROM big WHERE id > 10; INSERT INTO big VALUES (99999, 'new')").await;
        let mut rows = 0;
        while let Some(chunk) = read.next().await.expect("a chunk") {
            rows += chunk.len();
        }
        assert!(read.next().await.expect("the end, again").is_none());
        assert_eq!((rows, read.rows()), (30_000, 30_000), "{}", server.name);
        drop(read);
        assert_eq!(all(&source, &server.table("big")).await.expect("rows").len(), 12);
    }
}

#[tokio::test]
async fn a_table_cannot_be_altered_under_a_read() {
    for server in Server::each().await {
        server.fill(20_000).await;
        let mut read = server.source().open(&server.table("big")).await.expect("open");
        let alter = format!("SET SESSION lock_wait_timeout = 1; ALTER TABLE {}.big DROP COLUMN note", server.database);
        assert!(server.try_run(&alter).await.is_err(), "{}: it waits for the read", server.name);
        let mut rows = 0;
        while let Some(chunk) = read.next().await.expect("a chunk") {
            rows += chunk.len();
        }
        assert_eq!(rows, 20_000);
    }
}

#[tokio::test]
async fn a_chunk_is_bounded_in_rows_and_bytes() {
    for server in Server::each().await {
        server.run("CREATE TABLE fat (id int PRIMARY KEY, b longblob)").await;
        server.run("INSERT INTO fat VALUES (0, repeat('x', 500000))").await;
        for step in [1, 2, 4, 8, 16] {
            server.run(&format!("INSERT INTO fat SELECT id + {step}, b FROM fat")).await;
        }
        server.fill(10_000).await;
        for table in ["fat", "big"] {
            let mut read = server.source().open(&server.table(table)).await.expect("open");
            let mut chunks = 0;
            while let Some(chunk) = read.next().await.expect("a chunk") {
                let bytes: usize = chunk.iter().flatten().map(Value::weight).sum();
                assert!(bytes <= CHUNK_BYTES && chunk.len() <= CHUNK_ROWS, "{bytes}");
                chunks += 1;
            }
            assert!(chunks >= 3, "{table}: {chunks}");
        }
    }
}

#[tokio::test]
async fn a_row_of_more_than_16_megabytes_is_a_row_and_no_end() {
    for server in Server::each().await {
        server.run("CREATE TABLE huge (b longtext, id int PRIMARY KEY)").await;
        server.run("INSERT INTO huge VALUES (repeat('x', 17000000), 1), ('y', 2)").await;
        let rows = all(&server.source(), &server.table("huge")).await.expect("rows");
        assert_eq!(rows.len(), 2, "{}", server.name);
        assert!(matches!(&rows[0][0], Value::Text(text) if text.len() == 17_000_000));
    }
}

#[tokio::test]
async fn rows_come_in_the_order_of_the_key() {
    for server in Server::each().await {
        let sql = "CREATE TABLE pair (b varchar(9), a int, v int, PRIMARY KEY (a, b), KEY other (v)); \
                   INSERT INTO pair VALUES ('y', 2, 1), ('x', 10, 2), ('x', 2, 3); \
                   CREATE TABLE heap (k int PRIMARY KEY, v int) ENGINE=MyISAM; INSERT INTO heap VALUES (3, 1), (1, 2), (2, 3); \
                   CREATE TABLE none (v int); INSERT INTO none VALUES (9); CREATE TABLE nothing (k int PRIMARY KEY)";
        server.run(sql).await;
        let last = async |table: &str| -> Vec<Value> {
            let rows = all(&server.source(), &server.table(table)).await.expect("rows");
            rows.into_iter().filter_map(|mut row| row.pop()).collect()
        };
        assert_eq!(last("pair").await, [3, 1, 2].map(Value::Int));
        assert_eq!(last("heap").await, [2, 3, 1].map(Value::Int));
        assert_eq!(last("none").await, [9].map(Value::Int));
        assert_eq!(last("nothing").await, []);
    }
}

#[tokio::test]
async fn what_the_lake_cannot_hold_is_named_before_a_row_is_read() {
    for server in Server::each().await {
        let odd = if server.is_mariadb() { "uuid" } else { "vector(3)" };
        server.run(&format!("CREATE TABLE odd (id int PRIMARY KEY, token {odd})")).await;
        let refused = server.source().open(&server.table("odd")).await.err();
        assert!(matches!(&refused, Some(SourceError::Type { column, .. }) if column == "token"), "{refused:?}");
        let shape = server.source().shape(&server.table("odd")).await.expect("a shape");
        assert_eq!(shape.columns[1].lake_type, None);
    }
}

#[tokio::test]
async fn a_value_that_does_not_fit_is_named_not_guessed() {
    for server in Server::each().await {
        let sql = "SET SESSION sql_mode = 'ALLOW_INVALID_DATES'; \
                   CREATE TABLE flag (id int PRIMARY KEY, c tinyint(1)); INSERT INTO flag VALUES (1, 2); \
                   CREATE TABLE long_time (id int PRIMARY KEY, c time); INSERT INTO long_time VALUES (1, '838:59:59'); \
                   CREATE TABLE half_date (id int PRIMARY KEY, c date); INSERT INTO half_date VALUES (1, '2024-05-00'); \
                   CREATE TABLE no_such_day (id int PRIMARY KEY, c datetime); \
                   INSERT INTO no_such_day VALUES (1, '2023-02-31 00:00:00')";
        server.run(sql).await;
        for table in ["flag", "long_time", "half_date", "no_such_day"] {
            let failure = all(&server.source(), &server.table(table)).await.err();
            let named = matches!(&failure, Some(SourceError::Value { column, .. }) if column == "c");
            assert!(named, "{} {table}: {failure:?}", server.name);
        }
    }
}

#[tokio::test]
async fn settings_of_the_server_change_no_value() {
    for server in Server::each().await {
        let sql = "CREATE TABLE t (id int(5) unsigned zerofill PRIMARY KEY, c char(5), f float, z datetime NOT NULL); \
                   SET SESSION sql_mode = ''; INSERT INTO t VALUES (42, 'ab', 16777216, '0000-00-00 00:00:00')";
        server.run(sql).await;
        let rows = all(&server.source(), &server.table("t")).await.expect("rows");
        let expected = [Value::Int(42), Value::Text("ab".into()), Value::Float(16_777_216.0), Value::Null];
        assert_eq!(rows, [expected], "{}", server.name);
    }
}
