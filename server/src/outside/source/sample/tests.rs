//! The sample is complete, comes once, and sweeps up after a killed process.

use super::*;

#[tokio::test]
async fn the_sample_is_written_once_and_then_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let killed = folder.path().join("lease.db.0-0.part");
    let other = folder.path().join("notes.part");
    fs::write(&killed, "half").expect("written");
    fs::write(&other, "somebody's").expect("written");

    let first = write_sample(folder.path()).await.expect("written");
    assert!(first.written);
    assert!(!killed.exists() && other.exists());
    assert_eq!((first.databases, first.tables, first.rows), (3, expected().len(), 427_016));

    let before = fs::metadata(folder.path().join("lease.db")).and_then(|file| file.modified()).expect("a file");
    let second = write_sample(folder.path()).await.expect("read");
    assert_eq!(second, SampleReport { written: false, ..first });
    assert_eq!(fs::metadata(folder.path().join("lease.db")).and_then(|file| file.modified()).ok(), Some(before));

    fs::remove_file(folder.path().join("member.db")).expect("removed");
    assert!(write_sample(folder.path()).await.expect("written again").written);
}

#[test]
fn every_table_and_column_has_a_comment_in_both_languages() {
    for (_, tables) in databases() {
        for table in tables {
            for (column, comment) in table.comments() {
                assert!(comment.contains(" / "), "{}.{column}: {comment}", table.name);
            }
        }
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let failure = io(file.path(), fs::create_dir(file.path())).expect_err("a file is no folder");
    assert!(failure.to_string().contains("cannot write the sample's file"));
}
