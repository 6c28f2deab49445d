//! States as people see them: the same item in its row, in the sum, in the list of the lake, in words.

use api::Page;
use api::lake::LakePage;
use api::paths;
use api::requests::ItemRow;
use api::words::{Lang, Plain, speak};
use domain::cause::{Cause, CauseCode, Who};
use domain::ids::{ItemId, RequestId};
use domain::time::{DAY, SECOND};
use lakegate::outside::engine::Phase;

use crate::client::Client;
use crate::harness::TestApp;

async fn part(client: &Client, request: &RequestId, part: &str) -> Vec<String> {
    let path = paths::fill(paths::REQUEST_ITEMS, &[request.as_str()]);
    let page: Page<ItemRow> = client.get(&format!("{path}?part={part}")).await.read();
    page.rows.into_iter().map(|row| row.table.table.to_string()).collect()
}

async fn pause(app: &TestApp, item: &ItemId) {
    let (now, by) = (app.now(), "bo".parse().expect("an id"));
    let mut tx = app.state.store.begin().await.expect("the store answers");
    let item = tx.items().get(item).await.expect("an item").item;
    tx.items().save(&item.pause(&by, now, now.plus(DAY)).expect("ready")).await.expect("nobody was faster");
    tx.commit(now).await.expect("the store answers");
}

#[tokio::test]
async fn a_paused_table_waits_in_the_sum_and_says_until_when() {
    let app = TestApp::new().await;
    let (ana, request) = app.started(&["contract", "tenant"]).await;
    for table in ["contract", "tenant"] {
        app.land(&ana.item(&request, table).await.id, 3).await;
    }
    app.settle().await;
    pause(&app, &ana.item(&request, "tenant").await.id).await;

    let tally = ana.request(&request).await.row.tally;
    assert_eq!((tally.ready, tally.waiting, tally.requested()), (1, 1, 2));
    assert_eq!(part(&ana, &request, "waiting").await, ["tenant"]);
    let tenant = ana.item(&request, "tenant").await;
    assert_eq!(tenant.state, "paused");
    let [en, zh] = [Lang::En, Lang::Zh].map(|lang| speak(lang, &tenant.now, &Plain));
    assert!(en.contains("Bo") && en.contains("02:00 UTC"), "who paused it, until when: {en}");
    assert!(zh.contains("Bo") && zh.contains("02:00 UTC"), "{zh}");

    let lake: LakePage = ana.get(paths::LAKE).await.read();
    assert_eq!((lake.tally.ready, lake.tally.paused, lake.page.rows.len()), (1, 1, 2));
    let paused: LakePage = ana.get(&format!("{}?part=paused", paths::LAKE)).await.read();
    assert_eq!(
        paused.page.rows.into_iter().map(|row| row.item.table.table.to_string()).collect::<Vec<_>>(),
        ["tenant"]
    );
}

#[tokio::test]
async fn a_full_disk_is_said_to_the_requester_and_named_to_who_must_act() {
    let app = TestApp::new().await;
    let (ana, request) = app.started(&["contract", "tenant"]).await;
    app.land(&ana.item(&request, "contract").await.id, 3).await;
    let cause = Cause::new(CauseCode::LakeFull).text("table", "tenant");
    app.says(&ana.item(&request, "tenant").await.id, Phase::Failed { cause });
    app.advance(SECOND).await;
    let view = ana.request(&request).await;
    assert_eq!((view.row.tally.ready, view.row.tally.failed), (1, 1), "what was copied before stays ready");
    assert_eq!(part(&ana, &request, "failed").await, ["tenant"]);
    let problem = &view.problems[0];
    assert_eq!((problem.who, problem.count), (Who::Operator, 1));
    let [en, zh] = [Lang::En, Lang::Zh].map(|lang| speak(lang, &problem.said, &Plain));
    assert!(en.starts_with("The lake has no room left") && zh.starts_with("数据湖空间已满"), "{en} {zh}");
    for sentence in [&problem.said, &problem.next, &ana.item(&request, "tenant").await.now] {
        let [en, zh] = [Lang::En, Lang::Zh].map(|lang| speak(lang, sentence, &Plain));
        assert!(!en.contains(['{', '}']) && !zh.contains(['{', '}']), "a place was left empty: {en} {zh}");
    }
}
