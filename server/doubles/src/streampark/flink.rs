//! The double of Flink behind the console.
//!
//! Invariant: the console sees of it what its REST API would say, and moves its time only forward.

use std::time::Duration;

use super::cluster::{Checkpoint, Cluster, Job, Plan, Thrown};
use crate::flink::checkpoint::End;
use crate::flink::operation::{Outcome, Then};
use crate::flink::{Flink, JobSubmission, Refusal};

fn signed(moment: u64) -> i64 {
    i64::try_from(moment).unwrap_or(i64::MAX)
}

impl Cluster for Flink {
    fn address(&self) -> String {
        self.url()
    }

    fn reachable(&self) -> bool {
        self.listens()
    }

    fn now(&self) -> i64 {
        signed(self.memory().now())
    }

    fn go_on(&self, until: i64) {
        let behind = until - self.now();
        if let Some(by) = u64::try_from(behind).ok().filter(|by| *by > 0) {
            self.advance(Duration::from_millis(by));
        }
    }

    fn submit(&self, plan: &Plan) -> Result<String, Thrown> {
        let wanted = JobSubmission {
            id: None,
            args: plan.args.clone(),
            settings: plan.settings.clone(),
            savepoint: plan.savepoint.clone(),
            may_drop_state: plan.allow_non_restored,
            parallelism: None,
        };
        Flink::submit(self, wanted).map_err(|refusal| thrown(&refusal))
    }

    fn run_jar(&self, plan: &Plan) -> Result<String, String> {
        if !self.memory().cluster.web_submit {
            return Err("status code: 404, reason phrase: Not Found".to_owned());
        }
        let wanted = JobSubmission {
            args: plan.args.clone(),
            savepoint: plan.savepoint.clone(),
            may_drop_state: plan.allow_non_restored,
            ..JobSubmission::default()
        };
        self.memory().submit(wanted).map_err(|_| "status code: 400, reason phrase: Bad Request".to_owned())
    }

    fn jobs(&self) -> Vec<Job> {
        let memory = self.memory();
        let job = |job: &crate::flink::job::Job| Job {
            id: job.id.clone(),
            name: job.name.clone(),
            state: job.state.word().to_owned(),
            tasks: i64::from(job.parallelism) * (signed(job.tables.len() as u64) + 1),
            start: signed(job.started),
            end: job.ended().map(signed),
        };
        memory.jobs().map(job).collect()
    }

    fn cancel(&self, job: &str) -> Result<(), String> {
        let found = self.memory().cancel(job);
        if found { Ok(()) } else { Err(format!("Could not find Flink job ({job})")) }
    }

    fn ask_savepoint(&self, job: &str, folder: &str, then: Then) -> String {
        self.memory().ask(job, folder, then)
    }

    fn savepoint(&self, job: &str, request: &str) -> Option<Result<String, String>> {
        match self.memory().operation(job, request)?.outcome.clone()? {
            Outcome::Location(path) => Some(Ok(path)),
            Outcome::Failure(why) => Some(Err(why)),
        }
    }

    fn savepoint_folder(&self) -> Option<String> {
        self.memory().cluster.savepoints.clone()
    }

    fn checkpoint(&self, job: &str) -> Option<Checkpoint> {
        let memory = self.memory();
        let latest = memory.job(job)?.checkpoints.latest.clone()?;
        let End::Completed { path, .. } = latest.end else { return None };
        Some(Checkpoint { id: latest.id, path, triggered: signed(latest.at) })
    }
}

/// What was thrown inside of the program, without what Flink's REST API puts around it.
fn thrown(refusal: &Refusal) -> Thrown {
    if refusal.exits {
        let said =
            "System.exit(1) was called in your flink job, The job has been stopped, please check your program...";
        return vec![format!("java.lang.SecurityException: {said}")];
    }
    let inside = refusal.chain.iter().skip_while(|line| !line.contains("ProgramInvocationException")).skip(1);
    let inside: Thrown = inside.cloned().collect();
    if inside.is_empty() { refusal.chain.clone() } else { inside }
}
