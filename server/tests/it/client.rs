//! Somebody who calls: the same verbs for everybody, and what every answer must hold.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use api::inbox::{Decide, Verdict};
use api::problem::{Code, MEDIA_TYPE, Problem};
use api::requests::{Ask, ItemRow, Line, RequestView, Tend, TendVerb, Tended};
use api::words::{Lang, Plain, speak, text};
use api::{Page, Read, paths};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::request::Builder;
use axum::http::{HeaderMap, Method, Request, Response, header};
use domain::ids::{ItemId, RequestId};
use domain::name::TableName;
use domain::request::AskedTable;
use domain::said::Said;
use domain::tally::Tally;
use domain::tier::Tier;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tower::ServiceExt;

/// Somebody who calls, signed in or not.
#[derive(Clone)]
pub struct Client {
    router: Router,
    cookie: Option<String>,
    keys: Arc<AtomicU64>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub json: Value,
}

impl Client {
    pub fn new(router: Router, keys: Arc<AtomicU64>) -> Self {
        Self { router, cookie: None, keys }
    }

    /// The same browser with another cookie: `session=…`.
    pub fn with_cookie(&self, cookie: impl Into<String>) -> Self {
        Self { cookie: Some(cookie.into()), ..self.clone() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.to(Method::GET, path), Body::empty()).await
    }

    pub async fn post(&self, path: &str, body: impl serde::Serialize) -> Answer {
        let body = serde_json::to_string(&body).expect("serialises");
        self.send(self.to(Method::POST, path).header(header::CONTENT_TYPE, "application/json"), body).await
    }

    pub async fn put(&self, path: &str, body: impl serde::Serialize) -> Answer {
        let body = serde_json::to_string(&body).expect("serialises");
        self.send(self.to(Method::PUT, path).header(header::CONTENT_TYPE, "application/json"), body).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.to(Method::DELETE, path), Body::empty()).await
    }

    /// The head of a call, with the cookie.
    pub fn to(&self, method: Method, path: &str) -> Builder {
        let call = Request::builder().method(method).uri(path).header(header::HOST, "lakegate.test");
        match &self.cookie {
            Some(cookie) => call.header(header::COOKIE, cookie),
            None => call,
        }
    }

    pub async fn send(&self, call: Builder, body: impl Into<Body>) -> Answer {
        let response = self.open(call, body).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = to_bytes(response.into_body(), 16 * 1024 * 1024).await.expect("a whole body");
        let json = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).expect("JSON") };
        check_words(&json);
        let answer = Answer { status, headers, json };
        if status >= 400 {
            answer.check_problem();
        }
        answer
    }

    /// The answer with its body still to come.
    pub async fn open(&self, call: Builder, body: impl Into<Body>) -> Response<Body> {
        let call = call.body(body.into()).expect("a call");
        self.router.clone().oneshot(call).await.expect("the router always answers")
    }

    // ── what people do ──

    /// Signs in; the client that comes back carries the cookie.
    pub async fn sign_in(&self, login: &str, password: &str) -> Self {
        let answer = self.try_sign_in(login, password).await;
        assert_eq!(answer.status, 200, "{:?}", answer.json);
        self.with_cookie(answer.cookie())
    }

    pub async fn try_sign_in(&self, login: &str, password: &str) -> Answer {
        self.post(paths::SESSION, serde_json::json!({ "login": login, "password": password })).await
    }

    /// A key that nobody used yet.
    pub fn fresh_key(&self) -> String {
        format!("key-{:05}", self.keys.fetch_add(1, Ordering::SeqCst))
    }

    pub async fn submit(&self, key: &str, asked: &Ask) -> Answer {
        let call = self.to(Method::POST, paths::REQUESTS).header(header::CONTENT_TYPE, "application/json");
        let body = serde_json::to_string(asked).expect("serialises");
        self.send(call.header("idempotency-key", key), body).await
    }

    /// Asks for tables of the database `lease` at the source `lease`.
    pub async fn ask(&self, tables: &[&str]) -> RequestView {
        self.submit(&self.fresh_key(), &ask(tables)).await.read()
    }

    /// The request as it is now; its sum must agree with its items.
    pub async fn request(&self, id: &RequestId) -> RequestView {
        let view = self.get(&paths::fill(paths::REQUEST_ONE, &[id.as_str()])).await.read::<Read<RequestView>>().thing;
        let items = self.items(id).await;
        assert_eq!(view.row.tally, Tally::of(items.iter().map(|item| (item.part, 1))), "{items:?}");
        assert_eq!(view.row.tally.requested(), items.len() as u64);
        view
    }

    /// Its items, in the order in which the page shows them.
    pub async fn items(&self, id: &RequestId) -> Vec<ItemRow> {
        let path = format!("{}?limit=200", paths::fill(paths::REQUEST_ITEMS, &[id.as_str()]));
        self.get(&path).await.read::<Page<ItemRow>>().rows
    }

    /// Its item for a table.
    pub async fn item(&self, id: &RequestId, table: &str) -> ItemRow {
        let items = self.items(id).await;
        items.into_iter().find(|item| item.table.table.as_str() == table).expect("it has such a table")
    }

    /// The words of the states of its items, by table, after a look at its sum.
    pub async fn states(&self, id: &RequestId) -> Vec<(String, String)> {
        self.request(id).await;
        let mut states: Vec<_> =
            self.items(id).await.into_iter().map(|item| (item.table.table.to_string(), item.state)).collect();
        states.sort();
        states
    }

    /// The kinds of the lines of its timeline, oldest first.
    pub async fn timeline(&self, id: &RequestId) -> Vec<String> {
        let path = format!("{}?limit=200", paths::fill(paths::REQUEST_TIMELINE, &[id.as_str()]));
        let lines = self.get(&path).await.read::<Page<Line>>().rows;
        lines.into_iter().rev().map(|line| line.kind).collect()
    }

    pub async fn decide(&self, id: &RequestId, decision: &Decide) -> Answer {
        self.post(&paths::fill(paths::REQUEST_DECISION, &[id.as_str()]), decision).await
    }

    /// Lets everything in.
    pub async fn approve(&self, id: &RequestId) -> RequestView {
        self.decide(id, &verdict(Verdict::Approve, "")).await.read()
    }

    /// Posts to a path of a request that takes nothing.
    pub async fn act(&self, path: &str, id: &RequestId) -> Answer {
        self.post(&paths::fill(path, &[id.as_str()]), serde_json::json!({})).await
    }

    pub async fn tend(&self, verb: TendVerb, items: &[ItemId]) -> Answer {
        self.post(paths::ITEMS_TEND, Tend { verb, items: items.to_vec() }).await
    }

    /// Tends one item and gives the key of the refusal, if it was refused.
    pub async fn tend_one(&self, verb: TendVerb, item: &ItemId) -> Option<String> {
        let tended: Tended = self.tend(verb, std::slice::from_ref(item)).await.read();
        tended.results.into_iter().next().expect("a result for each").refused.map(|said| said.key)
    }
}

impl Answer {
    /// What was asked for; fails when it is a problem.
    #[track_caller]
    pub fn read<T: DeserializeOwned>(self) -> T {
        assert!(self.status < 300, "{}: {}", self.status, self.json);
        serde_json::from_value(self.json).expect("it reads as its DTO")
    }

    /// The problem; fails when it is another one, or none.
    #[track_caller]
    pub fn problem(self, code: Code) -> Problem {
        assert_eq!((self.status, &self.json["code"]), (code.status(), &Value::from(code.word())), "{}", self.json);
        serde_json::from_value(self.json).expect("it reads as a problem")
    }

    /// The codes of the fields that are wrong, by field.
    #[track_caller]
    pub fn fields(self) -> Vec<(String, String)> {
        self.problem(Code::Rule).errors.into_iter().map(|error| (error.field, error.code)).collect()
    }

    /// The cookie that was set, as a browser sends it back.
    #[track_caller]
    pub fn cookie(&self) -> String {
        let set = self.headers.get(header::SET_COOKIE).expect("a cookie was set").to_str().expect("plain text");
        set.split(';').next().expect("a cookie has a value").to_owned()
    }

    /// Every error is a problem document that says what happened, who acts, and under which number our log has it.
    #[track_caller]
    fn check_problem(&self) {
        assert_eq!(self.headers.get(header::CONTENT_TYPE).expect("a type"), MEDIA_TYPE, "{}", self.json);
        let problem: Problem = serde_json::from_value(self.json.clone()).expect("a problem document");
        assert_eq!((problem.status, problem.code.status()), (self.status, self.status));
        assert_eq!(problem.said.key, format!("problem.{}", problem.code.word()));
        assert_eq!(problem.next, problem.code.who());
        assert!(!problem.trace.is_empty(), "{}", self.json);
        assert!(!problem.detail.contains('{'), "a place without a value: {}", problem.detail);
        for error in &problem.errors {
            let said = error.said.clone().unwrap_or_else(|| Said::new(format!("field.{}", error.code)));
            check_said(&said);
        }
    }
}

/// Every sentence of an answer can be said in both languages, with a value in each place.
#[track_caller]
fn check_words(json: &Value) {
    match json {
        Value::Object(fields) => {
            let is_said = fields.get("key").is_some_and(Value::is_string)
                && fields.keys().all(|field| field == "key" || field == "params");
            if is_said {
                check_said(&serde_json::from_value(json.clone()).expect("a sentence"));
            }
            fields.values().for_each(check_words);
        }
        Value::Array(values) => values.iter().for_each(check_words),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[track_caller]
fn check_said(said: &Said) {
    for lang in [Lang::En, Lang::Zh] {
        assert!(text(lang, &said.key).is_some(), "{lang:?} cannot say {}", said.key);
        let spoken = speak(lang, said, &Plain);
        assert!(!spoken.contains('{'), "a place without a value: {spoken} {:?}", said.params);
    }
}

/// What is asked for: tables of the database `lease` at the source `lease`.
pub fn ask(tables: &[&str]) -> Ask {
    ask_of("lease", tables)
}

/// What is asked for: tables of the database `lease` at a source.
pub fn ask_of(source: &str, tables: &[&str]) -> Ask {
    ask_in(source, "lease", tables)
}

/// What is asked for: tables of a database at a source.
pub fn ask_in(source: &str, database: &str, tables: &[&str]) -> Ask {
    let table = |table: &&str| AskedTable {
        source: source.parse().expect("an id"),
        table: TableName::parse(database, table).expect("a name"),
    };
    Ask {
        title: "Monthly report".into(),
        reason: "The board wants it.".into(),
        route: "lake".parse().expect("an id"),
        tier: Tier::Minutes,
        keep_until: String::new(),
        heir: String::new(),
        tables: tables.iter().map(table).collect(),
    }
}

pub fn verdict(verdict: Verdict, comment: &str) -> Decide {
    Decide { verdict, drop: Vec::new(), back: Vec::new(), comment: comment.into(), seen: String::new() }
}
