//! People and teams as operators see them.

use json::FromJson;
use serde::{Deserialize, Serialize};

use domain::ids::{PersonId, SourceId, TeamId};
use domain::time::Millis;

/// What is said of a person. Sent to add one and to change one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct PersonForm {
    /// The name typed at sign-in; it stays as it is.
    pub login: String,
    /// The name others see.
    pub name: String,
    /// The team's name; empty for none. A new name is a new team.
    #[serde(default)]
    pub team: String,
    /// Whether they operate the platform.
    #[serde(default)]
    pub operator: bool,
    /// Whether they may not sign in any more.
    #[serde(default)]
    pub disabled: bool,
    /// The sources they own.
    #[serde(default)]
    pub owns: Vec<SourceId>,
    /// The version it was read in; to change one.
    #[serde(default)]
    pub version: i64,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct PersonRow {
    /// The id.
    pub id: PersonId,
    /// What is said of them.
    pub form: PersonForm,
    /// Whether they have a password; without one they wait for their link.
    pub can_sign_in: bool,
}

/// Everybody, by sign-in name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct PeopleList {
    /// The people.
    pub rows: Vec<PersonRow>,
    /// All teams, by name.
    pub teams: Vec<Team>,
    /// All sources, by name, with the number of their owners who can sign in.
    pub sources: Vec<OwnedSource>,
}

/// A team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Team {
    /// The id.
    pub id: TeamId,
    /// Its name.
    pub name: String,
}

/// Gives a team another name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct TeamForm {
    /// The name wanted.
    pub name: String,
    /// The name it was seen under: who comes second is told.
    pub was: String,
}

/// A source that somebody may own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct OwnedSource {
    /// The id.
    pub id: SourceId,
    /// Its name.
    pub name: String,
}

/// A link by which a person sets their password, shown once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct PasswordLink {
    /// Whose.
    pub person: PersonRow,
    /// The secret part of the link.
    pub token: String,
    /// Until when it works.
    pub until: Millis,
}

/// Sets one's password by a link.
#[derive(Debug, Clone, Serialize, Deserialize, FromJson)]
pub struct NewPassword {
    /// The secret part of the link.
    pub token: String,
    /// The password wanted.
    pub password: String,
}
