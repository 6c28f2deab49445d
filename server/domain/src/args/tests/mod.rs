//! The arguments as a whole: written, refused, read back, filled.

mod any;
mod secret;

use std::num::NonZeroU32;

use super::catalog::{Catalog, Metastore};
use super::finding::Code;
use super::from::{Chunk, From, Sealing, ServerIds};
use super::table_conf::{Bucket, TableConf};
use super::work::{Database, Mode, Table, Work};
use super::*;
use crate::check;
use crate::column::{Column, TableShape};
use crate::name::TableName;
use crate::tier::Tier;
use crate::types::lake_type;

fn name(text: &str) -> Name {
    text.parse().expect("a name")
}

fn database(tables: &[&str]) -> Database {
    Database {
        tables: tables.iter().map(|table| name(table)).collect(),
        mode: Mode::Divided,
        prefix: "ods_".parse().expect("an affix"),
        suffix: "".parse().expect("an affix"),
    }
}

/// The arguments of a job of `shop` with these tables.
fn args(tables: &[&str]) -> Args {
    Args {
        work: Work::Database(database(tables)),
        database: name("ods"),
        catalog: Catalog {
            warehouse: "file:///warehouse".parse().expect("an address"),
            metastore: Metastore::Filesystem,
        },
        from: From {
            host: "10.0.0.5".parse().expect("a host"),
            port: crate::source::Port::default(),
            login: "cdc".parse().expect("a login"),
            database: name("shop"),
            server_ids: ids("5401-5404"),
            zone: "Asia/Shanghai".parse().expect("a zone"),
            chunk: Chunk::fitting(Some(200_000), None),
            sealing: Sealing::AsTheyAgree,
        },
        types: TypeMapping::usual(),
        table: TableConf::of(Tier::Minutes, "job-1".parse().expect("an id"), Bucket::Fixed(NonZeroU32::MIN)),
    }
}

fn one(partition: &[&str], key: &[&str]) -> Args {
    let keys = |keys: &[&str]| keys.iter().map(|key| name(key)).collect();
    let table =
        Table { name: name("orders"), target: name("all"), partition_keys: keys(partition), primary_keys: keys(key) };
    Args { work: Work::Table(table), ..args(&["orders"]) }
}

fn ids(text: &str) -> ServerIds {
    text.parse().expect("a range")
}

/// A table of `shop` with a key `id` and one more column.
fn shape(table: &str, declared: &str) -> TableShape {
    let column = |called: &str, declared: &str| {
        let known = lake_type(declared).ok();
        Column {
            name: name(called),
            source_type: declared.to_owned(),
            nullable: false,
            comment: String::new(),
            lake_type: known.map(|(kind, _)| kind),
            loss: known.and_then(|(_, loss)| loss),
        }
    };
    TableShape {
        name: TableName { database: name("shop"), table: name(table) },
        comment: String::new(),
        columns: vec![column("id", "bigint"), column("c", declared)],
        primary_key: vec![name("id")],
    }
}

fn around(shapes: &[TableShape]) -> Around<'_> {
    Around { shapes, readers: 1, taken: &[], clocks: Clocks { server: 28_800, zone: 28_800 } }
}

/// Every plain shape that the arguments name.
fn plain(args: &Args) -> Vec<TableShape> {
    args.work.tables().into_iter().map(|table| shape(table.as_str(), "int")).collect()
}

fn refused(args: &Args, around: &Around<'_>) -> Vec<Code> {
    build(args, around).expect_err("it must be refused").into_iter().map(|found| found.code).collect()
}

fn built(args: &Args) -> Argv {
    build(args, &around(&plain(args))).expect("nothing is wrong")
}

#[test]
fn a_job_of_many_tables_is_told_everything_it_needs() {
    let texts = built(&args(&["orders", "customers"])).texts();
    let expected = [
        "mysql_sync_database",
        "--warehouse file:///warehouse",
        "--database ods",
        "--including_tables ^(customers|orders)$",
        "--mode divided",
        "--table_prefix ods_",
        "--type_mapping tinyint1-not-bool,to-nullable",
        "--mysql_conf hostname=10.0.0.5",
        "--mysql_conf port=3306",
        "--mysql_conf username=cdc",
        "--mysql_conf password=<lakegate:source>",
        "--mysql_conf database-name=shop",
        "--mysql_conf server-id=5401-5404",
        "--mysql_conf server-time-zone=Asia/Shanghai",
        "--mysql_conf scan.incremental.snapshot.chunk.size=50000",
        "--mysql_conf scan.incremental.snapshot.backfill.skip=true",
        "--table_conf bucket=1",
        "--table_conf changelog-producer=input",
        "--table_conf cdc.log-corrupt-record=false",
        "--table_conf sink.operator-uid.suffix=job-1",
    ];
    assert_eq!(texts.join(" "), expected.join(" "));
}

#[test]
fn a_job_of_one_table_is_told_its_name_twice_and_a_daily_one_names_its_days() {
    let table = TableConf::of(Tier::Daily, "job-2".parse().expect("an id"), Bucket::AsNeeded);
    let texts = built(&Args { table, ..one(&["id"], &[]) }).texts().join(" ");
    for part in [
        "mysql_sync_table --warehouse",
        "--table all --partition_keys id --mysql_conf table-name=orders",
        "--table_conf tag.automatic-creation=process-time --table_conf tag.creation-period=daily --table_conf \
         tag.num-retained-max=90",
    ] {
        assert!(texts.contains(part), "{part}: {texts}");
    }
    assert!(!texts.contains("bucket=") && !texts.contains("--mode"), "{texts}");
}

#[test]
fn both_connections_to_the_source_are_sealed_or_open() {
    for (sealing, said) in [
        (
            Sealing::On,
            "useSSL=true --mysql_conf jdbc.properties.requireSSL=true --mysql_conf debezium.database.ssl.mode=required",
        ),
        (
            Sealing::Off,
            "useSSL=false --mysql_conf jdbc.properties.allowPublicKeyRetrieval=true --mysql_conf debezium.database.ssl.mode=disabled",
        ),
    ] {
        let from = From { sealing, ..args(&[]).from };
        let texts = built(&Args { from, ..args(&["orders"]) }).texts().join(" ");
        assert!(texts.contains(said), "{texts}");
    }
}

#[test]
fn what_stops_a_whole_job_is_refused() {
    let fine = args(&["orders"]);
    for (declared, code) in [
        ("uuid", check::Code::TypeRefused),
        ("inet6", check::Code::TypeRefused),
        ("vector(3)", check::Code::TypeRefused),
    ] {
        assert_eq!(refused(&fine, &around(&[shape("orders", declared)])), [Code::Check(code)], "{declared}");
    }
    for declared in ["varbinary(32)", "binary(16)"] {
        assert_eq!(
            refused(&fine, &around(&[shape("orders", declared)])),
            [Code::Check(check::Code::BytesStop)],
            "{declared}"
        );
    }
    let keyless = TableShape { primary_key: vec![], ..shape("orders", "int") };
    assert_eq!(refused(&fine, &around(&[keyless])), [Code::Check(check::Code::KeyNeeded)]);
    assert_eq!(refused(&fine, &around(&[])), [Code::NotLooked], "what was not looked at is no pass");
    let none = args(&[]);
    assert_eq!(refused(&none, &around(&[])), [Code::NoTables]);
    for odd in ["odd$name", "a.b", "a b", "a,b", "-a", "a|b", "a(b"] {
        let odd = args(&[odd]);
        assert_eq!(refused(&odd, &around(&plain(&odd))), [Code::Check(check::Code::LetterOdd)]);
    }
    let hive = Args { catalog: catalogs().remove(1), ..args(&["客户"]) };
    assert_eq!(refused(&hive, &around(&plain(&hive))), [Code::NameOdd], "only Hive knows no Chinese");
    let other = Args { catalog: catalogs().remove(2), ..args(&["客户"]) };
    assert!(build(&other, &around(&plain(&other))).is_ok());
    let meets = args(&["Orders", "orders"]);
    assert_eq!(refused(&meets, &around(&plain(&meets))), [Code::NameMeets]);
}

#[test]
fn a_job_whose_parts_do_not_fit_is_refused() {
    let fine = args(&["orders"]);
    let shapes = plain(&fine);
    let about = around(&shapes);
    assert_eq!(refused(&fine, &Around { readers: 5, ..about }), [Code::IdsFew]);
    assert_eq!(refused(&fine, &Around { taken: &[ids("1-1"), ids("5404-5500")], ..about }), [Code::IdsTaken]);
    assert_eq!(refused(&fine, &Around { clocks: Clocks { server: 0, zone: 28_800 }, ..about }), [Code::ZoneDiffers]);
    assert!(build(&fine, &Around { clocks: Clocks { server: 30_600, zone: 28_800 }, ..about }).is_ok());
    let work = Work::Database(Database { mode: Mode::Combined, ..database(&["orders"]) });
    let table = TableConf { bucket: Bucket::AsNeeded, ..fine.table.clone() };
    assert_eq!(refused(&Args { work, table, ..fine.clone() }, &about), [Code::BucketNeeded]);
    assert_eq!(refused(&one(&["day"], &["day", "id"]), &about), [Code::KeyColumnGone, Code::KeyColumnGone]);
    assert_eq!(refused(&one(&["c"], &[]), &about), [Code::PartOutsideKey]);
    assert!(build(&one(&["c"], &["id", "c"]), &about).is_ok());
}

#[test]
fn all_that_is_wrong_is_told_at_once_and_the_worst_first() {
    let bad = args(&["a$b", "orders", "gone"]);
    let shapes = [shape("a$b", "longblob"), shape("orders", "uuid")];
    let found = findings(&bad, &Around { readers: 9, ..around(&shapes) });
    let codes: Vec<_> = found.iter().map(|found| found.code).collect();
    let refused = Code::Check(check::Code::TypeRefused);
    let (odd, bytes) = (Code::Check(check::Code::LetterOdd), Code::Check(check::Code::BytesChange));
    assert_eq!(codes, [Code::IdsFew, refused, odd, Code::NotLooked, bytes]);
    let only_warned = args(&["orders"]);
    assert!(build(&only_warned, &around(&[shape("orders", "longblob")])).is_ok());
}

#[test]
fn foreign_arguments_are_not_read_as_ours() {
    let ours = built(&args(&["orders"])).texts();
    let with = |from: &str, to: &str| ours.iter().map(|text| text.replace(from, to)).collect::<Vec<_>>();
    let more =
        |more: &[&str]| ours.iter().cloned().chain(more.iter().map(|text| (*text).to_owned())).collect::<Vec<_>>();
    for (argv, why) in [
        (vec![], BadArgs::Action),
        (with("mysql_sync_database", "kafka_sync_database"), BadArgs::Action),
        (more(&["--help"]), BadArgs::Form(39)),
        (more(&["excluding_tables", "x"]), BadArgs::Form(39)),
        (more(&["--excluding_tables", "x"]), BadArgs::Unknown("excluding_tables".into())),
        (more(&["--mysql_conf", "table-name=x"]), BadArgs::Unknown("mysql_conf table-name".into())),
        (more(&["--type_mapping", "to-string"]), BadArgs::Twice("type_mapping".into())),
        (with("^(orders)$", ".*"), BadArgs::Value("including_tables".into())),
        (with("<lakegate:source>", "hunter2"), BadArgs::Clear("password".into())),
        (with("file:///warehouse", "s3://a:hunter2@b"), BadArgs::Clear("warehouse".into())),
        (with("port=3306", "port=03306"), BadArgs::Value("port".into())),
        (with("Asia/Shanghai", "CST"), BadArgs::Value("server-time-zone".into())),
        (
            with("cdc.log-corrupt-record=false", "cdc.log-corrupt-record=true"),
            BadArgs::Value("cdc.log-corrupt-record".into()),
        ),
        (with("sink.operator-uid.suffix=job-1", "x=y"), BadArgs::Missing("sink.operator-uid.suffix".into())),
    ] {
        let said = parse(&argv).expect_err("it is foreign");
        assert_eq!(said, why, "{argv:?}");
        assert!(!format!("{said} {said:?}").contains("hunter2"));
    }
}

#[test]
fn what_streampark_keeps_is_read_back_as_what_was_wanted() {
    let args = Args { catalog: catalogs().remove(2), ..args(&["客户", "orders"]) };
    let kept = built(&args).streampark().expect("it passes");
    let arrived = streampark::tokenise(&kept, &std::collections::BTreeMap::new()).expect("it is ours");
    assert_eq!(parse(&arrived), Ok(args));
}

/// One of each kind.
fn catalogs() -> Vec<Catalog> {
    let uri = || "thrift://meta:9083".parse().expect("an address");
    let login = "列 reader".parse().expect("a login");
    let kinds = [
        Metastore::Filesystem,
        Metastore::Hive { uri: uri() },
        Metastore::Jdbc { uri: "jdbc:mysql://db:3306/meta".parse().expect("an address"), login },
        Metastore::Rest { uri: uri() },
    ];
    let warehouse = "hdfs:///湖/a b".parse::<catalog::Address>().expect("an address");
    kinds.map(|metastore| Catalog { warehouse: warehouse.clone(), metastore }).into()
}

#[test]
fn each_catalogue_has_its_settings_and_its_placeholders() {
    let words = catalogs().into_iter().map(|catalog| {
        let texts = built(&Args { catalog, ..args(&["orders"]) }).texts();
        let pairs = texts.iter().zip(texts.iter().skip(1));
        pairs
            .filter(|(flag, _)| *flag == "--catalog_conf")
            .map(|(_, value)| value.clone())
            .collect::<Vec<_>>()
            .join(" ")
    });
    assert_eq!(
        words.collect::<Vec<_>>(),
        [
            "",
            "metastore=hive uri=thrift://meta:9083",
            "metastore=jdbc uri=jdbc:mysql://db:3306/meta jdbc.user=列 reader jdbc.password=<lakegate:metastore>",
            "metastore=rest uri=thrift://meta:9083 token.provider=bear token=<lakegate:token>",
        ]
    );
}
