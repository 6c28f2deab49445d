//! An error that leaves the server, as `application/problem+json` (RFC 9457).

use json::FromJson;
use serde::{Deserialize, Serialize};

use domain::cause::Who;
use domain::said::Said;

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// What kind of problem it is. The words file has `problem.<code>` for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// 400: a field, a body, a parameter cannot be read.
    BadInput,
    /// 401: nobody is signed in, or the session ended.
    SignInFirst,
    /// 401: name or password is wrong.
    WrongPassword,
    /// 403: the page that sent it is not ours.
    ForeignOrigin,
    /// 403: one may see it, but not do that.
    NotAllowed,
    /// 404: not there, or not for these eyes.
    NotFound,
    /// 405: the path does not know that method.
    WrongMethod,
    /// 409: somebody was faster.
    Faster,
    /// 409: its state does not allow that.
    WrongState,
    /// 409: the same idempotency key came with another body.
    KeyReused,
    /// 413: the body is too large.
    TooLarge,
    /// 415: the body is not JSON.
    NotJson,
    /// 422: a rule says no.
    Rule,
    /// 422: the set-up link was used already, or never was one.
    SetupLink,
    /// 422: the link to set a password was used already, has run out, or never was one.
    PasswordLink,
    /// 429: too many tries; wait.
    TooMany,
    /// 500: our fault.
    Ours,
    /// 503: the store is away.
    StoreAway,
    /// 503: the source is away.
    SourceAway,
    /// 503: the lake is away.
    LakeAway,
}

impl Code {
    /// Every code, for tests that walk them.
    pub const ALL: [Self; 20] = [
        Self::BadInput,
        Self::SignInFirst,
        Self::WrongPassword,
        Self::ForeignOrigin,
        Self::NotAllowed,
        Self::NotFound,
        Self::WrongMethod,
        Self::Faster,
        Self::WrongState,
        Self::KeyReused,
        Self::TooLarge,
        Self::NotJson,
        Self::Rule,
        Self::SetupLink,
        Self::PasswordLink,
        Self::TooMany,
        Self::Ours,
        Self::StoreAway,
        Self::SourceAway,
        Self::LakeAway,
    ];

    /// The code as a word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::BadInput => "bad_input",
            Self::SignInFirst => "sign_in_first",
            Self::WrongPassword => "wrong_password",
            Self::ForeignOrigin => "foreign_origin",
            Self::NotAllowed => "not_allowed",
            Self::NotFound => "not_found",
            Self::WrongMethod => "wrong_method",
            Self::Faster => "faster",
            Self::WrongState => "wrong_state",
            Self::KeyReused => "key_reused",
            Self::TooLarge => "too_large",
            Self::NotJson => "not_json",
            Self::Rule => "rule",
            Self::SetupLink => "setup_link",
            Self::PasswordLink => "password_link",
            Self::TooMany => "too_many",
            Self::Ours => "ours",
            Self::StoreAway => "store_away",
            Self::SourceAway => "source_away",
            Self::LakeAway => "lake_away",
        }
    }

    /// The HTTP status: chosen by who must act.
    pub const fn status(self) -> u16 {
        match self {
            Self::BadInput => 400,
            Self::SignInFirst | Self::WrongPassword => 401,
            Self::ForeignOrigin | Self::NotAllowed => 403,
            Self::NotFound => 404,
            Self::WrongMethod => 405,
            Self::Faster | Self::WrongState | Self::KeyReused => 409,
            Self::TooLarge => 413,
            Self::NotJson => 415,
            Self::Rule | Self::SetupLink | Self::PasswordLink => 422,
            Self::TooMany => 429,
            Self::Ours => 500,
            Self::StoreAway | Self::SourceAway | Self::LakeAway => 503,
        }
    }

    /// Who must act on it.
    pub const fn who(self) -> Who {
        match self {
            Self::BadInput
            | Self::SignInFirst
            | Self::WrongPassword
            | Self::ForeignOrigin
            | Self::NotFound
            | Self::WrongMethod
            | Self::Faster
            | Self::WrongState
            | Self::KeyReused
            | Self::TooLarge
            | Self::NotJson
            | Self::Rule
            | Self::TooMany => Who::Requester,
            Self::NotAllowed | Self::SetupLink | Self::PasswordLink | Self::StoreAway | Self::LakeAway | Self::Ours => {
                Who::Operator
            }
            Self::SourceAway => Who::SourceOwner,
        }
    }
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct FieldProblem {
    /// The field's name; dots lead into nested ones.
    pub field: String,
    /// What is wrong: `field.<code>` of the words file.
    pub code: String,
    /// The facts its sentence names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<Said>,
}

/// A problem document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Problem {
    /// The stable code; programs and translations go by it.
    pub code: Code,
    /// The HTTP status.
    pub status: u16,
    /// What it is, in English.
    pub title: String,
    /// What happened here, in English.
    pub detail: String,
    /// What happened, who acts, what next: to be said in the reader's language.
    pub said: Said,
    /// Who must act.
    pub next: Who,
    /// What is wrong with single fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    /// The number under which our log has it.
    pub trace: String,
}
