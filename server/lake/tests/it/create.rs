//! Tables come to be, grow, and are refused.

use std::fs;

use domain::name::TableName;
use domain::types::LakeType as T;
use domain::value::Value;
use lake::{Created, LakeError, OWNER, OWNER_OPTION, Warehouse};

use crate::harness::{columns, copy_id, lake, name, numbered, orders, schema, simple};

#[tokio::test]
async fn a_new_table_says_all_that_was_wanted() {
    let lake = lake();
    let table = TableName::parse("财务 数据", "租赁.合同%20#1").expect("odd but real names");
    let mut wanted = schema(&[("编号", T::Decimal(20, 0)), ("金 额", T::Decimal(38, 10))], &["编号"]);
    wanted.comment = "合同".to_owned();
    wanted.columns[1].comment = "含税".to_owned();
    assert_eq!(lake.warehouse.facts(&table).await.expect("readable"), None);
    assert_eq!(lake.warehouse.create(&table, &wanted).await.expect("creatable"), Created::New);
    assert_eq!(lake.warehouse.create(&table, &wanted).await.expect("there"), Created::Same);
    let facts = lake.facts(&table).await;
    let seen: Vec<_> = facts
        .columns
        .iter()
        .map(|column| (column.name.as_str(), column.type_text.as_str(), column.nullable, column.comment.as_str()))
        .collect();
    assert_eq!(seen, [("编号", "DECIMAL(20, 0)", false, ""), ("金 额", "DECIMAL(38, 10)", true, "含税")]);
    assert_eq!((facts.comment.as_str(), facts.primary_key), ("合同", vec!["编号".to_owned()]));
    assert_eq!((facts.owner.as_deref(), facts.latest, facts.schema_id), (Some(OWNER), None, 0));
    assert_eq!(facts.options["bucket"], "1");
    assert_eq!((facts.files, facts.snapshots), (1, 0));
    let widest = 10_i128.pow(38) - 1;
    let rows = vec![vec![Value::Decimal(18_446_744_073_709_551_615), Value::Decimal(-widest)]];
    lake.copy(&table, &wanted, "a", rows).await;
    assert_eq!(
        lake.warehouse.preview(&table, 1).await.expect("readable").rows,
        [["18446744073709551615", "-9999999999999999999999999999.9999999999"].map(|text| Some(text.to_owned()))]
    );
}

#[tokio::test]
async fn a_table_grows_by_new_and_wider_columns() {
    let lake = lake();
    let narrow = schema(&[("id", T::Int), ("code", T::VarChar(3)), ("n", T::SmallInt), ("gone", T::Int)], &["id"]);
    let row = |id, code: &str| vec![Value::Int(id), Value::Text(code.to_owned()), Value::Int(1), Value::Int(1)];
    lake.copy(&orders(), &narrow, "a", vec![row(1, "abc")]).await;
    let wide = schema(&[("id", T::Int), ("added", T::Date), ("code", T::VarChar(9)), ("n", T::BigInt)], &["id"]);
    assert_eq!(
        lake.warehouse.create(&orders(), &wide).await.expect("compatible"),
        Created::Grown { added: vec![name("added")], widened: vec![name("code"), name("n")] }
    );
    assert_eq!(lake.warehouse.create(&orders(), &wide).await.expect("compatible"), Created::Same);
    assert_eq!(lake.warehouse.create(&orders(), &narrow).await.expect("covered"), Created::Same);
    assert_eq!(lake.warehouse.count(&orders()).await.expect("the old copy"), 1);
    let rows = vec![vec![Value::Int(2), Value::Date(-1), Value::Text("123456789".into()), Value::Int(1 << 40)]];
    lake.copy(&orders(), &wide, "b", rows).await;
    let preview = lake.warehouse.preview(&orders(), 9).await.expect("readable");
    assert_eq!(preview.columns, ["id", "code", "n", "gone", "added"]);
    let seen: Vec<_> = preview.rows[0].iter().map(Option::as_deref).collect();
    assert_eq!(seen, [Some("2"), Some("123456789"), Some("1099511627776"), None, Some("1969-12-31")]);
    let old = lake.warehouse.preview_at(&orders(), 9, 1).await.expect("kept");
    assert_eq!(old.columns, ["id", "code", "n", "gone"]);
}

#[tokio::test]
async fn what_cannot_grow_is_refused_by_column() {
    let lake = lake();
    lake.warehouse.create(&orders(), &simple()).await.expect("creatable");
    let other = schema(&[("id", T::BigInt), ("what", T::Int)], &["id"]);
    let refusal = lake.warehouse.create(&orders(), &other).await.expect_err("text is no number");
    assert_eq!(
        refusal.to_string(),
        "table shop.orders in the lake differs: column what is STRING, the source needs INT"
    );
    assert!(matches!(refusal, LakeError::Differs { column: Some(column), .. } if column == "what"));
}

#[tokio::test]
async fn a_table_of_another_engine_is_read_and_never_written() {
    let lake = lake();
    lake.copy(&orders(), &simple(), "a", numbered(1..=4, "x")).await;
    let path = lake.path(&orders(), "schema/schema-0");
    let foreign = fs::read_to_string(&path).expect("readable").replace(OWNER_OPTION, "someone.else");
    fs::write(&path, foreign).expect("writable");
    let warehouse = &lake.warehouse;
    let refusals = [
        warehouse.create(&orders(), &simple()).await.map(|_| ()),
        warehouse.begin(&orders(), &columns(&simple()), &copy_id("b")).await.map(|_| ()),
        warehouse.sweep(&orders(), 1).await.map(|_| ()),
        warehouse.tag(&orders(), "day", 1).await,
        warehouse.remove(&orders()).await,
    ];
    for refusal in refusals {
        assert!(matches!(refusal, Err(LakeError::Owned { .. })), "{refusal:?}");
    }
    assert_eq!(lake.facts(&orders()).await.owner, None);
    assert_eq!(warehouse.count(&orders()).await.expect("readable"), 4);
}

#[tokio::test]
async fn a_folder_that_is_no_table_is_neither_read_nor_taken() {
    let lake = lake();
    let folder = lake.path(&orders(), "");
    fs::create_dir_all(&folder).expect("writable");
    fs::write(folder.join("notes.txt"), "mine").expect("writable");
    assert_eq!(lake.warehouse.facts(&orders()).await.expect("readable"), None);
    assert!(matches!(lake.warehouse.count(&orders()).await, Err(LakeError::Gone { .. })));
    assert!(matches!(lake.warehouse.preview(&orders(), 1).await, Err(LakeError::Gone { .. })));
    assert!(lake.warehouse.create(&orders(), &simple()).await.is_err());
    assert!(lake.warehouse.remove(&orders()).await.is_ok(), "there is no such table");
    assert_eq!(lake.names(&orders(), ""), ["notes.txt"]);
}

#[tokio::test]
async fn a_removed_table_can_be_made_again() {
    let lake = lake();
    lake.copy(&orders(), &simple(), "a", numbered(1..=4, "x")).await;
    lake.warehouse.remove(&orders()).await.expect("ours");
    assert_eq!(lake.warehouse.facts(&orders()).await.expect("readable"), None);
    assert_eq!(lake.warehouse.create(&orders(), &simple()).await.expect("free"), Created::New);
    assert!(matches!(lake.warehouse.count(&orders()).await, Err(LakeError::Gone { .. })), "no copy yet");
}

#[tokio::test]
async fn a_removal_that_was_killed_half_way_leaves_room_for_the_table() {
    let lake = lake();
    lake.copy(&orders(), &simple(), "a", numbered(1..=4, "x")).await;
    // Killed between the two steps of a removal: the folder is out of the way, its files are still there.
    let away = lake.warehouse.root().join(".lakegate-removed/shop.db/orders");
    fs::create_dir_all(away.parent().expect("a folder")).expect("writable");
    fs::rename(lake.path(&orders(), ""), &away).expect("writable");
    assert_eq!(lake.warehouse.facts(&orders()).await.expect("readable"), None);
    assert_eq!(lake.warehouse.create(&orders(), &simple()).await.expect("free"), Created::New);
    lake.copy(&orders(), &simple(), "b", numbered(1..=2, "x")).await;
    assert_eq!(lake.warehouse.count(&orders()).await.expect("readable"), 2);
    lake.warehouse.remove(&orders()).await.expect("what was left does not hinder");
    assert!(!away.exists(), "what was left goes with it");

    fs::create_dir_all(&away).expect("writable");
    Warehouse::open(lake.warehouse.root()).expect("the same warehouse");
    assert!(!away.exists(), "the next process clears it");
}

#[tokio::test]
async fn a_name_that_readers_cannot_spell_is_refused() {
    let lake = lake();
    let table = TableName::parse("shop", "a$snapshots").expect("a name");
    assert!(matches!(lake.warehouse.create(&table, &simple()).await, Err(LakeError::Other { .. })));
    let reserved = schema(&[("_KEY_id", T::Int)], &[]);
    assert!(lake.warehouse.create(&orders(), &reserved).await.is_err());
}

#[tokio::test]
async fn a_table_that_was_half_made_when_the_process_died_is_made() {
    let lake = lake();
    let schemas = lake.path(&orders(), "schema");
    fs::create_dir_all(&schemas).expect("a writable folder");
    fs::write(schemas.join(".schema-0.draft"), "{").expect("a writable folder");
    assert_eq!(lake.warehouse.create(&orders(), &simple()).await.expect("creatable"), Created::New);
    assert_eq!(lake.facts(&orders()).await.files, 1, "the draft is gone");
}
