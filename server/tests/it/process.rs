//! The real binary as a process: started, spoken to over plain HTTP, stopped, killed.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use api::me::SignIn;
use api::paths;
use lakegate::outside::source::sample::write_sample;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::OnceCell;

/// Nothing that is waited for may take longer.
const PATIENCE: Duration = Duration::from_secs(90);
/// How long one waits between two looks.
const LOOK: Duration = Duration::from_millis(2);

/// The data folder of a server that is started, killed and started again.
pub struct Data {
    pub folder: TempDir,
}

/// A running server. Dropping it kills it.
pub struct Server {
    process: Child,
    address: String,
}

impl Data {
    /// With nothing in it.
    pub fn empty() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    /// With the sample, which is made once for all tests.
    pub async fn new() -> Self {
        static SAMPLE: OnceCell<PathBuf> = OnceCell::const_new();
        let make = async || {
            let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("sample");
            write_sample(&folder).await.expect("the sample");
            folder
        };
        let sample = SAMPLE.get_or_init(make).await;
        let data = Self::empty();
        let sources = data.folder.path().join("sources").join("sample");
        std::fs::create_dir_all(&sources).expect("a folder");
        for file in std::fs::read_dir(sample).expect("the sample").flatten() {
            std::fs::copy(file.path(), sources.join(file.file_name())).expect("a copy");
        }
        data
    }

    /// The address of its store.
    pub fn database(&self) -> String {
        format!("sqlite://{}", self.folder.path().join("lakegate.db").display())
    }

    pub fn warehouse(&self) -> PathBuf {
        self.folder.path().join("warehouse")
    }

    /// What the newest server said.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("server.log")).expect("its log")
    }

    /// The command, with nothing of our own environment.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lakegate"));
        command.env_clear().arg("--data").arg(self.folder.path()).stdin(Stdio::null());
        command
    }

    /// Starts a server that lives.
    pub async fn serve(&self) -> Server {
        self.serve_with(&[]).await
    }

    /// Starts a server that is to die at a point.
    pub async fn serve_until(&self, point: &str) -> Server {
        self.serve_with(&[("LAKEGATE_CRASH_AT", point)]).await
    }

    /// Starts a server of the demo with more settings. What was approved starts at once.
    pub async fn serve_with(&self, settings: &[(&str, &str)]) -> Server {
        let log = File::create(self.folder.path().join("server.log")).expect("a log");
        let mut command = self.command();
        command.args(["serve", "--demo", "--listen", "127.0.0.1:0"]).stdout(Stdio::null()).stderr(log);
        command.env("LAKEGATE_DEADLINES__APPROVED", "1").envs(settings.iter().copied());
        let mut process = command.spawn().expect("the binary starts");
        let address = until("it listens", async || {
            let log = self.log();
            assert!(process.try_wait().expect("a process").is_none(), "it ended: {log}");
            let (_, after) = log.split_once("listening on http://")?;
            after.split_once('\n').map(|(address, _)| address.trim().to_owned())
        })
        .await;
        Server { process, address }
    }
}

/// Looks again and again until there is something.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    until_told(what, async || look().await.ok_or_else(String::new)).await
}

/// The same, told what is there instead.
pub async fn until_told<T>(what: &str, mut look: impl AsyncFnMut() -> Result<T, String>) -> T {
    let mut instead = String::new();
    let looking = async {
        loop {
            match look().await {
                Ok(seen) => return seen,
                Err(other) => instead = other,
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    let looked = tokio::time::timeout(PATIENCE, looking).await;
    looked.unwrap_or_else(|_| panic!("waited in vain until {what}: {instead}"))
}

impl Server {
    /// `kill -9`, unless it is dead already.
    pub fn kill(&mut self) {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it ends");
    }

    /// Waits until it has died by itself.
    pub async fn dies(&mut self) {
        let status = until("it dies", async || self.process.try_wait().expect("a process")).await;
        assert!(!status.success(), "{status}");
    }

    /// Asks it to stop, as a service manager does.
    pub async fn stop(mut self) {
        let sent = Command::new("kill").arg("-TERM").arg(self.process.id().to_string()).status();
        assert!(sent.expect("kill is there").success());
        let status = until("it stops", async || self.process.try_wait().expect("a process")).await;
        assert!(status.success(), "{status}");
    }

    /// Signs somebody of the demo in.
    pub async fn sign_in(&self, login: &str) -> Person<'_> {
        let form = SignIn { login: login.into(), password: "lakegate".into() };
        let nobody = Person { server: self, cookie: String::new() };
        let (head, _) = nobody.call("POST", paths::SESSION, &form).await.expect("it answers");
        let set = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
        Person { server: self, cookie: set.split(';').next().expect("a cookie has a value").to_owned() }
    }
}

/// Somebody who is signed in at a server.
pub struct Person<'s> {
    server: &'s Server,
    cookie: String,
}

impl Person<'_> {
    /// The cookie as a browser sends it.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    /// What is there; `None` when the server is away or says no.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Option<T> {
        let (_, body) = self.call("GET", path, &()).await?;
        Some(serde_json::from_str(&body).expect("it reads as its DTO"))
    }

    /// Does something; `None` when the server died over it or says no.
    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Option<T> {
        let (_, body) = self.call("POST", path, body).await?;
        Some(serde_json::from_str(&body).expect("it reads as its DTO"))
    }

    async fn call(&self, method: &str, path: &str, body: &impl Serialize) -> Option<(String, String)> {
        let mut stream = TcpStream::connect(&self.server.address).await.ok()?;
        let body = serde_json::to_string(body).expect("serialises");
        let call = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Idempotency-Key: a-key-of-this-test\r\nCookie: {}\r\nContent-Length: {}\r\n\r\n{body}",
            self.server.address,
            self.cookie,
            body.len()
        );
        stream.write_all(call.as_bytes()).await.ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        head.split(' ').nth(1)?.starts_with('2').then(|| (head.to_owned(), body.to_owned()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be dead.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
