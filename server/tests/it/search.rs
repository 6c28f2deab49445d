//! The search of the catalogue and of anything, as people ask it.

use api::paths;
use api::problem::Code;
use api::search::{Anything, Found};
use domain::time::SECOND;
use lakegate::search::follow::catch_up;

use crate::client::Client;
use crate::harness::TestApp;

async fn found(client: &Client, query: &str) -> Found {
    client.get(&format!("{}{query}", paths::TABLES)).await.read()
}

async fn names(client: &Client, query: &str) -> Vec<String> {
    found(client, query).await.rows.into_iter().map(|row| row.table.table.to_string()).collect()
}

async fn anything(client: &Client, q: &str) -> Anything {
    client.get(&paths::with(paths::FIND, &[("q", q)])).await.read()
}

#[tokio::test]
async fn filters_stand_in_the_line_or_beside_it_and_are_counted() {
    let app = TestApp::new().await;
    let (ana, tom) = (app.requester("ana").await, app.requester("tom").await);
    for query in
        ["?q=source:other%20column:mobile", "?q=column:mobile&source=other", "?q=MOBILE_NO&source=other&db=lease"]
    {
        assert_eq!(names(&tom, query).await, ["tenant"], "{query}");
    }
    assert_eq!(names(&tom, "?copy=no&source=lease").await, ["badge"]);
    assert_eq!(names(&tom, "?copy=nokey&source=lease").await, ["visit"]);
    assert!(names(&tom, "?source=nowhere").await.is_empty());
    for wrong in ["?lake=perhaps", "?copy=1", "?size=xl", "?after=x", "?after=0/../x/y"] {
        tom.get(&format!("{}{wrong}", paths::TABLES)).await.problem(Code::BadInput);
    }
    ana.ask(&["contract", "tenant"]).await;
    app.settle().await;
    let sums = found(&tom, "?source=lease").await.sums.expect("the index is there");
    assert_eq!((sums.tables, sums.askable), (5, 2), "two are asked for, one cannot be copied");
    let count = |groups: &[(String, u64)], word: &str| groups.iter().find(|(each, _)| each == word).map(|(_, n)| *n);
    assert_eq!((count(&sums.in_lake, "no"), count(&sums.in_lake, "asked")), (Some(3), Some(2)));
    assert_eq!(
        sums.sources.iter().map(|(_, name, n)| (name.as_str(), *n)).collect::<Vec<_>>(),
        [("lease", 5), ("other", 5)]
    );
    assert_eq!(sums.databases, [("lease".to_owned(), 5)]);
    assert_eq!(names(&tom, "?q=in:asked&source=lease").await, ["contract", "tenant"]);
    assert_eq!(names(&tom, "?lake=asked&source=other").await, [""; 0]);
}

#[tokio::test]
async fn what_is_ready_is_in_the_lake_a_moment_later() {
    let app = TestApp::new().await;
    let (ana, request) = app.started(&["contract"]).await;
    assert_eq!(names(&ana, "?lake=lake").await, [""; 0]);
    let item = ana.item(&request, "contract").await.id;
    app.land(&item, 3).await;
    app.advance(SECOND).await;
    assert_eq!(names(&ana, "?lake=lake").await, ["contract"]);
    let row = found(&ana, "?lake=lake").await.rows.remove(0);
    assert!(row.taken.expect("it is there").as_of.is_some());
}

#[tokio::test]
async fn while_it_is_filled_the_store_answers_and_says_so() {
    for app in TestApp::on_each_database().await {
        let ana = app.requester("ana").await;
        ana.ask(&["tenant"]).await;
        let ready = found(&ana, "").await;
        assert_eq!((ready.filling, ready.rows.len()), (None, 10));
        // Another server over the same store, whose index is empty yet.
        let (again, state) = app.restarted();
        let ana = again.sign_in("ana", crate::harness::PASSWORD).await;
        let filling = found(&ana, "").await;
        assert!(filling.filling.is_some() && filling.sums.is_none());
        let key = |found: &Found| {
            let mut keys: Vec<_> = found.rows.iter().map(|row| (row.table.clone(), row.source.clone())).collect();
            keys.sort();
            keys
        };
        assert_eq!(key(&filling), key(&ready));
        for query in
            ["?lake=asked", "?copy=nokey&db=lease", "?q=rents", "?size=large", "?source=nowhere", "?q=source:other"]
        {
            let before = found(&ana, query).await;
            assert!(before.filling.is_some());
            assert_eq!(key(&before), key(&found(&app.requester("ana").await, query).await), "{query}");
        }
        let first = found(&ana, "?limit=3").await;
        let next = first.next.expect("more follow").replace('/', "%2F");
        assert_eq!(found(&ana, &format!("?limit=10&after={next}")).await.rows.len(), 7);
        assert_eq!(anything(&ana, "tenant").await.of_tables, None, "not known yet");
        catch_up(&state).await.expect("it fills");
        assert_eq!(key(&found(&ana, "").await), key(&ready));
        app.settle().await;
    }
}

#[tokio::test]
async fn anything_is_found_by_its_name_as_one_may_see_it() {
    let app = TestApp::new().await;
    let (ana, request) = app.started(&["tenant"]).await;
    let item = ana.item(&request, "tenant").await.id;
    app.land(&item, 3).await;
    app.advance(SECOND).await;
    let (ops, xi, bo) = (app.operator("ops").await, app.stranger("xi").await, app.approver("bo").await);
    let counts = |found: Anything| (found.tables.len(), found.requests.len(), found.jobs.len(), found.people.len());
    assert_eq!(counts(anything(&ana, "").await), (0, 0, 0, 0));
    assert_eq!(counts(anything(&ana, "rents").await), (2, 0, 0, 0));
    for (client, sees) in [(&ana, 1), (&bo, 1), (&ops, 1), (&xi, 0)] {
        assert_eq!(anything(client, "r-1001").await.requests.len(), sees, "by number");
        assert_eq!(anything(client, "lg-lease").await.jobs.len(), sees, "by the job's name");
    }
    assert_eq!(anything(&ana, "report").await.requests[0].number, "R-1001", "by its title");
    assert_eq!((anything(&ops, "ana").await.people.len(), anything(&bo, "ana").await.people.len()), (1, 0));
    for rubbish in ["%", "!", "'; DROP TABLE items; --", "\"", "😀", "source:", &"x".repeat(5_000)] {
        assert_eq!(counts(anything(&ops, rubbish).await), (0, 0, 0, 0), "{rubbish}");
    }
}
