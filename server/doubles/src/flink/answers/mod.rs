//! What each call is answered, as it was recorded.
//!
//! Invariant: pure, but for what the call itself is there to do.

mod checkpoints;
mod cluster;
mod exceptions;
mod jars;
mod job;
mod metrics;
mod savepoints;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::job::Job;
use super::memory::Memory;
use super::refusal::{Refusal, trace};
use super::route::{Call, Found};

/// A request, as far as answers need it.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Which call, with the ids of its path.
    pub found: Found,
    /// Its query.
    pub query: String,
    /// The name of an uploaded file.
    pub file: Option<String>,
    /// Its body.
    pub body: Vec<u8>,
}

/// An answer; always JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its body.
    pub body: Value,
}

impl Answer {
    pub(super) const fn ok(body: Value) -> Self {
        Self { status: StatusCode::OK, body }
    }

    pub(super) const fn accepted(body: Value) -> Self {
        Self { status: StatusCode::ACCEPTED, body }
    }

    fn errors(status: StatusCode, errors: &[&str]) -> Self {
        Self { status, body: json!({ "errors": errors }) }
    }

    /// The server knows no such path.
    pub(super) fn not_found(path: &str) -> Self {
        Self::errors(StatusCode::NOT_FOUND, &[&format!("Not found: {path}")])
    }

    /// The server cannot make sense of a request.
    pub(super) fn bad(why: &str) -> Self {
        Self::errors(StatusCode::BAD_REQUEST, &[why])
    }

    /// The server failed (→ jars-run-failed-no-such-jar).
    pub(super) fn internal(status: StatusCode) -> Self {
        let why = "<Exception on server side:\njava.lang.IllegalStateException: a fault was switched on\n\nEnd of exception on \
                   server side>";
        Self::errors(status, &["Internal server error.", why])
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        Self::errors(refusal.status, &[&refusal.trace()])
    }
}

/// The answer to a call.
pub fn to(memory: &mut Memory, asked: &Asked) -> Answer {
    let Found { call, id, inner } = &asked.found;
    match call {
        Call::Any => Answer::not_found(""),
        Call::Overview => cluster::overview(memory),
        Call::Config => cluster::config(memory),
        Call::ClusterConfig => cluster::settings(memory),
        Call::TaskManagers => cluster::task_managers(memory),
        Call::Jars | Call::Upload | Call::DeleteJar | Call::Run if !memory.cluster.web_submit => {
            Answer::not_found("/jars")
        }
        Call::Jars => jars::list(memory),
        Call::Upload => jars::upload(memory, asked),
        Call::DeleteJar => jars::delete(memory, id),
        Call::Run => jars::run(memory, id, asked),
        Call::JobIds => job::ids(memory),
        Call::Jobs => job::overview(memory),
        Call::Cancel => savepoints::cancel(memory, id, asked),
        Call::Stop => savepoints::stop(memory, id, asked),
        Call::Savepoint => savepoints::trigger(memory, id, asked),
        Call::Poll => savepoints::poll(memory, id, inner),
        Call::Job => with_job(memory, id, job::detail),
        Call::JobStatus => with_job(memory, id, |_, found| Answer::ok(json!({ "status": found.state.word() }))),
        Call::JobConfig => with_job(memory, id, |_, found| job::config(found)),
        Call::Plan => with_job(memory, id, |_, found| Answer::ok(json!({ "plan": job::plan_of(found) }))),
        Call::Exceptions => with_job(memory, id, |_, found| exceptions::history(found, &asked.query)),
        Call::Checkpoints => with_job(memory, id, |_, found| checkpoints::list(found)),
        Call::CheckpointsConfig => with_job(memory, id, checkpoints::config),
        Call::JobMetrics => metrics::of_job(memory, id, &asked.query),
        Call::VertexMetrics => metrics::of_vertex(memory, id, inner, &asked.query),
        Call::SubtasksMetrics => metrics::of_subtasks(memory, id, inner, &asked.query),
    }
}

fn with_job(memory: &Memory, id: &str, answer: impl FnOnce(&Memory, &Job) -> Answer) -> Answer {
    memory.job(id).map_or_else(|| no_such_job(id), |job| answer(memory, job))
}

/// → job-not-found
fn no_such_job(id: &str) -> Answer {
    let not_there = format!("org.apache.flink.runtime.rest.NotFoundException: Job {id} not found");
    let cause = format!("org.apache.flink.runtime.messages.FlinkJobNotFoundException: Could not find Flink job ({id})");
    Answer::errors(StatusCode::NOT_FOUND, &[&trace(&[&not_there, &cause])])
}
