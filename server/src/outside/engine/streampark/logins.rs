//! Who knows the password by which a route signs in at its console; kept elsewhere, read anew each time.

use async_trait::async_trait;
use domain::ids::RouteId;
use secrecy::SecretString;

use crate::outside::engine::EngineError;

/// Passwords of routes.
#[async_trait]
pub trait Logins: Send + Sync {
    /// The password of a route's account; `None` when none was given.
    async fn password(&self, route: &RouteId) -> Result<Option<SecretString>, LoginsAway>;
}

/// The passwords cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the password of the console cannot be read")]
pub struct LoginsAway(#[source] pub Box<dyn std::error::Error + Send + Sync>);

impl From<LoginsAway> for EngineError {
    fn from(away: LoginsAway) -> Self {
        Self::Retry(away.to_string())
    }
}
