//! What is taken and what is refused, against serde's own answers.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use json::{FromJson, read};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

#[derive(Debug, PartialEq, Serialize, Deserialize, FromJson)]
struct Page<T> {
    rows: Vec<T>,
    next: Option<String>,
    seq: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    of: Option<(String, i64)>,
    #[serde(default = "seven")]
    usual: u16,
}

fn seven() -> u16 {
    7
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize, FromJson)]
#[serde(default)]
struct Limits {
    most: Option<u32>,
    on: bool,
    names: BTreeSet<String>,
    more: BTreeMap<String, Vec<Option<String>>>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
enum Param {
    SentBack,
    #[serde(rename = "odd-word")]
    Odd,
    Text(String),
    At(Millis),
    Pair(u8, bool),
    Decimal {
        precision: u8,
        r#type: String,
    },
}

#[derive(Debug, PartialEq, Serialize, Deserialize, FromJson)]
#[serde(tag = "stamp", rename_all = "snake_case")]
enum Stamp {
    Waiting,
    LetIn { of: u64 },
    Other(Limits),
}

#[derive(Debug, PartialEq, Serialize, Deserialize, FromJson)]
#[serde(transparent)]
struct Millis(i64);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[serde(try_from = "String", into = "String")]
struct Id(String);

impl TryFrom<String> for Id {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        if text.is_empty() { Err("empty") } else { Ok(Self(text)) }
    }
}

impl From<Id> for String {
    fn from(id: Id) -> Self {
        id.0
    }
}

fn same<T: Serialize + DeserializeOwned + FromJson + PartialEq + Debug>(value: &T) {
    let text = serde_json::to_string(value).expect("serialises");
    assert_eq!(serde_json::from_str::<T>(&text).ok().as_ref(), Some(value), "{text}");
    assert_eq!(read::<T>(&text).as_ref(), Some(value), "{text}");
    let pretty = serde_json::to_string_pretty(value).expect("serialises");
    assert_eq!(read::<T>(&pretty).as_ref(), Some(value), "{pretty}");
}

#[test]
fn what_serde_json_writes_is_read_as_the_same() {
    same(&Page::<bool> { rows: vec![], next: None, seq: 0, of: None, usual: 0 });
    same(&Page {
        rows: vec![
            Param::SentBack,
            Param::Odd,
            Param::Text("a\"\\\n\u{1}/门\u{1F600}".into()),
            Param::At(Millis(i64::MIN)),
            Param::Pair(1, false),
            Param::Decimal { precision: 38, r#type: String::new() },
        ],
        next: Some("k".into()),
        seq: u64::MAX,
        of: Some(("x".into(), -1)),
        usual: 9,
    });
    let names = ["a".to_owned(), "\t".to_owned()].into();
    let more = [("k\"".to_owned(), vec![None, Some(String::new())])].into();
    let limits = Limits { most: Some(3), on: true, names, more };
    same(&vec![Stamp::Waiting, Stamp::LetIn { of: 2 }, Stamp::Other(limits), Stamp::Other(Limits::default())]);
    same(&Id("r1".into()));
}

#[test]
fn a_newer_server_may_send_more_and_an_older_one_less() {
    let text = r#" {"on":true,"new":{"a":[1.5e3,{"b":null}],"c":"}]"},"more":{},"x":-1.5} "#;
    assert_eq!(read(text), Some(Limits { on: true, ..Limits::default() }));
    let page: Option<Page<u64>> = read(r#"{"rows":[],"seq":1}"#);
    assert_eq!(page, Some(Page { rows: vec![], next: None, seq: 1, of: None, usual: 7 }));
}

#[test]
fn escapes_are_read() {
    assert_eq!(read::<String>(r#""\u95e8\ud83d\ude00\/\t\\""#).as_deref(), Some("门\u{1F600}/\t\\"));
}

#[test]
fn what_is_broken_is_refused() {
    for text in
        ["", "{", r#"{"on":}"#, r#"{"on":true"#, "[1,2", r#""\ud83d""#, r#""\x""#, "\"\\", "<!doctype html>", "{} x"]
    {
        assert_eq!(read::<Limits>(text), None, "{text}");
        assert_eq!(read::<String>(text), None, "{text}");
    }
    assert_eq!(read::<Vec<u64>>("[1 2]"), None);
    assert_eq!(read::<Vec<u64>>("[1,2,]"), None);
    assert_eq!(read::<Vec<u64>>("[1,2]"), Some(vec![1, 2]));
}

#[test]
fn what_does_not_fit_its_type_is_refused() {
    assert_eq!(read::<u16>("65536"), None);
    assert_eq!(read::<u64>("-1"), None);
    assert_eq!(read::<u64>("\"1\""), None);
    assert_eq!(read::<String>("null"), None);
    assert_eq!(read::<Id>("\"\""), None);
    assert_eq!(read::<Limits>("[]"), None);
    assert_eq!(read::<Page<u64>>(r#"{"rows":[]}"#), None);
    for text in ["\"nobody\"", "\"text\"", "{\"text\":1}", "{\"text\":\"a\",\"at\":1}", "{}"] {
        assert_eq!(read::<Param>(text), None, "{text}");
        assert_eq!(read::<Stamp>(text), None, "{text}");
    }
    assert_eq!(read::<Stamp>(r#"{"stamp":"let_in"}"#), None);
}
