//! Every type, value by value, all the way: source, embedded engine, and a reader that shares no code with us.

use api::requests::ItemRow;
use domain::ids::RequestId;
use domain::source::Place;
use domain::time::SECOND;

use super::server::Server;
use crate::client::{Client, ask_in};
use crate::harness::TestApp;

/// A column of the table of all types: its declaration, what is put in, and what the other reader must see.
struct Sample {
    declared: &'static str,
    put: [&'static str; 3],
    seen: [String; 3],
}

/// What the other reader prints (`server/lake/tests/read_table.py`).
#[derive(Debug, serde::Deserialize)]
pub struct Seen {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Option<String>>>,
}

/// The table of an item, read by the other reader.
pub fn seen(app: &TestApp, item: &ItemRow) -> Seen {
    let python = std::env::var("LAKEGATE_PYTHON")
        .expect("LAKEGATE_PYTHON names no python with pypaimon; `make test` installs one and sets it");
    let output = std::process::Command::new(python)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/lake/tests/read_table.py"))
        .arg(app.state.config.warehouse())
        .args([item.target.database.as_str(), item.target.table.as_str()])
        .output()
        .expect("LAKEGATE_PYTHON is an executable");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("the script prints JSON")
}

/// Asks for a table of a source, has it approved and started.
pub async fn ask_for(app: &TestApp, source: &str, database: &str, table: &str) -> (Client, RequestId) {
    let (ana, bo) = (app.requester("ana").await, app.approver("bo").await);
    let asked = ana.submit(&ana.fresh_key(), &ask_in(source, database, &[table])).await;
    let request = asked.read::<api::requests::RequestView>().row.id;
    bo.approve(&request).await;
    app.advance(30 * SECOND).await;
    (ana, request)
}

/// The same, and waits until it is ready.
pub async fn bring(app: &TestApp, source: &str, database: &str, table: &str) -> ItemRow {
    let (ana, request) = ask_for(app, source, database, table).await;
    app.until(&ana, &request, table, "ready").await;
    ana.item(&request, table).await
}

fn sample<S: ToString>(declared: &'static str, put: [&'static str; 3], seen: [S; 3]) -> Sample {
    Sample { declared, put, seen: seen.map(|text| text.to_string()) }
}

/// What is put in is what is seen.
fn same(declared: &'static str, put: [&'static str; 3]) -> Sample {
    sample(declared, put, put.map(|text| text.trim_matches('\'')))
}

/// Floating numbers as the other reader prints them.
fn floats(declared: &'static str, put: [&'static str; 3], seen: [f64; 3]) -> Sample {
    let hex = |number: f64| number.to_be_bytes().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    sample(declared, put, seen.map(hex))
}

fn numbers() -> Vec<Sample> {
    vec![
        sample("bit(1)", ["b'0'", "b'1'", "b'1'"], ["false", "true", "true"]),
        sample("bit(8)", ["0", "255", "5"], ["00", "ff", "05"]),
        sample("bit(12)", ["0", "4095", "258"], ["0000", "0fff", "0102"]),
        sample(
            "bit(64)",
            ["0", "18446744073709551615", "258"],
            ["0000000000000000", "ffffffffffffffff", "0000000000000102"],
        ),
        sample("bool", ["0", "1", "1"], ["false", "true", "true"]),
        sample("tinyint(1)", ["0", "1", "1"], ["false", "true", "true"]),
        same("tinyint", ["-128", "127", "-1"]),
        same("tinyint unsigned", ["0", "255", "7"]),
        same("smallint", ["-32768", "32767", "-1"]),
        same("smallint unsigned", ["0", "65535", "7"]),
        same("mediumint", ["-8388608", "8388607", "-1"]),
        same("mediumint unsigned", ["0", "16777215", "7"]),
        same("int", ["-2147483648", "2147483647", "-1"]),
        same("int unsigned", ["0", "4294967295", "7"]),
        same("int(10) unsigned zerofill", ["0", "4294967295", "42"]),
        same("bigint", ["-9223372036854775808", "9223372036854775807", "-1"]),
        same("bigint unsigned", ["0", "18446744073709551615", "9223372036854775808"]),
        floats("float", ["16777216", "1.1", "-3.4028234e38"], [16_777_216.0, f64::from(1.1_f32), f64::from(f32::MIN)]),
        floats(
            "double",
            ["1.7976931348623157e308", "2.2250738585072014e-308", "0.1"],
            [f64::MAX, f64::MIN_POSITIVE, 0.1],
        ),
        floats("double(12,2)", ["1.1", "-9999999999.99", "0"], [1.1, -9_999_999_999.99, 0.0]),
        floats("float(7,3)", ["1.1", "-9999.999", "0"], [f64::from(1.1_f32), f64::from(-9_999.999_f32), 0.0]),
        sample("decimal(12,2)", ["-9999999999.99", "9999999999.99", "0.01"], ["-999999999999", "999999999999", "1"]),
        sample("decimal(12,2) unsigned zerofill", ["0", "9999999999.99", "1.5"], ["0", "999999999999", "150"]),
        sample(
            "decimal(38,10)",
            ["-9999999999999999999999999999.9999999999", "1234567890123456789012345678.0123456789", "1"],
            ["-99999999999999999999999999999999999999", "12345678901234567890123456780123456789", "10000000000"],
        ),
        sample(
            "decimal(65,30)",
            [
                "-1.000000000000000000000000000001",
                "99999999999999999999999999999999999.999999999999999999999999999999",
                "0",
            ],
            [
                "-1.000000000000000000000000000001",
                "99999999999999999999999999999999999.999999999999999999999999999999",
                "0.000000000000000000000000000000",
            ],
        ),
        same("year", ["1901", "2155", "2024"]),
    ]
}

fn texts() -> Vec<Sample> {
    vec![
        sample("char(18)", ["''", "'租赁合同'", "'ab  '"], ["", "租赁合同", "ab"]),
        same("varchar(64)", ["''", "'😀 租'", "' y '"]),
        same("varchar(9) CHARACTER SET latin1", ["''", "'é'", "'ÿ'"]),
        same("varchar(9) CHARACTER SET gbk", ["''", "'租赁'", "'x'"]),
        same("varchar(9) CHARACTER SET utf16", ["''", "'租😀'", "'x'"]),
        same("tinytext", ["''", "'短'", "'x'"]),
        sample("text", ["''", "'a\\0b\\nc\\\\'", "'\"'"], ["", "a\0b\nc\\", "\""]),
        same("mediumtext", ["''", "'中'", "'x'"]),
        same("longtext", ["''", "'长'", "'x'"]),
        same("json", ["'{\"a\": [1, 2.5, \"租\"]}'", "'[]'", "'null'"]),
        same("enum('甲','乙','c/*d')", ["'甲'", "'乙'", "'c/*d'"]),
        sample("set('甲','乙','丙')", ["''", "'甲,丙'", "'乙'"], ["[]", "[\"甲\",\"丙\"]", "[\"乙\"]"]),
        sample("binary(4)", ["x'00'", "x'ffffffff'", "x'c328'"], ["00000000", "ffffffff", "c3280000"]),
        sample("varbinary(64)", ["''", "x'ff00'", "x'0d0a'"], ["", "ff00", "0d0a"]),
        sample("tinyblob", ["''", "x'ff00'", "x'00'"], ["", "ff00", "00"]),
        sample("blob", ["''", "x'c328'", "x'00'"], ["", "c328", "00"]),
        sample("mediumblob", ["''", "x'fffe'", "x'00'"], ["", "fffe", "00"]),
        sample("longblob", ["''", "x'fffefd'", "x'00'"], ["", "fffefd", "00"]),
    ]
}

/// `zone` is how far east of UTC the server's people are, in seconds.
fn times(zone: i64) -> Vec<Sample> {
    let local = |micros: i64| micros + zone * 1_000_000;
    vec![
        sample("date", ["'1000-01-01'", "'9999-12-31'", "'1969-12-31'"], ["-354285", "2932896", "-1"]),
        sample("time", ["'00:00:00'", "'23:59:59'", "'01:02:03'"], ["0", "86399000", "3723000"]),
        sample("time(3)", ["'00:00:00'", "'23:59:59.999'", "'01:02:03.004'"], ["0", "86399999", "3723004"]),
        sample("time(6)", ["'00:00:00'", "'23:59:59.999999'", "'01:02:03.004005'"], ["0", "86399999", "3723004"]),
        sample(
            "datetime",
            ["'1000-01-01 00:00:00'", "'9999-12-31 23:59:59'", "'1969-12-31 23:59:59'"],
            ["-30610224000000000", "253402300799000000", "-1000000"],
        ),
        sample(
            "datetime(3)",
            ["'1000-01-01 00:00:00'", "'9999-12-31 23:59:59.999'", "'1969-12-31 23:59:59.5'"],
            ["-30610224000000000", "253402300799999000", "-500000"],
        ),
        sample(
            "datetime(6)",
            ["'1000-01-01 00:00:00.000001'", "'9999-12-31 23:59:59.999999'", "'1970-01-01 00:00:00.000001'"],
            ["-30610223999999999", "253402300799999999", "1"],
        ),
        sample(
            "timestamp NULL",
            ["'1970-01-01 00:00:01'", "'2038-01-19 03:14:07'", "'2024-07-01 12:00:00'"],
            [local(1_000_000), local(2_147_483_647_000_000), local(1_719_835_200_000_000)],
        ),
        sample(
            "timestamp(6) NULL",
            ["'1970-01-01 00:00:01.000001'", "'2038-01-19 03:14:07'", "'2024-07-01 12:00:00.5'"],
            [local(1_000_001), local(2_147_483_647_000_000), local(1_719_835_200_500_000)],
        ),
    ]
}

/// Makes `every_type` with four rows: three of the samples', and one where all is NULL that may be.
async fn make(server: &Server, samples: &[Sample]) {
    let columns: Vec<_> = samples.iter().enumerate().map(|(n, sample)| format!("c{n} {}", sample.declared)).collect();
    let row = |which: usize| {
        let values: Vec<_> = samples.iter().map(|sample| sample.put[which]).collect();
        format!("({which}, {})", values.join(", "))
    };
    let nulls = vec!["NULL"; samples.len()].join(", ");
    let sql = format!(
        "SET SESSION sql_mode = '', NAMES utf8mb4; CREATE TABLE every_type (id serial PRIMARY KEY, {}) CHARACTER SET utf8mb4; \
         SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO,STRICT_ALL_TABLES'; \
         INSERT INTO every_type VALUES {}, {}, {}, (3, {nulls})",
        columns.join(", "),
        row(0),
        row(1),
        row(2)
    );
    server.run(&sql).await;
}

/// How far east of UTC the server's people are, in seconds.
async fn zone(server: &Server) -> i64 {
    let there = "CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', @@global.time_zone)";
    let told = server.ask(&format!("SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), {there})")).await;
    told[0].parse().expect("a number")
}

#[tokio::test]
async fn every_type_of_a_server_arrives_value_by_value() {
    for server in Server::each().await {
        let mut samples = numbers();
        samples.extend(texts());
        samples.extend(times(zone(&server).await));
        make(&server, &samples).await;
        let app = TestApp::with_embedded().await;
        app.add_source("shop", Place::Mysql(server.place()), "").await;
        let item = bring(&app, "shop", server.database.as_str(), "every_type").await;
        let seen = seen(&app, &item);
        assert_eq!(seen.rows.len(), 4);
        for row in &seen.rows {
            let which: usize = row[0].as_ref().expect("a key").parse().expect("a number");
            for (sample, cell) in samples.iter().zip(&row[1..]) {
                let expected = sample.seen.get(which);
                assert_eq!(cell.as_ref(), expected, "{}: {} {:?}", server.name, sample.declared, sample.put.get(which));
            }
        }
    }
}

#[tokio::test]
async fn spatial_hidden_reckoned_and_empty_columns_arrive_too() {
    for server in Server::each().await {
        let sql = "SET SESSION sql_mode = ''; \
                   CREATE TABLE special (id int PRIMARY KEY, p point, g geometry, twice int AS (id * 2) VIRTUAL, \
                   kept int AS (id + 1) STORED, hidden int INVISIBLE, d date NOT NULL, t timestamp NULL, n char(0), \
                   v varbinary(0)); \
                   INSERT INTO special (id, p, g, hidden, d, t, n, v) VALUES \
                   (1, ST_GeomFromText('POINT(1 2.5)'), ST_GeomFromText('LINESTRING(0 0,1 1)'), 5, '0000-00-00', NULL, '', '')";
        server.run(sql).await;
        let app = TestApp::with_embedded().await;
        app.add_source("shop", Place::Mysql(server.place()), "").await;
        let item = bring(&app, "shop", server.database.as_str(), "special").await;
        let told = |column: &str| format!("SELECT ST_AsGeoJSON({column}) FROM {}.special", server.database);
        let (p, g) = (server.ask(&told("p")).await.remove(0), server.ask(&told("g")).await.remove(0));
        let expected = ["1", &p, &g, "2", "2", "5", "-", "-", "", ""];
        let seen = seen(&app, &item);
        assert_eq!(seen.columns, ["id", "p", "g", "twice", "kept", "hidden", "d", "t", "n", "v"]);
        let cells: Vec<_> = seen.rows[0].iter().map(|cell| cell.as_deref().unwrap_or("-")).collect();
        assert_eq!(cells, expected, "{}", server.name);
        assert!(p.contains("2.5"));
    }
}
