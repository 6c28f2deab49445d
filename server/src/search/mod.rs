//! Finds tables: one index in memory over the whole catalogue, filled from the store and following it.
//!
//! Why it exists: among 100,000 tables people find the right one while they type; no database answers that fast.
//! Invariant: the store is the truth. The index is filled beside all requests, may be behind by a moment, and can be
//! thrown away at any time. Knows `domain` and the store; never http, never what travels. Rights are asked by who calls.
//!
//! [`vocabulary`] holds the texts of columns, each once; [`postings`] says which tables have them; [`shard`] holds one source; [`find`] answers; [`follow`] fills.

pub mod find;
pub mod follow;
pub mod postings;
pub mod shard;
pub mod vocabulary;

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use domain::ids::SourceId;
use domain::name::TableName;
use domain::search::InLake;
use domain::time::Millis;

use self::postings::Postings;
use self::shard::{COLUMN, NONE, Shard};
use self::vocabulary::{Vocabulary, fold};

/// Words whose matches are remembered: somebody who filters or reads on searches for the same ones.
const REMEMBERED: usize = 256;

/// The index. Cheap to clone.
#[derive(Clone, Default)]
pub struct Index(Arc<Inner>);

#[derive(Default)]
struct Inner {
    now: RwLock<Option<Arc<Snapshot>>>,
    /// The newest line of the log that the index knows of.
    seq: AtomicI64,
    /// The newest line of which it knows at least what came into the lake; its tables may be of before.
    marked: AtomicI64,
    done: AtomicU64,
    of: AtomicU64,
    /// How many milliseconds the tables took to be put in order the last time.
    took: AtomicU64,
    /// The newest texts. Who holds them publishes; held for moments only.
    texts: tokio::sync::Mutex<Option<Arc<Texts>>>,
    /// Held while texts are read, which takes long.
    follower: tokio::sync::Mutex<follow::Follower>,
}

/// Everything that can be found, as it was at one moment.
pub struct Snapshot {
    texts: Arc<Texts>,
    /// By shard and table: whether it is in the lake.
    marks: Vec<Vec<InLake>>,
}

/// What is searched in. Marks change without it.
struct Texts {
    /// By shard: what its source was when it was read.
    stands: Vec<Stand>,
    shards: Vec<Arc<Shard>>,
    vocabulary: Vocabulary,
    /// Which tables have which column; tables are numbered shard by shard.
    postings: Postings,
    /// By shard: the number of its first table.
    begins: Vec<usize>,
    /// All tables in the order of database, name, source: shard and place in it.
    order: Vec<(u32, u32)>,
    /// By shard and table: its place in the order.
    places: Vec<Vec<u32>>,
    remembered: Mutex<VecDeque<(String, Arc<Ranks>)>>,
}

/// What a source was when it was put into the index.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stand {
    source: SourceId,
    name: String,
    changed_at: Option<Millis>,
}

/// By the number of a table: how well a word matches.
type Ranks = Vec<u8>;

impl Index {
    /// What can be found now; `None` while the index is filled for the first time.
    pub fn now(&self) -> Option<Arc<Snapshot>> {
        self.0.now.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many tables are in the index already, and of how many.
    pub fn filled(&self) -> (u64, u64) {
        (self.0.done.load(Ordering::Relaxed), self.0.of.load(Ordering::Relaxed))
    }

    fn publish(&self, snapshot: Arc<Snapshot>) {
        *self.0.now.write().unwrap_or_else(PoisonError::into_inner) = Some(snapshot);
    }
}

/// Whether tables are in the lake, by source and name; what is not there is not.
pub type Marks = BTreeMap<(SourceId, TableName), InLake>;

impl Snapshot {
    fn new(texts: Arc<Texts>, marks: &Marks) -> Self {
        let mut of_shard: Vec<_> = texts.shards.iter().map(|shard| vec![InLake::Not; shard.len()]).collect();
        for ((source, table), mark) in marks {
            let shard = texts.shards.iter().position(|shard| shard.source == *source);
            let found = shard.and_then(|at| Some((at, texts.shards[at].place_of(table)?)));
            if let Some((shard, place)) = found {
                of_shard[shard][place] = *mark;
            }
        }
        Self { texts, marks: of_shard }
    }

    /// How many tables a source has; `None` when it was read anew since the index was filled, or is not in it.
    pub fn count(&self, source: &SourceId, changed_at: Option<Millis>) -> Option<u64> {
        let at = self.texts.stands.iter().position(|stand| stand.source == *source)?;
        (self.texts.stands[at].changed_at == changed_at).then(|| self.texts.shards[at].len() as u64)
    }
}

impl Texts {
    fn new(stands: Vec<Stand>, shards: Vec<Arc<Shard>>, vocabulary: Vocabulary) -> Self {
        let index = |n: usize| u32::try_from(n).expect("a catalogue has far fewer tables than 2^32");
        let mut order: Vec<_> = (0..shards.len())
            .flat_map(|shard| (0..shards[shard].len()).map(move |place| (index(shard), index(place))))
            .collect();
        // Each shard is in order already, which this sort sees and uses.
        order.sort_by(|a, b| {
            let key = |(shard, place): &(u32, u32)| shards[*shard as usize].key(*place as usize);
            key(a).cmp(&key(b))
        });
        let mut places: Vec<_> = shards.iter().map(|shard| vec![0; shard.len()]).collect();
        for (at, (shard, place)) in order.iter().enumerate() {
            places[*shard as usize][*place as usize] = index(at);
        }
        let postings = Postings::new(shards.iter().flat_map(|shard| shard.columns()));
        let begins = shards.iter().scan(0, |next, shard| Some(std::mem::replace(next, *next + shard.len()))).collect();
        Self { stands, shards, vocabulary, postings, begins, order, places, remembered: Mutex::default() }
    }

    /// The numbers of a shard's tables.
    fn numbers(&self, shard: usize) -> Range<usize> {
        self.begins[shard]..self.begins[shard] + self.shards[shard].len()
    }

    /// Which tables have a column that holds all of some words; `None` where no word is given.
    fn with_columns(&self, words: &[String]) -> Option<Vec<bool>> {
        let (first, rest) = words.split_first()?;
        let mut terms = self.vocabulary.matching(&fold(first));
        for word in rest {
            let others = self.vocabulary.matching(&fold(word));
            terms.retain(|term| others.binary_search(term).is_ok());
        }
        let mut with = vec![false; self.order.len()];
        self.postings.each_with(&terms, |table| with[table] = true);
        Some(with)
    }

    /// How well each table matches a word.
    fn ranks(&self, word: &str) -> Arc<Ranks> {
        if let Some(ranks) = self.remembered(word) {
            return ranks;
        }
        let mut ranks = vec![NONE; self.order.len()];
        self.postings.each_with(&self.vocabulary.matching(word), |table| ranks[table] = COLUMN);
        for (at, shard) in self.shards.iter().enumerate() {
            shard.rank(word, &mut ranks[self.numbers(at)]);
        }
        let ranks = Arc::new(ranks);
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        remembered.push_front((word.to_owned(), ranks.clone()));
        remembered.truncate(REMEMBERED);
        ranks
    }

    /// What is remembered of a word; it is forgotten last.
    fn remembered(&self, word: &str) -> Option<Arc<Ranks>> {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let at = remembered.iter().position(|(known, _)| known == word)?;
        let known = remembered.remove(at)?;
        let ranks = known.1.clone();
        remembered.push_front(known);
        Some(ranks)
    }
}
