//! The world round a server: the files of its sources, what the engine says, the rows in the lake.

use std::path::PathBuf;

use domain::ids::ItemId;
use domain::proof::Landed;
use domain::types::LakeType;
use domain::value::Value;
use lake::{LakeColumn, LakeSchema};
use lakegate::outside::engine::Phase;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

use super::TestApp;

impl TestApp {
    /// The file of the database `lease` at a source.
    pub fn source_file(&self, source: &str) -> PathBuf {
        self.state.config.sources().join(source).join("lease.db")
    }

    /// Runs statements on the database `lease` at a source.
    pub async fn change_source(&self, source: &str, statements: &str) {
        let options = SqliteConnectOptions::new().filename(self.source_file(source)).create_if_missing(true);
        let mut connection = options.connect().await.expect("a database");
        connection.execute(AssertSqlSafe(statements.to_owned())).await.expect("good statements");
        connection.close().await.expect("it closes");
    }

    /// The folder of a table of the database `lease` in the lake.
    pub fn lake_folder(&self, table: &str) -> PathBuf {
        self.state.outside.lake.root().join("ods_lease.db").join(table)
    }

    /// Lets the engine say something about an item.
    pub fn says(&self, item: &ItemId, phase: Phase) {
        let mut memory = self.engine.memory();
        let job = memory.jobs.values_mut().find(|job| job.spec.tables.iter().any(|table| table.item == *item));
        job.expect("a job brings it").phases.insert(item.clone(), phase);
    }

    /// Puts rows of an item into the lake, and lets the engine say so.
    pub async fn land(&self, item: &ItemId, rows: u64) -> Landed {
        // On the heap: a copy holds a writer, which is large.
        let landed = Box::pin(self.copy(item, rows)).await;
        let next_at = self.now();
        self.says(item, Phase::Landed { landed: landed.clone(), trouble: None, next_at });
        landed
    }

    /// Puts rows of an item into the lake.
    pub async fn copy(&self, item: &ItemId, rows: u64) -> Landed {
        let target = {
            let mut tx = self.state.store.read().await.expect("the store answers");
            tx.items().get(item).await.expect("an item").item.target
        };
        let (lake, column) = (&self.state.outside.lake, |name: &str| name.parse().expect("a name"));
        let columns = vec![column("id"), column("name"), column("mobile_no")];
        let text = |name: &str| LakeColumn {
            name: column(name),
            lake_type: LakeType::String,
            nullable: true,
            comment: String::new(),
        };
        let key = LakeColumn { lake_type: LakeType::BigInt, nullable: false, ..text("id") };
        let schema = LakeSchema {
            columns: vec![key, text("name"), text("mobile_no")],
            primary_key: vec![column("id")],
            comment: String::new(),
        };
        lake.create(&target, &schema).await.expect("a table");
        let mut copy = lake.begin(&target, &columns, &self.state.ids.copy()).await.expect("a copy");
        let row = |id| vec![Value::Int(id), Value::Text(format!("n{id}")), Value::Text(format!("1380013800{id}"))];
        copy.write((0..i64::try_from(rows).expect("few")).map(row).collect()).await.expect("rows");
        let committed = copy.commit().await.expect("a commit");
        let now = self.now();
        Landed { snapshot: committed.snapshot_id, rows, read_at: now, committed_at: now, columns }
    }
}

/// The database `lease`: a plain table, one with personal columns, one without a key, an empty one, and one with a type
/// that the lake cannot hold.
pub const TABLES: &str = "
    CREATE TABLE contract (id int PRIMARY KEY, tenant_id int, signed varchar(32));
    INSERT INTO contract WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
        SELECT i, i % 7, 'signed on a day ' || i FROM n;
    CREATE TABLE tenant (id int PRIMARY KEY, name varchar(64), mobile_no varchar(20));
    INSERT INTO tenant VALUES (1, 'Wang', '13800138000'), (2, 'Li', '13900139000'), (3, 'Zhao', NULL);
    CREATE TABLE visit (seen varchar(20), what text);
    INSERT INTO visit VALUES ('2026-11-18', 'came'), ('2026-11-18', 'went');
    CREATE TABLE vacant (id int PRIMARY KEY);
    CREATE TABLE badge (id int PRIMARY KEY, token uuid);
    CREATE TABLE _comments (table_name text, column_name text, comment text);
    INSERT INTO _comments VALUES ('tenant', '', 'Who rents');
";
