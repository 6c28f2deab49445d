//! `/proxy/…`: Flink's page through the console, for who has a session cookie (streampark-api §3.8; 213–220).
//!
//! Invariant: the token does not count here, only the cookie of an earlier call.

use serde_json::json;

use super::answer::{Refusal, Reply, Said};
use super::world::World;

impl World {
    /// What a GET behind the proxy gives: the overview, or the first page of Flink.
    pub(super) fn proxy(&self, rest: &str, cookie: Option<&str>) -> Said {
        self.session(cookie).ok_or(Refusal::Session)?;
        let mut parts = rest.splitn(3, '/');
        let (kind, id, path) = (parts.next(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let id: Option<u64> = id.parse().ok();
        let known = match kind {
            Some("flink") => id.is_some_and(|id| self.apps.contains_key(&id)),
            Some("cluster") => self.targets.iter().any(|target| Some(target.id) == id),
            _ => false,
        };
        if !known {
            return Err(Refusal::Scope("Invalid operation, application is invalid."));
        }
        if path != "overview" {
            return Ok(Reply::Other(
                "text/html",
                "<!doctype html><title>Apache Flink Web Dashboard</title>".to_owned(),
            ));
        }
        let jobs = self.cluster.jobs();
        let count = |states: &[&str]| jobs.iter().filter(|job| states.contains(&job.state.as_str())).count();
        let overview = json!({
            "taskmanagers": 1, "slots-total": 8, "slots-available": 8, "jobs-running": count(&["RUNNING", "RESTARTING"]),
            "jobs-finished": count(&["FINISHED"]), "jobs-cancelled": count(&["CANCELED"]),
            "jobs-failed": count(&["FAILED"]), "flink-version": "1.20.5", "flink-commit": "0980485",
        });
        Ok(Reply::Other("application/json;charset=UTF-8", overview.to_string()))
    }
}
