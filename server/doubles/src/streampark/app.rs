//! One application: its row, and how `list` and `get` show it (streampark-api §3.2).
//!
//! Invariant: every row has the same 91 keys, whatever is unset.

use serde_json::{Value, json};

use super::answer::{date, long, long_or_null, object};
use super::build::Pipeline;

/// What the watcher stored last: it writes only what differs from this (§0.1 no. 14).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) job: String,
    pub(super) state: i64,
    pub(super) option: i64,
    pub(super) url: Option<String>,
}

/// What the user may set of an application: `update` replaces all of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings {
    pub(super) name: Option<String>,
    pub(super) version: Option<u64>,
    pub(super) cluster: Option<u64>,
    pub(super) execution_mode: i64,
    pub(super) jar: Option<String>,
    pub(super) jar_sum: Option<u32>,
    pub(super) main_class: Option<String>,
    pub(super) args: Option<String>,
    pub(super) options: Option<String>,
    pub(super) dynamic_properties: Option<String>,
    pub(super) resolve_order: Option<i64>,
    pub(super) restart_size: Option<i64>,
    pub(super) dependency: Option<String>,
    pub(super) description: Option<String>,
    pub(super) tags: Option<String>,
    pub(super) alert: Option<u64>,
    pub(super) hot_params: Option<String>,
    pub(super) failures: [Option<i64>; 3],
}

/// One row of `t_flink_app`, with what the console remembers beside it.
#[derive(Debug, Clone)]
pub(super) struct App {
    pub(super) id: u64,
    pub(super) team: u64,
    pub(super) user: u64,
    pub(super) job_type: i64,
    pub(super) origin: i64,
    pub(super) resource_from: Option<i64>,
    pub(super) settings: Settings,
    pub(super) state: i64,
    pub(super) release: i64,
    pub(super) build: bool,
    pub(super) option: i64,
    pub(super) tracking: bool,
    pub(super) job: Option<String>,
    pub(super) url: Option<String>,
    pub(super) start: Option<i64>,
    pub(super) end: Option<i64>,
    pub(super) duration: Option<i64>,
    pub(super) restarts: Option<i64>,
    pub(super) tasks: Option<i64>,
    pub(super) memory: Option<(i64, i64)>,
    pub(super) created: i64,
    pub(super) optioned: Option<i64>,
    pub(super) modified: i64,
    pub(super) pipeline: Option<Pipeline>,
    /// Whether the jar built last has anything in it.
    pub(super) jar_full: bool,
    pub(super) seen: Option<Seen>,
    /// The job the watcher saw end: it looks at it no more (§0.1 no. 5).
    pub(super) ended: Option<String>,
    /// Counts aborts: what was begun before one writes nothing any more.
    pub(super) epoch: u64,
    /// The state before this one, for the fault that shows it.
    pub(super) before: i64,
}

/// What only `list` fills.
pub(super) struct Listed<'a> {
    pub(super) user: &'a str,
    pub(super) flink: Option<&'a str>,
    pub(super) now: i64,
}

/// Keys that are null in the rows of a jar in remote mode.
const UNSET: [&str; 39] = [
    "projectId",
    "clusterId",
    "flinkImage",
    "module",
    "totalTM",
    "totalSlot",
    "availableSlot",
    "k8sRestExposedType",
    "k8sPodTemplate",
    "k8sJmPodTemplate",
    "k8sTmPodTemplate",
    "ingressTemplate",
    "defaultModeIngress",
    "overview",
    "sqlId",
    "flinkSql",
    "stateArray",
    "jobTypeArray",
    "userName",
    "nickName",
    "config",
    "configId",
    "flinkVersion",
    "confPath",
    "format",
    "savepointPath",
    "socketId",
    "projectName",
    "createTimeFrom",
    "createTimeTo",
    "backUpDescription",
    "yarnQueue",
    "serviceAccount",
    "flinkRestUrl",
    "buildStatus",
    "duration",
    "hotParams",
    "restartCount",
    "totalTask",
];

impl App {
    /// A row that nobody touched yet.
    pub(super) fn new(id: u64, team: u64, user: u64, settings: Settings, now: i64) -> Self {
        Self {
            id,
            team,
            user,
            settings,
            job_type: 1,
            origin: 2,
            resource_from: Some(2),
            state: 0,
            release: 1,
            build: true,
            option: 0,
            tracking: false,
            job: None,
            url: None,
            start: None,
            end: None,
            duration: None,
            restarts: None,
            tasks: None,
            memory: None,
            created: now,
            optioned: None,
            modified: now,
            pipeline: None,
            jar_full: false,
            seen: None,
            ended: None,
            epoch: 0,
            before: 0,
        }
    }

    /// Whether `start` accepts this state (§4.1).
    pub(super) const fn can_be_started(&self) -> bool {
        matches!(self.state, 0 | 2 | 7 | 9 | 10 | 13 | 18 | 19 | 20 | -9)
    }

    pub(super) const fn to(&mut self, state: i64) {
        if self.state != state {
            self.before = self.state;
            self.state = state;
        }
    }

    /// Out of the watcher's sight, in this state.
    pub(super) const fn end_in(&mut self, state: i64) {
        self.to(state);
        self.option = 0;
        self.tracking = false;
        self.tasks = None;
    }

    pub(super) fn name(&self) -> &str {
        self.settings.name.as_deref().unwrap_or_default()
    }

    /// Whether `list` falls over this row (127 142): it wants the age of a job that never began.
    pub(super) const fn breaks_the_list(&self) -> bool {
        self.tracking && matches!(self.state, 5 | 8 | 14) && self.start.is_none()
    }

    fn shown_duration(&self, listed: Option<&Listed<'_>>) -> Option<i64> {
        match (listed, self.start) {
            (Some(listed), Some(start)) if self.tracking && matches!(self.state, 5 | 8 | 14) => {
                Some(listed.now - start)
            }
            _ => self.duration,
        }
    }

    fn control(&self, built: Option<i64>) -> Value {
        json!({
            "allowStart": !self.tracking && built == Some(3), "allowStop": self.state == 5,
            "allowBuild": built != Some(2), "allowView": self.tracking,
        })
    }

    /// The row as `list` (with its extras) or `get` shows it.
    pub(super) fn json(&self, listed: Option<&Listed<'_>>) -> Value {
        let unset = UNSET.iter().map(|key| (*key, Value::Null));
        object(unset.chain(self.what_it_is()).chain(self.how_it_is(listed)))
    }

    fn what_it_is(&self) -> Vec<(&'static str, Value)> {
        let is = &self.settings;
        vec![
            ("id", long(self.id)),
            ("teamId", long(self.team)),
            ("userId", long(self.user)),
            ("jobType", json!(self.job_type)),
            ("appType", json!(self.origin)),
            ("resourceFrom", json!(self.resource_from)),
            ("jobName", json!(is.name)),
            ("versionId", long_or_null(is.version)),
            ("flinkClusterId", long_or_null(is.cluster)),
            ("executionMode", json!(is.execution_mode)),
            ("jar", json!(is.jar)),
            ("jarCheckSum", long_or_null(is.jar_sum)),
            ("mainClass", json!(is.main_class)),
            ("args", json!(is.args)),
            ("options", json!(is.options)),
            ("hotParams", json!(is.hot_params)),
            ("dynamicProperties", json!(is.dynamic_properties)),
            ("resolveOrder", json!(is.resolve_order)),
            ("restartSize", json!(is.restart_size)),
            ("dependency", json!(is.dependency)),
            ("description", json!(is.description)),
            ("tags", json!(is.tags)),
            ("alertId", long_or_null(is.alert)),
            ("cpMaxFailureInterval", json!(is.failures[0])),
            ("cpFailureRateInterval", json!(is.failures[1])),
            ("cpFailureAction", json!(is.failures[2])),
            ("k8sNamespace", json!("default")),
            ("k8sHadoopIntegration", json!(false)),
            ("k8sPodTemplates", json!({"empty": true})),
            ("streamParkJob", json!(self.origin == 1)),
            ("kubernetesModeJob", json!(false)),
            ("backUp", json!(false)),
            ("restart", json!(false)),
            ("restoreOrTriggerSavepoint", json!(false)),
            ("drain", json!(false)),
            ("savepointTimeout", json!("60")),
            ("allowNonRestored", json!(false)),
            ("createTime", date(Some(self.created))),
            ("modifyTime", date(Some(self.modified))),
        ]
    }

    fn how_it_is(&self, listed: Option<&Listed<'_>>) -> Vec<(&'static str, Value)> {
        let built = listed.and(self.pipeline.as_ref()).map(Pipeline::status);
        let mut pairs = vec![
            ("state", json!(self.state)),
            ("release", json!(self.release)),
            ("build", json!(self.build)),
            ("optionState", json!(self.option)),
            ("tracking", json!(i64::from(self.tracking))),
            ("jobId", json!(self.job)),
            ("jobManagerUrl", json!(self.url)),
            ("startTime", date(self.start)),
            ("endTime", date(self.end)),
            ("duration", long_or_null(self.shown_duration(listed))),
            ("restartCount", json!(self.restarts)),
            ("totalTask", json!(self.tasks)),
            ("jmMemory", json!(self.memory.map(|memory| memory.0))),
            ("tmMemory", json!(self.memory.map(|memory| memory.1))),
            ("optionTime", date(self.optioned)),
            ("canBeStart", json!(self.can_be_started())),
            ("buildStatus", json!(built)),
            ("appControl", self.control(built)),
        ];
        if let Some(listed) = listed {
            pairs.push(("userName", json!(listed.user)));
            pairs.push(("nickName", json!(listed.user)));
            pairs.push(("flinkVersion", json!(listed.flink)));
        }
        pairs
    }
}
