//! The log.

use domain::change::{Actor, Change, Happened};
use domain::time::SECOND;

use crate::place::{Place, T0, commit, id, line};

pub async fn the_log(place: &Place) {
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
