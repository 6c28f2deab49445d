//! Who calls: an extractor is a permission.

use api::problem::Code;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::person::{Person, Viewer};
use domain::rights::{Thing, Verb, may};
use domain::time::MINUTE;

use super::problem::Failure;
use crate::state::AppState;
use crate::store::sessions::Session;
use crate::store::tx::digest;
use crate::vault;

/// Somebody signed in.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who.
    pub person: Person,
    /// What rights need to know of them.
    pub viewer: Viewer,
    /// By which session.
    pub session: Session,
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Failure> {
        let first = || Failure::new(Code::SignInFirst);
        let jar = CookieJar::from_headers(&parts.headers);
        let token = jar.get(cookie_name(app)).map(|cookie| cookie.value().to_owned()).ok_or_else(first)?;
        let now = app.clock.now();
        let mut tx = app.store.read().await?;
        let alive_since = now.plus(-app.config.session_idle);
        let session = tx.sessions().find(&hash_of(&token), alive_since).await?.ok_or_else(first)?;
        let person = tx.people().get(&session.person).await?;
        if person.disabled {
            return Err(first());
        }
        let viewer = tx.people().viewer(&person).await?;
        drop(tx);
        if now.since(session.used_at) > MINUTE {
            let mut tx = app.store.begin().await?;
            tx.sessions().touch(&session.id, now).await?;
            tx.commit(now).await?;
        }
        Ok(Self { person, viewer, session })
    }
}

/// Somebody who operates the platform. For others what only operators see is not there.
#[derive(Debug, Clone)]
pub struct Operator(pub Caller);

impl FromRequestParts<AppState> for Operator {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Failure> {
        let by = Caller::from_request_parts(parts, app).await?;
        if may(&by.viewer, Verb::Manage, Thing::Platform) { Ok(Self(by)) } else { Err(Failure::not_found()) }
    }
}

/// The cookie's name: the prefix binds it to this host and to https, where there is https.
pub fn cookie_name(app: &AppState) -> &'static str {
    if secure(app) { "__Host-session" } else { "session" }
}

fn secure(app: &AppState) -> bool {
    app.config.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
}

/// The cookie that carries a session's token; an empty token takes it away.
pub fn cookie(app: &AppState, token: String) -> Cookie<'static> {
    let gone = token.is_empty();
    let mut cookie = Cookie::new(cookie_name(app), token);
    cookie.set_http_only(true);
    cookie.set_secure(secure(app));
    cookie.set_same_site(SameSite::Lax);
    cookie.set_path("/");
    if gone {
        cookie.make_removal();
    }
    cookie
}

/// A fresh token of 256 random bits.
pub fn token() -> String {
    URL_SAFE_NO_PAD.encode(vault::random::<32>())
}

/// What the store keeps of a token.
pub fn hash_of(token: &str) -> String {
    digest(&["session", token])
}
