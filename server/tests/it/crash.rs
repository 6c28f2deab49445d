//! The real binary, killed: whatever moment it dies at, the next start ends with one job, one copy and a true state.

use std::path::Path;

use api::inbox::Verdict;
use api::requests::{Ask, ItemRow, RequestView};
use api::{Page, Read, paths};
use domain::change::Happened;
use domain::ids::{CopyId, RequestId};
use domain::job::target_of;
use domain::name::TableName;
use domain::request::AskedTable;
use domain::tally::Tally;
use domain::tier::Tier;
use lake::{Warehouse, commit_user};
use lakegate::outside::source::sample::expected;
use lakegate::store::Store;
use serde_json::Value;
use sqlx::{AnyConnection, Connection};

use crate::client::verdict;
use crate::process::{Data, Server, until, until_told};

/// The two biggest tables of the sample, with their rows.
fn tables() -> Vec<(TableName, u64)> {
    let mut all = expected();
    all.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    all.truncate(2);
    all
}

/// Lin asks for the tables and Chen lets them in; Chen's call may find the server dead already.
async fn ask_and_approve(server: &Server) -> RequestId {
    let lin = server.sign_in("lin").await;
    let choices: Value = lin.get(paths::CHOICES).await.expect("choices");
    let source = choices["sources"][0]["id"].as_str().expect("the demo has a source").to_owned();
    let known =
        |table: &TableName| paths::fill(paths::TABLE_ONE, &[&source, table.database.as_str(), table.table.as_str()]);
    let asked = tables().into_iter().map(|(table, _)| AskedTable { source: source.parse().expect("an id"), table });
    let ask = Ask {
        title: "Everything".into(),
        reason: "The board wants it.".into(),
        route: "lake".parse().expect("an id"),
        tier: Tier::Minutes,
        keep_until: String::new(),
        heir: String::new(),
        tables: asked.collect(),
    };
    for asked in &ask.tables {
        let path = known(&asked.table);
        until("the catalogue is read", async || lin.get::<Value>(&path).await).await;
    }
    let request = lin.post::<RequestView>(paths::REQUESTS, &ask).await.expect("a new request").row.id;
    let chen = server.sign_in("chen").await;
    let yes = verdict(Verdict::Approve, "");
    chen.post::<Value>(&paths::fill(paths::REQUEST_DECISION, &[request.as_str()]), &yes).await;
    request
}

/// Starts the server again, waits until everything is ready, stops it, and holds what it says against the lake.
async fn ends_well(data: &Data, request: &RequestId) {
    let server = data.serve().await;
    let lin = server.sign_in("lin").await;
    let one = paths::fill(paths::REQUEST_ONE, &[request.as_str()]);
    let items = paths::fill(paths::REQUEST_ITEMS, &[request.as_str()]);
    until_told("all is ready", async || {
        let view = lin.get::<Read<RequestView>>(&one).await.ok_or("no request")?.thing;
        let items = lin.get::<Page<ItemRow>>(&items).await.ok_or("no items")?.rows;
        let tally = Tally::of(items.iter().map(|item| (item.part, 1)));
        assert_eq!(tally.requested(), 2, "nothing is lost, nothing doubled");
        let ready = view.row.tally == tally && tally.ready == 2;
        if ready { Ok(()) } else { Err(format!("{items:?} {}", data.log())) }
    })
    .await;
    server.stop().await;
    let store = Store::open(&data.database()).await.expect("the server is gone");
    one_of_everything(&store, &Warehouse::open(&data.warehouse()).expect("a warehouse"), request).await;
    store.close().await;
}

async fn one_of_everything(store: &Store, lake: &Warehouse, request: &RequestId) {
    let mut tx = store.read().await.expect("the store answers");
    assert_eq!(tx.changes().first_broken().await.expect("answers"), None);
    assert_eq!(tx.jobs().all().await.expect("answers").len(), 1, "one job");
    assert_eq!(tx.tasks().queued().await.expect("answers"), 0, "no work is left");
    let lines = tx.changes().of_request(request, i64::MAX, 1_000).await.expect("answers");
    for (record, (table, rows)) in tx.items().of_request(request).await.expect("answers").into_iter().zip(tables()) {
        let item = record.item;
        assert_eq!(item.table, table);
        let told = |what: &dyn Fn(&Happened) -> bool| {
            lines.iter().filter(|line| line.change.items.contains(&item.id) && what(&line.change.happened)).count()
        };
        assert_eq!(told(&|happened| matches!(happened, Happened::Placed { .. })), 1, "{lines:?}");
        assert_eq!(told(&|happened| matches!(happened, Happened::Ready { .. })), 1, "{lines:?}");
        let proof = item.state.proof().expect("it is ready");
        assert_eq!((proof.source_rows, proof.lake_rows), (rows, rows));
        let facts = lake.facts(&item.target).await.expect("the lake answers").expect("a table");
        let latest = facts.latest.expect("a snapshot");
        assert_eq!((facts.snapshots, latest.id), (1, proof.snapshot), "{table}: one commit, and it is the proven one");
        assert_eq!(lake.count(&item.target).await.expect("it can be counted"), rows);
        let landed = tx.copies().landed_of(&item.id, 10).await.expect("answers");
        assert_eq!(landed.len(), 1, "{table}: one copy landed: {landed:?}");
        assert_eq!(latest.commit_user, commit_user(&landed[0].id));
    }
}

/// The copies in the ledger: of which item, which, and how far they came.
async fn copies(data: &Data) -> Vec<(String, CopyId, String)> {
    sqlx::any::install_default_drivers();
    let mut raw = AnyConnection::connect(&data.database()).await.expect("the database answers");
    let copies = sqlx::query_as("SELECT item_id, id, state FROM copies ORDER BY begun_at, id");
    let copies: Vec<(String, String, String)> = copies.fetch_all(&mut raw).await.expect("the database answers");
    raw.close().await.expect("it closes");
    copies.into_iter().map(|(item, copy, state)| (item, copy.parse().expect("an id"), state)).collect()
}

/// Who committed the newest snapshots in the lake.
async fn committers(data: &Data) -> Vec<String> {
    let lake = Warehouse::open(&data.warehouse()).expect("a warehouse");
    let mut committers = Vec::new();
    for (table, _) in tables() {
        let facts = lake.facts(&target_of(&table).expect("a name")).await.expect("the lake answers");
        committers.extend(facts.and_then(|facts| facts.latest).map(|latest| latest.commit_user));
    }
    committers
}

/// The server dies at the point by itself; what it left is given back.
async fn dies_at(point: &str) -> (Data, RequestId) {
    let data = Data::new().await;
    let mut server = data.serve_until(point).await;
    let request = ask_and_approve(&server).await;
    server.dies().await;
    (data, request)
}

#[tokio::test]
async fn dead_in_the_middle_of_a_copy_it_copies_anew() {
    for point in ["copy.rows", "copy.counted"] {
        let (data, request) = dies_at(point).await;
        ends_well(&data, &request).await;
    }
}

#[tokio::test]
async fn dead_between_commit_and_note_it_knows_the_copy_by_its_commit() {
    let (data, request) = dies_at("copy.committed").await;
    let committers = committers(&data).await;
    let unnoted =
        |(_, copy, state): &(_, CopyId, String)| state == "counted" && committers.contains(&commit_user(copy));
    let unnoted: Vec<_> = copies(&data).await.into_iter().filter(unnoted).collect();
    assert!(!unnoted.is_empty(), "it died with a commit that was not noted");
    ends_well(&data, &request).await;
    let ended = copies(&data).await;
    for (item, copy, _) in unnoted {
        let own: Vec<_> = ended.iter().filter(|(of, ..)| *of == item).collect();
        assert_eq!(own, [&(item.clone(), copy, "landed".to_owned())], "the same copy, and no second one");
    }
}

#[tokio::test]
async fn dead_before_or_after_the_engine_was_told_it_tells_it_again() {
    for point in ["create", "create.done", "start", "start.done"] {
        let (data, request) = dies_at(point).await;
        ends_well(&data, &request).await;
    }
}

/// Moments in the life of the biggest table's copy, as somebody outside can see them.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// Its intent is written.
    Begun,
    /// Its first data file is there.
    Writing,
    /// It is committed.
    Committed,
}

impl Moment {
    fn is_here(self, folder: &Path) -> bool {
        let any_in = |folder: &Path| std::fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some());
        match self {
            Self::Begun => any_in(&folder.join("schema")),
            Self::Writing => any_in(&folder.join("bucket-0")),
            Self::Committed => any_in(&folder.join("snapshot")),
        }
    }
}

#[tokio::test]
async fn killed_at_any_moment_of_a_copy_it_ends_with_one_copy() {
    let biggest = target_of(&tables()[0].0).expect("a name");
    for moment in [Moment::Begun, Moment::Writing, Moment::Committed] {
        let data = Data::new().await;
        let folder = data.warehouse().join(format!("{}.db", biggest.database)).join(biggest.table.as_str());
        let mut server = data.serve().await;
        let request = ask_and_approve(&server).await;
        until("the moment is here", async || moment.is_here(&folder).then_some(())).await;
        server.kill();
        // And once more, right after it came back.
        data.serve().await.kill();
        ends_well(&data, &request).await;
    }
}
