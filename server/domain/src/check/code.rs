//! The one list of everything a check can find. A new finding is one line here, one test, and its sentences in the
//! words file: `check.<code>` (so many tables …), `check.<code>.more` (why, and what next), `check.<code>.table` (this one), `look.<code>` (beside its name).

use json::FromJson;
use serde::{Deserialize, Serialize};

use crate::cause::Who;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The table cannot be copied before somebody did something.
    MustFix,
    /// We could not look: neither a pass nor a fault.
    NotKnown,
    /// It can be copied; somebody may want to know.
    GoodToKnow,
}

/// What a check can find.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The catalogue does not know it (any more).
    NoSuchTable,
    /// Its source is retired: nothing new comes from it.
    SourceRetired,
    /// The catalogue of its source was never read.
    NotRead,
    /// A column has a type that the lake cannot hold.
    TypeRefused,
    /// A column has a name that the lake keeps for itself.
    NameKept,
    /// Two columns differ only in upper and lower case.
    ColumnCase,
    /// It has no primary key, and the engine of the route needs one.
    KeyNeeded,
    /// It lies in a file, and the engine of the route follows the changes of servers only.
    FileSource,
    /// Its name holds a letter that would stop every table of the job.
    LetterOdd,
    /// A column of bytes of limited length, one value of which can stop every table of the job.
    BytesStop,
    /// It is larger than the engine of the route copies.
    TooBig,
    /// What it would be called in the lake is no name.
    NoName,
    /// Another table of the same request would get the same name in the lake.
    NameTwice,
    /// A table of another place has that name in the lake already.
    NameTaken,
    /// It has no primary key: each copy replaces all.
    NoKey,
    /// A column of bytes, which arrive changed where they are no text.
    BytesChange,
    /// A value may lose something on its way.
    TypeLost,
    /// Columns look personal.
    Personal,
    /// It is in the lake already.
    InLake,
    /// Somebody asked for it already.
    AskedFor,
}

impl Code {
    /// Every code, worst first; inside the same severity in the order people are told.
    pub const ALL: [Self; 20] = [
        Self::NoSuchTable,
        Self::SourceRetired,
        Self::TypeRefused,
        Self::NameKept,
        Self::ColumnCase,
        Self::KeyNeeded,
        Self::FileSource,
        Self::LetterOdd,
        Self::BytesStop,
        Self::TooBig,
        Self::NoName,
        Self::NameTwice,
        Self::NameTaken,
        Self::NotRead,
        Self::Personal,
        Self::NoKey,
        Self::BytesChange,
        Self::TypeLost,
        Self::InLake,
        Self::AskedFor,
    ];

    /// The code as a word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NoSuchTable => "no_such_table",
            Self::SourceRetired => "source_retired",
            Self::NotRead => "not_read",
            Self::TypeRefused => "type_refused",
            Self::NameKept => "name_kept",
            Self::ColumnCase => "column_case",
            Self::KeyNeeded => "key_needed",
            Self::FileSource => "file_source",
            Self::LetterOdd => "letter_odd",
            Self::BytesStop => "bytes_stop",
            Self::TooBig => "too_big",
            Self::NoName => "no_name",
            Self::NameTwice => "name_twice",
            Self::NameTaken => "name_taken",
            Self::NoKey => "no_key",
            Self::BytesChange => "bytes_change",
            Self::TypeLost => "type_lost",
            Self::Personal => "personal",
            Self::InLake => "in_lake",
            Self::AskedFor => "asked_for",
        }
    }

    /// How much it matters.
    pub const fn severity(self) -> Severity {
        match self {
            Self::NoSuchTable
            | Self::SourceRetired
            | Self::TypeRefused
            | Self::NameKept
            | Self::ColumnCase
            | Self::KeyNeeded
            | Self::FileSource
            | Self::LetterOdd
            | Self::BytesStop
            | Self::TooBig
            | Self::NoName
            | Self::NameTwice
            | Self::NameTaken => Severity::MustFix,
            Self::NotRead => Severity::NotKnown,
            Self::NoKey | Self::BytesChange | Self::TypeLost | Self::Personal | Self::InLake | Self::AskedFor => {
                Severity::GoodToKnow
            }
        }
    }

    /// Who must act on it; Lakegate where nobody has to.
    pub const fn who(self) -> Who {
        match self {
            Self::TypeRefused
            | Self::NameKept
            | Self::ColumnCase
            | Self::KeyNeeded
            | Self::LetterOdd
            | Self::BytesStop => Who::SourceOwner,
            Self::TooBig | Self::NameTaken | Self::SourceRetired => Who::Operator,
            Self::NoSuchTable | Self::FileSource | Self::NameTwice | Self::NoName => Who::Requester,
            Self::NotRead
            | Self::NoKey
            | Self::BytesChange
            | Self::TypeLost
            | Self::Personal
            | Self::InLake
            | Self::AskedFor => Who::Lakegate,
        }
    }
}
