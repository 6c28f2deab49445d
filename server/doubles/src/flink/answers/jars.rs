//! Jars, and jobs that begin from them.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::{Answer, Asked};
use crate::flink::memory::{Jar, Memory};
use crate::flink::refusal::Refusal;
use crate::flink::route::decoded;
use crate::flink::submission::JobSubmission;

const FOLDER: &str = "/flink/upload/flink-web-upload";
const ACTIONS: &str = "org.apache.paimon.flink.action.FlinkActions";

/// → jars-list
pub fn list(memory: &Memory) -> Answer {
    let files: Vec<_> = memory.jars.iter().rev().map(file).collect();
    Answer::ok(json!({ "address": memory.url, "files": files }))
}

fn file(jar: &Jar) -> serde_json::Value {
    let entry: Vec<_> = jar.entry.iter().map(|name| json!({ "name": name, "description": null })).collect();
    json!({ "id": jar.id, "name": jar.name, "uploaded": jar.uploaded, "entry": entry })
}

/// → jars-upload, jars-upload-not-a-jar
pub fn upload(memory: &mut Memory, asked: &Asked) -> Answer {
    let Some(name) = asked.file.clone() else { return Answer::bad("Exactly 1 file must be sent, received 0.") };
    if !name.to_lowercase().ends_with(".jar") {
        return Refusal::rest(StatusCode::BAD_REQUEST, "Only Jar files are allowed.").into();
    }
    let hex = memory.hex(32);
    let uuid = format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]);
    let id = format!("{uuid}_{name}");
    let jar = Jar { id: id.clone(), name, uploaded: memory.now(), entry: Some(ACTIONS.to_owned()) };
    memory.jars.push(jar);
    Answer::ok(json!({ "filename": format!("{FOLDER}/{id}"), "status": "success" }))
}

/// → jar-delete
pub fn delete(memory: &mut Memory, id: &str) -> Answer {
    let id = decoded(id);
    let before = memory.jars.len();
    memory.jars.retain(|jar| jar.id != id);
    if memory.jars.len() == before {
        let why = format!("File {id} does not exist in {FOLDER}.");
        return Refusal::rest(StatusCode::BAD_REQUEST, &why).into();
    }
    Answer::ok(json!({}))
}

/// The body of a run. Fields that nobody here sends are left out.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Run {
    #[serde(rename = "entryClass")]
    _entry_class: Option<String>,
    program_args_list: Vec<String>,
    flink_configuration: BTreeMap<String, String>,
    savepoint_path: Option<String>,
    allow_non_restored_state: Option<bool>,
    job_id: Option<String>,
    parallelism: Option<u32>,
}

/// → jars-run, jars-run-*
pub fn run(memory: &mut Memory, id: &str, asked: &Asked) -> Answer {
    let id = decoded(id);
    if !memory.jars.iter().any(|jar| jar.id == id) {
        return no_such_jar(&id);
    }
    let body = if asked.body.is_empty() { b"{}" } else { asked.body.as_slice() };
    let Ok(run) = serde_json::from_slice::<Run>(body) else {
        return Answer::bad("Request did not match expected format JarRunRequestBody.");
    };
    if run.job_id.as_deref().is_some_and(|id| !is_job_id(id)) {
        return Answer::bad("Request did not match expected format JarRunRequestBody.");
    }
    let wanted = JobSubmission {
        id: run.job_id.map(|id| id.to_lowercase()),
        args: run.program_args_list,
        settings: run.flink_configuration,
        savepoint: run.savepoint_path.filter(|path| !path.is_empty()),
        may_drop_state: run.allow_non_restored_state.unwrap_or(false),
        parallelism: run.parallelism,
    };
    match memory.submit(wanted) {
        Ok(id) => Answer::ok(json!({ "jobid": id })),
        Err(refusal) => refusal.into(),
    }
}

fn is_job_id(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|digit| digit.is_ascii_hexdigit())
}

/// → jars-run-failed-no-such-jar
fn no_such_jar(id: &str) -> Answer {
    let class = "org.apache.flink.runtime.rest.handler.RestHandlerException";
    let cause = format!("{class}: Jar file {FOLDER}/{id} does not exist");
    let outer = format!("java.util.concurrent.CompletionException: {cause}");
    let trace = crate::flink::refusal::trace(&[&outer, &cause]);
    let told = format!("<Exception on server side:\n{trace}\nEnd of exception on server side>");
    Answer::errors(StatusCode::INTERNAL_SERVER_ERROR, &["Internal server error.", &told])
}
