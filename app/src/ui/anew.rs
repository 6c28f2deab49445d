//! Anew: a part of a page that is rendered anew when what it reads changes.
//!
//! Why it exists: each closure in a view is a type of its own, and each type costs the browser a kilobyte. Behind a box
//! they are all one. What stays the same stays in the page, with its focus.

use leptos::prelude::*;

/// Renders again whenever a signal that was read changes.
pub fn anew<V: IntoAny>(view: impl Fn() -> V + Send + 'static) -> AnyView {
    boxed(Box::new(move || view().into_any()))
}

fn boxed(view: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
    view.into_any()
}
