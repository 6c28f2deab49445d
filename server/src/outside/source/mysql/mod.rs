//! A MySQL or MariaDB server as a source.
//!
//! Why it exists: most tables that people ask for lie in one.
//! Invariants: read-only, in a session that says so; every wait has an end; a copy is one consistent read, streamed in
//! the order of the key, so that memory stays the same at any size.

use std::time::Duration;

use async_trait::async_trait;
use domain::column::TableShape;
use domain::name::TableName;
use domain::source::{Account, Mysql};
use secrecy::SecretString;

use self::session::Session;
use super::{Binlog, Source, SourceError, TableEntry, TableRead};

mod binlog;
mod catalogue;
mod error;
mod look;
mod read;
mod session;
mod setup;
mod value;

pub use self::look::look;

/// The catalogue is read in small questions: none of them may take longer.
const CATALOGUE: Duration = Duration::from_mins(1);

/// A server, seen by one of its two accounts.
pub struct MysqlSource {
    server: Mysql,
    account: Account,
    password: SecretString,
}

impl MysqlSource {
    /// The source at a server; nothing is connected before the first question.
    pub fn new(server: Mysql, account: Account, password: SecretString) -> Self {
        Self { server, account, password }
    }

    async fn session(&self, silence: Duration) -> Result<Session, SourceError> {
        Session::open(&self.server, self.account, &self.password, silence)
            .await
            .map_err(|error| error::of(error, &self.what()))
    }

    /// How long the server may stay silent while rows are read.
    fn silence(&self) -> Duration {
        Duration::from_secs(self.server.limits.read_seconds.get().into())
    }

    fn what(&self) -> String {
        format!("{}:{}", self.server.host, self.server.port.get())
    }
}

#[async_trait]
impl Source for MysqlSource {
    async fn tables(&self, after: Option<&TableName>, limit: usize) -> Result<Vec<TableEntry>, SourceError> {
        let mut session = self.session(self.silence().min(CATALOGUE)).await?;
        catalogue::page(&mut session, after, limit).await
    }

    async fn shape(&self, table: &TableName) -> Result<TableShape, SourceError> {
        let mut session = self.session(self.silence().min(CATALOGUE)).await?;
        catalogue::shape(&mut session, table).await
    }

    async fn open(&self, table: &TableName) -> Result<Box<dyn TableRead>, SourceError> {
        Ok(Box::new(read::open(self.session(self.silence()).await?, table).await?))
    }

    async fn binlog(&self) -> Result<Option<Binlog>, SourceError> {
        let mut session = self.session(self.silence().min(CATALOGUE)).await?;
        binlog::look(&mut session).await.map(Some).map_err(|trouble| error::of(trouble, &self.what()))
    }
}
