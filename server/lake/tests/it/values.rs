//! Values as a person sees them in a preview.

use domain::types::LakeType as T;
use domain::value::Value;

use crate::harness::{lake, orders, schema};

#[tokio::test]
async fn a_preview_reads_like_a_person_would() {
    let lake = lake();
    let schema = schema(
        &[
            ("yes", T::Boolean),
            ("unsigned", T::Decimal(20, 0)),
            ("rate", T::Decimal(38, 10)),
            ("text", T::String),
            ("bytes", T::Bytes),
            ("day", T::Date),
            ("time", T::Time),
            ("at", T::Timestamp(6)),
            ("second", T::Timestamp(0)),
            ("list", T::StringArray),
        ],
        &[],
    );
    let row = vec![
        Value::Bool(true),
        Value::Decimal(18_446_744_073_709_551_615),
        Value::Decimal(-15_000_000_000),
        Value::Text("租".repeat(500)),
        Value::Bytes((0..=255).collect()),
        Value::Date(-141_427),
        Value::Time(3_723_004),
        Value::Timestamp(-1),
        Value::Timestamp(-62_135_596_800_000_000),
        Value::List(vec!["a".into(), "租".into()]),
    ];
    let nulls = vec![Value::Null; row.len()];
    lake.copy(&orders(), &schema, "a", vec![row, nulls]).await;
    let preview = lake.warehouse.preview(&orders(), 10).await.expect("readable");
    let hex = (0..32).fold(String::new(), |text, byte| text + &format!("{byte:02X}"));
    let expected = [
        "true",
        "18446744073709551615",
        "-1.5000000000",
        &format!("{}…", "租".repeat(200)),
        &format!("0x{hex}…"),
        "1582-10-15",
        "01:02:03.004",
        "1969-12-31 23:59:59.999999",
        "0001-01-01 00:00:00",
        "[a, 租]",
    ];
    assert_eq!(preview.rows[0], expected.map(|text| Some(text.to_owned())));
    assert_eq!(preview.rows[1], vec![None; expected.len()]);
}

#[tokio::test]
async fn a_table_may_have_sixty_columns() {
    let lake = lake();
    let names: Vec<String> = (0..60).map(|n| format!("列{n}")).collect();
    let columns: Vec<(&str, T)> = names.iter().map(|name| (name.as_str(), T::Int)).collect();
    let schema = schema(&columns, &["列7", "列3"]);
    let row = |n: i64| (0..60).map(|column| Value::Int(n * 100 + column)).collect();
    lake.copy(&orders(), &schema, "a", (0..1_000).map(row).collect()).await;
    assert_eq!(lake.warehouse.count(&orders()).await.expect("readable"), 1_000);
    let preview = lake.warehouse.preview(&orders(), 2).await.expect("readable");
    assert_eq!(preview.columns, names);
    let second: Vec<Option<String>> = (100..160).map(|n| Some(n.to_string())).collect();
    assert_eq!(preview.rows[1], second);
}
