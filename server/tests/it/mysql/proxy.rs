//! A way to a server that can be broken: silent from the start, silent or cut after so many bytes.

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

/// A way to a port of this machine.
pub struct Proxy {
    pub port: u16,
    /// So many bytes of the server may still pass.
    left: Arc<AtomicU64>,
    _task: AbortOnDropHandle<()>,
}

impl Proxy {
    pub async fn to(port: u16, then: Then) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let own = listener.local_addr().expect("an address").port();
        let left = Arc::new(AtomicU64::new(u64::MAX));
        let shared = left.clone();
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, port, shared.clone(), then));
            }
        });
        Self { port: own, left, _task: AbortOnDropHandle::new(task) }
    }

    /// From now on only so many bytes of the server pass, over all lines.
    pub fn let_pass(&self, bytes: u64) {
        self.left.store(bytes, Ordering::SeqCst);
    }
}

async fn pass(client: TcpStream, port: u16, left: Arc<AtomicU64>, then: Then) {
    let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await else { return };
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let there = tokio::spawn(async move {
        let _ = tokio::io::copy(&mut from_client, &mut to_server).await;
    });
    let there = AbortOnDropHandle::new(there);
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let Ok(read @ 1..) = from_server.read(&mut buffer).await else { return };
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
