//! The real router over a real store, with a standing clock, counted ids and an engine that remembers.
//!
//! The source `lease` belongs to `bo`, the source `other` to nobody, so operators decide about it; both hold a database
//! `lease`. The route `lake` offers both tiers, `nightly` only the daily one.

mod database;
mod world;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::Router;
use domain::engine::SetUp;
use domain::ids::{ItemId, PersonId, RequestId};
use domain::person::Person;
use domain::route::Route;
use domain::source::{Account, Place};
use domain::tier::Tier;
use domain::time::{Millis, SECOND};
use lake::Warehouse;
use lakegate::config::Config;
use lakegate::http::password;
use lakegate::outside::Outside;
use lakegate::outside::engine::embedded::Embedded;
use lakegate::outside::engine::fake::FakeEngine;
use lakegate::outside::engine::flink::Tools;
use lakegate::outside::engine::{Engine, Engines};
use lakegate::outside::source::Opener;
use lakegate::state::{AppState, Clock, Ids};
use lakegate::store::sources::Source;
use lakegate::store::{Store, changes};
use lakegate::vault::{StoredPasswords, Vault};
use lakegate::work::Worker;
use lakegate::work::ledger::StoreLedger;
use lakegate::work::runs::StoreRuns;
use sqlx::Connection;
use tempfile::TempDir;

pub use self::database::Database;
use self::database::sqlite_file;
use self::world::TABLES;
use crate::client::Client;

/// 2026-11-18, 10:00 in Shanghai, where the settings' zone is.
pub const START: Millis = Millis(1_794_967_200_000);
/// Everybody's password.
pub const PASSWORD: &str = "a long password";

/// A server without a socket. Dropping it with due tasks left fails the test.
pub struct TestApp {
    pub state: AppState,
    /// The engine of both routes, unless the embedded one was asked for.
    pub engine: Arc<FakeEngine>,
    pub folder: TempDir,
    router: Router,
    worker: tokio::sync::Mutex<Worker>,
    database: Database,
    keys: Arc<AtomicU64>,
}

impl TestApp {
    /// With the engine that remembers, on SQLite.
    pub async fn new() -> Self {
        let app = Self::bare(Database::Sqlite, false).await;
        app.prepare().await;
        app
    }

    /// With the embedded engine, on SQLite.
    pub async fn with_embedded() -> Self {
        let app = Self::bare(Database::Sqlite, true).await;
        app.prepare().await;
        app
    }

    /// Without people, sources and routes.
    pub async fn empty() -> Self {
        Self::bare(Database::Sqlite, false).await
    }

    /// One on SQLite, and one on PostgreSQL where the tests are given a server.
    pub async fn on_each_database() -> Vec<Self> {
        let mut apps = vec![Self::new().await];
        if let Ok(server) = std::env::var("TEST_POSTGRES_URL") {
            let app = Self::bare(Database::make_postgres(&server).await, false).await;
            app.prepare().await;
            apps.push(app);
        }
        apps
    }

    async fn bare(database: Database, embedded: bool) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        // Sources are tested by themselves only where a test is about that.
        let config = Config { data: folder.path().to_owned(), test_every: 0, ..Config::default() };
        let (clock, ids) = (Clock::standing(START), Ids::counted());
        let store = Store::open(&database.url(folder.path())).await.expect("a store");
        let warehouse = Warehouse::open(&config.warehouse()).expect("a warehouse");
        let vault = Vault::new(&Vault::fresh_key()).expect("a key");
        let passwords = Arc::new(StoredPasswords::new(store.clone(), vault.clone()));
        let sources = Opener::new(config.sources(), vec![sqlite_file(folder.path())], passwords.clone(), clock.clone());
        let fake = Arc::new(FakeEngine::default());
        let engine: Arc<dyn Engine> = if embedded {
            let ledger = Arc::new(StoreLedger::new(store.clone(), clock.clone(), "this".into()));
            let (lake, clock, ids, zone) = (warehouse.clone(), clock.clone(), ids.clone(), config.zone_offset(START));
            let zone = Arc::new(move |_| zone);
            Arc::new(Embedded::new(lake, ledger, sources.clone(), clock, ids, zone))
        } else {
            fake.clone()
        };
        let runs = Arc::new(StoreRuns::new(store.clone(), clock.clone()));
        let tools = Tools { runs, sources: sources.clone(), clock: clock.clone(), ids: ids.clone() };
        let outside = Outside { engines: Engines::new(engine, tools, passwords), lake: warehouse, sources };
        let state = AppState::new(store, outside, vault, clock, ids, config);
        let (router, worker) = (lakegate::router(state.clone()), Worker::new(state.clone()));
        let worker = tokio::sync::Mutex::new(worker);
        Self { state, engine: fake, folder, router, worker, database, keys: Arc::default() }
    }

    /// Sources with their tables, the owner, the routes, the catalogue.
    async fn prepare(&self) {
        for name in ["lease", "other"] {
            std::fs::create_dir_all(self.source_file(name).parent().expect("it lies in a folder")).expect("a folder");
            self.change_source(name, TABLES).await;
        }
        self.add("bo", "leasing", false).await;
        let mut tx = self.state.store.begin().await.expect("the store answers");
        for name in ["lease", "other"] {
            let source = Source::new(name.parse().expect("an id"), name, Place::sqlite(name));
            tx.sources().add(&source).await.expect("a new source");
        }
        for (name, tiers) in [("lake", vec![Tier::Minutes, Tier::Daily]), ("nightly", vec![Tier::Daily])] {
            let id = name.parse().expect("an id");
            let route = Route::new(id, name, SetUp::Embedded, tiers);
            tx.routes().add(&route).await.expect("a new route");
        }
        tx.commit(START).await.expect("the store answers");
        self.own("bo", "lease").await;
        self.settle().await;
    }

    /// One more source, which `bo` owns; both of its accounts have this password. Its catalogue is read.
    pub async fn add_source(&self, name: &str, place: Place, password: &str) {
        self.set_password(name, password).await;
        let (id, name) = (name.parse().expect("an id"), name.to_owned());
        let mut tx = self.state.store.begin().await.expect("the store answers");
        let source = Source::new(id, name.clone(), place);
        tx.sources().add(&source).await.expect("a new source");
        tx.commit(self.now()).await.expect("the store answers");
        self.own("bo", &name).await;
        self.settle().await;
    }

    /// Keeps a password for both accounts of a source.
    pub async fn set_password(&self, source: &str, password: &str) {
        let source = source.parse().expect("an id");
        let mut tx = self.state.store.begin().await.expect("the store answers");
        for account in Account::ALL {
            self.state.vault.keep(&mut tx, &source, account, &password.to_owned().into()).await.expect("it is kept");
        }
        tx.commit(self.now()).await.expect("the store answers");
    }

    // ── people ──

    /// Nobody.
    pub fn anonymous(&self) -> Client {
        Client::new(self.router.clone(), self.keys.clone())
    }

    /// Somebody of the team `analysts`; all of them are team-mates.
    pub async fn requester(&self, login: &str) -> Client {
        self.person(login, "analysts", false).await
    }

    /// An owner of the source `lease`.
    pub async fn approver(&self, login: &str) -> Client {
        let client = self.person(login, "leasing", false).await;
        self.own(login, "lease").await;
        client
    }

    /// An operator.
    pub async fn operator(&self, login: &str) -> Client {
        self.person(login, "platform", true).await
    }

    /// Somebody who has to do with nobody's requests.
    pub async fn stranger(&self, login: &str) -> Client {
        self.person(login, "strangers", false).await
    }

    async fn person(&self, login: &str, team: &str, operator: bool) -> Client {
        let known = self.state.store.read().await.expect("answers").people().by_login(login).await.expect("answers");
        if known.is_none() {
            self.add(login, team, operator).await;
        }
        self.anonymous().sign_in(login, PASSWORD).await
    }

    /// Adds a person whose id is the sign-in name and whose name is that with a capital.
    pub async fn add(&self, login: &str, team: &str, operator: bool) {
        let hash = password::hash(PASSWORD.to_owned().into()).await.expect("hashes");
        let mut tx = self.state.store.begin().await.expect("the store answers");
        let team = tx.people().team(&self.state.ids.team(), team).await.expect("a team");
        let shown = format!("{}{}", login[..1].to_uppercase(), &login[1..]);
        let (id, login) = (person_id(login), login.to_owned());
        let person = Person { id, login, shown, team: Some(team), operator, disabled: false };
        tx.people().add(&person, &hash).await.expect("a new person");
        tx.commit(self.now()).await.expect("the store answers");
    }

    async fn own(&self, login: &str, source: &str) {
        let mut tx = self.state.store.begin().await.expect("the store answers");
        let source = source.parse().expect("an id");
        tx.sources().add_owner(&source, &person_id(login)).await.expect("an owner");
        tx.commit(self.now()).await.expect("the store answers");
    }

    /// Keeps somebody from signing in.
    pub async fn disable(&self, login: &str) {
        let mut tx = self.state.store.begin().await.expect("the store answers");
        tx.people().set_disabled(&person_id(login), true).await.expect("the store answers");
        tx.commit(self.now()).await.expect("the store answers");
    }

    /// What `ana` asked for and `bo` approved, not started yet.
    pub async fn approved(&self, tables: &[&str]) -> (Client, RequestId) {
        let (ana, bo) = (self.requester("ana").await, self.approver("bo").await);
        let request = ana.ask(tables).await.row.id;
        bo.approve(&request).await;
        (ana, request)
    }

    /// The same, and the engine was told.
    pub async fn started(&self, tables: &[&str]) -> (Client, RequestId) {
        let asked = self.approved(tables).await;
        self.advance(30 * SECOND).await;
        asked
    }

    // ── time and work ──

    pub fn now(&self) -> Millis {
        self.state.clock.now()
    }

    /// Moves the clock, then works until nothing is left to do.
    pub async fn advance(&self, span: i64) {
        self.state.clock.advance(span);
        self.settle().await;
    }

    /// Works until a round finds nothing to do.
    pub async fn settle(&self) {
        let mut worker = self.worker.lock().await;
        for _ in 0..200 {
            if !worker.round().await.expect("a round of work") {
                lakegate::search::follow::catch_up(&self.state).await.expect("the search follows");
                return;
            }
            worker.rest().await;
        }
        panic!("the work never comes to rest");
    }

    /// Works until the item of a table is in a state: the embedded engine works beside us, in real time.
    pub async fn until(&self, client: &Client, request: &RequestId, table: &str, state: &str) {
        let reached = async {
            while client.item(request, table).await.state != state {
                tokio::time::sleep(Duration::from_millis(10)).await;
                self.settle().await;
            }
        };
        let in_time = tokio::time::timeout(Duration::from_secs(30), reached).await;
        assert!(in_time.is_ok(), "{table} never became {state}: {:?}", client.items(request).await);
        client.request(request).await;
    }

    /// Another server over the same store: nobody who calls, and what it is made of.
    pub fn restarted(&self) -> (Client, AppState) {
        let now = &self.state;
        let (outside, vault) = (now.outside.clone(), now.vault.clone());
        let (clock, ids, config) = (now.clock.clone(), now.ids.clone(), now.config.clone());
        let state = AppState::new(now.store.clone(), outside, vault, clock, ids, config);
        (Client::new(lakegate::router(state.clone()), self.keys.clone()), state)
    }

    /// The same server by other settings.
    pub fn by_settings(&self, change: impl FnOnce(&mut Config)) -> AppState {
        let now = &self.state;
        let (outside, vault, mut config) = (now.outside.clone(), now.vault.clone(), now.config.clone());
        change(&mut config);
        AppState::new(now.store.clone(), outside, vault, now.clock.clone(), now.ids.clone(), config)
    }

    /// All lines of the log.
    pub async fn log(&self) -> Vec<changes::Line> {
        let mut tx = self.state.store.read().await.expect("the store answers");
        tx.changes().after(0, 10_000).await.expect("the store answers")
    }

    /// How many lines the log has: what wrote nothing leaves it as it was.
    pub async fn lines(&self) -> usize {
        self.log().await.len()
    }

    /// How many copies of an item were begun.
    pub async fn copies(&self, item: &ItemId) -> i64 {
        let mut connection = self.connect().await;
        let count = sqlx::query_scalar("SELECT count(*) FROM copies WHERE item_id = $1").bind(item.as_str());
        count.fetch_one(&mut connection).await.expect("the store answers")
    }

    /// A connection to the store beside its own.
    pub async fn connect(&self) -> sqlx::AnyConnection {
        let url = self.database.url(self.folder.path());
        sqlx::AnyConnection::connect(&url).await.expect("the store answers")
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.state.stop.cancel();
        let (url, now) = (self.database.url(self.folder.path()), self.now().0);
        let database = self.database.clone();
        // Away from the test's runtime, which waits here.
        let left = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let left = due_tasks(&url, now).await;
                database.remove().await;
                left
            })
        });
        let left = left.join().expect("the tasks can be counted");
        if !std::thread::panicking() {
            assert!(left.is_empty(), "tasks are due and nobody ran them: {left:?}");
        }
    }
}

async fn due_tasks(url: &str, now: i64) -> Vec<(String, String)> {
    let mut connection = sqlx::AnyConnection::connect(url).await.expect("the store answers");
    let due = sqlx::query_as("SELECT kind, payload FROM tasks WHERE state = 'queued' AND run_at <= $1").bind(now);
    let due = due.fetch_all(&mut connection).await.expect("the store answers");
    connection.close().await.expect("it closes");
    due
}

fn person_id(login: &str) -> PersonId {
    login.parse().expect("an id")
}
