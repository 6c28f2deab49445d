//! Why a submission is refused, and the Java traces around the reason.
//!
//! The sentence a person should see is the last line that begins with `Caused by: `, without its class (real-stack §3).

use axum::http::StatusCode;

/// A submission that came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status that Flink answers.
    pub status: StatusCode,
    /// The exceptions, the outermost first, each as `class: message`.
    pub chain: Vec<String>,
    /// Whether the program called `System.exit`: without interception that ends the JobManager (real-stack §1.5).
    pub exits: bool,
}

const REST: &str = "org.apache.flink.runtime.rest.handler.RestHandlerException";
const COMPLETION: &str = "java.util.concurrent.CompletionException";
const RUNTIME: &str = "org.apache.flink.util.FlinkRuntimeException: Could not execute application.";
const INVOCATION: &str = "org.apache.flink.client.program.ProgramInvocationException: The main method caused an error";
const MASTER: &str = "org.apache.flink.runtime.client.JobInitializationException: Could not start the JobMaster.";

impl Refusal {
    /// The program's own `main` failed (→ jars-run-failed-*): no job exists.
    pub fn main(class: &str, message: &str) -> Self {
        Self::around(message, &[format!("{class}: {message}")])
    }

    /// The program wanted to end the process it runs in (→ jars-run-failed-help-intercepted).
    pub fn exit() -> Self {
        let said = "Flink user code attempted to exit JVM.";
        Self { exits: true, ..Self::main("org.apache.flink.core.security.UserSystemExitException", said) }
    }

    /// The database server cannot be reached (→ jars-run-failed-mysql-unreachable).
    pub fn unreachable() -> Self {
        let link = "Communications link failure\n\nThe last packet sent successfully to the server was 0 milliseconds ago. \
                    The driver has not received any packets from the server.";
        let chain = [
            format!("com.mysql.cj.jdbc.exceptions.CommunicationsException: {link}"),
            format!("com.mysql.cj.exceptions.CJCommunicationsException: {link}"),
            "java.net.ConnectException: Connection refused".into(),
        ];
        Self::around(link, &chain)
    }

    /// A job of this id was there before, and may have ended (→ jars-run-same-jobid-again, -after-end).
    pub fn duplicate(name: &str) -> Self {
        let said = format!("Failed to execute job '{name}'.");
        let chain = [
            format!("org.apache.flink.util.FlinkException: {said}"),
            "org.apache.flink.runtime.client.DuplicateJobSubmissionException: Job has already been submitted.".into(),
        ];
        Self::around(&said, &chain)
    }

    /// The job cannot begin where it should (→ jars-run-failed-savepoint-missing, -state-not-mapped).
    pub fn cannot_begin(name: &str, class: &str, message: &str) -> Self {
        let said = format!("Failed to execute job '{name}'.");
        let cause = format!("{class}: {message}");
        let chain = [
            format!("org.apache.flink.util.FlinkException: {said}"),
            format!("java.lang.RuntimeException: {MASTER}"),
            MASTER.into(),
            format!("{COMPLETION}: {cause}"),
            cause,
        ];
        Self::around(&said, &chain)
    }

    fn around(said: &str, inner: &[String]) -> Self {
        let mut chain = vec![
            format!("{REST}: Could not execute application."),
            format!("{COMPLETION}: {RUNTIME}"),
            RUNTIME.into(),
            format!("{INVOCATION}: {said}"),
        ];
        chain.extend_from_slice(inner);
        Self { status: StatusCode::BAD_REQUEST, chain, exits: false }
    }

    /// An answer of the server itself, not of a program.
    pub fn rest(status: StatusCode, message: &str) -> Self {
        Self { status, chain: vec![format!("{REST}: {message}")], exits: false }
    }

    /// What a person should see.
    pub fn sentence(&self) -> &str {
        let last = self.chain.last().map_or("", String::as_str);
        last.split_once(": ").map_or(last, |(_, message)| message)
    }

    /// The trace, as Flink puts it into `errors`.
    pub fn trace(&self) -> String {
        trace(&self.chain.iter().map(String::as_str).collect::<Vec<_>>())
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.sentence())
    }
}

impl std::error::Error for Refusal {}

/// A Java trace of exceptions, the outermost first. The frames are only there to be skipped.
pub fn trace(chain: &[&str]) -> String {
    let mut text = String::new();
    for (at, exception) in chain.iter().enumerate() {
        let before = if at == 0 { "" } else { "Caused by: " };
        text.push_str(before);
        text.push_str(exception);
        text.push_str(
            "\n\tat org.apache.flink.runtime.webmonitor.handlers.JarRunHandler.handleRequest(JarRunHandler.java:108)",
        );
        text.push_str(if at == 0 { "\n" } else { "\n\t... 4 more\n" });
    }
    text
}
