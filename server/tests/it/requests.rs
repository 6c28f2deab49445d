//! Asking for tables: keys, fields, links, and what the requester may do afterwards.

use api::inbox::Verdict;
use api::problem::Code;
use api::requests::{RequestRow, RequestView, TendVerb};
use api::tables::TableRow;
use api::{Page, paths};
use domain::change::Happened;
use domain::ids::RequestId;
use domain::request::Stamp;
use domain::tally::Part;
use domain::tier::Tier;
use domain::time::SECOND;

use crate::client::{Client, ask, ask_of, verdict};
use crate::harness::TestApp;

async fn listed(client: &Client, query: &str) -> Page<RequestRow> {
    client.get(&format!("{}{query}", paths::REQUESTS)).await.read()
}

#[tokio::test]
async fn the_same_key_with_the_same_body_is_the_same_request() {
    let app = TestApp::new().await;
    let (ana, tom) = (app.requester("ana").await, app.requester("tom").await);
    let first = ana.submit("key-of-this-test", &ask(&["contract"])).await;
    assert_eq!(first.status, 201);
    let again = ana.submit("key-of-this-test", &ask(&["contract"])).await;
    assert_eq!(again.status, 200);
    let (first, again): (RequestView, RequestView) = (first.read(), again.read());
    assert_eq!((&first.row.id, &first.hash), (&again.row.id, &again.hash));
    ana.submit("key-of-this-test", &ask(&["tenant"])).await.problem(Code::KeyReused);
    assert_eq!(listed(&ana, "").await.rows.len(), 1);
    let toms: RequestView = tom.submit("key-of-this-test", &ask(&["tenant"])).await.read();
    assert_ne!(toms.row.id, first.row.id);
}

#[tokio::test]
async fn a_request_without_a_proper_key_is_refused() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    ana.post(paths::REQUESTS, ask(&["contract"])).await.problem(Code::BadInput);
    for key in ["short", "with spaces in it", &"x".repeat(101)] {
        ana.submit(key, &ask(&["contract"])).await.problem(Code::BadInput);
    }
    assert!(listed(&ana, "").await.rows.is_empty());
}

#[tokio::test]
async fn a_double_click_makes_one_request() {
    for app in TestApp::on_each_database().await {
        let ana = app.requester("ana").await;
        let asked = ask(&["contract", "tenant"]);
        let click = || ana.submit("key-of-this-test", &asked);
        let (one, two, three) = tokio::join!(click(), click(), click());
        let mut statuses = [one.status, two.status, three.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 200, 201]);
        let ids = [one, two, three].map(|answer| answer.read::<RequestView>().row.id);
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        assert_eq!(listed(&ana, "").await.rows.len(), 1);
        assert_eq!(ana.request(&ids[0]).await.row.tally.requested(), 2);
    }
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once_and_nothing_is_kept() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    let lines = app.lines().await;
    let mut asked = ask(&["contract", "no_such_table", "badge"]);
    asked.title = " ".into();
    asked.reason = "x".repeat(2_001);
    asked.route = "nowhere".parse().expect("an id");
    let wrong = ana.submit("key-of-this-test", &asked).await.fields();
    assert_eq!(
        wrong,
        [
            ("title", "missing"),
            ("reason", "long"),
            ("route", "unknown"),
            ("tables.1", "no_such_table"),
            ("tables.2", "blocked")
        ]
        .map(|(field, code)| (field.to_owned(), code.to_owned()))
    );
    let ana = &ana;
    let one = |asked| async move { ana.submit(&ana.fresh_key(), &asked).await.fields() };
    let empty = one(ask(&[])).await;
    assert_eq!(empty, [("tables".to_owned(), "missing".to_owned())]);
    let twice = one(ask(&["contract", "contract"])).await;
    assert!(twice.contains(&("tables".to_owned(), "twice".to_owned())), "{twice:?}");
    let nightly = api::requests::Ask { route: "nightly".parse().expect("an id"), ..ask(&["contract"]) };
    assert_eq!(one(nightly.clone()).await, [("tier".to_owned(), "tier".to_owned())]);
    assert_eq!(app.lines().await, lines);
    let kept: RequestView =
        ana.submit("key-of-this-test", &api::requests::Ask { tier: Tier::Daily, ..nightly }).await.read();
    assert_eq!(kept.tier, Tier::Daily);
}

#[tokio::test]
async fn a_table_that_somebody_brings_already_is_linked_and_lives_in_both_requests() {
    let app = TestApp::new().await;
    let (ana, tom, bo) = (app.requester("ana").await, app.requester("tom").await, app.approver("bo").await);
    let first = ana.ask(&["contract"]).await.row.id;
    let second = tom.ask(&["contract", "tenant"]).await.row.id;
    let linked = tom.item(&second, "contract").await;
    assert!(linked.linked);
    assert_eq!(linked.id, ana.item(&first, "contract").await.id);
    let submitted = app.log().await.into_iter().next_back().expect("a line").change.happened;
    assert_eq!(submitted, Happened::Submitted { tables: 2, linked: 1, reads: 0 });
    bo.approve(&first).await;
    app.advance(30 * SECOND).await;
    app.land(&linked.id, 3).await;
    app.settle().await;
    let states = [("contract", "ready"), ("tenant", "submitted")].map(|(t, s)| (t.to_owned(), s.to_owned()));
    assert_eq!(tom.states(&second).await, states);
    assert_eq!(tom.request(&second).await.row.tally.ready, 1);
    assert_eq!(tom.tend_one(TendVerb::LeaveOut, &linked.id).await.as_deref(), Some("refused.not_allowed"));
    tom.act(paths::REQUEST_WITHDRAW, &second).await.read::<RequestView>();
    assert_eq!(ana.item(&first, "contract").await.state, "ready");
}

#[tokio::test]
async fn two_tables_never_get_the_same_name_in_the_lake() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    let mut both = ask(&["contract"]);
    both.tables.extend(ask_of("other", &["contract"]).tables);
    let collision = |place: usize| [(format!("tables.{place}"), "collision".to_owned())];
    assert_eq!(ana.submit("key-of-this-test", &both).await.fields(), collision(1));
    ana.ask(&["contract"]).await;
    let second = ana.submit("key-of-another-test", &ask_of("other", &["tenant", "contract"])).await;
    assert_eq!(second.fields(), collision(1));
    assert_eq!(listed(&ana, "").await.rows.len(), 1, "the second left nothing, not even its first table");
}

#[tokio::test]
async fn a_request_is_seen_by_those_it_concerns_and_by_nobody_else() {
    let app = TestApp::new().await;
    let (ana, tom, xi) = (app.requester("ana").await, app.requester("tom").await, app.stranger("xi").await);
    let (bo, ops) = (app.approver("bo").await, app.operator("ops").await);
    let request = ana.ask(&["contract"]).await.row.id;
    for client in [&ana, &tom, &bo, &ops] {
        client.request(&request).await;
        assert_eq!(listed(client, "").await.rows.len(), 1);
    }
    for path in [paths::REQUEST_ONE, paths::REQUEST_ITEMS, paths::REQUEST_TIMELINE, paths::INBOX_ONE] {
        xi.get(&paths::fill(path, &[request.as_str()])).await.problem(Code::NotFound);
    }
    xi.act(paths::REQUEST_WITHDRAW, &request).await.problem(Code::NotFound);
    xi.decide(&request, &verdict(Verdict::Approve, "")).await.problem(Code::NotFound);
    assert!(listed(&xi, "").await.rows.is_empty());
    assert!(listed(&tom, "?mine=true").await.rows.is_empty());
}

#[tokio::test]
async fn the_list_is_read_page_by_page_newest_first() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    for table in ["contract", "tenant", "visit"] {
        ana.ask(&[table]).await;
    }
    let first = listed(&ana, "?limit=2").await;
    let second = listed(&ana, &format!("?limit=2&after={}", first.next.expect("more follow"))).await;
    let numbers: Vec<_> = first.rows.iter().chain(&second.rows).map(|row| row.number.clone()).collect();
    assert_eq!(numbers, ["R-1003", "R-1002", "R-1001"]);
    assert_eq!(second.next, None);
}

#[tokio::test]
async fn only_the_requester_withdraws_and_only_before_the_start() {
    let app = TestApp::new().await;
    let (ana, tom, bo) = (app.requester("ana").await, app.requester("tom").await, app.approver("bo").await);
    let request = ana.ask(&["contract", "tenant"]).await.row.id;
    for client in [&tom, &bo] {
        let problem = client.act(paths::REQUEST_WITHDRAW, &request).await.problem(Code::NotAllowed);
        assert!(problem.detail.contains("Ana"), "{}", problem.detail);
    }
    bo.approve(&request).await;
    let withdrawn: RequestView = ana.act(paths::REQUEST_WITHDRAW, &request).await.read();
    assert_eq!(withdrawn.row.tally.ended, 2);
    ana.act(paths::REQUEST_WITHDRAW, &request).await.problem(Code::WrongState);
    app.advance(30 * SECOND).await;
    assert!(app.engine.memory().jobs.is_empty(), "nothing that was withdrawn starts");
    ana.request(&request).await;

    let started = ana.ask(&["contract"]).await.row.id;
    bo.approve(&started).await;
    app.advance(30 * SECOND).await;
    ana.act(paths::REQUEST_WITHDRAW, &started).await.problem(Code::WrongState);
    assert_eq!(ana.item(&started, "contract").await.state, "starting");
}

#[tokio::test]
async fn what_was_sent_back_is_sent_again_by_its_requester() {
    let app = TestApp::new().await;
    let (ana, tom, bo) = (app.requester("ana").await, app.requester("tom").await, app.approver("bo").await);
    let request = ana.ask(&["contract"]).await.row.id;
    ana.act(paths::REQUEST_RESUBMIT, &request).await.problem(Code::WrongState);
    let back: RequestView = bo.decide(&request, &verdict(Verdict::SendBack, "Say what for.")).await.read();
    assert!(!back.may.resubmit, "the approver does not answer");
    assert!(ana.request(&request).await.may.resubmit);
    assert_eq!(bo.get(paths::INBOX).await.json["rows"], serde_json::json!([]));
    tom.act(paths::REQUEST_RESUBMIT, &request).await.problem(Code::NotAllowed);
    let path = paths::fill(paths::REQUEST_RESUBMIT, &[request.as_str()]);
    let long = api::requests::Resubmit { answer: "x".repeat(2_001) };
    assert_eq!(ana.post(&path, long).await.fields(), [("answer".to_owned(), "long".to_owned())]);
    let answer = api::requests::Resubmit { answer: " For the board. ".into() };
    let again: RequestView = ana.post(&path, answer).await.read();
    assert_eq!(again.row.stamp, Stamp::Waiting);
    assert_eq!(again.chain.len(), 3, "sent back, answered, then waiting again");
    assert_eq!(again.chain[1].comment, "For the board.");
    assert_eq!(ana.timeline(&request).await, ["submitted", "sent_back", "answered"]);
    bo.approve(&request).await;
}

#[tokio::test]
async fn a_table_of_an_ended_request_can_be_asked_for_anew() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    let first: RequestId = ana.ask(&["contract"]).await.row.id;
    ana.act(paths::REQUEST_WITHDRAW, &first).await.read::<RequestView>();
    let second = ana.ask(&["contract"]).await.row.id;
    assert!(!ana.item(&second, "contract").await.linked);
    assert_eq!(ana.item(&first, "contract").await.part, Part::Ended);
}

#[tokio::test]
async fn the_catalogue_finds_tables_and_says_who_brings_them() {
    let app = TestApp::new().await;
    let (ana, tom, xi) = (app.requester("ana").await, app.requester("tom").await, app.stranger("xi").await);
    let request = ana.ask(&["tenant"]).await.row.id;
    let found = |client: &Client, query: &str| {
        let (client, path) = (client.clone(), format!("{}{query}", paths::TABLES));
        async move { client.get(&path).await.read::<Page<TableRow>>() }
    };
    let rows = found(&tom, "?source=lease").await.rows;
    let names: Vec<_> = rows.iter().map(|row| row.table.table.to_string()).collect();
    assert_eq!(names, ["badge", "contract", "tenant", "vacant", "visit"]);
    assert!(rows[0].blocked.is_some() && !rows[4].keyed && rows[3].rows == Some(0));
    for words in ["who%20rents", "MOBILE_NO", "lease.tenant", "rents%20mobile"] {
        assert_eq!(found(&tom, &format!("?source=lease&q={words}")).await.rows.len(), 1, "{words}");
    }
    assert!(found(&tom, "?q=%25%25").await.rows.is_empty(), "a percent sign is a percent sign");
    let taken = |rows: Vec<TableRow>| rows.into_iter().find_map(|row| row.taken).expect("one is taken");
    let seen = taken(found(&tom, "?source=lease").await.rows);
    assert_eq!((seen.who.as_str(), seen.request), ("Ana", Some((request, "R-1001".to_owned()))));
    let unseen = taken(found(&xi, "?source=lease").await.rows);
    assert_eq!(unseen.request, None, "a stranger learns that it is taken, not where");
    let first = found(&tom, "?source=lease&limit=2").await;
    let after = first.next.expect("more follow").replace('/', "%2F");
    assert_eq!(
        found(&tom, &format!("?source=lease&limit=2&after={after}")).await.rows[0].table.table.as_str(),
        "tenant"
    );
}
