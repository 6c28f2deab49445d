//! A server, a real database at its source, and the double of a cluster, whose clock goes with ours.

use std::time::Duration;

use api::requests::{Ask, RequestView};
use domain::cause::CauseCode;
use domain::engine::{Flink as Place, Readers, SetUp};
use domain::ids::{ItemId, RequestId};
use domain::route::{Naming, Route};
use domain::run::Run;
use domain::tier::Tier;
use domain::time::SECOND;
use doubles::flink::{Flink, Pace};

use crate::client::{Client, ask_in};
use crate::harness::TestApp;
use crate::mysql::server::Server;

/// The tables at the source; what the lake gets of them has the same three columns.
pub const TABLES: &str = "
    CREATE TABLE tenant (id bigint PRIMARY KEY, name varchar(64), mobile_no varchar(20));
    INSERT INTO tenant VALUES (0, 'n0', '1'), (1, 'n1', '2'), (2, 'n2', '3');
    CREATE TABLE contract (id bigint PRIMARY KEY, name varchar(64), mobile_no varchar(20));
    INSERT INTO contract VALUES (0, 'n0', '1'), (1, 'n1', '2')";

/// All of it.
pub struct Cluster {
    pub app: TestApp,
    pub server: Server,
    pub flink: Flink,
}

impl Cluster {
    /// One at each database server that the tests are given.
    pub async fn each() -> Vec<Self> {
        let mut all = Vec::new();
        for server in Server::each().await {
            all.push(Self::at(server).await);
        }
        all
    }

    async fn at(server: Server) -> Self {
        let (app, flink) = (TestApp::new().await, Flink::start().await);
        server.run(TABLES).await;
        {
            let mut memory = flink.memory();
            memory.pace = Pace::AT_ONCE;
            memory.world.password = Some("the word".into());
            memory.world.add(server.database.as_str(), "tenant", 3);
            memory.world.add(server.database.as_str(), "contract", 2);
        }
        let login = server.account("cdc", "the word", &["SELECT ON *.*"]).await;
        app.add_source("shop", domain::source::Place::Mysql(server.place_of(&login, &login)), "the word").await;
        let set_up = SetUp::Flink(Place {
            address: flink.url().parse().expect("an address"),
            warehouse: "file:///lake".parse().expect("a folder"),
            readers: Readers::default(),
        });
        let naming = Naming { database: "dw".parse().expect("a pattern"), ..Naming::default() };
        let id = "cluster".parse().expect("an id");
        let route = Route { naming, ..Route::new(id, "cluster", set_up, vec![Tier::Minutes]) };
        let mut tx = app.state.store.begin().await.expect("the store answers");
        tx.routes().add(&route).await.expect("a new route");
        tx.commit(app.now()).await.expect("the store answers");
        Self { app, server, flink }
    }

    /// Asks for tables; they are approved.
    pub async fn approved(&self, tables: &[&str]) -> (Client, RequestId) {
        let (ana, bo) = (self.app.requester("ana").await, self.app.approver("bo").await);
        let route = "cluster".parse().expect("an id");
        let ask = Ask { route, tier: Tier::Minutes, ..ask_in("shop", self.server.database.as_str(), tables) };
        let request = ana.submit(&ana.fresh_key(), &ask).await.read::<RequestView>().row.id;
        bo.approve(&request).await;
        (ana, request)
    }

    /// The same, and the cluster was told.
    pub async fn started(&self, tables: &[&str]) -> (Client, RequestId) {
        let asked = self.approved(tables).await;
        self.pass(30).await;
        asked
    }

    /// Lets time pass here and there, step by step, and works meanwhile.
    pub async fn pass(&self, seconds: u64) {
        for _ in 0..seconds.div_ceil(5) {
            self.flink.advance(Duration::from_secs(5));
            self.app.advance(5 * SECOND).await;
        }
    }

    /// Puts into the lake what the cluster would have committed, then lets time pass until the tables are ready.
    pub async fn ready(&self, tables: &[&str]) -> (Client, RequestId) {
        let (ana, request) = self.started(tables).await;
        for table in tables {
            let item = ana.item(&request, table).await;
            let rows = if *table == "tenant" { 3 } else { 2 };
            Box::pin(self.app.copy(&item.id, rows)).await;
        }
        self.pass(180).await;
        for table in tables {
            assert_eq!(ana.item(&request, table).await.state, "ready", "{:?}", ana.items(&request).await);
        }
        (ana, request)
    }

    /// The starts of the one job there is, the newest first.
    pub async fn runs(&self) -> Vec<Run> {
        let mut tx = self.app.state.store.read().await.expect("the store answers");
        let jobs = tx.jobs().all().await.expect("the store answers");
        let [job] = &jobs[..] else { panic!("one job, not {jobs:?}") };
        tx.runs().of_job(&job.name).await.expect("the store answers")
    }

    /// What is wrong with a table though its state stands.
    pub async fn trouble(&self, item: &ItemId) -> Option<CauseCode> {
        let mut tx = self.app.state.store.read().await.expect("the store answers");
        tx.items().get(item).await.expect("it is there").item.trouble.map(|cause| cause.code)
    }

    /// The jobs of the cluster that live, by the end of their name; never two of one name.
    pub fn live(&self) -> Vec<String> {
        let memory = self.flink.memory();
        assert_eq!(memory.ever_doubled().count(), 0, "two jobs of one name lived");
        assert_eq!(memory.doubled_server_ids(), [], "two jobs had one number");
        memory.jobs().filter(|job| job.lives()).map(|job| job.name.clone()).collect()
    }
}
