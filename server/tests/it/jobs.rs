//! Jobs and the overview: who may look, what is told of starts, and a cluster that is away.

use std::time::Duration;

use api::jobs::{JobTally, JobView, JobsPage};
use api::lake::LakeView;
use api::overview::Overview;
use api::problem::Code;
use api::{Read, paths};
use domain::doing::Doing;
use domain::engine::{Flink as Place, Readers, SetUp};
use domain::ids::ItemId;
use domain::route::{Naming, Route};
use domain::run::{Checkpoint, Run, Stage};
use domain::tier::Tier;
use domain::time::{Millis, SECOND};
use doubles::faults::{Fault, What, When};
use doubles::flink::{Call, Flink};

use crate::client::Client;
use crate::harness::TestApp;

async fn list(client: &Client, query: &[(&str, &str)]) -> JobsPage {
    client.get(&paths::with(paths::JOBS, query)).await.read()
}

async fn job(client: &Client, name: &str) -> JobView {
    client.get(&paths::fill(paths::JOB_ONE, &[name])).await.read::<Read<JobView>>().thing
}

async fn overview(client: &Client) -> Overview {
    client.get(paths::OVERVIEW).await.read::<Read<Overview>>().thing
}

/// The item of the only table that one sees of a job.
async fn view_of(client: &Client, name: &str) -> ItemId {
    job(client, name).await.tables.remove(0).item.id
}

/// The name of the only job.
async fn name(ops: &Client) -> String {
    list(ops, &[]).await.page.rows.remove(0).name
}

/// A route that names a cluster, and the job by it with these starts.
async fn by_cluster(app: &TestApp, address: &str, runs: &[Run]) {
    app.started(&["contract"]).await;
    let set_up = SetUp::Flink(Place {
        address: address.parse().expect("an address"),
        warehouse: "file:///lake".parse().expect("a folder"),
        readers: Readers::default(),
    });
    let mut tx = app.state.store.begin().await.expect("the store answers");
    let naming = Naming { database: "dw".parse().expect("a pattern"), ..Naming::default() };
    let id = "cluster".parse().expect("an id");
    let route = Route { naming, ..Route::new(id, "cluster", set_up, vec![Tier::Daily]) };
    tx.routes().add(&route).await.expect("a new route");
    for run in runs {
        tx.runs().begin(run).await.expect("a new run");
    }
    tx.commit(app.now()).await.expect("the store answers");
}

fn run(number: u32, job: &str, ids: &str) -> Run {
    let secret = "--mysql_conf";
    Run {
        engine_id: None,
        id: format!("{number:032x}").parse().expect("an id"),
        job: job.into(),
        number,
        source: "lease".parse().expect("an id"),
        place: domain::source::Place::sqlite("lease"),
        tables: Vec::new(),
        args: ["mysql_sync_database", secret, ids, secret, "password=<lakegate:source>"].map(str::to_owned).to_vec(),
        restored: (number > 1).then(|| "file:///sp".to_owned()),
        leaves_state: false,
        begun_at: Millis(i64::from(number)),
        stage: Stage::Accepted,
        checkpoint: Some(Checkpoint { path: "file:///chk".into(), at: Millis(7) }),
    }
}

#[tokio::test]
async fn one_sees_the_job_of_ones_tables_the_owner_those_of_a_source_and_operators_all() {
    let app = TestApp::new().await;
    let (ana, _) = app.started(&["contract"]).await;
    let (bo, ops) = (app.approver("bo").await, app.operator("ops").await);
    let name = name(&ops).await;
    for client in [&ana, &bo, &ops] {
        let view = job(client, &name).await;
        assert_eq!((view.tables.len(), view.more, view.row.doing), (1, 0, Doing::Starting));
        assert_eq!((view.row.tally.waiting, view.tables[0].request.1.as_str()), (1, "R-1001"));
        assert_eq!(list(client, &[]).await.tally, JobTally { starting: 1, ..JobTally::default() });
    }
    app.land(&view_of(&ana, &name).await, 3).await;
    app.settle().await;
    let (tom, xi) = (app.requester("tom").await, app.stranger("xi").await);
    for (client, sees) in [(&ana, true), (&tom, false)] {
        let path = paths::fill(paths::LAKE_ONE, &["ods_lease", "contract"]);
        let table = client.get(&path).await.read::<Read<LakeView>>().thing;
        assert_eq!((table.row.job.as_str(), table.may_see_job), (name.as_str(), sees), "a link only where it leads");
    }
    for client in [tom, xi] {
        client.get(&paths::fill(paths::JOB_ONE, &[&name])).await.problem(Code::NotFound);
        let page = list(&client, &[]).await;
        assert_eq!((page.page.rows.len(), page.tally), (0, JobTally::default()));
    }
    ops.get(&paths::fill(paths::JOB_ONE, &["no such/job"])).await.problem(Code::NotFound);
    app.anonymous().get(paths::JOBS).await.problem(Code::SignInFirst);
}

#[tokio::test]
async fn tables_of_others_in_a_job_are_counted_and_not_named() {
    let app = TestApp::new().await;
    let (ana, _) = app.started(&["contract"]).await;
    let (xi, bo, ops) = (app.stranger("xi").await, app.approver("bo").await, app.operator("ops").await);
    let request = xi.ask(&["tenant"]).await.row.id;
    bo.approve(&request).await;
    app.advance(30 * SECOND).await;
    let name = name(&ops).await;
    let view = job(&ana, &name).await;
    let names: Vec<_> = view.tables.iter().map(|row| row.item.table.to_string()).collect();
    assert_eq!((names, view.more, view.row.tally.requested()), (vec!["lease.contract".to_owned()], 1, 2));
    assert_eq!((job(&ops, &name).await.tables.len(), job(&ops, &name).await.more), (2, 0));
}

#[tokio::test]
async fn a_list_is_narrowed_and_read_on_worst_first() {
    let app = TestApp::new().await;
    app.started(&["contract"]).await;
    let (ana, ops) = (app.requester("ana").await, app.operator("ops").await);
    let asked = api::requests::Ask { tier: Tier::Daily, ..crate::client::ask(&["tenant"]) };
    let asked: api::requests::RequestView = ana.submit(&ana.fresh_key(), &asked).await.read();
    app.approver("bo").await.approve(&asked.row.id).await;
    app.advance(30 * SECOND).await;
    let all = list(&ops, &[]).await;
    assert_eq!((all.page.rows.len(), all.tally.total()), (2, 2));
    let first = list(&ops, &[("limit", "1")]).await;
    let after = first.page.next.expect("one more follows");
    let second = list(&ops, &[("limit", "1"), ("after", &after)]).await;
    assert_eq!((&first.page.rows[0], &second.page.rows[0]), (&all.page.rows[0], &all.page.rows[1]));
    assert_eq!(second.page.next, None);
    for (query, rows) in [
        (("q", "LEASE -m-"), 1),
        (("q", "nothing like it"), 0),
        (("source", "lease"), 2),
        (("source", "other"), 0),
        (("route", "nightly"), 0),
        (("doing", "starting"), 2),
        (("doing", "failed"), 0),
    ] {
        let page = list(&ops, &[query]).await;
        assert_eq!((page.page.rows.len(), page.tally.total()), (rows, 2), "{query:?}");
    }
    ops.get(&paths::with(paths::JOBS, &[("doing", "dancing")])).await.problem(Code::BadInput);
}

#[tokio::test]
async fn starts_tell_what_changed_and_show_no_password() {
    rustls::crypto::ring::default_provider().install_default().ok();
    let app = TestApp::new().await;
    let name = "lg-lease-m-ekal";
    by_cluster(&app, "http://127.0.0.1:9", &[run(1, name, "server-id=1-2"), run(2, name, "server-id=3-4")]).await;
    let ops = app.operator("ops").await;
    assert_eq!(self::name(&ops).await, name, "the runs are those of the job");
    let view = job(&ops, name).await;
    assert_eq!((view.row.starts, view.row.checkpoint, view.row.doing), (2, Some(Millis(7)), Doing::Starting));
    let numbers: Vec<_> = view.runs.iter().map(|run| (run.number, run.changes.len())).collect();
    assert_eq!(numbers, [(2, 1), (1, 3)]);
    let changed = &view.runs[0].changes[0];
    assert_eq!((changed.was.as_deref(), changed.is.as_deref()), (Some("1-2"), Some("3-4")));
    let text = ops.get(&paths::fill(paths::JOB_ONE, &[name])).await;
    assert!(!serde_json::to_string(&text.read::<serde_json::Value>()).expect("text").contains("lakegate:source"));
}

#[tokio::test]
async fn only_operators_have_an_overview_and_it_sums_up() {
    let app = TestApp::new().await;
    let (ana, request) = app.started(&["contract", "tenant"]).await;
    let ops = app.operator("ops").await;
    for client in [&ana, &app.approver("bo").await] {
        client.get(paths::OVERVIEW).await.problem(Code::NotFound);
    }
    let before = overview(&ops).await;
    assert_eq!((before.jobs.starting, before.sources[0].tables, before.sources[0].copying), (1, 2, 2));
    app.land(&ana.item(&request, "contract").await.id, 3).await;
    let item = ana.item(&request, "tenant").await;
    let cause = domain::cause::Cause::new(domain::cause::CauseCode::TableGone).text("table", "lease.tenant");
    app.says(&item.id, lakegate::outside::engine::Phase::Failed { cause });
    app.advance(60 * SECOND).await;
    let now = overview(&ops).await;
    assert_eq!((now.tables.ready, now.jobs.running, now.clusters.len()), (1, 1, 0));
    assert_eq!(now.causes.len(), 1);
    assert!(now.causes[0].failed && now.causes[0].problem.count == 1 && now.causes[0].problem.person == "Bo");
}

#[tokio::test]
async fn a_cluster_is_asked_once_however_many_look_and_one_that_is_away_is_not_known_yet() {
    rustls::crypto::ring::default_provider().install_default().ok();
    let (app, flink) = (TestApp::new().await, Flink::start().await);
    by_cluster(&app, &flink.url(), &[]).await;
    let ops = app.operator("ops").await;
    let asked = || flink.memory().calls.get(&Call::Overview).copied().unwrap_or(0);
    let before = asked();
    let (one, other) = tokio::join!(overview(&ops), overview(&ops));
    assert_eq!((one.clusters[0].at, one.clusters == other.clusters), (app.now(), true));
    let seen = one.clusters[0].seen.as_ref().expect("it answers");
    assert!(seen.slots > 0 && seen.free <= seen.slots && !seen.version.is_empty());
    overview(&ops).await;
    assert_eq!(asked(), before + 1, "one look for all");
    app.advance(10 * SECOND).await;
    let slow = Fault { when: When::Before, what: What::Slow(Duration::from_mins(1)) };
    flink.fault(Call::Overview, slow, 1);
    let away = overview(&ops).await;
    assert_eq!((&away.clusters[0].seen, away.clusters[0].at), (&None, app.now()));
    app.advance(10 * SECOND).await;
    assert!(overview(&ops).await.clusters[0].seen.is_some(), "it comes back by itself");
}
