//! What a route says of its engine: which it is, where it is reached, and what its jobs are given.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use crate::args::catalog::Address;
use crate::tier::Tier;

/// The most readers of one job.
pub const READERS_MAX: u32 = 64;

/// The engine of a route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "engine", rename_all = "snake_case")]
pub enum SetUp {
    /// The one inside: copies on a schedule.
    Embedded,
    /// A session cluster of Flink: its jobs follow changes.
    Flink(Flink),
    /// The same, with StreamPark's console between: its jobs are seen and owned there.
    Streampark(Streampark),
}

/// A session cluster of Flink, driven by its REST API (real-stack §3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flink {
    /// Where its REST API is.
    pub address: Web,
    /// The warehouse as the cluster sees it: the same folder as ours, maybe by another path.
    pub warehouse: Address,
    /// How many readers each job has: its parallelism, and its slots.
    pub readers: Readers,
}

/// The console of StreamPark, and the cluster behind it (streampark-api §12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Streampark {
    /// Where the console is.
    pub console: Web,
    /// The team of its applications, by its id.
    pub team: Team,
    /// What its applications are copied from: an id, or a name that only one application of the team has.
    pub template: Template,
    /// Who signs in. The password is kept apart.
    pub login: String,
    /// The cluster behind the console.
    pub flink: Flink,
}

/// The id of a team at StreamPark: digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Team(String);

/// A text that is no id of a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the id of a team is made of digits")]
pub struct BadTeam;

impl Team {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Team {
    type Error = BadTeam;
    fn try_from(text: String) -> Result<Self, BadTeam> {
        let fits = (1..=20).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
        if fits { Ok(Self(text)) } else { Err(BadTeam) }
    }
}

impl From<Team> for String {
    fn from(team: Team) -> Self {
        team.0
    }
}

impl std::str::FromStr for Team {
    type Err = BadTeam;
    fn from_str(text: &str) -> Result<Self, BadTeam> {
        Self::try_from(text.to_owned())
    }
}

/// What names a template: an id or a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Template(String);

/// A text that names no template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the id or the name of an application, of at most 255 letters, without a backslash")]
pub struct BadTemplate;

impl Template {
    /// It, as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Template {
    type Error = BadTemplate;
    fn try_from(text: String) -> Result<Self, BadTemplate> {
        // A backslash escapes in StreamPark's look-up, so such a name would not find itself.
        let odd = |letter: char| letter.is_control() || letter == '\\';
        let fits = !text.trim().is_empty() && text.chars().count() <= 255 && !text.contains(odd);
        if fits { Ok(Self(text)) } else { Err(BadTemplate) }
    }
}

impl From<Template> for String {
    fn from(template: Template) -> Self {
        template.0
    }
}

impl std::str::FromStr for Template {
    type Err = BadTemplate;
    fn from_str(text: &str) -> Result<Self, BadTemplate> {
        Self::try_from(text.to_owned())
    }
}

impl SetUp {
    /// The cluster whose jobs follow changes, if there is one.
    pub const fn flink(&self) -> Option<&Flink> {
        match self {
            Self::Embedded => None,
            Self::Flink(flink) => Some(flink),
            Self::Streampark(streampark) => Some(&streampark.flink),
        }
    }

    /// The word by which routes and forms name it.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Embedded => "embedded",
            Self::Flink(_) => "flink",
            Self::Streampark(_) => "streampark",
        }
    }

    /// Whether a job follows changes, so that it needs a primary key and a server that keeps changes; else it copies
    /// whole tables again and again.
    pub const fn follows(&self) -> bool {
        self.flink().is_some()
    }

    /// Whether what one wrote, the other would write somewhere else.
    pub fn moves(&self, other: &Self) -> bool {
        match (self.flink(), other.flink()) {
            (None, None) => false,
            (Some(one), Some(other)) => one.warehouse != other.warehouse,
            (None, Some(_)) | (Some(_), None) => true,
        }
    }
}

/// How often a job makes what it read visible, in seconds (DESIGN, freshness tiers: 60 s or less).
pub const fn checkpoint_seconds(tier: Tier) -> u32 {
    match tier {
        Tier::Minutes => 30,
        Tier::Daily => 300,
    }
}

/// How many readers a job has: 1 to [`READERS_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Readers(NonZeroU32);

/// A number of readers that no job has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a job has 1 to {READERS_MAX} readers")]
pub struct BadReaders;

impl Readers {
    /// It, as a number.
    pub const fn get(self) -> u32 {
        self.0.get()
    }
}

impl Default for Readers {
    fn default() -> Self {
        Self(NonZeroU32::MIN)
    }
}

impl TryFrom<u32> for Readers {
    type Error = BadReaders;
    fn try_from(readers: u32) -> Result<Self, BadReaders> {
        NonZeroU32::new(readers).filter(|readers| readers.get() <= READERS_MAX).map(Self).ok_or(BadReaders)
    }
}

impl From<Readers> for u32 {
    fn from(readers: Readers) -> Self {
        readers.get()
    }
}

/// Where an API is: `http://host:port/path` or `https://…`, without an account, a question or a fragment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Web(String);

/// A text that is no such address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address: http://host:port or https://host:port, without a name or password in it")]
pub struct BadWeb;

impl Web {
    /// It, as text, without a `/` at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Web {
    type Error = BadWeb;
    fn try_from(text: String) -> Result<Self, BadWeb> {
        let text = text.trim_end_matches('/');
        let rest = ["http://", "https://"].iter().find_map(|scheme| text.strip_prefix(scheme)).ok_or(BadWeb)?;
        let host = rest.split('/').next().unwrap_or_default();
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let odd = |letter: char| letter.is_whitespace() || letter.is_control() || "@?#\\\"'<>{}|^`".contains(letter);
        if name.is_empty() || text.len() > 500 || text.chars().any(odd) { Err(BadWeb) } else { Ok(Self(text.into())) }
    }
}

impl std::str::FromStr for Web {
    type Err = BadWeb;
    fn from_str(text: &str) -> Result<Self, BadWeb> {
        Self::try_from(text.to_owned())
    }
}

impl From<Web> for String {
    fn from(web: Web) -> Self {
        web.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flink(warehouse: &str) -> SetUp {
        SetUp::Flink(Flink {
            address: "http://flink:8081/".parse().expect("an address"),
            warehouse: warehouse.parse().expect("a folder"),
            readers: Readers::default(),
        })
    }

    fn streampark(warehouse: &str) -> SetUp {
        let SetUp::Flink(flink) = flink(warehouse) else { panic!("a cluster") };
        SetUp::Streampark(Streampark {
            console: "http://console:10000".parse().expect("an address"),
            team: "100000".parse().expect("a team"),
            template: "模板 1".parse().expect("a template"),
            login: "lakegate".into(),
            flink,
        })
    }

    #[test]
    fn a_team_is_digits_and_a_template_is_named() {
        assert!(["", "a", "1 ", &"1".repeat(21)].iter().all(|bad| bad.parse::<Team>().is_err()));
        assert!(["", "  ", "a\\b", "a\n", &"x".repeat(256)].iter().all(|bad| bad.parse::<Template>().is_err()));
    }

    #[test]
    fn an_address_has_a_host_and_no_secrets() {
        for good in ["http://a", "https://flink.corp:8081/cluster/a/", "http://127.0.0.1:8081", "http://[::1]:8081"] {
            let web: Web = good.parse().expect(good);
            assert_eq!(web.as_str(), good.trim_end_matches('/'));
        }
        let bad =
            ["", "flink:8081", "ftp://a", "http://", "http://:80", "http://me:pw@a", "http://a?x=1", "http://a b"];
        for bad in bad {
            assert!(bad.parse::<Web>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_job_has_a_sane_number_of_readers() {
        assert!([1, 64].iter().all(|n| Readers::try_from(*n).is_ok()));
        assert!([0, 65, u32::MAX].iter().all(|n| Readers::try_from(*n).is_err()));
    }

    #[test]
    fn it_is_written_down_and_read_back() {
        for engine in [SetUp::Embedded, flink("file:///lake"), streampark("file:///lake")] {
            let text = serde_json::to_string(&engine).expect("plain data");
            assert_eq!(serde_json::from_str::<SetUp>(&text).expect("the same"), engine);
            assert!(text.contains(engine.word()));
        }
        assert!(serde_json::from_str::<SetUp>(r#"{"engine":"spark"}"#).is_err());
    }

    #[test]
    fn another_engine_or_another_warehouse_moves_what_was_written() {
        assert!(!flink("file:///lake").moves(&flink("file:///lake")));
        assert!(flink("file:///lake").moves(&flink("file:///other")));
        assert!(!flink("file:///lake").moves(&streampark("file:///lake")), "the tables stay where they are");
        assert!(streampark("file:///lake").moves(&streampark("file:///other")));
        assert!(flink("file:///lake").moves(&SetUp::Embedded) && SetUp::Embedded.moves(&flink("file:///lake")));
    }
}
