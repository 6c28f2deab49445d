//! The binary `lakegate`.

use std::io::{BufRead, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use domain::source::{Host, Limits, Login, Mysql, Port, Tls};
use lakegate::config::{Config, Flags, LogFormat};
use lakegate::{boot, console};
use secrecy::{ExposeSecret, SecretString};

/// Ask for tables and get them, proven, in the lake.
#[derive(Debug, Parser)]
#[command(name = "lakegate", version)]
struct Cli {
    /// The settings file (TOML); the environment (LAKEGATE_…) and flags beat it.
    #[arg(long, global = true, env = "LAKEGATE_CONFIG")]
    config: Option<PathBuf>,
    /// The folder of everything Lakegate keeps.
    #[arg(long, global = true)]
    data: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the page, the API, and the work behind it.
    Serve {
        /// The bundled sample and three people to sign in with; never for real data.
        #[arg(long)]
        demo: bool,
        /// Where to listen, e.g. 127.0.0.1:7070.
        #[arg(long)]
        listen: Option<SocketAddr>,
    },
    /// Brings the database to the newest migration.
    Migrate,
    /// Says in words what is wrong with settings, store, key and warehouse.
    Check,
    /// People who can sign in.
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Servers that tables come from.
    Source {
        #[command(subcommand)]
        command: SourceCommand,
    },
    /// Seals all secrets anew with a fresh key.
    RotateKey,
    /// The version.
    Version,
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Adds a person; the password is read from the first line of standard input.
    Add {
        /// The sign-in name.
        login: String,
        /// The name others see.
        #[arg(long)]
        name: String,
        /// The team.
        #[arg(long)]
        team: Option<String>,
        /// Operates the platform.
        #[arg(long)]
        operator: bool,
    },
    /// Lists everybody.
    List,
    /// Keeps a person from signing in.
    Disable {
        /// The sign-in name.
        login: String,
    },
    /// Sets a password, read from the first line of standard input.
    Password {
        /// The sign-in name.
        login: String,
    },
}

#[derive(Debug, Subcommand)]
enum SourceCommand {
    /// Adds a MySQL or MariaDB server, and tests it. Passwords are read from standard input: the first line is that of
    /// the account that reads the catalogue, the second that of the one that copies; without a second line both have one.
    Add {
        /// Its name.
        name: String,
        /// Host name or address.
        #[arg(long)]
        host: Host,
        /// Its port.
        #[arg(long, default_value_t = 3306)]
        port: u16,
        /// The account that reads the catalogue.
        #[arg(long)]
        login: Login,
        /// The account that copies; the same when it is left out.
        #[arg(long)]
        copying: Option<Login>,
        /// The sign-in name of the one who decides about its tables.
        #[arg(long)]
        owner: Option<String>,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    rustls::crypto::ring::default_provider().install_default().ok();
    match run(Cli::parse()).await {
        Ok(code) => code,
        Err(problem) => {
            // The log may not be set up yet, and this is for the person at the console.
            let _ = writeln!(std::io::stderr(), "lakegate: {problem:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<ExitCode> {
    let mut flags = Flags { file: cli.config, data: cli.data, ..Flags::default() };
    if let Command::Serve { demo, listen } = &cli.command {
        flags.demo = *demo;
        flags.listen = *listen;
    }
    if matches!(cli.command, Command::Version) {
        say(env!("CARGO_PKG_VERSION"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let config = Config::read(&flags)?;
    log(config.log);
    #[cfg(feature = "testing")]
    if let Some(point) = &config.crash_at {
        lakegate::crash::arm(point.clone());
    }
    match cli.command {
        Command::Serve { .. } => boot::serve(config).await?,
        Command::Migrate => {
            boot::open_store(&config).await?;
            say("The database is at the newest migration.")?;
        }
        Command::Check => return check(config).await,
        Command::User { command } => user(&config, command).await?,
        Command::Source { command } => source(config, command).await?,
        Command::RotateKey => say(&format!("{} secrets sealed anew.", console::rotate_key(&config).await?))?,
        Command::Version => {}
    }
    Ok(ExitCode::SUCCESS)
}

async fn check(config: Config) -> Result<ExitCode> {
    let wrong = console::check(config).await;
    if wrong.is_empty() {
        say("All is well: settings, store, log, key, warehouse.")?;
        return Ok(ExitCode::SUCCESS);
    }
    for sentence in wrong {
        say(&sentence)?;
    }
    Ok(ExitCode::FAILURE)
}

async fn user(config: &Config, command: UserCommand) -> Result<()> {
    match command {
        UserCommand::Add { login, name, team, operator } => {
            let new = console::NewPerson { login, shown: name, team, operator };
            console::add_person(config, new, password()?).await?;
            say("Added.")
        }
        UserCommand::List => {
            for line in console::list_people(config).await? {
                say(&line)?;
            }
            Ok(())
        }
        UserCommand::Disable { login } => {
            console::disable_person(config, &login).await?;
            say("Disabled; their sessions have ended.")
        }
        UserCommand::Password { login } => {
            console::set_password(config, &login, password()?).await?;
            say("Set; their sessions have ended.")
        }
    }
}

/// A password from standard input: never from an argument, which others can see.
async fn source(config: Config, command: SourceCommand) -> Result<()> {
    let SourceCommand::Add { name, host, port, login, copying, owner } = command;
    let port = Port::try_from(u32::from(port))?;
    let (tls, limits) = (Tls::default(), Limits::default());
    let server = Mysql { host, port, tls, copying: copying.unwrap_or_else(|| login.clone()), catalogue: login, limits };
    let (first, second) = (password()?, password()?);
    let second = if second.expose_secret().is_empty() { first.clone() } else { second };
    for line in console::add_source(config, console::NewSource { name, server, owner }, [first, second]).await? {
        say(&line)?;
    }
    say("Added.")
}

fn password() -> Result<SecretString> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("cannot read the password from standard input")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned().into())
}

fn say(text: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{text}").context("cannot write to standard output")
}

fn log(format: LogFormat) {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,sqlx=warn,opendal=warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Who reads the log may go away: then its lines are lost, not the work that would have written them.
    let log = log.log_internal_errors(false);
    match format {
        LogFormat::Text => log.with_ansi(false).init(),
        LogFormat::Json => log.json().init(),
    }
}
