//! Deciding: who may, who was faster, what must be said, and the second thought.

use api::inbox::{Card, Decide, InboxRow, Verdict};
use api::problem::Code;
use api::requests::RequestView;
use api::{Page, Read, paths};
use domain::change::Happened;
use domain::request::Stamp;
use domain::time::SECOND;

use crate::client::{Client, ask, ask_of, verdict};
use crate::harness::{START, TestApp};

async fn inbox(client: &Client) -> Vec<InboxRow> {
    client.get(paths::INBOX).await.read::<Page<InboxRow>>().rows
}

#[tokio::test]
async fn nobody_decides_about_a_request_of_their_own() {
    let app = TestApp::new().await;
    let (bo, ops) = (app.approver("bo").await, app.operator("ops").await);
    let owners = bo.ask(&["contract"]).await.row.id;
    let problem = bo.decide(&owners, &verdict(Verdict::Approve, "")).await.problem(Code::NotAllowed);
    assert!(problem.detail.contains("Ops"), "{}", problem.detail);
    assert!(inbox(&bo).await.is_empty());

    let operators: RequestView = ops.submit("key-of-this-test", &ask_of("other", &["tenant"])).await.read();
    ops.decide(&operators.row.id, &verdict(Verdict::Approve, "")).await.problem(Code::NotAllowed);
    assert!(!operators.may.decide);
    assert_eq!(ops.item(&operators.row.id, "tenant").await.state, "submitted");
}

#[tokio::test]
async fn an_operator_stands_in_only_where_no_owner_can_and_the_log_says_so() {
    let app = TestApp::new().await;
    let (ana, ops) = (app.requester("ana").await, app.operator("ops").await);
    let request = ana.ask(&["contract"]).await.row.id;
    let problem = ops.decide(&request, &verdict(Verdict::Approve, "")).await.problem(Code::NotAllowed);
    assert!(problem.detail.contains("Bo"), "{}", problem.detail);
    assert!(inbox(&ops).await.is_empty());
    app.disable("bo").await;
    let row = inbox(&ops).await.pop().expect("now it waits for the operators");
    assert!(row.stands_in);
    assert_eq!(row.row.deciders, ["Ops"]);
    ops.approve(&request).await;
    let stood_in = app
        .log()
        .await
        .into_iter()
        .any(|line| matches!(line.change.happened, Happened::Decided { stood_in: true, let_in: 1, .. }));
    assert!(stood_in);
}

#[tokio::test]
async fn the_second_of_two_deciders_learns_who_was_faster_and_since_when() {
    let app = TestApp::new().await;
    let (ana, bo, cy) = (app.requester("ana").await, app.approver("bo").await, app.approver("cy").await);
    let request = ana.ask(&["contract"]).await.row.id;
    bo.approve(&request).await;
    let problem = cy.decide(&request, &verdict(Verdict::Reject, "No.")).await.problem(Code::WrongState);
    assert!(problem.detail.contains("Bo was faster: it is approved since 02:00 UTC"), "{}", problem.detail);
    assert_eq!(cy.request(&request).await.row.stamp, Stamp::Approved { let_in: 1, of: 1 });
    ana.decide(&request, &verdict(Verdict::Approve, "")).await.problem(Code::NotAllowed);
}

#[tokio::test]
async fn of_two_deciders_at_the_same_moment_one_decides() {
    for app in TestApp::on_each_database().await {
        let (ana, bo, cy) = (app.requester("ana").await, app.approver("bo").await, app.approver("cy").await);
        let request = ana.ask(&["contract", "tenant"]).await.row.id;
        let (yes, no) = (verdict(Verdict::Approve, ""), verdict(Verdict::Reject, "No."));
        let (one, two) = tokio::join!(bo.decide(&request, &yes), cy.decide(&request, &no));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        let (winner, loser) = if one.status == 200 { ("Bo", two) } else { ("Cy", one) };
        let problem = loser.problem(Code::WrongState);
        assert!(problem.detail.contains(&format!("{winner} was faster")), "{}", problem.detail);
        let states = ana.states(&request).await;
        assert!(states.iter().all(|(_, state)| *state == states[0].1), "{states:?}");
        assert_eq!(ana.timeline(&request).await.len(), 2, "asked and decided once");
    }
}

#[tokio::test]
async fn owners_of_different_sources_decide_their_own_tables_at_the_same_moment() {
    for app in TestApp::on_each_database().await {
        let (ana, bo, ops) = (app.requester("ana").await, app.approver("bo").await, app.operator("ops").await);
        let mut asked = ask(&["contract"]);
        asked.tables.extend(ask_of("other", &["tenant"]).tables);
        let request = ana.submit("key-of-this-test", &asked).await.read::<RequestView>().row.id;
        let (yes, no) = (verdict(Verdict::Approve, ""), verdict(Verdict::Reject, "No."));
        let (one, two) = tokio::join!(bo.decide(&request, &yes), ops.decide(&request, &no));
        assert_eq!((one.status, two.status), (200, 200), "neither is in the way of the other");
        let states = [("contract", "approved"), ("tenant", "rejected")].map(|(t, s)| (t.to_owned(), s.to_owned()));
        assert_eq!(ana.states(&request).await, states);
        assert_eq!(ana.request(&request).await.chain.len(), 2);
        app.advance(60 * SECOND).await;
    }
}

#[tokio::test]
async fn one_table_goes_back_while_the_others_are_let_in() {
    let app = TestApp::new().await;
    let (ana, bo) = (app.requester("ana").await, app.approver("bo").await);
    let request = ana.ask(&["contract", "tenant", "visit"]).await.row.id;
    let (tenant, visit) = (ana.item(&request, "tenant").await.id, ana.item(&request, "visit").await.id);
    let both = Decide { drop: vec![visit.clone()], back: vec![visit.clone()], ..verdict(Verdict::Approve, "Hm.") };
    assert_eq!(bo.decide(&request, &both).await.fields(), [("back".to_owned(), "twice".to_owned())]);
    let mute = Decide { back: vec![visit.clone()], ..verdict(Verdict::Approve, "") };
    assert_eq!(bo.decide(&request, &mute).await.fields(), [("comment".to_owned(), "comment".to_owned())]);
    let some =
        Decide { drop: vec![tenant], back: vec![visit], ..verdict(Verdict::Approve, "Say what visits are for.") };
    let decided: RequestView = bo.decide(&request, &some).await.read();
    assert_eq!((decided.row.stamp, decided.chain[0].said.key.as_str()), (Stamp::SentBack, "chain.decided_back"));
    let states = [("contract", "approved"), ("tenant", "dropped"), ("visit", "sent_back")];
    assert_eq!(ana.states(&request).await, states.map(|(t, s)| (t.to_owned(), s.to_owned())));
    app.advance(60 * SECOND).await;
    let again: RequestView = ana.act(paths::REQUEST_RESUBMIT, &request).await.read();
    assert_eq!(again.row.stamp, Stamp::Waiting);
    let states = [("contract", "starting"), ("tenant", "dropped"), ("visit", "submitted")];
    assert_eq!(
        ana.states(&request).await,
        states.map(|(t, s)| (t.to_owned(), s.to_owned())),
        "the rest stays as it was"
    );
}

#[tokio::test]
async fn what_was_not_looked_at_is_not_decided() {
    let app = TestApp::new().await;
    let (ana, bo) = (app.requester("ana").await, app.approver("bo").await);
    let asked = ana.ask(&["contract"]).await;
    let other = Decide { seen: "another hash".into(), ..verdict(Verdict::Approve, "") };
    bo.decide(&asked.row.id, &other).await.problem(Code::Faster);
    bo.decide(&asked.row.id, &Decide { seen: asked.hash, ..other }).await.read::<RequestView>();
    app.advance(60 * SECOND).await;
}

#[tokio::test]
async fn what_is_dropped_or_refused_is_said_why() {
    let app = TestApp::new().await;
    let (ana, bo) = (app.requester("ana").await, app.approver("bo").await);
    let request = ana.ask(&["contract", "tenant"]).await.row.id;
    let (contract, tenant) = (ana.item(&request, "contract").await.id, ana.item(&request, "tenant").await.id);
    let dropping = |drop: &[&domain::ids::ItemId], comment: &str| Decide {
        drop: drop.iter().map(|&id| id.clone()).collect(),
        ..verdict(Verdict::Approve, comment)
    };
    let unknown = "no-such-item".parse().expect("an id");
    for (decision, field, code) in [
        (dropping(&[&contract], " "), "comment", "comment"),
        (verdict(Verdict::Reject, ""), "comment", "comment"),
        (verdict(Verdict::SendBack, "\n"), "comment", "comment"),
        (verdict(Verdict::Reject, &"x".repeat(2_001)), "comment", "long"),
        (dropping(&[&contract, &tenant], "None of it."), "drop", "nothing_left"),
        (dropping(&[&unknown], "That one."), "drop", "unknown"),
    ] {
        assert_eq!(bo.decide(&request, &decision).await.fields(), [(field.to_owned(), code.to_owned())]);
    }
    assert_eq!(ana.request(&request).await.row.tally.waiting, 2, "nothing was half decided");
    let decided: RequestView = bo.decide(&request, &dropping(&[&tenant], "Personal.")).await.read();
    assert_eq!(decided.row.stamp, Stamp::Approved { let_in: 1, of: 2 });
    assert_eq!((decided.row.tally.waiting, decided.row.tally.ended), (1, 1));
    assert_eq!(decided.chain[0].comment, "Personal.");
    app.advance(30 * SECOND).await;
    let jobs = app.engine.memory().jobs.clone();
    let tables: Vec<_> = jobs.values().flat_map(|job| &job.spec.tables).map(|table| table.item.clone()).collect();
    assert_eq!(tables, [contract], "what was dropped never reaches the engine");
}

#[tokio::test]
async fn what_was_rejected_is_over() {
    let app = TestApp::new().await;
    let (ana, bo) = (app.requester("ana").await, app.approver("bo").await);
    let request = ana.ask(&["contract"]).await.row.id;
    let rejected: RequestView = bo.decide(&request, &verdict(Verdict::Reject, "Not this year.")).await.read();
    assert_eq!((rejected.row.stamp, rejected.row.tally.ended), (Stamp::Rejected, 1));
    bo.decide(&request, &verdict(Verdict::Approve, "")).await.problem(Code::WrongState);
    assert_eq!(ana.request(&request).await.chain[0].comment, "Not this year.");
}

#[tokio::test]
async fn a_team_mate_sees_a_request_and_does_not_decide_it() {
    let app = TestApp::new().await;
    let (ana, tom) = (app.requester("ana").await, app.requester("tom").await);
    let request = ana.ask(&["contract"]).await.row.id;
    let problem = tom.decide(&request, &verdict(Verdict::Approve, "")).await.problem(Code::NotAllowed);
    assert!(problem.detail.contains("Bo"), "{}", problem.detail);
    tom.get(&paths::fill(paths::INBOX_ONE, &[request.as_str()])).await.problem(Code::NotFound);
}

#[tokio::test]
async fn an_owner_decides_about_the_tables_of_his_source_only() {
    let app = TestApp::new().await;
    let (ana, bo, ops) = (app.requester("ana").await, app.approver("bo").await, app.operator("ops").await);
    let mut asked = ask(&["contract"]);
    asked.tables.extend(ask_of("other", &["tenant"]).tables);
    let request = ana.submit("key-of-this-test", &asked).await.read::<RequestView>().row.id;
    assert_eq!((inbox(&bo).await[0].tables, inbox(&ops).await[0].tables), (1, 1));
    let tenant = ana.item(&request, "tenant").await.id;
    let foreign = Decide { drop: vec![tenant], ..verdict(Verdict::Approve, "Not mine.") };
    assert_eq!(bo.decide(&request, &foreign).await.fields(), [("drop".to_owned(), "unknown".to_owned())]);
    let decided = bo.approve(&request).await;
    assert_eq!(decided.row.deciders, ["Ops"]);
    let states = [("contract", "approved"), ("tenant", "submitted")].map(|(t, s)| (t.to_owned(), s.to_owned()));
    assert_eq!(ana.states(&request).await, states);
    ops.decide(&request, &verdict(Verdict::Reject, "No.")).await.read::<RequestView>();
    assert_eq!(ana.request(&request).await.row.tally.ended, 1);
}

#[tokio::test]
async fn an_approval_can_be_taken_back_until_it_starts() {
    let app = TestApp::new().await;
    let (ana, bo, cy) = (app.requester("ana").await, app.approver("bo").await, app.approver("cy").await);
    let request = ana.ask(&["contract"]).await.row.id;
    let approved = bo.approve(&request).await;
    assert_eq!(approved.may.take_back_until, Some(START.plus(30 * SECOND)));
    let problem = cy.act(paths::REQUEST_TAKE_BACK, &request).await.problem(Code::NotAllowed);
    assert!(problem.detail.contains("Bo"), "only who approved takes it back: {}", problem.detail);
    app.advance(30 * SECOND - 1).await;
    let back: RequestView = bo.act(paths::REQUEST_TAKE_BACK, &request).await.read();
    assert_eq!((back.row.stamp, back.may.take_back_until), (Stamp::Waiting, None));
    app.advance(SECOND).await;
    assert!(app.engine.memory().jobs.is_empty(), "the first approval's task finds nothing to do");

    bo.approve(&request).await;
    app.advance(30 * SECOND).await;
    bo.act(paths::REQUEST_TAKE_BACK, &request).await.problem(Code::WrongState);
    assert_eq!(ana.item(&request, "contract").await.state, "starting");
    assert_eq!(ana.timeline(&request).await, ["submitted", "decided", "taken_back", "decided", "placed", "started"]);
}

#[tokio::test]
async fn the_card_shows_what_to_look_at_first() {
    let app = TestApp::new().await;
    let (ana, bo) = (app.requester("ana").await, app.approver("bo").await);
    let first = ana.ask(&["contract"]).await.row.id;
    let second = ana.ask(&["vacant", "visit", "tenant"]).await.row.id;
    let card = |id: domain::ids::RequestId| {
        let (bo, path) = (bo.clone(), paths::fill(paths::INBOX_ONE, &[id.as_str()]));
        async move { bo.get(&path).await.read::<Read<Card>>().thing }
    };
    let shown = card(second.clone()).await;
    let first_words: Vec<_> =
        shown.tables.iter().map(|table| table.look_at.first().map(|said| said.key.clone())).collect();
    assert_eq!(first_words, [Some("look.no_key".into()), Some("look.personal".into()), None]);
    assert_eq!((shown.place, shown.previous), (Some((2, 2)), Some(first.to_string())));
    assert!(shown.waits.is_some());
    bo.approve(&second).await;
    let decided = card(second).await;
    assert!(decided.waits.is_none() && decided.place.is_none());
    assert_eq!((decided.tables.len(), decided.next), (3, Some(first.to_string())));
}
