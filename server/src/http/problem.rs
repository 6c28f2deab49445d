//! From our small errors to problem documents. The only place that maps them.

use api::problem::{Code, FieldProblem, MEDIA_TYPE, Problem};
use api::words::{Lang, Plain, speak};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::item::Refusal;
use domain::said::Said;
use domain::time::Millis;

use crate::store::StoreError;

/// What a handler answers.
pub type Answer<T> = Result<T, Failure>;

/// An error on its way out.
#[derive(Debug)]
pub struct Failure {
    code: Code,
    said: Said,
    errors: Vec<FieldProblem>,
    retry_after: Option<u64>,
    /// What only the log is told.
    cause: Option<String>,
}

impl Failure {
    /// A failure by its code; its sentence needs no facts yet.
    pub fn new(code: Code) -> Self {
        let said = Said::new(format!("problem.{}", code.word()));
        Self { code, said, errors: Vec::new(), retry_after: None, cause: None }
    }

    /// A field that is wrong.
    pub fn field(field: impl Into<String>, code: &str) -> Self {
        Self::fields(vec![FieldProblem { field: field.into(), code: code.into(), said: None }])
    }

    /// Fields that are wrong, all at once.
    pub fn fields(errors: Vec<FieldProblem>) -> Self {
        Self { errors, ..Self::new(Code::Rule) }
    }

    /// What was sent cannot be read.
    pub fn bad_input(what: impl ToString) -> Self {
        Self::new(Code::BadInput).text("what", what)
    }

    /// Not there, or not for these eyes.
    pub fn not_found() -> Self {
        Self::new(Code::NotFound)
    }

    /// One may see it, but not do that; `who` can.
    pub fn not_allowed(who: impl ToString) -> Self {
        Self::new(Code::NotAllowed).text("who", who)
    }

    /// A fault of ours; only the log is told what.
    pub fn ours(cause: impl ToString) -> Self {
        Self { cause: Some(cause.to_string()), ..Self::new(Code::Ours) }
    }

    /// One more fact for the sentence.
    #[must_use]
    pub fn text(mut self, place: &str, text: impl ToString) -> Self {
        self.said = self.said.text(place, text);
        self
    }

    /// When to try again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self.said = self.said.span("wait", i64::try_from(seconds).unwrap_or(i64::MAX / 1_000) * 1_000);
        self
    }

    /// Somebody was faster, or the state does not allow it. `who` is the name of who brought it there.
    pub fn refused(refusal: &Refusal, who: impl ToString) -> Self {
        let mut failure = Self::new(Code::WrongState).text("who", who);
        failure.said = failure.said.text("state", refusal.state).at("at", refusal.at);
        failure
    }

    /// Whether it is our fault, or that of something we need: nobody's decision.
    pub fn is_ours(&self) -> bool {
        matches!(self.code, Code::Ours | Code::StoreAway)
    }

    /// What happened, as a sentence.
    pub fn said(&self) -> &Said {
        &self.said
    }

    /// Whether somebody was faster by a moment: what they did can be looked at now.
    pub fn is_faster(&self) -> bool {
        self.code == Code::Faster
    }

    /// Somebody was faster by so many milliseconds.
    pub fn faster(ago: i64) -> Self {
        let mut failure = Self::new(Code::Faster);
        failure.said = failure.said.span("ago", ago);
        failure
    }
}

impl From<StoreError> for Failure {
    fn from(problem: StoreError) -> Self {
        match &problem {
            StoreError::Stale { .. } => Self::faster(0),
            StoreError::Missing { .. } => Self::not_found(),
            StoreError::Taken { .. } => Self::faster(0),
            StoreError::Away(_) | StoreError::Open { .. } | StoreError::InUse { .. } => {
                let cause = Some(format!("{problem:?}"));
                Self { cause, ..Self::new(Code::StoreAway).retry_after(5) }
            }
            StoreError::Inconsistent { .. } => Self::ours(problem),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        // The trace is put in by `finish`, which knows the request's id.
        let mut response = StatusCode::from_u16(self.code.status()).expect("our codes are statuses").into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(std::sync::Arc::new(self));
        response
    }
}

/// Puts the problem document into answers that failed, with the number under which our log has it.
pub async fn finish(request: Request, next: Next) -> Response {
    let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
    let api = request.uri().path().starts_with(api::paths::ROOT);
    let response = next.run(request).await;
    let failure = match response.extensions().get::<std::sync::Arc<Failure>>() {
        Some(failure) => std::sync::Arc::clone(failure),
        None => match plain(api, &response) {
            Some(failure) => std::sync::Arc::new(failure),
            None => return response,
        },
    };
    let (mut parts, _) = response.into_parts();
    if let Some(cause) = &failure.cause {
        tracing::error!(code = failure.code.word(), cause, "a call failed");
    }
    let said = failure.said.clone().text("trace", &id);
    let detail = speak(Lang::En, &said, &Plain);
    let problem = Problem {
        code: failure.code,
        status: failure.code.status(),
        title: failure.code.word().replace('_', " "),
        detail,
        said,
        next: failure.code.who(),
        errors: failure.errors.clone(),
        trace: id,
    };
    let body = serde_json::to_vec(&problem).expect("a problem always serialises");
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_ENCODING);
    Response::from_parts(parts, body.into())
}

/// What libraries below answered without a problem of ours.
fn plain(api: bool, response: &Response) -> Option<Failure> {
    if !api || response.status().is_success() || response.status().is_redirection() {
        return None;
    }
    Some(match response.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Failure::new(Code::TooLarge),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Failure::new(Code::NotJson),
        StatusCode::METHOD_NOT_ALLOWED => Failure::new(Code::WrongMethod),
        StatusCode::NOT_FOUND => Failure::not_found(),
        StatusCode::SERVICE_UNAVAILABLE => Failure::new(Code::StoreAway).retry_after(5),
        StatusCode::BAD_REQUEST => Failure::bad_input("the request"),
        other => Failure::ours(format!("an answer {other} without a problem")),
    })
}

/// A handler broke.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands the panic over by value")]
pub fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    Failure::ours(format!("a handler broke: {}", text.unwrap_or("no message"))).into_response()
}

/// Another site sent it.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands the error over by value")]
pub fn foreign_origin(problem: tower_http::csrf::ProtectionError) -> Response {
    tracing::warn!(problem = ?problem, "a call from a foreign origin was refused");
    Failure::new(Code::ForeignOrigin).into_response()
}

/// The path does not know that method.
pub async fn wrong_method() -> Failure {
    Failure::new(Code::WrongMethod)
}

/// There is no such path in the API.
pub async fn no_such_path() -> Failure {
    Failure::not_found()
}

/// How long ago, never negative.
pub fn ago(now: Millis, at: Millis) -> i64 {
    now.since(at).max(0)
}
