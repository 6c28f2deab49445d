//! One transaction: the door to every repository, and the one place where the log gets its numbers.

use domain::change::Change;
use domain::time::Millis;
use sha2::{Digest, Sha256};
use sqlx::{Any, Transaction};

use super::bell::Bell;
use super::{
    StoreError, brakes::Brakes, changes::Changes, copies::Copies, drafts::Drafts, items::Items, jobs::Jobs,
    leases::Leases, looks::Looks, people::People, readings::Readings, requests::Requests, routes::Routes, runs::Runs,
    secrets::Secrets, sessions::Sessions, sources::Sources, tables::Tables, tasks::Tasks,
};

/// A transaction. Dropping it rolls back.
pub struct Tx {
    pub(super) sql: Transaction<'static, Any>,
    lines: Vec<Change>,
    bell: Bell,
}

macro_rules! repositories {
    ($($(#[$doc:meta])* $name:ident: $kind:ident;)*) => {
        impl Tx {$(
            $(#[$doc])*
            pub fn $name(&mut self) -> $kind<'_> {
                $kind(self)
            }
        )*}
    };
}

repositories! {
    /// The operators' brakes.
    brakes: Brakes;
    /// Lines of the log.
    changes: Changes;
    /// Copies of the embedded engine.
    copies: Copies;
    /// Requests while they are written.
    drafts: Drafts;
    /// Items.
    items: Items;
    /// Jobs.
    jobs: Jobs;
    /// Leases.
    leases: Leases;
    /// Looks at cards.
    looks: Looks;
    /// People and teams.
    people: People;
    /// Readings of catalogues.
    readings: Readings;
    /// Requests.
    requests: Requests;
    /// Routes.
    routes: Routes;
    /// Starts of jobs.
    runs: Runs;
    /// Sealed secrets.
    secrets: Secrets;
    /// Sessions.
    sessions: Sessions;
    /// Sources.
    sources: Sources;
    /// Tables of the catalogue.
    tables: Tables;
    /// Our own background work.
    tasks: Tasks;
}

impl Tx {
    pub(super) fn new(sql: Transaction<'static, Any>, bell: Bell) -> Self {
        Self { sql, lines: Vec::new(), bell }
    }

    /// Adds a line to the log; it gets its number when the transaction commits.
    pub fn log(&mut self, change: Change) {
        self.lines.push(change);
    }

    /// Commits, with all lines of the log, and rings the bell. Gives the number of the newest line written here.
    ///
    /// The counter row is touched last: its lock makes the numbers gapless and visible in order.
    pub async fn commit(mut self, at: Millis) -> Result<Option<i64>, StoreError> {
        let lines = std::mem::take(&mut self.lines);
        if lines.is_empty() {
            self.sql.commit().await?;
            return Ok(None);
        }
        let count = i64::try_from(lines.len()).expect("a transaction has far fewer lines than 2^63");
        let (newest, mut hash): (i64, String) =
            sqlx::query_as("UPDATE counters SET value = value + $1 WHERE name = 'changes' RETURNING value, hash")
                .bind(count)
                .fetch_one(&mut *self.sql)
                .await?;
        for (offset, line) in (1..).zip(&lines) {
            hash = self.changes().insert(newest - count + offset, at, line, &hash).await?;
        }
        sqlx::query("UPDATE counters SET hash = $1 WHERE name = 'changes'").bind(hash).execute(&mut *self.sql).await?;
        self.sql.commit().await?;
        self.bell.ring(newest);
        Ok(Some(newest))
    }
}

/// SHA-256 of texts one after the other, each with its length before it, as lower-case hex.
pub fn digest(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hex(&hasher.finalize())
}

/// Bytes as lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}
