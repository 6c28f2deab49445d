//! Sources with their owners and routes, and the tables of the catalogue.

use domain::brake::Brake;
use domain::column::{Column, TableShape};
use domain::difference::Difference;
use domain::engine::SetUp;
use domain::route::{Limits, Naming, Route};
use domain::said::Said;
use domain::source::finding::{Finding, FindingCode};
use domain::source::retired::{Living, Retired};
use domain::tier::Tier;
use domain::types::LakeType;
use lakegate::store::StoreError;
use lakegate::store::readings::{Fate, Sums};
use lakegate::store::tables::{Search, Table};

use crate::place::{Place, T0, commit, id, name};

pub async fn sources(place: &Place) {
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
    drop(tx);
    let mut tx = place.begin().await;
    let seen = tx.sources().settings().await.expect("answers").remove(0);
    let found = [Finding::new(FindingCode::Readable)];
    assert!(tx.sources().tested(&seen, T0, &found).await.expect("kept"));
    assert!(!tx.sources().tested(&seen, T0, &found).await.expect("answers"), "somebody was faster");
    let seen = tx.sources().settings().await.expect("answers").remove(0);
    assert_eq!((seen.tested, seen.version), (Some((T0, found.to_vec())), 1));
    commit(tx, T0).await;
    let retired = Retired { at: T0, by: id("ops") };
    let mut tx = place.begin().await;
    tx.sources().retire(&id("src"), Some(&retired)).await.expect("retired");
    let twice = tx.sources().retire(&id("src"), Some(&retired)).await;
    assert!(matches!(twice, Err(StoreError::Stale { table: "sources", .. })), "{twice:?}");
    assert_eq!(tx.sources().get(&id("src")).await.expect("is there").retired, Some(retired));
    assert_eq!(tx.sources().living(&id("src")).await.expect("answers"), Living::default());
    tx.sources().retire(&id("src"), None).await.expect("brought back");
    let twice = tx.sources().retire(&id("src"), None).await;
    assert!(matches!(twice, Err(StoreError::Stale { table: "sources", .. })), "{twice:?}");
    assert_eq!(tx.sources().get(&id("src")).await.expect("is there").retired, None);
    commit(tx, T0).await;
    let mut tx = place.read().await;
    let owners = tx.sources().owners().await.expect("answers");
    assert_eq!(owners, [(id("src"), id("bo"), "BO".to_owned())]);
}

pub async fn routes(place: &Place) {
    let lake = Route::new(id("lake"), "lake", SetUp::Embedded, vec![Tier::Minutes]);
    let limits = Limits { most_tables: Some(7), most_bytes: None };
    let named =
        Route {
            limits, owner: Some(id("ops")), closed: true, ..Route::new(id("r2"), "数仓", SetUp::Embedded, vec![])
        };
    let mut tx = place.begin().await;
    assert_eq!(tx.routes().get(&id("lake")).await.expect("is there"), lake);
    tx.routes().add(&named).await.expect("a new route");
    commit(tx, T0).await;
    let twice = place.begin().await.routes().add(&Route { id: id("r3"), ..named.clone() }).await;
    assert!(matches!(twice, Err(StoreError::Taken { .. })), "{twice:?}");
    let naming = Naming { database: "dw".parse().expect("a pattern"), ..named.naming.clone() };
    let mut tx = place.begin().await;
    tx.routes().save(&Route { naming: naming.clone(), ..named.clone() }).await.expect("saved");
    let stale = tx.routes().save(&named).await;
    assert!(matches!(stale, Err(StoreError::Stale { table: "routes", .. })), "{stale:?}");
    commit(tx, T0).await;
    let mut tx = place.read().await;
    assert_eq!(tx.routes().all().await.expect("answers"), [lake, Route { naming, version: 2, ..named }]);
    assert_eq!(tx.routes().in_use().await.expect("answers"), []);
}

pub async fn brakes(place: &Place) {
    let brake = |source: Option<&str>, until| Brake {
        source: source.map(id),
        by: id("ops"),
        since: T0,
        until,
        reason: "磁盘满了".into(),
    };
    let mut tx = place.begin().await;
    tx.brakes().pull(&brake(Some("src"), None)).await.expect("pulled");
    tx.brakes().pull(&brake(Some("src"), Some(T0.plus(1)))).await.expect("pulled again");
    tx.brakes().pull(&brake(None, None)).await.expect("pulled");
    commit(tx, T0).await;
    let mut tx = place.begin().await;
    let all = tx.brakes().all().await.expect("answers");
    assert_eq!(all, [brake(None, None), brake(Some("src"), Some(T0.plus(1)))]);
    assert!(tx.brakes().lift(None).await.expect("lifted"));
    assert!(!tx.brakes().lift(None).await.expect("there is none any more"));
    assert!(tx.brakes().lift(Some(&id("src"))).await.expect("lifted"));
    assert_eq!(tx.brakes().all().await.expect("answers"), []);
    commit(tx, T0).await;
}

pub async fn catalogue(place: &Place) {
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
    commit(tx, T0).await;
    // Read whole once more: `visit` is not met any more.
    let mut tx = place.begin().await;
    tx.readings().want(&id("src"), "bo", T0).await.expect("wanted");
    tx.readings().begin(&id("src"), T0.plus(1)).await.expect("begun");
    let known = tx.readings().known(&id("src"), &[name("contract"), name("none")]).await.expect("answers");
    let contract = table("contract", T0.plus(1)).shape;
    assert_eq!(known.keys().collect::<Vec<_>>(), [&name("contract")]);
    let known = &known[&name("contract")];
    assert_eq!((known.shape().expect("understood"), known.gone, known.raw.rows), (contract.clone(), false, Some(500)));
    assert!(known.is(&contract) && !known.is(&TableShape { comment: String::new(), ..contract }));
    let counted = Table { rows: Some(7), ..table("tenant", T0) };
    let room = Difference::Appeared { columns: 1, back: false };
    let page = [Fate::Same(name("contract")), Fate::Counted(counted), Fate::Different(table("room", T0), room.clone())];
    tx.readings().page(&id("src"), &page).await.expect("kept aside");
    let standing = tx.readings().all().await.expect("answers").remove(0);
    assert_eq!((standing.begun_at, standing.seen, standing.wanted_at), (Some(T0.plus(1)), 3, Some(T0)));
    let sums = tx.readings().switch(&id("src"), T0.plus(1), false).await.expect("switched");
    assert_eq!(sums, Sums { tables: 3, appeared: 1, changed: 0, vanished: 1 });
    tx.readings().end(&id("src"), T0.plus(1), T0.plus(2)).await.expect("ended");
    assert!(tx.readings().forget_some(&id("src")).await.expect("forgotten"));
    assert!(!tx.readings().forget_some(&id("src")).await.expect("none is left"));
    let standing = tx.readings().all().await.expect("answers").remove(0);
    assert_eq!((standing.begun_at, standing.wanted_at, standing.ended_at), (None, None, Some(T0.plus(2))));
    let changes = tx.readings().changes(&id("src"), None, 10).await.expect("answers");
    let what: Vec<_> = changes.iter().map(|change| (change.table.clone(), &change.difference)).collect();
    assert_eq!(what, [(name("room"), &room), (name("visit"), &Difference::Vanished)]);
    let after = (changes[0].at, changes[0].table.clone());
    assert_eq!(tx.readings().changes(&id("src"), Some(&after), 10).await.expect("answers"), changes[1..]);
    assert_eq!(
        tx.tables().get(&id("src"), &name("tenant")).await.expect("answers").and_then(|table| table.rows),
        Some(7)
    );
    tx.readings().begin(&id("src"), T0.plus(3)).await.expect("begun");
    tx.readings().page(&id("src"), &[Fate::Same(name("contract")), Fate::Same(name("tenant"))]).await.expect("kept");
    tx.readings().switch(&id("src"), T0.plus(3), false).await.expect("switched");
    tx.readings().end(&id("src"), T0.plus(3), T0.plus(3)).await.expect("ended");
    commit(tx, T0).await;

    let mut tx = place.read().await;
    let contract = table("contract", T0.plus(1));
    assert_eq!(tx.tables().get(&id("src"), &name("contract")).await.expect("answers"), Some(contract));
    assert_eq!(tx.tables().get(&id("src"), &name("visit")).await.expect("answers"), None, "it is gone");
    assert_eq!(tx.tables().count(&id("src")).await.expect("answers"), 2);
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
