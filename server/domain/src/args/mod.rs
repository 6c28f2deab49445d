//! What the program that copies tables into the lake is told: the arguments of one job, as one value.
//!
//! Why it exists: the program ignores a flag it does not know, and one wrong argument stops every table of a job
//! (paimon-cdc §1, real-stack §5). So arguments are never put together from texts: [`build`] writes them from [`Args`],
//! a closed list, after [`findings`] has nothing against it; [`parse`] reads them back, so that what an engine holds can be
//! compared with what is wanted.
//! * `catalog`, `from`, `tables`, `table_conf` are the parts; `finding` is what can be wrong, `look` who looks for it.
//! * `order`: the arguments of one of our jobs, from its source, engine and tables.
//! * `secret`: in [`Argv`] a placeholder stands for each password; [`Argv::fill`] puts the real ones in, the very last step.
//! * `streampark`: the one text into which StreamPark wants all arguments put, and how it takes it apart again.
//!
//! A new argument, by example: a field in the part it belongs to, one line in its `write`, one in its `read`, one in the
//! property test.
//! Invariant: pure, and no password is ever a part of [`Args`] or of [`Argv`].

mod argv;
pub mod catalog;
pub mod changes;
pub mod finding;
pub mod from;
mod look;
mod order;
mod parse;
pub mod secret;
pub mod streampark;
pub mod table_conf;
pub mod tables;
#[cfg(test)]
mod tests;
pub mod work;

use std::collections::BTreeSet;

pub use argv::{Argv, Element};
pub use look::{Around, Clocks, build, findings};
pub use order::{Order, order};
pub use parse::{BadArgs, parse};

use crate::name::Name;

/// The arguments of one job (paimon-cdc §1 to §7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Args {
    /// Which tables, and what they become.
    pub work: work::Work,
    /// The database in the lake; the program makes it when it is not there.
    pub database: Name,
    /// Where the lake is.
    pub catalog: catalog::Catalog,
    /// The database server they come from.
    pub from: from::From,
    /// How types are changed on the way.
    pub types: BTreeSet<TypeMapping>,
    /// How the tables are kept in the lake.
    pub table: table_conf::TableConf,
}

/// One way in which types are changed on their way (`--type_mapping`, paimon-cdc §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TypeMapping {
    /// TINYINT(1) is a number, not true and false.
    TinyintNotBool,
    /// What is not null at the source may be null in the lake, save keys; else a new column that is not null stops the job.
    ToNullable,
    /// Every column becomes text.
    ToString,
    /// CHAR and VARCHAR become STRING, so that their lengths never matter.
    CharToString,
    /// LONGTEXT becomes BYTES.
    LongtextToBytes,
    /// BIGINT UNSIGNED becomes BIGINT.
    UnsignedToBigint,
    /// A later change of a DECIMAL is not followed.
    DecimalNoChange,
    /// A column that is no text may become one.
    AllowToString,
}

impl TypeMapping {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::TinyintNotBool,
        Self::ToNullable,
        Self::ToString,
        Self::CharToString,
        Self::LongtextToBytes,
        Self::UnsignedToBigint,
        Self::DecimalNoChange,
        Self::AllowToString,
    ];

    /// What every job is given (paimon-cdc §17.4).
    pub fn usual() -> BTreeSet<Self> {
        BTreeSet::from([Self::TinyintNotBool, Self::ToNullable])
    }

    /// The word of the argument. Hyphens: the program's own pages write two of them with underscores, which it refuses.
    pub const fn word(self) -> &'static str {
        match self {
            Self::TinyintNotBool => "tinyint1-not-bool",
            Self::ToNullable => "to-nullable",
            Self::ToString => "to-string",
            Self::CharToString => "char-to-string",
            Self::LongtextToBytes => "longtext-to-bytes",
            Self::UnsignedToBigint => "bigint-unsigned-to-bigint",
            Self::DecimalNoChange => "decimal-no-change",
            Self::AllowToString => "allow-non-string-to-string",
        }
    }

    /// What the word means.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mapping| mapping.word() == word)
    }
}
