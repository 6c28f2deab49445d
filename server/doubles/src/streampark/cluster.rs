//! The Flink cluster behind the console, as far as the console talks to it.
//!
//! Why it exists: the console's double runs its jobs on the double of Flink, and its own tests on something smaller.
//! Invariant: no call waits; what takes time is told by the state of the job at the next look.

use std::collections::BTreeMap;

use crate::flink::operation::Then;

/// What is handed to Flink when an application starts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The name of the job, which is that of the application.
    pub name: String,
    /// The class with the program.
    pub main_class: String,
    /// What the program is told, taken apart.
    pub args: Vec<String>,
    /// The settings of this job, from the console's Flink home, `options` and `dynamicProperties`.
    pub settings: BTreeMap<String, String>,
    /// What it goes on from.
    pub savepoint: Option<String>,
    /// Whether state that nobody takes may be dropped.
    pub allow_non_restored: bool,
}

/// A job as Flink shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// 32 hex digits.
    pub id: String,
    /// The name it goes by in Flink.
    pub name: String,
    /// Flink's word: `RUNNING`, `RESTARTING`, `FINISHED` …
    pub state: String,
    /// How many tasks it has.
    pub tasks: i64,
    /// When it began, in milliseconds.
    pub start: i64,
    /// When it ended.
    pub end: Option<i64>,
}

/// A checkpoint of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Its number.
    pub id: u64,
    /// Where it is.
    pub path: String,
    /// When it was triggered, in milliseconds.
    pub triggered: i64,
}

/// What was thrown before there was a job: the program's exception and its causes, each as `class: message`.
pub type Thrown = Vec<String>;

/// What the console does with Flink.
pub trait Cluster: Send + Sync {
    /// Where its REST API is.
    fn address(&self) -> String;
    /// Whether it answers.
    fn reachable(&self) -> bool;
    /// What time it is there, in milliseconds.
    fn now(&self) -> i64;
    /// Goes on in time until then, if it is not there yet.
    fn go_on(&self, until: i64);
    /// Runs the program where the console is and gives Flink the plan; the id of the job.
    fn submit(&self, plan: &Plan) -> Result<String, Thrown>;
    /// Uploads the jar and lets Flink run the program itself; refused when `web.submit.enable` is off.
    fn run_jar(&self, plan: &Plan) -> Result<String, String>;
    /// All jobs it knows.
    fn jobs(&self) -> Vec<Job>;
    /// Cancels a job.
    fn cancel(&self, job: &str) -> Result<(), String>;
    /// Asks for a savepoint, and for what becomes of the job; the id of the request.
    fn ask_savepoint(&self, job: &str, folder: &str, then: Then) -> String;
    /// Where the savepoint of a request lies, or why there is none; nothing while it goes on.
    fn savepoint(&self, job: &str, request: &str) -> Option<Result<String, String>>;
    /// Its folder for savepoints, if it has one.
    fn savepoint_folder(&self) -> Option<String>;
    /// The newest complete checkpoint of a job.
    fn checkpoint(&self, job: &str) -> Option<Checkpoint>;

    /// One job, if it knows it.
    fn job(&self, id: &str) -> Option<Job> {
        self.jobs().into_iter().find(|job| job.id == id)
    }
}
