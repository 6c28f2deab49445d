//! A server on a socket that does as a test tells it, also what no decent server does: half an answer, none at all.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A call as it arrived.
#[derive(Debug, Clone)]
pub struct Call {
    pub method: String,
    pub path: String,
    /// In lower case.
    pub head: String,
    pub body: String,
}

impl Call {
    /// A field of its form.
    pub fn field(&self, key: &str) -> Option<String> {
        let pair = |pair: &str| pair.split_once('=').map(|(key, value)| (decoded(key), decoded(value)));
        self.body.split('&').filter_map(pair).find(|(found, _)| found == key).map(|(_, value)| value)
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let hex: String = rest.by_ref().take(2).map(char::from).collect();
                u8::from_str_radix(&hex, 16).expect("an escaped byte")
            }
            other => other,
        });
    }
    String::from_utf8(bytes).expect("text")
}

/// What is done with a call.
#[derive(Debug, Clone)]
pub enum Does {
    /// Answers with a status, a head of its own and a body.
    Answers(u16, &'static str, Vec<u8>),
    /// Takes it and hangs up.
    HangsUp,
    /// Answers half and hangs up.
    HalfAnswers,
    /// Takes it and says nothing.
    IsSilent,
}

impl Does {
    pub fn json(status: u16, body: &str) -> Self {
        Self::Answers(status, "Content-Type: application/json\r\n", body.as_bytes().to_vec())
    }

    pub fn html(status: u16) -> Self {
        Self::Answers(status, "Content-Type: text/html\r\n", b"<html><h1>It works!</h1></html>".to_vec())
    }
}

/// The server; it ends with the test's runtime.
pub struct Scripted {
    pub address: String,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Scripted {
    /// Does with each call what `script` says.
    pub async fn new(script: impl Fn(&Call) -> Does + Send + Sync + 'static) -> Self {
        rustls::crypto::ring::default_provider().install_default().ok();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let calls = Arc::new(Mutex::new(Vec::new()));
        let (script, seen) = (Arc::new(script), Arc::clone(&calls));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&script), Arc::clone(&seen)));
            }
        });
        Self { address, calls }
    }

    /// Does the same with every call.
    pub async fn always(does: Does) -> Self {
        Self::new(move |_| does.clone()).await
    }

    /// The calls so far.
    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().expect("no test panics inside").clone()
    }

    /// The paths of the calls so far.
    pub fn paths(&self) -> Vec<String> {
        self.calls().into_iter().map(|call| call.path).collect()
    }
}

async fn serve<S: Fn(&Call) -> Does>(mut stream: TcpStream, script: Arc<S>, seen: Arc<Mutex<Vec<Call>>>) {
    let Some(call) = read(&mut stream).await else { return };
    let does = script(&call);
    seen.lock().expect("no test panics inside").push(call);
    let sent = match does {
        Does::Answers(status, head, body) => {
            let length = body.len();
            let head = format!("HTTP/1.1 {status} So\r\nConnection: close\r\nContent-Length: {length}\r\n{head}\r\n");
            stream.write_all(&[head.as_bytes(), &body].concat()).await
        }
        Does::HangsUp => Ok(()),
        Does::HalfAnswers => stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"jobs\":").await,
        Does::IsSilent => std::future::pending().await,
    };
    // The other side may be gone by then: that is its matter.
    let _ = sent;
    let _ = stream.shutdown().await;
}

async fn read(stream: &mut TcpStream) -> Option<Call> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let length = head.lines().find_map(|line| {
                line.to_ascii_lowercase().strip_prefix("content-length:").and_then(|length| length.trim().parse().ok())
            });
            let body_end = end + 4 + length.unwrap_or(0_usize);
            if bytes.len() >= body_end {
                let body = String::from_utf8_lossy(&bytes[end + 4..body_end]).into_owned();
                let mut words = head.split_whitespace();
                let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
                return Some(Call { method, path, head: head.to_ascii_lowercase(), body });
            }
        }
        match stream.read(&mut buffer).await {
            Ok(count) if count > 0 => bytes.extend(&buffer[..count]),
            Ok(_) | Err(_) => return None,
        }
    }
}
