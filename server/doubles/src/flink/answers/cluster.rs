//! The cluster itself: slots, versions, settings.

use serde_json::{Value, json};

use super::Answer;
use crate::flink::job::State;
use crate::flink::memory::Memory;

const VERSION: &str = "1.20.5";
const TASK_MANAGER: &str = "127.0.0.1:35135-4c08ba";

/// → overview-one-job-running, overview-no-free-slot
pub fn overview(memory: &Memory) -> Answer {
    let count = |which: fn(State) -> bool| memory.jobs().filter(|job| which(job.state)).count();
    Answer::ok(json!({
        "taskmanagers": 1,
        "slots-total": memory.cluster.slots,
        "slots-available": memory.free_slots(),
        "jobs-running": count(|state| !state.ended()),
        "jobs-finished": count(|state| state == State::Finished),
        "jobs-cancelled": count(|state| state == State::Canceled),
        "jobs-failed": count(|state| state == State::Failed),
        "flink-version": VERSION,
        "flink-commit": "0980485",
    }))
}

/// → config
pub fn config(memory: &Memory) -> Answer {
    Answer::ok(json!({
        "refresh-interval": 3000,
        "timezone-name": "Coordinated Universal Time",
        "timezone-offset": 0,
        "flink-version": VERSION,
        "flink-revision": "0980485 @ 2026-06-08T09:21:06+02:00",
        "features": {
            "web-submit": memory.cluster.web_submit,
            "web-cancel": true,
            "web-rescale": false,
            "web-history": false,
        },
    }))
}

/// → jobmanager-config
pub fn settings(memory: &Memory) -> Answer {
    let cluster = &memory.cluster;
    let port = memory.url.rsplit(':').next().unwrap_or_default();
    let mut all = vec![
        ("blob.server.port", "40587".to_owned()),
        ("execution.checkpointing.mode", "EXACTLY_ONCE".into()),
        ("taskmanager.bind-host", "127.0.0.1".into()),
        ("jobmanager.rpc.address", "127.0.0.1".into()),
        ("jobmanager.memory.process.size", "1600m".into()),
        ("web.tmpdir", "/tmp/flink-web-188651d8-22a1-44ba-b986-99c9be1f1ffa".into()),
        ("jobmanager.rpc.port", "6123".into()),
        ("rest.bind-address", "127.0.0.1".into()),
        ("rest.port", port.into()),
        ("jobmanager.bind-host", "127.0.0.1".into()),
        ("io.tmp.dirs", "/flink/tmp".into()),
        ("taskmanager.host", "127.0.0.1".into()),
        ("parallelism.default", "1".into()),
        ("taskmanager.numberOfTaskSlots", cluster.slots.to_string()),
        ("rest.address", "127.0.0.1".into()),
        ("execution.checkpointing.dir", cluster.checkpoints.clone()),
    ];
    if let Some(interval) = cluster.interval {
        all.push(("execution.checkpointing.interval", format!("{}ms", crate::clock::millis(interval))));
    }
    if let Some(folder) = &cluster.savepoints {
        all.push(("execution.checkpointing.savepoint-dir", folder.clone()));
    }
    if cluster.keeps_jars {
        all.push(("web.upload.dir", "/flink/upload".into()));
    }
    if cluster.retains {
        let key = "execution.checkpointing.externalized-checkpoint-retention";
        all.push((key, "RETAIN_ON_CANCELLATION".into()));
    }
    if cluster.intercepts_exit {
        all.push(("cluster.intercept-user-system-exit", "THROW".into()));
    }
    if !cluster.web_submit {
        all.push(("web.submit.enable", "false".into()));
    }
    Answer::ok(Value::Array(all.into_iter().map(|(key, value)| json!({ "key": key, "value": value })).collect()))
}

/// → taskmanagers
pub fn task_managers(memory: &Memory) -> Answer {
    let resource = |cores: f64, heap: u64, other: u64| {
        json!({
            "cpuCores": cores,
            "taskHeapMemory": heap,
            "taskOffHeapMemory": other,
            "managedMemory": other,
            "networkMemory": other,
            "extendedResources": {},
        })
    };
    Answer::ok(json!({ "taskmanagers": [{
        "id": TASK_MANAGER,
        "path": "pekko.tcp://flink@127.0.0.1:35135/user/rpc/taskmanager_0",
        "dataPort": 35103,
        "jmxPort": -1,
        "timeSinceLastHeartbeat": memory.now(),
        "slotsNumber": memory.cluster.slots,
        "freeSlots": memory.free_slots(),
        "totalResource": resource(2.0, 1920, 256),
        "freeResource": resource(1.75, 1680, 224),
        "hardware": {
            "cpuCores": 2,
            "physicalMemory": 25_276_502_016_u64,
            "freeMemory": 2_147_483_648_u64,
            "managedMemory": 268_435_456,
        },
        "memoryConfiguration": {
            "frameworkHeap": 134_217_728,
            "taskHeap": 2_013_265_920_u64,
            "frameworkOffHeap": 134_217_728,
            "taskOffHeap": 268_435_456,
            "networkMemory": 268_435_456,
            "managedMemory": 268_435_456,
            "jvmMetaspace": 536_870_912,
            "jvmOverhead": 268_435_456,
            "totalFlinkMemory": 3_087_007_744_u64,
            "totalProcessMemory": 3_892_314_112_u64,
        },
    }] }))
}
