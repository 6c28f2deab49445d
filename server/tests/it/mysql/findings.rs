//! The test of a server: every finding at once, each with who must act and what to run.

use std::sync::Arc;

use async_trait::async_trait;
use domain::cause::Who;
use domain::ids::SourceId;
use domain::source::finding::{Finding, FindingCode as Code, Severity};
use domain::source::{Account, ConnectSeconds, Limits, Mysql, Place, Port, Tls};
use lakegate::outside::source::mysql::MysqlSource;
use lakegate::outside::source::{Cause, Given, Opener, Passwords, Source};
use lakegate::state::Clock;
use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_util::task::AbortOnDropHandle;

use super::proxy::{Proxy, Then};
use super::server::{Server, all};

/// Knows the password of the source `known`.
struct Known;

#[async_trait]
impl Passwords for Known {
    async fn password(&self, source: &SourceId, _: Account) -> Result<Option<SecretString>, Cause> {
        Ok((source.as_str() == "known").then(|| "right".to_owned().into()))
    }
}

async fn test_by(clock: Clock, place: Mysql, given: &Given) -> Vec<Finding> {
    Opener::new(std::env::temp_dir(), Vec::new(), Arc::new(Known), clock).test(&Place::Mysql(place), given).await
}

async fn test(place: Mysql, password: &str) -> Vec<Finding> {
    let password: Option<SecretString> = Some(password.to_owned().into());
    let given = Given { source: None, catalogue: password.clone(), copying: password };
    test_by(Clock::system(), place, &given).await
}

fn codes(findings: &[Finding]) -> Vec<Code> {
    findings.iter().map(|finding| finding.code).collect()
}

#[track_caller]
fn sql(findings: &[Finding], code: Code) -> String {
    let found = findings.iter().find(|finding| finding.code == code);
    found.unwrap_or_else(|| panic!("{code:?} is not among {findings:?}")).sql.clone().unwrap_or_default()
}

/// An account that may read the test's database and follow changes.
async fn able(server: &Server, name: &str) -> String {
    let right = format!("SELECT ON {}.*", server.database);
    server.account(name, "right", &[&right, "REPLICATION SLAVE, REPLICATION CLIENT ON *.*"]).await
}

#[tokio::test]
async fn a_server_that_is_well_has_nothing_to_fix() {
    for server in Server::each().await {
        server.run("CREATE TABLE t (id int PRIMARY KEY)").await;
        let (reader, copier) = (able(&server, "reader").await, able(&server, "copier").await);
        let findings = test(server.place_of(&reader, &copier), "right").await;
        let to_fix: Vec<_> = findings.iter().filter(|finding| finding.severity() > Severity::Know).collect();
        assert!(to_fix.is_empty(), "{}: {to_fix:?}", server.name);
        let codes = codes(&findings);
        for code in [Code::Reached, Code::ClockFine, Code::ChangesFine, Code::Readable, Code::AccountsFine] {
            assert!(codes.contains(&code), "{}: {code:?} is not among {codes:?}", server.name);
        }
        assert!(codes.contains(&if server.is_mariadb() { Code::NotSealed } else { Code::Sealed }), "{codes:?}");
    }
}

#[tokio::test]
async fn every_account_that_cannot_sign_in_is_named_at_once() {
    for server in Server::each().await {
        let reader = able(&server, "reader").await;
        let findings = test(server.place_of(&reader, "nobody"), "hunter2").await;
        assert_eq!(codes(&findings), [Code::PasswordWrong, Code::PasswordWrong], "{}", server.name);
        assert!(sql(&findings, Code::PasswordWrong).starts_with(&format!("ALTER USER '{reader}'@'%'")));
        assert!(!format!("{findings:?}").contains("hunter2"), "no password is repeated: {findings:?}");

        let copier = able(&server, "copier").await;
        server.run(&format!("ALTER USER '{copier}'@'%' ACCOUNT LOCK")).await;
        let given = Given {
            catalogue: Some("right".to_owned().into()),
            copying: Some("right".to_owned().into()),
            source: None,
        };
        let findings = test_by(Clock::system(), server.place_of(&reader, &copier), &given).await;
        assert!(sql(&findings, Code::AccountClosed).contains("ACCOUNT UNLOCK"), "{findings:?}");
        assert!(codes(&findings).contains(&Code::Reached), "the other account is looked at all the same");
    }
}

#[tokio::test]
async fn passwords_that_a_form_leaves_out_are_as_they_were() {
    for server in Server::each().await {
        let (reader, copier) = (able(&server, "reader").await, able(&server, "copier").await);
        let place = server.place_of(&reader, &copier);
        let nothing = test_by(Clock::system(), place.clone(), &Given::default()).await;
        assert_eq!(codes(&nothing), [Code::PasswordMissing, Code::PasswordMissing]);
        let known = Given { source: Some("known".parse().expect("an id")), ..Given::default() };
        assert!(codes(&test_by(Clock::system(), place.clone(), &known).await).contains(&Code::Reached));
        let given = Given { copying: Some("wrong".to_owned().into()), ..known };
        let findings = test_by(Clock::system(), place, &given).await;
        let wrong: Vec<_> = findings.iter().filter(|finding| finding.code == Code::PasswordWrong).collect();
        assert_eq!(wrong.len(), 1, "{findings:?}");
    }
}

#[tokio::test]
async fn rights_that_are_missing_are_named_with_the_grant_that_gives_them() {
    for server in Server::each().await {
        server.run("CREATE TABLE t (id int PRIMARY KEY)").await;
        let reader = able(&server, "reader").await;
        let copier = server.account("copier", "right", &[]).await;
        let findings = test(server.place_of(&reader, &copier), "right").await;
        let database = server.database.as_str().replace('_', "\\_");
        let grant = format!("GRANT SELECT ON `{database}`.* TO '{copier}'@'%';");
        assert_eq!(sql(&findings, Code::DatabaseDenied), grant, "{}: {findings:?}", server.name);
        assert!(sql(&findings, Code::ChangesDenied).contains(&copier), "{findings:?}");
        server.run(&grant).await;
        server.run(&sql(&findings, Code::ChangesDenied)).await;
        let findings = test(server.place_of(&reader, &copier), "right").await;
        assert!(codes(&findings).contains(&Code::AccountsFine), "what is offered helps: {findings:?}");

        let blind = server.account("blind", "right", &[]).await;
        let findings = test(server.place_of(&blind, &blind), "right").await;
        assert!(sql(&findings, Code::NoDatabases).contains(&blind), "{}: {findings:?}", server.name);

        // It sees the table, but may not read it.
        let right = format!("INSERT ON {}.t", server.database);
        let writer = server.account("writer", "right", &[&right]).await;
        let findings = test(server.place_of(&reader, &writer), "right").await;
        assert!(sql(&findings, Code::DatabaseDenied).contains(&writer), "{findings:?}");
    }
}

#[tokio::test]
async fn a_database_that_only_one_account_may_read_is_named_for_the_other() {
    for server in Server::each().await {
        server.run("CREATE TABLE t (id int PRIMARY KEY)").await;
        let (other, copier) = (server.one_more("other").await, able(&server, "copier").await);
        server.run(&format!("CREATE TABLE `{other}`.t (id int PRIMARY KEY)")).await;
        server.run(&format!("GRANT SELECT ON `{other}`.* TO '{copier}'@'%'")).await;
        let reader = able(&server, "reader").await;
        let findings = test(server.place_of(&reader, &copier), "right").await;
        let grant = format!("GRANT SELECT ON `{}`.* TO '{reader}'@'%';", other.as_str().replace('_', "\\_"));
        assert_eq!(sql(&findings, Code::DatabaseDenied), grant, "{}: {findings:?}", server.name);
        let fix: Vec<_> = findings.iter().filter(|finding| finding.severity() == Severity::Fix).collect();
        assert_eq!(fix.len(), 1, "what both may read is no trouble: {fix:?}");
        server.run(&grant).await;
        let findings = test(server.place_of(&reader, &copier), "right").await;
        assert!(codes(&findings).contains(&Code::AccountsFine), "{}: {findings:?}", server.name);
    }
}

#[tokio::test]
async fn names_that_the_lake_cannot_hold_are_told_tables_and_columns() {
    for server in Server::each().await {
        server.run("CREATE TABLE `../x` (id int); CREATE TABLE good (id int, `a\\\\b` int, `c/d` int)").await;
        let reader = able(&server, "reader").await;
        let findings = test(server.place_of(&reader, &reader), "right").await;
        let refused = findings.iter().find(|finding| finding.code == Code::NamesRefused).expect("it is told");
        let params = serde_json::to_value(&refused.said).expect("JSON")["params"].clone();
        assert_eq!(params["n"]["count"], 3, "{}: {refused:?}", server.name);
        assert_eq!(params["name"]["text"], format!("{}.../x", server.database), "{params}");
        assert_eq!(refused.severity(), Severity::Know);
    }
}

#[tokio::test]
async fn a_clock_that_is_off_is_told_with_how_much() {
    for server in Server::each().await {
        let reader = able(&server, "reader").await;
        let password: Option<SecretString> = Some("right".to_owned().into());
        let given = Given { source: None, catalogue: password.clone(), copying: password };
        let ours = Clock::standing(Clock::system().now().plus(-300_000));
        let findings = test_by(ours, server.place_of(&reader, &reader), &given).await;
        let off = findings.iter().find(|finding| finding.code == Code::ClockOff).expect("it is off");
        let seconds = serde_json::to_value(&off.said).expect("JSON")["params"]["seconds"]["count"].as_u64();
        assert!(seconds.is_some_and(|seconds| (295..=310).contains(&seconds)), "{off:?}");
    }
}

#[tokio::test]
async fn the_way_to_a_server_is_told_apart_from_the_server() {
    for server in Server::each().await {
        let hasty = |port: u16, host: &str| {
            let mut place = Mysql {
                port: Port::try_from(u32::from(port)).expect("a port"),
                host: host.parse().expect("a host"),
                ..server.place()
            };
            place.limits.connect_seconds = ConnectSeconds::try_from(2).expect("two seconds");
            place
        };
        let silent = Proxy::to(server.port, Then::Silence).await;
        silent.let_pass(0);
        assert_eq!(codes(&test(hasty(silent.port, "127.0.0.1"), "").await), [Code::Silent]);
        let free =
            tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address");
        assert_eq!(codes(&test(hasty(free.port(), "127.0.0.1"), "").await), [Code::NobodyListens]);
        let nowhere = codes(&test(hasty(server.port, "no-such-host.invalid"), "").await);
        assert!([vec![Code::NoSuchHost], vec![Code::Silent]].contains(&nowhere), "{nowhere:?}");
    }
}

#[tokio::test]
async fn encryption_that_is_wanted_and_missing_is_told() {
    for server in Server::each().await {
        let with = |tls| Mysql { tls, ..server.place() };
        let required = codes(&test(with(Tls::Required), "").await);
        let verified = codes(&test(with(Tls::VerifyCa { ca: None }), "").await);
        if server.is_mariadb() {
            assert_eq!(required, [Code::TlsMissing]);
            assert_eq!(verified, [Code::TlsMissing]);
            continue;
        }
        assert!(required.contains(&Code::Sealed), "{required:?}");
        assert_eq!(verified, [Code::TlsUntrusted], "nobody the world trusts has signed it");
        let folder = server.ask("SELECT @@datadir").await.remove(0);
        let ca = std::fs::read_to_string(std::path::Path::new(&folder).join("ca.pem")).expect("the server made one");
        let ca = Some(ca.parse().expect("PEM"));
        let trusted = codes(&test(with(Tls::VerifyCa { ca }), "").await);
        assert!(trusted.contains(&Code::Sealed), "{trusted:?}");
        let off = codes(&test(with(Tls::Off), "").await);
        assert!(off.contains(&Code::NotSealed), "{off:?}");
        // The server asks for a key of its own to seal the password with.
        let reader = able(&server, "reader").await;
        let off = test(Mysql { tls: Tls::Off, ..server.place_of(&reader, &reader) }, "right").await;
        assert!(codes(&off).contains(&Code::Reached), "{off:?}");
        server.run(&format!("ALTER USER '{reader}'@'%' REQUIRE SSL")).await;
        let off = test(Mysql { tls: Tls::Off, ..server.place_of(&reader, &reader) }, "right").await;
        assert_eq!(codes(&off), [Code::TlsWanted]);
    }
}

#[tokio::test]
async fn a_limit_on_the_time_of_queries_is_lifted_and_told() {
    for server in Server::each().await {
        let (name, value) =
            if server.is_mariadb() { ("max_statement_time", "5") } else { ("max_execution_time", "5000") };
        server.run(&format!("SET GLOBAL {name} = {value}")).await;
        let findings = test(server.place(), "").await;
        server.run(&format!("SET GLOBAL {name} = 0")).await;
        assert!(codes(&findings).contains(&Code::TimeLimit), "{}: {findings:?}", server.name);
    }
}

#[tokio::test]
async fn a_server_that_takes_no_writes_is_a_good_place_to_read_from() {
    for server in Server::each().await {
        server.fill(10).await;
        let reader = able(&server, "reader").await;
        server.run("SET GLOBAL read_only = 1").await;
        let findings = test(server.place_of(&reader, &reader), "right").await;
        let source = MysqlSource::new(server.place_of(&reader, &reader), Account::Copying, "right".to_owned().into());
        let rows = all(&source, &server.table("big")).await.map(|rows| rows.len());
        server.run("SET GLOBAL read_only = 0").await;
        assert_eq!(rows.expect("rows"), 10, "{}: the session writes nothing", server.name);
        let found = findings.iter().find(|finding| finding.code == Code::ReadOnly).expect("it is told");
        assert_eq!((found.severity(), found.fix()), (Severity::Fine, None));
        let to_fix: Vec<_> = findings.iter().filter(|finding| finding.severity() > Severity::Know).collect();
        assert!(to_fix.is_empty(), "{}: {to_fix:?}", server.name);
    }
}

/// The first two parts of the server's version, and as many letters that are too old.
async fn versions(server: &Server) -> (String, String) {
    let told = server.ask("SELECT VERSION()").await.remove(0);
    let now = told.split('.').take(2).collect::<Vec<_>>().join(".");
    let width = now.len();
    let old =
        if server.is_mariadb() { format!("10.{:0>1$}", 3, width - 3) } else { format!("{:0>1$}.6", 5, width - 2) };
    (now, old)
}

#[tokio::test]
async fn a_server_that_is_too_old_is_told_with_the_least_whether_it_understands_us_or_not() {
    for server in Server::each().await {
        let (now, old) = versions(&server).await;
        let behind = |proxy: &Proxy| Mysql {
            port: Port::try_from(u32::from(proxy.port)).expect("a port"),
            tls: Tls::Off,
            ..server.place()
        };
        let seems_old = Proxy::saying(server.port, &[(&now, &old)]).await;
        let findings = test(behind(&seems_old), "").await;
        let found = findings.iter().find(|finding| finding.code == Code::TooOld).expect("it is told");
        assert!(format!("{found:?}").contains(&old), "{found:?}");
        assert_eq!(found.severity(), Severity::Fix);
        assert!(codes(&findings).contains(&Code::Reached), "what else there is to know is told all the same");

        let knows_less = Proxy::saying(server.port, &[(&now, &old), ("READ, READ ONLY", "READ, NOTHING!!")]).await;
        assert_eq!(codes(&test(behind(&knows_less), "").await), [Code::TooOld], "{}", server.name);
        let source = MysqlSource::new(behind(&knows_less), Account::Catalogue, String::new().into());
        let Err(refused) = source.tables(None, 10).await else { panic!("it cannot be read") };
        assert!(refused.to_string().contains("too old"), "{refused}");
    }
}

/// What a server of old says first: it can seal connections, in a way that nobody takes any more.
fn greeting() -> Vec<u8> {
    let mut said = b"\x0a5.6.51-log\0\x07\0\0\0saltsalt\0".to_vec();
    // What it can: whole tables of text, TLS, passwords by plugins; in two halves.
    said.extend_from_slice(b"\x08\x8a\x21\x02\0\x08\0\x15");
    said.extend_from_slice(b"\0\0\0\0\0\0\0\0\0\0saltsaltsalt\0mysql_native_password\0");
    let length = u8::try_from(said.len()).expect("it is short");
    [vec![length, 0, 0, 0], said].concat()
}

#[tokio::test]
async fn an_encryption_that_is_too_old_is_no_matter_of_trust() {
    // An alert: fatal, the version of the protocol; and a server that begins in TLS 1.0 all the same.
    let alert: &[u8] = b"\x15\x03\x01\x00\x02\x02\x46";
    let hello: &[u8] = b"\x16\x03\x01\x00\x2a\x02\x00\x00\x26\x03\x0101234567890123456789012345678901\x00\x00\x2f\x00";
    for answer in [alert, hello] {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let _task = AbortOnDropHandle::new(tokio::spawn(async move {
            while let Ok((mut line, _)) = listener.accept().await {
                let mut heard = [0; 4_096];
                let _ = line.write_all(&greeting()).await;
                // It asks for a seal, and begins to agree on one.
                let _ = line.read_exact(&mut heard[..36]).await;
                let _ = line.read(&mut heard).await;
                let _ = line.write_all(answer).await;
                while matches!(line.read(&mut heard).await, Ok(1..)) {}
            }
        }));
        for tls in [Tls::Preferred, Tls::Required] {
            let place = Mysql {
                host: "127.0.0.1".parse().expect("a host"),
                port: Port::try_from(u32::from(port)).expect("a port"),
                tls,
                catalogue: "reader".parse().expect("a login"),
                copying: "reader".parse().expect("a login"),
                limits: Limits::default(),
            };
            let findings = test(place, "right").await;
            assert_eq!(codes(&findings), [Code::TlsRefused], "{findings:?}");
            assert_eq!(findings[0].code.who(), Who::SourceOwner);
        }
    }
}
