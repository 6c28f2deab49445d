//! The test of a server: the way to it, its two accounts, and what they may read. Every finding at once.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::time::{Duration, Instant};

use domain::name::Name;
use domain::source::finding::{Finding, FindingCode as Code};
use domain::source::{Account, Mysql, Tls};
use secrecy::SecretString;

use super::session::{Session, Trouble, every_column, literal, quoted, text};
use super::{CATALOGUE, catalogue, error, setup};
use crate::state::Clock;

/// Databases whose rights are tried out one by one.
const MOST_DATABASES: usize = 200;
/// Databases that a sentence names.
const MOST_NAMED: usize = 10;

/// Looks at a server with the passwords of its accounts; `None` where there is none yet.
pub async fn look(server: &Mysql, password: impl Fn(Account) -> Option<SecretString>, clock: &Clock) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut sessions = Vec::new();
    for account in Account::ALL {
        let Some(password) = password(account) else {
            findings.push(of_account(Code::PasswordMissing, server, account));
            continue;
        };
        let begun = Instant::now();
        match Session::open(server, account, &password, CATALOGUE).await {
            Ok(session) => sessions.push((account, session, begun.elapsed())),
            Err(trouble) if wants_seal(&trouble, server, account, &password).await => {
                findings.push(Finding::new(Code::TlsWanted));
                return findings;
            }
            Err(trouble) => {
                let (finding, is_the_way) = of_trouble(&trouble, server, account);
                findings.push(finding);
                if is_the_way {
                    // The other account would meet the same.
                    return findings;
                }
            }
        }
    }
    if let Some((_, session, took)) = sessions.first_mut() {
        let host = &server.host;
        let reached = Finding::new(Code::Reached).text("host", host).text("version", &session.version);
        findings.insert(0, reached.count("ms", millis(*took)));
        findings.extend(setup::look(session, clock).await);
    }
    if let Some((_, session, _)) = sessions.iter_mut().find(|(account, ..)| *account == Account::Copying) {
        findings.extend(setup::look_at_changes(session, server.login(Account::Copying)).await);
    }
    findings.extend(rights(&mut sessions, server).await);
    findings
}

/// An account that must seal its connections is refused as if its password were wrong.
async fn wants_seal(trouble: &Trouble, server: &Mysql, account: Account, password: &SecretString) -> bool {
    let is_refused = matches!(error::answer(trouble), Some((1045 | 1698, _)));
    let sealed = Mysql { tls: Tls::Required, ..server.clone() };
    is_refused && server.tls == Tls::Off && Session::open(&sealed, account, password, CATALOGUE).await.is_ok()
}

type Opened = (Account, Session, Duration);

/// What the accounts may read.
async fn rights(sessions: &mut [Opened], server: &Mysql) -> Vec<Finding> {
    let mut seen = Vec::new();
    let mut findings = Vec::new();
    for (account, session, _) in sessions.iter_mut() {
        match survey(session).await {
            Ok(survey) => seen.push((*account, survey)),
            Err(trouble) => findings.push(not_known(&trouble)),
        }
    }
    let all: BTreeSet<Name> = seen.iter().flat_map(|(_, survey)| survey.databases.iter().cloned()).collect();
    if !seen.is_empty() && all.is_empty() {
        let user = seen.first().map(|(_, survey)| survey.user.clone()).unwrap_or_default();
        findings.push(Finding::new(Code::NoDatabases).sql(format!("GRANT SELECT ON *.* TO {user};")));
        return findings;
    }
    let mut denied_any = false;
    for (account, session, _) in sessions.iter_mut() {
        let Some((_, survey)) = seen.iter().find(|(seen, _)| seen == account) else { continue };
        let denied = denied(session, survey, &all, *account).await;
        if !denied.is_empty() {
            denied_any = true;
            findings.push(of_databases(server, *account, &denied, &survey.user));
        }
    }
    if let [(_, catalogue), rest @ ..] = seen.as_slice() {
        let refused: Vec<_> =
            catalogue.refused.iter().chain(rest.iter().flat_map(|(_, survey)| &survey.refused)).collect();
        if let Some(first) = refused.first() {
            let distinct: BTreeSet<_> = refused.iter().collect();
            findings.push(Finding::new(Code::NamesRefused).count("n", distinct.len() as u64).text("name", first));
        }
        let readable = Finding::new(Code::Readable).count("databases", catalogue.databases.len() as u64);
        findings.push(readable.count("tables", catalogue.tables));
    }
    if seen.len() == Account::ALL.len() && !denied_any {
        let fine = Finding::new(Code::AccountsFine).text("catalogue", &server.catalogue);
        findings.push(fine.text("copying", &server.copying));
    }
    findings
}

/// What one account sees.
struct Survey {
    /// How the server calls the account, ready for a GRANT.
    user: String,
    databases: BTreeSet<Name>,
    tables: u64,
    refused: Vec<String>,
}

async fn survey(session: &mut Session) -> Result<Survey, Trouble> {
    let user = session.row("SELECT CURRENT_USER()").await?;
    let user = user.map(|row| text(&row, 0)).transpose()?.flatten().unwrap_or_default();
    let (databases, mut refused) = catalogue::databases(session).await?;
    let mut tables = 0;
    for database in &databases {
        let names = catalogue::names(session, database).await?;
        tables += names.tables.len() as u64;
        let columns = catalogue::refused_columns(session, database).await?;
        refused.extend(names.refused.into_iter().chain(columns).map(|name| format!("{database}.{name}")));
    }
    let (name, host) = user.rsplit_once('@').unwrap_or((user.as_str(), "%"));
    Ok(Survey { user: format!("{}@{}", literal(name), literal(host)), databases, tables, refused })
}

/// Databases that the other account sees and this one does not, or whose tables it may not read.
async fn denied(session: &mut Session, survey: &Survey, all: &BTreeSet<Name>, account: Account) -> Vec<Name> {
    let mut denied: Vec<Name> = all.difference(&survey.databases).cloned().collect();
    if account == Account::Copying {
        for database in survey.databases.iter().take(MOST_DATABASES) {
            let Ok(names) = catalogue::names(session, database).await else { continue };
            let Some(table) = names.tables.first() else { continue };
            if let Err(trouble) = session.run(&every_column(database, &table.table)).await
                && matches!(error::answer(&trouble), Some((1044 | 1142 | 1143, _)))
            {
                denied.push(database.clone());
            }
        }
    }
    denied.sort();
    denied
}

fn of_databases(server: &Mysql, account: Account, denied: &[Name], user: &str) -> Finding {
    let mut named: Vec<_> = denied.iter().take(MOST_NAMED).map(Name::to_string).collect();
    if denied.len() > MOST_NAMED {
        named.push(format!("… ({})", denied.len()));
    }
    // In a GRANT, % and _ in the name of a database stand for others.
    let grant = |name: &Name| {
        let name = quoted(name).replace('_', "\\_").replace('%', "\\%");
        format!("GRANT SELECT ON {name}.* TO {user};")
    };
    let sql: Vec<_> = denied.iter().map(grant).collect();
    of_account(Code::DatabaseDenied, server, account).text("database", named.join(", ")).sql(sql.join("\n"))
}

fn of_account(code: Code, server: &Mysql, account: Account) -> Finding {
    Finding::new(code).text("account", account.word()).text("login", server.login(account))
}

/// What a failed connection says, and whether the way is at fault: then every account meets the same.
fn of_trouble(trouble: &Trouble, server: &Mysql, account: Account) -> (Finding, bool) {
    let of_host = |code| Finding::new(code).text("host", &server.host).text("port", server.port.get());
    let what = error::said(trouble).unwrap_or_else(|| trouble.to_string());
    let user = format!("{}@'%'", literal(server.login(account).as_str()));
    if let Some((number, _)) = error::answer(trouble) {
        let closed = |sql: String| of_account(Code::AccountClosed, server, account).text("what", &what).sql(sql);
        return match number {
            1045 | 1698 => {
                let sql = format!("ALTER USER {user} IDENTIFIED BY '…';");
                (of_account(Code::PasswordWrong, server, account).sql(sql), false)
            }
            1820 | 1862 => (closed(format!("ALTER USER {user} PASSWORD EXPIRE NEVER;")), false),
            3118 | 4151 => (closed(format!("ALTER USER {user} ACCOUNT UNLOCK;")), false),
            1129 => (Finding::new(Code::HostRefused).text("what", what).sql("FLUSH HOSTS;"), true),
            1130 => {
                let sql = format!("CREATE USER {user} IDENTIFIED BY '…';\nGRANT SELECT ON *.* TO {user};");
                (Finding::new(Code::HostRefused).text("what", what).sql(sql), false)
            }
            1040 | 1203 | 1226 => (Finding::new(Code::NoRoom).text("what", what), false),
            3159 => (Finding::new(Code::TlsWanted), true),
            _ => (Finding::new(Code::Away).text("what", what), false),
        };
    }
    let finding = match trouble {
        Trouble::Silent(limit) => of_host(Code::Silent).count("seconds", limit.as_secs()),
        Trouble::Sql(sqlx::Error::Tls(_)) if what.contains("does not support TLS") => Finding::new(Code::TlsMissing),
        Trouble::Sql(sqlx::Error::Tls(_)) => Finding::new(Code::TlsUntrusted).text("what", what),
        Trouble::Sql(sqlx::Error::Protocol(_)) => of_host(Code::NotMysql).text("what", trouble),
        Trouble::Sql(sqlx::Error::Io(problem)) => match problem.kind() {
            ErrorKind::ConnectionRefused => of_host(Code::NobodyListens),
            ErrorKind::TimedOut => of_host(Code::Silent).count("seconds", server.limits.connect_seconds.get().into()),
            // What the seal of a connection is made with reports its refusals so.
            ErrorKind::InvalidData if is_untrusted(problem) => Finding::new(Code::TlsUntrusted).text("what", what),
            ErrorKind::InvalidData => Finding::new(Code::TlsRefused).text("what", what),
            _ if what.contains("lookup") => of_host(Code::NoSuchHost),
            _ => Finding::new(Code::Away).text("what", format!("{}: {what}", server.host)),
        },
        Trouble::Odd(_) => of_host(Code::NotMysql).text("what", what),
        Trouble::Old(version, least) => setup::of_age(version, least),
        Trouble::Sql(_) => Finding::new(Code::Away).text("what", what),
    };
    (finding, true)
}

/// Is it the certificate that the seal fails by, not the way of sealing.
fn is_untrusted(problem: &std::io::Error) -> bool {
    let why = problem.get_ref().and_then(|why| why.downcast_ref::<rustls::Error>());
    matches!(why, Some(rustls::Error::InvalidCertificate(_)))
}

/// A look that could not be taken.
pub fn not_known(trouble: &Trouble) -> Finding {
    Finding::new(Code::NotKnown).text("what", error::said(trouble).unwrap_or_else(|| trouble.to_string()))
}

/// As a count of milliseconds.
pub fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
