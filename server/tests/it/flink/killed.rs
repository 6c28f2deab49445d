//! The real binary, killed at every point of a start and of a stop: afterwards there is one job, and the memory knows it.

use std::path::Path;

use api::inbox::Verdict;
use api::requests::{Ask, ItemRow, RequestView, Tend, TendVerb};
use api::routes::{RouteForm, RouteView};
use api::{Page, paths};
use domain::ids::RequestId;
use domain::run::{Run, Stage};
use domain::tier::Tier;
use doubles::flink::Flink;
use lakegate::store::Store;
use serde_json::{Value, json};

use crate::client::{ask_in, verdict};
use crate::mysql::server::Server as Database;
use crate::process::{Data, Server, until, until_told};

/// The password of the account that copies: it may stand in clear nowhere on our side.
const CANARY: &str = "canary in a coal mine 4711";

/// How much faster than ours the cluster's time goes.
const SPEED: u32 = 20;

/// A server whose demo has a source at a real database and a route to a cluster.
struct Place {
    data: Data,
    flink: Flink,
    source: String,
    route: String,
    database: Database,
}

impl Place {
    async fn each() -> Vec<Self> {
        let mut all = Vec::new();
        for database in Database::each().await {
            all.push(Self::at(database).await);
        }
        all
    }

    async fn at(database: Database) -> Self {
        database.run("CREATE TABLE tenant (id int PRIMARY KEY); CREATE TABLE contract (id int PRIMARY KEY)").await;
        let login = database.account("cdc", CANARY, &["SELECT ON *.*"]).await;
        let (data, flink) = (Data::new().await, Flink::start_at(0, SPEED).await.expect("a free port"));
        flink.memory().world.password = Some(CANARY.into());
        for table in ["tenant", "contract"] {
            flink.memory().world.add(database.database.as_str(), table, 100);
        }
        let server = data.serve().await;
        let ops = server.sign_in("ops").await;
        let form = json!({ "name": "shop", "kind": "mysql", "path": "", "host": "127.0.0.1", "port": database.port,
            "tls": "preferred", "ca": "", "catalogue": login, "copying": login });
        let save = json!({ "form": form, "catalogue_password": CANARY, "copying_password": CANARY });
        let source = ops.post::<Value>(paths::SOURCES, &save).await.expect("a source");
        let route = RouteForm {
            name: "cluster".into(),
            engine: "flink".into(),
            address: flink.url(),
            warehouse: String::new(),
            readers: None,
            tiers: vec![Tier::Minutes],
            database: "dw_{database}".into(),
            table: "{table}".into(),
            most_tables: None,
            most_bytes: None,
            owner: None,
            closed: false,
            version: 0,
        };
        let route = ops.post::<RouteView>(paths::ROUTES, &route).await.expect("a route").id.to_string();
        let source = source["row"]["id"].as_str().expect("it has an id").to_owned();
        let known = paths::fill(paths::TABLE_ONE, &[&source, database.database.as_str(), "contract"]);
        let lin = server.sign_in("lin").await;
        until("the catalogue is read", async || lin.get::<Value>(&known).await).await;
        server.stop().await;
        Self { data, flink, source, route, database }
    }

    /// Lin asks for both tables, and an operator lets them in: nobody owns the source. The server may be dead by then.
    async fn ask_and_approve(&self, server: &Server) -> RequestId {
        let lin = server.sign_in("lin").await;
        let route = self.route.parse().expect("an id");
        let ask = ask_in(&self.source, self.database.database.as_str(), &["tenant", "contract"]);
        let ask = Ask { route, tier: Tier::Minutes, ..ask };
        let request = lin.post::<RequestView>(paths::REQUESTS, &ask).await.expect("a new request").row.id;
        let ops = server.sign_in("ops").await;
        let yes = verdict(Verdict::Approve, "");
        ops.post::<Value>(&paths::fill(paths::REQUEST_DECISION, &[request.as_str()]), &yes).await;
        request
    }

    /// Waits until so many tables are read by one job that the memory knows, and nothing else lives.
    async fn ends_with(&self, server: &Server, request: &RequestId, tables: usize) {
        let lin = server.sign_in("lin").await;
        let items = paths::fill(paths::REQUEST_ITEMS, &[request.as_str()]);
        until_told("one job reads the tables", async || {
            let items = lin.get::<Page<ItemRow>>(&items).await.ok_or("no items")?.rows;
            let moving = items.iter().filter(|item| ["copying", "verifying"].contains(&item.state.as_str())).count();
            let live = self.live();
            let fine = moving == tables && live.len() == 1 && live[0].1 == tables;
            if fine { Ok(()) } else { Err(format!("{live:?} {items:?} {}", self.data.log())) }
        })
        .await;
    }

    /// Jobs that live at the cluster, with how many tables each has. None of one name ever lived beside another.
    fn live(&self) -> Vec<(String, usize)> {
        let memory = self.flink.memory();
        assert_eq!(memory.ever_doubled().count(), 0, "two jobs of one name lived");
        memory.jobs().filter(|job| job.lives()).map(|job| (job.id.clone(), job.tables.len())).collect()
    }

    /// What lives is what the memory says, and nothing ever ran that it does not know.
    async fn nobody_is_forgotten(self, server: Server) {
        server.stop().await;
        let store = Store::open(&self.data.database()).await.expect("the server is gone");
        let mut tx = store.read().await.expect("the store answers");
        let mut runs: Vec<Run> = Vec::new();
        for job in tx.jobs().all().await.expect("answers") {
            runs.extend(tx.runs().of_job(&job.name).await.expect("answers"));
        }
        drop(tx);
        store.close().await;
        let accepted: Vec<_> =
            runs.iter().filter(|run| run.stage == Stage::Accepted).map(|run| run.id.to_string()).collect();
        let live: Vec<_> = self.live().into_iter().map(|(id, _)| id).collect();
        assert_eq!(live, accepted);
        no_canary(self.data.folder.path());
        let memory = self.flink.memory();
        for ran in memory.ran() {
            assert!(runs.iter().any(|run| run.id.as_str() == ran.id), "{ran:?} is known to nobody");
        }
    }
}

/// Nothing that we wrote, log and database among it, holds the password.
fn no_canary(folder: &Path) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        if entry.file_type().expect("a kind").is_dir() {
            no_canary(&entry.path());
            continue;
        }
        let bytes = std::fs::read(entry.path()).expect("it can be read");
        let holds = bytes.windows(CANARY.len()).any(|part| part == CANARY.as_bytes());
        assert!(!holds, "{} holds the password", entry.path().display());
    }
}

#[tokio::test]
async fn killed_at_any_point_of_a_start_there_is_one_job() {
    for point in ["create", "create.done", "start", "flink.run", "flink.run.done", "start.done"] {
        for place in Place::each().await {
            let mut server = place.data.serve_until(point).await;
            let request = place.ask_and_approve(&server).await;
            server.dies().await;
            let server = place.data.serve().await;
            place.ends_with(&server, &request, 2).await;
            place.nobody_is_forgotten(server).await;
        }
    }
}

#[tokio::test]
async fn killed_at_any_point_of_a_stop_the_job_goes_on_with_the_shorter_list() {
    for point in ["flink.stop", "flink.stop.done", "flink.run", "flink.run.done"] {
        for place in Place::each().await {
            let server = place.data.serve().await;
            let request = place.ask_and_approve(&server).await;
            place.ends_with(&server, &request, 2).await;
            server.stop().await;
            let mut server = place.data.serve_until(point).await;
            let lin = server.sign_in("lin").await;
            let items = paths::fill(paths::REQUEST_ITEMS, &[request.as_str()]);
            let item = lin.get::<Page<ItemRow>>(&items).await.expect("its items").rows.remove(0).id;
            lin.post::<Value>(paths::ITEMS_TEND, &Tend { verb: TendVerb::LeaveOut, items: vec![item] }).await;
            server.dies().await;
            let server = place.data.serve().await;
            place.ends_with(&server, &request, 1).await;
            place.nobody_is_forgotten(server).await;
        }
    }
}
