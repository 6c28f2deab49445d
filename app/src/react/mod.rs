//! What happens by itself: signals, effects, and work that is waited for. Boxed, so that the machinery stands once in the
//! page and not once for each type.

mod kept;
mod memo;
mod signal;
mod stored;

use std::future::Future;
use std::pin::Pin;

use leptos::prelude::Effect;

pub use self::kept::{Kept, Thing};
pub use self::memo::{Memo, Signal};
pub use self::signal::RwSignal;
pub use self::stored::StoredValue;

/// Runs now, and again whenever a signal that was read changes. For the world outside of views only.
pub fn effect(run: impl FnMut() + 'static) {
    boxed_effect(Box::new(run));
}

fn boxed_effect(mut run: Box<dyn Run>) {
    Effect::new(move |_| run.run());
}

/// What runs. Not `FnMut`: of a boxed `FnMut` the compiler also writes how it is called for the last time, for each.
trait Run {
    fn run(&mut self);
}

impl<F: FnMut()> Run for F {
    fn run(&mut self) {
        self();
    }
}

/// Does something that takes its time.
pub fn spawn(work: impl Future<Output = ()> + 'static) {
    let work: Pin<Box<dyn Future<Output = ()>>> = Box::pin(work);
    leptos::task::spawn_local(work);
}
