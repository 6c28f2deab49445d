//! Jobs: the list, and one of them with its vertices.

use serde_json::{Map, Value, json};

use super::Answer;
use crate::clock::Millis;
use crate::flink::job::{Job, Phase, State};
use crate::flink::memory::{Memory, hex_of};
use crate::flink::plan::{Role, Vertex, vertices};

/// The states of a task, in no order that matters.
const TASKS: [&str; 10] = [
    "CREATED",
    "SCHEDULED",
    "DEPLOYING",
    "INITIALIZING",
    "RUNNING",
    "FINISHED",
    "CANCELING",
    "CANCELED",
    "FAILED",
    "RECONCILING",
];

/// `GET /jobs`.
pub fn ids(memory: &Memory) -> Answer {
    let jobs: Vec<_> = memory.jobs().map(|job| json!({ "id": job.id, "status": job.state.word() })).collect();
    Answer::ok(json!({ "jobs": jobs }))
}

/// → jobs-overview, jobs-overview-ended, jobs-overview-after-jm-restart
pub fn overview(memory: &Memory) -> Answer {
    let now = memory.now();
    let jobs: Vec<_> = memory.jobs().map(|job| line(job, now)).collect();
    Answer::ok(json!({ "jobs": jobs }))
}

fn line(job: &Job, now: Millis) -> Value {
    let tasks: u32 = vertices(job).iter().map(|vertex| vertex.parallelism).sum();
    let (task, _) = job.phase.words(job.state);
    let mut counts = TASKS.iter().map(|word| (word.to_lowercase(), 0.into())).collect::<Map<_, _>>();
    counts.insert(task.to_lowercase(), tasks.into());
    counts.insert("total".into(), tasks.into());
    json!({
        "jid": job.id,
        "name": job.name,
        "start-time": job.started,
        "end-time": end(job),
        "duration": job.ended().unwrap_or(now) - job.started,
        "state": job.state.word(),
        "last-modification": job.modified,
        "tasks": counts,
    })
}

fn end(job: &Job) -> i64 {
    job.ended().map_or(-1, signed)
}

fn signed(at: Millis) -> i64 {
    i64::try_from(at).expect("a time of this age")
}

/// → job-detail, job-detail-*
pub fn detail(memory: &Memory, job: &Job) -> Answer {
    let now = memory.now();
    let all = vertices(job);
    let (_, word) = job.phase.words(job.state);
    let times =
        State::ALL.iter().map(|state| (state.word().to_owned(), job.since.get(state).copied().unwrap_or(0).into()));
    Answer::ok(json!({
        "jid": job.id,
        "name": job.name,
        "isStoppable": false,
        "state": job.state.word(),
        "job-type": "STREAMING",
        "start-time": job.started,
        "end-time": end(job),
        "duration": job.ended().unwrap_or(now) - job.started,
        "maxParallelism": -1,
        "now": now,
        "timestamps": times.collect::<Map<_, _>>(),
        "vertices": all.iter().map(|vertex| vertex_of(job, vertex, now)).collect::<Vec<_>>(),
        "status-counts": counts(word, u32::try_from(all.len()).expect("few")),
        "plan": plan_of(job),
    }))
}

fn counts(word: &str, number: u32) -> Value {
    Value::Object(
        TASKS.iter().map(|task| ((*task).to_owned(), (if *task == word { number } else { 0 }).into())).collect(),
    )
}

fn vertex_of(job: &Job, vertex: &Vertex, now: Millis) -> Value {
    let (task, word) = job.phase.words(job.state);
    let since = job.tasks_since.filter(|_| !matches!(job.phase, Phase::Created | Phase::Scheduled));
    json!({
        "id": vertex.id,
        "slotSharingGroupId": hex_of(&format!("slots of {}", job.id), 32),
        "name": vertex.name,
        "maxParallelism": vertex.most,
        "parallelism": vertex.parallelism,
        "status": word,
        "start-time": since.map_or(-1, signed),
        "end-time": since.map_or(-1, |_| end(job)),
        "duration": since.map_or(-1, |since| signed(job.ended().unwrap_or(now) - since)),
        "tasks": counts(task, vertex.parallelism),
        "metrics": numbers(job, vertex, since.is_some()),
    })
}

fn numbers(job: &Job, vertex: &Vertex, known: bool) -> Value {
    let (read, written) = match vertex.role {
        Role::Source => (0, job.tables.iter().map(|table| table.shown).sum()),
        Role::Writer(at) => (job.tables[at].shown, 0),
        Role::Other => (0, 0),
    };
    json!({
        "read-bytes": 219 * read,
        "read-bytes-complete": known,
        "write-bytes": 219 * written,
        "write-bytes-complete": known,
        "read-records": read,
        "read-records-complete": known,
        "write-records": written,
        "write-records-complete": known,
        "accumulated-backpressured-time": 0,
        "accumulated-idle-time": 0,
        "accumulated-busy-time": 0.0,
    })
}

/// → job-config: no arguments here, and no password.
pub fn config(job: &Job) -> Answer {
    Answer::ok(json!({
        "jid": job.id,
        "name": job.name,
        "execution-config": {
            "execution-mode": "PIPELINED",
            "restart-strategy": "Cluster level default restart strategy",
            "job-parallelism": job.parallelism,
            "object-reuse-mode": true,
            "user-config": {},
        },
    }))
}

/// → job-plan
pub fn plan_of(job: &Job) -> Value {
    let all = vertices(job);
    let (sources, others): (Vec<_>, Vec<_>) = all.iter().partition(|vertex| vertex.role == Role::Source);
    let nodes: Vec<_> = others.into_iter().chain(sources).map(node).collect();
    json!({ "jid": job.id, "name": job.name, "type": "STREAMING", "nodes": nodes })
}

fn node(vertex: &Vertex) -> Value {
    let mut node = json!({
        "id": vertex.id,
        "parallelism": vertex.parallelism,
        "operator": "",
        "operator_strategy": "",
        "description": vertex.description,
        "optimizer_properties": {},
    });
    if let Some((from, how)) = &vertex.input {
        node["inputs"] = json!([{ "num": 0, "id": from, "ship_strategy": how, "exchange": "pipelined_bounded" }]);
    }
    node
}
