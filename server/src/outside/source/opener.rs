//! Opens a source by its place and account, tests one, and says in the words of a cause why one did not answer.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use domain::cause::{Cause as Why, CauseCode};
use domain::ids::SourceId;
use domain::name::TableName;
use domain::source::finding::Finding;
use domain::source::{Account, Mysql, Place};
use secrecy::SecretString;

use super::mysql::{self, MysqlSource};
use super::sqlite::SqliteSource;
use super::{Cause, Source, SourceError};
use crate::outside::engine::SourcePlace;
use crate::state::Clock;

/// Who knows the passwords of sources.
#[async_trait]
pub trait Passwords: Send + Sync {
    /// The password of one of a source's accounts; `None` when none was given.
    async fn password(&self, source: &SourceId, account: Account) -> Result<Option<SecretString>, Cause>;
}

/// Passwords as a form gives them; what it leaves out is as it was.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// The source that is there already, if it is.
    pub source: Option<SourceId>,
    /// Of the account that reads the catalogue.
    pub catalogue: Option<SecretString>,
    /// Of the account that copies.
    pub copying: Option<SecretString>,
}

impl Given {
    const fn password(&self, account: Account) -> Option<&SecretString> {
        match account {
            Account::Catalogue => self.catalogue.as_ref(),
            Account::Copying => self.copying.as_ref(),
        }
    }
}

/// What opens sources. Cheap to clone.
#[derive(Clone)]
pub struct Opener {
    folder: Arc<PathBuf>,
    forbidden: Arc<Vec<PathBuf>>,
    passwords: Arc<dyn Passwords>,
    clock: Clock,
}

impl Opener {
    /// Opens SQLite files below `folder` only, and never one of the `forbidden`: our own store.
    pub fn new(folder: PathBuf, forbidden: Vec<PathBuf>, passwords: Arc<dyn Passwords>, clock: Clock) -> Self {
        Self { folder: Arc::new(folder), forbidden: Arc::new(forbidden), passwords, clock }
    }

    /// Opens a source by one of its accounts.
    pub async fn open(&self, place: &SourcePlace, account: Account) -> Result<Box<dyn Source>, SourceError> {
        match &place.place {
            Place::Sqlite(folder) => Ok(Box::new(SqliteSource::new(&self.folder, &folder.path, &self.forbidden)?)),
            Place::Mysql(server) => {
                let password = self.password(place, account, server).await?;
                Ok(Box::new(MysqlSource::new(server.clone(), account, password)))
            }
        }
    }

    /// The password of the account that copies, for an engine outside that reads the server by itself.
    pub async fn secret(&self, place: &SourcePlace, server: &Mysql) -> Result<SecretString, SourceError> {
        self.password(place, Account::Copying, server).await
    }

    /// Tests a place, saved or not: every finding at once.
    pub async fn test(&self, place: &Place, given: &Given) -> Vec<Finding> {
        match place {
            Place::Sqlite(folder) => match SqliteSource::new(&self.folder, &folder.path, &self.forbidden) {
                Ok(source) => source.test().await,
                Err(problem) => vec![super::sqlite::finding(&problem, None)],
            },
            Place::Mysql(server) => {
                let known = self.known(given).await;
                mysql::look(server, |account| given.password(account).or(known.get(&account)).cloned(), &self.clock)
                    .await
            }
        }
    }

    async fn password(
        &self,
        place: &SourcePlace,
        account: Account,
        server: &Mysql,
    ) -> Result<SecretString, SourceError> {
        let what = |why| format!("{}: {why} {} ({})", place.name, server.login(account), account.word());
        match self.passwords.password(&place.id, account).await {
            Ok(Some(password)) => Ok(password),
            Ok(None) => Err(SourceError::Denied { what: what("no password was given for"), cause: None }),
            Err(cause) => Err(SourceError::Other { what: what("the password cannot be read of"), cause: Some(cause) }),
        }
    }

    /// The passwords that are kept of a source that is there already.
    async fn known(&self, given: &Given) -> BTreeMap<Account, SecretString> {
        let mut known = BTreeMap::new();
        let Some(source) = &given.source else { return known };
        for account in Account::ALL {
            // What cannot be read is as if it were not there: the test then says that it is missing.
            if let Ok(Some(password)) = self.passwords.password(source, account).await {
                known.insert(account, password);
            }
        }
        known
    }
}

/// Why a source did not give a table, as the cause that an item shows.
pub fn source_cause(problem: &SourceError, table: &TableName) -> Why {
    let cause = |code| Why::new(code).text("table", table);
    match problem {
        SourceError::Away { what, .. } => cause(CauseCode::SourceAway).text("what", what),
        SourceError::Gone { .. } => cause(CauseCode::TableGone),
        SourceError::Changed { what, .. } => cause(CauseCode::TableChanged).text("what", what),
        SourceError::Value { column, what, .. } => cause(CauseCode::ValueOdd).text("column", column).text("what", what),
        SourceError::Type { column, declared, .. } => {
            cause(CauseCode::TypeRefused).text("column", column).text("type", declared)
        }
        SourceError::Denied { what, .. } => cause(CauseCode::SourceDenied).text("what", what),
        SourceError::Outside { what } => {
            cause(CauseCode::SourceDenied).text("what", format!("{what} lies outside the folder for sources"))
        }
        SourceError::Damaged { what, .. } => cause(CauseCode::SourceDamaged).text("what", what),
        SourceError::Other { what, .. } => cause(CauseCode::SourceAway).text("what", what),
    }
}
