//! Jobs, the rest of an item's life, and its copies.

use domain::cause::{Cause, CauseCode};
use domain::ids::ItemId;
use domain::item::Item;
use domain::job::{Job, JobTable, Wanted};
use domain::proof::Proof;
use domain::run::{Checkpoint, Run, Stage};
use domain::time::{Millis, SECOND};
use lakegate::store::StoreError;
use lakegate::store::copies::CopyEnd;
use lakegate::store::items::ItemRecord;

use super::record;
use crate::place::{Place, T0, commit, id, job, landed, name};

pub async fn jobs(place: &Place) {
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

pub async fn bringing(place: &Place) {
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

pub async fn copies(place: &Place) {
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

/// Starts of a job at an engine that follows changes, and the numbers of its readers.
pub async fn runs(place: &Place) {
    let run = |number: u32| Run {
        id: id(&format!("{number:032x}")),
        engine_id: (number > 1).then(|| format!("{number:031x}e")),
        job: "lg-lease-m-own".into(),
        number,
        source: id("src"),
        place: domain::source::Place::sqlite("lease"),
        tables: vec![JobTable { item: id("i1"), table: name("contract"), target: name("contract") }],
        args: vec!["mysql_sync_database".into(), "password=<lakegate:source>".into()],
        restored: (number > 1).then(|| "file:/savepoint-1".into()),
        leaves_state: number > 1,
        begun_at: Millis(i64::from(number)),
        stage: Stage::Begun,
        checkpoint: None,
    };
    let mut tx = place.begin().await;
    assert_eq!(tx.runs().newest("lg-lease-m-own").await.expect("answers"), None);
    tx.runs().begin(&run(1)).await.expect("the first");
    let checkpoint = Checkpoint { path: "file:/chk-7".into(), at: Millis(7) };
    let ended = Stage::Ended { at: Millis(9), savepoint: Some("file:/savepoint-1".into()), why: None };
    let first = Run { stage: ended, checkpoint: Some(checkpoint), engine_id: Some("drawn".into()), ..run(1) };
    tx.runs().save(&first).await.expect("it is there");
    tx.runs().begin(&run(2)).await.expect("the second");
    assert_eq!(tx.runs().newest("lg-lease-m-own").await.expect("answers"), Some(run(2)));
    assert_eq!(tx.runs().of_job("lg-lease-m-own").await.expect("answers"), [run(2), first]);
    assert!(matches!(tx.runs().save(&run(3)).await, Err(StoreError::Stale { .. })), "nobody began it");
    commit(tx, Millis(10)).await;

    let mut tx = place.begin().await;
    let again = Run { id: id("another"), ..run(2) };
    assert!(matches!(tx.runs().begin(&again).await, Err(StoreError::Taken { .. })), "of one number there is one");
    drop(tx);

    let mut tx = place.begin().await;
    let jobs = tx.jobs().all().await.expect("answers");
    let job = jobs.first().expect("the story has one").id.clone();
    assert_eq!(tx.runs().ids_of(&job).await.expect("answers"), None);
    let given = tx.runs().give_ids("db:3306", &job, 2).await.expect("numbers");
    assert_eq!(tx.runs().ids_of(&job).await.expect("answers"), Some(given));
    assert_eq!(given.count(), 2);
    let more = tx.runs().give_ids("db:3306", &job, 3).await.expect("numbers");
    assert_eq!((tx.runs().ids_of(&job).await.expect("answers"), more.count()), (Some(more), 3));
    commit(tx, Millis(11)).await;
}
