//! What the console answers with: its envelope, its refusals, its pages (streampark-api §2).
//!
//! Invariant: longs are texts, ints are numbers, and what is unset is there as `null`, as recorded.

use serde_json::{Map, Value, json};

/// An answer that is no refusal.
#[derive(Debug)]
pub(super) enum Reply {
    /// `data` with something in it.
    Data(Value),
    /// No `data` at all (`cancel`, `abort`).
    Nothing,
    /// It said no with HTTP 200 (`start`).
    Soft(Option<String>),
    /// A body outside of the envelope, with its status.
    Bare(u16, Value),
    /// A body that is not JSON, with its content type.
    Other(&'static str, String),
}

/// Why the console refuses (streampark-api §2, the table of kinds).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A business rule: HTTP 500, code 501.
    Alert(String),
    /// A business rule with its stack: HTTP 500, code 502.
    Detail(String),
    /// Not of the team, not the owner: HTTP 500, code 401.
    Scope(&'static str),
    /// Anything that was thrown: HTTP 500, code 500.
    Thrown(String),
    /// A field that cannot be read: HTTP 400, code 500.
    Field(String),
    /// No good token: HTTP 401 and not a byte more.
    Token,
    /// No session behind `/proxy`: HTTP 401 with a body.
    Session,
}

/// What every handler gives.
pub(super) type Said = Result<Reply, Refusal>;

impl Refusal {
    /// A field of the wrong kind, in Spring's words (024).
    pub(super) fn not_a_long(field: &str, text: &str) -> Self {
        Self::Field(format!(
            "{field}Failed to convert property value of type 'java.lang.String' to required type 'java.lang.Long' for \
             property '{field}'; nested exception is java.lang.NumberFormatException: For input string: \"{text}\""
        ))
    }

    /// Something was null: what was called on it, and its name.
    pub(super) fn null(called: &str, name: &str) -> Self {
        Self::Thrown(null_pointer(called, name))
    }

    fn parts(self) -> (u16, Value) {
        let error = |status: u16, code: &str, message: String| {
            (status, json!({"status": "error", "code": code, "message": message, "data": null}))
        };
        match self {
            Self::Alert(message) => error(500, "501", message),
            Self::Detail(thrown) => error(500, "502", format!("Detail exception: \n{}", stack(&thrown))),
            Self::Scope(message) => error(500, "401", format!("Permission denied: \n{message}")),
            Self::Thrown(thrown) => error(500, "500", format!("internal server error: {}", stack(&thrown))),
            Self::Field(message) => error(400, "500", message),
            Self::Session => error(401, "401", "Unauthenticated.".to_owned()),
            Self::Token => (401, Value::Null),
        }
    }
}

/// The text of a null pointer exception, as a Java of today writes it.
pub(super) fn null_pointer(called: &str, name: &str) -> String {
    format!(
        "java.lang.NullPointerException: Cannot invoke \"org.apache.streampark.console.core.entity.{called}\" because \
         \"{name}\" is null"
    )
}

/// A few lines of stack under what was thrown: real ones are some 130 lines long.
pub(super) fn stack(thrown: &str) -> String {
    format!(
        "{thrown}\n\tat org.apache.streampark.console.core.service.impl.ApplicationServiceImpl.call(ApplicationServiceImpl.java:1)\
         \n\tat org.springframework.cglib.proxy.MethodProxy.invoke(MethodProxy.java:218)\n"
    )
}

/// Status, content type and body of what was said.
pub(super) fn spoken(said: Said) -> (u16, Option<&'static str>, String) {
    let json = |status: u16, body: &Value| (status, Some("application/json"), body.to_string());
    match said {
        Ok(Reply::Data(data)) => json(200, &json!({"status": "success", "code": "200", "data": data})),
        Ok(Reply::Nothing) => json(200, &json!({"status": "success", "code": "200"})),
        Ok(Reply::Soft(message)) => {
            json(200, &json!({"status": "success", "code": "200", "data": false, "message": message}))
        }
        Ok(Reply::Bare(status, body)) => json(status, &body),
        Ok(Reply::Other(kind, body)) => (200, Some(kind), body),
        Err(Refusal::Token) => (401, None, String::new()),
        Err(refusal) => {
            let (status, body) = refusal.parts();
            json(status, &body)
        }
    }
}

/// The answer to a path that is not there: without `code` (021).
pub(super) fn not_found(now: i64, path: &str) -> Reply {
    let body = json!({"timestamp": super::clock::china(now), "status": 404, "error": "Not Found", "path": path});
    Reply::Bare(404, body)
}

/// A long as the console writes it.
pub(super) fn long(number: impl ToString) -> Value {
    Value::String(number.to_string())
}

/// A long that may be unset.
pub(super) fn long_or_null(number: Option<impl ToString>) -> Value {
    number.map_or(Value::Null, long)
}

/// A moment that may be unset.
pub(super) fn date(moment: Option<i64>) -> Value {
    moment.map_or(Value::Null, |moment| Value::String(super::clock::china(moment)))
}

/// An object of pairs: the macro of `serde_json` cannot write one of 91 keys.
pub(super) fn object(pairs: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    Value::Object(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
}
