//! How the cluster is set up, how long things take in it, and what is wrong with it.
//!
//! Invariant: only values; who reads them decides what they do.

use std::time::Duration;

/// The cluster's own settings, as far as they change how it behaves (real-stack §2).
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "settings that are on or off")]
pub struct Cluster {
    /// Slots in all.
    pub slots: u32,
    /// Whether a program that wants to end the process is only refused (`cluster.intercept-user-system-exit: THROW`).
    pub intercepts_exit: bool,
    /// Whether jars are taken (`web.submit.enable`); if not, `/jars` is not there.
    pub web_submit: bool,
    /// Whether jars outlive the JobManager (`web.upload.dir`).
    pub keeps_jars: bool,
    /// Whether the last checkpoint outlives a cancelled job (`RETAIN_ON_CANCELLATION`).
    pub retains: bool,
    /// How often a checkpoint is begun, unless the job says so; without it Paimon takes 180 s (paimon-cdc §9).
    pub interval: Option<Duration>,
    /// Where checkpoints go.
    pub checkpoints: String,
    /// Where savepoints go that nobody gave a folder; `None` refuses those.
    pub savepoints: Option<String>,
}

impl Default for Cluster {
    fn default() -> Self {
        Self {
            slots: 8,
            intercepts_exit: true,
            web_submit: true,
            keeps_jars: true,
            retains: true,
            interval: Some(Duration::from_secs(10)),
            checkpoints: "file:/checkpoints".into(),
            savepoints: Some("file:///savepoints".into()),
        }
    }
}

/// Troubles of the cluster, to be switched on.
#[derive(Debug, Clone, Default)]
pub struct Trouble {
    /// The next so many jobs are accepted and never run: no task of theirs gets a slot.
    pub starts_that_never_run: u32,
    /// Every savepoint fails, with this reason; its poll says COMPLETED (real-stack §1.7).
    pub savepoints_fail: Option<String>,
    /// The next so many submissions fail inside the program, with this sentence.
    pub starts_that_fail: Vec<String>,
}

/// How long things take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    /// From accepted to RUNNING.
    pub accept: Duration,
    /// From RUNNING to the slots.
    pub schedule: Duration,
    /// From the slots to tasks that run (real-stack §7: 3 s warm in all).
    pub deploy: Duration,
    /// From a cancel to its end (real-stack §7: 1 to 3 s).
    pub cancel: Duration,
    /// A savepoint (real-stack §7).
    pub savepoint: Duration,
    /// From a failure to the next attempt.
    pub backoff: Duration,
    /// How long tasks wait for slots before the job fails (real-stack §5: about a minute a round).
    pub slots: Duration,
    /// How often the numbers of tables are brought up to date.
    pub refresh: Duration,
}

impl Pace {
    /// As the real one was seen, warm.
    pub const REAL: Self = Self {
        accept: Duration::from_millis(200),
        schedule: Duration::from_millis(300),
        deploy: Duration::from_millis(2_500),
        cancel: Duration::from_millis(1_500),
        savepoint: Duration::from_millis(500),
        backoff: Duration::from_millis(1_100),
        slots: Duration::from_mins(1),
        refresh: Duration::from_secs(10),
    };

    /// Nothing takes any time: a job runs as soon as it is accepted, a savepoint is there as soon as it is asked for. Only
    /// waiting for slots takes a minute, and a failed job comes back after a second, or time would stand still over them.
    pub const AT_ONCE: Self = Self {
        accept: Duration::ZERO,
        schedule: Duration::ZERO,
        deploy: Duration::ZERO,
        cancel: Duration::ZERO,
        savepoint: Duration::ZERO,
        backoff: Duration::from_secs(1),
        slots: Duration::from_mins(1),
        refresh: Duration::from_secs(1),
    };
}
