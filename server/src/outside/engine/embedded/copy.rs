//! One whole copy of one table, as one commit.

use std::sync::Arc;

use domain::cause::{Cause, CauseCode};
use domain::column::TableShape;
use domain::ids::CopyId;
use domain::job::JobTable;
use domain::name::Name;
use domain::proof::Landed;
use domain::source::Account;
use lake::{LakeColumn, LakeSchema};
use tokio_util::sync::CancellationToken;

use super::Tools;
use super::ledger::{LedgerAway, Remembered};
use crate::outside::engine::JobSpec;
use crate::outside::{lake_cause, source::source_cause};

/// Told of rows so far and of their sum.
pub(super) type Watch = Arc<dyn Fn(u64, Option<u64>) + Send + Sync>;

/// Snapshots kept: the newest, and the one before for those who read it just now.
const KEEP_SNAPSHOTS: usize = 2;

/// How a copy ended.
pub(super) enum Ended {
    Landed(Landed),
    Failed(Cause),
    Cancelled,
}

/// Why a copy stopped early.
enum Stop {
    Because(Cause),
    Cancelled,
}

impl From<Cause> for Stop {
    fn from(cause: Cause) -> Self {
        Self::Because(cause)
    }
}

impl From<LedgerAway> for Stop {
    fn from(problem: LedgerAway) -> Self {
        tracing::warn!(error = ?problem, "the ledger does not answer");
        Self::Because(Cause::new(CauseCode::Ours).text("what", "our own database did not answer"))
    }
}

/// Copies one table: intent → one consistent read → rows in key order → count → commit → end written.
pub(super) async fn copy(
    spec: &JobSpec,
    table: &JobTable,
    tools: &Tools,
    watch: &Watch,
    cancel: &CancellationToken,
) -> Ended {
    let id = tools.ids.copy();
    match tools.ledger.begin(&id, &table.item, &table.target).await {
        Ok(true) => {}
        Ok(false) => return Ended::Failed(Cause::new(CauseCode::LakeBusy)),
        Err(problem) => return end_of(problem.into()),
    }
    let stop = match body(&id, spec, table, tools, watch, cancel).await {
        Ok(landed) => {
            if let Err(problem) = tools.ledger.landed(&id, &table.target, &landed).await {
                // It is in the lake; the next start finds it there by its commit user.
                tracing::warn!(copy.id = %id, error = ?problem, "cannot note that the copy landed");
            }
            sweep(table, tools).await;
            return Ended::Landed(landed);
        }
        Err(stop) => stop,
    };
    let cause = match &stop {
        Stop::Because(cause) => cause.clone(),
        Stop::Cancelled => Cause::new(CauseCode::Ours).text("what", "the copy was stopped in the middle"),
    };
    if let Err(problem) = tools.ledger.failed(&id, &table.target, &cause).await {
        tracing::warn!(copy.id = %id, error = ?problem, "cannot note that the copy failed");
    }
    end_of(stop)
}

fn end_of(stop: Stop) -> Ended {
    match stop {
        Stop::Because(cause) => Ended::Failed(cause),
        Stop::Cancelled => Ended::Cancelled,
    }
}

async fn body(
    id: &CopyId,
    spec: &JobSpec,
    table: &JobTable,
    tools: &Tools,
    watch: &Watch,
    cancel: &CancellationToken,
) -> Result<Landed, Stop> {
    let to_cause = |problem| source_cause(&problem, &table.table);
    let source = tools.sources.open(&spec.source, Account::Copying).await.map_err(to_cause)?;
    let read_at = tools.clock.now();
    let mut read = unless(cancel, source.open(&table.table)).await?.map_err(to_cause)?;
    let rows = read.rows();
    watch(0, Some(rows));
    let columns: Vec<Name> = read.shape().columns.iter().map(|column| column.name.clone()).collect();
    let schema = schema_of(read.shape())?;
    tools.lake.create(&table.target, &schema).await.map_err(|problem| lake_cause(&problem, &table.target))?;
    let lake = |problem| Stop::Because(lake_cause(&problem, &table.target));
    let mut copy = tools.lake.begin(&table.target, &columns, id).await.map_err(lake)?;
    loop {
        let Ok(chunk) = unless(cancel, read.next()).await else {
            copy.abandon().await;
            return Err(Stop::Cancelled);
        };
        let Some(chunk) = chunk.map_err(to_cause)? else { break };
        copy.write(chunk).await.map_err(lake)?;
        lake::check_size(copy.bytes()).map_err(lake)?;
        watch(copy.rows(), Some(rows));
        crate::crash::point("copy.rows");
        if !tools.ledger.keep(id, &table.target).await? {
            return Err(Cause::new(CauseCode::LakeBusy).into());
        }
    }
    if copy.rows() != rows {
        let cause = Cause::new(CauseCode::RowsDisagree).count("source", rows).count("lake", copy.rows());
        copy.abandon().await;
        return Err(cause.into());
    }
    tools.ledger.counted(id, rows, read_at, &columns).await?;
    crate::crash::point("copy.counted");
    let committed = copy.commit().await.map_err(lake)?;
    crate::crash::point("copy.committed");
    Ok(Landed { snapshot: committed.snapshot_id, rows, read_at, committed_at: committed.at, columns })
}

/// What a source answers, unless the copy is stopped first: a source that hangs keeps nobody.
async fn unless<T>(cancel: &CancellationToken, answer: impl Future<Output = T>) -> Result<T, Stop> {
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(Stop::Cancelled),
        answer = answer => Ok(answer),
    }
}

fn schema_of(shape: &TableShape) -> Result<LakeSchema, Cause> {
    let columns = shape
        .columns
        .iter()
        .map(|column| {
            let lake_type = column.lake_type.ok_or_else(|| {
                Cause::new(CauseCode::TypeRefused).text("column", &column.name).text("type", &column.source_type)
            })?;
            Ok(LakeColumn {
                name: column.name.clone(),
                lake_type,
                nullable: column.nullable,
                comment: column.comment.clone(),
            })
        })
        .collect::<Result<_, Cause>>()?;
    Ok(LakeSchema { columns, primary_key: shape.primary_key.clone(), comment: shape.comment.clone() })
}

async fn sweep(table: &JobTable, tools: &Tools) {
    if let Err(problem) = tools.lake.sweep(&table.target, KEEP_SNAPSHOTS).await {
        tracing::warn!(table = %table.target, error = %problem, "cannot sweep old files; tried after the next copy");
    }
}

/// What the newest copy left, held against the lake: only the lake knows whether a commit happened, by its commit user,
/// and whether what landed is still there.
pub(super) async fn recover(table: &JobTable, left: Remembered, tools: &Tools) -> Option<Landed> {
    let latest = tools.lake.facts(&table.target).await.ok().flatten().and_then(|facts| facts.latest)?;
    let still_there = |landed: &Landed| landed.snapshot == latest.id;
    let (id, counted, before) = match left {
        Remembered::Counted { copy, rows, read_at, columns, before } => (copy, Some((rows, read_at, columns)), before),
        Remembered::Begun { copy, before } => (copy, None, before),
        Remembered::Landed(landed) => return Some(landed).filter(still_there),
        Remembered::Failed(landed) => return landed.filter(still_there),
    };
    let landed = match counted {
        Some((rows, read_at, columns)) if latest.commit_user == lake::commit_user(&id) => {
            Some(Landed { snapshot: latest.id, rows, read_at, committed_at: latest.at, columns })
        }
        _ => None,
    };
    let noted = match &landed {
        Some(landed) => tools.ledger.landed(&id, &table.target, landed).await,
        None => {
            let cause = Cause::new(CauseCode::Ours).text("what", "the process ended in the middle of the copy");
            tools.ledger.failed(&id, &table.target, &cause).await
        }
    };
    if let Err(problem) = noted {
        tracing::warn!(copy.id = %id, error = ?problem, "cannot note how the copy ended");
    }
    landed.or(before.filter(still_there))
}
