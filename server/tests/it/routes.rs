//! Routes as things to set up: who may, what is refused, and what stays while tables are written.

use api::drafts::Checks;
use api::looks::{Outcome, Tested};
use api::paths;
use api::problem::Code;
use api::requests::{Ask, RequestView};
use api::routes::{RouteForm, RouteList, RouteView};
use api::tables::Choices;
use api::words::{Lang, Plain, speak};
use domain::change::Happened;
use domain::draft::Contents;
use domain::tier::Tier;

use crate::client::{Answer, Client, ask, ask_of};
use crate::drafts::{contents, make};
use crate::harness::TestApp;

fn form(name: &str) -> RouteForm {
    RouteForm {
        name: name.into(),
        engine: "embedded".into(),
        address: String::new(),
        warehouse: String::new(),
        readers: None,
        tiers: vec![Tier::Daily],
        database: "dw_{source}".into(),
        table: "{database}_{table}".into(),
        most_tables: None,
        most_bytes: None,
        owner: None,
        closed: false,
        version: 0,
    }
}

async fn list(client: &Client) -> RouteList {
    client.get(paths::ROUTES).await.read()
}

pub async fn one(client: &Client, name: &str) -> RouteView {
    list(client).await.rows.into_iter().find(|route| route.form.name == name).expect("a route of that name")
}

async fn add(client: &Client, form: &RouteForm) -> Answer {
    client.post(paths::ROUTES, form).await
}

pub async fn change(client: &Client, route: &RouteView, form: &RouteForm) -> Answer {
    client.put(&paths::fill(paths::ROUTE_ONE, &[route.id.as_str()]), form).await
}

fn said(field: &str, code: &str) -> (String, String) {
    (field.to_owned(), code.to_owned())
}

#[tokio::test]
async fn for_others_than_operators_there_are_no_routes_to_set_up() {
    let app = TestApp::new().await;
    let lake = one(&app.operator("ops").await, "lake").await;
    for client in [app.requester("ana").await, app.approver("bo").await] {
        client.get(paths::ROUTES).await.problem(Code::NotFound);
        add(&client, &form("mine")).await.problem(Code::NotFound);
        change(&client, &lake, &lake.form).await.problem(Code::NotFound);
        client.post(paths::ROUTE_TEST, form("mine")).await.problem(Code::NotFound);
    }
    app.anonymous().get(paths::ROUTES).await.problem(Code::SignInFirst);
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once_and_nothing_is_kept() {
    let app = TestApp::new().await;
    let ops = app.operator("ops").await;
    let before = app.lines().await;
    let bad = RouteForm {
        name: " ".into(),
        engine: "spark".into(),
        tiers: vec![],
        database: "../x".into(),
        table: "all".into(),
        owner: Some("nobody".parse().expect("an id")),
        ..form("")
    };
    let fields = add(&ops, &bad).await.fields();
    for wanted in [
        said("name", "missing"),
        said("engine", "unknown"),
        said("tiers", "missing"),
        said("owner", "unknown"),
        said("database", "pattern"),
    ] {
        assert!(fields.contains(&wanted), "{wanted:?} of {fields:?}");
    }
    let no_flink = RouteForm {
        engine: "flink".into(),
        address: "flink:8081".into(),
        warehouse: "s3://key:word@bucket/lake".into(),
        readers: Some(0),
        ..form("x")
    };
    let fields = add(&ops, &no_flink).await.fields();
    assert_eq!(fields, [said("address", "address"), said("warehouse", "address"), said("readers", "range")]);
    let all_one = RouteForm { table: "all".into(), ..form("x") };
    assert_eq!(add(&ops, &all_one).await.fields(), [said("table", "pattern_table")]);
    let same_names = RouteForm { database: "ods_{database}".into(), table: "{table}".into(), ..form("x") };
    assert_eq!(add(&ops, &same_names).await.fields(), [said("database", "pattern_taken")]);
    assert_eq!(add(&ops, &form("lake")).await.fields(), [said("name", "taken")]);
    let lake = one(&ops, "lake").await;
    let gone = RouteView { id: "no-such-route".parse().expect("an id"), ..lake };
    change(&ops, &gone, &form("x")).await.problem(Code::NotFound);
    assert_eq!(app.lines().await, before);
}

#[tokio::test]
async fn a_new_route_names_its_tables_by_its_pattern() {
    let app = TestApp::new().await;
    let ops = app.operator("ops").await;
    let owner = Some("ops".parse().expect("an id"));
    let answer = add(&ops, &RouteForm { owner, tiers: vec![Tier::Minutes], ..form("warehouse") }).await;
    assert_eq!(answer.status, 201);
    let route: RouteView = answer.read();
    assert_eq!((route.owner.as_str(), route.living, route.fixed, route.form.version), ("Ops", 0, false, 1));
    let ana = app.requester("ana").await;
    let asked = ana.submit(&ana.fresh_key(), &api::requests::Ask { route: route.id, ..ask(&["contract"]) }).await;
    let asked: api::requests::RequestView = asked.read();
    let item = ana.item(&asked.row.id, "contract").await;
    assert_eq!(item.target.to_string(), "dw_lease.lease_contract");
    let added = |line: &lakegate::store::changes::Line| matches!(line.change.happened, Happened::RouteAdded { .. });
    assert_eq!(app.log().await.iter().filter(|line| added(line)).count(), 1);
}

#[tokio::test]
async fn what_would_move_written_tables_is_refused_in_words_and_the_rest_may_change() {
    let app = TestApp::new().await;
    let ops = app.operator("ops").await;
    app.started(&["contract"]).await;
    let lake = one(&ops, "lake").await;
    assert_eq!((lake.living, lake.fixed), (1, true));
    let moved = RouteForm { database: "dw".into(), table: "{database}_{table}".into(), ..lake.form.clone() };
    assert_eq!(change(&ops, &lake, &moved).await.fields(), [said("database", "moves"), said("table", "moves")]);
    let broken = RouteForm { tiers: vec![Tier::Daily], ..lake.form.clone() };
    assert_eq!(change(&ops, &lake, &broken).await.fields(), [said("tiers", "promised")]);
    let fine = RouteForm { name: "Lake".into(), most_tables: Some(2), ..lake.form.clone() };
    let changed: RouteView = change(&ops, &lake, &fine).await.read();
    assert_eq!((changed.form.name.as_str(), changed.form.version), ("Lake", 2));
    change(&ops, &lake, &fine).await.problem(Code::Faster);
    let nightly = one(&ops, "nightly").await;
    let renamed = RouteForm { database: "dw".into(), ..nightly.form.clone() };
    change(&ops, &nightly, &renamed).await.read::<RouteView>();
}

#[tokio::test]
async fn a_route_that_is_full_or_closed_takes_nothing_new_and_what_goes_by_it_goes_on() {
    let app = TestApp::new().await;
    let ops = app.operator("ops").await;
    let (ana, request) = app.started(&["contract"]).await;
    let lake = one(&ops, "lake").await;
    let two = RouteForm { most_tables: Some(2), most_bytes: Some(1), ..lake.form.clone() };
    let lake: RouteView = change(&ops, &lake, &two).await.read();
    let refused = ana.submit(&ana.fresh_key(), &ask(&["tenant", "vacant"])).await.fields();
    assert!(refused.contains(&said("route", "route_full")), "{refused:?}");
    let closed = RouteForm { closed: true, ..lake.form.clone() };
    change(&ops, &lake, &closed).await.read::<RouteView>();
    let choices: Choices = ana.get(paths::CHOICES).await.read();
    assert_eq!(choices.routes.iter().map(|route| route.name.as_str()).collect::<Vec<_>>(), ["nightly"]);
    let refused = ana.submit(&ana.fresh_key(), &ask(&["tenant"])).await.fields();
    assert!(refused.contains(&said("route", "closed")), "{refused:?}");
    assert_eq!(ana.item(&request, "contract").await.state, "starting");
}

#[tokio::test]
async fn the_test_looks_at_everything_and_keeps_nothing() {
    let app = TestApp::new().await;
    let ops = app.operator("ops").await;
    let before = app.lines().await;
    let tested: Tested = ops.post(paths::ROUTE_TEST, form("x")).await.read();
    let looks: Vec<_> = tested.looks.iter().map(|look| (look.said.key.as_str(), look.outcome)).collect();
    assert_eq!(
        looks,
        [
            ("test.route_no_owner", Outcome::Know),
            ("test.route_writable", Outcome::Fine),
            ("test.route_names", Outcome::Fine),
        ]
    );
    let root = app.state.outside.lake.root().to_owned();
    std::fs::remove_dir_all(&root).expect("it goes");
    std::fs::write(&root, "no folder").expect("a file");
    let apart = RouteForm { table: "{table}".into(), ..form("x") };
    let tested: Tested = ops.post(paths::ROUTE_TEST, apart).await.read();
    let keys: Vec<_> = tested.looks.iter().map(|look| look.said.key.as_str()).collect();
    assert_eq!(keys[0], "test.route_read_only");
    assert!(keys.contains(&"test.route_one_name"), "{keys:?}");
    assert_eq!(app.lines().await, before);
}

/// A route into a database that the usual route gives to the tables of `lease` too.
async fn beside(ops: &Client) -> RouteView {
    let form = RouteForm { database: "ods_lease".into(), table: "{table}".into(), ..form("beside") };
    let tested: Tested = ops.post(paths::ROUTE_TEST, form.clone()).await.read();
    let meets = tested.looks.iter().filter(|look| look.said.key == "test.route_may_meet").count();
    assert_eq!(meets, 2, "the form knows that names can meet: {tested:?}");
    add(ops, &form).await.read()
}

#[tokio::test]
async fn one_table_of_the_lake_has_one_writer_whatever_route_leads_there() {
    for app in TestApp::on_each_database().await {
        let (ana, tom, ops) = (app.requester("ana").await, app.stranger("tom").await, app.operator("ops").await);
        let beside = beside(&ops).await.id;
        let by = |source: &str| Ask { route: beside.clone(), tier: Tier::Daily, ..ask_of(source, &["contract"]) };
        let first = ana.ask(&["contract"]).await.row.id;
        let lines = app.lines().await;
        for source in ["lease", "other"] {
            let problem = tom.submit(&tom.fresh_key(), &by(source)).await.problem(Code::Rule);
            assert_eq!(problem.errors[0].code, "collision");
            let said = problem.errors[0].said.clone().expect("it says which");
            let spoken = speak(Lang::En, &said, &Plain);
            assert!(spoken.ends_with("ods_lease.contract, which is lease.contract by the route lake"), "{spoken}");
        }
        assert_eq!(app.lines().await, lines, "nothing is half done");
        let draft = Contents { route: Some(beside.clone()), tier: Some(Tier::Daily), ..contents(&["contract"]) };
        let draft = make(&tom, &draft).await;
        let checks: Checks = tom.get(&paths::fill(paths::DRAFT_CHECKS, &[draft.id.as_str()])).await.read();
        assert_eq!((checks.fix, checks.groups[0].code.as_str()), (1, "name_taken"));
        ana.act(paths::REQUEST_WITHDRAW, &first).await;
        let asked: RequestView = tom.submit(&tom.fresh_key(), &by("other")).await.read();
        assert_eq!(tom.item(&asked.row.id, "contract").await.target.to_string(), "ods_lease.contract");
        let refused = ana.submit(&ana.fresh_key(), &ask(&["contract"])).await.fields();
        assert_eq!(refused, [said("tables.0", "collision")], "the other way round too");
    }
}

#[tokio::test]
async fn who_comes_second_by_a_moment_gets_a_conflict_and_no_second_writer() {
    for app in TestApp::on_each_database().await {
        let (ana, tom, ops) = (app.requester("ana").await, app.stranger("tom").await, app.operator("ops").await);
        let beside = beside(&ops).await.id;
        let other = Ask { route: beside, tier: Tier::Daily, ..ask(&["contract"]) };
        let one = ask(&["contract"]);
        let (mine, theirs) = (ana.fresh_key(), tom.fresh_key());
        let (one, other) = tokio::join!(ana.submit(&mine, &one), tom.submit(&theirs, &other));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert!(statuses[0] == 201 && [409, 422].contains(&statuses[1]), "{statuses:?}");
    }
}
