//! Signs in at StreamPark and carries the token (streampark-api §1).
//!
//! Why it exists: a token ends by time, by a restart of the console and by a change of the password, always as an empty
//! 401; access tokens, meant for programs, are broken in 2.1.7.
//! * The token goes as `Authorization: <token>`, without `Bearer`. No cookie is kept: one would mix up two tokens.
//! * A 401 is answered by one new sign-in and one more try; nothing was done by a call that was answered 401.
//! * One sign-in at a time, whoever asks. One that was refused is not tried again for a minute, so that a wrong password
//!   cannot lock the account of a directory.
//!
//! Invariant: neither the password nor a token is in an error, a log line or a `Debug`.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::answer::{self, Said, told};
use super::wire::SignedIn;
use crate::outside::engine::EngineError;
use crate::outside::engine::call::{Answer, Caller};
use crate::state::Clock;

/// A token is replaced after this time by itself; the shortest that is shipped lives 2 h.
const LIFE: Duration = Duration::from_hours(1);

/// After a refused sign-in nobody tries again for so long.
const REFUSED: Duration = Duration::from_mins(1);

/// Who signs in.
#[derive(Debug, Clone)]
pub struct Account {
    /// The name.
    pub user: String,
    /// The password.
    pub password: SecretString,
    /// Who knows the password.
    pub kind: Kind,
}

/// Who knows the password of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// StreamPark itself.
    Own,
    /// A directory.
    Ldap,
}

/// A console and who calls it. Cheap to clone; clones share the token.
#[derive(Clone)]
pub struct Session {
    caller: Caller,
    account: Arc<Account>,
    state: Arc<Mutex<State>>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} as {}", self.caller, self.account.user)
    }
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    /// How often was signed in.
    count: u64,
    refused: Option<(Instant, String)>,
}

#[derive(Clone)]
struct Token {
    header: HeaderValue,
    count: u64,
    since: Instant,
}

impl Session {
    /// For a caller; nothing is called yet.
    pub fn new(caller: Caller, account: Account) -> Self {
        Self { caller, account: Arc::new(account), state: Arc::default() }
    }

    /// The same with a circuit breaker.
    #[must_use]
    pub fn guarded(self, clock: Clock) -> Self {
        Self { caller: self.caller.guarded(clock), ..self }
    }

    /// Sends a form and reads the answer; signs in before when it must.
    pub async fn post(&self, path: &[&str], form: &[(&str, &str)]) -> Result<Answer, EngineError> {
        let token = self.token(None).await?;
        let answer = self.send(&token, path, form).await?;
        if answer.status != 401 {
            return Ok(answer);
        }
        let token = self.token(Some(token.count)).await?;
        let answer = self.send(&token, path, form).await?;
        match answer.status {
            401 => Err(EngineError::Retry("StreamPark does not take the token that it gave just now".to_owned())),
            _ => Ok(answer),
        }
    }

    /// Counts sign-ins: another number may mean another console.
    pub async fn count(&self) -> Result<u64, EngineError> {
        Ok(self.token(None).await?.count)
    }

    async fn send(&self, token: &Token, path: &[&str], form: &[(&str, &str)]) -> Result<Answer, EngineError> {
        let call = self.caller.call(Method::POST, path).header(AUTHORIZATION, token.header.clone()).form(form);
        self.caller.send(call).await
    }

    /// The token; a new one when it is old, or is the one that was `refused`.
    async fn token(&self, refused: Option<u64>) -> Result<Token, EngineError> {
        let mut state = self.state.lock().await;
        let fits = |token: &&Token| Some(token.count) != refused && token.since.elapsed() < LIFE;
        if let Some(token) = state.token.as_ref().filter(fits) {
            return Ok(token.clone());
        }
        if let Some((_, why)) = state.refused.as_ref().filter(|(since, _)| since.elapsed() < REFUSED) {
            return Err(EngineError::Fail(why.clone()));
        }
        let since = Instant::now();
        match self.sign_in().await {
            Ok(header) => {
                state.count += 1;
                state.refused = None;
                let token = Token { header, count: state.count, since };
                state.token = Some(token.clone());
                Ok(token)
            }
            Err(problem) => {
                if let EngineError::Fail(why) = &problem {
                    state.refused = Some((since, why.clone()));
                }
                Err(problem)
            }
        }
    }

    async fn sign_in(&self) -> Result<HeaderValue, EngineError> {
        let kind = match self.account.kind {
            Kind::Own => "PASSWORD",
            Kind::Ldap => "LDAP",
        };
        let form = [
            ("username", &*self.account.user),
            ("password", self.account.password.expose_secret()),
            ("loginType", kind),
        ];
        let call = self.caller.call(Method::POST, &["passport", "signin"]).form(&form);
        let token = signed_in(&self.caller.send(call).await?)?;
        let mut header = HeaderValue::from_str(&token)
            .map_err(|_| EngineError::Retry("StreamPark gave a token that cannot be sent".to_owned()))?;
        header.set_sensitive(true);
        Ok(header)
    }
}

/// What a sign-in came to (streampark-api §1.1): only a token means yes.
pub(super) fn signed_in(answer: &Answer) -> Result<String, EngineError> {
    let refused = |why: &str| Err(EngineError::Fail(format!("StreamPark does not let the account in: {why}")));
    match answer::said(answer)? {
        Said::Yes(data) => match answer::from::<SignedIn>(data) {
            Ok(SignedIn { token }) if !token.is_empty() => Ok(token),
            _ => Err(EngineError::Retry("StreamPark answered the sign-in without a token".to_owned())),
        },
        Said::No(message) => refused(&told(&message.unwrap_or_default())),
        Said::Refused { code: 0, .. } => refused("name or password are wrong"),
        Said::Refused { code: 1, .. } => refused("it is locked"),
        Said::Refused { code: 403, .. } => refused("it is in no team"),
        Said::Refused { code: 400 | 501, message } => refused(&told(&message)),
        Said::Refused { code, message } => Err(answer::refusal(code, &message)),
    }
}
