//! Seals secrets before the store sees them: XChaCha20-Poly1305, `v1.<key id>.<nonce>.<ciphertext>`.
//!
//! Invariant: no secret leaves this module in clear but to the one who asked for it by id; the row's id is associated
//! data, so a sealed secret copied to another row does not open.

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretString};

use crate::outside::engine::streampark::{Logins, LoginsAway};
use crate::outside::source::{Cause, Passwords};
use crate::store::tx::digest;
use crate::store::{Store, StoreError, Tx};
use domain::ids::{RouteId, SourceId};
use domain::source::Account;
use domain::time::Millis;

/// Why a secret could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The key is not a key.
    #[error("the secret key must be 32 bytes in base64; make one with: head -c 32 /dev/urandom | base64")]
    BadKey,
    /// Sealed by another key.
    #[error("secrets in the store were sealed with the key {sealed}, but the settings give the key {given}")]
    OtherKey {
        /// Short name of the key that sealed.
        sealed: String,
        /// Short name of the key given.
        given: String,
    },
    /// Damaged, or moved to another row.
    #[error("the secret {id} cannot be opened: it was damaged or moved")]
    Damaged {
        /// The row.
        id: String,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A key that seals and opens.
#[derive(Clone)]
pub struct Vault {
    cipher: XChaCha20Poly1305,
    key_id: String,
}

/// The row that tells whether the key is the right one.
const PROBE: &str = "probe";

impl Vault {
    /// A vault by its key: 32 bytes in base64.
    pub fn new(key: &SecretString) -> Result<Self, VaultError> {
        let text = key.expose_secret().trim().trim_end_matches('=').replace('+', "-").replace('/', "_");
        let bytes = BASE64.decode(text).map_err(|_| VaultError::BadKey)?;
        let cipher = XChaCha20Poly1305::new_from_slice(&bytes).map_err(|_| VaultError::BadKey)?;
        let key_id = digest(&["lakegate key", &BASE64.encode(&bytes)])[..8].to_owned();
        Ok(Self { cipher, key_id })
    }

    /// A fresh key in base64.
    pub fn fresh_key() -> SecretString {
        BASE64.encode(random::<32>()).into()
    }

    /// Seals a secret for the row `id`.
    pub fn seal(&self, id: &str, secret: &SecretString) -> String {
        let nonce = random::<24>();
        let payload = Payload { msg: secret.expose_secret().as_bytes(), aad: id.as_bytes() };
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload).expect("sealing short texts cannot fail");
        format!("v1.{}.{}.{}", self.key_id, BASE64.encode(nonce), BASE64.encode(sealed))
    }

    /// Opens what was sealed for the row `id`.
    pub fn open(&self, id: &str, sealed: &str) -> Result<SecretString, VaultError> {
        let damaged = || VaultError::Damaged { id: id.to_owned() };
        let parts: Vec<_> = sealed.split('.').collect();
        let ["v1", key_id, nonce, sealed] = parts[..] else { return Err(damaged()) };
        if key_id != self.key_id {
            return Err(VaultError::OtherKey { sealed: key_id.to_owned(), given: self.key_id.clone() });
        }
        let nonce: [u8; 24] = BASE64.decode(nonce).ok().and_then(|n| n.try_into().ok()).ok_or_else(damaged)?;
        let sealed = BASE64.decode(sealed).map_err(|_| damaged())?;
        let payload = Payload { msg: &sealed, aad: id.as_bytes() };
        let opened = self.cipher.decrypt(&XNonce::from(nonce), payload).map_err(|_| damaged())?;
        String::from_utf8(opened).map(SecretString::from).map_err(|_| damaged())
    }

    /// Keeps the password of one of a source's accounts.
    pub async fn keep(
        &self,
        tx: &mut Tx,
        source: &SourceId,
        account: Account,
        password: &SecretString,
    ) -> Result<(), StoreError> {
        let id = account.secret(source);
        tx.secrets().put(&id, &self.seal(&id, password)).await
    }

    /// Keeps the password by which a route signs in at its console.
    pub async fn keep_of_route(&self, tx: &mut Tx, route: &RouteId, password: &SecretString) -> Result<(), StoreError> {
        let id = secret_of(route);
        tx.secrets().put(&id, &self.seal(&id, password)).await
    }

    /// Makes sure that this key is the one the store's secrets were sealed with; the first key ever is noted.
    pub async fn check(&self, store: &Store, now: Millis) -> Result<(), VaultError> {
        let mut tx = store.begin().await?;
        match tx.secrets().get(PROBE).await? {
            Some(sealed) => self.open(PROBE, &sealed).map(drop),
            None => {
                tx.secrets().put(PROBE, &self.seal(PROBE, &"lakegate".into())).await?;
                tx.commit(now).await?;
                Ok(())
            }
        }
    }

    /// Seals every secret anew with another key, all or none. Gives how many.
    pub async fn rotate(&self, to: &Self, store: &Store, now: Millis) -> Result<usize, VaultError> {
        let mut tx = store.begin().await?;
        let all = tx.secrets().all().await?;
        for (id, sealed) in &all {
            let secret = self.open(id, sealed)?;
            tx.secrets().put(id, &to.seal(id, &secret)).await?;
        }
        tx.commit(now).await?;
        Ok(all.len())
    }
}

/// The name of the secret that is the password of a route's console.
fn secret_of(route: &RouteId) -> String {
    format!("route/{route}/console")
}

/// The passwords of sources and routes, as the store keeps them: read anew each time, so a new one counts from the next connection.
pub struct StoredPasswords {
    store: Store,
    vault: Vault,
}

impl StoredPasswords {
    /// The store's passwords, opened by this vault.
    pub fn new(store: Store, vault: Vault) -> Self {
        Self { store, vault }
    }

    async fn find(&self, source: &SourceId, account: Account) -> Result<Option<SecretString>, VaultError> {
        self.opened(&account.secret(source)).await
    }

    async fn opened(&self, id: &str) -> Result<Option<SecretString>, VaultError> {
        let sealed = self.store.read().await?.secrets().get(id).await?;
        sealed.map(|sealed| self.vault.open(id, &sealed)).transpose()
    }
}

#[async_trait]
impl Passwords for StoredPasswords {
    async fn password(&self, source: &SourceId, account: Account) -> Result<Option<SecretString>, Cause> {
        Ok(self.find(source, account).await?)
    }
}

#[async_trait]
impl Logins for StoredPasswords {
    async fn password(&self, route: &RouteId) -> Result<Option<SecretString>, LoginsAway> {
        self.opened(&secret_of(route)).await.map_err(|problem| LoginsAway(Box::new(problem)))
    }
}

/// Random bytes of the system.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system always has random bytes once it has started");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_by_its_own_key_and_row_only() {
        let vault = Vault::new(&Vault::fresh_key()).expect("a key");
        let other = Vault::new(&Vault::fresh_key()).expect("a key");
        let sealed = vault.seal("source/1", &"hunter2".into());
        assert!(!sealed.contains("hunter2"));
        assert_eq!(vault.open("source/1", &sealed).expect("opens").expose_secret(), "hunter2");
        assert!(matches!(vault.open("source/2", &sealed), Err(VaultError::Damaged { .. })));
        assert!(matches!(other.open("source/1", &sealed), Err(VaultError::OtherKey { .. })));
        assert!(matches!(vault.open("source/1", "v1.x"), Err(VaultError::Damaged { .. })));
    }

    #[test]
    fn a_key_is_32_bytes() {
        assert!(matches!(Vault::new(&"c2hvcnQ=".into()), Err(VaultError::BadKey)));
        assert!(Vault::new(&"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=".into()).is_ok());
    }
}
