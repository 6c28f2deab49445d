//! The operators' brake: nothing new starts, who waits knows why and until when, and what has started goes on.

use api::brake::{BrakeView, Pull};
use api::paths;
use api::problem::Code;
use api::requests::TendVerb;
use domain::cause::{Cause, CauseCode};
use domain::change::{Actor, Happened};
use domain::time::{HOUR, MINUTE, Millis, SECOND};
use lakegate::outside::engine::Phase;
use lakegate::outside::engine::fake::Fault;

use crate::client::{Answer, Client};
use crate::harness::TestApp;

fn of(source: Option<&str>, until: Option<Millis>) -> Pull {
    let source = source.map(|source| source.parse().expect("an id"));
    Pull { source, reason: "The disk is full.".into(), until }
}

async fn pull(client: &Client, wanted: &Pull) -> Answer {
    client.post(paths::BRAKES, wanted).await
}

async fn lift(client: &Client, scope: &str) -> Answer {
    client.delete(&paths::fill(paths::BRAKE_ONE, &[scope])).await
}

async fn held(client: &Client) -> Vec<BrakeView> {
    client.get(paths::BRAKES).await.read()
}

/// The lines of the log about brakes: who, whether it was pulled, of what.
async fn lines(app: &TestApp) -> Vec<(Actor, &'static str, String)> {
    let lines = app.log().await.into_iter().filter_map(|line| match line.change.happened {
        Happened::BrakePulled { source, .. } => Some((line.change.actor, "pulled", source)),
        Happened::BrakeLifted { source } => Some((line.change.actor, "lifted", source)),
        _ => None,
    });
    lines.collect()
}

fn ops() -> Actor {
    Actor::Person("ops".parse().expect("an id"))
}

#[tokio::test]
async fn only_operators_pull_and_lift_it_and_who_may_not_see_the_source_learns_nothing() {
    let app = TestApp::new().await;
    let (ana, bo, ops) = (app.requester("ana").await, app.approver("bo").await, app.operator("ops").await);
    let before = app.lines().await;
    for (client, scope, code) in [
        (&ana, Some("lease"), Code::NotFound),
        (&ana, None, Code::NotFound),
        (&bo, Some("lease"), Code::NotAllowed),
        (&bo, Some("other"), Code::NotFound),
        (&bo, None, Code::NotFound),
        (&ops, Some("no-such-source"), Code::NotFound),
    ] {
        pull(client, &of(scope, None)).await.problem(code);
        lift(client, scope.unwrap_or("all")).await.problem(code);
    }
    lift(&ops, "../x").await.problem(Code::NotFound);
    app.anonymous().get(paths::BRAKES).await.problem(Code::SignInFirst);
    assert_eq!(app.lines().await, before, "nothing is half done");
}

#[tokio::test]
async fn everything_that_is_wrong_with_it_is_said_at_once() {
    let app = TestApp::new().await;
    let ops = app.operator("ops").await;
    let wrong = Pull { reason: " ".into(), ..of(None, Some(app.now())) };
    let said = |field: &str, code: &str| (field.to_owned(), code.to_owned());
    assert_eq!(pull(&ops, &wrong).await.fields(), [said("reason", "missing"), said("until", "past")]);
    let long = Pull { reason: "x".repeat(301), ..of(None, None) };
    assert_eq!(pull(&ops, &long).await.fields(), [said("reason", "long")]);
    assert!(held(&ops).await.is_empty());
}

#[tokio::test]
async fn what_was_approved_waits_and_starts_when_it_is_lifted() {
    let app = TestApp::new().await;
    let ops = app.operator("ops").await;
    pull(&ops, &of(None, None)).await.read::<BrakeView>();
    let (ana, request) = app.started(&["contract", "tenant"]).await;
    let item = ana.item(&request, "contract").await;
    assert_eq!((item.state.as_str(), item.now.key.as_str()), ("placed", "now.braked_open"));
    assert!(app.engine.memory().jobs.is_empty(), "the engine was told nothing");
    let view = ana.request(&request).await;
    assert_eq!(view.brake.map(|said| said.key), Some("now.braked_open".to_owned()));
    assert_eq!(view.row.now.key, "now.braked_open");
    app.advance(5 * HOUR).await;
    assert_eq!(ana.item(&request, "contract").await.state, "placed", "however often it was looked at");
    let told = |line: &lakegate::store::changes::Line| matches!(line.change.happened, Happened::OperatorsTold { .. });
    assert!(!app.log().await.iter().any(told), "who pulled it need not be told");

    assert_eq!(lift(&ops, "all").await.status, 204);
    app.settle().await;
    assert_eq!(ana.item(&request, "contract").await.state, "starting");
    assert_eq!(ana.request(&request).await.brake, None);
    let memory = app.engine.memory();
    assert_eq!((memory.jobs.len(), memory.doubled), (1, 0));
}

#[tokio::test]
async fn it_is_over_by_itself_at_its_time_with_one_line() {
    let app = TestApp::new().await;
    let chief = app.operator("ops").await;
    let until = app.now().plus(HOUR);
    let view: BrakeView = pull(&chief, &of(Some("lease"), Some(until))).await.read();
    assert_eq!((view.name.as_str(), view.said.key.as_str(), view.may_lift), ("lease", "now.braked", true));
    let (ana, request) = app.started(&["contract"]).await;
    app.advance(HOUR - 30 * SECOND - 1).await;
    assert_eq!(ana.item(&request, "contract").await.now.key, "now.braked");
    app.advance(1).await;
    assert_eq!(ana.item(&request, "contract").await.state, "starting");
    assert!(held(&chief).await.is_empty());
    let lease = || "lease".to_owned();
    assert_eq!(lines(&app).await, [(ops(), "pulled", lease()), (Actor::Lakegate, "lifted", lease())]);
}

#[tokio::test]
async fn the_same_twice_is_one_line_and_another_end_counts_at_once() {
    let app = TestApp::new().await;
    let chief = app.operator("ops").await;
    for _ in 0..2 {
        pull(&chief, &of(Some("lease"), None)).await.read::<BrakeView>();
    }
    assert_eq!(lines(&app).await.len(), 1);
    let (ana, request) = app.started(&["contract"]).await;
    let sooner = of(Some("lease"), Some(app.now().plus(MINUTE)));
    pull(&chief, &sooner).await.read::<BrakeView>();
    app.advance(MINUTE).await;
    assert_eq!(ana.item(&request, "contract").await.state, "starting");
    assert_eq!(lift(&chief, "lease").await.status, 204);
    assert_eq!(lines(&app).await.len(), 3, "lifting what is lifted changes nothing");
}

#[tokio::test]
async fn another_source_starts_and_what_has_started_goes_on() {
    let app = TestApp::new().await;
    let chief = app.operator("ops").await;
    let (ana, request) = app.started(&["contract"]).await;
    pull(&chief, &of(Some("lease"), None)).await.read::<BrakeView>();
    let item = ana.item(&request, "contract").await.id;
    app.says(&item, Phase::Copying { rows: 1, of: Some(9) });
    app.settle().await;
    assert_eq!(ana.item(&request, "contract").await.state, "copying");
    pull(&chief, &of(Some("lease"), None)).await.read::<BrakeView>();
    lift(&chief, "lease").await;
    pull(&chief, &of(Some("other"), None)).await.read::<BrakeView>();
    let (tom, more) = app.started(&["tenant"]).await;
    assert_eq!(tom.item(&more, "tenant").await.state, "starting");
}

#[tokio::test]
async fn what_is_tried_again_by_itself_or_by_hand_waits_too() {
    let app = TestApp::new().await;
    let chief = app.operator("ops").await;
    let (ana, request) = app.started(&["contract", "tenant"]).await;
    let (contract, tenant) = (ana.item(&request, "contract").await.id, ana.item(&request, "tenant").await.id);
    app.says(&contract, Phase::Failed { cause: Cause::new(CauseCode::SourceAway).text("what", "a test") });
    app.says(&tenant, Phase::Failed { cause: Cause::new(CauseCode::SourceDenied).text("what", "a test") });
    app.settle().await;
    pull(&chief, &of(None, None)).await.read::<BrakeView>();
    app.advance(MINUTE).await;
    assert_eq!(ana.item(&request, "contract").await.now.key, "now.braked_open", "by itself");
    assert_eq!(ana.tend_one(TendVerb::TryAgain, &tenant).await, None);
    app.settle().await;
    assert_eq!(ana.item(&request, "tenant").await.now.key, "now.braked_open", "by hand");
    assert_eq!(ana.tend_one(TendVerb::LeaveOut, &tenant).await, None, "who waits may leave");
    lift(&chief, "all").await;
    app.settle().await;
    assert_eq!(ana.item(&request, "contract").await.state, "starting");
}

#[tokio::test]
async fn looking_at_the_brake_is_no_try() {
    let app = TestApp::new().await;
    let chief = app.operator("ops").await;
    pull(&chief, &of(None, None)).await.read::<BrakeView>();
    let (ana, request) = app.started(&["contract"]).await;
    for hours in 1..=6 {
        app.advance(HOUR).await;
        assert_eq!(ana.item(&request, "contract").await.state, "placed", "after {hours} h");
    }
    app.engine.fault("start", Fault::Busy);
    lift(&chief, "all").await;
    app.settle().await;
    app.advance(2 * SECOND).await;
    assert_eq!(ana.item(&request, "contract").await.state, "starting", "the first busy answer is not the last try");
}

#[tokio::test]
async fn owners_see_the_brakes_of_their_sources_and_those_for_all() {
    let app = TestApp::new().await;
    let (ana, bo, chief) = (app.requester("ana").await, app.approver("bo").await, app.operator("ops").await);
    for scope in [Some("lease"), Some("other"), None] {
        pull(&chief, &of(scope, None)).await.read::<BrakeView>();
    }
    let names = |brakes: Vec<BrakeView>| brakes.into_iter().map(|brake| brake.name).collect::<Vec<_>>();
    assert_eq!(names(held(&chief).await), ["", "lease", "other"]);
    let his = held(&bo).await;
    assert!(his.iter().all(|brake| !brake.may_lift));
    assert_eq!(names(his), ["", "lease"]);
    assert_eq!(names(held(&ana).await), [""]);
}
