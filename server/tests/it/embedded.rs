//! The whole journey with the embedded engine: real files, a real warehouse, and what can break on the way.

use std::fs;

use api::lake::{LakeView, Rows};
use api::{Read, paths};
use domain::cause::Who;
use domain::ids::RequestId;
use domain::time::{MINUTE, SECOND};

use crate::client::Client;
use crate::harness::TestApp;

async fn view(client: &Client, table: &str) -> LakeView {
    client.get(&paths::fill(paths::LAKE_ONE, &["ods_lease", table])).await.read::<Read<LakeView>>().thing
}

/// An app whose tables are ready.
async fn ready(tables: &[&str]) -> (TestApp, Client, RequestId) {
    let app = TestApp::with_embedded().await;
    let (ana, request) = app.started(tables).await;
    for table in tables {
        app.until(&ana, &request, table, "ready").await;
    }
    (app, ana, request)
}

/// Approves a table, lets something happen to its source or to the lake, starts, and waits for the failure: the cause,
/// who must act, and whether it is tried again by itself.
async fn broken(app: &TestApp, table: &str, breaks: impl AsyncFnOnce()) -> (String, Who, bool) {
    let (ana, request) = app.approved(&[table]).await;
    breaks().await;
    app.advance(30 * SECOND).await;
    app.until(&ana, &request, table, "failed").await;
    let problem = ana.request(&request).await.problems.remove(0);
    (problem.next.key.trim_start_matches("next.").to_owned(), problem.who, problem.again_at.is_some())
}

#[tokio::test]
async fn an_approval_ends_in_a_table_that_is_proven_in_the_lake() {
    let (app, ana, request) = ready(&["contract", "tenant", "visit", "vacant"]).await;
    let tally = ana.request(&request).await.row.tally;
    assert_eq!((tally.ready, tally.requested()), (4, 4));
    let read_at = app.now();
    for (table, rows, columns) in [("contract", 500, 3), ("tenant", 3, 3), ("visit", 2, 2), ("vacant", 0, 1)] {
        let proof = view(&ana, table).await.proof.expect("it was proven");
        assert_eq!((proof.source_rows, proof.lake_rows), (rows, rows), "{table}");
        assert_eq!((proof.source_columns, proof.lake_columns), (columns, columns), "{table}");
        assert_eq!((proof.read_at, proof.at), (read_at, read_at), "{table}");
    }
    let rows: Rows = ana.get(&paths::fill(paths::LAKE_ROWS, &["ods_lease", "tenant"])).await.read();
    let cells: Vec<_> = rows.rows[2].iter().map(Option::as_deref).collect();
    assert_eq!(cells, [Some("3"), Some("Zhao"), None], "what is NULL stays NULL, also masked");
    let job = view(&ana, "tenant").await.row.job;
    assert!(job.starts_with("lg-lease-m-"), "{job}");
}

#[tokio::test]
async fn a_source_whose_file_is_gone_is_its_owners_and_tried_again() {
    let app = TestApp::with_embedded().await;
    let file = app.source_file("lease");
    let kept = file.with_extension("kept");
    let cause = broken(&app, "contract", async || fs::rename(&file, &kept).expect("it was there")).await;
    assert_eq!(cause, ("source_away".to_owned(), Who::SourceOwner, true));
    fs::rename(&kept, &file).expect("it comes back");
    let ana = app.requester("ana").await;
    app.advance(30 * SECOND).await;
    let request = ana.get(paths::REQUESTS).await.read::<api::Page<api::requests::RequestRow>>().rows.remove(0).id;
    app.until(&ana, &request, "contract", "ready").await;
}

#[tokio::test]
async fn a_source_cut_in_half_is_damaged_and_nothing_of_it_is_kept() {
    let app = TestApp::with_embedded().await;
    let file = app.source_file("lease");
    let cause = broken(&app, "contract", async || {
        let half = fs::metadata(&file).expect("it is there").len() / 2;
        fs::File::options().write(true).open(&file).and_then(|file| file.set_len(half)).expect("it can be cut");
    });
    assert_eq!(cause.await, ("source_damaged".to_owned(), Who::SourceOwner, false));
    assert!(!app.lake_folder("contract").join("snapshot").exists());
}

#[tokio::test]
async fn a_table_dropped_after_the_approval_is_named_as_gone() {
    let app = TestApp::with_embedded().await;
    let cause = broken(&app, "contract", async || app.change_source("lease", "DROP TABLE contract").await).await;
    assert_eq!(cause, ("table_gone".to_owned(), Who::SourceOwner, false));
}

#[tokio::test]
async fn a_column_that_became_unholdable_after_the_approval_is_named() {
    let app = TestApp::with_embedded().await;
    let add = "ALTER TABLE contract ADD COLUMN token uuid";
    let cause = broken(&app, "contract", async || app.change_source("lease", add).await).await;
    assert_eq!(cause, ("type_refused".to_owned(), Who::SourceOwner, false));
    let put = "UPDATE tenant SET id = 'not a number' WHERE id = 2";
    let cause = broken(&app, "tenant", async || app.change_source("lease", put).await).await;
    assert_eq!(cause, ("value_odd".to_owned(), Who::SourceOwner, false));
}

#[tokio::test]
async fn a_warehouse_that_cannot_be_written_is_an_operators() {
    let app = TestApp::with_embedded().await;
    let place = app.lake_folder("contract").parent().expect("it lies in a database").to_owned();
    // Rights do not stop everybody, a file in the place of the database's folder does.
    let (cause, who, again) = broken(&app, "contract", async || fs::write(&place, "in the way").expect("free")).await;
    assert!(["lake_read_only", "lake_damaged"].contains(&cause.as_str()), "{cause}");
    assert_eq!((who, again), (Who::Operator, true));
    fs::remove_file(&place).expect("it was there");
    let ana = app.requester("ana").await;
    app.advance(30 * SECOND).await;
    let request = ana.get(paths::REQUESTS).await.read::<api::Page<api::requests::RequestRow>>().rows.remove(0).id;
    app.until(&ana, &request, "contract", "ready").await;
}

#[tokio::test]
async fn a_refresh_brings_new_rows_and_renews_the_age_only() {
    let (app, ana, request) = ready(&["contract"]).await;
    let first = view(&ana, "contract").await.proof.expect("it was proven");
    let since = ana.item(&request, "contract").await.since;
    app.change_source("lease", "DELETE FROM contract WHERE id > 400").await;
    app.advance(4 * MINUTE).await;
    let newer = app.now();
    until_proven(&app, &ana, |view| view.proof.as_ref().is_some_and(|proof| proof.read_at == newer)).await;
    let second = view(&ana, "contract").await.proof.expect("it was proven");
    assert!(second.snapshot > first.snapshot);
    assert_eq!((second.source_rows, second.lake_rows), (400, 400));
    let item = ana.item(&request, "contract").await;
    assert_eq!((item.state.as_str(), item.since, item.as_of), ("ready", since, Some(newer)));
    let kinds = ana.timeline(&request).await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "ready").count(), 1, "a refresh is no line: {kinds:?}");
}

#[tokio::test]
async fn a_refresh_that_fails_shows_its_trouble_while_the_state_stands() {
    let (app, ana, request) = ready(&["contract"]).await;
    let file = app.source_file("lease");
    let kept = file.with_extension("kept");
    fs::rename(&file, &kept).expect("it was there");
    app.advance(4 * MINUTE).await;
    until_proven(&app, &ana, |view| view.trouble.is_some()).await;
    let shown = view(&ana, "contract").await;
    assert_eq!(shown.trouble.map(|said| said.key).as_deref(), Some("cause.source_away"));
    assert_eq!(shown.trouble_next.map(|said| said.key).as_deref(), Some("next.source_away"));
    assert_eq!(ana.item(&request, "contract").await.state, "ready");
    app.advance(6 * MINUTE).await;
    assert_eq!(ana.item(&request, "contract").await.state, "late", "late comes when the promise breaks");
    fs::rename(&kept, &file).expect("it comes back");
    app.advance(MINUTE).await;
    app.until(&ana, &request, "contract", "ready").await;
    assert!(view(&ana, "contract").await.trouble.is_none());
    let kinds = ana.timeline(&request).await;
    let count = |wanted: &str| kinds.iter().filter(|kind| *kind == wanted).count();
    assert_eq!((count("refresh_failed"), count("late"), count("fresh_again")), (1, 1, 1), "{kinds:?}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_shows_its_trouble_while_what_was_copied_stands() {
    let (app, ana, request) = ready(&["contract"]).await;
    // The next schema of the table goes to a device that is always full.
    let draft = app.lake_folder("contract").join("schema/.schema-1.draft");
    std::os::unix::fs::symlink("/dev/full", &draft).expect("a writable folder");
    app.change_source("lease", "ALTER TABLE contract ADD COLUMN city varchar(8)").await;
    app.advance(4 * MINUTE).await;
    until_proven(&app, &ana, |view| view.trouble.is_some()).await;
    let shown = view(&ana, "contract").await;
    assert_eq!(shown.trouble.map(|said| said.key).as_deref(), Some("cause.lake_full"));
    assert_eq!(shown.trouble_next.map(|said| said.key).as_deref(), Some("next.lake_full"));
    assert_eq!(shown.proof.expect("the old proof stands").lake_rows, 500);
    assert_eq!(ana.item(&request, "contract").await.state, "ready");

    // Room is made: the draft went with the failure, so the next copy succeeds.
    assert!(!draft.exists(), "a failed write leaves nothing");
    app.advance(4 * MINUTE).await;
    until_proven(&app, &ana, |view| view.trouble.is_none()).await;
    assert_eq!(view(&ana, "contract").await.proof.expect("it was proven anew").lake_columns, 4);
}

#[tokio::test]
async fn a_table_whose_key_changed_keeps_what_it_had() {
    let (app, ana, request) = ready(&["contract"]).await;
    let other = "DROP TABLE contract; CREATE TABLE contract (id int, tenant_id int, signed varchar(32) PRIMARY KEY)";
    app.change_source("lease", other).await;
    app.advance(4 * MINUTE).await;
    until_proven(&app, &ana, |view| view.trouble.is_some()).await;
    let shown = view(&ana, "contract").await;
    assert_eq!(shown.trouble.map(|said| said.key).as_deref(), Some("cause.lake_differs"));
    assert_eq!(shown.proof.expect("the old proof stands").lake_rows, 500);
    assert_eq!(ana.item(&request, "contract").await.state, "ready");
}

#[tokio::test]
async fn a_table_removed_from_the_lake_is_noticed_and_copied_anew() {
    let (app, ana, request) = ready(&["contract", "tenant"]).await;
    fs::remove_dir_all(app.lake_folder("contract")).expect("it was there");
    app.advance(30 * SECOND).await;
    let gone = ana.item(&request, "contract").await;
    assert_eq!((gone.state.as_str(), gone.now.key.as_str()), ("failed", "cause.lake_table_gone.again"));
    assert_eq!(ana.item(&request, "tenant").await.state, "ready");
    app.advance(30 * SECOND).await;
    app.until(&ana, &request, "contract", "ready").await;
    assert_eq!(view(&ana, "contract").await.proof.expect("it was proven").lake_rows, 500);
}

#[tokio::test]
async fn a_table_that_is_left_out_stays_in_the_lake_and_is_copied_no_more() {
    let (app, ana, request) = ready(&["contract"]).await;
    let item = ana.item(&request, "contract").await.id;
    let before = snapshots(&app);
    assert_eq!(ana.tend_one(api::requests::TendVerb::LeaveOut, &item).await, None);
    app.advance(10 * MINUTE).await;
    assert_eq!(snapshots(&app), before);
    let again = ana.ask(&["contract"]).await;
    assert_eq!(again.row.tally.waiting, 1, "it can be asked for again");
}

fn snapshots(app: &TestApp) -> usize {
    fs::read_dir(app.lake_folder("contract").join("snapshot")).expect("it lies in the lake").count()
}

/// Works until the table shows something; the engine works beside us, in real time.
async fn until_proven(app: &TestApp, client: &Client, shows: impl Fn(&LakeView) -> bool) {
    let waiting = async {
        while !shows(&view(client, "contract").await) {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            app.settle().await;
        }
    };
    let in_time = tokio::time::timeout(std::time::Duration::from_secs(30), waiting).await;
    assert!(in_time.is_ok(), "{:?}", view(client, "contract").await);
}

#[tokio::test]
async fn a_table_that_fails_does_not_set_back_the_copies_beside_it() {
    let app = TestApp::with_embedded().await;
    let big = "CREATE TABLE big (id int PRIMARY KEY, what varchar(64));
        INSERT INTO big WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
        SELECT i, 'row ' || i FROM n;";
    app.change_source("lease", big).await;
    app.advance(15 * MINUTE).await;
    let (ana, request) = app.approved(&["big", "contract"]).await;
    app.change_source("lease", "DROP TABLE contract").await;
    app.advance(30 * SECOND).await;
    app.until(&ana, &request, "contract", "failed").await;
    app.until(&ana, &request, "big", "ready").await;
    assert_eq!(app.copies(&ana.item(&request, "big").await.id).await, 1, "it was copied once, in one go");
}
