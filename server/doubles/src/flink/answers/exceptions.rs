//! What went wrong in a job.

use serde_json::{Value, json};

use super::Answer;
use crate::flink::job::{Failure, Job};
use crate::flink::route::parameter;

/// → job-exceptions-*: the newest first. A database that is away, a password that changed: nothing of it is here.
pub fn history(job: &Job, query: &str) -> Answer {
    let most = parameter(query, "maxExceptions").and_then(|text| text.parse().ok()).unwrap_or(20_usize);
    let remembered = job.failures.len();
    let entries: Vec<_> = job.failures.iter().rev().take(remembered.min(most)).map(entry).collect();
    let newest = job.failures.last();
    Answer::ok(json!({
        "root-exception": newest.map(|failure| failure.trace.clone()),
        "timestamp": newest.map(|failure| failure.at),
        "all-exceptions": [],
        "truncated": false,
        "exceptionHistory": { "truncated": entries.len() < remembered, "entries": entries },
    }))
}

fn entry(failure: &Failure) -> Value {
    let mut entry = json!({
        "exceptionName": failure.class,
        "stacktrace": failure.trace,
        "timestamp": failure.at,
        "failureLabels": {},
        "concurrentExceptions": [],
    });
    if let Some(task) = &failure.task {
        entry["taskName"] = task.as_str().into();
        entry["location"] = "localhost:35103".into();
        entry["endpoint"] = "localhost:35103".into();
        entry["taskManagerId"] = "127.0.0.1:35135-4c08ba".into();
    }
    entry
}
