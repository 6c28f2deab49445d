//! What crashes, full disks and careless hands leave behind.

use std::fs;

use lake::LakeError;

use crate::harness::{lake, numbered, orders, simple};

#[tokio::test]
async fn stale_or_missing_hints_mislead_nobody() {
    let lake = lake();
    for id in ["a", "b", "c"] {
        lake.copy(&orders(), &simple(), id, numbered(1..=5, id)).await;
    }
    let hint = lake.path(&orders(), "snapshot/LATEST");
    // With snapshot 2 gone, Paimon itself would believe a hint that says 1.
    fs::remove_file(lake.path(&orders(), "snapshot/snapshot-2")).expect("there");
    for content in [Some("1"), Some("77"), Some("nonsense"), None] {
        match content {
            Some(text) => fs::write(&hint, text).expect("writable"),
            None => fs::remove_file(&hint).expect("there"),
        }
        assert_eq!(lake.facts(&orders()).await.latest.expect("committed").id, 3, "{content:?}");
        assert_eq!(lake.warehouse.count(&orders()).await.expect("readable"), 5, "{content:?}");
    }
    fs::write(&hint, "1").expect("writable");
    let next = lake.copy(&orders(), &simple(), "d", numbered(1..=2, "d")).await;
    assert_eq!(next.snapshot_id, 4);
    assert_eq!(lake.warehouse.count(&orders()).await.expect("readable"), 2);
}

#[tokio::test]
async fn half_a_snapshot_is_named_and_the_next_copy_gets_over_it() {
    let lake = lake();
    lake.copy(&orders(), &simple(), "a", numbered(1..=5, "a")).await;
    let content = fs::read(lake.path(&orders(), "snapshot/snapshot-1")).expect("readable");
    fs::write(lake.path(&orders(), "snapshot/snapshot-2"), &content[..content.len() / 2]).expect("writable");
    let damage = lake.warehouse.facts(&orders()).await.expect_err("half a file");
    assert!(matches!(&damage, LakeError::Damaged { path, .. } if path.ends_with("snapshot-2")), "{damage:?}");
    assert!(matches!(lake.warehouse.count(&orders()).await, Err(LakeError::Damaged { .. })));
    lake.copy(&orders(), &simple(), "b", numbered(1..=6, "b")).await;
    assert_eq!(lake.warehouse.count(&orders()).await.expect("readable"), 6);
    assert_eq!(lake.warehouse.sweep(&orders(), 1).await.expect("ours").snapshots, 1);
}

#[tokio::test]
async fn a_damaged_schema_is_named() {
    let lake = lake();
    lake.copy(&orders(), &simple(), "a", numbered(1..=5, "a")).await;
    fs::write(lake.path(&orders(), "schema/schema-0"), "{").expect("writable");
    let damage = lake.warehouse.create(&orders(), &simple()).await.expect_err("half a file");
    assert!(matches!(&damage, LakeError::Damaged { path, .. } if path.ends_with("schema-0")), "{damage:?}");
}

#[tokio::test]
async fn a_lost_data_file_is_an_error_and_not_fewer_rows() {
    let lake = lake();
    lake.copy(&orders(), &simple(), "a", numbered(1..=5, "a")).await;
    let data = lake.names(&orders(), "bucket-0");
    fs::remove_file(lake.path(&orders(), "bucket-0").join(&data[0])).expect("there");
    assert!(matches!(lake.warehouse.preview(&orders(), 5).await, Err(LakeError::Gone { .. })));
}

#[tokio::test]
async fn a_copy_that_cannot_write_its_files_says_so() {
    let lake = lake();
    let mut copy = lake.begin(&orders(), &simple(), "a").await;
    // A file stands where the folder of data must come.
    fs::write(lake.path(&orders(), "bucket-0"), "").expect("writable");
    copy.write(numbered(1..=5, "a")).await.expect("buffered");
    copy.commit().await.expect_err("no place for data");
    assert_eq!(lake.facts(&orders()).await.latest, None);
}
