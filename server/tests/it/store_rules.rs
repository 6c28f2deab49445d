//! What the store never breaks: the log's order and chain, who may work on what, secrets. On SQLite always, on
//! PostgreSQL when the tests are given a server.

use std::collections::BTreeMap;

use domain::change::Change;
use domain::time::{MINUTE, Millis, SECOND};
use lakegate::store::tasks::Task;
use lakegate::store::{Dialect, Store, StoreError};
use lakegate::vault::{Vault, VaultError};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{Connection, Executor};
use tokio::sync::watch;

use crate::harness::Database;
use crate::place::{Place, T0, commit, id, item, line, people_and_places, request};

#[tokio::test]
async fn what_is_not_committed_never_was() {
    for place in Place::each().await {
        people_and_places(&place).await;
        let mut tx = place.begin().await;
        tx.requests().add(&request("first", 1_001, &["contract"]), "key").await.expect("a new request");
        tx.items().add_all(&[(item("contract", "first", "contract"), 0)], None).await.expect("a new item");
        tx.tasks().enqueue(&id("task"), "provision", "{}", T0).await.expect("queued");
        tx.leases().take("work", "a", T0, T0.plus(MINUTE)).await.expect("answers");
        tx.secrets().put("s", "sealed").await.expect("put");
        tx.requests().next_number().await.expect("a number");
        tx.log(line("never"));
        drop(tx);
        let mut tx = place.begin().await;
        assert!(matches!(tx.requests().get(&id("first")).await, Err(StoreError::Missing { .. })));
        assert!(matches!(tx.items().get(&id("contract")).await, Err(StoreError::Missing { .. })));
        assert_eq!(tx.tasks().queued().await.expect("answers"), 0);
        assert!(tx.leases().take("work", "b", T0, T0.plus(MINUTE)).await.expect("answers"));
        assert_eq!(tx.secrets().all().await.expect("answers"), []);
        assert_eq!(tx.requests().next_number().await.expect("a number"), 1_001);
        assert_eq!(tx.changes().newest().await.expect("answers"), 0);
        drop(tx);
        assert_eq!(*place.store.bell().lines().borrow(), 0, "nothing is announced that was not written");
        place.leave().await;
    }
}

#[tokio::test]
async fn a_reading_transaction_cannot_write() {
    for place in Place::each().await {
        let mut tx = place.read().await;
        let written = tx.secrets().put("s", "sealed").await;
        assert!(matches!(written, Err(StoreError::Away(_))), "{written:?}");
        drop(tx);
        place.leave().await;
    }
}

#[tokio::test]
async fn a_second_process_is_kept_away_from_a_sqlite_file() {
    let place = Place::on(Database::Sqlite).await;
    let url = place.database.url(place.folder.path());
    let second = Store::open(&url).await.err();
    assert!(matches!(second, Some(StoreError::InUse { .. })), "{second:?}");
    place.store.close().await;
    drop(place.store);
    Store::open(&url).await.expect("the first is gone");
}

// ── the log ──

const COMMITS: u32 = 60;

/// Commits lines, one to three at a time, as fast as it can; each third of them not before the reader looked once more.
async fn commit_many(store: Store, who: &'static str, mut looks: watch::Receiver<u32>) {
    for round in 0..COMMITS {
        looks.wait_for(|looks| *looks >= round / (COMMITS / 3)).await.expect("somebody reads");
        let mut tx = store.begin().await.expect("the store answers");
        for _ in 0..=(round % 3) {
            tx.log(line(who));
        }
        tx.commit(T0).await.expect("it commits");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn numbers_have_no_gaps_and_no_reader_sees_ten_before_nine() {
    for place in Place::each().await {
        let other = match place.store.dialect() {
            // One process may open a SQLite file; of PostgreSQL another replica takes part.
            Dialect::Sqlite => place.store.clone(),
            Dialect::Postgres => Store::open(&place.database.url(place.folder.path())).await.expect("a replica"),
        };
        let writers = [(place.store.clone(), "a"), (other.clone(), "b")];
        let (looks, looked) = watch::channel(0);
        let write = |(store, who)| tokio::spawn(commit_many(store, who, looked.clone()));
        let writers: Vec<_> = writers.into_iter().map(write).collect();
        let mut seen = 0;
        let all = i64::from(2 * (COMMITS / 3) * (1 + 2 + 3));
        while seen < all {
            let mut tx = other.read().await.expect("the store answers");
            let newest = tx.changes().newest().await.expect("answers");
            let lines = tx.changes().after(seen, 1_000).await.expect("answers");
            let numbers: Vec<_> = lines.iter().map(|line| line.seq).collect();
            assert_eq!(numbers, (seen + 1..=newest).collect::<Vec<_>>(), "a look sees all lines up to the newest");
            seen = newest;
            looks.send_modify(|looks| *looks += 1);
        }
        for writer in writers {
            writer.await.expect("it wrote");
        }
        assert!(*looks.borrow() > 2, "the reader looked while lines were written");
        assert_eq!(place.read().await.changes().first_broken().await.expect("answers"), None);
        other.close().await;
        place.leave().await;
    }
}

#[tokio::test]
async fn whoever_tampers_with_the_log_is_found() {
    for place in Place::each().await {
        let mut tx = place.begin().await;
        for what in ["one", "two", "three", "four"] {
            tx.log(Change { request: Some(id("r")), items: vec![id("i")], ..line(what) });
        }
        commit(tx, T0).await;
        let mut raw = place.raw().await;
        raw.execute("CREATE TABLE kept AS SELECT * FROM changes").await.expect("kept");
        for (tampering, broken) in [
            ("UPDATE changes SET at = at + 1 WHERE seq = 2", 2),
            ("UPDATE changes SET topic = 'job' WHERE seq = 2", 2),
            ("UPDATE changes SET thing = 'two-' WHERE seq = 2", 2),
            ("UPDATE changes SET request_id = NULL WHERE seq = 2", 2),
            ("UPDATE changes SET items = '[]' WHERE seq = 2", 2),
            (r#"UPDATE changes SET actor = '"lakegate"' WHERE seq = 2"#, 2),
            (r#"UPDATE changes SET happened = '{"kind":"late"}' WHERE seq = 2"#, 2),
            ("UPDATE changes SET hash = 'x' WHERE seq = 2", 2),
            ("DELETE FROM changes WHERE seq = 1", 1),
            ("DELETE FROM changes WHERE seq = 3", 3),
            ("DELETE FROM changes WHERE seq = 4", 4),
            ("DELETE FROM changes", 1),
            ("UPDATE changes SET seq = 9 WHERE seq = 4", 4),
            ("UPDATE counters SET hash = 'x' WHERE name = 'changes'", 4),
            (
                "INSERT INTO changes SELECT 5, at, topic, thing, request_id, items, actor, happened, hash FROM kept WHERE seq = 1",
                5,
            ),
        ] {
            raw.execute(tampering).await.expect("tampered");
            let found = place.read().await.changes().first_broken().await.expect("answers");
            assert_eq!(found, Some(broken), "{tampering}");
            raw.execute("DELETE FROM changes").await.expect("mended");
            raw.execute("INSERT INTO changes SELECT * FROM kept").await.expect("mended");
            let hash = "UPDATE counters SET hash = (SELECT hash FROM kept WHERE seq = 4) WHERE name = 'changes'";
            raw.execute(hash).await.expect("mended");
            assert_eq!(place.read().await.changes().first_broken().await.expect("answers"), None);
        }
        raw.close().await.expect("it closes");
        place.leave().await;
    }
}

// ── who may work on what ──

#[tokio::test]
async fn a_lease_is_one_holders_until_it_runs_out() {
    for place in Place::each().await {
        let at = |seconds| T0.plus(seconds * SECOND);
        for (holder, now, taken) in [
            ("a", 0, true),
            ("b", 1, false),
            ("a", 25, true),
            ("b", 31, false),
            ("b", 55, false),
            ("b", 56, true),
            ("a", 57, false),
        ] {
            let mut tx = place.begin().await;
            let got = tx.leases().take("work", holder, at(now), at(now + 30)).await.expect("answers");
            assert_eq!(got, taken, "{holder} at {now} s");
            assert!(tx.leases().take("another", holder, at(now), at(now)).await.expect("answers"), "another thing");
            commit(tx, T0).await;
        }
        let mut tx = place.begin().await;
        tx.leases().give_back("work", "a").await.expect("answers");
        assert!(!tx.leases().take("work", "a", at(57), at(90)).await.expect("answers"), "it was not a's to give");
        tx.leases().give_back("work", "b").await.expect("answers");
        assert!(tx.leases().take("work", "a", at(57), at(90)).await.expect("answers"));
        tx.leases().end_all().await.expect("ended");
        assert!(tx.leases().take("work", "b", at(57), at(90)).await.expect("whoever held it is dead"));
        drop(tx);
        place.leave().await;
    }
}

async fn enqueue(place: &Place, tasks: &[(&str, Millis)]) {
    let mut tx = place.begin().await;
    for (what, run_at) in tasks {
        tx.tasks().enqueue(&id(what), "provision", r#"{"items":[]}"#, *run_at).await.expect("queued");
    }
    commit(tx, T0).await;
}

async fn claim(place: &Place, now: Millis) -> Option<Task> {
    let mut tx = place.begin().await;
    let task = tx.tasks().claim(now, now.plus(MINUTE)).await.expect("answers");
    commit(tx, now).await;
    task
}

#[tokio::test]
async fn tasks_run_in_the_order_they_are_due() {
    for place in Place::each().await {
        enqueue(&place, &[("later", T0.plus(SECOND)), ("first", T0), ("never-yet", T0.plus(MINUTE))]).await;
        let mut tx = place.read().await;
        assert_eq!(tx.tasks().queued().await.expect("answers"), 3);
        assert_eq!(tx.tasks().next_due().await.expect("answers"), Some(T0));
        assert!(!tx.tasks().any_due(Millis(T0.0 - 1)).await.expect("answers"));
        assert!(tx.tasks().any_due(T0).await.expect("answers"));
        drop(tx);
        assert_eq!(claim(&place, Millis(T0.0 - 1)).await, None);
        let first = claim(&place, T0.plus(SECOND)).await.expect("due");
        assert_eq!((first.id.as_str(), first.attempt, first.step.as_str()), ("first", 1, ""));
        assert_eq!(claim(&place, T0.plus(SECOND)).await.expect("due").id, id("later"));
        assert_eq!(claim(&place, T0.plus(SECOND)).await, None, "both are at work");
        assert!(!place.read().await.tasks().any_due(T0.plus(SECOND)).await.expect("answers"));
        let mut tx = place.begin().await;
        tx.tasks().end_leases().await.expect("ended");
        commit(tx, T0).await;
        let again = claim(&place, T0.plus(SECOND)).await.expect("whoever ran it is dead");
        assert_eq!((again.id.as_str(), again.attempt), ("first", 2));
        place.leave().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_runners_one_gets_the_task() {
    for place in Place::each().await {
        let place = std::sync::Arc::new(place);
        for round in 0..20_i64 {
            let now = T0.plus(round * SECOND);
            enqueue(&place, &[(&format!("task-{round}"), now)]).await;
            let runner = || {
                tokio::spawn({
                    let place = place.clone();
                    async move { claim(&place, now).await }
                })
            };
            let runners = [runner(), runner(), runner()];
            let mut got = 0;
            for runner in runners {
                got += usize::from(runner.await.expect("it ran").is_some());
            }
            assert_eq!(got, 1, "round {round}");
        }
        let place = std::sync::Arc::into_inner(place).expect("all runners are gone");
        place.leave().await;
    }
}

#[tokio::test]
async fn a_worker_that_woke_too_late_changes_nothing() {
    for place in Place::each().await {
        enqueue(&place, &[("task", T0)]).await;
        let mut slow = claim(&place, T0).await.expect("due");
        let after = T0.plus(MINUTE + 1);
        let mut quick = claim(&place, after).await.expect("the lease ran out");
        assert_eq!(quick.attempt, 2);

        slow.step = "7".into();
        let mut tx = place.begin().await;
        let late = [
            tx.tasks().step(&slow, after.plus(MINUTE)).await,
            tx.tasks().later(&slow, after, Some("busy")).await,
            tx.tasks().end(&slow, None).await,
        ];
        assert!(late.iter().all(|late| matches!(late, Err(StoreError::Stale { table: "tasks", .. }))), "{late:?}");
        commit(tx, after).await;
        assert_eq!(claim(&place, after).await, None, "the quick one's lease stands");

        quick.step = "1".into();
        quick.outputs = BTreeMap::from([("cause".into(), "{}".into())]);
        let mut tx = place.begin().await;
        tx.tasks().step(&quick, after.plus(MINUTE)).await.expect("its own");
        tx.tasks().later(&quick, after.plus(SECOND), Some("busy")).await.expect("its own");
        commit(tx, after).await;
        assert_eq!(claim(&place, after).await, None, "it waits");
        let again = claim(&place, after.plus(SECOND)).await.expect("due");
        assert_eq!((again.attempt, &again.step, &again.outputs), (3, &quick.step, &quick.outputs));
        let mut tx = place.begin().await;
        tx.tasks().end(&again, Some("it said no")).await.expect("its own");
        let twice = tx.tasks().end(&again, None).await;
        assert!(matches!(twice, Err(StoreError::Stale { .. })), "what has ended has ended: {twice:?}");
        assert_eq!(tx.tasks().queued().await.expect("answers"), 0);
        drop(tx);
        place.leave().await;
    }
}

// ── secrets ──

#[tokio::test]
async fn secrets_are_sealed_and_rotated_all_or_none() {
    for place in Place::each().await {
        let key = || Vault::new(&Vault::fresh_key()).expect("a key");
        let (old, new) = (key(), key());
        old.check(&place.store, T0).await.expect("the first key is noted");
        old.check(&place.store, T0).await.expect("it is the one");
        let other = new.check(&place.store, T0).await;
        assert!(matches!(other, Err(VaultError::OtherKey { .. })), "{other:?}");

        let secret = SecretString::from("hunter2");
        let mut tx = place.begin().await;
        tx.secrets().put("source-1", &old.seal("source-1", &secret)).await.expect("put");
        tx.secrets().put("source-2", "v1.damaged").await.expect("put");
        commit(tx, T0).await;
        let before = place.read().await.secrets().all().await.expect("answers");
        assert!(!format!("{before:?}").contains("hunter2"));

        let damaged = old.rotate(&new, &place.store, T0).await;
        assert!(matches!(damaged, Err(VaultError::Damaged { .. })), "{damaged:?}");
        assert_eq!(place.read().await.secrets().all().await.expect("answers"), before, "none was sealed anew");
        old.check(&place.store, T0).await.expect("the old key still opens");

        let mut tx = place.begin().await;
        tx.secrets().put("source-2", &old.seal("source-2", &secret)).await.expect("mended");
        commit(tx, T0).await;
        assert_eq!(old.rotate(&new, &place.store, T0).await.expect("rotated"), 3);
        new.check(&place.store, T0).await.expect("the new key opens");
        for (row, sealed) in place.read().await.secrets().all().await.expect("answers") {
            assert!(matches!(old.open(&row, &sealed), Err(VaultError::OtherKey { .. })));
            let opened = new.open(&row, &sealed).expect("opens");
            assert_eq!(opened.expose_secret(), if row == "probe" { "lakegate" } else { "hunter2" });
        }
        assert_eq!(place.read().await.secrets().get("none").await.expect("answers"), None);
        place.leave().await;
    }
}
