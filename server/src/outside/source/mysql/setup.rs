//! The test of a server, second part: how it is set up, as far as that concerns copies now and other engines later.

use std::collections::BTreeMap;

use domain::source::Login;
use domain::source::finding::{Finding, FindingCode as Code};
use domain::types::LakeType;
use domain::value::Value;

use super::super::text;
use super::look::not_known;
use super::session::{self, Flavour, Session, Trouble};
use crate::state::Clock;

/// A clock that is off by more makes ages of data wrong.
const CLOCK_MICROS: u64 = 2_000_000;
/// Changes kept for less than this are a risk for a large first copy.
const CHANGES_HOURS: u64 = 72;

const SETTINGS: &str = "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('log_bin', 'binlog_format', 'binlog_row_image', \
                        'binlog_expire_logs_seconds', 'expire_logs_days', 'time_zone', 'system_time_zone', \
                        'read_only', 'super_read_only', 'max_statement_time', 'max_execution_time', 'sql_mode')";

/// Settings by name.
struct Settings(BTreeMap<String, String>);

impl Settings {
    async fn read(session: &mut Session) -> Result<Self, Trouble> {
        let mut settings = BTreeMap::new();
        for row in session.rows(SETTINGS).await? {
            let (name, value) = (session::text(&row, 0)?, session::text(&row, 1)?);
            settings.insert(name.unwrap_or_default().to_lowercase(), value.unwrap_or_default());
        }
        Ok(Self(settings))
    }

    fn get(&self, name: &str) -> &str {
        self.0.get(name).map(String::as_str).unwrap_or_default()
    }

    fn is_on(&self, name: &str) -> bool {
        matches!(self.get(name).to_uppercase().as_str(), "ON" | "1" | "YES")
    }

    fn number(&self, name: &str) -> u64 {
        // `max_statement_time` is told with a fraction.
        self.get(name).split('.').next().and_then(|whole| whole.parse().ok()).unwrap_or_default()
    }
}

/// Looks at what concerns copies.
pub async fn look(session: &mut Session, clock: &Clock) -> Vec<Finding> {
    let mut findings: Vec<_> = age(session).into_iter().collect();
    findings.push(seal(session).await.unwrap_or_else(|trouble| not_known(&trouble)));
    findings.push(time(session, clock).await.unwrap_or_else(|trouble| not_known(&trouble)));
    match Settings::read(session).await {
        Ok(settings) => {
            findings.push(zone(session, &settings).await.unwrap_or_else(|trouble| not_known(&trouble)));
            if settings.is_on("read_only") || settings.is_on("super_read_only") {
                findings.push(Finding::new(Code::ReadOnly));
            }
            let limit = settings.number("max_statement_time").max(settings.number("max_execution_time") / 1_000);
            if limit > 0 {
                let code = if session.unlimited { Code::TimeLimit } else { Code::TimeLimitStays };
                findings.push(Finding::new(code).count("seconds", limit));
            }
            if !settings.get("sql_mode").contains("NO_ZERO_DATE") {
                findings.push(Finding::new(Code::ZeroDates));
            }
            findings.extend(changes(session, &settings));
        }
        Err(trouble) => findings.push(not_known(&trouble)),
    }
    findings
}

/// Is the version one that we read.
fn age(session: &Session) -> Option<Finding> {
    session.too_old().map(|(version, least)| of_age(version, least))
}

/// A server that is too old.
pub fn of_age(version: &str, least: &str) -> Finding {
    Finding::new(Code::TooOld).text("version", version).text("least", least)
}

async fn seal(session: &mut Session) -> Result<Finding, Trouble> {
    let row = session.row("SHOW SESSION STATUS LIKE 'Ssl_version'").await?;
    let seal = row.map(|row| session::text(&row, 1)).transpose()?.flatten().unwrap_or_default();
    Ok(if seal.is_empty() { Finding::new(Code::NotSealed) } else { Finding::new(Code::Sealed).text("tls", seal) })
}

async fn time(session: &mut Session, clock: &Clock) -> Result<Finding, Trouble> {
    let before = clock.now();
    let row = session.row("SELECT UTC_TIMESTAMP(6)").await?;
    let after = clock.now();
    let told = row.map(|row| session::text(&row, 0)).transpose()?.flatten().unwrap_or_default();
    let Ok(Value::Timestamp(theirs)) = text::value(LakeType::Timestamp(6), &told) else {
        return Err(Trouble::Odd("no time".into()));
    };
    // Between question and answer, the server's clock may stand anywhere.
    let (low, high) = (before.0 * 1_000, (after.0 + 1) * 1_000);
    let off = if theirs < low { low.abs_diff(theirs) } else { theirs.saturating_sub(high).max(0).unsigned_abs() };
    if off > CLOCK_MICROS {
        return Ok(Finding::new(Code::ClockOff).count("seconds", off / 1_000_000));
    }
    Ok(Finding::new(Code::ClockFine).count("ms", off / 1_000 + after.0.abs_diff(before.0) + 1))
}

async fn zone(session: &mut Session, settings: &Settings) -> Result<Finding, Trouble> {
    let row = session.row("SELECT TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP(), NOW())").await?;
    let minutes = row.map(|row| session::text(&row, 0)).transpose()?.flatten();
    let minutes: i64 = minutes.and_then(|minutes| minutes.parse().ok()).unwrap_or_default();
    let sign = if minutes < 0 { '-' } else { '+' };
    let offset = format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60);
    let is_system = settings.get("time_zone").eq_ignore_ascii_case("SYSTEM");
    let name = settings.get(if is_system { "system_time_zone" } else { "time_zone" });
    // CST is Shanghai's, Chicago's and Havana's.
    let is_unclear = is_system
        && !matches!(name, "UTC" | "GMT" | "Etc/UTC" | "")
        && name.bytes().all(|letter| letter.is_ascii_uppercase());
    if is_unclear {
        let set = set(session, "time_zone", &format!("'{offset}'"));
        return Ok(Finding::new(Code::ZoneUnclear).text("zone", name).text("offset", offset).sql(set));
    }
    Ok(Finding::new(Code::ZoneFine).text("zone", if name.is_empty() { &offset } else { name }))
}

/// How to set something for good: MariaDB and old MySQL need a line in the settings file too.
fn set(session: &Session, name: &str, value: &str) -> String {
    let persists = session.flavour == Flavour::MySql && !session.version.starts_with("5.");
    if persists {
        format!("SET PERSIST {name} = {value};")
    } else {
        format!("SET GLOBAL {name} = {value};  -- and in the server's settings file: {name} = {value}")
    }
}

/// Are changes kept as engines need them that follow changes.
fn changes(session: &Session, settings: &Settings) -> Vec<Finding> {
    if !settings.is_on("log_bin") {
        let lines = "# in the server's settings file, below [mysqld]\nserver_id = 1\nlog_bin = binlog\n\
                     binlog_format = ROW\nbinlog_row_image = FULL";
        return vec![Finding::new(Code::ChangesOff).sql(lines)];
    }
    let mut findings = Vec::new();
    let said = |name, usual: &'static str| match settings.get(name) {
        // A server that has no such setting any more knows the usual only.
        "" => usual.to_owned(),
        said => said.to_uppercase(),
    };
    let (format, image) = (said("binlog_format", "ROW"), said("binlog_row_image", "FULL"));
    if format != "ROW" || image != "FULL" {
        let sql = [set(session, "binlog_format", "'ROW'"), set(session, "binlog_row_image", "'FULL'")].join("\n");
        findings.push(Finding::new(Code::ChangesNotByRow).text("format", format).text("image", image).sql(sql));
    }
    let seconds = settings.number("binlog_expire_logs_seconds");
    let hours = if seconds > 0 { seconds / 3_600 } else { settings.number("expire_logs_days") * 24 };
    // 0 is for ever.
    if (1..CHANGES_HOURS).contains(&hours) {
        let by_seconds = settings.0.contains_key("binlog_expire_logs_seconds");
        let sql = if by_seconds {
            set(session, "binlog_expire_logs_seconds", "259200")
        } else {
            set(session, "expire_logs_days", "3")
        };
        findings.push(Finding::new(Code::ChangesShort).count("hours", hours).sql(sql));
    }
    if findings.is_empty() {
        findings.push(Finding::new(Code::ChangesFine));
    }
    findings
}

/// May the account follow changes.
pub async fn look_at_changes(session: &mut Session, login: &Login) -> Option<Finding> {
    let grants = match session.rows("SHOW GRANTS").await {
        Ok(grants) => grants,
        Err(trouble) => return Some(not_known(&trouble)),
    };
    let mut everywhere = String::new();
    for row in &grants {
        let line = session::text(row, 0).ok().flatten().unwrap_or_default().to_uppercase();
        if !line.contains(" ON ") {
            // A role, whose rights are not told here.
            return None;
        }
        if line.contains(" ON *.* ") {
            everywhere.push_str(&line);
        }
    }
    let has = |right: &str| everywhere.contains(right) || everywhere.contains("ALL PRIVILEGES");
    if has("REPLICATION SLAVE") && (has("REPLICATION CLIENT") || has("BINLOG MONITOR")) {
        return None;
    }
    let user = session.row("SELECT CURRENT_USER()").await.ok().flatten();
    let user = user.and_then(|row| session::text(&row, 0).ok().flatten()).unwrap_or_default();
    let (name, host) = user.rsplit_once('@').unwrap_or((user.as_str(), "%"));
    let user = format!("{}@{}", session::literal(name), session::literal(host));
    let sql = format!("GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO {user};");
    Some(Finding::new(Code::ChangesDenied).text("login", login).sql(sql))
}
