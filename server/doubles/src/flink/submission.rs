//! How a job begins: what the program checks before it, what the cluster checks then.
//!
//! Why it exists apart from HTTP: a console submits graphs without a jar, by the same checks.
//! Invariant: a program that fails leaves no job; only a state that does not fit leaves a FAILED one (real-stack §3).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::checkpoint::{Checkpoints, Restored, Saved};
use super::copying::Copying;
use super::given::Given;
use super::job::{Failure, Job, Phase, State};
use super::memory::Memory;
use super::ran::Ran;
use super::refusal::{Refusal, trace};
use super::world::LakeName;
use crate::clock::{Millis, millis};
use domain::args::secret::Secret;

/// A job that somebody wants to run.
#[derive(Debug, Clone, Default)]
pub struct JobSubmission {
    /// Its id; `None` lets the cluster choose.
    pub id: Option<String>,
    /// The arguments of the program, passwords and all.
    pub args: Vec<String>,
    /// Settings of this job alone: `pipeline.name`, `execution.checkpointing.interval`, `parallelism.default`.
    pub settings: BTreeMap<String, String>,
    /// Where it begins.
    pub savepoint: Option<String>,
    /// Whether states may be thrown away that fit no operator.
    pub may_drop_state: bool,
    /// How many tasks of each kind; `None` for the cluster's own number.
    pub parallelism: Option<u32>,
}

/// Where the program made its graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Made {
    /// In the JobManager.
    Here,
    /// In a console.
    Elsewhere,
}

impl Memory {
    /// Takes a job, or says why not. When the program ended the JobManager, nobody lives to hear of it.
    pub fn submit(&mut self, wanted: JobSubmission) -> Result<String, Refusal> {
        self.catch_up();
        let accepted = self.try_submit(wanted, Made::Here);
        if accepted.as_ref().is_err_and(|refusal| refusal.exits) && !self.cluster.intercepts_exit {
            self.restart();
            self.dies = true;
        }
        self.settle();
        accepted
    }

    /// Takes a graph that a console made, where the program ran: only the console knows how it ended there, and a job that
    /// cannot begin from its savepoint was accepted all the same and FAILED then (streampark-recorded 120, 473, 474).
    pub fn submit_graph(&mut self, wanted: JobSubmission) -> Result<String, Refusal> {
        self.catch_up();
        let accepted = self.try_submit(wanted, Made::Elsewhere);
        self.settle();
        accepted
    }

    fn try_submit(&mut self, wanted: JobSubmission, made: Made) -> Result<String, Refusal> {
        let given = Given::read(&wanted.args)?;
        if !self.trouble.starts_that_fail.is_empty() {
            let sentence = self.trouble.starts_that_fail.remove(0);
            return Err(Refusal::main("java.lang.RuntimeException", &sentence));
        }
        let tables = self.run_main(&given)?;
        let name = name_of(&wanted, &given);
        let id = match &wanted.id {
            Some(id) if self.taken.contains(id) => return Err(Refusal::duplicate(&name)),
            Some(id) => id.clone(),
            None => self.hex(32),
        };
        let mut job = self.job_of(&wanted, given, tables, (id, name));
        if let Some(path) = &wanted.savepoint
            && let Err(refusal) = self.begin_from(&mut job, path, wanted.may_drop_state)
        {
            return if made == Made::Here { Err(refusal) } else { Ok(self.fail_at_once(job, &refusal)) };
        }
        Ok(self.accept(job))
    }

    /// A job that was accepted and cannot begin; why is in its exceptions.
    fn fail_at_once(&mut self, mut job: Job, refusal: &Refusal) -> String {
        let id = job.id.clone();
        let inside = refusal.chain.iter().skip_while(|line| !line.contains("JobInitializationException")).skip(1);
        let chain: Vec<&str> = inside.map(String::as_str).collect();
        let class = chain.first().and_then(|line| line.split(':').next()).unwrap_or_default().to_owned();
        job.failures.push(Failure { at: self.now, class, trace: trace(&chain), task: None });
        match self.job_mut(&id) {
            Some(left) => left.failures = job.failures,
            None => self.leave_failed(job),
        }
        id
    }

    /// What the program does before there is a job (real-stack §5). Tables that it made stay, also when it fails then.
    fn run_main(&mut self, given: &Given) -> Result<Vec<Copying>, Refusal> {
        let argument = "java.lang.IllegalArgumentException";
        if self.world.cannot_write(given.warehouse()) {
            let folder = super::checkpoint::plain(given.warehouse());
            let said = format!("Create database location failed, database: default, location: {folder}/default.db");
            return Err(Refusal::main("java.lang.RuntimeException", &said));
        }
        if !self.world.reachable {
            return Err(Refusal::unreachable());
        }
        let password = given.password.as_ref().map(Secret::expose);
        if self.world.password.as_deref().is_some_and(|right| password != Some(right)) {
            let login = given.conf("mysql_conf", "username").unwrap_or_default();
            let said = format!("Access denied for user '{login}'@'localhost' (using password: YES)");
            return Err(Refusal::main("java.sql.SQLException", &said));
        }
        let database = given.source_database();
        let one = given.action == "mysql_sync_table";
        let wanted: Vec<_> = self.world.tables(&database).filter(|(name, _)| given.wants(name)).collect();
        if let Some((name, _)) = wanted.iter().find(|(_, table)| one && !table.primary_key) {
            let said = format!(
                "Source tables of MySQL table synchronization job cannot contain table which doesn't have primary keys.\n\
                 They are: {database}.{name}"
            );
            return Err(Refusal::main(argument, &said));
        }
        let keyed: Vec<_> = wanted.into_iter().filter(|(_, table)| table.primary_key).collect();
        if keyed.is_empty() {
            let said = if one {
                "No table satisfies the given database name and table name.".to_owned()
            } else {
                format!("No tables found in MySQL database {database}, or MySQL database does not exist.")
            };
            return Err(Refusal::main(argument, &said));
        }
        if keyed.iter().any(|(_, table)| table.unknown_type) {
            let class = "java.lang.UnsupportedOperationException";
            return Err(Refusal::main(class, "Don't support MySQL type 'UNKNOWN' yet."));
        }
        let names: Vec<_> = keyed.into_iter().map(|(name, _)| name.to_owned()).collect();
        names.iter().map(|name| self.make_table(given, &database, name)).collect()
    }

    /// Makes a table of the lake.
    fn make_table(&mut self, given: &Given, database: &str, name: &str) -> Result<Copying, Refusal> {
        let target = given.target(name);
        if target.contains('$') {
            let said = format!(
                "Cannot 'createTable' for system table 'Identifier{{database='{}', object='{target}'}}', please use data \
                 table.",
                given.database()
            );
            return Err(Refusal::main("java.lang.IllegalArgumentException", &said));
        }
        self.world.make(LakeName {
            warehouse: given.warehouse().into(),
            database: given.database().into(),
            table: target.clone(),
        });
        Ok(Copying { commit_user: self.hex(32), ..Copying::new(database, name, &target) })
    }

    fn job_of(&self, wanted: &JobSubmission, given: Given, tables: Vec<Copying>, (id, name): (String, String)) -> Job {
        let setting = |key: &str| wanted.settings.get(key);
        let interval = setting("execution.checkpointing.interval").and_then(|text| length(text));
        let interval = interval.or(self.cluster.interval).unwrap_or(Duration::from_mins(3));
        let parallelism = setting("parallelism.default").and_then(|text| text.parse().ok());
        let kept = tables.iter().map(|table| table.progress.clone()).collect();
        Job {
            id,
            name,
            state: State::Created,
            since: BTreeMap::from([(State::Initializing, self.now), (State::Created, self.now)]),
            started: self.now,
            modified: self.now,
            parallelism: wanted.parallelism.or(parallelism).unwrap_or(1).max(1),
            slots: 0,
            given,
            tables,
            phase: Phase::Created,
            turns: self.now + millis(self.pace.accept),
            tasks_since: None,
            restarts: 0,
            failures: Vec::new(),
            checkpoints: Checkpoints::every(millis(interval).max(1)),
            breaks: None,
            broken: None,
            breaks_at: Millis::MAX,
            never_runs: false,
            ending: State::Canceled,
            waits_since: self.now,
            kept,
            read_until: self.now,
            carry: 0,
            refresh: Millis::MAX,
            asked: BTreeSet::new(),
            planned: None,
        }
    }

    /// Puts a new job where an older one was.
    fn begin_from(&mut self, job: &mut Job, path: &str, may_drop: bool) -> Result<(), Refusal> {
        let Some(saved) = self.disk.get(path).cloned() else {
            let said = format!("Cannot find checkpoint or savepoint file/directory '{path}' on file system 'file'.");
            return Err(Refusal::cannot_begin(&job.name, "java.io.FileNotFoundException", &said));
        };
        let fits = fits(&saved, job);
        if !fits.all && !may_drop {
            let said = format!(
                "Failed to rollback to checkpoint/savepoint {path}. Cannot map checkpoint/savepoint state for operator {} to \
                 the new program, because the operator is not available in the new program. If you want to allow to skip \
                 this, you can set the --allowNonRestoredState option on the CLI.",
                self.hex(32)
            );
            self.leave_failed(job.clone());
            return Err(Refusal::cannot_begin(&job.name, "java.lang.IllegalStateException", &said));
        }
        for table in &mut job.tables {
            let Some((progress, user)) = saved.tables.get(&table.table) else { continue };
            let mut progress = progress.clone();
            if fits.writers {
                table.commit_user.clone_from(user);
            } else {
                // The writers' state is thrown away: what it carried is in no commit and never read again.
                progress.lost += std::mem::take(&mut progress.dirty);
            }
            table.begin_at(progress);
        }
        job.kept = job.tables.iter().map(|table| table.progress.clone()).collect();
        job.checkpoints.next_id = saved.id + 1;
        job.checkpoints.restores = 1;
        let path = super::checkpoint::plain(path);
        job.checkpoints.restored = Some(Restored { id: saved.id, at: self.now, savepoint: saved.savepoint, path });
        Ok(())
    }

    /// A job that never was stays on the list (→ jars-run-failed-state-not-mapped).
    fn leave_failed(&mut self, mut job: Job) {
        job.end(State::Failed, self.now);
        job.turns = self.now + super::time::REMEMBERED;
        let id = job.id.clone();
        self.keep(job);
        self.plan(&id);
    }

    fn accept(&mut self, mut job: Job) -> String {
        if self.trouble.starts_that_never_run > 0 {
            self.trouble.starts_that_never_run -= 1;
            job.never_runs = true;
        }
        let id = job.id.clone();
        self.ran.push(Ran {
            id: id.clone(),
            name: job.name.clone(),
            server_ids: job.given.server_ids(),
            server: job.given.server(),
            at: self.now,
            ended: None,
            beside: self.live_named(&job.name),
        });
        self.keep(job);
        self.plan(&id);
        id
    }

    fn keep(&mut self, job: Job) {
        self.count += 1;
        self.taken.insert(job.id.clone());
        self.by_id.insert(job.id.clone(), self.count);
        self.jobs.insert(self.count, job);
    }
}

fn name_of(wanted: &JobSubmission, given: &Given) -> String {
    let usual = || format!("MySQL-Paimon Database Sync: {}", given.source_database());
    wanted.settings.get("pipeline.name").cloned().unwrap_or_else(usual)
}

/// What of a state finds its operator again.
struct Fits {
    /// All of it.
    all: bool,
    /// That of writers and committers; the source's own always does.
    writers: bool,
}

/// With one suffix operators keep their ids while tables come; without it, or when it changes, every id of writers and
/// committers follows from the whole list (real-stack §4).
fn fits(saved: &Saved, job: &Job) -> Fits {
    let before: BTreeSet<_> = saved.tables.keys().collect();
    let now: BTreeSet<_> = job.tables.iter().map(|table| &table.table).collect();
    let suffix = job.given.uid_suffix();
    let writers = saved.uid_suffix.as_deref() == suffix && (suffix.is_some() || before == now);
    Fits { all: writers && before.is_subset(&now), writers }
}

/// A length as Flink writes it: `10s`, `10 s`, `1min`, `180000`, `500 ms`.
pub fn length(text: &str) -> Option<Duration> {
    let text = text.trim();
    let at = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(at);
    let number: u64 = number.parse().ok()?;
    match unit.trim() {
        "" | "ms" | "milli" | "millis" => Some(Duration::from_millis(number)),
        "s" | "sec" | "second" | "seconds" => Some(Duration::from_secs(number)),
        "m" | "min" | "minute" | "minutes" => Some(Duration::from_secs(60 * number)),
        "h" | "hour" | "hours" => Some(Duration::from_secs(3_600 * number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_as_flink_reads_them() {
        for (text, millis) in [("10s", 10_000), ("10 s", 10_000), ("1min", 60_000), ("250", 250), ("500 ms", 500)] {
            assert_eq!(length(text), Some(Duration::from_millis(millis)), "{text}");
        }
        assert_eq!(length("soon"), None);
    }
}
