//! People: who they are and what they may do at all.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ids::{PersonId, SourceId, TeamId};

/// A person who can sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The id.
    pub id: PersonId,
    /// The name typed at sign-in; lower case, unique.
    pub login: String,
    /// The name that others see.
    pub shown: String,
    /// The team they belong to, if any.
    pub team: Option<TeamId>,
    /// Whether they operate the platform.
    pub operator: bool,
    /// Whether they may not sign in any more.
    pub disabled: bool,
}

/// Who is looking: all that [`crate::rights::may`] needs to know of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// The person.
    pub person: PersonId,
    /// Their team, if any.
    pub team: Option<TeamId>,
    /// Whether they operate the platform.
    pub operator: bool,
    /// The sources they own.
    pub owns: BTreeSet<SourceId>,
}

/// A sign-in name that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a sign-in name has 2 to 40 of a-z, 0-9, '.', '-' or '_'")]
pub struct BadLogin;

/// Brings a typed sign-in name into its one form.
pub fn login(text: &str) -> Result<String, BadLogin> {
    let login = text.trim().to_lowercase();
    let fine = (2..=40).contains(&login.len())
        && login.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b));
    if fine { Ok(login) } else { Err(BadLogin) }
}

/// The fewest characters of a password.
pub const PASSWORD_MIN: usize = 8;
/// The most characters of a password: hashing longer ones would only cost time.
pub const PASSWORD_MAX: usize = 200;
