//! A job of the embedded engine: its tables, what each does, and the loop that copies what is due.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use domain::cause::Cause;
use domain::ids::ItemId;
use domain::job::JobTable;
use domain::proof::Landed;
use domain::time::{MINUTE, Millis};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::copy::{self, Ended};
use super::{Tools, copy::Watch};
use crate::outside::engine::{JobSeen, JobSpec, Phase, TableSeen};

/// How long a refresh that failed waits before it is tried again.
const REFRESH_AGAIN: i64 = MINUTE;
/// The loop looks at the clock at least this often.
const TICK: Duration = Duration::from_millis(250);

/// What one table does.
#[derive(Debug, Clone, Default)]
struct Doing {
    /// The newest that landed.
    landed: Option<Landed>,
    /// Rows and their sum, while a copy runs.
    copying: Option<(u64, Option<u64>)>,
    /// Why the newest copy failed.
    failed: Option<Cause>,
    /// When it is due; `None` until the ledger was asked.
    due: Option<Millis>,
}

type Board = Arc<Mutex<BTreeMap<ItemId, Doing>>>;

/// A job that runs, or is stopped.
pub(super) struct RunningJob {
    spec: watch::Sender<Arc<JobSpec>>,
    board: Board,
    running: Option<(CancellationToken, AbortOnDropHandle<()>)>,
}

fn lock(board: &Board) -> MutexGuard<'_, BTreeMap<ItemId, Doing>> {
    board.lock().expect("no code panics while it holds the board")
}

impl RunningJob {
    pub(super) fn new(spec: JobSpec) -> Self {
        Self { spec: watch::Sender::new(Arc::new(spec)), board: Board::default(), running: None }
    }

    pub(super) fn seen(&self) -> JobSeen {
        let spec = self.spec.borrow();
        JobSeen {
            running: self.running.is_some(),
            source: spec.source.clone(),
            tables: spec.tables.iter().map(|table| table.item.clone()).collect(),
        }
    }

    pub(super) fn tables(&self) -> Vec<TableSeen> {
        let board = lock(&self.board);
        self.spec
            .borrow()
            .tables
            .iter()
            .map(|table| {
                let phase = board.get(&table.item).map_or(Phase::Waiting, phase);
                TableSeen { item: table.item.clone(), phase }
            })
            .collect()
    }

    /// Brings the job to a list of tables and to where its source is now; a copy of a table that left, or from where
    /// the source was, is stopped in the middle, all others go on.
    pub(super) fn start(&mut self, spec: JobSpec, tools: &Arc<Tools>) {
        let wanted: BTreeSet<_> = spec.tables.iter().map(|table| table.item.clone()).collect();
        {
            let mut board = lock(&self.board);
            board.retain(|item, _| wanted.contains(item));
            for doing in board.values_mut().filter(|doing| doing.failed.is_some() && doing.landed.is_none()) {
                *doing = Doing::default();
            }
        }
        self.spec.send_replace(Arc::new(spec));
        if self.running.is_none() {
            let cancel = CancellationToken::new();
            let work = run(self.spec.subscribe(), Arc::clone(tools), Arc::clone(&self.board), cancel.clone());
            self.running = Some((cancel, AbortOnDropHandle::new(tokio::spawn(work))));
        }
    }

    pub(super) fn stop(&mut self) {
        if let Some((cancel, _)) = self.running.take() {
            cancel.cancel();
        }
        for doing in lock(&self.board).values_mut() {
            doing.copying = None;
        }
    }
}

fn phase(doing: &Doing) -> Phase {
    match (&doing.landed, &doing.copying, &doing.failed) {
        (Some(landed), _, failed) => {
            Phase::Landed { landed: landed.clone(), trouble: failed.clone(), next_at: doing.due.unwrap_or_default() }
        }
        (None, Some((rows, of)), _) => Phase::Copying { rows: *rows, of: *of },
        (None, None, Some(cause)) => Phase::Failed { cause: cause.clone() },
        (None, None, None) if doing.due.is_some() => Phase::Queued,
        (None, None, None) => Phase::Waiting,
    }
}

/// Copies under way, each with what stops it and by what it was begun.
type Busy = BTreeMap<ItemId, (tokio::task::Id, CancellationToken, Arc<JobSpec>)>;

/// Copies what is due, a few tables at a time, until the job is stopped.
async fn run(mut wanted: watch::Receiver<Arc<JobSpec>>, tools: Arc<Tools>, board: Board, cancel: CancellationToken) {
    let mut copies = tokio::task::JoinSet::new();
    let mut busy = Busy::new();
    loop {
        let spec = Arc::clone(&wanted.borrow_and_update());
        for (item, (_, stop, begun)) in &busy {
            if begun.source != spec.source || !spec.tables.iter().any(|table| table.item == *item) {
                stop.cancel();
            }
        }
        for table in due(&spec, &board, &busy, tools.clock.now()) {
            let (item, stop) = (table.item.clone(), cancel.child_token());
            let (begun, tools, board, stopped) = (spec.clone(), tools.clone(), board.clone(), stop.clone());
            let copy = copies.spawn(async move {
                one(&begun, &table, &tools, &board, &stopped).await;
                table.item
            });
            busy.insert(item, (copy.id(), stop, spec.clone()));
        }
        tokio::select! {
            () = cancel.cancelled() => break,
            changed = wanted.changed() => if changed.is_err() { break },
            Some(done) = copies.join_next() => match done {
                Ok(item) => drop(busy.remove(&item)),
                // A panic is a failed copy, not a dead job: the table becomes due again.
                Err(problem) => {
                    tracing::error!(job.name = spec.name, error = %problem, "a copy broke");
                    busy.retain(|_, (copy, ..)| *copy != problem.id());
                }
            },
            () = tokio::time::sleep(TICK) => {}
        }
    }
    // Copies see the cancel themselves and abandon what they hold.
    while copies.join_next().await.is_some() {}
}

fn due(spec: &JobSpec, board: &Board, busy: &Busy, now: Millis) -> Vec<JobTable> {
    let board = lock(board);
    spec.tables
        .iter()
        .filter(|table| !busy.contains_key(&table.item))
        .filter(|table| match board.get(&table.item) {
            None => true,
            Some(doing) => match (&doing.landed, &doing.failed, doing.due) {
                // A first copy that failed waits until it is started again.
                (None, Some(_), _) => false,
                (_, _, due) => due.is_none_or(|due| due <= now),
            },
        })
        .cloned()
        .collect()
}

async fn one(spec: &JobSpec, table: &JobTable, tools: &Arc<Tools>, board: &Board, cancel: &CancellationToken) {
    let known = lock(board).get(&table.item).is_some_and(|doing| doing.due.is_some());
    if !known && remember(spec, table, tools, board).await {
        return;
    }
    // First the source's own limit: who waits for it keeps nobody else waiting.
    let at_source = tools.at_source(&spec.source);
    let Ok(_turn) = at_source.acquire().await else { return };
    let Ok(_place) = tools.places.acquire().await else { return };
    if cancel.is_cancelled() {
        return;
    }
    let board_of_watch = board.clone();
    let item = table.item.clone();
    let watch: Watch = Arc::new(move |rows, of| {
        if let Some(doing) = lock(&board_of_watch).get_mut(&item) {
            doing.copying = Some((rows, of));
        }
    });
    lock(board).entry(table.item.clone()).or_default().copying = Some((0, None));
    // On the heap: a copy holds a writer, which is large.
    let ended = Box::pin(copy::copy(spec, table, tools, &watch, cancel)).await;
    settle(spec, table, tools, board, ended);
}

fn settle(spec: &JobSpec, table: &JobTable, tools: &Tools, board: &Board, ended: Ended) {
    let mut board = lock(board);
    let Some(doing) = board.get_mut(&table.item) else { return };
    doing.copying = None;
    match ended {
        Ended::Landed(landed) => {
            doing.due = Some(spec.tier.next_copy(landed.read_at, (tools.zone)(landed.read_at)));
            doing.failed = None;
            doing.landed = Some(landed);
        }
        Ended::Failed(cause) => {
            doing.failed = Some(cause);
            doing.due = Some(tools.clock.now().plus(REFRESH_AGAIN));
        }
        Ended::Cancelled => doing.due = None,
    }
}

/// Asks the ledger (and the lake, where the ledger cannot know) what the newest copy left. `true` when nothing is due.
async fn remember(spec: &JobSpec, table: &JobTable, tools: &Arc<Tools>, board: &Board) -> bool {
    let landed = match tools.ledger.newest(&table.item).await {
        Ok(Some(left)) => copy::recover(table, left, tools).await,
        Ok(None) => None,
        Err(problem) => {
            tracing::warn!(job.name = spec.name, error = %problem, "the ledger does not answer; asked again");
            tokio::time::sleep(TICK).await;
            return true;
        }
    };
    let now = tools.clock.now();
    let due = landed.as_ref().map_or(now, |landed| spec.tier.next_copy(landed.read_at, (tools.zone)(landed.read_at)));
    lock(board).insert(table.item.clone(), Doing { landed, due: Some(due), ..Doing::default() });
    due > now
}
