//! The checkpoints of a job.

use serde_json::{Value, json};

use super::Answer;
use crate::flink::checkpoint::{Checkpoint, Checkpoints, End};
use crate::flink::job::Job;
use crate::flink::memory::Memory;

/// The size of each, for nobody looks at it (→ job-checkpoints).
const BYTES: u64 = 40_326;

/// → job-checkpoints, job-checkpoints-restored
pub fn list(job: &Job) -> Answer {
    let all = &job.checkpoints;
    let history: Vec<_> = all.open.iter().chain(&all.history).map(|one| entry(one, all)).collect();
    let latest = |one: &Option<Checkpoint>| one.as_ref().map(|one| entry(one, all));
    Answer::ok(json!({
        "counts": {
            "restored": all.restores,
            "total": all.total,
            "in_progress": u64::from(all.open.is_some()),
            "completed": all.completed,
            "failed": all.failed,
        },
        "summary": summary(all.completed > 0),
        "latest": {
            "completed": latest(&all.latest),
            "savepoint": latest(&all.latest_savepoint),
            "failed": latest(&all.latest_failed),
            "restored": all.restored.as_ref().map(|restored| json!({
                "id": restored.id,
                "restore_timestamp": restored.at,
                "is_savepoint": restored.savepoint,
                "external_path": restored.path,
            })),
        },
        "history": history,
    }))
}

/// While none is complete, what cannot be counted is the text `NaN` (→ job-checkpoints-restored).
fn summary(some: bool) -> Value {
    let of = |number: u64, some: bool| {
        let part = || if some { json!(40_326.0) } else { json!("NaN") };
        json!({
            "min": number, "max": number, "avg": number,
            "p50": part(), "p90": part(), "p95": part(), "p99": part(), "p999": part(),
        })
    };
    let size = if some { BYTES } else { 0 };
    json!({
        "checkpointed_size": of(size, some),
        "state_size": of(size, some),
        "end_to_end_duration": of(if some { 30 } else { 0 }, some),
        "alignment_buffered": of(0, true),
        "processed_data": of(0, some),
        "persisted_data": of(0, some),
    })
}

fn entry(one: &Checkpoint, all: &Checkpoints) -> Value {
    let (class, word, done) = match &one.end {
        End::Open => ("in_progress", "IN_PROGRESS", None),
        End::Completed { at, .. } => ("completed", "COMPLETED", Some(*at)),
        End::Failed { at, .. } => ("failed", "FAILED", Some(*at)),
    };
    let size = if class == "completed" { BYTES } else { 0 };
    let mut entry = json!({
        "className": class,
        "id": one.id,
        "status": word,
        "is_savepoint": one.savepoint,
        "savepointFormat": one.savepoint.then_some("CANONICAL"),
        "trigger_timestamp": one.at,
        "latest_ack_timestamp": done.map_or(json!(-1), |at| json!(at)),
        "checkpointed_size": size,
        "state_size": size,
        "end_to_end_duration": done.map_or(json!(-1), |at| json!(at - one.at)),
        "alignment_buffered": 0,
        "processed_data": 0,
        "persisted_data": 0,
        "num_subtasks": one.tasks,
        "num_acknowledged_subtasks": if class == "completed" { one.tasks } else { 0 },
        "checkpoint_type": if one.savepoint { "SAVEPOINT" } else { "CHECKPOINT" },
        "tasks": {},
    });
    match &one.end {
        End::Open => {}
        End::Completed { path, .. } => {
            // An older checkpoint is gone from the disk once a newer one is complete.
            let newest = all.latest.as_ref().is_some_and(|latest| latest.id == one.id);
            entry["external_path"] = path.as_str().into();
            entry["discarded"] = (!one.savepoint && !newest).into();
        }
        End::Failed { at, why } => {
            entry["failure_timestamp"] = (*at).into();
            entry["failure_message"] = why.as_str().into();
        }
    }
    entry
}

/// → job-checkpoints-config
pub fn config(memory: &Memory, job: &Job) -> Answer {
    Answer::ok(json!({
        "mode": "exactly_once",
        "interval": job.checkpoints.interval,
        "timeout": crate::flink::checkpoint::TIMEOUT,
        "min_pause": 0,
        "max_concurrent": 1,
        "externalization": { "enabled": memory.cluster.retains, "delete_on_cancellation": !memory.cluster.retains },
        "state_backend": "HashMapStateBackend",
        "checkpoint_storage": "FileSystemCheckpointStorage",
        "unaligned_checkpoints": false,
        "tolerable_failed_checkpoints": 0,
        "aligned_checkpoint_timeout": 0,
        "checkpoints_after_tasks_finish": true,
        "state_changelog_enabled": false,
        "changelog_periodic_materialization_interval": crate::flink::checkpoint::TIMEOUT,
        "changelog_storage": "memory",
    }))
}
