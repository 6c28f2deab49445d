//! Retention removes what nothing needs and nothing else.

use lake::{LakeError, Swept};

use crate::harness::{Lake, lake, numbered, orders, simple};

/// Three copies of 10, 20 and 30 rows.
async fn three_copies() -> Lake {
    let lake = lake();
    for (id, rows) in [("a", 10), ("b", 20), ("c", 30)] {
        lake.copy(&orders(), &simple(), id, numbered(1..=rows, id)).await;
    }
    lake
}

#[tokio::test]
async fn only_files_of_kept_copies_remain() {
    let lake = three_copies().await;
    let mut dropped = lake.begin(&orders(), &simple(), "d").await;
    dropped.write(numbered(1..=60_000, &"long ".repeat(200))).await.expect("fits");
    drop(dropped);
    assert!(lake.names(&orders(), "bucket-0").len() > 3, "a dropped copy leaves files");

    let before = lake.facts(&orders()).await;
    let swept = lake.warehouse.sweep(&orders(), 1).await.expect("ours");
    let after = lake.facts(&orders()).await;
    assert_eq!(swept.snapshots, 2);
    // One more file than before is the hint EARLIEST, of one byte.
    assert_eq!(before.files + 1 - after.files, swept.files);
    assert_eq!(before.bytes + 1 - after.bytes, swept.bytes);

    assert_eq!(lake.names(&orders(), "bucket-0").len(), 1);
    assert_eq!(lake.names(&orders(), "snapshot"), ["EARLIEST", "LATEST", "snapshot-3"]);
    let lists = lake.names(&orders(), "manifest");
    assert_eq!(lists.iter().filter(|name| name.starts_with("manifest-list-")).count(), 2, "{lists:?}");
    assert_eq!(lake.warehouse.count(&orders()).await.expect("readable"), 30);
    assert_eq!(lake.warehouse.sweep(&orders(), 1).await.expect("ours"), Swept::default());
    lake.copy(&orders(), &simple(), "e", numbered(1..=5, "e")).await;
    assert_eq!(lake.warehouse.count(&orders()).await.expect("readable"), 5);
}

#[tokio::test]
async fn the_newest_copies_stay_as_asked_and_one_always() {
    let lake = three_copies().await;
    assert_eq!(lake.warehouse.sweep(&orders(), 9).await.expect("ours"), Swept::default());
    assert_eq!(lake.warehouse.sweep(&orders(), 2).await.expect("ours").snapshots, 1);
    assert_eq!(lake.warehouse.count_at(&orders(), 2).await.expect("kept"), 20);
    assert!(matches!(lake.warehouse.count_at(&orders(), 1).await, Err(LakeError::Gone { .. })));
    assert_eq!(lake.warehouse.sweep(&orders(), 0).await.expect("ours").snapshots, 1);
    assert_eq!(lake.warehouse.count(&orders()).await.expect("kept"), 30);
}

#[tokio::test]
async fn a_tag_keeps_its_copy_readable() {
    let lake = three_copies().await;
    lake.warehouse.tag(&orders(), "2026-11-21", 1).await.expect("there");
    lake.warehouse.tag(&orders(), "2026-11-21", 1).await.expect("again is fine");
    let other = lake.warehouse.tag(&orders(), "2026-11-21", 2).await;
    assert!(matches!(other, Err(LakeError::Differs { .. })), "{other:?}");
    assert!(matches!(lake.warehouse.tag(&orders(), "x", 99).await, Err(LakeError::Gone { .. })));
    for name in ["", "a/b", "20261121", " x"] {
        assert!(lake.warehouse.tag(&orders(), name, 1).await.is_err(), "{name:?}");
    }
    lake.warehouse.sweep(&orders(), 1).await.expect("ours");
    let facts = lake.facts(&orders()).await;
    assert_eq!((facts.snapshots, facts.tags.len(), facts.tags[0].snapshot_id), (1, 1, 1));
    assert_eq!(lake.warehouse.count_at(&orders(), 1).await.expect("tagged"), 10);
    assert_eq!(lake.warehouse.preview_at(&orders(), 4, 1).await.expect("tagged").rows.len(), 4);
    assert_eq!(lake.warehouse.count(&orders()).await.expect("kept"), 30);
    assert_eq!(lake.names(&orders(), "bucket-0").len(), 2);
}

#[tokio::test]
async fn nothing_is_removed_when_a_kept_copy_cannot_be_read() {
    let lake = three_copies().await;
    lake.warehouse.tag(&orders(), "day", 2).await.expect("there");
    std::fs::write(lake.path(&orders(), "tag/tag-day"), "{").expect("writable");
    let before = lake.facts_of_files();
    assert!(matches!(lake.warehouse.sweep(&orders(), 1).await, Err(LakeError::Damaged { .. })));
    assert_eq!(lake.facts_of_files(), before);
}

#[tokio::test]
async fn strange_files_and_branches_are_left_alone() {
    let lake = three_copies().await;
    for name in ["bucket-0/mine.txt", "manifest/notes", "other"] {
        std::fs::write(lake.path(&orders(), name), "x").expect("writable");
    }
    lake.warehouse.sweep(&orders(), 1).await.expect("ours");
    for name in ["bucket-0/mine.txt", "manifest/notes", "other"] {
        assert!(lake.path(&orders(), name).exists(), "{name}");
    }
    std::fs::create_dir_all(lake.path(&orders(), "branch/branch-test")).expect("writable");
    assert!(lake.warehouse.sweep(&orders(), 1).await.is_err());
}

#[tokio::test]
async fn a_hundred_copies_do_not_make_a_hundred_manifests() {
    let lake = lake();
    for n in 1..=100 {
        lake.copy(&orders(), &simple(), &format!("c{n}"), numbered(1..=n, "x")).await;
        if n % 7 == 0 {
            lake.warehouse.sweep(&orders(), 2).await.expect("ours");
        }
    }
    lake.warehouse.sweep(&orders(), 1).await.expect("ours");
    let manifests = lake.names(&orders(), "manifest");
    assert!(manifests.len() < 60, "{}", manifests.len());
    assert_eq!(lake.warehouse.count(&orders()).await.expect("readable"), 100);
    assert_eq!(lake.names(&orders(), "bucket-0").len(), 1);
    let latest = lake.facts(&orders()).await.latest.expect("committed");
    assert_eq!((latest.commit_user.as_str(), latest.records), ("lakegate-c100", Some(100)));
    // Folding published one snapshot more, twice.
    assert!(latest.id > 100, "{}", latest.id);
}

impl Lake {
    fn facts_of_files(&self) -> Vec<Vec<String>> {
        ["snapshot", "manifest", "bucket-0", "tag"].map(|below| self.names(&orders(), below)).to_vec()
    }
}
