//! Names of things that Lakegate itself numbers. Each is a newtype, so that none can stand for another.

use json::FromJson;
use serde::{Deserialize, Serialize};

/// A text that is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id: 1 to 64 letters, digits, '-' or '_'")]
pub struct NotAnId;

fn parse(text: String) -> Result<String, NotAnId> {
    let fine =
        (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if fine { Ok(text) } else { Err(NotAnId) }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, FromJson)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl TryFrom<String> for $name {
            type Error = NotAnId;
            fn try_from(text: String) -> Result<Self, NotAnId> {
                parse(text).map(Self)
            }
        }
        impl std::str::FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                parse(text.to_owned()).map(Self)
            }
        }
        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// A request.
    RequestId;
    /// A request while it is written.
    DraftId;
    /// An item: one table of a request.
    ItemId;
    /// A job on an engine.
    JobId;
    /// A source.
    SourceId;
    /// A route.
    RouteId;
    /// A person.
    PersonId;
    /// A team.
    TeamId;
    /// A task: our own background work.
    TaskId;
    /// One copy of one table by the embedded engine.
    CopyId;
    /// One start of a job at an engine that follows changes.
    RunId;
    /// A session of a signed-in person.
    SessionId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_short_and_plain() {
        assert!("0195-a_Z".parse::<ItemId>().is_ok());
        for bad in ["", "a b", "../x", "é", &"x".repeat(65)] {
            assert!(bad.parse::<ItemId>().is_err(), "{bad:?}");
        }
    }
}
