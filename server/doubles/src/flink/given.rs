//! The arguments of a job as the program itself reads them: leniently.
//!
//! Why it exists: the recordings, and people with a console, give arguments that Lakegate never writes. What it does write is
//! also there as a value, [`Given::args`], read by the one parser of the domain.
//! Invariant: the password is never a part of what `Debug` shows.

use std::collections::BTreeMap;

use domain::args::secret::{Place, Secret};
use domain::args::{Args, BadArgs, parse};

use super::refusal::Refusal;

/// The value of a flag that was given none (paimon-cdc §1).
const NO_VALUE: &str = "__NO_VALUE_KEY";

/// The arguments of one job.
#[derive(Debug, Clone)]
pub struct Given {
    /// The action, as the program writes it.
    pub action: String,
    /// The list as it came, with placeholders for passwords.
    pub list: Vec<String>,
    /// The same as a value, or why Lakegate would not have written it.
    pub args: Result<Args, BadArgs>,
    /// The password of the account that copies.
    pub password: Option<Secret>,
    flags: BTreeMap<String, Vec<String>>,
    confs: BTreeMap<(String, String), String>,
}

/// The settings whose values are passwords.
const SECRETS: [(&str, &str, Place); 3] = [
    ("mysql_conf", "password", Place::Source),
    ("catalog_conf", "jdbc.password", Place::Metastore),
    ("catalog_conf", "token", Place::Token),
];

impl Given {
    /// Reads a list, or says what the program would.
    pub fn read(list: &[String]) -> Result<Self, Refusal> {
        let (action, rest) = list.split_first().ok_or_else(Refusal::exit)?;
        let action = action.to_lowercase().replace('-', "_");
        if rest.iter().any(|text| text == "--help") || action == "__help" {
            return Err(Refusal::exit());
        }
        if !["mysql_sync_database", "mysql_sync_table"].contains(&action.as_str()) {
            let shown = list[0].to_lowercase();
            return Err(Refusal::main(
                "java.lang.UnsupportedOperationException",
                &format!("Unknown action \"{shown}\"."),
            ));
        }
        let flags = flags(rest);
        let mut given =
            Self { action, list: Vec::new(), args: Err(BadArgs::Action), password: None, confs: confs(&flags)?, flags };
        given.password = given.conf("mysql_conf", "password").map(Secret::new);
        given.hide();
        given.list = placeholders(list);
        given.args = parse(&given.list);
        given.check()?;
        Ok(given)
    }

    fn hide(&mut self) {
        for (bucket, key, place) in SECRETS {
            if let Some(value) = self.confs.get_mut(&(bucket.to_owned(), key.to_owned())) {
                place.placeholder().clone_into(value);
            }
            self.flags.remove(bucket);
        }
    }

    fn check(&self) -> Result<(), Refusal> {
        let bad = |text: &str| Err(Refusal::main("java.lang.IllegalArgumentException", text));
        if self.flags.get("type_mapping").is_some_and(|values| values.len() > 1) {
            return bad("Key type_mapping should has only one value.");
        }
        if self.action == "mysql_sync_database" && self.conf("mysql_conf", "table-name").is_some() {
            return bad(
                "table-name cannot be set for mysql_sync_database. If you want to sync several MySQL tables into one \
                 Paimon table, use mysql_sync_table instead.",
            );
        }
        for key in ["hostname", "username", "password", "database-name"] {
            if self.conf("mysql_conf", key).is_none() {
                return bad(&format!("mysql-conf [{key}] must be specified."));
            }
        }
        Ok(())
    }

    /// A flag's value, the last one that was given.
    pub fn flag(&self, name: &str) -> Option<&str> {
        self.flags.get(name)?.last().map(String::as_str)
    }

    /// A setting, without the blanks around it.
    pub fn conf(&self, bucket: &str, key: &str) -> Option<&str> {
        self.confs.get(&(bucket.to_owned(), key.to_owned())).map(String::as_str)
    }

    /// The database tables come from.
    pub fn source_database(&self) -> String {
        unescaped(self.conf("mysql_conf", "database-name").unwrap_or_default())
    }

    /// The database in the lake.
    pub fn database(&self) -> &str {
        self.flag("database").unwrap_or("default")
    }

    /// Where the lake is.
    pub fn warehouse(&self) -> &str {
        self.conf("catalog_conf", "warehouse").or_else(|| self.flag("warehouse")).unwrap_or_default()
    }

    /// The suffix that makes the ids of operators stay when tables come (real-stack §4).
    pub fn uid_suffix(&self) -> Option<&str> {
        self.conf("table_conf", "sink.operator-uid.suffix")
    }

    /// Whether a table of the source is asked for.
    pub fn wants(&self, table: &str) -> bool {
        if self.action == "mysql_sync_table" {
            return self.conf("mysql_conf", "table-name").is_some_and(|pattern| matches(pattern, table));
        }
        let out = self.flag("excluding_tables").is_some_and(|pattern| matches(pattern, table));
        !out && self.flag("including_tables").is_none_or(|pattern| matches(pattern, table))
    }

    /// The name that a table of the source gets in the lake.
    pub fn target(&self, table: &str) -> String {
        if self.action == "mysql_sync_table" {
            return self.flag("table").unwrap_or(table).to_owned();
        }
        let around = |flag: &str| self.flag(flag).unwrap_or_default().to_owned();
        format!("{}{table}{}", around("table_prefix"), around("table_suffix"))
    }

    /// The numbers by which its readers are known at the server, both ends included.
    pub fn server_ids(&self) -> Option<(u32, u32)> {
        let text = self.conf("mysql_conf", "server-id")?;
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        Some((first.parse().ok()?, last.parse().ok()?))
    }

    /// Whether both have some number at one server.
    pub fn meets(&self, other: &Self) -> bool {
        let ids = self.server_ids().zip(other.server_ids());
        self.server() == other.server() && ids.is_some_and(|(one, two)| one.0 <= two.1 && two.0 <= one.1)
    }

    /// The server, as `host:port`.
    pub fn server(&self) -> String {
        let part = |key| self.conf("mysql_conf", key);
        format!("{}:{}", part("hostname").unwrap_or_default(), part("port").unwrap_or("3306"))
    }
}

/// A flag takes the next text as its value unless that begins like a flag and is no number (paimon-cdc §1).
fn flags(rest: &[String]) -> BTreeMap<String, Vec<String>> {
    let mut flags = BTreeMap::<_, Vec<_>>::new();
    let mut texts = rest.iter().peekable();
    while let Some(text) = texts.next() {
        let Some(flag) = text.strip_prefix("--").or_else(|| text.strip_prefix('-')) else { continue };
        let value = texts.next_if(|next| !next.starts_with('-') || next.parse::<f64>().is_ok());
        let value = value.map_or_else(|| NO_VALUE.to_owned(), Clone::clone);
        flags.entry(flag.replace('-', "_")).or_default().push(value);
    }
    flags
}

fn confs(flags: &BTreeMap<String, Vec<String>>) -> Result<BTreeMap<(String, String), String>, Refusal> {
    let mut confs = BTreeMap::new();
    for bucket in ["mysql_conf", "catalog_conf", "table_conf"] {
        for text in flags.get(bucket).into_iter().flatten() {
            let Some((key, value)) = text.split_once('=') else {
                let why = format!("Invalid key-value string '{}'", key_only(text));
                return Err(Refusal::main("java.lang.IllegalArgumentException", &why));
            };
            confs.insert((bucket.to_owned(), key.trim().to_owned()), value.trim().to_owned());
        }
    }
    Ok(confs)
}

/// What of a broken setting may be shown: it could be a password.
fn key_only(text: &str) -> &str {
    text.get(..8).unwrap_or(text)
}

fn placeholders(list: &[String]) -> Vec<String> {
    let mut before = "";
    let mut hidden = Vec::with_capacity(list.len());
    for text in list {
        let secret = SECRETS.iter().find(|(bucket, key, _)| {
            before.strip_prefix("--") == Some(bucket) && text.split_once('=').is_some_and(|(given, _)| given == *key)
        });
        hidden.push(secret.map_or_else(|| text.clone(), |(_, key, place)| format!("{key}={}", place.placeholder())));
        before = text;
    }
    hidden
}

/// Whether a pattern matches a whole name. Only alternatives of names, and `.*`, which is all that the recordings and
/// Lakegate write; another pattern matches nothing.
fn matches(pattern: &str, name: &str) -> bool {
    let inner = pattern.strip_prefix("^(").and_then(|rest| rest.strip_suffix(")$")).unwrap_or(pattern);
    alternatives(inner).iter().any(|alternative| alternative == ".*" || unescaped(alternative) == name)
}

fn alternatives(pattern: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        let last = all.last_mut().expect("it begins with one");
        match letter {
            '|' => all.push(String::new()),
            '\\' => last.extend(['\\'].into_iter().chain(letters.next())),
            letter => last.push(letter),
        }
    }
    all
}

fn unescaped(pattern: &str) -> String {
    let mut name = String::new();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        name.extend(if letter == '\\' { letters.next() } else { Some(letter) });
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(texts: &[&str]) -> Given {
        let must = ["--mysql_conf", "hostname=h", "--mysql_conf", "username=u", "--mysql_conf", "database-name=shop"];
        let list = [texts, &must, &["--mysql_conf", "password= a=b "]].concat();
        Given::read(&list.into_iter().map(str::to_owned).collect::<Vec<_>>()).expect("arguments")
    }

    #[test]
    fn a_password_is_used_but_never_shown() {
        let read = given(&["mysql-sync-database", "--database", "ods"]);
        assert_eq!(read.password.as_ref().map(Secret::expose), Some("a=b"));
        assert!(!format!("{read:?}").contains("a=b"), "{read:?}");
    }

    #[test]
    fn patterns_name_whole_tables_with_or_without_anchors() {
        for pattern in ["^(orders|a\\$b)$", "orders|a\\$b"] {
            let read = given(&["mysql_sync_database", "--including_tables", pattern]);
            assert!(read.wants("orders") && read.wants("a$b") && !read.wants("order"), "{pattern}");
        }
        assert!(given(&["mysql_sync_database"]).wants("anything"));
    }
}
