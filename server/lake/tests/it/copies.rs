//! A copy replaces the whole table, once, or not at all.

use domain::types::LakeType;
use domain::value::Value;
use lake::LakeError;

use crate::harness::{columns, copy_id, lake, name, numbered, orders, schema, simple};

#[tokio::test]
async fn only_the_last_of_several_copies_remains_visible() {
    let lake = lake();
    for (id, ids, rows) in [("a", 1..=50, 50), ("b", 40..=44, 5), ("c", 1..=9, 9)] {
        let committed = lake.copy(&orders(), &simple(), id, numbered(ids, id)).await;
        assert_eq!(lake.warehouse.count(&orders()).await.expect("readable"), rows);
        let latest = lake.facts(&orders()).await.latest.expect("committed");
        assert_eq!((latest.id, latest.at), (committed.snapshot_id, committed.at));
        assert_eq!(latest.commit_user, format!("lakegate-{id}"));
        assert_eq!(latest.commit_kind, "OVERWRITE");
    }
    let preview = lake.warehouse.preview(&orders(), 100).await.expect("readable");
    assert!(preview.rows.iter().all(|row| row[1].as_deref() == Some("c")), "{preview:?}");
    assert_eq!(lake.warehouse.count_at(&orders(), 1).await.expect("kept"), 50);
    assert_eq!(lake.warehouse.preview_at(&orders(), 2, 2).await.expect("kept").rows.len(), 2);
}

#[tokio::test]
async fn a_copy_without_rows_proves_an_empty_table() {
    let lake = lake();
    for key in [&["id"][..], &[]] {
        let table = domain::name::TableName::parse("空", &format!("empty{}", key.len())).expect("names");
        let schema = schema(&[("id", LakeType::Int)], key);
        let nothing = lake.copy(&table, &schema, "first", vec![]).await;
        assert_eq!(nothing.snapshot_id, 1);
        assert_eq!(lake.warehouse.count(&table).await.expect("readable"), 0);
        lake.copy(&table, &schema, "second", vec![vec![Value::Int(1)]]).await;
        assert_eq!(lake.warehouse.count(&table).await.expect("readable"), 1);
        lake.copy(&table, &schema, "third", vec![]).await;
        assert_eq!(lake.warehouse.count(&table).await.expect("readable"), 0);
        let preview = lake.warehouse.preview(&table, 5).await.expect("readable");
        assert_eq!((preview.columns, preview.rows), (vec!["id".to_owned()], vec![]));
        assert_eq!(lake.facts(&table).await.latest.expect("committed").records, Some(0));
    }
}

#[tokio::test]
async fn keys_may_come_unsorted_and_twice() {
    let lake = lake();
    let schema =
        schema(&[("day", LakeType::Date), ("what", LakeType::String), ("shop", LakeType::Int)], &["shop", "day"]);
    let row = |shop, day, what: &str| vec![Value::Date(day), Value::Text(what.to_owned()), Value::Int(shop)];
    let mut copy = lake.begin(&orders(), &schema, "a").await;
    copy.write(vec![row(2, -1, "x"), row(1, 5, "early"), row(1, 4, "x")]).await.expect("fits");
    copy.write(vec![row(1, 5, "late"), row(2, -2, "x")]).await.expect("fits");
    assert_eq!(copy.rows(), 5);
    assert!(copy.bytes() > 100);
    copy.commit().await.expect("committable");
    assert_eq!(lake.warehouse.count(&orders()).await.expect("readable"), 4);
    let preview = lake.warehouse.preview(&orders(), 10).await.expect("readable");
    let seen: Vec<_> =
        preview.rows.iter().map(|row| row.iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(seen, ["1970-01-05 x 1", "1970-01-06 late 1", "1969-12-30 x 2", "1969-12-31 x 2"]);
}

#[tokio::test]
async fn many_flushes_of_unsorted_keys_merge_to_one_row_each() {
    let lake = lake();
    let long = "租赁合同".repeat(200);
    let mut copy = lake.begin(&orders(), &simple(), "a").await;
    for _ in 0..2 {
        for start in (0..10).rev().map(|n| n * 2_000) {
            copy.write(numbered(start..start + 2_000, &long)).await.expect("fits");
        }
    }
    assert_eq!(copy.rows(), 40_000);
    copy.commit().await.expect("committable");
    assert!(lake.names(&orders(), "bucket-0").len() > 1, "the buffer is smaller than the copy");
    assert_eq!(lake.warehouse.count(&orders()).await.expect("readable"), 20_000);
    assert_eq!(lake.warehouse.preview(&orders(), 3).await.expect("readable").rows.len(), 3);
}

#[tokio::test]
async fn an_append_table_keeps_equal_rows() {
    let lake = lake();
    let schema = schema(&[("what", LakeType::String)], &[]);
    let rows = vec![vec![Value::Text("same".into())]; 10_000];
    lake.copy(&orders(), &schema, "a", rows).await;
    assert_eq!(lake.warehouse.count(&orders()).await.expect("readable"), 10_000);
    assert_eq!(lake.warehouse.preview(&orders(), 7).await.expect("readable").rows.len(), 7);
}

#[tokio::test]
async fn one_table_has_one_writer_at_a_time() {
    let lake = lake();
    let copy = lake.begin(&orders(), &simple(), "a").await;
    let warehouse = lake::Warehouse::open(lake.warehouse.root()).expect("the same folder");
    let begin = |id| {
        let (warehouse, id) = (warehouse.clone(), copy_id(id));
        async move { warehouse.begin(&orders(), &columns(&simple()), &id).await }
    };
    assert!(matches!(begin("b").await, Err(LakeError::Busy { .. })));
    assert!(matches!(warehouse.sweep(&orders(), 1).await, Err(LakeError::Busy { .. })));
    assert!(matches!(warehouse.create(&orders(), &simple()).await, Err(LakeError::Busy { .. })));
    assert!(matches!(warehouse.remove(&orders()).await, Err(LakeError::Busy { .. })));
    copy.abandon().await;
    assert!(begin("b").await.is_ok());
}

#[tokio::test]
async fn an_abandoned_copy_leaves_neither_snapshot_nor_files() {
    let lake = lake();
    lake.copy(&orders(), &simple(), "a", numbered(1..=3, "a")).await;
    let before = lake.names(&orders(), "bucket-0");
    let mut copy = lake.begin(&orders(), &simple(), "b").await;
    copy.write(numbered(1..=60_000, &"long ".repeat(200))).await.expect("fits");
    assert!(lake.names(&orders(), "bucket-0").len() > before.len(), "it wrote already");
    copy.abandon().await;
    assert_eq!(lake.names(&orders(), "bucket-0"), before);
    assert_eq!(lake.facts(&orders()).await.latest.expect("committed").id, 1);
}

#[tokio::test]
async fn after_a_value_that_does_not_fit_nothing_is_committed() {
    let lake = lake();
    let schema = schema(&[("id", LakeType::Int), ("码", LakeType::VarChar(2))], &["id"]);
    let row = |id: Value, text: &str| vec![vec![id, Value::Text(text.to_owned())]];
    let mut copy = lake.begin(&orders(), &schema, "a").await;
    copy.write(row(Value::Int(1), "合同")).await.expect("two characters fit");
    let refusal = copy.write(row(Value::Int(2), "租赁合同")).await.expect_err("four do not");
    assert_eq!(
        refusal.to_string(),
        "a value of column 码 does not fit: it has 4 characters, but the column is VARCHAR(2)"
    );
    assert!(matches!(refusal, LakeError::Value { .. }));
    copy.commit().await.expect_err("rows are missing");
    assert_eq!(lake.facts(&orders()).await.latest, None);

    let mut copy = lake.begin(&orders(), &schema, "b").await;
    let refusal = copy.write(row(Value::Null, "x")).await.expect_err("a key is never null");
    assert!(matches!(&refusal, LakeError::Value { column, .. } if column == "id"), "{refusal:?}");
    let refusal = copy.write(vec![vec![Value::Int(1)]]).await.expect_err("a cell is missing");
    assert!(matches!(refusal, LakeError::Other { .. }));
}

#[tokio::test]
async fn rows_find_their_columns_by_name() {
    let lake = lake();
    let wide = schema(&[("id", LakeType::Int), ("a", LakeType::Int), ("b", LakeType::Int)], &["id"]);
    lake.warehouse.create(&orders(), &wide).await.expect("creatable");
    let begin = |columns: &[&str]| {
        let columns: Vec<_> = columns.iter().map(|text| name(text)).collect();
        let warehouse = lake.warehouse.clone();
        async move { warehouse.begin(&orders(), &columns, &copy_id("a")).await }
    };
    let mut copy = begin(&["b", "id"]).await.expect("a is nullable");
    copy.write(vec![vec![Value::Int(7), Value::Int(1)]]).await.expect("fits");
    copy.commit().await.expect("committable");
    let preview = lake.warehouse.preview(&orders(), 1).await.expect("readable");
    assert_eq!(preview.rows, [[Some("1".to_owned()), None, Some("7".to_owned())]]);
    let refusal = |found: Result<lake::Copy, LakeError>| match found {
        Err(LakeError::Differs { column, .. }) => column,
        _ => None,
    };
    assert_eq!(refusal(begin(&["a"]).await).as_deref(), Some("id"));
    assert_eq!(refusal(begin(&["id", "new"]).await).as_deref(), Some("new"));
}
