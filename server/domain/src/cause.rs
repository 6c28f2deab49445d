//! Why an item cannot go on, who must act, and whether trying again by itself can help.

use json::FromJson;
use serde::{Deserialize, Serialize};

use crate::said::Said;

/// Who must act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Lakegate itself: nobody has to do anything.
    Lakegate,
    /// Who asked.
    Requester,
    /// The owner of the source.
    SourceOwner,
    /// An operator of the platform.
    Operator,
}

/// What is wrong, as a closed list. The words file has `cause.<code>` and `next.<code>` for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum CauseCode {
    /// The source does not answer, or its file is away.
    SourceAway,
    /// The source is damaged and cannot be read.
    SourceDamaged,
    /// The source refuses our account.
    SourceDenied,
    /// The table is not at the source any more.
    TableGone,
    /// The table changed while it was read.
    TableChanged,
    /// A value is not what its column declares.
    ValueOdd,
    /// A column has a type the lake cannot hold.
    TypeRefused,
    /// The table is too big for this engine.
    TooBig,
    /// The warehouse cannot be written.
    LakeReadOnly,
    /// The warehouse has no room.
    LakeFull,
    /// Another engine owns the table in the lake.
    LakeOwned,
    /// The table in the lake has another shape that cannot be grown.
    LakeDiffers,
    /// Somebody else writes this table in the lake just now.
    LakeBusy,
    /// Fewer or more rows were written than were counted; nothing was committed.
    RowsDisagree,
    /// The table is missing in the lake though it was there.
    LakeTableGone,
    /// The lake's metadata cannot be read.
    LakeDamaged,
    /// Columns of the source are missing in the lake.
    ColumnsMissing,
    /// No progress within the time allowed.
    NoProgress,
    /// The engine does not answer.
    EngineAway,
    /// The engine refused.
    EngineRefused,
    /// The job's arguments are refused before any call; `said` is the finding's own sentence (`args.…`).
    NotFit,
    /// The engine left the table out without a word: `table`.
    LeftOut,
    /// A job of our name runs that we did not start: `job`, `id`.
    JobForeign,
    /// The engine has no room for a job: `needed`, `free`.
    NoSlots,
    /// The job that brings it fails again and again: `what`.
    JobBroken,
    /// The job is not attached to its source, though its engine says that it runs: `source`.
    CutOff,
    /// A fault of ours.
    Ours,
}

impl CauseCode {
    /// Every code, for tests that walk them.
    pub const ALL: [Self; 27] = [
        Self::SourceAway,
        Self::SourceDamaged,
        Self::SourceDenied,
        Self::TableGone,
        Self::TableChanged,
        Self::ValueOdd,
        Self::TypeRefused,
        Self::TooBig,
        Self::LakeReadOnly,
        Self::LakeFull,
        Self::LakeOwned,
        Self::LakeDiffers,
        Self::LakeBusy,
        Self::RowsDisagree,
        Self::LakeTableGone,
        Self::LakeDamaged,
        Self::ColumnsMissing,
        Self::NoProgress,
        Self::EngineAway,
        Self::EngineRefused,
        Self::NotFit,
        Self::LeftOut,
        Self::JobForeign,
        Self::NoSlots,
        Self::JobBroken,
        Self::CutOff,
        Self::Ours,
    ];

    /// The code as a word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::SourceAway => "source_away",
            Self::SourceDamaged => "source_damaged",
            Self::SourceDenied => "source_denied",
            Self::TableGone => "table_gone",
            Self::TableChanged => "table_changed",
            Self::ValueOdd => "value_odd",
            Self::TypeRefused => "type_refused",
            Self::TooBig => "too_big",
            Self::LakeReadOnly => "lake_read_only",
            Self::LakeFull => "lake_full",
            Self::LakeOwned => "lake_owned",
            Self::LakeDiffers => "lake_differs",
            Self::LakeBusy => "lake_busy",
            Self::RowsDisagree => "rows_disagree",
            Self::LakeTableGone => "lake_table_gone",
            Self::LakeDamaged => "lake_damaged",
            Self::ColumnsMissing => "columns_missing",
            Self::NoProgress => "no_progress",
            Self::EngineAway => "engine_away",
            Self::EngineRefused => "engine_refused",
            Self::NotFit => "not_fit",
            Self::LeftOut => "left_out",
            Self::JobForeign => "job_foreign",
            Self::NoSlots => "no_slots",
            Self::JobBroken => "job_broken",
            Self::CutOff => "cut_off",
            Self::Ours => "ours",
        }
    }

    /// Who must act on it.
    pub const fn who(self) -> Who {
        match self {
            Self::SourceAway
            | Self::SourceDamaged
            | Self::SourceDenied
            | Self::TableGone
            | Self::ValueOdd
            | Self::TypeRefused
            | Self::LeftOut
            | Self::CutOff => Who::SourceOwner,
            Self::TableChanged | Self::LakeBusy => Who::Lakegate,
            Self::TooBig
            | Self::LakeReadOnly
            | Self::LakeFull
            | Self::LakeOwned
            | Self::LakeDiffers
            | Self::RowsDisagree
            | Self::LakeTableGone
            | Self::LakeDamaged
            | Self::ColumnsMissing
            | Self::NoProgress
            | Self::EngineAway
            | Self::EngineRefused
            | Self::NotFit
            | Self::JobForeign
            | Self::NoSlots
            | Self::JobBroken
            | Self::Ours => Who::Operator,
        }
    }

    /// Whether trying again without any human hand may help.
    pub const fn may_pass(self) -> bool {
        match self {
            Self::SourceAway
            | Self::TableChanged
            | Self::LakeBusy
            | Self::LakeFull
            | Self::LakeReadOnly
            | Self::RowsDisagree
            | Self::LakeTableGone
            | Self::LakeDamaged
            | Self::NoProgress
            | Self::EngineAway
            | Self::NoSlots
            | Self::JobBroken
            | Self::CutOff
            | Self::Ours => true,
            Self::SourceDamaged
            | Self::SourceDenied
            | Self::TableGone
            | Self::ValueOdd
            | Self::TypeRefused
            | Self::TooBig
            | Self::LakeOwned
            | Self::LakeDiffers
            | Self::ColumnsMissing
            | Self::EngineRefused
            | Self::NotFit
            | Self::LeftOut
            | Self::JobForeign => false,
        }
    }
}

/// What is wrong with one item: the code and the facts its sentence names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Cause {
    /// What is wrong.
    pub code: CauseCode,
    /// What happened: `cause.<code>` with its facts.
    pub said: Said,
}

impl Cause {
    /// A cause whose sentence needs no facts yet; add them with [`Cause::text`].
    pub fn new(code: CauseCode) -> Self {
        Self { code, said: Said::new(format!("cause.{}", code.word())) }
    }

    /// The same cause with one more fact.
    #[must_use]
    pub fn text(mut self, place: &str, text: impl ToString) -> Self {
        self.said = self.said.text(place, text);
        self
    }

    /// The same cause with one more count.
    #[must_use]
    pub fn count(mut self, place: &str, count: u64) -> Self {
        self.said = self.said.count(place, count);
        self
    }
}
