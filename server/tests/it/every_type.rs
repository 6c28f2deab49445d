//! The bundled sample's table of every type, all the way to a reader that shares no code with us, value by value.

use domain::source::Place;
use lakegate::outside::source::sample::write_sample;
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{ConnectOptions, Row};

use crate::harness::TestApp;
use crate::mysql::types::{bring, seen};

/// How SQLite itself tells a column of this type as the other reader does.
fn told(column: &str, declared: &str) -> String {
    let digits = |scale: usize| {
        // All digits without the point, as many behind it as declared.
        let (text, point) = (format!("CAST({column} AS TEXT)"), format!("instr(CAST({column} AS TEXT), '.')"));
        let behind = format!("CASE {point} WHEN 0 THEN '' ELSE substr({text}, {point} + 1) END");
        let before = format!("CASE {point} WHEN 0 THEN {text} ELSE substr({text}, 1, {point} - 1) END");
        format!("{before} || substr({behind} || '{}', 1, {scale})", "0".repeat(scale))
    };
    let bits = |width: usize| {
        let number = format!("printf('%0{}x', {column})", width * 2);
        format!("CASE typeof({column}) WHEN 'blob' THEN lower(hex({column})) ELSE {number} END")
    };
    let clock = |text: &str| format!("strftime('%s', '1970-01-01 ' || substr({text}, 1, 8))");
    let fraction =
        |text: &str, from: usize, digits: usize| format!("substr(substr({text}, {from}) || '000000', 1, {digits})");
    let answer = match declared {
        "bit" | "boolean" | "tinyint(1)" => format!("CASE {column} WHEN 0 THEN 'false' ELSE 'true' END"),
        "bit(8)" => bits(1),
        "bit(12)" => bits(2),
        "float" | "double precision" => column.to_owned(),
        "decimal(12,2)" => digits(2),
        "decimal(38,10)" => digits(10),
        "date" => format!("CAST(julianday({column}) - 2440587.5 AS INTEGER)"),
        "time" | "time(3)" | "time(6)" => {
            format!("CAST({} || {} AS INTEGER)", clock(column), fraction(column, 10, 3))
        }
        "datetime" | "datetime(3)" | "timestamp(6)" => {
            format!("CAST(strftime('%s', substr({column}, 1, 19)) || {} AS INTEGER)", fraction(column, 21, 6))
        }
        declared if declared.contains("binary") || declared.contains("blob") => format!("lower(hex({column}))"),
        declared if declared.starts_with("set") => format!("'[\"' || replace({column}, ',', '\",\"') || '\"]'"),
        _ => column.to_owned(),
    };
    match declared {
        "float" | "double precision" => answer,
        _ => format!("CASE WHEN {column} IS NULL THEN NULL ELSE CAST({answer} AS TEXT) END"),
    }
}

fn cell(row: &SqliteRow, index: usize, declared: &str) -> Option<String> {
    let hex = |number: f64| number.to_be_bytes().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    match declared {
        "double precision" => row.get::<Option<f64>, _>(index).map(hex),
        #[expect(clippy::cast_possible_truncation, reason = "that is what FLOAT keeps")]
        "float" => row.get::<Option<f64>, _>(index).map(|number| hex(f64::from(number as f32))),
        _ => row.get(index),
    }
}

#[tokio::test]
async fn every_type_of_the_sample_arrives_value_by_value() {
    let app = TestApp::with_embedded().await;
    let folder = app.state.config.sources().join("sample");
    write_sample(&folder).await.expect("the sample");
    app.add_source("demo", Place::sqlite("sample/member.db"), "").await;
    let item = bring(&app, "demo", "member", "every_type").await;
    let seen = seen(&app, &item);

    let options = SqliteConnectOptions::new().filename(folder.join("member.db")).read_only(true);
    let mut connection = options.connect().await.expect("the sample is there");
    let columns = "SELECT name, lower(type) FROM pragma_table_info('every_type') ORDER BY cid";
    let columns: Vec<(String, String)> = sqlx::query_as(columns).fetch_all(&mut connection).await.expect("columns");
    assert_eq!(seen.columns, columns.iter().map(|column| column.0.clone()).collect::<Vec<_>>());
    let list: Vec<_> = columns.iter().map(|(name, declared)| told(name, declared)).collect();
    let sql = sqlx::AssertSqlSafe(format!("SELECT {} FROM every_type ORDER BY id", list.join(", ")));
    let rows = sqlx::query(sql).fetch_all(&mut connection).await.expect("rows");
    assert_eq!((rows.len(), seen.rows.len()), (500, 500));

    let mut found = seen.rows;
    found.sort_by_key(|row| row[0].as_ref().and_then(|id| id.parse::<u64>().ok()));
    let mut nulls = 0;
    for (row, found) in rows.iter().zip(&found) {
        for (index, (name, declared)) in columns.iter().enumerate() {
            let expected = cell(row, index, declared);
            nulls += usize::from(expected.is_none());
            assert_eq!(found[index], expected, "{name} {declared} of row {:?}", found[0]);
        }
    }
    assert!(nulls > 500, "some of every column are empty");
}
