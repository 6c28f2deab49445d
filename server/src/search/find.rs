//! Answers a query: which tables, in which order, how many by place, state, copy and size.

use domain::ids::SourceId;
use domain::name::{Name, TableName};
use domain::search::{Copyable, InLake, Query};

use super::shard::{Entry, NONE, Shard};
use super::vocabulary::fold;
use super::{Ranks, Snapshot};

/// Where a page ended: how well its last table matched, and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// How well it matched.
    pub rank: u8,
    /// Its name.
    pub table: TableName,
    /// Its source.
    pub source: SourceId,
}

/// What was found.
#[derive(Debug)]
pub struct Found<'s> {
    /// The page.
    pub hits: Vec<Hit<'s>>,
    /// How many tables match in all.
    pub total: u64,
    /// Those among them that can be asked for.
    pub askable: Sum,
    /// How many by what one may filter, each as if its own filter were not set.
    pub counts: Counts<'s>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Key>,
}

/// A table that was found.
#[derive(Debug)]
pub struct Hit<'s> {
    /// Its source.
    pub source: &'s SourceId,
    /// Its name.
    pub name: TableName,
    /// What the index knows of it.
    pub entry: &'s Entry,
    /// The first column that the lake cannot hold, with its type.
    pub refused: Option<&'s (String, String)>,
}

/// A sum over tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    /// How many.
    pub tables: u64,
    /// Their rows; `None` when one is not known.
    pub rows: Option<u64>,
    /// Their bytes; `None` when one is not known.
    pub bytes: Option<u64>,
}

impl Sum {
    const NOTHING: Self = Self { tables: 0, rows: Some(0), bytes: Some(0) };

    fn add(&mut self, entry: &Entry) {
        self.tables += 1;
        self.rows = self.rows.zip(entry.rows).map(|(sum, rows)| sum.saturating_add(rows));
        self.bytes = self.bytes.zip(entry.bytes).map(|(sum, bytes)| sum.saturating_add(bytes));
    }
}

/// How many by what one may filter.
#[derive(Debug, Default)]
pub struct Counts<'s> {
    /// By source, with its name.
    pub sources: Vec<(&'s SourceId, &'s str, u64)>,
    /// By database of the one source that is chosen.
    pub databases: Vec<(&'s Name, u64)>,
    /// In the order of [`InLake::ALL`].
    pub in_lake: [u64; 3],
    /// In the order of [`Copyable::ALL`].
    pub copyable: [u64; 3],
    /// In the order of [`domain::search::Size::ALL`].
    pub size: [u64; 4],
}

/// What is wanted, ready to be held against each table of a shard.
struct Wish<'q> {
    query: &'q Query,
    ranks: Vec<std::sync::Arc<Ranks>>,
    with_columns: Option<Vec<bool>>,
}

/// What was gathered so far.
struct Gathered<'s> {
    keys: Vec<u64>,
    total: u64,
    askable: Sum,
    counts: Counts<'s>,
}

impl Snapshot {
    /// Answers a query with the tables of the sources that may be seen.
    pub fn find(
        &self,
        query: &Query,
        seen: impl Fn(&SourceId) -> bool,
        after: Option<&Key>,
        limit: usize,
    ) -> Found<'_> {
        let mut gathered = self.gather(query, &seen);
        if let Some(after) = after {
            let from = self.key_after(after);
            gathered.keys.retain(|key| *key >= from);
        }
        let more = gathered.keys.len() > limit;
        if more {
            gathered.keys.select_nth_unstable(limit);
            gathered.keys.truncate(limit);
        }
        gathered.keys.sort_unstable();
        let hits: Vec<_> = gathered.keys.iter().map(|key| self.hit(*key)).collect();
        let last = gathered.keys.last().zip(hits.last()).filter(|_| more);
        let next =
            last.map(|(key, hit)| Key { rank: rank_of(*key), table: hit.name.clone(), source: hit.source.clone() });
        let Gathered { total, askable, mut counts, .. } = gathered;
        counts.sources.sort_by_key(|(_, name, n)| (std::cmp::Reverse(*n), *name));
        Found { hits, total, askable, counts, next }
    }

    /// All tables that match and can be asked for, at most so many, best first.
    pub fn everything(
        &self,
        query: &Query,
        seen: impl Fn(&SourceId) -> bool,
        most: usize,
    ) -> Vec<(SourceId, TableName)> {
        let askable = Query { in_lake: Some(InLake::Not), ..query.clone() };
        let mut keys = self.gather(&askable, &seen).keys;
        keys.sort_unstable();
        let may = |key: &u64| {
            let (shard, place) = self.place(*key);
            shard.copyable[place] != Copyable::No
        };
        let name = |key: u64| {
            let (shard, place) = self.place(key);
            (shard.source.clone(), shard.table(place))
        };
        keys.into_iter().filter(may).take(most).map(name).collect()
    }

    fn gather(&self, query: &Query, seen: &impl Fn(&SourceId) -> bool) -> Gathered<'_> {
        let wish = Wish {
            query,
            ranks: query.words.iter().map(|word| self.texts.ranks(&fold(word))).collect(),
            with_columns: self.texts.with_columns(&query.columns),
        };
        let counts = Counts::default();
        let mut gathered = Gathered { keys: Vec::new(), total: 0, askable: Sum::NOTHING, counts };
        for at in (0..self.texts.shards.len()).filter(|at| seen(&self.texts.shards[*at].source)) {
            self.gather_shard(at, &wish, &mut gathered);
        }
        gathered
    }

    fn gather_shard<'s>(&'s self, at: usize, wish: &Wish<'_>, gathered: &mut Gathered<'s>) {
        let (shard, marks, places) = (&*self.texts.shards[at], &self.marks[at], &self.texts.places[at]);
        let query = wish.query;
        let source =
            query.source.as_deref().is_none_or(|wanted| wanted == shard.source.as_str() || wanted == shard.name);
        let chosen = source && query.source.is_some();
        let database =
            query.database.as_deref().map(|wanted| shard.databases.iter().position(|name| name.as_str() == wanted));
        let numbers = self.texts.numbers(at);
        let ranks: Vec<&[u8]> = wish.ranks.iter().map(|ranks| &ranks[numbers.clone()]).collect();
        // By table: whether one of its columns holds all the words that a column must hold.
        let with_columns = wish.with_columns.as_ref().map(|with| &with[numbers]);
        let (mut of_source, mut of_database) = (0, vec![0_u64; shard.databases.len()]);
        for place in 0..shard.len() {
            let Some(rank) = worst(&ranks, place) else { continue };
            if with_columns.is_some_and(|with| !with[place]) {
                continue;
            }
            let of = shard.database_of[place];
            let in_database = database.is_none_or(|wanted| wanted == Some(of as usize));
            let (mark, copyable, size) = (marks[place], shard.copyable[place], shard.size[place]);
            let fits = [
                source && in_database,
                query.in_lake.is_none_or(|wanted| wanted == mark),
                query.copyable.is_none_or(|wanted| wanted == copyable),
                query.size.is_none_or(|wanted| wanted == size),
            ];
            let misses = fits.iter().filter(|fits| !**fits).count();
            // Each group of filters counts as if none of its own were set.
            let counts = |own: usize| misses == 0 || (misses == 1 && !fits[own]);
            if counts(0) {
                of_source += 1;
                of_database[of as usize] += 1;
            }
            gathered.counts.in_lake[mark as usize] += u64::from(counts(1));
            gathered.counts.copyable[copyable as usize] += u64::from(counts(2));
            gathered.counts.size[size as usize] += u64::from(counts(3));
            if misses == 0 {
                gathered.total += 1;
                gathered.keys.push(u64::from(rank) << 32 | u64::from(places[place]));
                if mark == InLake::Not && copyable != Copyable::No {
                    gathered.askable.add(shard.entry(place));
                }
            }
        }
        if of_source > 0 || chosen {
            gathered.counts.sources.push((&shard.source, &shard.name, of_source));
        }
        if chosen {
            let databases = shard.databases.iter().zip(of_database).filter(|(_, n)| *n > 0);
            gathered.counts.databases.extend(databases);
        }
    }

    fn place(&self, key: u64) -> (&Shard, usize) {
        let (shard, place) = self.texts.order[usize::try_from(key & u64::from(u32::MAX)).expect("32 bits")];
        (&self.texts.shards[shard as usize], place as usize)
    }

    fn hit(&self, key: u64) -> Hit<'_> {
        let (shard, place) = self.place(key);
        Hit {
            source: &shard.source,
            name: shard.table(place),
            entry: shard.entry(place),
            refused: shard.refused(place),
        }
    }

    /// The first key behind the end of a page, though its last table may be gone by now.
    fn key_after(&self, after: &Key) -> u64 {
        let wanted = (after.table.database.as_str(), after.table.table.as_str(), after.source.as_str());
        let key = |(shard, place): &(u32, u32)| self.texts.shards[*shard as usize].key(*place as usize);
        let at = self.texts.order.partition_point(|entry| key(entry) <= wanted);
        u64::from(after.rank) << 32 | at as u64
    }
}

/// The worst of how well the words match; `None` when one does not.
fn worst(ranks: &[&[u8]], place: usize) -> Option<u8> {
    let worst = ranks.iter().map(|ranks| ranks[place]).max().unwrap_or_default();
    (worst != NONE).then_some(worst)
}

fn rank_of(key: u64) -> u8 {
    u8::try_from(key >> 32).expect("a rank is a byte")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::shard::Told;
    use super::super::shard::tests::told;
    use super::super::vocabulary::Growing;
    use super::super::{Marks, Texts};
    use super::*;

    fn snapshot() -> Snapshot {
        let mut growing = Growing::default();
        let id = |text: &str| text.parse::<SourceId>().expect("an id");
        let mut big = told("lease.contract_log", "", &[("at", "")]);
        (big.entry.rows, big.entry.bytes, big.entry.keyed) = (None, None, false);
        let mut refused = told("lease.contract_geo", "", &[("place", "")]);
        refused.refused = Some(("place".into(), "uuid".into()));
        let one = vec![
            told("lease.contract", "租赁合同", &[("id", "编号"), ("signed_at", "")]),
            told("archive.contract", "", &[("id", "编号")]),
            big,
            refused,
            told("lease.tenant", "租客", &[("id", "编号"), ("contract_id", "")]),
        ];
        let two = vec![told("crm.contract_lead", "", &[("id", "")])];
        let mut shard = |source: &str, name: &str, told: Vec<Told>| {
            let tables = told.into_iter().map(|told| told.numbered(&mut growing)).collect();
            Arc::new(Shard::new(id(source), name.into(), tables, 1_000))
        };
        let shards = vec![shard("s1", "lease-prod", one), shard("s2", "crm-prod", two)];
        let texts = Arc::new(Texts::new(Vec::new(), shards, growing.close()));
        let table = |table: &str| TableName::parse("lease", table).expect("a name");
        let marks = Marks::from([
            ((id("s1"), table("contract")), InLake::There),
            ((id("s1"), table("tenant")), InLake::Asked),
            ((id("s1"), table("nowhere")), InLake::There),
        ]);
        Snapshot::new(texts, &marks)
    }

    fn names(found: &Found<'_>) -> Vec<String> {
        found.hits.iter().map(|hit| hit.name.to_string()).collect()
    }

    fn find(snapshot: &Snapshot, line: &str) -> Vec<String> {
        names(&snapshot.find(&Query::parse(line), |_| true, None, 50))
    }

    #[test]
    fn the_best_comes_first_and_all_words_must_occur() {
        let now = snapshot();
        assert_eq!(
            find(&now, "contract"),
            [
                "archive.contract",
                "lease.contract",
                "crm.contract_lead",
                "lease.contract_geo",
                "lease.contract_log",
                "lease.tenant"
            ]
        );
        for (line, found) in [
            ("合同", vec!["lease.contract"]),
            ("同", vec!["lease.contract"]),
            ("contract 租客", vec!["lease.tenant"]),
            ("column:编号 contract_id", vec!["lease.tenant"]),
            ("column:id column:编号 db:archive", vec!["archive.contract"]),
            ("column:id column:signed", vec![]),
            ("source:crm-prod", vec!["crm.contract_lead"]),
            ("source:s2 tenant", vec![]),
            ("in:lake", vec!["lease.contract"]),
            ("in:asked", vec!["lease.tenant"]),
            ("copy:no", vec!["lease.contract_geo"]),
            ("copy:nokey size:unknown", vec!["lease.contract_log"]),
            ("%", vec![]),
            ("nothing_like_it", vec![]),
        ] {
            assert_eq!(find(&now, line), found, "{line}");
        }
        assert_eq!(find(&now, "").len(), 6);
    }

    #[test]
    fn each_filter_counts_as_if_it_were_not_set() {
        let now = snapshot();
        let found = now.find(&Query::parse("contract source:lease-prod in:no"), |_| true, None, 50);
        assert_eq!((found.total, names(&found).len()), (3, 3));
        let sources: Vec<_> = found.counts.sources.iter().map(|(_, name, n)| (*name, *n)).collect();
        assert_eq!(sources, [("lease-prod", 3), ("crm-prod", 1)]);
        assert_eq!(found.counts.in_lake, [3, 1, 1]);
        assert_eq!(found.counts.copyable, [1, 1, 1]);
        assert_eq!(found.counts.size, [2, 0, 0, 1]);
        let databases: Vec<_> = found.counts.databases.iter().map(|(name, n)| (name.as_str(), *n)).collect();
        assert_eq!(databases, [("archive", 1), ("lease", 2)]);
        // What is refused cannot be asked for; one table's rows are not known, so the sum is not.
        assert_eq!(found.askable, Sum { tables: 2, rows: None, bytes: None });
        assert_eq!(now.everything(&Query::parse("contract"), |_| true, 10).len(), 3);
        assert_eq!(now.everything(&Query::parse("contract"), |_| true, 2).len(), 2);
    }

    #[test]
    fn pages_follow_one_another_without_a_gap_even_when_their_end_is_gone() {
        let now = snapshot();
        let query = Query::parse("contract");
        let (mut after, mut all) = (None, Vec::new());
        loop {
            let page = now.find(&query, |_| true, after.as_ref(), 2);
            assert_eq!(page.total, 6, "the sum is of all pages");
            all.extend(names(&page));
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        assert_eq!(all, find(&now, "contract"));
        let gone = Key {
            rank: 1,
            table: TableName::parse("crm", "contract_zzz").expect("a name"),
            source: "s9".parse().expect("an id"),
        };
        assert_eq!(names(&now.find(&query, |_| true, Some(&gone), 1)), ["lease.contract_geo"]);
    }

    #[test]
    fn a_source_that_may_not_be_seen_is_not_even_counted() {
        let now = snapshot();
        let found = now.find(&Query::default(), |source| source.as_str() == "s2", None, 50);
        assert_eq!((found.total, found.counts.sources.len(), found.counts.in_lake), (1, 1, [1, 0, 0]));
        assert_eq!(now.find(&Query::parse("source:s1"), |source| source.as_str() == "s2", None, 50).total, 0);
    }
}
