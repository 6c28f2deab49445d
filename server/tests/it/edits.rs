//! A request that was sent back is changed and sent again: what was approved and not touched stays approved.

use api::drafts::DraftView;
use api::inbox::Verdict;
use api::paths;
use api::problem::Code;
use api::requests::RequestView;
use api::routes::{RouteForm, RouteView};
use domain::change::Happened;
use domain::draft::Contents;
use domain::request::Stamp;
use domain::tier::Tier;

use crate::client::{ask, ask_of, verdict};
use crate::drafts::{names, save, submit};
use crate::harness::TestApp;
use crate::routes;

/// Tables of two sources; `bo` let his in, the operator sent the others back.
async fn half_sent_back() -> (TestApp, domain::ids::RequestId) {
    let app = TestApp::new().await;
    let (ana, bo, ops) = (app.requester("ana").await, app.approver("bo").await, app.operator("ops").await);
    let mut asked = ask(&["contract", "tenant"]);
    asked.tables.extend(ask_of("other", &["visit", "vacant"]).tables);
    let request = ana.submit(&ana.fresh_key(), &asked).await.read::<RequestView>().row.id;
    bo.approve(&request).await;
    ops.decide(&request, &verdict(Verdict::SendBack, "Not vacant.")).await.read::<RequestView>();
    (app, request)
}

#[tokio::test]
async fn what_was_approved_and_not_touched_stays_approved() {
    let (app, request) = half_sent_back().await;
    let ana = app.requester("ana").await;
    let draft: DraftView = ana.act(paths::REQUEST_EDIT, &request).await.read();
    assert_eq!(draft.of.as_ref().map(|of| of.comment.as_str()), Some("Not vacant."));
    assert_eq!(ana.act(paths::REQUEST_EDIT, &request).await.read::<DraftView>().id, draft.id, "one draft a request");
    let mut tables: Vec<_> = draft.contents.tables.clone();
    tables.retain(|each| each.table.table.as_str() != "vacant");
    let contents = Contents { reason: "Visits only.".into(), tables, ..draft.contents };
    save(&ana, &draft.id, 1, &contents).await.read::<DraftView>();
    let changed: RequestView = submit(&ana, &draft.id, 2).await.read();
    let again = submit(&ana, &draft.id, 2).await;
    assert_eq!((again.status, again.read::<RequestView>().hash), (200, changed.hash.clone()), "twice is once");

    assert_eq!((changed.row.id.clone(), changed.reason.as_str()), (request.clone(), "Visits only."));
    let diff = changed.changed.expect("it was changed");
    assert_eq!(
        (diff.reason.as_deref(), diff.removed, diff.added),
        (Some("The board wants it."), vec!["lease.vacant".to_owned()], vec![])
    );
    let states = [("contract", "approved"), ("tenant", "approved"), ("vacant", "withdrawn"), ("visit", "submitted")];
    assert_eq!(ana.states(&request).await, states.map(|(table, state)| (table.to_owned(), state.to_owned())));
    let line = app.log().await.pop().expect("a line").change;
    assert_eq!(line.happened, Happened::SentAgain { tables: 1, added: 0, removed: 1 });
    let ops = app.operator("ops").await;
    assert_eq!(ops.request(&request).await.changed.expect("the decider sees what changed").removed.len(), 1);
    assert_eq!(ops.approve(&request).await.row.stamp, Stamp::Approved { let_in: 3, of: 4 });
    app.advance(30_000).await;
}

#[tokio::test]
async fn what_was_let_in_keeps_its_place_and_its_promise() {
    let (app, request) = half_sent_back().await;
    let ana = app.requester("ana").await;
    let draft: DraftView = ana.act(paths::REQUEST_EDIT, &request).await.read();
    let other = Contents { tier: Some(Tier::Daily), ..draft.contents };
    save(&ana, &draft.id, 1, &other).await.read::<DraftView>();
    assert_eq!(submit(&ana, &draft.id, 2).await.fields(), [("tier".to_owned(), "decided".to_owned())]);
    app.advance(30_000).await;
}

#[tokio::test]
async fn where_nobody_let_anything_in_the_promise_may_change_too() {
    let app = TestApp::new().await;
    let (ana, bo) = (app.requester("ana").await, app.approver("bo").await);
    let ops = app.operator("ops").await;
    let nightly = routes::one(&ops, "nightly").await;
    let renamed = RouteForm { database: "dw".into(), ..nightly.form.clone() };
    routes::change(&ops, &nightly, &renamed).await.read::<RouteView>();
    let request = ana.ask(&["contract"]).await.row.id;
    ana.act(paths::REQUEST_EDIT, &request).await.problem(Code::WrongState);
    bo.decide(&request, &verdict(Verdict::SendBack, "Nightly will do.")).await.read::<RequestView>();
    bo.act(paths::REQUEST_EDIT, &request).await.problem(Code::NotAllowed);
    app.stranger("xi").await.act(paths::REQUEST_EDIT, &request).await.problem(Code::NotFound);
    let draft: DraftView = ana.act(paths::REQUEST_EDIT, &request).await.read();
    let tables = ask(&["contract", "tenant"]).tables;
    let other =
        Contents { tier: Some(Tier::Daily), route: Some("nightly".parse().expect("an id")), tables, ..draft.contents };
    save(&ana, &draft.id, 1, &other).await.read::<DraftView>();
    let again: RequestView = submit(&ana, &draft.id, 2).await.read();
    assert_eq!((again.tier, again.route.as_str()), (Tier::Daily, "nightly"));
    assert_eq!(again.databases, ["dw"], "both are named by the route that leads there now");
    assert_eq!(again.changed.expect("changed").added, ["lease.tenant"]);
    assert_eq!(ana.timeline(&request).await, ["submitted", "sent_back", "sent_again"]);
    bo.approve(&request).await;
    app.advance(30_000).await;
    let jobs = app.engine.memory().jobs.values().map(|job| job.spec.tables.len()).sum::<usize>();
    assert_eq!(jobs, 2, "both run by the promise that was approved");
}

#[tokio::test]
async fn a_table_that_was_refused_comes_back_only_when_it_is_asked_for_again() {
    let app = TestApp::new().await;
    let (ana, bo, ops) = (app.requester("ana").await, app.approver("bo").await, app.operator("ops").await);
    let mut asked = ask(&["contract"]);
    asked.tables.extend(ask_of("other", &["visit"]).tables);
    let request = ana.submit(&ana.fresh_key(), &asked).await.read::<RequestView>().row.id;
    bo.decide(&request, &verdict(Verdict::Reject, "No.")).await.read::<RequestView>();
    ops.decide(&request, &verdict(Verdict::SendBack, "Why?")).await.read::<RequestView>();
    let draft: DraftView = ana.act(paths::REQUEST_EDIT, &request).await.read();
    assert_eq!(names(&draft.tables), ["visit"]);
    let back = Contents { tables: asked.tables, ..draft.contents };
    save(&ana, &draft.id, 1, &back).await.read::<DraftView>();
    let again: RequestView = submit(&ana, &draft.id, 2).await.read();
    assert_eq!((again.row.tally.requested(), again.row.stamp), (3, Stamp::Waiting));
}
