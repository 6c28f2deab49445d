//! Rubbish from a fixed budget, the same on every run: no call panics, none is our bug, and what goes round comes back.

use std::fmt::Write as _;

use api::changes::RESET;
use api::paste::{Pasted, PastedResult};
use api::paths;
use api::problem::Code;
use axum::body::Body;
use axum::http::{Method, header};
use futures::StreamExt;

use crate::client::{Answer, Client};
use crate::harness::TestApp;

/// How many texts each place of the API is given.
const BUDGET: usize = 60;

/// What breaks parsers, in pieces.
const PIECES: [&str; 30] = [
    "",
    "0",
    "-1",
    "9223372036854775807",
    "-9223372036854775808",
    "1e9",
    "a",
    "lease",
    "contract",
    ".",
    "..",
    "/",
    "//",
    "\\",
    "%",
    "%00",
    "_",
    "'",
    "\"",
    "`",
    "\0",
    "\n",
    "\u{feff}",
    "\u{202e}",
    "😀",
    "租",
    ":",
    "source:",
    "null",
    " ",
];

/// Texts of a few pieces each, by xorshift from a fixed seed.
struct Rubbish(u64);

impl Rubbish {
    fn number(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(below).expect("it is small")).expect("it is small")
    }

    fn text(&mut self) -> String {
        let length = [1, 1, 2, 3, 5, 40][self.number(6)];
        (0..length).map(|_| PIECES[self.number(PIECES.len())]).collect()
    }

    fn bytes(&mut self, most: usize) -> Vec<u8> {
        let length = self.number(most) + 1;
        let plain = self.number(2) == 0;
        let mut bytes = Vec::new();
        while bytes.len() < length {
            if plain {
                bytes.extend_from_slice(self.text().as_bytes());
                bytes.push(b"\n,;\t"[self.number(4)]);
            } else {
                bytes.push(u8::try_from(self.number(256)).expect("a byte"));
            }
        }
        bytes
    }
}

/// A text as it may stand in an address.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        write!(encoded, "%{byte:02x}").expect("a String takes every write");
        encoded
    })
}

#[track_caller]
fn is_no_bug(answer: &Answer, what: &str) {
    assert!(answer.status < 500, "{what}: {}", answer.json);
}

#[tokio::test]
async fn no_parameter_of_a_list_is_our_bug() {
    let app = TestApp::new().await;
    let (ana, ops) = (app.requester("ana").await, app.operator("ops").await);
    let request = ana.ask(&["contract"]).await.row.id;
    let of_request = |path: &str| paths::fill(path, &[request.as_str()]);
    let lists = [
        (paths::TABLES.to_owned(), ["q", "after", "limit", "source", "db", "lake", "copy", "size"].as_slice()),
        (paths::FIND.to_owned(), &["q"]),
        (paths::REQUESTS.to_owned(), &["after", "limit", "mine"]),
        (of_request(paths::REQUEST_ITEMS), &["after", "limit", "part", "q"]),
        (of_request(paths::REQUEST_TIMELINE), &["after", "limit"]),
        (paths::fill(paths::TABLES_CHANGES, &["lease"]), &["after", "limit"]),
        (paths::LAKE.to_owned(), &["q", "after", "limit", "state", "tier"]),
        (paths::INBOX.to_owned(), &["after", "limit", "tab"]),
        (paths::DRAFTS.to_owned(), &["after", "limit"]),
    ];
    let mut rubbish = Rubbish(0x9e37_79b9_7f4a_7c15);
    for (path, params) in lists {
        for round in 0..BUDGET {
            let mut query = Vec::new();
            for param in params {
                if rubbish.number(params.len()) == 0 {
                    query.push(format!("{param}={}", encoded(&rubbish.text())));
                }
            }
            let address = format!("{path}?{}", query.join("&"));
            is_no_bug(&[&ana, &ops][round % 2].get(&address).await, &address);
        }
    }
}

#[tokio::test]
async fn no_id_in_a_path_is_our_bug() {
    let app = TestApp::new().await;
    let (ana, ops) = (app.requester("ana").await, app.operator("ops").await);
    let before = app.lines().await;
    let mut rubbish = Rubbish(0x2545_f491_4f6c_dd1d);
    for path in [
        paths::REQUEST_ONE,
        paths::REQUEST_ITEMS,
        paths::REQUEST_TIMELINE,
        paths::INBOX_ONE,
        paths::DRAFT_ONE,
        paths::DRAFT_CHECKS,
        paths::SOURCE_ONE,
        paths::TABLE_ONE,
        paths::TABLES_CHANGES,
        paths::LAKE_ONE,
        paths::LAKE_ROWS,
    ] {
        for round in 0..BUDGET {
            let id: Vec<_> = (0..3).map(|_| format!("{}z", rubbish.text())).collect();
            let id: Vec<_> = id.iter().map(String::as_str).collect();
            let address = paths::fill(path, &id);
            let answer = [&ana, &ops][round % 2].get(&address).await;
            is_no_bug(&answer, &address);
            assert!(answer.status != 200, "{address} is nothing: {}", answer.json);
            for spoiled in ["%", "%ff", "%c3%28", "%00"] {
                is_no_bug(&ana.get(&address.replacen('%', spoiled, 1)).await, &address);
            }
        }
    }
    assert_eq!(app.lines().await, before);
}

async fn send(client: &Client, form: &str, body: Vec<u8>) -> Answer {
    let call = client.to(Method::POST, &format!("{}?form={form}", paths::TABLES_LOOKUP));
    client.send(call.header(header::CONTENT_TYPE, "text/plain"), body).await
}

#[tokio::test]
async fn any_bytes_that_are_pasted_are_answered_and_too_many_refused() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    let mut rubbish = Rubbish(0xda94_2042_e4dd_58b5);
    for form in ["lines", "csv", "pattern"] {
        for round in 0..BUDGET {
            let mark: &[u8] = [b"".as_slice(), b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"][round % 4];
            let body = [mark, &rubbish.bytes(if round == 0 { 200_000 } else { 2_000 })].concat();
            let pasted: Pasted = send(&ana, form, body).await.read();
            assert!(pasted.lines.len() <= 3 * domain::paste::MOST_LINES, "{form}: {}", pasted.lines.len());
        }
        let most = rubbish.bytes(1_000).repeat(10_000);
        send(&ana, form, most[..3_000_000.min(most.len())].to_vec()).await.read::<Pasted>();
        send(&ana, form, vec![0; 10_000_000]).await.problem(Code::TooLarge);
    }
}

#[tokio::test]
async fn a_list_of_tables_comes_back_from_every_encoding_and_both_forms() {
    let app = TestApp::new().await;
    let names = ["合同", "a b", "50%_off", "it's", "\u{ab}x\u{bb}"];
    for name in names {
        app.change_source("lease", &format!("CREATE TABLE \"{name}\" (id INTEGER PRIMARY KEY)")).await;
    }
    let ana = app.requester("ana").await;
    app.operator("ops").await.post(&paths::fill(paths::TABLES_READ, &["lease"]), serde_json::json!({})).await;
    app.settle().await;
    let cells = |quote: char| names.map(|name| format!("{quote}lease{quote},{quote}lease{quote},{quote}{name}{quote}"));
    for (form, text) in
        [("csv", format!("source,db,table\r\n{}", cells('"').join("\r\n"))), ("lines", cells('`').join("\n"))]
    {
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for body in [
            text.clone().into_bytes(),
            [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            [b"\xff\xfe".to_vec(), utf16].concat(),
            encoding_rs::GB18030.encode(&text).0.into_owned(),
        ] {
            let pasted: Pasted = send(&ana, form, body).await.read();
            let found = pasted.lines.iter().filter_map(|line| match &line.result {
                PastedResult::Found { table } => Some(table.table.table.as_str()),
                _ => None,
            });
            assert_eq!(found.collect::<Vec<_>>(), names, "{form}: {:?}", pasted.lines);
        }
    }
}

#[tokio::test]
async fn a_stream_after_a_number_that_never_was_tells_to_read_anew() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    let newest = app.lines().await;
    for last in [i64::MIN, i64::MIN + 1, -1_000_000, i64::MAX, 1_000_000] {
        let call = ana.to(Method::GET, paths::EVENTS).header("last-event-id", last.to_string());
        let mut stream = ana.open(call, Body::empty()).await.into_body().into_data_stream();
        let first = stream.next().await.expect("an event").expect("bytes");
        let first = String::from_utf8_lossy(&first).into_owned();
        assert!(first.contains(&format!("event: {RESET}")), "{last}: {first}");
        assert!(first.contains(&format!("id: {newest}")), "{last}: {first}");
    }
}

#[tokio::test]
async fn an_event_id_that_is_none_of_ours_opens_a_stream_from_now() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    let mut rubbish = Rubbish(0x1234_5678_9abc_def1);
    for _ in 0..BUDGET {
        let text: String = rubbish.text().chars().filter(|letter| !letter.is_control()).collect();
        let call = ana.to(Method::GET, paths::EVENTS).header("last-event-id", text.as_bytes());
        assert_eq!(ana.open(call, Body::empty()).await.status(), 200, "{text:?}");
        let answer =
            ana.open(ana.to(Method::GET, &format!("{}?after={}", paths::EVENTS, encoded(&text))), Body::empty());
        let status = answer.await.status().as_u16();
        assert_eq!(status, if text.parse::<i64>().is_ok() { 200 } else { 400 }, "{text:?}");
    }
}
