//! What the small reader takes and refuses, against serde's own answers.

use super::*;
use api::Page;
use api::domain::request::Stamp;
use api::domain::said::Said;
use api::domain::tally::Tally;
use api::domain::time::Millis;
use api::lake::Rows;
use api::me::PersonView;
use api::problem::{Code, FieldProblem, Problem};
use api::requests::RequestRow;

fn same<T: serde::Serialize + DeserializeOwned + PartialEq + fmt::Debug>(value: &T) {
    let text = serde_json::to_string(value).expect("serialises");
    assert_eq!(read::<T>(&text).as_ref(), Ok(value), "{text}");
    let pretty = serde_json::to_string_pretty(value).expect("serialises");
    assert_eq!(read::<T>(&pretty).as_ref(), Ok(value), "{pretty}");
}

fn row(stamp: Stamp) -> RequestRow {
    let said = Said::new("now.late").text("who", "a\"\\\n\u{1}门\u{1F600}").count("n", u64::MAX).span("span", -5);
    RequestRow {
        id: "r1".parse().expect("an id"),
        number: "R-1".into(),
        title: "标题 / \"quoted\"".into(),
        requester: PersonView { id: "p1".parse().expect("an id"), name: "Ana".into(), team: String::new() },
        submitted_at: Millis(-1),
        stamp,
        deciders: vec!["Bo".into(), String::new()],
        tally: Tally { ready: 1, ..Tally::default() },
        now: said.at("at", Millis(1_794_960_000_000)),
    }
}

#[test]
fn what_serde_json_writes_is_read_as_the_same() {
    let stamps = [Stamp::Waiting, Stamp::Approved { let_in: 2, of: 3 }, Stamp::SentBack];
    same(&Page { rows: stamps.map(row).to_vec(), next: Some("k".into()), seq: 7, now: Millis(9) });
    same(&Page::<RequestRow> { rows: vec![], next: None, seq: 0, now: Millis(0) });
    let table = api::domain::name::TableName::parse("ods", "门店").expect("a name");
    same(&Rows {
        table,
        columns: vec!["a".into()],
        rows: vec![vec![None, Some(String::new())], vec![]],
        masked: vec![],
        snapshot: 3,
        at: Millis(5),
    });
    same(&Problem {
        code: Code::Rule,
        status: 422,
        title: "t".into(),
        detail: "d".into(),
        said: Said::new("x"),
        next: Code::Rule.who(),
        errors: vec![FieldProblem { field: "title".into(), code: "missing".into(), said: None }],
        trace: "t1".into(),
    });
}

#[test]
fn a_newer_server_may_send_more() {
    let text = r#" {"ready":1,"new":{"a":[1.5e3,{"b":null}],"c":"}]"},"running":2,"failed":0,"more":-1.5,"waiting":3,"ended":4} "#;
    assert_eq!(read(text), Ok(Tally { ready: 1, running: 2, failed: 0, waiting: 3, ended: 4 }));
}

#[test]
fn escapes_are_read() {
    assert_eq!(read::<String>(r#""\u95e8\ud83d\ude00\/\t\\""#).as_deref(), Ok("门\u{1F600}/\t\\"));
}

#[test]
fn what_is_broken_is_refused() {
    for text in ["", "{", r#"{"ready":}"#, r#"{"ready":1"#, "[1,2", r#""\ud83d""#, r#""\x""#, "<!doctype html>", "{} x"]
    {
        assert_eq!(read::<Tally>(text), Err(Odd), "{text}");
        assert_eq!(read::<String>(text), Err(Odd), "{text}");
    }
    assert_eq!(read::<Vec<u64>>("[1 2]"), Err(Odd));
    assert_eq!(read::<Vec<u64>>("[1,2]"), Ok(vec![1, 2]));
}
