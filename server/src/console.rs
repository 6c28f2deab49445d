//! What is done at the command line beside serving: people, sources, and the key that seals secrets.

use anyhow::{Context, Result, bail};
use api::words::{Lang, Plain, speak};
use domain::change::{Actor, Change, Happened, Topic};
use domain::person::{Person, login};
use domain::source::finding::{Finding, Severity};
use domain::source::{Account, Mysql, Place};
use secrecy::SecretString;

use crate::boot::open_store;
use crate::config::Config;
use crate::http::password;
use crate::outside::source::Given;
use crate::state::{Clock, Ids};
use crate::store::sources::Source;
use crate::vault::Vault;

/// A person to add.
pub struct NewPerson {
    /// The sign-in name.
    pub login: String,
    /// The name others see.
    pub shown: String,
    /// The team, made if it is not there.
    pub team: Option<String>,
    /// Whether they operate the platform.
    pub operator: bool,
}

/// Adds a person with a password.
pub async fn add_person(config: &Config, new: NewPerson, secret: SecretString) -> Result<()> {
    let store = open_store(config).await?;
    let (ids, now) = (Ids::system(), Clock::system().now());
    let hash = hashed(secret).await?;
    let mut tx = store.begin().await?;
    let team = match &new.team {
        Some(name) => Some(tx.people().team(&ids.team(), name).await?),
        None => None,
    };
    let person = Person {
        id: ids.person(),
        login: login(&new.login)?,
        shown: new.shown,
        team,
        operator: new.operator,
        disabled: false,
    };
    tx.people().add(&person, &hash).await?;
    let added = Happened::PersonAdded { login: person.login.clone() };
    tx.log(Change::of(Topic::Person, &person.id, Actor::Console, added));
    tx.commit(now).await?;
    Ok(())
}

/// Everybody, a line each: sign-in name, name, what they are.
pub async fn list_people(config: &Config) -> Result<Vec<String>> {
    let store = open_store(config).await?;
    let people = store.read().await?.people().all().await?;
    let line = |person: Person| {
        let what = match (person.disabled, person.operator) {
            (true, _) => "disabled",
            (false, true) => "operator",
            (false, false) => "",
        };
        format!("{}\t{}\t{what}", person.login, person.shown)
    };
    Ok(people.into_iter().map(line).collect())
}

/// Keeps a person from signing in and ends their sessions.
pub async fn disable_person(config: &Config, name: &str) -> Result<()> {
    let store = open_store(config).await?;
    let mut tx = store.begin().await?;
    let (person, _) = find(&mut tx, name).await?;
    tx.people().set_disabled(&person.id, true).await?;
    tx.sessions().end_all(&person.id).await?;
    let disabled = Happened::PersonDisabled { login: person.login.clone() };
    tx.log(Change::of(Topic::Person, &person.id, Actor::Console, disabled));
    tx.commit(Clock::system().now()).await?;
    Ok(())
}

/// Sets a person's password and ends their sessions.
pub async fn set_password(config: &Config, name: &str, secret: SecretString) -> Result<()> {
    let store = open_store(config).await?;
    let hash = hashed(secret).await?;
    let mut tx = store.begin().await?;
    let (person, _) = find(&mut tx, name).await?;
    tx.people().set_password(&person.id, &hash).await?;
    tx.people().set_disabled(&person.id, false).await?;
    tx.sessions().end_all(&person.id).await?;
    let set = Happened::PasswordSet { login: person.login.clone() };
    tx.log(Change::of(Topic::Person, &person.id, Actor::Console, set));
    tx.commit(Clock::system().now()).await?;
    Ok(())
}

async fn find(tx: &mut crate::store::Tx, name: &str) -> Result<(Person, String)> {
    let name = login(name)?;
    tx.people().by_login(&name).await?.with_context(|| format!("nobody signs in as {name}"))
}

async fn hashed(secret: SecretString) -> Result<String> {
    if let Some(code) = password::wrong(&secret) {
        bail!("the password is {code}: it needs 8 to 200 characters");
    }
    password::hash(secret).await.map_err(|_| anyhow::anyhow!("the password could not be hashed"))
}

/// Seals all secrets anew with a fresh key, which replaces the one in the key file. Gives how many.
pub async fn rotate_key(config: &Config) -> Result<usize> {
    if config.secret_key.is_some() || config.secret_key_file.is_some() {
        bail!("the key comes from the settings; only a key in the data folder is rotated here");
    }
    let store = open_store(config).await?;
    let now = Clock::system().now();
    let old = config.secret_key()?.context("there is no key yet; the first start makes one")?;
    let fresh = Vault::fresh_key();
    let file = config.key_file();
    // The new key is on disk before anything is sealed with it; the old one stays beside it until all is done.
    let next = file.with_extension("key.next");
    std::fs::remove_file(&next).ok();
    crate::boot::write_private(&next, secrecy::ExposeSecret::expose_secret(&fresh))?;
    let count = Vault::new(&old)?.rotate(&Vault::new(&fresh)?, &store, now).await?;
    std::fs::rename(&file, file.with_extension("key.old")).context("cannot keep the old key")?;
    std::fs::rename(&next, &file).context("cannot put the new key in place")?;
    Ok(count)
}

/// A server to read tables from.
pub struct NewSource {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub server: Mysql,
    /// The sign-in name of its first owner.
    pub owner: Option<String>,
}

/// Adds a source with the passwords of its accounts, and tests it: gives what somebody must act on, in words.
pub async fn add_source(config: Config, new: NewSource, passwords: [SecretString; 2]) -> Result<Vec<String>> {
    let app = crate::boot::open(config).await?;
    let [catalogue, copying] = passwords;
    let source = Source::new(app.ids.source(), new.name, Place::Mysql(new.server));
    let mut tx = app.store.begin().await?;
    if tx.sources().all().await?.iter().any(|known| known.name == source.name) {
        bail!("there is a source {} already", source.name);
    }
    tx.sources().add(&source).await?;
    app.vault.keep(&mut tx, &source.id, Account::Catalogue, &catalogue).await?;
    app.vault.keep(&mut tx, &source.id, Account::Copying, &copying).await?;
    if let Some(owner) = &new.owner {
        let (owner, _) = find(&mut tx, owner).await?;
        tx.sources().add_owner(&source.id, &owner.id).await?;
    }
    tx.log(Change::of(Topic::Source, &source.id, Actor::Console, Happened::SourceAdded { name: source.name.clone() }));
    tx.commit(app.clock.now()).await?;
    let given = Given { source: Some(source.id), ..Given::default() };
    let findings = app.outside.sources.test(&source.place, &given).await;
    Ok(findings.iter().filter(|finding| finding.severity() > Severity::Know).map(told).collect())
}

/// A finding as a line, and below it what to do and what to run.
fn told(finding: &Finding) -> String {
    let said = [Some(finding.said.clone()), finding.fix()].into_iter().flatten();
    let line: Vec<_> = said.map(|said| speak(Lang::En, &said, &Plain)).collect();
    [line.join(" "), finding.sql.clone().unwrap_or_default()].join("\n").trim_end().to_owned()
}

/// What is wrong, in words; empty when all is well.
pub async fn check(config: Config) -> Vec<String> {
    let mut wrong = Vec::new();
    match crate::boot::open(config).await {
        Ok(app) => match app.store.read().await {
            Ok(mut tx) => match tx.changes().first_broken().await {
                Ok(None) => {}
                Ok(Some(seq)) => wrong.push(format!("The log was changed from outside: line {seq} does not fit.")),
                Err(problem) => wrong.push(format!("The log cannot be read: {problem}.")),
            },
            Err(problem) => wrong.push(format!("The store does not answer: {problem}.")),
        },
        Err(problem) => wrong.push(format!("{problem:#}.")),
    }
    wrong
}
