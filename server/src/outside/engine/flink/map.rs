//! What Flink answered, in our words: pure, and held to recordings of the real one.
//!
//! Why it exists: a proxy's 404 is not a job that is gone, COMPLETED may be a failure, RUNNING may mean no slot. Whoever
//! reads Flink's answers elsewhere would have to know all that again.
//! Invariant: "there is no such job" is only said when Flink itself says so in its own words; from anything else a second
//! job could be started beside a living one.

use std::cmp::Reverse;

use domain::time::Millis;
use serde::de::DeserializeOwned;

use super::seen::{
    Checkpoints, Completed, FlinkJobId, Jar, JobDetail, JobLine, JobState, Overview, Ran, Restored, Savepoint,
    TaskState, Thrown, TriggerId, Vertex,
};
use super::sentence::{sentence, sentence_without};
use super::wire;
use crate::outside::engine::EngineError;
use crate::outside::engine::call::Answer;

/// Where the path of a checkpoint should stand, when the cluster keeps checkpoints in memory.
const IN_MEMORY: &str = "<checkpoint-not-externally-addressable>";

/// How Flink begins when it has no such call; of a thing that is not there it says more.
const NOT_OFFERED: &str = "Not found: ";

/// Reads an answer that said yes; anything else by [`refusal`].
pub(super) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, EngineError> {
    if !(200..300).contains(&answer.status) {
        return Err(refusal(answer));
    }
    serde_json::from_slice(&answer.body).map_err(|_| EngineError::Retry(stranger(answer)))
}

/// The same for a thing of one job: `None` when Flink says that it has no such job.
pub(super) fn read_of_job<T: DeserializeOwned>(answer: &Answer) -> Result<Option<T>, EngineError> {
    if job_gone(answer) { Ok(None) } else { read(answer).map(Some) }
}

/// What a no means, by the table of [`super::client`].
pub(super) fn refusal(answer: &Answer) -> EngineError {
    let status = answer.status;
    match (status, errors(answer)) {
        (401 | 403 | 407, _) => {
            EngineError::Fail(format!("whatever stands before Flink wants a sign-in or forbids the call ({status})"))
        }
        (300..=399, _) => EngineError::Fail(format!("the address of Flink leads elsewhere ({status})")),
        (404, Some(said)) if said.starts_with(NOT_OFFERED) => EngineError::Fail(format!(
            "Flink does not offer this at its address ({}); jars want web.submit.enable",
            sentence(&said)
        )),
        (408 | 425 | 429 | 500.., Some(said)) => EngineError::Retry(format!("{} ({status})", sentence(&said))),
        (404 | 408 | 425 | 429 | 500.., None) => EngineError::Retry(stranger(answer)),
        (_, Some(said)) => EngineError::Fail(sentence(&said)),
        (_, None) => EngineError::Fail(stranger(answer)),
    }
}

/// What to say of an answer that is not Flink's. Never what stands in it.
fn stranger(answer: &Answer) -> String {
    let status = answer.status;
    let page = answer.body.trim_ascii_start().starts_with(b"<");
    let what = if page { "a page of HTML" } else { "something that is not Flink's answer" };
    format!("at the address of Flink came {what} ({status}); a proxy may stand before it")
}

/// The words of Flink's own refusal, when it is one.
fn errors(answer: &Answer) -> Option<String> {
    let body: wire::Errors = serde_json::from_slice(&answer.body).ok()?;
    (!body.errors.is_empty()).then(|| body.errors.join("\n"))
}

fn job_gone(answer: &Answer) -> bool {
    let ours = |said: String| said.contains("FlinkJobNotFoundException") || said.contains("NotFoundException: Job ");
    answer.status == 404 && errors(answer).is_some_and(ours)
}

/// What a run came to (real-stack §1.1, §3). `secrets` went with the call and must not come back in a sentence.
pub(super) fn ran(answer: &Answer, id: &FlinkJobId, secrets: &[&str]) -> Result<Ran, EngineError> {
    if let Some(said) = errors(answer) {
        if said.contains("Jar file ") && said.contains(" does not exist") {
            return Ok(Ran::JarGone);
        }
        if said.contains("\nCaused by: org.apache.flink.runtime.client.DuplicateJobSubmissionException") {
            return Ok(Ran::AlreadyThere);
        }
        let told = sentence_without(&said, secrets);
        return match answer.status {
            400 => Ok(Ran::Refused(told)),
            500.. => Err(EngineError::Retry(format!("{told} ({})", answer.status))),
            _ => Err(refusal(answer)),
        };
    }
    let given = read::<wire::Ran>(answer)?.jobid;
    if given == id.as_str() {
        return Ok(Ran::Accepted);
    }
    // Its id is not a secret, but it comes from outside: as long as an id, no longer.
    let given: String = given.chars().take(32).collect();
    Err(EngineError::Fail(format!("Flink runs the job as {given} although {id} was asked for; that job must be ended")))
}

pub(super) fn overview(theirs: wire::Overview) -> Overview {
    Overview {
        version: theirs.flink_version,
        slots_total: theirs.slots_total,
        slots_free: theirs.slots_available,
        task_managers: theirs.taskmanagers,
    }
}

/// Whether jars are taken: Flink's own page asks the same (recorded as `config`). Not said means the default, yes.
pub(super) fn takes_jars(theirs: &wire::Features) -> bool {
    theirs.features.web_submit.unwrap_or(true)
}

pub(super) fn job_line(theirs: wire::JobLine) -> Result<JobLine, EngineError> {
    Ok(JobLine {
        id: job_id(&theirs.jid)?,
        name: theirs.name,
        state: JobState::of(&theirs.state),
        started_at: Millis(theirs.start_time),
        modified_at: Millis(theirs.last_modification),
        tasks_running: theirs.tasks.running,
        tasks_total: theirs.tasks.total,
    })
}

pub(super) fn job(theirs: wire::Job) -> Result<JobDetail, EngineError> {
    Ok(JobDetail {
        id: job_id(&theirs.jid)?,
        name: theirs.name,
        state: JobState::of(&theirs.state),
        started_at: Millis(theirs.start_time),
        now: Millis(theirs.now),
        vertices: theirs.vertices.into_iter().map(vertex).collect(),
    })
}

fn job_id(text: &str) -> Result<FlinkJobId, EngineError> {
    text.parse().map_err(|_| EngineError::Retry("Flink named a job by what is no id of a job".to_owned()))
}

fn vertex(theirs: wire::Vertex) -> Vertex {
    let metrics = theirs.metrics;
    Vertex {
        table: table(&theirs.name),
        source: theirs.name.starts_with("Source: "),
        id: theirs.id,
        name: theirs.name,
        status: TaskState::of(&theirs.status),
        parallelism: theirs.parallelism,
        read_records: metrics.read_records_complete.then_some(metrics.read_records),
        written_records: metrics.write_records_complete.then_some(metrics.write_records),
    }
}

/// The table that a vertex or a task writes: `Writer : orders -> …`, or `Writer : orders` alone where the committer is a
/// vertex of its own (both recorded); of a task ` (1/1) - execution #0` follows.
fn table(name: &str) -> Option<String> {
    let rest = ["Writer : ", "Writer(write-only) : "].iter().find_map(|before| name.strip_prefix(before))?;
    let rest = rest.split_once(" -> ").map_or(rest, |(table, _)| table);
    let attempt = rest.rfind(" (").filter(|at| rest[*at..].contains(" - execution #"));
    Some(rest[..attempt.unwrap_or(rest.len())].to_owned())
}

/// Newest first. An old root exception stands in when there is no history.
pub(super) fn thrown(theirs: wire::Exceptions) -> Vec<Thrown> {
    let root = theirs.root.zip(theirs.timestamp).map(|(trace, at)| Thrown {
        at: Millis(at),
        task: None,
        table: None,
        sentence: sentence(&trace),
    });
    let mut thrown: Vec<_> = theirs.history.entries.into_iter().map(entry).collect();
    if thrown.is_empty() {
        thrown.extend(root);
    }
    thrown.sort_by_key(|thrown| Reverse(thrown.at));
    thrown
}

fn entry(theirs: wire::Entry) -> Thrown {
    let name = theirs.task_name.as_deref();
    Thrown {
        at: Millis(theirs.timestamp),
        table: name.and_then(table),
        sentence: sentence(&theirs.stacktrace),
        task: theirs.task_name,
    }
}

pub(super) fn checkpoints(theirs: wire::Checkpoints) -> Checkpoints {
    let latest = theirs.latest;
    let newest = latest.completed.into_iter().chain(latest.savepoint).max_by_key(|checkpoint| checkpoint.id);
    Checkpoints {
        completed: theirs.counts.completed,
        failed: theirs.counts.failed,
        newest: newest.map(|newest| Completed {
            id: newest.id,
            path: path(newest.external_path),
            triggered_at: Millis(newest.trigger_timestamp),
            acknowledged_at: Millis(newest.latest_ack_timestamp),
            savepoint: newest.is_savepoint,
        }),
        restored: latest
            .restored
            .map(|restored| Restored { path: path(restored.external_path), at: Millis(restored.restore_timestamp) }),
    }
}

fn path(theirs: Option<String>) -> Option<String> {
    theirs.filter(|path| !path.is_empty() && path != IN_MEMORY)
}

/// How often the job was restarted. Names that Flink does not know are left out of its answer, as is everything just after
/// a start (real-stack §6).
pub(super) fn restarts(theirs: &[wire::Metric], name: &str) -> Option<u64> {
    theirs.iter().find(|metric| metric.id == name)?.value.parse().ok()
}

pub(super) fn trigger(theirs: &wire::Triggered) -> Result<TriggerId, EngineError> {
    let odd = |_| EngineError::Retry("Flink named the stop by what is no id".to_owned());
    theirs.id.parse().map_err(odd)
}

/// What became of a stop or a savepoint: a failure says COMPLETED too, so its cause is looked for first (real-stack §1.7).
pub(super) fn savepoint(answer: &Answer) -> Result<Savepoint, EngineError> {
    if answer.status == 404 && errors(answer).is_some_and(|said| said.contains("There is no savepoint operation")) {
        return Ok(Savepoint::Unknown);
    }
    let theirs: wire::Savepoint = read(answer)?;
    let operation = theirs.operation.unwrap_or_default();
    if let Some(failure) = operation.failure_cause {
        let trace = if failure.stack_trace.is_empty() { &failure.class } else { &failure.stack_trace };
        return Ok(Savepoint::Failed { sentence: sentence(trace) });
    }
    match (theirs.status.id.as_str(), path(operation.location)) {
        ("IN_PROGRESS", _) => Ok(Savepoint::Running),
        ("COMPLETED", Some(path)) => Ok(Savepoint::Done { path }),
        _ => Err(EngineError::Retry("Flink says neither where the savepoint is nor why there is none".to_owned())),
    }
}

/// A cancel is answered 202 for a job that runs or is over, 409 for one that finished, 404 for one that never was: each
/// time a look tells (real-stack §3).
pub(super) fn cancelled(answer: &Answer) -> Result<(), EngineError> {
    match (answer.status, errors(answer)) {
        (200..300, _) | (409, Some(_)) => Ok(()),
        (404, Some(said)) if !said.starts_with(NOT_OFFERED) => Ok(()),
        _ => Err(refusal(answer)),
    }
}

pub(super) fn jar(theirs: wire::Jar) -> Jar {
    Jar { id: theirs.id, name: theirs.name, uploaded_at: Millis(theirs.uploaded) }
}

/// The id of an uploaded jar: the last part of the path that Flink says.
pub(super) fn jar_id(theirs: &wire::Uploaded) -> Result<String, EngineError> {
    let id = theirs.filename.rsplit(['/', '\\']).next().unwrap_or_default();
    let usable = id.len() > ".jar".len() && id.to_ascii_lowercase().ends_with(".jar");
    let odd = || EngineError::Retry("Flink named the uploaded jar by what is no name of a jar".to_owned());
    usable.then(|| id.to_owned()).ok_or_else(odd)
}

#[cfg(test)]
pub(super) mod tests;
