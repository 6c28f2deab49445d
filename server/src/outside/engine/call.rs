//! One call over HTTP to an engine: its time limits, its size, and what a call that failed means.
//!
//! Why it exists: engines stand behind proxies, restart, and answer late. Every client needs the same care, once.
//! * 5 s to connect, then a total limit; no redirect is followed, for an engine has none and a sign-in page of a proxy does.
//! * No proxy of the environment: engines are inside the same network, and a proxy would see the passwords of a start.
//! * An answer larger than [`LARGEST`] is given up.
//! * Where it is [guarded](Caller::guarded), a system that fails again and again is left alone for a while.
//!
//! Invariants: a call that got no whole answer is [`EngineError::Retry`], for it may have been done; no error says what was
//! sent, no error and no log line holds a body, a header or a query.

use std::error::Error as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder, Url};
use tracing::Instrument as _;

use super::EngineError;
use crate::outside::breaker::{Breaker, Leave};
use crate::state::Clock;

/// The largest answer that is read, in bytes after it was unpacked.
pub const LARGEST: usize = 16 * 1024 * 1024;

/// How long it may take to connect.
const CONNECT: Duration = Duration::from_secs(5);

/// Calls one system at one address. Cheap to clone.
#[derive(Clone)]
pub struct Caller {
    http: reqwest::Client,
    base: Url,
    system: &'static str,
    limit: Duration,
    guard: Option<Arc<Guard>>,
}

/// Its circuit breaker, shared by all clones, and the clock of its pauses.
struct Guard {
    clock: Clock,
    breaker: Mutex<Breaker>,
}

/// The address is all there is to show.
impl std::fmt::Debug for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at {}", self.system, self.base)
    }
}

/// What came back, whole.
#[derive(Clone)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its body, unpacked.
    pub body: Vec<u8>,
}

impl Caller {
    /// For `http(s)://host:port[/path]`. `limit` is for one call from its start to the last byte of the answer.
    pub fn new(system: &'static str, address: &str, limit: Duration) -> Result<Self, EngineError> {
        let base = base(address).map_err(|why| EngineError::Fail(format!("the address of {system} {why}")))?;
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .timeout(limit)
            .redirect(Policy::none())
            .no_proxy()
            .user_agent(concat!("lakegate/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|problem| EngineError::Fail(format!("no calls to {system} can be made: {}", deepest(&problem))))?;
        Ok(Self { http, base, system, limit, guard: None })
    }

    /// The same with a circuit breaker: while it is open, calls are a `Retry` without being made.
    #[must_use]
    pub fn guarded(self, clock: Clock) -> Self {
        Self { guard: Some(Arc::new(Guard { clock, breaker: Mutex::default() })), ..self }
    }

    /// A call of a path below the address; each segment is escaped.
    pub fn call(&self, method: Method, path: &[&str]) -> RequestBuilder {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        self.http.request(method, url)
    }

    /// Sends it and reads the answer.
    pub async fn send(&self, call: RequestBuilder) -> Result<Answer, EngineError> {
        let request = call.build().map_err(|problem| {
            EngineError::Fail(format!("a call to {} could not be written: {}", self.system, deepest(&problem)))
        })?;
        let span = tracing::debug_span!(
            "call",
            system = self.system,
            method = request.method().as_str(),
            path = request.url().path()
        );
        let leave = self.leave()?;
        let answer = async {
            let response = self.http.execute(request).await.map_err(|problem| self.silent(&problem))?;
            self.read(response).await
        };
        let answer = answer.instrument(span).await;
        self.tell(leave, &answer);
        answer
    }

    /// Leave for a call, where one must be asked for.
    fn leave(&self) -> Result<Option<Leave>, EngineError> {
        let Some(guard) = &self.guard else { return Ok(None) };
        let now = guard.clock.now();
        guard.breaker().ask(now).map(Some).map_err(|until| {
            // Rounded up: "0 s" would read as now.
            let seconds = (until.since(now) + 999) / 1_000;
            EngineError::Retry(format!("{} failed again and again and is left alone for {seconds} s", self.system))
        })
    }

    /// Tells the breaker how the call went: no answer, or a proxy's or a system's own word for being away, is a failure.
    fn tell(&self, leave: Option<Leave>, answer: &Result<Answer, EngineError>) {
        let (Some(guard), Some(leave)) = (&self.guard, leave) else { return };
        match answer {
            Ok(Answer { status: 429 | 502..=504, .. }) | Err(_) => {
                let chance = getrandom::u32().map_or(500, |chance| u16::try_from(chance % 1_001).unwrap_or(500));
                guard.breaker().failed(leave, guard.clock.now(), chance);
            }
            Ok(_) => guard.breaker().succeeded(leave),
        }
    }

    async fn read(&self, mut response: reqwest::Response) -> Result<Answer, EngineError> {
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|problem| self.silent(&problem))? {
            if body.len() + chunk.len() > LARGEST {
                let megabytes = LARGEST / 1024 / 1024;
                return Err(EngineError::Retry(format!("the answer of {} is larger than {megabytes} MB", self.system)));
            }
            body.extend_from_slice(&chunk);
        }
        tracing::debug!(status, bytes = body.len(), "answered");
        Ok(Answer { status, body })
    }

    /// What a call means that got no answer, or only a part of one.
    fn silent(&self, problem: &reqwest::Error) -> EngineError {
        let system = self.system;
        let why = if problem.is_connect() {
            format!("cannot connect to {system}: {}", deepest(problem))
        } else if problem.is_timeout() {
            format!("{system} did not answer within {:?}", self.limit)
        } else {
            format!("the connection to {system} broke: {}", deepest(problem))
        };
        tracing::debug!(why, "no answer");
        EngineError::Retry(why)
    }
}

impl Guard {
    fn breaker(&self) -> std::sync::MutexGuard<'_, Breaker> {
        self.breaker.lock().expect("no code panics while it holds the breaker")
    }
}

/// The address as what paths are added to.
fn base(address: &str) -> Result<Url, &'static str> {
    let url = Url::parse(address.trim()).map_err(|_| "cannot be read: it looks like http://host:port")?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err("must begin with http:// or https://");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not hold a password");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("ends before ? and #");
    }
    Ok(url)
}

/// The cause below all wrappings: "Connection refused" rather than "error sending request". It names no address.
fn deepest(problem: &reqwest::Error) -> String {
    let mut cause = problem.source();
    let mut said = None;
    while let Some(below) = cause {
        said = Some(below.to_string());
        cause = below.source();
    }
    said.unwrap_or_else(|| if problem.is_timeout() { "it took too long" } else { "no reason given" }.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_an_origin_and_maybe_a_path() {
        for fine in ["http://flink:8081", "https://lake.example/flink/", " http://127.0.0.1:8081/ "] {
            assert!(base(fine).is_ok(), "{fine}");
        }
        for bad in
            ["", "flink:8081", "ftp://flink", "http://", "http://ana:secret@flink", "http://flink/?a=b", "/flink"]
        {
            let why = base(bad).expect_err(bad);
            assert!(!why.contains("secret"), "{why}");
        }
    }

    #[test]
    fn a_path_is_added_below_the_address_and_escaped() {
        rustls::crypto::ring::default_provider().install_default().ok();
        for address in ["http://flink:8081/below", "http://flink:8081/below/"] {
            let caller = Caller::new("Flink", address, Duration::from_secs(1)).expect("an address");
            let call = caller.call(Method::GET, &["jars", "a b/../c?.jar"]).build().expect("a call");
            assert_eq!(call.url().as_str(), "http://flink:8081/below/jars/a%20b%2F..%2Fc%3F.jar");
        }
    }
}
