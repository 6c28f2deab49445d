//! The clients of Flink and StreamPark, against servers that do what servers do.
//!
//! Why it exists: what an engine may have done when its answer is lost decides whether a second job comes to life.

mod call;
mod cluster;
mod console;
mod scripted;
mod streampark;

use domain::args::secret::{Filled, Place, Secret, Secrets};
use domain::args::{Around, Clocks, build, parse};
use domain::column::{Column, TableShape};
use domain::name::TableName;
use domain::types::lake_type;

/// The arguments of a job of one table, with a password among them.
fn arguments(password: &str) -> Filled {
    let texts = [
        "mysql_sync_database",
        "--warehouse",
        "file:///warehouse",
        "--database",
        "ods",
        "--including_tables",
        "^(orders)$",
        "--mode",
        "divided",
        "--type_mapping",
        "tinyint1-not-bool,to-nullable",
        "--mysql_conf",
        "hostname=10.0.0.5",
        "--mysql_conf",
        "port=3306",
        "--mysql_conf",
        "username=cdc",
        "--mysql_conf",
        "password=<lakegate:source>",
        "--mysql_conf",
        "database-name=shop",
        "--mysql_conf",
        "server-id=5401-5404",
        "--mysql_conf",
        "server-time-zone=UTC",
        "--mysql_conf",
        "scan.incremental.snapshot.chunk.size=50000",
        "--mysql_conf",
        "scan.incremental.snapshot.backfill.skip=true",
        "--table_conf",
        "bucket=1",
        "--table_conf",
        "changelog-producer=input",
        "--table_conf",
        "cdc.log-corrupt-record=false",
        "--table_conf",
        "sink.operator-uid.suffix=job-1",
    ];
    let args = parse(&texts.map(ToOwned::to_owned)).expect("arguments of ours");
    let (kind, loss) = lake_type("bigint").expect("a type");
    let id = Column {
        name: "id".parse().expect("a name"),
        source_type: "bigint".to_owned(),
        nullable: false,
        comment: String::new(),
        lake_type: Some(kind),
        loss,
    };
    let name = TableName { database: "shop".parse().expect("a name"), table: "orders".parse().expect("a name") };
    let shape = TableShape { name, comment: String::new(), primary_key: vec![id.name.clone()], columns: vec![id] };
    let around = Around { shapes: &[shape], readers: 1, taken: &[], clocks: Clocks { server: 0, zone: 0 } };
    let built = build(&args, &around).expect("nothing is wrong with them");
    built.fill(&Secrets::default().with(Place::Source, Secret::new(password))).expect("a password that arrives")
}
