//! The arguments of one of our jobs, from what is known of its source, its engine and its tables.

use std::collections::BTreeSet;

use super::catalog::{Catalog, Metastore};
use super::finding::{Code, Finding};
use super::from::{Chunk, From, Sealing, ServerIds, Zone};
use super::table_conf::{Bucket, TableConf};
use super::work::{Affix, Database, Mode, Work};
use super::{Args, TypeMapping};
use crate::engine::Flink;
use crate::ids::JobId;
use crate::job::JobTable;
use crate::name::Name;
use crate::source::Mysql;
use crate::tier::Tier;

/// One of our jobs.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// Its id, by which its parts are known after a restart.
    pub job: &'a JobId,
    /// Its tables, all of one database of the source, none twice.
    pub tables: &'a [JobTable],
    /// The server they come from.
    pub server: &'a Mysql,
    /// The engine.
    pub engine: &'a Flink,
    /// What is promised.
    pub tier: Tier,
    /// The numbers of its readers.
    pub ids: ServerIds,
    /// The zone in which the server tells times.
    pub zone: &'a Zone,
    /// How many rows are read at a time.
    pub chunk: Chunk,
}

/// What an engine is told so that these tables go under these names to the lake, and no others.
///
/// Refused when there are none, when they are of several databases, or when no beginning and end of a name makes all their
/// names in the lake from their own.
pub fn order(order: &Order<'_>) -> Result<Args, Finding> {
    let first = order.tables.first().ok_or_else(|| Finding::new(Code::NoTables))?;
    let apart = order
        .tables
        .iter()
        .find(|each| (&each.table.database, &each.target.database) != (&first.table.database, &first.target.database));
    if let Some(other) = apart {
        return Err(Finding::new(Code::DatabasesApart).text("one", &first.table).text("other", &other.table));
    }
    let (prefix, suffix) = affixes(order.tables)?;
    Ok(Args {
        work: Work::Database(Database {
            tables: order.tables.iter().map(|each| each.table.table.clone()).collect::<BTreeSet<Name>>(),
            mode: Mode::Divided,
            prefix,
            suffix,
        }),
        database: first.target.database.clone(),
        catalog: Catalog { warehouse: order.engine.warehouse.clone(), metastore: Metastore::Filesystem },
        from: From {
            host: order.server.host.clone(),
            port: order.server.port,
            login: order.server.copying.clone(),
            database: first.table.database.clone(),
            server_ids: order.ids,
            zone: order.zone.clone(),
            chunk: order.chunk,
            sealing: Sealing::try_from(&order.server.tls)?,
        },
        types: TypeMapping::usual(),
        table: TableConf::of(order.tier, order.job.clone(), Bucket::AsNeeded),
    })
}

/// What stands before and after each table's own name in its name in the lake.
fn affixes(tables: &[JobTable]) -> Result<(Affix, Affix), Finding> {
    let first = &tables[0];
    let (own, target) = (first.table.table.as_str(), first.target.table.as_str());
    let fits = |(at, _): &(usize, &str)| {
        let (prefix, suffix) = (&target[..*at], &target[at + own.len()..]);
        tables.iter().all(|each| each.target.table.as_str() == format!("{prefix}{}{suffix}", each.table.table))
    };
    let found = target.match_indices(own).find(fits);
    let refused = || Finding::new(Code::NamesUneven).text("table", &first.table).text("target", &first.target);
    let (at, _) = found.ok_or_else(refused)?;
    let affix = |text: &str| text.parse::<Affix>().map_err(|_| refused());
    Ok((affix(&target[..at])?, affix(&target[at + own.len()..])?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::TableName;

    fn table(own: &str, target: &str) -> JobTable {
        let name = |text: &str| {
            let (database, table) = text.split_once('.').expect("a name");
            TableName::parse(database, table).expect("a name")
        };
        JobTable { item: "i".parse().expect("an id"), table: name(own), target: name(target) }
    }

    fn ordered(tables: &[JobTable]) -> Result<Args, Finding> {
        let server: Mysql =
            serde_json::from_str(r#"{"host":"db","catalogue":"cat","copying":"cdc"}"#).expect("a server");
        let engine = Flink {
            address: "http://flink".parse().expect("an address"),
            warehouse: "file:///lake".parse().expect("a folder"),
            readers: crate::engine::Readers::default(),
        };
        order(&Order {
            job: &"j1".parse().expect("an id"),
            tables,
            server: &server,
            engine: &engine,
            tier: Tier::Daily,
            ids: ServerIds::new(5400, 5400).expect("a range"),
            zone: &"UTC".parse().expect("a zone"),
            chunk: Chunk::SMALL,
        })
    }

    #[test]
    fn names_in_the_lake_are_made_by_what_stands_before_and_after() {
        for (targets, prefix, suffix) in [
            (["ods.a", "ods.ab"], "", ""),
            (["ods.x_a_y", "ods.x_ab_y"], "x_", "_y"),
            (["ods.a_a", "ods.a_ab"], "a_", ""),
            (["ods.a_a", "ods.ab_a"], "", "_a"),
        ] {
            let args = ordered(&[table("d.a", targets[0]), table("d.ab", targets[1])]).expect("even names");
            let Work::Database(work) = &args.work else { panic!("many tables") };
            assert_eq!((work.prefix.as_str(), work.suffix.as_str()), (prefix, suffix), "{targets:?}");
            for (own, target) in ["a", "ab"].iter().zip(targets) {
                assert_eq!(format!("ods.{}", args.work.target(&own.parse().expect("a name"))), target);
            }
        }
    }

    #[test]
    fn what_one_job_cannot_bring_is_refused() {
        let code = |tables: &[JobTable]| ordered(tables).expect_err("refused").code;
        assert_eq!(code(&[]), Code::NoTables);
        assert_eq!(code(&[table("d.a", "ods.a"), table("e.b", "ods.b")]), Code::DatabasesApart);
        assert_eq!(code(&[table("d.a", "ods.a"), table("d.b", "dw.b")]), Code::DatabasesApart);
        assert_eq!(code(&[table("d.a", "ods.a"), table("d.b", "ods.x_b")]), Code::NamesUneven);
        assert_eq!(code(&[table("d.a", "ods.other")]), Code::NamesUneven);
    }
}
