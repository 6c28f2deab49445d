//! Passwords: hashed with Argon2id, away from the threads that answer, a few at a time.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use super::problem::Failure;
use domain::person::{PASSWORD_MAX, PASSWORD_MIN};

/// Hashing costs memory and time on purpose; so many run at once.
static PLACES: Semaphore = Semaphore::const_new(2);

/// What is wrong with a password, as the code of a field problem.
pub fn wrong(password: &SecretString) -> Option<&'static str> {
    match password.expose_secret().chars().count() {
        0 => Some("missing"),
        length if length < PASSWORD_MIN => Some("short"),
        length if length > PASSWORD_MAX => Some("long"),
        _ => None,
    }
}

fn argon() -> Argon2<'static> {
    #[cfg(feature = "testing")]
    {
        let cheap = argon2::Params::new(64, 1, 1, None).expect("cheap parameters, for tests only");
        Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, cheap)
    }
    #[cfg(not(feature = "testing"))]
    Argon2::default()
}

/// The hash of a password.
pub async fn hash(password: SecretString) -> Result<String, Failure> {
    on_its_own(move || {
        let hash: Result<PasswordHash, _> = argon().hash_password(password.expose_secret().as_bytes());
        hash.map(|hash| hash.to_string()).map_err(|problem| problem.to_string())
    })
    .await?
    .map_err(Failure::ours)
}

/// Whether a password fits a hash. Without a hash the same time is spent, so that nobody learns which names exist.
pub async fn fits(password: SecretString, hash: Option<String>) -> Result<bool, Failure> {
    if password.expose_secret().len() > PASSWORD_MAX * 4 {
        return Ok(false);
    }
    on_its_own(move || {
        let Some(hash) = hash else {
            let _: Result<PasswordHash, _> = argon().hash_password(password.expose_secret().as_bytes());
            return false;
        };
        PasswordHash::new(&hash)
            .is_ok_and(|hash| argon().verify_password(password.expose_secret().as_bytes(), &hash).is_ok())
    })
    .await
}

async fn on_its_own<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    let _place = PLACES.acquire().await.map_err(Failure::ours)?;
    tokio::task::spawn_blocking(work).await.map_err(Failure::ours)
}
