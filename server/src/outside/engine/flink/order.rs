//! The arguments of a job, after a last look at its source: what would stop every table is refused before any call.

use std::time::Duration;

use domain::args::from::{Chunk, ServerIds};
use domain::args::{Argv, Around, Clocks, Order, build, order};
use domain::column::TableShape;
use domain::source::Account;

use super::engine::FlinkEngine;
use super::start::{mysql_of, not_fit};
use crate::outside::engine::{EngineError, JobSpec};
use crate::outside::source::{Binlog, Source, SourceError, source_cause};

/// How long the last look at all tables may take.
const LOOK: Duration = Duration::from_mins(2);

impl FlinkEngine {
    /// The arguments of a job as they are now, with placeholders for passwords.
    pub(in crate::outside::engine) async fn arguments(&self, spec: &JobSpec) -> Result<Argv, EngineError> {
        let server = mysql_of(&spec.source)?;
        let ids = spec.ids.ok_or_else(|| EngineError::Fail("no numbers were given to its readers".into()))?;
        let looked = tokio::time::timeout(LOOK, self.look_at_source(spec)).await;
        let late = || EngineError::Retry("the source takes long to say what its tables look like".into());
        let (binlog, shapes) = looked.map_err(|_| late())??;
        let args = order(&Order {
            job: &spec.id,
            tables: &spec.tables,
            server,
            engine: &self.set_up,
            tier: spec.tier,
            ids,
            zone: &binlog.zone,
            chunk: Chunk::SMALL,
        })
        .map_err(|found| not_fit(vec![found]))?;
        let own = ServerIds::new(binlog.server_id, binlog.server_id);
        let taken: Vec<_> = own.into_iter().collect();
        let readers = self.set_up.readers.get();
        // The zone was told by the server itself, at the distance that it says.
        let clocks = Clocks { server: binlog.offset, zone: binlog.offset };
        build(&args, &Around { shapes: &shapes, readers, taken: &taken, clocks }).map_err(not_fit)
    }

    async fn look_at_source(&self, spec: &JobSpec) -> Result<(Binlog, Vec<TableShape>), EngineError> {
        let first = spec.tables.first().ok_or_else(|| EngineError::Fail("it has no tables".into()))?;
        let opened = self.tools.sources.open(&spec.source, Account::Copying).await;
        let source = opened.map_err(|problem| of_source(&problem, &first.table))?;
        let binlog = source.binlog().await.map_err(|problem| of_source(&problem, &first.table))?;
        let binlog = binlog.ok_or_else(|| EngineError::Fail("its source keeps no changes".into()))?;
        let mut shapes = Vec::with_capacity(spec.tables.len());
        for table in &spec.tables {
            shapes.push(shape(source.as_ref(), &table.table).await?);
        }
        Ok((binlog, shapes))
    }
}

async fn shape(source: &dyn Source, table: &domain::name::TableName) -> Result<TableShape, EngineError> {
    source.shape(table).await.map_err(|problem| of_source(&problem, table))
}

/// Why the source did not answer: what may pass is tried again.
fn of_source(problem: &SourceError, table: &domain::name::TableName) -> EngineError {
    let cause = source_cause(problem, table);
    if problem.is_retry() { EngineError::Later(cause) } else { EngineError::Cannot(cause) }
}
