//! A way to a server that can be broken: silent from the start, silent or cut after so many bytes; or on which some
//! words arrive as others, so that a server seems to be another one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::task::AbortOnDropHandle;

/// What happens once the bytes that may pass have passed.
#[derive(Clone, Copy)]
pub enum Then {
    /// The line stays open and nothing comes.
    Silence,
    /// The line is closed.
    Cut,
}

/// Words that arrive as others of the same length.
type Instead = Arc<Vec<(String, String)>>;

/// A way to a port of this machine.
pub struct Proxy {
    pub port: u16,
    /// So many bytes of the server may still pass.
    left: Arc<AtomicU64>,
    _task: AbortOnDropHandle<()>,
}

impl Proxy {
    pub async fn to(port: u16, then: Then) -> Self {
        Self::start(port, then, Instead::default()).await
    }

    /// A way that lets all pass, in both directions, with these words replaced.
    pub async fn saying(port: u16, instead: &[(&str, &str)]) -> Self {
        assert!(instead.iter().all(|(said, heard)| said.len() == heard.len()), "packets tell their length");
        let instead = instead.iter().map(|(said, heard)| ((*said).to_owned(), (*heard).to_owned())).collect();
        Self::start(port, Then::Cut, Arc::new(instead)).await
    }

    async fn start(port: u16, then: Then, instead: Instead) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let own = listener.local_addr().expect("an address").port();
        let left = Arc::new(AtomicU64::new(u64::MAX));
        let shared = left.clone();
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, port, shared.clone(), (then, instead.clone())));
            }
        });
        Self { port: own, left, _task: AbortOnDropHandle::new(task) }
    }

    /// From now on only so many bytes of the server pass, over all lines.
    pub fn let_pass(&self, bytes: u64) {
        self.left.store(bytes, Ordering::SeqCst);
    }
}

async fn pass(client: TcpStream, port: u16, left: Arc<AtomicU64>, (then, instead): (Then, Instead)) {
    let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await else { return };
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let heard = instead.clone();
    let there = tokio::spawn(async move {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(read @ 1..) = from_client.read(&mut buffer).await {
            replace(&mut buffer[..read], &heard);
            if to_server.write_all(&buffer[..read]).await.is_err() {
                return;
            }
        }
    });
    let there = AbortOnDropHandle::new(there);
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let Ok(read @ 1..) = from_server.read(&mut buffer).await else { return };
        replace(&mut buffer[..read], &instead);
        let may = left.load(Ordering::SeqCst);
        let passes = usize::try_from(may).unwrap_or(usize::MAX).min(read);
        if may != u64::MAX {
            left.fetch_sub(passes as u64, Ordering::SeqCst);
        }
        if to_client.write_all(&buffer[..passes]).await.is_err() {
            return;
        }
        if passes < read {
            match then {
                Then::Silence => drop(there.await),
                Then::Cut => {}
            }
            return;
        }
    }
}

fn replace(bytes: &mut [u8], instead: &[(String, String)]) {
    for (said, heard) in instead {
        for place in 0..(bytes.len() + 1).saturating_sub(said.len()) {
            let word = &mut bytes[place..place + said.len()];
            if word == said.as_bytes() {
                word.copy_from_slice(heard.as_bytes());
            }
        }
    }
}
