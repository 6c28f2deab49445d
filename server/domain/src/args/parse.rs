//! Reads arguments back: only what [`super::build`] writes, in whatever order; everything else is foreign.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use super::argv::BUCKETS;
use super::secret::Place;
use super::work::{Affix, Work};
use super::{Args, Argv, TypeMapping, catalog, from, table_conf};
use crate::name::Name;

/// Why arguments are not ours. It never holds a value, for that could be a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadArgs {
    /// The first is no action of ours.
    #[error("the action is none of ours")]
    Action,
    /// At this place a flag with its value was expected.
    #[error("argument {0} is no flag with a value")]
    Form(usize),
    /// A flag or setting that we never write.
    #[error("`{0}` is never written by us")]
    Unknown(String),
    /// A flag or setting that is there twice.
    #[error("`{0}` is there twice")]
    Twice(String),
    /// A flag or setting that we always write.
    #[error("`{0}` is missing")]
    Missing(String),
    /// A value that we would not write.
    #[error("the value of `{0}` is not one we write")]
    Value(String),
    /// A password where a placeholder belongs.
    #[error("`{0}` holds a password in clear")]
    Clear(String),
}

/// The arguments that these texts are; a placeholder stands for each password.
pub fn parse(argv: &[impl AsRef<str>]) -> Result<Args, BadArgs> {
    let (action, rest) = argv.split_first().ok_or(BadArgs::Action)?;
    let mut bag = Bag::of(rest)?;
    let read = Args {
        work: Work::read(action.as_ref(), &mut bag)?,
        database: bag.flag("database")?.parse().map_err(|_| BadArgs::Value("database".into()))?,
        catalog: catalog::Catalog::read(&mut bag)?,
        from: from::From::read(&mut bag)?,
        types: types(&mut bag)?,
        table: table_conf::TableConf::read(&mut bag)?,
    };
    match bag.left() {
        Some(left) => Err(BadArgs::Unknown(left)),
        None => as_written(&read, rest).map(|()| read),
    }
}

/// The same value in other letters (`03306`) is not what we write.
fn as_written(args: &Args, rest: &[impl AsRef<str>]) -> Result<(), BadArgs> {
    let texts = Argv::of(args).texts();
    let written: BTreeSet<_> = texts[1..].chunks(2).collect();
    let given = rest.chunks(2).map(|pair| pair.iter().map(|text| text.as_ref().to_owned()).collect::<Vec<_>>());
    for pair in given {
        if !written.contains(&pair[..]) {
            let flag = pair[0].trim_start_matches('-');
            let key = pair[1].split_once('=').filter(|_| BUCKETS.hold(flag)).map_or(flag, |(key, _)| key);
            return Err(BadArgs::Value(key.to_owned()));
        }
    }
    Ok(())
}

fn types(bag: &mut Bag<'_>) -> Result<BTreeSet<TypeMapping>, BadArgs> {
    let bad = || BadArgs::Value("type_mapping".into());
    let Some(words) = bag.flag_if("type_mapping") else {
        return Ok(BTreeSet::new());
    };
    words.split(',').map(|word| TypeMapping::from_word(word).ok_or_else(bad)).collect()
}

/// Flags and settings that nobody has read yet.
pub(super) struct Bag<'a> {
    flags: BTreeMap<&'a str, &'a str>,
    confs: BTreeMap<(&'a str, &'a str), &'a str>,
}

impl<'a> Bag<'a> {
    fn of(argv: &'a [impl AsRef<str>]) -> Result<Self, BadArgs> {
        let mut bag = Self { flags: BTreeMap::new(), confs: BTreeMap::new() };
        for (at, pair) in argv.chunks(2).enumerate() {
            let form = BadArgs::Form(2 * at + 1);
            let [flag, value] = pair else { return Err(form) };
            let Some(flag) = flag.as_ref().strip_prefix("--") else { return Err(form) };
            let value = value.as_ref();
            let before = if BUCKETS.hold(flag) {
                let Some((key, value)) = value.split_once('=') else { return Err(form) };
                bag.confs.insert((flag, key), value).map(|_| key)
            } else {
                bag.flags.insert(flag, value).map(|_| flag)
            };
            if let Some(twice) = before {
                return Err(BadArgs::Twice(twice.to_owned()));
            }
        }
        Ok(bag)
    }

    /// What nobody has read.
    fn left(&self) -> Option<String> {
        let flag = self.flags.keys().next().map(|flag| (*flag).to_owned());
        flag.or_else(|| self.confs.keys().next().map(|(flag, key)| format!("{flag} {key}")))
    }

    pub fn flag_if(&mut self, name: &str) -> Option<&'a str> {
        self.flags.remove(name)
    }

    pub fn flag(&mut self, name: &str) -> Result<&'a str, BadArgs> {
        self.flag_if(name).ok_or_else(|| BadArgs::Missing(name.to_owned()))
    }

    pub fn affix(&mut self, name: &str) -> Result<Affix, BadArgs> {
        self.flag_if(name)
            .map_or(Ok(Affix::default()), |text| text.parse().map_err(|_| BadArgs::Value(name.to_owned())))
    }

    /// Names with commas between them; none where the flag is not there.
    pub fn names(&mut self, name: &str) -> Result<Vec<Name>, BadArgs> {
        let Some(text) = self.flag_if(name) else { return Ok(Vec::new()) };
        text.split(',').map(|part| part.parse().map_err(|_| BadArgs::Value(name.to_owned()))).collect()
    }

    pub fn conf_if(&mut self, bucket: &'static str, key: &'static str) -> Option<&'a str> {
        self.confs.remove(&(bucket, key))
    }

    pub fn conf(&mut self, bucket: &'static str, key: &'static str) -> Result<&'a str, BadArgs> {
        self.conf_if(bucket, key).ok_or_else(|| BadArgs::Missing(key.to_owned()))
    }

    pub fn parsed_if<T: FromStr>(&mut self, bucket: &'static str, key: &'static str) -> Result<Option<T>, BadArgs> {
        self.conf_if(bucket, key).map(|text| text.parse().map_err(|_| BadArgs::Value(key.to_owned()))).transpose()
    }

    pub fn parsed<T: FromStr>(&mut self, bucket: &'static str, key: &'static str) -> Result<T, BadArgs> {
        self.parsed_if(bucket, key)?.ok_or_else(|| BadArgs::Missing(key.to_owned()))
    }

    /// A setting that always says the same.
    pub fn constant(&mut self, bucket: &'static str, key: &'static str, wanted: &str) -> Result<(), BadArgs> {
        if self.conf(bucket, key)? == wanted { Ok(()) } else { Err(BadArgs::Value(key.to_owned())) }
    }

    /// A setting whose value is a password: only its placeholder may stand there.
    pub fn placeholder(&mut self, bucket: &'static str, key: &'static str, place: Place) -> Result<(), BadArgs> {
        if self.conf(bucket, key)? == place.placeholder() { Ok(()) } else { Err(BadArgs::Clear(key.to_owned())) }
    }
}
