//! Where a source is and how it is reached. Passwords are never a part of it: they lie sealed in the vault.

use json::FromJson;
use serde::{Deserialize, Serialize};

use crate::ids::SourceId;

pub mod finding;
pub mod retired;

/// Where a source is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A file, or a folder of files, below the one folder that the settings name.
    Sqlite(Folder),
    /// A server that speaks as MySQL does.
    Mysql(Mysql),
}

/// A file or a folder of `SQLite` databases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Folder {
    /// The path below the folder that the settings name. Whether it leads out of it only the server can tell.
    pub path: String,
}

/// A MySQL or MariaDB server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Mysql {
    /// Its address.
    pub host: Host,
    /// Its port.
    #[serde(default = "usual_port")]
    pub port: Port,
    /// How the connection is sealed.
    #[serde(default)]
    pub tls: Tls,
    /// Who reads the catalogue.
    pub catalogue: Login,
    /// Who copies. It may be the same account; an engine outside may show its password, so better not.
    pub copying: Login,
    /// How gently.
    #[serde(default)]
    pub limits: Limits,
}

/// Which of a source's two accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// The one that reads the catalogue.
    Catalogue,
    /// The one that copies.
    Copying,
}

/// How the connection to a server is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Tls {
    /// Never.
    Off,
    /// When the server can.
    #[default]
    Preferred,
    /// Always, by whatever certificate.
    Required,
    /// Always, and the certificate must be signed by one of these, or by one that the world trusts when none is given.
    VerifyCa {
        /// Certificates in PEM.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ca: Option<Certificates>,
    },
}

/// How gently a server is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(default)]
pub struct Limits {
    /// How long a connection may take.
    pub connect_seconds: ConnectSeconds,
    /// How long the server may stay silent while it is read.
    pub read_seconds: ReadSeconds,
    /// How many tables are copied at a time.
    pub copies: Copies,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect_seconds: ConnectSeconds(10), read_seconds: ReadSeconds(300), copies: Copies(2) }
    }
}

/// Why a text is no part of a place. The word is the one of a form's field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{part}: {why}")]
pub struct BadPlace {
    /// The part, e.g. `host`.
    pub part: &'static str,
    /// Why not.
    pub why: &'static str,
}

/// A host name or an address: no port, no scheme.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[serde(try_from = "String", into = "String")]
pub struct Host(String);

/// The name of an account at a server.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[serde(try_from = "String", into = "String")]
pub struct Login(String);

/// Certificates in PEM.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[serde(try_from = "String", into = "String")]
pub struct Certificates(String);

macro_rules! texts {
    ($($name:ident: $parse:ident;)*) => {$(
        impl $name {
            /// It, as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl TryFrom<String> for $name {
            type Error = BadPlace;
            fn try_from(text: String) -> Result<Self, BadPlace> {
                $parse(&text).map(Self)
            }
        }
        impl std::str::FromStr for $name {
            type Err = BadPlace;
            fn from_str(text: &str) -> Result<Self, BadPlace> {
                $parse(text).map(Self)
            }
        }
        impl From<$name> for String {
            fn from(it: $name) -> Self {
                it.0
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

texts! {
    Host: host;
    Login: login;
    Certificates: certificates;
}

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident: $part:literal, $low:literal to $high:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
        #[serde(try_from = "u32", into = "u32")]
        pub struct $name(u32);

        impl $name {
            /// The least and the most.
            pub const RANGE: (u32, u32) = ($low, $high);

            /// The number.
            pub fn get(self) -> u32 {
                self.0
            }
        }
        impl TryFrom<u32> for $name {
            type Error = BadPlace;
            fn try_from(number: u32) -> Result<Self, BadPlace> {
                let why = concat!("a number from ", $low, " to ", $high);
                if ($low..=$high).contains(&number) { Ok(Self(number)) } else { Err(BadPlace { part: $part, why }) }
            }
        }
        impl From<$name> for u32 {
            fn from(number: $name) -> Self {
                number.0
            }
        }
    )*};
}

numbers! {
    /// A port.
    Port: "port", 1 to 65535;
    /// How long a connection may take.
    ConnectSeconds: "connect_seconds", 1 to 120;
    /// How long a server may stay silent. Under ten minutes: then a copy without progress is given up anyway.
    ReadSeconds: "read_seconds", 1 to 540;
    /// How many tables are copied at a time.
    Copies: "copies", 1 to 16;
}

impl Place {
    /// A file or a folder of `SQLite` databases.
    pub fn sqlite(path: impl Into<String>) -> Self {
        Self::Sqlite(Folder { path: path.into() })
    }

    /// The kind as a word.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Mysql(_) => "mysql",
        }
    }

    /// How many tables may be copied from it at a time.
    pub fn copies(&self) -> usize {
        match self {
            Self::Sqlite(_) => 2,
            Self::Mysql(server) => server.limits.copies.get() as usize,
        }
    }
}

impl Mysql {
    /// The name that one of the two accounts signs in by.
    pub const fn login(&self, account: Account) -> &Login {
        match account {
            Account::Catalogue => &self.catalogue,
            Account::Copying => &self.copying,
        }
    }
}

impl Account {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Catalogue, Self::Copying];

    /// The name of the secret that is its password.
    pub fn secret(self, source: &SourceId) -> String {
        format!("source/{source}/{}", self.word())
    }

    /// The account as a word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Catalogue => "catalogue",
            Self::Copying => "copying",
        }
    }
}

const fn usual_port() -> Port {
    Port(3306)
}

impl Default for Port {
    fn default() -> Self {
        usual_port()
    }
}

fn host(text: &str) -> Result<String, BadPlace> {
    let text = text.trim();
    let bad = |why| Err(BadPlace { part: "host", why });
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    if bare.contains(':') {
        return match bare.parse::<std::net::Ipv6Addr>() {
            Ok(_) => Ok(bare.to_owned()),
            Err(_) => bad("only the name or the address; the port has its own field"),
        };
    }
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let fine = text.len() <= 253 && text.strip_suffix('.').unwrap_or(text).split('.').all(label);
    if fine { Ok(text.to_owned()) } else { bad("a host name or an address") }
}

fn login(text: &str) -> Result<String, BadPlace> {
    let fine = (1..=128).contains(&text.chars().count()) && !text.chars().any(char::is_control) && text.trim() == text;
    let bad = BadPlace { part: "login", why: "1 to 128 characters without white space at either end" };
    if fine { Ok(text.to_owned()) } else { Err(bad) }
}

fn certificates(text: &str) -> Result<String, BadPlace> {
    const MOST: usize = 256 * 1024;
    let text = text.trim();
    let (begins, ends) =
        (text.matches("-----BEGIN CERTIFICATE-----").count(), text.matches("-----END CERTIFICATE-----").count());
    let bad = BadPlace { part: "ca", why: "certificates in PEM, as the server's administrator has them" };
    if begins > 0 && begins == ends && text.len() <= MOST { Ok(format!("{text}\n")) } else { Err(bad) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server() -> Mysql {
        serde_json::from_str(r#"{"host":"db.lan","catalogue":"reader","copying":"copier"}"#).expect("enough")
    }

    #[test]
    fn a_place_comes_back_from_the_store_as_it_was() {
        let ca = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----".parse().expect("PEM");
        let sealed = Mysql { tls: Tls::VerifyCa { ca: Some(ca) }, ..server() };
        for place in
            [Place::sqlite("sample"), Place::sqlite("team/lease.db"), Place::Mysql(server()), Place::Mysql(sealed)]
        {
            let text = serde_json::to_string(&place).expect("it is JSON");
            assert_eq!(serde_json::from_str::<Place>(&text).expect("it is a place"), place);
        }
    }

    #[test]
    fn what_is_not_said_is_usual() {
        let server = server();
        assert_eq!((server.port.get(), server.tls.clone()), (3306, Tls::Preferred));
        assert_eq!(server.limits, Limits::default());
        assert_eq!(server.login(Account::Copying).as_str(), "copier");
    }

    #[test]
    fn a_host_is_a_name_or_an_address_and_nothing_else() {
        for good in ["db", "db-1.lan", "10.0.0.1", "::1", "db_1.example.com.", " db "] {
            assert!(good.parse::<Host>().is_ok(), "{good:?}");
        }
        assert_eq!("[fe80::1]".parse::<Host>().map(|host| host.to_string()).as_deref(), Ok("fe80::1"));
        for bad in
            ["", "db:3306", "mysql://db", "a b", "db/x", "u@db", "-db", "数据库", "a..b", &"x".repeat(64), "a\0b"]
        {
            assert!(bad.parse::<Host>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn accounts_numbers_and_certificates_have_limits() {
        assert!("租赁 reader".parse::<Login>().is_ok());
        for bad in ["", " reader", "a\nb", &"x".repeat(129)] {
            assert!(bad.parse::<Login>().is_err(), "{bad:?}");
        }
        assert!(Port::try_from(0).is_err() && Port::try_from(65_536).is_err());
        assert!(ReadSeconds::try_from(541).is_err() && Copies::try_from(0).is_err());
        for bad in ["", "AAAA", "-----BEGIN CERTIFICATE-----"] {
            assert!(bad.parse::<Certificates>().is_err(), "{bad:?}");
        }
    }
}
