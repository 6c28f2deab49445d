//! Every setting, documented once: file < environment < flags. The only reader of the environment.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use domain::deadline::Deadlines;
use domain::time::{DAY, HOUR, MINUTE, SECOND};
use secrecy::SecretString;
use serde::Deserialize;

/// The prefix of environment variables: `LAKEGATE_LISTEN`, nested names with `__`: `LAKEGATE_DEADLINES__PLACED`.
const PREFIX: &str = "LAKEGATE";

/// Every setting.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the server listens. Loopback unless told otherwise.
    pub listen: SocketAddr,
    /// The address people type, e.g. `https://lakegate.example.com`. Cookies are `Secure` when it is https, and only
    /// pages from it may change anything. Unset: the address the browser used.
    pub public_url: Option<String>,
    /// The folder of everything Lakegate keeps: the SQLite file, the warehouse, the sample, the secret key.
    pub data: PathBuf,
    /// `sqlite://…` or `postgres://…`; unset: `lakegate.db` in the data folder. Also as `database_file`.
    pub database: Option<SecretString>,
    /// A file that holds the database address.
    pub database_file: Option<PathBuf>,
    /// The Paimon warehouse of the embedded engine; unset: `warehouse` in the data folder.
    pub warehouse: Option<PathBuf>,
    /// The one folder below which SQLite sources lie; unset: `sources` in the data folder.
    pub sources: Option<PathBuf>,
    /// 32 bytes in base64 that seal secrets. Unset: `secret.key` in the data folder, made at the first start.
    pub secret_key: Option<SecretString>,
    /// A file that holds the secret key.
    pub secret_key_file: Option<PathBuf>,
    /// The zone of promises ("by 07:00"), e.g. `Asia/Shanghai`.
    pub zone: String,
    /// How long a session may lie unused, in milliseconds.
    pub session_idle: i64,
    /// How often the catalogue of each source is read, in milliseconds.
    pub catalogue_every: i64,
    /// How often each source is tested by itself, in milliseconds; 0 is never. One that needs a fix is tested every five
    /// minutes, if that is sooner.
    pub test_every: i64,
    /// How long each state may last, in milliseconds.
    pub deadlines: Deadlines,
    /// Rows of tables in the lake that look personal are masked for everybody.
    pub mask_personal: bool,
    /// `text` or `json`.
    pub log: LogFormat,
    /// The bundled sample, three people to sign in with, short waits. Never for real data.
    pub demo: bool,
    /// In a build with the feature `testing`: the point at which to die.
    pub crash_at: Option<String>,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 7070)),
            public_url: None,
            data: PathBuf::from("data"),
            database: None,
            database_file: None,
            warehouse: None,
            sources: None,
            secret_key: None,
            secret_key_file: None,
            zone: "Asia/Shanghai".into(),
            session_idle: 7 * DAY,
            catalogue_every: 15 * MINUTE,
            test_every: HOUR,
            deadlines: Deadlines::default(),
            mask_personal: true,
            log: LogFormat::Text,
            demo: false,
            crash_at: None,
        }
    }
}

/// What is wrong with the settings, each in a sentence.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct Wrong(pub Vec<String>);

/// What flags say; each beats file and environment.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// The settings file.
    pub file: Option<PathBuf>,
    /// Where to listen.
    pub listen: Option<SocketAddr>,
    /// The data folder.
    pub data: Option<PathBuf>,
    /// The demo.
    pub demo: bool,
}

impl Config {
    /// Reads file, environment and flags; everything that is wrong is said at once.
    pub fn read(flags: &Flags) -> Result<Self, Wrong> {
        let mut builder = config::Config::builder();
        if let Some(file) = &flags.file {
            builder = builder.add_source(config::File::from(file.as_path()).format(config::FileFormat::Toml));
        }
        let environment =
            config::Environment::with_prefix(PREFIX).prefix_separator("_").separator("__").try_parsing(true);
        builder = builder.add_source(environment.source(Some(variables())));
        let read = builder.build().and_then(config::Config::try_deserialize::<Self>);
        let mut config =
            read.map_err(|problem| Wrong(vec![format!("The settings cannot be read: {}.", said(&problem))]))?;
        if let Some(listen) = flags.listen {
            config.listen = listen;
        }
        if let Some(data) = &flags.data {
            config.data.clone_from(data);
        }
        config.demo |= flags.demo;
        if config.demo {
            config.deadlines.approved = config.deadlines.approved.min(3 * SECOND);
        }
        let wrong = config.wrong();
        if wrong.is_empty() { Ok(config) } else { Err(Wrong(wrong)) }
    }

    /// Everything that is wrong or does not go together.
    fn wrong(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        if self.zone.parse::<chrono_tz::Tz>().is_err() {
            wrong.push(format!("zone: there is no time zone {:?}; write it like Asia/Shanghai.", self.zone));
        }
        if self.database.is_some() && self.database_file.is_some() {
            wrong.push("database and database_file are both set; leave one out.".into());
        }
        if let Ok(url) = self.database_url()
            && !["sqlite://", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme))
        {
            wrong.push("database: its address begins with sqlite:// or postgres://, and this one does not.".into());
        }
        if self.secret_key.is_some() && self.secret_key_file.is_some() {
            wrong.push("secret_key and secret_key_file are both set; leave one out.".into());
        }
        if let Some(url) = &self.public_url
            && crate::http::origin::parse(url).is_none()
        {
            wrong.push(format!("public_url: {url:?} is not an address; write it like https://lakegate.example.com."));
        }
        if !self.listen.ip().is_loopback() && self.public_url.is_none() {
            wrong.push(format!(
                "listen: {} can be reached from other machines, so public_url must say by which address.",
                self.listen
            ));
        }
        if self.demo && !self.listen.ip().is_loopback() {
            wrong.push("demo: its passwords are known to everybody, so it listens on 127.0.0.1 only.".into());
        }
        for (name, span) in [
            ("session_idle", self.session_idle),
            ("catalogue_every", self.catalogue_every),
            ("deadlines.submitted", self.deadlines.submitted),
        ] {
            if span <= 0 {
                wrong.push(format!("{name}: {span} is not a time span; give milliseconds above 0."));
            }
        }
        if self.test_every < 0 {
            wrong.push(format!(
                "test_every: {} is not a time span; give milliseconds, or 0 for never.",
                self.test_every
            ));
        }
        wrong
    }

    /// The database's address.
    pub fn database_url(&self) -> Result<String, Wrong> {
        use secrecy::ExposeSecret;
        let from_file = self.database_file.as_deref().map(read_secret).transpose()?;
        let url = self.database.clone().or(from_file);
        Ok(url.map_or_else(
            || format!("sqlite://{}", self.data.join("lakegate.db").display()),
            |url| url.expose_secret().trim().to_owned(),
        ))
    }

    /// The warehouse's folder.
    pub fn warehouse(&self) -> PathBuf {
        self.warehouse.clone().unwrap_or_else(|| self.data.join("warehouse"))
    }

    /// The folder below which sources lie.
    pub fn sources(&self) -> PathBuf {
        self.sources.clone().unwrap_or_else(|| self.data.join("sources"))
    }

    /// The file in which a key that the settings do not give is kept.
    pub fn key_file(&self) -> PathBuf {
        self.data.join("secret.key")
    }

    /// The secret key that the settings give, or the one in the data folder; `None` before the first start.
    pub fn secret_key(&self) -> Result<Option<SecretString>, Wrong> {
        if let Some(key) = &self.secret_key {
            return Ok(Some(key.clone()));
        }
        if let Some(file) = &self.secret_key_file {
            return read_secret(file).map(Some);
        }
        let file = self.key_file();
        if file.exists() { read_secret(&file).map(Some) } else { Ok(None) }
    }

    /// The zone of promises, as milliseconds east of UTC just now.
    pub fn zone_offset(&self, now: domain::time::Millis) -> i64 {
        use chrono::{Offset, TimeZone};
        let zone: chrono_tz::Tz = self.zone.parse().unwrap_or(chrono_tz::Tz::UTC);
        let utc = chrono::DateTime::from_timestamp_millis(now.0).unwrap_or_default().naive_utc();
        i64::from(zone.offset_from_utc_datetime(&utc).fix().local_minus_utc()) * SECOND
    }
}

/// What is wrong with a file, without the line of it that the parser shows: a secret may stand there.
fn said(problem: &config::ConfigError) -> String {
    let text = problem.to_string();
    text.lines().filter(|line| !line.contains('|')).collect::<Vec<_>>().join(": ")
}

/// The environment without those of our variables that speak to the build and the tests, not to the server.
fn variables() -> std::collections::HashMap<String, String> {
    const OTHERS: [&str; 6] = ["CONFIG", "BIN", "PAGE", "PAGE_DEV", "PAGE_RELEASE", "PYTHON"];
    let ours = |name: &str| name.strip_prefix("LAKEGATE_").is_some_and(|rest| OTHERS.contains(&rest));
    std::env::vars().filter(|(name, _)| !ours(name)).collect()
}

fn read_secret(file: &Path) -> Result<SecretString, Wrong> {
    std::fs::read_to_string(file)
        .map(|text| text.trim().to_owned().into())
        .map_err(|problem| Wrong(vec![format!("{}: cannot be read: {problem}.", file.display())]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_wrong_is_said_at_once() {
        let config = Config {
            zone: "Mars".into(),
            listen: "0.0.0.0:80".parse().expect("an address"),
            demo: true,
            ..Config::default()
        };
        assert_eq!(config.wrong().len(), 3, "{:?}", config.wrong());
        assert!(Config::default().wrong().is_empty());
    }

    #[test]
    fn no_secret_is_printed() {
        let config = Config {
            database: Some("postgres://u:hunter2@h/db".to_owned().into()),
            secret_key: Some("hunter2".to_owned().into()),
            ..Config::default()
        };
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[test]
    fn the_zone_knows_its_offset() {
        let config = Config::default();
        assert_eq!(config.zone_offset(domain::time::Millis(0)), 8 * 3_600_000);
    }
}
