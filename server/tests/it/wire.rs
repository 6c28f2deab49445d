//! What travels, spelled out: a snapshot of each DTO. Read a change here as you read code.

use std::fmt::Debug;

use api::changes::{ChangeView, ProgressView};
use api::domain::cause::Who;
use api::domain::change::Topic;
use api::domain::check::Severity;
use api::domain::draft::{Contents, Pick, Rest};
use api::domain::proof::Proof;
use api::domain::request::Stamp;
use api::domain::said::Said;
use api::domain::tier::Tier;
use api::domain::time::Millis;
use api::drafts::{AsOf, CartSource, CheckGroup, Checks, DraftOf, DraftRow, DraftView, Save};
use api::inbox::{Batch, BatchResult, Batched, Before, Card, CardTable, Decide, Looking, Personal, Verdict};
use api::lake::{LakePage, LakeTally, LakeView, Query, Rows};
use api::me::{DemoPerson, Gate, Me, SessionView, Setup, SignIn};
use api::paste::{Pasted, PastedLine, PastedResult, Somewhere};
use api::people::NewPassword;
use api::problem::{Code, FieldProblem, Problem};
use api::requests::{Resubmit, Tend, TendResult, TendVerb, Tended};
use api::search::{Anything, Found, JobHit, PersonHit, RequestHit, Sums};
use api::tables::{Choices, RouteChoice, SourceChoice, TableChange, TableView};
use json::FromJson;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::client::ask;
use crate::wire_samples::{
    column, contract, id, inbox_row, item_row, lake_row, line, page, person, read, request_row, request_view,
    table_row, target,
};

/// Holds a DTO against its snapshot, and makes sure that what was written reads as the same.
#[track_caller]
pub fn wire<T: Serialize + DeserializeOwned + FromJson + PartialEq + Debug>(name: &str, value: &T) {
    let text = serde_json::to_string(value).expect("it serialises");
    assert_eq!(serde_json::from_str::<T>(&text).expect("it reads"), *value);
    assert_eq!(json::read::<T>(&text).expect("the page reads it"), *value);
    insta::assert_json_snapshot!(name, value);
}

#[test]
fn pages_and_things_say_when_they_were_read() {
    wire("page", &page("a row".to_owned()));
    wire("read", &read("a thing".to_owned()));
}

#[test]
fn requests() {
    wire("request_row", &page(request_row()));
    wire("request_view", &read(request_view()));
    wire("item_row", &page(item_row()));
    wire("line", &page(line()));
    wire("ask", &ask(&["contract"]));
    let stamps = [Stamp::Waiting, Stamp::Approved { let_in: 1, of: 2 }, Stamp::SentBack, Stamp::Rejected];
    wire("stamps", &stamps.to_vec());
}

#[test]
fn items() {
    wire("resubmit", &Resubmit { answer: "For the board.".into() });
    wire("tend", &Tend { verb: TendVerb::TryAgain, items: vec![id("item-1")] });
    let refused = Said::new("refused.state").text("state", "ready").at("at", Millis(3));
    let results = vec![
        TendResult { item: id("item-1"), refused: None },
        TendResult { item: id("item-2"), refused: Some(refused) },
    ];
    wire("tended", &Tended { results });
}

#[test]
fn the_inbox() {
    wire("inbox_row", &page(inbox_row()));
    let look_at = vec![Said::new("look.personal").text("table", "lease.contract").text("columns", "mobile_no")];
    let card = Card {
        view: request_view(),
        waits: Some(inbox_row()),
        tables: vec![CardTable { item: item_row(), rows: Some(500), bytes: None, look_at }],
        brought: Some(Said::new("card.brought").count("n", 1).text("tables", "contract").text("who", "Ana")),
        personal: Personal { columns: 1, tables: 1, names: vec!["mobile_no".into()] },
        readers: 6,
        load: Said::new("card.load"),
        load_now: Said::new("card.load.now").count("n", 3).count("copying", 1),
        before: vec![Before {
            table: Some(contract()),
            said: Said::new("before.dropped").count("dropped", 2).count("of", 2),
        }],
        cost: Said::new("card.cost.minutes").span("span", 240_000),
        counted_at: Some(Millis(1)),
        next: Some("request-2".into()),
        previous: None,
        place: Some((1, 7)),
    };
    wire("card", &read(card));
    let decide = Decide {
        verdict: Verdict::Approve,
        drop: vec![id("item-1")],
        back: vec![id("item-2")],
        comment: "Why?".into(),
        seen: "00ff".into(),
    };
    wire("decide", &decide);
    wire("batch", &Batch { requests: vec![id("request-1")] });
    let refused = Some(Said::new("alone.personal").count("n", 1));
    wire("batched", &Batched { results: vec![BatchResult { request: id("request-1"), refused }] });
    wire("looking", &Looking { names: vec!["Bo".into()] });
}

#[test]
fn drafts() {
    let asked = || ask(&["contract"]).tables;
    let pick = Pick { q: "rent".into(), source: Some(id("lease")), pattern: "lease.*".into() };
    let contents = Contents {
        title: "Monthly report".into(),
        reason: "The board wants it.".into(),
        route: Some(id("lake")),
        tier: Some(Tier::Daily),
        keep_until: "2027-06-30".into(),
        heir: "Business analysis".into(),
        tables: asked(),
        picks: vec![pick],
        without: asked(),
        rest: Some(Rest { draft: id("draft-2"), tables: 9 }),
    };
    let row = DraftRow {
        id: id("draft-1"),
        title: "Monthly report".into(),
        tables: 1,
        picks: 1,
        of: Some((id("request-1"), "R-1001".into())),
        saved_at: Millis(10),
        until: Millis(90),
    };
    wire("draft_row", &page(row));
    let cart = CartSource {
        source: id("lease"),
        name: "lease".into(),
        tables: 1,
        rows: Some(500),
        bytes: None,
        deciders: vec!["Bo".into()],
    };
    let view = DraftView {
        id: id("draft-1"),
        version: 3,
        contents: contents.clone(),
        saved_at: Millis(10),
        until: Millis(90),
        ended: false,
        of: Some(DraftOf { id: id("request-1"), number: "R-1001".into(), comment: "Why?".into() }),
        tables: asked(),
        cart: vec![cart],
        names: vec![(contract(), target())],
    };
    wire("draft_view", &read(view));
    wire("save", &Save { version: 3, contents });
    wire("as_of", &AsOf { version: 3 });
    let group = CheckGroup {
        code: "key_needed".into(),
        severity: Severity::MustFix,
        said: Said::new("check.key_needed").count("n", 1),
        more: Said::new("check.key_needed.more").text("who", "Bo"),
        who: Who::SourceOwner,
        person: "Bo".into(),
        source: "lease".into(),
        sql: "ALTER TABLE x;".into(),
        each: vec![Said::new("check.key_needed.table").text("table", "lease.contract")],
        tables: asked(),
    };
    let checks =
        Checks { version: 3, tables: 4, fine: 1, know: 1, fix: 1, unknown: 1, groups: vec![group], at: Millis(70) };
    wire("checks", &checks);
}

#[test]
fn what_was_pasted() {
    let table = || ask(&["contract"]).tables.remove(0);
    let places = || vec![Somewhere { source_name: "lease".into(), table: table() }];
    let results = vec![
        PastedResult::Found { table: table() },
        PastedResult::InLake { table: table() },
        PastedResult::AskedFor { table: table() },
        PastedResult::Places { places: places() },
        PastedResult::NoSuch { meant: places() },
        PastedResult::Twice { first: 1 },
        PastedResult::Unreadable,
        PastedResult::Retired { table: table() },
    ];
    let line = |result| PastedLine { line: 1, text: "lease.contract".into(), result };
    wire("pasted", &Pasted { lines: results.into_iter().map(line).collect(), beyond: 7 });
}

#[test]
fn tables() {
    wire("table_row", &page(table_row()));
    wire("table_view", &TableView { row: table_row(), columns: vec![column()], owners: vec!["Bo".into()] });
    let source = SourceChoice {
        id: id("lease"),
        name: "lease".into(),
        tables: 5,
        read_at: Some(Millis(1)),
        trouble: Some(Said::new("cause.source_away").text("what", "folder")),
        owners: vec!["Bo".into()],
        reading: Some(Millis(2)),
        may_read: true,
    };
    let route = RouteChoice { id: id("lake"), name: "lake".into(), tiers: vec![Tier::Minutes, Tier::Daily] };
    let said = vec![Said::new("difference.added").text("columns", "city")];
    wire("table_change", &page(TableChange { table: contract(), at: Millis(1), said }));
    wire("choices", &Choices { sources: vec![source], retired: vec!["old".into()], routes: vec![route] });
}

#[test]
fn the_search() {
    let word = |word: &str, n| (word.to_owned(), n);
    let sums = Sums {
        tables: 3,
        askable: 2,
        rows: Some(1_000),
        bytes: None,
        sources: vec![(id("lease"), "lease".into(), 3)],
        databases: vec![word("lease", 3)],
        in_lake: vec![word("no", 2), word("lake", 1), word("asked", 0)],
        copyable: vec![word("yes", 2), word("nokey", 0), word("no", 1)],
        size: vec![word("small", 3)],
    };
    let found = Found {
        rows: vec![table_row()],
        next: Some("0/lease/contract/lease".into()),
        seq: 7,
        now: Millis(70),
        sums: Some(sums),
        filling: Some((1, 2)),
        took: 412,
    };
    wire("found", &found);
    let request =
        RequestHit { id: id("request-1"), number: "R-1001".into(), title: "Monthly report".into(), who: "Ana".into() };
    let anything = Anything {
        tables: vec![table_row()],
        of_tables: Some(1),
        requests: vec![request],
        jobs: vec![JobHit { name: "lg-lease-d-lake".into(), tables: 2 }],
        people: vec![PersonHit { id: id("ana"), name: "Ana".into(), team: "analysts".into() }],
        took: 412,
    };
    wire("anything", &anything);
}

#[test]
fn the_lake() {
    let tally = LakeTally { ready: 1, late: 2, failed: 3, paused: 4, unknown: 5 };
    wire("lake_page", &LakePage { tally, page: page(lake_row()) });
    let proof = Proof {
        at: Millis(60),
        snapshot: 2,
        source_columns: 3,
        lake_columns: 4,
        source_rows: 500,
        lake_rows: 500,
        read_at: Millis(50),
        committed_at: Millis(55),
    };
    let view = LakeView {
        row: lake_row(),
        asked: Some(("request-1".into(), "R-1001".into(), Millis(10))),
        proof: Some(proof),
        trouble: Some(Said::new("cause.lake_full")),
        trouble_next: Some(Said::new("next.lake_full").text("owner", "Bo")),
        next_copy: Some(Millis(80)),
        bytes: Some((4_096, 3)),
        columns: vec![column()],
        history: vec![line()],
        queries: vec![Query { tool: "Spark".into(), text: "SELECT 1;".into() }],
        may_see_rows: true,
        may_tend: false,
        may_see_job: true,
    };
    wire("lake_view", &read(view));
    let rows = Rows {
        table: target(),
        columns: vec!["id".into(), "mobile_no".into()],
        rows: vec![vec![Some("1".into()), None]],
        masked: vec!["mobile_no".into()],
        snapshot: 2,
        at: Millis(55),
    };
    wire("rows", &rows);
}

#[test]
fn people() {
    let me = Me {
        person: person(),
        login: "ana".into(),
        operator: false,
        owns: vec![id("lease")],
        inbox: 1,
        on_the_way: 2,
        version: "0.1.0".into(),
        demo: false,
    };
    wire("me", &read(me));
    let people = vec![DemoPerson { login: "ana".into(), name: "Ana".into(), role: "requester".into() }];
    wire("gate", &Gate { demo: true, people, empty: false, version: "0.1.0".into() });
    let session =
        SessionView { id: id("session-1"), since: Millis(1), used: Millis(2), agent: "Browser".into(), this: true };
    wire("session_view", &vec![session]);
}

#[test]
fn what_signs_in_travels_one_way() {
    insta::assert_json_snapshot!("sign_in", SignIn { login: "ana".into(), password: "a long password".into() });
    let setup = Setup { token: "t".into(), login: "ops".into(), name: "Ops".into(), password: "a long one".into() };
    insta::assert_json_snapshot!("setup", setup);
    insta::assert_json_snapshot!("new_password", NewPassword { token: "t".into(), password: "a long one".into() });
}

#[test]
fn the_live_stream() {
    let id_of_request = Some(id("request-1"));
    wire("change_view", &ChangeView { seq: 7, topic: Topic::Request, id: "request-1".into(), request: id_of_request });
    wire("change_view_short", &ChangeView { seq: 8, topic: Topic::Person, id: "ana".into(), request: None });
    wire("progress_view", &ProgressView { requests: vec![id("request-1")] });
}

#[test]
fn problems() {
    let said = Said::new("field.collision").text("table", "lease.contract");
    let problem = Problem {
        code: Code::Rule,
        status: 422,
        title: "rule".into(),
        detail: "That cannot be done as it is. What is wrong stands at the fields.".into(),
        said: Said::new("problem.rule").text("trace", "t-1"),
        next: Who::Requester,
        errors: vec![
            FieldProblem { field: "title".into(), code: "missing".into(), said: None },
            FieldProblem { field: "tables.1".into(), code: "collision".into(), said: Some(said) },
        ],
        trace: "t-1".into(),
    };
    wire("problem", &problem);
    wire("codes", &Code::ALL.to_vec());
}
