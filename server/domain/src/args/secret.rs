//! Passwords among the arguments: where they stand, what stands there instead, and the last step that puts them in.
//!
//! Why it exists: an engine shows its arguments to whoever may look at it (paimon-cdc §1), so what is stored holds a
//! placeholder, and the real ones go with the start only (streampark-api §12.1, recording 497).
//! Invariant: nothing here that holds a password shows it in `Debug`, can be printed, or can be serialised.

use std::collections::BTreeMap;

use super::argv::{Argv, Element};
use super::finding::{Code, Finding};

/// A password. Only [`Secret::expose`] shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps a password.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The password itself: only for the call that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Where a password stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Of the account that copies.
    Source,
    /// Of the account at the database that lists the lake's tables.
    Metastore,
    /// The token of the lake's own server.
    Token,
}

impl Place {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Source, Self::Metastore, Self::Token];

    /// What stands there in whatever is stored. A start by it is refused by the database, for no account has it.
    pub const fn placeholder(self) -> &'static str {
        match self {
            Self::Source => "<lakegate:source>",
            Self::Metastore => "<lakegate:metastore>",
            Self::Token => "<lakegate:token>",
        }
    }
}

/// The passwords for one start.
#[derive(Debug, Clone, Default)]
pub struct Secrets(BTreeMap<Place, Secret>);

impl Secrets {
    /// The same with one more.
    #[must_use]
    pub fn with(mut self, place: Place, secret: Secret) -> Self {
        self.0.insert(place, secret);
        self
    }
}

/// The arguments with the passwords in them: what a start is given, and nothing else.
#[derive(Clone)]
pub struct Filled {
    argv: Argv,
    texts: Vec<String>,
}

impl Filled {
    /// The arguments one by one, passwords and all: `programArgsList` of Flink.
    pub fn expose(&self) -> &[String] {
        &self.texts
    }

    /// The same with placeholders.
    pub fn argv(&self) -> &Argv {
        &self.argv
    }
}

impl std::fmt::Debug for Filled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Filled").field(&self.argv.texts()).finish()
    }
}

impl Argv {
    /// Puts the passwords in: the very last step before a start. Refused where one is missing or would not arrive as it is.
    pub fn fill(&self, secrets: &Secrets) -> Result<Filled, Vec<Finding>> {
        let mut found = Vec::new();
        let mut texts = Vec::with_capacity(self.elements().len());
        for element in self.elements() {
            match element {
                Element::Plain(text) => texts.push(text.clone()),
                Element::Secret(key, place) => match secrets.0.get(place) {
                    Some(secret) => {
                        found.extend(trimmed(key, secret));
                        texts.push(format!("{key}={}", secret.expose()));
                    }
                    None => found.push(Finding::new(Code::SecretMissing).text("what", key)),
                },
            }
        }
        if found.is_empty() { Ok(Filled { argv: self.clone(), texts }) } else { Err(found) }
    }
}

/// The program cuts white space off both ends of a value (paimon-cdc §1), as Java's `trim` does: everything up to a blank.
fn trimmed(key: &str, secret: &Secret) -> Option<Finding> {
    let cut = |letter: char| letter <= ' ';
    let text = secret.expose();
    (text.starts_with(cut) || text.ends_with(cut)).then(|| Finding::new(Code::SecretTrimmed).text("what", key))
}
