//! Metrics of jobs and vertices: texts; unknown names are left out; the first question is answered with nothing (real-stack §6).

use serde_json::{Value, json};

use super::{Answer, no_such_job};
use crate::flink::job::Job;
use crate::flink::memory::Memory;
use crate::flink::plan::{Role, vertices};
use crate::flink::route::parameter;

/// → job-metrics, job-metrics-restart-loop
pub fn of_job(memory: &mut Memory, id: &str, query: &str) -> Answer {
    let now = memory.now();
    ask(memory, id, "", query, |job| {
        let all = &job.checkpoints;
        let last = all.latest.as_ref();
        let mut known = vec![
            ("numberOfFailedCheckpoints", all.failed.to_string()),
            ("numberOfCompletedCheckpoints", all.completed.to_string()),
            ("numberOfInProgressCheckpoints", u64::from(all.open.is_some()).to_string()),
            ("totalNumberOfCheckpoints", all.total.to_string()),
            ("numRestarts", job.restarts.to_string()),
            ("fullRestarts", job.restarts.to_string()),
            ("uptime", job.tasks_since.map_or(0, |since| now - since).to_string()),
            ("restartingTime", "0".to_owned()),
            ("lastCheckpointDuration", if last.is_some() { "30" } else { "-1" }.to_owned()),
        ];
        if let Some(last) = last {
            known.push(("lastCompletedCheckpointId", last.id.to_string()));
            known.push(("lastCheckpointExternalPath", last.path().unwrap_or_default().to_owned()));
        }
        known.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    })
}

/// → vertex-metrics-source, vertex-metrics-writer
pub fn of_vertex(memory: &mut Memory, id: &str, vertex: &str, query: &str) -> Answer {
    ask(memory, id, vertex, query, |job| {
        of_subtask(job, vertex).into_iter().map(|(name, value)| (format!("0.{name}"), value.to_string())).collect()
    })
}

/// → vertex-subtasks-metrics: over all subtasks, without their number, and as numbers.
pub fn of_subtasks(memory: &mut Memory, id: &str, vertex: &str, query: &str) -> Answer {
    let Some(wanted) = first_question(memory, id, vertex, query) else { return Answer::ok(json!([])) };
    let Some(job) = memory.job(id) else { return no_such_job(id) };
    let known = of_subtask(job, vertex).into_iter().filter(|(name, _)| wanted.contains(name));
    Answer::ok(Value::Array(
        known
            .map(|(name, value)| {
                let value = json!(value).as_f64();
                json!({ "id": name, "min": value, "max": value, "avg": value, "sum": value, "skew": 0.0 })
            })
            .collect(),
    ))
}

/// What a subtask knows, without its number.
fn of_subtask(job: &Job, vertex: &str) -> Vec<(String, i64)> {
    let Some(found) = vertices(job).into_iter().find(|found| found.id == vertex) else { return Vec::new() };
    let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    match found.role {
        Role::Other => Vec::new(),
        Role::Source => {
            let out = signed(job.tables.iter().map(|table| table.read).sum());
            let of = |name: &str, value| (format!("Source__MySQL_Source.{name}"), value);
            vec![
                of("sourceIdleTime", 0),
                of("currentFetchEventTimeLag", 911),
                of("currentEmitEventTimeLag", -1),
                of("numRecordsIn", out),
                of("numRecordsOut", out),
                of("numRecordsInErrors", 0),
            ]
        }
        Role::Writer(at) => {
            let table = &job.tables[at];
            let name = &table.target;
            let commit =
                |what: &str, value| (format!("Global_Committer___{name}.paimon.table.{name}.commit.{what}"), value);
            vec![
                (format!("Writer___{name}.numRecordsIn"), signed(table.read)),
                (format!("Writer___{name}.paimon.table.{name}.compaction.maxLevel0FileCount"), -1),
                commit("lastDeltaRecordsAppended", 0),
                commit("lastCommitDuration", 28),
                commit("lastGeneratedSnapshots", 1),
                commit("lastCommitAttempts", 1),
            ]
        }
    }
}

fn ask(
    memory: &mut Memory,
    id: &str,
    vertex: &str,
    query: &str,
    known: impl Fn(&Job) -> Vec<(String, String)>,
) -> Answer {
    let all = parameter(query, "get").is_none();
    let Some(wanted) = first_question(memory, id, vertex, query) else { return Answer::ok(json!([])) };
    let Some(job) = memory.job(id) else { return no_such_job(id) };
    let known = known(job).into_iter().filter(|(name, _)| all || wanted.contains(name));
    let shown =
        known.map(|(name, value)| if all { json!({ "id": name }) } else { json!({ "id": name, "value": value }) });
    Answer::ok(Value::Array(shown.collect()))
}

/// The names that are asked for; `None` when nobody asked before in this life of the job.
fn first_question(memory: &mut Memory, id: &str, vertex: &str, query: &str) -> Option<Vec<String>> {
    if memory.job_mut(id).is_some_and(|job| job.asked.insert(vertex.to_owned())) {
        return None;
    }
    let names = parameter(query, "get").unwrap_or_default();
    Some(names.split(',').map(str::to_owned).collect())
}
