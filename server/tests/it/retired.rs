//! A source that is retired: nothing new comes from it, nothing that is there is lost, and it can be brought back.

use api::drafts::Checks;
use api::paste::{Pasted, PastedResult};
use api::paths::{self, fill};
use api::problem::Code;
use api::search::Found;
use api::sources::{SourceList, SourceView};
use api::tables::{Choices, TableView};
use api::words::{Lang, Plain, speak};
use axum::http::{Method, header};
use domain::change::Happened;
use domain::check::Severity;
use domain::draft::Pick;
use domain::time::{MINUTE, SECOND};

use crate::client::{Answer, Client, ask};
use crate::drafts::{contents, make};
use crate::harness::TestApp;

fn path(source: &str) -> String {
    fill(paths::SOURCE_RETIRE, &[source])
}

async fn retire(client: &Client) -> Answer {
    client.post(&path("lease"), ()).await
}

async fn view(client: &Client) -> SourceView {
    client.get(&fill(paths::SOURCE_ONE, &["lease"])).await.read::<api::Read<SourceView>>().thing
}

async fn found(client: &Client, query: &str) -> Found {
    client.get(&format!("{}?{query}", paths::TABLES)).await.read()
}

async fn looked_up(client: &Client, text: &str) -> Vec<PastedResult> {
    let call = client.to(Method::POST, &format!("{}?form=lines", paths::TABLES_LOOKUP));
    let answer = client.send(call.header(header::CONTENT_TYPE, "text/plain"), text.to_owned()).await;
    answer.read::<Pasted>().lines.into_iter().map(|line| line.result).collect()
}

#[tokio::test]
async fn only_operators_retire_a_source_and_for_others_there_is_no_such_act() {
    let app = TestApp::new().await;
    let (ana, bo, ops) = (app.requester("ana").await, app.approver("bo").await, app.operator("ops").await);
    let lines = app.lines().await;
    for client in [&ana, &bo] {
        retire(client).await.problem(Code::NotFound);
        client.delete(&path("lease")).await.problem(Code::NotFound);
    }
    ops.post(&path("none"), ()).await.problem(Code::NotFound);
    ops.delete(&path("none")).await.problem(Code::NotFound);
    assert_eq!(app.lines().await, lines);
    app.anonymous().post(&path("lease"), ()).await.problem(Code::SignInFirst);
}

#[tokio::test]
async fn of_two_operators_one_wins_and_the_other_hears_who_it_was() {
    for app in TestApp::on_each_database().await {
        let (ops, eve) = (app.operator("ops").await, app.operator("eve").await);
        let lines = app.lines().await;
        ops.delete(&path("lease")).await.problem(Code::Faster);
        let (one, other) = tokio::join!(retire(&ops), retire(&eve));
        let (won, lost) = if one.status == 200 { (one, other) } else { (other, one) };
        assert!(won.read::<SourceView>().row.retired.is_some());
        assert_eq!(lost.status, 409, "{}", lost.json);
        app.state.clock.advance(SECOND);
        let again = speak(Lang::En, &retire(&eve).await.problem(Code::WrongState).said, &Plain);
        assert!(again.contains("was faster: it is retired since"), "{again}");
        let happened: Vec<_> = app.log().await.into_iter().skip(lines).map(|line| line.change.happened).collect();
        assert_eq!(happened, [Happened::SourceRetired { name: "lease".into() }]);
        let back: SourceView = eve.delete(&path("lease")).await.read();
        assert_eq!(back.row.retired, None);
        let newest = app.log().await.pop().expect("a line").change.happened;
        assert_eq!(newest, Happened::SourceBack { name: "lease".into() });
        app.settle().await;
    }
}

#[tokio::test]
async fn nothing_new_comes_from_it_and_everywhere_it_is_said() {
    for app in TestApp::on_each_database().await {
        let (ana, bo, ops) = (app.requester("ana").await, app.approver("bo").await, app.operator("ops").await);
        let pick = Pick { q: "contract".into(), ..Pick::default() };
        let mut asked = contents(&["tenant"]);
        asked.picks.push(pick);
        let draft = make(&ana, &asked).await;
        assert_eq!(draft.tables.len(), 3, "{:?}", draft.tables);
        retire(&ops).await.read::<SourceView>();
        app.settle().await;
        for client in [&ana, &bo, &ops] {
            let found = found(client, "q=contract").await;
            assert_eq!(found.rows.iter().map(|row| row.source_name.as_str()).collect::<Vec<_>>(), ["other"]);
            assert_eq!(found.sums.expect("it is filled").sources.len(), 1);
        }
        assert_eq!(found(&ana, "source=lease").await.rows, []);
        let choices: Choices = ana.get(paths::CHOICES).await.read();
        assert_eq!((choices.sources.len(), choices.retired), (1, vec!["lease".to_owned()]));
        let drawer: TableView = ana.get(&fill(paths::TABLE_ONE, &["lease", "lease", "contract"])).await.read();
        assert_eq!(drawer.row.blocked.expect("it says why").key, "source.retired");
        let results = looked_up(&ana, "contract\nlease.lease.contract\nlease.lease.contrct").await;
        assert!(
            matches!(&results[0], PastedResult::Found { table } if table.source.as_str() == "other"),
            "{results:?}"
        );
        assert!(matches!(&results[1], PastedResult::Retired { .. }), "{results:?}");
        let PastedResult::NoSuch { meant } = &results[2] else { panic!("{results:?}") };
        assert!(meant.iter().all(|place| place.source_name == "other"), "{meant:?}");
        let checks: Checks = ana.get(&fill(paths::DRAFT_CHECKS, &[draft.id.as_str()])).await.read();
        let group = checks.groups.iter().find(|group| group.code == "source_retired").expect("it is said");
        assert_eq!((group.severity, group.tables.len(), group.person.as_str()), (Severity::MustFix, 1, "Ops"));
        assert_eq!(checks.tables, 2, "what a search picks is not of it any more");
        let lines = app.lines().await;
        let refused = ana.submit(&ana.fresh_key(), &ask(&["contract"])).await.problem(Code::Rule);
        assert_eq!(refused.errors[0].said.as_ref().map(|said| said.key.as_str()), Some("check.source_retired.table"));
        bo.post(&fill(paths::TABLES_READ, &["lease"]), ()).await.problem(Code::WrongState);
        assert_eq!(app.lines().await, lines, "nothing is half done");
    }
}

#[tokio::test]
async fn what_waits_can_be_decided_and_what_is_in_the_lake_stays() {
    let app = TestApp::new().await;
    let (ana, first) = app.started(&["contract"]).await;
    let (bo, ops, tom) = (app.approver("bo").await, app.operator("ops").await, app.stranger("tom").await);
    app.land(&ana.item(&first, "contract").await.id, 500).await;
    app.advance(SECOND).await;
    let second = ana.ask(&["tenant", "vacant"]).await.row.id;
    assert_eq!(view(&ops).await.living, (2, 0, 1));
    retire(&ops).await.read::<SourceView>();
    let list: SourceList = bo.get(paths::SOURCES).await.read();
    assert!(list.rows[0].retired.is_some(), "its owner is told");
    bo.approve(&second).await;
    assert_eq!(view(&ops).await.living, (0, 2, 1));
    app.advance(30 * SECOND).await;
    for table in ["tenant", "vacant"] {
        app.land(&ana.item(&second, table).await.id, 3).await;
    }
    app.advance(SECOND).await;
    assert_eq!(view(&ops).await.living, (0, 0, 3));
    assert_eq!(ana.item(&first, "contract").await.state, "ready");
    assert!(matches!(looked_up(&tom, "lease.lease.contract").await[0], PastedResult::InLake { .. }));
    let reads = tom.ask(&["contract"]).await.row.id;
    bo.approve(&reads).await;
    app.advance(30 * SECOND).await;
    assert_eq!(tom.item(&reads, "contract").await.state, "ready", "what is there can still be read");
}

#[tokio::test]
async fn its_catalogue_is_not_read_until_it_is_back() {
    let app = TestApp::new().await;
    let (ana, ops) = (app.requester("ana").await, app.operator("ops").await);
    let read_at = view(&ops).await.row.read_at;
    retire(&ops).await.read::<SourceView>();
    app.change_source("lease", "CREATE TABLE room (id int PRIMARY KEY)").await;
    app.advance(60 * MINUTE).await;
    assert_eq!(view(&ops).await.row.read_at, read_at);
    ops.delete(&path("lease")).await.read::<SourceView>();
    app.settle().await;
    assert_eq!(view(&ops).await.row.read_at, Some(app.now()), "it is read at once");
    assert_eq!(found(&ana, "q=room").await.rows.len(), 1);
}

#[tokio::test]
async fn a_reading_under_way_when_it_is_retired_changes_nothing_any_more() {
    let app = TestApp::new().await;
    let ops = app.operator("ops").await;
    let before = app.state.store.read().await.expect("answers").sources().get(&"lease".parse().expect("an id")).await;
    let before = before.expect("it is there");
    app.change_source("lease", "CREATE TABLE room (id int PRIMARY KEY)").await;
    app.state.clock.advance(MINUTE);
    retire(&ops).await.read::<SourceView>();
    let lines = app.lines().await;
    // The reading knows the source as it was before.
    lakegate::work::catalogue::read(&app.state, &before).await.expect("it ends");
    assert_eq!((view(&ops).await.row.tables, app.lines().await), (5, lines));
}
