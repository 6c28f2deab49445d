//! A server on 127.0.0.1 that can vanish: it stops listening, comes back at the same port, and cuts connections.
//!
//! Invariant: while it does not listen nobody gets an answer, not even over a connection that was open before.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A server; it ends when this is dropped.
#[derive(Debug)]
pub struct Serving {
    address: SocketAddr,
    wanted: watch::Sender<bool>,
    listening: watch::Receiver<bool>,
    task: JoinHandle<()>,
}

/// Says from within whether to listen: a double that dies does so in the middle of a call.
#[derive(Debug, Clone)]
pub struct Switch(watch::Sender<bool>);

impl Switch {
    /// A switch for [`serve`].
    pub fn new() -> Self {
        Self(watch::Sender::new(true))
    }

    /// Stops listening as soon as can be; open connections get no answer from now on.
    pub fn off(&self) {
        self.0.send_replace(false);
    }
}

impl Default for Switch {
    fn default() -> Self {
        Self::new()
    }
}

/// Serves on this port of 127.0.0.1; 0 takes one that is free.
pub async fn serve(port: u16, router: Router, switch: &Switch) -> std::io::Result<Serving> {
    let first = TcpListener::bind(("127.0.0.1", port)).await?;
    let address = first.local_addr()?;
    let wanted = switch.0.clone();
    let (told, listening) = watch::channel(true);
    let router = router.layer(middleware::from_fn_with_state(wanted.subscribe(), only_while_listening));
    let task = tokio::spawn(listen(first, router, wanted.subscribe(), told));
    Ok(Serving { address, wanted, listening, task })
}

async fn listen(first: TcpListener, router: Router, mut wanted: watch::Receiver<bool>, told: watch::Sender<bool>) {
    let address = first.local_addr().expect("it listens");
    let mut next = Some(first);
    loop {
        let listener = match next.take() {
            Some(listener) => listener,
            None => TcpListener::bind(address).await.expect("the port it had before"),
        };
        told.send_replace(true);
        tokio::select! {
            ended = axum::serve(listener, router.clone()) => ended.expect("it serves for ever"),
            off = wanted.wait_for(|on| !on) => if off.is_err() { return },
        }
        told.send_replace(false);
        if wanted.wait_for(|on| *on).await.is_err() {
            return;
        }
    }
}

async fn only_while_listening(State(on): State<watch::Receiver<bool>>, request: Request, next: Next) -> Response {
    if !*on.borrow() {
        cut();
    }
    let answer = next.run(request).await;
    if !*on.borrow() {
        cut();
    }
    answer
}

/// Cuts the connection of the call that is being answered: its client gets no answer. Hold no lock while calling it.
pub fn cut() -> ! {
    // The task of the connection ends, and with it the connection. It is no panic: nothing is printed.
    std::panic::resume_unwind(Box::new("cut off"))
}

impl Serving {
    /// `http://127.0.0.1:<port>`, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Whether it listens, or is about to.
    pub fn listens(&self) -> bool {
        *self.wanted.borrow()
    }

    /// Stops listening: connections are refused from now on, open ones cut at their next call.
    pub async fn stop_listening(&self) {
        self.turn(false).await;
    }

    /// Listens again, at the same port.
    pub async fn listen_again(&self) {
        self.turn(true).await;
    }

    async fn turn(&self, on: bool) {
        self.wanted.send_replace(on);
        let mut listening = self.listening.clone();
        listening.wait_for(|is| *is == on).await.expect("its task lives as long as it does");
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.wanted.send_replace(false);
        self.task.abort();
    }
}
