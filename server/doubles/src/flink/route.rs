//! Which call a request is.
//!
//! A new call, by example: a variant of [`Call`], a line in [`find`], an answer in `answers`, its recording in the test.

use axum::http::Method;

/// The calls that are modelled (real-stack §3); faults are switched on by them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Call {
    /// For faults: whatever comes.
    Any,
    /// `GET /overview`.
    Overview,
    /// `GET /config`.
    Config,
    /// `GET /jobmanager/config`.
    ClusterConfig,
    /// `GET /taskmanagers`.
    TaskManagers,
    /// `GET /jars`.
    Jars,
    /// `POST /jars/upload`.
    Upload,
    /// `DELETE /jars/:id`.
    DeleteJar,
    /// `POST /jars/:id/run`.
    Run,
    /// `GET /jobs`.
    JobIds,
    /// `GET /jobs/overview`.
    Jobs,
    /// `GET /jobs/:id`.
    Job,
    /// `PATCH /jobs/:id?mode=cancel`.
    Cancel,
    /// `GET /jobs/:id/status`.
    JobStatus,
    /// `GET /jobs/:id/config`.
    JobConfig,
    /// `GET /jobs/:id/plan`.
    Plan,
    /// `GET /jobs/:id/exceptions`.
    Exceptions,
    /// `GET /jobs/:id/checkpoints`.
    Checkpoints,
    /// `GET /jobs/:id/checkpoints/config`.
    CheckpointsConfig,
    /// `GET /jobs/:id/metrics`.
    JobMetrics,
    /// `GET /jobs/:id/vertices/:vid/metrics`.
    VertexMetrics,
    /// `GET /jobs/:id/vertices/:vid/subtasks/metrics`.
    SubtasksMetrics,
    /// `POST /jobs/:id/stop`.
    Stop,
    /// `POST /jobs/:id/savepoints`.
    Savepoint,
    /// `GET /jobs/:id/savepoints/:rid`.
    Poll,
}

/// A request, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Which call.
    pub call: Call,
    /// The id of the job or jar in its path; empty for calls without.
    pub id: String,
    /// The id of the vertex or savepoint in its path.
    pub inner: String,
}

/// Which call a path means; `None` for what the server does not know.
pub fn find(method: &Method, path: &str) -> Option<Found> {
    let parts: Vec<_> = path.trim_matches('/').split('/').collect();
    let parts = if parts[0] == "v1" { &parts[1..] } else { &parts[..] };
    let found = |call, id: &str, inner: &str| Some(Found { call, id: id.into(), inner: inner.into() });
    let get = method == Method::GET || method == Method::HEAD;
    let post = method == Method::POST;
    match parts {
        ["overview"] if get => found(Call::Overview, "", ""),
        ["config"] if get => found(Call::Config, "", ""),
        ["jobmanager", "config"] if get => found(Call::ClusterConfig, "", ""),
        ["taskmanagers"] if get => found(Call::TaskManagers, "", ""),
        ["jars"] if get => found(Call::Jars, "", ""),
        ["jars", "upload"] if post => found(Call::Upload, "", ""),
        ["jars", id] if method == Method::DELETE => found(Call::DeleteJar, id, ""),
        ["jars", id, "run"] if post => found(Call::Run, id, ""),
        ["jobs"] if get => found(Call::JobIds, "", ""),
        ["jobs", "overview"] if get => found(Call::Jobs, "", ""),
        ["jobs", id] if get => found(Call::Job, id, ""),
        ["jobs", id] if method == Method::PATCH => found(Call::Cancel, id, ""),
        ["jobs", id, "stop"] if post => found(Call::Stop, id, ""),
        ["jobs", id, "savepoints"] if post => found(Call::Savepoint, id, ""),
        ["jobs", id, "savepoints", request] if get => found(Call::Poll, id, request),
        ["jobs", id, rest @ ..] if get => {
            let (call, inner) = part_of_job(rest)?;
            found(call, id, inner)
        }
        _ => None,
    }
}

fn part_of_job<'a>(rest: &[&'a str]) -> Option<(Call, &'a str)> {
    match rest {
        ["status"] => Some((Call::JobStatus, "")),
        ["config"] => Some((Call::JobConfig, "")),
        ["plan"] => Some((Call::Plan, "")),
        ["exceptions"] => Some((Call::Exceptions, "")),
        ["checkpoints"] => Some((Call::Checkpoints, "")),
        ["checkpoints", "config"] => Some((Call::CheckpointsConfig, "")),
        ["metrics"] => Some((Call::JobMetrics, "")),
        ["vertices", vertex, "metrics"] => Some((Call::VertexMetrics, vertex)),
        ["vertices", vertex, "subtasks", "metrics"] => Some((Call::SubtasksMetrics, vertex)),
        _ => None,
    }
}

/// The value of a parameter of the query, decoded; the first one.
pub fn parameter(query: &str, name: &str) -> Option<String> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| decoded(value))
}

/// A text without its percent signs.
pub fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let coded = hex.filter(|_| *byte == b'%').and_then(|two| u8::from_str_radix(two, 16).ok());
        bytes.push(match coded {
            Some(coded) => coded,
            None if *byte == b'+' => b' ',
            None => *byte,
        });
        rest = if coded.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_apart_with_or_without_a_version() {
        for path in ["/jobs/overview", "/v1/jobs/overview", "/jobs/overview/"] {
            assert_eq!(find(&Method::GET, path).map(|found| found.call), Some(Call::Jobs), "{path}");
        }
        let poll = find(&Method::GET, "/jobs/a/savepoints/b").expect("a call");
        assert_eq!((poll.call, poll.id.as_str(), poll.inner.as_str()), (Call::Poll, "a", "b"));
        assert_eq!(find(&Method::GET, "/jobs/a/nosuch"), None);
        assert_eq!(find(&Method::POST, "/overview"), None);
    }

    #[test]
    fn parameters_are_decoded() {
        assert_eq!(parameter("a=1&get=x%20y,z", "get").as_deref(), Some("x y,z"));
        assert_eq!(parameter("get=%E5%8C%97%zz", "get").as_deref(), Some("北%zz"));
        assert_eq!(parameter("", "get"), None);
    }
}
