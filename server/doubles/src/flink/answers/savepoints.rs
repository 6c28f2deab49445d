//! Stop, cancel, savepoints, and how they went.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Answer, Asked};
use crate::flink::job::State;
use crate::flink::memory::Memory;
use crate::flink::operation::{Outcome, Then};
use crate::flink::refusal::Refusal;
use crate::flink::route::parameter;

/// → job-cancel, job-cancel-again, job-cancel-of-ended-job: 202 also for one that was cancelled before, 409 for one that
/// ended otherwise.
pub fn cancel(memory: &mut Memory, id: &str, asked: &Asked) -> Answer {
    match parameter(&asked.query, "mode").as_deref() {
        None | Some("cancel") => {}
        Some("stop") => {
            let why = "The termination mode \"stop\" has been removed. For an ungraceful shutdown, please use \"cancel\" instead.";
            return Refusal::rest(StatusCode::PERMANENT_REDIRECT, why).into();
        }
        Some(_) => {
            return Answer::bad("Bad request, could not parse parameters: Cannot resolve query parameter (mode).");
        }
    }
    let Some(state) = memory.job(id).map(|job| job.state) else {
        let why = format!("Job could not be found.: Could not find Flink job ({id})");
        return Refusal::rest(StatusCode::NOT_FOUND, &why).into();
    };
    if state.ended() && state != State::Canceled {
        let why = format!(
            "Job cancellation failed because the job has already reached another terminal state ({}).",
            state.word()
        );
        return Refusal::rest(StatusCode::CONFLICT, &why).into();
    }
    memory.cancel(id);
    Answer::accepted(json!({}))
}

/// → stop-with-savepoint-trigger, stop-of-ended-job, stop-trigger-bad-target: taken whatever the job.
pub fn stop(memory: &mut Memory, id: &str, asked: &Asked) -> Answer {
    let Some(body) = body(asked) else { return bad_body("StopWithSavepointRequestBody") };
    let then = if body["drain"] == true { Then::Drain } else { Then::Stop };
    ask(memory, id, body["targetDirectory"].as_str(), then)
}

/// `POST /jobs/:id/savepoints`: with `cancel-job` the job is cancelled, and nothing is committed (real-stack §4).
pub fn trigger(memory: &mut Memory, id: &str, asked: &Asked) -> Answer {
    let Some(body) = body(asked) else { return bad_body("SavepointTriggerRequestBody") };
    let then = if body["cancel-job"] == true { Then::Cancel } else { Then::GoOn };
    ask(memory, id, body["target-directory"].as_str(), then)
}

fn ask(memory: &mut Memory, id: &str, folder: Option<&str>, then: Then) -> Answer {
    let folder = folder.map(str::to_owned).or_else(|| memory.cluster.savepoints.clone());
    let Some(folder) = folder else {
        let why = "Config key [execution.checkpointing.savepoint-dir] is not set. Property [targetDirectory] must be provided.";
        return Refusal::rest(StatusCode::BAD_REQUEST, why).into();
    };
    let request = memory.ask(id, &folder, then);
    Answer::accepted(json!({ "request-id": request }))
}

/// → stop-with-savepoint-poll-*, savepoint-without-stop-poll, savepoint-poll-unknown-trigger
pub fn poll(memory: &Memory, id: &str, request: &str) -> Answer {
    let Some(asked) = memory.operation(id, request) else {
        let why = format!("There is no savepoint operation with triggerId={request} for job {id}.");
        return Refusal::rest(StatusCode::NOT_FOUND, &why).into();
    };
    let (word, operation) = match &asked.outcome {
        None => ("IN_PROGRESS", Value::Null),
        Some(Outcome::Location(path)) => ("COMPLETED", json!({ "location": path })),
        Some(Outcome::Failure(trace)) => {
            let cause = json!({
                "class": "java.util.concurrent.CompletionException",
                "stack-trace": trace,
                "serialized-throwable": "rO0ABXNyAClvcmcuYXBhY2hlLmZsaW5rLnV0aWwuU2VyaWFsaXplZFRocm93YWJsZWUWnfUfpxPz",
            });
            ("COMPLETED", json!({ "failure-cause": cause }))
        }
    };
    Answer::ok(json!({ "status": { "id": word }, "operation": operation }))
}

fn body(asked: &Asked) -> Option<Value> {
    if asked.body.is_empty() {
        return Some(json!({}));
    }
    serde_json::from_slice::<Value>(&asked.body).ok().filter(Value::is_object)
}

fn bad_body(what: &str) -> Answer {
    Answer::bad(&format!("Request did not match expected format {what}."))
}
