//! One story, told through every method of the store: people come, tables are found, asked for, let in, brought, proven.
//! On SQLite always, on PostgreSQL when the tests are given a server.

use std::collections::BTreeSet;

use domain::cause::{Cause, CauseCode};
use domain::change::{Actor, Change, Happened};
use domain::column::{Column, TableShape};
use domain::ids::{ItemId, RequestId};
use domain::item::Item;
use domain::job::{Job, Wanted};
use domain::person::{Person, Viewer};
use domain::proof::Proof;
use domain::said::Said;
use domain::tier::Tier;
use domain::time::{DAY, MINUTE, SECOND};
use domain::types::LakeType;
use lakegate::store::StoreError;
use lakegate::store::copies::CopyEnd;
use lakegate::store::items::ItemRecord;
use lakegate::store::sessions::Session;
use lakegate::store::sources::{deciders, name_of};
use lakegate::store::tables::{Search, Table};

use crate::place::{Place, T0, commit, id, item, job, landed, line, name, people_and_places, request};

#[tokio::test]
async fn one_story_through_every_method() {
    for place in Place::each().await {
        people_and_places(&place).await;
        people(&place).await;
        sessions(&place).await;
        sources(&place).await;
        catalogue(&place).await;
        asking(&place).await;
        one_item_lives(&place).await;
        deciding(&place).await;
        jobs(&place).await;
        bringing(&place).await;
        copies(&place).await;
        the_log(&place).await;
        place.leave().await;
    }
}

async fn people(place: &Place) {
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

async fn sessions(place: &Place) {
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

async fn sources(place: &Place) {
    let trouble = Said::new("cause.source_away").text("table", "-");
    let mut tx = place.begin().await;
    tx.sources().looked(&id("src"), Some(T0), Some(&trouble)).await.expect("noted");
    tx.sources().looked(&id("src"), None, Some(&trouble)).await.expect("what was known stays");
    commit(tx, T0).await;
    let mut tx = place.read().await;
    let source = tx.sources().get(&id("src")).await.expect("is there");
    assert_eq!((source.read_at, &source.trouble, source.closed), (Some(T0), &Some(trouble), false));
    assert_eq!(tx.sources().all().await.expect("answers"), [source]);
    assert!(matches!(tx.sources().get(&id("none")).await, Err(StoreError::Missing { table: "sources", .. })));
    let owners = tx.sources().owners().await.expect("answers");
    assert_eq!(owners, [(id("src"), id("bo"), "BO".to_owned())]);
    assert_eq!(deciders(&owners, &id("src"), &id("ana")).len(), 1);
    assert!(deciders(&owners, &id("src"), &id("bo")).is_empty(), "never his own");
    let routes = tx.sources().routes().await.expect("answers");
    assert_eq!(routes.iter().map(|route| &route.tiers).collect::<Vec<_>>(), [&vec![Tier::Minutes]]);
}

async fn catalogue(place: &Place) {
    let table = |what: &str, counted_at| {
        let key: domain::name::Name = "id".parse().expect("a name");
        let column = Column {
            name: key.clone(),
            source_type: "bigint".into(),
            nullable: false,
            comment: "编号".into(),
            lake_type: Some(LakeType::BigInt),
            loss: None,
        };
        let comment = if what == "contract" { "合同 50%_off".into() } else { String::new() };
        let shape = TableShape { name: name(what), comment, columns: vec![column], primary_key: vec![key] };
        Table { source: id("src"), shape, rows: Some(500), bytes: None, counted_at }
    };
    let mut tx = place.begin().await;
    for what in ["contract", "tenant", "visit"] {
        tx.tables().put(&table(what, T0)).await.expect("a table");
    }
    tx.tables().put(&table("contract", T0.plus(1))).await.expect("read anew");
    tx.tables().put(&table("tenant", T0.plus(1))).await.expect("read anew");
    assert_eq!(tx.tables().mark_gone(&id("src"), T0.plus(1)).await.expect("answers"), 1);
    commit(tx, T0).await;

    let mut tx = place.read().await;
    let contract = table("contract", T0.plus(1));
    assert_eq!(tx.tables().get(&id("src"), &name("contract")).await.expect("answers"), Some(contract));
    assert_eq!(tx.tables().get(&id("src"), &name("visit")).await.expect("answers"), None, "it is gone");
    assert_eq!(tx.tables().counts().await.expect("answers"), [(id("src"), 2)]);
    let search = |words: &[&str]| Search {
        words: words.iter().map(|&word| word.to_owned()).collect(),
        limit: 10,
        ..Search::default()
    };
    let after = |table: &str| Some(("lease".to_owned(), table.to_owned(), "src".to_owned()));
    for (search, found) in [
        (search(&[]), vec!["contract", "tenant"]),
        (search(&["CONTRACT"]), vec!["contract"]),
        (search(&["合同", "lease.", "编号"]), vec!["contract"]),
        (search(&["50%_"]), vec!["contract"]),
        (search(&["%"]), vec!["contract"]),
        (search(&["tena_t"]), vec![]),
        (search(&["!"]), vec![]),
        (Search { source: Some(id("none")), ..search(&[]) }, vec![]),
        (Search { after: after("contract"), ..search(&[]) }, vec!["tenant"]),
        (Search { limit: 1, ..search(&[]) }, vec!["contract"]),
    ] {
        let tables = tx.tables().list(&search).await.expect("answers");
        assert_eq!(tables.iter().map(|table| table.shape.name.table.as_str()).collect::<Vec<_>>(), found, "{search:?}");
    }
}

async fn asking(place: &Place) {
    let mut tx = place.begin().await;
    assert_eq!(tx.requests().next_number().await.expect("a number"), 1_001);
    let first = request("first", 1_001, &["contract", "tenant"]);
    tx.requests().add(&first, "key-1").await.expect("a new request");
    for (position, what) in (0..).zip(["contract", "tenant"]) {
        tx.items().add(&item(what, "first", what), Some(&id("analysts")), position).await.expect("a new item");
    }
    let asked = Happened::Submitted { tables: 2, linked: 0 };
    tx.log(Change::of_request(&first.id, vec![id("contract"), id("tenant")], Actor::Person(id("ana")), asked));
    assert_eq!(commit(tx, T0).await, Some(1));

    let again = place.begin().await.requests().add(&request("again", 1_002, &["visit"]), "key-1").await;
    assert!(matches!(again, Err(StoreError::Taken { .. })), "one key, one request: {again:?}");

    let mut tx = place.read().await;
    assert_eq!(tx.requests().get(&first.id).await.expect("is there"), first);
    assert_eq!(tx.requests().by_key(&id("ana"), "key-1").await.expect("answers"), Some(first.clone()));
    assert_eq!(tx.requests().by_key(&id("bo"), "key-1").await.expect("answers"), None);
    assert_eq!(tx.requests().numbers_of_living().await.expect("answers"), [(first.id.clone(), 1_001)]);
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

async fn one_item_lives(place: &Place) {
    let mut tx = place.begin().await;
    tx.requests().add(&request("second", 1_002, &["contract"]), "key-2").await.expect("a new request");
    tx.items().link(&id("second"), &id("contract"), 0).await.expect("linked");
    commit(tx, T0).await;

    let twin = place.begin().await.items().add(&item("twin", "second", "contract"), None, 0).await;
    assert!(matches!(twin, Err(StoreError::Taken { .. })), "{twin:?}");
    let elsewhere = Item { table: name("visit"), ..item("rival", "second", "contract") };
    let rival = place.begin().await.items().add(&elsewhere, None, 0).await;
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

async fn record(place: &Place, what: &str) -> ItemRecord {
    place.read().await.items().get(&id(what)).await.expect("is there")
}

async fn deciding(place: &Place) {
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
    tx.items().save(&tenant.drop_out(&id("bo"), T0).expect("waits")).await.expect("saved");
    // A dropped item lives no more, so the same table may be asked for anew.
    tx.items().add(&item("tenant-2", "second", "tenant"), None, 1).await.expect("a new item");
    commit(tx, T0).await;
}

async fn jobs(place: &Place) {
    let mut tx = place.begin().await;
    assert_eq!(tx.jobs().ensure(&job("job")).await.expect("a job"), (job("job"), true));
    assert_eq!(tx.jobs().ensure(&job("another")).await.expect("the same job"), (job("job"), false));
    tx.jobs().save(&Job { wanted: Wanted::Gone, ..job("job") }).await.expect("saved");
    let late = tx.jobs().save(&job("job")).await;
    assert!(matches!(late, Err(StoreError::Stale { table: "jobs", .. })), "{late:?}");
    commit(tx, T0).await;
    let mut tx = place.read().await;
    let gone = Job { wanted: Wanted::Gone, version: 2, ..job("job") };
    assert_eq!(tx.jobs().get(&gone.id).await.expect("is there"), gone);
    assert_eq!(tx.jobs().find(&id("src"), Tier::Minutes, &id("lake")).await.expect("answers"), Some(gone.clone()));
    assert_eq!(tx.jobs().find(&id("src"), Tier::Daily, &id("lake")).await.expect("answers"), None);
    assert_eq!(tx.jobs().all().await.expect("answers"), [gone]);
    assert!(matches!(tx.jobs().get(&id("none")).await, Err(StoreError::Missing { table: "jobs", .. })));
}

/// Saves the item after one step of its life.
async fn step(place: &Place, step: impl FnOnce(Item) -> Item) {
    let mut tx = place.begin().await;
    let item = tx.items().get(&id("contract")).await.expect("is there").item;
    tx.items().save(&step(item)).await.expect("nobody was faster");
    commit(tx, T0).await;
}

async fn bringing(place: &Place) {
    let at = |seconds| T0.plus(seconds * SECOND);
    step(place, |item| item.place(&id("job"), at(1)).expect("approved")).await;
    let mut tx = place.begin().await;
    tx.items().told(&id("contract"), at(2)).await.expect("noted");
    commit(tx, T0).await;
    assert_eq!(record(place, "contract").await.told_at, Some(at(2)));
    step(place, |item| item.start(at(3)).expect("placed")).await;
    assert_eq!(record(place, "contract").await.told_at, None, "another state waits anew");

    let mut tx = place.begin().await;
    tx.items().progress(&id("contract"), 10, None, at(4)).await.expect("noted");
    tx.items().progress(&id("contract"), 10, Some(500), at(5)).await.expect("noted");
    commit(tx, T0).await;
    let seen = record(place, "contract").await;
    assert_eq!((seen.progress, seen.moved_at, seen.looked_at), (Some((10, Some(500))), Some(at(4)), Some(at(5))));
    let mut tx = place.begin().await;
    tx.items().forget_progress(&id("contract")).await.expect("noted");
    tx.items().looked(&id("contract"), at(6)).await.expect("noted");
    commit(tx, T0).await;
    let seen = record(place, "contract").await;
    assert_eq!((seen.progress, seen.moved_at, seen.looked_at), (None, None, Some(at(6))));

    let proof = Proof {
        at: at(8),
        snapshot: 1,
        source_columns: 1,
        lake_columns: 1,
        source_rows: 500,
        lake_rows: 500,
        read_at: T0,
        committed_at: at(1),
    };
    step(place, |item| item.verify(landed(1), at(7)).expect("starting")).await;
    step(place, |item| Item {
        trouble: Some(Cause::new(CauseCode::LakeFull)),
        ..item.prove(proof, at(8)).expect("verifying")
    })
    .await;
    let mut tx = place.read().await;
    let seen = tx.items().get(&id("contract")).await.expect("is there");
    assert_eq!(seen.item.landed, Some(landed(1)));
    assert_eq!(seen.item.trouble, Some(Cause::new(CauseCode::LakeFull)));
    assert_eq!(seen.team, Some(id("analysts")));
    let only = |records: Vec<ItemRecord>| records.into_iter().map(|record| record.item.id).collect::<Vec<ItemId>>();
    assert_eq!(only(tx.items().in_state("ready", 10).await.expect("answers")), [id("contract")]);
    assert_eq!(only(tx.items().of_job(&id("job")).await.expect("answers")), [id("contract")]);
    assert_eq!(only(tx.items().in_lake().await.expect("answers")), [id("contract")]);
    assert_eq!(tx.items().of_target(&seen.item.target).await.expect("answers"), Some(seen));
    assert_eq!(tx.items().of_target(&name("contract")).await.expect("answers"), None);
    assert!(matches!(tx.items().get(&id("none")).await, Err(StoreError::Missing { table: "items", .. })));
}

async fn copies(place: &Place) {
    let mut tx = place.begin().await;
    let end = |copy: lakegate::store::copies::CopyRecord| (copy.id.as_str().to_owned(), copy.end);
    assert_eq!(tx.copies().newest(&id("contract")).await.expect("answers"), None);
    tx.copies().begin(&id("c1"), &id("contract"), T0).await.expect("begun");
    let begun = tx.copies().newest(&id("contract")).await.expect("answers").expect("is there");
    assert_eq!((begun.begun_at, end(begun)), (T0, ("c1".into(), CopyEnd::Begun)));
    tx.copies().counted(&id("c1"), 500, T0, &landed(1).columns).await.expect("counted");
    let counted = CopyEnd::Counted { rows: 500, read_at: T0, columns: landed(1).columns };
    assert_eq!(tx.copies().newest(&id("contract")).await.expect("answers").map(end), Some(("c1".into(), counted)));
    tx.copies().landed(&id("c1"), &landed(1)).await.expect("landed");
    tx.copies().begin(&id("c2"), &id("contract"), T0.plus(1)).await.expect("begun");
    let cause = Cause::new(CauseCode::TableChanged);
    tx.copies().failed(&id("c2"), &cause, T0.plus(2)).await.expect("failed");
    let failed = CopyEnd::Failed { cause, at: T0.plus(2) };
    assert_eq!(tx.copies().newest(&id("contract")).await.expect("answers").map(end), Some(("c2".into(), failed)));
    let good = tx.copies().landed_of(&id("contract"), 10).await.expect("answers");
    assert_eq!(good.into_iter().map(end).collect::<Vec<_>>(), [("c1".to_owned(), CopyEnd::Landed(landed(1)))]);
    commit(tx, T0).await;
}

async fn the_log(place: &Place) {
    let mut tx = place.begin().await;
    let ready = Happened::Ready { rows: 500 };
    tx.log(Change::of_request(&id("first"), vec![id("contract")], Actor::Lakegate, ready.clone()));
    tx.log(line("src"));
    assert_eq!(commit(tx, T0.plus(SECOND)).await, Some(3));
    assert_eq!(*place.store.bell().lines().borrow(), 3);

    let mut tx = place.read().await;
    assert_eq!(tx.changes().newest().await.expect("answers"), 3);
    let after = tx.changes().after(1, 10).await.expect("answers");
    assert_eq!(
        after.iter().map(|line| (line.seq, line.at)).collect::<Vec<_>>(),
        [(2, T0.plus(SECOND)), (3, T0.plus(SECOND))]
    );
    assert_eq!(after[0].change.happened, ready);
    assert_eq!(after[1].change, line("src"));
    let seqs = |lines: Vec<lakegate::store::changes::Line>| lines.into_iter().map(|line| line.seq).collect::<Vec<_>>();
    assert_eq!(seqs(tx.changes().after(0, 2).await.expect("answers")), [1, 2]);
    assert_eq!(seqs(tx.changes().of_request(&id("first"), i64::MAX, 10).await.expect("answers")), [2, 1]);
    assert_eq!(seqs(tx.changes().of_request(&id("first"), 2, 10).await.expect("answers")), [1]);
    assert_eq!(tx.changes().count_of_request(&id("first")).await.expect("answers"), 2);
    assert_eq!(seqs(tx.changes().of_item(&id("contract"), 10).await.expect("answers")), [2, 1]);
    assert_eq!(seqs(tx.changes().of_item(&id("tenant"), 10).await.expect("answers")), [1]);
    assert_eq!(tx.changes().first_broken().await.expect("answers"), None);
}
