//! Sources are tested by themselves: what becomes wrong is shown without anybody pressing a button, and so is that it is
//! well again.

use std::time::Duration;

use api::paths;
use api::sources::{SourceForm, SourceList, SourceRow, SourceSave, SourceView};
use domain::change::Happened;
use domain::source::finding::FindingCode;
use domain::time::{HOUR, MINUTE};
use lakegate::state::AppState;
use lakegate::store::sources::{Settings, Source};
use lakegate::work::sources::{Tests, test};

use crate::client::Client;
use crate::harness::TestApp;

/// Tests what is due now.
async fn round(state: &AppState) -> bool {
    let mut tests = Tests::default();
    let did = tests.round(state).await.expect("a round");
    tests.rest().await;
    did
}

async fn row(client: &Client, name: &str) -> SourceRow {
    let list: SourceList = client.get(paths::SOURCES).await.read();
    list.rows.into_iter().find(|row| row.name == name).expect("it is there")
}

async fn known(app: &TestApp, id: &str) -> (Source, Settings) {
    let mut tx = app.state.store.read().await.expect("answers");
    let source = tx.sources().get(&id.parse().expect("an id")).await.expect("it is there");
    let settings = tx.sources().settings().await.expect("answers");
    (source, settings.into_iter().find(|settings| settings.source.as_str() == id).expect("it is there"))
}

async fn news(app: &TestApp) -> Vec<(String, u64)> {
    let tested = |happened| match happened {
        Happened::SourceTested { name, fix } => Some((name, fix)),
        _ => None,
    };
    app.log().await.into_iter().filter_map(|line| tested(line.change.happened)).collect()
}

#[tokio::test]
async fn a_source_that_goes_away_is_marked_by_itself_and_well_again_it_is_not() {
    for app in TestApp::on_each_database().await {
        let (bo, ops) = (app.approver("bo").await, app.operator("ops").await);
        let state = app.by_settings(|settings| settings.test_every = HOUR);
        assert!(round(&state).await, "what was never tested is tested now");
        assert!(!round(&state).await, "and not again before its time");
        assert_eq!((row(&bo, "lease").await.tested_at, row(&bo, "lease").await.to_fix), (Some(app.now()), 0));
        assert_eq!(news(&app).await, [], "that all is well is no news");
        let file = app.source_file("lease");
        let (folder, aside) = (file.parent().expect("a folder"), app.folder.path().join("aside"));
        std::fs::rename(folder, &aside).expect("moved");
        app.state.clock.advance(HOUR);
        round(&state).await;
        assert_eq!((row(&bo, "lease").await.to_fix, row(&ops, "other").await.to_fix), (1, 0));
        for _ in 0..3 {
            app.state.clock.advance(5 * MINUTE);
            assert!(round(&state).await, "what is to fix is looked at sooner");
        }
        assert_eq!(news(&app).await, [("lease".to_owned(), 1)], "the same again is no news");
        assert_eq!(row(&bo, "lease").await.tested_at, Some(app.now()), "but its age is known");
        std::fs::rename(&aside, folder).expect("moved back");
        app.state.clock.advance(5 * MINUTE);
        round(&state).await;
        assert_eq!(row(&bo, "lease").await.to_fix, 0);
        assert_eq!(news(&app).await, [("lease".to_owned(), 1), ("lease".to_owned(), 0)]);
        app.settle().await;
    }
}

#[tokio::test]
async fn a_server_that_hangs_holds_nobody_up_and_is_said_once() {
    let app = TestApp::new().await;
    let ops = app.operator("ops").await;
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = silent.local_addr().expect("it listens").port();
    let place = serde_json::json!({ "mysql": { "host": "127.0.0.1", "port": port, "catalogue": "reader", "copying": "reader",
        "limits": { "connect_seconds": 120 } } });
    let source = Source::new("db".parse().expect("an id"), "db", serde_json::from_value(place).expect("a place"));
    let mut tx = app.state.store.begin().await.expect("answers");
    tx.sources().add(&source).await.expect("a new source");
    tx.commit(app.now()).await.expect("answers");
    app.set_password("db", "a password").await;
    for _ in 0..2 {
        let (source, settings) = known(&app, "db").await;
        test(&app.state, &source, &settings, Duration::from_millis(10)).await.expect("noted");
        app.state.clock.advance(MINUTE);
    }
    let (_, settings) = known(&app, "db").await;
    let codes: Vec<_> = settings.tested.expect("it was tested").1.into_iter().map(|finding| finding.code).collect();
    assert_eq!(codes, [FindingCode::Away]);
    assert_eq!(news(&app).await, [("db".to_owned(), 1)]);
    assert_eq!(row(&ops, "db").await.to_fix, 1);
}

#[tokio::test]
async fn a_test_of_what_was_changed_meanwhile_is_dropped() {
    for app in TestApp::on_each_database().await {
        let ops = app.operator("ops").await;
        let (source, settings) = known(&app, "lease").await;
        let path = paths::fill(paths::SOURCE_ONE, &["lease"]);
        let view = ops.get(&path).await.read::<api::Read<SourceView>>().thing;
        let moved = SourceForm { path: "nowhere".into(), ..view.form };
        ops.put(&path, SourceSave { form: moved, ..SourceSave::default() }).await.read::<SourceView>();
        let lines = app.lines().await;
        test(&app.state, &source, &settings, Duration::from_mins(1)).await.expect("it ends");
        assert_eq!((row(&ops, "lease").await.to_fix, app.lines().await), (1, lines), "what was saved was tested too");
        let (source, settings) = known(&app, "other").await;
        ops.post(&paths::fill(paths::SOURCE_RETIRE, &["other"]), ()).await.read::<SourceView>();
        test(&app.state, &source, &settings, Duration::from_mins(1)).await.expect("it ends");
        assert_eq!(row(&ops, "other").await.tested_at, None, "a retired one is left alone");
        let state = app.by_settings(|settings| settings.test_every = HOUR);
        app.state.clock.advance(HOUR);
        round(&state).await;
        assert_eq!(row(&ops, "other").await.tested_at, None);
    }
}

#[tokio::test]
async fn where_the_settings_say_never_nothing_is_tested() {
    let app = TestApp::new().await;
    let state = app.by_settings(|settings| settings.test_every = 0);
    assert!(!round(&state).await);
    assert_eq!(row(&app.operator("ops").await, "lease").await.tested_at, None);
}
