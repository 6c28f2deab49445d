//! What can go wrong between us and a server, and that each of it ends, with a sentence, in time.

use domain::source::{Account, ConnectSeconds, Mysql, Port, ReadSeconds, Tls};
use lakegate::outside::source::mysql::MysqlSource;
use lakegate::outside::source::{Source, SourceError, TableRead};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;

use super::proxy::{Proxy, Then};
use super::server::Server;

/// The server behind another port, with waits of one second.
fn behind(server: &Server, port: u16) -> MysqlSource {
    MysqlSource::new(hasty(server, port), Account::Copying, String::new().into())
}

fn hasty(server: &Server, port: u16) -> Mysql {
    let mut place = Mysql { port: Port::try_from(u32::from(port)).expect("a port"), tls: Tls::Off, ..server.place() };
    place.limits.connect_seconds = ConnectSeconds::try_from(1).expect("a second");
    place.limits.read_seconds = ReadSeconds::try_from(1).expect("a second");
    place
}

/// What a read that was begun ends with.
async fn end(mut read: Box<dyn TableRead>) -> Option<SourceError> {
    loop {
        match read.next().await {
            Ok(Some(_)) => {}
            Ok(None) => return None,
            Err(error) => return Some(error),
        }
    }
}

#[track_caller]
fn is_away(error: Option<SourceError>, what: &str) {
    match error {
        Some(SourceError::Away { what: said, .. }) => assert!(said.contains(what), "{said}"),
        other => panic!("it should be away: {other:?}"),
    }
}

#[tokio::test]
async fn a_server_that_hangs_is_given_up_at_every_step() {
    for server in Server::each().await {
        server.fill(60_000).await;
        let table = server.table("big");
        let proxy = Proxy::to(server.port, Then::Silence).await;
        let source = behind(&server, proxy.port);
        source.tables(Some(&table), 10).await.expect("the way is open");

        proxy.let_pass(0);
        is_away(source.tables(None, 10).await.err(), "no answer within 1 s");
        proxy.let_pass(40);
        is_away(source.tables(None, 10).await.err(), "no answer within 1 s");
        proxy.let_pass(1_000);
        is_away(source.tables(None, 10).await.err(), "no answer within 1 s");

        proxy.let_pass(u64::MAX);
        let read = source.open(&table).await.expect("open");
        proxy.let_pass(100_000);
        is_away(end(read).await, "no answer within 1 s");
    }
}

#[tokio::test]
async fn a_line_that_is_cut_is_no_end_of_a_table() {
    for server in Server::each().await {
        server.fill(60_000).await;
        let table = server.table("big");
        let proxy = Proxy::to(server.port, Then::Cut).await;
        let source = behind(&server, proxy.port);
        for bytes in [0, 60, 1_000] {
            proxy.let_pass(bytes);
            is_away(source.tables(None, 10).await.err(), "");
        }
        proxy.let_pass(u64::MAX);
        let read = source.open(&table).await.expect("open");
        proxy.let_pass(200_000);
        is_away(end(read).await, "");
        let nobody =
            { TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address").port() };
        is_away(behind(&server, nobody).tables(None, 10).await.err(), "refused");
    }
}

#[tokio::test]
async fn a_server_that_is_killed_is_away() {
    if Server::each().await.iter().all(|server| !server.is_mariadb()) {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let own = folder.path().join("server");
    let script = |verb: &str| {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../.ci/mariadb.sh");
        std::process::Command::new(script).arg(verb).arg(&own).output().expect("a script")
    };
    let started = script("start");
    assert!(started.status.success(), "{}", String::from_utf8_lossy(&started.stderr));
    let server = Server::new("MariaDB", String::from_utf8_lossy(&started.stdout).trim()).await;
    server.fill(60_000).await;
    let read = server.source().open(&server.table("big")).await.expect("open");
    assert!(script("stop").status.success());
    let ended = end(read).await;
    is_away(ended, "");
    is_away(server.source().tables(None, 10).await.err(), "refused");
}

#[tokio::test]
async fn a_query_that_the_server_ends_is_tried_again() {
    for server in Server::each().await {
        server.fill(60_000).await;
        let read = server.source().open(&server.table("big")).await.expect("open");
        let ids = "SELECT id FROM information_schema.PROCESSLIST WHERE INFO LIKE ";
        let ids = server.ask(&format!("{ids} 'SELECT 1, `id`%{}%'", server.database)).await;
        assert_eq!(ids.len(), 1, "{}: the copy is one query", server.name);
        server.run(&format!("KILL {}", ids[0])).await;
        let ended = end(read).await;
        assert!(ended.as_ref().is_some_and(SourceError::is_retry), "{}: {ended:?}", server.name);
    }
}

#[tokio::test]
async fn a_limit_on_the_time_of_queries_that_ends_a_copy_is_tried_again() {
    for server in Server::each().await {
        server.fill(100_000).await;
        // The server that hears us lift its limit sets one: a tenth of a second, or a thousandth.
        let heard = [
            ("max_statement_time = 0", "max_statement_time =.1"),
            ("max_execution_time = 0", "max_execution_time = 1"),
        ];
        let proxy = Proxy::saying(server.port, &heard).await;
        let port = Port::try_from(u32::from(proxy.port)).expect("a port");
        let place = Mysql { port, tls: Tls::Off, ..server.place() };
        let source = MysqlSource::new(place, Account::Copying, String::new().into());
        let ended = end(source.open(&server.table("big")).await.expect("open")).await;
        is_away(ended, if server.is_mariadb() { "max_statement_time" } else { "maximum statement execution time" });
    }
}

#[tokio::test]
async fn a_table_that_was_dropped_or_a_right_that_was_revoked_is_told_apart() {
    for server in Server::each().await {
        server.fill(100).await;
        let right = format!("SELECT ON {}.*", server.database);
        let login = server.account("copier", "pass", &[&right]).await;
        let source = MysqlSource::new(server.place_of(&login, &login), Account::Copying, "pass".to_owned().into());
        let table = server.table("big");
        assert!(end(source.open(&table).await.expect("open")).await.is_none());
        let user = format!("'{login}'@'%'");

        server.run(&format!("REVOKE {right} FROM {user}; GRANT INSERT ON {}.big TO {user}", server.database)).await;
        let denied = source.open(&table).await.err();
        assert!(matches!(denied, Some(SourceError::Denied { .. })), "{}: {denied:?}", server.name);
        server.run(&format!("GRANT {right} TO {user}; DROP TABLE big")).await;
        let gone = source.open(&table).await.err();
        assert!(matches!(gone, Some(SourceError::Gone { .. })), "{}: {gone:?}", server.name);
        let nowhere = domain::name::TableName::parse("no such database", "t").expect("names");
        let gone = server.source().open(&nowhere).await.err();
        assert!(matches!(gone, Some(SourceError::Gone { .. })), "{}: {gone:?}", server.name);
    }
}

#[tokio::test]
async fn a_copy_that_runs_survives_a_change_of_its_password() {
    for server in Server::each().await {
        server.fill(60_000).await;
        let right = format!("SELECT ON {}.*", server.database);
        let login = server.account("copier", "old", &[&right]).await;
        let source = |password: &str| {
            MysqlSource::new(server.place_of(&login, &login), Account::Copying, password.to_owned().into())
        };
        let table = server.table("big");
        let read = source("old").open(&table).await.expect("open");
        server.run(&format!("ALTER USER '{login}'@'%' IDENTIFIED BY 'new'")).await;
        assert!(end(read).await.is_none(), "{}: it was let in once", server.name);
        let denied = source("old").open(&table).await.err();
        assert!(matches!(&denied, Some(SourceError::Denied { what, .. }) if !what.contains("old")), "{denied:?}");
        assert!(end(source("new").open(&table).await.expect("open")).await.is_none());
    }
}

#[tokio::test]
async fn whatever_answers_at_the_port_breaks_nothing() {
    let rubbish: [&[u8]; 8] = [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\x00\x00\x00\x00",
        b"\x01\x00\x00\x00\x0a",
        b"\xff\xff\xff\x00",
        b"\x05\x00\x00\x00\x0a5.7\x00",
        b"\x17\x00\x00\x00\xff\x10\x04Too many connections",
        b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n",
    ];
    for server in Server::each().await.into_iter().take(1) {
        for bytes in rubbish {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            let port = listener.local_addr().expect("an address").port();
            let _task = AbortOnDropHandle::new(tokio::spawn(async move {
                while let Ok((mut line, _)) = listener.accept().await {
                    let _ = line.write_all(bytes).await;
                    let mut sink = [0; 1_024];
                    // It stays open until the other side leaves.
                    while matches!(line.read(&mut sink).await, Ok(1..)) {}
                }
            }));
            let refused = behind(&server, port).tables(None, 10).await.err();
            assert!(refused.is_some(), "{bytes:?}");
        }
    }
}
