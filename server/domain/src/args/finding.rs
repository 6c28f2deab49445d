//! What can be wrong with the arguments of a job, each with a code, its sentence, and who must act.
//!
//! The words file has `args.<code>` and `args.<code>.next` for each; what is wrong with one table is said by the words of its check
//! ([`crate::check`]), beside the table's name.

use crate::cause::Who;
use crate::check;
pub use crate::check::Severity;
use crate::name::TableName;
use crate::said::Said;

/// One finding about the arguments of a job. It never holds a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was found.
    pub code: Code,
    /// The table it is about, if it is about one.
    pub table: Option<TableName>,
    /// What it says, with its facts.
    pub said: Said,
}

impl Finding {
    /// A finding whose sentence needs no facts yet.
    pub fn new(code: Code) -> Self {
        let key = match code {
            Code::Check(code) => format!("look.{}", code.word()),
            code => format!("args.{}", code.word()),
        };
        Self { code, table: None, said: Said::new(key) }
    }

    /// The same finding about a table.
    #[must_use]
    pub fn about(self, table: &TableName) -> Self {
        Self { table: Some(table.clone()), ..self }.text("table", table)
    }

    /// What a check found about a table.
    pub(super) fn of_check(found: &check::Finding, table: &TableName) -> Self {
        Self { code: Code::Check(found.code), table: Some(table.clone()), said: found.brief() }
    }

    /// The same with one more fact.
    #[must_use]
    pub fn text(mut self, place: &str, text: impl ToString) -> Self {
        self.said = self.said.text(place, text);
        self
    }

    /// The same with one more count.
    #[must_use]
    pub fn count(mut self, place: &str, count: u64) -> Self {
        self.said = self.said.count(place, count);
        self
    }

    /// What the one who must act does, with the same facts; who that is (`who`) is put in where it is spoken.
    pub fn next(&self) -> Said {
        let key = match self.code {
            Code::Check(code) => format!("check.{}.more", code.word()),
            code => format!("args.{}.next", code.word()),
        };
        Said { key, params: self.said.params.clone() }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident: $word:literal, $severity:ident, $who:ident;)*) => {
        /// What can be wrong with the arguments of a job.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(
                $(#[$doc])*
                $name,
            )*
            /// What the check of one table finds as well.
            Check(check::Code),
        }

        impl Code {
            /// Every code of our own, for tests that walk them.
            pub const OWN: &[Self] = &[$(Self::$name),*];

            /// The code as a word.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                    Self::Check(code) => code.word(),
                }
            }

            /// How much it matters.
            pub const fn severity(self) -> Severity {
                match self {
                    $(Self::$name => Severity::$severity,)*
                    Self::Check(code) => code.severity(),
                }
            }

            /// Who must act.
            pub const fn who(self) -> Who {
                match self {
                    $(Self::$name => Who::$who,)*
                    Self::Check(code) => code.who(),
                }
            }
        }
    };
}

codes! {
    // the tables of a job (real-stack §5)
    /// No table is named; to the program that is every table of the database.
    NoTables: "no_tables", MustFix, Lakegate;
    /// A table's shape is not known: `table`.
    NotLooked: "not_looked", NotKnown, Lakegate;
    /// Tables of two databases, or into two, which one job cannot bring: `one`, `other`.
    DatabasesApart: "databases_apart", MustFix, Lakegate;
    /// A table's name in the lake that no beginning and end make from its own, as the job's other tables have them: `table`, `target`.
    NamesUneven: "names_uneven", MustFix, Operator;
    /// A name with a letter that stops the whole job: `name`, `letter`.
    NameOdd: "name_odd", MustFix, SourceOwner;
    /// Two tables become one: `table`, `other`, `target`.
    NameMeets: "name_meets", MustFix, Requester;
    /// A key names a column that the table has not: `table`, `column`.
    KeyColumnGone: "key_column_gone", MustFix, Operator;
    /// A column that parts the table is not in its key: `table`, `column`.
    PartOutsideKey: "part_outside_key", MustFix, Operator;

    // the job
    /// One writer for all tables, without a fixed number of buckets.
    BucketNeeded: "bucket_needed", MustFix, Operator;
    /// Fewer server ids than readers: `ids`, `has`, `readers`.
    IdsFew: "ids_few", MustFix, Operator;
    /// Server ids that another job has: `ids`, `other`.
    IdsTaken: "ids_taken", MustFix, Operator;
    /// The zone is not the server's: `zone`, `hours` (as `+08:00`), and `server`, its clock.
    ZoneDiffers: "zone_differs", MustFix, Operator;
    /// The certificate of the server must be checked, which the engine cannot be told.
    CertificateUnchecked: "certificate_unchecked", MustFix, Operator;

    // passwords and texts on their way (paimon-cdc §1, streampark-api §12.1)
    /// No password is at hand: `what`.
    SecretMissing: "secret_missing", MustFix, Operator;
    /// A password begins or ends with a blank, which is cut off: `what`.
    SecretTrimmed: "secret_trimmed", MustFix, Operator;
    /// A text begins with a blank: `what`.
    BlankFirst: "blank_first", MustFix, Operator;
    /// Two blanks in a row, which become one: `what`.
    BlanksTwice: "blanks_twice", MustFix, Operator;
    /// A tab, a new line or the like: `what`.
    WhiteSpace: "white_space", MustFix, Operator;
    /// Both kinds of quotes before a blank: `what`.
    BothQuotes: "both_quotes", MustFix, Operator;
    /// A text for which StreamPark would put in something else: `what`.
    Variable: "variable", MustFix, Operator;
}
