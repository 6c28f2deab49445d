//! How far one table of a job is: what was read of it, and what of that a checkpoint keeps.
//!
//! Tables are copied one after another; those that are done go on following the binlog meanwhile (real-stack §4, §6).
//! Invariant: what was read and not committed is either committed later or counted as lost, never forgotten.

use super::world::World;

/// A table on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copying {
    /// Its database at the source.
    pub database: String,
    /// Its name at the source.
    pub table: String,
    /// Its name in the lake.
    pub target: String,
    /// What survives a restart: it is part of every checkpoint.
    pub progress: Progress,
    /// Whether its first copy is complete.
    pub done: bool,
    /// Records read in this attempt: they start at 0 with every attempt (real-stack §6).
    pub read: u64,
    /// The same as REST shows it, up to 10 s old.
    pub shown: u64,
    /// The name under which its writers commit.
    pub commit_user: String,
}

/// How far a table is, as a checkpoint keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Whether its copy has begun.
    pub begun: bool,
    /// Rows that the first copy has to read.
    pub total: u64,
    /// Rows that it has read.
    pub copied: u64,
    /// Changes of the table that were read.
    pub changes: u64,
    /// Rows that the table had when its changes were last read.
    pub rows: u64,
    /// Records that were read and are in no commit.
    pub dirty: u64,
    /// Rows that are gone for good: their state was thrown away (real-stack §4).
    pub lost: u64,
}

impl Progress {
    /// Whether the first copy is complete.
    pub const fn done(&self) -> bool {
        self.begun && self.copied >= self.total
    }

    /// Rows that are in the lake once all of this is committed.
    pub const fn rows(&self) -> u64 {
        let read = if self.done() { self.rows } else { self.copied };
        read.saturating_sub(self.lost)
    }
}

impl Copying {
    /// A table that nothing was read of.
    pub fn new(database: &str, table: &str, target: &str) -> Self {
        Self {
            database: database.into(),
            table: table.into(),
            target: target.into(),
            progress: Progress::default(),
            done: false,
            read: 0,
            shown: 0,
            commit_user: String::new(),
        }
    }

    /// A new attempt begins from here.
    pub fn begin_at(&mut self, progress: Progress) {
        self.done = progress.done();
        self.progress = progress;
        self.read = 0;
        self.shown = 0;
    }

    /// Reads up to so many rows of the first copy; how many it did.
    fn copy(&mut self, world: &World, most: u64) -> u64 {
        let Some(table) = world.table(&self.database, &self.table) else { return 0 };
        let progress = &mut self.progress;
        if !progress.begun {
            progress.begun = true;
            progress.total = table.rows;
            progress.rows = table.rows;
            progress.changes = table.changes;
        }
        let rows = most.min(progress.total - progress.copied);
        progress.copied += rows;
        progress.dirty += rows;
        self.read += rows;
        self.done = progress.done();
        rows
    }

    /// Reads the changes that came since.
    fn follow(&mut self, world: &World) {
        let Some(table) = world.table(&self.database, &self.table) else { return };
        let new = table.changes.saturating_sub(self.progress.changes);
        self.progress.changes = table.changes;
        self.progress.dirty += new;
        self.read += new;
        if new > 0 {
            self.progress.rows = table.rows;
        }
    }
}

/// Reads with a budget of so many rows: the first table that is not complete, then the next one.
pub fn read(tables: &mut [Copying], world: &World, mut rows: u64) {
    let mut waiting = false;
    for table in tables {
        if !table.done && !waiting {
            rows -= table.copy(world, rows);
            waiting = !table.done;
        }
        if table.done {
            table.follow(world);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_copied_one_after_another_while_the_ready_ones_follow() {
        let mut world = World::default();
        for (name, rows) in [("a", 100), ("b", 50), ("c", 0)] {
            world.add("shop", name, rows);
        }
        let mut tables: Vec<_> = ["a", "b", "c"].map(|name| Copying::new("shop", name, name)).into();
        read(&mut tables, &world, 60);
        assert_eq!(tables.iter().map(|table| table.read).collect::<Vec<_>>(), [60, 0, 0]);
        read(&mut tables, &world, 60);
        world.table_mut("shop", "a").expect("a table").insert(7);
        read(&mut tables, &world, 10);
        assert_eq!(tables.iter().map(|table| table.read).collect::<Vec<_>>(), [107, 30, 0]);
        assert_eq!(tables[0].progress.rows(), 107);
        read(&mut tables, &world, 20);
        assert!(tables.iter().all(|table| table.done));
    }
}
