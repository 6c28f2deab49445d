//! What the lake check found: is the table there, complete and fresh.

use json::FromJson;
use serde::{Deserialize, Serialize};

use crate::cause::{Cause, CauseCode};
use crate::name::Name;
use crate::time::Millis;

/// What a finished copy left behind, known before anyone looks at the lake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Landed {
    /// The snapshot that the copy committed.
    pub snapshot: i64,
    /// Rows counted at the source inside the copy's own read.
    pub rows: u64,
    /// When that read began: the data is as of this moment.
    pub read_at: Millis,
    /// When the copy was committed.
    pub committed_at: Millis,
    /// The columns that read saw at the source.
    pub columns: Vec<Name>,
}

/// What was seen in the lake, at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Seen {
    /// When the lake was looked at.
    pub at: Millis,
    /// The newest snapshot, `None` when the table is not there.
    pub snapshot: Option<i64>,
    /// The columns in the lake.
    pub columns: Vec<Name>,
    /// Merged rows in the lake.
    pub rows: u64,
}

/// The proof of one table: every number that was compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Proof {
    /// When the lake was looked at.
    pub at: Millis,
    /// The snapshot that was proven.
    pub snapshot: i64,
    /// Columns at the source, all of which are in the lake.
    pub source_columns: u32,
    /// Columns in the lake; more than at the source when old ones are kept.
    pub lake_columns: u32,
    /// Rows counted at the source inside the copy's own read.
    pub source_rows: u64,
    /// Merged rows in the lake.
    pub lake_rows: u64,
    /// The data is as of this moment.
    pub read_at: Millis,
    /// When the copy was committed.
    pub committed_at: Millis,
}

/// A source counted before and after the lake was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Between {
    /// Rows before.
    pub before: u64,
    /// Rows after.
    pub after: u64,
    /// The columns at the source.
    pub columns: Vec<Name>,
    /// What was committed at the source before this moment is in the lake.
    pub through: Millis,
}

/// Compares a source that changes all the time with what is seen in the lake: its rows lie between the two counts.
///
/// A table that is there without a snapshot holds no row: the first commit comes with the first row (real-stack §6).
pub fn verdict_between(source: &Between, seen: &Seen) -> Result<Proof, Cause> {
    if let Some(missing) = source.columns.iter().find(|name| !seen.columns.contains(name)) {
        let code = if seen.columns.is_empty() { CauseCode::LakeTableGone } else { CauseCode::ColumnsMissing };
        return Err(Cause::new(code).text("column", missing));
    }
    let (least, most) = (source.before.min(source.after), source.before.max(source.after));
    if !(least..=most).contains(&seen.rows) {
        return Err(Cause::new(CauseCode::RowsDisagree).count("source", source.after).count("lake", seen.rows));
    }
    Ok(Proof {
        committed_at: seen.at,
        ..seen.proves(seen.snapshot.unwrap_or(0), &source.columns, source.after, source.through)
    })
}

/// Compares what a copy left with what is seen in the lake.
///
/// Every disagreement is a cause; only if there is none there is a proof.
pub fn verdict(landed: &Landed, seen: &Seen) -> Result<Proof, Cause> {
    let Some(snapshot) = seen.snapshot else {
        return Err(Cause::new(CauseCode::LakeTableGone));
    };
    if let Some(missing) = landed.columns.iter().find(|name| !seen.columns.contains(name)) {
        return Err(Cause::new(CauseCode::ColumnsMissing).text("column", missing));
    }
    if seen.rows != landed.rows {
        return Err(Cause::new(CauseCode::RowsDisagree).count("source", landed.rows).count("lake", seen.rows));
    }
    Ok(Proof {
        committed_at: landed.committed_at,
        ..seen.proves(snapshot, &landed.columns, landed.rows, landed.read_at)
    })
}

impl Seen {
    /// What is seen as a proof against so many rows and these columns at the source; committed when it was looked at.
    fn proves(&self, snapshot: i64, columns: &[Name], rows: u64, read_at: Millis) -> Proof {
        let count = |columns: usize| u32::try_from(columns).unwrap_or(u32::MAX);
        Proof {
            at: self.at,
            snapshot,
            source_columns: count(columns.len()),
            lake_columns: count(self.columns.len()),
            source_rows: rows,
            lake_rows: self.rows,
            read_at,
            committed_at: self.at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &[&str]) -> Vec<Name> {
        list.iter().map(|name| name.parse().expect("a name")).collect()
    }

    fn landed() -> Landed {
        Landed { snapshot: 1, rows: 3, read_at: Millis(10), committed_at: Millis(20), columns: names(&["id", "name"]) }
    }

    fn seen() -> Seen {
        Seen { at: Millis(30), snapshot: Some(1), columns: names(&["id", "name", "old"]), rows: 3 }
    }

    #[test]
    fn a_table_that_agrees_in_everything_is_proven() {
        let proof = verdict(&landed(), &seen()).expect("agrees");
        assert_eq!((proof.source_rows, proof.lake_rows, proof.source_columns, proof.lake_columns), (3, 3, 2, 3));
    }

    #[test]
    fn a_source_that_changes_is_proven_when_the_lake_lies_between_its_counts() {
        let between = |before, after| Between { before, after, columns: names(&["id", "name"]), through: Millis(9) };
        for (before, after) in [(3, 3), (2, 3), (3, 4), (5, 1)] {
            let proof = verdict_between(&between(before, after), &seen()).expect("it lies between");
            assert_eq!((proof.lake_rows, proof.source_rows, proof.read_at, proof.snapshot), (3, after, Millis(9), 1));
        }
        for (before, after) in [(4, 5), (2, 2), (0, 0)] {
            let cause = verdict_between(&between(before, after), &seen()).expect_err("it lies outside");
            assert_eq!(cause.code, CauseCode::RowsDisagree);
        }
        let empty = Seen { snapshot: None, rows: 0, ..seen() };
        assert_eq!(verdict_between(&between(0, 0), &empty).expect("empty on both sides").snapshot, 0);
        let fewer = Seen { columns: names(&["id"]), ..seen() };
        assert_eq!(verdict_between(&between(3, 3), &fewer).expect_err("fewer").code, CauseCode::ColumnsMissing);
        let gone = Seen { columns: Vec::new(), snapshot: None, rows: 0, ..seen() };
        assert_eq!(verdict_between(&between(0, 0), &gone).expect_err("gone").code, CauseCode::LakeTableGone);
    }

    #[test]
    fn each_disagreement_is_named() {
        let gone = Seen { snapshot: None, ..seen() };
        assert_eq!(verdict(&landed(), &gone).expect_err("gone").code, CauseCode::LakeTableGone);
        let fewer = Seen { columns: names(&["id"]), ..seen() };
        assert_eq!(verdict(&landed(), &fewer).expect_err("fewer").code, CauseCode::ColumnsMissing);
        let rows = Seen { rows: 2, ..seen() };
        assert_eq!(verdict(&landed(), &rows).expect_err("rows").code, CauseCode::RowsDisagree);
    }
}
