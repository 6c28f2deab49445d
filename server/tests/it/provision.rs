//! After the approval: one job, whatever the engine does; failures with their cause; people who help.

use api::inbox::Verdict;
use api::problem::Code;
use api::requests::{TendVerb, Tended};
use domain::cause::{Cause, CauseCode, Who};
use domain::ids::{ItemId, RequestId};
use domain::tally::Part;
use domain::time::{HOUR, MINUTE, SECOND};
use lakegate::outside::engine::Phase;
use lakegate::outside::engine::fake::Fault;

use crate::client::{Client, verdict};
use crate::harness::TestApp;

/// The engine has one job, running, with these items; and never made one twice.
#[track_caller]
fn one_job(app: &TestApp, items: &[&ItemId]) {
    let memory = app.engine.memory();
    assert_eq!((memory.jobs.len(), memory.doubled), (1, 0), "{:?}", memory.jobs.keys());
    let job = memory.jobs.values().next().expect("one");
    let mut tables: Vec<_> = job.spec.tables.iter().map(|table| &table.item).collect();
    tables.sort();
    assert!(job.running);
    assert_eq!(tables, items);
}

/// The engine says that an item failed; the reconciler hears it.
async fn breaks(app: &TestApp, item: &ItemId, code: CauseCode) {
    app.says(item, Phase::Failed { cause: Cause::new(code).text("what", "a test").text("table", "t") });
    app.settle().await;
}

/// The one problem of a request: its cause, who acts, whether it is tried again by itself.
async fn problem(client: &Client, request: &RequestId) -> (String, Who, bool) {
    let mut problems = client.request(request).await.problems;
    assert_eq!(problems.len(), 1, "{problems:?}");
    let this = problems.remove(0);
    let cause = this.next.key.trim_start_matches("next.").to_owned();
    (cause, this.who, this.again_at.is_some())
}

#[tokio::test]
async fn tables_of_one_approval_share_one_job() {
    let app = TestApp::new().await;
    let (ana, request) = app.approved(&["contract", "tenant"]).await;
    assert!(app.engine.memory().jobs.is_empty(), "nothing starts while it can be taken back");
    app.advance(30 * SECOND).await;
    let (contract, tenant) = (ana.item(&request, "contract").await, ana.item(&request, "tenant").await);
    one_job(&app, &[&contract.id, &tenant.id]);
    assert_eq!((contract.state.as_str(), contract.part), ("starting", Part::Waiting));
    assert_eq!(ana.timeline(&request).await, ["submitted", "decided", "placed", "started"]);
}

#[tokio::test]
async fn an_engine_that_is_busy_or_loses_its_reply_gets_no_second_job() {
    for fault in [Fault::Busy, Fault::LostReply] {
        for call in ["find", "create", "start"] {
            let app = TestApp::new().await;
            let (ana, request) = app.approved(&["contract"]).await;
            app.engine.fault(call, fault);
            app.advance(30 * SECOND).await;
            assert_eq!(ana.item(&request, "contract").await.state, "placed", "{fault:?} {call}");
            app.advance(SECOND).await;
            let item = ana.item(&request, "contract").await;
            assert_eq!(item.state, "starting", "{fault:?} {call}");
            one_job(&app, &[&item.id]);
        }
    }
}

#[tokio::test]
async fn an_engine_that_refuses_leaves_nothing_behind_until_a_person_tries_again() {
    for call in ["create", "start"] {
        let app = TestApp::new().await;
        let (ana, request) = app.approved(&["contract", "tenant"]).await;
        app.engine.fault(call, Fault::Refuse);
        app.advance(30 * SECOND).await;
        assert_eq!(problem(&ana, &request).await, ("engine_refused".into(), Who::Operator, false));
        assert!(app.engine.memory().jobs.is_empty());
        app.advance(HOUR).await;
        assert_eq!(ana.request(&request).await.row.tally.failed, 2, "nobody tries it again by itself");

        let items = [ana.item(&request, "contract").await.id, ana.item(&request, "tenant").await.id];
        let tended: Tended = ana.tend(TendVerb::TryAgain, &items).await.read();
        assert!(tended.results.iter().all(|result| result.refused.is_none()));
        app.settle().await;
        one_job(&app, &[&items[0], &items[1]]);
        assert_eq!(ana.timeline(&request).await.iter().filter(|kind| *kind == "tried_again").count(), 1);
    }
}

#[tokio::test]
async fn an_engine_that_stays_away_is_asked_three_times_and_then_a_person_must_act() {
    let app = TestApp::new().await;
    let (ana, request) = app.approved(&["contract"]).await;
    for _ in 0..100 {
        app.engine.fault("create", Fault::Busy);
    }
    for _ in 0..30 {
        app.advance(MINUTE).await;
        ana.request(&request).await;
    }
    assert_eq!(problem(&ana, &request).await, ("engine_away".into(), Who::Operator, false));
    let kinds = ana.timeline(&request).await;
    let count = |wanted: &str| kinds.iter().filter(|kind| *kind == wanted).count();
    assert_eq!((count("failed"), count("tried_again")), (3, 2), "{kinds:?}");
    assert!(app.engine.memory().jobs.is_empty());
}

#[tokio::test]
async fn a_passing_cause_is_tried_three_times_by_itself_and_then_by_a_person() {
    let app = TestApp::new().await;
    let (ana, request) = app.started(&["contract"]).await;
    let item = ana.item(&request, "contract").await.id;
    for round in 1..=3 {
        breaks(&app, &item, CauseCode::SourceAway).await;
        assert_eq!(problem(&ana, &request).await, ("source_away".into(), Who::SourceOwner, round < 3));
        assert!(app.engine.memory().jobs.is_empty(), "a failed table is out of its job");
        app.advance(30 * SECOND).await;
        let state = ana.item(&request, "contract").await.state;
        assert_eq!(state, if round < 3 { "starting" } else { "failed" });
    }
    let bo = app.approver("bo").await;
    assert_eq!(bo.tend_one(TendVerb::TryAgain, &item).await, None);
    app.settle().await;
    one_job(&app, &[&item]);
    app.land(&item, 5).await;
    app.settle().await;
    assert_eq!(ana.request(&request).await.row.tally.ready, 1);
}

#[tokio::test]
async fn a_lasting_cause_waits_for_a_person_at_once() {
    let app = TestApp::new().await;
    let (ana, request) = app.started(&["contract", "tenant"]).await;
    let (contract, tenant) = (ana.item(&request, "contract").await.id, ana.item(&request, "tenant").await.id);
    breaks(&app, &contract, CauseCode::TableGone).await;
    assert_eq!(problem(&ana, &request).await, ("table_gone".into(), Who::SourceOwner, false));
    assert_eq!(ana.request(&request).await.problems[0].person, "Bo");
    one_job(&app, &[&tenant]);
    app.land(&tenant, 2).await;
    app.settle().await;
    let tally = ana.request(&request).await.row.tally;
    assert_eq!((tally.failed, tally.ready), (1, 1), "one bad table does not block the others");
}

#[tokio::test]
async fn rows_that_disagree_are_never_ready() {
    let app = TestApp::new().await;
    let (ana, request) = app.started(&["contract"]).await;
    let item = ana.item(&request, "contract").await.id;
    let mut landed = app.copy(&item, 3).await;
    landed.rows = 4;
    app.says(&item, Phase::Landed { landed, trouble: None, next_at: app.now() });
    app.settle().await;
    assert_eq!(problem(&ana, &request).await, ("rows_disagree".into(), Who::Operator, true));
    assert!(!ana.timeline(&request).await.contains(&"ready".to_owned()));
}

#[tokio::test]
async fn the_sum_is_right_at_every_step_to_ready() {
    let app = TestApp::new().await;
    let (ana, request) = app.started(&["contract", "tenant"]).await;
    let item = ana.item(&request, "contract").await.id;
    app.says(&item, Phase::Copying { rows: 10, of: Some(500) });
    app.settle().await;
    let copying = ana.item(&request, "contract").await;
    assert_eq!((copying.part, copying.progress.and_then(|progress| progress.percent())), (Part::Running, Some(2)));
    app.says(&item, Phase::Copying { rows: 490, of: Some(500) });
    app.advance(SECOND).await;
    let soon = ana.item(&request, "contract").await.progress.expect("it moves");
    assert_eq!(soon.rows, 10, "at most one write in two seconds");
    app.advance(SECOND).await;
    assert_eq!(ana.item(&request, "contract").await.progress.expect("it moves").rows, 490);
    app.land(&item, 500).await;
    app.settle().await;
    let tally = ana.request(&request).await.row.tally;
    assert_eq!((tally.ready, tally.waiting), (1, 1));
    let ready = ana.item(&request, "contract").await;
    assert_eq!((ready.progress, ready.as_of), (None, Some(app.now())));
    let kinds = ["submitted", "decided", "placed", "started", "copying", "copied", "ready"];
    assert_eq!(ana.timeline(&request).await, kinds, "progress is no line of the log");
}

#[tokio::test]
async fn a_newcomer_joins_the_running_job_and_a_refused_one_leaves_it_as_it_was() {
    let app = TestApp::new().await;
    let (ana, first) = app.started(&["contract"]).await;
    let contract = ana.item(&first, "contract").await.id;
    app.land(&contract, 3).await;
    app.settle().await;
    let (_, second) = app.approved(&["tenant"]).await;
    app.engine.fault("start", Fault::Refuse);
    app.advance(30 * SECOND).await;
    one_job(&app, &[&contract]);
    assert_eq!(ana.item(&first, "contract").await.state, "ready");
    let tenant = ana.item(&second, "tenant").await;
    assert_eq!(tenant.state, "failed");
    assert_eq!(ana.tend_one(TendVerb::TryAgain, &tenant.id).await, None);
    app.settle().await;
    one_job(&app, &[&contract, &tenant.id]);
    assert_eq!(ana.item(&first, "contract").await.state, "ready");
}

#[tokio::test]
async fn a_job_that_was_lost_with_its_process_is_made_again() {
    let app = TestApp::new().await;
    let (ana, request) = app.started(&["contract"]).await;
    let item = ana.item(&request, "contract").await.id;
    app.engine.memory().jobs.clear();
    app.settle().await;
    one_job(&app, &[&item]);
}

#[tokio::test]
async fn what_is_left_out_leaves_its_job_and_the_last_one_ends_it() {
    let app = TestApp::new().await;
    let (ana, request) = app.started(&["contract", "tenant"]).await;
    let (contract, tenant) = (ana.item(&request, "contract").await.id, ana.item(&request, "tenant").await.id);
    assert_eq!(ana.tend_one(TendVerb::LeaveOut, &contract).await, None);
    app.settle().await;
    one_job(&app, &[&tenant]);
    assert_eq!(ana.request(&request).await.row.tally.ended, 1);
    assert_eq!(ana.tend_one(TendVerb::LeaveOut, &tenant).await, None);
    app.settle().await;
    assert!(app.engine.memory().jobs.is_empty());

    let (_, again) = app.started(&["contract"]).await;
    one_job(&app, &[&ana.item(&again, "contract").await.id]);
}

#[tokio::test]
async fn each_item_that_is_tended_gets_a_result_of_its_own() {
    let app = TestApp::new().await;
    let (ana, request) = app.started(&["contract", "tenant"]).await;
    let (contract, tenant) = (ana.item(&request, "contract").await.id, ana.item(&request, "tenant").await.id);
    breaks(&app, &contract, CauseCode::TableGone).await;
    let unknown: ItemId = "no-such-item".parse().expect("an id");
    let all = [tenant.clone(), unknown, contract.clone()];
    let results = |tended: Tended| {
        tended.results.into_iter().map(|result| result.refused.map(|said| said.key)).collect::<Vec<_>>()
    };
    let (tom, xi) = (app.requester("tom").await, app.stranger("xi").await);
    let refused = |key: &str| Some(key.to_owned());
    let by_xi = results(xi.tend(TendVerb::TryAgain, &all).await.read());
    assert_eq!(by_xi, [refused("refused.gone"), refused("refused.gone"), refused("refused.gone")]);
    let by_tom = results(tom.tend(TendVerb::TryAgain, &all).await.read());
    assert_eq!(by_tom, [refused("refused.not_allowed"), refused("refused.gone"), refused("refused.not_allowed")]);
    let by_ana = results(ana.tend(TendVerb::TryAgain, &all).await.read());
    assert_eq!(by_ana, [refused("refused.state"), refused("refused.gone"), None]);
    assert_eq!(ana.tend_one(TendVerb::TryAgain, &contract).await, refused("refused.state"));
    app.settle().await;
    one_job(&app, &[&contract, &tenant]);
    assert_eq!(ana.tend(TendVerb::TryAgain, &[]).await.fields(), [("items".to_owned(), "missing".to_owned())]);
}

#[tokio::test]
async fn one_item_named_twice_is_tended_once() {
    let app = TestApp::new().await;
    let (ana, request) = app.started(&["contract"]).await;
    let item = ana.item(&request, "contract").await.id;
    breaks(&app, &item, CauseCode::TableGone).await;
    let tended: Tended = ana.tend(TendVerb::TryAgain, &[item.clone(), item.clone()]).await.read();
    let refused: Vec<_> = tended.results.into_iter().map(|result| result.refused.is_some()).collect();
    assert_eq!(refused, [false, true]);
    app.settle().await;
    one_job(&app, &[&item]);
}

#[tokio::test]
async fn what_was_decided_after_the_start_changes_nothing() {
    let app = TestApp::new().await;
    let (ana, request) = app.started(&["contract"]).await;
    let problem = app.approver("bo").await.decide(&request, &verdict(Verdict::Reject, "No.")).await;
    problem.problem(Code::WrongState);
    one_job(&app, &[&ana.item(&request, "contract").await.id]);
}
