//! Lists that are pasted or uploaded: a result for each line, whatever was sent.

use api::paste::{Pasted, PastedResult};
use api::paths;
use api::problem::Code;
use axum::http::{Method, header};

use crate::client::{Answer, Client};
use crate::harness::TestApp;

async fn send(client: &Client, form: &str, body: Vec<u8>) -> Answer {
    let path = format!("{}?form={form}", paths::TABLES_LOOKUP);
    client.send(client.to(Method::POST, &path).header(header::CONTENT_TYPE, "text/plain"), body).await
}

async fn results(client: &Client, form: &str, body: impl Into<Vec<u8>>) -> Vec<(u64, String)> {
    let pasted: Pasted = send(client, form, body.into()).await.read();
    let said = |result: &PastedResult| match result {
        PastedResult::Found { table } => format!("found {}", table.source),
        PastedResult::InLake { .. } => "in the lake".into(),
        PastedResult::AskedFor { .. } => "asked for".into(),
        PastedResult::Places { places } => format!("{} places", places.len()),
        PastedResult::NoSuch { meant } => {
            let names: Vec<_> = meant.iter().map(|each| format!("{}.{}", each.source_name, each.name())).collect();
            format!("no such {}", names.join(" "))
        }
        PastedResult::Retired { .. } => "retired".into(),
        PastedResult::Twice { first } => format!("as line {first}"),
        PastedResult::Unreadable => "unreadable".into(),
    };
    pasted.lines.iter().map(|line| (line.line, said(&line.result))).collect()
}

#[tokio::test]
async fn each_line_has_its_result() {
    for app in TestApp::on_each_database().await {
        let (ana, tom) = (app.requester("ana").await, app.requester("tom").await);
        tom.ask(&["vacant"]).await;
        let text = "lease.lease.contract\n`other`.`lease`.`Contract`\nlease.tenant\nlease.lease.vacant\n\n                    lease.lease.contract;\nlease.tenent\nbilling.visit\n../x\nother,lease,visit";
        let expected = [
            (1, "found lease"),
            (2, "found other"),
            (3, "2 places"),
            (4, "asked for"),
            (6, "as line 1"),
            (7, "no such lease.lease.tenant other.lease.tenant"),
            (8, "no such lease.lease.visit other.lease.visit"),
            (9, "unreadable"),
            (10, "found other"),
        ];
        assert_eq!(results(&ana, "lines", text).await, expected.map(|(line, said)| (line, said.to_owned())));
    }
}

#[tokio::test]
async fn a_file_of_any_encoding_is_read() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    let text = "数据源,库名,表名\r\nlease,lease,contract\r\nother,lease,租赁\r\n";
    let expected = [(2, "found lease".to_owned()), (3, "no such ".to_owned())];
    let gbk = encoding_rs::GBK.encode(text).0.into_owned();
    let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    for body in [gbk, marked, text.as_bytes().to_vec()] {
        assert_eq!(results(&ana, "csv", body).await, expected);
    }
}

#[tokio::test]
async fn a_pattern_finds_all_that_are_called_so() {
    let app = TestApp::new().await;
    let (ana, tom) = (app.requester("ana").await, app.requester("tom").await);
    tom.ask(&["vacant"]).await;
    let found = results(&ana, "pattern", "lease.lease.?a*\nother.*.tenant, nothing.*").await;
    let expected = [(1, "found lease"), (1, "asked for"), (2, "found other"), (2, "no such ")];
    assert_eq!(found, expected.map(|(line, said)| (line, said.to_owned())));
}

#[tokio::test]
async fn a_closed_source_is_not_there_for_others() {
    let app = TestApp::new().await;
    let (ana, bo) = (app.requester("ana").await, app.approver("bo").await);
    let mut connection = app.connect().await;
    sqlx::query("UPDATE sources SET closed = 1 WHERE id = 'lease'").execute(&mut connection).await.expect("answers");
    for form in ["lines", "pattern"] {
        assert_eq!(
            results(&ana, form, "lease.lease.contract").await[0].1,
            if form == "lines" { "no such other.lease.contract" } else { "no such " }
        );
        assert_eq!(results(&bo, form, "lease.lease.contract").await[0].1, "found lease");
    }
}

#[tokio::test]
async fn rubbish_is_answered_and_too_much_is_refused() {
    let app = TestApp::new().await;
    let ana = app.requester("ana").await;
    for form in ["lines", "csv", "pattern"] {
        for rubbish in
            [b"\0\0\0".to_vec(), b"\xff\xfe\xff".to_vec(), "\u{1f600}\t%_'\";--".into(), vec![], vec![b'"'; 100_000]]
        {
            send(&ana, form, rubbish).await.read::<Pasted>();
        }
        send(&ana, form, vec![b'a'; 10_000_000]).await.problem(Code::TooLarge);
    }
    send(&ana, "prose", vec![]).await.problem(Code::BadInput);
    send(&app.anonymous(), "lines", vec![]).await.problem(Code::SignInFirst);
}
