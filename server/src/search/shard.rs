//! One source in the index: its tables in order, their folded texts, and their columns.

use std::collections::BTreeMap;

use domain::ids::SourceId;
use domain::name::{Name, TableName};
use domain::search::{Copyable, Size};
use domain::time::Millis;
use memchr::memmem;

use super::vocabulary::{Growing, each_once, fold};

/// The word occurs nowhere.
pub const NONE: u8 = u8::MAX;
/// How well a word matches, best first: it is the name; the name begins with it; a part of the name begins with it; the
/// name holds it; the comment holds it; only the database's name does; only a column does.
const WHOLE: u8 = 0;
const BEGINS: u8 = 1;
const PART: u8 = 2;
const INSIDE: u8 = 3;
const COMMENT: u8 = 4;
const DATABASE: u8 = 5;
/// Only one of its columns holds it.
pub const COLUMN: u8 = 6;

/// A table as the index knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub table: Box<str>,
    /// Its comment.
    pub comment: Box<str>,
    /// Rows, estimated.
    pub rows: Option<u64>,
    /// Bytes, estimated.
    pub bytes: Option<u64>,
    /// When that was read.
    pub counted_at: Millis,
    /// How many columns it has.
    pub columns: u32,
    /// Whether it has a primary key.
    pub keyed: bool,
}

/// A table before it is in the index.
pub struct Told {
    /// Database and table.
    pub name: TableName,
    /// What the index keeps of it.
    pub entry: Entry,
    /// Names and comments of its columns.
    pub columns: Vec<(String, String)>,
    /// The first column that the lake cannot hold, with its type.
    pub refused: Option<(String, String)>,
}

impl Told {
    /// The same, its columns as numbers of the vocabulary.
    pub fn numbered(self, growing: &mut Growing) -> Numbered {
        let columns = self.columns.iter().map(|(name, comment)| growing.number(name, comment)).collect();
        Numbered { name: self.name, entry: self.entry, columns, refused: self.refused }
    }
}

/// A table whose columns are numbers of the vocabulary.
pub struct Numbered {
    name: TableName,
    entry: Entry,
    columns: Vec<u32>,
    refused: Option<(String, String)>,
}

/// One source.
pub struct Shard {
    /// Its id.
    pub source: SourceId,
    /// Its name.
    pub name: String,
    /// Its databases in order.
    pub databases: Vec<Name>,
    entries: Vec<Entry>,
    /// By table: its database, and what the facets count.
    pub(super) database_of: Vec<u32>,
    pub(super) copyable: Vec<Copyable>,
    pub(super) size: Vec<Size>,
    /// `database.table`, a tab, the comment, a line break, table after table.
    text: String,
    starts: Vec<u32>,
    /// By table: its columns as numbers of the vocabulary.
    columns: Vec<u32>,
    columns_from: Vec<u32>,
    refused: BTreeMap<u32, (String, String)>,
}

impl Shard {
    /// A source with its tables in any order. `most` is how many bytes the lake takes of one table.
    pub fn new(source: SourceId, name: String, mut tables: Vec<Numbered>, most: u64) -> Self {
        tables.sort_by(|a, b| a.name.cmp(&b.name));
        let index = |n: usize| u32::try_from(n).expect("a source has far fewer tables than 2^32");
        let mut shard = Self {
            source,
            name,
            databases: Vec::new(),
            entries: Vec::with_capacity(tables.len()),
            database_of: Vec::with_capacity(tables.len()),
            copyable: Vec::with_capacity(tables.len()),
            size: Vec::with_capacity(tables.len()),
            text: String::new(),
            starts: vec![0],
            columns: Vec::new(),
            columns_from: vec![0],
            refused: BTreeMap::new(),
        };
        for (place, table) in tables.into_iter().enumerate() {
            shard.add(index(place), table, most);
        }
        shard.shrink();
        shard
    }

    fn add(&mut self, place: u32, table: Numbered, most: u64) {
        let Numbered { name, entry, columns, refused } = table;
        self.columns.extend(columns);
        self.columns_from.push(u32::try_from(self.columns.len()).expect("a source has far fewer columns than 2^32"));
        let text = format!("{}\t{}\n", fold(&name.to_string()), fold(&entry.comment));
        self.text.push_str(&text);
        self.starts.push(u32::try_from(self.text.len()).expect("names of one source are far below 4 GB"));
        if self.databases.last() != Some(&name.database) {
            self.databases.push(name.database);
        }
        self.database_of.push(u32::try_from(self.databases.len() - 1).expect("few databases"));
        let too_big = entry.bytes.is_some_and(|bytes| bytes > most);
        self.copyable.push(match (refused.is_some() || too_big, entry.keyed) {
            (true, _) => Copyable::No,
            (false, true) => Copyable::Yes,
            (false, false) => Copyable::NoKey,
        });
        self.size.push(Size::of(entry.rows));
        if let Some(refused) = refused {
            self.refused.insert(place, refused);
        }
        self.entries.push(entry);
    }

    fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.starts.shrink_to_fit();
        self.columns.shrink_to_fit();
        self.columns_from.shrink_to_fit();
    }

    /// How many tables it has.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// A table.
    pub fn entry(&self, place: usize) -> &Entry {
        &self.entries[place]
    }

    /// The first column of a table that the lake cannot hold, with its type.
    pub fn refused(&self, place: usize) -> Option<&(String, String)> {
        self.refused.get(&u32::try_from(place).ok()?)
    }

    /// What tables are ordered by.
    pub fn key(&self, place: usize) -> (&str, &str, &str) {
        (self.database(place).as_str(), &self.entries[place].table, self.source.as_str())
    }

    fn database(&self, place: usize) -> &Name {
        &self.databases[self.database_of[place] as usize]
    }

    /// Database and table.
    pub fn table(&self, place: usize) -> TableName {
        let table = self.entries[place].table.parse().expect("it was a name when it was read");
        TableName { database: self.database(place).clone(), table }
    }

    /// Where a table is.
    pub fn place_of(&self, table: &TableName) -> Option<usize> {
        let wanted = (table.database.as_str(), table.table.as_str());
        let at = self.partition(|database, table| (database, table) < wanted);
        let found = at < self.len() && (self.database(at).as_str(), &*self.entries[at].table) == wanted;
        found.then_some(at)
    }

    fn partition(&self, before: impl Fn(&str, &str) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if before(self.database(middle).as_str(), &self.entries[middle].table) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The columns of each table as numbers of the vocabulary.
    pub fn columns(&self) -> impl Iterator<Item = &[u32]> + Clone {
        self.columns_from.windows(2).map(|ends| &self.columns[ends[0] as usize..ends[1] as usize])
    }

    /// Betters how well each table matches a word by what its own texts say.
    pub fn rank(&self, word: &str, ranks: &mut [u8]) {
        let finder = memmem::Finder::new(word.as_bytes());
        each_once(&finder, &self.text, &self.starts, |place, _| {
            let text = &self.text[self.starts[place] as usize..self.starts[place + 1] as usize];
            let database = self.database(place).as_str();
            ranks[place] = ranks[place].min(rank(&finder, word.len(), text, folded_len(database)));
        });
    }
}

fn folded_len(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { fold(text).len() }
}

/// How well a word matches one table's text; the best of all places where it occurs.
fn rank(finder: &memmem::Finder<'_>, length: usize, text: &str, database: usize) -> u8 {
    let name_end = text.find('\t').unwrap_or(text.len());
    let table = database + 1;
    let mut best = NONE;
    for place in finder.find_iter(text.as_bytes()) {
        let end = place + length;
        let starts_part = |place: usize| !text[..place].ends_with(char::is_alphanumeric);
        best = best.min(if place > name_end {
            COMMENT
        } else if end <= database {
            DATABASE
        } else if place <= table {
            // `lease.contract` is typed as it is written elsewhere.
            if end == name_end { WHOLE } else { BEGINS }
        } else if starts_part(place) {
            PART
        } else {
            INSIDE
        });
    }
    best
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Arc;

    use super::super::Texts;
    use super::*;

    pub(in super::super) fn told(name: &str, comment: &str, columns: &[(&str, &str)]) -> Told {
        let (database, table) = name.split_once('.').expect("database and table");
        let name = TableName::parse(database, table).expect("a name");
        let entry = Entry {
            table: table.into(),
            comment: comment.into(),
            rows: Some(10),
            bytes: Some(100),
            counted_at: Millis(1),
            columns: u32::try_from(columns.len()).expect("few"),
            keyed: true,
        };
        let columns = columns.iter().map(|(name, comment)| ((*name).to_owned(), (*comment).to_owned())).collect();
        Told { name, entry, columns, refused: None }
    }

    #[test]
    fn a_word_matches_the_better_the_more_it_is_the_name() {
        let mut growing = Growing::default();
        let tables = vec![
            told("lease.contract", "", &[]),
            told("lease.contract_main", "", &[]),
            told("lease.old_contract", "", &[]),
            told("lease.subcontractor", "", &[]),
            told("lease.deal", "Contract 合同", &[]),
            told("lease.fee", "", &[("contract_id", "")]),
            told("contracts.fee", "", &[]),
            told("lease.other", "", &[]),
        ];
        let tables = tables.into_iter().map(|told| told.numbered(&mut growing)).collect();
        let shard = Shard::new("s".parse().expect("an id"), "s".into(), tables, 1_000);
        let texts = Texts::new(Vec::new(), vec![Arc::new(shard)], growing.close());
        let rank = |word: &str, table: &str| {
            let (database, table) = table.split_once('.').expect("database and table");
            let table = TableName::parse(database, table).expect("a name");
            texts.ranks(word)[texts.shards[0].place_of(&table).expect("it is there")]
        };
        let ranks = ["contract", "contract_main", "old_contract", "subcontractor", "deal"]
            .map(|table| rank("contract", &format!("lease.{table}")));
        assert_eq!(ranks, [WHOLE, BEGINS, PART, INSIDE, COMMENT]);
        assert_eq!((rank("contract", "contracts.fee"), rank("contract", "lease.fee")), (DATABASE, COLUMN));
        assert_eq!((rank("lease.contract", "lease.contract"), rank("lease.con", "lease.contract")), (WHOLE, BEGINS));
        assert_eq!((rank("同", "lease.deal"), rank("contract", "lease.other")), (COMMENT, NONE));
    }
}
