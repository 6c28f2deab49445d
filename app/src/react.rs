//! What happens by itself: effects, and work that is waited for. Boxed, so that the machinery stands once in the page.

use std::future::Future;
use std::pin::Pin;

use leptos::prelude::*;

/// Runs now, and again whenever a signal that was read changes. For the world outside of views only.
pub fn effect(run: impl FnMut() + 'static) {
    boxed_effect(Box::new(run));
}

fn boxed_effect(mut run: Box<dyn FnMut()>) {
    Effect::new(move |_| run());
}

/// Does something that takes its time.
pub fn spawn(work: impl Future<Output = ()> + 'static) {
    let work: Pin<Box<dyn Future<Output = ()>>> = Box::pin(work);
    leptos::task::spawn_local(work);
}
