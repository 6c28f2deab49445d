//! What StreamPark answered, in our words: pure, and held to recordings of 2.1.6 and 2.1.7.
//!
//! Why it exists: whoever reads its answers elsewhere would have to know its traps again.
//! Invariant: "there is no such application" is only said when StreamPark's own words allow nothing else.

use std::cmp::Reverse;
use std::path::Path;

use chrono::NaiveDateTime;
use domain::args::secret::Secret;
use domain::time::{HOUR, Millis};
use serde_json::{Map, Value};

use super::answer::{self, Said, no_such_app, refusal, told, told_without};
use super::seen::{
    App, AppId, AppState, BuildStatus, Built, Change, Cluster, Copied, Env, Kept, Logged, Operation, Page, Pipeline,
    Release, Started, Unknown, Version,
};
use super::wire;
use crate::outside::engine::EngineError;
use crate::outside::engine::call::Answer;

/// What to say of an id that leads nowhere.
const NO_APP: &str = "StreamPark has no such application";

fn odd(what: &str) -> EngineError {
    EngineError::Retry(format!("StreamPark named {what} by what is no id"))
}

/// A moment: its clock is that of GMT+8 wherever it runs (streampark-api §2).
fn moment(text: Option<String>) -> Option<Millis> {
    let local = NaiveDateTime::parse_from_str(&text?, "%Y-%m-%d %H:%M:%S").ok()?;
    Some(Millis(local.and_utc().timestamp_millis()).plus(-8 * HOUR))
}

pub(super) fn app(theirs: wire::App) -> Result<App, EngineError> {
    let number = |number: Option<i64>| number.unwrap_or(i64::MIN);
    Ok(App {
        id: theirs.id.unwrap_or_default().parse().map_err(|_| odd("an application"))?,
        team: theirs.team_id.unwrap_or_default(),
        name: theirs.job_name.unwrap_or_default(),
        state: AppState::of(number(theirs.state)),
        release: Release::of(number(theirs.release)),
        build: theirs.build_status.map(BuildStatus::of),
        can_start: theirs.can_be_start.unwrap_or(false),
        job: theirs.job_id.and_then(|id| id.parse().ok()),
        flink: theirs.job_manager_url.filter(|address| !address.is_empty()),
        args: theirs.args.map(Secret::new),
        settings: theirs.dynamic_properties.filter(|settings| !settings.is_empty()),
        main_class: theirs.main_class,
        jar: theirs.jar,
        kind: number(theirs.job_type),
        mode: number(theirs.execution_mode),
        restarts_itself: theirs.restart_size.unwrap_or(0),
        version: theirs.version_id,
        cluster: theirs.flink_cluster_id,
        started_at: moment(theirs.start_time),
        acted_at: moment(theirs.option_time),
        modified_at: moment(theirs.modify_time),
    })
}

/// A page of applications. No data at all means that the team was not understood (017).
pub(super) fn page(answer: &Answer) -> Result<Page, EngineError> {
    let theirs: Option<wire::Page<wire::App>> = answer::read(answer)?;
    let theirs = theirs.ok_or_else(|| EngineError::Fail("StreamPark does not know the team".to_owned()))?;
    let total = theirs.total.and_then(|total| u64::try_from(total).ok()).unwrap_or(0);
    Ok(Page { apps: theirs.records.into_iter().map(app).collect::<Result<_, _>>()?, total })
}

/// An application as it was asked for by its id; `None` when there is none.
pub(super) fn whole(answer: &Answer) -> Result<Option<Map<String, Value>>, EngineError> {
    match answer::said(answer)? {
        Said::Yes(Value::Object(whole)) => Ok(Some(whole)),
        Said::Yes(_) => Err(EngineError::Retry("StreamPark gave no application".to_owned())),
        Said::No(message) => Err(EngineError::Fail(told(&message.unwrap_or_default()))),
        Said::Refused { message, .. } if no_such_app(&message) => Ok(None),
        Said::Refused { code, message } => Err(refusal(code, &message)),
    }
}

/// An application of which all is known.
pub(super) fn app_of(whole: Map<String, Value>) -> Result<App, EngineError> {
    app(answer::from(Value::Object(whole))?)
}

/// All that can be edited, for StreamPark forgets what an update does not send back (streampark-api §3.4).
const EDITABLE: [&str; 38] = [
    "id",
    "teamId",
    "jobName",
    "versionId",
    "executionMode",
    "jar",
    "mainClass",
    "args",
    "options",
    "dynamicProperties",
    "resolveOrder",
    "restartSize",
    "flinkClusterId",
    "clusterId",
    "dependency",
    "tags",
    "description",
    "alertId",
    "cpMaxFailureInterval",
    "cpFailureRateInterval",
    "cpFailureAction",
    "hotParams",
    "yarnQueue",
    "serviceAccount",
    "flinkImage",
    "k8sNamespace",
    "k8sRestExposedType",
    "k8sPodTemplate",
    "k8sJmPodTemplate",
    "k8sTmPodTemplate",
    "k8sHadoopIntegration",
    "ingressTemplate",
    "defaultModeIngress",
    "config",
    "configId",
    "format",
    "module",
    "projectId",
];

/// The form of an update: all that was there, with the changes in it. Only of jars: the text of SQL comes back in another
/// shape than it is sent.
pub(super) fn update(whole: &Map<String, Value>, change: &Change) -> Result<Vec<(&'static str, String)>, EngineError> {
    if whole.get("jobType") != Some(&Value::from(1)) {
        return Err(EngineError::Fail("an application that is not a jar is not changed by us".to_owned()));
    }
    let changed = |key: &str| match key {
        "args" => change.args.clone(),
        "dynamicProperties" => change.settings.clone(),
        "description" => change.description.clone(),
        _ => None,
    };
    let kept = |key: &str| match whole.get(key)? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    Ok(EDITABLE.iter().filter_map(|key| Some((*key, changed(key).or_else(|| kept(key))?))).collect())
}

/// What differs after an update besides what was to change: an update in two places at once, or one that forgot something.
pub(super) fn astray(before: &Map<String, Value>, after: &Map<String, Value>, change: &Change) -> Option<String> {
    let meant = |key: &str| match key {
        "args" => change.args.as_ref(),
        "dynamicProperties" => change.settings.as_ref(),
        "description" => change.description.as_ref(),
        _ => None,
    };
    let empty = Value::from("");
    let same = |key: &str| {
        let [before, after] =
            [before, after].map(|whole| whole.get(key).filter(|value| **value != empty && !value.is_null()));
        match meant(key) {
            Some(text) => after.and_then(Value::as_str).unwrap_or_default() == text,
            None => before == after,
        }
    };
    EDITABLE.into_iter().find(|key| !same(key)).map(str::to_owned)
}

pub(super) fn copied(answer: &Answer) -> Result<Copied, EngineError> {
    match answer::said(answer)? {
        Said::Yes(data) => {
            let id = answer::from::<wire::CopyOf>(data)?.id.unwrap_or_default();
            id.parse().map(Copied::As).map_err(|_| odd("the copy"))
        }
        Said::Refused { message, .. } if message.contains("names can't be repeated") => Ok(Copied::NameInUse),
        Said::Refused { message, .. } if no_such_app(&message) => Ok(Copied::NoTemplate),
        Said::Refused { code, message } => Err(refusal(code, &message)),
        Said::No(message) => Err(EngineError::Fail(told(&message.unwrap_or_default()))),
    }
}

pub(super) fn built(answer: &Answer) -> Result<Built, EngineError> {
    match answer::said(answer)? {
        Said::Yes(_) => Ok(Built::Accepted),
        Said::No(message) => Ok(Built::Refused(told(&message.unwrap_or_default()))),
        Said::Refused { message, .. } if message.contains("cannot be built while it is running") => Ok(Built::Running),
        Said::Refused { message, .. } if no_such_app(&message) => Ok(Built::Refused(NO_APP.to_owned())),
        Said::Refused { code: 501, message } => Ok(Built::Refused(told(&message))),
        Said::Refused { code, message } => Err(refusal(code, &message)),
    }
}

/// `secrets` went with the start.
pub(super) fn started(answer: &Answer, secrets: &[&str]) -> Result<Started, EngineError> {
    let refused = |message: &str| Ok(Started::Refused(told_without(message, secrets)));
    match answer::said(answer)? {
        Said::Yes(_) => Ok(Started::Accepted),
        // Never built (082).
        Said::No(None) => refused("it gives no reason; is it built?"),
        Said::No(Some(message)) if message.contains("cannot be started repeatedly") => Ok(Started::NotNow),
        Said::No(Some(message)) if message.contains("the target cluster is unavailable") => {
            Err(EngineError::Retry(told_without(&message, secrets)))
        }
        Said::No(Some(message)) if no_such_app(&message) => refused(NO_APP),
        Said::No(Some(message)) => refused(&message),
        Said::Refused { code, message } => Err(refusal(code, &told_without(&message, secrets))),
    }
}

/// Nothing to give back; of an application that is not there, `false`.
pub(super) fn done(answer: &Answer) -> Result<bool, EngineError> {
    match answer::said(answer)? {
        Said::Yes(_) => Ok(true),
        Said::No(message) => Err(EngineError::Fail(told(&message.unwrap_or_default()))),
        Said::Refused { message, .. } if no_such_app(&message) => Ok(false),
        Said::Refused { code, message } => Err(refusal(code, &message)),
    }
}

/// Its build; `None` when it was never built.
pub(super) fn pipeline(answer: &Answer) -> Result<Option<Pipeline>, EngineError> {
    let theirs: wire::Detail = answer::read(answer)?;
    let count = |number: Option<i64>| number.and_then(|number| u64::try_from(number).ok()).unwrap_or(0);
    Ok(theirs.pipeline.map(|theirs| Pipeline {
        status: BuildStatus::of(theirs.pipe_status.unwrap_or(0)),
        step: count(theirs.cur_step),
        steps: count(theirs.total_step),
        sentence: theirs.error_summary.filter(|_| theirs.has_error == Some(true)).map(|summary| told(&summary)),
        updated_at: moment(theirs.update_time),
    }))
}

/// Newest first, by number: the times are of whole seconds.
pub(super) fn logged(answer: &Answer) -> Result<Vec<Logged>, EngineError> {
    let theirs: wire::Page<wire::Logged> = answer::read(answer)?;
    let mut lines: Vec<_> = theirs.records.into_iter().map(line).collect();
    lines.sort_by_key(|line| Reverse(line.id));
    Ok(lines)
}

fn line(theirs: wire::Logged) -> Logged {
    let trace = theirs.exception.filter(|trace| !trace.is_empty());
    Logged {
        id: theirs.id.and_then(|id| u64::try_from(id).ok()).unwrap_or(0),
        operation: Operation::of(theirs.option_name.unwrap_or(i64::MIN)),
        success: theirs.success.unwrap_or(false),
        at: moment(theirs.option_time),
        duplicate: trace.as_deref().is_some_and(answer::is_duplicate),
        sentence: trace.as_deref().map(answer::reason),
    }
}

/// Newest first; rows without a path are of no use.
pub(super) fn kept(answer: &Answer) -> Result<Vec<Kept>, EngineError> {
    let theirs: wire::Page<wire::Kept> = answer::read(answer)?;
    let kept = theirs.records.into_iter().filter_map(|theirs| {
        Some(Kept {
            id: theirs.id.and_then(|id| u64::try_from(id).ok())?,
            savepoint: theirs.kind != Some(1),
            path: theirs.path.filter(|path| !path.is_empty())?,
            latest: theirs.latest.unwrap_or(false),
            triggered_at: moment(theirs.trigger_time),
        })
    });
    let mut kept: Vec<_> = kept.collect();
    kept.sort_by_key(|kept| Reverse((kept.triggered_at, kept.id)));
    Ok(kept)
}

pub(super) fn cluster(theirs: wire::Cluster) -> Cluster {
    Cluster {
        id: theirs.id.unwrap_or_default(),
        name: theirs.name.unwrap_or_default(),
        address: theirs.address.filter(|address| !address.is_empty()),
        mode: theirs.execution_mode.unwrap_or(i64::MIN),
        started: theirs.state == Some(1),
        version: theirs.version_id,
    }
}

pub(super) fn env(theirs: wire::Env) -> Env {
    let conf = theirs.flink_conf.unwrap_or_default();
    Env {
        id: theirs.id.unwrap_or_default(),
        name: theirs.flink_name.unwrap_or_default(),
        version: theirs.version.unwrap_or_default(),
        // 2.1.6 keeps the settings themselves, packed (033); 2.1.7 keeps where they are (701).
        conf_is_path: Path::new(&conf).extension().is_some_and(|ending| ending == "yaml" || ending == "yml"),
    }
}

/// Which console answers so: whether it has the two calls of 2.1.5 and of 2.1, and how it keeps settings (§7.2, §9).
pub(super) fn version(schema: &Answer, check_name: &Answer, envs: &[Env]) -> Result<Version, EngineError> {
    let has = |answer: &Answer| match answer::said(answer)? {
        Said::Refused { code: 404, .. } => Ok(false),
        Said::Refused { code: 401, message } => Err(refusal(401, &message)),
        Said::Refused { code, message } if code != 501 => Err(refusal(code, &message)),
        Said::Yes(_) | Said::No(_) | Said::Refused { .. } => Ok(true),
    };
    Ok(match (has(schema)?, has(check_name)?) {
        (_, false) => Version::Unknown(Unknown::Newer),
        (false, true) => Version::Unknown(Unknown::Older),
        (true, true) if envs.is_empty() => Version::Unknown(Unknown::NoEnv),
        (true, true) if envs.iter().any(|env| env.conf_is_path) => Version::V217,
        (true, true) => Version::V216,
    })
}

/// Those of exactly this name: StreamPark finds parts of names, and `_` and `%` as anything (streampark-api §3.2).
pub(super) fn named(apps: Vec<App>, name: &str) -> impl Iterator<Item = App> {
    apps.into_iter().filter(move |app| app.name == name)
}

/// The id as what a path or a form takes.
pub(super) fn id(app: &AppId) -> (&'static str, &str) {
    ("id", app.as_str())
}

#[cfg(test)]
mod tests;
