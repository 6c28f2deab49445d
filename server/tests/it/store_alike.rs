//! What the store sums up and pages by itself says the same as the rules say item by item, on both databases.

use std::collections::BTreeMap;

use domain::cause::{Cause, CauseCode};
use domain::item::{Item, Kind, State};
use domain::proof::Proof;
use domain::tally::{Part, Tally};
use domain::time::{MINUTE, Millis, SECOND};
use lakegate::store::alike::Narrow;
use lakegate::store::items::ItemRecord;

use crate::place::{Place, T0, commit, id, item, people_and_places, request};

const FRESH: Millis = T0;

fn proof() -> Proof {
    Proof {
        at: T0,
        snapshot: 1,
        source_columns: 1,
        lake_columns: 1,
        source_rows: 1,
        lake_rows: 1,
        read_at: T0,
        committed_at: T0,
    }
}

fn states() -> Vec<State> {
    let (at, by, later) = (T0, id("bo"), T0.plus(MINUTE));
    let failed = |again_at| State::Failed { at, cause: Cause::new(CauseCode::SourceAway), tries: 1, again_at };
    vec![
        State::Submitted { at },
        State::Approved { at, by: id("bo"), starts_at: later },
        State::Placed { at, tries: 0 },
        State::Starting { at, tries: 1 },
        State::Copying { at, tries: 1 },
        State::Verifying { at, tries: 1 },
        State::Ready { at, proof: proof() },
        State::Late { at, proof: proof() },
        failed(Some(later)),
        failed(None),
        State::Paused { at, by, until: later },
        State::Retired { at, by: id("bo") },
        State::Dropped { at, by: id("bo") },
        State::SentBack { at, by: id("bo") },
        State::Rejected { at, by: id("bo") },
        State::Withdrawn { at, by: id("ana") },
    ]
}

/// The request `all`: two items in every state, one looked at lately, one not; two that read what another request
/// brings, one of them late there; and one that is linked. Each knows its place in the order asked.
async fn everything(place: &Place) {
    people_and_places(place).await;
    let mut tx = place.begin().await;
    for (number, what) in [(1, "all"), (2, "others")] {
        tx.requests().add(&request(what, number, &["contract"]), what).await.expect("a new request");
    }
    let brought =
        [("ready", State::Ready { at: T0, proof: proof() }), ("late", State::Late { at: T0, proof: proof() })];
    let brought: Vec<_> = (0..)
        .zip(brought)
        .map(|(n, (what, state))| {
            (Item { state, ..item(&format!("brought-{what}"), "others", &format!("b_{what}")) }, n)
        })
        .collect();
    tx.items().add_all(&brought, None).await.expect("new items");
    let mut own = Vec::new();
    for (n, state) in states().into_iter().enumerate() {
        for look in ["new", "old"] {
            let what = format!("{look}-{n:02}");
            own.push(Item { state: state.clone(), ..item(&what, "all", &format!("t_{what}")) });
        }
    }
    for what in ["ready", "late"] {
        let (kind, table) = (Kind::Read { of: id(&format!("brought-{what}")) }, format!("b_{what}"));
        let state = State::Ready { at: T0, proof: proof() };
        own.push(Item {
            kind,
            state,
            target: crate::place::name(&table),
            ..item(&format!("read-{what}"), "all", &table)
        });
    }
    let own: Vec<_> = own.into_iter().zip(0..).collect();
    tx.items().add_all(&own, Some(&id("analysts"))).await.expect("new items");
    tx.items().link_all(&id("all"), &[(id("brought-late"), 0)]).await.expect("linked");
    for (item, _) in own.iter().chain(&brought) {
        let old = item.id.as_str().starts_with("old");
        tx.items().looked(&item.id, if old { FRESH.plus(-SECOND) } else { FRESH }).await.expect("looked at");
    }
    commit(tx, T0).await;
}

fn part(record: &ItemRecord) -> Part {
    Part::of(record.shown(), record.looked_at.is_some_and(|looked| looked >= FRESH))
}

#[tokio::test]
async fn sums_of_what_is_alike_are_the_sums_of_all() {
    for place in Place::each().await {
        everything(&place).await;
        let mut tx = place.read().await;
        let records = tx.items().of_request(&id("all")).await.expect("answers");
        let mut sums = tx.items().alike(&[id("all"), id("nobody")], FRESH).await.expect("answers");
        assert_eq!(sums.remove(&id("nobody")), Some(vec![]));
        let alike = sums.remove(&id("all")).expect("the request");
        let tally = Tally::of(alike.iter().map(|group| (group.part(), group.tables)));
        assert_eq!(tally, Tally::of(records.iter().map(|record| (part(record), 1))));
        assert!(Part::ALL.iter().all(|part| tally.part(*part) > 0), "{tally:?}");
        let mut by_state = BTreeMap::new();
        for record in &records {
            let reads = record.item.kind.reads().is_some();
            *by_state.entry((record.linked, reads, record.item.state.word())).or_insert(0) += 1;
        }
        for group in &alike {
            let left = by_state.entry((group.linked, group.reads, group.state.word())).or_insert(0);
            *left -= group.tables;
            if matches!(group.state, State::Submitted { .. } | State::Approved { .. } | State::Failed { .. }) {
                assert!(records.iter().any(|record| record.item.state == group.state), "{group:?}");
            }
        }
        assert!(by_state.values().all(|left| *left == 0), "{by_state:?}");
        let failed = tx.items().failed_of(&id("all")).await.expect("answers");
        assert_eq!(failed.len() as u64, tally.failed);
        assert_eq!(tx.items().reads_of(&id("all")).await.expect("answers").len(), 2);
        drop(tx);
        place.leave().await;
    }
}

#[tokio::test]
async fn pages_hold_every_item_once_in_the_order_of_what_needs_a_person() {
    for place in Place::each().await {
        everything(&place).await;
        let mut tx = place.read().await;
        let records = tx.items().of_request(&id("all")).await.expect("answers");
        let mut expected: Vec<_> = records.iter().map(|record| (part(record), record.item.id.clone())).collect();
        expected.sort_by_key(|(part, _)| *part);
        let (mut found, mut narrow) = (Vec::new(), Narrow { limit: 7, fresh: FRESH, ..Narrow::default() });
        loop {
            let page = tx.items().page(&id("all"), &narrow).await.expect("answers");
            let Some(last) = page.last() else { break };
            narrow.after = Some(last.item.id.clone());
            found.extend(page.iter().map(|record| (part(record), record.item.id.clone())));
        }
        assert_eq!(found, expected);
        for wanted in Part::ALL {
            let narrow = Narrow { part: Some(wanted), limit: 100, fresh: FRESH, ..Narrow::default() };
            let page = tx.items().page(&id("all"), &narrow).await.expect("answers");
            let ids: Vec<_> = page.into_iter().map(|record| record.item.id).collect();
            let of_part = expected.iter().filter(|(part, _)| *part == wanted);
            assert_eq!(ids, of_part.map(|(_, id)| id.clone()).collect::<Vec<_>>(), "{wanted:?}");
        }
        let called = |words: &[&str]| Narrow {
            words: words.iter().map(|&word| word.to_owned()).collect(),
            limit: 100,
            fresh: FRESH,
            ..Narrow::default()
        };
        let found =
            |page: Vec<ItemRecord>| page.into_iter().map(|record| record.item.id.to_string()).collect::<Vec<_>>();
        let page = tx.items().page(&id("all"), &called(&["B_", "LATE"])).await.expect("answers");
        assert_eq!(found(page), ["read-late", "brought-late"]);
        let page = tx.items().page(&id("all"), &called(&["t%"])).await.expect("answers");
        assert_eq!(found(page), [""; 0], "what LIKE would take for anything is taken as it is");
        let elsewhere = Narrow { after: Some(id("brought-ready")), limit: 1, fresh: FRESH, ..Narrow::default() };
        assert_eq!(tx.items().page(&id("all"), &elsewhere).await.expect("answers")[0].item.id, expected[0].1);
        drop(tx);
        place.leave().await;
    }
}
