//! A store on a database of its own, and short words for what the tests of the store put into it.

use domain::change::{Actor, Change, Happened, Topic};
use domain::engine::SetUp;
use domain::item::{Item, Kind, State};
use domain::job::{Job, Wanted};
use domain::name::TableName;
use domain::person::Person;
use domain::proof::Landed;
use domain::request::{Asked, AskedTable, Request};
use domain::route::Route;
use domain::tier::Tier;
use domain::time::{Millis, SECOND};
use lakegate::store::requests::hash_of;
use lakegate::store::sources::Source;
use lakegate::store::{Store, Tx};
use sqlx::{AnyConnection, Connection};
use tempfile::TempDir;

use crate::harness::Database;

/// When the story begins.
pub const T0: Millis = Millis(1_794_967_200_000);

/// A store on a database of its own.
pub struct Place {
    pub store: Store,
    pub database: Database,
    pub folder: TempDir,
}

impl Place {
    /// One on SQLite, and one on PostgreSQL where the tests are given a server. In CI they must be.
    pub async fn each() -> Vec<Self> {
        let mut places = vec![Self::on(Database::Sqlite).await];
        match std::env::var("TEST_POSTGRES_URL") {
            Ok(server) => places.push(Self::on(Database::make_postgres(&server).await).await),
            Err(_) => assert!(std::env::var("CI").is_err(), "in CI, TEST_POSTGRES_URL must name a server"),
        }
        places
    }

    pub async fn on(database: Database) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&database.url(folder.path())).await.expect("a store");
        Self { store, database, folder }
    }

    /// A connection past the store, as somebody would have it who tampers.
    pub async fn raw(&self) -> AnyConnection {
        AnyConnection::connect(&self.database.url(self.folder.path())).await.expect("the database answers")
    }

    /// Takes the database away.
    pub async fn leave(self) {
        self.store.close().await;
        self.database.remove().await;
    }

    pub async fn begin(&self) -> Tx {
        self.store.begin().await.expect("the store answers")
    }

    pub async fn read(&self) -> Tx {
        self.store.read().await.expect("the store answers")
    }
}

pub async fn commit(tx: Tx, at: Millis) -> Option<i64> {
    tx.commit(at).await.expect("it commits")
}

/// An id.
pub fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("an id")
}

pub fn name(table: &str) -> TableName {
    TableName::parse("lease", table).expect("a name")
}

/// A line about nothing that matters.
pub fn line(what: &str) -> Change {
    Change::of(Topic::Source, what, Actor::Console, Happened::SourceAdded { name: what.into() })
}

/// A submitted item of a request of `ana`.
pub fn item(what: &str, request: &str, table: &str) -> Item {
    Item {
        id: id(what),
        kind: Kind::Bring,
        request: id(request),
        requester: id("ana"),
        source: id("src"),
        table: name(table),
        route: id("lake"),
        target: TableName::parse("ods_lease", table).expect("a name"),
        tier: Tier::Minutes,
        job: None,
        state: State::Submitted { at: T0 },
        landed: None,
        trouble: None,
        version: 1,
    }
}

pub fn request(what: &str, number: i64, tables: &[&str]) -> Request {
    let tables = tables.iter().map(|table| AskedTable { source: id("src"), table: name(table) }).collect();
    let asked = Asked {
        title: what.into(),
        reason: "a story".into(),
        route: id("lake"),
        tier: Tier::Minutes,
        keep_until: String::new(),
        heir: String::new(),
        tables,
    };
    let hash = hash_of(&asked);
    let (requester, team) = (id("ana"), Some(id("analysts")));
    Request { id: id(what), number, requester, team, asked, hash, submitted_at: T0, version: 1 }
}

pub fn job(what: &str) -> Job {
    let (source, route) = (id("src"), id("lake"));
    Job {
        id: id(what),
        name: "lg-lease-m".into(),
        source,
        route,
        tier: Tier::Minutes,
        wanted: Wanted::Running,
        version: 1,
    }
}

pub fn landed(snapshot: i64) -> Landed {
    let columns = vec!["id".parse().expect("a name")];
    Landed { snapshot, rows: 500, read_at: T0, committed_at: T0.plus(SECOND), columns }
}

/// Ana of the analysts, bo who owns the source, ops; one source, one route.
pub async fn people_and_places(place: &Place) {
    let mut tx = place.begin().await;
    let team = tx.people().team(&id("analysts"), "Analysts").await.expect("a team");
    assert_eq!(tx.people().team(&id("another"), "Analysts").await.expect("the same team"), team);
    for (login, team, operator) in [("ana", Some(team), false), ("bo", None, false), ("ops", None, true)] {
        let (shown, login) = (login.to_uppercase(), login.to_owned());
        let person = Person { id: id(&login), login, shown, team, operator, disabled: false };
        tx.people().add(&person, "a hash").await.expect("a new person");
    }
    let source = Source::new(id("src"), "lease", domain::source::Place::sqlite("lease"));
    tx.sources().add(&source).await.expect("a new source");
    tx.sources().add_owner(&id("src"), &id("bo")).await.expect("an owner");
    tx.sources().add_owner(&id("src"), &id("bo")).await.expect("twice is once");
    let route = Route::new(id("lake"), "lake", SetUp::Embedded, vec![Tier::Minutes]);
    tx.routes().add(&route).await.expect("a new route");
    assert_eq!(commit(tx, T0).await, None, "no line, no number");
}
