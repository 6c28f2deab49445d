//! Whatever is built is read back the same.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn any_work() -> impl Strategy<Value = Work> {
    let tables = || proptest::collection::btree_set("[a-z租][a-z0-9_-]{0,6}", 1..6);
    let many =
        (tables(), any::<bool>(), "[a-z_]{0,4}", "[a-z_租]{0,4}").prop_map(|(tables, divided, prefix, suffix)| {
            Work::Database(Database {
                tables: tables.iter().map(|table| name(table)).collect(),
                mode: if divided { Mode::Divided } else { Mode::Combined },
                prefix: prefix.parse().expect("an affix"),
                suffix: suffix.parse().expect("an affix"),
            })
        });
    let keys = || prop::sample::subsequence(vec!["id", "c"], 0..=2);
    let one = ("[a-z租-]{0,6}t", "t[a-z]{0,6}", keys(), any::<bool>()).prop_map(|(table, target, partition, key)| {
        let names = |keys: &[&str]| keys.iter().map(|key| name(key)).collect();
        let table = name(table.trim_start_matches('-'));
        let primary_keys = if key || partition.contains(&"c") { names(&["id", "c"]) } else { vec![] };
        Work::Table(Table { name: table, target: name(&target), partition_keys: names(&partition), primary_keys })
    });
    prop_oneof![many, one]
}

prop_compose! {
    fn any_args()(
        work in any_work(),
        catalog in prop::sample::select(catalogs()),
        (first, more) in (1u32..2_000_000_000, 0u32..100),
        zone in prop::sample::select(vec!["UTC", "Asia/Shanghai", "-03:30", "Etc/GMT+8"]),
        rows in 0u64..10_000_000,
        sealing in prop::sample::select(vec![Sealing::AsTheyAgree, Sealing::Off, Sealing::On]),
        types in prop::sample::subsequence(TypeMapping::ALL.to_vec(), 0..=8),
        daily in any::<bool>(),
        bucket in 1u32..500,
        needed in any::<bool>(),
        (host, port, login) in ("[a-z]{1,8}(\\.[a-z0-9]{1,5})?|::1", 1u32..=65_535, "[a-z=%$\"'租][a-z =%$\"'租]{0,8}[a-z=]"),
    ) -> Args {
        let combined = matches!(&work, Work::Database(database) if database.mode == Mode::Combined);
        let fixed = NonZeroU32::new(bucket).map_or(Bucket::AsNeeded, Bucket::Fixed);
        let bucket = if needed && !combined { Bucket::AsNeeded } else { fixed };
        let base = args(&["orders"]);
        let hive = matches!(catalog.metastore, Metastore::Hive { .. });
        Args {
            work: if hive { base.work } else { work },
            database: name(if hive { "ods_1" } else { "湖_ods-1" }),
            catalog,
            from: From {
                host: host.parse().expect("a host"),
                port: port.try_into().expect("a port"),
                login: login.parse().expect("a login"),
                server_ids: ServerIds::new(first, first + more).expect("a range"),
                zone: zone.parse().expect("a zone"),
                chunk: Chunk::fitting(Some(rows), Some(rows * 900)),
                sealing,
                ..base.from
            },
            types: types.into_iter().collect::<BTreeSet<_>>(),
            table: TableConf::of(if daily { Tier::Daily } else { Tier::Minutes }, base.table.uid, bucket),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_024, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn what_was_written_is_read_back_the_same(args in any_args()) {
        let argv = built(&args);
        prop_assert_eq!(parse(&argv.texts()), Ok(args));
        prop_assert_eq!(Argv::kept(&argv.texts()), Ok(argv));
    }

    #[test]
    fn the_order_of_flags_does_not_matter(args in any_args(), turn in 0usize..40) {
        let texts = built(&args).texts();
        let (action, rest) = texts.split_first().expect("an action");
        let mut pairs: Vec<_> = rest.chunks(2).collect();
        let turn = turn % pairs.len();
        pairs.rotate_left(turn);
        let turned: Vec<_> = std::iter::once(action).chain(pairs.into_iter().flatten()).cloned().collect();
        prop_assert_eq!(parse(&turned), Ok(args));
    }

    #[test]
    fn no_value_is_ever_taken_for_a_flag(args in any_args()) {
        let texts = built(&args).texts();
        for pair in texts[1..].chunks(2) {
            prop_assert!(pair[0].starts_with("--") && !pair[1].starts_with('-') && !pair[1].is_empty(), "{:?}", pair);
        }
    }
}
