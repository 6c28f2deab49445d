//! People and their sessions.

use std::collections::BTreeSet;

use domain::person::Person;
use domain::time::{DAY, MINUTE, SECOND};
use lakegate::store::StoreError;
use lakegate::store::sessions::Session;
use lakegate::store::sources::name_of;

use crate::place::{Place, T0, commit, id};

pub async fn people(place: &Place) {
    let mut tx = place.read().await;
    assert_eq!(tx.people().count().await.expect("a count"), 3);
    let all = tx.people().all().await.expect("people");
    assert_eq!(all.iter().map(|person| person.login.as_str()).collect::<Vec<_>>(), ["ana", "bo", "ops"]);
    assert_eq!(name_of(&all, &id("ops")), "OPS");
    assert_eq!(name_of(&all, &id("nobody")), "");
    assert_eq!(tx.people().teams().await.expect("teams"), [(id("analysts"), "Analysts".to_owned())]);
    let viewer = tx.people().viewer(&all[1]).await.expect("a viewer");
    assert_eq!(viewer.owns, BTreeSet::from([id("src")]));
    assert!(matches!(tx.people().get(&id("nobody")).await, Err(StoreError::Missing { table: "people", .. })));
    drop(tx);

    let mut tx = place.begin().await;
    tx.people().team(&id("others"), "Others").await.expect("a team");
    tx.people().rename_team(&id("others"), "Others", "Leasing").await.expect("renamed");
    let stale = tx.people().rename_team(&id("others"), "Others", "More").await;
    assert!(matches!(stale, Err(StoreError::Stale { table: "teams", .. })), "{stale:?}");
    let taken = tx.people().rename_team(&id("others"), "Leasing", "Analysts").await;
    assert!(matches!(taken, Err(StoreError::Taken { .. })), "{taken:?}");
    drop(tx);

    let twice = Person { id: id("another"), ..all[0].clone() };
    let taken = place.begin().await.people().add(&twice, "a hash").await;
    assert!(matches!(taken, Err(StoreError::Taken { .. })), "{taken:?}");

    let mut tx = place.begin().await;
    tx.people().set_password(&id("ops"), "another hash").await.expect("set");
    tx.people().set_disabled(&id("ops"), true).await.expect("set");
    commit(tx, T0).await;
    let mut tx = place.read().await;
    let (ops, hash) = tx.people().by_login("ops").await.expect("answers").expect("is there");
    assert_eq!((ops.disabled, hash.as_str()), (true, "another hash"));
    assert_eq!(tx.people().by_login("nobody").await.expect("answers"), None);
    assert_eq!(tx.people().get(&id("ana")).await.expect("is there"), all[0]);
}

pub async fn changes(place: &Place) {
    let kept = async |login: &str| {
        let all = place.read().await.people().kept().await.expect("answers");
        all.into_iter().find(|kept| kept.person.login == login).expect("is there")
    };
    let ana = kept("ana").await;
    assert_eq!((ana.version, ana.has_password), (1, true));
    let mut tx = place.begin().await;
    tx.people().lock().await.expect("nobody else changes people now");
    let person = Person { shown: "Ana B".into(), operator: true, ..ana.person };
    tx.people().save(&person, 1).await.expect("saved");
    let stale = tx.people().save(&person, 1).await;
    assert!(matches!(stale, Err(StoreError::Stale { table: "people", .. })), "{stale:?}");
    tx.people().set_owns(&id("ana"), &BTreeSet::from([id("src")])).await.expect("owns");
    let owning = tx.people().owning().await.expect("answers");
    assert_eq!(owning, [(id("src"), id("ana")), (id("src"), id("bo"))]);
    tx.people().set_owns(&id("ana"), &BTreeSet::new()).await.expect("owns nothing");
    tx.people().save(&Person { operator: false, shown: "ANA".into(), ..person }, 2).await.expect("as before");
    commit(tx, T0).await;
    assert_eq!(kept("ana").await.version, 3);

    let mut tx = place.begin().await;
    tx.people().link(&id("ana"), "hash of one", T0.plus(DAY)).await.expect("a link");
    tx.people().link(&id("ana"), "hash of two", T0.plus(DAY)).await.expect("another instead");
    assert_eq!(tx.people().spend_link("hash of one", T0).await.expect("answers"), None);
    assert_eq!(tx.people().spend_link("hash of two", T0.plus(DAY)).await.expect("answers"), None, "it has run out");
    assert_eq!(tx.people().spend_link("hash of two", T0).await.expect("answers"), Some(id("ana")));
    assert_eq!(tx.people().spend_link("hash of two", T0).await.expect("answers"), None, "once");
    commit(tx, T0).await;
}

pub async fn sessions(place: &Place) {
    let session = |what: &str, used_at| Session {
        id: id(what),
        person: id("ana"),
        created_at: T0,
        used_at,
        agent: "a browser".into(),
    };
    let mut tx = place.begin().await;
    for (what, used_at) in [("old", T0), ("laptop", T0.plus(SECOND)), ("phone", T0.plus(MINUTE))] {
        tx.sessions().open(&session(what, used_at), &format!("hash of {what}")).await.expect("a new session");
    }
    tx.sessions().touch(&id("laptop"), T0.plus(DAY)).await.expect("touched");
    tx.sessions().touch(&id("laptop"), T0).await.expect("never back");
    commit(tx, T0).await;

    let mut tx = place.begin().await;
    let found = tx.sessions().find("hash of laptop", T0.plus(DAY)).await.expect("answers");
    assert_eq!(found, Some(session("laptop", T0.plus(DAY))));
    assert_eq!(tx.sessions().find("hash of phone", T0.plus(DAY)).await.expect("answers"), None, "lay idle");
    assert_eq!(tx.sessions().find("guessed", T0).await.expect("answers"), None);
    assert!(tx.sessions().still_open(&id("phone"), T0).await.expect("answers"));
    assert!(!tx.sessions().still_open(&id("phone"), T0.plus(DAY)).await.expect("answers"));
    tx.sessions().forget(T0.plus(1)).await.expect("forgotten");
    let left = tx.sessions().of(&id("ana")).await.expect("answers");
    assert_eq!(left.iter().map(|session| session.id.as_str()).collect::<Vec<_>>(), ["laptop", "phone"]);
    assert!(!tx.sessions().end(&id("bo"), &id("phone")).await.expect("answers"), "not his");
    assert!(tx.sessions().end(&id("ana"), &id("phone")).await.expect("answers"));
    tx.sessions().end_all(&id("ana")).await.expect("ended");
    assert_eq!(tx.sessions().of(&id("ana")).await.expect("answers"), []);
    commit(tx, T0).await;
}
