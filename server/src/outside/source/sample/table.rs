//! A table of the sample: how it is declared, and the SQL that makes and fills it.

use super::fill::Fill;
use super::random::Seed;

/// A table of the sample.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// How many rows it gets.
    pub rows: u64,
    /// Chinese / English.
    pub comment: &'static str,
    /// Columns in order.
    pub columns: Vec<Column>,
    key: &'static [&'static str],
    has_rowid: bool,
}

/// A column of the sample.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type, as MySQL declares it.
    pub declared: &'static str,
    /// Chinese / English.
    pub comment: String,
    fill: Fill,
    null_percent: u8,
}

/// A table with a primary key of `key`; an empty `key` means none.
pub fn table(
    name: &'static str,
    rows: u64,
    key: &'static [&'static str],
    comment: &'static str,
    columns: impl IntoIterator<Item = Column>,
) -> Table {
    Table { name, rows, comment, columns: columns.into_iter().collect(), key, has_rowid: true }
}

/// A column without nulls.
pub fn column(name: &str, declared: &'static str, fill: Fill, comment: &str) -> Column {
    Column { name: name.to_owned(), declared, comment: comment.to_owned(), fill, null_percent: 0 }
}

impl Table {
    /// Adds when the row came and when it last changed.
    pub fn dated(mut self) -> Self {
        self.columns.push(column("created_at", "datetime", Fill::Moment(0), "创建时间 / Created at"));
        self.columns.push(column("updated_at", "datetime(3)", Fill::Moment(3), "更新时间 / Last changed at"));
        self
    }

    /// Keeps the rows inside the primary key.
    pub fn without_rowid(mut self) -> Self {
        self.has_rowid = false;
        self
    }

    /// The statement that makes it.
    pub fn create(&self) -> String {
        let mut parts: Vec<String> = self
            .columns
            .iter()
            .map(|column| {
                let nullable = if column.null_percent == 0 { " NOT NULL" } else { "" };
                // Quoted, because a type of SQLite's own grammar takes only numbers, and nothing after them.
                format!("\"{}\" \"{}\"{nullable}", column.name, column.declared)
            })
            .collect();
        if !self.key.is_empty() {
            parts.push(format!("PRIMARY KEY (\"{}\")", self.key.join("\", \"")));
        }
        let ending = if self.has_rowid { "" } else { " WITHOUT ROWID" };
        format!("CREATE TABLE \"{}\" ({}){ending}", self.name, parts.join(", "))
    }

    /// The statement that fills it; `None` when it stays empty.
    pub fn insert(&self, database: &str) -> Option<String> {
        let mut seed = Seed::of(database, self.name);
        let values: Vec<String> = self.columns.iter().map(|column| column.sql(&mut seed)).collect();
        let numbers = format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<{}) SELECT i FROM n",
            self.rows
        );
        (self.rows > 0).then(|| format!("INSERT INTO \"{}\" SELECT {} FROM ({numbers})", self.name, values.join(", ")))
    }

    /// What `_comments` says about it: column (empty for the table itself) and comment.
    pub fn comments(&self) -> impl Iterator<Item = (&str, &str)> {
        let columns = self.columns.iter().map(|column| (column.name.as_str(), column.comment.as_str()));
        std::iter::once(("", self.comment)).chain(columns)
    }
}

impl Column {
    /// Leaves it empty in so many of a hundred rows.
    pub fn null_in(mut self, percent: u8) -> Self {
        self.null_percent = percent;
        self
    }

    fn sql(&self, seed: &mut Seed) -> String {
        let value = self.fill.sql(seed);
        match self.null_percent {
            0 => value,
            percent => format!("CASE WHEN {}%100<{percent} THEN NULL ELSE {value} END", seed.stream()),
        }
    }
}
