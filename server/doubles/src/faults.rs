//! Faults of the way between a client and a double: which call, how often, and what happens to it.
//!
//! Why it exists: a reply that is lost before the act and one that is lost after it look the same to the client, and only one
//! of them changed the world. Each fault therefore says on which side of the act it strikes.
//! Invariant: a fault strikes as often as it was told to, then never again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore};

/// On which side of the act a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Nothing was done yet.
    Before,
    /// All was done, only the answer suffers.
    After,
}

/// What happens.
#[derive(Debug, Clone)]
pub enum What {
    /// The connection is cut without an answer.
    Drop,
    /// An answer of this status, as a failing server gives it.
    Status(u16),
    /// A page of a proxy that stands in between, with this status.
    Html(u16),
    /// It waits until the gate is opened, then goes on as if nothing had been.
    Hold(Gate),
    /// It takes so long, then goes on as if nothing had been.
    Slow(Duration),
}

/// One fault.
#[derive(Debug, Clone)]
pub struct Fault {
    /// On which side of the act.
    pub when: When,
    /// What happens.
    pub what: What,
}

impl Fault {
    /// The call never arrives: nothing is done, no answer comes.
    pub const fn lost_before() -> Self {
        Self { when: When::Before, what: What::Drop }
    }

    /// All is done, but no answer comes.
    pub const fn lost_after() -> Self {
        Self { when: When::After, what: What::Drop }
    }

    /// Nothing is done, and the server says that it failed.
    pub const fn error_before(status: u16) -> Self {
        Self { when: When::Before, what: What::Status(status) }
    }

    /// All is done, but the server says that it failed.
    pub const fn error_after(status: u16) -> Self {
        Self { when: When::After, what: What::Status(status) }
    }

    /// A proxy answers in its place, with a page.
    pub const fn html(status: u16) -> Self {
        Self { when: When::Before, what: What::Html(status) }
    }

    /// Nothing is done until the gate opens.
    pub fn held_before(gate: &Gate) -> Self {
        Self { when: When::Before, what: What::Hold(gate.clone()) }
    }

    /// All is done; the answer waits until the gate opens.
    pub fn held_after(gate: &Gate) -> Self {
        Self { when: When::After, what: What::Hold(gate.clone()) }
    }

    /// The answer takes so long, by the real clock.
    pub const fn slow(time: Duration) -> Self {
        Self { when: When::After, what: What::Slow(time) }
    }
}

/// Where held calls wait.
#[derive(Debug, Clone)]
pub struct Gate(Arc<Held>);

#[derive(Debug)]
struct Held {
    shut: Semaphore,
    arrived: AtomicUsize,
    bell: Notify,
}

impl Default for Gate {
    fn default() -> Self {
        Self(Arc::new(Held { shut: Semaphore::new(0), arrived: AtomicUsize::new(0), bell: Notify::new() }))
    }
}

impl Gate {
    /// How many calls have come to it, whether or not it is open now.
    pub fn arrived(&self) -> usize {
        self.0.arrived.load(Ordering::SeqCst)
    }

    /// Waits for the next call to come to it.
    pub async fn reached(&self) {
        self.0.bell.notified().await;
    }

    /// Lets everybody through, for ever.
    pub fn open(&self) {
        self.0.shut.close();
    }

    /// Stands before it until it is opened.
    pub async fn wait(&self) {
        self.0.arrived.fetch_add(1, Ordering::SeqCst);
        self.0.bell.notify_one();
        // No permit is ever given out: the only answer is that it was closed, which is how this gate opens.
        let _closed = self.0.shut.acquire().await;
    }
}

/// The faults that wait for their calls; `C` names the calls of a double.
#[derive(Debug)]
pub struct Faults<C> {
    rules: Vec<(C, Fault, u32)>,
}

impl<C> Default for Faults<C> {
    fn default() -> Self {
        Self { rules: Vec::new() }
    }
}

impl<C: PartialEq> Faults<C> {
    /// The next `times` calls of this kind suffer it.
    pub fn add(&mut self, call: C, fault: Fault, times: u32) {
        self.rules.push((call, fault, times));
    }

    /// The fault of a call that has come, the oldest first; `hits` tells whether a rule means this call.
    pub fn strike(&mut self, hits: impl Fn(&C) -> bool) -> Option<Fault> {
        let at = self.rules.iter().position(|(call, _, left)| *left > 0 && hits(call))?;
        let (_, fault, left) = &mut self.rules[at];
        *left -= 1;
        let fault = fault.clone();
        self.rules.retain(|(_, _, left)| *left > 0);
        Some(fault)
    }

    /// How many strikes are still to come.
    pub fn left(&self) -> u32 {
        self.rules.iter().map(|(_, _, left)| left).sum()
    }

    /// No more faults.
    pub fn clear(&mut self) {
        self.rules.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_strikes_its_call_as_often_as_told() {
        let mut faults = Faults::default();
        faults.add("run", Fault::lost_after(), 2);
        assert!(faults.strike(|call| *call == "stop").is_none());
        assert!(faults.strike(|call| *call == "run").is_some());
        assert_eq!(faults.left(), 1);
        assert!(faults.strike(|call| *call == "run").is_some());
        assert!(faults.strike(|call| *call == "run").is_none());
    }

    #[tokio::test]
    async fn a_gate_holds_until_it_is_opened() {
        let gate = Gate::default();
        let held = tokio::spawn({
            let gate = gate.clone();
            async move { gate.wait().await }
        });
        gate.reached().await;
        assert!(!held.is_finished());
        gate.open();
        held.await.expect("it goes on");
        assert_eq!(gate.arrived(), 1);
    }
}
