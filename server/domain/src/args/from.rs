//! The database server that tables come from: `--mysql_conf` (paimon-cdc §4).

use super::argv::{Argv, BUCKETS};
use super::finding::{Code, Finding};
use super::parse::{BadArgs, Bag};
use super::secret::Place;
use super::tables;
use crate::name::Name;
use crate::source::{Host, Login, Port, Tls};

/// The database of a server that tables come from. Its password is never a part of it.
///
/// One database: with several, a table's name would be looked for in each of them (paimon-cdc §3, rule 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct From {
    /// The server.
    pub host: Host,
    /// Its port.
    pub port: Port,
    /// The account that copies.
    pub login: Login,
    /// The database.
    pub database: Name,
    /// The numbers by which the readers are known at the server.
    pub server_ids: ServerIds,
    /// The zone in which the server tells times.
    pub zone: Zone,
    /// How many rows are read at a time in the first copy.
    pub chunk: Chunk,
    /// How the connection is sealed.
    pub sealing: Sealing,
}

/// The numbers by which readers are known at a server, both ends included. No two jobs may share one: both would be cut
/// off for ever (real-stack §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerIds {
    first: u32,
    last: u32,
}

/// The program reads the numbers as Java's `int` [code], though a server takes twice as many.
const MOST_ID: u32 = i32::MAX.unsigned_abs();

/// Numbers that are no range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a range of server ids: `5401-5404`, from 1 to 2147483647, the first not above the last")]
pub struct BadServerIds;

impl ServerIds {
    /// A range, both ends included.
    pub const fn new(first: u32, last: u32) -> Result<Self, BadServerIds> {
        if first >= 1 && first <= last && last <= MOST_ID { Ok(Self { first, last }) } else { Err(BadServerIds) }
    }

    /// The lowest.
    pub const fn first(self) -> u32 {
        self.first
    }

    /// The highest.
    pub const fn last(self) -> u32 {
        self.last
    }

    /// How many there are.
    pub const fn count(self) -> u64 {
        (self.last - self.first) as u64 + 1
    }

    /// Whether both hold some number.
    pub const fn meets(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

impl std::fmt::Display for ServerIds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.first, self.last)
    }
}

impl std::str::FromStr for ServerIds {
    type Err = BadServerIds;
    fn from_str(text: &str) -> Result<Self, BadServerIds> {
        let number = |text: &str| {
            let plain = text.bytes().all(|digit| digit.is_ascii_digit()) && !text.starts_with('0');
            text.parse().ok().filter(|_| plain).ok_or(BadServerIds)
        };
        let (first, last) = text.split_once('-').ok_or(BadServerIds)?;
        Self::new(number(first)?, number(last)?)
    }
}

/// A time zone by its place (`Asia/Shanghai`), `UTC`, or a fixed `+08:00`; never letters like `CST`, which are many zones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(String);

/// A text that is no zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a time zone: a place like `Asia/Shanghai`, `UTC`, or `+08:00`")]
pub struct BadZone;

impl Zone {
    /// It, as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Zone {
    type Err = BadZone;
    fn from_str(text: &str) -> Result<Self, BadZone> {
        let part = |part: &str| {
            part.starts_with(|letter: char| letter.is_ascii_alphabetic())
                && part.bytes().all(|letter| letter.is_ascii_alphanumeric() || b"_+-".contains(&letter))
        };
        let place = text.contains('/') && text.len() <= 64 && text.split('/').all(part);
        if text == "UTC" || place || is_offset(text) { Ok(Self(text.to_owned())) } else { Err(BadZone) }
    }
}

/// Hours and minutes east or west, as MySQL and Java both take them: `+08:00`, at most 14 hours.
fn is_offset(text: &str) -> bool {
    let Some((hours, minutes)) = text.strip_prefix(['+', '-']).and_then(|rest| rest.split_once(':')) else {
        return false;
    };
    let number = |text: &str| {
        (text.len() == 2 && text.bytes().all(|digit| digit.is_ascii_digit()))
            .then(|| text.parse::<u32>().ok())
            .flatten()
    };
    matches!((number(hours), number(minutes)), (Some(0..=13), Some(0..=59)) | (Some(14), Some(0)))
}

/// How many rows are read at a time in the first copy of a table.
///
/// Each read costs about 2 s whatever its size; 50,000 rows were copied more than twice as fast as 8,096 (real-stack §7). What is
/// read lies in memory, so wide rows are read fewer at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chunk(u32);

impl Chunk {
    /// What the program takes by itself.
    pub const SMALL: Self = Self(8_096);
    /// The largest that was measured.
    pub const LARGE: Self = Self(50_000);
    /// The most bytes that one read should hold.
    const MOST_BYTES: u64 = 64_000_000;
    /// Fewer are never worth a read.
    const FEWEST: u64 = 512;

    /// The number of rows.
    pub const fn rows(self) -> u32 {
        self.0
    }

    /// The size for the largest table of a job, by its rows and bytes as far as they are known.
    pub fn fitting(rows: Option<u64>, bytes: Option<u64>) -> Self {
        let Some(rows) = rows.filter(|rows| *rows > u64::from(Self::SMALL.0)) else {
            return Self::SMALL;
        };
        let width = bytes.map_or(0, |bytes| bytes / rows).max(1);
        let most = (Self::MOST_BYTES / width).clamp(Self::FEWEST, u64::from(Self::LARGE.0));
        u32::try_from(most).map_or(Self::LARGE, Self)
    }
}

impl std::str::FromStr for Chunk {
    type Err = BadArgs;
    fn from_str(text: &str) -> Result<Self, BadArgs> {
        let rows = text.parse().ok().filter(|rows| (1..=Self::LARGE.0).contains(rows) && !text.starts_with(['+', '0']));
        rows.map(Self).ok_or_else(|| BadArgs::Value(CHUNK.to_owned()))
    }
}

/// How the connections to the server are sealed (paimon-cdc §4, §12).
///
/// There are two: the driver's, and the one on which changes come, which has a setting of its own
/// [code, Debezium `database.ssl.mode`]; without it that one stays open. Which certificates to trust cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sealing {
    /// As driver and server agree.
    AsTheyAgree,
    /// Never; the account's password is then sealed by the server's own key.
    Off,
    /// Always.
    On,
}

impl TryFrom<&Tls> for Sealing {
    type Error = Finding;
    /// As the source is reached. Refused where a certificate must be checked, rather than not checked in silence.
    fn try_from(tls: &Tls) -> Result<Self, Finding> {
        match tls {
            Tls::Off => Ok(Self::Off),
            Tls::Preferred => Ok(Self::AsTheyAgree),
            Tls::Required => Ok(Self::On),
            Tls::VerifyCa { .. } => Err(Finding::new(Code::CertificateUnchecked)),
        }
    }
}

/// The settings of each way, in the order they are written.
const SEALED: [(&str, &str); 3] =
    [(USE_SSL, "true"), ("jdbc.properties.requireSSL", "true"), ("debezium.database.ssl.mode", "required")];
const OPEN: [(&str, &str); 3] = [(USE_SSL, "false"), (KEY, "true"), ("debezium.database.ssl.mode", "disabled")];

const CHUNK: &str = "scan.incremental.snapshot.chunk.size";

/// What changes while a piece is copied comes with all other changes afterwards, not right after the piece: with
/// Flink CDC 3.1.1 the first piece of a job lost what changed in it meanwhile, six times of six (measured; four of four
/// were right with this). Every table has a primary key, so a change that comes twice ends in the same rows.
const SKIP: &str = "scan.incremental.snapshot.backfill.skip";
const USE_SSL: &str = "jdbc.properties.useSSL";
const KEY: &str = "jdbc.properties.allowPublicKeyRetrieval";

/// The host as it stands in an address, `//host:port`, of which the program makes it a part: IPv6 in brackets.
fn in_address(host: &Host) -> String {
    if host.as_str().contains(':') { format!("[{host}]") } else { host.to_string() }
}

impl From {
    pub(super) fn write(&self, argv: &mut Argv) {
        let to = BUCKETS.mysql;
        argv.conf(to, "hostname", in_address(&self.host));
        argv.conf(to, "port", self.port.get());
        argv.conf(to, "username", &self.login);
        argv.secret(to, "password", Place::Source);
        argv.conf(to, "database-name", tables::escaped(&self.database));
        argv.conf(to, "server-id", self.server_ids);
        argv.conf(to, "server-time-zone", self.zone.as_str());
        argv.conf(to, CHUNK, self.chunk.rows());
        argv.conf(to, SKIP, "true");
        match self.sealing {
            Sealing::AsTheyAgree => {}
            Sealing::Off => OPEN.into_iter().for_each(|(key, value)| argv.conf(to, key, value)),
            Sealing::On => SEALED.into_iter().for_each(|(key, value)| argv.conf(to, key, value)),
        }
    }

    pub(super) fn read(bag: &mut Bag<'_>) -> Result<Self, BadArgs> {
        let from = BUCKETS.mysql;
        bag.placeholder(from, "password", Place::Source)?;
        let database = tables::unescaped(bag.conf(from, "database-name")?);
        let port = bag.parsed::<u32>(from, "port")?;
        bag.constant(from, SKIP, "true")?;
        Ok(Self {
            host: bag.parsed(from, "hostname")?,
            port: port.try_into().map_err(|_| BadArgs::Value("port".into()))?,
            login: bag.parsed(from, "username")?,
            database: database.ok_or(BadArgs::Value("database-name".into()))?,
            server_ids: bag.parsed(from, "server-id")?,
            zone: bag.parsed(from, "server-time-zone")?,
            chunk: bag.parsed(from, CHUNK)?,
            sealing: sealing(bag)?,
        })
    }
}

fn sealing(bag: &mut Bag<'_>) -> Result<Sealing, BadArgs> {
    let from = BUCKETS.mysql;
    let (sealing, rest) = match bag.conf_if(from, USE_SSL) {
        None => return Ok(Sealing::AsTheyAgree),
        Some("false") => (Sealing::Off, &OPEN[1..]),
        Some("true") => (Sealing::On, &SEALED[1..]),
        Some(_) => return Err(BadArgs::Value(USE_SSL.into())),
    };
    rest.iter().try_for_each(|(key, value)| bag.constant(from, key, value))?;
    Ok(sealing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_that_must_be_checked_is_never_left_unchecked_in_silence() {
        assert_eq!(Sealing::try_from(&Tls::Required), Ok(Sealing::On));
        let refused = Sealing::try_from(&Tls::VerifyCa { ca: None }).expect_err("it cannot be told");
        assert_eq!(refused.code, Code::CertificateUnchecked);
    }

    #[test]
    fn server_ids_are_a_range_that_others_can_meet() {
        let ids = |text: &str| text.parse::<ServerIds>().expect("a range");
        assert_eq!((ids("5401-5404").count(), ids("7-7").count()), (4, 1));
        assert_eq!(ids("1-2147483647").count(), 2_147_483_647);
        assert!(ids("5401-5404").meets(ids("5404-5410")) && ids("5404-5410").meets(ids("5401-5404")));
        assert!(!ids("5401-5404").meets(ids("5405-5410")));
        for bad in ["", "5401", "0-4", "5-4", "1-", "-1-2", "1-2147483648", "1-4294967296", "+1-2", "01-2", "1 - 2"] {
            assert!(bad.parse::<ServerIds>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_zone_is_a_place_and_no_letters_with_two_meanings() {
        for good in
            ["UTC", "Asia/Shanghai", "America/Argentina/Buenos_Aires", "Etc/GMT+8", "+08:00", "-03:30", "+14:00"]
        {
            assert!(good.parse::<Zone>().is_ok(), "{good}");
        }
        for bad in
            ["", "CST", "SYSTEM", "GMT+8", "+8", "+08", "+15:00", "+08:60", "Asia/", "/", "Asia/北京", "Asia/a b"]
        {
            assert!(bad.parse::<Zone>().is_err(), "{bad}");
        }
    }

    #[test]
    fn chunks_grow_with_the_table_and_shrink_with_its_rows() {
        for (rows, bytes, chunk) in [
            (None, None, 8_096),
            (None, Some(u64::MAX), 8_096),
            (Some(0), Some(0), 8_096),
            (Some(8_096), Some(1), 8_096),
            (Some(200_000), None, 50_000),
            (Some(200_000), Some(20_000_000), 50_000),
            (Some(1_000_000), Some(10_000_000_000), 6_400),
            (Some(10_000), Some(u64::MAX), 512),
            (Some(u64::MAX), Some(u64::MAX), 50_000),
        ] {
            assert_eq!(Chunk::fitting(rows, bytes).rows(), chunk, "{rows:?} {bytes:?}");
        }
    }
}
