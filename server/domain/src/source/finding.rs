//! What the test of a source found: every look at once, the good ones too, each with who must act and what to run.
//!
//! The words file has `test.<code>` for each, and `test.<code>.fix` for those somebody must act on.

use std::collections::BTreeSet;

use json::FromJson;
use serde::{Deserialize, Serialize};

use crate::cause::Who;
use crate::said::Said;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// As it should be.
    Fine,
    /// Good to know; something may be missing.
    Know,
    /// It could not be found out.
    Unknown,
    /// Nothing can be copied until it is mended.
    Fix,
}

/// One thing that the test of a source found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Finding {
    /// What it is.
    pub code: FindingCode,
    /// What it says: `test.<code>` with its facts.
    pub said: Said,
    /// What the one who must act may run, ready to copy. Never holds a password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sql: Option<String>,
}

impl Finding {
    /// A finding whose sentence needs no facts yet.
    pub fn new(code: FindingCode) -> Self {
        Self { code, said: Said::new(format!("test.{}", code.word())), sql: None }
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

    /// The same with SQL to copy.
    #[must_use]
    pub fn sql(mut self, sql: impl Into<String>) -> Self {
        self.sql = Some(sql.into());
        self
    }

    /// How much it weighs.
    pub const fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// What the one who must act does, with the same facts; `None` when nobody has to act.
    pub fn fix(&self) -> Option<Said> {
        let key = format!("{}.fix", self.said.key);
        (self.severity() != Severity::Fine).then(|| Said { key, params: self.said.params.clone() })
    }
}

/// What of these findings somebody must know or act on: when it is the same as before, a test found nothing new.
pub fn acts(findings: &[Finding]) -> BTreeSet<FindingCode> {
    findings.iter().filter(|finding| finding.severity() != Severity::Fine).map(|finding| finding.code).collect()
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident: $word:literal, $severity:ident, $who:ident;)*) => {
        /// What a test of a source can find, as a closed list.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, FromJson)]
        pub enum FindingCode {$(
            $(#[$doc])*
            #[serde(rename = $word)]
            $name,
        )*}

        impl FindingCode {
            /// Every code, for tests that walk them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The code as a word.
            pub const fn word(self) -> &'static str {
                match self {$(Self::$name => $word),*}
            }

            /// How much it weighs.
            pub const fn severity(self) -> Severity {
                match self {$(Self::$name => Severity::$severity),*}
            }

            /// Who must act; Lakegate itself when nobody has to.
            pub const fn who(self) -> Who {
                match self {$(Self::$name => Who::$who),*}
            }
        }
    };
}

codes! {
    // every kind of source
    /// It can be read: `databases`, `tables`.
    Readable: "readable", Fine, Lakegate;
    /// It is not there, or does not answer: `what`.
    Away: "away", Fix, SourceOwner;
    /// We may not read it: `what`.
    Denied: "denied", Fix, SourceOwner;
    /// It is broken: `database`, `what`.
    Damaged: "damaged", Fix, SourceOwner;
    /// There is no database in it that we may see.
    NoDatabases: "no_databases", Fix, SourceOwner;
    /// Names that the lake could not hold, left out: `n`, `name`.
    NamesRefused: "names_refused", Know, SourceOwner;

    // a folder of files
    /// It lies outside the folder that the settings name: `what`.
    Outside: "outside", Fix, Operator;
    /// A file that leads out of the folder of the settings, left out: `database`.
    FileOutside: "file_outside", Know, Operator;
    /// Two files claim the same database name, left out: `database`.
    TwoFiles: "two_files", Know, SourceOwner;
    /// It is one of Lakegate's own files, left out: `database`.
    OwnStore: "own_store", Know, Operator;

    // a server: the way to it
    /// It answers: `host`, `version`, `ms`.
    Reached: "reached", Fine, Lakegate;
    /// Nobody knows the name: `host`.
    NoSuchHost: "no_such_host", Fix, Operator;
    /// The host is there, but nobody listens: `host`, `port`.
    NobodyListens: "nobody_listens", Fix, SourceOwner;
    /// No answer in time: `host`, `seconds`.
    Silent: "silent", Fix, SourceOwner;
    /// What answers is no MySQL or MariaDB: `host`, `port`.
    NotMysql: "not_mysql", Fix, Operator;
    /// Older than what we read: `version`, `least`.
    TooOld: "too_old", Fix, SourceOwner;
    /// The connection is sealed: `tls`.
    Sealed: "sealed", Fine, Lakegate;
    /// The connection is not sealed.
    NotSealed: "not_sealed", Know, SourceOwner;
    /// We insist on a sealed connection, and the server cannot.
    TlsMissing: "tls_missing", Fix, SourceOwner;
    /// The server insists on a sealed connection, and we were told not to.
    TlsWanted: "tls_wanted", Fix, Operator;
    /// Server and we know no way to seal a connection in common, usually because the server's is too old: `what`.
    TlsRefused: "tls_refused", Fix, SourceOwner;
    /// The server's certificate is not signed by those given: `what`.
    TlsUntrusted: "tls_untrusted", Fix, Operator;

    // a server: the two accounts
    /// Name or password is wrong: `account`, `login`.
    PasswordWrong: "password_wrong", Fix, Operator;
    /// No password was given yet: `account`, `login`.
    PasswordMissing: "password_missing", Fix, Operator;
    /// The account is locked, or its password has run out: `account`, `login`, `what`.
    AccountClosed: "account_closed", Fix, SourceOwner;
    /// The server lets nobody in from our address: `what`.
    HostRefused: "host_refused", Fix, SourceOwner;
    /// The server has no connection left for us: `what`.
    NoRoom: "no_room", Fix, SourceOwner;
    /// An account may not read one database: `account`, `login`, `database`.
    DatabaseDenied: "database_denied", Fix, SourceOwner;
    /// Both accounts may read what they must: `catalogue`, `copying`.
    AccountsFine: "accounts_fine", Fine, Lakegate;

    // a server: how it is set up
    /// The clock is right: `ms`.
    ClockFine: "clock_fine", Fine, Lakegate;
    /// The clock is off: `seconds`.
    ClockOff: "clock_off", Know, SourceOwner;
    /// The zone that times without zone are told in: `zone`.
    ZoneFine: "zone_fine", Fine, Lakegate;
    /// The zone is one of several of that name: `zone`, `offset`.
    ZoneUnclear: "zone_unclear", Know, SourceOwner;
    /// It takes no writes: a copy of another server, which is a good place to read from.
    ReadOnly: "read_only", Fine, Lakegate;
    /// It ends long queries: `seconds`. We lift that for our own.
    TimeLimit: "time_limit", Fine, Lakegate;
    /// It ends long queries, and we may not lift that: `seconds`.
    TimeLimitStays: "time_limit_stays", Know, SourceOwner;
    /// Dates of only zeros can be stored, which become empty.
    ZeroDates: "zero_dates", Know, SourceOwner;
    /// Changes are kept as later engines need them.
    ChangesFine: "changes_fine", Fine, Lakegate;
    /// Changes are not kept at all.
    ChangesOff: "changes_off", Know, SourceOwner;
    /// Changes are not kept row by row, or not with whole rows: `format`, `image`.
    ChangesNotByRow: "changes_not_by_row", Know, SourceOwner;
    /// Changes are kept for a short time: `hours`.
    ChangesShort: "changes_short", Know, SourceOwner;
    /// The account may not follow changes: `login`.
    ChangesDenied: "changes_denied", Know, SourceOwner;
    /// A setting of the server could not be read: `what`.
    NotKnown: "not_known", Unknown, SourceOwner;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_must_act_is_named_wherever_something_is_to_fix() {
        for code in FindingCode::ALL {
            assert_eq!(code.severity() == Severity::Fine, code.who() == Who::Lakegate, "{code:?}");
            assert_eq!(Finding::new(*code).fix().is_some(), code.severity() != Severity::Fine, "{code:?}");
        }
    }

    #[test]
    fn a_test_is_news_when_somebody_must_know_or_act_on_something_else() {
        let found = |codes: &[FindingCode]| acts(&codes.iter().map(|code| Finding::new(*code)).collect::<Vec<_>>());
        let fine = found(&[FindingCode::Reached, FindingCode::ClockFine]);
        assert_eq!(fine, found(&[FindingCode::Readable]));
        assert_ne!(fine, found(&[FindingCode::Reached, FindingCode::ClockOff]));
        assert_ne!(found(&[FindingCode::Silent]), found(&[FindingCode::NobodyListens]));
    }

    #[test]
    fn a_fix_has_the_facts_of_its_finding() {
        let finding = Finding::new(FindingCode::Away).text("what", "db.lan");
        let fix = finding.fix().expect("somebody must act");
        assert_eq!((fix.key.as_str(), fix.params), ("test.away.fix", finding.said.params));
    }
}
