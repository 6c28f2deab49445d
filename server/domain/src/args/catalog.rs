//! Where the lake is and who lists its tables: the warehouse and `--catalog_conf` (paimon-cdc §6).

use serde::{Deserialize, Serialize};

use super::argv::{Argv, BUCKETS};
use super::parse::{BadArgs, Bag};
use super::secret::Place;
use crate::source::Login;

/// Where the lake is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalog {
    /// The folder of all tables; with a server of the lake's own, its name there.
    pub warehouse: Address,
    /// Who lists the tables.
    pub metastore: Metastore,
}

/// Who lists the tables of the lake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Metastore {
    /// Nobody: the folders are the list.
    Filesystem,
    /// Hive.
    Hive {
        /// Where it is, `thrift://host:9083`.
        uri: Address,
    },
    /// A database.
    Jdbc {
        /// Where it is, `jdbc:mysql://…`.
        uri: Address,
        /// The account.
        login: Login,
    },
    /// A server of the lake's own.
    Rest {
        /// Where it is.
        uri: Address,
    },
}

/// A folder or the address of a server: on one line, and no password inside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address(String);

/// A text that is no address, or one that would show a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// No address.
    #[error("not an address: 1 to 1000 characters on one line, no white space at either end, no '-' first")]
    Form,
    /// It holds a password, which everybody could read who sees the arguments.
    #[error("no password may stand in an address")]
    Password,
}

impl Address {
    /// It, as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Address {
    type Err = BadAddress;
    fn from_str(text: &str) -> Result<Self, BadAddress> {
        let fine = (1..=1000).contains(&text.chars().count())
            && text.trim() == text
            && !text.starts_with('-')
            && !text.chars().any(char::is_control);
        if !fine {
            return Err(BadAddress::Form);
        }
        let lower = text.to_lowercase();
        let server = lower.split_once("://").map(|(_, rest)| rest.split(['/', '?']).next().unwrap_or(rest));
        let account =
            server.and_then(|server| server.rsplit_once('@')).is_some_and(|(account, _)| account.contains(':'));
        let named = ["password=", "passwd=", "pwd=", "secret=", "token="].iter().any(|word| lower.contains(word));
        if account || named { Err(BadAddress::Password) } else { Ok(Self(text.to_owned())) }
    }
}

impl TryFrom<String> for Address {
    type Error = BadAddress;
    fn try_from(text: String) -> Result<Self, BadAddress> {
        text.parse()
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.0
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Metastore {
    /// Whether it can tell `A` from `a`; else all names become lower case (paimon-cdc §6).
    pub const fn tells_case(&self) -> bool {
        match self {
            Self::Filesystem | Self::Rest { .. } => true,
            Self::Hive { .. } | Self::Jdbc { .. } => false,
        }
    }
}

impl Catalog {
    pub(super) fn write(&self, argv: &mut Argv) {
        let to = BUCKETS.catalog;
        match &self.metastore {
            Metastore::Filesystem => {}
            Metastore::Hive { uri } => {
                argv.conf(to, "metastore", "hive");
                argv.conf(to, "uri", uri);
            }
            Metastore::Jdbc { uri, login } => {
                argv.conf(to, "metastore", "jdbc");
                argv.conf(to, "uri", uri);
                argv.conf(to, "jdbc.user", login);
                argv.secret(to, "jdbc.password", Place::Metastore);
            }
            Metastore::Rest { uri } => {
                argv.conf(to, "metastore", "rest");
                argv.conf(to, "uri", uri);
                argv.conf(to, "token.provider", "bear");
                argv.secret(to, "token", Place::Token);
            }
        }
    }

    pub(super) fn read(bag: &mut Bag<'_>) -> Result<Self, BadArgs> {
        let from = BUCKETS.catalog;
        let warehouse = address("warehouse", bag.flag("warehouse")?)?;
        let metastore = match bag.conf_if(from, "metastore") {
            None => Metastore::Filesystem,
            Some("hive") => Metastore::Hive { uri: address("uri", bag.conf(from, "uri")?)? },
            Some("jdbc") => {
                let uri = address("uri", bag.conf(from, "uri")?)?;
                let login = bag.parsed(from, "jdbc.user")?;
                bag.placeholder(from, "jdbc.password", Place::Metastore)?;
                Metastore::Jdbc { uri, login }
            }
            Some("rest") => {
                let uri = address("uri", bag.conf(from, "uri")?)?;
                bag.constant(from, "token.provider", "bear")?;
                bag.placeholder(from, "token", Place::Token)?;
                Metastore::Rest { uri }
            }
            Some(_) => return Err(BadArgs::Value("metastore".into())),
        };
        Ok(Self { warehouse, metastore })
    }
}

fn address(what: &str, text: &str) -> Result<Address, BadArgs> {
    text.parse().map_err(|why| match why {
        BadAddress::Form => BadArgs::Value(what.to_owned()),
        BadAddress::Password => BadArgs::Clear(what.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_line_without_a_password() {
        let good = [
            "file:///a b/湖",
            "thrift://hms:9083",
            "s3://bucket/x:y@z",
            "abfss://box@account/x",
            "jdbc:mysql://db/meta",
        ];
        for good in good {
            assert!(good.parse::<Address>().is_ok(), "{good}");
        }
        for bad in ["", " file:///x", "--help", "a\nb", &"x".repeat(1001)] {
            assert_eq!(bad.parse::<Address>(), Err(BadAddress::Form), "{bad:?}");
        }
        for bad in ["s3://key:word@bucket/x", "jdbc:mysql://db/meta?user=a&PassWord=b", "http://a:b@host"] {
            assert_eq!(bad.parse::<Address>(), Err(BadAddress::Password), "{bad:?}");
        }
    }
}
