//! Drafts, and many rows in one statement.

use domain::draft::{Contents, Draft};
use domain::engine::SetUp;
use domain::item::Item;
use domain::name::TableName;
use domain::request::{Asked, AskedTable};
use domain::route::Route;
use domain::tier::Tier;
use domain::time::{Millis, SECOND};
use lakegate::store::StoreError;

use crate::place::{Place, T0, commit, id, item, name, request};

fn draft(what: &str, of: Option<&str>, saved_at: Millis) -> Draft {
    let contents = Contents { title: what.into(), ..Contents::default() };
    Draft { id: id(what), owner: id("ana"), of: of.map(id), contents, saved_at, ended_at: None, version: 1 }
}

pub async fn drafts(place: &Place) {
    let (old, new) = (draft("old", None, T0), draft("new", Some("first"), T0.plus(SECOND)));
    let mut tx = place.begin().await;
    tx.drafts().add(&old, "key-1").await.expect("a new draft");
    tx.drafts().add(&new, "key-2").await.expect("a new draft");
    commit(tx, T0).await;
    let twin = place.begin().await.drafts().add(&draft("twin", None, T0), "key-1").await;
    assert!(matches!(twin, Err(StoreError::Taken { .. })), "{twin:?}");

    let mut tx = place.read().await;
    assert_eq!(tx.drafts().get(&old.id).await.expect("is there"), old);
    assert_eq!(tx.drafts().by_key(&id("ana"), "key-2").await.expect("answers"), Some(new.clone()));
    assert_eq!(tx.drafts().by_key(&id("bo"), "key-2").await.expect("answers"), None);
    assert_eq!(tx.drafts().of(&id("ana")).await.expect("answers"), [new.clone(), old.clone()]);
    assert_eq!(tx.drafts().of_request(&id("first")).await.expect("answers"), Some(new.clone()));
    assert_eq!(tx.drafts().of_request(&id("second")).await.expect("answers"), None);
    drop(tx);

    let written = Contents { reason: "because".into(), ..old.contents.clone() };
    let mut tx = place.begin().await;
    tx.drafts().save(&old.id, 1, &written, T0.plus(2 * SECOND)).await.expect("nobody was faster");
    let late = tx.drafts().save(&old.id, 1, &old.contents, T0).await;
    assert!(matches!(late, Err(StoreError::Stale { table: "drafts", .. })), "{late:?}");
    assert_eq!(tx.drafts().get(&old.id).await.expect("is there").contents, written);
    assert!(!tx.drafts().any_before(T0).await.expect("answers"));
    assert!(tx.drafts().any_before(T0.plus(SECOND)).await.expect("answers"));
    assert_eq!(tx.drafts().end_before(T0.plus(SECOND), T0.plus(3 * SECOND)).await.expect("answers"), 1);
    assert_eq!(tx.drafts().of(&id("ana")).await.expect("answers").len(), 1);
    assert_eq!(tx.drafts().get(&new.id).await.expect("stays readable").ended_at, Some(T0.plus(3 * SECOND)));
    tx.drafts().finish(&old.id, 2, T0).await.expect("nobody was faster");
    assert_eq!(tx.drafts().get(&old.id).await.expect("stays readable").version, 3);
    let late = tx.drafts().finish(&old.id, 2, T0).await;
    assert!(matches!(late, Err(StoreError::Stale { table: "drafts", .. })), "{late:?}");
    tx.drafts().remove(&new.id).await.expect("removed");
    assert!(matches!(tx.drafts().get(&new.id).await, Err(StoreError::Missing { .. })));
    commit(tx, T0).await;
}

pub async fn in_bulk(place: &Place) {
    let asked = |table: &str| AskedTable { source: id("src"), table: name(table) };
    let names: Vec<String> = (0..1_201).map(|n| format!("bulk_{n}")).collect();
    let items: Vec<(Item, i64)> = (0..).zip(&names).map(|(n, table)| (item(table, "bulk", table), n)).collect();
    let bulk = request("bulk", 1_003, &["bulk_0"]);
    let mut tx = place.begin().await;
    tx.requests().add(&bulk, "key-3").await.expect("a new request");
    tx.items().add_all(&items, Some(&id("analysts"))).await.expect("all are new");
    tx.items().link_all(&bulk.id, &[(id("contract"), 1_201)]).await.expect("linked");
    tx.items().add_all(&[], None).await.expect("none is none");
    assert_eq!(tx.items().of_request(&bulk.id).await.expect("answers").len(), 1_202);
    let tables: Vec<AskedTable> = names.iter().map(|table| asked(table)).collect();
    assert_eq!(tx.items().living_among(&tables, &id("lake")).await.expect("answers").len(), 1_201);
    assert!(tx.items().living_among(&tables, &id("elsewhere")).await.expect("answers").is_empty());
    assert_eq!(
        tx.items().brought_among(&tables[..2]).await.expect("answers").values().collect::<Vec<_>>(),
        [&false; 2]
    );
    let target = |table: &str| TableName::parse("ODS_lease", table).expect("a name");
    let taken = tx.items().targets_among(&[target("BULK_7"), target("free")]).await.expect("answers");
    assert_eq!(taken.iter().map(|writer| writer.table.clone()).collect::<Vec<_>>(), [asked("bulk_7")]);
    assert_eq!((&taken[0].request, &taken[0].route), (&bulk.id, &id("lake")));
    tx.items().unlink(&bulk.id, &id("contract")).await.expect("unlinked");
    let renamed = |what: &str| (id(what), TableName::parse("dw", what).expect("a name"));
    let renamed: Vec<_> = ["bulk_1200", "bulk_3", "contract"].into_iter().map(renamed).collect();
    tx.items().redirect(&bulk.id, &id("lake"), Tier::Daily, &renamed).await.expect("nobody decided");
    let moved = tx.items().get(&id("bulk_1200")).await.expect("is there").item;
    assert_eq!((moved.tier, moved.version, moved.target), (Tier::Daily, 2, renamed[0].1.clone()));
    let linked = tx.items().get(&id("contract")).await.expect("is there").item;
    assert_ne!(linked.target, renamed[2].1, "what others bring keeps its name");
    drop(tx);
    let mut tx = place.begin().await;
    tx.requests().add(&bulk, "key-3").await.expect("the last one was rolled back");
    let twin = [(item("one", "bulk", "visit"), 0), (item("twin", "bulk", "visit"), 1)];
    let twin = tx.items().add_all(&twin, None).await;
    assert!(matches!(twin, Err(StoreError::Taken { .. })), "{twin:?}");
    drop(tx);
    let mut tx = place.begin().await;
    let dw = Route::new(id("dw"), "dw", SetUp::Embedded, vec![]);
    tx.routes().add(&dw).await.expect("a new route");
    tx.requests().add(&bulk, "key-3").await.expect("the last one was rolled back");
    let one = item("one", "bulk", "visit");
    let other = Item {
        id: id("other"),
        route: dw.id,
        target: TableName::parse("ODS_lease", "Visit").expect("a name"),
        ..one.clone()
    };
    let twice = tx.items().add_all(&[(one, 0), (other, 1)], None).await;
    assert!(matches!(twice, Err(StoreError::Taken { .. })), "one table of the lake has one writer: {twice:?}");
    drop(tx);

    let mut tx = place.begin().await;
    tx.requests().add(&bulk, "key-3").await.expect("a new request");
    let now = Asked { reason: "another".into(), ..bulk.asked.clone() };
    assert_eq!(tx.requests().before(&bulk.id).await.expect("answers"), None);
    tx.requests().revise(&bulk, &now, T0).await.expect("nobody was faster");
    assert_eq!(tx.requests().get(&bulk.id).await.expect("is there").asked, now);
    assert_eq!(tx.requests().before(&bulk.id).await.expect("answers"), Some(bulk.asked.clone()));
    drop(tx);

    let mut tx = place.read().await;
    let some = [asked("contract"), asked("none")];
    assert_eq!(tx.tables().among(&some).await.expect("answers").len(), 1);
    assert_eq!(tx.tables().sizes_among(&some).await.expect("answers").len(), 1);
    assert_eq!(tx.tables().called(&["contract".into(), "none".into()]).await.expect("answers"), [asked("contract")]);
    assert!(tx.tables().beginning("con", 10).await.expect("answers").contains(&asked("contract")));
    assert!(tx.tables().beginning("con", 0).await.expect("answers").is_empty());
}
