//! Requests with their items, up to the decision.

use std::collections::BTreeSet;

use domain::change::{Actor, Change, Happened};
use domain::ids::RequestId;
use domain::item::{Item, Kind};
use domain::person::Viewer;
use domain::time::SECOND;
use lakegate::store::StoreError;

use super::record;
use crate::place::{Place, T0, commit, id, item, name, request};

pub async fn asking(place: &Place) {
    let mut tx = place.begin().await;
    assert_eq!(tx.requests().next_number().await.expect("a number"), 1_001);
    let first = request("first", 1_001, &["contract", "tenant"]);
    tx.requests().add(&first, "key-1").await.expect("a new request");
    for (position, what) in (0..).zip(["contract", "tenant"]) {
        tx.items().add_all(&[(item(what, "first", what), position)], Some(&id("analysts"))).await.expect("a new item");
    }
    let asked = Happened::Submitted { tables: 2, linked: 0, reads: 0 };
    tx.log(Change::of_request(&first.id, vec![id("contract"), id("tenant")], Actor::Person(id("ana")), asked));
    assert_eq!(commit(tx, T0).await, Some(1));

    let again = place.begin().await.requests().add(&request("again", 1_002, &["visit"]), "key-1").await;
    assert!(matches!(again, Err(StoreError::Taken { .. })), "one key, one request: {again:?}");

    let mut tx = place.read().await;
    assert_eq!(tx.requests().get(&first.id).await.expect("is there"), first);
    assert_eq!(tx.requests().by_key(&id("ana"), "key-1").await.expect("answers"), Some(first.clone()));
    assert_eq!(tx.requests().by_key(&id("bo"), "key-1").await.expect("answers"), None);
    assert_eq!(
        tx.requests().numbers(&[first.id.clone()].into()).await.expect("answers"),
        [(first.id.clone(), 1_001)].into()
    );
    assert!(matches!(tx.requests().get(&id("none")).await, Err(StoreError::Missing { table: "requests", .. })));
    let viewer = |login: &str, team: Option<&str>, operator, owns: &[&str]| Viewer {
        person: id(login),
        team: team.map(id),
        operator,
        owns: owns.iter().map(|source| id(source)).collect(),
    };
    for (viewer, mine, before, sees) in [
        (viewer("ana", Some("analysts"), false, &[]), true, 9_999, 1),
        (viewer("ana", Some("analysts"), false, &[]), true, 1_001, 0),
        (viewer("mate", Some("analysts"), false, &[]), false, 9_999, 1),
        (viewer("mate", Some("analysts"), false, &[]), true, 9_999, 0),
        (viewer("bo", None, false, &["src"]), false, 9_999, 1),
        (viewer("ops", None, true, &[]), false, 9_999, 1),
        (viewer("stranger", None, false, &[]), false, 9_999, 0),
    ] {
        let list = tx.requests().list(&viewer, mine, before, 10).await.expect("answers");
        assert_eq!(list.len(), sees, "{viewer:?}, mine {mine}, before {before}");
    }
    for (viewer, waits) in [
        (viewer("bo", None, false, &["src"]), 1),
        (viewer("ana", None, false, &[]), 0),
        (viewer("ops", None, true, &[]), 0),
    ] {
        assert_eq!(tx.requests().inbox(&viewer).await.expect("answers").len(), waits, "{viewer:?}");
    }
}

pub async fn one_item_lives(place: &Place) {
    let mut tx = place.begin().await;
    tx.requests().add(&request("second", 1_002, &["contract"]), "key-2").await.expect("a new request");
    tx.items().link_all(&id("second"), &[(id("contract"), 0)]).await.expect("linked");
    commit(tx, T0).await;

    let twin = place.begin().await.items().add_all(&[(item("twin", "second", "contract"), 0)], None).await;
    assert!(matches!(twin, Err(StoreError::Taken { .. })), "{twin:?}");
    let elsewhere = Item { table: name("visit"), ..item("rival", "second", "contract") };
    let rival = place.begin().await.items().add_all(&[(elsewhere, 0)], None).await;
    assert!(matches!(rival, Err(StoreError::Taken { .. })), "no two write one table of the lake: {rival:?}");

    let mut tx = place.read().await;
    let living = tx.items().living(&id("src"), &name("contract"), &id("lake")).await.expect("answers");
    assert_eq!(living.map(|record| record.item.id), Some(id("contract")));
    assert_eq!(tx.items().living(&id("src"), &name("visit"), &id("lake")).await.expect("answers"), None);
    assert_eq!(tx.items().living_of_source(&id("src")).await.expect("answers").len(), 2);
    let shown = tx.items().of_request(&id("second")).await.expect("answers");
    assert_eq!(
        shown.iter().map(|record| (record.item.id.as_str(), record.linked)).collect::<Vec<_>>(),
        [("contract", true)]
    );
    let own = tx.items().of_request(&id("first")).await.expect("answers");
    assert_eq!(own.iter().map(|record| record.item.id.as_str()).collect::<Vec<_>>(), ["contract", "tenant"]);
    assert_eq!((own[0].comment.as_str(), own[0].linked), ("合同 50%_off", false));
    let both: BTreeSet<RequestId> = [id("first"), id("second")].into();
    assert_eq!(tx.items().shown_in(&id("contract")).await.expect("answers"), both);
}

pub async fn deciding(place: &Place) {
    let (first, seen) = (request("first", 1_001, &["contract", "tenant"]), record(place, "contract").await.item);
    let mut tx = place.begin().await;
    tx.requests().bump(&first).await.expect("nobody was faster");
    tx.items().save(&seen.clone().approve(&id("bo"), T0, T0.plus(SECOND)).expect("waits")).await.expect("saved");
    commit(tx, T0).await;

    let late = place.begin().await.requests().bump(&first).await;
    assert!(matches!(late, Err(StoreError::Stale { table: "requests", .. })), "{late:?}");
    let late = place.begin().await.items().save(&seen.reject(&id("bo"), T0).expect("waits")).await;
    assert!(matches!(late, Err(StoreError::Stale { table: "items", .. })), "{late:?}");
    assert_eq!(record(place, "contract").await.item.state.word(), "approved");

    let mut tx = place.begin().await;
    let tenant = tx.items().get(&id("tenant")).await.expect("is there").item;
    let dropped = tenant.drop_out(&id("bo"), T0).expect("waits");
    tx.items().save_all(std::slice::from_ref(&dropped)).await.expect("saved");
    let late = tx.items().save_all(&[dropped]).await;
    assert!(matches!(late, Err(StoreError::Stale { table: "items", .. })), "{late:?}");
    // A dropped item lives no more, so the same table may be asked for anew.
    tx.items().add_all(&[(item("tenant-2", "second", "tenant"), 1)], None).await.expect("a new item");
    commit(tx, T0).await;
}

/// Others read what one brings; who looks at a card is forgotten by itself.
pub async fn reading(place: &Place) {
    let reads =
        Item { kind: Kind::Read { of: id("contract") }, requester: id("ops"), ..item("reads", "second", "contract") };
    let mut tx = place.begin().await;
    tx.items().add_all(&[(reads.clone(), 7)], None).await.expect("one brings it, another reads it");
    let twin = Item { id: id("reads-2"), ..reads.clone() };
    commit(tx, T0).await;
    let twin = place.begin().await.items().add_all(&[(twin, 8)], None).await;
    assert!(matches!(twin, Err(StoreError::Taken { .. })), "nobody reads the same twice: {twin:?}");

    let mut tx = place.begin().await;
    let living = tx.items().living(&id("src"), &name("contract"), &id("lake")).await.expect("answers").expect("lives");
    assert_eq!(living.item.id, id("contract"), "what reads brings nothing");
    assert_eq!(
        tx.items().of_target(&living.item.target).await.expect("answers").map(|it| it.item.id),
        Some(id("contract"))
    );
    let own = tx.items().reading(&id("ops"), &id("lake")).await.expect("answers");
    assert_eq!(own.into_values().collect::<Vec<_>>(), [id("reads")]);
    let own = tx.items().get(&id("reads")).await.expect("is there");
    assert_eq!(own.brought.map(|it| it.by), Some(id("ana")));
    assert!(tx.items().reading(&id("bo"), &id("lake")).await.expect("answers").is_empty());
    assert_eq!(tx.items().reading_on(9).await.expect("answers"), [], "it waits for a decision");
    let dropped = reads.reject(&id("bo"), T0).expect("waits");
    tx.items().save(&dropped).await.expect("saved");
    let viewer = Viewer { person: id("ops"), team: None, operator: true, owns: BTreeSet::new() };
    assert!(tx.items().readers(&viewer).await.expect("answers").of(&living.item).is_empty());
    assert_eq!(tx.items().load_of_source(&id("src")).await.expect("answers"), (0, 0));
    assert_eq!(tx.items().decided_of_team(&id("analysts"), &id("second"), T0).await.expect("answers"), (0, 0));
    assert_eq!(tx.items().dropped_before(&id("second"), T0).await.expect("answers"), []);

    let (second, bo, ops) = (id("second"), id("bo"), id("ops"));
    let until = T0.plus(SECOND);
    assert!(tx.looks().look(&second, &bo, T0, until).await.expect("looks"));
    assert!(!tx.looks().look(&second, &bo, T0, until).await.expect("looks on"));
    assert_eq!(tx.looks().others(&second, &ops, T0).await.expect("answers"), std::slice::from_ref(&bo));
    assert_eq!(tx.looks().others(&second, &ops, until).await.expect("answers"), []);
    tx.looks().leave(&second, &bo).await.expect("leaves");
    assert_eq!(tx.looks().others(&second, &ops, T0).await.expect("answers"), []);
    commit(tx, T0).await;
}
