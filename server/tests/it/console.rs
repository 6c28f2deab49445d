//! The command line: people, the key, and everything that is wrong at a start, said in words. No secret is ever printed.

use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Output, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};

use crate::process::{Data, until};

/// What a command said, and whether all went well.
#[derive(Debug)]
struct Said {
    well: bool,
    out: String,
    err: String,
}

impl Said {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("text");
        Self { well: output.status.success(), out: text(output.stdout), err: text(output.stderr) }
    }

    #[track_caller]
    fn well(self) -> String {
        assert!(self.well, "{self:?}");
        self.out
    }

    /// It failed, and each of these stands somewhere in what it said.
    #[track_caller]
    fn wrong(self, words: &[&str]) {
        assert!(!self.well, "{self:?}");
        for word in words {
            assert!(self.out.contains(word) || self.err.contains(word), "{word:?} is not in {self:?}");
        }
    }
}

/// Starts a command, with a line for its standard input.
fn start(mut command: Command, line: &str) -> Child {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().expect("the binary starts");
    // It may end without having read it.
    let _ = process.stdin.take().expect("a pipe").write_all(line.as_bytes());
    process
}

/// Runs a command to its end, with a line for its standard input.
fn run_with(command: Command, line: &str) -> Said {
    Said::of(start(command, line).wait_with_output().expect("it ends"))
}

/// Runs `lakegate` with arguments, and a line for its standard input.
fn run(data: &Data, arguments: &[&str], line: &str) -> Said {
    let mut command = data.command();
    command.args(arguments);
    run_with(command, line)
}

/// Runs `lakegate check` with settings of the environment.
fn check(data: &Data, settings: &[(&str, &str)]) -> Said {
    let mut command = data.command();
    command.arg("check").envs(settings.iter().copied());
    run_with(command, "")
}

async fn tamper(data: &Data, statement: &str) {
    sqlx::any::install_default_drivers();
    let mut past = AnyConnection::connect(&data.database()).await.expect("the database answers");
    past.execute(AssertSqlSafe(statement.to_owned())).await.expect("tampered");
    past.close().await.expect("it closes");
}

fn key(byte: u8) -> String {
    STANDARD.encode([byte; 32])
}

#[test]
fn people_are_added_listed_disabled_and_let_in_again() {
    let data = Data::empty();
    let add = ["user", "add", "Ana", "--name", "Ana Li", "--team", "Analysts"];
    assert_eq!(run(&data, &add, "a long password\n").well(), "Added.\n");
    run(&data, &add, "a long password\n").wrong(&["this sign-in name is taken"]);
    run(&data, &["user", "add", "ops", "--name", "Ops", "--operator"], "a long password\r\n").well();
    run(&data, &["user", "add", "tom", "--name", "Tom"], "short\n").wrong(&["8 to 200 characters"]);
    run(&data, &["user", "add", "tom", "--name", "Tom"], "").wrong(&["8 to 200 characters"]);
    run(&data, &["user", "add", "t om", "--name", "Tom"], "a long password\n").wrong(&["a sign-in name has"]);
    run(&data, &["user", "disable", "nobody"], "").wrong(&["nobody signs in as nobody"]);
    run(&data, &["user", "password", "nobody"], "a long password\n").wrong(&["nobody signs in as nobody"]);
    run(&data, &["user", "disable", "ana"], "").well();
    assert_eq!(run(&data, &["user", "list"], "").well(), "ana\tAna Li\tdisabled\nops\tOps\toperator\n");
    run(&data, &["user", "password", "ana"], "short").wrong(&["8 to 200 characters"]);
    run(&data, &["user", "password", "ana"], "another long password\n").well();
    assert_eq!(run(&data, &["user", "list"], "").well(), "ana\tAna Li\t\nops\tOps\toperator\n");
    run(&data, &["check"], "").well();
}

#[test]
fn a_password_is_no_argument() {
    let data = Data::empty();
    run(&data, &["user", "add", "ana", "--name", "Ana", "--password", "x"], "").wrong(&["unexpected argument"]);
    run(&data, &["user", "add", "ana", "--name", "Ana", "x"], "").wrong(&["unexpected argument"]);
}

#[test]
fn a_source_is_added_and_what_is_wrong_with_it_is_said() {
    let data = Data::empty();
    let add = ["source", "add", "shop", "--host", "127.0.0.1", "--port", "1", "--login", "reader"];
    let said = run(&data, &add, "hunter2\n").well();
    assert!(said.contains("nothing listens on port 1") && said.contains("Added."), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
    run(&data, &add, "hunter2\n").wrong(&["there is a source shop already"]);
    run(&data, &["source", "add", "two", "--host", "db:3306", "--login", "reader"], "x\n").wrong(&["host"]);
}

#[test]
fn a_new_folder_is_well_and_private() {
    let data = Data::empty();
    assert!(run(&data, &["version"], "").well().starts_with("0."));
    run(&data, &["migrate"], "").well();
    assert!(run(&data, &["check"], "").well().starts_with("All is well"));
    let mode = |name: &str| {
        let file = std::fs::metadata(data.folder.path().join(name)).expect("it is there");
        file.permissions().mode() & 0o777
    };
    assert_eq!(mode("secret.key"), 0o600);
}

#[tokio::test]
async fn a_log_that_was_changed_from_outside_is_named() {
    let data = Data::empty();
    for login in ["ana", "bo", "cy"] {
        run(&data, &["user", "add", login, "--name", "A name"], "a long password\n").well();
    }
    run(&data, &["check"], "").well();
    tamper(&data, "UPDATE changes SET thing = 'x' WHERE seq = 2").await;
    run(&data, &["check"], "").wrong(&["The log was changed from outside: line 2"]);
    tamper(&data, "UPDATE changes SET happened = 'x' WHERE seq = 2").await;
    run(&data, &["check"], "").wrong(&["The log cannot be read", "changes 2"]);
}

#[test]
fn a_key_that_is_missing_or_another_is_named_and_nothing_is_changed() {
    let data = Data::empty();
    run(&data, &["check"], "").well();
    let (file, aside) = (data.folder.path().join("secret.key"), data.folder.path().join("aside"));
    std::fs::rename(&file, &aside).expect("moved");
    run(&data, &["check"], "").wrong(&["their key is missing", "secret.key", "LAKEGATE_SECRET_KEY_FILE"]);
    run(&data, &["serve"], "").wrong(&["their key is missing"]);
    assert!(!file.exists(), "no new key is made over secrets that the old one sealed");
    check(&data, &[("LAKEGATE_SECRET_KEY_FILE", aside.to_str().expect("text"))]).well();
    check(&data, &[("LAKEGATE_SECRET_KEY", &key(7))]).wrong(&["the secret key is not the one"]);
    check(&data, &[("LAKEGATE_SECRET_KEY", "no key")]).wrong(&["32 bytes in base64"]);
    check(&data, &[("LAKEGATE_SECRET_KEY_FILE", "not-there.key")]).wrong(&["not-there.key", "cannot be read"]);
    std::fs::rename(&aside, &file).expect("moved back");
    run(&data, &["check"], "").well();
}

#[test]
fn a_key_is_rotated_and_the_old_one_stays_beside_it() {
    let data = Data::empty();
    let read = |name: &str| std::fs::read_to_string(data.folder.path().join(name)).expect("it is there");
    run(&data, &["rotate-key"], "").wrong(&["there is no key yet"]);
    run(&data, &["check"], "").well();
    let old = read("secret.key");
    assert_eq!(run(&data, &["rotate-key"], "").well(), "1 secrets sealed anew.\n");
    assert_ne!(read("secret.key"), old);
    assert_eq!(read("secret.key.old"), old);
    run(&data, &["check"], "").well();
    check(&data, &[("LAKEGATE_SECRET_KEY", &old)]).wrong(&["the secret key is not the one"]);
    run(&data, &["rotate-key"], "").well();
    run(&data, &["check"], "").well();
    let mut command = data.command();
    command.arg("rotate-key").env("LAKEGATE_SECRET_KEY", read("secret.key"));
    run_with(command, "").wrong(&["the key comes from the settings"]);
}

#[test]
fn a_taken_port_is_said_with_what_to_do() {
    let data = Data::empty();
    let other = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = other.local_addr().expect("an address").to_string();
    run(&data, &["serve", "--listen", &address], "").wrong(&[&address, "is another server there?", "--listen"]);
}

#[tokio::test]
async fn a_second_process_on_the_same_folder_is_refused_in_words() {
    let data = Data::new().await;
    let server = data.serve().await;
    for arguments in [&["check"][..], &["serve"], &["migrate"], &["user", "list"], &["rotate-key"]] {
        run(&data, arguments, "").wrong(&["another lakegate works on", "stop it first"]);
    }
    assert!(server.sign_in("ops").await.get::<serde_json::Value>(api::paths::ME).await.is_some(), "the first goes on");
    server.stop().await;
    run(&data, &["check"], "").well();
}

#[test]
fn everything_wrong_with_the_settings_is_said_at_once() {
    let data = Data::empty();
    let file = data.folder.path().join("lakegate.toml");
    std::fs::write(&file, "zone = \"Mars\"\nlisten = \"0.0.0.0:80\"\nsession_idle = 0\n").expect("written");
    let mut command = data.command();
    command.arg("--config").arg(&file).args(["serve", "--demo"]).env("LAKEGATE_PUBLIC_URL", "lakegate");
    command.env("LAKEGATE_DEADLINES__SUBMITTED", "-1");
    let words = ["zone:", "Mars", "public_url:", "demo:", "session_idle:", "deadlines.submitted:"];
    run_with(command, "").wrong(&words);
    check(&data, &[("LAKEGATE_LISTEN", "nowhere")]).wrong(&["settings cannot be read", "listen"]);
    check(&data, &[("LAKEGATE_NO_SUCH_THING", "1")]).wrong(&["settings cannot be read", "no_such_thing"]);
    check(&data, &[("LAKEGATE_DATABASE", "mysql://lg@db/lakegate")]).wrong(&["database:", "sqlite://", "postgres://"]);
    assert!(!data.folder.path().join("lakegate.db").exists(), "nothing was made");
}

#[test]
fn a_database_that_is_away_and_a_warehouse_that_cannot_be_are_named() {
    let data = Data::empty();
    check(&data, &[("LAKEGATE_DATABASE", "postgres://lg:secret@127.0.0.1:1/lakegate")])
        .wrong(&["cannot open the database postgres://lg@127.0.0.1:1/lakegate"]);
    std::fs::write(data.folder.path().join("file"), "").expect("written");
    let warehouse = data.folder.path().join("file").join("warehouse");
    check(&data, &[("LAKEGATE_WAREHOUSE", warehouse.to_str().expect("text"))]).wrong(&["warehouse"]);
}

#[test]
fn no_secret_is_ever_printed() {
    const CANARY: &str = "canary-hunter2";
    let data = Data::empty();
    let command = |settings: &[(&str, &str)], arguments: &[&str]| {
        let mut command = data.command();
        command.env("RUST_LOG", "trace").envs(settings.iter().copied()).args(arguments);
        command
    };
    let mut said = Vec::new();
    let (password, bad) = (format!("{CANARY} password\n"), format!("{CANARY}\t{}\n", "x".repeat(300)));
    for line in [&password, &bad] {
        said.push(run_with(command(&[], &["user", "add", "ana", "--name", "Ana"]), line));
        said.push(run_with(command(&[], &["user", "password", "ana"]), line));
        said.push(run_with(command(&[], &["user", "password", "nobody"]), line));
    }
    // All at once: a database that is away is waited for.
    let mut running = Vec::new();
    for (number, settings) in (0..).zip([
        format!("database = \"postgres://lg:{CANARY}@127.0.0.1:1/lakegate\"\n"),
        format!("database = \"postgres://lg:{CANARY}@127.0.0.1:port/lakegate\"\n"),
        format!("database = \"mysql://lg:{CANARY}@127.0.0.1:1/lakegate\"\n"),
        format!("database = \"{CANARY}\n"),
        format!("database = [\"{CANARY}\"]\n"),
        format!("secret_key = {CANARY}\n"),
        format!("[secret_key]\nx = \"{CANARY}\"\n"),
    ]) {
        let file = data.folder.path().join(format!("settings-{number}.toml"));
        std::fs::write(&file, settings).expect("written");
        let path = file.to_str().expect("text");
        running.push(start(command(&[], &["--config", path, "check"]), ""));
        running.push(start(command(&[], &["--config", path, "serve"]), ""));
    }
    for url in [
        format!("postgresql://lg:{CANARY}@127.0.0.1:1/lakegate"),
        format!("postgres://127.0.0.1:1/lakegate?password={CANARY}"),
        format!("mysql://lg:{CANARY}@127.0.0.1/lakegate"),
    ] {
        running.push(start(command(&[("LAKEGATE_DATABASE", &url)], &["check"]), ""));
    }
    for process in running {
        let this = Said::of(process.wait_with_output().expect("it ends"));
        assert!(!this.well, "{this:?}");
        said.push(this);
    }
    said.push(run_with(command(&[("LAKEGATE_SECRET_KEY", CANARY)], &["check"]), ""));
    let key = || std::fs::read_to_string(data.folder.path().join("secret.key")).expect("a key").trim().to_owned();
    said.push(run_with(command(&[], &["check"]), ""));
    let first = key();
    said.push(run_with(command(&[], &["rotate-key"]), ""));
    for secret in [CANARY, &first, &key()] {
        let told = said.iter().find(|said| said.out.contains(secret) || said.err.contains(secret));
        assert!(told.is_none(), "{secret:?} is told: {told:?}");
    }
}

#[tokio::test]
async fn a_server_prints_neither_passwords_nor_tokens() {
    let data = Data::new().await;
    let server = data.serve_with(&[("RUST_LOG", "trace")]).await;
    let lin = server.sign_in("lin").await;
    until("it answers", async || lin.get::<serde_json::Value>(api::paths::ME).await).await;
    let token = lin.cookie().rsplit('=').next().expect("a cookie has a value").to_owned();
    server.stop().await;
    let log = data.log();
    assert!(log.contains("listening") && log.contains("stopped"), "{log}");
    for secret in [&token, "\"lakegate\"", "$argon2"] {
        assert!(!log.contains(secret), "{secret:?} stands in the log");
    }
}
