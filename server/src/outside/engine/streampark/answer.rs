//! Whether StreamPark said yes: pure.
//!
//! Why it exists: a refusal may come as 200 with `false`, as 500 with a code, with a whole stack trace that holds
//! arguments, or from a proxy. Told apart once, here (streampark-api §2).
//!
//! | what came | means | why |
//! |---|---|---|
//! | 2xx, `code` absent or 200, `data` not `false` | yes | |
//! | 2xx, `data: false` | no, with `message` or without | the caller knows what it asked |
//! | 2xx that is not its JSON: HTML of a proxy | `Retry` | whether it got the call is not known |
//! | code 501 | `Fail` | a rule of its own says no |
//! | code 401 or 403 in a body, `UnauthorizedException` | `Fail` | the account may not; it comes as 500 too |
//! | codes 500 and 502, other 5xx, 408, 425, 429 | `Retry` | a failure inside: it may have been done before it failed |
//! | 404 of its own, 400 | `Fail` | another version, or our mistake: stays so |
//! | 404 that is not its JSON | `Retry` | a proxy whose way is cut for the moment |
//! | 403, 407, 3xx that are not its JSON | `Fail` | something before it wants a person to act |
//!
//! Invariant: no message leaves here uncut; what it was sent is not in it.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::wire::Envelope;
use crate::outside::engine::EngineError;
use crate::outside::engine::call::Answer;
use crate::outside::engine::flink::sentence::{sentence, sentence_without};

/// What an answer says.
pub(super) enum Said {
    /// Yes, with what it gives.
    Yes(Value),
    /// No, although all went well.
    No(Option<String>),
    /// No, by its code and its message, which may be a stack trace.
    Refused { code: u16, message: String },
}

/// Reads an answer; an error when it is none of StreamPark.
pub(super) fn said(answer: &Answer) -> Result<Said, EngineError> {
    let Ok(envelope) = serde_json::from_slice::<Envelope>(&answer.body) else { return Err(stranger(answer)) };
    let code = envelope.code.and_then(|code| code.parse().ok());
    let well = (200..300).contains(&answer.status);
    match (well, code, envelope.data) {
        (true, None, None | Some(Value::Null)) if envelope.message.is_none() => Err(stranger(answer)),
        (true, None | Some(200), Some(Value::Bool(false))) => Ok(Said::No(envelope.message)),
        (true, None | Some(200), data) => Ok(Said::Yes(data.unwrap_or_default())),
        // The framework's own: its code is that of a failure inside (024).
        (_, Some(_), _) if answer.status == 400 => {
            Ok(Said::Refused { code: 400, message: envelope.message.unwrap_or_default() })
        }
        (_, Some(code), _) => Ok(Said::Refused { code, message: envelope.message.unwrap_or_default() }),
        (false, None, _) if envelope.error.is_some() => {
            Ok(Said::Refused { code: answer.status, message: envelope.error.unwrap_or_default() })
        }
        (false, None, _) => Err(stranger(answer)),
    }
}

/// Reads what it gives; every no is an error.
pub(super) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, EngineError> {
    match said(answer)? {
        Said::Yes(data) => from(data),
        Said::No(message) => Err(EngineError::Fail(told(&message.unwrap_or_default()))),
        Said::Refused { code, message } => Err(refusal(code, &message)),
    }
}

/// Reads a part of an answer.
pub(super) fn from<T: DeserializeOwned>(data: Value) -> Result<T, EngineError> {
    serde_json::from_value(data).map_err(|_| {
        EngineError::Retry("StreamPark answered in another shape than it does in 2.1; it may have done it".to_owned())
    })
}

/// What a no with a code means.
pub(super) fn refusal(code: u16, message: &str) -> EngineError {
    let why = told(message);
    match code {
        401 | 403 => EngineError::Fail(format!("the account may not do this in StreamPark: {why}")),
        _ if message.contains("UnauthorizedException") => {
            EngineError::Fail(format!("the account may not do this in StreamPark: {why}"))
        }
        404 => EngineError::Fail("this StreamPark does not have the call: it is another version".to_owned()),
        400 | 501 => EngineError::Fail(why),
        _ => EngineError::Retry(format!("StreamPark failed: {why}")),
    }
}

/// The one sentence of a message: without its wrapping, its traces, passwords and data.
pub(super) fn told(message: &str) -> String {
    told_without(message, &[])
}

/// The same, with what went along taken out.
pub(super) fn told_without(message: &str, secrets: &[&str]) -> String {
    let wrappings = ["internal server error: ", "Detail exception: \n", "Permission denied: \n", "[StreamPark] "];
    let bare =
        wrappings.iter().fold(message.trim(), |message, wrapping| message.strip_prefix(wrapping).unwrap_or(message));
    match sentence_without(bare, secrets) {
        said if said.is_empty() => "it gives no reason".to_owned(),
        said => said,
    }
}

/// Whether it failed because it has no such application: it has no other word for it (025, 151, 156, 157, 195).
pub(super) fn no_such_app(message: &str) -> bool {
    let helpful = ["application\" is null", "application is null", "\"app\" is null", "\"persist\" is null"];
    if helpful.iter().any(|words| message.contains(words)) {
        return true;
    }
    // Java 8 does not say what was null: then it must have happened where the application itself is first looked at.
    let mut lines = message.lines();
    let first = lines.next().is_some_and(|line| line.ends_with("java.lang.NullPointerException"));
    first && lines.next().is_some_and(|at| at.trim().starts_with(&format!("at {SERVICE}.")))
}

/// Where StreamPark keeps applications.
const SERVICE: &str = "org.apache.streampark.console.core.service.impl.ApplicationServiceImpl";

/// What to make of an answer that is not StreamPark's. Never tells what stands in it.
fn stranger(answer: &Answer) -> EngineError {
    let status = answer.status;
    let page = answer.body.trim_ascii_start().starts_with(b"<");
    let what = if page { "a page of HTML" } else { "something that is not its answer" };
    let why = format!("at the address of StreamPark came {what} ({status}); a proxy may stand before it");
    match status {
        200..300 | 404 | 408 | 425 | 429 | 500.. => EngineError::Retry(why),
        _ => EngineError::Fail(why),
    }
}

/// The sentence of a stack trace in its log of operations (streampark-api §12.5).
pub(super) fn reason(trace: &str) -> String {
    if is_duplicate(trace) {
        return "Job has already been submitted.".to_owned();
    }
    // Nothing caused it, so it stands in no last cause (262).
    if let Some(line) = trace.lines().find(|line| line.contains("entry point class")) {
        return sentence(line);
    }
    sentence(trace)
}

/// Whether Flink refused a job whose id was submitted before: named in the middle of a trace, not in its last cause (489).
pub(super) fn is_duplicate(trace: &str) -> bool {
    trace.contains("DuplicateJobSubmissionException")
}
