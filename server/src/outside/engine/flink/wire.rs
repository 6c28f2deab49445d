//! Flink's JSON, odd as it is: only what is read. Recorded in the reference (real-stack §3).
//!
//! Why it exists: names with hyphens, times of −1 and values as texts stay here.
//! Invariant: what a newer Flink adds is ignored; what is missing without harm has a default.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Every refusal of Flink.
#[derive(Debug, Default, Deserialize)]
pub struct Errors {
    pub errors: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Overview {
    pub flink_version: String,
    pub slots_total: u64,
    pub slots_available: u64,
    pub taskmanagers: u64,
}

#[derive(Debug, Deserialize)]
pub struct Features {
    #[serde(default)]
    pub features: Feature,
}

#[derive(Debug, Default, Deserialize)]
pub struct Feature {
    #[serde(rename = "web-submit", default)]
    pub web_submit: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub struct Jobs {
    pub jobs: Vec<JobLine>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct JobLine {
    pub jid: String,
    pub name: String,
    pub state: String,
    pub start_time: i64,
    pub last_modification: i64,
    pub tasks: Tasks,
}

#[derive(Debug, Deserialize)]
pub struct Tasks {
    pub running: u64,
    pub total: u64,
}

#[derive(Debug, Deserialize)]
pub struct Job {
    pub jid: String,
    pub name: String,
    pub state: String,
    #[serde(rename = "start-time")]
    pub start_time: i64,
    pub now: i64,
    pub vertices: Vec<Vertex>,
}

#[derive(Debug, Deserialize)]
pub struct Vertex {
    pub id: String,
    pub name: String,
    pub status: String,
    pub parallelism: u64,
    #[serde(default)]
    pub metrics: Metrics,
}

/// A count is good only where its `…-complete` says so: a job in its restart loop shows 0 and `false` (recorded).
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Metrics {
    pub read_records: u64,
    pub read_records_complete: bool,
    pub write_records: u64,
    pub write_records_complete: bool,
}

#[derive(Debug, Deserialize)]
pub struct Exceptions {
    #[serde(rename = "root-exception", default)]
    pub root: Option<String>,
    #[serde(default)]
    pub timestamp: Option<i64>,
    #[serde(rename = "exceptionHistory", default)]
    pub history: History,
}

#[derive(Debug, Default, Deserialize)]
pub struct History {
    pub entries: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    pub stacktrace: String,
    pub timestamp: i64,
    #[serde(default)]
    pub task_name: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Checkpoints {
    pub counts: Counts,
    pub latest: Latest,
}

#[derive(Debug, Deserialize)]
pub struct Counts {
    pub completed: u64,
    pub failed: u64,
}

#[derive(Debug, Deserialize)]
pub struct Latest {
    pub completed: Option<Checkpoint>,
    pub savepoint: Option<Checkpoint>,
    pub restored: Option<Restored>,
}

#[derive(Debug, Deserialize)]
pub struct Checkpoint {
    pub id: u64,
    pub is_savepoint: bool,
    pub trigger_timestamp: i64,
    pub latest_ack_timestamp: i64,
    #[serde(default)]
    pub external_path: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Restored {
    pub restore_timestamp: i64,
    #[serde(default)]
    pub external_path: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Metric {
    pub id: String,
    pub value: String,
}

/// What `POST /jars/:id/run` is told. It holds passwords, so it can be written but not shown.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Run<'a> {
    pub entry_class: &'a str,
    pub program_args_list: &'a [String],
    pub flink_configuration: BTreeMap<&'a str, &'a str>,
    pub job_id: &'a str,
    pub parallelism: u32,
    pub allow_non_restored_state: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub savepoint_path: Option<&'a str>,
}

#[derive(Debug, Deserialize)]
pub struct Ran {
    pub jobid: String,
}

/// What `POST /jobs/:id/stop` is told. `drain` ends all windows and would lose rows (streampark-api §12.3): never.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stop<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_directory: Option<&'a str>,
    pub drain: bool,
}

#[derive(Debug, Deserialize)]
pub struct Triggered {
    #[serde(rename = "request-id")]
    pub id: String,
}

#[derive(Debug, Deserialize)]
pub struct Savepoint {
    pub status: Status,
    #[serde(default)]
    pub operation: Option<Operation>,
}

#[derive(Debug, Deserialize)]
pub struct Status {
    pub id: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Operation {
    #[serde(default)]
    pub failure_cause: Option<Failure>,
    #[serde(default)]
    pub location: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Failure {
    #[serde(default)]
    pub class: String,
    #[serde(default)]
    pub stack_trace: String,
}

#[derive(Debug, Deserialize)]
pub struct Jars {
    pub files: Vec<Jar>,
}

#[derive(Debug, Deserialize)]
pub struct Jar {
    pub id: String,
    pub name: String,
    pub uploaded: i64,
}

#[derive(Debug, Deserialize)]
pub struct Uploaded {
    pub filename: String,
}

#[derive(Debug, Deserialize)]
pub struct Setting {
    pub key: String,
    pub value: String,
}
