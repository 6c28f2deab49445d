//! Who is signed in, and the ways in.

use json::FromJson;
use serde::{Deserialize, Serialize};

use domain::ids::{PersonId, SessionId, SourceId};
use domain::time::Millis;

/// A person as others see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct PersonView {
    /// The id.
    pub id: PersonId,
    /// The name shown.
    pub name: String,
    /// The team's name; empty when there is none.
    #[serde(default)]
    pub team: String,
}

/// Who is signed in and what they may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Me {
    /// Who.
    pub person: PersonView,
    /// The name typed at sign-in.
    pub login: String,
    /// Whether they operate the platform.
    pub operator: bool,
    /// The sources they own.
    pub owns: Vec<SourceId>,
    /// Requests that wait for their decision.
    pub inbox: u64,
    /// Their own requests that are still on their way.
    pub on_the_way: u64,
    /// The version of the server; another one means: reload the page.
    pub version: String,
    /// Whether this is the demo: sign-in names are shown.
    pub demo: bool,
}

/// What anybody may know before signing in: `GET /api/session`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Gate {
    /// Whether this is the demo.
    pub demo: bool,
    /// In the demo: the names one can sign in with, and who they are.
    pub people: Vec<DemoPerson>,
    /// Whether nobody exists yet: the set-up link of the log makes the first operator.
    pub empty: bool,
    /// The version of the server.
    pub version: String,
}

/// A person of the demo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct DemoPerson {
    /// The name typed at sign-in.
    pub login: String,
    /// The name shown.
    pub name: String,
    /// `requester`, `approver` or `operator`.
    pub role: String,
}

/// Signs in.
#[derive(Debug, Clone, Serialize, Deserialize, FromJson)]
pub struct SignIn {
    /// The name typed.
    pub login: String,
    /// The password typed.
    pub password: String,
}

/// Makes the first operator.
#[derive(Debug, Clone, Serialize, Deserialize, FromJson)]
pub struct Setup {
    /// The token of the one-time link.
    pub token: String,
    /// The sign-in name wanted.
    pub login: String,
    /// The name others see.
    pub name: String,
    /// The password wanted.
    pub password: String,
}

/// One of one's sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct SessionView {
    /// The id; it is not the secret.
    pub id: SessionId,
    /// Since when.
    pub since: Millis,
    /// Last used.
    pub used: Millis,
    /// The browser, as it named itself.
    pub agent: String,
    /// Whether it is the one that asks.
    pub this: bool,
}
