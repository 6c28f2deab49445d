//! What pypaimon reads, a reader that shares no code with the writer, is what was written.

use std::collections::BTreeMap;
use std::process::Command;

use domain::name::TableName;
use domain::types::LakeType as T;
use domain::value::{Row, Value};
use serde::Deserialize;

use crate::harness::{Lake, lake, numbered, orders, schema, simple};

/// What `tests/read_table.py` prints.
#[derive(Debug, Deserialize)]
struct Found {
    columns: Vec<String>,
    rows: Vec<Vec<Option<String>>>,
    sums: BTreeMap<String, String>,
}

/// A column with a largest, a smallest and an ordinary value.
type Sample = (&'static str, T, [Value; 3]);

#[tokio::test]
async fn every_type_is_read_back_exactly_by_another_reader() {
    let samples = samples();
    let columns: Vec<(&str, T)> = samples.iter().map(|sample| (sample.0, sample.1)).collect();
    let mut rows: Vec<Row> =
        (0..3).map(|which| samples.iter().map(|sample| sample.2[which].clone()).collect()).collect();
    let mut nulls = vec![Value::Null; samples.len()];
    nulls[0] = Value::Int(9);
    rows.push(nulls);
    let lake = lake();
    for key in [&["id"][..], &[]] {
        let table = TableName::parse("租赁", &format!("合同{}", key.len())).expect("names");
        lake.copy(&table, &schema(&columns, key), "a", rows.clone()).await;
        compare(&read(&lake, &table), &columns, &rows);
    }
}

#[tokio::test]
async fn an_overwritten_swept_and_folded_table_is_read_by_another_reader() {
    let lake = lake();
    for n in 1..=55 {
        lake.copy(&orders(), &simple(), &format!("c{n}"), numbered(1..=n, "x")).await;
    }
    lake.warehouse.sweep(&orders(), 1).await.expect("ours");
    let found = read(&lake, &orders());
    assert_eq!(found.rows.len(), 55);
    assert_eq!(found.sums["id"], (1..=55).sum::<i64>().to_string());
}

#[tokio::test]
async fn merged_keys_and_empty_tables_look_the_same_to_another_reader() {
    let lake = lake();
    let long = "租赁合同".repeat(200);
    let mut copy = lake.begin(&orders(), &simple(), "a").await;
    for text in ["early", &long, "late"] {
        for start in [10_000, 0] {
            copy.write(numbered(start..start + 10_000, text)).await.expect("fits");
        }
    }
    copy.commit().await.expect("committable");
    let found = read(&lake, &orders());
    assert_eq!(found.rows.len(), 20_000);
    assert!(found.rows.iter().all(|row| row[1].as_deref() == Some("late")));
    lake.copy(&orders(), &simple(), "b", vec![]).await;
    assert_eq!(read(&lake, &orders()).rows.len(), 0);
}

fn read(lake: &Lake, table: &TableName) -> Found {
    let python = std::env::var("LAKEGATE_PYTHON")
        .expect("LAKEGATE_PYTHON names no python with pypaimon; `make test` installs one and sets it");
    let output = Command::new(&python)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/read_table.py"))
        .arg(lake.warehouse.root())
        .args([table.database.as_str(), table.table.as_str()])
        .output()
        .expect("LAKEGATE_PYTHON is an executable; `make test` sets it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("the script prints JSON")
}

fn compare(found: &Found, columns: &[(&str, T)], rows: &[Row]) {
    let names: Vec<&str> = columns.iter().map(|column| column.0).collect();
    assert_eq!(found.columns, names);
    assert_eq!(found.rows.len(), rows.len());
    for row in rows {
        let expected: Vec<_> = row.iter().zip(columns).map(|(value, column)| text(value, column.1)).collect();
        let seen = found.rows.iter().find(|seen| seen[0] == expected[0]).expect("a row of that id");
        for ((name, lake_type), (seen, expected)) in columns.iter().zip(seen.iter().zip(&expected)) {
            assert_eq!(seen, expected, "{name} {lake_type:?}");
        }
    }
    for (place, (name, _)) in columns.iter().enumerate() {
        let numbers: Option<Vec<i128>> = rows.iter().map(|row| whole(&row[place])).collect();
        if let Some(numbers) = numbers {
            assert_eq!(found.sums[*name], numbers.iter().sum::<i128>().to_string(), "{name}");
        }
    }
}

/// A whole or decimal number; null counts as nothing.
fn whole(value: &Value) -> Option<i128> {
    match value {
        Value::Int(number) => Some(i128::from(*number)),
        Value::Decimal(unscaled) => Some(*unscaled),
        Value::Null => Some(0),
        _ => None,
    }
}

/// A value as the script prints it.
fn text(value: &Value, lake_type: T) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(found) => found.to_string(),
        Value::Int(found) | Value::Timestamp(found) => found.to_string(),
        Value::Decimal(found) => found.to_string(),
        Value::Float(found) if lake_type == T::Float => {
            #[expect(clippy::cast_possible_truncation, reason = "that is what FLOAT keeps")]
            let kept = f64::from(*found as f32);
            hex(&kept.to_be_bytes())
        }
        Value::Float(found) => hex(&found.to_be_bytes()),
        Value::Text(found) => found.clone(),
        Value::Bytes(found) => hex(found),
        Value::Date(found) | Value::Time(found) => found.to_string(),
        Value::List(found) => serde_json::to_string(found).expect("text is JSON"),
    })
}

/// Bytes as the script prints them.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

const FIRST_DAY: i32 = -719_162; // 0001-01-01
const LAST_DAY: i32 = 2_932_896; // 9999-12-31
const FIRST_MICRO: i64 = -62_135_596_800_000_000; // 0001-01-01 00:00:00
const LAST_MICRO: i64 = 253_402_300_799_999_999; // 9999-12-31 23:59:59.999999

fn samples() -> Vec<Sample> {
    let ints = |least: i64, most: i64| [least, most, -1].map(Value::Int);
    let floats = |values: [f64; 3]| values.map(Value::Float);
    let texts = |values: [&str; 3]| values.map(|text| Value::Text(text.to_owned()));
    let bytes = |values: [&[u8]; 3]| values.map(|bytes| Value::Bytes(bytes.to_vec()));
    let decimals = |digits: u32| {
        let most = 10_i128.pow(digits) - 1;
        [most, -most, 7].map(Value::Decimal)
    };
    let stamps = |precision: u32| {
        let step = 10_i64.pow(6 - precision);
        [FIRST_MICRO, LAST_MICRO, -1_234_567].map(|micros| Value::Timestamp(micros.div_euclid(step) * step))
    };
    let list = |texts: &[&str]| Value::List(texts.iter().map(ToString::to_string).collect());
    vec![
        ("id", T::BigInt, ints(i64::MIN, i64::MAX)),
        ("boolean", T::Boolean, [true, false, true].map(Value::Bool)),
        ("tinyint", T::TinyInt, ints(i8::MIN.into(), i8::MAX.into())),
        ("smallint", T::SmallInt, ints(i16::MIN.into(), i16::MAX.into())),
        ("int", T::Int, ints(i32::MIN.into(), i32::MAX.into())),
        ("float", T::Float, floats([f64::from(f32::MAX), f64::from(f32::MIN), 1.1])),
        ("double", T::Double, floats([f64::MAX, f64::MIN_POSITIVE, -0.0])),
        ("unsigned", T::Decimal(20, 0), [18_446_744_073_709_551_615, 0, 1].map(Value::Decimal)),
        ("decimal_38_10", T::Decimal(38, 10), decimals(38)),
        ("decimal_38_38", T::Decimal(38, 38), decimals(38)),
        ("decimal_18_2", T::Decimal(18, 2), decimals(18)),
        ("decimal_9_0", T::Decimal(9, 0), decimals(9)),
        ("char", T::Char(4), texts(["租赁合同", "", "ab"])),
        ("varchar", T::VarChar(3), texts(["𠀀é\u{0}", "", "\"\\"])),
        ("文本", T::String, texts(["租赁\n合同😀", "", " x "])),
        ("binary", T::Binary(3), bytes([&[255; 3], &[0; 3], b"abc"])),
        ("varbinary", T::VarBinary(3), bytes([&[255; 3], &[], &[0]])),
        ("bytes", T::Bytes, bytes([&[0xC3, 0x28, 0, 255], &[], b"x"])),
        ("date", T::Date, [FIRST_DAY, LAST_DAY, -1].map(Value::Date)),
        ("time", T::Time, [0, 86_399_999, 3_723_004].map(Value::Time)),
        ("ts0", T::Timestamp(0), stamps(0)),
        ("ts1", T::Timestamp(1), stamps(1)),
        ("ts2", T::Timestamp(2), stamps(2)),
        ("ts3", T::Timestamp(3), stamps(3)),
        ("ts4", T::Timestamp(4), stamps(4)),
        ("ts5", T::Timestamp(5), stamps(5)),
        ("ts6", T::Timestamp(6), stamps(6)),
        ("list", T::StringArray, [list(&["租", "", "a,b"]), list(&[]), list(&[""])]),
    ]
}
