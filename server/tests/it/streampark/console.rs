//! A server, a real database at its source, the double of a console and that of the cluster behind it. Their time goes on by
//! itself, for the engine waits for them; ours stands, and takes theirs along.

use std::sync::Arc;
use std::time::Duration;

use api::requests::{Ask, RequestView};
use domain::cause::CauseCode;
use domain::engine::{Flink as Place, Readers, SetUp, Streampark};
use domain::ids::{ItemId, RequestId};
use domain::route::{Naming, Route};
use domain::run::Run;
use domain::tier::Tier;
use domain::time::SECOND;
use doubles::flink::{Flink, Pace};
use doubles::streampark::{Profile, StreamPark};
use lakegate::outside::engine::streampark::client::Client as Api;
use lakegate::outside::engine::streampark::seen::App;
use lakegate::outside::engine::streampark::session::{Account, Kind};
use tokio::task::JoinHandle;

use crate::client::{Client, ask_in};
use crate::flink::TABLES;
use crate::harness::TestApp;
use crate::mysql::server::Server;

const MAIN: &str = "org.apache.paimon.flink.action.FlinkActions";

/// All of it.
pub struct Scene {
    pub app: TestApp,
    pub server: Server,
    pub flink: Arc<Flink>,
    pub console: Arc<StreamPark>,
    /// The team's calls, as a person makes them by hand.
    pub api: Api,
    ticks: JoinHandle<()>,
}

impl Drop for Scene {
    fn drop(&mut self) {
        self.ticks.abort();
    }
}

impl Scene {
    /// One at each database server that the tests are given.
    pub async fn each() -> Vec<Self> {
        Self::each_with(|_, _| ()).await
    }

    /// The same, with something changed before anything is asked.
    pub async fn each_with(change: impl Fn(&StreamPark, &Flink)) -> Vec<Self> {
        let mut all = Vec::new();
        for server in Server::each().await {
            let console = Box::pin(Self::at(server)).await;
            change(&console.console, &console.flink);
            all.push(console);
        }
        all
    }

    async fn at(server: Server) -> Self {
        let (app, flink) = (TestApp::new().await, Arc::new(Flink::start().await));
        server.run(TABLES).await;
        {
            let mut memory = flink.memory();
            memory.pace = Pace::AT_ONCE;
            memory.cluster.web_submit = false;
            memory.world.password = Some("the word".into());
            memory.world.add(server.database.as_str(), "tenant", 3);
            memory.world.add(server.database.as_str(), "contract", 2);
        }
        let console = Arc::new(StreamPark::start(Profile::V216, flink.clone()).await);
        console.template("paimon", MAIN);
        let login = server.account("cdc", "the word", &["SELECT ON *.*"]).await;
        app.add_source("shop", domain::source::Place::Mysql(server.place_of(&login, &login)), "the word").await;
        let set_up = SetUp::Streampark(Streampark {
            console: console.url().parse().expect("an address"),
            team: "100000".parse().expect("a team"),
            template: "paimon".parse().expect("a name"),
            login: "admin".into(),
            flink: Place {
                address: flink.url().parse().expect("an address"),
                warehouse: "file:///lake".parse().expect("a folder"),
                readers: Readers::default(),
            },
        });
        let naming = Naming { database: "dw".parse().expect("a pattern"), ..Naming::default() };
        let id = "console".parse().expect("an id");
        let route = Route { naming, ..Route::new(id, "console", set_up, vec![Tier::Minutes]) };
        let mut tx = app.state.store.begin().await.expect("the store answers");
        tx.routes().add(&route).await.expect("a new route");
        app.state.vault.keep_of_route(&mut tx, &route.id, &"streampark".into()).await.expect("it is kept");
        tx.commit(app.now()).await.expect("the store answers");
        let account = Account { user: "admin".into(), password: "streampark".into(), kind: Kind::Own };
        let api = Api::new(&console.url(), account, "100000").expect("an address");
        let ticks = ticks(console.clone());
        Self { app, server, flink, console, api, ticks }
    }

    /// Asks for tables; they are approved.
    pub async fn approved(&self, tables: &[&str]) -> (Client, RequestId) {
        let (ana, bo) = (self.app.requester("ana").await, self.app.approver("bo").await);
        let route = "console".parse().expect("an id");
        let ask = Ask { route, tier: Tier::Minutes, ..ask_in("shop", self.server.database.as_str(), tables) };
        let request = ana.submit(&ana.fresh_key(), &ask).await.read::<RequestView>().row.id;
        bo.approve(&request).await;
        (ana, request)
    }

    /// The same, and the console was told.
    pub async fn started(&self, tables: &[&str]) -> (Client, RequestId) {
        let asked = self.approved(tables).await;
        self.pass(30).await;
        asked
    }

    /// Lets time pass here and there, step by step, and works meanwhile.
    pub async fn pass(&self, seconds: u64) {
        for _ in 0..seconds.div_ceil(5) {
            self.console.advance(Duration::from_secs(5));
            Box::pin(self.app.advance(5 * SECOND)).await;
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

    /// The name of the one job there is.
    pub async fn job(&self) -> String {
        let mut tx = self.app.state.store.read().await.expect("the store answers");
        let jobs = tx.jobs().all().await.expect("the store answers");
        let [job] = &jobs[..] else { panic!("one job, not {jobs:?}") };
        job.name.clone()
    }

    /// The starts of the one job there is, the newest first.
    pub async fn runs(&self) -> Vec<Run> {
        let job = self.job().await;
        let mut tx = self.app.state.store.read().await.expect("the store answers");
        tx.runs().of_job(&job).await.expect("the store answers")
    }

    /// The one application of the one job.
    pub async fn row(&self) -> App {
        let mut rows = self.api.find(&self.job().await).await.expect("the console answers");
        assert_eq!(rows.len(), 1, "one row of a name: {rows:?}");
        rows.remove(0)
    }

    /// What is wrong with a table though its state stands.
    pub async fn trouble(&self, item: &ItemId) -> Option<CauseCode> {
        let mut tx = self.app.state.store.read().await.expect("the store answers");
        tx.items().get(item).await.expect("it is there").item.trouble.map(|cause| cause.code)
    }

    /// The ids of the jobs of the cluster that live; never two of one name.
    pub fn live(&self) -> Vec<String> {
        let memory = self.flink.memory();
        assert_eq!(memory.ever_doubled().count(), 0, "two jobs of one name lived");
        assert_eq!(memory.doubled_server_ids(), [], "two jobs had one number");
        memory.jobs().filter(|job| job.lives()).map(|job| job.id.clone()).collect()
    }
}

/// Faster than the real clock, but not so fast that checkpoints are gone before ours has noted them.
fn ticks(console: Arc<StreamPark>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(Duration::from_millis(5));
        loop {
            tick.tick().await;
            console.advance(Duration::from_millis(15));
        }
    })
}
