//! Provisioning, broken everywhere: the laws of sagas over the real store, the queue, and an engine that remembers.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use domain::ids::ItemId;
use domain::item::TRIES;
use domain::time::SECOND;
use lakegate::outside::Outside;
use lakegate::outside::engine::fake::FakeEngine;
use lakegate::outside::engine::{Engine, EngineError, JobSeen, JobSpec, TableSeen};
use lakegate::state::AppState;
use lakegate::work::queue;
use sqlx::{AnyConnection, Connection, Executor};

use crate::harness::TestApp;
use crate::saga_laws::{Break, Ending, Subject, Wire, laws, to_the_end};

/// The engine that remembers, over a wire.
struct Wired(Arc<FakeEngine>, Arc<Wire>);

#[async_trait]
impl Engine for Wired {
    async fn find(&self, job: &str) -> Result<Option<JobSeen>, EngineError> {
        self.1.call(self.0.find(job)).await?
    }

    async fn create(&self, spec: &JobSpec) -> Result<(), EngineError> {
        self.1.call(self.0.create(spec)).await?
    }

    async fn start(&self, spec: &JobSpec) -> Result<(), EngineError> {
        self.1.call(self.0.start(spec)).await?
    }

    async fn stop(&self, job: &str) -> Result<(), EngineError> {
        self.1.call(self.0.stop(job)).await?
    }

    async fn remove(&self, job: &str) -> Result<(), EngineError> {
        self.1.call(self.0.remove(job)).await?
    }

    async fn observe(&self, job: &str) -> Result<Vec<TableSeen>, EngineError> {
        self.1.call(self.0.observe(job)).await?
    }
}

/// Provisioning of one approved table, as the queue runs it on the real store.
struct Provisioning {
    app: TestApp,
    /// The same, with the engine over a wire.
    state: AppState,
    wire: Arc<Wire>,
    item: ItemId,
    /// A way past the store, to break it.
    past: tokio::sync::Mutex<AnyConnection>,
}

/// Counts what the saga writes of tasks and items, and fails when it is told to.
const BREAKABLE: &str = "
    CREATE TABLE broken (left_over BIGINT, written BIGINT);
    INSERT INTO broken VALUES (-1, 0);
    CREATE TRIGGER break_tasks BEFORE UPDATE OF step, problem ON tasks BEGIN
        SELECT RAISE(ABORT, 'the disk is full') FROM broken WHERE left_over = 0;
        UPDATE broken SET left_over = left_over - 1, written = written + 1;
    END;
    CREATE TRIGGER break_items BEFORE UPDATE OF state ON items BEGIN
        SELECT RAISE(ABORT, 'the disk is full') FROM broken WHERE left_over = 0;
        UPDATE broken SET left_over = left_over - 1, written = written + 1;
    END;
";

impl Provisioning {
    /// The only table of its job.
    async fn alone() -> Self {
        Self::new(TestApp::new().await).await
    }

    /// A table that joins the job of another.
    async fn joining() -> Self {
        let app = TestApp::new().await;
        app.started(&["contract"]).await;
        Self::new(app).await
    }

    async fn new(app: TestApp) -> Self {
        let (ana, request) = app.approved(&["tenant"]).await;
        app.state.clock.advance(app.state.config.deadlines.approved);
        let item = ana.item(&request, "tenant").await.id;
        let wire = Arc::new(Wire::default());
        let engine: Arc<dyn Engine> = Arc::new(Wired(app.engine.clone(), wire.clone()));
        let of = &app.state;
        let engines = of.outside.engines.clone().with_embedded(engine);
        let outside = Outside { engines, ..of.outside.clone() };
        let state = AppState::new(
            of.store.clone(),
            outside,
            of.vault.clone(),
            of.clock.clone(),
            of.ids.clone(),
            of.config.clone(),
        );
        let url = format!("sqlite://{}", app.folder.path().join("lakegate.db").display());
        let mut past = AnyConnection::connect(&url).await.expect("the database answers");
        past.execute(BREAKABLE).await.expect("breakable");
        Self { app, state, wire, item, past: tokio::sync::Mutex::new(past) }
    }

    async fn leave(&self, left: i64) {
        let mut past = self.past.lock().await;
        let leave = sqlx::query("UPDATE broken SET left_over = $1").bind(left);
        leave.execute(&mut *past).await.expect("the database answers");
    }
}

impl Subject for Provisioning {
    /// Jobs by name: whether they run, and their tables.
    type Effects = BTreeMap<String, (bool, Vec<ItemId>)>;

    async fn turn(&self) {
        // A run that broke off is taken up by the next.
        if let Err(problem) = queue::run_one(&self.state).await {
            tracing::debug!(error = ?problem, "broke off");
        }
    }

    async fn wait(&self) {
        self.state.clock.advance(queue::LEASE + SECOND);
    }

    async fn ended(&self) -> Option<Ending> {
        let mut tx = self.state.store.read().await.expect("the store answers");
        if tx.tasks().queued().await.expect("answers") > 0 {
            return None;
        }
        let item = tx.items().get(&self.item).await.expect("is there").item;
        let lines = tx.changes().of_request(&item.request, i64::MAX, 100).await.expect("answers");
        let told = lines.into_iter().map(|line| line.change.happened.say("").key).collect();
        assert!(["starting", "failed"].contains(&item.state.word()), "{:?}", item.state);
        assert_eq!(tx.changes().first_broken().await.expect("answers"), None);
        Some(Ending { done: item.state.word() == "starting", told })
    }

    fn effects(&self) -> Self::Effects {
        let memory = self.app.engine.memory();
        assert_eq!(memory.doubled, 0);
        let tables = |spec: &JobSpec| spec.tables.iter().map(|table| table.item.clone()).collect();
        memory.jobs.iter().map(|(name, job)| (name.clone(), (job.running, tables(&job.spec)))).collect()
    }

    fn wire(&self) -> &Wire {
        &self.wire
    }

    async fn writes(&self) -> i64 {
        let mut past = self.past.lock().await;
        let written = sqlx::query_scalar("SELECT written FROM broken").fetch_one(&mut *past).await;
        written.expect("the database answers")
    }

    async fn break_memory(&self, after: i64) {
        self.leave(after).await;
    }

    async fn mend_memory(&self) {
        self.leave(-1).await;
    }
}

#[tokio::test]
async fn provisioning_the_only_table_of_a_job_keeps_the_laws() {
    laws(Provisioning::alone).await;
}

#[tokio::test]
async fn provisioning_a_table_that_joins_a_job_keeps_the_laws() {
    laws(Provisioning::joining).await;
}

#[tokio::test]
async fn an_engine_that_stays_busy_is_given_up_and_nothing_stays() {
    for make in [true, false] {
        let subject = if make { Provisioning::alone().await } else { Provisioning::joining().await };
        let before = subject.effects();
        for call in 0..=usize::try_from(TRIES).expect("few") {
            subject.wire().break_call(call, Break::Busy);
        }
        let ending = to_the_end(&subject).await;
        assert!(!ending.done);
        assert_eq!(subject.effects(), before);
        assert_eq!(ending.told.first().map(String::as_str), Some("cause.engine_away"), "{:?}", ending.told);
    }
}
