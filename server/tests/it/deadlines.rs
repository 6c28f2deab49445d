//! No silent waiting: what happens when a state lasts too long, and when the promise breaks.

use api::inbox::Verdict;
use api::requests::RequestView;
use domain::change::Happened;
use domain::time::{DAY, HOUR, MINUTE, SECOND};
use lakegate::outside::engine::Phase;

use crate::client::{ask, verdict};
use crate::harness::TestApp;

/// Of how many tables the operators were told, line by line.
async fn told(app: &TestApp) -> Vec<u64> {
    let told = app.log().await.into_iter().filter_map(|line| match line.change.happened {
        Happened::OperatorsTold { tables } => Some(tables),
        _ => None,
    });
    told.collect()
}

#[tokio::test]
async fn operators_are_told_once_of_a_decision_that_nobody_takes() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    let request = ana.ask(&["contract", "tenant"]).await.row.id;
    app.advance(24 * HOUR - 1).await;
    assert!(told(&app).await.is_empty());
    app.advance(1).await;
    app.advance(HOUR).await;
    assert_eq!(told(&app).await, [2], "one line for both, once");
    assert_eq!(ana.request(&request).await.row.tally.waiting, 2);
}

#[tokio::test]
async fn operators_are_told_of_every_table_however_many_wait() {
    let app = TestApp::new().await;
    let names: Vec<_> = (0..520).map(|n| format!("t{n}")).collect();
    let create: Vec<_> = names.iter().map(|name| format!("CREATE TABLE {name} (id int PRIMARY KEY);")).collect();
    app.change_source("lease", &create.concat()).await;
    app.advance(15 * MINUTE).await;
    let ana = app.requester("ana").await;
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    ana.ask(&names).await;
    app.advance(24 * HOUR).await;
    assert_eq!(told(&app).await.iter().sum::<u64>(), 520);
}

#[tokio::test]
async fn what_was_sent_back_and_not_answered_is_withdrawn() {
    let app = TestApp::new().await;
    let (ana, bo) = (app.requester("ana").await, app.approver("bo").await);
    let request = ana.ask(&["contract"]).await.row.id;
    bo.decide(&request, &verdict(Verdict::SendBack, "What for?")).await.read::<RequestView>();
    app.advance(14 * DAY - 1).await;
    let ana = app.requester("ana").await;
    assert_eq!(ana.item(&request, "contract").await.state, "sent_back");
    app.advance(1).await;
    assert_eq!(ana.states(&request).await, [("contract".to_owned(), "withdrawn".to_owned())]);
    assert_eq!(ana.timeline(&request).await, ["submitted", "sent_back", "withdrawn"]);
    let again = ana.ask(&["contract"]).await;
    assert_eq!(again.row.tally.waiting, 1);
}

#[tokio::test]
async fn a_start_that_never_comes_fails_and_is_tried_again() {
    let app = TestApp::new().await;
    let (ana, request) = app.started(&["contract"]).await;
    app.advance(5 * MINUTE - 1).await;
    assert_eq!(ana.item(&request, "contract").await.state, "starting");
    app.advance(1).await;
    let failed = ana.item(&request, "contract").await;
    assert_eq!((failed.state.as_str(), failed.now.key.as_str()), ("failed", "cause.no_progress.again"));
    app.advance(30 * SECOND).await;
    assert_eq!(ana.item(&request, "contract").await.state, "starting");
}

#[tokio::test]
async fn a_copy_lasts_as_long_as_it_moves_and_fails_when_it_stands_still() {
    let app = TestApp::new().await;
    let (ana, request) = app.started(&["contract"]).await;
    let item = ana.item(&request, "contract").await.id;
    for rows in [10, 20, 30] {
        app.says(&item, Phase::Copying { rows, of: None });
        app.advance(9 * MINUTE).await;
        assert_eq!(ana.item(&request, "contract").await.state, "copying", "at {rows} rows");
    }
    app.advance(10 * MINUTE).await;
    let view = ana.request(&request).await;
    assert_eq!((view.row.tally.failed, view.problems[0].next.key.as_str()), (1, "next.no_progress"));
    assert!(view.problems[0].again_at.is_some());
}

#[tokio::test]
async fn operators_are_told_of_a_failure_that_nobody_mends() {
    let app = TestApp::new().await;
    let (ana, request) = app.started(&["contract"]).await;
    let item = ana.item(&request, "contract").await.id;
    let cause = domain::cause::Cause::new(domain::cause::CauseCode::TableGone).text("table", "lease.contract");
    app.says(&item, Phase::Failed { cause });
    app.settle().await;
    app.advance(4 * HOUR).await;
    app.advance(4 * HOUR).await;
    assert_eq!(told(&app).await, [1]);
}

#[tokio::test]
async fn a_broken_promise_is_late_and_a_new_copy_makes_it_fresh_again() {
    let app = TestApp::new().await;
    let (ana, request) = app.started(&["contract"]).await;
    let item = ana.item(&request, "contract").await.id;
    app.land(&item, 3).await;
    app.advance(0).await;
    let since = ana.item(&request, "contract").await.since;
    app.advance(10 * MINUTE - 1).await;
    assert_eq!(ana.item(&request, "contract").await.state, "ready");
    app.advance(1).await;
    assert_eq!(ana.item(&request, "contract").await.state, "late");
    assert_eq!(ana.request(&request).await.row.tally.running, 1, "late counts as running");
    app.land(&item, 4).await;
    app.settle().await;
    let fresh = ana.item(&request, "contract").await;
    assert_eq!((fresh.state.as_str(), fresh.as_of), ("ready", Some(app.now())));
    app.advance(5 * MINUTE).await;
    app.land(&item, 5).await;
    app.settle().await;
    let still = ana.item(&request, "contract").await;
    assert_eq!((still.since, still.as_of), (fresh.since, Some(app.now())), "a refresh changes the age only");
    assert!(fresh.since > since);
    let kinds = ana.timeline(&request).await;
    assert_eq!(kinds[kinds.len() - 3..], ["ready", "late", "fresh_again"]);
}

#[tokio::test]
async fn what_nobody_looked_at_for_two_rounds_is_not_known_yet() {
    let app = TestApp::new().await;
    let (ana, request) = app.started(&["contract"]).await;
    let item = ana.item(&request, "contract").await.id;
    app.land(&item, 3).await;
    app.settle().await;
    app.state.clock.advance(2 * MINUTE);
    assert_eq!(ana.item(&request, "contract").await.state, "ready");
    app.state.clock.advance(1);
    let unknown = ana.item(&request, "contract").await;
    assert_eq!((unknown.state.as_str(), unknown.now.key.as_str()), ("unknown", "now.unknown"));
    let tally = ana.request(&request).await.row.tally;
    assert_eq!((tally.ready, tally.waiting), (0, 1), "not known yet is never green");
    app.settle().await;
    assert_eq!(ana.item(&request, "contract").await.state, "ready");
}

#[tokio::test]
async fn the_daily_promise_breaks_at_seven_in_the_morning() {
    let app = TestApp::new().await;
    let (ana, bo) = (app.requester("ana").await, app.approver("bo").await);
    let mut asked = ask(&["contract"]);
    asked.tier = domain::tier::Tier::Daily;
    let request = ana.submit("key-of-this-test", &asked).await.read::<RequestView>().row.id;
    bo.approve(&request).await;
    app.advance(30 * SECOND).await;
    let item = ana.item(&request, "contract").await.id;
    app.land(&item, 3).await;
    app.settle().await;
    // It is ten in the morning, and half a minute.
    app.advance(21 * HOUR - 31 * SECOND).await;
    assert_eq!(ana.item(&request, "contract").await.state, "ready");
    app.advance(SECOND).await;
    assert_eq!(ana.item(&request, "contract").await.state, "late");
}

#[tokio::test]
async fn a_table_in_line_behind_others_does_not_fail_for_its_waiting() {
    let app = TestApp::new().await;
    let (ana, request) = app.started(&["contract", "tenant"]).await;
    let (contract, tenant) = (ana.item(&request, "contract").await.id, ana.item(&request, "tenant").await.id);
    app.says(&tenant, Phase::Queued);
    for rows in [10, 20, 30] {
        app.says(&contract, Phase::Copying { rows, of: None });
        app.advance(4 * MINUTE).await;
        let states = [("contract", "copying"), ("tenant", "starting")].map(|(t, s)| (t.to_owned(), s.to_owned()));
        assert_eq!(ana.states(&request).await, states, "at {rows} rows");
    }
    app.says(&tenant, Phase::Waiting);
    app.advance(5 * MINUTE).await;
    assert_eq!(ana.item(&request, "tenant").await.state, "failed", "out of the line it may wait five minutes");
}
